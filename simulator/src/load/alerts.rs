//! How long an alarm takes from the device to the live stream.
//!
//! Now and then a marker vehicle presses SOS through a gateway of its own, while the load goes on. The live stream
//! tells when its violation and its incident arrive. Each marker presses once: a second press would only join the
//! incident that is open.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::Utc;
use futures::StreamExt;
use serde_json::Value;
use tracing::warn;

use super::{connection::LoadError, fixes::Circle, latency::Histogram};
use crate::{
    api::{Api, ApiError},
    broker::{Broker, Credentials},
    gateway::{Gateway, GatewayError},
};

/// Why alarms could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum AlertsError {
    /// The live stream.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The gateway.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The load beside it.
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// What was measured.
#[derive(Clone, Debug, Default)]
pub struct AlertsReport {
    /// Alarms raised.
    pub raised: u64,
    /// From the alarm's publishing to its violation on the stream.
    pub to_violation: Histogram,
    /// From the alarm's publishing to its incident on the stream.
    pub to_incident: Histogram,
}

#[derive(Default)]
struct Watch {
    /// When each marker's alarm was published.
    published: HashMap<String, Instant>,
    report: AlertsReport,
}

/// Raises an alarm every `every` until `duration` has passed, each by another of the `markers`, which must be
/// registered; the end of the markers is the end of the alarms.
///
/// # Errors
/// When the stream or the broker cannot be reached.
pub async fn measure(
    api: &Api,
    broker: &Broker,
    credentials: Option<&Credentials>,
    operator: &str,
    markers: &[String],
    every: Duration,
    duration: Duration,
) -> Result<AlertsReport, AlertsError> {
    let watch = Arc::new(Mutex::new(Watch::default()));
    let stream = api.stream().await?;
    let listening = tokio::spawn(listen(stream, Arc::clone(&watch)));
    let client_id = format!("load-markers-{operator}-{}", std::process::id());
    let gateway = Gateway::connect(broker, credentials, &client_id, 100).await?;
    let started = Instant::now();
    for (number, marker) in markers.iter().enumerate() {
        tokio::time::sleep(every).await;
        if started.elapsed() >= duration {
            break;
        }
        // A fix first, so that the alarm has a place; the server takes them in this order.
        let mut payload = String::new();
        let time = Utc::now();
        Circle::new(number, 1).write(time.timestamp_millis(), &mut payload);
        gateway.publish(format!("placard/v1/{operator}/{marker}/position").into(), payload).await?;
        let alarm = format!(r#"{{"kind":"sos","time":{},"seq":2}}"#, time.timestamp_millis() + 1);
        note_raised(&watch, marker);
        gateway.publish(format!("placard/v1/{operator}/{marker}/event").into(), alarm).await?;
    }
    gateway.finish(Duration::from_secs(30)).await?;
    let deadline = Instant::now() + Duration::from_secs(10);
    let all_seen = || {
        let state = watch.lock().unwrap_or_else(PoisonError::into_inner);
        state.report.to_incident.count() >= state.report.raised
    };
    while !all_seen() && Instant::now() < deadline && !listening.is_finished() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    listening.abort();
    let report = watch.lock().unwrap_or_else(PoisonError::into_inner).report.clone();
    Ok(report)
}

fn note_raised(watch: &Mutex<Watch>, marker: &str) {
    let mut state = watch.lock().unwrap_or_else(PoisonError::into_inner);
    state.published.insert(marker.into(), Instant::now());
    state.report.raised += 1;
}

async fn listen(stream: reqwest::Response, watch: Arc<Mutex<Watch>>) {
    let mut pieces = stream.bytes_stream();
    let mut frames = Frames::default();
    while let Some(piece) = pieces.next().await {
        let piece = match piece {
            Ok(piece) => piece,
            Err(error) => {
                warn!(%error, "the live stream broke off");
                return;
            }
        };
        let now = Instant::now();
        for (kind, data) in frames.push(&piece) {
            let mut state = watch.lock().unwrap_or_else(PoisonError::into_inner);
            let document: Value = serde_json::from_str(&data).unwrap_or_default();
            let Some(vehicle) = document.get("vehicle").and_then(Value::as_str) else { continue };
            let Some(published) = state.published.get(vehicle).copied() else { continue };
            let passed = now.saturating_duration_since(published);
            match kind.as_str() {
                "violation" => state.report.to_violation.add(passed),
                "incident" => state.report.to_incident.add(passed),
                _ => {}
            }
        }
    }
}

/// Cuts a stream of server-sent events into events with their data (WHATWG HTML §9.2.6).
#[derive(Default)]
struct Frames {
    rest: Vec<u8>,
    kind: String,
    data: String,
}

impl Frames {
    fn push(&mut self, piece: &[u8]) -> Vec<(String, String)> {
        self.rest.extend_from_slice(piece);
        let mut events = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            match line.split_once(':').map(|(field, value)| (field, value.strip_prefix(' ').unwrap_or(value))) {
                Some(("event", kind)) => kind.clone_into(&mut self.kind),
                Some(("data", data)) => self.data.push_str(data),
                None if line.is_empty() && !self.data.is_empty() => {
                    events.push((std::mem::take(&mut self.kind), std::mem::take(&mut self.data)));
                }
                _ => {}
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_cut_out_of_any_pieces() {
        let text = ": hello\n\nevent: incident\nid: 7\ndata: {\"vehicle\":\ndata: \"m-1\"}\n\nevent: position\r\ndata: {}\r\n\r\n";
        for size in [1, 7, 1000] {
            let mut frames = Frames::default();
            let events: Vec<(String, String)> =
                text.as_bytes().chunks(size).flat_map(|piece| frames.push(piece)).collect();
            let expected = [("incident", "{\"vehicle\":\"m-1\"}"), ("position", "{}")];
            assert_eq!(events, expected.map(|(kind, data)| (kind.to_owned(), data.to_owned())));
        }
    }
}
