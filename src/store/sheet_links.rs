//! Links to the hazard sheet of an incident: signed, expiring, revocable, and shut when the incident ends.
//!
//! A link holds the number of its row and an HMAC of it by the installation's key. So it can be printed again at any time,
//! none can be guessed, and nobody who reads the table alone can open a sheet.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use serde::Serialize;
use sha2::Sha256;
use sqlx::PgPool;
use uuid::Uuid;

use super::{StoreError, tokens::TokenOwner};
use crate::domain::IncidentId;

/// Bytes of the signature that a link carries: short enough to type, and 128 bits are out of anybody's reach.
const SIGNATURE_BYTES: usize = 16;

/// A link as it is listed; without the link itself, which [`LinkKey::text`] makes.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SheetLinkRecord {
    /// Its number.
    pub id: i64,
    /// The incident whose sheet it opens.
    pub incident_id: Uuid,
    /// Whom it is for.
    pub label: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Until when; it is shut earlier when the incident ends.
    pub expires_at: DateTime<Utc>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
    /// How often it was opened.
    pub views: i64,
    /// When it was opened last.
    pub last_viewed_at: Option<DateTime<Utc>>,
}

/// Why a link opens nothing. Each is told to whoever tries: they hold a link that was once good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// Its time is up.
    Expired,
    /// It was taken back.
    Revoked,
    /// The incident is over.
    IncidentEnded,
}

/// A link that was presented.
#[derive(Clone, Copy, Debug)]
pub struct OpenedLink {
    /// Its number.
    pub id: i64,
    /// The incident whose sheet it is for.
    pub incident_id: IncidentId,
    /// Why it opens nothing, if it does not.
    pub shut: Option<Shut>,
}

/// What signs links.
#[derive(Clone)]
pub struct LinkKey(Vec<u8>);

impl LinkKey {
    /// The installation's key.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn load(pool: &PgPool) -> Result<Self, StoreError> {
        Ok(Self(sqlx::query_scalar!("SELECT secret FROM installation_key").fetch_one(pool).await?))
    }

    /// The text of the link with this number, as it stands in its address.
    #[must_use]
    pub fn text(&self, id: i64) -> String {
        let mut bytes = id.to_be_bytes().to_vec();
        bytes.extend(self.signature(id));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The number in a link, if we have signed it.
    #[must_use]
    pub fn number(&self, link: &str) -> Option<i64> {
        let bytes = URL_SAFE_NO_PAD.decode(link).ok()?;
        let (number, signature) = bytes.split_first_chunk::<8>()?;
        let id = i64::from_be_bytes(*number);
        // Compared in constant time.
        let ours = signature.len() == SIGNATURE_BYTES && self.mac(id)?.verify_truncated_left(signature).is_ok();
        ours.then_some(id)
    }

    fn signature(&self, id: i64) -> Vec<u8> {
        let bytes = self.mac(id).map(|mac| mac.finalize().into_bytes());
        bytes.iter().flatten().copied().take(SIGNATURE_BYTES).collect()
    }

    fn mac(&self, id: i64) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(b"placard sheet link ");
        mac.update(&id.to_be_bytes());
        Some(mac)
    }
}

/// Makes a link to the sheet of an incident.
///
/// # Errors
/// When the database refuses.
pub async fn create(
    pool: &PgPool,
    incident: IncidentId,
    label: &str,
    expires_at: DateTime<Utc>,
    by: &TokenOwner,
) -> Result<SheetLinkRecord, StoreError> {
    let made = sqlx::query_as!(
        SheetLinkRecord,
        r#"INSERT INTO sheet_link (incident_id, label, expires_at, created_by) VALUES ($1, $2, $3, $4)
           RETURNING id, incident_id, label, created_at, expires_at, revoked_at, 0::bigint AS "views!",
                     NULL::timestamptz AS last_viewed_at"#,
        incident.0,
        label,
        expires_at,
        by.token_id,
    );
    Ok(made.fetch_one(pool).await?)
}

/// The links to the sheet of an incident, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(pool: &PgPool, incident: IncidentId) -> Result<Vec<SheetLinkRecord>, StoreError> {
    let rows = sqlx::query_as!(
        SheetLinkRecord,
        r#"SELECT l.id, l.incident_id, l.label, l.created_at, l.expires_at, l.revoked_at, count(a.id) AS "views!",
                  max(a.at) AS last_viewed_at
           FROM sheet_link l LEFT JOIN audit_log a ON a.sheet_link_id = l.id AND a.action = 'sheet.view'
           WHERE l.incident_id = $1 GROUP BY l.id ORDER BY l.id"#,
        incident.0,
    );
    Ok(rows.fetch_all(pool).await?)
}

/// Takes a link back. False when the incident has no such link that still opens.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(pool: &PgPool, incident: IncidentId, id: i64) -> Result<bool, StoreError> {
    let revoked = sqlx::query!(
        "UPDATE sheet_link SET revoked_at = now() WHERE id = $1 AND incident_id = $2 AND revoked_at IS NULL",
        id,
        incident.0,
    );
    Ok(revoked.execute(pool).await?.rows_affected() > 0)
}

/// What the link with this number opens at the moment, and notes in the audit log for which `action` it was presented.
///
/// # Errors
/// When the database refuses; then nothing may be shown.
pub async fn open(pool: &PgPool, id: i64, action: &str) -> Result<Option<OpenedLink>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT l.incident_id, l.expires_at <= now() AS "expired!", l.revoked_at IS NOT NULL AS "revoked!",
                  i.closed_at IS NOT NULL AS "ended!"
           FROM sheet_link l JOIN incident i ON i.id = l.incident_id WHERE l.id = $1"#,
        id,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let shut = match (row.revoked, row.ended, row.expired) {
        (true, _, _) => Some(Shut::Revoked),
        (_, true, _) => Some(Shut::IncidentEnded),
        (_, _, true) => Some(Shut::Expired),
        _ => None,
    };
    let action = if shut.is_none() { action } else { "sheet.refused" };
    sqlx::query!(
        "INSERT INTO audit_log (action, subject, sheet_link_id) VALUES ($1, $2, $3)",
        action,
        format!("incident/{}", row.incident_id),
        id,
    )
    .execute(pool)
    .await?;
    Ok(Some(OpenedLink { id, incident_id: IncidentId(row.incident_id), shut }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_tells_its_number_and_no_other_text_does() {
        let key = LinkKey(vec![7; 32]);
        let link = key.text(42);
        assert_eq!((key.number(&link), link.len()), (Some(42), 32));
        assert_eq!(LinkKey(vec![8; 32]).number(&link), None, "signed by another installation");
        for at in 0..link.len() {
            let mut other: Vec<char> = link.chars().collect();
            other[at] = if other[at] == 'A' { 'B' } else { 'A' };
            assert_eq!(key.number(&other.iter().collect::<String>()), None, "character {at} changed");
        }
        assert_eq!(key.number(&link[..31]), None);
        assert_eq!(key.number(""), None);
    }
}
