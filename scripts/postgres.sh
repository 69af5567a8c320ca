#!/usr/bin/env bash
# A private PostgreSQL server on loopback.
#
#   postgres.sh start DIR PORT PASSWORD   makes DIR on first use (superuser `placard`), starts, waits until it answers
#   postgres.sh stop DIR [MODE]           MODE as for pg_ctl: fast, or immediate to stop as in a crash
#
# The commit of a transaction must mean that it is on disk, here as in production: what is tuned below is memory and
# the size of the log, never fsync or synchronous_commit.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# Configuration is written at each start, so that a change here reaches servers that exist.
write_configuration() {
    local dir=$1 port=$2 memory_mb socket="$1" library
    memory_mb=$(awk '/^MemTotal/ { mb = int($2 / 1024 / 8); print (mb < 128 ? 128 : (mb > 1024 ? 1024 : mb)) }' /proc/meminfo)
    # The kernel takes socket paths of at most 107 bytes; TCP always works.
    if [ "${#dir}" -gt 85 ]; then socket=; fi
    cat <<CONF
port = $port
listen_addresses = '127.0.0.1'
unix_socket_directories = '${socket//\'/\'\'}'
max_connections = 200
shared_buffers = ${memory_mb}MB
effective_cache_size = $((memory_mb * 3))MB
max_wal_size = 4GB
min_wal_size = 256MB
checkpoint_timeout = 15min
wal_compression = on
fsync = on
synchronous_commit = on
# Compiling a query takes longer than our short queries run.
jit = off
log_line_prefix = '%m [%p] %d '
CONF
    for library in "$TOOLS"/root/usr/lib/postgresql/*/lib/timescaledb.so; do
        [ -e "$library" ] || continue
        cat <<CONF
shared_preload_libraries = 'timescaledb'
timescaledb.telemetry_level = off
# Placard runs retention itself. A scheduler in each database would keep it from being copied or dropped by tests.
timescaledb.max_background_workers = 0
CONF
    done
}

# Sessions of a killed server live on for a moment, and would write to the same files as a new one.
wait_for_orphans() {
    local until=$((SECONDS + 10))
    while [ -n "$(find /proc/[0-9]*/cwd -maxdepth 0 -lname "$1" 2>/dev/null)" ]; do
        [ "$SECONDS" -lt "$until" ] || fail "processes of a killed server still run in $1"
        sleep 0.05
    done
}

start() {
    local dir=$1 port=$2 password=$3
    if live_pid "$dir/data/postmaster.pid" "$dir/data" >/dev/null; then return 0; fi
    instance_folder "$dir"
    # Written as the account: the folder is its own, and root follows no link that it finds there.
    if [ ! -e "$dir/data/PG_VERSION" ]; then
        "${RUN_AS[@]}" rm -rf "$dir/data"
        printf '%s\n' "$password" | "${RUN_AS[@]}" tee "$dir/password" >/dev/null
        "${RUN_AS[@]}" "$TOOLS/bin/initdb" -D "$dir/data" -U placard -A scram-sha-256 --pwfile="$dir/password" \
            --no-sync --no-instructions --locale=C.UTF-8 -E UTF8 >"$DEV/log/initdb.log" 2>&1 ||
            { cat "$DEV/log/initdb.log" >&2; fail "initdb failed; its output is above"; }
        "${RUN_AS[@]}" rm "$dir/password"
        echo "include 'placard.conf'" | "${RUN_AS[@]}" tee -a "$dir/data/postgresql.conf" >/dev/null
    fi
    write_configuration "$dir" "$port" | "${RUN_AS[@]}" tee "$dir/data/placard.conf" >/dev/null
    wait_for_orphans "$dir/data"
    # Nobody runs here any more, but the number in a left-over lock file may be another process by now.
    "${RUN_AS[@]}" rm -f "$dir/data/postmaster.pid" "$dir/.s.PGSQL.$port.lock"
    "${RUN_AS[@]}" "$TOOLS/bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 120 start >/dev/null 9>&- ||
        { tail -n 20 "$dir/log" >&2; fail "PostgreSQL did not start; the last lines of $dir/log are above"; }
}

stop() {
    local dir=$1 mode=${2:-fast}
    live_pid "$dir/data/postmaster.pid" "$dir/data" >/dev/null || return 0
    "${RUN_AS[@]}" "$TOOLS/bin/pg_ctl" -D "$dir/data" -m "$mode" -w -t 60 stop >/dev/null ||
        fail "PostgreSQL in $dir did not stop within 60 s"
}

usage() { fail "usage: postgres.sh start DIR PORT PASSWORD | stop DIR [fast|immediate]"; }

private_folder
# The account must not need to read the caller's folder.
command=${1:-} dir=$(realpath -m "${2:-.}")
cd /
case "$command:$#" in
    start:4) start "$dir" "$3" "$4" ;;
    stop:[23]) stop "$dir" "${3:-fast}" ;;
    *) usage ;;
esac
