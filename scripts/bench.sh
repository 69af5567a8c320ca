#!/usr/bin/env bash
# bench.sh [NAME]: runs all benchmarks or one, on a release build, against the services of `./dev bench`.
# A benchmark is a function bench_NAME below; its figures go to standard output.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

mapfile -t benchmarks < <(compgen -A function bench_ | sed 's/^bench_//')
[ ${#benchmarks[@]} -gt 0 ] || fail "there is no benchmark yet: add a function bench_NAME to scripts/bench.sh"
if [ $# = 0 ]; then set -- "${benchmarks[@]}"; fi
for name; do
    [[ " ${benchmarks[*]} " == *" $name "* ]] || fail "there is no benchmark '$name'; there are: ${benchmarks[*]}"
done

cargo build --release --workspace
for name; do
    say "benchmark $name"
    "bench_$name"
done
