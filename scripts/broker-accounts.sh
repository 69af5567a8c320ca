#!/usr/bin/env bash
# Adds Mosquitto accounts, or gives them a new password.
#
#   broker-accounts.sh DIR < LINES    LINES are `user:password`, one account each
#
# DIR holds `passwords` and `acl`, the files that deploy/mosquitto/mosquitto.conf names. Users are
#   placard               the server
#   gateway-OPERATOR      one operator's gateway: writes for all its vehicles
#   OPERATOR/VEHICLE      one device: writes under its own operator and vehicle only
# The access list is made anew from deploy/mosquitto/acl with a block for each gateway, because a pattern knows only
# the whole user name. A running broker (DIR/mosquitto.pid, or the file named by MOSQUITTO_PID_FILE) reads both again.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

[ $# = 1 ] && [ -d "$1" ] || fail "usage: broker-accounts.sh DIR < lines of user:password, where DIR is a folder"
dir=$(realpath -m "$1")
hash=$ROOT/.dev/tools/bin/mosquitto_passwd
[ -x "$hash" ] || hash=$(command -v mosquitto_passwd) || fail "mosquitto_passwd is missing: run './dev services' once, or install Mosquitto"

umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A name is also part of a topic: a wildcard or one slash more in it would open other vehicles' topics.
awk -F: -v OFS=: '
    !/:/ || $1 !~ /^(placard|gateway-[A-Za-z0-9._-]+|[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+)$/ || length($0) < length($1) + 2 {
        printf "placard: error: line %d: expected placard, gateway-OPERATOR or OPERATOR/VEHICLE, a colon, and a password\n", NR > "/dev/stderr"
        bad = 1; exit 1
    }
    !($1 in line) { order[++n] = $1 }
    { line[$1] = $0 }
    END { if (!bad) for (i = 1; i <= n; i++) print line[order[i]] }' >"$work/new"

# One file is hashed at once: a process for each of thousands of accounts would take minutes.
if [ -s "$work/new" ]; then "$hash" -U "$work/new" || fail "mosquitto_passwd could not hash the passwords"; fi
if [ -e "$dir/passwords" ]; then cat "$dir/passwords" >"$work/old"; else : >"$work/old"; fi
awk -F: 'NR == FNR { new[$1]; print; next } !($1 in new)' "$work/new" "$work/old" >"$work/passwords"
# With no new account awk takes the old file for the first one, and prints it: what is wanted.

{
    cat "$ROOT/deploy/mosquitto/acl"
    sed -n 's/^gateway-\([^:]*\):.*/\1/p' "$work/passwords" | sort | while read -r operator; do
        printf '\nuser gateway-%s\n' "$operator"
        printf 'topic write placard/v1/%s/#\n' "$operator"
        printf 'topic read placard/v1/%s/+/%s\n' "$operator" ack "$operator" resend "$operator" alert
    done
} >"$work/acl"

# Replaced whole, never half written, and readable by the broker alone.
for file in passwords acl; do
    cp --remove-destination "$work/$file" "$dir/$file.new"
    chown --reference="$dir" "$dir/$file.new"
    mv "$dir/$file.new" "$dir/$file"
done

if pid=$(live_pid "${MOSQUITTO_PID_FILE:-$dir/mosquitto.pid}" mosquitto); then kill -HUP "$pid"; fi
