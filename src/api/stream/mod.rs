//! The live stream: positions, violations and incidents as server-sent events, resumed from the store after a break.
//!
//! Each event's id names the newest feed item and the time through which positions were handed over ([`event_id`]). A
//! client that comes back with it gets every violation and incident that it missed, in order; of the positions, the newest
//! of each vehicle and a `gap` event that says so. [`scope`] decides what a stream holds, [`pump`] hands it over.

mod event_id;
mod pump;
mod scope;

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::StreamExt;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use self::{event_id::EventId, pump::Pump, scope::Scope};
use super::{access::Viewer, extract::QueryFields, problem::Problem, state::App};

/// How often a silent stream shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Events that wait for a slow client before it counts as behind.
const WAITING: usize = 16;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StreamQuery {
    /// Code of a carrier: its vehicles only.
    #[serde(default)]
    operator: Option<String>,
    /// Code of a vehicle: vehicles with this code only.
    #[serde(default)]
    vehicle: Option<String>,
    /// Kinds of event, as in `position,violation`; all that may be seen, if left out.
    #[serde(default)]
    events: Option<String>,
    /// Where to go on, for clients that cannot send the header `Last-Event-ID`.
    #[serde(default)]
    last_event_id: Option<String>,
}

/// Positions, violations and incidents as they are committed, as server-sent events.
///
/// Events: `position` (a list of the newest position of each vehicle that moved; the first event of a new stream lists
/// all), `violation` and `incident` (as they are then), `gap` (positions between two times were left out, and where they
/// are). A stream that goes on after `Last-Event-ID` begins with every violation and incident that was missed. Responders
/// get incidents only; of a closed one, its id and state.
#[utoipa::path(get, path = "/api/v1/stream", tag = "stream",
    params(StreamQuery, ("Last-Event-ID" = Option<String>, Header, description = "Id of the last event that was seen.")),
    responses((status = 200, body = String, content_type = "text/event-stream")))]
pub(super) async fn stream(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    QueryFields(query): QueryFields<StreamQuery>,
) -> Result<impl IntoResponse, Problem> {
    let header = headers.get("last-event-id").map(|value| value.to_str().unwrap_or_default().to_owned());
    let resume = header.or(query.last_event_id).map(|text| text.parse::<EventId>()).transpose();
    let resume = resume.map_err(|error| Problem::unreadable(error.to_string()).in_field("last_event_id"))?;
    let scope = Scope::of(&viewer, query.operator, query.vehicle, query.events.as_deref())?;
    if viewer.sees_open_incidents_only() {
        viewer.note(&app.state.pool, "incident.stream", "incidents").await?;
    }
    let (sender, events) = mpsc::channel::<Event>(WAITING);
    tokio::spawn(Pump::new(app, viewer, scope, sender).run(resume));
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(ReceiverStream::new(events).map(Ok::<_, Infallible>)).keep_alive(keep_alive))
}
