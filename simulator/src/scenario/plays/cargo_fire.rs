//! A device reports fire.

use super::{Ground, Play};
use crate::device::EventKind;

pub(super) const PLAY: Play = Play { key: "cargo_fire", story: "a tanker burns", stage };

fn stage(ground: &mut Ground<'_>) {
    let mut burning = ground.passing(0.0, 200.0, 60.0);
    burning.life.alarms.push((500.0, EventKind::Fire));
    ground.enter(burning);
}
