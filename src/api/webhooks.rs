//! Webhook subscriptions of the asking organisation: its own incidents and grave violations, or everybody's for those who
//! see everything.

use axum::{Json, extract::State, http::StatusCode};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{RngCore, TryRngCore};
use serde::{Deserialize, Serialize};

use super::{
    access::{Action, Viewer},
    extract::{JsonBody, PathFields},
    problem::Problem,
    state::ApiState,
};
use crate::{
    notify::webhooks,
    store::{self, page::Page, webhooks::WebhookRecord},
};

/// A subscription to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWebhook {
    /// Where deliveries go: an http or https URL.
    #[schema(example = "https://example.org/placard")]
    url: String,
}

/// A subscription that was made.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct MadeWebhook {
    /// Its number.
    id: i64,
    /// Where deliveries go.
    url: String,
    /// Signs deliveries: `Placard-Signature` holds the HMAC-SHA-256 of time, full stop and body. It cannot be read again
    /// later.
    secret: String,
}

/// The subscriptions.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", responses((status = 200, body = Page<WebhookRecord>)))]
pub(super) async fn list(State(state): State<ApiState>, viewer: Viewer) -> Result<Json<Page<WebhookRecord>>, Problem> {
    viewer.may(Action::Subscribe)?;
    let items = store::webhooks::list(&state.pool, viewer.owner().organisation_id).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Subscribes a URL.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = NewWebhook,
    responses((status = 201, body = MadeWebhook)))]
pub(super) async fn subscribe(
    State(state): State<ApiState>,
    viewer: Viewer,
    JsonBody(NewWebhook { url }): JsonBody<NewWebhook>,
) -> Result<(StatusCode, Json<MadeWebhook>), Problem> {
    viewer.may(Action::Subscribe)?;
    let refuse = |error: webhooks::WebhookError| Problem::invalid("url", error.to_string());
    let parsed = webhooks::check_url(&url).map_err(refuse)?;
    webhooks::resolve(&parsed, state.config.notify.webhooks_to_private_addresses).await.map_err(refuse)?;
    let secret = secret();
    let id = store::webhooks::create(&state.pool, viewer.owner().organisation_id, &url, &secret).await?;
    viewer.note(&state.pool, "webhook.subscribe", &format!("webhook/{id}")).await?;
    Ok((StatusCode::CREATED, Json(MadeWebhook { id, url, secret })))
}

/// Ends a subscription.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks",
    params(("id" = i64, Path, description = "Its number.")), responses((status = 204)))]
pub(super) async fn end(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<i64>,
) -> Result<StatusCode, Problem> {
    viewer.may(Action::Subscribe)?;
    if !store::webhooks::end(&state.pool, viewer.owner().organisation_id, id).await? {
        return Err(Problem::not_found(format!("there is no webhook {id}, or it is not yours to see")));
    }
    viewer.note(&state.pool, "webhook.end", &format!("webhook/{id}")).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn secret() -> String {
    let mut bytes = [0_u8; 32];
    rand::rngs::OsRng.unwrap_err().fill_bytes(&mut bytes);
    format!("placard_hook_{}", URL_SAFE_NO_PAD.encode(bytes))
}
