//! Approved routes and their versions.

use serde::Serialize;
use serde_json::Value;
use sqlx::PgPool;

use super::{StoreError, page::Page, world_version};
use crate::domain::{OrganisationId, RouteId};

/// A route as it is listed, in its newest version.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RouteRecord {
    /// Number of the route.
    pub id: i64,
    /// Number of this version.
    pub version: i32,
    /// Code of the organisation that filed it.
    pub publisher: String,
    /// What people call it.
    pub name: String,
    /// The path, GeoJSON LineString.
    #[schema(value_type = Object)]
    pub path: Value,
    /// Half the width of the corridor, in metres.
    pub half_width_m: f64,
}

/// Files a new route. Its path has been checked.
///
/// # Errors
/// When the database refuses.
pub async fn file(
    pool: &PgPool,
    publisher: OrganisationId,
    name: &str,
    path: &Value,
    half_width_m: f64,
) -> Result<RouteId, StoreError> {
    let mut transaction = pool.begin().await?;
    let id = sqlx::query_scalar!("INSERT INTO route (publisher_id) VALUES ($1) RETURNING id", publisher.0)
        .fetch_one(&mut *transaction)
        .await?;
    sqlx::query!(
        "INSERT INTO route_version (route_id, version, name, path, half_width_m) VALUES ($1, 1, $2, $3, $4)",
        id,
        name,
        path,
        half_width_m,
    )
    .execute(&mut *transaction)
    .await?;
    world_version::changed(&mut transaction).await?;
    transaction.commit().await?;
    Ok(RouteId(id))
}

/// One page of the routes, by number; with `publisher`, only those that it filed.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    pool: &PgPool,
    publisher: Option<OrganisationId>,
    after: i64,
    limit: i64,
) -> Result<Page<RouteRecord>, StoreError> {
    let items = sqlx::query_as!(
        RouteRecord,
        "SELECT r.id, v.version, o.code AS publisher, v.name, v.path, v.half_width_m
         FROM route r JOIN organisation o ON o.id = r.publisher_id
         JOIN LATERAL (SELECT * FROM route_version WHERE route_id = r.id ORDER BY version DESC LIMIT 1) v ON true
         WHERE r.id > $1 AND ($2::bigint IS NULL OR r.publisher_id = $2) ORDER BY r.id LIMIT $3",
        after,
        publisher.map(|id| id.0),
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(items, limit, |last| last.id))
}

/// Whether an operator's shipment may name this route: one that it filed itself, or that an authority filed.
///
/// # Errors
/// When the database cannot be asked.
pub async fn may_be_named(pool: &PgPool, operator: OrganisationId, route: RouteId) -> Result<bool, StoreError> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM route r JOIN organisation o ON o.id = r.publisher_id
                          WHERE r.id = $1 AND (o.id = $2 OR o.kind <> 'operator')) AS "found!""#,
        route.0,
        operator.0,
    );
    Ok(found.fetch_one(pool).await?)
}
