//! `device.alarm`: what a device reports beside SOS and rollover, one episode for each kind of alarm.

use super::{EpisodeBook, book::Sighting};
use crate::domain::{Certainty, DeviceEvent, DeviceEventKind, EntryKind, Place, RuleKey, Severity, Subject};

/// How grave an alarm is (proposed): a danger to life is critical, meddling and faults are major.
#[must_use]
pub fn severity(kind: DeviceEventKind) -> Severity {
    use DeviceEventKind::{Crash, Fire, GnssJamming, Leak, PowerCut, Rollover, Sos, Tamper, ValveOpen};
    match kind {
        Sos | Crash | Rollover | Leak | Fire | ValveOpen => Severity::S1,
        PowerCut | GnssJamming | Tamper => Severity::S2,
    }
}

/// Notes the alarm; `place` is where the vehicle was by then.
pub fn reported(event: &DeviceEvent, place: Option<Place>, book: &mut EpisodeBook<'_>) {
    book.see(Sighting {
        rule: RuleKey::DeviceAlarm,
        subject: Subject::Alarm(event.kind),
        severity: severity(event.kind),
        certainty: Certainty::Observed,
        entry: EntryKind::Crossed,
        since: event.time,
        place,
        value: None,
    });
}
