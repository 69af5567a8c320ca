//! Incidents: emergency events with a life cycle.

use serde::{Deserialize, Serialize};

/// The level of response, I the highest. What Placard sets is preliminary; a person confirms or changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum IncidentLevel {
    /// Single-source notice.
    IV,
    /// Single-source alarm without corroboration.
    III,
    /// Crash or rollover of a loaded tank, or a corroborated alarm with high-consequence goods.
    II,
    /// Confirmed release, fire or explosion of the gravest goods.
    I,
}

impl IncidentLevel {
    /// Every level, the gravest first.
    pub const ALL: [Self; 4] = [Self::I, Self::II, Self::III, Self::IV];

    /// The Roman numeral, as in the topic `placard/v1/incidents/{level}`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::I => "I",
            Self::II => "II",
            Self::III => "III",
            Self::IV => "IV",
        }
    }

    /// 1 for I to 4 for IV, as the database keeps it.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::I => 1,
            Self::II => 2,
            Self::III => 3,
            Self::IV => 4,
        }
    }

    /// The level with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.number() == number)
    }

    /// The level with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }
}

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentState {
    /// Raised, nobody has answered.
    Raised,
    /// Somebody has taken it.
    Acknowledged,
    /// Help is on its way.
    Dispatched,
    /// Help is there.
    OnScene,
    /// It gets no worse.
    Controlled,
    /// Over.
    Closed,
    /// Over, and looked back upon.
    Reviewed,
    /// Over: there was no emergency.
    FalseAlarm,
    /// Over: it goes on as part of another incident.
    Merged,
}

impl IncidentState {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Raised,
        Self::Acknowledged,
        Self::Dispatched,
        Self::OnScene,
        Self::Controlled,
        Self::Closed,
        Self::Reviewed,
        Self::FalseAlarm,
        Self::Merged,
    ];

    /// The name in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Acknowledged => "acknowledged",
            Self::Dispatched => "dispatched",
            Self::OnScene => "on_scene",
            Self::Controlled => "controlled",
            Self::Closed => "closed",
            Self::Reviewed => "reviewed",
            Self::FalseAlarm => "false_alarm",
            Self::Merged => "merged",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether the incident goes on.
    #[must_use]
    pub fn is_open(self) -> bool {
        self < Self::Closed
    }
}
