# shellcheck shell=bash
# The query cache `.sqlx`, by which builds check every SQL query without a database.
#
# sqlx's macros write what they learn about a query into SQLX_OFFLINE_DIR when they compile it against a live database.
# That database is made from `migrations/` with psql and not with `placard migrate`: Placard itself compiles only when
# the cache is whole.

prepare() {
    local fresh=$DEV/sqlx
    case ${1:-} in
        '' | --check) ;;
        *) fail "'./dev prepare' knows '--check' or nothing, not '$1'" ;;
    esac
    services_start postgres
    private_unlock
    make_migrated_database placard_prepare
    rm -rf "$fresh"
    mkdir "$fresh"
    # The macros run only where the compiler does, so every target must count as changed.
    find . -path ./target -prune -o -path ./.dev -prune -o \( -path '*/src/lib.rs' -o -path '*/src/main.rs' -o -path '*/src/bin/*.rs' \
        -o -path './tests/*.rs' -o -path './benches/*.rs' -o -path './examples/*.rs' \) -exec touch {} +
    say "compiling every query against the migrated database"
    SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$fresh DATABASE_URL=$(private_database_url placard_prepare) \
        cargo check --quiet --workspace --all-targets

    if [ "${1:-}" = --check ]; then
        mkdir -p .sqlx
        diff -rq .sqlx "$fresh" >&2 || fail "the query cache .sqlx is out of date: run './dev prepare' and commit it"
    else
        rm -rf .sqlx
        cp -r "$fresh" .sqlx
        say "queries in .sqlx: $(find .sqlx -name '*.json' | wc -l)"
    fi
}

# Database $1, empty but for the migrations, each in a transaction unless its first line says otherwise.
make_migrated_database() {
    local file whole
    query postgres "DROP DATABASE IF EXISTS $1 WITH (FORCE)"
    query postgres "CREATE DATABASE $1"
    for file in migrations/*.sql; do
        whole=(--single-transaction)
        if [ "$(head -n 1 "$file")" = '-- no-transaction' ]; then whole=(); fi
        PGOPTIONS='--client-min-messages=warning' "$TOOLS/bin/psql" -X -q -v ON_ERROR_STOP=1 "${whole[@]}" \
            -d "$(private_database_url "$1")" -f "$file" >/dev/null || fail "$file does not run; psql's message is above"
    done
}
