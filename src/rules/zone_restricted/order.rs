//! What happened in restricted zones on one step, put in order and written into the book.

use chrono::{DateTime, Utc};

use super::{Parameters, Stay};
use crate::{
    domain::{Place, Subject, ZoneId},
    rules::{EpisodeBook, Sighting, pack::Rule},
};

/// What happened in one zone.
pub struct Event {
    zone: ZoneId,
    what: What,
}

enum What {
    /// A condition fails.
    Seen(Sighting),
    /// No condition fails any more.
    Ended(Subject, DateTime<Utc>, Place),
}

impl Event {
    /// A condition fails in the zone of `stay`.
    pub fn seen(stay: &Stay, sighting: Sighting) -> Self {
        Self { zone: stay.zone, what: What::Seen(sighting) }
    }

    /// None fails any more, or the stay is over.
    pub fn ended(stay: &Stay, subject: Subject, (at, place): (DateTime<Utc>, Place)) -> Self {
        Self { zone: stay.zone, what: What::Ended(subject, at, place) }
    }

    fn at(&self) -> DateTime<Utc> {
        match &self.what {
            What::Seen(sighting) => sighting.since,
            What::Ended(_, at, _) => *at,
        }
    }
}

/// Writes the events into the book, in order of time. `failing` are the zones in which a condition failed before, with what
/// their episodes are about: an episode about a group of zones ends when nothing fails in any of them.
pub fn tell(
    rule: &Rule<Parameters>,
    mut failing: Vec<(ZoneId, Subject)>,
    mut events: Vec<Event>,
    book: &mut EpisodeBook<'_>,
) {
    // Stable: what is seen and ends at one instant stays in this order.
    events.sort_by_key(Event::at);
    for Event { zone, what } in events {
        match what {
            What::Seen(sighting) => {
                if !failing.iter().any(|(other, _)| *other == zone) {
                    failing.push((zone, sighting.subject.clone()));
                }
                book.see(rule, sighting);
            }
            What::Ended(subject, at, place) => {
                failing.retain(|(other, _)| *other != zone);
                if !failing.iter().any(|(_, other)| *other == subject) {
                    book.close(rule.key, &subject, at, Some(place));
                }
            }
        }
    }
}
