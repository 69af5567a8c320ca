//! The timeline of an incident: reading it, and adding notes.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        access::{Action, Viewer},
        extract::{JsonBody, PathFields, QueryFields},
        paging::{self, PageQuery},
        problem::Problem,
        state::ApiState,
    },
    missing, said,
};
use crate::{
    domain::IncidentId,
    store::{
        self,
        incidents::{Entry, IncidentRecord},
        page::Page,
    },
};

/// Everything that was done, in the order in which it was recorded, with what was merged into the incident.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/timeline", tag = "incidents", operation_id = "timeline",
    params(("id" = Uuid, Path, description = "Its id."), PageQuery),
    responses((status = 200, body = Page<Entry>)))]
pub(in super::super) async fn read(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
    QueryFields(query): QueryFields<PageQuery>,
) -> Result<Json<Page<Entry>>, Problem> {
    let (visibility, covered) = viewer.may_with_incidents(Action::SeeIncidents)?;
    let (limit, after) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    let incident = IncidentId(id);
    if store::incidents::one(&state.pool, visibility, &covered, incident).await?.is_none() {
        return Err(missing(id));
    }
    viewer.note(&state.pool, "incident.timeline", &format!("incident/{id}")).await?;
    Ok(Json(store::incidents::timeline(&state.pool, visibility, incident, after, limit).await?))
}

/// Something to be remembered.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct NoteFiling {
    /// What.
    text: String,
}

/// Adds a note to the timeline of an incident.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/notes", tag = "incidents",
    params(("id" = Uuid, Path, description = "Its id.")), request_body = NoteFiling,
    responses((status = 201, body = IncidentRecord)))]
pub(in super::super) async fn note(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
    JsonBody(filing): JsonBody<NoteFiling>,
) -> Result<(StatusCode, Json<IncidentRecord>), Problem> {
    let (visibility, covered) = viewer.may_with_incidents(Action::NoteIncidents)?;
    let text = said("text", &filing.text)?;
    viewer.note(&state.pool, Action::NoteIncidents.as_str(), &format!("incident/{id}")).await?;
    let noted = store::incidents::note(&state.pool, visibility, &covered, IncidentId(id), text, viewer.owner()).await?;
    noted.map(|record| (StatusCode::CREATED, Json(record))).ok_or_else(|| missing(id))
}
