-- Links to the hazard sheet of an incident, for people without an account.

-- Signs links. Made here, once, so that there is nothing to configure; whoever can read the database can read every sheet
-- anyway.
CREATE TABLE installation_key (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    secret bytea NOT NULL
);
INSERT INTO installation_key (secret) VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- A link is not stored: it holds this number and a signature, and is made anew whenever it is to be shown or printed.
CREATE TABLE sheet_link (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id uuid NOT NULL REFERENCES incident,
    label       text NOT NULL,              -- whom it is for
    created_at  timestamptz NOT NULL DEFAULT now(),
    created_by  bigint NOT NULL REFERENCES api_token,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz
);
CREATE INDEX sheet_link_by_incident ON sheet_link (incident_id, id);

-- Who opens a link has no token: the audit log names the link.
ALTER TABLE audit_log ADD COLUMN sheet_link_id bigint REFERENCES sheet_link;
CREATE INDEX audit_log_by_sheet_link ON audit_log (sheet_link_id) WHERE sheet_link_id IS NOT NULL;
