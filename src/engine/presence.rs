//! In which zones a vehicle is, and what follows.
//!
//! One tracker serves all rules about areas. It looks at the path between two fixes, not only at its ends, and it tells a
//! crossing from a first look: where the vehicle was already inside when it was first seen, after a gap, or when a zone
//! came into force around it, the episode says "found inside".

mod happening;
mod look;

use self::{
    happening::{Happening, What, record_in_order},
    look::look,
};
use super::state::Clear;
use crate::{
    domain::{Certainty, EntryKind, Subject, ZoneKind},
    geo::{CrossingPoint, Path, Presence, quick_m},
    rules::{
        EdgeCrossing, EpisodeBook, Ground, Step, ZonePresence,
        area::{self, AreaMeaning, began_since, meaning, subject_of},
        tunnel_code,
    },
    world::KnownZone,
};

/// Not inside, and not at the edge either: nothing that has to be remembered.
const OUTSIDE: Presence = Presence::Outside { candidate_entry: None };

/// Zones are looked for within this distance when it is worked out how far the nearest is, in metres.
const CLEARANCE_CAP_M: f64 = 5_000.0;
/// A clear distance below this is not worth working out again for every fix, in metres.
const WORTHWHILE_M: f64 = 50.0;

/// Follows the vehicle over one step. Returns what the zones that it is in afterwards mean for other rules, and where it came
/// into restricted zones and out of them.
pub(super) fn track(
    presences: &mut Vec<ZonePresence>,
    clear: &mut Option<Clear>,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) -> (Ground, Vec<EdgeCrossing>) {
    let clear_way = is_clear(clear, step);
    if presences.is_empty() && clear_way {
        return (Ground::default(), Vec::new());
    }
    end_what_no_longer_concerns(presences, step, book);

    let world = step.scene.world;
    let path = Path::new(step.previous.map_or(step.fix.place, |previous| previous.place), step.fix.place);
    let mut zones: Vec<&KnownZone> = Vec::new();
    zones.extend(presences.iter().filter_map(|tracked| world.zone_in_force(tracked.zone, step.time())));
    let tracked = zones.len();
    if !clear_way {
        world.zones_near(&path, tunnel_code::beside_m(step.moved_m), |known| {
            let is_tracked = zones.iter().take(tracked).any(|other| other.zone.id == known.zone.id);
            if !is_tracked && known.zone.in_force(step.time()) {
                zones.push(known);
            }
        });
    }

    let mut happenings = Vec::new();
    let mut ground = Ground::default();
    let mut still_inside = Vec::new();
    // What was before is kept only where something changes, which is seldom.
    let mut before: Option<Vec<ZonePresence>> = None;
    for known in zones {
        let Some(meaning) = meaning(known, &step.scene) else { continue };
        let at = presences.iter().position(|tracked| tracked.zone == known.zone.id);
        let earlier = at.and_then(|at| presences.get(at));
        let settled = earlier.filter(|earlier| clear_way && earlier.is_settled_in(known));
        let after =
            settled.map_or_else(|| look(known, meaning, earlier, step, &mut happenings), |earlier| earlier.presence);
        if is_inside(&after) {
            if earlier.is_some_and(|earlier| is_inside(&earlier.presence)) {
                still_inside.push((known, meaning));
            }
            area::add_to_ground(&mut ground, &known.zone.kind);
        }
        let waiting = earlier.and_then(|earlier| earlier.waiting);
        let now = ZonePresence { zone: known.zone.id, version: known.zone.version, presence: after, waiting };
        if earlier == Some(&now) {
            continue;
        }
        before.get_or_insert_with(|| presences.clone());
        match at.and_then(|at| presences.get_mut(at)) {
            Some(slot) => *slot = now,
            None => presences.push(now),
        }
    }
    happenings.sort_by_key(|happening| (happening.at, happening.what.rank(), happening.known.zone.id));
    let crossings = happenings.iter().filter_map(Happening::at_restricted_zone).collect();
    let before = before.unwrap_or_else(|| if happenings.is_empty() { Vec::new() } else { presences.clone() });
    record_in_order(happenings, &before, presences, step, book);
    presences.retain(|tracked| tracked.presence != OUTSIDE);
    for (known, meaning) in still_inside {
        stay(known, meaning, presences, step, book);
    }
    if !clear_way {
        renew_clear(clear, presences, step);
    }
    (ground, crossings)
}

/// What the zones that the vehicle was in by its last judged fix mean for other rules.
pub(super) fn known_ground(presences: &[ZonePresence], step: &Step<'_>) -> Ground {
    let mut ground = Ground::default();
    for tracked in presences.iter().filter(|tracked| is_inside(&tracked.presence)) {
        let known = step.scene.world.zone_in_force(tracked.zone, step.time());
        if let Some(known) = known.filter(|known| meaning(known, &step.scene).is_some()) {
            area::add_to_ground(&mut ground, &known.zone.kind);
        }
    }
    ground
}

/// The vehicle is still in a zone: what waited is raised once it has lasted, and what is open is seen again.
fn stay(
    known: &KnownZone,
    meaning: AreaMeaning,
    presences: &mut [ZonePresence],
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let AreaMeaning::Breach(rule) = meaning else { return };
    let Some(tracked) = presences.iter_mut().find(|tracked| tracked.zone == known.zone.id) else { return };
    if let Some(waiting) = tracked.waiting {
        if happening::has_lasted(known, waiting.entered.at, step.time()) {
            tracked.waiting = None;
            let entry = if waiting.entered.crossed { EntryKind::Crossed } else { EntryKind::FoundInside };
            let since = (waiting.entered.at, waiting.entered.place);
            area::see(known, rule, since, (entry, waiting.certainty), &step.scene, book);
        }
        return;
    }
    let subject = subject_of(&known.zone);
    let since = if book.is_open(rule, &subject) {
        step.time()
    } else {
        // Only now the rule concerns the vehicle: another category of the tunnel, another cargo.
        began_since(known, step)
    };
    // However long it stays over a bore that it did not enter by a portal, it may be on a road above.
    let beside = |entered: CrossingPoint| entered.crossed && !tunnel_code::is_at_portal(known, entered.place);
    let is_tunnel = matches!(known.zone.kind, ZoneKind::Tunnel { .. });
    let is_doubtful = is_tunnel && tracked.entered().is_some_and(beside);
    let found = (EntryKind::FoundInside, if is_doubtful { Certainty::Possible } else { Certainty::Observed });
    area::see(known, rule, (since, step.fix.place), found, &step.scene, book);
}

/// Ends what is open about zones that were withdrawn, went out of force or effect, or no longer concern the cargo.
fn end_what_no_longer_concerns(presences: &mut Vec<ZonePresence>, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let world = step.scene.world;
    let mut gone = Vec::new();
    presences.retain(|tracked| {
        let known = world.zone_in_force(tracked.zone, step.time());
        let now = known.and_then(|known| meaning(known, &step.scene));
        let breach = match now {
            Some(AreaMeaning::Breach(rule)) => Some(rule),
            Some(AreaMeaning::Context) | None => None,
        };
        if let Some(version) = world.zone_version(tracked.zone, tracked.version) {
            gone.push((subject_of(&version.zone), breach, area::ended_since(version, step)));
        } else {
            gone.push((Subject::Zone(tracked.zone), breach, step.time()));
        }
        now.is_some()
    });
    for (subject, breach, at) in &gone {
        for rule in area::RULES {
            // A group's episode goes on while another of its zones still means the same.
            let still = gone.iter().any(|(other, breach, _)| other == subject && *breach == Some(rule));
            if *breach != Some(rule) && !still {
                book.close(rule, subject, *at, Some(step.fix.place));
            }
        }
    }
}

/// Whether the step meets no boundary of any zone, so that the vehicle is still where it was towards all of them.
fn is_clear(clear: &Option<Clear>, step: &Step<'_>) -> bool {
    let Some(clear) = clear.as_ref().filter(|clear| clear.world_version == step.scene.world.version()) else {
        return false;
    };
    let beside_m = tunnel_code::beside_m(step.moved_m);
    let within = |place| clear.clearance.holds_around(place, beside_m);
    within(step.fix.place) && step.previous.is_none_or(|previous| within(previous.place))
}

/// Works out how far the vehicle may go without meeting a boundary. Not where it is inside an area that it is not tracked in:
/// that zone may come into force, or to concern the cargo, without any boundary.
fn renew_clear(clear: &mut Option<Clear>, presences: &[ZonePresence], step: &Step<'_>) {
    let world = step.scene.world;
    let place = step.fix.place;
    let is_near = |clear: &Clear| clear.world_version == world.version() && quick_m(clear.place, place) < WORTHWHILE_M;
    if clear.as_ref().is_some_and(is_near) {
        return;
    }
    let mut cap_m = CLEARANCE_CAP_M;
    world.zones_near(&Path::new(place, place), 0.0, |known| {
        let is_tracked =
            |tracked: &ZonePresence| tracked.zone == known.zone.id && tracked.version == known.zone.version;
        if !presences.iter().any(is_tracked) && known.area.contains(place) {
            cap_m = 0.0;
        }
    });
    let clearance = world.clearance(place, cap_m);
    *clear = Some(Clear { place, clearance, world_version: world.version() });
}

fn is_inside(presence: &Presence) -> bool {
    matches!(presence, Presence::Inside { .. })
}
