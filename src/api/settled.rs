//! Answering writes: not before the running server judges by them.

use std::time::Duration;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};

use super::{problem::Problem, state::ApiState};
use crate::store;

/// Says by which version of the world the server judges after a write, or which version it has yet to load.
const WORLD_VERSION: HeaderName = HeaderName::from_static("placard-world-version");
/// How long a write waits for the world to be loaded.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hands out `answer` once the world that holds the write is judged by. Should that take too long, the answer is the
/// same with status 202 (accepted): the write is stored, and takes effect when the version in the header is loaded.
pub(super) async fn settled(state: &ApiState, answer: impl IntoResponse) -> Result<Response, Problem> {
    let version = store::world_version::version(&state.pool).await?;
    let mut response = answer.into_response();
    if !state.world.reaches(version, PATIENCE).await {
        tracing::warn!(version, "a write was stored, but its world is not loaded yet");
        *response.status_mut() = StatusCode::ACCEPTED;
    }
    response.headers_mut().insert(WORLD_VERSION, HeaderValue::from(version));
    Ok(response)
}
