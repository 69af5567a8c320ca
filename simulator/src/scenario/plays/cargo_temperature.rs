//! LNG must not be warmer than -145 °C: in one tank it warms to -138 for half an hour, in another to -149. Ammonia that must
//! not be colder than 0 °C is, in a third.

use super::{
    Ground, Play,
    ground::{goods, load},
};
use crate::{
    life::Span,
    world::{CargoLimits, Line},
};

pub(super) const PLAY: Play =
    Play { key: "cargo_temperature", story: "cargo gets too warm, nearly too warm, and too cold", stage };

fn stage(ground: &mut Ground<'_>) {
    let warm = CargoLimits {
        temperature_max_c: Some(-145.0),
        temperature_emergency_c: Some(-130.0),
        ..CargoLimits::default()
    };
    let cold = CargoLimits { temperature_min_c: Some(0.0), ..CargoLimits::default() };
    for (un_number, limits, change_c) in [("1972", warm, 14.0), ("1972", warm, 3.0), ("1005", cold, -25.0)] {
        let mut tanker = ground.passing(0.0, 200.0, 30.0);
        load(&mut tanker, &Line::full(goods(un_number)));
        tanker.life.temperature_c.bulge(Span::new(300.0, 1_200.0), change_c);
        for shipment in &mut tanker.shipments {
            shipment.limits = limits;
        }
        ground.enter(tanker);
    }
}
