//! Access tokens.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};

use super::{
    access::{Action, Viewer},
    extract::JsonBody,
    problem::Problem,
    state::ApiState,
};
use crate::{
    domain::OperatorCode,
    store::{self, organisations::Role},
};

/// A token to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewToken {
    /// Code of the organisation that it belongs to.
    #[schema(value_type = String, example = "rhine-chem")]
    organisation: OperatorCode,
    /// What it may do.
    role: Role,
    /// What it is for, so that one can be told from another.
    label: String,
}

/// A token that was made.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct MadeToken {
    /// The token. It cannot be read again later.
    token: String,
}

/// Makes a token.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", request_body = NewToken,
    responses((status = 201, body = MadeToken)))]
pub(super) async fn create(
    State(state): State<ApiState>,
    viewer: Viewer,
    JsonBody(new): JsonBody<NewToken>,
) -> Result<(StatusCode, Json<MadeToken>), Problem> {
    viewer.may(Action::Administer)?;
    let NewToken { organisation, role, label } = new;
    let Some(id) = store::organisations::by_code(&state.pool, &organisation).await? else {
        return Err(Problem::invalid("organisation", format!("there is no organisation {organisation}")));
    };
    // Noted first: a token that nobody is on record for must not exist.
    let subject = format!("organisation/{organisation}/{}", role.as_str());
    viewer.note(&state.pool, "token.create", &subject).await?;
    let token = store::tokens::create(&state.pool, id, role, &label).await?;
    Ok((StatusCode::CREATED, Json(MadeToken { token })))
}
