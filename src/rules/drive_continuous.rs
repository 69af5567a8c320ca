//! `drive.continuous`: a driver has driven too long without the break that is needed.
//!
//! China: 4 h without a stop of 20 min (verified). EU: 4 h 30 min without 45 min, which may be divided into 15 and then 30 min
//! (general). USA: 8 h without 30 min (general). What counts as driving, and whose it is, says [`super::driving`]. The episode
//! begins when the limit was passed and ends when the break is complete, or when another driver takes over.

use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Step,
    driving::{Account, Allowance, Breaks, Ledger, Shift},
    pack::{Given, Rule},
    parameters::{self, ParameterError, positive, range},
};

/// What a pack can set of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Longest driving without the break, in seconds (general: EU 4 h 30 min).
    pub limit_s: f64,
    /// The break that is needed, in seconds (general: EU 45 min).
    pub break_s: f64,
    /// The break may be taken in these parts, in this order, each at least so many seconds; empty: in one only (general: EU
    /// 15 and 30 min).
    pub split_breaks_s: Vec<f64>,
    /// The cab is warned this long before the limit, in seconds (proposed: 30 min).
    pub prewarn_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { limit_s: 16_200.0, break_s: 2700.0, split_breaks_s: vec![900.0, 1800.0], prewarn_s: 1800.0 }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        positive("limit_s", self.limit_s)?;
        positive("break_s", self.break_s)?;
        self.split_breaks_s.iter().try_for_each(|part| range("split_breaks_s", *part, 60.0, self.break_s))?;
        range("prewarn_s", self.prewarn_s, 0.0, self.limit_s)
    }
}

/// What each driver of the vehicle has driven since the last break.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(Ledger<Account>);

/// Judges one step.
pub fn judge(rule: &Rule<Parameters>, memory: &mut Memory, shift: &Shift, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let Parameters { limit_s, break_s, ref split_breaks_s, prewarn_s } = rule.parameters;
    let breaks = Breaks { whole_s: break_s, parts_s: split_breaks_s };
    if let Some(account) = memory.0.of(shift) {
        account.judge(rule, (Allowance { limit_s, prewarn_s }, breaks), shift, step, book);
    }
    memory.0.hand_over(shift);
}

#[cfg(test)]
mod tests;
