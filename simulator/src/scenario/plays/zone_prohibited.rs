//! A petrol tanker drives through an area that is closed to class 3. Another passes the same area on a road 60 m beside
//! it, and a third carries diesel-free ammonia through it, which the area does not mind.

use super::{Ground, Play, one_trip};
use crate::{
    goods::FLEET,
    world::{Kind, Line, Predicate},
};

pub(super) const PLAY: Play = Play {
    key: "zone_prohibited",
    story: "a petrol tanker drives through an area that is closed to class 3; others pass beside it or do not concern it",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let area = ground.rectangle((-600.0, 600.0), (-400.0, 400.0));
    ground.zone("Water protection area", Kind::Prohibited(Predicate::classes(&["3"])), area);
    let through = ground.drive(&[(-5_000.0, 0.0), (5_000.0, 0.0)], 70.0);
    let tanker = ground.tanker(one_trip(300.0, through.clone()));
    ground.enter(tanker);
    let beside = ground.drive(&[(-5_000.0, 460.0), (5_000.0, 460.0)], 70.0);
    let tanker = ground.tanker(one_trip(300.0, beside));
    ground.enter(tanker);
    let mut tanker = ground.tanker(one_trip(900.0, through));
    let ammonia = FLEET.iter().find(|goods| goods.un_number == "1005").cloned();
    for shipment in &mut tanker.shipments {
        shipment.lines = ammonia.iter().cloned().map(Line::full).collect();
    }
    ground.enter(tanker);
}
