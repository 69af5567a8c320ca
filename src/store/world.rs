//! Loading the world as one snapshot.

use chrono::{DateTime, Utc};
use sqlx::{Acquire, PgPool};

use super::{StoreError, calendars, drivers, exemptions, routes, rule_packs, shipments, vehicles, zones};
use crate::{
    domain::OrganisationId,
    rules::{Realm, pack::RulePacks},
    world::{RuleSettings, WorldParts},
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
    before: Option<&Realm>,
) -> Result<(WorldParts, RulePacks), StoreError> {
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    sqlx::query!("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(&mut *transaction).await?;
    let version = sqlx::query_scalar!("SELECT version FROM world_version").fetch_one(&mut *transaction).await?;
    let rows = sqlx::query!("SELECT id, code FROM organisation").fetch_all(&mut *transaction).await?;
    let mut operators = Vec::with_capacity(rows.len());
    for row in rows {
        operators.push((code(&row.code, "organisation", row.id)?, OrganisationId(row.id)));
    }
    let parts = WorldParts {
        version,
        settings,
        operators,
        vehicles: vehicles::load(&mut transaction).await?,
        shipments: shipments::load(&mut transaction, ended_after).await?,
        zones: zones::load(&mut transaction, ended_after, before.map(|before| &**before)).await?,
        routes: routes::load(&mut transaction, before.map(|before| &**before)).await?,
        calendars: calendars::load(&mut transaction).await?,
        exemptions: exemptions::load(&mut transaction, ended_after).await?,
        drivers: drivers::load(&mut transaction).await?,
    };
    let packs = rule_packs::load(&mut transaction, before).await?;
    transaction.commit().await?;
    Ok((parts, packs))
}

/// Reads a code that was checked before it was stored.
pub(super) fn code<C: std::str::FromStr<Err = crate::domain::place::CodeError>>(
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
