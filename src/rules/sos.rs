//! `sos`: the driver asks for help. Always critical, never suppressed or delayed, also when it comes late.

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
    /// A call that is not repeated for this long is over, in seconds (proposed: 600).
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

/// Notes that the button was pressed; `place` is where the vehicle was by then.
pub fn pressed(
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
