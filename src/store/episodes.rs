//! Recorded episodes as the engine knows them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::StoreError;
use crate::domain::{
    Certainty, EntryKind, Episode, ExemptionId, PackVersion, Place, Severity, VehicleId, ViolationId, ZoneId,
    ZoneVersion,
};

/// A row of the table of violations, as far as an episode is in it.
pub(super) struct EpisodeRow {
    pub id: Uuid,
    pub vehicle_id: i64,
    pub rule: String,
    pub subject: String,
    pub zone_id: Option<i64>,
    pub zone_version: Option<i32>,
    pub severity: i16,
    pub certainty: String,
    pub entry: String,
    pub situation: String,
    pub opened_at: DateTime<Utc>,
    pub opened_lat: Option<f64>,
    pub opened_lon: Option<f64>,
    pub closed_at: Option<DateTime<Utc>>,
    pub closed_lat: Option<f64>,
    pub closed_lon: Option<f64>,
    pub peak: Option<f64>,
    pub limit_value: Option<f64>,
    pub hits: i32,
    pub world_version: i64,
    pub jurisdiction: String,
    pub pack_version: i32,
    pub cargo_unknown: bool,
    pub driver: Option<String>,
    pub exempted_by: Option<i64>,
}

impl EpisodeRow {
    /// The episode.
    pub fn read(self) -> Result<Episode, StoreError> {
        let id = self.id;
        let unreadable = |what, reason: &dyn std::fmt::Display| StoreError::Unreadable {
            what,
            of: format!("violation {id}"),
            reason: reason.to_string(),
        };
        let place = |lat: Option<f64>, lon: Option<f64>| {
            lat.zip(lon).map(|(lat, lon)| Place::new(lat, lon).map_err(|error| unreadable("place", &error))).transpose()
        };
        Ok(Episode {
            id: ViolationId(id),
            vehicle_id: VehicleId(self.vehicle_id),
            rule: self.rule.parse().map_err(|error| unreadable("rule", &error))?,
            subject: self.subject.parse().map_err(|error| unreadable("subject", &error))?,
            zone: self.zone_id.zip(self.zone_version).map(|(id, version)| (ZoneId(id), ZoneVersion(version))),
            severity: Severity::from_number(self.severity).ok_or_else(|| unreadable("severity", &self.severity))?,
            certainty: Certainty::from_name(&self.certainty).ok_or_else(|| unreadable("certainty", &self.certainty))?,
            entry: EntryKind::from_name(&self.entry).ok_or_else(|| unreadable("entry", &self.entry))?,
            situation: self.situation.into(),
            opened_at: self.opened_at,
            opened_place: place(self.opened_lat, self.opened_lon)?,
            closed_at: self.closed_at,
            closed_place: place(self.closed_lat, self.closed_lon)?,
            peak: self.peak,
            limit: self.limit_value,
            hits: u32::try_from(self.hits).unwrap_or(0),
            world_version: self.world_version,
            pack: PackVersion { jurisdiction: self.jurisdiction.into(), version: self.pack_version },
            cargo_unknown: self.cargo_unknown,
            driver: self.driver.map(Into::into),
            exempted_by: self.exempted_by.map(ExemptionId),
        })
    }
}
