-- What has to be told, and to whom. Written in the transaction that found it, delivered afterwards, at least once.

CREATE TABLE webhook (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES organisation,
    url             text NOT NULL,
    secret          text NOT NULL,          -- signs deliveries, so it is needed in clear
    created_at      timestamptz NOT NULL DEFAULT now(),
    ended_at        timestamptz
);

CREATE TABLE outbox (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dedup_key       text NOT NULL UNIQUE,   -- what it is about and for whom: the same thing is never told twice
    channel         text NOT NULL CHECK (channel IN ('mqtt', 'webhook')),
    topic           text,                   -- mqtt: where to
    retain          boolean NOT NULL DEFAULT false,
    webhook_id      bigint REFERENCES webhook,
    payload         text NOT NULL,          -- JSON; empty clears a retained topic
    created_at      timestamptz NOT NULL DEFAULT now(),
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    attempts        integer NOT NULL DEFAULT 0,
    last_error      text,
    delivered_at    timestamptz
);
CREATE INDEX outbox_due ON outbox (channel, next_attempt_at, id) WHERE delivered_at IS NULL;

-- Violations and incidents as they were told to live listeners, in the order in which they became visible. Writers take
-- the lock of placard_feed_append() first, so that a listener who has seen number n has seen all before it.
CREATE TABLE feed (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('violation', 'incident')),
    operator_id bigint NOT NULL,
    payload     jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- Serialises the transactions that add to the feed, from here to their commit, and wakes the listeners at the commit.
CREATE FUNCTION placard_feed_append() RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtext('placard.feed'));
    SELECT pg_notify('placard_feed', '');
$$;

-- Raises the world's version and wakes the servers at the commit.
CREATE FUNCTION placard_world_changed() RETURNS bigint LANGUAGE sql AS $$
    SELECT pg_notify('placard_world', '');
    UPDATE world_version SET version = version + 1, changed_at = now() RETURNING version;
$$;
