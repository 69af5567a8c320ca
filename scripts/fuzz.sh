#!/usr/bin/env bash
# fuzz.sh [TARGET] [SECONDS]: feeds a target with what nobody would send, 60 seconds if not said otherwise; without a
# target all of them, one after the other.
#
#   placard, owntracks, traccar, jt808   the decoders: whatever a device sends is read or refused with a reason
#   area                                 GeoJSON areas: whatever is let in can be judged by
#
# What must hold for every input stands in fuzz/src. What is found is kept in fuzz/artifacts/TARGET: mend it, and add the
# input as a unit test. Inputs that lead to new code are kept in fuzz/corpus/TARGET, beside the seeds in fuzz/seeds; remove
# the folder to start anew. Needs the nightly compiler (`rustup toolchain install nightly`) and cargo-fuzz, which is built
# on first use. Placard forbids unsafe code, so no sanitizer is used: without one, more is tried in the same time.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

CARGO_FUZZ=0.13.2
TARGETS=(placard owntracks traccar jt808 area)

fuzz() {
    local target=$1 seconds=$2
    say "$target, for $seconds s"
    mkdir -p "fuzz/corpus/$target"
    nice -n 10 cargo +nightly fuzz run --sanitizer none "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- \
        -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
}

cargo_fuzz() {
    if [ "$(cargo fuzz --version 2>/dev/null)" = "cargo-fuzz $CARGO_FUZZ" ]; then return 0; fi
    say "building cargo-fuzz $CARGO_FUZZ (once, a minute)"
    cargo install --quiet --locked --version "$CARGO_FUZZ" cargo-fuzz
}

cd "$ROOT"
wanted=("${TARGETS[@]}") seconds=60
if [ $# -gt 0 ] && [[ ! $1 =~ ^[0-9]+$ ]]; then
    [[ " ${TARGETS[*]} " == *" $1 "* ]] || fail "there is no target '$1'; there are ${TARGETS[*]}"
    wanted=("$1")
    shift
fi
if [ $# -gt 0 ]; then seconds=$1; fi
[ $# -le 1 ] && [[ $seconds =~ ^[0-9]+$ ]] || fail "usage: fuzz.sh [TARGET] [SECONDS]"

cargo +nightly --version >/dev/null 2>&1 || fail "the nightly compiler is missing: run 'rustup toolchain install nightly'"
cargo_fuzz
# The same versions of everything as in the server itself.
cp Cargo.lock fuzz/Cargo.lock
export CARGO_TARGET_DIR=$ROOT/target/fuzz
for target in "${wanted[@]}"; do fuzz "$target" "$seconds"; done
