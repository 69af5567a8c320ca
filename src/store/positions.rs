//! Questions about where vehicles are and were.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use super::{StoreError, Visibility, page::Page};
use crate::domain::{FixKey, VehicleId};

/// A fix as it is listed and streamed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PositionRecord {
    /// Code of the carrier.
    pub operator: String,
    /// Code of the vehicle.
    pub vehicle: String,
    /// When the receiver fixed the position.
    pub time: DateTime<Utc>,
    /// The device's sequence number; 0 where it sends none.
    pub seq: i64,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Ground speed in km/h.
    pub speed_kmh: Option<f32>,
    /// Course in degrees clockwise from north.
    pub heading_deg: Option<f32>,
    /// Radius of uncertainty in metres.
    pub accuracy_m: Option<f32>,
}

/// A fix of a track, with everything that came beside it.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TrackPoint {
    /// When the receiver fixed the position.
    pub time: DateTime<Utc>,
    /// The device's sequence number; 0 where it sends none.
    pub seq: i64,
    /// When the server took it in.
    pub received_at: DateTime<Utc>,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Ground speed in km/h.
    pub speed_kmh: Option<f32>,
    /// Course in degrees clockwise from north.
    pub heading_deg: Option<f32>,
    /// Radius of uncertainty in metres.
    pub accuracy_m: Option<f32>,
    /// Height above sea level in metres.
    pub altitude_m: Option<f32>,
    /// Satellites used.
    pub satellites: Option<i16>,
    /// Whether the ignition is on.
    pub ignition: Option<bool>,
    /// Who drives.
    pub driver: Option<String>,
    /// 0 judged in order, 1 stored out of order, 2 implausible.
    pub judgement: i16,
    /// Sensor readings.
    #[schema(value_type = Object)]
    pub sensors: Option<Value>,
    /// Fields that Placard does not know, as they came.
    #[schema(value_type = Object)]
    pub unknown_fields: Option<Value>,
}

/// The newest fix of each vehicle that may be seen, by operator and code; with `stored_after`, only those that came since.
///
/// # Errors
/// When the database cannot be asked.
pub async fn latest(
    pool: &PgPool,
    visibility: Visibility,
    operator: Option<&str>,
    vehicle: Option<&str>,
    stored_after: Option<DateTime<Utc>>,
) -> Result<Vec<PositionRecord>, StoreError> {
    let rows = sqlx::query_as!(
        PositionRecord,
        r#"SELECT o.code AS operator, v.code AS vehicle, s.fix_time AS "time!", s.seq AS "seq!", s.lat AS "lat!",
                  s.lon AS "lon!", s.speed_kmh, s.heading_deg, s.accuracy_m
           FROM vehicle_state s JOIN vehicle v ON v.id = s.vehicle_id JOIN organisation o ON o.id = v.operator_id
           WHERE s.fix_time IS NOT NULL AND ($1::bigint IS NULL OR v.operator_id = $1)
             AND ($2::text IS NULL OR o.code = $2) AND ($3::text IS NULL OR v.code = $3)
             AND ($4::timestamptz IS NULL OR s.stored_at > $4)
           ORDER BY o.code, v.code"#,
        visibility.operator_filter(),
        operator,
        vehicle,
        stored_after,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// One page of a vehicle's track from `from` on and before `to`, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn track(
    pool: &PgPool,
    vehicle: VehicleId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    after: Option<FixKey>,
    limit: i64,
) -> Result<Page<TrackPoint>, StoreError> {
    let after = after.unwrap_or(FixKey { time: from, seq: i64::MIN });
    let items = sqlx::query_as!(
        TrackPoint,
        r#"SELECT fix_time AS time, seq, received_at, lat, lon, speed_kmh, heading_deg, accuracy_m, altitude_m, satellites,
                  ignition, driver, judgement, sensors, unknown_fields
           FROM position
           WHERE vehicle_id = $1 AND fix_time >= $2 AND fix_time < $3 AND (fix_time, seq) > ($4, $5)
           ORDER BY fix_time, seq LIMIT $6"#,
        vehicle.0,
        from,
        to,
        after.time,
        after.seq,
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(items, limit, |last| FixKey { time: last.time, seq: last.seq }))
}

/// A vehicle's track of the `minutes` before `until`, at most `limit` newest points, oldest first; asked within the
/// transaction that stores the newest of them.
pub(super) async fn recent_track(
    connection: &mut PgConnection,
    vehicle: VehicleId,
    until: DateTime<Utc>,
    minutes: i64,
    limit: i64,
) -> Result<Vec<Value>, StoreError> {
    let mut rows = sqlx::query!(
        "SELECT fix_time, lat, lon, speed_kmh, heading_deg FROM position
         WHERE vehicle_id = $1 AND fix_time <= $2 AND fix_time > $3 AND judgement = 0
         ORDER BY fix_time DESC, seq DESC LIMIT $4",
        vehicle.0,
        until,
        until - chrono::TimeDelta::minutes(minutes),
        limit,
    )
    .fetch_all(connection)
    .await?;
    rows.reverse();
    Ok(rows
        .into_iter()
        .map(|row| {
            serde_json::json!({
                "time": row.fix_time, "lat": row.lat, "lon": row.lon,
                "speed_kmh": row.speed_kmh, "heading_deg": row.heading_deg,
            })
        })
        .collect())
}
