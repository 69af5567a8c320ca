//! Telling of an incident: the outbox, with the retained message under its level, and the feed.

use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;

use super::{IncidentFilter, IncidentRecord, list::select};
use crate::{
    domain::{IncidentId, IncidentLevel},
    store::{
        StoreError, Visibility,
        feed::{FeedKind, FeedNews},
        outbox,
    },
};

/// Puts the incident as it is now into the outbox and among the news for the feed. `reason` tells this telling from every other.
/// A retained message holds each open incident under its level; one that has ended is cleared there. Returns what was told.
pub(super) async fn tell(
    connection: &mut PgConnection,
    id: IncidentId,
    reason: &str,
    level_before: Option<IncidentLevel>,
    news: &mut Vec<FeedNews>,
) -> Result<Option<IncidentRecord>, StoreError> {
    let filter = IncidentFilter::default();
    let found = select(&mut *connection, Visibility::Everything, &filter, Some(id.0), None, 1).await?;
    let Some((operator, record)) = found.into_iter().next() else { return Ok(None) };
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
    Ok(Some(record))
}

fn text<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()).into())
}
