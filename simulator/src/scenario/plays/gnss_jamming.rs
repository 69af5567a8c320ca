//! A receiver is jammed for five minutes: it says so, wanders, and admits a poor accuracy, 300 m beside a closed area. Another
//! reports jamming now and then for three seconds, as receivers do under bridges. A third device raises the alarm itself.

use super::{Ground, Play, one_trip};
use crate::{
    device::EventKind,
    life::{Fault, FaultKind, Span},
    world::{Kind, Predicate},
};

pub(super) const PLAY: Play =
    Play { key: "gnss_jamming", story: "a receiver is jammed, flickers, and raises the alarm by itself", stage };

fn stage(ground: &mut Ground<'_>) {
    let area = ground.rectangle((-5_000.0, 5_000.0), (300.0, 2_000.0));
    ground.zone("Closed wood", Kind::Prohibited(Predicate::any()), area);
    let trip = |ground: &Ground<'_>| ground.drive(&[(-10_000.0, 0.0), (10_000.0, 0.0)], 60.0);
    let mut jammed = ground.tanker(one_trip(200.0, trip(ground)));
    let span = Span::new(600.0, 900.0);
    jammed.life.jamming.during(span, 2);
    jammed.device.faults.push(Fault { span, kind: FaultKind::Jammed });
    ground.enter(jammed);
    let mut flickering = ground.tanker(one_trip(200.0, trip(ground)));
    for at_s in [500.0, 640.0, 820.0, 1_000.0] {
        flickering.life.jamming.during(Span::new(at_s, at_s + 3.0), 1);
    }
    ground.enter(flickering);
    let mut telling = ground.tanker(one_trip(200.0, trip(ground)));
    telling.life.alarms.push((700.0, EventKind::GnssJamming));
    ground.enter(telling);
}
