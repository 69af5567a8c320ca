//! The outbox: what has to be told is written in the transaction that found it, and delivered afterwards until the other
//! side has it. A key says what a message is about and for whom, so that the same thing is never queued twice.

use std::time::Duration;

use sqlx::{PgConnection, PgPool, postgres::types::PgInterval};

use super::{StoreError, feed::FeedKind};
use crate::domain::OrganisationId;

/// The channel on which dispatchers hear that something was queued.
pub const CHANNEL: &str = "placard_outbox";

/// A message that is due on MQTT.
#[derive(Clone, Debug)]
pub struct MqttMessage {
    /// Its number.
    pub id: i64,
    /// Where to.
    pub topic: String,
    /// Whether the broker keeps it.
    pub retain: bool,
    /// JSON, or nothing to clear a retained one.
    pub payload: String,
}

/// A message that is due at a webhook.
#[derive(Clone, Debug)]
pub struct WebhookMessage {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub webhook_id: i64,
    /// What it is about, the same at every attempt: the receiver drops repeats by it.
    pub key: String,
    /// Where to.
    pub url: String,
    /// Signs it.
    pub secret: String,
    /// JSON.
    pub payload: String,
    /// Attempts so far.
    pub attempts: i32,
}

/// Queues a message for MQTT.
pub(super) async fn to_mqtt(
    connection: &mut PgConnection,
    key: &str,
    topic: &str,
    retain: bool,
    payload: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO outbox (dedup_key, channel, topic, retain, payload) VALUES ($1, 'mqtt', $2, $3, $4)
         ON CONFLICT (dedup_key) DO NOTHING",
        key,
        topic,
        retain,
        payload,
    )
    .execute(&mut *connection)
    .await?;
    notify(connection).await
}

/// Queues a message for each webhook that may hear of this operator: its own, those of authorities, and, if it is about an
/// incident, those of responders.
pub(super) async fn to_webhooks(
    connection: &mut PgConnection,
    key: &str,
    operator: OrganisationId,
    about: FeedKind,
    payload: &str,
) -> Result<(), StoreError> {
    let queued = sqlx::query!(
        "INSERT INTO outbox (dedup_key, channel, webhook_id, payload)
         SELECT $1 || '/webhook/' || w.id, 'webhook', w.id, $3
         FROM webhook w JOIN organisation o ON o.id = w.organisation_id
         WHERE w.ended_at IS NULL
           AND (o.id = $2 OR o.kind IN ('regulator', 'admin') OR (o.kind = 'responder' AND $4))
         ON CONFLICT (dedup_key) DO NOTHING",
        key,
        operator.0,
        payload,
        about == FeedKind::Incident,
    )
    .execute(&mut *connection)
    .await?
    .rows_affected();
    if queued > 0 { notify(connection).await } else { Ok(()) }
}

async fn notify(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!("SELECT pg_notify($1, '')", CHANNEL).execute(connection).await?;
    Ok(())
}

/// Up to `limit` messages that are due on MQTT, in order; none while another dispatcher has some in hand, because what is said
/// of an incident must not overtake what was said before. The claim ends with the transaction of `connection`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn due_on_mqtt(connection: &mut PgConnection, limit: i64) -> Result<Vec<MqttMessage>, StoreError> {
    let claimed =
        sqlx::query_scalar!(r#"SELECT pg_try_advisory_xact_lock(hashtext('placard.outbox.mqtt')) AS "claimed!""#);
    if !claimed.fetch_one(&mut *connection).await? {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        MqttMessage,
        r#"SELECT id, topic AS "topic!", retain, payload FROM outbox
           WHERE channel = 'mqtt' AND delivered_at IS NULL ORDER BY id LIMIT $1"#,
        limit,
    );
    Ok(rows.fetch_all(connection).await?)
}

/// Takes up to `limit` messages that are due at webhooks other than `busy`, one for each webhook, and puts them off by
/// `lease`, so that nobody else takes them meanwhile and a dispatcher that dies gives them up.
///
/// # Errors
/// When the database cannot be asked.
pub async fn take_due_at_webhooks(
    pool: &PgPool,
    lease: Duration,
    busy: &[i64],
    limit: i64,
) -> Result<Vec<WebhookMessage>, StoreError> {
    let rows = sqlx::query_as!(
        WebhookMessage,
        r#"UPDATE outbox o SET next_attempt_at = now() + $1, attempts = o.attempts + 1
         FROM webhook w
         WHERE w.id = o.webhook_id AND o.next_attempt_at <= now() AND o.delivered_at IS NULL AND o.id IN (
             SELECT min(d.id) FROM outbox d JOIN webhook h ON h.id = d.webhook_id
             WHERE d.channel = 'webhook' AND d.delivered_at IS NULL AND d.next_attempt_at <= now()
               AND h.ended_at IS NULL AND h.id <> ALL($3)
             GROUP BY d.webhook_id ORDER BY min(d.next_attempt_at) LIMIT $2)
         RETURNING o.id, o.webhook_id AS "webhook_id!", o.dedup_key AS key, w.url, w.secret, o.payload, o.attempts"#,
        interval(lease),
        limit,
        busy,
    );
    Ok(rows.fetch_all(pool).await?)
}

/// Notes that messages arrived.
///
/// # Errors
/// When the database refuses; then they will be sent again.
pub async fn delivered(executor: impl sqlx::PgExecutor<'_>, ids: &[i64]) -> Result<(), StoreError> {
    sqlx::query!("UPDATE outbox SET delivered_at = now(), last_error = NULL WHERE id = ANY($1)", ids)
        .execute(executor)
        .await?;
    Ok(())
}

/// Notes that an attempt failed, and when the next is due.
///
/// # Errors
/// When the database refuses; then the lease decides when it is tried again.
pub async fn failed(pool: &PgPool, id: i64, error: &str, retry_in: Duration) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE outbox SET last_error = $2, next_attempt_at = now() + $3 WHERE id = $1",
        id,
        error,
        interval(retry_in),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// How many messages wait, by channel.
///
/// # Errors
/// When the database cannot be asked.
pub async fn waiting(pool: &PgPool) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT channel, count(*) AS "waiting!" FROM outbox WHERE delivered_at IS NULL GROUP BY channel"#
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.channel, row.waiting)).collect())
}

fn interval(duration: Duration) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(duration.as_micros()).unwrap_or(i64::MAX) }
}
