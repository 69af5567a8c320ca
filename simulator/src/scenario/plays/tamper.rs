//! Somebody meddles with devices on the way: the supply is cut, the antenna unscrewed, the case opened, the door of a load
//! space opened on the road, and one device reports it by itself. A door that is opened at a stop place is no matter.

use super::{
    Ground, Play,
    ground::{explosives, load},
    one_trip,
};
use crate::{device::EventKind, life::Span};

pub(super) const PLAY: Play =
    Play { key: "tamper", story: "supply, antenna, case and doors are meddled with on the way", stage };

fn stage(ground: &mut Ground<'_>) {
    let span = Span::new(500.0, 620.0);
    for case in 0..5 {
        let mut tanker = ground.passing(0.0, 200.0, 50.0);
        match case {
            0 => tanker.life.external_power.during(span, false),
            1 => tanker.life.antenna_ok.during(span, false),
            2 => tanker.life.case_open.during(span, true),
            3 => tanker.life.alarms.push((span.from_s, EventKind::Tamper)),
            _ => tanker.life.alarms.push((span.from_s, EventKind::PowerCut)),
        }
        ground.enter(tanker);
    }
    ground.stop_place("Lorry park", (0.0, 12_000.0), true);
    for (north_m, begins_s) in [(9_000.0, 0.0), (12_000.0, 4_000.0)] {
        let there = ground.drive(&[(-4_000.0, north_m), (0.0, north_m)], 60.0);
        let mut motion = one_trip(begins_s + 200.0, there);
        let stopped_s = motion.ends_s();
        motion.depart(stopped_s + 400.0, ground.drive(&[(0.0, north_m), (4_000.0, north_m)], 60.0));
        let mut van = ground.tanker(motion);
        load(&mut van, &explosives());
        van.life.door_open.during(Span::new(stopped_s + 60.0, stopped_s + 300.0), true);
        ground.enter(van);
    }
}
