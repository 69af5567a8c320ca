//! Speeding in four grades: a little for a minute, 30 % for two minutes, 60 % for half a minute, and 20 % for four
//! seconds, which is too short to count. Another tanker keeps 4 km/h below the limit all the way.

use super::{Ground, Play, drive, one_trip};

pub(super) const PLAY: Play = Play {
    key: "speed_limit",
    story: "tankers drive too fast by some, by much, too shortly to count, and not at all",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    for (kmh, length_m) in [(84.0, 2_500.0), (104.0, 3_600.0), (128.0, 3_000.0)] {
        let road = ground.road(&[(-8_000.0, 0.0), (8_000.0, 0.0)], 75.0);
        let fast = drive(road.with_stretch(6_000.0, 6_000.0 + length_m, |part| part.limit_kmh = kmh));
        let tanker = ground.tanker(one_trip(300.0, fast));
        ground.enter(tanker);
    }
    // At 0.5 m/s² up and 0.8 m/s² down, a stretch of 60 m is over the limit for a few seconds only.
    let road = ground.road(&[(-8_000.0, 0.0), (8_000.0, 0.0)], 76.0);
    let short = drive(road.with_stretch(6_000.0, 6_060.0, |part| part.limit_kmh = 96.0));
    let tanker = ground.tanker(one_trip(300.0, short));
    ground.enter(tanker);
    let careful = ground.drive(&[(-8_000.0, 0.0), (8_000.0, 0.0)], 76.0);
    let tanker = ground.tanker(one_trip(300.0, careful));
    ground.enter(tanker);
}
