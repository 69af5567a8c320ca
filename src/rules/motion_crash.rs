//! `motion.crash`: a collision, by the acceleration that the unit measured or by its own alarm.
//!
//! 2.5 g is what no braking and no pothole gives a heavy vehicle (proposed). The blow lasts a moment; the alarm is over when
//! nothing more is heard of it for a quiet time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    alarms::{OpenAlarms, QUIET_S},
    pack::{Given, Rule},
    parameters::{self, ParameterError, positive, range},
};
use crate::domain::{Place, Subject};

/// What a rule pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// An acceleration from here on is a collision, in multiples of 9.81 m/s² (proposed: 2.5).
    pub acceleration_g: f64,
    /// An alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { acceleration_g: 2.5, quiet_s: QUIET_S }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        range("acceleration_g", self.acceleration_g, 0.5, 1000.0)?;
        positive("quiet_s", self.quiet_s)
    }
}

/// Judges the acceleration that a fix reports, whichever way it points.
pub fn judge(rule: &Rule<Parameters>, alarms: &mut OpenAlarms, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let Some(acceleration_g) = step.fix.sensors.acceleration_g.map(f64::abs) else { return };
    if acceleration_g >= rule.parameters.acceleration_g {
        collided(rule, alarms, step.time(), step.place, Some(acceleration_g), book);
    }
}

/// Notes a collision.
pub fn collided(
    rule: &Rule<Parameters>,
    alarms: &mut OpenAlarms,
    at: DateTime<Utc>,
    place: Option<Place>,
    acceleration_g: Option<f64>,
    book: &mut EpisodeBook<'_>,
) {
    alarms.raise(rule.key, Subject::Vehicle, at, rule.parameters.quiet_s);
    let limit = acceleration_g.map(|_| rule.parameters.acceleration_g);
    book.see(rule, Sighting { value: acceleration_g, limit, ..Sighting::of_vehicle(at, place) });
}

#[cfg(test)]
mod tests {
    use crate::{
        domain::{DeviceEventKind, Fix, RuleKey, Severity, position::Sensors},
        testing::*,
    };

    fn jolted(second: f64, acceleration_g: f64) -> Fix {
        let sensors = Sensors { acceleration_g: Some(acceleration_g), ..Sensors::default() };
        sensing(driving(second, 60.0), sensors)
    }

    #[test]
    fn a_blow_of_two_and_a_half_g_either_way_is_a_crash_and_less_is_not() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[jolted(0.0, 2.4), jolted(5.0, -2.4), jolted(10.0, -2.5)]);
        let [crash] = story.of_rule(RuleKey::MotionCrash)[..] else { panic!("one crash") };
        assert_eq!((crash.opened_at, crash.severity), (at(10.0), Severity::S1));
        assert_eq!((crash.peak, crash.limit), (Some(2.5), Some(2.5)));
    }

    #[test]
    fn the_device_and_the_sensor_speak_of_one_crash_that_is_over_after_a_quiet_time() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[driving(0.0, 60.0)]);
        story.raise(&event(DeviceEventKind::Crash, 1.0, 1));
        assert_eq!(story.of_rule(RuleKey::MotionCrash)[0].peak, None, "the device gives no number");
        story.drive(&[jolted(2.0, 6.0), jolted(3.0, 0.1)]);
        story.wait_until(602.0);
        let [crash] = story.of_rule(RuleKey::MotionCrash)[..] else { panic!("one crash") };
        assert_eq!((crash.peak, crash.hits), (Some(6.0), 2));
        assert_eq!(crash.closed_at, Some(at(2.0)));
    }

    #[test]
    fn the_sensor_is_believed_although_the_receiver_is_not() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[driving(0.0, 60.0)]);
        let sensors = Sensors { acceleration_g: Some(9.0), ..Sensors::default() };
        story.judge(&sensing(fix(5.0, 700_000.0, 0.0), sensors));
        assert_eq!(story.of_rule(RuleKey::MotionCrash)[0].opened_place, Some(place(0.0, 0.0)));
    }
}
