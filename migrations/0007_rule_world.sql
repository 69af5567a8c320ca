-- What the rules judge by beside zones, routes and shipments: rule packs, calendars, permits, drivers and documents.

-- Versions of rule packs. They are never edited; which one is in force follows from their times and numbers.
CREATE TABLE rule_pack (
    jurisdiction   text NOT NULL,           -- adr, cn, us, sg, or an authority's own
    version        integer NOT NULL,
    document       jsonb NOT NULL,          -- checked before it is stored
    effective_from timestamptz NOT NULL,    -- by the time of the fix
    effective_to   timestamptz,
    published_at   timestamptz NOT NULL DEFAULT now(),
    publisher_id   bigint REFERENCES organisation,  -- null: came with the program
    PRIMARY KEY (jurisdiction, version)
);
CREATE RULE rule_pack_no_update AS ON UPDATE TO rule_pack DO INSTEAD NOTHING;
CREATE RULE rule_pack_no_delete AS ON DELETE TO rule_pack DO INSTEAD NOTHING;

-- Holidays. Schedules of zones and permits name a calendar by its code.
CREATE TABLE calendar (
    code         text PRIMARY KEY,
    name         text NOT NULL,
    days         date[] NOT NULL,
    publisher_id bigint NOT NULL REFERENCES organisation,
    published_at timestamptz NOT NULL DEFAULT now()
);

-- Permits to do what a rule forbids.
CREATE TABLE exemption (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    permit          text NOT NULL,          -- number of the permit, as its holder shows it
    publisher_id    bigint NOT NULL REFERENCES organisation,
    operator_id     bigint REFERENCES organisation,  -- null: all operators
    vehicle_id      bigint REFERENCES vehicle,       -- null: all of the operator's
    rules           text[] NOT NULL CHECK (rules <> '{}'),
    zone_id         bigint REFERENCES zone,          -- null: everywhere
    zone_group      text,
    valid_from      timestamptz NOT NULL,
    valid_to        timestamptz NOT NULL CHECK (valid_to >= valid_from),
    schedule        jsonb,                  -- null: at all times
    escort_required boolean NOT NULL,
    conditions      text[] NOT NULL,        -- in words, which no machine can check
    granted_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX exemption_valid ON exemption (valid_to);

CREATE TABLE driver (
    operator_id bigint NOT NULL REFERENCES organisation,
    code        text NOT NULL,              -- as devices send it
    name        text NOT NULL,
    documents   jsonb NOT NULL,
    PRIMARY KEY (operator_id, code)
);

ALTER TABLE vehicle
    ADD COLUMN jurisdiction     text,       -- whose rules bind it; null: the installation's
    ADD COLUMN documents        jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN licensed_classes jsonb NOT NULL DEFAULT '[]',  -- empty: all
    ADD COLUMN tank_media       jsonb NOT NULL DEFAULT '[]',  -- UN numbers; empty: all
    ADD COLUMN rated_load_kg    double precision CHECK (rated_load_kg > 0);

ALTER TABLE shipment
    ADD COLUMN driver          text,        -- in the operator's own codes, as devices send them
    ADD COLUMN escort          text,
    ADD COLUMN escort_required boolean NOT NULL DEFAULT false,
    ADD COLUMN origin          jsonb,       -- lat, lon, radius_m
    ADD COLUMN destination     jsonb,
    ADD COLUMN depart_after    timestamptz,
    ADD COLUMN arrive_from     timestamptz,
    ADD COLUMN arrive_by       timestamptz,
    ADD COLUMN cargo_limits    jsonb NOT NULL DEFAULT '{}';

ALTER TABLE route_version
    ADD COLUMN sections        jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN police_approved boolean NOT NULL DEFAULT false;

ALTER TABLE zone_version
    ADD COLUMN schedule   jsonb,            -- null: at all times
    ADD COLUMN zone_group text,             -- zones of one group share one episode
    ADD COLUMN dwell_s    double precision CHECK (dwell_s > 0);
