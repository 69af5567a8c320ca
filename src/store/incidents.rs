//! Incidents: raising, joining, moving on, and asking for them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{PgConnection, PgExecutor, PgPool, types::Json};
use uuid::Uuid;

use super::{
    StoreError, Visibility,
    feed::{self, FeedKind, FeedNews},
    outbox,
    page::{Page, TimeCursor},
    positions,
    tokens::TokenOwner,
};
use crate::{
    domain::{IncidentId, IncidentLevel, IncidentState, OrganisationId},
    incident::IncidentDraft,
};

/// Minutes of track that are frozen with an incident.
const TRACK_MINUTES: i64 = 30;
/// Most points of that track.
const TRACK_POINTS: i64 = 360;

/// An incident as it is listed, streamed and told.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct IncidentRecord {
    /// Its id, derived from the first trigger.
    pub id: Uuid,
    /// Code of the carrier.
    pub operator: String,
    /// Code of the vehicle.
    pub vehicle: String,
    /// Preliminary level, I the highest.
    pub level: String,
    /// Why this level.
    pub level_reasons: Vec<String>,
    /// raised, acknowledged or closed.
    pub state: String,
    /// When it happened, by the device.
    pub raised_at: DateTime<Utc>,
    /// When it was recorded here.
    pub recorded_at: DateTime<Utc>,
    /// When somebody took it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// What raised it and what joined it, oldest first.
    pub triggers: Vec<TriggerRecord>,
    /// What responders read: goods, distances, contacts, track; frozen when the incident was raised.
    #[schema(value_type = Object)]
    pub sheet: Value,
}

/// What raised or joined an incident.
#[derive(Clone, Debug, Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct TriggerRecord {
    /// The violation.
    pub violation_id: Uuid,
    /// Its rule.
    pub rule: String,
    /// When.
    pub time: DateTime<Utc>,
}

/// Which incidents are asked for.
#[derive(Clone, Debug, Default)]
pub struct IncidentFilter {
    /// Only those in this state.
    pub state: Option<IncidentState>,
    /// Only those that are not closed.
    pub open_only: bool,
}

/// What a draft became.
enum Raised {
    /// A new incident.
    Opened(IncidentId),
    /// Another trigger of an incident that is open; it stood at this level before.
    Joined(IncidentId, IncidentLevel),
    /// It had been recorded before.
    Known,
}

/// Raises an incident, or joins it to the one that is open on the vehicle, and tells of it.
pub(super) async fn raise(
    connection: &mut PgConnection,
    draft: &IncidentDraft,
    news: &mut Vec<FeedNews>,
) -> Result<(), StoreError> {
    let (id, what, before) = match open_or_join(connection, draft).await? {
        Raised::Opened(id) => (id, "raised", None),
        Raised::Joined(id, before) => (id, "joined", Some(before)),
        Raised::Known => return Ok(()),
    };
    let reason = format!("{what}/{}", draft.trigger);
    tell(connection, id, &reason, before, news).await
}

async fn open_or_join(connection: &mut PgConnection, draft: &IncidentDraft) -> Result<Raised, StoreError> {
    let known =
        sqlx::query_scalar!("SELECT incident_id FROM incident_trigger WHERE violation_id = $1", draft.trigger.0);
    if known.fetch_optional(&mut *connection).await?.is_some() {
        return Ok(Raised::Known);
    }
    let open = sqlx::query!(
        "SELECT id, level FROM incident WHERE vehicle_id = $1 AND closed_at IS NULL ORDER BY raised_at, id LIMIT 1 FOR UPDATE",
        draft.vehicle_id.0,
    )
    .fetch_optional(&mut *connection)
    .await?;
    let raised = if let Some(open) = open {
        sqlx::query!(
            "UPDATE incident SET level = least(level, $2), level_reasons = level_reasons || $3 WHERE id = $1",
            open.id,
            draft.level.number(),
            json!(draft.level_reasons),
        )
        .execute(&mut *connection)
        .await?;
        Raised::Joined(IncidentId(open.id), IncidentLevel::from_number(open.level).unwrap_or(IncidentLevel::IV))
    } else {
        let id = IncidentId::derive(draft.trigger);
        let track =
            positions::recent_track(connection, draft.vehicle_id, draft.triggered_at, TRACK_MINUTES, TRACK_POINTS)
                .await?;
        let mut sheet = draft.sheet.clone();
        if let Some(sheet) = sheet.as_object_mut() {
            sheet.insert("track".into(), Value::Array(track));
        }
        sqlx::query!(
            "INSERT INTO incident (id, vehicle_id, operator_id, shipment_id, level, level_reasons, raised_at, sheet)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
            id.0,
            draft.vehicle_id.0,
            draft.operator_id.0,
            draft.shipment_id.map(|id| id.0),
            draft.level.number(),
            json!(draft.level_reasons),
            draft.triggered_at,
            sheet,
        )
        .execute(&mut *connection)
        .await?;
        Raised::Opened(id)
    };
    if let Raised::Opened(id) | Raised::Joined(id, _) = raised {
        sqlx::query!(
            "INSERT INTO incident_trigger (violation_id, incident_id, rule, triggered_at) VALUES ($1, $2, $3, $4)",
            draft.trigger.0,
            id.0,
            draft.rule.as_str(),
            draft.triggered_at,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(raised)
}

/// Puts the incident as it is now into the outbox and among the news for the feed. `reason` tells this telling from every other.
/// A retained message holds each open incident under its level; a closed one is cleared there.
async fn tell(
    connection: &mut PgConnection,
    id: IncidentId,
    reason: &str,
    level_before: Option<IncidentLevel>,
    news: &mut Vec<FeedNews>,
) -> Result<(), StoreError> {
    let filter = IncidentFilter::default();
    let found = select(&mut *connection, Visibility::Everything, &filter, Some(id.0), None, 1).await?;
    let Some((operator, record)) = found.into_iter().next() else { return Ok(()) };
    let topic = |level: &str| format!("placard/v1/incidents/{level}/{id}");
    if let Some(before) = level_before.filter(|before| before.as_str() != record.level) {
        let key = format!("incident/{id}/{reason}/mqtt/cleared");
        outbox::to_mqtt(connection, &key, &topic(before.as_str()), true, "").await?;
    }
    let payload = if record.closed_at.is_some() { String::new() } else { text(&record)? };
    outbox::to_mqtt(connection, &format!("incident/{id}/{reason}/mqtt"), &topic(&record.level), true, &payload).await?;
    let event = json!({ "id": format!("incident/{id}/{reason}"), "type": "incident", "incident": &record });
    outbox::to_webhooks(
        connection,
        &format!("incident/{id}/{reason}"),
        operator,
        FeedKind::Incident,
        &event.to_string(),
    )
    .await?;
    news.push(FeedNews::of(FeedKind::Incident, operator, &record)?);
    Ok(())
}

fn text<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()).into())
}

/// A step in an incident's life that a person takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncidentStep {
    /// Takes it.
    Acknowledge,
    /// Ends it.
    Close,
}

/// Takes a step; taking one again changes nothing. Returns the incident as it is then, or `None` when there is no such
/// incident that may be seen.
///
/// # Errors
/// When the database refuses.
pub async fn step(
    pool: &PgPool,
    visibility: Visibility,
    id: IncidentId,
    step: IncidentStep,
    by: &TokenOwner,
) -> Result<Option<IncidentRecord>, StoreError> {
    let mut transaction = pool.begin().await?;
    let mut news = Vec::new();
    let (acknowledge, close) = (true, step == IncidentStep::Close);
    let changed = sqlx::query!(
        "UPDATE incident SET
             acknowledged_at = CASE WHEN $3 THEN coalesce(acknowledged_at, now()) ELSE acknowledged_at END,
             acknowledged_by = CASE WHEN $3 THEN coalesce(acknowledged_by, $5) ELSE acknowledged_by END,
             closed_at = CASE WHEN $4 THEN now() END, closed_by = CASE WHEN $4 THEN $5 END
         WHERE id = $1 AND ($2::bigint IS NULL OR operator_id = $2) AND closed_at IS NULL
           AND ($4 OR acknowledged_at IS NULL)",
        id.0,
        visibility.operator_filter(),
        acknowledge,
        close,
        by.token_id,
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    if changed > 0 {
        let reason = if close { "closed" } else { "acknowledged" };
        tell(&mut transaction, id, reason, None, &mut news).await?;
    }
    let filter = IncidentFilter::default();
    let found = select(&mut *transaction, visibility, &filter, Some(id.0), None, 1).await?;
    feed::append(&mut transaction, &news).await?;
    transaction.commit().await?;
    Ok(found.into_iter().next().map(|(_, record)| record))
}

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

async fn select(
    executor: impl PgExecutor<'_>,
    visibility: Visibility,
    filter: &IncidentFilter,
    id: Option<Uuid>,
    after: Option<TimeCursor>,
    rows: i64,
) -> Result<Vec<(OrganisationId, IncidentRecord)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT i.id, i.operator_id, o.code AS operator, v.code AS vehicle, i.level,
                  i.level_reasons AS "level_reasons: Json<Vec<String>>", i.raised_at, i.recorded_at, i.acknowledged_at,
                  i.closed_at, i.sheet,
                  (SELECT coalesce(jsonb_agg(jsonb_build_object('violation_id', t.violation_id, 'rule', t.rule,
                          'time', t.triggered_at) ORDER BY t.triggered_at, t.rule), '[]')
                   FROM incident_trigger t WHERE t.incident_id = i.id) AS "triggers!: Json<Vec<TriggerRecord>>"
           FROM incident i JOIN vehicle v ON v.id = i.vehicle_id JOIN organisation o ON o.id = i.operator_id
           WHERE ($1::bigint IS NULL OR i.operator_id = $1) AND ($2::uuid IS NULL OR i.id = $2)
             AND (NOT $3 OR i.closed_at IS NULL)
             AND ($4::text IS NULL OR $4 = CASE WHEN i.closed_at IS NOT NULL THEN 'closed'
                  WHEN i.acknowledged_at IS NOT NULL THEN 'acknowledged' ELSE 'raised' END)
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
    let state = |acknowledged: Option<DateTime<Utc>>, closed: Option<DateTime<Utc>>| match (acknowledged, closed) {
        (_, Some(_)) => IncidentState::Closed,
        (Some(_), None) => IncidentState::Acknowledged,
        (None, None) => IncidentState::Raised,
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let record = IncidentRecord {
                id: row.id,
                operator: row.operator,
                vehicle: row.vehicle,
                level: IncidentLevel::from_number(row.level).unwrap_or(IncidentLevel::IV).as_str().into(),
                level_reasons: row.level_reasons.0,
                state: state(row.acknowledged_at, row.closed_at).as_str().into(),
                raised_at: row.raised_at,
                recorded_at: row.recorded_at,
                acknowledged_at: row.acknowledged_at,
                closed_at: row.closed_at,
                triggers: row.triggers.0,
                sheet: row.sheet,
            };
            (OrganisationId(row.operator_id), record)
        })
        .collect())
}
