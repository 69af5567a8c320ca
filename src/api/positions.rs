//! Where vehicles are, and where they were.

use axum::{Json, extract::State};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::{
    access::{Action, Viewer},
    extract::{self, PathFields, QueryFields},
    paging,
    problem::Problem,
    state::ApiState,
    vehicles,
};
use crate::{
    domain::{OperatorCode, VehicleCode},
    store::{
        self,
        page::Page,
        positions::{PositionRecord, TrackPoint},
    },
};

/// Most points of a track in one answer.
const MOST_POINTS: i64 = 10_000;
/// How much of a track is given where its beginning is not named.
const USUAL_TRACK: TimeDelta = TimeDelta::hours(24);
/// How far the clock of a device may be ahead, generously: such fixes belong to a track that ends now.
const CLOCK_AHEAD: TimeDelta = TimeDelta::hours(1);

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LatestQuery {
    /// Code of a carrier: its vehicles only.
    #[serde(default)]
    operator: Option<String>,
    /// Code of a vehicle: vehicles with this code only.
    #[serde(default)]
    vehicle: Option<String>,
}

/// The newest position of each vehicle, all in one page.
#[utoipa::path(get, path = "/api/v1/positions/latest", tag = "positions", params(LatestQuery),
    responses((status = 200, body = Page<PositionRecord>)))]
pub(super) async fn latest(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<LatestQuery>,
) -> Result<Json<Page<PositionRecord>>, Problem> {
    let visibility = viewer.may(Action::SeeFleet)?;
    let (operator, vehicle) = (query.operator.as_deref(), query.vehicle.as_deref());
    let items = store::positions::latest(&state.pool, visibility, operator, vehicle, None).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TrackQuery {
    /// Fixes at or after this time. If left out: 24 hours before `to`, or before now.
    #[serde(default, deserialize_with = "extract::time")]
    from: Option<DateTime<Utc>>,
    /// Fixes before this time. If left out: up to the newest.
    #[serde(default, deserialize_with = "extract::time")]
    to: Option<DateTime<Utc>>,
    /// Most points to answer, 1 to 10000; 100 if left out.
    #[serde(default)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// A vehicle's track, oldest first; everything that it sent, also what came late or was not believed (`judgement`).
#[utoipa::path(get, path = "/api/v1/vehicles/{operator}/{vehicle}/track", tag = "positions",
    params(("operator" = String, Path, description = "Code of the carrier."),
           ("vehicle" = String, Path, description = "Code of the vehicle."), TrackQuery),
    responses((status = 200, body = Page<TrackPoint>)))]
pub(super) async fn track(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields((operator, vehicle)): PathFields<(OperatorCode, VehicleCode)>,
    QueryFields(query): QueryFields<TrackQuery>,
) -> Result<Json<Page<TrackPoint>>, Problem> {
    let visibility = viewer.may(Action::SeeFleet)?;
    let (limit, after) = (paging::limit(query.limit, MOST_POINTS)?, paging::cursor(query.cursor.as_deref())?);
    let (from, to) = span(query.from, query.to, Utc::now())?;
    let (id, _) = vehicles::find(&state, visibility, &operator, &vehicle).await?;
    Ok(Json(store::positions::track(&state.pool, id, from, to, after, limit).await?))
}

fn span(
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(DateTime<Utc>, DateTime<Utc>), Problem> {
    let from = from.unwrap_or_else(|| to.unwrap_or(now) - USUAL_TRACK);
    let to = to.unwrap_or(now + CLOCK_AHEAD);
    if from < to {
        Ok((from, to))
    } else {
        Err(Problem::unreadable(format!("`from` ({from}) must be before `to` ({to})")).in_field("from"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_without_times_is_that_of_the_last_day() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2026-05-02T12:00:00Z");
        assert_eq!(span(None, None, now).unwrap(), (at("2026-05-01T12:00:00Z"), at("2026-05-02T13:00:00Z")));
        let past = at("2016-01-17T10:00:00Z");
        assert_eq!(span(None, Some(past), now).unwrap(), (at("2016-01-16T10:00:00Z"), past));
        assert_eq!(span(Some(past), None, now).unwrap().0, past);
        assert!(span(Some(now), Some(past), now).is_err());
    }
}
