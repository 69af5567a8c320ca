//! What would explain a miss or a false alarm, in a line for a person.

use chrono::{DateTime, SecondsFormat, Utc};

use super::{
    fetch::Finding,
    matching::{Fate, Matching, Meaning, same_subject, same_time},
};
use crate::truth::{Episode, Ledger};

/// Every miss, with what was found instead.
#[must_use]
pub fn misses(ledger: &Ledger, findings: &[Finding], matching: &Matching) -> Vec<String> {
    let missed = ledger.episodes.iter().zip(&matching.fates).filter(|(_, fate)| **fate == Some(Fate::Missed));
    missed.map(|(episode, _)| miss(episode, findings, matching)).collect()
}

/// Every false alarm, with the truth that is nearest to it.
#[must_use]
pub fn false_alarms(ledger: &Ledger, findings: &[Finding], matching: &Matching) -> Vec<String> {
    let wrong = findings.iter().zip(&matching.meanings).filter(|(_, meaning)| **meaning == Meaning::False);
    wrong.map(|(finding, _)| false_alarm(finding, ledger)).collect()
}

fn miss(episode: &Episode, findings: &[Finding], matching: &Matching) -> String {
    let Episode { vehicle, rule, subject, note, .. } = episode;
    let of_rule: Vec<(&Finding, Option<&Meaning>)> = findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.vehicle == *vehicle && finding.rule == *rule)
        .map(|(index, finding)| (finding, matching.meanings.get(index)))
        .collect();
    let in_time = of_rule.iter().find(|(finding, _)| same_time(episode, finding));
    let nearest = of_rule.iter().min_by_key(|(finding, _)| (finding.from - episode.from).abs());
    let why = match (in_time, nearest) {
        (Some((finding, _)), _) if !same_subject(episode, finding) => format!("found about {}", finding.subject),
        (Some((finding, _)), _) if finding.exempted != episode.exempted => "found, but the exemption is wrong".into(),
        (Some((finding, Some(Meaning::True(_)))), _) => format!("finding {} is another truth's", short(&finding.id)),
        (_, Some((finding, _))) => format!("the nearest of this rule is {}", when(finding.from, finding.to)),
        _ => "nothing of this rule was found for this vehicle".into(),
    };
    format!("{rule} {vehicle} {subject} {}: {note}; {why}", when(episode.from, Some(episode.to)))
}

fn false_alarm(finding: &Finding, ledger: &Ledger) -> String {
    let Finding { vehicle, rule, subject, certainty, .. } = finding;
    let own: Vec<&Episode> =
        ledger.episodes.iter().filter(|episode| episode.vehicle == *vehicle && episode.rule == *rule).collect();
    let at_once = own.iter().find(|episode| same_time(episode, finding));
    let nearest = own.iter().min_by_key(|episode| (episode.from - finding.from).abs());
    let why = match (at_once, nearest) {
        (Some(episode), _) if !same_subject(episode, finding) => format!("true is {}", episode.subject),
        (Some(episode), _) if episode.exempted != finding.exempted => "the exemption is wrong".into(),
        (Some(episode), _) if episode.only_possible => "true only as possible".into(),
        (Some(_), _) => "a repeat of what was found already".into(),
        (None, Some(episode)) => format!("the nearest truth of this rule is {}", when(episode.from, Some(episode.to))),
        (None, None) => "nothing of this rule is true of this vehicle".into(),
    };
    format!("{rule} {vehicle} {subject} {} {certainty}: {why} [{}]", when(finding.from, finding.to), short(&finding.id))
}

fn when(from: DateTime<Utc>, to: Option<DateTime<Utc>>) -> String {
    let from_text = from.to_rfc3339_opts(SecondsFormat::Secs, true);
    let lasting = to.map_or("open".to_owned(), |to| format!("{:.0} s", (to - from).as_seconds_f64()));
    format!("{from_text} ({lasting})")
}

fn short(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}
