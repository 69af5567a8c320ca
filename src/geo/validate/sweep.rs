//! A line swept from west to east over the edges of an area.
//!
//! It finds what must not be (two edges cross, or run along each other, or a ring touches itself) and tells how the
//! rings lie in each other. After Shamos and Hoey (1976): while no two edges cross, the edges under the line have an
//! order from south to north that only changes where edges begin and end; and two edges that cross are neighbours in
//! it before they do. With n edges that is some n log n exact predicates, whatever the shape: a star of needles is no
//! harder than a circle.
//!
//! Rings may touch in points. All that happens at one point is looked at together: the edges that end there, begin
//! there, and pass through.

use std::cmp::Ordering;

use ::geo::{Coord, Orientation};

use crate::geo::edges::{Edge, side_of_line};

/// An edge of one of many rings.
#[derive(Clone, Copy, Debug)]
pub(super) struct RingEdge {
    /// The edge, as the ring goes.
    pub edge: Edge,
    /// Number of the ring among all rings.
    pub ring: usize,
    /// Position in the ring at which it starts.
    pub position: usize,
}

impl RingEdge {
    fn goes_on(&self) -> bool {
        order(self.edge.from, self.edge.to) == Ordering::Less
    }

    /// The end that the line meets first.
    fn first(&self) -> Coord<f64> {
        if self.goes_on() { self.edge.from } else { self.edge.to }
    }

    fn last(&self) -> Coord<f64> {
        if self.goes_on() { self.edge.to } else { self.edge.from }
    }
}

/// Two edges that cross or run along each other, or at which a ring touches itself; by their numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Conflict {
    pub one: usize,
    pub other: usize,
    /// Where.
    pub at: Coord<f64>,
}

/// Different rings that have a point in common.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Touch {
    /// The point.
    pub at: Coord<f64>,
    /// For each ring one edge at the point.
    pub edges: Vec<usize>,
}

/// How rings lie that do not cross.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    /// For each ring the innermost one around it.
    pub around: Vec<Option<usize>>,
    /// Where rings touch.
    pub touches: Vec<Touch>,
}

/// How the rings lie; an error is the first conflict that the line meets.
///
/// Every ring needs all its edges, each longer than nothing.
pub(super) fn sweep(edges: &[RingEdge]) -> Result<Layout, Conflict> {
    let ring_count = edges.iter().map(|edge| edge.ring + 1).max().unwrap_or(0);
    let mut line = Line {
        edges,
        under: Vec::new(),
        sights: vec![None; ring_count],
        layout: Layout { around: vec![None; ring_count], touches: Vec::new() },
    };
    let mut ends: Vec<(Coord<f64>, Option<usize>)> = Vec::with_capacity(edges.len() * 2);
    for (number, edge) in edges.iter().enumerate() {
        ends.extend([(edge.first(), Some(number)), (edge.last(), None)]);
    }
    ends.sort_unstable_by(|(one, _), (other, _)| order(*one, *other));
    for point in ends.chunk_by(|(one, _), (other, _)| one == other) {
        if let Some((at, _)) = point.first() {
            line.meet(*at, point.iter().filter_map(|(_, begins)| *begins).collect())?;
        }
    }
    Ok(line.layout)
}

/// From west to east, from south to north where that is equal.
fn order(one: Coord<f64>, other: Coord<f64>) -> Ordering {
    // Adding zero makes -0 and 0 the same.
    (one.x + 0.0).total_cmp(&(other.x + 0.0)).then((one.y + 0.0).total_cmp(&(other.y + 0.0)))
}

struct Line<'a> {
    edges: &'a [RingEdge],
    /// The edges under the line, from south to north.
    under: Vec<usize>,
    /// For each ring that the line has met: whether its interior lies north of those edges that go on eastward.
    sights: Vec<Option<bool>>,
    layout: Layout,
}

impl Line<'_> {
    /// Takes in a point at which edges begin or end.
    fn meet(&mut self, at: Coord<f64>, mut onward: Vec<usize>) -> Result<(), Conflict> {
        let edges = self.edges;
        let edge_at = |number: &usize| edges.get(*number);
        let side = |number: &usize| {
            edge_at(number).map_or(Orientation::Collinear, |edge| side_of_line(edge.first(), edge.last(), at))
        };
        let low = self.under.partition_point(|number| side(number) == Orientation::CounterClockwise);
        let rest = self.under.get(low..).unwrap_or_default();
        let here: Vec<usize> =
            rest.iter().copied().take_while(|number| side(number) == Orientation::Collinear).collect();

        let mut passing = here.iter().copied().filter(|number| edge_at(number).is_some_and(|edge| edge.last() != at));
        if let Some(one) = passing.next() {
            if let Some(other) = passing.next() {
                return Err(Conflict { one, other, at });
            }
            onward.push(one);
        }
        let by_slope = |one: &usize, other: &usize| match edge_at(one).zip(edge_at(other)) {
            None => Ordering::Equal,
            Some((one, other)) => match side_of_line(at, one.last(), other.last()) {
                Orientation::CounterClockwise => Ordering::Less,
                Orientation::Collinear => Ordering::Equal,
                Orientation::Clockwise => Ordering::Greater,
            },
        };
        onward.sort_by(by_slope);
        for (one, other) in onward.iter().zip(onward.iter().skip(1)) {
            if by_slope(one, other) == Ordering::Equal {
                return Err(Conflict { one: *one, other: *other, at });
            }
        }
        // All ends of edges around the point, counter-clockwise from the south.
        self.note_touch(at, onward.iter().chain(here.iter().rev()).copied())?;
        self.note_first_sights(low, &onward);

        let high = low + onward.len();
        self.under.splice(low..low + here.len(), onward);
        self.check_neighbours(low)?;
        if high > low { self.check_neighbours(high) } else { Ok(()) }
    }

    /// Checks the edge with this place in the order against the one south of it.
    fn check_neighbours(&self, place: usize) -> Result<(), Conflict> {
        let Some(below) = place.checked_sub(1) else { return Ok(()) };
        let (Some(&one), Some(&other)) = (self.under.get(below), self.under.get(place)) else { return Ok(()) };
        let (Some(lower), Some(upper)) = (self.edges.get(one), self.edges.get(other)) else { return Ok(()) };
        if lower.edge.crosses(&upper.edge) {
            return Err(Conflict { one, other, at: lower.edge.crossing(&upper.edge) });
        }
        Ok(())
    }

    /// Notes that rings touch, if they do. A ring that comes twice through the point touches itself, and rings whose
    /// ends alternate around it cross.
    fn note_touch(&mut self, at: Coord<f64>, around: impl Iterator<Item = usize>) -> Result<(), Conflict> {
        let ring_of = |number: usize| self.edges.get(number).map(|edge| edge.ring);
        let around: Vec<usize> = around.collect();
        if let [one, other] = around.as_slice()
            && ring_of(*one) == ring_of(*other)
        {
            return Ok(());
        }
        let mut counts: Vec<(Option<usize>, usize, u8)> = Vec::new();
        let mut unpaired: Vec<usize> = Vec::new();
        for number in around {
            match counts.iter_mut().find(|(ring, ..)| *ring == ring_of(number)) {
                Some((_, first, 2..)) => return Err(Conflict { one: *first, other: number, at }),
                Some((.., count)) => *count += 1,
                None => counts.push((ring_of(number), number, 1)),
            }
            match unpaired.last() {
                Some(last) if ring_of(*last) == ring_of(number) => drop(unpaired.pop()),
                _ => unpaired.push(number),
            }
        }
        if let [one, other, ..] = unpaired.as_slice() {
            return Err(Conflict { one: *one, other: *other, at });
        }
        let edges = counts.into_iter().map(|(_, first, _)| first).collect();
        self.layout.touches.push(Touch { at, edges });
        Ok(())
    }

    /// Where the line meets a ring for the first time, the edge south of it tells what the ring lies in.
    fn note_first_sights(&mut self, low: usize, onward: &[usize]) {
        let mut below = low.checked_sub(1).and_then(|place| self.under.get(place)).and_then(|n| self.edges.get(*n));
        for edge in onward.iter().filter_map(|number| self.edges.get(*number)) {
            if let Some(sight @ None) = self.sights.get_mut(edge.ring) {
                *sight = Some(edge.goes_on());
                let within = below.and_then(|below| {
                    let northern = self.sights.get(below.ring).copied().flatten() == Some(below.goes_on());
                    if northern { Some(below.ring) } else { self.layout.around.get(below.ring).copied().flatten() }
                });
                if let Some(around) = self.layout.around.get_mut(edge.ring) {
                    *around = within;
                }
            }
            below = Some(edge);
        }
    }
}
