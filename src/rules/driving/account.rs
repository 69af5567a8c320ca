//! One driver's driving since the last sufficient break, with what has been said of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Allowance, Breaks, Driven, Shift, Stint, Tally};
use crate::rules::{EpisodeBook, Step, list::is_blank, pack::Rule};

/// One driver's account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// What was driven.
    #[serde(skip_serializing_if = "is_blank")]
    stint: Stint,
    /// What has been said of it.
    #[serde(skip_serializing_if = "is_blank")]
    tally: Tally,
}

impl Account {
    /// Judges a step of the driver at the wheel. The episode ends when the break is sufficient, or when another takes over.
    pub fn judge<P>(
        &mut self,
        rule: &Rule<P>,
        (allowance, breaks): (Allowance, Breaks<'_>),
        shift: &Shift,
        step: &Step<'_>,
        book: &mut EpisodeBook<'_>,
    ) {
        let driver = &shift.driver;
        if let Some(when) = shift.driven {
            self.rest_until(when.0, rule, (allowance, breaks), shift, (step, book));
            let before_s = self.stint.driven_s;
            self.stint.drive(when, breaks);
            let driven = Driven { before_s, after_s: self.stint.driven_s, when };
            self.tally.hold(rule, allowance, driver, driven, (step, book));
        }
        self.rest_until(step.time(), rule, (allowance, breaks), shift, (step, book));
        if shift.relieved_by.is_some() {
            let driven_s = self.stint.driven_s;
            self.tally.end(rule, allowance.limit_s, driver, (driven_s, step.time()), (step, book));
        }
    }

    fn rest_until<P>(
        &mut self,
        at: DateTime<Utc>,
        rule: &Rule<P>,
        (allowance, breaks): (Allowance, Breaks<'_>),
        shift: &Shift,
        (step, book): (&Step<'_>, &mut EpisodeBook<'_>),
    ) {
        let driven_s = self.stint.driven_s;
        if let Some(rested_at) = self.stint.end_by(at, breaks) {
            self.tally.end(rule, allowance.limit_s, &shift.driver, (driven_s, rested_at), (step, book));
            self.tally = Tally::default();
        }
    }
}
