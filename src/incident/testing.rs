//! A staged accident, for stories about zones and what is around them.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use super::protective::{Accident, ProtectiveZones, WIND_HOLDS, WindReading};
use crate::{
    domain::{CarriageMode, GoodsLine, Place},
    geo::destination,
    hazard::{Catalogue, HazardSheet},
};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());

/// The catalogue in the binary, read once for all tests.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

/// Where the accident is: a motorway in the port of Antwerp.
pub fn scene() -> Place {
    Place::new(51.3, 4.3).unwrap()
}

/// The place so many metres from the accident in a direction.
pub fn away(bearing_deg: f64, metres: f64) -> Place {
    destination(scene(), bearing_deg, metres).unwrap()
}

/// Noon of 24 November 2026, universal time: day at the scene until 15:40.
pub fn noon() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// Evening of the same day: night at the scene.
pub fn evening() -> DateTime<Utc> {
    "2026-11-24T20:00:00Z".parse().unwrap()
}

/// The sheet of a load that states numbers and modes only.
pub fn sheet(goods: &[(&str, CarriageMode)]) -> HazardSheet {
    let line = |(un_number, mode): &(&str, CarriageMode)| GoodsLine::new(un_number.parse().unwrap(), *mode);
    HazardSheet::of(catalogue(), &goods.iter().map(line).collect::<Vec<_>>())
}

/// A wind measured at noon.
pub fn wind(from_deg: f64, speed_kmh: f64) -> WindReading {
    WindReading::new(Some(from_deg), Some(speed_kmh), noon(), "officer on scene").unwrap()
}

/// An accident at noon of which nothing is known but the goods.
pub fn accident(sheet: &HazardSheet) -> Accident<'_> {
    Accident {
        place: scene(),
        accuracy_m: Some(8.0),
        time: noon(),
        sheet,
        spill_size: None,
        spilled_on: None,
        container: None,
        burning: None,
        wind: None,
        wind_holds: WIND_HOLDS,
    }
}

/// Its zones.
pub fn draw(accident: &Accident<'_>) -> ProtectiveZones {
    ProtectiveZones::draw(catalogue().distances(), accident)
}
