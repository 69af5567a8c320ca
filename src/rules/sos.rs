//! `sos`: the driver asks for help. Always critical, never suppressed or delayed, also when it comes late.

use super::{EpisodeBook, book::Sighting};
use crate::domain::{Certainty, DeviceEvent, EntryKind, Place, RuleKey, Severity, Subject};

/// Notes that the button was pressed; `place` is where the vehicle was by then.
pub fn pressed(event: &DeviceEvent, place: Option<Place>, book: &mut EpisodeBook<'_>) {
    book.see(Sighting {
        rule: RuleKey::Sos,
        subject: Subject::Vehicle,
        severity: Severity::S1,
        certainty: Certainty::Observed,
        entry: EntryKind::Crossed,
        since: event.time,
        place,
        value: None,
    });
}
