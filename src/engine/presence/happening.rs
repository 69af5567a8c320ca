//! What happened at the zones on one step, put in order and written into the book.

use chrono::{DateTime, Utc};

use super::{ZonePresence, is_inside};
use crate::{
    domain::{Certainty, EntryKind, Place, ZoneId, ZoneKind},
    geo::CrossingPoint,
    rules::{
        EdgeCrossing, EpisodeBook, Step,
        area::{self, AreaMeaning, Waiting, subject_of},
        seconds_between,
    },
    world::KnownZone,
};

/// What happened at one zone at one moment of the step.
#[derive(Clone, Copy)]
pub(super) struct Happening<'a> {
    pub at: DateTime<Utc>,
    pub place: Place,
    pub known: &'a KnownZone,
    pub meaning: AreaMeaning,
    pub what: What,
}

#[derive(Clone, Copy)]
pub(super) enum What {
    /// It left a zone that it was in before this moment.
    Left,
    /// It entered.
    Entered(EntryKind, Certainty),
    /// It left at the very moment at which it had entered.
    LeftAtOnce,
}

impl What {
    /// At one instant exits come before entries, but nothing ends before it begins.
    pub fn rank(self) -> u8 {
        match self {
            Self::Left => 0,
            Self::Entered(..) => 1,
            Self::LeftAtOnce => 2,
        }
    }
}

impl Happening<'_> {
    /// What the rule about restricted zones, which judges for itself, has to know of it.
    pub fn at_restricted_zone(&self) -> Option<EdgeCrossing> {
        let zone = &self.known.zone;
        if !matches!(zone.kind, ZoneKind::Restricted { .. }) {
            return None;
        }
        let entered = match self.what {
            What::Entered(entry, certainty) => Some((entry, certainty)),
            What::Left | What::LeftAtOnce => None,
        };
        Some(EdgeCrossing { zone: zone.id, version: zone.version, at: self.at, place: self.place, entered })
    }
}

/// Whether a stay from `since` to `until` is long enough to be raised.
pub(super) fn has_lasted(known: &KnownZone, since: DateTime<Utc>, until: DateTime<Utc>) -> bool {
    known.zone.dwell_s.is_none_or(|dwell_s| seconds_between(since, until) >= dwell_s)
}

/// Writes the happenings, which are in order of time, into the book. `before` says where the vehicle was before the step;
/// entries that have not lasted yet are left waiting in `after`.
pub(super) fn record_in_order(
    happenings: Vec<Happening<'_>>,
    before: &[ZonePresence],
    after: &mut [ZonePresence],
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    if happenings.is_empty() {
        return;
    }
    let mut inside: Vec<ZoneId> =
        before.iter().filter(|tracked| is_inside(&tracked.presence)).map(|tracked| tracked.zone).collect();
    let mut waiting: Vec<(ZoneId, Waiting)> =
        before.iter().filter_map(|tracked| Some((tracked.zone, tracked.waiting?))).collect();
    for Happening { at, place, known, meaning, what } in happenings {
        let zone = known.zone.id;
        match what {
            What::Entered(entry, certainty) => {
                inside.push(zone);
                let AreaMeaning::Breach(rule) = meaning else { continue };
                if has_lasted(known, at, at) {
                    area::see(known, rule, (at, place), (entry, certainty), &step.scene, book);
                } else {
                    let crossed = entry == EntryKind::Crossed;
                    let entered = CrossingPoint { at, place, crossed };
                    waiting.push((zone, Waiting { entered, certainty }));
                }
            }
            What::Left | What::LeftAtOnce => {
                inside.retain(|other| *other != zone);
                let waited = waiting.iter().position(|(other, _)| *other == zone).map(|at| waiting.swap_remove(at).1);
                let AreaMeaning::Breach(rule) = meaning else { continue };
                if let Some(waited) = waited.filter(|waited| has_lasted(known, waited.entered.at, at)) {
                    let entry = if waited.entered.crossed { EntryKind::Crossed } else { EntryKind::FoundInside };
                    let since = (waited.entered.at, waited.entered.place);
                    area::see(known, rule, since, (entry, waited.certainty), &step.scene, book);
                }
                if !another_of_the_group(known, &inside, step) {
                    book.close(rule, &subject_of(&known.zone), at, Some(place));
                }
            }
        }
    }
    for tracked in after {
        tracked.waiting = waiting.iter().find(|(zone, _)| *zone == tracked.zone).map(|(_, waiting)| *waiting);
    }
}

/// Whether the vehicle is still in another zone of the same group.
fn another_of_the_group(known: &KnownZone, inside: &[ZoneId], step: &Step<'_>) -> bool {
    let Some(group) = &known.zone.group else { return false };
    inside.iter().any(|other| {
        let other = step.scene.world.zone_in_force(*other, step.time());
        other.is_some_and(|other| other.zone.group.as_ref() == Some(group))
    })
}
