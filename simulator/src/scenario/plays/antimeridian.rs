//! On Taveuni, where 180° crosses the island's road, a tanker drives from 179.95° east to 179.95° west through a closed area
//! that lies on both sides; one passes north of it.

use super::{Ground, Play};
use crate::{
    geometry::Place,
    world::{Kind, Predicate},
};

pub(super) const PLAY: Play =
    Play { key: "antimeridian", story: "a closed area lies across the antimeridian, and so does the road", stage };

fn stage(ground: &mut Ground<'_>) {
    ground.moved_to(Place::new(-16.83, 180.0));
    let area = ground.rectangle((-800.0, 1_200.0), (-500.0, 500.0));
    ground.zone("Reserve", Kind::Prohibited(Predicate::any()), area);
    let through = ground.passing(0.0, 200.0, 60.0);
    ground.enter(through);
    let beside = ground.passing(700.0, 200.0, 60.0);
    ground.enter(beside);
}
