# shellcheck shell=bash
# A server with a database and a broker of its own beside the private ones, so that nothing else is in what is measured.
# For the scripts that source lib.sh first, and have called private_folder.
#
#   PROGRAMS   the folder of the built programs

# installation_begin NAME OPERATOR: an empty database, a broker, and OPERATOR with the gateway account gateway-OPERATOR.
# The broker's passwords are "measured". Sets BROKER, API and TOKEN (of an administrator) and exports what placard needs.
installation_begin() {
    INSTALLATION=$DEV/instances/$1
    INSTALLATION_DATABASE=placard_$1
    installation_end
    rm -rf "$INSTALLATION"
    instance_folder "$INSTALLATION"
    trap installation_end EXIT
    local port
    port=$(free_port)
    "$SCRIPTS/mosquitto.sh" start "$INSTALLATION" "$port"
    printf 'placard:measured\ngateway-%s:measured\n' "$2" | "$SCRIPTS/broker-accounts.sh" "$INSTALLATION"
    BROKER=127.0.0.1:$port
    ADMIN_DATABASE=$DATABASE_URL
    database -d "$ADMIN_DATABASE" -c "DROP DATABASE IF EXISTS $INSTALLATION_DATABASE WITH (FORCE)" \
        -c "CREATE DATABASE $INSTALLATION_DATABASE"
    API=127.0.0.1:$(free_port)
    export DATABASE_URL=${ADMIN_DATABASE%/*}/$INSTALLATION_DATABASE
    export PLACARD_MQTT_URL=mqtt://placard:measured@$BROKER PLACARD_API__LISTEN=$API
    export RUST_LOG=${RUST_LOG:-warn}
    "$PROGRAMS/placard" migrate >&2
    "$PROGRAMS/placard" organisation create "$2" "Measured" --kind operator >&2
    "$PROGRAMS/placard" organisation create admin "Administrator" --kind admin >&2
    # Whoever sources this uses it.
    # shellcheck disable=SC2034
    TOKEN=$("$PROGRAMS/placard" token create --organisation admin --role admin)
}

# Starts the server and waits until it is ready.
installation_serve() {
    SERVER_LOG=$DEV/log/$(basename "$INSTALLATION")-server.log
    "$PROGRAMS/placard" serve 2>"$SERVER_LOG" &
    SERVER=$!
    local until=$((SECONDS + 30))
    until [ "$(http_status /readyz)" = 200 ]; do
        [ "$SECONDS" -lt "$until" ] || fail "the server is not ready after 30 s; see $SERVER_LOG"
        sleep 0.1
    done
}

installation_end() {
    if [ -n "${SERVER:-}" ]; then
        stop_process "$SERVER" "the server"
        wait "$SERVER" 2>/dev/null || true
        SERVER=
    fi
    "$SCRIPTS/mosquitto.sh" stop "$INSTALLATION"
    if [ -n "${ADMIN_DATABASE:-}" ]; then
        DATABASE_URL=$ADMIN_DATABASE
        database -d "$ADMIN_DATABASE" -c "DROP DATABASE IF EXISTS $INSTALLATION_DATABASE WITH (FORCE)"
    fi
}

database() { "$TOOLS/bin/psql" -qAt -v ON_ERROR_STOP=1 "$@" 2>/dev/null; }

http_status() {
    (
        exec 3<>"/dev/tcp/${API%:*}/${API##*:}"
        printf 'GET %s HTTP/1.0\r\nHost: placard\r\n\r\n' "$1" >&3
        read -r -t 5 _ code _ <&3
        echo "$code"
    ) 2>/dev/null || true
}
