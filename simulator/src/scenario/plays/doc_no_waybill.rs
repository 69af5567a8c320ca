//! A loaded tanker drives 10 km without a shipment in force; an empty one does, which is no matter; and one gets its
//! shipment before it departs.

use super::{Ground, Play};

pub(super) const PLAY: Play =
    Play { key: "doc_no_waybill", story: "a loaded tanker drives without any shipment", stage };

fn stage(ground: &mut Ground<'_>) {
    let mut unfiled = ground.passing(0.0, 200.0, 60.0);
    unfiled.shipments.clear();
    ground.enter(unfiled);
    let mut empty = ground.passing(0.0, 200.0, 60.0);
    empty.shipments.clear();
    empty.life.loaded.set(0.0, false);
    empty.life.level_pct = crate::life::Ramps::always(0.0);
    ground.enter(empty);
    let mut in_time = ground.passing(0.0, 200.0, 60.0);
    for shipment in &mut in_time.shipments {
        shipment.starts_s = 150.0;
    }
    ground.enter(in_time);
}
