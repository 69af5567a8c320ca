# shellcheck shell=bash disable=SC2034
# What every script here shares: messages, the private folder `.dev`, the account that services run under, ports and
# processes. Sourced; the sourcing script has already set `-euo pipefail`.
#
# In a trap a bare `return` gives the status from before the trap: functions here say `return 0`.

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
SCRIPTS=$ROOT/scripts

say() { printf '%s\n' "placard: $*" >&2; }
warn() { printf '%s\n' "placard: warning: $*" >&2; }
fail() {
    printf '%s\n' "placard: error: $*" >&2
    exit 1
}

# PostgreSQL refuses to run as root and the brokers need not, so root drops to an account that owns nothing else here.
RUN_AS=()
ACCOUNT=$(id -un)
if [ "$(id -u)" = 0 ]; then
    ACCOUNT=nobody
    if getent passwd postgres >/dev/null; then ACCOUNT=postgres; fi
    RUN_AS=(setpriv "--reuid=$(id -u "$ACCOUNT")" "--regid=$(id -g "$ACCOUNT")" --clear-groups --inh-caps=-all)
fi

# `.dev` holds all that is private to this checkout. Where the account cannot reach it (a checkout below /root or in a
# closed temporary folder), `.dev` is a link to a folder under /var/tmp that it can reach.
private_folder() {
    local link=$ROOT/.dev away mode
    if [ "$(id -u)" = 0 ] && ! "${RUN_AS[@]}" test -x "$ROOT"; then
        if [ -d "$link" ] && [ ! -L "$link" ]; then
            fail "the account '$ACCOUNT' cannot reach $link: run './dev clean' once, then this again"
        fi
        if [ -L "$link" ]; then away=$(readlink "$link"); else away=/var/tmp/placard-$(printf '%s' "$ROOT" | cksum | cut -d' ' -f1); fi
        mkdir -m 755 "$away" 2>/dev/null || true
        # Anyone may make a folder under /var/tmp: only one that nobody else can write to is taken.
        mode=$(stat -c '%u %a' "$away")
        [ ! -L "$away" ] && [ "$mode" = "0 755" ] || fail "$away exists and is not root's own folder: remove it"
        [ -L "$link" ] || ln -s "$away" "$link"
    else
        mkdir -p "$link"
    fi
    [ -O "$link/." ] || fail "$link belongs to $(stat -Lc %U "$link"): work as that account, or let it run './dev clean'"
    DEV=$(cd "$link" && pwd -P)
    TOOLS=$DEV/tools
    mkdir -p "$DEV/log" "$DEV/instances"
}

# Makes the folder $1 for a service, owned by its account and closed to others.
instance_folder() {
    mkdir -p "$1"
    if [ "$(id -u)" = 0 ]; then chown "$ACCOUNT:" "$1"; fi
    chmod 700 "$1"
    "${RUN_AS[@]}" test -w "$1" ||
        fail "the account '$ACCOUNT' cannot write to $1: use a folder below $DEV/instances"
}

random_word() { od -An -N18 -tx1 /dev/urandom | tr -d ' \n'; }

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A free port below the range that the kernel hands out by itself.
free_port() {
    local port
    for _ in {1..100}; do
        port=$((20000 + RANDOM % 12000))
        if ! port_answers "$port"; then
            echo "$port"
            return 0
        fi
    done
    fail "found no free port between 20000 and 31999"
}

# The port of service $1, chosen once and remembered, and chosen anew when something else has taken it. $2, if given
# and free, is the first choice. Call it only while the service is down.
remembered_port() {
    local name=$1 port=
    if [ -f "$DEV/ports" ]; then port=$(sed -n "s/^$name=//p" "$DEV/ports"); fi
    port=${port:-${2:-}}
    if [ -z "$port" ] || port_answers "$port"; then port=$(free_port); fi
    if ! grep -qx "$name=$port" "$DEV/ports" 2>/dev/null; then
        { grep -v "^$name=" "$DEV/ports" 2>/dev/null || true; echo "$name=$port"; } >"$DEV/ports.new"
        mv "$DEV/ports.new" "$DEV/ports"
    fi
    echo "$port"
}

# Prints the process id in file $1 if that process lives and one of its arguments holds $2. The second look is what makes a
# stale file harmless: its number may belong to something else by now.
live_pid() {
    local pid=
    if [ -s "$1" ]; then read -r pid <"$1" || true; fi
    [[ $pid =~ ^[0-9]+$ ]] && [ -r "/proc/$pid/cmdline" ] || return 1
    grep -qaF -- "$2" "/proc/$pid/cmdline" 2>/dev/null || return 1
    echo "$pid"
}

# Waits until process $1 is gone, at most $2 seconds.
wait_gone() {
    local until=$((SECONDS + $2))
    while kill -0 "$1" 2>/dev/null; do
        [ "$SECONDS" -lt "$until" ] || return 1
        sleep 0.05
    done
}

# Ends process $1, which goes by the name $2: politely, then by force.
stop_process() {
    kill -TERM "$1" 2>/dev/null || return 0
    wait_gone "$1" 20 && return 0
    warn "$2 (process $1) did not stop in 20 s and is killed"
    kill -KILL "$1" 2>/dev/null || true
    wait_gone "$1" 5 || fail "$2 (process $1) cannot be stopped"
}

# Waits at most 10 s for port $1 while `live_pid $2 $3` finds the process; on failure shows the log $4.
wait_for_port() {
    local until=$((SECONDS + 10)) seen=
    while ! port_answers "$1"; do
        if live_pid "$2" "$3" >/dev/null; then seen=yes; elif [ -n "$seen" ]; then break; fi
        [ "$SECONDS" -lt "$until" ] || break
        sleep 0.05
    done
    if live_pid "$2" "$3" >/dev/null; then
        if port_answers "$1"; then return 0; fi
    fi
    tail -n 20 "$4" >&2 || true
    fail "nothing answers on port $1; the last lines of $4 are above"
}

# Only one script at a time may change the private folder; services must not inherit the lock (start them with 9>&-).
private_lock() {
    exec 9>"$DEV/lock"
    flock -w 300 9 || fail "another ./dev has held $DEV/lock for 5 minutes"
}
private_unlock() { exec 9>&-; }

# Stops what runs and removes `.dev`. It asks nothing of the folder, so that it also mends one that cannot be used.
clean_private_folder() {
    local folder pid
    if folder=$(cd "$ROOT/.dev" 2>/dev/null && pwd -P); then
        if pid=$(live_pid "$folder/instances/mosquitto/mosquitto.pid" "$folder/instances"); then
            stop_process "$pid" Mosquitto
        fi
        if pid=$(live_pid "$folder/instances/postgres/data/postmaster.pid" "$folder/instances"); then
            # SIGINT ends its sessions; SIGTERM would wait for them.
            kill -INT "$pid"
            wait_gone "$pid" 60 || fail "PostgreSQL (process $pid) does not stop"
        fi
        rm -rf "$folder"
    fi
    rm -f "$ROOT/.dev"
}
