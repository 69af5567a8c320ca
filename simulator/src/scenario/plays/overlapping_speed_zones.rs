//! Two speed zones overlap: 60 km/h over six kilometres, 30 km/h over the middle two. A tanker drives 55 km/h all the way,
//! which breaks the lower limit only, and only where it binds. Another slows down for it.

use super::{Ground, Play, drive, one_trip};
use crate::world::{Kind, Predicate};

pub(super) const PLAY: Play =
    Play { key: "overlapping_speed_zones", story: "where two speed zones overlap, the lower limit binds", stage };

fn stage(ground: &mut Ground<'_>) {
    let (outer, inner) = (
        ground.rectangle((-3_000.0, 3_000.0), (-300.0, 300.0)),
        ground.rectangle((-1_000.0, 1_000.0), (-200.0, 200.0)),
    );
    ground.zone("Valley 60", Kind::SpeedLimit(Predicate::any(), 60.0), outer);
    ground.zone("Village 30", Kind::SpeedLimit(Predicate::any(), 30.0), inner);
    let ends = [(-6_000.0, 0.0), (6_000.0, 0.0)];
    let steady = ground.drive(&ends, 55.0);
    let tanker = ground.tanker(one_trip(300.0, steady));
    ground.enter(tanker);
    let road = ground.road(&ends, 55.0).with_stretch(4_850.0, 7_150.0, |part| part.limit_kmh = 27.0);
    let tanker = ground.tanker(one_trip(300.0, drive(road)));
    ground.enter(tanker);
}
