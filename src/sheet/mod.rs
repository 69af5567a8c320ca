//! The sheet that a responder reads: what is known of an accident, as a page for a phone and for A4 paper, and as a map
//! layer.
//!
//! A [`Sheet`] is filled by a caller from the incident, the vehicle, the goods and the zones; [`Sheet::to_html`] and
//! [`Sheet::to_geojson`] are pure functions of it. The moment of generation is one of its values, so that the same sheet
//! is always written the same. What is not known is `None`, and the page says "not available": nothing is guessed, and
//! nothing that a responder may look for is silently left out.
//!
//! The first screen of a phone answers four questions: what is it, how far, what not to do, from where. All else follows
//! below. The page needs nothing but itself: no script, no font, no picture from elsewhere ([`CONTENT_SECURITY_POLICY`]).

mod geojson;
mod html;
mod names;
mod notes;
mod parts;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod words;

use chrono::{DateTime, Utc};
use serde::Serialize;

pub use self::parts::{
    Acknowledged, Around, CargoState, Compartment, Evidence, Identity, NearVehicle, Person, Phones, Position, Status,
    TrackPoint, Trigger, VehicleFacts,
};
use crate::{
    domain::{Contact, Language},
    hazard::HazardSheet,
    incident::{approach::Approach, protective::ProtectiveZones},
};

/// All that a page of a sheet needs to be allowed: its own style sheet. The page states it itself; a server should send it
/// as a header too.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// What is known of an accident at a moment, in the language of its reader.
#[derive(Clone, Debug, Serialize)]
pub struct Sheet<'a> {
    /// The language of the page.
    pub language: Language,
    /// When the sheet was made; ages are counted to this moment.
    pub generated_at: DateTime<Utc>,
    /// Which incident, and what made it one.
    pub identity: Identity,
    /// Where the vehicle is; `None` while it has never reported a position.
    pub position: Option<Position>,
    /// What carries the goods, and who.
    pub vehicle: VehicleFacts,
    /// Number of the transport document.
    pub waybill: Option<String>,
    /// The goods.
    pub goods: &'a HazardSheet,
    /// What sensors and papers say of the cargo besides.
    pub cargo: CargoState,
    /// The zones, drawn for the position. They hold the wind too.
    pub zones: Option<&'a ProtectiveZones>,
    /// From where to come.
    pub approach: Option<&'a Approach>,
    /// Air temperature in degrees Celsius.
    pub air_temperature_c: Option<f64>,
    /// Who and what is around.
    pub around: Option<Around<'a>>,
    /// Whom the transport document names.
    pub contacts: Vec<Contact>,
    /// Whom anybody may call there.
    pub phones: Phones,
    /// What else was reported, besides what the other parts tell. Any order.
    pub evidence: Vec<Evidence>,
}

impl Sheet<'_> {
    /// The sheet as one HTML page that needs nothing else.
    #[must_use]
    pub fn to_html(&self) -> String {
        html::page(self)
    }

    /// Zones, vehicle, track, approach and sites as a GeoJSON `FeatureCollection` (RFC 7946), longitude first.
    #[must_use]
    pub fn to_geojson(&self) -> serde_json::Value {
        geojson::collection(self)
    }
}
