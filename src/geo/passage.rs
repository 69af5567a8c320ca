//! Entering and leaving: the state of one vehicle towards one zone, and its step from one fix to the next.
//!
//! The path between two fixes is cut at the zone's boundary into pieces inside and pieces outside. Receivers err by
//! metres, so crossing the boundary alone means nothing: a vehicle *is* inside once it has been deeper inside than
//! the entry margin, and outside again once it has been farther outside than the exit margin. Until then the place
//! where its path crossed the boundary is kept as a candidate, over as many fixes as it takes, and dropped when the
//! path goes back. When the margin is passed, entry or exit is placed at the candidate: where and when the boundary
//! was crossed.
//!
//! The depth of a piece is that of its deepest point, found by bisection (see `Reach::gets_beyond`),
//! so a path whose ends are both outside can enter and leave. Margins are widened by the accuracy that the receiver
//! reports, running evenly from one fix's to the other's along the path, and never exceed what the place allows
//! (`PreparedArea::margin_limit_m`): narrow zones can be entered.
//!
//! With all margins zero these are the exact geometric crossings; touching the boundary from outside is no entry.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Path, PreparedArea, Side, prepared::Piece, ruler::RulerAt};
use crate::domain::Place;

/// What is not deeper than this only touches: a micrometre, far below any receiver, far above the rounding of
/// degrees.
const TOUCH_M: f64 = 1e-6;
/// Bisection for the deepest point stops at pieces of this length: what is deeper than the margin by more than half
/// of it is never missed.
const DEPTH_RESOLUTION_M: f64 = 1.0;

/// How far inside is inside and how far outside is outside.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Margins {
    /// Depth in metres beyond which a vehicle has entered.
    pub enter_m: f64,
    /// Distance from the zone in metres beyond which it has left.
    pub exit_m: f64,
    /// How much of the receiver's accuracy radius is added to both; 1 adds all of it.
    pub accuracy_weight: f64,
    /// An accuracy radius counts as this many metres at most.
    pub accuracy_cap_m: f64,
    /// The accuracy radius in metres of a fix that reports none.
    pub assumed_accuracy_m: f64,
}

impl Margins {
    /// No margins: the exact geometry.
    pub const ZERO: Self =
        Self { enter_m: 0.0, exit_m: 0.0, accuracy_weight: 0.0, accuracy_cap_m: 0.0, assumed_accuracy_m: 0.0 };

    /// What the reported accuracy radius adds to a margin, in metres.
    #[must_use]
    pub fn widening_m(&self, accuracy_m: Option<f64>) -> f64 {
        let radius_m = accuracy_m.filter(|radius| radius.is_finite()).unwrap_or(self.assumed_accuracy_m);
        self.accuracy_weight * radius_m.clamp(0.0, self.accuracy_cap_m.max(0.0))
    }
}

/// One end of a path: what passages need of a fix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathEnd {
    /// When.
    pub at: DateTime<Utc>,
    /// Where.
    pub place: Place,
    /// Radius in metres within which the receiver believes the position to be.
    pub accuracy_m: Option<f64>,
}

/// Where and when a vehicle came to the side on which it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossingPoint {
    /// When, interpolated between the fixes.
    pub at: DateTime<Utc>,
    /// Where, on the boundary.
    pub place: Place,
    /// Whether the boundary was crossed here. If not, the vehicle was there already at the first look.
    pub crossed: bool,
}

/// Whether a vehicle is in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "presence", rename_all = "snake_case")]
pub enum Presence {
    /// It is not.
    Outside {
        /// Where its path went in, if it is inside but not yet deep enough.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        candidate_entry: Option<CrossingPoint>,
    },
    /// It is.
    Inside {
        /// Where it went in, or was first seen.
        entered: CrossingPoint,
        /// Where its path went out, if it is outside but not yet far enough.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        candidate_exit: Option<CrossingPoint>,
    },
}

/// A change from one side to the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transition {
    /// The vehicle came in.
    Entered {
        /// Where and when the path crossed the boundary, or was first seen inside.
        point: CrossingPoint,
        /// Whether a fix lies inside on this visit so far, not only the path between fixes.
        fix_inside: bool,
    },
    /// The vehicle went out.
    Left {
        /// Where and when the path crossed the boundary.
        point: CrossingPoint,
    },
}

/// What a step gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Where the vehicle is after the step.
    pub presence: Presence,
    /// What happened on the way, in order.
    pub transitions: Vec<Transition>,
}

/// Where a vehicle is when nothing is known of its past: at its first fix, after a gap, for a new zone.
///
/// The entry margin applies: a vehicle found inside but not deep enough is outside with itself as the candidate, and
/// a later [`Transition::Entered`] says by `crossed: false` that no crossing was seen.
#[must_use]
pub fn first_look(area: &PreparedArea, fix: &PathEnd, margins: &Margins) -> Presence {
    if !area.contains(fix.place) {
        return Presence::Outside { candidate_entry: None };
    }
    let point = CrossingPoint { at: fix.at, place: fix.place, crossed: false };
    let walk = Walk::new(area, fix, fix, margins);
    if walk.passes_margin(&Piece { start: 0.0, end: 0.0, side: Side::Inside }) {
        Presence::Inside { entered: point, candidate_exit: None }
    } else {
        Presence::Outside { candidate_entry: Some(point) }
    }
}

/// The step from one fix to the next. `presence` is what the last step, which ended at `from`, or the first look
/// gave.
///
/// It must be asked for every zone whose box the path meets and for every zone towards which `presence` is anything
/// but plain `Outside`, however far away; for all others the answer is no change.
#[must_use]
pub fn step(area: &PreparedArea, presence: &Presence, from: &PathEnd, to: &PathEnd, margins: &Margins) -> Step {
    let walk = Walk::new(area, from, to, margins);
    let pieces = match (area.side_of_uncut(&walk.path), presence) {
        (Some(Side::Outside), Presence::Outside { .. }) => {
            return Step { presence: Presence::Outside { candidate_entry: None }, transitions: Vec::new() };
        }
        (Some(Side::Inside | Side::Boundary), Presence::Inside { entered, .. }) => {
            let presence = Presence::Inside { entered: *entered, candidate_exit: None };
            return Step { presence, transitions: Vec::new() };
        }
        (Some(side), _) => vec![Piece { start: 0.0, end: 1.0, side }],
        (None, _) => area.pieces(&walk.path),
    };
    let mut state = *presence;
    let mut transitions = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        let is_inside = piece.side != Side::Outside;
        match (&mut state, is_inside) {
            (Presence::Outside { candidate_entry: candidate }, false)
            | (Presence::Inside { candidate_exit: candidate, .. }, true) => *candidate = None,
            (Presence::Outside { candidate_entry: candidate }, true) => {
                let point = *candidate.get_or_insert_with(|| walk.point_at(piece.start));
                if walk.passes_margin(piece) {
                    let fix_inside = reaches_an_end(&pieces, number);
                    transitions.push(Transition::Entered { point, fix_inside });
                    state = Presence::Inside { entered: point, candidate_exit: None };
                }
            }
            (Presence::Inside { candidate_exit: candidate, .. }, false) => {
                let point = *candidate.get_or_insert_with(|| walk.point_at(piece.start));
                if walk.passes_margin(piece) {
                    transitions.push(Transition::Left { point });
                    state = Presence::Outside { candidate_entry: None };
                }
            }
        }
    }
    Step { presence: state, transitions }
}

/// Whether the stay inside around this piece takes in the start or the end of the path, where the fixes are.
fn reaches_an_end(pieces: &[Piece], number: usize) -> bool {
    let is_outside = |piece: &Piece| piece.side == Side::Outside;
    let (before, after) = pieces.split_at(number.min(pieces.len()));
    !before.iter().any(is_outside) || !after.iter().any(is_outside)
}

/// The path between two fixes with what the margins need.
struct Walk<'a> {
    area: &'a PreparedArea,
    from: &'a PathEnd,
    to: &'a PathEnd,
    path: Path,
    margins: &'a Margins,
}

impl<'a> Walk<'a> {
    fn new(area: &'a PreparedArea, from: &'a PathEnd, to: &'a PathEnd, margins: &'a Margins) -> Self {
        Self { area, from, to, path: Path::new(from.place, to.place), margins }
    }

    /// The point at a share of the path, its time in proportion, to the microsecond.
    fn point_at(&self, share: f64) -> CrossingPoint {
        let span_us = (self.to.at - self.from.at).num_microseconds().unwrap_or(0);
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a share of a span of an i64")]
        let elapsed_us = (share * span_us as f64).round() as i64;
        let at = self.from.at + TimeDelta::microseconds(elapsed_us);
        CrossingPoint { at, place: self.path.place_at(share), crossed: true }
    }

    /// Whether the piece, inside or outside, gets farther from the boundary than the margin of its side.
    fn passes_margin(&self, piece: &Piece) -> bool {
        let base_m = match piece.side {
            Side::Boundary => return false,
            Side::Inside => self.margins.enter_m,
            Side::Outside => self.margins.exit_m,
        };
        let margin_m = |accuracy_m| (base_m + self.margins.widening_m(accuracy_m)).max(0.0);
        let (margin_from_m, margin_to_m) = (margin_m(self.from.accuracy_m), margin_m(self.to.accuracy_m));
        let middle = self.path.coord_at((piece.start + piece.end) / 2.0);
        let reach = Reach {
            area: self.area,
            path: &self.path,
            length_m: self.path.length_bound_m(),
            margin_from_m,
            margin_to_m,
            limit_m: self.area.margin_limit_m(middle, piece.side == Side::Inside),
        };
        reach.gets_beyond(piece.start, piece.end)
    }
}

/// How far a piece of the path gets from the boundary, against a margin that changes evenly along the path.
struct Reach<'a> {
    area: &'a PreparedArea,
    path: &'a Path,
    length_m: f64,
    margin_from_m: f64,
    margin_to_m: f64,
    limit_m: f64,
}

impl Reach<'_> {
    /// Distance to the boundary less the margin; if positive, at least a lower bound of it.
    fn excess_m(&self, share: f64) -> f64 {
        let margin_m = self.margin_from_m + share * (self.margin_to_m - self.margin_from_m);
        let margin_m = margin_m.min(self.limit_m).max(TOUCH_M);
        let at = self.path.coord_at(share);
        let cap_m = margin_m.next_up();
        self.area.nearer_than_m(&RulerAt::new(at), cap_m).unwrap_or(cap_m) - margin_m
    }

    /// Whether somewhere between the two shares of the path the distance to the boundary is greater than the margin.
    ///
    /// The ends are tried first, then middles of ever shorter parts. Neither distance nor margin changes faster than
    /// the path moves on, so a part from a to b has no greater excess than (excess(a) + excess(b) + its length) / 2;
    /// parts that cannot reach zero are left out (Piyavskii 1972). A stretch whose greatest excess is below half of
    /// [`DEPTH_RESOLUTION_M`] may be missed, no other.
    fn gets_beyond(&self, start: f64, end: f64) -> bool {
        let (at_start, at_end) = (self.excess_m(start), self.excess_m(end));
        if at_start > 0.0 || at_end > 0.0 {
            return true;
        }
        let change_m = self.length_m + (self.margin_to_m - self.margin_from_m).abs();
        let mut parts = std::collections::VecDeque::from([(start, at_start, end, at_end)]);
        while let Some((low, at_low, high, at_high)) = parts.pop_front() {
            let part_m = (high - low) * change_m;
            if at_low + at_high + part_m <= 0.0 {
                continue;
            }
            let middle = (low + high) / 2.0;
            let at_middle = self.excess_m(middle);
            if at_middle > 0.0 {
                return true;
            }
            if part_m > DEPTH_RESOLUTION_M {
                parts.extend([(low, at_low, middle, at_middle), (middle, at_middle, high, at_high)]);
            }
        }
        false
    }
}

#[cfg(test)]
mod tests;
