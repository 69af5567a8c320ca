//! A shipment: what a vehicle carries on one trip, under one transport document.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{CarriageMode, PackingGroup, RouteId, ShipmentId, UnNumber, VehicleId};

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
