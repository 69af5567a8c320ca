//! Incidents: seeing, acknowledging, closing. Every look at one is noted in the audit log.

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
        incidents::{IncidentFilter, IncidentRecord, IncidentStep},
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
    Closed,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct IncidentQuery {
    /// raised, acknowledged, closed, or open for both of the first two; all, if left out.
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
    Ok(Json(page))
}

/// The filter for what is wanted of what is covered.
fn narrow(covered: IncidentFilter, wanted: Option<Wanted>) -> IncidentFilter {
    let state = match wanted {
        None | Some(Wanted::Open) => None,
        Some(Wanted::Raised) => Some(IncidentState::Raised),
        Some(Wanted::Acknowledged) => Some(IncidentState::Acknowledged),
        Some(Wanted::Closed) => Some(IncidentState::Closed),
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
    let record = store::incidents::one(&state.pool, visibility, &covered, IncidentId(id)).await?;
    let record = record.ok_or_else(|| missing(id))?;
    viewer.note(&state.pool, "incident.view", &format!("incident/{id}")).await?;
    Ok(Json(record))
}

/// Takes an incident; the first to do so is recorded. Doing it again changes nothing.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/acknowledge", tag = "incidents",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses((status = 200, body = IncidentRecord)))]
pub(super) async fn acknowledge(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
) -> Result<Json<IncidentRecord>, Problem> {
    step(&state, &viewer, id, Action::AcknowledgeIncidents, IncidentStep::Acknowledge).await
}

/// Closes an incident. Doing it again changes nothing, except that a responder sees no closed incidents.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/close", tag = "incidents",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses((status = 200, body = IncidentRecord)))]
pub(super) async fn close(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
) -> Result<Json<IncidentRecord>, Problem> {
    step(&state, &viewer, id, Action::CloseIncidents, IncidentStep::Close).await
}

async fn step(
    state: &ApiState,
    viewer: &Viewer,
    id: Uuid,
    action: Action,
    step: IncidentStep,
) -> Result<Json<IncidentRecord>, Problem> {
    let (visibility, covered) = viewer.may_with_incidents(action)?;
    let id = IncidentId(id);
    if store::incidents::one(&state.pool, visibility, &covered, id).await?.is_none() {
        return Err(missing(id.0));
    }
    // Noted first: a step that nobody is on record for must not be taken.
    viewer.note(&state.pool, action.as_str(), &format!("incident/{id}")).await?;
    let record = store::incidents::step(&state.pool, visibility, id, step, viewer.owner()).await?;
    record.map(Json).ok_or_else(|| missing(id.0))
}

fn missing(id: Uuid) -> Problem {
    Problem::not_found(format!("there is no incident {id}, or it is not yours to see"))
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
