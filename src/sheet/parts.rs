//! The parts of a sheet that no other module keeps.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{Certainty, IncidentId, IncidentLevel, IncidentState, Place, RuleKey},
    incident::surroundings::{Danger, EndangeredVehicle, Help, SitesInside},
};

/// Whether the accident is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is.
    Actual,
    /// A drill: people act, nothing has happened.
    Exercise,
    /// A test of the system: nobody acts.
    Test,
}

/// Which incident, and what made it one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Identity {
    /// The incident.
    pub incident: IncidentId,
    /// Version of the sheet, from 1; `None` where every reading makes a new one.
    pub version: Option<u32>,
    /// Whether it is real.
    pub status: Status,
    /// Its level.
    pub level: IncidentLevel,
    /// Why this level, in English sentences.
    pub level_reasons: Vec<String>,
    /// Where it stands.
    pub state: IncidentState,
    /// What triggered it.
    pub triggers: Vec<Trigger>,
    /// When the first of what shows it happened.
    pub first_evidence_at: Option<DateTime<Utc>>,
    /// When the last did.
    pub last_evidence_at: Option<DateTime<Utc>>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Who has taken it.
    pub acknowledged: Option<Acknowledged>,
    /// Who is on duty.
    pub duty_officer: Option<String>,
}

/// What triggered an incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trigger {
    /// The rule.
    pub rule: RuleKey,
    /// When, by the device.
    pub at: DateTime<Utc>,
}

/// Who has taken an incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Acknowledged {
    /// Their name.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Where the vehicle is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Position {
    /// The place.
    pub place: Place,
    /// When it was there.
    pub at: DateTime<Utc>,
    /// How well that is known, in metres.
    pub accuracy_m: Option<f64>,
    /// Where it is headed, degrees clockwise from north.
    pub heading_deg: Option<f64>,
    /// The road.
    pub road: Option<String>,
    /// Where the road leads on its side.
    pub direction: Option<String>,
    /// The kilometre post.
    pub kilometre_post: Option<String>,
    /// The tunnel that it is in; an empty text: in none.
    pub tunnel: Option<String>,
    /// The zones that it is in; `None` if nobody looked.
    pub zones: Option<Vec<String>>,
    /// The side from which it can be reached.
    pub access_side: Option<String>,
    /// Where it was in the last half hour, the oldest first.
    pub track: Vec<TrackPoint>,
}

/// A place on a track.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TrackPoint {
    /// The place.
    pub place: Place,
    /// When it was there.
    pub at: DateTime<Utc>,
}

/// What carries the goods, and who.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct VehicleFacts {
    /// The vehicle's code with its operator.
    pub code: String,
    /// Registration, with the country in front.
    pub registration: Option<String>,
    /// Vehicle identification number.
    pub vin: Option<String>,
    /// Registration of the trailer.
    pub trailer_registration: Option<String>,
    /// Number of the tank.
    pub tank_id: Option<String>,
    /// Type of the tank.
    pub tank_type: Option<String>,
    /// Tank code (ADR 4.3.3.1, 4.3.4.1).
    pub tank_code: Option<String>,
    /// The compartments of the tank.
    pub compartments: Vec<Compartment>,
    /// Name of the operator.
    pub operator_name: Option<String>,
    /// Telephone of the carrier, answered at any hour.
    pub carrier_phone: Option<String>,
    /// Who drives.
    pub driver: Option<Person>,
    /// Who escorts the goods.
    pub escort: Option<Person>,
    /// When somebody of the crew last answered.
    pub crew_alive_at: Option<DateTime<Utc>>,
}

/// A compartment of a tank.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compartment {
    /// Its volume in litres.
    pub volume_l: Option<f64>,
    /// What is in it.
    pub product: Option<String>,
    /// How full it is, in percent.
    pub fill_pct: Option<f64>,
}

/// Somebody on board.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their telephone.
    pub phone: Option<String>,
}

/// What sensors and papers say of the cargo.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CargoState {
    /// Physical state, in words.
    pub physical_state: Option<String>,
    /// Temperature in degrees Celsius.
    pub temperature_c: Option<f64>,
    /// Pressure in kilopascals.
    pub pressure_kpa: Option<f64>,
    /// Whether it is a marine pollutant.
    pub marine_pollutant: Option<bool>,
    /// What was carried before.
    pub last_load: Option<String>,
    /// Number and kind of packages.
    pub packages: Option<String>,
    /// Emergency action code (United Kingdom).
    pub emergency_action_code: Option<String>,
    /// Where the instructions in writing are (ADR 5.4.3).
    pub instructions_in_writing: Option<String>,
}

/// Who and what is around.
#[derive(Clone, Debug, Serialize)]
pub struct Around<'a> {
    /// Sites and people inside the zones; `None` if no sites were ever imported.
    pub sites: Option<&'a SitesInside<'a>>,
    /// Who can help.
    pub help: Option<&'a Help<'a>>,
    /// Other vehicles inside or heading in; `None` if nobody looked.
    pub vehicles: Option<Vec<NearVehicle>>,
}

/// Another vehicle inside a zone or heading in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearVehicle {
    /// What people call it.
    pub name: String,
    /// What endangers it.
    pub danger: Danger,
    /// Distance from the accident in metres.
    pub distance_m: f64,
    /// Bearing from the accident, degrees clockwise from north.
    pub bearing_deg: Option<f64>,
}

impl<K: Display> From<&EndangeredVehicle<'_, K>> for NearVehicle {
    fn from(endangered: &EndangeredVehicle<'_, K>) -> Self {
        Self {
            name: endangered.vehicle.key.to_string(),
            danger: endangered.danger.clone(),
            distance_m: endangered.distance_m,
            bearing_deg: endangered.bearing_deg,
        }
    }
}

/// Telephone numbers that hold for a country or a region, as it is set up.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Phones {
    /// National chemical emergency centre.
    pub chemical_centre: Option<String>,
    /// Police.
    pub police: Option<String>,
    /// Fire service.
    pub fire_service: Option<String>,
    /// Water authority.
    pub water_authority: Option<String>,
}

/// Something that was reported.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// When.
    pub at: DateTime<Utc>,
    /// What, in words.
    pub what: String,
}
