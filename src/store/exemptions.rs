//! Exemptions: permits to do what a rule forbids.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, PgPool, types::Json};

use super::{StoreError, Visibility, page::Page, world_version};
use crate::domain::{Exemption, ExemptionId, OrganisationId, RuleKey, Schedule, VehicleId, ZoneId};

/// An exemption as it is listed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExemptionRecord {
    /// Its number here.
    pub id: i64,
    /// Number of the permit, as its holder shows it.
    pub permit: String,
    /// Code of the organisation that granted it.
    pub publisher: String,
    /// Code of the carrier whom it is for; null for all.
    pub operator: Option<String>,
    /// Code of the vehicle that it is for; null for all of the carrier's.
    pub vehicle: Option<String>,
    /// The rules that it is about.
    pub rules: Vec<String>,
    /// Number of the zone that it is for; null for all.
    pub zone: Option<i64>,
    /// The group of zones that it is for; null for all.
    pub group: Option<String>,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// Until when.
    pub valid_to: DateTime<Utc>,
    /// The times at which it holds; null for all.
    #[schema(value_type = Option<Object>)]
    pub schedule: Option<Schedule>,
    /// Whether an attendant must be on board.
    pub escort_required: bool,
    /// Conditions in words, which no machine can check.
    pub conditions: Vec<String>,
}

/// Grants an exemption. Its own `id` is not looked at; the one that it gets is returned.
///
/// # Errors
/// When the database refuses.
pub async fn grant(pool: &PgPool, publisher: OrganisationId, new: &Exemption) -> Result<ExemptionId, StoreError> {
    let rules: Vec<String> = new.rules.iter().map(ToString::to_string).collect();
    let mut transaction = pool.begin().await?;
    let id = sqlx::query_scalar!(
        "INSERT INTO exemption (permit, publisher_id, operator_id, vehicle_id, rules, zone_id, zone_group, valid_from,
             valid_to, schedule, escort_required, conditions)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
        new.permit,
        publisher.0,
        new.operator_id.map(|id| id.0),
        new.vehicle_id.map(|id| id.0),
        &rules,
        new.zone.map(|id| id.0),
        new.group,
        new.valid_from,
        new.valid_to,
        new.schedule.as_ref().map(Json) as _,
        new.escort_required,
        &new.conditions,
    )
    .fetch_one(&mut *transaction)
    .await?;
    world_version::changed(&mut transaction).await?;
    transaction.commit().await?;
    Ok(ExemptionId(id))
}

/// Ends an exemption at `at`. False when it had ended by then, or is not there.
///
/// # Errors
/// When the database refuses.
pub async fn end(pool: &PgPool, id: ExemptionId, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let mut transaction = pool.begin().await?;
    let ended = sqlx::query!(
        "UPDATE exemption SET valid_to = greatest($2, valid_from) WHERE id = $1 AND valid_to > $2",
        id.0,
        at,
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    if ended > 0 {
        world_version::changed(&mut transaction).await?;
    }
    transaction.commit().await?;
    Ok(ended > 0)
}

/// One page of the exemptions, newest first: all, or those that an operator may use. With `id`, that one only.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    pool: &PgPool,
    visibility: Visibility,
    id: Option<ExemptionId>,
    before: Option<i64>,
    limit: i64,
) -> Result<Page<ExemptionRecord>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT e.id, e.permit, p.code AS publisher, o.code AS "operator?", v.code AS "vehicle?", e.rules, e.zone_id,
                  e.zone_group, e.valid_from, e.valid_to, e.schedule AS "schedule: Json<Schedule>", e.escort_required,
                  e.conditions
           FROM exemption e JOIN organisation p ON p.id = e.publisher_id
           LEFT JOIN organisation o ON o.id = e.operator_id LEFT JOIN vehicle v ON v.id = e.vehicle_id
           WHERE ($1::bigint IS NULL OR e.operator_id IS NULL OR e.operator_id = $1)
             AND ($2::bigint IS NULL OR e.id = $2) AND ($3::bigint IS NULL OR e.id < $3)
           ORDER BY e.id DESC LIMIT $4"#,
        visibility.operator_filter(),
        id.map(|id| id.0),
        before,
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    let items = rows
        .into_iter()
        .map(|row| ExemptionRecord {
            id: row.id,
            permit: row.permit,
            publisher: row.publisher,
            operator: row.operator,
            vehicle: row.vehicle,
            rules: row.rules,
            zone: row.zone_id,
            group: row.zone_group,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            schedule: row.schedule.map(|schedule| schedule.0),
            escort_required: row.escort_required,
            conditions: row.conditions,
        })
        .collect();
    Ok(Page::cut(items, limit, |last: &ExemptionRecord| last.id))
}

/// The exemptions that did not end before `ended_after`.
pub(super) async fn load(
    connection: &mut PgConnection,
    ended_after: DateTime<Utc>,
) -> Result<Vec<Exemption>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id, permit, operator_id, vehicle_id, rules, zone_id, zone_group, valid_from, valid_to,
                  schedule AS "schedule: Json<Schedule>", escort_required, conditions
           FROM exemption WHERE valid_to > $1 ORDER BY id"#,
        ended_after,
    )
    .fetch_all(connection)
    .await?;
    let mut exemptions = Vec::with_capacity(rows.len());
    for row in rows {
        let rules: Result<Vec<RuleKey>, _> = row.rules.iter().map(|key| key.parse()).collect();
        exemptions.push(Exemption {
            id: ExemptionId(row.id),
            permit: row.permit,
            operator_id: row.operator_id.map(OrganisationId),
            vehicle_id: row.vehicle_id.map(VehicleId),
            rules: rules.map_err(|error| StoreError::Unreadable {
                what: "rule",
                of: format!("exemption {}", row.id),
                reason: error.to_string(),
            })?,
            zone: row.zone_id.map(ZoneId),
            group: row.zone_group,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            schedule: row.schedule.map(|schedule| schedule.0),
            escort_required: row.escort_required,
            conditions: row.conditions,
        });
    }
    Ok(exemptions)
}
