//! Approved routes.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    access::{Action, Viewer},
    documented,
    extract::{JsonBody, QueryFields},
    paging::{self, PageQuery},
    problem::Problem,
    settled::settled,
    state::ApiState,
};
use crate::{
    domain::RouteSection,
    geo::line_from_geojson,
    store::{
        self, Visibility,
        page::Page,
        routes::{NewRoute, RouteRecord},
    },
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
    /// Sections that must take neither too little nor too much time, by metres along the path.
    #[serde(default)]
    #[schema(value_type = Vec<documented::RouteSection>)]
    sections: Vec<RouteSection>,
    /// Whether the police approved route and time.
    #[serde(default)]
    police_approved: bool,
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
    for (number, section) in filing.sections.iter().enumerate() {
        check_section(section)
            .map_err(|(field, wanted)| Problem::invalid(format!("sections[{number}].{field}"), wanted))?;
    }
    let new = NewRoute {
        name: filing.name,
        path: filing.path,
        half_width_m: filing.half_width_m,
        sections: filing.sections,
        police_approved: filing.police_approved,
    };
    let id = store::routes::file(&state.pool, viewer.owner().organisation_id, &new).await?;
    viewer.note(&state.pool, "route.file", &format!("route/{id}")).await?;
    settled(&state, (StatusCode::CREATED, Json(FiledRoute { id: id.0, version: 1 }))).await
}

/// What is wrong with a section: the field, and what would be right.
fn check_section(section: &RouteSection) -> Result<(), (&'static str, &'static str)> {
    if section.name.trim().is_empty() {
        return Err(("name", "it is empty; what people call the section is wanted"));
    }
    if section.from_m < 0.0 {
        return Err(("from_m", "metres of 0 or more along the path are wanted"));
    }
    if section.to_m <= section.from_m {
        return Err(("to_m", "it must be more than from_m"));
    }
    match (section.min_s, section.max_s) {
        (None, None) => Err(("max_s", "min_s or max_s is wanted")),
        (Some(min_s), _) if min_s <= 0.0 => Err(("min_s", "seconds above 0 are wanted")),
        (_, Some(max_s)) if max_s <= section.min_s.unwrap_or(0.0) => {
            Err(("max_s", "it must be more than 0 and than min_s"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_section_has_an_extent_and_a_time() {
        let field = |changes: &[(&str, f64)]| {
            let mut section = json!({ "name": "pass", "from_m": 100.0, "to_m": 900.0, "max_s": 60.0 });
            for (name, value) in changes {
                section[*name] = if value.is_nan() { Value::Null } else { json!(value) };
            }
            check_section(&serde_json::from_value(section).unwrap()).err().map(|(field, _)| field)
        };
        assert_eq!(field(&[]), None);
        assert_eq!(field(&[("min_s", 30.0)]), None);
        assert_eq!(field(&[("from_m", -1.0)]), Some("from_m"));
        assert_eq!(field(&[("to_m", 100.0)]), Some("to_m"));
        assert_eq!(field(&[("min_s", 60.0)]), Some("max_s"));
        assert_eq!(field(&[("min_s", 0.0)]), Some("min_s"));
        assert_eq!(field(&[("max_s", f64::NAN)]), Some("max_s"));
    }
}
