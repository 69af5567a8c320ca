//! Quantities over time: what changes in steps, and what changes gradually.

use super::{Span, Spans};

/// A quantity that changes in steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps<T> {
    first: T,
    changes: Vec<(f64, T)>,
}

impl<T: Clone + PartialEq> Steps<T> {
    /// The same value for ever.
    pub fn always(value: T) -> Self {
        Self { first: value, changes: Vec::new() }
    }

    /// From `at_s` on, whatever was said of later times before, it is `value`.
    pub fn set(&mut self, at_s: f64, value: T) {
        self.changes.retain(|(changed_s, _)| *changed_s < at_s);
        if *self.at(at_s) != value {
            self.changes.push((at_s, value));
        }
    }

    /// Within a span it is `value`, and afterwards what it would have been.
    pub fn during(&mut self, span: Span, value: T) {
        let afterwards = self.at(span.to_s).clone();
        let later: Vec<(f64, T)> = self.changes.iter().filter(|(at_s, _)| *at_s > span.to_s).cloned().collect();
        self.set(span.from_s, value);
        self.set(span.to_s, afterwards);
        self.changes.extend(later);
    }

    /// The value at a second.
    pub fn at(&self, at_s: f64) -> &T {
        let after = self.changes.partition_point(|(changed_s, _)| *changed_s <= at_s);
        after.checked_sub(1).and_then(|index| self.changes.get(index)).map_or(&self.first, |(_, value)| value)
    }

    /// The seconds of its changes.
    pub fn changes(&self) -> impl Iterator<Item = f64> {
        self.changes.iter().map(|(at_s, _)| *at_s)
    }

    /// When something holds of it, within `whole`.
    pub fn spans(&self, whole: Span, holds: impl Fn(&T) -> bool) -> Spans {
        let starts = std::iter::once(whole.from_s).chain(self.changes().filter(|at_s| *at_s > whole.from_s));
        let ends = self.changes().filter(|at_s| *at_s > whole.from_s).chain([whole.to_s]);
        let pieces = starts.zip(ends).map(|(from_s, to_s)| Span::new(from_s, to_s).cut(whole));
        pieces.filter(|piece| piece.to_s > piece.from_s && holds(self.at(piece.from_s))).collect()
    }
}

/// A quantity that runs evenly from point to point, and stays as it is before the first and after the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Ramps {
    points: Vec<(f64, f64)>,
}

impl Ramps {
    /// The same value for ever.
    #[must_use]
    pub fn always(value: f64) -> Self {
        Self { points: vec![(0.0, value)] }
    }

    /// From the value that it has at `from_s` it runs to `value` at `to_s`; later points are forgotten.
    pub fn run(&mut self, from_s: f64, to_s: f64, value: f64) {
        let before = self.at(from_s);
        self.points.retain(|(at_s, _)| *at_s < from_s);
        self.points.push((from_s, before));
        self.points.push((to_s.max(from_s), value));
    }

    /// Within a span it runs up to its usual value and `more`, stays there, and runs back; a tenth of the span each way.
    pub fn bulge(&mut self, span: Span, more: f64) {
        let edge_s = span.length_s() / 10.0;
        let corners = [(span.from_s, 0.0), (span.from_s + edge_s, more), (span.to_s - edge_s, more), (span.to_s, 0.0)];
        let raised: Vec<(f64, f64)> = corners.iter().map(|(at_s, more)| (*at_s, self.at(*at_s) + more)).collect();
        self.points.retain(|(at_s, _)| *at_s < span.from_s || *at_s > span.to_s);
        self.points.extend(raised);
        self.points.sort_by(|a, b| a.0.total_cmp(&b.0));
    }

    /// The value at a second.
    #[must_use]
    pub fn at(&self, at_s: f64) -> f64 {
        let after = self.points.partition_point(|(point_s, _)| *point_s <= at_s);
        let before = after.checked_sub(1).and_then(|index| self.points.get(index));
        match (before, self.points.get(after)) {
            (Some((from_s, from)), Some((to_s, to))) => from + (to - from) * (at_s - from_s) / (to_s - from_s),
            (Some((_, value)), None) | (None, Some((_, value))) => *value,
            (None, None) => 0.0,
        }
    }

    /// When it is above a limit, within `whole`; exact, from point to point.
    #[must_use]
    pub fn above(&self, whole: Span, limit: f64) -> Spans {
        let inner = self.points.iter().map(|(at_s, _)| *at_s).filter(|at_s| *at_s > whole.from_s && *at_s < whole.to_s);
        let mut corners: Vec<f64> = std::iter::once(whole.from_s).chain(inner).collect();
        corners.push(whole.to_s);
        let pieces = corners.iter().zip(corners.iter().skip(1)).filter_map(|(from_s, to_s)| {
            // A step has two points at one second; the piece before it ends with the value before.
            let (from, to) = (self.at(*from_s), self.at(to_s - 1e-9));
            let crossing_s = from_s + (to_s - from_s) * (limit - from) / (to - from);
            match (from > limit, to > limit) {
                (true, true) => Some(Span::new(*from_s, *to_s)),
                (true, false) => Some(Span::new(*from_s, crossing_s)),
                (false, true) => Some(Span::new(crossing_s, *to_s)),
                (false, false) => None,
            }
        });
        pieces.collect()
    }

    /// When it is below a limit, within `whole`.
    #[must_use]
    pub fn below(&self, whole: Span, limit: f64) -> Spans {
        let points = self.points.iter().map(|(at_s, value)| (*at_s, -value)).collect();
        Self { points }.above(whole, -limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Span = Span::new(0.0, 100.0);

    #[test]
    fn steps_change_when_they_are_told_and_go_back_after_an_interlude() {
        let mut door = Steps::always(false);
        door.set(50.0, true);
        door.during(Span::new(10.0, 20.0), true);
        assert_eq!([5.0, 10.0, 19.9, 20.0, 60.0].map(|at_s| *door.at(at_s)), [false, true, true, false, true]);
        let open = door.spans(DAY, |open| *open);
        assert_eq!(open.as_slice(), [Span::new(10.0, 20.0), Span::new(50.0, 100.0)]);
    }

    #[test]
    fn ramps_run_evenly_and_their_crossings_are_exact() {
        let mut level = Ramps::always(90.0);
        level.run(20.0, 40.0, 10.0);
        assert!((level.at(30.0) - 50.0).abs() < 1e-9 && (level.at(90.0) - 10.0).abs() < 1e-9);
        let high = level.above(DAY, 70.0);
        assert!(high.holds(0.0) && (high.total_s() - 25.0).abs() < 1e-6, "{high:?}");
        let low = level.below(DAY, 30.0);
        assert_eq!(low.as_slice().len(), 1);
        assert!((low.as_slice()[0].from_s - 35.0).abs() < 1e-6, "{low:?}");
    }

    #[test]
    fn a_bulge_leaves_what_was_before_and_after() {
        let mut pressure = Ramps::always(600.0);
        pressure.bulge(Span::new(10.0, 30.0), 300.0);
        assert_eq!([5.0, 11.0, 20.0, 40.0].map(|at_s| pressure.at(at_s)), [600.0, 750.0, 900.0, 600.0]);
    }
}
