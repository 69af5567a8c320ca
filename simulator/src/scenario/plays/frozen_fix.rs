//! A receiver repeats one fix for eight minutes while wheels and odometer go on; then it finds itself kilometres away. A
//! second one is stuck while its vehicle stands, which is no fault.

use super::{Ground, Play, one_trip};
use crate::life::{Fault, FaultKind, Span};

pub(super) const PLAY: Play =
    Play { key: "frozen_fix", story: "a receiver is stuck while its vehicle drives on", stage };

fn stage(ground: &mut Ground<'_>) {
    let trip = ground.drive(&[(-10_000.0, 0.0), (10_000.0, 0.0)], 60.0);
    let mut stuck = ground.tanker(one_trip(200.0, trip));
    stuck.device.faults.push(Fault { span: Span::new(500.0, 980.0), kind: FaultKind::Frozen });
    ground.enter(stuck);
    let mut resting = ground.passing(2_000.0, 620.0, 60.0);
    resting.device.faults.push(Fault { span: Span::new(350.0, 590.0), kind: FaultKind::Frozen });
    ground.enter(resting);
}
