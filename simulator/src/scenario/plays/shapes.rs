//! Closed areas of every shape: a ring with a hole, in which a tanker stands well inside the hole; a circle; a corridor along
//! a canal; and two islands that are one area. Each is passed through once; the ring and the circle are passed by as well.

use super::{Ground, Play, one_trip};
use crate::world::{Area, Kind, Predicate, Shape};

pub(super) const PLAY: Play =
    Play { key: "shapes", story: "closed areas have holes, are round, narrow, or in several parts", stage };

fn stage(ground: &mut Ground<'_>) {
    let square = |ground: &Ground<'_>, half_m: f64| {
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(e, n)| ground.at(e * half_m, n * half_m)).to_vec()
    };
    let ring = Area::with_holes(&square(ground, 1_500.0), &[square(ground, 600.0)]);
    ground.zone("Ring", Kind::Prohibited(Predicate::any()), ring);
    let through = ground.passing(0.0, 200.0, 60.0);
    ground.enter(through);
    // It is in the hole from its first fix to its last.
    let within = ground.drive(&[(-400.0, 0.0), (400.0, 0.0)], 30.0);
    let tanker = ground.tanker(one_trip(200.0, within));
    ground.enter(tanker);

    let circle = Area::circle(ground.at(0.0, 5_000.0), 800.0);
    ground.zone("Round", Kind::Prohibited(Predicate::any()), circle);
    for north_m in [5_300.0, 5_900.0] {
        let tanker = ground.passing(north_m, 200.0, 60.0);
        ground.enter(tanker);
    }
    let canal =
        Area::corridor(vec![ground.at(-500.0, 8_000.0), ground.at(0.0, 9_000.0), ground.at(500.0, 10_000.0)], 120.0);
    ground.zone("Canal", Kind::Prohibited(Predicate::any()), canal);
    let tanker = ground.passing(9_000.0, 200.0, 60.0);
    ground.enter(tanker);

    let island = |ground: &Ground<'_>, east_m: f64| {
        let corner = |e: f64, n: f64| ground.at(east_m + e, 13_000.0 + n);
        let first = corner(-400.0, -400.0);
        vec![vec![first, corner(400.0, -400.0), corner(400.0, 400.0), corner(-400.0, 400.0), first]]
    };
    let islands = Area::new(Shape::Polygons(vec![island(ground, -2_000.0), island(ground, 2_000.0)]));
    ground.zone("Islands", Kind::Prohibited(Predicate::any()), islands);
    let tanker = ground.passing(13_000.0, 200.0, 60.0);
    ground.enter(tanker);
}
