//! What people do with an incident: the steps of its life, its level, merging.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        access::{Action, Viewer},
        extract::{JsonBody, PathFields},
        problem::Problem,
        state::ApiState,
    },
    missing, said,
};
use crate::{
    domain::{IncidentId, IncidentLevel},
    incident::life::IncidentStep,
    store::{
        self,
        incidents::{IncidentRecord, Merged, Step, StepOutcome},
    },
};

/// Takes an incident; the first to do so is recorded. Doing it again changes nothing.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/acknowledge", tag = "incidents",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses((status = 200, body = IncidentRecord)))]
pub(in super::super) async fn acknowledge(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
) -> Result<Json<IncidentRecord>, Problem> {
    step(&state, &viewer, id, Step { step: IncidentStep::Acknowledged, at: None, note: None }).await
}

/// Closes an incident. Doing it again changes nothing, except that a responder sees no closed incidents.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/close", tag = "incidents",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses((status = 200, body = IncidentRecord)))]
pub(in super::super) async fn close(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
) -> Result<Json<IncidentRecord>, Problem> {
    step(&state, &viewer, id, Step { step: IncidentStep::Closed, at: None, note: None }).await
}

/// A step that somebody takes.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct StepFiling {
    /// acknowledged, dispatched, `on_scene`, controlled, closed, reviewed, `false_alarm` or reopened.
    #[schema(value_type = String, example = "dispatched")]
    step: IncidentStep,
    /// When it was taken, not in the future and not before the incident; now, if left out.
    #[serde(default)]
    at: Option<DateTime<Utc>>,
    /// What there is to say; `false_alarm` and reopened need a reason here.
    #[serde(default)]
    note: Option<String>,
}

/// Takes a step in the life of an incident. Steps may be left out; none leads back but reopening what has ended. A step
/// that was taken already changes nothing; one that cannot be taken is a conflict.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/steps", tag = "incidents",
    params(("id" = Uuid, Path, description = "Its id.")), request_body = StepFiling,
    responses((status = 200, body = IncidentRecord)))]
pub(in super::super) async fn take(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
    JsonBody(filing): JsonBody<StepFiling>,
) -> Result<Json<IncidentRecord>, Problem> {
    let note = filing.note.as_deref().map(|note| said("note", note)).transpose()?;
    if filing.step.needs_reason() && note.is_none() {
        let step = filing.step.as_str();
        return Err(Problem::invalid("note", format!("the step {step} needs a reason in the field note")));
    }
    if let Some(at) = filing.at.filter(|at| *at > Utc::now()) {
        return Err(Problem::invalid("at", format!("{at} is in the future; a step is recorded once it was taken")));
    }
    step(&state, &viewer, id, Step { step: filing.step, at: filing.at, note }).await
}

fn action(step: IncidentStep) -> Action {
    match step {
        IncidentStep::Acknowledged => Action::AcknowledgeIncidents,
        IncidentStep::Dispatched | IncidentStep::OnScene | IncidentStep::Controlled => Action::HandleIncidents,
        IncidentStep::Closed | IncidentStep::FalseAlarm => Action::CloseIncidents,
        IncidentStep::Reviewed => Action::ReviewIncidents,
        IncidentStep::Reopened => Action::ReopenIncidents,
    }
}

async fn step(state: &ApiState, viewer: &Viewer, id: Uuid, step: Step<'_>) -> Result<Json<IncidentRecord>, Problem> {
    let action = action(step.step);
    let (visibility, covered) = viewer.may_with_incidents(action)?;
    let id = IncidentId(id);
    let record = store::incidents::one(&state.pool, visibility, &covered, id).await?;
    let raised_at = record.ok_or_else(|| missing(id.0))?.raised_at;
    if let Some(at) = step.at.filter(|at| *at < raised_at) {
        return Err(Problem::invalid("at", format!("{at} is before the incident, which was raised at {raised_at}")));
    }
    // Noted first: a step that nobody is on record for must not be taken.
    viewer.note(&state.pool, action.as_str(), &format!("incident/{id}")).await?;
    match store::incidents::step(&state.pool, visibility, &covered, id, step, viewer.owner()).await? {
        StepOutcome::Taken(record) => Ok(Json(*record)),
        StepOutcome::Refused(refusal) => Err(Problem::conflict(refusal.to_string())),
        StepOutcome::Missing => Err(missing(id.0)),
    }
}

/// A level as a person judges it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct LevelFiling {
    /// I, II, III or IV; the present one confirms it.
    #[schema(value_type = String, example = "II")]
    level: IncidentLevel,
    /// Why.
    reason: String,
}

/// Sets the level of an open incident, up or down, or confirms it. What happens later may raise it again, and never
/// lowers it.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/level", tag = "incidents",
    params(("id" = Uuid, Path, description = "Its id.")), request_body = LevelFiling,
    responses((status = 200, body = IncidentRecord)))]
pub(in super::super) async fn grade(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
    JsonBody(filing): JsonBody<LevelFiling>,
) -> Result<Json<IncidentRecord>, Problem> {
    let (visibility, _) = viewer.may_with_incidents(Action::HandleIncidents)?;
    let reason = said("reason", &filing.reason)?;
    viewer.note(&state.pool, Action::HandleIncidents.as_str(), &format!("incident/{id}")).await?;
    let graded =
        store::incidents::grade(&state.pool, visibility, IncidentId(id), filing.level, reason, viewer.owner()).await?;
    graded.map(Json).ok_or_else(|| not_open(id))
}

/// Which incident another goes on in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct MergeFiling {
    /// Id of the incident that goes on.
    into: Uuid,
    /// Why they are one.
    reason: String,
}

/// Merges an open incident into another: it ends, and its triggers and timeline are read from both. Both are of one
/// carrier, or the one that ends has no vehicle. Answers with the one that goes on.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/merge", tag = "incidents",
    params(("id" = Uuid, Path, description = "Id of the one that ends.")), request_body = MergeFiling,
    responses((status = 200, body = IncidentRecord)))]
pub(in super::super) async fn merge(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
    JsonBody(filing): JsonBody<MergeFiling>,
) -> Result<Json<IncidentRecord>, Problem> {
    let (visibility, _) = viewer.may_with_incidents(Action::HandleIncidents)?;
    let reason = said("reason", &filing.reason)?;
    if filing.into == id {
        return Err(Problem::invalid("into", "an incident cannot be merged into itself; name another"));
    }
    viewer.note(&state.pool, Action::HandleIncidents.as_str(), &format!("incident/{id}")).await?;
    viewer.note(&state.pool, Action::HandleIncidents.as_str(), &format!("incident/{}", filing.into)).await?;
    let (id, into) = (IncidentId(id), IncidentId(filing.into));
    match store::incidents::merge(&state.pool, visibility, id, into, reason, viewer.owner()).await? {
        Merged::Into(record) => Ok(Json(*record)),
        Merged::Missing(of) if of == into => {
            Err(Problem::invalid("into", format!("there is no open incident {into}, or it is not yours to see")))
        }
        Merged::Missing(_) => Err(not_open(id.0)),
        Merged::Apart => Err(Problem::conflict(
            "only incidents of one carrier are merged, or one without a vehicle into one that has one; note in each \
             that they belong together instead",
        )),
    }
}

fn not_open(id: Uuid) -> Problem {
    Problem::not_found(format!("there is no open incident {id}, or it is not yours to see"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::organisations::Role;

    #[test]
    fn each_step_is_open_to_those_whose_it_is() {
        let steps = |role| {
            let open = IncidentStep::ALL.into_iter().filter(|step| action(*step).is_open_to(role));
            open.map(IncidentStep::as_str).collect::<Vec<_>>()
        };
        assert_eq!(steps(Role::Operator), ["acknowledged"]);
        assert_eq!(
            steps(Role::Responder),
            ["acknowledged", "dispatched", "on_scene", "controlled", "closed", "false_alarm", "reopened"]
        );
        assert_eq!(steps(Role::Regulator).len(), IncidentStep::ALL.len());
    }
}
