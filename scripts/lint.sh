# shellcheck shell=bash
# `./dev lint`: everything that can be said about the code without running it. Quick checks come first.

CARGO_DENY=0.20.2

lint() {
    say "format"
    cargo fmt --all --check || fail "the format differs: run 'cargo fmt --all'"
    lint_scripts
    say "query cache"
    prepare --check
    say "clippy"
    cargo clippy --quiet --workspace --all-targets -- -D warnings
    say "documentation"
    RUSTDOCFLAGS='-D warnings' cargo doc --quiet --workspace --no-deps
    lint_dependencies
    say "lint found nothing"
}

lint_scripts() {
    if ! command -v shellcheck >/dev/null; then
        warn "shellcheck is not installed: the scripts are not checked"
        return 0
    fi
    say "scripts"
    shellcheck -x dev .ci/run scripts/*.sh
}

# Advisories are left out: they need a database that is not always within reach.
lint_dependencies() {
    local deny=$DEV/cargo/bin/cargo-deny
    if [ "$("$deny" --version 2>/dev/null)" != "cargo-deny $CARGO_DENY" ]; then
        say "building cargo-deny $CARGO_DENY (once, some minutes)"
        CARGO_TARGET_DIR=$DEV/cargo/target nice cargo install --quiet --locked --force --root "$DEV/cargo" --version "$CARGO_DENY" cargo-deny
        rm -rf "$DEV/cargo/target"
    fi
    say "dependencies"
    "$deny" --log-level warn check bans licenses sources
}
