//! Vehicles with blasting explosives: two drive 20 m apart for minutes, two stand 20 m apart on the road, two stand 20 m
//! apart at a stop place, two meet on opposite lanes, and two drive 400 m apart. The first two pairs are too near.

use super::{
    Ground, Play,
    ground::{explosives, load},
    one_trip,
};
use crate::life::Motion;

pub(super) const PLAY: Play =
    Play { key: "separation", story: "explosives drive and stand too near to each other, meet, and keep apart", stage };

fn stage(ground: &mut Ground<'_>) {
    // Apart, in metres to the east, all the way.
    for (north_m, apart_m) in [(0.0, 20.0), (8_000.0, 400.0)] {
        for ahead_m in [0.0, apart_m] {
            let trip = ground.drive(&[(-4_000.0 + ahead_m, north_m), (4_000.0 + ahead_m, north_m)], 60.0);
            enter(ground, one_trip(200.0, trip));
        }
    }
    ground.stop_place("Park for explosives", (0.0, 4_000.0), true);
    for (north_m, stands_s) in [(2_000.0, 400.0), (4_000.0, 1_800.0)] {
        for (from_m, stop_m) in [(-4_000.0, -10.0), (4_000.0, 10.0)] {
            let mut motion = one_trip(200.0, ground.drive(&[(from_m, north_m), (stop_m, north_m)], 60.0));
            let goes_on_s = motion.ends_s() + stands_s;
            motion.depart(goes_on_s, ground.drive(&[(stop_m, north_m), (from_m, north_m)], 60.0));
            enter(ground, motion);
        }
    }
    for (from_m, lane_m) in [(-4_000.0, 6_000.0), (4_000.0, 6_005.0)] {
        let trip = ground.drive(&[(from_m, lane_m), (-from_m, lane_m)], 60.0);
        enter(ground, one_trip(200.0, trip));
    }
}

fn enter(ground: &mut Ground<'_>, motion: Motion) {
    let mut vehicle = ground.tanker(motion);
    load(&mut vehicle, &explosives());
    ground.enter(vehicle);
}
