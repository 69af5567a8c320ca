-- The life of an incident: its states, who judged its level, what it was merged into, and everything that was done.

ALTER TABLE incident
    ALTER COLUMN vehicle_id DROP NOT NULL,  -- null: reported without a vehicle; operator_id is then who took the report
    ADD COLUMN state              text NOT NULL DEFAULT 'raised' CHECK (state IN ('raised', 'acknowledged', 'dispatched',
        'on_scene', 'controlled', 'closed', 'reviewed', 'false_alarm', 'merged')),
    ADD COLUMN severity           smallint NOT NULL DEFAULT 1 CHECK (severity BETWEEN 1 AND 4), -- of its gravest trigger
    ADD COLUMN seen_at            timestamptz,   -- when a responder first opened or listed it
    ADD COLUMN dispatched_at      timestamptz,
    ADD COLUMN on_scene_at        timestamptz,
    ADD COLUMN controlled_at      timestamptz,
    ADD COLUMN reviewed_at        timestamptz,
    ADD COLUMN level_confirmed_at timestamptz,   -- null: the level is preliminary
    ADD COLUMN level_confirmed_by bigint REFERENCES api_token,
    ADD COLUMN merged_into        uuid REFERENCES incident; -- where it goes on; that one is merged into no other
UPDATE incident SET state = CASE WHEN closed_at IS NOT NULL THEN 'closed'
                                 WHEN acknowledged_at IS NOT NULL THEN 'acknowledged' ELSE 'raised' END;
ALTER TABLE incident ALTER COLUMN severity DROP DEFAULT,
    ADD CHECK ((closed_at IS NOT NULL) = (state IN ('closed', 'reviewed', 'false_alarm', 'merged')));
CREATE INDEX incident_merged ON incident (merged_into) WHERE merged_into IS NOT NULL;

-- A report by telephone triggers without a violation.
ALTER TABLE incident_trigger DROP CONSTRAINT incident_trigger_pkey, ALTER COLUMN violation_id DROP NOT NULL,
    ADD UNIQUE (violation_id), ADD CHECK (violation_id IS NOT NULL OR rule = 'telephone');

-- The timeline. Rows are only ever added.
CREATE TABLE incident_entry (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id     uuid NOT NULL REFERENCES incident,
    happened_at     timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    token_id        bigint REFERENCES api_token,      -- null: Placard itself
    organisation_id bigint REFERENCES organisation,
    kind            text NOT NULL CHECK (kind IN ('trigger', 'level', 'step', 'note', 'merge', 'seen')),
    detail          jsonb NOT NULL
);
CREATE INDEX incident_entry_by_incident ON incident_entry (incident_id, id);
INSERT INTO incident_entry (incident_id, happened_at, recorded_at, token_id, organisation_id, kind, detail)
SELECT e.incident_id, e.happened_at, e.recorded_at, e.token_id, t.organisation_id, e.kind, e.detail
FROM (SELECT g.incident_id, g.triggered_at AS happened_at, i.recorded_at, NULL::bigint AS token_id, 'trigger' AS kind,
             jsonb_build_object('rule', g.rule, 'violation_id', g.violation_id) AS detail
      FROM incident_trigger g JOIN incident i ON i.id = g.incident_id
      UNION ALL
      SELECT id, acknowledged_at, acknowledged_at, acknowledged_by, 'step', '{"step": "acknowledged"}'
      FROM incident WHERE acknowledged_at IS NOT NULL
      UNION ALL
      SELECT id, closed_at, closed_at, closed_by, 'step', '{"step": "closed"}'
      FROM incident WHERE closed_at IS NOT NULL) e
LEFT JOIN api_token t ON t.id = e.token_id
ORDER BY e.happened_at;
CREATE RULE incident_entry_no_update AS ON UPDATE TO incident_entry DO INSTEAD NOTHING;
CREATE RULE incident_entry_no_delete AS ON DELETE TO incident_entry DO INSTEAD NOTHING;

-- Which incident a message is about, so that its first delivery is found.
ALTER TABLE outbox ADD COLUMN incident_id uuid GENERATED ALWAYS AS
    (CASE WHEN dedup_key LIKE 'incident/%' THEN substring(dedup_key FROM 10 FOR 36)::uuid END) STORED;
CREATE INDEX outbox_by_incident ON outbox (incident_id, delivered_at) WHERE incident_id IS NOT NULL;
