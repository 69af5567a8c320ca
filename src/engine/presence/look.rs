//! Looking at one zone over one step.

use super::{Happening, OUTSIDE, What, ZonePresence, is_inside};
use crate::{
    domain::{Certainty, EntryKind, ZoneKind},
    geo::{PathEnd, Presence, Transition, first_look, step as pass},
    rules::{
        Step,
        area::{AreaMeaning, began_since},
        tunnel_code,
    },
    world::KnownZone,
};

/// Where the vehicle is towards the zone after the step, and what happened on the way.
pub(super) fn look<'a>(
    known: &'a KnownZone,
    meaning: AreaMeaning,
    before: Option<&ZonePresence>,
    step: &Step<'_>,
    happenings: &mut Vec<Happening<'a>>,
) -> Presence {
    let margins = &step.scene.world.settings().zone_margins;
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
            (false, true) => {
                let since = began_since(known, step);
                happen(since, to.place, What::Entered(EntryKind::FoundInside, Certainty::Observed));
            }
            (true, false) => happen(to.at, to.place, What::Left),
            _ => {}
        }
        return after;
    };

    let is_tunnel = matches!(known.zone.kind, ZoneKind::Tunnel { .. });
    if is_tunnel
        && !was_inside
        && let Some([entered, left]) = tunnel_code::came_through(known, &from, &to)
    {
        let certainty = if step.gap { Certainty::Possible } else { Certainty::Likely };
        happen(entered.0, entered.1, What::Entered(EntryKind::Crossed, certainty));
        happen(left.0, left.1, What::Left);
        return OUTSIDE;
    }
    let passage = pass(&known.area, before.map_or(&OUTSIDE, |before| &before.presence), &from, &to, margins);
    let now_inside = is_inside(&passage.presence);
    if step.gap && now_inside && !passage.transitions.is_empty() {
        // It came in somewhere in the gap, for the first time or again; when is not known.
        if let Some(Transition::Left { point }) = passage.transitions.first().filter(|_| was_inside) {
            happen(point.at, point.place, What::Left);
        }
        // Within the margin of the way out no fix shows that it was in.
        let shown = known.area.contains(to.place);
        let certainty = if shown { Certainty::Observed } else { Certainty::Possible };
        happen(to.at, to.place, What::Entered(EntryKind::FoundInside, certainty));
        return passage.presence;
    }
    let mut entered_at = None;
    for transition in &passage.transitions {
        match *transition {
            Transition::Entered { point, fix_inside } => {
                let entry = if point.crossed { EntryKind::Crossed } else { EntryKind::FoundInside };
                let certainty = match (step.gap, fix_inside) {
                    // Beside a portal nobody gets into a tunnel: the vehicle may be on a road above it.
                    _ if is_tunnel && !tunnel_code::is_at_portal(known, point.place) => Certainty::Possible,
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
