#!/usr/bin/env bash
# bench/process.sh CMCCTL [FILE...]: the median time of a whole process `cmcctl inspect FILE`, and of --json, over 50
# runs each, and of `cmcctl request cmc` with a P-256 key in PEM. Without files: the committed messages.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cmcctl=${1:?usage: process.sh PATH_OF_cmcctl [FILE...]}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shift
files=("$@")
if [[ ${#files[@]} == 0 ]]; then files=("$here"/messages/*.der); fi
runs=50

# The median of the microseconds that the command takes.
median() {
  local start
  for ((i = 0; i < runs; ++i)); do
    start=${EPOCHREALTIME/[.,]/}
    "$@" >/dev/null
    echo $((${EPOCHREALTIME/[.,]/} - start))
  done | sort -n | sed -n "$((runs / 2))p"
}

echo "| command | median of $runs runs |"
echo "|---|---:|"
for file in "${files[@]}"; do
  for options in "" "--json"; do
    # shellcheck disable=SC2086  # no option is no argument
    printf '| cmcctl inspect %s%s | %.1f ms |\n' "${options:+$options }" "${file##*/}" \
      "$(median "$cmcctl" inspect $options "$file" | awk '{ print $1 / 1000 }')"
  done
done

"$cmcctl" request p10 --new-key ec:P-256 --key-out "$work/key.pem" --subject CN=me --ski -o "$work/request.p10"
printf '| cmcctl request cmc | %.1f ms |\n' \
  "$(median "$cmcctl" request cmc "$work/request.p10" --self-sign --sign-with "$work/key.pem" -o "$work/request.crq" --force |
    awk '{ print $1 / 1000 }')"
