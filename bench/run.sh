#!/usr/bin/env bash
# bench/run.sh [BUILD_DIR]: builds the benchmarks (preset release, default build/release), runs them and their Java peer
# and prints the ratios as Markdown. Bouncy Castle's column stays empty without Java or its jars.
#
#   CMCCTL_BENCH_REPETITIONS   how often each benchmark is repeated; the fastest counts (default 5)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath -m "${1:-$here/../build/release}")
repetitions=${CMCCTL_BENCH_REPETITIONS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { echo "== $*" >&2; }

say "build"
[[ -e $build/CMakeCache.txt ]] || (cd "$here/.." && cmake --preset release -B "$build") >&2
cmake --build "$build" --target bench_codec bench_cmc bench_gate bench_server >&2

say "bench_codec"
"$build/bench/bench_codec" --benchmark_repetitions="$repetitions" --benchmark_enable_random_interleaving=true \
  --benchmark_min_time=0.2 --benchmark_out="$work/codec.json" --benchmark_out_format=json >&2

touch "$work/bouncycastle.txt"
jars=/usr/share/java/bcprov.jar:/usr/share/java/bcutil.jar:/usr/share/java/bcpkix.jar
if command -v javac >/dev/null && [[ -e /usr/share/java/bcpkix.jar ]]; then
  say "Bouncy Castle"
  "$build/bench/bench_gate" write-batch 1000 "$work/batch.der"
  javac -cp "$jars" -d "$work" "$here/bouncycastle/DecodeBench.java"
  java -cp "$jars:$work" DecodeBench request="$here/messages/request.der" response="$here/messages/response.der" \
    batch="$work/batch.der" | tee "$work/bouncycastle.txt" >&2
fi

say "bench_cmc"
"$build/bench/bench_cmc" --benchmark_repetitions="$repetitions" --benchmark_enable_random_interleaving=true >&2

say "bench_server"
"$build/bench/bench_server" >&2

python3 "$here/ratios.py" "$work/codec.json" "$work/bouncycastle.txt"
