//! Parameters of the rules about speed and driving times.

use serde::{Deserialize, Serialize};

use super::{ParameterError, Parameters, not_negative, positive, range};
use crate::{domain::ClassFilter, rules::pack::Given};

/// `speed.limit`. The lowest of the vehicle's limit, the zones' and these binds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpeedLimit {
    /// Speeding is raised when it lasts this long, in seconds; 0 raises at the first fix (proposed: 10).
    pub hold_s: f64,
    /// Highest speed of any vehicle with dangerous goods on any road, in km/h.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap_kmh: Option<f64>,
    /// Highest speeds for some classes on any road.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub class_caps: Vec<ClassCap>,
}

/// The highest speed with goods of some classes on any road.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassCap {
    /// The classes, main or subsidiary hazard.
    pub classes: Vec<ClassFilter>,
    /// The speed in km/h.
    pub limit_kmh: f64,
}

impl Default for SpeedLimit {
    fn default() -> Self {
        Self { hold_s: 10.0, cap_kmh: None, class_caps: Vec::new() }
    }
}

impl Parameters for SpeedLimit {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("hold_s", self.hold_s)?;
        self.cap_kmh.map_or(Ok(()), |cap_kmh| positive("cap_kmh", cap_kmh))?;
        self.class_caps.iter().try_for_each(|cap| positive("class_caps.limit_kmh", cap.limit_kmh))
    }
}

/// `drive.continuous`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DriveContinuous {
    /// Longest driving without the break, in seconds (general: EU 4 h 30 min).
    pub limit_s: f64,
    /// The break that is needed, in seconds (general: EU 45 min).
    pub break_s: f64,
    /// The break may be taken in these parts, in this order, each at least so many seconds; empty: in one only (general: EU
    /// 15 and 30 min).
    pub split_breaks_s: Vec<f64>,
    /// The cab is warned this long before the limit, in seconds (proposed: 30 min).
    pub prewarn_s: f64,
}

impl Default for DriveContinuous {
    fn default() -> Self {
        Self { limit_s: 16_200.0, break_s: 2700.0, split_breaks_s: vec![900.0, 1800.0], prewarn_s: 1800.0 }
    }
}

impl Parameters for DriveContinuous {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        positive("limit_s", self.limit_s)?;
        positive("break_s", self.break_s)?;
        self.split_breaks_s.iter().try_for_each(|part| range("split_breaks_s", *part, 60.0, self.break_s))?;
        range("prewarn_s", self.prewarn_s, 0.0, self.limit_s)
    }
}

/// `drive.daily`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DriveDaily {
    /// Longest driving, in seconds (general: EU 9 h).
    pub limit_s: f64,
    /// From when it is reckoned.
    pub reckoned: Reckoning,
    /// Length of that rest or of that time, in seconds (general: EU 11 h of rest).
    pub span_s: f64,
    /// The cab is warned this long before the limit, in seconds (proposed: 30 min).
    pub prewarn_s: f64,
}

/// From when the driving of a day is reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reckoning {
    /// From the last rest of the given length.
    SinceRest,
    /// Over the last so many seconds.
    Rolling,
}

impl Default for DriveDaily {
    fn default() -> Self {
        Self { limit_s: 32_400.0, reckoned: Reckoning::SinceRest, span_s: 39_600.0, prewarn_s: 1800.0 }
    }
}

impl Parameters for DriveDaily {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        positive("limit_s", self.limit_s)?;
        match self.reckoned {
            Reckoning::SinceRest => positive("span_s", self.span_s)?,
            Reckoning::Rolling => range("span_s", self.span_s, self.limit_s, 14.0 * 86_400.0)?,
        }
        range("prewarn_s", self.prewarn_s, 0.0, self.limit_s)
    }
}
