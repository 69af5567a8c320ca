//! Parameters of the rule about speed.

use serde::{Deserialize, Serialize};

use super::{ParameterError, Parameters, not_negative, positive};
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
