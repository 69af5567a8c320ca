//! Driving over the last so many seconds.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::rules::{
    EpisodeBook, Step,
    driving::{Allowance, Driven, Shift, Tally},
    list::is_blank,
    pack::Rule,
    seconds_after, seconds_between,
};

/// Drives that are no farther apart than this are kept as one, in seconds: the stops of a round would fill the memory.
const APART_S: f64 = 600.0;
/// The driver is warned anew when the driving has fallen by so much below what was warned of, in seconds.
const FALLEN_S: f64 = 600.0;

/// One driver's driving that may still count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rolling {
    /// Drives, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    drives: Vec<Drive>,
    /// What has been said of them.
    #[serde(skip_serializing_if = "is_blank")]
    tally: Tally,
}

/// A drive, with the short stops in it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Drive {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    /// Seconds driven, taken as spread evenly.
    driven_s: f64,
}

impl Drive {
    /// Seconds driven after `moment`.
    fn after(&self, moment: DateTime<Utc>) -> f64 {
        if moment <= self.from {
            return self.driven_s;
        }
        let left_s = seconds_between(moment, self.to).max(0.0);
        self.driven_s * left_s / seconds_between(self.from, self.to)
    }
}

impl Rolling {
    /// Judges a step of the driver at the wheel, by the driving of the last `span_s` seconds.
    pub fn judge<P>(
        &mut self,
        rule: &Rule<P>,
        (allowance, span_s): (Allowance, f64),
        shift: &Shift,
        step: &Step<'_>,
        book: &mut EpisodeBook<'_>,
    ) {
        if self.drives.is_empty() && shift.driven.is_none() {
            return;
        }
        let limit_s = allowance.limit_s;
        let sum_s = |drives: &[Drive], at| {
            let begins = seconds_after(at, -span_s);
            drives.iter().map(|drive| drive.after(begins)).sum::<f64>()
        };
        let until = shift.driven.map_or(step.time(), |(from, _)| from);
        if self.tally.raised_to_s.is_some()
            && let Some(at) = self.falls_to(limit_s, span_s).filter(|at| *at <= until)
        {
            self.tally.end(rule, limit_s, &shift.driver, (0.0, at), (step, book));
        }
        if let Some(when) = shift.driven {
            let before_s = sum_s(&self.drives, when.0);
            self.add(when);
            let after_s = sum_s(&self.drives, when.1);
            let driven = Driven { before_s, after_s, when };
            self.tally.hold(rule, allowance, &shift.driver, driven, (step, book));
        }
        let begins = seconds_after(step.time(), -span_s);
        self.drives.retain(|drive| drive.to > begins);
        let now_s = sum_s(&self.drives, step.time());
        self.tally.warned &= now_s > limit_s - allowance.prewarn_s - FALLEN_S;
        if shift.relieved_by.is_some() || now_s <= limit_s {
            self.tally.end(rule, limit_s, &shift.driver, (now_s, step.time()), (step, book));
        }
    }

    /// When the driving that counts falls to the limit, if no more is driven.
    fn falls_to(&self, limit_s: f64, span_s: f64) -> Option<DateTime<Utc>> {
        let mut excess_s = self.drives.iter().map(|drive| drive.driven_s).sum::<f64>() - limit_s;
        for drive in &self.drives {
            if drive.driven_s >= excess_s {
                let share = (excess_s / drive.driven_s).max(0.0);
                let moment = seconds_after(drive.from, share * seconds_between(drive.from, drive.to));
                return Some(seconds_after(moment, span_s));
            }
            excess_s -= drive.driven_s;
        }
        None
    }

    fn add(&mut self, (from, to): (DateTime<Utc>, DateTime<Utc>)) {
        let driven_s = seconds_between(from, to);
        match self.drives.last_mut().filter(|last| seconds_between(last.to, from) <= APART_S) {
            Some(last) => {
                last.to = to;
                last.driven_s += driven_s;
            }
            None => self.drives.push(Drive { from, to, driven_s }),
        }
    }
}
