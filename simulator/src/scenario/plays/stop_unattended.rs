//! Drivers of petrol tankers leave their vehicles for 20 minutes at a stop place where nobody watches, and at one where
//! somebody does; and one is away for 30 s only.

use super::{Ground, Play, one_trip};
use crate::life::Span;

pub(super) const PLAY: Play =
    Play { key: "stop_unattended", story: "drivers leave their tankers alone, watched, and for a moment", stage };

fn stage(ground: &mut Ground<'_>) {
    ground.stop_place("Lay-by", (0.0, 0.0), false);
    ground.stop_place("Guarded park", (0.0, 2_000.0), true);
    for (north_m, away_s) in [(0.0, 1_200.0), (2_000.0, 1_200.0), (0.0, 30.0)] {
        let mut motion = one_trip(200.0, ground.drive(&[(-4_000.0, north_m), (0.0, north_m)], 60.0));
        let stopped_s = motion.ends_s();
        motion.depart(stopped_s + 1_800.0, ground.drive(&[(0.0, north_m), (4_000.0, north_m)], 60.0));
        let mut tanker = ground.tanker(motion);
        tanker.life.driver_present.during(Span::new(stopped_s + 240.0, stopped_s + 240.0 + away_s), false);
        ground.enter(tanker);
    }
}
