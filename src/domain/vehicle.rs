//! A vehicle as the rules see it.

use serde::{Deserialize, Serialize};

use super::{ClassFilter, Document, OperatorCode, OrganisationId, UnNumber, VehicleCode, VehicleId};

/// A vehicle that may carry dangerous goods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vehicle {
    /// Identity.
    pub id: VehicleId,
    /// The carrier that runs it.
    pub operator_id: OrganisationId,
    /// The carrier's code, the first level of its topics.
    pub operator: OperatorCode,
    /// The vehicle's code within the carrier, the second level of its topics.
    pub code: VehicleCode,
    /// Registration plate with country, as painted, e.g. `NL 12-BXK-3`.
    pub registration: Option<String>,
    /// Whether it is a dangerous-goods vehicle. Without a shipment such a vehicle counts as carrying the most
    /// restrictive cargo, and is flagged as unknown.
    pub dangerous_goods: bool,
    /// Highest speed the vehicle itself may drive, in km/h.
    pub speed_limit_kmh: Option<f64>,
    /// Whose rules bind it: the code of a rule pack. `None`: those of the installation.
    pub jurisdiction: Option<String>,
    /// Its documents.
    pub documents: Vec<Document>,
    /// Classes of goods that it is licensed for; empty: all.
    pub licensed_classes: Vec<ClassFilter>,
    /// Goods that its tank is approved for; empty: all.
    pub tank_media: Vec<UnNumber>,
    /// The mass that it may carry, in kilograms.
    pub rated_load_kg: Option<f64>,
}
