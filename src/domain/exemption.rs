//! Exemptions: permits to do what a rule forbids.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ExemptionId, OrganisationId, RuleKey, Schedule, VehicleId, ZoneId};

/// A permit. What it covers is recorded all the same, and told to nobody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exemption {
    /// Identity.
    pub id: ExemptionId,
    /// Number of the permit, as its holder shows it.
    pub permit: String,
    /// Whose vehicles; all, where there is none.
    pub operator_id: Option<OrganisationId>,
    /// Which vehicle; all of the operator's, where there is none.
    pub vehicle_id: Option<VehicleId>,
    /// Which rules.
    pub rules: Vec<RuleKey>,
    /// In which zone only.
    pub zone: Option<ZoneId>,
    /// In which group of zones only.
    pub group: Option<String>,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// Until when.
    pub valid_to: DateTime<Utc>,
    /// At which times only.
    pub schedule: Option<Schedule>,
    /// Whether an attendant has to be on board.
    pub escort_required: bool,
    /// Conditions in words, which no machine can check.
    pub conditions: Vec<String>,
}
