//! Whether the server lives, whether it can work, and what it measures.

use std::time::Duration;

use axum::{Json, extract::State, http::header, response::IntoResponse};
use serde::Serialize;

use super::{problem::Problem, state::ApiState};
use crate::store;

/// How long the database may take to answer before it counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// A server that lives or is ready.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Health {
    /// `alive` or `ready`.
    status: &'static str,
}

/// Whether the process lives. Says nothing about what it depends on.
#[utoipa::path(get, path = "/healthz", tag = "operations", security(()), responses((status = 200, body = Health)))]
pub(super) async fn alive() -> Json<Health> {
    Json(Health { status: "alive" })
}

/// Whether the server can take in and judge: database and broker are there.
///
/// If not, the problem names what is missing.
#[utoipa::path(get, path = "/readyz", tag = "operations", security(()), responses((status = 200, body = Health)))]
pub(super) async fn ready(State(state): State<ApiState>) -> Result<Json<Health>, Problem> {
    let database = tokio::time::timeout(PATIENCE, store::world_version::version(&state.pool)).await;
    let conditions = [
        ("the database does not answer", matches!(database, Ok(Ok(_)))),
        ("batches are not committed", state.metrics.database_up.get() > 0),
        ("the broker is not connected", state.metrics.broker_connected.get() > 0),
        ("the broker has not granted the subscriptions", state.metrics.broker_subscribed.get() > 0),
    ];
    let missing: Vec<&str> = conditions.into_iter().filter(|(_, holds)| !holds).map(|(what, _)| what).collect();
    if missing.is_empty() { Ok(Json(Health { status: "ready" })) } else { Err(Problem::not_ready(missing.join("; "))) }
}

/// Metrics in the OpenMetrics text format.
#[utoipa::path(get, path = "/metrics", tag = "operations", security(()),
    responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
pub(super) async fn metrics(State(state): State<ApiState>) -> Result<impl IntoResponse, Problem> {
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let text = state.metrics.text().map_err(Problem::internal)?;
    Ok(([(header::CONTENT_TYPE, media_type)], text))
}
