//! `drive.daily`: a driver has driven too long in a day.
//!
//! EU: 9 h between daily rests of 11 h (general). USA: 11 h after 10 h off duty (general). China: 8 h in any 24 h, the rule for
//! coaches, commonly applied. What counts as driving, and whose it is, says [`super::driving`]. The episode begins when the
//! limit was passed; it ends when the rest is complete, when enough of the driving lies longer ago than the time over which it
//! is reckoned, or when another driver takes over.

mod rolling;

use serde::{Deserialize, Serialize};

use self::rolling::Rolling;
use super::{
    EpisodeBook, Step,
    driving::{Account, Allowance, Breaks, Ledger, Shift},
    list::is_blank,
    pack::{Given, Rule},
    parameters::{self, ParameterError, positive, range},
};

/// What a pack can set of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Longest driving, in seconds (general: EU 9 h).
    pub limit_s: f64,
    /// From when it is reckoned.
    pub reckoned: Reckoning,
    /// Length of that rest or of that time, in seconds (general: EU 11 h of rest).
    pub span_s: f64,
    /// The cab is warned this long before the limit, in seconds (proposed: 30 min).
    pub prewarn_s: f64,
}

/// From when the driving of a day is reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reckoning {
    /// From the last rest of the given length.
    SinceRest,
    /// Over the last so many seconds.
    Rolling,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { limit_s: 32_400.0, reckoned: Reckoning::SinceRest, span_s: 39_600.0, prewarn_s: 1800.0 }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        positive("limit_s", self.limit_s)?;
        match self.reckoned {
            Reckoning::SinceRest => positive("span_s", self.span_s)?,
            Reckoning::Rolling => range("span_s", self.span_s, self.limit_s, 14.0 * 86_400.0)?,
        }
        range("prewarn_s", self.prewarn_s, 0.0, self.limit_s)
    }
}

/// What each driver of the vehicle has driven; of the two only the one by which the pack reckons is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    #[serde(skip_serializing_if = "is_blank")]
    since_rest: Ledger<Account>,
    #[serde(skip_serializing_if = "is_blank")]
    rolling: Ledger<Rolling>,
}

/// Judges one step.
pub fn judge(rule: &Rule<Parameters>, memory: &mut Memory, shift: &Shift, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let Parameters { limit_s, reckoned, span_s, prewarn_s } = rule.parameters;
    let allowance = Allowance { limit_s, prewarn_s };
    match reckoned {
        Reckoning::SinceRest => {
            if let Some(account) = memory.since_rest.of(shift) {
                let breaks = Breaks { whole_s: span_s, parts_s: &[] };
                account.judge(rule, (allowance, breaks), shift, step, book);
            }
            memory.since_rest.hand_over(shift);
        }
        Reckoning::Rolling => {
            if let Some(account) = memory.rolling.of(shift) {
                account.judge(rule, (allowance, span_s), shift, step, book);
            }
            memory.rolling.hand_over(shift);
        }
    }
}

#[cfg(test)]
mod tests;
