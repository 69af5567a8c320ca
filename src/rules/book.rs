//! The open episodes of one vehicle, and what changed in them.
//!
//! There is at most one open episode for each rule and subject. Repeats raise its peak and its counter; they never open
//! a second one. How grave an episode is, is said by the rule pack; whether a permit covers it, by the world.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Scene, pack::Rule};
use crate::domain::{Certainty, EntryKind, Episode, Place, RuleKey, Subject, ViolationId, ZoneId, ZoneVersion};

/// What happened to an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It began.
    Opened,
    /// It became graver, surer, reached a higher peak, or lost the permit that covered it.
    Raised,
    /// It ended.
    Closed,
    /// Data that came out of order showed that it was otherwise.
    Amended,
    /// Data that came out of order showed that it was not.
    Withdrawn,
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
#[derive(Clone, Debug)]
pub struct Sighting {
    /// What it is about.
    pub subject: Subject,
    /// The zone that it is about.
    pub zone: Option<(ZoneId, ZoneVersion)>,
    /// How sure it is.
    pub certainty: Certainty,
    /// How it began, if it is new.
    pub entry: EntryKind,
    /// Which of several conditions is broken; empty where there is one.
    pub situation: &'static str,
    /// Since when, if it is new.
    pub since: DateTime<Utc>,
    /// Where it began, if it is new.
    pub place: Option<Place>,
    /// What the rule measures, if it measures something.
    pub value: Option<f64>,
    /// What the value is held against.
    pub limit: Option<f64>,
}

/// A breach that lies ahead, and that the driver can still avoid.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// The rule that will be broken.
    pub rule: RuleKey,
    /// What it will be about.
    pub subject: Subject,
    /// The zone ahead.
    pub zone: Option<(ZoneId, ZoneVersion)>,
    /// When the vehicle was seen to head for it.
    pub at: DateTime<Utc>,
    /// In how many seconds it will happen.
    pub in_s: f64,
    /// How far it is, in metres, where it is a place.
    pub distance_m: Option<f64>,
    /// Where it will happen, where it is a place.
    pub place: Option<Place>,
}

impl Sighting {
    /// A condition of the vehicle itself, seen by a fix or event at `since`. The rest is set where a rule knows more.
    #[must_use]
    pub fn of_vehicle(since: DateTime<Utc>, place: Option<Place>) -> Self {
        Self {
            subject: Subject::Vehicle,
            zone: None,
            certainty: Certainty::Observed,
            entry: EntryKind::Crossed,
            situation: "",
            since,
            place,
            value: None,
            limit: None,
        }
    }
}

/// The open episodes of one vehicle while something is judged.
#[derive(Debug)]
pub struct EpisodeBook<'a> {
    scene: Scene<'a>,
    open: &'a mut Vec<Episode>,
    changes: Vec<EpisodeChange>,
    warnings: Vec<Warning>,
}

impl<'a> EpisodeBook<'a> {
    /// Opens the book of the scene's vehicle.
    pub fn new(scene: Scene<'a>, open: &'a mut Vec<Episode>) -> Self {
        Self { scene, open, changes: Vec::new(), warnings: Vec::new() }
    }

    /// Opens an episode of `rule`, or raises the one that is open.
    pub fn see<P>(&mut self, rule: &Rule<P>, sighting: Sighting) {
        let found = self.open.iter_mut().find(|open| open.rule == rule.key && open.subject == sighting.subject);
        if let Some(episode) = found {
            if raise(episode, &self.scene, rule, &sighting) {
                self.changes.push(EpisodeChange { change: Change::Raised, episode: episode.clone() });
            }
            return;
        }
        let scene = &self.scene;
        let severity = rule.severity.grade(&scene.severity_facts(&sighting));
        let Sighting { subject, zone, certainty, entry, situation, since, place, value, limit } = sighting;
        let mut episode = Episode {
            id: ViolationId::derive(scene.vehicle.vehicle.id, rule.key.as_str(), &subject.to_string(), since),
            vehicle_id: scene.vehicle.vehicle.id,
            rule: rule.key,
            subject,
            zone,
            severity,
            certainty,
            entry,
            situation: Arc::from(situation),
            opened_at: since,
            opened_place: place,
            closed_at: None,
            closed_place: None,
            peak: value,
            limit,
            hits: 1,
            world_version: scene.world.version(),
            pack: scene.rules.version().clone(),
            cargo_unknown: scene.cargo.is_unknown(),
            driver: scene.driver.map(Arc::from),
            exempted_by: None,
        };
        episode.exempted_by = scene.exemption_of(&episode);
        self.open.push(episode.clone());
        self.changes.push(EpisodeChange { change: Change::Opened, episode });
    }

    /// Whether an episode of `rule` about `subject` is open.
    #[must_use]
    pub fn is_open(&self, rule: RuleKey, subject: &Subject) -> bool {
        self.open.iter().any(|open| open.rule == rule && open.subject == *subject)
    }

    /// Ends the open episode of `rule` about `subject`, if there is one. It never ends before it began.
    pub fn close(&mut self, rule: RuleKey, subject: &Subject, at: DateTime<Utc>, place: Option<Place>) {
        self.close_where(at, place, |open| open.rule == rule && open.subject == *subject);
    }

    /// Ends every open episode that `which` picks.
    pub fn close_where(&mut self, at: DateTime<Utc>, place: Option<Place>, which: impl Fn(&Episode) -> bool) {
        let changes = &mut self.changes;
        self.open.retain_mut(|open| {
            if !which(open) {
                return true;
            }
            open.closed_at = Some(at.max(open.opened_at));
            open.closed_place = place;
            changes.push(EpisodeChange { change: Change::Closed, episode: open.clone() });
            false
        });
    }

    /// Warns the driver of what can still be avoided.
    pub fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    /// What changed, and of what the driver is warned, in order.
    #[must_use]
    pub fn into_parts(self) -> (Vec<EpisodeChange>, Vec<Warning>) {
        (self.changes, self.warnings)
    }
}

/// Adds what was seen to an open episode. False when that says nothing new.
fn raise<P>(episode: &mut Episode, scene: &Scene<'_>, rule: &Rule<P>, sighting: &Sighting) -> bool {
    episode.hits = episode.hits.saturating_add(1);
    let higher = sighting.value.is_some_and(|value| episode.peak.is_none_or(|peak| value > peak));
    let surer = sighting.certainty > episode.certainty;
    let other = *episode.situation != *sighting.situation;
    let uncovered = episode.exempted_by.is_some() && scene.exemption_of(episode).is_none();
    if uncovered {
        episode.exempted_by = None;
    }
    if !(higher || surer || other) {
        return uncovered;
    }
    episode.certainty = episode.certainty.max(sighting.certainty);
    let severity = rule.severity.grade(&scene.severity_facts(sighting));
    let graver = severity > episode.severity;
    if other && graver {
        episode.situation = Arc::from(sighting.situation);
    }
    // The value belongs to the situation: what is low in one may be grave in another.
    if higher || (other && graver) {
        episode.peak = sighting.value;
        episode.limit = sighting.limit;
    }
    episode.severity = episode.severity.max(severity);
    higher || surer || graver || uncovered
}
