//! Drivers with their documents.

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool, types::Json};

use super::{StoreError, Visibility, page::Page, world_version};
use crate::domain::{Document, Driver, OrganisationId};

/// A driver as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DriverRecord {
    /// Code of the carrier.
    pub operator: String,
    /// The carrier's own code for the driver, as devices send it.
    pub driver: String,
    /// Name.
    pub name: String,
    /// Certificates and licences.
    #[schema(value_type = Vec<Object>)]
    pub documents: Vec<Document>,
}

/// What is said of a driver.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DriverFiling {
    /// Name.
    pub name: String,
    /// Certificates and licences.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub documents: Vec<Document>,
}

/// Files a driver; one that is there already is replaced.
///
/// # Errors
/// When the database refuses.
pub async fn file(
    pool: &PgPool,
    operator: OrganisationId,
    code: &str,
    filing: &DriverFiling,
) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "INSERT INTO driver (operator_id, code, name, documents) VALUES ($1, $2, $3, $4)
         ON CONFLICT (operator_id, code) DO UPDATE SET name = EXCLUDED.name, documents = EXCLUDED.documents",
        operator.0,
        code,
        filing.name,
        Json(&filing.documents) as _,
    )
    .execute(&mut *transaction)
    .await?;
    world_version::changed(&mut transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// One page of the drivers that may be seen, by operator and code.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    pool: &PgPool,
    visibility: Visibility,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<Page<DriverRecord>, StoreError> {
    let (operator, driver) = after.unwrap_or_default();
    let rows = sqlx::query!(
        r#"SELECT o.code AS operator, d.code AS driver, d.name, d.documents AS "documents: Json<Vec<Document>>"
           FROM driver d JOIN organisation o ON o.id = d.operator_id
           WHERE ($1::bigint IS NULL OR d.operator_id = $1) AND (o.code, d.code) > ($2, $3)
           ORDER BY o.code, d.code LIMIT $4"#,
        visibility.operator_filter(),
        operator,
        driver,
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    let items = rows
        .into_iter()
        .map(|row| DriverRecord {
            operator: row.operator,
            driver: row.driver,
            name: row.name,
            documents: row.documents.0,
        })
        .collect();
    Ok(Page::cut(items, limit, |last: &DriverRecord| (last.operator.clone(), last.driver.clone())))
}

/// One driver by codes, if there and to be seen.
///
/// # Errors
/// When the database cannot be asked.
pub async fn one(
    pool: &PgPool,
    visibility: Visibility,
    operator: &str,
    driver: &str,
) -> Result<Option<DriverRecord>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT d.name, d.documents AS "documents: Json<Vec<Document>>"
           FROM driver d JOIN organisation o ON o.id = d.operator_id
           WHERE ($1::bigint IS NULL OR d.operator_id = $1) AND o.code = $2 AND d.code = $3"#,
        visibility.operator_filter(),
        operator,
        driver,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| DriverRecord {
        operator: operator.into(),
        driver: driver.into(),
        name: row.name,
        documents: row.documents.0,
    }))
}

/// All drivers.
pub(super) async fn load(connection: &mut PgConnection) -> Result<Vec<Driver>, StoreError> {
    let rows =
        sqlx::query!(r#"SELECT operator_id, code, name, documents AS "documents: Json<Vec<Document>>" FROM driver"#)
            .fetch_all(connection)
            .await?;
    Ok(rows
        .into_iter()
        .map(|row| Driver {
            operator_id: OrganisationId(row.operator_id),
            code: row.code,
            name: row.name,
            documents: row.documents.0,
        })
        .collect())
}
