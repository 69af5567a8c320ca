//! Rings and polygons against each other. Each ring is simple by itself when these questions are asked.

use std::collections::HashMap;

use ::geo::{Coord, MultiPolygon, Polygon};

use super::{AreaError, AreaFault, RingFault};
use crate::{
    domain::Place,
    geo::{
        Path, PreparedArea, Side,
        edges::{Edge, Meeting},
    },
};

/// Checks every polygon's rings against each other, then the polygons.
pub(super) fn check_together(area: &MultiPolygon<f64>) -> Result<(), AreaError> {
    for (number, polygon) in area.iter().enumerate() {
        check_holes(polygon, number)?;
    }
    let prepared: Vec<(PreparedArea, &Polygon<f64>)> =
        area.iter().map(|polygon| (PreparedArea::new(&polygon.clone().into()), polygon)).collect();
    for (number, (one, polygon)) in prepared.iter().enumerate() {
        for (other_number, (other, other_polygon)) in prepared.iter().enumerate().skip(number + 1) {
            if one.bounds().meets(&other.bounds()) {
                check_apart(polygon, other, number)?;
                check_apart(other_polygon, one, other_number)?;
            }
        }
    }
    Ok(())
}

/// Checks that no ring of the polygon goes into the other or along its boundary.
fn check_apart(polygon: &Polygon<f64>, other: &PreparedArea, number: usize) -> Result<(), AreaError> {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    for (ring_number, ring) in rings.enumerate() {
        let prepared = PreparedArea::new(&Polygon::new(ring.clone(), Vec::new()).into());
        relation(&prepared, other)
            .and_then(|relation| relation.inside.map_or(Ok(()), Err))
            .map_err(|spot| spot.fault(AreaFault::PolygonsOverlap).of_ring(number, ring_number))?;
    }
    Ok(())
}

/// Checks that holes lie within the exterior and apart from each other, and that the interior is in one piece.
fn check_holes(polygon: &Polygon<f64>, number: usize) -> Result<(), AreaError> {
    let rings: Vec<PreparedArea> = std::iter::once(polygon.exterior())
        .chain(polygon.interiors())
        .map(|ring| PreparedArea::new(&Polygon::new(ring.clone(), Vec::new()).into()))
        .collect();
    let Some((exterior, holes)) = rings.split_first() else { return Ok(()) };
    let mut touches = Touches::default();
    for (hole_number, hole) in (1..).zip(holes) {
        let relation = relation(hole, exterior)
            .and_then(|relation| relation.outside.map_or(Ok(relation.touches), Err))
            .map_err(|spot| spot.fault(AreaFault::HoleOutside).of_ring(number, hole_number))?;
        touches.add(relation, hole_number, 0).map_err(|spot| spot.of_ring(number, hole_number))?;
    }
    for (one_number, one) in (1..).zip(holes) {
        for (other_number, other) in (1..).zip(holes).skip(one_number) {
            if !one.bounds().meets(&other.bounds()) {
                continue;
            }
            let overlap = |ring: usize| move |spot: Spot| spot.fault(AreaFault::HolesOverlap).of_ring(number, ring);
            let found = relation(one, other)
                .and_then(|relation| relation.inside.map_or(Ok(relation.touches), Err))
                .map_err(overlap(one_number))?;
            relation(other, one)
                .and_then(|relation| relation.inside.map_or(Ok(()), Err))
                .map_err(overlap(other_number))?;
            touches.add(found, one_number, other_number).map_err(|spot| spot.of_ring(number, one_number))?;
        }
    }
    Ok(())
}

/// A position of a ring and the coordinate of what was found there.
#[derive(Clone, Copy, Debug)]
struct Spot {
    position: usize,
    at: Coord<f64>,
}

impl Spot {
    fn fault(self, fault: AreaFault) -> RingFault {
        RingFault { fault, position: self.position, at: Some(self.at) }
    }
}

/// How a ring lies to an area that it neither crosses nor shares an edge with.
#[derive(Default)]
struct Relation {
    /// A spot where it is inside.
    inside: Option<Spot>,
    /// A spot where it is outside.
    outside: Option<Spot>,
    /// Where it touches the boundary.
    touches: Vec<Spot>,
}

/// How `ring` lies to `area`; an error is a spot where it crosses the boundary or runs along it.
fn relation(ring: &PreparedArea, area: &PreparedArea) -> Result<Relation, Spot> {
    let mut relation = Relation::default();
    for (position, edge) in ring.edges().iter().enumerate() {
        let mut conflict = None;
        area.visit_edges_near(edge, |other| match other.meeting(edge.from, edge.to) {
            Meeting::None => {}
            Meeting::Along(low, _) => conflict = Some(edge.point_at(low)),
            Meeting::Point(share) if edge.crosses(other) => conflict = Some(edge.point_at(share)),
            Meeting::Point(share) => relation.touches.push(Spot { position, at: corner_at(edge, other, share) }),
        });
        if let Some(at) = conflict {
            return Err(Spot { position, at });
        }
        let ends = Place::new(edge.from.y, edge.from.x).ok().zip(Place::new(edge.to.y, edge.to.x).ok());
        let pieces = ends.map(|(from, to)| area.pieces(&Path::new(from, to))).unwrap_or_default();
        for piece in pieces {
            let spot = Spot { position, at: edge.point_at((piece.start + piece.end) / 2.0) };
            match piece.side {
                Side::Inside => relation.inside.get_or_insert(spot),
                Side::Outside => relation.outside.get_or_insert(spot),
                Side::Boundary => return Err(spot),
            };
        }
    }
    Ok(relation)
}

/// The corner, of one of two edges that meet without crossing, where they meet: exactly, so that all that meet there
/// agree.
fn corner_at(edge: &Edge, other: &Edge, share: f64) -> Coord<f64> {
    let met = edge.point_at(share);
    let apart = |corner: &Coord<f64>| (corner.x - met.x).abs() + (corner.y - met.y).abs();
    let corners = [edge.from, edge.to, other.from, other.to];
    corners.into_iter().min_by(|one, another| apart(one).total_cmp(&apart(another))).unwrap_or(met)
}

/// Which rings of a polygon touch where, as a graph of rings and points. While it has no circle, the interior hangs
/// together: only a closed chain of touching rings can cut a part of it off.
#[derive(Default)]
struct Touches {
    nodes: HashMap<Node, Node>,
    known: Vec<(usize, (u64, u64))>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Ring(usize),
    Point(u64, u64),
}

impl Touches {
    /// Adds what two rings have in common; an error is a touch that closes a circle.
    fn add(&mut self, touches: Vec<Spot>, one: usize, other: usize) -> Result<(), RingFault> {
        for spot in touches {
            // Adding zero makes -0 and 0 the same point.
            let bits = ((spot.at.x + 0.0).to_bits(), (spot.at.y + 0.0).to_bits());
            for ring in [one, other] {
                if self.known.contains(&(ring, bits)) {
                    continue;
                }
                self.known.push((ring, bits));
                let (ring, point) = (self.root(Node::Ring(ring)), self.root(Node::Point(bits.0, bits.1)));
                if ring == point {
                    return Err(spot.fault(AreaFault::InteriorInPieces));
                }
                self.nodes.insert(ring, point);
            }
        }
        Ok(())
    }

    fn root(&self, node: Node) -> Node {
        let mut node = node;
        while let Some(next) = self.nodes.get(&node) {
            node = *next;
        }
        node
    }
}
