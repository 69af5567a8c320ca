-- What vehicles sent.

-- Every distinct fix, once. The key is what makes redelivery harmless. There is no foreign key to vehicle: it would be
-- looked up for every row, and the only writer has just resolved the vehicle.
CREATE TABLE position (
    vehicle_id     bigint NOT NULL,
    fix_time       timestamptz NOT NULL,
    seq            bigint NOT NULL,
    received_at    timestamptz NOT NULL,
    lat            double precision NOT NULL,
    lon            double precision NOT NULL,
    speed_kmh      real,
    heading_deg    real,
    accuracy_m     real,
    altitude_m     real,
    satellites     smallint,
    ignition       boolean,
    judgement      smallint NOT NULL,       -- 0 judged in order, 1 stored out of order, 2 implausible
    driver         text,
    sensors        jsonb,
    unknown_fields jsonb,
    UNIQUE (vehicle_id, fix_time, seq)
);
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
        PERFORM create_hypertable('position', 'fix_time',
                                  chunk_time_interval => interval '1 day', create_default_indexes => false);
    END IF;
END
$$;

-- One row a vehicle: its newest judged fix and the engine's state after it, written in the same transaction. It is the
-- answer to "where is it now", and all that a restarted server needs to go on. Room is left in each page so that the
-- constant updates stay within it.
CREATE TABLE vehicle_state (
    vehicle_id   bigint PRIMARY KEY REFERENCES vehicle,
    fix_time     timestamptz,
    seq          bigint,
    lat          double precision,
    lon          double precision,
    speed_kmh    real,
    heading_deg  real,
    accuracy_m   real,
    engine_state json NOT NULL,
    stored_at    timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Device alarms, once each.
CREATE TABLE device_event (
    vehicle_id  bigint NOT NULL REFERENCES vehicle,
    event_time  timestamptz NOT NULL,
    seq         bigint NOT NULL,
    kind        text NOT NULL,
    lat         double precision,
    lon         double precision,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (vehicle_id, event_time, kind, seq)
);

-- Messages, or parts of messages, that could not be used. The digest of topic and payload keeps a redelivered one from
-- being stored twice.
CREATE TABLE dead_letter (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest        bytea NOT NULL UNIQUE,
    received_at   timestamptz NOT NULL,
    topic         text NOT NULL,
    operator_id   bigint REFERENCES organisation,   -- where the topic names a known operator
    reason        text NOT NULL,
    detail        text NOT NULL,
    payload       bytea NOT NULL,                   -- the first 4 KiB
    payload_bytes bigint NOT NULL                   -- its whole length
);
CREATE INDEX dead_letter_by_operator ON dead_letter (operator_id, id DESC);
