//! Approved routes and their versions.

use serde::Serialize;
use serde_json::Value;
use sqlx::{PgConnection, PgPool, types::Json};

use super::{StoreError, page::Page, world_version};
use crate::{
    domain::{OrganisationId, Route, RouteId, RouteSection},
    geo::line_from_geojson,
    world::{KnownRoute, World},
};

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
    /// Sections that must take neither too little nor too much time.
    #[schema(value_type = Vec<Object>)]
    pub sections: Vec<RouteSection>,
    /// Whether the police approved route and time.
    pub police_approved: bool,
}

/// A route to be filed. Its path and sections have been checked.
#[derive(Clone, Debug)]
pub struct NewRoute {
    /// What people call it.
    pub name: String,
    /// The path, GeoJSON LineString.
    pub path: Value,
    /// Half the width of the corridor, in metres.
    pub half_width_m: f64,
    /// Sections that must take neither too little nor too much time.
    pub sections: Vec<RouteSection>,
    /// Whether the police approved route and time.
    pub police_approved: bool,
}

/// Files a new route.
///
/// # Errors
/// When the database refuses.
pub async fn file(pool: &PgPool, publisher: OrganisationId, new: &NewRoute) -> Result<RouteId, StoreError> {
    let mut transaction = pool.begin().await?;
    let id = sqlx::query_scalar!("INSERT INTO route (publisher_id) VALUES ($1) RETURNING id", publisher.0)
        .fetch_one(&mut *transaction)
        .await?;
    sqlx::query!(
        "INSERT INTO route_version (route_id, version, name, path, half_width_m, sections, police_approved)
         VALUES ($1, 1, $2, $3, $4, $5, $6)",
        id,
        new.name,
        new.path,
        new.half_width_m,
        Json(&new.sections) as _,
        new.police_approved,
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
    let rows = sqlx::query!(
        r#"SELECT r.id, v.version, o.code AS publisher, v.name, v.path, v.half_width_m,
                  v.sections AS "sections: Json<Vec<RouteSection>>", v.police_approved
           FROM route r JOIN organisation o ON o.id = r.publisher_id
           JOIN LATERAL (SELECT * FROM route_version WHERE route_id = r.id ORDER BY version DESC LIMIT 1) v ON true
           WHERE r.id > $1 AND ($2::bigint IS NULL OR r.publisher_id = $2) ORDER BY r.id LIMIT $3"#,
        after,
        publisher.map(|id| id.0),
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    let items = rows
        .into_iter()
        .map(|row| RouteRecord {
            id: row.id,
            version: row.version,
            publisher: row.publisher,
            name: row.name,
            path: row.path,
            half_width_m: row.half_width_m,
            sections: row.sections.0,
            police_approved: row.police_approved,
        })
        .collect();
    Ok(Page::cut(items, limit, |last: &RouteRecord| last.id))
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

/// The newest versions of all routes. Those that `before` knows are taken over from there: a version never changes, and making
/// paths ready is what takes the time.
pub(super) async fn load(connection: &mut PgConnection, before: Option<&World>) -> Result<Vec<KnownRoute>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT ON (route_id) route_id, version FROM route_version ORDER BY route_id, version DESC"#
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut routes = Vec::with_capacity(rows.len());
    let (mut new_ids, mut new_versions) = (Vec::new(), Vec::new());
    for row in rows {
        let known = before.and_then(|before| before.route(RouteId(row.route_id)));
        if let Some(known) = known.filter(|known| known.route.version == row.version) {
            routes.push(known.clone());
        } else {
            new_ids.push(row.route_id);
            new_versions.push(row.version);
        }
    }
    if new_ids.is_empty() {
        return Ok(routes);
    }
    let rows = sqlx::query!(
        r#"SELECT r.id, r.publisher_id, v.version, v.name, v.path, v.half_width_m,
                  v.sections AS "sections: Json<Vec<RouteSection>>", v.police_approved
           FROM route r JOIN route_version v ON v.route_id = r.id
           JOIN UNNEST($1::bigint[], $2::integer[]) AS new (id, version) ON new.id = r.id AND new.version = v.version"#,
        &new_ids,
        &new_versions,
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        let path = line_from_geojson(&row.path).map_err(|error| StoreError::Unreadable {
            what: "path",
            of: format!("route {} version {}", row.id, row.version),
            reason: error.to_string(),
        })?;
        routes.push(KnownRoute::from(Route {
            id: RouteId(row.id),
            version: row.version,
            publisher_id: OrganisationId(row.publisher_id),
            name: row.name,
            path,
            half_width_m: row.half_width_m,
            sections: row.sections.0,
            police_approved: row.police_approved,
        }));
    }
    Ok(routes)
}
