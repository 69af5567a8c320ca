-- Late data is judged again in its place. What that needs, and what it may change.

-- More of what came with a fix, for rules that ask for it.
ALTER TABLE position
    ADD COLUMN escort      text,
    ADD COLUMN odometer_km double precision,
    ADD COLUMN buffered    boolean NOT NULL DEFAULT false;

-- States along the way: the engine's state of a vehicle before the first thing heard at or after `at`. Judging again starts
-- from the last one before what came late.
CREATE TABLE engine_checkpoint (
    vehicle_id   bigint NOT NULL REFERENCES vehicle,
    at           timestamptz NOT NULL,
    engine_state json NOT NULL,
    PRIMARY KEY (vehicle_id, at)
);

ALTER TABLE violation
    ADD COLUMN situation     text NOT NULL DEFAULT '',   -- which of several conditions of the rule is broken
    ADD COLUMN limit_value   double precision,           -- what the peak is held against, in its unit
    ADD COLUMN jurisdiction  text NOT NULL DEFAULT 'none', -- the rule pack that it was judged by when it opened; those from
    ADD COLUMN pack_version  integer NOT NULL DEFAULT 0,   -- before there were packs were judged by none
    ADD COLUMN driver        text,
    ADD COLUMN exempted_by   bigint REFERENCES exemption,
    ADD COLUMN detected_late boolean NOT NULL DEFAULT false,
    ADD COLUMN version       integer NOT NULL DEFAULT 1, -- raised when late data amends it
    ADD COLUMN withdrawn_at  timestamptz;                -- late data showed that it did not happen

ALTER TABLE violation ALTER COLUMN jurisdiction DROP DEFAULT, ALTER COLUMN pack_version DROP DEFAULT;

-- What an amended violation said before.
CREATE TABLE violation_version (
    violation_id uuid NOT NULL REFERENCES violation,
    version      integer NOT NULL,
    said         jsonb NOT NULL,                         -- the row as it was
    replaced_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (violation_id, version)
);

-- Breaches ahead of which a driver was warned.
CREATE TABLE warning (
    id           uuid PRIMARY KEY,                       -- derived from vehicle, rule, subject and time
    vehicle_id   bigint NOT NULL REFERENCES vehicle,
    operator_id  bigint NOT NULL REFERENCES organisation,
    rule         text NOT NULL,
    subject      text NOT NULL,
    zone_id      bigint,
    zone_version integer,
    warned_at    timestamptz NOT NULL,
    in_s         double precision NOT NULL,
    distance_m   double precision,
    lat          double precision,
    lon          double precision
);
CREATE INDEX warning_by_vehicle ON warning (vehicle_id, warned_at DESC);
ALTER TABLE feed DROP CONSTRAINT feed_kind_check, ADD CHECK (kind IN ('violation', 'incident', 'warning'));
