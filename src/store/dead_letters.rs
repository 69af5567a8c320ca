//! Messages that could not be used, and why.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};

use super::{StoreError, Visibility, page::Page};
use crate::domain::OrganisationId;

/// How much of a payload is kept.
const KEPT_BYTES: usize = 4096;

/// A message, or a part of one, that could not be used.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter {
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Where to.
    pub topic: String,
    /// The operator that its topic names, if it is a known one.
    pub operator_id: Option<OrganisationId>,
    /// Code of the reason.
    pub reason: &'static str,
    /// The reason in words: what was wrong, where, and what would be right.
    pub detail: String,
    payload: Vec<u8>,
    payload_bytes: usize,
    digest: Vec<u8>,
}

impl DeadLetter {
    /// Makes a dead letter. `part` names the part of the message that it is about: two parts of one message that cannot
    /// be used are two dead letters.
    #[must_use]
    pub fn new(
        received_at: DateTime<Utc>,
        topic: &str,
        operator_id: Option<OrganisationId>,
        (reason, detail): (&'static str, String),
        payload: &[u8],
        part: usize,
    ) -> Self {
        let digest = Sha256::new()
            .chain_update(topic.as_bytes())
            .chain_update([0])
            .chain_update(part.to_le_bytes())
            .chain_update(payload)
            .finalize();
        Self {
            received_at,
            // A text column cannot hold a NUL.
            topic: topic.replace('\0', "\u{fffd}"),
            operator_id,
            reason,
            detail: detail.replace('\0', "\u{fffd}"),
            payload: payload.iter().take(KEPT_BYTES).copied().collect(),
            payload_bytes: payload.len(),
            digest: digest.to_vec(),
        }
    }
}

/// Stores dead letters; one that is there already is left as it is.
pub(super) async fn insert(connection: &mut PgConnection, letters: &[&DeadLetter]) -> Result<(), StoreError> {
    for letter in letters {
        sqlx::query!(
            "INSERT INTO dead_letter (digest, received_at, topic, operator_id, reason, detail, payload, payload_bytes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (digest) DO NOTHING",
            letter.digest,
            letter.received_at,
            letter.topic,
            letter.operator_id.map(|id| id.0),
            letter.reason,
            letter.detail,
            letter.payload,
            i64::try_from(letter.payload_bytes).unwrap_or(i64::MAX),
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// A dead letter as it is listed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DeadLetterRecord {
    /// Its number.
    pub id: i64,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Where to.
    pub topic: String,
    /// Code of the reason.
    pub reason: String,
    /// The reason in words.
    pub detail: String,
    /// The first 4 KiB of the payload, as text; bytes that are not UTF-8 are replaced.
    pub payload: String,
    /// Length of the whole payload in bytes.
    pub payload_bytes: i64,
}

/// One page of the dead letters that may be seen, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    pool: &PgPool,
    visibility: Visibility,
    before: Option<i64>,
    limit: i64,
) -> Result<Page<DeadLetterRecord>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, received_at, topic, reason, detail, payload, payload_bytes FROM dead_letter
         WHERE ($1::bigint IS NULL OR operator_id = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        visibility.operator_filter(),
        before,
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    let items = rows
        .into_iter()
        .map(|row| DeadLetterRecord {
            id: row.id,
            received_at: row.received_at,
            topic: row.topic,
            reason: row.reason,
            detail: row.detail,
            payload: String::from_utf8_lossy(&row.payload).into_owned(),
            payload_bytes: row.payload_bytes,
        })
        .collect();
    Ok(Page::cut(items, limit, |last| last.id))
}
