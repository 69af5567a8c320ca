//! Which finding is which truth.
//!
//! A finding can be a true episode's when vehicle, rule and subject agree and their times overlap or nearly do. Each serves
//! one truth, and each truth takes one finding, the earliest; more of them are repeats, which are false alarms, unless
//! the truth may be found in pieces. What is left may be explained by a doubtful episode; then it does not count. One
//! finding may serve two truths only where nothing but a moment lies between them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::fetch::Finding;
use crate::truth::{Episode, Ledger};

/// Two truths with no more than this between them may be found as one.
const ONE_FOR_TWO: TimeDelta = TimeDelta::seconds(60);

/// What became of an episode of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// Found by the finding with this index.
    Found(usize),
    /// Part of the finding of the episode before it.
    Joined(usize),
    /// Not found.
    Missed,
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// It is the truth with this index.
    True(usize),
    /// It is a further piece of a truth that may be found in pieces.
    Piece(usize),
    /// It could be seen that way: the doubtful episode with this index.
    Doubtful(usize),
    /// It says that it is only possible, and the vehicle's device was blind.
    Excused,
    /// It did not happen, or was found already.
    False,
}

/// How findings and truths go together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matching {
    /// For each episode of the ledger, in its order, what became of it; `None` for the doubtful.
    pub fates: Vec<Option<Fate>>,
    /// For each finding, in the order given, what it is.
    pub meanings: Vec<Meaning>,
}

/// Matches a ledger with findings.
#[must_use]
pub fn pair(ledger: &Ledger, findings: &[Finding]) -> Matching {
    let mut matching = Matching {
        fates: ledger.episodes.iter().map(|episode| (!episode.doubtful).then_some(Fate::Missed)).collect(),
        meanings: vec![Meaning::False; findings.len()],
    };
    let mut cases: BTreeMap<(String, &str), Case<'_>> = BTreeMap::new();
    for (index, episode) in ledger.episodes.iter().enumerate() {
        let key = (pair_key(&episode.vehicle, &episode.rule), episode.rule.as_str());
        cases.entry(key).or_default().episodes.push((index, episode));
    }
    for (index, finding) in findings.iter().enumerate() {
        let key = (pair_key(&finding.vehicle, &finding.rule), finding.rule.as_str());
        cases.entry(key).or_default().findings.push((index, finding));
    }
    for case in cases.values() {
        case.settle(&mut matching);
    }
    let blind = |finding: &Finding| {
        ledger.blind.iter().any(|blind| {
            blind.vehicle == finding.vehicle
                && blind.from <= finding.to.unwrap_or(finding.from)
                && finding.from <= blind.to
        })
    };
    for (meaning, finding) in matching.meanings.iter_mut().zip(findings) {
        if *meaning == Meaning::False && finding.certainty == "possible" && blind(finding) {
            *meaning = Meaning::Excused;
        }
    }
    matching
}

/// What is settled together: all of one vehicle and rule. Vehicles that come too near to each other are one case all
/// together, since the finding may be filed under either.
fn pair_key(vehicle: &str, rule: &str) -> String {
    if rule == "separation" { String::new() } else { vehicle.to_owned() }
}

/// What concerns one vehicle and one rule.
#[derive(Default)]
struct Case<'a> {
    episodes: Vec<(usize, &'a Episode)>,
    findings: Vec<(usize, &'a Finding)>,
}

impl Case<'_> {
    fn settle(&self, matching: &mut Matching) {
        self.find_truths(matching);
        self.join_truths(matching);
        self.explain_rest(matching);
    }

    /// Each truth takes the earliest finding that nobody has taken.
    fn find_truths(&self, matching: &mut Matching) {
        for (truth, episode) in self.episodes.iter().filter(|(_, episode)| !episode.doubtful) {
            let free = self.findings.iter().find(|(finding, found)| {
                matching.meanings.get(*finding) == Some(&Meaning::False) && agrees(episode, found)
            });
            if let Some((finding, _)) = free {
                set(&mut matching.fates, *truth, Some(Fate::Found(*finding)));
                set(&mut matching.meanings, *finding, Meaning::True(*truth));
            }
        }
    }

    /// A truth right after another, found as one with it, is not missed.
    fn join_truths(&self, matching: &mut Matching) {
        for (truth, episode) in self.episodes.iter().filter(|(_, episode)| !episode.doubtful) {
            if matching.fates.get(*truth) != Some(&Some(Fate::Missed)) {
                continue;
            }
            let joined = self.findings.iter().find(|(finding, found)| {
                let Some(Meaning::True(other)) = matching.meanings.get(*finding) else { return false };
                let neighbour = self.episodes.iter().find(|(index, _)| index == other);
                neighbour.is_some_and(|(_, other)| near(other, episode)) && agrees(episode, found)
            });
            if let Some((finding, _)) = joined {
                set(&mut matching.fates, *truth, Some(Fate::Joined(*finding)));
            }
        }
    }

    /// What is left is a piece of a truth, a doubtful episode, each of which explains one finding unless it may be found
    /// in pieces, or false.
    fn explain_rest(&self, matching: &mut Matching) {
        let mut explained = vec![false; self.episodes.len()];
        for (finding, found) in &self.findings {
            if matching.meanings.get(*finding) != Some(&Meaning::False) {
                continue;
            }
            let reason = self.episodes.iter().enumerate().find_map(|(at, (truth, episode))| {
                let possible = !episode.only_possible || found.certainty == "possible";
                if !possible || !agrees(episode, found) {
                    return None;
                }
                // Of two vehicles that come too near, each may have its own finding.
                let both = found.rule == "separation" && found.vehicle != episode.vehicle;
                match (episode.doubtful, episode.splits || both) {
                    (false, true) => Some((at, Meaning::Piece(*truth))),
                    (true, splits) if splits || explained.get(at) == Some(&false) => {
                        Some((at, Meaning::Doubtful(*truth)))
                    }
                    _ => None,
                }
            });
            if let Some((at, meaning)) = reason {
                set(&mut explained, at, true);
                set(&mut matching.meanings, *finding, meaning);
            }
        }
    }
}

fn set<T>(list: &mut [T], index: usize, value: T) {
    if let Some(slot) = list.get_mut(index) {
        *slot = value;
    }
}

/// Whether a finding can be this episode's.
#[must_use]
pub fn agrees(episode: &Episode, finding: &Finding) -> bool {
    same_subject(episode, finding) && episode.exempted == finding.exempted && same_time(episode, finding)
}

/// Whether a finding is about what the episode is about, as far as both say.
#[must_use]
pub fn same_subject(episode: &Episode, finding: &Finding) -> bool {
    let (truth, found) = (episode.subject.as_str(), finding.subject.as_str());
    let kind = |subject: &str| subject.split('/').next().unwrap_or_default().to_owned();
    match kind(truth).as_str() {
        // A ledger does not know how the server counts sections, nor how it names what does not fit a vehicle.
        "section" => kind(found) == "section" && truth.split('/').nth(1) == found.split('/').nth(1),
        "vehicle" if episode.rule == "separation" => {
            let other = truth.strip_prefix("vehicle/").unwrap_or_default();
            let counterpart = if finding.vehicle == episode.vehicle {
                other
            } else if finding.vehicle == other {
                episode.vehicle.as_str()
            } else {
                return false;
            };
            found == "vehicle/?" || found.strip_prefix("vehicle/") == Some(counterpart)
        }
        "any" => true,
        _ => truth == found,
    }
}

/// Whether a finding overlaps the episode, or nearly does.
#[must_use]
pub fn same_time(episode: &Episode, finding: &Finding) -> bool {
    let tolerance = TimeDelta::milliseconds(crate::numbers::whole(episode.tolerance_s * 1000.0));
    let overlaps = |from: DateTime<Utc>, to: DateTime<Utc>| {
        finding.from <= to + tolerance && finding.to.is_none_or(|end| from - tolerance <= end)
    };
    overlaps(episode.from, episode.to) || episode.also.iter().any(|(from, to)| overlaps(*from, *to))
}

fn near(one: &Episode, other: &Episode) -> bool {
    one.from <= other.to + ONE_FOR_TWO && other.from <= one.to + ONE_FOR_TWO
}

#[cfg(test)]
mod tests;
