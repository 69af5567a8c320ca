//! Questions of the past: who was inside an area, who passed by a place.

use axum::{Json, extract::State};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::{
    access::{Action, Viewer},
    documented,
    extract::{self, JsonBody, QueryFields},
    paging,
    problem::Problem,
    state::ApiState,
};
use crate::{
    domain::Place,
    geo::{PreparedArea, ZoneShape, shape_and_area},
    past::Terms,
    store::{
        self, StoreError,
        page::Page,
        past::{PassingRecord, Scope, StayRecord},
    },
};

/// Longest interval of one question.
const LONGEST_INTERVAL: TimeDelta = TimeDelta::days(7);
/// Farthest that one may ask for, in metres.
const FARTHEST_M: f64 = 50_000.0;

/// Who was inside an area.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InsideQuestion {
    /// The area: any that a zone could have.
    #[schema(value_type = documented::Area)]
    area: Value,
    /// From when on.
    from: DateTime<Utc>,
    /// Until when; at most 7 days later.
    to: DateTime<Utc>,
    /// Code of a carrier: its vehicles only.
    #[serde(default)]
    operator: Option<String>,
    /// Most rows to answer, 1 to 1000; 100 if left out.
    #[serde(default)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// Who was inside an area, any area, in an interval of the past.
///
/// A row is a stay of one vehicle; vehicles come in the order in which they were registered, the stays of each by time.
/// Times and places of entry and exit are those at which the straight way between two fixes crosses the boundary, so that a passage without a fix inside is found too; a vehicle
/// has left when it is 20 m outside, or what the configuration says. Where the track or the interval begins or ends inside,
/// or a gap hides the crossing, `entry` and `exit` say so. Over a silence of more than 10 minutes a vehicle is not
/// followed. A page may be short, even empty, and yet have a `next_cursor`: it ends when it has taken 15 seconds.
#[utoipa::path(post, path = "/api/v1/queries/inside", tag = "queries", request_body = InsideQuestion,
    responses((status = 200, body = Page<StayRecord>)))]
pub(super) async fn inside(
    State(state): State<ApiState>,
    viewer: Viewer,
    JsonBody(question): JsonBody<InsideQuestion>,
) -> Result<Json<Page<StayRecord>>, Problem> {
    let visibility = viewer.may(Action::SeeFleet)?;
    let limit = paging::limit(question.limit, paging::MOST)?;
    let cursor = paging::cursor(question.cursor.as_deref())?;
    let terms = terms(&state, question.from, question.to)?;
    let asked = question.area;
    let area = tokio::task::spawn_blocking(move || {
        let (shape, area) = shape_and_area(&asked).map_err(|error| Problem::invalid("area", error.to_string()))?;
        Ok::<_, Problem>((kind(&shape), PreparedArea::new(&area)))
    });
    let (kind, area) = area.await.map_err(Problem::internal)??;
    let bounds = area.bounds();
    let subject = format!(
        "{kind} within {:.5},{:.5},{:.5},{:.5} {} {}",
        bounds.west,
        bounds.south,
        bounds.east,
        bounds.north,
        question.from.to_rfc3339(),
        question.to.to_rfc3339()
    );
    viewer.note(&state.pool, "past.inside", &subject).await?;
    let scope = Scope { visibility, operator: question.operator.as_deref() };
    let page = store::past::stays(&state.pool, scope, &area, terms, cursor, limit).await;
    page.map(Json).map_err(problem)
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NearQuestion {
    /// Latitude of the place in degrees.
    lat: f64,
    /// Longitude of the place in degrees.
    lon: f64,
    /// Within how many metres of it, 1 to 50,000.
    distance_m: f64,
    /// From when on; needed.
    #[serde(default, deserialize_with = "extract::time")]
    #[param(required = true)]
    from: Option<DateTime<Utc>>,
    /// Until when, at most 7 days later; needed.
    #[serde(default, deserialize_with = "extract::time")]
    #[param(required = true)]
    to: Option<DateTime<Utc>>,
    /// Code of a carrier: its vehicles only.
    #[serde(default)]
    operator: Option<String>,
    /// Most rows to answer, 1 to 1000; 100 if left out.
    #[serde(default)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// Which vehicles passed by a place in an interval of the past, and how near they came.
///
/// A row for each vehicle that came within the distance, in the order in which they were registered, with the point at
/// which it was nearest, on its fixes or on the straight way between them. What a gap may hide counts only where nothing else is known. A page may be
/// short, even empty, and yet have a `next_cursor`: it ends when it has taken 15 seconds.
#[utoipa::path(get, path = "/api/v1/queries/near", tag = "queries", params(NearQuestion),
    responses((status = 200, body = Page<PassingRecord>)))]
pub(super) async fn near(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(question): QueryFields<NearQuestion>,
) -> Result<Json<Page<PassingRecord>>, Problem> {
    let visibility = viewer.may(Action::SeeFleet)?;
    let limit = paging::limit(question.limit, paging::MOST)?;
    let cursor = paging::cursor(question.cursor.as_deref())?;
    let given = |time: Option<DateTime<Utc>>, name: &'static str| {
        time.ok_or_else(|| Problem::unreadable("it is needed, an RFC 3339 time").in_field(name))
    };
    let (from, to) = (given(question.from, "from")?, given(question.to, "to")?);
    let terms = terms(&state, from, to)?;
    let place = Place::new(question.lat, question.lon)
        .map_err(|error| Problem::unreadable(error.to_string()).in_field("lat"))?;
    if !(1.0..=FARTHEST_M).contains(&question.distance_m) {
        let detail = format!("the distance is {}; 1 to {FARTHEST_M} metres are wanted", question.distance_m);
        return Err(Problem::unreadable(detail).in_field("distance_m"));
    }
    let around = ZoneShape::Circle { center: place, radius_m: question.distance_m }.area();
    let around = PreparedArea::new(&around.map_err(Problem::internal)?);
    let subject = format!(
        "{:.5},{:.5} within {} m {} {}",
        question.lat,
        question.lon,
        question.distance_m,
        from.to_rfc3339(),
        to.to_rfc3339()
    );
    viewer.note(&state.pool, "past.near", &subject).await?;
    let scope = Scope { visibility, operator: question.operator.as_deref() };
    let asked = (place, question.distance_m, &around);
    let page = store::past::passings(&state.pool, scope, asked, terms, cursor, limit).await;
    page.map(Json).map_err(problem)
}

/// The engine's thresholds for an interval that is not too long.
fn terms(state: &ApiState, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Terms, Problem> {
    check_interval(from, to)?;
    Ok(Terms::new(state.world.current().settings(), from, to))
}

fn check_interval(from: DateTime<Utc>, to: DateTime<Utc>) -> Result<(), Problem> {
    if from >= to {
        return Err(Problem::invalid("from", format!("`from` ({from}) must be before `to` ({to})")));
    }
    if to - from > LONGEST_INTERVAL {
        let (hours, most) = ((to - from).num_hours(), LONGEST_INTERVAL.num_days());
        let detail = format!("the interval is {hours} hours long; at most {most} days are answered at once");
        return Err(Problem::invalid("to", detail));
    }
    Ok(())
}

fn kind(shape: &ZoneShape) -> &'static str {
    match shape {
        ZoneShape::Polygons(_) => "polygon",
        ZoneShape::Circle { .. } => "circle",
        ZoneShape::Corridor { .. } => "corridor",
    }
}

fn problem(error: StoreError) -> Problem {
    match error {
        StoreError::TooSlow(limit) => {
            let detail = format!("the search took more than {} s; ask for a shorter interval", limit.as_secs());
            Problem::unavailable(detail, error)
        }
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_not_empty_and_not_too_long() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (from, to) = (at("2026-05-01T00:00:00Z"), at("2026-05-08T00:00:00Z"));
        assert!(check_interval(from, to).is_ok());
        let error = |from, to| format!("{:?}", check_interval(from, to).unwrap_err());
        assert!(error(to, from).contains("must be before"));
        let too_long = error(from, to + TimeDelta::hours(1));
        assert!(too_long.contains("169 hours long; at most 7 days"), "{too_long}");
    }
}
