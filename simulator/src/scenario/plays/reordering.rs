//! A third of all messages are overtaken by later ones, by ten seconds to half a minute. The vehicle crosses two closed areas
//! and speeds between them: one episode each, where and when it happened.

use super::{Ground, Play, drive, one_trip};
use crate::world::{Kind, Predicate};

pub(super) const PLAY: Play =
    Play { key: "reordering", story: "every third message is overtaken by later ones", stage };

fn stage(ground: &mut Ground<'_>) {
    for (name, east_m) in [("Closed quarter", -3_000.0), ("Closed park", 3_000.0)] {
        let area = ground.rectangle((east_m - 700.0, east_m + 700.0), (-400.0, 400.0));
        ground.zone(name, Kind::Prohibited(Predicate::any()), area);
    }
    let road = ground.road(&[(-8_000.0, 0.0), (8_000.0, 0.0)], 70.0);
    let fast = road.with_stretch(7_000.0, 9_000.0, |part| part.limit_kmh = 100.0);
    let mut tanker = ground.tanker(one_trip(200.0, drive(fast)));
    tanker.device.overtaken = 0.33;
    ground.enter(tanker);
}
