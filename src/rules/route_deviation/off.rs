//! Outside the corridor, and back in it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Parameters;
use crate::{
    domain::{Certainty, EntryKind, Place, Site, Subject},
    geo::{LocalFrame, quick_m},
    rules::{
        EpisodeBook, LastFix, Sighting, Step, on_route::OnRoute, pack::Rule, schedule_window::reaches, seconds_between,
    },
    world::World,
};

/// A vehicle in the corridor whose course is within this angle of the route's, either way, drives along it (proposed).
const ALONG_DEG: f64 = 45.0;
/// The route's course at a place is that of the stretch this far to both sides of it, in metres.
const STRETCH_M: f64 = 30.0;
/// A course is not read from a shorter step, in metres: receivers wander.
const STEP_M: f64 = 20.0;
/// An open episode is raised when the distance has grown by so much, in metres: not at every fix.
const RAISED_EVERY_M: f64 = 100.0;

/// A vehicle off its route.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Off {
    /// When and where it left the corridor, or was first seen outside.
    since: (DateTime<Utc>, Place),
    /// Whether it was seen to leave.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    left: bool,
    /// Metres of way since then.
    way_m: f64,
    /// The greatest distance from the route, in metres.
    farthest_m: f64,
    /// The distance that the episode was last raised to; none is open without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raised_to_m: Option<f64>,
    /// Whether what was raised is more than a guess.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    seen: bool,
    /// When, where and how far along the path it came into the corridor again, while that may be a mere crossing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    back: Option<(DateTime<Utc>, Place, f64)>,
}

impl Off {
    /// Whether an episode is open.
    pub fn is_raised(&self) -> bool {
        self.raised_to_m.is_some()
    }

    fn sighting(&self, on: &OnRoute<'_>, certainty: Certainty) -> Sighting {
        let (since, place) = self.since;
        Sighting {
            subject: Subject::Route(on.known.route.id),
            certainty,
            entry: if self.left { EntryKind::Crossed } else { EntryKind::FoundInside },
            situation: "corridor",
            value: Some(self.farthest_m),
            limit: Some(on.known.route.half_width_m),
            ..Sighting::of_vehicle(since, Some(place))
        }
    }
}

/// The fix lies outside the corridor.
pub fn stray(
    rule: &Rule<Parameters>,
    memory: &mut Option<Off>,
    on: &OnRoute<'_>,
    sites: Sites<'_>,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let off = match memory {
        Some(off) => {
            off.way_m += step.moved_m;
            off.back = None;
            off
        }
        None => memory.insert(leave(on, sites, step)),
    };
    off.farthest_m = off.farthest_m.max(on.distance_m);
    let Parameters { off_s, off_m } = rule.parameters;
    if seconds_between(off.since.0, step.time()) < off_s || off.way_m < off_m {
        return;
    }
    let farther = off.raised_to_m.is_none_or(|raised_to_m| off.farthest_m >= raised_to_m + RAISED_EVERY_M);
    if farther || !(off.seen || step.gap) {
        off.raised_to_m = Some(off.farthest_m);
        off.seen |= !step.gap;
        // In a gap it may have been on the route in between.
        let certainty = if step.gap { Certainty::Possible } else { Certainty::Observed };
        book.see(rule, off.sighting(on, certainty));
    }
}

/// A vehicle that is outside for the first time. Where it left is known if the fix before lay inside, and is not long ago.
fn leave(on: &OnRoute<'_>, sites: Sites<'_>, step: &Step<'_>) -> Off {
    let was_at_site = |previous: LastFix| sites.take(previous.place);
    let left = !step.gap && (on.along_before_m.is_some() || step.previous.is_some_and(was_at_site));
    let since = if left {
        step.changed_at(|place| on.takes(place) || sites.take(place))
    } else {
        (step.time(), step.fix.place)
    };
    let way_m = quick_m(since.1, step.fix.place);
    Off { since, left, way_m, farthest_m: 0.0, raised_to_m: None, seen: false, back: None }
}

/// Where cargo is loaded and unloaded: nobody has to be on the route there.
#[derive(Clone, Copy)]
pub struct Sites<'a> {
    /// The world, which says what a receiver may err.
    pub world: &'a World,
    /// Where it is loaded.
    pub origin: Option<&'a Site>,
    /// Where it is unloaded.
    pub destination: Option<&'a Site>,
    /// What the receiver says it errs, in metres.
    pub accuracy_m: Option<f64>,
}

impl Sites<'_> {
    /// Whether `place` is at one of them.
    pub fn take(&self, place: Place) -> bool {
        self.is_at(self.origin, place) || self.is_at(self.destination, place)
    }

    /// Whether `place` is where it is unloaded.
    pub fn is_unloading(&self, place: Place) -> bool {
        self.is_at(self.destination, place)
    }

    fn is_at(&self, site: Option<&Site>, place: Place) -> bool {
        site.is_some_and(|site| reaches(self.world, site, place, self.accuracy_m))
    }
}

/// The fix lies in the corridor again, or where nobody has to be in it (`excused`). Returns what remains to be remembered:
/// nothing when it is back.
pub fn come_back(
    rule: &Rule<Parameters>,
    mut off: Off,
    on: &OnRoute<'_>,
    (sites, excused): (Sites<'_>, bool),
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) -> Option<Off> {
    let (at, place, along_m) = *off.back.get_or_insert_with(|| {
        let (at, place) = match step.previous {
            // When it came back is not known; at the fix before it was still off the route.
            Some(previous) if step.gap => (previous.key.time, previous.place),
            _ => step.changed_at(|place| on.takes(place) || sites.take(place)),
        };
        (at, place, on.along_m)
    });
    let stays = seconds_between(at, step.time()) >= rule.parameters.off_s;
    let went_along = (on.along_m - along_m).abs() >= 2.0 * on.allowed_m;
    if !(excused || step.gap || stays || went_along || drives_along(on, step)) {
        return Some(off);
    }
    if let Some(raised_to_m) = off.raised_to_m {
        if off.farthest_m > raised_to_m {
            book.see(rule, off.sighting(on, Certainty::Possible));
        }
        book.close(rule.key, &Subject::Route(on.known.route.id), at, Some(place));
    }
    None
}

/// Whether the vehicle's course is the route's, in either direction.
fn drives_along(on: &OnRoute<'_>, step: &Step<'_>) -> bool {
    let by_way = || {
        let previous = step.previous.filter(|_| step.moved_m >= STEP_M)?;
        Some(course_deg(previous.place, step.fix.place))
    };
    let Some(course) = step.fix.heading_deg.filter(|_| step.motion.moving).or_else(by_way) else { return false };
    let stretch = on.known.line.stretch(on.along_m - STRETCH_M, on.along_m + STRETCH_M);
    let (Some(from), Some(to)) = (stretch.first(), stretch.last()) else { return false };
    if from == to {
        return false;
    }
    let turned_deg = (course - course_deg(*from, *to)).rem_euclid(180.0);
    turned_deg.min(180.0 - turned_deg) <= ALONG_DEG
}

/// The direction from one place to another that is near, in degrees clockwise from north.
fn course_deg(from: Place, to: Place) -> f64 {
    let to = LocalFrame::at(from).local(to);
    to.east_m.atan2(to.north_m).to_degrees()
}
