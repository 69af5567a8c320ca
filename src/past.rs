//! Questions of the past: who was inside an area, who passed by a place.
//!
//! They are asked about any area, not only about zones, and answered from the stored fixes. As in the engine, a vehicle is
//! taken to go straight from fix to fix, so that what happened between two fixes is found too, and certainty is told the
//! same way: *observed* where a fix shows it, *likely* where only the way between fixes does, *possible* where that way
//! leads over a gap. But here the boundary is exact on the way in (who came in at all is asked, not who was surely in), and
//! nothing is known of a vehicle that was silent for more than [`LONGEST_STEP`]: what it may have done meanwhile is not
//! told.
//!
//! Fixes come one by one, in order of time, so that any length of track can be looked through. A track is cut at both
//! ends of the interval that is asked about.

mod inside;
mod near;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

pub use self::{
    inside::{Inside, Stay},
    near::{Near, Passing},
};
use crate::{
    domain::{Certainty, Place},
    geo::{Path, quick_m},
    rules::gnss_implausible,
    world::RuleSettings,
};

/// What happened between two fixes that are farther apart than this is not asked after.
pub const LONGEST_STEP: TimeDelta = TimeDelta::minutes(10);
/// Distance in metres that no speed is derived from: short steps are noise, not motion.
const SLACK_M: f64 = 100.0;

/// When, and by which thresholds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// From when on.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
    /// A longer silence between two fixes, in seconds, makes what happened between them only possible.
    pub gap_s: f64,
    /// So does a step at a higher speed, in km/h.
    pub implausible_kmh: f64,
    /// How far outside an area a vehicle must be to have left it, in metres.
    pub exit_m: f64,
}

impl Terms {
    /// The engine's thresholds for an interval.
    #[must_use]
    pub fn new(settings: &RuleSettings, from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        // Packs may differ in it; what is asked here is about vehicles of any.
        let implausible_kmh = gnss_implausible::Parameters::default().implausible_kmh;
        let gap_s = settings.gap_s;
        Self { from, to, gap_s, implausible_kmh, exit_m: settings.zone_margins.exit_m }
    }

    /// How far a vehicle can come in the longest step, in metres.
    #[must_use]
    pub fn reach_m(&self) -> f64 {
        self.implausible_kmh / 3.6 * LONGEST_STEP.as_seconds_f64() + SLACK_M
    }
}

/// A fix as the past needs it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PastFix {
    /// When.
    pub time: DateTime<Utc>,
    /// Where.
    pub place: Place,
}

/// How a stay begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StayEnd {
    /// At the boundary, between two fixes or at one.
    Crossed,
    /// Somewhere in a gap; the time is that of the first or last fix inside, or a guess where there is none.
    InGap,
    /// It is not known: the track or the interval begins or ends inside.
    Unknown,
}

/// A point of a track.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    time: DateTime<Utc>,
    place: Place,
    /// Whether it is a fix, not the point at which the interval cuts the track.
    is_fix: bool,
}

/// The way from one point of a track to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    from: Point,
    to: Point,
    gap: bool,
}

impl Step {
    /// The point at a share of the way, its time in proportion.
    fn at(&self, share: f64) -> (DateTime<Utc>, Place) {
        let span_us = (self.to.time - self.from.time).num_microseconds().unwrap_or(0);
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a share of ten minutes")]
        let elapsed_us = (share * span_us as f64).round() as i64;
        let place = Path::new(self.from.place, self.to.place).place_at(share);
        (self.from.time + TimeDelta::microseconds(elapsed_us), place)
    }
}

/// What one more fix adds to a track.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct News {
    /// The track before has ended.
    ended: bool,
    /// A track begins.
    begins: Option<Point>,
    /// The track goes on.
    step: Option<Step>,
}

/// A track as its fixes come, cut to the interval.
#[derive(Clone, Debug)]
struct Track {
    terms: Terms,
    last: Option<PastFix>,
}

impl Track {
    fn new(terms: Terms) -> Self {
        Self { terms, last: None }
    }

    fn next(&mut self, fix: PastFix) -> News {
        let Terms { from, to, .. } = self.terms;
        let last = self.last.replace(fix);
        if fix.time < from || last.is_some_and(|last| last.time > to) {
            return News::default();
        }
        let point = |fix: PastFix| Point { time: fix.time, place: fix.place, is_fix: true };
        let Some(last) = last.filter(|last| fix.time - last.time <= LONGEST_STEP) else {
            // A track that ended before the interval has told nothing.
            let ended = last.is_some_and(|last| last.time >= from);
            return News { ended, begins: (fix.time <= to).then(|| point(fix)), step: None };
        };
        let whole = Step { from: point(last), to: point(fix), gap: self.is_gap(last, fix) };
        let cut = |time: DateTime<Utc>| {
            let share = (time - last.time).as_seconds_f64() / (fix.time - last.time).as_seconds_f64();
            Point { time, place: whole.at(share).1, is_fix: false }
        };
        let start = if last.time < from && fix.time > from { cut(from) } else { whole.from };
        let end = if fix.time > to { cut(to) } else { whole.to };
        if last.time >= from {
            News { step: Some(Step { from: start, to: end, ..whole }), ..News::default() }
        } else if fix.time == from {
            News { begins: Some(whole.to), ..News::default() }
        } else {
            News { begins: Some(start), step: Some(Step { from: start, to: end, ..whole }), ended: false }
        }
    }

    fn is_gap(&self, last: PastFix, fix: PastFix) -> bool {
        let seconds = (fix.time - last.time).as_seconds_f64();
        let reach_m = self.terms.implausible_kmh / 3.6 * seconds + SLACK_M;
        seconds > self.terms.gap_s || quick_m(last.place, fix.place) > reach_m
    }
}

/// How certain something is that so many fixes show, or else the way between fixes, or else only gaps.
fn certainty(fixes: u32, seen_without_gap: bool) -> Certainty {
    match (fixes, seen_without_gap) {
        (1.., _) => Certainty::Observed,
        (0, true) => Certainty::Likely,
        (0, false) => Certainty::Possible,
    }
}

#[cfg(test)]
mod tests;
