-- What was found.

CREATE TABLE violation (
    id            uuid PRIMARY KEY,         -- derived from vehicle, rule, subject and opening
    vehicle_id    bigint NOT NULL REFERENCES vehicle,
    operator_id   bigint NOT NULL REFERENCES organisation,
    rule          text NOT NULL,
    subject       text NOT NULL,
    zone_id       bigint,
    zone_version  integer,
    severity      smallint NOT NULL CHECK (severity BETWEEN 1 AND 4),
    certainty     text NOT NULL CHECK (certainty IN ('possible', 'likely', 'observed')),
    entry         text NOT NULL CHECK (entry IN ('crossed', 'found_inside')),
    opened_at     timestamptz NOT NULL,
    opened_lat    double precision,
    opened_lon    double precision,
    closed_at     timestamptz,
    closed_lat    double precision,
    closed_lon    double precision,
    peak          double precision,
    hits          integer NOT NULL,
    world_version bigint NOT NULL,
    cargo_unknown boolean NOT NULL,
    recorded_at   timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (zone_id, zone_version) REFERENCES zone_version (zone_id, version)
);
-- One order for every list: newest first, the id to tell equals apart.
CREATE INDEX violation_newest ON violation (opened_at DESC, id DESC);
CREATE INDEX violation_by_operator ON violation (operator_id, opened_at DESC, id DESC);
CREATE INDEX violation_by_vehicle ON violation (vehicle_id, opened_at DESC, id DESC);
CREATE INDEX violation_by_rule ON violation (rule, opened_at DESC, id DESC);
CREATE INDEX violation_open ON violation (vehicle_id, rule, subject) WHERE closed_at IS NULL;

CREATE TABLE incident (
    id              uuid PRIMARY KEY,       -- derived from the first trigger
    vehicle_id      bigint NOT NULL REFERENCES vehicle,
    operator_id     bigint NOT NULL REFERENCES organisation,
    shipment_id     bigint REFERENCES shipment,
    level           smallint NOT NULL CHECK (level BETWEEN 1 AND 4),
    level_reasons   jsonb NOT NULL,
    raised_at       timestamptz NOT NULL,   -- when it happened, by the device
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    acknowledged_at timestamptz,
    acknowledged_by bigint REFERENCES api_token,
    closed_at       timestamptz,
    closed_by       bigint REFERENCES api_token,
    sheet           jsonb NOT NULL          -- what responders read, frozen when the incident was raised
);
CREATE INDEX incident_newest ON incident (raised_at DESC, id DESC);
CREATE INDEX incident_open_by_vehicle ON incident (vehicle_id) WHERE closed_at IS NULL;

-- What raised the incident and what joined it. A violation triggers once.
CREATE TABLE incident_trigger (
    violation_id uuid PRIMARY KEY REFERENCES violation,
    incident_id  uuid NOT NULL REFERENCES incident,
    rule         text NOT NULL,
    triggered_at timestamptz NOT NULL
);
CREATE INDEX incident_trigger_by_incident ON incident_trigger (incident_id);
