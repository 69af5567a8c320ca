//! Petrol on vehicles that are approved for class 8 only, whose tank is approved for diesel only, and that may carry 20 t; on
//! one that goes to the destination without ever having been at the origin; and on one where all is in order.

use super::{Ground, Play};
use crate::world::Spot;

pub(super) const PLAY: Play = Play {
    key: "doc_mismatch",
    story: "shipments do not fit their vehicles, or were never where they come from",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let list = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<String>>();
    let mut class = ground.passing(0.0, 200.0, 60.0);
    class.facts.licensed_classes = list(&["8"]);
    ground.enter(class);
    let mut tank = ground.passing(0.0, 200.0, 60.0);
    tank.facts.tank_media = list(&["1202"]);
    ground.enter(tank);
    let mut heavy = ground.passing(0.0, 200.0, 60.0);
    heavy.facts.rated_load_kg = Some(20_000.0);
    ground.enter(heavy);
    for origin_m in [(3_000.0, 6_000.0), (-5_000.0, 0.0)] {
        let mut tanker = ground.passing(0.0, 200.0, 60.0);
        tanker.facts.licensed_classes = list(&["3", "8"]);
        tanker.facts.tank_media = list(&["1202", "1203"]);
        tanker.facts.rated_load_kg = Some(26_000.0);
        let begins_s = tanker.life.whole.from_s + 100.0;
        for shipment in &mut tanker.shipments {
            shipment.starts_s = begins_s;
            shipment.origin = Some(Spot { place: ground.at(origin_m.0, origin_m.1), radius_m: 300.0 });
            shipment.destination = Some(Spot { place: ground.at(5_000.0, 0.0), radius_m: 300.0 });
        }
        ground.enter(tanker);
    }
}
