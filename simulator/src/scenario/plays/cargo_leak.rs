//! Gas reaches 35 % of the lower explosion limit at one detector and 6 % at another; a third device raises the alarm by
//! itself.

use super::{Ground, Play};
use crate::{device::EventKind, life::Span};

pub(super) const PLAY: Play =
    Play { key: "cargo_leak", story: "gas escapes, a whiff of it is noticed, and a device raises the alarm", stage };

fn stage(ground: &mut Ground<'_>) {
    for gas_pct in [35.0, 6.0] {
        let mut tanker = ground.passing(0.0, 200.0, 30.0);
        tanker.life.gas_pct_lel.bulge(Span::new(400.0, 1_000.0), gas_pct);
        ground.enter(tanker);
    }
    let mut telling = ground.passing(0.0, 200.0, 30.0);
    telling.life.alarms.push((600.0, EventKind::Leak));
    ground.enter(telling);
}
