-- Who may ask and who may write.

CREATE TABLE organisation (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code       text NOT NULL UNIQUE,        -- one MQTT topic level: placard/v1/{code}/…
    name       text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('operator', 'regulator', 'responder', 'admin')),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api_token (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES organisation,
    role            text NOT NULL CHECK (role IN ('operator', 'regulator', 'responder', 'admin')),
    label           text NOT NULL,
    token_sha256    bytea NOT NULL UNIQUE,  -- the token itself is shown once and never stored
    created_at      timestamptz NOT NULL DEFAULT now(),
    revoked_at      timestamptz
);

-- Who looked at or changed what. Rows are only ever added.
CREATE TABLE audit_log (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at              timestamptz NOT NULL DEFAULT now(),
    organisation_id bigint REFERENCES organisation,   -- null: the command line
    token_id        bigint REFERENCES api_token,
    action          text NOT NULL,                    -- e.g. incident.view, shipment.view, zone.publish
    subject         text NOT NULL,                    -- e.g. incident/…, shipment/12
    detail          jsonb
);
CREATE RULE audit_log_no_update AS ON UPDATE TO audit_log DO INSTEAD NOTHING;
CREATE RULE audit_log_no_delete AS ON DELETE TO audit_log DO INSTEAD NOTHING;
