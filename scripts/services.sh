# shellcheck shell=bash
# The private PostgreSQL and Mosquitto of this checkout: `./dev services`, and what the other commands start them with.
# The file `.dev/env` says how to reach them.

SERVICES=(postgres mosquitto)

service_runs() {
    case $1 in
        postgres) live_pid "$DEV/instances/postgres/data/postmaster.pid" "$DEV/instances/postgres/data" >/dev/null ;;
        mosquitto) live_pid "$DEV/instances/mosquitto/mosquitto.pid" "$DEV/instances/mosquitto/mosquitto.conf" >/dev/null ;;
    esac
}

# A password that lives as long as the instances that know it.
secret() {
    local file=$DEV/instances/$1.password
    if [ ! -s "$file" ]; then (umask 077 && random_word >"$file"); fi
    cat "$file"
}

# Starts the named services (all by default) unless they run already. What it started is listed in STARTED, for
# services_stop_started.
STARTED=()
services_start() {
    local name
    for name in "${@:-${SERVICES[@]}}"; do
        service_runs "$name" && continue
        STARTED+=("$name")
        "start_$name"
    done
    write_environment
}

start_postgres() {
    local port
    port=$(remembered_port postgres)
    "$SCRIPTS/postgres.sh" start "$DEV/instances/postgres" "$port" "$(secret postgres)"
    # A server that was stopped between its making and this line still lacks the database.
    if [ -z "$(query postgres "SELECT 1 FROM pg_database WHERE datname = 'placard'")" ]; then
        query postgres 'CREATE DATABASE placard' >/dev/null
    fi
    say "PostgreSQL runs on port $port"
}

start_mosquitto() {
    local port dir=$DEV/instances/mosquitto
    port=$(remembered_port mosquitto)
    if [ ! -e "$dir/passwords" ]; then
        instance_folder "$dir"
        echo "placard:$(secret mosquitto)" | "$SCRIPTS/broker-accounts.sh" "$dir"
    fi
    "$SCRIPTS/mosquitto.sh" start "$dir" "$port"
    say "Mosquitto runs on port $port"
}

services_stop() {
    "$SCRIPTS/mosquitto.sh" stop "$DEV/instances/mosquitto"
    "$SCRIPTS/postgres.sh" stop "$DEV/instances/postgres"
}

services_stop_started() {
    local name
    for name in "${STARTED[@]}"; do "$SCRIPTS/$name.sh" stop "$DEV/instances/$name"; done
    STARTED=()
}

port_of() { sed -n "s/^$1=//p" "$DEV/ports"; }

private_database_url() { echo "postgres://placard:$(secret postgres)@127.0.0.1:$(port_of postgres)/${1:-placard}"; }

# Runs one statement in database $1 of the private server and prints the bare answer.
query() { PGOPTIONS='--client-min-messages=warning' "$TOOLS/bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -c "$2" "$(private_database_url "$1")"; }

write_environment() {
    (
        umask 077
        {
            echo '# Written by ./dev services; read it with: source .dev/env'
            if [ -n "$(port_of postgres)" ]; then echo "export DATABASE_URL='$(private_database_url)'"; fi
            if [ -n "$(port_of mosquitto)" ]; then
                echo "export PLACARD_MQTT_URL='mqtt://placard:$(secret mosquitto)@127.0.0.1:$(port_of mosquitto)'"
            fi
            printf "export PLACARD_TOOLS_DIR='%s'\n" "$TOOLS"
            # Where tests may put servers of their own: the services' account can reach it.
            printf "export PLACARD_INSTANCES_DIR='%s'\n" "$DEV/instances"
        } >"$DEV/env.new"
    )
    mv "$DEV/env.new" "$DEV/env"
}
