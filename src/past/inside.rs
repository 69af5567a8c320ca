//! Who was inside an area.

use chrono::{DateTime, Utc};

use super::{News, PastFix, Point, StayEnd, Step, Terms, Track, certainty};
use crate::{
    domain::{Certainty, Place},
    geo::{CrossingPoint, Margins, PathEnd, PreparedArea, Presence, Transition, first_look, step as pass},
};

/// A stay inside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stay {
    /// When it began.
    pub entered_at: DateTime<Utc>,
    /// Where.
    pub entered_place: Place,
    /// How.
    pub entry: StayEnd,
    /// When it ended.
    pub left_at: DateTime<Utc>,
    /// Where.
    pub left_place: Place,
    /// How.
    pub exit: StayEnd,
    /// How certain it is.
    pub certainty: Certainty,
    /// How many fixes lie inside.
    pub fixes: u32,
}

/// Follows one vehicle's track and finds its stays inside an area.
#[derive(Debug)]
pub struct Inside<'a> {
    area: &'a PreparedArea,
    margins: Margins,
    track: Track,
    presence: Presence,
    stay: Option<OpenStay>,
}

#[derive(Clone, Copy, Debug)]
struct OpenStay {
    entered: (DateTime<Utc>, Place),
    entry: StayEnd,
    /// The last point that is known to be inside.
    last: (DateTime<Utc>, Place),
    fixes: u32,
    seen_without_gap: bool,
}

impl<'a> Inside<'a> {
    /// For one vehicle.
    #[must_use]
    pub fn new(area: &'a PreparedArea, terms: Terms) -> Self {
        let margins = Margins { exit_m: terms.exit_m, ..Margins::ZERO };
        let presence = Presence::Outside { candidate_entry: None };
        Self { area, margins, track: Track::new(terms), presence, stay: None }
    }

    /// Takes in the vehicle's next fix, in order of time; calls `found` with every stay that has ended.
    pub fn next(&mut self, fix: PastFix, mut found: impl FnMut(Stay)) {
        let News { ended, begins, step } = self.track.next(fix);
        if ended {
            self.end_track(&mut found);
        }
        if let Some(point) = begins {
            self.begin(point);
        }
        if let Some(step) = step {
            self.go(&step, &mut found);
        }
    }

    /// Ends the track: what is open ends where it was last seen.
    pub fn finish(mut self, mut found: impl FnMut(Stay)) {
        self.end_track(&mut found);
    }

    fn begin(&mut self, point: Point) {
        self.presence = first_look(self.area, &end(point), &self.margins);
        if is_inside(&self.presence) {
            let mut stay = OpenStay::new((point.time, point.place), StayEnd::Unknown);
            stay.see(point);
            self.stay = Some(stay);
        }
    }

    fn go(&mut self, step: &Step, found: &mut impl FnMut(Stay)) {
        let passage = pass(self.area, &self.presence, &end(step.from), &end(step.to), &self.margins);
        for transition in &passage.transitions {
            match transition {
                Transition::Entered { point, .. } => {
                    let entry = if step.gap { StayEnd::InGap } else { how(point) };
                    self.stay = Some(OpenStay::new((point.at, point.place), entry));
                }
                Transition::Left { point } => self.end_stay((point.at, point.place), step.gap, found),
            }
            if let Some(stay) = &mut self.stay {
                stay.seen_without_gap |= !step.gap;
            }
        }
        self.presence = passage.presence;
        if let Some(stay) = &mut self.stay
            && self.area.contains(step.to.place)
        {
            if step.gap && !passage.transitions.is_empty() {
                // When it came in is not known; that it is in now is.
                stay.entered = (step.to.time, step.to.place);
            }
            stay.seen_without_gap |= !step.gap;
            stay.see(step.to);
        }
    }

    /// Ends a stay at a crossing. Within a gap it is certain only up to where it was last seen inside.
    fn end_stay(&mut self, left: (DateTime<Utc>, Place), gap: bool, found: &mut impl FnMut(Stay)) {
        let Some(stay) = self.stay.take() else { return };
        let was_seen = stay.fixes > 0 || stay.entry != StayEnd::InGap;
        match (gap, was_seen) {
            (false, _) => found(stay.ended(left, StayEnd::Crossed)),
            (true, true) => found(stay.ended(stay.last, StayEnd::InGap)),
            (true, false) => found(stay.ended(left, StayEnd::InGap)),
        }
    }

    fn end_track(&mut self, found: &mut impl FnMut(Stay)) {
        let outside_since = match self.presence {
            Presence::Inside { candidate_exit, .. } => candidate_exit,
            Presence::Outside { .. } => None,
        };
        self.presence = Presence::Outside { candidate_entry: None };
        if let Some(stay) = self.stay.take() {
            found(match outside_since {
                Some(point) => stay.ended((point.at, point.place), StayEnd::Crossed),
                None => stay.ended(stay.last, StayEnd::Unknown),
            });
        }
    }
}

impl OpenStay {
    fn new(entered: (DateTime<Utc>, Place), entry: StayEnd) -> Self {
        Self { entered, entry, last: entered, fixes: 0, seen_without_gap: false }
    }

    /// Notes a point inside.
    fn see(&mut self, point: Point) {
        self.last = (point.time, point.place);
        self.fixes += u32::from(point.is_fix);
    }

    fn ended(&self, left: (DateTime<Utc>, Place), exit: StayEnd) -> Stay {
        Stay {
            entered_at: self.entered.0,
            entered_place: self.entered.1,
            entry: self.entry,
            left_at: left.0,
            left_place: left.1,
            exit,
            certainty: certainty(self.fixes, self.seen_without_gap),
            fixes: self.fixes,
        }
    }
}

fn end(point: Point) -> PathEnd {
    PathEnd { at: point.time, place: point.place, accuracy_m: None }
}

fn how(point: &CrossingPoint) -> StayEnd {
    if point.crossed { StayEnd::Crossed } else { StayEnd::Unknown }
}

fn is_inside(presence: &Presence) -> bool {
    matches!(presence, Presence::Inside { .. })
}
