//! Signing in with the page, and who one is.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use serde::{Deserialize, Serialize};

use super::{
    access::{self, Action, Viewer},
    cookie,
    extract::JsonBody,
    problem::Problem,
    state::App,
};
use crate::store::organisations::Role;

/// Who a token stands for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Me {
    /// Code of the organisation.
    organisation: String,
    /// Role of the token.
    role: Role,
    /// What it may do.
    #[schema(example = json!(["incident.see", "incident.acknowledge"]))]
    may: Vec<&'static str>,
}

impl Me {
    fn of(viewer: &Viewer) -> Self {
        let owner = viewer.owner();
        let may = Action::ALL.into_iter().filter(|action| action.is_open_to(owner.role)).map(Action::as_str).collect();
        Self { organisation: owner.organisation.to_string(), role: owner.role, may }
    }
}

/// Signing in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// The access token.
    token: String,
}

/// Who the token stands for, and what it may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "session", responses((status = 200, body = Me)))]
pub(super) async fn me(viewer: Viewer) -> Json<Me> {
    Json(Me::of(&viewer))
}

/// Signs the page in: keeps the token in a cookie that scripts cannot read.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = SignIn, security(()),
    responses((status = 200, body = Me, headers(("set-cookie" = String, description = "placard_session")))))]
pub(super) async fn sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<SignIn>,
) -> Result<impl IntoResponse, Problem> {
    refuse_other_sites(&headers)?;
    let token = body.token.trim();
    let viewer = access::sign_in(&app, token).await?;
    let cookie = cookie::set(token, app.state.config.api.secure_cookie);
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(Me::of(&viewer))))
}

/// Signs the page out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", security(()), responses((status = 204)))]
pub(super) async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<impl IntoResponse, Problem> {
    refuse_other_sites(&headers)?;
    let cookie = cookie::set("", app.state.config.api.secure_cookie);
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])))
}

/// Another site must not sign its visitors in here, nor out.
fn refuse_other_sites(headers: &HeaderMap) -> Result<(), Problem> {
    match cookie::same_origin(headers) {
        Some(false) => Err(Problem::forbidden("only pages of this server may sign in or out")),
        _ => Ok(()),
    }
}
