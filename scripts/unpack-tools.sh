#!/usr/bin/env bash
# unpack-tools.sh DIR: fetches and unpacks the tools' packages into DIR; tools.sh says what for and calls it.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

TOOLS=${1:?usage: unpack-tools.sh DIR}
root=$TOOLS/root
work=$TOOLS/work

DEBIAN_RELEASE=trixie
DEBIAN_POSTGRES=17

# A dependency that is never used here: just-in-time compilation (26 MB of LLVM), Perl wrappers, set-up scripts.
NOT_NEEDED='^(libllvm|libz3|perl|libperl|locales|libc-l10n|adduser|passwd|login|procps|debconf|netbase|ucf|dpkg|tar|openssl$|ssl-cert|postgresql-common|postgresql-client-common|libjson-perl|libio-pty|libipc-run|sensible|base-|mawk|sed$|init-system-helpers|sysvinit-utils|lsb-base|tzdata)'

# Where Debian's packages come from, as this machine's apt knows it; nothing on a machine that is not Debian.
debian_mirror() {
    if [ -n "${PLACARD_DEBIAN_MIRROR:-}" ]; then
        echo "$PLACARD_DEBIAN_MIRROR"
    elif (. /etc/os-release && [ "$ID" = debian ]); then
        # shellcheck disable=SC2016
        apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 2>/dev/null |
            awk '$3 == "main" && $2 !~ /[-\/]/ && !found++ { print $1 }'
    fi
}

debian_keyring() {
    local file
    for file in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
        if [ -e "$file" ]; then echo "$file"; return 0; fi
    done
}

# apt with its own lists, cache and idea of what is installed (nothing), so that it resolves every dependency and needs
# no rights. The machine's ways through proxies are kept.
private_apt() {
    local work=$1 sources=$2 parts=$3
    cat >"$work/apt.conf" <<CONF
Dir::Etc "$work/etc";
Dir::Etc::sourcelist "$sources";
Dir::Etc::sourceparts "$parts";
Dir::Etc::trustedparts "/etc/apt/trusted.gpg.d";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
$(if [ -e /etc/apt/trusted.gpg ]; then echo 'Dir::Etc::trusted "/etc/apt/trusted.gpg";'; fi)
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
$(apt-config dump | grep -E '^Acquire::([^ ]*Proxy|https?::|Check-|ForceIPv)[^ ]* "' || true)
CONF
    : >"$work/status"
    export APT_CONFIG=$work/apt.conf
}

fetch_and_unpack() {
    local mirror keyring postgres packages needed program
    mirror=$(debian_mirror)
    keyring=$(debian_keyring)
    case $(dpkg --print-architecture) in
        amd64) libraries=$root/usr/lib/x86_64-linux-gnu loader=ld-linux-x86-64.so.2 ;;
        arm64) libraries=$root/usr/lib/aarch64-linux-gnu loader=ld-linux-aarch64.so.1 ;;
        *) fail "the private tools exist for amd64 and arm64, not for $(dpkg --print-architecture)" ;;
    esac

    if [ -n "$mirror" ] && [ -n "$keyring" ]; then
        say "fetching PostgreSQL $DEBIAN_POSTGRES, TimescaleDB, Mosquitto and NATS from Debian $DEBIAN_RELEASE"
        echo "deb [signed-by=$keyring] $mirror $DEBIAN_RELEASE main" >"$work/etc/sources.list"
        private_apt "$work" "$work/etc/sources.list" -
        apt-get -qq update
        postgres=$DEBIAN_POSTGRES
        packages=("postgresql-$postgres-timescaledb")
    else
        say "fetching PostgreSQL, Mosquitto and NATS from this distribution's packages"
        private_apt "$work" /etc/apt/sources.list /etc/apt/sources.list.d
        apt-get -qq update || warn "some of apt's sources could not be read"
        postgres=$(apt-cache depends postgresql | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p')
        [ -n "$postgres" ] || fail "apt knows no PostgreSQL: add the distribution's main sources"
        packages=()
        if apt-cache show "postgresql-$postgres-timescaledb" >/dev/null 2>&1; then
            packages=("postgresql-$postgres-timescaledb")
        else
            warn "this distribution has no TimescaleDB for PostgreSQL $postgres: running on plain PostgreSQL, slower over long histories"
        fi
    fi
    packages+=("postgresql-$postgres" "postgresql-client-$postgres" mosquitto mosquitto-clients nats-server patchelf)

    apt-get install -y --print-uris "${packages[@]}" >"$work/uris" || fail "apt cannot resolve: ${packages[*]}"
    mapfile -t needed < <(sed -n "s/^'[^']*' \([^_]*\)_.*/\1/p" "$work/uris" | grep -vE "$NOT_NEEDED")
    (cd "$work/debs" && apt-get -qq download "${needed[@]}")
    for program in "$work"/debs/*.deb; do dpkg-deb -x "$program" "$root"; done

    # Older packages keep the C library outside /usr.
    if [ -d "$root/lib" ] && [ ! -L "$root/lib" ]; then cp -a "$root/lib/." "$root/usr/lib/"; fi
    # Without LLVM, PostgreSQL must not find its compiler either.
    rm -rf "$root"/usr/lib/postgresql/*/lib/{llvmjit.so,bitcode} "$root"/usr/share/{doc,man,locale}
    [ -e "$libraries/$loader" ] || fail "the packages hold no $loader"

    for program in "$root"/usr/lib/postgresql/*/bin/* "$root"/usr/bin/mosquitto_* "$root"/usr/{bin,sbin}/{mosquitto,nats-server}; do
        [ -f "$program" ] || continue
        adopt_program "$program"
    done
    for program in initdb pg_ctl postgres psql mosquitto mosquitto_passwd mosquitto_pub mosquitto_sub nats-server; do
        [ -e "$TOOLS/bin/$program" ] || fail "the packages hold no $program"
    done
    for program in "$TOOLS"/bin/{postgres,psql,mosquitto,mosquitto_passwd,mosquitto_sub} "$root"/usr/lib/postgresql/*/lib/timescaledb*.so; do
        [ -e "$program" ] || continue
        if "$libraries/$loader" --library-path "$libraries" --list "$program" | grep -i 'not found' >&2; then
            fail "$program misses the libraries above"
        fi
    done
}

# Lets one program find its loader and libraries in the folder, and links it into bin. Programs without a loader
# (static ones, scripts) are linked as they are.
adopt_program() {
    local patchelf=("$libraries/$loader" --library-path "$libraries" "$root/usr/bin/patchelf")
    if "${patchelf[@]}" --print-interpreter "$1" >/dev/null 2>&1; then
        "${patchelf[@]}" --set-interpreter "$libraries/$loader" --force-rpath --set-rpath "$libraries" "$1"
    fi
    ln -sf "$1" "$TOOLS/bin/"
}

rm -rf "$TOOLS"
mkdir -p "$work"/{lists/partial,cache/archives/partial,etc/apt.conf.d,etc/preferences.d,debs} "$root" "$TOOLS/bin"
fetch_and_unpack
rm -rf "$work"
