//! A tank of LPG comes over its pressure limit; another stays below. A petrol tank loses a tenth of its level on the way; one
//! loses it at an unloading place, where it should; one sloshes by a per cent.

use super::{Ground, Play, ground::load, one_trip};
use crate::{
    goods::LPG,
    life::Span,
    world::{Area, CargoLimits, Kind, Line},
};

pub(super) const PLAY: Play = Play {
    key: "cargo_pressure",
    story: "tanks come over their pressure, and lose their load where they should and where not",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let pressure = CargoLimits { pressure_max_kpa: Some(1_000.0), ..CargoLimits::default() };
    for more_kpa in [300.0, 150.0] {
        let mut tanker = ground.passing(0.0, 200.0, 30.0);
        load(&mut tanker, &Line::full(LPG));
        tanker.life.pressure_kpa.bulge(Span::new(300.0, 1_200.0), more_kpa);
        for shipment in &mut tanker.shipments {
            shipment.limits = pressure;
        }
        ground.enter(tanker);
    }
    let level = CargoLimits { level_drop_pct: Some(4.0), ..CargoLimits::default() };
    let depot = Area::circle(ground.at(5_000.0, 3_000.0), 300.0);
    ground.zone("Depot", Kind::UnloadingPlace, depot);
    for (north_m, loss_pct) in [(0.0, 10.0), (3_000.0, 60.0), (0.0, 1.0)] {
        let trip = ground.drive(&[(-5_000.0, north_m), (5_000.0, north_m)], 60.0);
        let motion = one_trip(200.0, trip);
        let arrived_s = motion.ends_s();
        let mut tanker = ground.tanker(motion);
        let (begins_s, ends_s) = if north_m > 0.0 { (arrived_s + 60.0, arrived_s + 360.0) } else { (400.0, 520.0) };
        tanker.life.level_pct.run(begins_s, ends_s, 92.0 - loss_pct);
        for shipment in &mut tanker.shipments {
            shipment.limits = level;
        }
        ground.enter(tanker);
    }
}
