-- The world that fixes are judged by: vehicles, shipments, zones, routes. The server loads it as one snapshot; each
-- change raises the version and tells the servers over the channel placard_world.

CREATE TABLE world_version (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version    bigint NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO world_version (version) VALUES (1);

CREATE TABLE vehicle (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operator_id     bigint NOT NULL REFERENCES organisation,
    code            text NOT NULL,          -- one MQTT topic level: placard/v1/{operator}/{code}/…
    registration    text,
    dangerous_goods boolean NOT NULL,
    speed_limit_kmh double precision CHECK (speed_limit_kmh > 0),
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (operator_id, code)
);

CREATE TABLE route (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    publisher_id bigint NOT NULL REFERENCES organisation
);
CREATE TABLE route_version (
    route_id     bigint NOT NULL REFERENCES route,
    version      integer NOT NULL,
    name         text NOT NULL,
    path         jsonb NOT NULL,            -- GeoJSON LineString
    half_width_m double precision NOT NULL CHECK (half_width_m > 0),
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (route_id, version)
);

CREATE TABLE shipment (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vehicle_id bigint NOT NULL REFERENCES vehicle,
    operator_id bigint NOT NULL REFERENCES organisation,
    waybill    text NOT NULL,
    goods      jsonb NOT NULL,              -- goods lines of the transport document
    contacts   jsonb NOT NULL,
    route_id   bigint REFERENCES route,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz CHECK (ends_at > starts_at),
    filed_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (operator_id, waybill)
);
CREATE INDEX shipment_by_vehicle ON shipment (vehicle_id, starts_at);

-- A zone keeps its id; what it says is in versions, which are never edited. A new version ends the one before.
CREATE TABLE zone (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    publisher_id bigint NOT NULL REFERENCES organisation
);
CREATE TABLE zone_version (
    zone_id      bigint NOT NULL REFERENCES zone,
    version      integer NOT NULL,
    name         text NOT NULL,
    kind         text NOT NULL,
    definition   jsonb NOT NULL,            -- what the kind needs: cargo predicate, limit, tunnel category
    area         jsonb NOT NULL,            -- GeoJSON Polygon or MultiPolygon, checked before it is stored
    valid_from   timestamptz NOT NULL,      -- by the time of the fix
    valid_to     timestamptz,
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (zone_id, version)
);
CREATE INDEX zone_version_in_force ON zone_version (valid_to);
