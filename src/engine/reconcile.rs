//! Comparing what was found with what was recorded: which episodes are the same ones, and whether they say the same.

use chrono::{DateTime, Utc};

use crate::domain::Episode;

/// Episodes that were found, each with the recorded one that it is, and those that were recorded and not found.
pub(super) struct PairedUp {
    pub pairs: Vec<(Episode, Option<Episode>)>,
    pub not_found: Vec<Episode>,
}

/// Finds for each episode the recorded one that it is: the one under the same id, else the one about the same that it meets for the
/// longest time.
pub(super) fn pair_up(mut recorded: Vec<Episode>, found: Vec<Episode>) -> PairedUp {
    let mut pairs: Vec<(Episode, Option<Episode>)> = Vec::with_capacity(found.len());
    // Those under the same id first, so that none of them is taken by another that merely overlaps.
    for episode in found {
        let same = recorded.iter().position(|known| known.id == episode.id);
        pairs.push((episode, same.map(|at| recorded.swap_remove(at))));
    }
    for (episode, known) in pairs.iter_mut().filter(|(_, known)| known.is_none()) {
        let overlap = |known: &Episode| overlap_us(known, episode);
        let best = recorded
            .iter()
            .enumerate()
            .filter(|(_, known)| is_about_the_same(known, episode) && overlap(known) >= 0)
            .max_by_key(|(_, known)| (overlap(known), std::cmp::Reverse(known.opened_at)))
            .map(|(at, _)| at);
        *known = best.map(|at| recorded.swap_remove(at));
    }
    recorded.sort_by_key(|episode| (episode.opened_at, episode.id));
    PairedUp { pairs, not_found: recorded }
}

fn is_about_the_same(one: &Episode, other: &Episode) -> bool {
    one.rule == other.rule && one.vehicle_id == other.vehicle_id && one.subject == other.subject
}

/// How long both lasted at once, in microseconds; negative when they did not meet.
fn overlap_us(one: &Episode, other: &Episode) -> i64 {
    let end = |episode: &Episode| episode.closed_at.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let from = one.opened_at.max(other.opened_at);
    (end(one).min(end(other)) - from).num_microseconds().unwrap_or(i64::MAX)
}

/// Whether two say the same of what happened. Counters, and the version of the world that happened to be current, are no
/// part of that.
pub(super) fn says_the_same(found: &Episode, known: &Episode) -> bool {
    let like_known = Episode {
        hits: known.hits,
        world_version: known.world_version,
        pack: known.pack.clone(),
        driver: known.driver.clone(),
        ..found.clone()
    };
    like_known == *known
}
