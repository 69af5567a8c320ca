#!/usr/bin/env bash
# A private Mosquitto broker on loopback, from the shipped configuration.
#
#   mosquitto.sh start DIR PORT   makes DIR on first use, starts, waits until it answers
#   mosquitto.sh stop DIR
#
# Accounts come from broker-accounts.sh DIR; the process id stands in DIR/mosquitto.pid. What must survive a restart is
# in DIR, so that killing the process and starting again is a broker's crash and return.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# The shipped file with this instance's port and paths, and nothing else changed.
render_configuration() {
    awk -v port="$2" -v dir="$1" '
        BEGIN {
            set["listener"] = port " 127.0.0.1"
            set["persistence_location"] = dir "/"
            set["password_file"] = dir "/passwords"
            set["acl_file"] = dir "/acl"
            set["pid_file"] = dir "/mosquitto.pid"
            set["log_dest"] = "file " dir "/log"
        }
        $1 in set { print $1, set[$1]; next }
        { print }' "$ROOT/deploy/mosquitto/mosquitto.conf"
}

start() {
    local dir=$1 port=$2
    if live_pid "$dir/mosquitto.pid" "$dir/mosquitto.conf" >/dev/null; then return 0; fi
    instance_folder "$dir"
    if ! "${RUN_AS[@]}" test -e "$dir/passwords"; then "$SCRIPTS/broker-accounts.sh" "$dir" </dev/null; fi
    render_configuration "$dir" "$port" | "${RUN_AS[@]}" tee "$dir/mosquitto.conf" >/dev/null
    "${RUN_AS[@]}" rm -f "$dir/mosquitto.pid"
    "${RUN_AS[@]}" "$TOOLS/bin/mosquitto" -d -c "$dir/mosquitto.conf" >"$DEV/log/mosquitto-start.log" 2>&1 9>&- ||
        { cat "$DEV/log/mosquitto-start.log" >&2; fail "Mosquitto did not start; its output is above"; }
    wait_for_port "$port" "$dir/mosquitto.pid" "$dir/mosquitto.conf" "$dir/log"
}

stop() {
    local pid
    if pid=$(live_pid "$1/mosquitto.pid" "$1/mosquitto.conf"); then stop_process "$pid" Mosquitto; fi
}

private_folder
command=${1:-} dir=$(realpath -m "${2:-.}")
cd /
case "$command:$#" in
    start:3) start "$dir" "$3" ;;
    stop:2) stop "$dir" ;;
    *) fail "usage: mosquitto.sh start DIR PORT | stop DIR" ;;
esac
