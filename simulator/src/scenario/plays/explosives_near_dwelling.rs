//! A stop place lies 60 m from houses. A vehicle with blasting explosives stands there for 20 minutes, which is nearer than
//! 91 m; petrol may stand there; explosives may stand at the next stop place, 300 m from any house.

use super::{
    Ground, Play,
    ground::{explosives, load},
    one_trip,
};
use crate::world::{Area, Kind, Vulnerable};

pub(super) const PLAY: Play = Play {
    key: "explosives_near_dwelling",
    story: "explosives stand too near to houses, though at a stop place",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let houses = Area::rectangle(ground.at(0.0, 60.0), (-100.0, 100.0), (0.0, 80.0));
    ground.zone("Houses", Kind::VulnerablePlace(Vulnerable::Dwelling), houses);
    ground.stop_place("Lay-by at the houses", (0.0, 0.0), true);
    ground.stop_place("Lay-by in the fields", (0.0, -300.0), true);
    for (north_m, explosive) in [(0.0, true), (0.0, false), (-300.0, true)] {
        // The explosives come one after another, so that they do not meet.
        let begins_s = if north_m < 0.0 { 4_000.0 } else { 0.0 };
        let mut motion = one_trip(begins_s + 200.0, ground.drive(&[(-4_000.0, north_m), (0.0, north_m)], 60.0));
        let goes_on_s = motion.ends_s() + 1_200.0;
        motion.depart(goes_on_s, ground.drive(&[(0.0, north_m), (4_000.0, north_m)], 60.0));
        let mut vehicle = ground.tanker(motion);
        if explosive {
            load(&mut vehicle, &explosives());
        }
        ground.enter(vehicle);
    }
}
