-- Questions of the past begin with a time: "who was here between two and four o'clock". Fixes are stored about in the order
-- of their times, so the least and greatest time of each run of pages is enough to leave out most of a day, and costs
-- next to nothing to keep.
CREATE INDEX position_by_time ON position USING brin (fix_time) WITH (pages_per_range = 32);
