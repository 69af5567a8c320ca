//! Organisations.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    access::{Action, Viewer},
    extract::JsonBody,
    problem::Problem,
    settled::settled,
    state::ApiState,
};
use crate::{
    domain::OperatorCode,
    store::{self, organisations::Role},
};

/// An organisation, as it is filed and answered.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Organisation {
    /// Short public name, one level of MQTT topics.
    #[schema(value_type = String, example = "rhine-chem")]
    code: OperatorCode,
    /// Full name.
    name: String,
    /// What it does.
    kind: Role,
}

/// Adds an organisation. One with this code that is there already is left as it is, and is a conflict.
#[utoipa::path(post, path = "/api/v1/organisations", tag = "organisations", request_body = Organisation,
    responses((status = 201, body = Organisation)))]
pub(super) async fn create(
    State(state): State<ApiState>,
    viewer: Viewer,
    JsonBody(organisation): JsonBody<Organisation>,
) -> Result<Response, Problem> {
    viewer.may(Action::Administer)?;
    let Organisation { code, name, kind } = &organisation;
    if name.trim().is_empty() {
        return Err(Problem::invalid("name", "the name is empty; the organisation's full name is wanted"));
    }
    let (_, new) = store::organisations::create(&state.pool, code, name, *kind).await?;
    if !new {
        return Err(Problem::conflict(format!("there is an organisation {code} already")).in_field("code"));
    }
    viewer.note(&state.pool, "organisation.create", &format!("organisation/{code}")).await?;
    settled(&state, (StatusCode::CREATED, Json(organisation))).await
}
