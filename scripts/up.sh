# shellcheck shell=bash
# `./dev up`: the whole demo in the foreground, until Ctrl-C. Programs log to .dev/log; what must be known is printed.

# Who may log in: role, and the organisation it belongs to. The simulator registers all but the first.
ADMIN=placard
LOGINS=("admin $ADMIN" "operator rhine-chem" "regulator corridor-authority" "responder safety-region")

up() {
    set_up
    # Two demos would be two servers with one MQTT session. Children must not inherit the lock (8>&-).
    exec 8>"$DEV/up.lock"
    flock -n 8 || fail "a './dev up' already runs in this checkout"
    PROGRAMS=${CARGO_TARGET_DIR:-$ROOT/target}/debug
    # What a killed './dev up' left behind.
    stop_programs
    trap stop_demo EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    use_services 8>&-

    say "building (the first time takes some minutes)"
    cargo build --workspace 8>&-
    say "migrating the database"
    "$PROGRAMS/placard" migrate

    local port url
    port=$(remembered_port http 8080)
    url=http://127.0.0.1:$port
    printf '[api]\nlisten = "127.0.0.1:%s"\n' "$port" >"$DEV/placard.toml"
    start_program server "$PROGRAMS/placard" serve --config "$DEV/placard.toml"
    wait_until_ready "$port"
    start_simulator "$url"
    wait_for_logins "$port"
    introduce "$url"

    # From here Ctrl-C is the way it is meant to end.
    trap 'exit 0' INT TERM
    watch_programs
}

# Starts the program that log and pid files name $1.
start_program() {
    local name=$1
    shift
    "$@" >"$DEV/log/$name.log" 2>&1 </dev/null 8>&- 9>&- &
    echo $! >"$DEV/$name.pid"
}

program_pid() { live_pid "$DEV/$1.pid" "$PROGRAMS/"; }

stop_programs() {
    local name pid
    for name in simulator server; do
        if pid=$(program_pid "$name"); then stop_process "$pid" "the $name"; fi
        rm -f "$DEV/$name.pid"
    done
}

stop_demo() {
    # A second Ctrl-C must not leave half of it running.
    trap '' INT TERM
    say "stopping"
    stop_programs
    services_stop
    say "stopped; nothing is left running"
}

fail_with_log() {
    tail -n 20 "$DEV/log/$1.log" >&2
    fail "$2; the last lines of $DEV/log/$1.log are above"
}

# Prints the status code of a GET of path $2 on port $1, with token $3 if given; nothing when nobody answers.
http_status() {
    (
        exec 3<>"/dev/tcp/127.0.0.1/$1"
        printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n%s\r\n' "$2" "${3:+Authorization: Bearer $3$'\r\n'}" >&3
        read -r -t 5 _ code _ <&3
        echo "$code"
    ) 2>/dev/null || true
}

wait_until_ready() {
    local until=$((SECONDS + 60))
    until [ "$(http_status "$1" /readyz)" = 200 ]; do
        program_pid server >/dev/null || fail_with_log server "the server ended"
        [ "$SECONDS" -lt "$until" ] || fail_with_log server "the server is not ready after 60 s"
        sleep 0.1
    done
}

start_simulator() {
    local url=$1 accounts=$DEV/demo-accounts broker=${PLACARD_MQTT_URL#*://}
    (umask 077 && "$PROGRAMS/placard-sim" accounts >"$accounts")
    if service_runs mosquitto && [[ $PLACARD_MQTT_URL == *":$(port_of mosquitto)" ]]; then
        "$SCRIPTS/broker-accounts.sh" "$DEV/instances/mosquitto" <"$accounts"
    else
        warn "the broker is yours: the demo's devices need the accounts in $accounts there"
    fi
    # The server may not know the organisation yet; when it does, this changes nothing.
    "$PROGRAMS/placard" organisation create "$ADMIN" "This installation" --kind admin >>"$DEV/log/server.log" 2>&1 || true
    login "admin" "$ADMIN" "${url##*:}" || fail "could not make the administrator's token; see $DEV/log/logins.log"
    start_program simulator "$PROGRAMS/placard-sim" demo --api "$url" --token "$(<"$DEV/login-admin")" \
        --mqtt "${PLACARD_MQTT_URL%%://*}://${broker##*@}"
}

# A token for role $1 of organisation $2, kept in .dev/login-$1 and made anew when the server on port $3 no longer
# takes it.
login() {
    local file=$DEV/login-$1
    if [ -s "$file" ] && [ "$(http_status "$3" /api/v1/me "$(<"$file")")" = 200 ]; then return 0; fi
    (umask 077 && "$PROGRAMS/placard" token create --organisation "$2" --role "$1" >"$file.new" 2>"$DEV/log/logins.log") || return 1
    mv "$file.new" "$file"
}

# The simulator registers the organisations that the logins belong to.
wait_for_logins() {
    local until=$((SECONDS + 60)) entry role organisation
    for entry in "${LOGINS[@]}"; do
        read -r role organisation <<<"$entry"
        until login "$role" "$organisation" "$1"; do
            program_pid simulator >/dev/null || fail_with_log simulator "the simulator ended"
            program_pid server >/dev/null || fail_with_log server "the server ended"
            [ "$SECONDS" -lt "$until" ] || fail_with_log logins "no login for $role of $organisation after 60 s"
            sleep 0.5
        done
    done
}

introduce() {
    local entry role organisation
    printf '\nPlacard runs: %s/    (API: %s/api/openapi.json)\n\nLog in with one of these tokens:\n' "$1" "$1"
    for entry in "${LOGINS[@]}"; do
        read -r role organisation <<<"$entry"
        printf '  %-10s %-20s %s\n' "$role" "$organisation" "$(<"$DEV/login-$role")"
    done
    printf '\nLogs: %s/log    The database: ./dev psql\nCtrl-C stops all of it.\n\n' "$DEV"
}

watch_programs() {
    while program_pid server >/dev/null && program_pid simulator >/dev/null; do
        # Ctrl-C interrupts a wait at once, and a sleep only when it is over.
        sleep 1 8>&- &
        wait $!
    done
    if program_pid server >/dev/null; then fail_with_log simulator "the simulator ended"; fi
    fail_with_log server "the server ended"
}
