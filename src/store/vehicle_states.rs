//! The engine's state of each vehicle, as it was committed with the vehicle's newest fix.

use serde_json::value::RawValue;
use sqlx::{PgPool, types::Json};

use super::StoreError;
use crate::domain::VehicleId;

/// The stored states, as JSON text, of the vehicles that fall to one of `shards` shards: vehicle id modulo `shards`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn load(pool: &PgPool, shard: usize, shards: usize) -> Result<Vec<(VehicleId, Box<RawValue>)>, StoreError> {
    let number = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
    let rows = sqlx::query!(
        r#"SELECT vehicle_id, engine_state AS "engine_state: Json<Box<RawValue>>" FROM vehicle_state
           WHERE vehicle_id % $2 = $1"#,
        number(shard),
        number(shards),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (VehicleId(row.vehicle_id), row.engine_state.0)).collect())
}
