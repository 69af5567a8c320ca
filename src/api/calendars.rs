//! Holiday calendars, which the schedules of zones and exemptions name.

use std::collections::BTreeSet;

use axum::{Json, extract::State, http::StatusCode, response::Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    access::{Action, Viewer},
    extract::{JsonBody, PathFields, QueryFields},
    paging::{self, PageQuery},
    problem::Problem,
    settled::settled,
    state::ApiState,
};
use crate::{
    domain::{Calendar, Schedule},
    store::{self, calendars::CalendarRecord, page::Page},
};

/// A calendar to be published.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarFiling {
    /// What people call it.
    name: String,
    /// The holidays, by the local date of the places that use it.
    #[schema(value_type = Vec<String>, example = json!(["2026-12-25", "2026-12-26"]))]
    days: BTreeSet<NaiveDate>,
}

/// Most days of one calendar: a century of holidays.
const MOST_DAYS: usize = 5000;

/// The calendars, by code.
#[utoipa::path(get, path = "/api/v1/calendars", tag = "calendars", params(PageQuery),
    responses((status = 200, body = Page<CalendarRecord>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<PageQuery>,
) -> Result<Json<Page<CalendarRecord>>, Problem> {
    viewer.may(Action::SeeRules)?;
    let (limit, after) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    Ok(Json(store::calendars::list(&state.pool, after, limit).await?))
}

/// One calendar.
#[utoipa::path(get, path = "/api/v1/calendars/{code}", tag = "calendars",
    params(("code" = String, Path, description = "Its code.")), responses((status = 200, body = CalendarRecord)))]
pub(super) async fn one(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(code): PathFields<String>,
) -> Result<Json<CalendarRecord>, Problem> {
    viewer.may(Action::SeeRules)?;
    Ok(Json(find(&state, &code).await?))
}

/// Publishes a calendar; one with this code is replaced.
///
/// It holds from then on for every schedule that names it, also for what is judged again.
#[utoipa::path(put, path = "/api/v1/calendars/{code}", tag = "calendars", request_body = CalendarFiling,
    params(("code" = String, Path, description = "Its code: 1 to 64 of a-z 0-9 - _ and .")),
    responses((status = 200, body = CalendarRecord, description = "Replaced, or as it was."),
              (status = 201, body = CalendarRecord, description = "New.")))]
pub(super) async fn publish(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(code): PathFields<String>,
    JsonBody(filing): JsonBody<CalendarFiling>,
) -> Result<Response, Problem> {
    viewer.may(Action::PublishRules)?;
    check(&code, &filing)?;
    let known = store::calendars::one(&state.pool, &code).await?;
    if let Some(known) = known.filter(|known| known.name == filing.name && known.days.iter().eq(&filing.days)) {
        return settled(&state, Json(known)).await;
    }
    let calendar = Calendar { code, name: filing.name, days: filing.days };
    let new = store::calendars::publish(&state.pool, viewer.owner().organisation_id, &calendar).await?;
    viewer.note(&state.pool, "calendar.publish", &format!("calendar/{}", calendar.code)).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    settled(&state, (status, Json(find(&state, &calendar.code).await?))).await
}

async fn find(state: &ApiState, code: &str) -> Result<CalendarRecord, Problem> {
    let found = store::calendars::one(&state.pool, code).await?;
    found.ok_or_else(|| Problem::not_found(format!("there is no calendar {code:?}")))
}

fn check(code: &str, filing: &CalendarFiling) -> Result<(), Problem> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    if !(1..=64).contains(&code.len()) || !code.bytes().all(allowed) {
        return Err(Problem::invalid("code", "1 to 64 of a-z 0-9 - _ . are wanted, as in de-holidays"));
    }
    if filing.name.trim().is_empty() {
        return Err(Problem::invalid("name", "the name is empty; what people call the calendar is wanted"));
    }
    if filing.days.len() > MOST_DAYS {
        return Err(Problem::invalid(
            "days",
            format!("there are {}; at most {MOST_DAYS} are taken", filing.days.len()),
        ));
    }
    Ok(())
}

/// Refuses schedules that name a calendar which nobody has published. `field` is where they stand.
pub(super) async fn check_calendars(state: &ApiState, field: &str, schedules: &[&Schedule]) -> Result<(), Problem> {
    match store::calendars::missing(&state.pool, schedules).await? {
        Some(code) => {
            let detail = format!("there is no calendar {code:?}; publish it first, at /api/v1/calendars");
            Err(Problem::invalid(format!("{field}.calendar"), detail))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_has_a_code_that_fits_a_path_and_a_name() {
        let filing = |name: &str| CalendarFiling { name: name.into(), days: BTreeSet::new() };
        assert!(check("de-holidays", &filing("Germany")).is_ok());
        for code in ["", "DE", "de/by", "d e"] {
            assert!(format!("{:?}", check(code, &filing("x")).unwrap_err()).contains("code"), "{code}");
        }
        assert!(format!("{:?}", check("de", &filing(" ")).unwrap_err()).contains("name"));
    }
}
