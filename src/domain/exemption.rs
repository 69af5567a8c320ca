//! Exemptions: permits to do what a rule forbids.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Episode, ExemptionId, OrganisationId, RuleKey, Schedule, Subject, Vehicle, VehicleId, ZoneId};

/// A permit. What it covers is recorded all the same, and told to nobody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exemption {
    /// Identity.
    pub id: ExemptionId,
    /// Number of the permit.
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

impl Exemption {
    /// Whether the permit is for this vehicle and this breach, and holds at `time`; its schedule and attendant aside.
    #[must_use]
    pub fn covers(&self, vehicle: &Vehicle, episode: &Episode, time: DateTime<Utc>) -> bool {
        let in_zone = self.zone.is_none_or(|zone| episode.zone.is_some_and(|(id, _)| id == zone));
        let in_group = self
            .group
            .as_ref()
            .is_none_or(|group| matches!(&episode.subject, Subject::Group(code) if **code == **group));
        self.valid_from <= time
            && time < self.valid_to
            && self.operator_id.is_none_or(|id| id == vehicle.operator_id)
            && self.vehicle_id.is_none_or(|id| id == vehicle.id)
            && self.rules.contains(&episode.rule)
            && in_zone
            && in_group
    }
}
