//! Whether a fix can be where it says, given where the vehicle was.
//!
//! An implausible fix is stored and flagged, and not judged. When several in a row agree with each other they are
//! believed after all: otherwise one bad fix at the start would lock a vehicle out for ever.

use super::state::{Suspect, VehicleState};
use crate::{
    geo::quick_m,
    rules::{LastFix, seconds_between},
    world::RuleSettings,
};

/// What to do with a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plausibility {
    /// It follows from the last one.
    Plausible,
    /// It does not, but it and those before it agree: the vehicle is there, how it came there is unknown.
    Reanchored,
    /// It cannot be.
    Implausible,
}

/// Distance in metres that no speed is derived from: short steps are noise, not motion.
const SLACK_M: f64 = 100.0;

/// Weighs `fix` against the last judged one, and keeps count of suspects.
pub(super) fn weigh(state: &mut VehicleState, settings: &RuleSettings, fix: LastFix) -> Plausibility {
    let follows = |earlier: LastFix| {
        // A receiver that is lost in kilometres must not make any jump plausible.
        let radius_m = |fix: LastFix| fix.accuracy_m.unwrap_or(0.0).min(settings.zone_margins.accuracy_cap_m);
        let accuracy_m = radius_m(earlier) + radius_m(fix);
        let reach_m = settings.implausible_kmh / 3.6 * seconds_between(earlier.key.time, fix.key.time);
        quick_m(earlier.place, fix.place) <= reach_m + accuracy_m + SLACK_M
    };
    if state.last.is_none_or(follows) {
        state.suspect = None;
        return Plausibility::Plausible;
    }
    if state.suspect.is_some_and(|suspect| fix.key <= suspect.last.key) {
        return Plausibility::Implausible; // a repeat, or an older suspect: it confirms nothing
    }
    let count = match state.suspect {
        Some(suspect) if follows(suspect.last) => suspect.count.saturating_add(1),
        _ => 1,
    };
    if count >= settings.reanchor_fixes {
        state.suspect = None;
        return Plausibility::Reanchored;
    }
    state.suspect = Some(Suspect { last: fix, count });
    Plausibility::Implausible
}
