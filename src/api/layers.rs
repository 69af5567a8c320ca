//! What holds for every request: a log line, headers, limits, and an answer even when a handler fails.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::Response,
};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer, trace::TraceLayer};
use tracing::Span;

use super::problem::{Problem, of_panic};

/// Largest body of most requests, in bytes.
const BODY_LIMIT: usize = 4 << 20;
/// Largest body of a zone, in bytes: a coast line has many corners.
pub(super) const ZONE_BODY_LIMIT: usize = 32 << 20;
/// How long a request may take. A live stream answers at once and then goes on, so this does not end it.
const REQUEST_LIMIT: Duration = Duration::from_secs(30);

/// Nothing is loaded from elsewhere, and no other site may frame the page.
const CONTENT_POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Routes that are asked for all the time, and would bury the rest of the log.
const PROBES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Headers of every answer that does not set its own.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
];

/// Wraps the routes; what stands last sees a request first.
pub(super) fn wrap(router: Router) -> Router {
    let router = router
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(in_time))
        .layer(CatchPanicLayer::custom(of_panic));
    let router = HEADERS.into_iter().fold(router, |router, (name, value)| {
        router.layer(SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value)))
    });
    router.layer(
        TraceLayer::new_for_http()
            .make_span_with(span)
            .on_request(())
            .on_response(log_answer)
            .on_body_chunk(())
            .on_eos(())
            .on_failure(()),
    )
}

async fn in_time(request: Request, next: Next) -> Result<Response, Problem> {
    let late = |_| Problem::unavailable("it took too long", format!("no answer within {} s", REQUEST_LIMIT.as_secs()));
    tokio::time::timeout(REQUEST_LIMIT, next.run(request)).await.map_err(late)
}

/// Names the request in the log by its route, never by its path or query: those may hold what is nobody's business.
fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    if PROBES.contains(&route) {
        Span::none()
    } else {
        tracing::info_span!("request", method = %request.method(), route)
    }
}

fn log_answer(response: &Response, took: Duration, span: &Span) {
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    if span.is_none() {
        tracing::debug!(status, took_ms, "answered a probe");
    } else {
        tracing::info!(status, took_ms, "answered");
    }
}
