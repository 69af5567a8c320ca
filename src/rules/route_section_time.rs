//! `route.section_time`: a section of the route took less or more time than it may.
//!
//! Source: JT/T 808, alarm bit 22 (verified). A section is entered and left where the vehicle passes its ends along the path, in
//! the direction of the route; when it did is interpolated. Too long is found as soon as the time is over; too short, when the
//! section is left. What a gap leaves open counts in the driver's favour.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    on_route::OnRoute,
    pack::{Given, Rule},
    parameters::{self, ParameterError, not_negative},
    seconds_after, seconds_between,
};
use crate::domain::{RouteId, RouteSection, Subject};

/// What a pack can set of it. The times are the route's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Seconds by which a section may be left too soon or too late without a word (proposed: 0).
    pub tolerance_s: f64,
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("tolerance_s", self.tolerance_s)
    }
}

/// How a vehicle goes through the sections of its route.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Which route.
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<RouteId>,
    /// When it was last in the corridor, and how far along the path, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<(DateTime<Utc>, f64)>,
    /// The sections that it is in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inside: Vec<Inside>,
}

/// A section that the vehicle is in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Inside {
    /// Its number, from 1.
    number: u16,
    /// When it went in.
    entered: Moment,
    /// The seconds in it that the open episode was last raised to; none is open without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raised_to_s: Option<f64>,
}

/// A moment that is known to lie between two others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Moment {
    earliest: DateTime<Utc>,
    latest: DateTime<Utc>,
}

/// No vehicle comes along a route faster than this, in km/h: its place on the path was mistaken.
const FASTEST_KMH: f64 = 160.0;
/// A section that ends where the path ends is left this far before it, in metres: the end itself may never be reached.
const END_M: f64 = 5.0;
/// An open episode is raised when the time has gone on for so much longer, in seconds: not at every fix.
const RAISED_EVERY_S: f64 = 60.0;

/// Judges one fix. `on` says where the vehicle is on its route, if it has one.
pub fn judge(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    on: Option<&OnRoute<'_>>,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let on = on.filter(|on| !on.known.route.sections.is_empty());
    let route = on.map(|on| on.known.route.id);
    if memory.route != route {
        let ended_at = step.shipment_changed_at();
        abandon(rule, memory, ended_at, step, book);
        *memory = Memory { route, ..Memory::default() };
    }
    // Outside the corridor the vehicle is nowhere on the path; what it makes of the section is seen when it is back.
    let Some(on) = on.filter(|on| on.is_inside()) else { return };
    let Some((last_at, last_m)) = memory.last.replace((step.time(), on.along_m)) else { return };

    let elapsed_s = seconds_between(last_at, step.time());
    if (on.along_m - last_m).abs() > FASTEST_KMH / 3.6 * elapsed_s + step.scene.world.settings().zone_margins.exit_m {
        abandon(rule, memory, step.time(), step, book);
        return;
    }
    let way = Way {
        from: (last_at, last_m),
        to: (step.time(), on.along_m),
        exact: elapsed_s <= step.scene.world.settings().gap_s,
    };
    for (number, section) in (1..).zip(&on.known.route.sections) {
        pass(rule, memory, (number, section), way, on.known.route.id, (step, book));
    }
}

/// The way along the path since the vehicle was last in the corridor.
#[derive(Clone, Copy)]
struct Way {
    from: (DateTime<Utc>, f64),
    to: (DateTime<Utc>, f64),
    /// Whether it is so short that moments on it can be interpolated.
    exact: bool,
}

impl Way {
    /// When the vehicle passed a point of the path; the way goes past it.
    fn passed(&self, along_m: f64) -> Moment {
        let ((from_at, from_m), (to_at, to_m)) = (self.from, self.to);
        if !self.exact {
            return Moment { earliest: from_at, latest: to_at };
        }
        let share = ((along_m - from_m) / (to_m - from_m)).clamp(0.0, 1.0);
        let at = seconds_after(from_at, share * seconds_between(from_at, to_at));
        Moment { earliest: at, latest: at }
    }
}

fn pass(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    (number, section): (u16, &RouteSection),
    way: Way,
    route: RouteId,
    (step, book): (&Step<'_>, &mut EpisodeBook<'_>),
) {
    let ((_, from_m), (_, to_m)) = (way.from, way.to);
    let goes_in = from_m <= section.from_m && to_m > section.from_m;
    if goes_in {
        // One that still stands at its beginning goes in anew.
        memory.inside.retain(|inside| inside.number != number || inside.raised_to_s.is_some());
    }
    if goes_in && !memory.inside.iter().any(|inside| inside.number == number) {
        memory.inside.push(Inside { number, entered: way.passed(section.from_m), raised_to_s: None });
    }
    let Some(at) = memory.inside.iter().position(|inside| inside.number == number) else { return };
    let Some(inside) = memory.inside.get_mut(at) else { return };
    let subject = Subject::Section(route, number);
    if to_m < section.from_m {
        // It has gone out where it came in.
        if memory.inside.swap_remove(at).raised_to_s.is_some() {
            book.close(rule.key, &subject, step.time(), Some(step.fix.place));
        }
        return;
    }
    let left = (to_m >= section.to_m - END_M).then(|| way.passed(section.to_m));
    let tolerance_s = rule.parameters.tolerance_s;
    let until = left.map_or(step.time(), |left| left.earliest);
    let least_s = seconds_between(inside.entered.latest, until);
    if let Some(max_s) = section.max_s.filter(|max_s| least_s > max_s + tolerance_s) {
        let due =
            inside.raised_to_s.is_none_or(|raised_to_s| least_s >= raised_to_s + RAISED_EVERY_S) || left.is_some();
        if due {
            inside.raised_to_s = Some(least_s);
            let since = seconds_after(inside.entered.latest, max_s + tolerance_s);
            see(rule, subject.clone(), "long", (since, least_s, max_s), (step, book));
        }
    }
    let Some(left) = left else { return };
    let most_s = seconds_between(inside.entered.earliest, left.latest);
    let was_raised = inside.raised_to_s.is_some();
    memory.inside.swap_remove(at);
    if let Some(min_s) = section.min_s.filter(|min_s| most_s < min_s - tolerance_s) {
        see(rule, subject.clone(), "short", (left.latest, most_s, min_s), (step, book));
    } else if !was_raised {
        return;
    }
    book.close(rule.key, &subject, left.latest, Some(step.place_at(left.latest)));
}

fn see(
    rule: &Rule<Parameters>,
    subject: Subject,
    situation: &'static str,
    (since, value_s, limit_s): (DateTime<Utc>, f64, f64),
    (step, book): (&Step<'_>, &mut EpisodeBook<'_>),
) {
    let place = Some(step.place_at(since));
    let seen = Sighting::of_vehicle(since, place);
    book.see(rule, Sighting { subject, situation, value: Some(value_s), limit: Some(limit_s), ..seen });
}

/// The vehicle is no longer followed through the sections that it was in.
fn abandon(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    at: DateTime<Utc>,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    for inside in memory.inside.drain(..).filter(|inside| inside.raised_to_s.is_some()) {
        if let Some(route) = memory.route {
            book.close(rule.key, &Subject::Section(route, inside.number), at, Some(step.place_at(at)));
        }
    }
}

#[cfg(test)]
mod tests;
