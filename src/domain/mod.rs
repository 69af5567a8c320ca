//! The words of the field as types: identities, goods, positions, places, rules' results.
//!
//! Nothing here does I/O, knows a clock, or depends on another module of this crate. Every quantity carries its unit
//! in its name. Identities are typed, so that a vehicle cannot stand where a zone should.

pub mod document;
pub mod driver;
pub mod event;
pub mod exemption;
pub mod goods;
pub mod ids;
pub mod incident;
pub mod language;
pub mod place;
pub mod position;
pub mod schedule;
pub mod shipment;
pub mod vehicle;
pub mod violation;
pub mod zone;

mod sensors;

pub use document::{Document, DocumentKind};
pub use driver::Driver;
pub use event::{DeviceEvent, DeviceEventKind};
pub use exemption::Exemption;
pub use goods::{CarriageMode, ClassFilter, HazardClass, PackingGroup, UnNumber};
pub use ids::{ExemptionId, IncidentId, OrganisationId, RouteId, ShipmentId, VehicleId, ViolationId, ZoneId};
pub use incident::{IncidentLevel, IncidentState};
pub use language::Language;
pub use place::{OperatorCode, Place, VehicleCode};
pub use position::{Fix, FixKey};
pub use schedule::{Calendar, Schedule, ScheduleError, Window};
pub use shipment::{CargoLimits, Contact, ContactRole, GoodsLine, Shipment, Site};
pub use vehicle::Vehicle;
pub use violation::{Certainty, EntryKind, Episode, PackVersion, RuleKey, Severity, Subject};
pub use zone::{
    CargoPredicate, CategoryByTime, Route, RouteSection, TunnelCategory, Vulnerable, Zone, ZoneKind, ZoneVersion,
};
