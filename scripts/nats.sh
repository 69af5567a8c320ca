#!/usr/bin/env bash
# A private NATS server that speaks MQTT on loopback, from the shipped configuration.
#
#   nats.sh start DIR PORT [FILE]   makes DIR on first use, starts, waits until MQTT answers on PORT
#   nats.sh stop DIR
#
# FILE holds the accounts, lines of `user:password` (nats-accounts.sh); without it those of the last start are kept.
# The process id stands in DIR/nats.pid. What must survive a restart is in DIR, so that killing the process and
# starting again is a broker's crash and return.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

start() {
    local dir=$1 port=$2 accounts=${3:-}
    if live_pid "$dir/nats.pid" "$dir/nats.conf" >/dev/null; then return 0; fi
    instance_folder "$dir"
    if [ -n "$accounts" ] || ! "${RUN_AS[@]}" test -e "$dir/users.conf"; then
        "$SCRIPTS/nats-accounts.sh" <"${accounts:-/dev/null}" | "${RUN_AS[@]}" tee "$dir/users.conf" >/dev/null
    fi
    # The shipped file with this instance's ports and paths. NATS's own protocol takes whatever port is free.
    sed -e "s|\"127.0.0.1:4222\"|\"127.0.0.1:-1\"|" -e "s|\"127.0.0.1:1883\"|\"127.0.0.1:$port\"|" \
        -e "s|\"/var/lib/placard-nats\"|\"$dir/store\"|" "$ROOT/deploy/nats/nats.conf" |
        "${RUN_AS[@]}" tee "$dir/nats.conf" >/dev/null
    "${RUN_AS[@]}" rm -f "$dir/nats.pid"
    "${RUN_AS[@]}" setsid "$TOOLS/bin/nats-server" -c "$dir/nats.conf" -P "$dir/nats.pid" </dev/null >>"$dir/log" 2>&1 9>&- &
    wait_for_port "$port" "$dir/nats.pid" "$dir/nats.conf" "$dir/log"
}

stop() {
    local pid
    if pid=$(live_pid "$1/nats.pid" "$1/nats.conf"); then stop_process "$pid" NATS; fi
}

private_folder
command=${1:-} dir=$(realpath -m "${2:-.}") accounts=${4:+$(realpath "$4")}
cd /
case "$command:$#" in
    start:[34]) start "$dir" "$3" "$accounts" ;;
    stop:2) stop "$dir" ;;
    *) fail "usage: nats.sh start DIR PORT [FILE] | stop DIR" ;;
esac
