//! Parameters of the rules about what sensors tell of the cargo. Limits of a product are the shipment's.

use serde::{Deserialize, Serialize};

use super::{ParameterError, Parameters, less, not_negative, positive, range};
use crate::rules::pack::Given;

/// How long a device's alarm lasts when it is not repeated, in seconds (proposed).
const QUIET_S: f64 = 600.0;

/// `cargo.temperature`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CargoTemperature {
    /// The cargo is well again this far inside its limits, in kelvin (proposed: 0.5).
    pub return_k: f64,
}

impl Default for CargoTemperature {
    fn default() -> Self {
        Self { return_k: 0.5 }
    }
}

impl Parameters for CargoTemperature {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("return_k", self.return_k)
    }
}

/// `cargo.pressure`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CargoPressure {
    /// The pressure is well again this far below its limit, in kPa (proposed: 10).
    pub return_kpa: f64,
    /// The level may fall by this much away from a place for unloading where the shipment says nothing else, in percentage
    /// points (proposed: 5) …
    pub level_drop_pct: f64,
    /// … within this time, in seconds (proposed: 10 min). The tolerance is for what sloshes.
    pub level_window_s: f64,
}

impl Default for CargoPressure {
    fn default() -> Self {
        Self { return_kpa: 10.0, level_drop_pct: 5.0, level_window_s: 600.0 }
    }
}

impl Parameters for CargoPressure {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("return_kpa", self.return_kpa)?;
        range("level_drop_pct", self.level_drop_pct, 0.1, 100.0)?;
        positive("level_window_s", self.level_window_s)
    }
}

/// `cargo.valve_open`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CargoValveOpen {
    /// A device's alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for CargoValveOpen {
    fn default() -> Self {
        Self { quiet_s: QUIET_S }
    }
}

impl Parameters for CargoValveOpen {
    fn check(&self) -> Result<(), ParameterError> {
        positive("quiet_s", self.quiet_s)
    }
}

/// `cargo.leak`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CargoLeak {
    /// Gas that is noticed, in percent of the lower explosive limit (general: 10).
    pub warn_pct_lel: f64,
    /// Gas that is a leak, in percent of the lower explosive limit (general: 20 to 25).
    pub alarm_pct_lel: f64,
    /// A device's alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for CargoLeak {
    fn default() -> Self {
        Self { warn_pct_lel: 10.0, alarm_pct_lel: 20.0, quiet_s: QUIET_S }
    }
}

impl Parameters for CargoLeak {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        range("alarm_pct_lel", self.alarm_pct_lel, 0.1, 100.0)?;
        positive("warn_pct_lel", self.warn_pct_lel)?;
        less("warn_pct_lel", self.warn_pct_lel, "alarm_pct_lel", self.alarm_pct_lel)?;
        positive("quiet_s", self.quiet_s)
    }
}
