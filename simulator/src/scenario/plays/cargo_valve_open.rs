//! A tanker drives with an open valve; another opens it only while it stands at the depot; a third device reports it.

use super::{Ground, Play, one_trip};
use crate::{
    device::EventKind,
    life::Span,
    world::{Area, Kind},
};

pub(super) const PLAY: Play =
    Play { key: "cargo_valve_open", story: "valves are open on the way, and at the depot", stage };

fn stage(ground: &mut Ground<'_>) {
    let depot = Area::circle(ground.at(5_000.0, 0.0), 300.0);
    ground.zone("Depot", Kind::UnloadingPlace, depot);
    for case in 0..3 {
        let trip = ground.drive(&[(-5_000.0, 0.0), (5_000.0, 0.0)], 60.0);
        let motion = one_trip(200.0, trip);
        let arrived_s = motion.ends_s();
        let mut tanker = ground.tanker(motion);
        match case {
            0 => tanker.life.valve_open.during(Span::new(400.0, 520.0), true),
            1 => tanker.life.valve_open.during(Span::new(arrived_s + 30.0, arrived_s + 330.0), true),
            _ => tanker.life.alarms.push((450.0, EventKind::ValveOpen)),
        }
        ground.enter(tanker);
    }
}
