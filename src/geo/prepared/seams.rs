//! Edges that are no boundary.
//!
//! An area over the antimeridian is given cut there, and one around a pole ends along latitude ±90. Those edges hold
//! the polygons together in the plane, but on the ground there is nothing: one may drive over the antimeridian without
//! leaving the area, and a pole is a point.

use ::geo::Coord;

use crate::geo::{
    edge_tree::EdgeTree,
    edges::{Edge, Ray},
};

use super::Side;

/// The boundary of an area that has seams.
#[derive(Clone, Debug)]
pub(super) struct OpenBoundary {
    /// The edges that are boundary.
    pub edges: EdgeTree,
    /// Those of them that lie on the antimeridian, in metres of nobody's polygon: only one side of it is in the area.
    pub on_antimeridian: Vec<Edge>,
}

impl OpenBoundary {
    /// The boundary, if some of the edges are none.
    pub fn of(edges: &[Edge]) -> Option<Self> {
        let (on_seam, mut boundary): (Vec<Edge>, Vec<Edge>) = edges.iter().partition(|edge| may_be_seam(edge));
        if on_seam.is_empty() {
            return None;
        }
        let side = |longitude: f64| {
            let edges = on_seam.iter().filter(|edge| edge.from.x == longitude && edge.to.x == longitude);
            let mut spans: Vec<(f64, f64)> =
                edges.map(|edge| (edge.from.y.min(edge.to.y), edge.from.y.max(edge.to.y))).collect();
            spans.sort_by(|one, other| one.0.total_cmp(&other.0));
            spans
        };
        let (west, east) = (side(-180.0), side(180.0));
        let alone = |spans: &[(f64, f64)], others: &[(f64, f64)], longitude: f64| -> Vec<Edge> {
            let spans = spans.iter().flat_map(|span| without(*span, others));
            let edge =
                |(south, north)| Edge { from: Coord { x: longitude, y: south }, to: Coord { x: longitude, y: north } };
            spans.map(edge).collect()
        };
        let on_antimeridian = [alone(&west, &east, -180.0), alone(&east, &west, 180.0)].concat();
        boundary.extend(&on_antimeridian);
        Some(Self { edges: EdgeTree::new(boundary), on_antimeridian })
    }

    /// Whether the point is on the boundary.
    pub fn is_at(&self, at: Coord<f64>) -> bool {
        let mut found = false;
        self.edges.visit(|bounds| bounds.contains_coord(at), |_, edge| found |= edge.ray_from(at) == Ray::StartsOn);
        found
    }
}

/// Whether the edge lies on the antimeridian or along a pole.
pub(super) fn may_be_seam(edge: &Edge) -> bool {
    let along_pole = edge.from.y == edge.to.y && edge.from.y.abs() == 90.0;
    along_pole || (edge.from.x == edge.to.x && edge.from.x.abs() == 180.0)
}

/// What of a span of latitudes none of the others, which are sorted, covers.
fn without(span: (f64, f64), others: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let (mut south, north) = span;
    let mut rest = Vec::new();
    for (low, high) in others {
        if *low > south && south < north {
            rest.push((south, low.min(north)));
        }
        south = south.max(*high);
    }
    if south < north {
        rest.push((south, north));
    }
    rest
}

/// Which side of the boundary a pole is on: all longitudes lead to it.
pub(super) fn side_of_pole(edges: &[Edge], lat: f64) -> Side {
    let reaching = |edge: &&Edge| edge.from.y == lat || edge.to.y == lat;
    let along = edges.iter().filter(|edge| edge.from.y == lat && edge.to.y == lat);
    let width: f64 = along.map(|edge| (edge.to.x - edge.from.x).abs()).sum();
    if width >= 360.0 {
        Side::Inside
    } else if edges.iter().find(reaching).is_some() {
        Side::Boundary
    } else {
        Side::Outside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_one_side_only_is_left() {
        assert_eq!(without((0.0, 10.0), &[]), [(0.0, 10.0)]);
        assert_eq!(without((0.0, 10.0), &[(-1.0, 2.0), (4.0, 5.0), (8.0, 12.0)]), [(2.0, 4.0), (5.0, 8.0)]);
        assert_eq!(without((0.0, 10.0), &[(0.0, 10.0)]), []);
        assert_eq!(without((0.0, 10.0), &[(10.0, 12.0)]), [(0.0, 10.0)]);
        assert_eq!(without((0.0, 10.0), &[(11.0, 12.0)]), [(0.0, 10.0)]);
    }
}
