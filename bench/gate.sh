#!/usr/bin/env bash
# bench/gate.sh BENCH_GATE: counts what the codec does and fails when it is more than the limits below. Counts, unlike
# times, do not depend on what else the machine does. Exit code 77: no valgrind here.
set -euo pipefail
shopt -s inherit_errexit

gate=${1:?usage: gate.sh PATH_OF_bench_gate}
max_decode=60000      # instructions to decode the 4 KB request
max_encode=80000      # instructions to encode it
max_json=10           # to write it, or the response, as JSON takes this many times the instructions of decoding it
max_mallocs=0         # allocations per operation, once the buffers have grown
min_growth=9          # a batch of 10,000 requests takes this many times
max_growth=11         # the instructions of one of 1,000
max_arena=2           # arena octets per octet of a 100 MB batch

if ! command -v valgrind >/dev/null; then
  echo "skipped: valgrind is not on this machine"
  exit 77
fi

failures=0

# check WHAT NUMBER MINIMUM MAXIMUM
check() {
  local verdict=ok
  if ! awk -v number="$2" -v low="$3" -v high="$4" 'BEGIN { exit !(number >= low && number <= high) }'; then
    verdict=FAILED
    failures=$((failures + 1))
  fi
  printf '%-44s %12s   (%s to %s) %s\n' "$1" "$2" "$3" "$4" "$verdict"
}

# Instructions of a whole run.
instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$gate" "$@" 2>&1 |
    awk '/Collected/ { print $NF; found = 1 } END { exit !found }'
}

# per_operation OPERATION MESSAGE FEW MANY: the difference of two runs has no start-up in it.
per_operation() {
  local few many
  few=$(instructions "$1" "$2" "$3")
  many=$(instructions "$1" "$2" "$4")
  echo $(((many - few) / ($4 - $3)))
}

decode=$(per_operation decode request 10 110)
check "decode request, instructions" "$decode" 1 $max_decode
encode=$(per_operation encode request 10 110)
check "encode request, instructions" "$encode" 1 $max_encode
json=$(per_operation to_json request 10 110)
check "to_json request : decode request" "$(awk "BEGIN { printf \"%.2f\", $json / $decode }")" 1 $max_json
response=$(per_operation decode response 10 110)
json=$(per_operation to_json response 10 110)
check "to_json response : decode response" "$(awk "BEGIN { printf \"%.2f\", $json / $response }")" 1 $max_json

small=$(per_operation decode_all 1000 1 4)
large=$(per_operation decode_all 10000 1 2)
growth=$(awk "BEGIN { printf \"%.2f\", $large / $small }")
check "decode_all 10,000 requests : 1,000 requests" "$growth" $min_growth $max_growth

mallocs=$("$gate" mallocs)
while read -r operation message count; do
  check "$operation $message, allocations" "$count" 0 $max_mallocs
done <<<"$mallocs"

arena=$("$gate" arena 100)
check "arena octets per octet of a 100 MB batch" "$arena" 0 $max_arena

exit $((failures > 0))
