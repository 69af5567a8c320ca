//! Whether a vehicle moves or stands, as all rules see it.

use crate::rules::{Motion, Step};

/// How far a vehicle may stray from where it stopped and still count as standing, in metres: receivers wander (proposed).
const WANDER_M: f64 = 50.0;

/// How the vehicle moves after this fix. It moves when it says so by its speed, or, where it gives none, when it has come
/// farther than a receiver wanders.
pub(super) fn follow(before: Motion, step: &Step<'_>) -> Motion {
    let moving_kmh = step.scene.world.settings().moving_kmh;
    let strayed = |from| crate::geo::quick_m(from, step.fix.place) > WANDER_M + step.fix.accuracy_m.unwrap_or(0.0);
    let moving = match (step.fix.speed_kmh, before.stopped) {
        (Some(speed_kmh), _) => speed_kmh >= moving_kmh,
        (None, Some((_, from))) => strayed(from),
        (None, None) => step.previous.is_some_and(|previous| strayed(previous.place)),
    };
    if moving {
        return Motion { stopped: None, moving: true };
    }
    // A vehicle that stands somewhere else than before has moved in between.
    let stopped = before.stopped.filter(|(_, from)| !strayed(*from)).unwrap_or((step.time(), step.fix.place));
    Motion { stopped: Some(stopped), moving: false }
}
