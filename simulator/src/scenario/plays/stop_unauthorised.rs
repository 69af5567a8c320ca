//! Tankers stop for 20 minutes on the open road, at a stop place, and at their destination; and for 5 minutes on the road.

use super::{Ground, Play, one_trip};
use crate::world::Spot;

pub(super) const PLAY: Play = Play {
    key: "stop_unauthorised",
    story: "tankers stop on the road for long and for a moment, at a stop place, and at their destination",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    ground.stop_place("Lorry park", (0.0, 2_000.0), false);
    for (north_m, stop_s) in [(0.0, 1_200.0), (2_000.0, 1_200.0), (0.0, 300.0)] {
        let mut motion = one_trip(200.0, ground.drive(&[(-4_000.0, north_m), (0.0, north_m)], 60.0));
        let goes_on_s = motion.ends_s() + stop_s;
        motion.depart(goes_on_s, ground.drive(&[(0.0, north_m), (4_000.0, north_m)], 60.0));
        let tanker = ground.tanker(motion);
        ground.enter(tanker);
    }
    let there = ground.drive(&[(-4_000.0, 4_000.0), (0.0, 4_000.0)], 60.0);
    let mut tanker = ground.tanker(one_trip(200.0, there));
    tanker.life.whole.to_s += 1_500.0;
    let destination = Spot { place: ground.at(0.0, 4_000.0), radius_m: 200.0 };
    for shipment in &mut tanker.shipments {
        shipment.destination = Some(destination);
        shipment.ends_s += 1_500.0;
    }
    ground.enter(tanker);
}
