//! In which zones a vehicle is, and what follows.
//!
//! One tracker serves all rules about areas. It looks at the path between two fixes, not only at its ends, and it tells a
//! crossing from a first look: where the vehicle was already inside when it was first seen, after a gap, or when a zone
//! came into force around it, the episode says "found inside".

use chrono::{DateTime, Utc};

use super::state::ZonePresence;
use crate::{
    domain::{Certainty, EntryKind, Place, RuleKey, Subject, ZoneKind},
    geo::{Path, PathEnd, Presence, Transition, first_look, step as pass},
    rules::{
        EpisodeBook, Step,
        area::{AreaMeaning, meaning},
        book::Sighting,
    },
    world::KnownZone,
};

/// Not inside, and not at the edge either: nothing that has to be remembered.
const OUTSIDE: Presence = Presence::Outside { candidate_entry: None };

/// What happened at one zone at one moment of the step.
#[derive(Clone, Copy)]
struct Happening<'a> {
    at: DateTime<Utc>,
    place: Place,
    known: &'a KnownZone,
    meaning: AreaMeaning,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    /// It left a zone that it was in before this moment.
    Left,
    /// It entered.
    Entered(EntryKind, Certainty),
    /// It left at the very moment at which it had entered.
    LeftAtOnce,
}

impl What {
    /// At one instant exits come before entries, but nothing ends before it begins.
    fn rank(self) -> u8 {
        match self {
            Self::Left => 0,
            Self::Entered(..) => 1,
            Self::LeftAtOnce => 2,
        }
    }
}

/// Follows the vehicle over one step. Returns the lowest speed limit of the zones that it is in afterwards, in km/h.
pub(super) fn track(presences: &mut Vec<ZonePresence>, step: &Step<'_>, book: &mut EpisodeBook<'_>) -> Option<f64> {
    end_what_no_longer_concerns(presences, step, book);

    let path = Path::new(step.previous.map_or(step.fix.place, |previous| previous.place), step.fix.place);
    let mut zones: Vec<&KnownZone> = Vec::new();
    zones.extend(presences.iter().filter_map(|tracked| step.world.zone_in_force(tracked.zone, step.time())));
    let tracked = zones.len();
    step.world.zones_near(&path, 0.0, |known| {
        let is_tracked = zones.iter().take(tracked).any(|other| other.zone.id == known.zone.id);
        if !is_tracked && known.zone.in_force(step.time()) {
            zones.push(known);
        }
    });

    let mut happenings = Vec::new();
    let mut limit_kmh: Option<f64> = None;
    let mut still_inside = Vec::new();
    for known in zones {
        let Some(meaning) = meaning(&known.zone, step.cargo) else { continue };
        let at = presences.iter().position(|tracked| tracked.zone == known.zone.id);
        let before = at.and_then(|at| presences.get(at));
        let after = look(known, meaning, before, step, &mut happenings);
        if is_inside(&after) {
            if before.is_some_and(|before| is_inside(&before.presence)) {
                still_inside.push((known, meaning));
            }
            if let ZoneKind::SpeedLimit { limit_kmh: zone_kmh, .. } = known.zone.kind {
                limit_kmh = Some(limit_kmh.map_or(zone_kmh, |lowest_kmh| lowest_kmh.min(zone_kmh)));
            }
        }
        let now = ZonePresence { zone: known.zone.id, version: known.zone.version, presence: after };
        match at.and_then(|at| presences.get_mut(at)) {
            Some(slot) => *slot = now,
            None => presences.push(now),
        }
    }
    presences.retain(|tracked| tracked.presence != OUTSIDE);

    happenings.sort_by_key(|happening| (happening.at, happening.what.rank(), happening.known.zone.id));
    for happening in happenings {
        record(happening, book);
    }
    for (known, meaning) in still_inside {
        // Where an episode is open, this only adds to it; where none is, the rule has only now come to concern the vehicle.
        let entered = (EntryKind::FoundInside, Certainty::Observed);
        see(known, meaning, step.time(), step.fix.place, entered, book);
    }
    limit_kmh
}

/// Looks at one zone: where the vehicle is towards it after the step, and what happened on the way.
fn look<'a>(
    known: &'a KnownZone,
    meaning: AreaMeaning,
    before: Option<&ZonePresence>,
    step: &Step<'_>,
    happenings: &mut Vec<Happening<'a>>,
) -> Presence {
    let margins = &step.world.settings().zone_margins;
    let to = PathEnd { at: step.time(), place: step.fix.place, accuracy_m: step.fix.accuracy_m };
    let mut happen = |at, place, what| happenings.push(Happening { at, place, known, meaning, what });
    let was_inside = before.is_some_and(|before| is_inside(&before.presence));
    let from = step.previous.map(|previous| PathEnd {
        at: previous.key.time,
        place: previous.place,
        accuracy_m: previous.accuracy_m,
    });

    // A zone that was not followed although the last fix lies in it has only now come into force, or to concern the cargo.
    let newly_active = |from: PathEnd| match before {
        Some(before) => before.version != known.zone.version,
        None => known.area.contains(from.place),
    };
    let Some(from) = from.filter(|from| !newly_active(*from)) else {
        let after = first_look(&known.area, &to, margins);
        match (was_inside, is_inside(&after)) {
            (false, true) => happen(to.at, to.place, What::Entered(EntryKind::FoundInside, Certainty::Observed)),
            (true, false) => happen(to.at, to.place, What::Left),
            _ => {}
        }
        return after;
    };

    let passage = pass(&known.area, before.map_or(&OUTSIDE, |before| &before.presence), &from, &to, margins);
    let now_inside = is_inside(&passage.presence);
    if step.gap && now_inside && !passage.transitions.is_empty() {
        // It came in somewhere in the gap, for the first time or again; when is not known.
        if let Some(Transition::Left { point }) = passage.transitions.first().filter(|_| was_inside) {
            happen(point.at, point.place, What::Left);
        }
        happen(to.at, to.place, What::Entered(EntryKind::FoundInside, Certainty::Observed));
        return passage.presence;
    }
    let mut entered_at = None;
    for transition in &passage.transitions {
        match *transition {
            Transition::Entered { point, fix_inside } => {
                let entry = if point.crossed { EntryKind::Crossed } else { EntryKind::FoundInside };
                let certainty = match (step.gap, fix_inside) {
                    (true, _) => Certainty::Possible,
                    (false, true) => Certainty::Observed,
                    (false, false) => Certainty::Likely,
                };
                entered_at = Some(point.at);
                happen(point.at, point.place, What::Entered(entry, certainty));
            }
            Transition::Left { point } => {
                let what = if entered_at == Some(point.at) { What::LeftAtOnce } else { What::Left };
                happen(point.at, point.place, what);
            }
        }
    }
    passage.presence
}

fn record(happening: Happening<'_>, book: &mut EpisodeBook<'_>) {
    let Happening { at, place, known, meaning, what } = happening;
    match what {
        What::Entered(entry, certainty) => see(known, meaning, at, place, (entry, certainty), book),
        What::Left | What::LeftAtOnce => {
            if let AreaMeaning::Violation(rule, _) = meaning {
                book.close(rule, Subject::Zone(known.zone.id, known.zone.version), at, Some(place));
            }
        }
    }
}

fn see(
    known: &KnownZone,
    meaning: AreaMeaning,
    since: DateTime<Utc>,
    place: Place,
    (entry, certainty): (EntryKind, Certainty),
    book: &mut EpisodeBook<'_>,
) {
    if let AreaMeaning::Violation(rule, severity) = meaning {
        book.see(Sighting {
            rule,
            subject: Subject::Zone(known.zone.id, known.zone.version),
            severity,
            certainty,
            entry,
            since,
            place: Some(place),
            value: None,
        });
    }
}

/// Ends what is open about zones that were withdrawn, went out of force, or no longer concern the cargo.
fn end_what_no_longer_concerns(presences: &mut Vec<ZonePresence>, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    presences.retain(|tracked| {
        let known = step.world.zone_in_force(tracked.zone, step.time());
        let now = known.and_then(|known| meaning(&known.zone, step.cargo));
        for rule in [RuleKey::ZoneProhibited, RuleKey::TunnelCode] {
            if !matches!(now, Some(AreaMeaning::Violation(present, _)) if present == rule) {
                let subject = Subject::Zone(tracked.zone, tracked.version);
                book.close(rule, subject, step.time(), Some(step.fix.place));
            }
        }
        now.is_some()
    });
}

fn is_inside(presence: &Presence) -> bool {
    matches!(presence, Presence::Inside { .. })
}
