//! Parameters of the rules about the approved route and the agreed times.

use serde::{Deserialize, Serialize};

use super::{ParameterError, Parameters, not_negative};
use crate::rules::pack::Given;

/// `route.deviation`. The corridor's half-width is the route's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RouteDeviation {
    /// Off the route counts when it lasts this long, in seconds (proposed: 60) …
    pub off_s: f64,
    /// … and this much way is covered off it, in metres (proposed: 200).
    pub off_m: f64,
}

impl Default for RouteDeviation {
    fn default() -> Self {
        Self { off_s: 60.0, off_m: 200.0 }
    }
}

impl Parameters for RouteDeviation {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("off_s", self.off_s)?;
        not_negative("off_m", self.off_m)
    }
}

/// `route.section_time`. The times are the route's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RouteSectionTime {
    /// Seconds by which a section may be left too soon or too late without a word (proposed: 0).
    pub tolerance_s: f64,
}

impl Parameters for RouteSectionTime {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("tolerance_s", self.tolerance_s)
    }
}

/// `schedule.window`. The times are the shipment's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScheduleWindow {
    /// An arrival this long after the agreed time is late, in seconds (proposed: 30 min).
    pub late_s: f64,
    /// An arrival this long before the agreed time is early, in seconds (proposed: 0).
    pub early_s: f64,
}

impl Default for ScheduleWindow {
    fn default() -> Self {
        Self { late_s: 1800.0, early_s: 0.0 }
    }
}

impl Parameters for ScheduleWindow {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("late_s", self.late_s)?;
        not_negative("early_s", self.early_s)
    }
}
