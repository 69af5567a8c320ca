//! `motion.rollover`: the vehicle has turned over, by its roll sensor or by its device's own alarm.
//!
//! A body roll beyond 45° is a rollover (proposed); an overturned tank is an imminent loss of product (ADR 1.8.5), so it is
//! always critical. It is over when the sensor says upright again.

use chrono::{DateTime, Utc};

use super::{EpisodeBook, Sighting, Step, alarms::OpenAlarms, pack::Rule, parameters};
use crate::domain::{Place, Subject};

/// Judges the roll that a fix reports.
pub fn judge(
    rule: &Rule<parameters::MotionRollover>,
    alarms: &mut OpenAlarms,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let Some(roll_deg) = step.fix.sensors.roll_deg.map(f64::abs) else { return };
    if roll_deg > rule.parameters.rollover_deg {
        overturned(rule, alarms, step.time(), step.place, Some(roll_deg), book);
    } else if roll_deg <= rule.parameters.upright_deg {
        book.close(rule.key, &Subject::Vehicle, step.time(), step.place);
    }
}

/// Notes that the vehicle lies on its side.
pub fn overturned(
    rule: &Rule<parameters::MotionRollover>,
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
