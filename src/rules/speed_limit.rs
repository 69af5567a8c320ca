//! `speed.limit`: a vehicle drives faster than the lowest limit that binds it, for longer than a hold time.
//!
//! Limits come from the vehicle itself and from the speed zones that it is in; the lowest wins. Graded by the excess: up
//! to 20 % S3, up to 50 % S2, beyond S1 (proposed; the bands follow the usual practice of fines in China).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{EpisodeBook, Step, book::Sighting, seconds_between};
use crate::domain::{Certainty, EntryKind, Place, RuleKey, Severity, Subject};

/// Speeding that has been seen but may not have lasted long enough yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpeedState {
    /// First fix over the limit, while all since are.
    pub over_since: Option<(DateTime<Utc>, Place)>,
}

/// Judges one fix against `limit_kmh`, the lowest limit that binds here.
pub fn judge(state: &mut SpeedState, step: &Step<'_>, limit_kmh: Option<f64>, book: &mut EpisodeBook<'_>) {
    if let Some(previous) = step.previous.filter(|_| step.gap) {
        // Nothing is known of the speed in a gap: what was open ends with the last fix that showed it.
        end(state, book, previous.key.time, previous.place);
    }
    let excess = limit_kmh.zip(step.fix.speed_kmh).filter(|(limit, speed)| speed > limit);
    let Some((limit_kmh, speed_kmh)) = excess else {
        end(state, book, step.time(), step.fix.place);
        return;
    };
    let (since, place) = *state.over_since.get_or_insert((step.time(), step.fix.place));
    if seconds_between(since, step.time()) >= step.world.settings().speed_hold_s {
        book.see(Sighting {
            rule: RuleKey::SpeedLimit,
            subject: Subject::Vehicle,
            severity: severity(speed_kmh, limit_kmh),
            certainty: Certainty::Observed,
            entry: EntryKind::Crossed,
            since,
            place: Some(place),
            value: Some(speed_kmh - limit_kmh),
        });
    }
}

fn end(state: &mut SpeedState, book: &mut EpisodeBook<'_>, at: DateTime<Utc>, place: Place) {
    state.over_since = None;
    book.close(RuleKey::SpeedLimit, Subject::Vehicle, at, Some(place));
}

fn severity(speed_kmh: f64, limit_kmh: f64) -> Severity {
    if speed_kmh <= limit_kmh * 1.2 {
        Severity::S3
    } else if speed_kmh <= limit_kmh * 1.5 {
        Severity::S2
    } else {
        Severity::S1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grade_follows_the_excess() {
        assert_eq!(severity(81.0, 80.0), Severity::S3);
        assert_eq!(severity(96.0, 80.0), Severity::S3);
        assert_eq!(severity(97.0, 80.0), Severity::S2);
        assert_eq!(severity(121.0, 80.0), Severity::S1);
    }
}
