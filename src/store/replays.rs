//! What a replay asks for.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgPool;

use super::StoreError;
use crate::domain::{VehicleId, ViolationId};

/// Which vehicles are judged again. What is `None` does not narrow.
#[derive(Clone, Debug, Default)]
pub struct ReplayScope {
    /// Code of the carrier.
    pub operator: Option<String>,
    /// Code of the vehicle.
    pub vehicle: Option<String>,
}

/// The vehicles of which something was heard in the interval.
///
/// # Errors
/// When the database cannot be asked.
pub async fn vehicles(
    pool: &PgPool,
    scope: &ReplayScope,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
) -> Result<Vec<VehicleId>, StoreError> {
    let rows = sqlx::query_scalar!(
        "SELECT v.id FROM vehicle v JOIN organisation o ON o.id = v.operator_id
         WHERE ($1::text IS NULL OR o.code = $1) AND ($2::text IS NULL OR v.code = $2)
           AND (EXISTS (SELECT FROM position p WHERE p.vehicle_id = v.id AND p.fix_time >= $3
                    AND ($4::timestamptz IS NULL OR p.fix_time <= $4))
                OR EXISTS (SELECT FROM device_event e WHERE e.vehicle_id = v.id AND e.event_time >= $3
                    AND ($4::timestamptz IS NULL OR e.event_time <= $4)))
         ORDER BY v.id",
        scope.operator,
        scope.vehicle,
        from,
        to,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(VehicleId).collect())
}

/// Up to when the vehicle's silence was judged by the clock.
///
/// # Errors
/// When the database cannot be asked.
pub async fn silence_judged_to(pool: &PgPool, vehicle: VehicleId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let text = sqlx::query_scalar!(
        r#"SELECT engine_state->'engine'->>'silence_to' AS "silence_to?" FROM vehicle_state WHERE vehicle_id = $1"#,
        vehicle.0,
    )
    .fetch_optional(pool)
    .await?;
    Ok(text.flatten().and_then(|text| text.parse().ok()))
}

/// The vehicle of a violation.
///
/// # Errors
/// When the database cannot be asked.
pub async fn vehicle_of(pool: &PgPool, id: ViolationId) -> Result<Option<VehicleId>, StoreError> {
    let found = sqlx::query_scalar!("SELECT vehicle_id FROM violation WHERE id = $1", id.0);
    Ok(found.fetch_optional(pool).await?.map(VehicleId))
}

/// What a violation said before late data amended it: the version, when it was replaced, and the row as it was.
///
/// # Errors
/// When the database cannot be asked.
pub async fn earlier_versions(pool: &PgPool, id: ViolationId) -> Result<Vec<(i32, DateTime<Utc>, Value)>, StoreError> {
    let rows = sqlx::query!(
        "SELECT version, replaced_at, said FROM violation_version WHERE violation_id = $1 ORDER BY version",
        id.0,
    );
    Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (row.version, row.replaced_at, row.said)).collect())
}
