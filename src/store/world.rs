//! Loading the world as one snapshot.

use chrono::{DateTime, Utc};
use sqlx::{Acquire, PgPool};

use super::{StoreError, shipments, zones};
use crate::{
    domain::{OrganisationId, Vehicle, VehicleId},
    world::{RuleSettings, World, WorldParts},
};

/// Loads everything that fixes are judged by, in one consistent snapshot. Shipments and zones that ended before
/// `ended_after` are left out. `before` is the world as it was, from which what has not changed is taken over.
///
/// # Errors
/// When the database cannot be asked, or holds something that does not read.
pub async fn load(
    pool: &PgPool,
    settings: RuleSettings,
    ended_after: DateTime<Utc>,
    before: Option<&World>,
) -> Result<WorldParts, StoreError> {
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    sqlx::query!("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(&mut *transaction).await?;
    let version = sqlx::query_scalar!("SELECT version FROM world_version").fetch_one(&mut *transaction).await?;
    let rows = sqlx::query!("SELECT id, code FROM organisation").fetch_all(&mut *transaction).await?;
    let mut operators = Vec::with_capacity(rows.len());
    for row in rows {
        operators.push((code(&row.code, "organisation", row.id)?, OrganisationId(row.id)));
    }
    let rows = sqlx::query!(
        "SELECT v.id, v.operator_id, o.code AS operator, v.code, v.registration, v.dangerous_goods, v.speed_limit_kmh
         FROM vehicle v JOIN organisation o ON o.id = v.operator_id"
    )
    .fetch_all(&mut *transaction)
    .await?;
    let mut vehicles = Vec::with_capacity(rows.len());
    for row in rows {
        vehicles.push(Vehicle {
            id: VehicleId(row.id),
            operator_id: OrganisationId(row.operator_id),
            operator: code(&row.operator, "organisation", row.operator_id)?,
            code: code(&row.code, "vehicle", row.id)?,
            registration: row.registration,
            dangerous_goods: row.dangerous_goods,
            speed_limit_kmh: row.speed_limit_kmh,
            jurisdiction: None,
            documents: vec![],
            licensed_classes: vec![],
            tank_media: vec![],
            rated_load_kg: None,
        });
    }
    let shipments = shipments::load(&mut transaction, ended_after).await?;
    let zones = zones::load(&mut transaction, ended_after, before).await?;
    transaction.commit().await?;
    Ok(WorldParts { version, settings, operators, vehicles, shipments, zones, packs: crate::rules::pack::RulePacks::builtin().unwrap_or_default(), ..WorldParts::default() })
}

fn code<C: std::str::FromStr<Err = crate::domain::place::CodeError>>(
    text: &str,
    of: &str,
    id: i64,
) -> Result<C, StoreError> {
    text.parse().map_err(|error: crate::domain::place::CodeError| StoreError::Unreadable {
        what: "code",
        of: format!("{of} {id}"),
        reason: error.to_string(),
    })
}
