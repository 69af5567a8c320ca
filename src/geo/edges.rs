//! The edges of an area, and a tree of boxes over them.
//!
//! Neighbouring edges of a ring lie near each other, so boxes around each run of eight edges, around each eight of
//! those boxes, and so on, make a good search tree without any sorting. Up to sixteen edges are looked through one by
//! one.

use std::{cell::Cell, ops::Range};

use ::geo::{Coord, Kernel, Orientation, algorithm::kernels::RobustKernel};

use super::{
    Bounds,
    ruler::{Ruler, RulerAt},
};

/// Children of a node of the tree.
const FAN_OUT: usize = 8;
/// Up to so many edges there is no tree.
const FEW_EDGES: usize = 16;

/// On which side of the line from `from` to `to` a point lies, exactly (adaptive arithmetic after Shewchuk).
pub(super) fn side_of_line(from: Coord<f64>, to: Coord<f64>, point: Coord<f64>) -> Orientation {
    RobustKernel::orient2d(from, to, point)
}

/// One straight edge, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edge {
    pub from: Coord<f64>,
    pub to: Coord<f64>,
}

/// What a ray from a point to the east does with an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ray {
    Misses,
    Crosses,
    /// The point lies on the edge.
    StartsOn,
}

/// Where a segment meets an edge, as shares of the segment's way, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meeting {
    /// They have no point in common.
    None,
    /// They have one point in common.
    Point(f64),
    /// The segment runs along the edge from one share to the other.
    Along(f64, f64),
}

impl Edge {
    pub fn bounds(&self) -> Bounds {
        Bounds::around_coords(self.from, self.to)
    }

    /// What the ray from `point` to the east does with this edge. An edge owns its lower end and not its upper one,
    /// so that a ray through a corner counts once where the boundary passes it and twice or never where it turns
    /// there.
    pub fn ray_from(&self, point: Coord<f64>) -> Ray {
        let Edge { from, to } = *self;
        if point.y < from.y.min(to.y) || point.y > from.y.max(to.y) || point.x > from.x.max(to.x) {
            return Ray::Misses;
        }
        let straddles = (from.y > point.y) != (to.y > point.y);
        if point.x < from.x.min(to.x) {
            return if straddles { Ray::Crosses } else { Ray::Misses };
        }
        let east_of_point = match side_of_line(from, to, point) {
            Orientation::Collinear => return Ray::StartsOn,
            Orientation::CounterClockwise => to.y > from.y,
            Orientation::Clockwise => to.y < from.y,
        };
        if straddles && east_of_point { Ray::Crosses } else { Ray::Misses }
    }

    /// Where the segment from `start` to `end` meets this edge. Whether they meet is exact; where is rounded.
    pub fn meeting(&self, start: Coord<f64>, end: Coord<f64>) -> Meeting {
        use Orientation::Collinear;

        if !self.bounds().meets(&Bounds::around_coords(start, end)) {
            return Meeting::None;
        }
        if start == end {
            let on = side_of_line(self.from, self.to, start) == Collinear;
            return if on { Meeting::Point(0.0) } else { Meeting::None };
        }
        let (from_side, to_side) = (side_of_line(start, end, self.from), side_of_line(start, end, self.to));
        if from_side == Collinear && to_side == Collinear {
            let (one, other) = (share_of_way(start, end, self.from), share_of_way(start, end, self.to));
            let (low, high) = (one.min(other).max(0.0), one.max(other).min(1.0));
            return match low.partial_cmp(&high) {
                Some(std::cmp::Ordering::Less) => Meeting::Along(low, high),
                Some(std::cmp::Ordering::Equal) => Meeting::Point(low),
                _ => Meeting::None,
            };
        }
        if from_side == to_side {
            return Meeting::None;
        }
        let (start_side, end_side) = (side_of_line(self.from, self.to, start), side_of_line(self.from, self.to, end));
        if start_side == end_side {
            return Meeting::None;
        }
        // Ends first: both edges at a corner must name the very same point of the path.
        if start_side == Collinear {
            return Meeting::Point(0.0);
        }
        if end_side == Collinear {
            return Meeting::Point(1.0);
        }
        if from_side == Collinear {
            return Meeting::Point(share_of_way(start, end, self.from).clamp(0.0, 1.0));
        }
        if to_side == Collinear {
            return Meeting::Point(share_of_way(start, end, self.to).clamp(0.0, 1.0));
        }
        let (way, edge, gap) = (end - start, self.to - self.from, self.from - start);
        let share = (gap.x * edge.y - gap.y * edge.x) / (way.x * edge.y - way.y * edge.x);
        // Lines parallel but for rounding give no usable share; they meet somewhere, and all of it is one place.
        Meeting::Point(if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 })
    }

    /// Whether the two edges cross at a point that is an end of neither, exactly.
    pub fn crosses(&self, other: &Self) -> bool {
        use Orientation::{Clockwise, CounterClockwise};

        let opposite =
            |one, another| matches!((one, another), (Clockwise, CounterClockwise) | (CounterClockwise, Clockwise));
        let side_of_self = |point| side_of_line(self.from, self.to, point);
        let side_of_other = |point| side_of_line(other.from, other.to, point);
        opposite(side_of_self(other.from), side_of_self(other.to))
            && opposite(side_of_other(self.from), side_of_other(self.to))
    }

    /// Where the two edges cross, which they do.
    pub fn crossing(&self, other: &Self) -> Coord<f64> {
        match other.meeting(self.from, self.to) {
            Meeting::Point(share) | Meeting::Along(share, _) => self.point_at(share),
            Meeting::None => self.to,
        }
    }

    /// The point at a share of the edge's way; at 0 and 1 exactly an end.
    pub fn point_at(&self, share: f64) -> Coord<f64> {
        if share >= 1.0 { self.to } else { self.from + (self.to - self.from) * share }
    }
}

/// How far `point`, which lies on the line from `start` to `end`, is along it: 0 at the start, 1 at the end.
fn share_of_way(start: Coord<f64>, end: Coord<f64>, point: Coord<f64>) -> f64 {
    let way = end - start;
    if way.x.abs() > way.y.abs() { (point.x - start.x) / way.x } else { (point.y - start.y) / way.y }
}

/// Edges in ring order with boxes over them.
#[derive(Clone, Debug)]
pub(super) struct EdgeTree {
    edges: Vec<Edge>,
    /// Boxes over runs of eight: of edges in the first level, of the boxes below in each next one.
    levels: Vec<Vec<Bounds>>,
    bounds: Bounds,
}

impl EdgeTree {
    pub fn new(edges: Vec<Edge>) -> Self {
        let boxes: Vec<Bounds> = edges.iter().map(Edge::bounds).collect();
        let bounds = boxes.iter().copied().fold(Bounds::EMPTY, Bounds::joined);
        let mut levels = Vec::new();
        if edges.len() > FEW_EDGES {
            let mut below = boxes;
            while below.len() > FAN_OUT {
                let level: Vec<Bounds> =
                    below.chunks(FAN_OUT).map(|run| run.iter().copied().fold(Bounds::EMPTY, Bounds::joined)).collect();
                levels.push(level.clone());
                below = level;
            }
        }
        Self { edges, levels, bounds }
    }

    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Calls `each` with every edge, and its number, whose box and all boxes above it are `wanted`, and maybe with
    /// others.
    pub fn visit(&self, wanted: impl Fn(&Bounds) -> bool, mut each: impl FnMut(usize, &Edge)) {
        match self.levels.last() {
            None => self.visit_edges(0..self.edges.len(), &mut each),
            Some(top) => self.visit_level(self.levels.len() - 1, 0..top.len(), &wanted, &mut each),
        }
    }

    fn visit_level<W: Fn(&Bounds) -> bool, E: FnMut(usize, &Edge)>(
        &self,
        level: usize,
        nodes: Range<usize>,
        wanted: &W,
        each: &mut E,
    ) {
        let Some(boxes) = self.levels.get(level) else { return };
        for (node, _) in boxes.iter().enumerate().take(nodes.end).skip(nodes.start).filter(|(_, bounds)| wanted(bounds))
        {
            let children = node * FAN_OUT..(node + 1) * FAN_OUT;
            match level.checked_sub(1) {
                None => self.visit_edges(children, each),
                Some(below) => self.visit_level(below, children, wanted, each),
            }
        }
    }

    fn visit_edges(&self, numbers: Range<usize>, each: &mut impl FnMut(usize, &Edge)) {
        let end = numbers.end.min(self.edges.len());
        let edges = self.edges.get(numbers.start..end).unwrap_or_default();
        for (number, edge) in (numbers.start..end).zip(edges) {
            each(number, edge);
        }
    }

    /// The number of the edge nearest to where the ruler stands and the square of its distance in square metres, if
    /// that is less than `squared_cap`. Of several equally near, the first.
    pub fn nearest(&self, ruler: &RulerAt, squared_cap: f64) -> Option<(usize, f64)> {
        let frame = match ruler {
            RulerAt::Polar(polar) => return self.nearest_by(polar, squared_cap),
            RulerAt::Local(frame) => frame,
        };
        let (at, mut nearest) = (frame.reference(), self.nearest_by(frame, squared_cap));
        // What is more than half round the earth away is nearer the other way.
        for (farther, turned) in [(at.x - self.bounds.west, -360.0), (self.bounds.east - at.x, 360.0)] {
            if farther > 180.0 {
                let cap = nearest.map_or(squared_cap, |(_, squared)| squared);
                nearest = self.nearest_by(&frame.moved(turned), cap).or(nearest);
            }
        }
        nearest
    }

    fn nearest_by<R: Ruler>(&self, ruler: &R, squared_cap: f64) -> Option<(usize, f64)> {
        if ruler.squared_to_box(&self.bounds) >= squared_cap {
            return None;
        }
        let reach =
            |level: &Vec<Bounds>| level.iter().map(|bounds| ruler.squared_reach(bounds)).fold(f64::INFINITY, f64::min);
        // Every box holds an edge, so no edge farther than a box's far corner can be the nearest.
        let known = self.levels.last().map_or(f64::INFINITY, reach);
        let limit = Cell::new(known.next_up().min(squared_cap));
        let mut nearest = None;
        self.visit(
            |bounds| ruler.squared_to_box(bounds) < limit.get(),
            |number, edge| {
                let squared = ruler.squared_to_edge(edge);
                if squared < limit.get() {
                    limit.set(squared);
                    nearest = Some((number, squared));
                }
            },
        );
        nearest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::LocalFrame;

    fn at(x: f64, y: f64) -> Coord<f64> {
        Coord { x, y }
    }

    const SLOPE: Edge = Edge { from: Coord { x: 0.0, y: 0.0 }, to: Coord { x: 2.0, y: 2.0 } };

    #[test]
    fn a_segment_meets_an_edge_in_a_point_along_it_or_not() {
        assert_eq!(SLOPE.meeting(at(0.0, 2.0), at(2.0, 0.0)), Meeting::Point(0.5));
        assert_eq!(SLOPE.meeting(at(0.0, 2.0), at(1.0, 1.0)), Meeting::Point(1.0));
        assert_eq!(SLOPE.meeting(at(-1.0, 1.0), at(1.0, -1.0)), Meeting::Point(0.5), "through the corner");
        assert_eq!(SLOPE.meeting(at(-1.0, -1.0), at(1.0, 1.0)), Meeting::Along(0.5, 1.0));
        assert_eq!(SLOPE.meeting(at(3.0, 3.0), at(2.0, 2.0)), Meeting::Point(1.0));
        assert_eq!(SLOPE.meeting(at(1.0, 1.0), at(1.0, 1.0)), Meeting::Point(0.0));
        assert_eq!(SLOPE.meeting(at(1.0, 1.0 + 1e-15), at(1.0, 1.0 + 1e-15)), Meeting::None);
        assert_eq!(SLOPE.meeting(at(0.0, 0.1), at(1.9, 2.0)), Meeting::None);
    }

    #[test]
    fn both_edges_at_a_corner_name_the_same_point_of_the_path() {
        let corner = at(0.1, 0.3);
        let (start, end) = (at(0.0, 0.3), at(0.7, 0.3));
        let edges = [Edge { from: at(0.0, 0.0), to: corner }, Edge { from: corner, to: at(0.2, 0.9) }];
        let [one, other] = edges.map(|edge| edge.meeting(start, end));
        assert_eq!(one, other);
        assert!(matches!(one, Meeting::Point(_)));
    }

    #[test]
    fn the_tree_finds_what_a_look_at_every_edge_finds() {
        let corner = |number: u32| {
            let angle = f64::from(number % 1000) / 1000.0 * std::f64::consts::TAU;
            at(4.0 + angle.cos() * (1.0 + 0.3 * (7.0 * angle).sin()), 51.0 + angle.sin())
        };
        let edges: Vec<Edge> = (0..1000).map(|n| Edge { from: corner(n), to: corner(n + 1) }).collect();
        let tree = EdgeTree::new(edges.clone());
        for number in 0..200_u32 {
            let here = at(2.5 + f64::from(number % 20) * 0.15, 49.8 + f64::from(number / 20) * 0.25);
            let (ruler, frame) = (RulerAt::new(here), LocalFrame::at_coord(here));
            let least = edges.iter().map(|edge| frame.squared_to_edge(edge)).fold(f64::INFINITY, f64::min);
            let nearest = |cap| tree.nearest(&ruler, cap).map(|(_, squared)| squared);
            assert_eq!(nearest(f64::INFINITY), Some(least));
            assert_eq!(nearest(least), None);
            assert_eq!(nearest(least.next_up()), Some(least));
        }
    }
}
