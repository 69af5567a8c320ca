#!/usr/bin/env bash
# score.sh [VEHICLES [HOURS]]: stages every scenario and the traffic of 200 vehicles over 24 hours (or as many as given)
# before a server of its own, and holds what the server found against what the vehicles truly did. Fails if a rule misses
# anything that happened, or more than one in a hundred of its findings did not happen.
#
#   PLAYS      scenarios to stage, by key, instead of all; with VEHICLES 0 and nothing else (placard-sim plays lists them)
#   SEED       from which everything random follows (7)
#   PROGRAMS   programs that are built already, instead of a release build
#
# The ledger, the score as JSON, and the server's log stay in .dev/log.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
. "$SCRIPTS/installation.sh"

private_folder
vehicles=${1:-200} hours=${2:-24}
plays=()
for play in ${PLAYS:-}; do plays+=(--play "$play"); done
if [ -z "${PROGRAMS:-}" ]; then
    PROGRAMS=${CARGO_TARGET_DIR:-$ROOT/target}/release
    cargo build --release --workspace
fi
installation_begin score simulated
installation_serve
export PLACARD_SIM_API_URL=http://$API PLACARD_SIM_API_TOKEN=$TOKEN PLACARD_SIM_PASSWORD=measured
RUST_LOG=info "$PROGRAMS/placard-sim" stage --mqtt "mqtt://$BROKER" --user gateway-simulated --vehicles "$vehicles" \
    --hours "$hours" --seed "${SEED:-7}" --ledger "$DEV/log/score-ledger.jsonl" "${plays[@]}"
"$PROGRAMS/placard-sim" score --ledger "$DEV/log/score-ledger.jsonl" --json "$DEV/log/score.json" \
    --least-recall 1 --least-precision 0.99
