//! Driving held against a limit: warning before it, an episode beyond it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{DriverCode, subject_of};
use crate::{
    domain::{Certainty, Place},
    rules::{EpisodeBook, Sighting, Step, Warning, pack::Rule, seconds_after},
};

/// An open episode is raised when the driving has gone on for so much longer, in seconds: not at every fix.
const RAISED_EVERY_S: f64 = 60.0;

/// What may be driven.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Longest driving, in seconds.
    pub limit_s: f64,
    /// So long before it the driver is warned, in seconds.
    pub prewarn_s: f64,
}

/// What has been said of a driver's driving.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Whether the driver was warned.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub warned: bool,
    /// The seconds that the open episode was last raised to; none is open without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raised_to_s: Option<f64>,
}

/// Somebody's driving over one step.
#[derive(Clone, Copy, Debug)]
pub struct Driven {
    /// Seconds before it …
    pub before_s: f64,
    /// … and after it.
    pub after_s: f64,
    /// When it was driven.
    pub when: (DateTime<Utc>, DateTime<Utc>),
}

impl Tally {
    /// Holds driving against what is allowed. The episode begins when the limit was passed.
    pub fn hold<P>(
        &mut self,
        rule: &Rule<P>,
        Allowance { limit_s, prewarn_s }: Allowance,
        driver: &DriverCode,
        Driven { before_s, after_s, when: (from, to) }: Driven,
        (step, book): (&Step<'_>, &mut EpisodeBook<'_>),
    ) {
        if after_s <= limit_s {
            let left_s = limit_s - after_s;
            if !self.warned && prewarn_s > 0.0 && left_s <= prewarn_s {
                self.warned = true;
                book.warn(Warning {
                    rule: rule.key,
                    subject: subject_of(driver),
                    zone: None,
                    at: step.time(),
                    in_s: left_s,
                    distance_m: None,
                    place: None,
                });
            }
            return;
        }
        if self.raised_to_s.is_some_and(|raised_to_s| after_s < raised_to_s + RAISED_EVERY_S) {
            return;
        }
        self.raised_to_s = Some(after_s);
        let drive_s = (to - from).as_seconds_f64();
        let share = ((limit_s - before_s) / (after_s - before_s)).clamp(0.0, 1.0);
        let since = seconds_after(from, share * drive_s);
        let certainty = if step.gap { Certainty::Possible } else { Certainty::Observed };
        book.see(rule, sighting(driver, (since, step.place_at(since)), (after_s, limit_s), certainty));
    }

    /// Ends the episode, if one is open, at `driven_s` seconds of driving.
    pub fn end<P>(
        &mut self,
        rule: &Rule<P>,
        limit_s: f64,
        driver: &DriverCode,
        (driven_s, at): (f64, DateTime<Utc>),
        (step, book): (&Step<'_>, &mut EpisodeBook<'_>),
    ) {
        let Some(raised_to_s) = self.raised_to_s.take() else { return };
        let place = step.place_at(at);
        if driven_s > raised_to_s {
            book.see(rule, sighting(driver, (at, place), (driven_s, limit_s), Certainty::Possible));
        }
        book.close(rule.key, &subject_of(driver), at, Some(place));
    }
}

fn sighting(
    driver: &DriverCode,
    (since, place): (DateTime<Utc>, Place),
    (driven_s, limit_s): (f64, f64),
    certainty: Certainty,
) -> Sighting {
    Sighting {
        subject: subject_of(driver),
        certainty,
        value: Some(driven_s),
        limit: Some(limit_s),
        ..Sighting::of_vehicle(since, Some(place))
    }
}
