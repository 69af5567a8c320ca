//! Breaches ahead of which drivers were warned.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{StoreError, batch::VehicleOutcome, violations::PlaceRecord};
use crate::rules::Warning;

/// A warning as it is streamed and sent to the cab.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct WarningRecord {
    /// Its id, derived from vehicle, rule, subject and time.
    pub id: Uuid,
    /// Code of the carrier.
    pub operator: String,
    /// Code of the vehicle.
    pub vehicle: String,
    /// Key of the rule that will be broken.
    pub rule: String,
    /// What it will be about, as in `zone/12`.
    pub subject: String,
    /// Number of the zone ahead.
    pub zone: Option<i64>,
    /// When the vehicle was seen to head for it.
    pub at: DateTime<Utc>,
    /// In how many seconds it will happen.
    pub in_s: f64,
    /// How far it is, in metres.
    pub distance_m: Option<f64>,
    /// Where it will happen.
    pub place: Option<PlaceRecord>,
}

/// Keeps a warning; `None` when it was kept before.
pub(super) async fn insert(
    connection: &mut PgConnection,
    id: Uuid,
    vehicle: &VehicleOutcome,
    warning: &Warning,
) -> Result<Option<WarningRecord>, StoreError> {
    let (operator, code) = vehicle.topic_path.split_once('/').unwrap_or_default();
    let record = WarningRecord {
        id,
        operator: operator.to_owned(),
        vehicle: code.to_owned(),
        rule: warning.rule.as_str().to_owned(),
        subject: warning.subject.to_string(),
        zone: warning.zone.map(|(zone, _)| zone.0),
        at: warning.at,
        in_s: warning.in_s,
        distance_m: warning.distance_m,
        place: warning.place.map(|place| PlaceRecord { lat: place.lat(), lon: place.lon() }),
    };
    let written = sqlx::query!(
        "INSERT INTO warning (id, vehicle_id, operator_id, rule, subject, zone_id, zone_version, warned_at, in_s,
             distance_m, lat, lon)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING",
        id,
        vehicle.vehicle_id.0,
        vehicle.operator_id.0,
        record.rule,
        record.subject,
        record.zone,
        warning.zone.map(|(_, version)| version.0),
        record.at,
        record.in_s,
        record.distance_m,
        record.place.map(|place| place.lat),
        record.place.map(|place| place.lon),
    )
    .execute(connection)
    .await?;
    Ok((written.rows_affected() > 0).then_some(record))
}
