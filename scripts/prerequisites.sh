# shellcheck shell=bash
# What a build needs from the machine: Rust, a C linker, and OpenSSL's headers. Installs with apt-get only what is
# missing, and only libraries and tools: nothing that would start a service.

prerequisites() {
    command -v cargo >/dev/null ||
        fail "cargo is missing: install Rust with rustup, then open a new shell; rust-toolchain.toml names the version"
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
        fail "this works on Debian and Ubuntu; elsewhere build with cargo, set DATABASE_URL and PLACARD_MQTT_URL, and run the 'placard' commands by hand"

    local missing=() become=()
    command -v cc >/dev/null || missing+=(gcc libc6-dev)
    if command -v pkg-config >/dev/null; then
        pkg-config --exists openssl || missing+=(libssl-dev)
    else
        missing+=(pkg-config libssl-dev)
    fi
    [ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
    # The private PostgreSQL reads the machine's time zones.
    [ -e /usr/share/zoneinfo/Etc/UTC ] || missing+=(tzdata)
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "missing packages: as root, run 'apt-get install ${missing[*]}', then this again"
        become=(sudo)
    fi
    say "installing ${missing[*]}"
    "${become[@]}" apt-get -qq update &&
        "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null ||
        fail "could not install ${missing[*]}: install them by hand, then run this again"
}
