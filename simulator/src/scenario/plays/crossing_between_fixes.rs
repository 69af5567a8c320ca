//! A tanker whose device looks only every 30 s crosses a closed area 300 m wide at 77 km/h, in 14 s: no fix, or one, lies
//! inside. Another does the same past the area's corner, where only the straight line between two fixes would cut it.

use super::{Ground, Play, one_trip};
use crate::world::{Kind, Predicate};

pub(super) const PLAY: Play =
    Play { key: "crossing_between_fixes", story: "a tanker crosses a closed area between two fixes", stage };

fn stage(ground: &mut Ground<'_>) {
    let area = ground.rectangle((-150.0, 150.0), (-1_000.0, 1_000.0));
    ground.zone("Narrow closed area", Kind::Prohibited(Predicate::any()), area);
    for turn in 0..4 {
        let across = ground.drive(&[(-6_000.0, 0.0), (6_000.0, 0.0)], 77.0);
        let mut tanker = ground.tanker(one_trip(300.0 + 7.0 * f64::from(turn), across));
        tanker.device.moving_s = 30.0;
        ground.enter(tanker);
    }
    let round_the_corner = [(-6_000.0, 1_020.0), (170.0, 1_020.0), (170.0, -5_000.0)];
    let round_the_corner = ground.drive(&round_the_corner, 77.0);
    let mut tanker = ground.tanker(one_trip(300.0, round_the_corner));
    tanker.device.moving_s = 30.0;
    ground.enter(tanker);
}
