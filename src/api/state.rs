//! What request handlers can use.

use std::sync::Arc;

use axum::extract::FromRef;
use tokio_util::sync::CancellationToken;

use super::token_cache::TokenCache;
use crate::{
    config::Config,
    hazard::Catalogue,
    live::{LiveFeed, LivePositions, WorldHandle},
    telemetry::Metrics,
};

/// What every request handler can use.
#[derive(Clone)]
pub struct ApiState {
    /// The store.
    pub pool: sqlx::PgPool,
    /// The world by which the server judges now.
    pub world: WorldHandle,
    /// The goods catalogue.
    pub catalogue: Arc<Catalogue>,
    /// Metrics.
    pub metrics: Arc<Metrics>,
    /// Positions as they are committed.
    pub live_positions: LivePositions,
    /// Violations and incidents as they are committed.
    pub live_feed: LiveFeed,
    /// The configuration.
    pub config: Arc<Config>,
    /// Cancelled when the server stops: live streams end by it.
    pub stop: CancellationToken,
}

/// The state of the router: what handlers use, and what access alone uses.
#[derive(Clone)]
pub(super) struct App {
    pub(super) state: ApiState,
    pub(super) tokens: Arc<TokenCache>,
}

impl FromRef<App> for ApiState {
    fn from_ref(app: &App) -> Self {
        app.state.clone()
    }
}
