//! Driving since the last sufficient break.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::rules::{seconds_after, seconds_between};

/// Driving for no longer than this ends no break, in seconds (proposed): a vehicle is moved up, a receiver errs.
const LOOSE_S: f64 = 60.0;

/// Which breaks are sufficient.
#[derive(Clone, Copy, Debug)]
pub struct Breaks<'p> {
    /// One of this length, in seconds.
    pub whole_s: f64,
    /// Or several that are at least so long, in this order, in seconds.
    pub parts_s: &'p [f64],
}

/// What somebody has driven since the last sufficient break.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stint {
    /// Seconds driven.
    pub driven_s: f64,
    /// When the driving ended, or up to when it has gone on: a break is reckoned from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    driven_until: Option<DateTime<Utc>>,
    /// How many parts of a divided break were taken.
    #[serde(skip_serializing_if = "is_zero")]
    parts_taken: usize,
    /// Driving since then that is too short to end the break.
    #[serde(skip_serializing_if = "Option::is_none")]
    loose: Option<Loose>,
}

/// Short drives within a break.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Loose {
    /// When the last of them began.
    from: DateTime<Utc>,
    /// Until when it has gone on.
    until: DateTime<Utc>,
    /// How long all of them took together, in seconds.
    all_s: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Stint {
    /// When the break that lasts at `at` became sufficient, if it has by then. The stint is over with it.
    pub fn end_by(&mut self, at: DateTime<Utc>, breaks: Breaks<'_>) -> Option<DateTime<Utc>> {
        let resting_since = self.driven_until.filter(|_| self.driven_s > 0.0)?;
        let last_part_s = breaks.parts_s.get(self.parts_taken..).and_then(|left| match left {
            [last_s] => Some(*last_s),
            _ => None,
        });
        let needed_s = last_part_s.unwrap_or(breaks.whole_s).min(breaks.whole_s);
        // While the vehicle moves, the break has ended where it set off, however short that is.
        let resting_until = self.loose.filter(|loose| loose.until >= at).map_or(at, |loose| loose.from);
        if seconds_between(resting_since, resting_until) < needed_s {
            return None;
        }
        *self = Self::default();
        Some(seconds_after(resting_since, needed_s))
    }

    /// Adds driving. Whether a break before it was sufficient has been asked for already.
    pub fn drive(&mut self, (from, to): (DateTime<Utc>, DateTime<Utc>), breaks: Breaks<'_>) {
        let drive_s = seconds_between(from, to);
        self.driven_s += drive_s;
        if self.driven_until == Some(from) {
            self.driven_until = Some(to);
            return;
        }
        let loose = match self.loose {
            Some(loose) if loose.until == from => Loose { until: to, all_s: loose.all_s + drive_s, ..loose },
            Some(loose) => Loose { from, until: to, all_s: loose.all_s + drive_s },
            None => Loose { from, until: to, all_s: drive_s },
        };
        let is_first = self.driven_until.is_none();
        if loose.all_s <= LOOSE_S && !is_first {
            self.loose = Some(loose);
            return;
        }
        let rested_s = self.driven_until.map_or(0.0, |since| seconds_between(since, loose.from));
        if breaks.parts_s.get(self.parts_taken).is_some_and(|part_s| rested_s >= *part_s) {
            self.parts_taken += 1;
        }
        self.driven_until = Some(to);
        self.loose = None;
    }
}
