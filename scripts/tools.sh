# shellcheck shell=bash
# PostgreSQL with TimescaleDB, Mosquitto and NATS in one private folder, unpacked from the distribution's packages.
#
# Nothing is installed: no root, no service of the system touched. Debian 12 has no TimescaleDB, so on Debian all comes
# from Debian 13 (`trixie`), whatever the host; the packages bring their own C library, and every program is made to
# find its libraries in the folder. Elsewhere (Ubuntu) the distribution's own packages are unpacked the same way.

tools() {
    local stamp
    stamp="$(cksum <"$SCRIPTS/unpack-tools.sh") $TOOLS $(. /etc/os-release && echo "$ID ${VERSION_ID:-}")"
    if [ -e "$TOOLS/.stamp" ] && [ "$(<"$TOOLS/.stamp")" = "$stamp" ]; then return 0; fi
    # A running service would lose its files.
    if [ -d "$TOOLS" ]; then services_stop; fi

    local start=$SECONDS
    "$SCRIPTS/unpack-tools.sh" "$TOOLS" ||
        fail "could not set up the tools; what went wrong is above. Or use servers of your own: set DATABASE_URL and PLACARD_MQTT_URL"
    printf '%s\n' "$stamp" >"$TOOLS/.stamp"
    say "tools ready in $((SECONDS - start)) s: $(tool_versions)"
}

tool_versions() {
    local timescale=("$TOOLS"/root/usr/lib/postgresql/*/lib/timescaledb-[0-9]*.so)
    "$TOOLS/bin/postgres" --version | sed 's/^postgres (PostgreSQL) \([^ ]*\).*/PostgreSQL \1/' | tr '\n' ','
    if [ -e "${timescale[0]}" ]; then basename "${timescale[0]}" .so | sed 's/timescaledb-/ TimescaleDB /' | tr '\n' ','; fi
    "$TOOLS/bin/mosquitto" -h | sed -n '1s/mosquitto version / Mosquitto /p' | tr '\n' ','
    "$TOOLS/bin/nats-server" --version | sed 's/nats-server: v\?/ NATS /'
}
