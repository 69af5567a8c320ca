//! Access tokens. A token is 32 random bytes; only its SHA-256 is stored. A slow hash would protect nothing here: there
//! is no dictionary of random 256-bit values.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use rand::{RngCore, TryRngCore};
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use super::{StoreError, organisations::Role};
use crate::domain::{OperatorCode, OrganisationId};

/// Prefix of every token, so that a leaked one can be found by a scanner.
const PREFIX: &str = "placard_";

/// Who presents a token.
#[derive(Clone, Debug)]
pub struct TokenOwner {
    /// The token's number, for the audit log.
    pub token_id: i64,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// The organisation's code.
    pub organisation: OperatorCode,
    /// What it may do.
    pub role: Role,
}

/// Makes a token for an organisation and returns it: the only time that it can be read.
///
/// # Errors
/// When the database refuses.
pub async fn create(
    pool: &PgPool,
    organisation_id: OrganisationId,
    role: Role,
    label: &str,
) -> Result<String, StoreError> {
    let mut secret = [0_u8; 32];
    rand::rngs::OsRng.unwrap_err().fill_bytes(&mut secret);
    let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret));
    sqlx::query!(
        "INSERT INTO api_token (organisation_id, role, label, token_sha256) VALUES ($1, $2, $3, $4)",
        organisation_id.0,
        role.as_str(),
        label,
        digest(&token),
    )
    .execute(pool)
    .await?;
    Ok(token)
}

/// A token as it is listed; the token itself cannot be read any more.
#[derive(Clone, Debug)]
pub struct TokenRecord {
    /// Its number.
    pub id: i64,
    /// Code of the organisation.
    pub organisation: String,
    /// What it may do.
    pub role: String,
    /// What it is for.
    pub label: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// The valid tokens.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(pool: &PgPool) -> Result<Vec<TokenRecord>, StoreError> {
    let rows = sqlx::query_as!(
        TokenRecord,
        "SELECT t.id, o.code AS organisation, t.role, t.label, t.created_at
         FROM api_token t JOIN organisation o ON o.id = t.organisation_id
         WHERE t.revoked_at IS NULL ORDER BY t.id",
    );
    Ok(rows.fetch_all(pool).await?)
}

/// Revokes a token; servers refuse it within ten seconds. False when there is no valid one with this number.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(pool: &PgPool, id: i64) -> Result<bool, StoreError> {
    let revoked = sqlx::query!("UPDATE api_token SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL", id);
    Ok(revoked.execute(pool).await?.rows_affected() > 0)
}

/// Whose token this is, if it is a valid one.
///
/// # Errors
/// When the database cannot be asked.
pub async fn owner(pool: &PgPool, token: &str) -> Result<Option<TokenOwner>, StoreError> {
    let row = sqlx::query!(
        "SELECT t.id, t.organisation_id, t.role, o.code FROM api_token t JOIN organisation o ON o.id = t.organisation_id
         WHERE t.token_sha256 = $1 AND t.revoked_at IS NULL",
        digest(token),
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.and_then(|row| {
        Some(TokenOwner {
            token_id: row.id,
            organisation_id: OrganisationId(row.organisation_id),
            organisation: row.code.parse().ok()?,
            role: Role::from_name(&row.role)?,
        })
    }))
}

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
