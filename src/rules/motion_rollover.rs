//! `motion.rollover`: the vehicle has turned over, by its roll sensor or by its device's own alarm.
//!
//! A body roll beyond 45° is a rollover (proposed); an overturned tank is an imminent loss of product (ADR 1.8.5), so it is
//! always critical. It is over when the sensor says upright again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    alarms::{OpenAlarms, QUIET_S},
    pack::{Given, Rule},
    parameters::{self, ParameterError, less, positive, range},
};
use crate::domain::{Place, Subject};

/// What a rule pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// A body roll beyond this is a rollover, in degrees (proposed: 45).
    pub rollover_deg: f64,
    /// A body roll within this is upright again, in degrees (proposed: 25).
    pub upright_deg: f64,
    /// A device's alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { rollover_deg: 45.0, upright_deg: 25.0, quiet_s: QUIET_S }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        range("rollover_deg", self.rollover_deg, 1.0, 180.0)?;
        positive("upright_deg", self.upright_deg)?;
        less("upright_deg", self.upright_deg, "rollover_deg", self.rollover_deg)?;
        positive("quiet_s", self.quiet_s)
    }
}

/// Judges the roll that a fix reports.
pub fn judge(rule: &Rule<Parameters>, alarms: &mut OpenAlarms, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let Some(roll_deg) = step.fix.sensors.roll_deg.map(f64::abs) else { return };
    if roll_deg > rule.parameters.rollover_deg {
        overturned(rule, alarms, step.time(), step.place, Some(roll_deg), book);
    } else if roll_deg <= rule.parameters.upright_deg {
        book.close(rule.key, &Subject::Vehicle, step.time(), step.place);
    }
}

/// Notes that the vehicle lies on its side.
pub fn overturned(
    rule: &Rule<Parameters>,
    alarms: &mut OpenAlarms,
    at: DateTime<Utc>,
    place: Option<Place>,
    roll_deg: Option<f64>,
    book: &mut EpisodeBook<'_>,
) {
    alarms.raise(rule.key, Subject::Vehicle, at, rule.parameters.quiet_s);
    let limit = roll_deg.map(|_| rule.parameters.rollover_deg);
    book.see(rule, Sighting { value: roll_deg, limit, ..Sighting::of_vehicle(at, place) });
}
