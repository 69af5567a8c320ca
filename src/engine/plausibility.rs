//! Whether a fix can be where it says, given where the vehicle was.
//!
//! An implausible fix is stored and flagged, and not judged. When several in a row agree with each other they are
//! believed after all: otherwise one bad fix at the start would lock a vehicle out for ever.

use super::state::{Suspect, VehicleState};
use crate::{
    domain::Place,
    geo::quick_m,
    rules::{LastFix, Step, seconds_between},
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

/// A fix that would have needed a higher speed is not believed, where no rule pack says otherwise, in km/h (proposed).
const FASTEST_KMH: f64 = 160.0;

/// Weighs the step's fix against the last judged one, and keeps count of suspects.
pub(super) fn weigh(state: &mut VehicleState, step: &Step<'_>) -> Plausibility {
    let settings = step.scene.world.settings();
    let rule = step.scene.rules.gnss_implausible.as_ref();
    let fastest_kmh = rule.map_or(FASTEST_KMH, |rule| rule.parameters.implausible_kmh);
    let fix = LastFix::of(step.fix);
    let follows = |earlier: LastFix, distance_m: f64| {
        // A receiver that is lost in kilometres must not make any jump plausible.
        let radius_m = |fix: LastFix| fix.accuracy_m.unwrap_or(0.0).min(settings.zone_margins.accuracy_cap_m);
        let accuracy_m = radius_m(earlier) + radius_m(fix);
        let reach_m = fastest_kmh / 3.6 * seconds_between(earlier.key.time, fix.key.time);
        distance_m <= reach_m + accuracy_m + SLACK_M
    };
    let nowhere = is_null_island(fix.place);
    if !nowhere && state.last.is_none_or(|last| follows(last, step.moved_m)) {
        state.suspect = None;
        return Plausibility::Plausible;
    }
    let count = match state.suspect {
        Some(suspect) if follows(suspect.last, quick_m(suspect.last.place, fix.place)) => {
            suspect.count.saturating_add(1)
        }
        _ => 1,
    };
    if !nowhere && count >= settings.reanchor_fixes {
        state.suspect = None;
        return Plausibility::Reanchored;
    }
    state.suspect = Some(Suspect { last: fix, count });
    Plausibility::Implausible
}

/// Receivers without a fix report 0° north, 0° east, a place in the sea.
fn is_null_island(place: Place) -> bool {
    place.lat() == 0.0 && place.lon() == 0.0
}
