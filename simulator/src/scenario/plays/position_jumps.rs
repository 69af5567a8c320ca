//! One fix in the middle of a closed area 12 km away, and three at 0° north 0° east: implausible, and no entry anywhere. The
//! vehicle is believed again at once.

use super::{Ground, Play, one_trip};
use crate::{
    life::{Fault, FaultKind, Span},
    world::{Area, Kind, Predicate},
};

pub(super) const PLAY: Play =
    Play { key: "position_jumps", story: "single fixes lie in a closed area far away, and at zero degrees", stage };

fn stage(ground: &mut Ground<'_>) {
    let far = Area::circle(ground.at(4_000.0, 9_000.0), 3_000.0);
    ground.zone("Closed hills", Kind::Prohibited(Predicate::any()), far);
    for (fault_s, kind) in [(10.0, FaultKind::Jump { east_m: 8_000.0, north_m: 9_000.0 }), (30.0, FaultKind::Null)] {
        let trip = ground.drive(&[(-10_000.0, 0.0), (10_000.0, 0.0)], 60.0);
        let mut tanker = ground.tanker(one_trip(200.0, trip));
        tanker.device.faults.push(Fault { span: Span::new(600.0, 600.0 + fault_s), kind });
        ground.enter(tanker);
    }
}
