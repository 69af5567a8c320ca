//! The edges of an area or a line, and a tree of boxes over them.
//!
//! Neighbouring edges of a ring lie near each other, so boxes around each run of eight edges, around each eight of
//! those boxes, and so on, make a good search tree without any sorting. Much of the time that a question takes is spent
//! on waiting for memory, so points are kept once for the two edges that meet there, and boxes in single precision,
//! rounded outwards.

use std::ops::Range;

use ::geo::Coord;

use super::{
    Bounds,
    edges::Edge,
    ruler::{Ruler, RulerAt},
};

/// Children of a node of the tree.
const FAN_OUT: usize = 8;

/// A box in single precision around one in double precision.
#[derive(Clone, Copy, Debug)]
pub(super) struct OuterBounds {
    west: f32,
    south: f32,
    east: f32,
    north: f32,
}

impl OuterBounds {
    #[expect(clippy::cast_possible_truncation, reason = "rounded outwards right after")]
    pub fn of(bounds: &Bounds) -> Self {
        Self {
            west: (bounds.west as f32).next_down(),
            south: (bounds.south as f32).next_down(),
            east: (bounds.east as f32).next_up(),
            north: (bounds.north as f32).next_up(),
        }
    }

    pub fn bounds(&self) -> Bounds {
        let Self { west, south, east, north } = *self;
        Bounds { west: west.into(), south: south.into(), east: east.into(), north: north.into() }
    }
}

/// A run of edges: each point from the first to the last but one is the start of one.
#[derive(Clone, Copy, Debug)]
struct Leaf {
    bounds: OuterBounds,
    first: u32,
    last: u32,
}

/// Edges with boxes over them. An edge is known by the number of the point at which it starts.
#[derive(Clone, Debug)]
pub(super) struct EdgeTree {
    points: Vec<Coord<f64>>,
    leaves: Vec<Leaf>,
    /// Boxes over runs of eight: of leaves in the first level, of the boxes below in each next one.
    levels: Vec<Vec<OuterBounds>>,
    bounds: Bounds,
    edge_count: usize,
}

impl EdgeTree {
    /// Takes edges; where one starts where the one before ends, they make a chain.
    pub fn new(edges: impl IntoIterator<Item = Edge>) -> Self {
        let mut tree =
            Self { points: Vec::new(), leaves: Vec::new(), levels: Vec::new(), bounds: Bounds::EMPTY, edge_count: 0 };
        let mut run = Bounds::EMPTY;
        for edge in edges {
            let goes_on = tree.points.last() == Some(&edge.from);
            if !goes_on {
                tree.points.push(edge.from);
            }
            let first = number(tree.points.len() - 1);
            tree.points.push(edge.to);
            tree.edge_count += 1;
            tree.bounds = tree.bounds.joined(edge.bounds());
            match tree.leaves.last_mut() {
                Some(leaf) if goes_on && (leaf.last - leaf.first) < number(FAN_OUT) => {
                    run = run.joined(edge.bounds());
                    (leaf.last, leaf.bounds) = (first + 1, OuterBounds::of(&run));
                }
                _ => {
                    run = edge.bounds();
                    tree.leaves.push(Leaf { bounds: OuterBounds::of(&run), first, last: first + 1 });
                }
            }
        }
        let mut below: Vec<OuterBounds> = tree.leaves.iter().map(|leaf| leaf.bounds).collect();
        while below.len() > FAN_OUT {
            let around = |run: &[OuterBounds]| run.iter().map(OuterBounds::bounds).fold(Bounds::EMPTY, Bounds::joined);
            below = below.chunks(FAN_OUT).map(|run| OuterBounds::of(&around(run))).collect();
            tree.levels.push(below.clone());
        }
        tree.points.shrink_to_fit();
        tree.leaves.shrink_to_fit();
        tree
    }

    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    pub fn edge_count(&self) -> usize {
        self.edge_count
    }

    /// All edges with their numbers, in order.
    pub fn edges(&self) -> impl Iterator<Item = (usize, Edge)> {
        self.leaves.iter().flat_map(|leaf| self.edges_of(leaf))
    }

    /// The edge with this number.
    pub fn edge(&self, number: usize) -> Option<Edge> {
        Some(Edge { from: *self.points.get(number)?, to: *self.points.get(number + 1)? })
    }

    fn edges_of(&self, leaf: &Leaf) -> impl Iterator<Item = (usize, Edge)> {
        let points = self.points.get(leaf.first as usize..=leaf.last as usize).unwrap_or_default();
        let edges = points.iter().zip(points.iter().skip(1)).map(|(from, to)| Edge { from: *from, to: *to });
        (leaf.first as usize..).zip(edges)
    }

    /// Calls `each` with every edge, and its number, whose box and all boxes above it are `wanted`, and maybe with
    /// others.
    pub fn visit(&self, wanted: impl Fn(&Bounds) -> bool, mut each: impl FnMut(usize, &Edge)) {
        self.visit_nodes(self.levels.len(), 0..FAN_OUT, &wanted, &mut each);
    }

    /// Looks at some nodes of a level; the leaves are level 0.
    fn visit_nodes<W: Fn(&Bounds) -> bool, E: FnMut(usize, &Edge)>(
        &self,
        level: usize,
        nodes: Range<usize>,
        wanted: &W,
        each: &mut E,
    ) {
        let Some(below) = level.checked_sub(1) else {
            let leaves = self.leaves.iter().skip(nodes.start).take(nodes.len());
            let wanted = leaves.filter(|leaf| wanted(&leaf.bounds.bounds()));
            return wanted.flat_map(|leaf| self.edges_of(leaf)).for_each(|(number, edge)| each(number, &edge));
        };
        let boxes = self.levels.get(below).map(Vec::as_slice).unwrap_or_default();
        let boxes = boxes.iter().enumerate().skip(nodes.start).take(nodes.len());
        for (node, _) in boxes.filter(|(_, bounds)| wanted(&bounds.bounds())) {
            self.visit_nodes(below, node * FAN_OUT..(node + 1) * FAN_OUT, wanted, each);
        }
    }

    /// The number of the edge nearest to where the ruler stands and the square of its distance in square metres, if
    /// that is less than `squared_cap`.
    pub fn nearest(&self, ruler: &RulerAt, squared_cap: f64) -> Option<(usize, f64)> {
        let frame = match ruler {
            RulerAt::Polar(polar) => return self.nearest_by(polar, squared_cap),
            RulerAt::Local(frame) => frame,
        };
        let nearest = self.nearest_by(frame, squared_cap);
        frame.turned(self.bounds.west, self.bounds.east).fold(nearest, |nearest, frame| {
            let cap = nearest.map_or(squared_cap, |(_, squared)| squared);
            self.nearest_by(&frame, cap).or(nearest)
        })
    }

    fn nearest_by<R: Ruler>(&self, ruler: &R, squared_cap: f64) -> Option<(usize, f64)> {
        let mut nearest = Nearest { edge: None, squared: squared_cap };
        if ruler.squared_to_box(&self.bounds) < squared_cap {
            self.look_for_nearest(self.levels.len(), 0..FAN_OUT, ruler, &mut nearest);
        }
        nearest.edge.map(|edge| (edge, nearest.squared))
    }

    /// Looks at up to eight nodes of a level, the nearest box first: that makes looks into the others unnecessary.
    fn look_for_nearest<R: Ruler>(&self, level: usize, nodes: Range<usize>, ruler: &R, nearest: &mut Nearest) {
        let below = level.checked_sub(1);
        let mut distances = [f64::INFINITY; FAN_OUT];
        let measure = |(distance, bounds): (&mut f64, &OuterBounds)| *distance = ruler.squared_to_box(&bounds.bounds());
        match below.and_then(|below| self.levels.get(below)) {
            Some(boxes) => {
                distances.iter_mut().zip(boxes.iter().skip(nodes.start).take(nodes.len())).for_each(measure);
            }
            None => {
                let leaves = self.leaves.iter().skip(nodes.start).take(nodes.len());
                distances.iter_mut().zip(leaves.map(|leaf| &leaf.bounds)).for_each(measure);
            }
        }
        loop {
            let next = distances.iter_mut().enumerate().min_by(|(_, one), (_, other)| one.total_cmp(other));
            let Some((child, distance)) = next.filter(|(_, squared)| **squared < nearest.squared) else { return };
            *distance = f64::INFINITY;
            let node = nodes.start + child;
            match below {
                Some(below) => self.look_for_nearest(below, node * FAN_OUT..(node + 1) * FAN_OUT, ruler, nearest),
                None => {
                    for (number, edge) in self.leaves.get(node).into_iter().flat_map(|leaf| self.edges_of(leaf)) {
                        let squared = ruler.squared_to_edge(&edge);
                        if squared < nearest.squared {
                            *nearest = Nearest { edge: Some(number), squared };
                        }
                    }
                }
            }
        }
    }
}

/// The nearest edge so far, and how near one must be to be nearer.
struct Nearest {
    edge: Option<usize>,
    squared: f64,
}

/// There are not so many points in an area as to need more.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::LocalFrame;

    fn at(x: f64, y: f64) -> Coord<f64> {
        Coord { x, y }
    }

    #[test]
    fn the_tree_finds_what_a_look_at_every_edge_finds() {
        let corner = |number: u32| {
            let angle = f64::from(number % 1000) / 1000.0 * std::f64::consts::TAU;
            at(4.0 + angle.cos() * (1.0 + 0.3 * (7.0 * angle).sin()), 51.0 + angle.sin())
        };
        let edges: Vec<Edge> = (0..1000).map(|n| Edge { from: corner(n), to: corner(n + 1) }).collect();
        let tree = EdgeTree::new(edges.iter().copied());
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
