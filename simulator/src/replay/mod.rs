//! Replays a recorded track over MQTT: any CSV, or GPX, in real time, faster, or as fast as it goes.
//!
//! The track's vehicles are registered through the API and sent through the operator's gateway account at QoS 1, each
//! vehicle's fixes in the order of the file. Every PUBACK is waited for, so that a replay that says it is done has
//! delivered everything to the broker.

pub mod csv;
pub mod gpx;

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::StatusCode;
use serde_json::{Map, Value, json};
use tokio::time::Instant;
use tracing::info;

use crate::{
    api::{Api, ApiError},
    broker::{Broker, Credentials},
    gateway::{Gateway, GatewayError},
};

/// Why a replay cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The track file.
    #[error(transparent)]
    Track(#[from] TrackError),
    /// Registration.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// Publishing.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// Two names of the file would be one vehicle.
    #[error("{one:?} and {other:?} would both be the vehicle {code}; rename one of them in the file")]
    SameCode {
        /// The first name.
        one: String,
        /// The second name.
        other: String,
        /// The code that both would get.
        code: String,
    },
}

/// Why a track file cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {reason}", file.display(), at.as_ref().map(|at| format!(", {at}")).unwrap_or_default())]
pub struct TrackError {
    /// Which file.
    pub file: PathBuf,
    /// Where in it, e.g. `row 12, column lat`.
    pub at: Option<String>,
    /// What is wrong, and what would be right.
    pub reason: String,
}

/// One fix of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The vehicle as the file names it.
    pub vehicle: String,
    /// When.
    pub time: DateTime<Utc>,
    /// Everything else of the payload: `lat`, `lon` and what came beside them.
    pub fields: Map<String, Value>,
}

impl Record {
    /// The payload, with the time moved by `shift`.
    fn payload(mut self, shift: TimeDelta) -> String {
        let time = (self.time + shift).to_rfc3339_opts(SecondsFormat::AutoSi, true);
        self.fields.insert("time".into(), json!(time));
        Value::Object(self.fields).to_string()
    }
}

/// The records of a track, in file order.
pub type Records = Box<dyn Iterator<Item = Result<Record, TrackError>>>;

/// How fast a track is replayed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// So many seconds of the track in one.
    Times(f64),
    /// As fast as it goes.
    Max,
}

impl FromStr for Pace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let times = text.strip_prefix('x').and_then(|times| times.parse().ok()).filter(|times: &f64| *times > 0.0);
        match text {
            "realtime" => Ok(Self::Times(1.0)),
            "max" => Ok(Self::Max),
            _ => times.map(Self::Times).ok_or_else(|| "wanted is realtime, max, or x and a number, as in x10".into()),
        }
    }
}

/// How a track is replayed.
#[derive(Clone, Debug)]
pub struct ReplayOptions {
    /// The file; its extension says whether it is CSV or GPX.
    pub file: PathBuf,
    /// Which CSV column is which field.
    pub columns: csv::ColumnMap,
    /// Where to register the vehicles; without it they are taken to be registered.
    pub api: Option<Api>,
    /// The operator's code.
    pub operator: String,
    /// Whether the vehicles are registered as dangerous-goods vehicles.
    pub dangerous_goods: bool,
    /// Where to publish.
    pub broker: Broker,
    /// The gateway's account.
    pub credentials: Option<Credentials>,
    /// How fast.
    pub pace: Pace,
    /// Whether times are moved so that the first fix is now.
    pub shift_to_now: bool,
}

/// What a replay has done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReplaySummary {
    /// Vehicles of the track.
    pub vehicles: usize,
    /// Fixes published and acknowledged by the broker.
    pub fixes: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// Opens a track by its extension, `.csv` or `.gpx`.
///
/// # Errors
/// When the file cannot be read, or is neither.
pub fn open(file: &Path, columns: &csv::ColumnMap) -> Result<Records, TrackError> {
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("csv") => csv::open(file, columns),
        Some("gpx") => gpx::open(file),
        _ => Err(TrackError { file: file.into(), at: None, reason: "wanted is a .csv or .gpx file".into() }),
    }
}

/// Replays a track.
///
/// # Errors
/// When the file, the API or the broker fails. A faulty row ends the replay before anything is sent.
pub async fn run(options: ReplayOptions) -> Result<ReplaySummary, ReplayError> {
    let (topics, first_time) = survey(&options)?;
    if let Some(api) = &options.api {
        register(api, &options, topics.values().map(|(code, _)| code.as_str())).await?;
    }
    let started = Instant::now();
    let shift = if options.shift_to_now { Utc::now() - first_time } else { TimeDelta::zero() };
    let client_id = format!("replay-{}-{}", options.operator, std::process::id());
    let gateway = Gateway::connect(&options.broker, options.credentials.as_ref(), &client_id, 1000).await?;
    let mut told = Instant::now();
    let mut published = 0_u64;
    for record in open(&options.file, &options.columns)? {
        let record = record?;
        if let Pace::Times(times) = options.pace {
            let due = (record.time - first_time).to_std().unwrap_or_default().div_f64(times);
            tokio::time::sleep_until(started + due).await;
        }
        let Some((_, topic)) = topics.get(&record.vehicle) else { continue };
        gateway.publish(Arc::clone(topic), record.payload(shift)).await?;
        published += 1;
        if told.elapsed() >= Duration::from_secs(2) {
            told = Instant::now();
            info!(fixes.published = published, fixes.acknowledged = gateway.acknowledged(), "replaying");
        }
    }
    let fixes = gateway.finish(Duration::from_secs(30)).await?;
    Ok(ReplaySummary { vehicles: topics.len(), fixes, seconds: started.elapsed().as_secs_f64() })
}

/// Each vehicle's code and topic by its name in the file.
type Topics = HashMap<String, (String, Arc<str>)>;

/// Reads the track once: its vehicles and its first time. Finds every faulty row before anything is sent.
fn survey(options: &ReplayOptions) -> Result<(Topics, DateTime<Utc>), ReplayError> {
    let mut names_by_code = BTreeMap::<String, String>::new();
    let mut topics = Topics::new();
    let mut first_time = None;
    for record in open(&options.file, &options.columns)? {
        let Record { vehicle, time, .. } = record?;
        first_time = Some(first_time.map_or(time, |first: DateTime<Utc>| first.min(time)));
        if topics.contains_key(&vehicle) {
            continue;
        }
        let code = vehicle_code(&vehicle);
        if let Some(one) = names_by_code.insert(code.clone(), vehicle.clone()) {
            return Err(ReplayError::SameCode { one, other: vehicle, code });
        }
        let topic = format!("placard/v1/{}/{code}/position", options.operator).into();
        topics.insert(vehicle, (code, topic));
    }
    let empty = || TrackError { file: options.file.clone(), at: None, reason: "it holds no fix".into() };
    Ok((topics, first_time.ok_or_else(empty)?))
}

async fn register(api: &Api, options: &ReplayOptions, vehicles: impl Iterator<Item = &str>) -> Result<(), ApiError> {
    let name = format!("Replayed tracks of {}", options.operator);
    match api.ensure_organisation(&options.operator, &name, "operator").await {
        // An operator's own token may not create organisations, and need not: its own exists.
        Ok(()) | Err(ApiError::Refused { status: StatusCode::FORBIDDEN, .. }) => {}
        Err(error) => return Err(error),
    }
    let facts = json!({ "dangerous_goods": options.dangerous_goods });
    stream::iter(vehicles)
        .map(Ok)
        .try_for_each_concurrent(16, |vehicle| api.put_vehicle(&options.operator, vehicle, &facts))
        .await
}

/// A name made fit to be one level of an MQTT topic: 1 to 64 of `A-Z a-z 0-9 . _ -`.
fn vehicle_code(name: &str) -> String {
    let fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let code: String = name.trim().chars().take(64).map(|c| if fit(c) { c } else { '-' }).collect();
    if code.is_empty() { "unnamed".into() } else { code }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paces_are_read() {
        assert_eq!("realtime".parse(), Ok(Pace::Times(1.0)));
        assert_eq!("x2.5".parse(), Ok(Pace::Times(2.5)));
        assert_eq!("max".parse(), Ok(Pace::Max));
        for bad in ["", "x", "x0", "x-1", "10", "fast"] {
            assert!(bad.parse::<Pace>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_become_topic_levels() {
        assert_eq!(vehicle_code("2422"), "2422");
        assert_eq!(vehicle_code("Rit naar Köln/2"), "Rit-naar-K-ln-2");
        assert_eq!(vehicle_code(" "), "unnamed");
        assert_eq!(vehicle_code(&"x".repeat(100)).len(), 64);
    }

    fn options(text: &str) -> (tempfile::TempDir, ReplayOptions) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("track.csv");
        std::fs::write(&file, text).unwrap();
        let options = ReplayOptions {
            file,
            columns: csv::ColumnMap::default(),
            api: None,
            operator: "here".into(),
            dangerous_goods: true,
            broker: Broker::parse("mqtt://127.0.0.1:1").unwrap().0,
            credentials: None,
            pace: Pace::Max,
            shift_to_now: false,
        };
        (folder, options)
    }

    #[test]
    fn a_survey_finds_vehicles_and_the_first_time() {
        let rows = "vehicle,time,lat,lon\n7,2016-01-17T14:00:05Z,30,-97\n8,2016-01-17T14:00:00Z,30,-97\n7,2016-01-17T14:00:09Z,30,-97\n";
        let (_folder, options) = options(rows);
        let (topics, first_time) = survey(&options).unwrap();
        assert_eq!(topics.len(), 2);
        assert_eq!(&*topics["7"].1, "placard/v1/here/7/position");
        assert_eq!(first_time.to_rfc3339(), "2016-01-17T14:00:00+00:00");
    }

    #[test]
    fn two_names_for_one_code_are_refused() {
        let rows = "vehicle,time,lat,lon\na b,2016-01-17T14:00:05Z,30,-97\na/b,2016-01-17T14:00:00Z,30,-97\n";
        let (_folder, options) = options(rows);
        let message = survey(&options).unwrap_err().to_string();
        assert!(message.contains("\"a b\"") && message.contains("a-b"), "{message}");
    }

    #[test]
    fn a_shifted_payload_keeps_everything_but_its_time() {
        let record = Record {
            vehicle: "7".into(),
            time: "2016-01-17T14:00:05.250Z".parse().unwrap(),
            fields: serde_json::from_value(json!({ "lat": 30.1, "lon": -97.5, "speed_upstream": 4.9 })).unwrap(),
        };
        let payload: Value = serde_json::from_str(&record.payload(TimeDelta::hours(1))).unwrap();
        let expected = json!({ "time": "2016-01-17T15:00:05.250Z", "lat": 30.1, "lon": -97.5, "speed_upstream": 4.9 });
        assert_eq!(payload, expected);
    }
}
