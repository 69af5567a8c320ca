//! A device without radio for an hour sends what it kept half an hour later still, newest first. Meanwhile its vehicle had
//! crossed a closed area and driven 100 km/h where 80 are allowed. Both must be found, late.

use super::{Ground, Play, drive, one_trip};
use crate::{
    life::{Backlog, Outage, Span},
    world::{Kind, Predicate},
};

pub(super) const PLAY: Play = Play {
    key: "late_backlog",
    story: "what a vehicle did without radio comes to light an hour and a half later",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let area = ground.rectangle((-1_000.0, 1_000.0), (-500.0, 500.0));
    ground.zone("Closed wood", Kind::Prohibited(Predicate::any()), area);
    let laps: Vec<(f64, f64)> = [(-9_000.0, 0.0), (9_000.0, 0.0), (9_000.0, 9_000.0), (-9_000.0, 9_000.0)]
        .into_iter()
        .cycle()
        .take(10)
        .collect();
    let road = ground.road(&laps, 70.0).with_stretch(30_000.0, 34_000.0, |part| part.limit_kmh = 100.0);
    let mut tanker = ground.tanker(one_trip(200.0, drive(road)));
    let backlog = Backlog::Sent { after_s: 1_800.0, newest_first: true };
    tanker.device.outages.push(Outage { span: Span::new(300.0, 3_900.0), backlog });
    ground.enter(tanker);
}
