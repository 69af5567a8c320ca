//! Violations: episodes of breaking a rule.

use std::{fmt, str::FromStr, sync::Arc};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ExemptionId, Place, RouteId, VehicleId, ViolationId, ZoneId, ZoneVersion};

macro_rules! rule_keys {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// The public, stable name of a rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum RuleKey {
            $($(#[$doc])* #[serde(rename = $key)] $name,)*
        }

        impl RuleKey {
            /// Every rule, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The key as it stands in rule packs, in the API and in the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $key,)*
                }
            }
        }
    };
}

rule_keys! {
    /// A vehicle is where its cargo may not be.
    ZoneProhibited = "zone.prohibited",
    /// A vehicle is where its cargo may be only under conditions, and one of them fails.
    ZoneRestricted = "zone.restricted",
    /// A vehicle is in a tunnel that its load is kept out of (ADR 8.6.4).
    TunnelCode = "tunnel.code",
    /// A vehicle is where its cargo may not be at this time of day.
    TimeBan = "time.ban",
    /// A vehicle has left the corridor of its approved route.
    RouteDeviation = "route.deviation",
    /// A section of the route took less or more time than it may.
    RouteSectionTime = "route.section_time",
    /// A vehicle drives faster than the lowest limit that binds it.
    SpeedLimit = "speed.limit",
    /// A driver has driven too long without a break.
    DriveContinuous = "drive.continuous",
    /// A driver has driven too long since the last daily rest.
    DriveDaily = "drive.daily",
    /// A vehicle stands where it may not.
    StopUnauthorised = "stop.unauthorised",
    /// Nobody attends a vehicle whose cargo needs attendance.
    StopUnattended = "stop.unattended",
    /// Two vehicles with explosives are too near to each other.
    Separation = "separation",
    /// A loaded vehicle moves without a transport document.
    DocNoWaybill = "doc.no_waybill",
    /// What the transport document says does not fit the vehicle or its track.
    DocMismatch = "doc.mismatch",
    /// A document of the vehicle or of its driver runs out or has run out.
    DocExpiry = "doc.expiry",
    /// An attendant who has to be on board is not.
    CrewMissing = "crew.missing",
    /// A vehicle that was moving is no longer heard of.
    SignalLost = "signal.lost",
    /// A vehicle moved while it was offline, and nothing was sent of it afterwards.
    SignalOfflineDisplacement = "signal.offline_displacement",
    /// A receiver reports what cannot be.
    GnssImplausible = "gnss.implausible",
    /// A receiver is being jammed.
    GnssJamming = "gnss.jamming",
    /// Somebody meddles with the unit or the load.
    Tamper = "tamper",
    /// The cargo is too warm or too cold.
    CargoTemperature = "cargo.temperature",
    /// The tank's pressure is too high, or its level falls where nothing is unloaded.
    CargoPressure = "cargo.pressure",
    /// A valve or manhole is open while the vehicle moves.
    CargoValveOpen = "cargo.valve_open",
    /// Cargo is escaping.
    CargoLeak = "cargo.leak",
    /// Fire at the vehicle.
    CargoFire = "cargo.fire",
    /// A collision.
    MotionCrash = "motion.crash",
    /// The vehicle has turned over.
    MotionRollover = "motion.rollover",
    /// The driver asks for help.
    Sos = "sos",
    /// A vehicle arrives before or after the time agreed.
    ScheduleWindow = "schedule.window",
    /// A condition of an authority's own, written in its rule pack.
    Custom = "custom",
}

impl fmt::Display for RuleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no rule; the rules are zone.prohibited, tunnel.code, speed.limit and so on")]
pub struct UnknownRule(pub String);

impl FromStr for RuleKey {
    type Err = UnknownRule;

    fn from_str(text: &str) -> Result<Self, UnknownRule> {
        Self::ALL
            .iter()
            .copied()
            .find(|key| key.as_str() == text)
            .ok_or_else(|| UnknownRule(text.chars().take(80).collect()))
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

    /// The severity with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        [Self::S1, Self::S2, Self::S3, Self::S4].into_iter().find(|severity| severity.number() == number)
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

    /// The certainty with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Possible, Self::Likely, Self::Observed].into_iter().find(|certainty| certainty.as_str() == name)
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

    /// The kind of entry with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Crossed, Self::FoundInside].into_iter().find(|entry| entry.as_str() == name)
    }
}

/// What an episode is about, beside vehicle and rule: two episodes with different subjects are open side by side.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The vehicle as a whole.
    Vehicle,
    /// A zone, whichever version of it.
    Zone(ZoneId),
    /// A group of zones under one rule.
    Group(Arc<str>),
    /// A kind of alarm that a device raises or a sensor shows.
    Alarm(Arc<str>),
    /// A driver, by the operator's own code.
    Driver(Arc<str>),
    /// An approved route.
    Route(RouteId),
    /// A section of a route, numbered from 1.
    Section(RouteId, u16),
    /// A kind of document.
    Document(Arc<str>),
    /// Another vehicle.
    Other(VehicleId),
    /// A rule of an authority's own, by its name.
    Custom(Arc<str>),
}

impl fmt::Display for Subject {
    /// The subject in one word, for identities and for the database: `zone/12`, `alarm/leak`, `vehicle`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vehicle => f.write_str("vehicle"),
            Self::Zone(id) => write!(f, "zone/{id}"),
            Self::Group(code) => write!(f, "group/{code}"),
            Self::Alarm(kind) => write!(f, "alarm/{kind}"),
            Self::Driver(code) => write!(f, "driver/{code}"),
            Self::Route(id) => write!(f, "route/{id}"),
            Self::Section(id, number) => write!(f, "section/{id}/{number}"),
            Self::Document(kind) => write!(f, "document/{kind}"),
            Self::Other(id) => write!(f, "vehicle/{id}"),
            Self::Custom(name) => write!(f, "custom/{name}"),
        }
    }
}

/// A text that names no subject.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no subject of a violation; wanted is vehicle, zone/12, alarm/leak or the like")]
pub struct UnknownSubject(pub String);

impl FromStr for Subject {
    type Err = UnknownSubject;

    fn from_str(text: &str) -> Result<Self, UnknownSubject> {
        let unknown = || UnknownSubject(text.chars().take(80).collect());
        let Some((kind, rest)) = text.split_once('/') else {
            return if text == "vehicle" { Ok(Self::Vehicle) } else { Err(unknown()) };
        };
        let number = |digits: &str| digits.parse::<i64>().map_err(|_| unknown());
        Ok(match kind {
            "zone" => Self::Zone(ZoneId(number(rest)?)),
            "group" => Self::Group(rest.into()),
            "alarm" => Self::Alarm(rest.into()),
            "driver" => Self::Driver(rest.into()),
            "route" => Self::Route(RouteId(number(rest)?)),
            "section" => {
                let (route, section) = rest.split_once('/').ok_or_else(unknown)?;
                Self::Section(RouteId(number(route)?), section.parse().map_err(|_| unknown())?)
            }
            "document" => Self::Document(rest.into()),
            "vehicle" => Self::Other(VehicleId(number(rest)?)),
            "custom" => Self::Custom(rest.into()),
            _ => return Err(unknown()),
        })
    }
}

/// The version of a rule pack: findings name the one that they were judged by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PackVersion {
    /// Whose law it is: `adr`, `cn`, `us`, `sg`, or an authority's own.
    pub jurisdiction: Arc<str>,
    /// Number of the version, from 1.
    pub version: i32,
}

/// A violation: it opens, has a peak, and closes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// Derived from vehicle, rule, subject and opening when it was first found. It keeps its id when late data moves its
    /// opening.
    pub id: ViolationId,
    /// Who.
    pub vehicle_id: VehicleId,
    /// Which rule.
    pub rule: RuleKey,
    /// About what.
    pub subject: Subject,
    /// The zone that it is about, in the version by which it was judged when it opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<(ZoneId, ZoneVersion)>,
    /// The gravest it has been.
    pub severity: Severity,
    /// The surest it has been.
    pub certainty: Certainty,
    /// How it began.
    pub entry: EntryKind,
    /// Which of several conditions of the rule is broken, in one word; empty where the rule has only one.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub situation: Arc<str>,
    /// When it began, interpolated between fixes where it can be.
    pub opened_at: DateTime<Utc>,
    /// Where it began.
    pub opened_place: Option<Place>,
    /// When it ended; open until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    /// Where it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_place: Option<Place>,
    /// The worst value of what the rule measures (km/h, roll in degrees, seconds of silence), if it measures something: the
    /// highest, or the lowest where less is worse, as of a cargo that is too cold.
    pub peak: Option<f64>,
    /// What the value is held against, in the same unit, as it was at the peak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// Fixes or events that showed it.
    pub hits: u32,
    /// The version of the world that it was judged by when it opened.
    pub world_version: i64,
    /// The rule pack that it was judged by when it opened.
    pub pack: PackVersion,
    /// Whether the cargo was unknown and the most restrictive was assumed.
    pub cargo_unknown: bool,
    /// Who drove when it opened, in the operator's own code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<Arc<str>>,
    /// The exemption that covers all of it so far: it is recorded, and told to nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exempted_by: Option<ExemptionId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_reads_back_from_its_key() {
        for key in RuleKey::ALL {
            assert_eq!(key.as_str().parse(), Ok(*key));
        }
        assert!("zone".parse::<RuleKey>().is_err());
    }

    #[test]
    fn every_subject_reads_back_from_its_one_word() {
        for text in [
            "vehicle",
            "zone/12",
            "group/city",
            "alarm/leak",
            "driver/D-1/2",
            "route/7",
            "section/7/2",
            "document/tank_test",
            "vehicle/34",
            "custom/night petrol",
        ] {
            assert_eq!(text.parse::<Subject>().map(|subject| subject.to_string()), Ok(text.into()));
        }
        for bad in ["", "zone", "zone/x", "section/7", "planet/1"] {
            assert!(bad.parse::<Subject>().is_err(), "{bad:?}");
        }
    }
}
