//! `cargo.fire`: fire at the vehicle, by its device's own alarm.
//!
//! Always critical (proposed). It is over when the device has not repeated it for a quiet time.

use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting,
    alarms::{OpenAlarms, QUIET_S},
    pack::Rule,
    parameters::{self, ParameterError, positive},
};
use crate::domain::{DeviceEvent, Place};

/// What a rule pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// A device's alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { quiet_s: QUIET_S }
    }
}

impl parameters::Parameters for Parameters {
    fn check(&self) -> Result<(), ParameterError> {
        positive("quiet_s", self.quiet_s)
    }
}

/// Notes that the device sensed fire; `place` is where the vehicle was by then.
pub fn sensed(
    rule: &Rule<Parameters>,
    alarms: &mut OpenAlarms,
    event: &DeviceEvent,
    place: Option<Place>,
    book: &mut EpisodeBook<'_>,
) {
    let sighting = Sighting::of_vehicle(event.time, place);
    alarms.raise(rule.key, sighting.subject.clone(), event.time, rule.parameters.quiet_s);
    book.see(rule, sighting);
}

#[cfg(test)]
mod tests {
    use crate::{
        domain::{DeviceEventKind, RuleKey, Severity},
        rules::Change,
        testing::*,
    };

    #[test]
    fn fire_is_critical_and_over_when_the_device_has_not_repeated_it() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[driving(0.0, 60.0)]);
        let opened = story.raise(&event(DeviceEventKind::Fire, 5.0, 1));
        assert_eq!((opened[0].change, opened[0].episode.rule), (Change::Opened, RuleKey::CargoFire));
        assert_eq!(opened[0].episode.severity, Severity::S1);
        story.raise(&event(DeviceEventKind::Fire, 300.0, 2));
        story.wait_until(899.0);
        assert_eq!(story.of_rule(RuleKey::CargoFire)[0].closed_at, None);
        story.wait_until(900.0);
        assert_eq!(story.of_rule(RuleKey::CargoFire)[0].closed_at, Some(at(300.0)), "when it was last said");
    }
}
