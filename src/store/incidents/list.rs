//! Asking for incidents.

use chrono::Utc;
use sqlx::{PgExecutor, PgPool, types::Json};
use uuid::Uuid;

use super::{IncidentFilter, IncidentRecord, TriggerRecord};
use crate::{
    domain::{IncidentId, IncidentLevel, IncidentState, OrganisationId, Severity},
    incident::clocks::{Reached, clocks},
    store::{
        StoreError, Visibility,
        page::{Page, TimeCursor},
    },
};

/// One page of the incidents that may be seen, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    pool: &PgPool,
    visibility: Visibility,
    filter: &IncidentFilter,
    after: Option<TimeCursor>,
    limit: i64,
) -> Result<Page<IncidentRecord>, StoreError> {
    let rows = select(pool, visibility, filter, None, after, limit + 1).await?;
    let items = rows.into_iter().map(|(_, record)| record).collect();
    Ok(Page::cut(items, limit, |last: &IncidentRecord| TimeCursor(last.raised_at, last.id)))
}

/// One incident, if it is there and may be seen.
///
/// # Errors
/// When the database cannot be asked.
pub async fn one(
    pool: &PgPool,
    visibility: Visibility,
    filter: &IncidentFilter,
    id: IncidentId,
) -> Result<Option<IncidentRecord>, StoreError> {
    Ok(select(pool, visibility, filter, Some(id.0), None, 1).await?.into_iter().next().map(|(_, record)| record))
}

pub(super) async fn select(
    executor: impl PgExecutor<'_>,
    visibility: Visibility,
    filter: &IncidentFilter,
    id: Option<Uuid>,
    after: Option<TimeCursor>,
    rows: i64,
) -> Result<Vec<(OrganisationId, IncidentRecord)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT i.id, i.operator_id, CASE WHEN i.vehicle_id IS NOT NULL THEN o.code END AS operator,
                  v.code AS "vehicle?", i.level, i.level_reasons AS "level_reasons: Json<Vec<String>>",
                  i.level_confirmed_at, c.code AS "level_confirmed_by?", i.state, i.severity, i.raised_at, i.recorded_at,
                  i.seen_at, i.acknowledged_at, b.code AS "acknowledged_by?", i.dispatched_at, i.on_scene_at, i.controlled_at, i.closed_at,
                  i.merged_into, i.sheet,
                  (SELECT min(x.delivered_at) FROM outbox x WHERE x.incident_id = i.id) AS delivered_at,
                  ARRAY(SELECT m.id FROM incident m WHERE m.merged_into = i.id ORDER BY m.raised_at, m.id)
                      AS "merged_from!",
                  (SELECT coalesce(jsonb_agg(jsonb_build_object('violation_id', t.violation_id, 'rule', t.rule,
                          'time', t.triggered_at) ORDER BY t.triggered_at, t.rule), '[]')
                   FROM incident_trigger t
                   WHERE t.incident_id = i.id OR t.incident_id IN (SELECT id FROM incident WHERE merged_into = i.id))
                      AS "triggers!: Json<Vec<TriggerRecord>>"
           FROM incident i JOIN organisation o ON o.id = i.operator_id LEFT JOIN vehicle v ON v.id = i.vehicle_id
           LEFT JOIN api_token k ON k.id = i.level_confirmed_by LEFT JOIN organisation c ON c.id = k.organisation_id
           LEFT JOIN api_token h ON h.id = i.acknowledged_by LEFT JOIN organisation b ON b.id = h.organisation_id
           WHERE ($1::bigint IS NULL OR i.operator_id = $1) AND ($2::uuid IS NULL OR i.id = $2)
             AND (NOT $3 OR i.closed_at IS NULL) AND ($4::text IS NULL OR i.state = $4)
             AND ($5::timestamptz IS NULL OR (i.raised_at, i.id) < ($5, $6))
           ORDER BY i.raised_at DESC, i.id DESC LIMIT $7"#,
        visibility.operator_filter(),
        id,
        filter.open_only,
        filter.state.map(IncidentState::as_str),
        after.map(|after| after.0),
        after.map(|after| after.1),
        rows,
    )
    .fetch_all(executor)
    .await?;
    let now = Utc::now();
    Ok(rows
        .into_iter()
        .map(|row| {
            let level = IncidentLevel::from_number(row.level).unwrap_or(IncidentLevel::IV);
            let reached = Reached {
                raised: row.raised_at,
                recorded: row.recorded_at,
                delivered: row.delivered_at,
                seen: row.seen_at,
                acknowledged: row.acknowledged_at,
                dispatched: row.dispatched_at,
                arrived: row.on_scene_at,
                controlled: row.controlled_at,
                closed: row.closed_at,
            };
            let severity = Severity::from_number(row.severity).unwrap_or(Severity::S1);
            let record = IncidentRecord {
                id: row.id,
                operator: row.operator,
                vehicle: row.vehicle,
                level: level.as_str().into(),
                level_reasons: row.level_reasons.0,
                level_confirmed_at: row.level_confirmed_at,
                level_confirmed_by: row.level_confirmed_by,
                state: row.state,
                raised_at: row.raised_at,
                recorded_at: row.recorded_at,
                acknowledged_at: row.acknowledged_at,
                acknowledged_by: row.acknowledged_by,
                closed_at: row.closed_at,
                merged_into: row.merged_into,
                merged_from: row.merged_from,
                clocks: clocks(severity, level, &reached, now),
                triggers: row.triggers.0,
                sheet: row.sheet,
            };
            (OrganisationId(row.operator_id), record)
        })
        .collect())
}
