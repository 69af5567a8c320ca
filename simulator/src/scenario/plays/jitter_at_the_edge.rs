//! A tanker drives into a closed area and parks 70 m inside, where its receiver jumps about by some ten metres a minute
//! for an hour: one episode, not thirty. Another parks 5 m outside the same edge with the same receiver: none, or one that
//! is in doubt, and no flapping. A third drives along the edge, 40 m inside, on a road that leaves the area twice by a few
//! metres: one episode.

use super::{Ground, Play, one_trip};
use crate::{
    life::{Fault, FaultKind, Span},
    world::{Kind, Predicate},
};

pub(super) const PLAY: Play = Play {
    key: "jitter_at_the_edge",
    story: "tankers park and drive at the very edge of a closed area while their receivers jump about",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let area = ground.rectangle((0.0, 4_000.0), (0.0, 1_000.0));
    ground.zone("Closed town", Kind::Prohibited(Predicate::any()), area);
    let jittery =
        |from_s: f64| Fault { span: Span::new(from_s, from_s + 3_600.0), kind: FaultKind::Jitter { deviation_m: 6.0 } };

    ground.stop_place("Park inside", (70.0, 500.0), true);
    ground.stop_place("Park outside", (-5.0, 900.0), true);
    let inside = ground.drive(&[(-3_000.0, 500.0), (70.0, 500.0)], 60.0);
    let mut tanker = ground.tanker(one_trip(120.0, inside));
    let parked_s = tanker.life.motion.ends_s() + 120.0;
    tanker.life.whole.to_s = parked_s + 4_500.0;
    tanker.device.faults.push(jittery(parked_s));
    ground.enter(tanker);

    let outside = ground.drive(&[(-3_000.0, 900.0), (-5.0, 900.0)], 60.0);
    let mut tanker = ground.tanker(one_trip(120.0, outside));
    let parked_s = tanker.life.motion.ends_s();
    tanker.life.whole.to_s = parked_s + 4_500.0;
    tanker.device.faults.push(jittery(parked_s));
    ground.enter(tanker);

    let along = [
        (-2_000.0, 40.0),
        (1_000.0, 40.0),
        (1_300.0, -5.0),
        (1_600.0, 40.0),
        (2_300.0, -5.0),
        (3_000.0, 40.0),
        (6_000.0, 40.0),
    ];
    let along = ground.drive(&along, 50.0);
    let tanker = ground.tanker(one_trip(120.0, along));
    ground.enter(tanker);
}
