-- The distance between vehicles is judged after their fixes are stored, from the stored tracks. What that needs.

-- Where the tracks of vehicles whose distance to others is watched have something new. Written with the fixes, taken out when it
-- has been judged. Rows are only added and removed, so that no writer ever waits for the judging.
CREATE TABLE separation_due (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vehicle_id    bigint NOT NULL REFERENCES vehicle,
    from_time     timestamptz NOT NULL,   -- time of the first fix that is new
    to_time       timestamptz NOT NULL,   -- time of the last
    world_version bigint NOT NULL         -- the world that the fixes were judged by: a server that does not know it yet waits
);

-- What is open about two vehicles, and what ended since some time.
CREATE INDEX violation_of_separation ON violation (closed_at) WHERE rule = 'separation' AND withdrawn_at IS NULL;
