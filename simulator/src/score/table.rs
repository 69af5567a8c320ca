//! The score, rule by rule.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    fetch::Finding,
    matching::{Fate, Matching, Meaning},
};
use crate::truth::Ledger;

/// The score of one rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RuleScore {
    /// Episodes that must be found.
    pub truths: usize,
    /// … and were.
    pub found: usize,
    /// … and were not.
    pub missed: usize,
    /// Findings that nothing true or doubtful explains.
    pub false_alarms: usize,
    /// Findings that could be seen that way.
    pub doubtful: usize,
    /// Share of the truths that were found; 1 where there are none.
    pub recall: f64,
    /// Share of the findings that count that are true; 1 where there are none.
    pub precision: f64,
    /// From the true beginning to what the finding says, in seconds: the middle one, and the worst.
    pub delay_s: Option<(f64, f64)>,
    /// From the true beginning to when the server says that it knew, in seconds, the middle one; only where it was told
    /// as it happened.
    pub detected_after_s: Option<f64>,
}

/// Scores every rule that the ledger or the findings name.
#[must_use]
pub fn scores(ledger: &Ledger, findings: &[Finding], matching: &Matching) -> BTreeMap<String, RuleScore> {
    let mut scores: BTreeMap<String, RuleScore> = BTreeMap::new();
    let mut delays: BTreeMap<&str, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for (episode, fate) in ledger.episodes.iter().zip(&matching.fates) {
        let score = scores.entry(episode.rule.clone()).or_default();
        let Some(fate) = fate else { continue };
        score.truths += 1;
        match fate {
            Fate::Missed => score.missed += 1,
            Fate::Joined(_) => score.found += 1,
            Fate::Found(index) => {
                score.found += 1;
                let Some(finding) = findings.get(*index) else { continue };
                let delays = delays.entry(episode.rule.as_str()).or_default();
                delays.0.push((finding.from - episode.from).as_seconds_f64());
                delays.1.extend(finding.detected.map(|at| (at - episode.from).as_seconds_f64()));
            }
        }
    }
    for (finding, meaning) in findings.iter().zip(&matching.meanings) {
        let score = scores.entry(finding.rule.clone()).or_default();
        match meaning {
            Meaning::False => score.false_alarms += 1,
            Meaning::Doubtful(_) | Meaning::Excused => score.doubtful += 1,
            Meaning::True(_) | Meaning::Piece(_) => {}
        }
    }
    for (rule, score) in &mut scores {
        score.recall = share(score.found, score.truths);
        score.precision = share(score.found, score.found + score.false_alarms);
        let Some((begun, detected)) = delays.get_mut(rule.as_str()) else { continue };
        score.delay_s = middle_and_worst(begun);
        score.detected_after_s = middle_and_worst(detected).map(|(middle, _)| middle);
    }
    scores
}

/// The sums over all rules.
#[must_use]
pub fn total(scores: &BTreeMap<String, RuleScore>) -> RuleScore {
    let sum = |of: fn(&RuleScore) -> usize| scores.values().map(of).sum();
    let (truths, found) = (sum(|score| score.truths), sum(|score| score.found));
    let false_alarms = sum(|score| score.false_alarms);
    RuleScore {
        truths,
        found,
        missed: sum(|score| score.missed),
        false_alarms,
        doubtful: sum(|score| score.doubtful),
        recall: share(found, truths),
        precision: share(found, found + false_alarms),
        ..RuleScore::default()
    }
}

/// The scores for a person.
#[must_use]
pub fn text(scores: &BTreeMap<String, RuleScore>) -> String {
    let header =
        ["rule", "truths", "found", "missed", "false", "doubtful", "recall", "precision", "delay s", "worst s"];
    let mut rows = vec![header.map(str::to_owned)];
    let all = total(scores);
    for (rule, score) in scores.iter().map(|(rule, score)| (rule.as_str(), score)).chain([("all", &all)]) {
        let (middle, worst) = score
            .delay_s
            .map_or((String::new(), String::new()), |(middle, worst)| (format!("{middle:.1}"), format!("{worst:.1}")));
        rows.push([
            rule.to_owned(),
            score.truths.to_string(),
            score.found.to_string(),
            score.missed.to_string(),
            score.false_alarms.to_string(),
            score.doubtful.to_string(),
            percent(score.recall),
            percent(score.precision),
            middle,
            worst,
        ]);
    }
    let mut lines = Vec::new();
    for row in &rows {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let widest =
                rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
            if column == 0 { format!("{cell:widest$}") } else { format!("{cell:>widest$}") }
        });
        lines.push(cells.collect::<Vec<_>>().join("  "));
    }
    lines.join("\n")
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", (share * 1000.0).floor() / 10.0)
}

/// The middle one, and the one farthest from 0.
fn middle_and_worst(delays: &mut [f64]) -> Option<(f64, f64)> {
    delays.sort_by(f64::total_cmp);
    let middle = *delays.get(delays.len() / 2)?;
    let worst = delays.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs()))?;
    Some((middle, worst))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_down_so_that_all_means_all() {
        assert_eq!(percent(share(1999, 2000)), "99.9 %");
        assert_eq!(percent(share(2000, 2000)), "100.0 %");
        assert_eq!(percent(share(0, 0)), "100.0 %");
    }

    #[test]
    fn the_worst_delay_is_the_one_farthest_off_either_way() {
        assert_eq!(middle_and_worst(&mut [1.0, -30.0, 4.0]), Some((1.0, -30.0)));
        assert_eq!(middle_and_worst(&mut []), None);
    }

    #[test]
    fn columns_line_up_and_the_sum_comes_last() {
        let score =
            RuleScore { truths: 12, found: 11, missed: 1, recall: 11.0 / 12.0, precision: 1.0, ..RuleScore::default() };
        let text = text(&BTreeMap::from([("zone.prohibited".to_owned(), score)]));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines.windows(2).all(|two| two[0].trim_end().len().abs_diff(two[1].trim_end().len()) < 25));
        assert!(lines[1].contains("91.6 %") && lines[2].starts_with("all"), "{text}");
    }
}
