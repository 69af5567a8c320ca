//! Violations: episodes of breaking a rule.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{DeviceEventKind, Place, VehicleId, ViolationId, ZoneId, ZoneVersion};

/// The public, stable name of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RuleKey {
    /// A vehicle is where its cargo may not be.
    #[serde(rename = "zone.prohibited")]
    ZoneProhibited,
    /// A vehicle is in a tunnel that its load is kept out of (ADR 8.6.4).
    #[serde(rename = "tunnel.code")]
    TunnelCode,
    /// A vehicle drives faster than the lowest limit that binds it.
    #[serde(rename = "speed.limit")]
    SpeedLimit,
    /// A vehicle that was moving is no longer heard of.
    #[serde(rename = "signal.lost")]
    SignalLost,
    /// The driver asks for help.
    #[serde(rename = "sos")]
    Sos,
    /// The vehicle has turned over.
    #[serde(rename = "motion.rollover")]
    MotionRollover,
    /// The device reports another alarm; the subject says which.
    #[serde(rename = "device.alarm")]
    DeviceAlarm,
}

impl RuleKey {
    /// Every rule, in the order of the catalogue.
    pub const ALL: [Self; 7] = [
        Self::ZoneProhibited,
        Self::TunnelCode,
        Self::SpeedLimit,
        Self::SignalLost,
        Self::Sos,
        Self::MotionRollover,
        Self::DeviceAlarm,
    ];

    /// The key as it stands in the API and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ZoneProhibited => "zone.prohibited",
            Self::TunnelCode => "tunnel.code",
            Self::SpeedLimit => "speed.limit",
            Self::SignalLost => "signal.lost",
            Self::Sos => "sos",
            Self::MotionRollover => "motion.rollover",
            Self::DeviceAlarm => "device.alarm",
        }
    }
}

impl fmt::Display for RuleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How grave a violation is. Ordered from the least to the most grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Notice or data quality.
    S4,
    /// Minor.
    S3,
    /// Major.
    S2,
    /// Critical: a risk to life now; somebody is paged.
    S1,
}

impl Severity {
    /// 1 for S1 to 4 for S4, as the database keeps it.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::S1 => 1,
            Self::S2 => 2,
            Self::S3 => 3,
            Self::S4 => 4,
        }
    }
}

/// How sure a finding is; the words are those of CAP 1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The gap between the fixes is too long, or the speed between them impossible.
    Possible,
    /// The path between two fixes shows it.
    Likely,
    /// A fix itself shows it.
    Observed,
}

impl Certainty {
    /// The name in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Observed => "observed",
        }
    }
}

/// How an episode began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The condition was seen to begin.
    Crossed,
    /// The condition already held at the first look: at start, after a gap, or when the rule became active.
    FoundInside,
}

impl EntryKind {
    /// The name in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crossed => "crossed",
            Self::FoundInside => "found_inside",
        }
    }
}

/// What an episode is about, beside vehicle and rule: two episodes with different subjects are open side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The vehicle as a whole.
    Vehicle,
    /// A zone, in the version by which it was judged.
    Zone(ZoneId, ZoneVersion),
    /// A kind of device alarm.
    Alarm(DeviceEventKind),
}

impl Subject {
    /// The subject in one word, for identities and for the database: `zone/12`, `alarm/leak`, `vehicle`.
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::Vehicle => "vehicle".into(),
            Self::Zone(id, _) => format!("zone/{id}"),
            Self::Alarm(kind) => format!("alarm/{kind}"),
        }
    }
}

/// A violation: it opens, has a peak, and closes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// Derived from vehicle, rule, subject and opening.
    pub id: ViolationId,
    /// Who.
    pub vehicle_id: VehicleId,
    /// Which rule.
    pub rule: RuleKey,
    /// About what.
    pub subject: Subject,
    /// The gravest it has been.
    pub severity: Severity,
    /// The surest it has been.
    pub certainty: Certainty,
    /// How it began.
    pub entry: EntryKind,
    /// When it began, interpolated between fixes where it can be.
    pub opened_at: DateTime<Utc>,
    /// Where it began.
    pub opened_place: Option<Place>,
    /// When it ended; open until then.
    pub closed_at: Option<DateTime<Utc>>,
    /// Where it ended.
    pub closed_place: Option<Place>,
    /// The highest value of what the rule measures (km/h over the limit, roll in degrees, seconds of silence), if it
    /// measures something.
    pub peak: Option<f64>,
    /// Fixes or events that showed it.
    pub hits: u32,
    /// The version of the world that it was judged by when it opened.
    pub world_version: i64,
    /// Whether the cargo was unknown and the most restrictive was assumed.
    pub cargo_unknown: bool,
}
