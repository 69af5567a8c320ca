//! A shipment: what a vehicle carries on one trip, under one transport document.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{CarriageMode, PackingGroup, Place, RouteId, ShipmentId, UnNumber, VehicleId, place::PlaceError};

/// One vehicle's trip under one transport document (waybill).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shipment {
    /// Identity.
    pub id: ShipmentId,
    /// The vehicle that carries it.
    pub vehicle_id: VehicleId,
    /// Number of the transport document.
    pub waybill: String,
    /// What is carried, line by line.
    pub goods: Vec<GoodsLine>,
    /// Whom to call.
    pub contacts: Vec<Contact>,
    /// The approved route, if one is prescribed.
    pub route_id: Option<RouteId>,
    /// From when the goods are on board.
    pub starts_at: DateTime<Utc>,
    /// Until when; open while under way.
    pub ends_at: Option<DateTime<Utc>>,
    /// Who drives, in the operator's own code.
    pub driver: Option<String>,
    /// The attendant beside the driver, in the operator's own code.
    pub escort: Option<String>,
    /// Whether an attendant has to be on board.
    pub escort_required: bool,
    /// Where it is loaded.
    pub origin: Option<Site>,
    /// Where it is unloaded.
    pub destination: Option<Site>,
    /// Not to depart before.
    pub depart_after: Option<DateTime<Utc>>,
    /// Not to arrive before.
    pub arrive_from: Option<DateTime<Utc>>,
    /// To arrive by.
    pub arrive_by: Option<DateTime<Utc>>,
    /// What the cargo's sensors may show.
    pub cargo_limits: CargoLimits,
}

/// A place where cargo is loaded or unloaded. One that was read is on earth, and has some extent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawSite")]
pub struct Site {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// How far from there still counts as there, in metres.
    pub radius_m: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSite {
    lat: f64,
    lon: f64,
    radius_m: f64,
}

/// Why something is no site.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum SiteError {
    /// It is not on earth.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// It has no extent, or more than a site has.
    #[error("radius_m is {0}; more than 0 and at most {most} is wanted", most = Site::LARGEST_M)]
    Radius(f64),
}

impl Site {
    /// The largest radius of a site, in metres: a port or a works, not a town.
    pub const LARGEST_M: f64 = 20_000.0;
}

impl TryFrom<RawSite> for Site {
    type Error = SiteError;

    fn try_from(raw: RawSite) -> Result<Self, SiteError> {
        Place::new(raw.lat, raw.lon)?;
        if raw.radius_m > 0.0 && raw.radius_m <= Self::LARGEST_M {
            Ok(Self { lat: raw.lat, lon: raw.lon, radius_m: raw.radius_m })
        } else {
            Err(SiteError::Radius(raw.radius_m))
        }
    }
}

/// What the cargo's sensors may show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CargoLimits {
    /// Lowest temperature in °C.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_min_c: Option<f64>,
    /// Highest temperature in °C.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_max_c: Option<f64>,
    /// Temperature in °C from which emergency measures have to be taken (ADR 2.2.41.1.17, 2.2.52.1.16).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_emergency_c: Option<f64>,
    /// Highest pressure in kPa.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressure_max_kpa: Option<f64>,
    /// Fall of the level, in percent of the tank, that is more than sloshing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level_drop_pct: Option<f64>,
}

/// One line of goods of a transport document (ADR 5.4.1.1.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoodsLine {
    /// UN number.
    pub un_number: UnNumber,
    /// Packing group, where the entry has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packing_group: Option<PackingGroup>,
    /// Which of several catalogue entries with this UN number and packing group is meant, as the catalogue names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Technical name that "not otherwise specified" entries need (ADR 3.1.2.8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technical_name: Option<String>,
    /// How it is carried.
    pub mode: CarriageMode,
    /// Mass in kilograms, if the document states mass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_kg: Option<f64>,
    /// Volume in litres, if the document states volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_l: Option<f64>,
    /// Net explosive mass in kilograms, for class 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_explosive_mass_kg: Option<f64>,
    /// Whether the tank or packaging is empty but not cleaned: its hazard remains.
    #[serde(default)]
    pub empty_uncleaned: bool,
}

impl GoodsLine {
    /// A line that states its number and how it is carried, and nothing else.
    #[must_use]
    pub fn new(un_number: UnNumber, mode: CarriageMode) -> Self {
        Self {
            un_number,
            packing_group: None,
            variant: None,
            technical_name: None,
            mode,
            quantity_kg: None,
            quantity_l: None,
            net_explosive_mass_kg: None,
            empty_uncleaned: false,
        }
    }
}

/// Whom a responder can call about the cargo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// In which role.
    pub role: ContactRole,
    /// Name of the person or firm.
    pub name: String,
    /// Telephone number in international form.
    pub phone: String,
}

/// What a contact is to the shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactRole {
    /// Sends the goods.
    Consignor,
    /// Carries the goods.
    Carrier,
    /// Receives the goods.
    Consignee,
    /// Answers about the goods at any hour (49 CFR 172.604; ADR 5.4.3).
    Emergency,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_site_is_on_earth_and_has_some_extent() {
        let read = |lat: f64, radius_m: f64| {
            serde_json::from_value::<Site>(json!({ "lat": lat, "lon": 4.3, "radius_m": radius_m }))
        };
        assert!(read(51.9, 300.0).is_ok());
        assert!(read(91.0, 300.0).unwrap_err().to_string().contains("latitude 91"));
        for radius_m in [0.0, -1.0, 20_001.0] {
            assert!(read(51.9, radius_m).unwrap_err().to_string().contains("radius_m"), "{radius_m}");
        }
    }
}
