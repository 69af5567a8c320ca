//! Half of all messages come twice, seconds apart. The vehicle crosses a closed area, speeds, and presses the button once:
//! one episode each, whoever hears it twice.

use super::{Ground, Play, drive, one_trip};
use crate::{
    device::EventKind,
    world::{Kind, Predicate},
};

pub(super) const PLAY: Play = Play { key: "duplicates", story: "every second message comes twice", stage };

fn stage(ground: &mut Ground<'_>) {
    let area = ground.rectangle((-1_000.0, 1_000.0), (-400.0, 400.0));
    ground.zone("Closed quarter", Kind::Prohibited(Predicate::any()), area);
    let road = ground.road(&[(-8_000.0, 0.0), (8_000.0, 0.0)], 70.0);
    let fast = road.with_stretch(12_000.0, 14_000.0, |part| part.limit_kmh = 95.0);
    let mut tanker = ground.tanker(one_trip(200.0, drive(fast)));
    tanker.life.alarms.push((400.0, EventKind::Sos));
    tanker.device.twice = 0.5;
    ground.enter(tanker);
}
