//! The distance between vehicles, judged again where something of their tracks is new.
//!
//! [`rules::separation`](crate::rules::separation) judges whole tracks. What this adds is how much of the tracks is needed, and what
//! is different then from what was recorded: an episode that goes on or ends is no amendment, one that late fixes show otherwise is.
//! Nothing is remembered in between: the tracks and what was recorded are all there is.

use chrono::{DateTime, Utc};

use super::reconcile::{PairedUp, may_be_one, pair_up, says_the_same};
use crate::{
    domain::Episode,
    rules::{Change, EpisodeChange, seconds_after},
};

/// A span of time. Without an end it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// From when.
    pub from: DateTime<Utc>,
    /// Up to when.
    pub to: Option<DateTime<Utc>>,
}

impl Span {
    /// The span in which new fixes of `from` to `to` may change what is judged: a fix moves its vehicle up to `gap_s` seconds before
    /// and after itself, and what is joined to that was too short to be recorded, or has been.
    #[must_use]
    pub fn touched_by((from, to): (DateTime<Utc>, DateTime<Utc>), gap_s: f64, hold_s: f64) -> Self {
        let reach_s = gap_s + 2.0 * hold_s + 1.0;
        Self { from: seconds_after(from, -reach_s), to: Some(seconds_after(to, reach_s)) }
    }

    /// The span of the tracks that have to be known to judge this one: to both ends of the recorded episodes that it meets, and so
    /// far on that the way there is known.
    #[must_use]
    pub fn of_tracks(&self, recorded: &[Episode], gap_s: f64) -> Self {
        let met = || recorded.iter().filter(|episode| self.meets(episode));
        let from = met().map(|episode| episode.opened_at).chain([self.from]).min().unwrap_or(self.from);
        let to = match self.to {
            Some(to) if met().all(|episode| episode.closed_at.is_some()) => {
                met().filter_map(|episode| episode.closed_at).chain([to]).max()
            }
            _ => None,
        };
        Self { from: seconds_after(from, -gap_s), to: to.map(|to| seconds_after(to, gap_s)) }
    }

    /// Whether some of the episode is in it.
    #[must_use]
    pub fn meets(&self, episode: &Episode) -> bool {
        self.to.is_none_or(|to| episode.opened_at <= to) && episode.closed_at.is_none_or(|closed| self.from <= closed)
    }
}

/// What is different in the episodes that `span` meets. `recorded` and `found` are those of the same pairs of vehicles.
#[must_use]
pub fn compare(span: Span, recorded: Vec<Episode>, found: Vec<Episode>) -> Vec<EpisodeChange> {
    let recorded: Vec<Episode> = recorded.into_iter().filter(|episode| span.meets(episode)).collect();
    // What is recorded as still open may be found to have ended long before.
    let is_met = |episode: &Episode| span.meets(episode) || recorded.iter().any(|known| may_be_one(known, episode));
    let found = found.into_iter().filter(is_met).collect();
    let PairedUp { pairs, not_found } = pair_up(recorded, found);
    let mut changes = Vec::new();
    let mut change = |change, episode: &Episode| changes.push(EpisodeChange { change, episode: episode.clone() });
    for (episode, known) in pairs {
        let is_over = episode.closed_at.is_some();
        let Some(known) = known else {
            change(Change::Opened, &episode);
            if is_over {
                change(Change::Closed, &episode);
            }
            continue;
        };
        match () {
            () if says_the_same(&episode, &known) => {}
            () if !goes_on_from(&known, &episode) => change(Change::Amended, &episode),
            () if is_over => change(Change::Closed, &episode),
            () => change(Change::Raised, &episode),
        }
    }
    for episode in &not_found {
        change(Change::Withdrawn, episode);
    }
    changes
}

/// Whether nothing of what was recorded turned out otherwise: it only went on from there.
fn goes_on_from(known: &Episode, now: &Episode) -> bool {
    let came_nearer = now.peak.zip(known.peak).is_none_or(|(now_m, known_m)| now_m <= known_m);
    known.closed_at.is_none()
        && (known.opened_at, known.opened_place, known.entry) == (now.opened_at, now.opened_place, now.entry)
        && known.exempted_by == now.exempted_by
        && now.certainty >= known.certainty
        && now.severity >= known.severity
        && came_nearer
}
