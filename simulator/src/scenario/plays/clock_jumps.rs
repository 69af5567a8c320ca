//! A device's clock is a quarter of an hour ahead for three fixes, another's ten minutes behind for three. The vehicles drive on
//! quietly meanwhile; nothing else must be made of it.

use super::{Ground, Play, one_trip};
use crate::life::{Fault, FaultKind, Span};

pub(super) const PLAY: Play =
    Play { key: "clock_jumps", story: "the clocks of devices jump ahead and back again", stage };

fn stage(ground: &mut Ground<'_>) {
    for ahead_s in [903.7, -603.7] {
        let trip = ground.drive(&[(-25_000.0, 0.0), (25_000.0, 0.0)], 60.0);
        let mut tanker = ground.tanker(one_trip(200.0, trip));
        tanker.device.faults.push(Fault { span: Span::new(1_200.0, 1_230.0), kind: FaultKind::Clock { ahead_s } });
        ground.enter(tanker);
    }
}
