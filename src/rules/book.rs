//! The open episodes of one vehicle, and what changed in them.
//!
//! There is at most one open episode for each rule and subject. Repeats raise its peak and its counter; they never open
//! a second one.

use chrono::{DateTime, Utc};

use crate::domain::{Certainty, EntryKind, Episode, Place, RuleKey, Severity, Subject, VehicleId, ViolationId};

/// What happened to an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It began.
    Opened,
    /// It became graver, surer, or reached a higher peak.
    Raised,
    /// It ended.
    Closed,
}

/// An episode after a change.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeChange {
    /// What happened.
    pub change: Change,
    /// The episode as it is now.
    pub episode: Episode,
}

/// What a rule has seen, to open an episode or to raise the one that is open.
#[derive(Clone, Copy, Debug)]
pub struct Sighting {
    /// The rule.
    pub rule: RuleKey,
    /// What it is about.
    pub subject: Subject,
    /// How grave it is now.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// How it began, if it is new.
    pub entry: EntryKind,
    /// Since when, if it is new.
    pub since: DateTime<Utc>,
    /// Where it began, if it is new.
    pub place: Option<Place>,
    /// What the rule measures, if it measures something.
    pub value: Option<f64>,
}

/// The open episodes of one vehicle while something is judged.
#[derive(Debug)]
pub struct EpisodeBook<'a> {
    vehicle_id: VehicleId,
    world_version: i64,
    cargo_unknown: bool,
    open: &'a mut Vec<Episode>,
    changes: Vec<EpisodeChange>,
}

impl<'a> EpisodeBook<'a> {
    /// Opens the book of `vehicle_id`; new episodes name `world_version` and whether the cargo had to be assumed.
    pub fn new(vehicle_id: VehicleId, world_version: i64, cargo_unknown: bool, open: &'a mut Vec<Episode>) -> Self {
        Self { vehicle_id, world_version, cargo_unknown, open, changes: Vec::new() }
    }

    /// Opens an episode, or raises the one that is open.
    pub fn see(&mut self, sighting: Sighting) {
        let Sighting { rule, subject, severity, certainty, entry, since, place, value } = sighting;
        let found = self.open.iter_mut().find(|open| open.rule == rule && same_subject(open.subject, subject));
        if let Some(episode) = found {
            episode.hits = episode.hits.saturating_add(1);
            let higher = value.is_some_and(|value| episode.peak.is_none_or(|peak| value > peak));
            let raised = higher || severity > episode.severity || certainty > episode.certainty;
            if raised {
                episode.severity = episode.severity.max(severity);
                episode.certainty = episode.certainty.max(certainty);
                if higher {
                    episode.peak = value;
                }
                self.changes.push(EpisodeChange { change: Change::Raised, episode: episode.clone() });
            }
            return;
        }
        let episode = Episode {
            id: ViolationId::derive(self.vehicle_id, rule.as_str(), &subject.key(), since),
            vehicle_id: self.vehicle_id,
            rule,
            subject,
            severity,
            certainty,
            entry,
            opened_at: since,
            opened_place: place,
            closed_at: None,
            closed_place: None,
            peak: value,
            hits: 1,
            world_version: self.world_version,
            cargo_unknown: self.cargo_unknown,
        };
        self.open.push(episode.clone());
        self.changes.push(EpisodeChange { change: Change::Opened, episode });
    }

    /// Ends the open episode of `rule` about `subject`, if there is one. It never ends before it began.
    pub fn close(&mut self, rule: RuleKey, subject: Subject, at: DateTime<Utc>, place: Option<Place>) {
        let found = self.open.iter().position(|open| open.rule == rule && same_subject(open.subject, subject));
        if let Some(index) = found {
            let mut episode = self.open.swap_remove(index);
            episode.closed_at = Some(at.max(episode.opened_at));
            episode.closed_place = place;
            self.changes.push(EpisodeChange { change: Change::Closed, episode });
        }
    }

    /// What changed, in order.
    #[must_use]
    pub fn into_changes(self) -> Vec<EpisodeChange> {
        self.changes
    }
}

fn same_subject(one: Subject, other: Subject) -> bool {
    match (one, other) {
        (Subject::Zone(one, _), Subject::Zone(other, _)) => one == other,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    fn sighting(second: i64, severity: Severity, value: f64) -> Sighting {
        Sighting {
            rule: RuleKey::SpeedLimit,
            subject: Subject::Vehicle,
            severity,
            certainty: Certainty::Observed,
            entry: EntryKind::Crossed,
            since: at(second),
            place: None,
            value: Some(value),
        }
    }

    #[test]
    fn repeats_raise_the_one_open_episode_and_never_open_a_second() {
        let mut open = Vec::new();
        let mut book = EpisodeBook::new(VehicleId(1), 1, false, &mut open);
        book.see(sighting(0, Severity::S3, 5.0));
        book.see(sighting(1, Severity::S3, 4.0));
        book.see(sighting(2, Severity::S2, 30.0));
        book.close(RuleKey::SpeedLimit, Subject::Vehicle, at(3), None);
        let changes = book.into_changes();
        let kinds: Vec<_> = changes.iter().map(|change| change.change).collect();
        assert_eq!(kinds, [Change::Opened, Change::Raised, Change::Closed]);
        let last = &changes.last().unwrap().episode;
        assert_eq!((last.hits, last.peak, last.severity), (3, Some(30.0), Severity::S2));
        assert!(open.is_empty());
    }

    #[test]
    fn an_episode_never_ends_before_it_began() {
        let mut open = Vec::new();
        let mut book = EpisodeBook::new(VehicleId(1), 1, false, &mut open);
        book.see(sighting(10, Severity::S3, 5.0));
        book.close(RuleKey::SpeedLimit, Subject::Vehicle, at(3), None);
        assert_eq!(book.into_changes().last().unwrap().episode.closed_at, Some(at(10)));
    }
}
