//! Zones and routes: places with a meaning.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use geo::{LineString, MultiPolygon};
use serde::{Deserialize, Serialize};

use super::{CarriageMode, ClassFilter, HazardClass, OrganisationId, RouteId, Schedule, UnNumber, ZoneId};

/// A version of a zone. Every finding names the one it was judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ZoneVersion(pub i32);

/// A geofence with a meaning, in one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// Identity, the same for all versions.
    pub id: ZoneId,
    /// Which version this is.
    pub version: ZoneVersion,
    /// Who published it.
    pub publisher_id: OrganisationId,
    /// What people call it.
    pub name: String,
    /// What it means.
    pub kind: ZoneKind,
    /// Its area, WGS 84, longitude and latitude in degrees. Valid as GeoJSON (RFC 7946 §3.1.6) and as a simple feature.
    pub area: Arc<MultiPolygon<f64>>,
    /// From when this version is in force, by the time of the fix.
    pub valid_from: DateTime<Utc>,
    /// Until when; open while in force.
    pub valid_to: Option<DateTime<Utc>>,
    /// At which times it is in effect; always, where there is none.
    pub schedule: Option<Schedule>,
    /// The group of zones that it belongs to: those share one episode.
    pub group: Option<Arc<str>>,
    /// How long a vehicle must be inside before it is raised, in seconds; the episode begins with the entry all the same.
    pub dwell_s: Option<f64>,
}

impl Zone {
    /// Whether the zone is in force at `time`.
    #[must_use]
    pub fn in_force(&self, time: DateTime<Utc>) -> bool {
        self.valid_from <= time && self.valid_to.is_none_or(|end| time < end)
    }
}

/// What a zone means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ZoneKind {
    /// Vehicles with the named cargo may not be here.
    Prohibited {
        /// Whom it concerns.
        cargo: CargoPredicate,
    },
    /// A speed limit for the named cargo.
    SpeedLimit {
        /// Whom it concerns.
        cargo: CargoPredicate,
        /// Highest allowed speed in km/h.
        limit_kmh: f64,
    },
    /// The named cargo may be here only under conditions.
    Restricted {
        /// Whom it concerns.
        cargo: CargoPredicate,
        /// Most of it on one vehicle, in kilograms.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_quantity_kg: Option<f64>,
        /// Highest speed, in km/h.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_speed_kmh: Option<f64>,
        /// Whether an attendant has to be on board.
        #[serde(default)]
        escort_required: bool,
        /// Longest stay, in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_stay_s: Option<f64>,
    },
    /// The bore of a road tunnel.
    Tunnel {
        /// Its category by ADR 1.9.5.2.2.
        category: TunnelCategory,
        /// Other categories at certain times; the first whose schedule is on holds.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        by_time: Vec<CategoryByTime>,
    },
    /// The named cargo may not be here at the times of the zone's schedule.
    TimeBan {
        /// Whom it concerns.
        cargo: CargoPredicate,
    },
    /// Vehicles may stop here.
    StopPlace {
        /// Whether somebody watches over them.
        supervised: bool,
    },
    /// Cargo is unloaded here: levels may fall, valves may be open.
    UnloadingPlace {},
    /// What has to be protected from vehicles that stand near it.
    VulnerablePlace {
        /// What is there.
        what: Vulnerable,
    },
    /// No radio reaches here: silence is expected.
    DeadZone {},
}

/// A tunnel's category at certain times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryByTime {
    /// The category.
    pub category: TunnelCategory,
    /// When it holds.
    pub schedule: Schedule,
}

/// What vehicles with explosives may not stand near (49 CFR 397.7(a)(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vulnerable {
    /// A bridge.
    Bridge,
    /// A tunnel.
    Tunnel,
    /// Where people live.
    Dwelling,
    /// Where people work.
    Workplace,
    /// Where people assemble.
    Assembly,
}

impl ZoneKind {
    /// The kind's name in JSON and in the database.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Prohibited { .. } => "prohibited",
            Self::SpeedLimit { .. } => "speed_limit",
            Self::Restricted { .. } => "restricted",
            Self::Tunnel { .. } => "tunnel",
            Self::TimeBan { .. } => "time_ban",
            Self::StopPlace { .. } => "stop_place",
            Self::UnloadingPlace {} => "unloading_place",
            Self::VulnerablePlace { .. } => "vulnerable_place",
            Self::DeadZone {} => "dead_zone",
        }
    }
}

/// Which cargo a zone concerns. An empty predicate concerns all dangerous goods.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CargoPredicate {
    /// Classes and divisions, main or subsidiary hazard. Empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassFilter>,
    /// UN numbers, in addition to the classes. Empty: none in particular.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub un_numbers: Vec<UnNumber>,
    /// Ways of carriage. Empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modes: Vec<CarriageMode>,
    /// Whether the load is of high consequence (ADR 1.10.3.1.2), or must not be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_consequence: Option<bool>,
    /// Least quantity of such goods in the load, in kilograms. Goods whose quantity is not stated are enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_quantity_kg: Option<f64>,
    /// Whether the tank or packaging is empty but not cleaned, or must not be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty_uncleaned: Option<bool>,
}

impl CargoPredicate {
    /// Whether goods with this UN number and these hazards (main and subsidiary) are meant.
    #[must_use]
    pub fn takes(&self, un_number: UnNumber, hazards: &[HazardClass]) -> bool {
        let any_goods = self.classes.is_empty() && self.un_numbers.is_empty();
        any_goods
            || self.un_numbers.contains(&un_number)
            || self.classes.iter().any(|filter| hazards.iter().any(|class| filter.takes(*class)))
    }
}

/// Tunnel category by ADR 1.9.5.2.2. The later the letter, the more goods are kept out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TunnelCategory {
    /// No restriction.
    A,
    /// Goods that may cause a very large explosion are kept out.
    B,
    /// As B, and a large explosion or a large toxic release.
    C,
    /// As C, and a large fire.
    D,
    /// All dangerous goods but a few.
    E,
}

/// An approved path with a corridor width.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Identity.
    pub id: RouteId,
    /// Which version this is.
    pub version: i32,
    /// Who filed it.
    pub publisher_id: OrganisationId,
    /// What people call it.
    pub name: String,
    /// The path, WGS 84, longitude and latitude in degrees.
    pub path: LineString<f64>,
    /// Half the width of the corridor, in metres.
    pub half_width_m: f64,
    /// Sections that must take neither too little nor too much time.
    pub sections: Vec<RouteSection>,
    /// Whether the police approved route and time (Order 2019 No. 29 Art. 48).
    pub police_approved: bool,
}

/// A section of a route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteSection {
    /// What people call it.
    pub name: String,
    /// Where it begins, in metres along the path.
    pub from_m: f64,
    /// Where it ends, in metres along the path.
    pub to_m: f64,
    /// Least time that it may take, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_s: Option<f64>,
    /// Most time that it may take, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_s: Option<f64>,
}
