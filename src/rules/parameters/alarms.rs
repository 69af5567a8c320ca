//! Parameters of the rules about what happens to the vehicle and its people.

use serde::{Deserialize, Serialize};

use super::{ParameterError, Parameters, less, positive, range};
use crate::rules::pack::Given;

/// How long a device's alarm lasts when it is not repeated, in seconds (proposed).
const QUIET_S: f64 = 600.0;

/// `cargo.fire`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CargoFire {
    /// A device's alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for CargoFire {
    fn default() -> Self {
        Self { quiet_s: QUIET_S }
    }
}

impl Parameters for CargoFire {
    fn check(&self) -> Result<(), ParameterError> {
        positive("quiet_s", self.quiet_s)
    }
}

/// `motion.crash`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MotionCrash {
    /// An acceleration from here on is a collision, in multiples of 9.81 m/s² (proposed: 2.5).
    pub acceleration_g: f64,
    /// An alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for MotionCrash {
    fn default() -> Self {
        Self { acceleration_g: 2.5, quiet_s: QUIET_S }
    }
}

impl Parameters for MotionCrash {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        range("acceleration_g", self.acceleration_g, 0.5, 1000.0)?;
        positive("quiet_s", self.quiet_s)
    }
}

/// `motion.rollover`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MotionRollover {
    /// A body roll beyond this is a rollover, in degrees (proposed: 45).
    pub rollover_deg: f64,
    /// A body roll within this is upright again, in degrees (proposed: 25).
    pub upright_deg: f64,
    /// A device's alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for MotionRollover {
    fn default() -> Self {
        Self { rollover_deg: 45.0, upright_deg: 25.0, quiet_s: QUIET_S }
    }
}

impl Parameters for MotionRollover {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        range("rollover_deg", self.rollover_deg, 1.0, 180.0)?;
        positive("upright_deg", self.upright_deg)?;
        less("upright_deg", self.upright_deg, "rollover_deg", self.rollover_deg)?;
        positive("quiet_s", self.quiet_s)
    }
}

/// `sos`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sos {
    /// A call that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for Sos {
    fn default() -> Self {
        Self { quiet_s: QUIET_S }
    }
}

impl Parameters for Sos {
    fn check(&self) -> Result<(), ParameterError> {
        positive("quiet_s", self.quiet_s)
    }
}
