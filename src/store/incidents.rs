//! Incidents: raising, joining, moving on, and asking for them.
//!
//! Whatever changes one takes its row first, decides by what it holds, writes the row and an entry of the timeline, and
//! tells of it, all in one transaction.

mod level;
mod list;
mod merge;
mod raise;
mod steps;
mod tell;
mod timeline;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

pub(super) use self::raise::raise;
pub use self::{
    level::grade,
    list::{list, one},
    merge::{Merged, merge},
    raise::report,
    steps::{Step, StepOutcome, step},
    timeline::{Entry, note, seen, timeline},
};
use crate::{domain::IncidentState, incident::clocks::Clock};

/// An incident as it is listed, streamed and told.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct IncidentRecord {
    /// Its id, derived from the first trigger.
    pub id: Uuid,
    /// Code of the carrier; null without a vehicle.
    pub operator: Option<String>,
    /// Code of the vehicle; null for one that was reported and that nobody can name.
    pub vehicle: Option<String>,
    /// Level, I the highest: preliminary until a person confirms it.
    pub level: String,
    /// Why this level.
    pub level_reasons: Vec<String>,
    /// When a person confirmed the level or set it; null while it is preliminary.
    pub level_confirmed_at: Option<DateTime<Utc>>,
    /// Code of that person's organisation.
    pub level_confirmed_by: Option<String>,
    /// raised, acknowledged, dispatched, `on_scene`, controlled, closed, reviewed, `false_alarm` or merged.
    pub state: String,
    /// When it happened, by the device or the caller.
    pub raised_at: DateTime<Utc>,
    /// When it was recorded here.
    pub recorded_at: DateTime<Utc>,
    /// When somebody took it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Code of that person's organisation.
    pub acknowledged_by: Option<String>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// The incident in which a merged one goes on.
    pub merged_into: Option<Uuid>,
    /// The incidents that go on in this one.
    pub merged_from: Vec<Uuid>,
    /// When each stage was reached, and by when it should have been.
    pub clocks: Vec<Clock>,
    /// What raised it and what joined it, also by merging, oldest first.
    pub triggers: Vec<TriggerRecord>,
    /// What responders read: goods, distances, contacts, track; frozen when the incident was raised.
    #[schema(value_type = Object)]
    pub sheet: Value,
}

/// What raised or joined an incident.
#[derive(Clone, Debug, Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct TriggerRecord {
    /// The violation; null for a report by telephone.
    pub violation_id: Option<Uuid>,
    /// Its rule, or `telephone`.
    pub rule: String,
    /// When.
    pub time: DateTime<Utc>,
}

/// Which incidents are asked for.
#[derive(Clone, Debug, Default)]
pub struct IncidentFilter {
    /// Only those in this state.
    pub state: Option<IncidentState>,
    /// Only those that have not ended.
    pub open_only: bool,
}
