//! Approved routes.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    access::{Action, Viewer},
    extract::{JsonBody, QueryFields},
    paging::{self, PageQuery},
    problem::Problem,
    settled::settled,
    state::ApiState,
};
use crate::{
    geo::line_from_geojson,
    store::{self, Visibility, page::Page, routes::RouteRecord},
};

/// A route to be filed.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteFiling {
    /// What people call it.
    name: String,
    /// The path, a GeoJSON LineString.
    #[schema(value_type = Object)]
    path: Value,
    /// Half the width of the corridor, in metres.
    half_width_m: f64,
}

/// The number that a route was given.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FiledRoute {
    /// Number of the route.
    id: i64,
    /// Number of the version.
    version: i32,
}

/// The routes, by number: an operator's own, or all.
#[utoipa::path(get, path = "/api/v1/routes", tag = "routes", params(PageQuery),
    responses((status = 200, body = Page<RouteRecord>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<PageQuery>,
) -> Result<Json<Page<RouteRecord>>, Problem> {
    let publisher = match viewer.may(Action::Routes)? {
        Visibility::Everything => None,
        Visibility::Operator(id) => Some(id),
    };
    let (limit, after) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    Ok(Json(store::routes::list(&state.pool, publisher, after.unwrap_or(0), limit).await?))
}

/// Files a route.
#[utoipa::path(post, path = "/api/v1/routes", tag = "routes", request_body = RouteFiling,
    responses((status = 201, body = FiledRoute)))]
pub(super) async fn file(
    State(state): State<ApiState>,
    viewer: Viewer,
    JsonBody(filing): JsonBody<RouteFiling>,
) -> Result<Response, Problem> {
    viewer.may(Action::Routes)?;
    if filing.name.trim().is_empty() {
        return Err(Problem::invalid("name", "the name is empty; what people call the route is wanted"));
    }
    if filing.half_width_m <= 0.0 {
        let detail = format!("the half width is {}; metres above 0 are wanted", filing.half_width_m);
        return Err(Problem::invalid("half_width_m", detail));
    }
    line_from_geojson(&filing.path).map_err(|error| Problem::invalid("path", error.to_string()))?;
    let publisher = viewer.owner().organisation_id;
    let id = store::routes::file(&state.pool, publisher, &filing.name, &filing.path, filing.half_width_m).await?;
    viewer.note(&state.pool, "route.file", &format!("route/{id}")).await?;
    settled(&state, (StatusCode::CREATED, Json(FiledRoute { id: id.0, version: 1 }))).await
}
