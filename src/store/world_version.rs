//! The version of the world: raised with every change, so that servers know when to load it anew.

use sqlx::{PgConnection, PgPool};

use super::StoreError;

/// The channel on which servers hear of changes.
pub const CHANNEL: &str = "placard_world";

/// Raises the world's version within a transaction; servers hear of it at the commit. Returns the new version.
///
/// # Errors
/// When the database refuses.
pub async fn changed(connection: &mut PgConnection) -> Result<i64, StoreError> {
    let version = sqlx::query_scalar!(r#"SELECT placard_world_changed() AS "version!""#);
    Ok(version.fetch_one(connection).await?)
}

/// The world's version now.
///
/// # Errors
/// When the database cannot be asked.
pub async fn version(pool: &PgPool) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!("SELECT version FROM world_version").fetch_one(pool).await?)
}
