//! The audit log: who looked at or changed what. Rows are only ever added.

use sqlx::PgPool;

use super::{StoreError, tokens::TokenOwner};

/// Notes that `who` did `action` to `subject`.
///
/// # Errors
/// When the database refuses; then what was asked for must not be handed out.
pub async fn note(pool: &PgPool, who: &TokenOwner, action: &str, subject: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO audit_log (organisation_id, token_id, action, subject) VALUES ($1, $2, $3, $4)",
        who.organisation_id.0,
        who.token_id,
        action,
        subject,
    )
    .execute(pool)
    .await?;
    Ok(())
}
