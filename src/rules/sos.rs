//! `sos`: the driver asks for help. Always critical, never suppressed or delayed, also when it comes late.

use super::{EpisodeBook, Sighting, alarms::OpenAlarms, pack::Rule, parameters};
use crate::domain::{DeviceEvent, Place};

/// Notes that the button was pressed; `place` is where the vehicle was by then.
pub fn pressed(
    rule: &Rule<parameters::Sos>,
    alarms: &mut OpenAlarms,
    event: &DeviceEvent,
    place: Option<Place>,
    book: &mut EpisodeBook<'_>,
) {
    let sighting = Sighting::of_vehicle(event.time, place);
    alarms.raise(rule.key, sighting.subject.clone(), event.time, rule.parameters.quiet_s);
    book.see(rule, sighting);
}
