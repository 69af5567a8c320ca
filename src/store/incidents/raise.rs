//! Raising an incident, or joining what happened to the one that is open on the vehicle.

use serde_json::{Value, json};
use sqlx::PgConnection;

use super::tell::tell;
use crate::{
    domain::{IncidentId, IncidentLevel},
    incident::IncidentDraft,
    store::{StoreError, feed::FeedNews, positions},
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
