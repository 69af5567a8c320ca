//! Incidents: raising, joining, moving on, and asking for them.

mod list;
mod raise;
mod steps;
mod tell;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

pub(super) use self::raise::raise;
pub use self::{
    list::{list, one},
    steps::{IncidentStep, step},
};
use crate::domain::IncidentState;

/// An incident as it is listed, streamed and told.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct IncidentRecord {
    /// Its id, derived from the first trigger.
    pub id: Uuid,
    /// Code of the carrier.
    pub operator: String,
    /// Code of the vehicle.
    pub vehicle: String,
    /// Preliminary level, I the highest.
    pub level: String,
    /// Why this level.
    pub level_reasons: Vec<String>,
    /// raised, acknowledged or closed.
    pub state: String,
    /// When it happened, by the device.
    pub raised_at: DateTime<Utc>,
    /// When it was recorded here.
    pub recorded_at: DateTime<Utc>,
    /// When somebody took it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// What raised it and what joined it, oldest first.
    pub triggers: Vec<TriggerRecord>,
    /// What responders read: goods, distances, contacts, track; frozen when the incident was raised.
    #[schema(value_type = Object)]
    pub sheet: Value,
}

/// What raised or joined an incident.
#[derive(Clone, Debug, Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct TriggerRecord {
    /// The violation.
    pub violation_id: Uuid,
    /// Its rule.
    pub rule: String,
    /// When.
    pub time: DateTime<Utc>,
}

/// Which incidents are asked for.
#[derive(Clone, Debug, Default)]
pub struct IncidentFilter {
    /// Only those in this state.
    pub state: Option<IncidentState>,
    /// Only those that are not closed.
    pub open_only: bool,
}
