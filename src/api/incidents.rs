//! Incidents: seeing them, and what people do with them. Every look at one is noted in the audit log, and the first one
//! of a responder in the incident itself.

pub(super) mod report;
pub(super) mod steps;
pub(super) mod timeline;

use axum::{Json, extract::State};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    access::{Action, Viewer},
    extract::{PathFields, QueryFields},
    paging,
    problem::Problem,
    state::ApiState,
};
use crate::{
    domain::{IncidentId, IncidentState},
    store::{
        self,
        incidents::{IncidentFilter, IncidentRecord},
        page::Page,
    },
};

/// Which incidents are asked for.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    Open,
    Raised,
    Acknowledged,
    Dispatched,
    OnScene,
    Controlled,
    Closed,
    Reviewed,
    FalseAlarm,
    Merged,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct IncidentQuery {
    /// A state (raised, acknowledged, dispatched, `on_scene`, controlled, closed, reviewed, `false_alarm`, merged), or open
    /// for every one that has not ended; all, if left out.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    state: Option<Wanted>,
    /// Most rows to answer, 1 to 1000; 100 if left out.
    #[serde(default)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// The incidents, newest first. Responders see those that are not closed.
#[utoipa::path(get, path = "/api/v1/incidents", tag = "incidents", params(IncidentQuery),
    responses((status = 200, body = Page<IncidentRecord>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<IncidentQuery>,
) -> Result<Json<Page<IncidentRecord>>, Problem> {
    let (visibility, covered) = viewer.may_with_incidents(Action::SeeIncidents)?;
    let (limit, after) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    let filter = narrow(covered, query.state);
    let page = store::incidents::list(&state.pool, visibility, &filter, after, limit).await?;
    viewer.note(&state.pool, "incident.list", "incidents").await?;
    let ids: Vec<Uuid> = page.items.iter().map(|record| record.id).collect();
    seen(&state, &viewer, &ids).await?;
    Ok(Json(page))
}

/// The filter for what is wanted of what is covered.
fn narrow(covered: IncidentFilter, wanted: Option<Wanted>) -> IncidentFilter {
    let state = match wanted {
        None | Some(Wanted::Open) => None,
        Some(Wanted::Raised) => Some(IncidentState::Raised),
        Some(Wanted::Acknowledged) => Some(IncidentState::Acknowledged),
        Some(Wanted::Dispatched) => Some(IncidentState::Dispatched),
        Some(Wanted::OnScene) => Some(IncidentState::OnScene),
        Some(Wanted::Controlled) => Some(IncidentState::Controlled),
        Some(Wanted::Closed) => Some(IncidentState::Closed),
        Some(Wanted::Reviewed) => Some(IncidentState::Reviewed),
        Some(Wanted::FalseAlarm) => Some(IncidentState::FalseAlarm),
        Some(Wanted::Merged) => Some(IncidentState::Merged),
    };
    IncidentFilter { state, open_only: covered.open_only || matches!(wanted, Some(Wanted::Open)) }
}

/// One incident with its hazard sheet.
#[utoipa::path(get, path = "/api/v1/incidents/{id}", tag = "incidents",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses((status = 200, body = IncidentRecord)))]
pub(super) async fn one(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
) -> Result<Json<IncidentRecord>, Problem> {
    let (visibility, covered) = viewer.may_with_incidents(Action::SeeIncidents)?;
    let one = || store::incidents::one(&state.pool, visibility, &covered, IncidentId(id));
    let mut record = one().await?.ok_or_else(|| missing(id))?;
    if seen(&state, &viewer, &[id]).await? {
        record = one().await?.ok_or_else(|| missing(id))?;
    }
    viewer.note(&state.pool, "incident.view", &format!("incident/{id}")).await?;
    Ok(Json(record))
}

/// Notes that a responder has seen these incidents. Whether the viewer is one.
pub(super) async fn seen(state: &ApiState, viewer: &Viewer, ids: &[Uuid]) -> Result<bool, Problem> {
    let is_responder = viewer.sees_open_incidents_only();
    if is_responder {
        store::incidents::seen(&state.pool, ids, viewer.owner()).await?;
    }
    Ok(is_responder)
}

pub(super) fn missing(id: Uuid) -> Problem {
    Problem::not_found(format!("there is no incident {id}, or it is not yours to see"))
}

/// Most characters of a text that a person files with an incident.
const LONGEST_TEXT: usize = 4000;

/// A text of a person without the blanks around it: it must say something, and no more than fits on two pages.
fn said<'a>(field: &str, text: &'a str) -> Result<&'a str, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::invalid(field, "it is empty; say in words what it is about"));
    }
    if text.chars().count() > LONGEST_TEXT || text.contains('\0') {
        return Err(Problem::invalid(field, format!("at most {LONGEST_TEXT} characters are taken, and no NUL")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_parameter_widens_what_is_covered() {
        let responder = IncidentFilter { open_only: true, state: None };
        for wanted in [None, Some(Wanted::Open), Some(Wanted::Raised), Some(Wanted::Closed)] {
            assert!(narrow(responder.clone(), wanted).open_only, "{wanted:?}");
        }
        assert!(narrow(IncidentFilter::default(), Some(Wanted::Open)).open_only);
        assert!(!narrow(IncidentFilter::default(), Some(Wanted::Closed)).open_only);
    }
}
