//! Load at a set rate: how many messages a second, and how long each took until its PUBACK.
//!
//! The PUBACK is the broker's; that everything also reached the database is for the caller to check there. The report
//! says what the generator itself cost, since it shares the machine with what it measures.

pub mod alerts;
pub mod connection;
pub mod fixes;
pub mod latency;

use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt, stream};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tracing::info;

use crate::{
    api::{Api, ApiError},
    broker::{Broker, Credentials},
    output,
};
use alerts::{AlertsError, AlertsReport};
use connection::{ConnectionReport, LoadError, Source};
use fixes::Circle;

/// How the load runs.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// Messages a second, over all connections.
    pub rate: f64,
    /// How long.
    pub duration: Duration,
    /// Vehicles that take turns.
    pub vehicles: usize,
    /// Connections to the broker; a vehicle always uses the same.
    pub connections: usize,
    /// The operator's code.
    pub operator: String,
    /// Where to register the vehicles; without it they are taken to be registered.
    pub api: Option<Api>,
    /// Whether they are registered as dangerous-goods vehicles.
    pub dangerous_goods: bool,
    /// Where to publish.
    pub broker: Broker,
    /// The operator's gateway account.
    pub credentials: Option<Credentials>,
    /// How often a marker vehicle raises an alarm whose way to the live stream is timed; needs the API.
    pub alerts_every: Option<Duration>,
}

/// What the load has done.
#[derive(Clone, Debug)]
pub struct LoadReport {
    /// All connections together.
    pub connections: ConnectionReport,
    /// The rate that was asked for.
    pub wanted_rate: f64,
    /// From the first write to the last acknowledgement, in seconds.
    pub seconds: f64,
    /// Processor time of this process per message, in microseconds, where the system tells.
    pub generator_us: Option<f64>,
    /// Alarms, if they were measured.
    pub alerts: Option<AlertsReport>,
}

/// Registers the vehicles, publishes, and reports.
///
/// # Errors
/// When the API or the broker fails.
pub async fn run(options: LoadOptions) -> Result<LoadReport, AlertsError> {
    let vehicles: Vec<String> = (0..options.vehicles.max(1)).map(|number| format!("load-{number:06}")).collect();
    let markers = marker_names(&options);
    if let Some(api) = &options.api {
        register(api, &options, vehicles.iter().chain(&markers)).await?;
    }
    let connections = options.connections.clamp(1, vehicles.len());
    let mut streams = Vec::new();
    for number in 0..connections {
        let client_id = format!("load-{}-{number}-{}", options.operator, std::process::id());
        streams.push(connection::connect(&options.broker, options.credentials.as_ref(), &client_id).await?);
    }
    let first_seq = chrono::Utc::now().timestamp_millis();
    let mut publishing = JoinSet::new();
    let (started, processor_before_s) = (Instant::now(), processor_s());
    for (number, stream) in streams.into_iter().enumerate() {
        let own = vehicles.iter().enumerate().skip(number).step_by(connections);
        let turns = own.map(|(index, vehicle)| {
            (format!("placard/v1/{}/{vehicle}/position", options.operator), Circle::new(index, first_seq))
        });
        let source = Turns { vehicles: turns.collect(), next: 0 };
        let rate = options.rate / connections as f64;
        publishing.spawn(connection::publish(stream, source, rate, options.duration));
    }
    let alerts = match (&options.api, options.alerts_every) {
        (Some(api), Some(every)) => {
            let LoadOptions { broker, credentials, operator, duration, .. } = &options;
            Some(alerts::measure(api, broker, credentials.as_ref(), operator, &markers, every, *duration).await?)
        }
        _ => None,
    };
    let mut together = ConnectionReport::default();
    let mut seconds = 0.0;
    while let Some(ended) = publishing.join_next().await {
        let report = ended.map_err(|cause| LoadError::Network(std::io::Error::other(cause)))??;
        seconds = f64::max(seconds, started.elapsed().as_secs_f64());
        together.sent += report.sent;
        together.acknowledged += report.acknowledged;
        together.most_behind = together.most_behind.max(report.most_behind);
        together.latency.merge(&report.latency);
    }
    let processor_used_s = processor_s().zip(processor_before_s).map(|(after_s, before_s)| after_s - before_s);
    let generator_us = processor_used_s.map(|used_s| used_s * 1e6 / together.sent.max(1) as f64);
    Ok(LoadReport { connections: together, wanted_rate: options.rate, seconds, generator_us, alerts })
}

impl LoadReport {
    /// Messages a second that were acknowledged.
    #[must_use]
    pub fn achieved_rate(&self) -> f64 {
        self.connections.acknowledged as f64 / self.seconds.max(1e-9)
    }

    /// The report for a machine.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "wanted_rate": self.wanted_rate,
            "achieved_rate": self.achieved_rate(),
            "seconds": self.seconds,
            "sent": self.connections.sent,
            "acknowledged": self.connections.acknowledged,
            "most_behind": self.connections.most_behind,
            "generator_us_per_message": self.generator_us,
            "puback": self.connections.latency.to_json(),
            "alerts": self.alerts.as_ref().map(|alerts| json!({
                "raised": alerts.raised,
                "to_violation": alerts.to_violation.to_json(),
                "to_incident": alerts.to_incident.to_json(),
            })),
        })
    }

    /// The report for a person.
    #[must_use]
    pub fn to_table(&self) -> String {
        let mut rows = vec![
            ("wanted", format!("{:.0} messages/s", self.wanted_rate)),
            ("achieved", format!("{:.0} messages/s over {:.1} s", self.achieved_rate(), self.seconds)),
            ("acknowledged", format!("{} of {}", self.connections.acknowledged, self.connections.sent)),
            ("behind at most", format!("{} messages on one connection", self.connections.most_behind)),
            ("PUBACK", self.connections.latency.in_words()),
        ];
        rows.extend(self.generator_us.map(|us| ("generator", format!("{us:.1} µs processor time a message"))));
        if let Some(alerts) = &self.alerts {
            rows.push(("alarms raised", alerts.raised.to_string()));
            let seen = |histogram: &latency::Histogram| format!("{} seen, {}", histogram.count(), histogram.in_words());
            rows.push(("to violation", seen(&alerts.to_violation)));
            rows.push(("to incident", seen(&alerts.to_incident)));
        }
        output::table(&rows)
    }
}

/// The vehicles of one connection, in turn.
struct Turns {
    vehicles: Vec<(String, Circle)>,
    next: usize,
}

impl Source for Turns {
    fn next(&mut self, time_ms: i64, payload: &mut String) -> &str {
        let turn = self.next;
        self.next = (turn + 1) % self.vehicles.len().max(1);
        self.vehicles.get_mut(turn).map_or("", |(topic, circle)| {
            circle.write(time_ms, payload);
            topic
        })
    }
}

/// As many markers as alarms fit into the duration, with names that no earlier run has used.
fn marker_names(options: &LoadOptions) -> Vec<String> {
    let Some(every) = options.alerts_every.filter(|every| !every.is_zero()) else { return Vec::new() };
    let alarms = crate::numbers::count(options.duration.as_secs_f64() / every.as_secs_f64());
    let run = chrono::Utc::now().timestamp();
    (0..alarms).map(|number| format!("load-marker-{run}-{number:04}")).collect()
}

async fn register(api: &Api, options: &LoadOptions, vehicles: impl Iterator<Item = &String>) -> Result<(), ApiError> {
    let name = format!("Load of {}", options.operator);
    match api.ensure_organisation(&options.operator, &name, "operator").await {
        // An operator's own token may not create organisations, and need not: its own exists.
        Ok(()) | Err(ApiError::Refused { status: StatusCode::FORBIDDEN, .. }) => {}
        Err(error) => return Err(error),
    }
    let started = Instant::now();
    let facts = json!({ "dangerous_goods": options.dangerous_goods });
    stream::iter(vehicles)
        .map(Ok)
        .try_for_each_concurrent(32, |vehicle| api.put_vehicle(&options.operator, vehicle, &facts))
        .await?;
    info!(seconds = started.elapsed().as_secs_f64(), "the vehicles are registered");
    Ok(())
}

/// Processor time that this process has used so far, in seconds (proc(5), fields utime and stime, in hundredths).
fn processor_s() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = stat.rsplit_once(')')?.1;
    let ticks = |field: usize| after_name.split_whitespace().nth(field)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vehicles_take_turns_and_keep_their_numbers() {
        let vehicles = (0..2).map(|number| (format!("topic-{number}"), Circle::new(number, 1))).collect();
        let mut turns = Turns { vehicles, next: 0 };
        let mut payload = String::new();
        let mut seen = Vec::new();
        for time_ms in 0..4 {
            let topic = turns.next(time_ms, &mut payload).to_owned();
            let fix: Value = serde_json::from_str(&payload).unwrap();
            seen.push((topic, fix["seq"].as_i64().unwrap()));
        }
        let expected = [("topic-0", 1), ("topic-1", 1), ("topic-0", 2), ("topic-1", 2)];
        assert_eq!(seen, expected.map(|(topic, seq)| (topic.to_owned(), seq)));
    }

    #[test]
    fn the_generator_knows_what_it_costs() {
        assert!(processor_s().is_some_and(|seconds| seconds >= 0.0));
    }
}
