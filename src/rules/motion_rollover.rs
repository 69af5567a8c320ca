//! `motion.rollover`: the vehicle has turned over, by its roll sensor or by its device's own alarm.
//!
//! A body roll beyond 45° is a rollover (proposed); an overturned tank is an imminent loss of product (ADR 1.8.5), so it is
//! always critical. It is over when the sensor says upright again.

use chrono::{DateTime, Utc};

use super::{EpisodeBook, Step, book::Sighting};
use crate::domain::{Certainty, EntryKind, Place, RuleKey, Severity, Subject};

/// Judges the roll that a fix reports.
pub fn judge(step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let Some(roll_deg) = step.fix.sensors.roll_deg.map(f64::abs) else { return };
    let settings = step.world.settings();
    if roll_deg > settings.rollover_deg {
        overturned(step.time(), Some(step.fix.place), Some(roll_deg), book);
    } else if roll_deg <= settings.upright_deg {
        book.close(RuleKey::MotionRollover, Subject::Vehicle, step.time(), Some(step.fix.place));
    }
}

/// Notes that the vehicle lies on its side.
pub fn overturned(at: DateTime<Utc>, place: Option<Place>, roll_deg: Option<f64>, book: &mut EpisodeBook<'_>) {
    book.see(Sighting {
        rule: RuleKey::MotionRollover,
        subject: Subject::Vehicle,
        severity: Severity::S1,
        certainty: Certainty::Observed,
        entry: EntryKind::Crossed,
        since: at,
        place,
        value: roll_deg,
    });
}
