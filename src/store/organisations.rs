//! Organisations: carriers, authorities, response services.

use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use super::StoreError;
use crate::domain::{OperatorCode, OrganisationId};

/// What an organisation does, and what a token of it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs vehicles.
    Operator,
    /// Supervises operators.
    Regulator,
    /// Responds to incidents.
    Responder,
    /// Runs this installation.
    Admin,
}

impl Role {
    /// The name in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Regulator => "regulator",
            Self::Responder => "responder",
            Self::Admin => "admin",
        }
    }

    /// The role with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Operator, Self::Regulator, Self::Responder, Self::Admin].into_iter().find(|role| role.as_str() == name)
    }
}

/// Adds an organisation; one with this code that is there already is left as it is. Returns its id and whether it is new.
///
/// # Errors
/// When the database refuses.
pub async fn create(
    pool: &PgPool,
    code: &OperatorCode,
    name: &str,
    kind: Role,
) -> Result<(OrganisationId, bool), StoreError> {
    let mut transaction = pool.begin().await?;
    let created = sqlx::query_scalar!(
        "INSERT INTO organisation (code, name, kind) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING RETURNING id",
        code.as_str(),
        name,
        kind.as_str(),
    )
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some(id) = created {
        super::world_version::changed(&mut transaction).await?;
        transaction.commit().await?;
        return Ok((OrganisationId(id), true));
    }
    let id = sqlx::query_scalar!("SELECT id FROM organisation WHERE code = $1", code.as_str())
        .fetch_one(&mut *transaction)
        .await?;
    Ok((OrganisationId(id), false))
}

/// The organisation with this code.
///
/// # Errors
/// When the database cannot be asked.
pub async fn by_code(pool: &PgPool, code: &OperatorCode) -> Result<Option<OrganisationId>, StoreError> {
    let id = sqlx::query_scalar!("SELECT id FROM organisation WHERE code = $1", code.as_str());
    Ok(id.fetch_optional(pool).await?.map(OrganisationId))
}
