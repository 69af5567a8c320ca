//! Comparing what was found with what was recorded: which episodes are the same ones, and whether they say the same.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::domain::{Episode, RuleKey, Subject, ViolationId};

/// What tells one episode of a vehicle from another, whatever its id: no two about the same begin at one moment.
pub(super) type Beginning = (RuleKey, Subject, DateTime<Utc>);

/// Where the episode begins, as it was found.
pub(super) fn beginning(episode: &Episode) -> Beginning {
    (episode.rule, episode.subject.clone(), episode.opened_at)
}

/// Episodes that were found, each with the recorded one that it is, and those that were recorded and not found. What was found has
/// the id under which it is, or is to be, recorded.
pub(super) struct PairedUp {
    pub pairs: Vec<(Episode, Option<Episode>)>,
    pub not_found: Vec<Episode>,
}

/// Finds for each episode the recorded one that it is: the one under the same id, else the one about the same that it meets for the
/// longest time.
///
/// A recorded episode whose beginning was moved keeps its id, which tells of the beginning that it had. An episode that is found to
/// begin just there is another one, and gets an id of its own.
pub(super) fn pair_up(mut recorded: Vec<Episode>, found: Vec<Episode>) -> PairedUp {
    let mut pairs: Vec<(Episode, Option<Episode>)> = found.into_iter().map(|episode| (episode, None)).collect();
    // The surest first, so that no recorded one is taken by another that merely overlaps.
    let same_id = |known: &Episode, episode: &Episode| known.id == episode.id && is_about_the_same(known, episode);
    let unmoved = |known: &Episode, episode: &Episode| same_id(known, episode) && known.opened_at == episode.opened_at;
    for is_it in [&unmoved as &dyn Fn(&Episode, &Episode) -> bool, &same_id] {
        for (episode, known) in pairs.iter_mut().filter(|(_, known)| known.is_none()) {
            let same = recorded.iter().position(|candidate| is_it(candidate, episode));
            *known = same.map(|at| recorded.swap_remove(at));
        }
    }
    for (episode, known) in pairs.iter_mut().filter(|(_, known)| known.is_none()) {
        let overlap = |known: &Episode| overlap_us(known, episode);
        let best = recorded
            .iter()
            .enumerate()
            .filter(|(_, known)| may_be_one(known, episode))
            .max_by_key(|(_, known)| (overlap(known), std::cmp::Reverse(known.opened_at)))
            .map(|(at, _)| at);
        *known = best.map(|at| recorded.swap_remove(at));
    }
    recorded.sort_by_key(|episode| (episode.opened_at, episode.id));
    let mut taken: HashSet<ViolationId> = pairs.iter().filter_map(|(_, known)| Some(known.as_ref()?.id)).collect();
    for (episode, known) in &mut pairs {
        match known {
            Some(known) => episode.id = known.id,
            None => {
                let mut another = episode.subject.to_string();
                while !taken.insert(episode.id) {
                    another.push_str("/another");
                    let rule = episode.rule.as_str();
                    episode.id = ViolationId::derive(episode.vehicle_id, rule, &another, episode.opened_at);
                }
            }
        }
    }
    PairedUp { pairs, not_found: recorded }
}

/// Whether both are about the same, and met.
pub(super) fn may_be_one(one: &Episode, other: &Episode) -> bool {
    is_about_the_same(one, other) && overlap_us(one, other) >= 0
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
