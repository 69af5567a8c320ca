//! The rings of an area against each other.

use std::collections::HashMap;

use ::geo::{Coord, MultiPolygon};

use super::{
    AreaError, AreaFault, RingFault, rings,
    sweep::{Conflict, Layout, RingEdge, Touch, sweep},
};
use crate::geo::edges::Edge;

/// Checks that no ring crosses or touches itself, that holes lie within their exteriors and apart, that interiors are
/// in one piece, and that polygons share points at most.
pub(super) fn check_together(area: &MultiPolygon<f64>) -> Result<(), AreaError> {
    let rings = Rings::of(area);
    let layout = sweep(&rings.edges).map_err(|conflict| rings.conflict(conflict))?;
    rings.check_nesting(&layout)?;
    rings.check_touches(&layout.touches)
}

/// All edges of an area, and to which polygon each ring belongs.
struct Rings {
    edges: Vec<RingEdge>,
    names: Vec<Name>,
}

/// Which ring of which polygon, and a position of it.
#[derive(Clone, Copy)]
struct Name {
    polygon: usize,
    /// 0 is the exterior.
    ring: usize,
    first: Coord<f64>,
}

impl Rings {
    fn of(area: &MultiPolygon<f64>) -> Self {
        let (mut edges, mut names) = (Vec::new(), Vec::new());
        for (polygon, shape) in area.iter().enumerate() {
            for (ring, line) in rings(shape).enumerate() {
                let lines = line.lines().enumerate().filter(|(_, line)| line.start != line.end);
                edges.extend(lines.map(|(position, line)| RingEdge {
                    edge: Edge { from: line.start, to: line.end },
                    ring: names.len(),
                    position,
                }));
                names.push(Name { polygon, ring, first: line.0.first().copied().unwrap_or_default() });
            }
        }
        Self { edges, names }
    }

    fn name_of(&self, edge: usize) -> Option<(Name, usize)> {
        let edge = self.edges.get(edge)?;
        Some((*self.names.get(edge.ring)?, edge.position))
    }

    /// What a conflict means, told of the ring that is to blame: the hole rather than the exterior, else the first.
    fn conflict(&self, Conflict { one, other, at }: Conflict) -> AreaError {
        let mut sides: Vec<(Name, usize)> = [one, other].into_iter().filter_map(|edge| self.name_of(edge)).collect();
        sides.sort_by_key(|(name, position)| (name.polygon, name.ring, *position));
        let (fault, (name, position)) = match sides.as_slice() {
            [(one, position), (other, _)] if one.polygon != other.polygon => {
                (AreaFault::PolygonsOverlap, (*one, *position))
            }
            [(one, position), (other, _)] if one.ring == other.ring => (AreaFault::SelfIntersection, (*one, *position)),
            [(one, _), (hole, position)] if one.ring == 0 => (AreaFault::HoleOutside, (*hole, *position)),
            [(one, position), ..] => (AreaFault::HolesOverlap, (*one, *position)),
            [] => return AreaError::of_whole(AreaFault::SelfIntersection),
        };
        RingFault { fault, position, at: Some(at) }.of_ring(name.polygon, name.ring)
    }

    /// A hole must lie right within its exterior; an exterior in nothing, or in another polygon's hole.
    fn check_nesting(&self, layout: &Layout) -> Result<(), AreaError> {
        for (name, around) in self.names.iter().zip(&layout.around) {
            let around = around.and_then(|ring| self.names.get(ring));
            let fault = match (name.ring, around) {
                (0, None) => continue,
                (0, Some(around)) if around.polygon == name.polygon => {
                    // The hole is around it.
                    let fault = RingFault { fault: AreaFault::HoleOutside, position: 0, at: Some(around.first) };
                    return Err(fault.of_ring(around.polygon, around.ring));
                }
                (0, Some(around)) if around.ring > 0 => continue,
                (0, Some(_)) => AreaFault::PolygonsOverlap,
                (_, Some(around)) if around.polygon == name.polygon && around.ring == 0 => continue,
                (_, Some(around)) if around.polygon == name.polygon => AreaFault::HolesOverlap,
                _ => AreaFault::HoleOutside,
            };
            return Err(RingFault { fault, position: 0, at: Some(name.first) }.of_ring(name.polygon, name.ring));
        }
        Ok(())
    }

    /// Which rings of a polygon touch where, as a graph of rings and points. While it has no circle, the interior
    /// hangs together: only a closed chain of touching rings can cut a part of it off.
    fn check_touches(&self, touches: &[Touch]) -> Result<(), AreaError> {
        let mut groups = Groups::default();
        for (point, touch) in touches.iter().enumerate() {
            let mut sides: Vec<(Name, usize)> = touch.edges.iter().filter_map(|edge| self.name_of(*edge)).collect();
            sides.sort_by_key(|(name, _)| (name.polygon, name.ring));
            for polygon in sides.chunk_by(|(one, _), (other, _)| one.polygon == other.polygon) {
                for (name, position) in polygon {
                    let point = Node::Point(name.polygon, point);
                    if !groups.join(Node::Ring(name.polygon, name.ring), point) {
                        let fault = AreaFault::InteriorInPieces;
                        let fault = RingFault { fault, position: *position, at: Some(touch.at) };
                        return Err(fault.of_ring(name.polygon, name.ring));
                    }
                }
            }
        }
        Ok(())
    }
}

/// What hangs together.
#[derive(Default)]
struct Groups {
    parents: HashMap<Node, Node>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Ring(usize, usize),
    Point(usize, usize),
}

impl Groups {
    /// Joins the groups of both; false when they were one already.
    fn join(&mut self, one: Node, other: Node) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        if one != other {
            self.parents.insert(one, other);
        }
        one != other
    }

    fn root(&mut self, node: Node) -> Node {
        let mut root = node;
        while let Some(next) = self.parents.get(&root) {
            root = *next;
        }
        // The next search from here is short.
        let mut at = node;
        while at != root {
            at = self.parents.insert(at, root).unwrap_or(root);
        }
        root
    }
}
