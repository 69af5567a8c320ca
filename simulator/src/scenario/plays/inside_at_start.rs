//! Three ways to be in a closed area without having entered it: the first fix lies inside; the area comes into force around a
//! parked tanker; a shipment that it is closed to begins while the vehicle is inside.

use super::{Ground, Play, ground::goods, one_trip};
use crate::world::{Kind, Line, Predicate, Zone};

pub(super) const PLAY: Play =
    Play { key: "inside_at_start", story: "tankers are in closed areas without having been seen to enter", stage };

fn stage(ground: &mut Ground<'_>) {
    let closed = |ground: &Ground<'_>, name: &str, north_m: f64| {
        let area = ground.rectangle((-1_000.0, 1_000.0), (north_m - 500.0, north_m + 500.0));
        Zone::new(name, Kind::Prohibited(Predicate::classes(&["3"])), area)
    };
    for (north_m, name) in [(0.0, "Old quarter"), (4_000.0, "New quarter"), (8_000.0, "Third quarter")] {
        ground.stop_place(&format!("Park in the {name}"), (0.0, north_m), true);
        let mut zone = closed(ground, name, north_m);
        zone.valid_from_s = (name == "New quarter").then_some(1_500.0);
        ground.put(zone);
        let out = ground.drive(&[(0.0, north_m), (6_000.0, north_m)], 60.0);
        let mut tanker = ground.tanker(one_trip(3_000.0, out));
        tanker.life.whole.from_s = 0.0;
        if name == "Third quarter" {
            for shipment in &mut tanker.shipments {
                shipment.starts_s = -60.0;
            }
            let later: Vec<_> = tanker
                .shipments
                .iter_mut()
                .map(|shipment| {
                    let mut petrol = shipment.clone();
                    petrol.waybill.push_str("-2");
                    petrol.starts_s = 1_500.0;
                    shipment.ends_s = 1_500.0;
                    shipment.lines = vec![Line::full(goods("1830"))];
                    petrol
                })
                .collect();
            tanker.shipments.extend(later);
        }
        ground.enter(tanker);
    }
}
