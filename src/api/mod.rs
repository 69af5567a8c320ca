//! The HTTP API: what people and their programs ask for, live and stored, and the page at `/`.
//!
//! A file for each resource; `router` lists all routes. Who may do what, and whose data they see, is decided in
//! `access` alone: no question reaches the store without a [`Visibility`](crate::store::Visibility), and only `access`
//! gives one out. Errors are RFC 9457 problems (`problem`). A write is answered once the running server judges by it
//! (`settled`). The document at `/api/openapi.json` is made from the routes themselves (`openapi`).

mod access;
mod calendars;
mod cookie;
mod dead_letters;
mod documented;
mod drivers;
mod exemptions;
mod extract;
mod goods;
mod health;
mod incidents;
mod layers;
mod openapi;
mod organisations;
mod page;
mod paging;
mod positions;
mod problem;
mod queries;
mod router;
mod routes;
mod rule_packs;
mod session;
mod settled;
mod sheet;
mod sheet_links;
mod shipments;
mod state;
mod stream;
mod token_cache;
mod tokens;
mod vehicles;
mod violations;
mod webhooks;
mod zone_filing;
mod zones;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use self::state::ApiState;

/// Serves the API until `stop`; requests under way are finished, live streams are ended.
pub async fn serve(listener: TcpListener, state: ApiState, stop: CancellationToken) {
    let router = router::with_state(state);
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await {
        tracing::error!(%error, "the HTTP server ended");
    }
}
