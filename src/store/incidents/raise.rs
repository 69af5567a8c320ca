//! Raising an incident, or joining what happened to the one that is open on the vehicle.

use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};

use super::{
    IncidentFilter, IncidentRecord,
    list::select,
    tell::tell,
    timeline::{EntryKind, add},
};
use crate::{
    domain::{IncidentId, IncidentLevel},
    incident::{IncidentDraft, Trigger},
    store::{
        StoreError, Visibility,
        feed::{self, FeedNews},
        positions,
        tokens::TokenOwner,
    },
};

/// Minutes of track that are frozen with an incident.
const TRACK_MINUTES: i64 = 30;
/// Most points of that track.
const TRACK_POINTS: i64 = 360;

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
pub(in crate::store) async fn raise(
    connection: &mut PgConnection,
    draft: &IncidentDraft,
    news: &mut Vec<FeedNews>,
) -> Result<(), StoreError> {
    raise_by(connection, draft, None, news).await.map(|_| ())
}

/// Raises or joins what was reported by telephone. Returns the incident, and whether it is a new one.
///
/// # Errors
/// When the database refuses.
pub async fn report(
    pool: &PgPool,
    draft: &IncidentDraft,
    by: &TokenOwner,
) -> Result<Option<(IncidentRecord, bool)>, StoreError> {
    let mut transaction = pool.begin().await?;
    let mut news = Vec::new();
    let (id, is_new) = match raise_by(&mut transaction, draft, Some(by), &mut news).await? {
        Raised::Opened(id) => (id, true),
        Raised::Joined(id, _) => (id, false),
        Raised::Known => return Ok(None),
    };
    let filter = IncidentFilter::default();
    let found = select(&mut *transaction, Visibility::Everything, &filter, Some(id.0), None, 1).await?;
    feed::append(&mut transaction, &news).await?;
    transaction.commit().await?;
    Ok(found.into_iter().next().map(|(_, record)| (record, is_new)))
}

async fn raise_by(
    connection: &mut PgConnection,
    draft: &IncidentDraft,
    by: Option<&TokenOwner>,
    news: &mut Vec<FeedNews>,
) -> Result<Raised, StoreError> {
    let raised = open_or_join(connection, draft).await?;
    let (id, what, before) = match raised {
        Raised::Opened(id) => (id, "raised", None),
        Raised::Joined(id, before) => (id, "joined", Some(before)),
        Raised::Known => return Ok(raised),
    };
    let detail = match &draft.trigger {
        Trigger::Violation(violation, rule) => json!({ "rule": rule, "violation_id": violation }),
        Trigger::Telephone(_, report) => json!({ "rule": draft.trigger.name(), "reported": report }),
    };
    add(connection, id, draft.triggered_at, by, EntryKind::Trigger, &detail).await?;
    if before.is_none_or(|before| draft.level > before) {
        let from = before.map(IncidentLevel::as_str);
        let detail = json!({ "from": from, "to": draft.level.as_str(), "reasons": draft.level_reasons });
        add(connection, id, draft.triggered_at, None, EntryKind::Level, &detail).await?;
    }
    tell(connection, id, &format!("{what}/{}", draft.trigger.id()), before, news).await?;
    Ok(raised)
}

async fn open_or_join(connection: &mut PgConnection, draft: &IncidentDraft) -> Result<Raised, StoreError> {
    if let Some(violation) = draft.trigger.violation() {
        let known =
            sqlx::query_scalar!("SELECT incident_id FROM incident_trigger WHERE violation_id = $1", violation.0);
        if known.fetch_optional(&mut *connection).await?.is_some() {
            return Ok(Raised::Known);
        }
    }
    // The one that is open on the vehicle, or in which another of the vehicle goes on.
    let open = sqlx::query!(
        "SELECT id, level FROM incident
         WHERE closed_at IS NULL AND (vehicle_id = $1
               OR id IN (SELECT merged_into FROM incident WHERE vehicle_id = $1 AND merged_into IS NOT NULL))
         ORDER BY raised_at, id LIMIT 1 FOR UPDATE",
        draft.vehicle_id.map(|id| id.0),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let raised = if let Some(open) = open {
        // A level that a person confirmed is raised like any other, and then waits to be confirmed again.
        sqlx::query!(
            "UPDATE incident SET level = least(level, $2), level_reasons = level_reasons || $3,
                 severity = least(severity, $4),
                 level_confirmed_at = CASE WHEN $2 < level THEN NULL ELSE level_confirmed_at END,
                 level_confirmed_by = CASE WHEN $2 < level THEN NULL ELSE level_confirmed_by END
             WHERE id = $1",
            open.id,
            draft.level.number(),
            json!(draft.level_reasons),
            draft.severity.number(),
        )
        .execute(&mut *connection)
        .await?;
        Raised::Joined(IncidentId(open.id), IncidentLevel::from_number(open.level).unwrap_or(IncidentLevel::IV))
    } else {
        Raised::Opened(open_new(connection, draft).await?)
    };
    if let Raised::Opened(id) | Raised::Joined(id, _) = raised {
        sqlx::query!(
            "INSERT INTO incident_trigger (violation_id, incident_id, rule, triggered_at) VALUES ($1, $2, $3, $4)",
            draft.trigger.violation().map(|id| id.0),
            id.0,
            draft.trigger.name(),
            draft.triggered_at,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(raised)
}

async fn open_new(connection: &mut PgConnection, draft: &IncidentDraft) -> Result<IncidentId, StoreError> {
    let id = draft.trigger.incident_id();
    let track = match draft.vehicle_id {
        Some(vehicle) => {
            positions::recent_track(connection, vehicle, draft.triggered_at, TRACK_MINUTES, TRACK_POINTS).await?
        }
        None => Vec::new(),
    };
    let mut sheet = draft.sheet.clone();
    if let Some(sheet) = sheet.as_object_mut() {
        sheet.insert("track".into(), Value::Array(track));
    }
    sqlx::query!(
        "INSERT INTO incident (id, vehicle_id, operator_id, shipment_id, level, level_reasons, severity, raised_at, sheet)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
        id.0,
        draft.vehicle_id.map(|id| id.0),
        draft.operator_id.0,
        draft.shipment_id.map(|id| id.0),
        draft.level.number(),
        json!(draft.level_reasons),
        draft.severity.number(),
        draft.triggered_at,
        sheet,
    )
    .execute(&mut *connection)
    .await?;
    Ok(id)
}
