#!/usr/bin/env bash
# bench.sh [NAME]: runs all benchmarks or one, on a release build, against the services of `./dev bench`.
# A benchmark is a function bench_NAME below; its figures go to standard output.
#
#   RATE, SECONDS_LONG, VEHICLES, ZONES   change the load of `ingest` (10000, 120, 10000, 1000)
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
. "$SCRIPTS/installation.sh"

# What the whole takes in, for how long, with nothing lost: broker, database, server and generator on this machine.
bench_ingest() {
    local rate=${RATE:-10000} seconds=${SECONDS_LONG:-120} vehicles=${VEHICLES:-10000}
    bench_installation "${ZONES:-1000}"
    vehicles "$vehicles" >"$INSTALLATION/vehicles.csv"
    "$PROGRAMS/placard" import vehicles "$INSTALLATION/vehicles.csv" >&2
    sleep 2 # the server has loaded them
    cpu_times >"$INSTALLATION/before"
    load --rate "$rate" --duration "$seconds" --vehicles "$vehicles"
    wait_until_stored
    report_stored
    report_cpu
    installation_end
}

# How long an alarm takes from the device to the live stream, beside other traffic.
bench_alert() {
    local rate=${RATE:-5000} seconds=${SECONDS_LONG:-60} vehicles=${VEHICLES:-5000}
    bench_installation "${ZONES:-1000}"
    load --rate "$rate" --duration "$seconds" --vehicles "$vehicles" --api "http://$API" --token "$TOKEN" --alerts-every 0.5
    installation_end
}

# What judging one fix costs, one thread, every rule on.
bench_engine() {
    cargo bench --quiet --bench engine
}

# A server that knows so many zones where the generator's vehicles drive.
bench_installation() {
    installation_begin bench bench
    zones "$1" >"$INSTALLATION/zones.geojson"
    "$PROGRAMS/placard" import zones "$INSTALLATION/zones.geojson" --organisation admin --kind prohibited >&2
    installation_serve
}

# So many round zones of 64 corners, 300 to 1,500 m wide, where the generator's vehicles drive.
zones() {
    awk -v count="$1" 'BEGIN {
        srand(7); pi = atan2(0, -1)
        printf "{\"type\":\"FeatureCollection\",\"features\":["
        for (n = 0; n < count; n++) {
            lat = 52.60 + (rand() - 0.5) * 0.8; lon = 5.20 + (rand() - 0.5) * 1.3; radius = (150 + 600 * rand()) / 111195
            printf "%s{\"type\":\"Feature\",\"properties\":{\"name\":\"zone %d\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[", n ? "," : "", n
            for (corner = 0; corner <= 64; corner++) {
                angle = 2 * pi * (corner % 64) / 64
                printf "%s[%.6f,%.6f]", corner ? "," : "", lon + radius * cos(angle) / cos(lat * pi / 180), lat + radius * sin(angle)
            }
            printf "]]}}"
        }
        print "]}"
    }'
}

# So many vehicles, as the generator names them.
vehicles() {
    echo operator,vehicle,dangerous_goods
    awk -v count="$1" 'BEGIN { for (n = 0; n < count; n++) printf "bench,%s,true\n", sprintf("load-%06d", n) }'
}

load() {
    PLACARD_SIM_PASSWORD=measured "$PROGRAMS/placard-sim" load --operator bench --mqtt "mqtt://$BROKER" --user gateway-bench "$@"
}

stored() { database -d "$DATABASE_URL" -c 'SELECT count(*) FROM position'; }

# Waits until the number of stored fixes no longer grows, and notes how long that took.
wait_until_stored() {
    local started=$SECONDS now last=-1
    now=$(stored)
    while [ "$now" != "$last" ]; do
        sleep 1
        last=$now
        now=$(stored)
    done
    STORED=$now
    DRAINED=$((SECONDS - started - 1))
}

report_stored() {
    echo "stored    $STORED fixes; the last of them $DRAINED s after the load had ended"
    database -d "$DATABASE_URL" -F ' ' -c "SELECT 'violations', count(*) FROM violation" -c "SELECT 'dead letters', count(*) FROM dead_letter"
}

# Processor time in ticks by program: every process of the server, the database and the broker.
cpu_times() {
    local stat pid command line
    for stat in /proc/[0-9]*/stat; do
        pid=${stat#/proc/}
        pid=${pid%/stat}
        command=$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") || continue
        case $command in
            *"placard serve"*) line=server ;;
            *mosquitto*"$INSTALLATION"*) line=broker ;;
            postgres:* | */postgres\ *) line=database ;;
            *) continue ;;
        esac
        awk -v name="$line" '{ sub(/^.*\) /, ""); print name, $12 + $13 }' "$stat" 2>/dev/null || true
    done
}

report_cpu() {
    cpu_times >"$INSTALLATION/after"
    awk -v tick="$(getconf CLK_TCK)" -v stored="$STORED" '
        NR == FNR { before[$1] += $2; next }
        { after[$1] += $2 }
        END {
            for (name in after) {
                spent = (after[name] - before[name]) / tick
                printf "cpu       %-9s %6.1f s, %5.1f µs a fix\n", name, spent, spent * 1e6 / stored
            }
        }' "$INSTALLATION/before" "$INSTALLATION/after"
}

mapfile -t benchmarks < <(compgen -A function bench_ | sed 's/^bench_//' | grep -vx installation)
if [ $# = 0 ]; then set -- "${benchmarks[@]}"; fi
for name; do
    [[ " ${benchmarks[*]} " == *" $name "* ]] || fail "there is no benchmark '$name'; there are: ${benchmarks[*]}"
done

private_folder
PROGRAMS=${CARGO_TARGET_DIR:-$ROOT/target}/release
cargo build --release --workspace
for name; do
    say "benchmark $name"
    "bench_$name"
done
