//! What a replay found to be different.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::Part;
use crate::{
    domain::{Episode, RuleKey, VehicleId},
    rules::Change,
};

/// What is different from what was recorded.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Vehicles judged.
    pub vehicles: usize,
    /// Fixes and alarms judged.
    pub reports: usize,
    /// Fixes whose plausibility is judged otherwise.
    pub revised: usize,
    /// Episodes by rule.
    pub rules: BTreeMap<RuleKey, RuleCount>,
    /// Every difference, by vehicle and time.
    pub differences: Vec<Difference>,
}

/// Episodes of one rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// Recorded in the interval.
    pub recorded: usize,
    /// Found now, not recorded.
    pub added: usize,
    /// Recorded, not found now.
    pub removed: usize,
    /// Found otherwise than recorded.
    pub changed: usize,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// added, removed or changed.
    pub what: &'static str,
    /// The episode: as it is found now, or, if it is not, as it was recorded.
    pub episode: Episode,
    /// As it was recorded, if it is changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Episode>,
}

impl Report {
    /// Whether nothing is different.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.differences.is_empty() && self.revised == 0
    }

    pub(super) fn add(&mut self, _vehicle: VehicleId, part: Part) {
        self.vehicles += 1;
        self.reports += part.reports;
        self.revised += part.revised;
        for episode in &part.recorded {
            self.rules.entry(episode.rule).or_default().recorded += 1;
        }
        for change in part.changes {
            let count = self.rules.entry(change.episode.rule).or_default();
            let recorded = part.recorded.iter().find(|recorded| recorded.id == change.episode.id).cloned();
            let (what, recorded) = match change.change {
                Change::Withdrawn => {
                    count.removed += 1;
                    ("removed", None)
                }
                Change::Amended => {
                    count.changed += 1;
                    ("changed", recorded)
                }
                Change::Opened | Change::Raised | Change::Closed => {
                    count.added += 1;
                    ("added", None)
                }
            };
            self.differences.push(Difference { what, episode: change.episode, recorded });
        }
        self.differences.sort_by_key(|found| (found.episode.vehicle_id, found.episode.opened_at, found.episode.id));
    }
}

impl fmt::Display for Report {
    /// A table by rule, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} vehicles, {} fixes and alarms", self.vehicles, self.reports)?;
        writeln!(f, "{:<28} {:>9} {:>9} {:>9} {:>9}", "rule", "recorded", "added", "removed", "changed")?;
        for (rule, count) in &self.rules {
            writeln!(
                f,
                "{:<28} {:>9} {:>9} {:>9} {:>9}",
                rule.as_str(),
                count.recorded,
                count.added,
                count.removed,
                count.changed
            )?;
        }
        if self.revised > 0 {
            writeln!(f, "{} fixes are plausible now and were not, or the other way round", self.revised)?;
        }
        if self.is_same() {
            writeln!(f, "Nothing is different from what was recorded.")?;
        }
        Ok(())
    }
}
