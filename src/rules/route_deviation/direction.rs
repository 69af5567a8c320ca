//! Driving the route in its direction, or backwards.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Parameters;
use crate::{
    domain::{Place, Subject},
    rules::{EpisodeBook, Sighting, Step, on_route::OnRoute, pack::Rule},
};

/// A place along the path that is farther from the last than so many times the way between the fixes is another passage of
/// the route by the same place, and no driving …
const LEAP: f64 = 3.0;
/// … if it is this far at least, in metres.
const LEAP_M: f64 = 300.0;
/// An open episode is raised when so much more way was driven backwards, in metres: not at every fix.
const RAISED_EVERY_M: f64 = 500.0;

/// The direction in which a vehicle drives its route.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    /// How far along the path it has come in this direction, in metres.
    along_m: f64,
    /// When and where that was.
    when: (DateTime<Utc>, Place),
    /// If it drives backwards: where along the path it turned, and the way back that the episode was last raised to, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    backwards: Option<(f64, f64)>,
}

/// The vehicle is in the corridor.
pub fn follow(
    rule: &Rule<Parameters>,
    memory: &mut Option<Heading>,
    on: &OnRoute<'_>,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let leapt = on.along_before_m.is_some_and(|before_m| {
        let along_m = (on.along_m - before_m).abs();
        along_m > LEAP_M && along_m > LEAP * step.moved_m
    });
    let here = (step.time(), step.fix.place);
    if step.gap || leapt {
        forget(rule, memory, on, book);
    }
    let Some(heading) = memory else {
        *memory = Some(Heading { along_m: on.along_m, when: here, backwards: None });
        return;
    };
    let ahead_m = if heading.backwards.is_some() { heading.along_m - on.along_m } else { on.along_m - heading.along_m };
    let slack_m = rule.parameters.off_m + step.fix.accuracy_m.unwrap_or(0.0);
    if ahead_m >= 0.0 {
        (heading.along_m, heading.when) = (on.along_m, here);
        if let Some((turned_m, raised_to_m)) = heading.backwards
            && turned_m - on.along_m >= raised_to_m + RAISED_EVERY_M
        {
            heading.backwards = Some((turned_m, turned_m - on.along_m));
            see(rule, here, turned_m - on.along_m, on, book);
        }
        return;
    }
    // It has turned when it has come back by more than a receiver errs and a driver manoeuvres.
    if -ahead_m <= slack_m {
        return;
    }
    let backwards = if heading.backwards.is_some() {
        heading.end(rule, on, book);
        None
    } else {
        see(rule, heading.when, -ahead_m, on, book);
        Some((heading.along_m, -ahead_m))
    };
    *heading = Heading { along_m: on.along_m, when: here, backwards };
}

/// The direction is not known any more, or of no interest. What is open ends where the vehicle was last seen to drive so.
pub fn forget(rule: &Rule<Parameters>, memory: &mut Option<Heading>, on: &OnRoute<'_>, book: &mut EpisodeBook<'_>) {
    if let Some(heading) = memory.take() {
        heading.end(rule, on, book);
    }
}

impl Heading {
    /// Ends the episode, if the vehicle drove backwards.
    fn end(&self, rule: &Rule<Parameters>, on: &OnRoute<'_>, book: &mut EpisodeBook<'_>) {
        let Some((turned_m, raised_to_m)) = self.backwards else { return };
        let (at, place) = self.when;
        let back_m = turned_m - self.along_m;
        if back_m > raised_to_m {
            see(rule, self.when, back_m, on, book);
        }
        book.close(rule.key, &Subject::Route(on.known.route.id), at, Some(place));
    }
}

fn see(
    rule: &Rule<Parameters>,
    (since, place): (DateTime<Utc>, Place),
    back_m: f64,
    on: &OnRoute<'_>,
    book: &mut EpisodeBook<'_>,
) {
    book.see(
        rule,
        Sighting {
            subject: Subject::Route(on.known.route.id),
            situation: "direction",
            value: Some(back_m),
            limit: Some(rule.parameters.off_m),
            ..Sighting::of_vehicle(since, Some(place))
        },
    );
}
