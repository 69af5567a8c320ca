#!/usr/bin/env bash
# Writes the users file of deploy/nats/nats.conf.
#
#   nats-accounts.sh < LINES > users.conf    LINES are `user:password`, one account each
#
# The users and what they may do are the same as for Mosquitto (broker-accounts.sh, deploy/mosquitto/acl), but NATS has
# no patterns, so each user has its own list. Topics become subjects: `/` is `.`. Passwords stand as they are given, so
# the file is for NATS's eyes only; it also takes bcrypt hashes. Topics of another layout ([[ingest.sources]] in the
# configuration) have to be added to the lists by hand.
set -euo pipefail

exec awk '
    function quoted_list(subjects, n,   i, text) {
        for (i = 1; i <= n; i++) text = text (i > 1 ? ", " : "") "\"" subjects[i] "\""
        return "[" text "]"
    }
    # What a session needs for itself: QoS 1 is delivered on subjects below $MQTT.sub.
    function add_user(user, password, writes, reads,   p, s, n, m) {
        n = split(writes, p, " "); m = split(reads " $MQTT.sub.>", s, " ")
        printf "    {user: \"%s\", password: \"%s\", permissions: {publish: %s, subscribe: %s}}\n", user, password, quoted_list(p, n), quoted_list(s, m)
    }
    BEGIN { print "users: [" }
    {
        at = index($0, ":"); user = substr($0, 1, at - 1); password = substr($0, at + 1)
        # A dot in a name would be a level of its own in a subject.
        if (at < 2 || password == "" || password ~ /["\\]/ || user !~ /^(placard|gateway-[A-Za-z0-9_-]+|[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+)$/) {
            printf "placard: error: line %d: expected placard, gateway-OPERATOR or OPERATOR/VEHICLE (letters, digits, - and _), a colon, and a password\n", NR > "/dev/stderr"
            exit 1
        }
        if (user == "placard") {
            add_user(user, password, "placard.v1.*.*.ack placard.v1.*.*.resend placard.v1.*.*.alert placard.v1.incidents.>", "placard.v1.>")
        } else if (user ~ /^gateway-/) {
            own = "placard.v1." substr(user, 9)
            add_user(user, password, own ".>", own ".*.ack " own ".*.resend " own ".*.alert")
        } else {
            own = user; sub("/", ".", own); own = "placard.v1." own
            add_user(user, password, own ".position " own ".event " own ".owntracks " own ".traccar " own ".jt808 " own ".status", own ".ack " own ".resend " own ".alert")
        }
    }
    END { print "]" }'
