//! One area, prepared for many questions.

mod measure;
mod seams;

use std::ops::Range;

use ::geo::{Coord, LineString, MultiPolygon};

use self::seams::{OpenBoundary, may_be_seam, side_of_pole};
use super::{
    Bounds, Path, coord_of,
    edge_tree::EdgeTree,
    edges::{Edge, Meeting, Ray},
    grid::wrapped,
    path::Leg,
    ruler::RulerAt,
};
use crate::domain::Place;

/// Where a point lies with respect to an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In the interior.
    Inside,
    /// On the boundary, exactly.
    Boundary,
    /// Neither.
    Outside,
}

/// A stretch of a path between two meetings with the boundary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Where it starts, as a share of the path, 0 to 1.
    pub start: f64,
    /// Where it ends.
    pub end: f64,
    /// Where it lies. `Boundary`: it runs along an edge.
    pub side: Side,
}

/// One ring of an area.
#[derive(Clone, Debug)]
struct Ring {
    /// Numbers of its edges.
    edges: Range<usize>,
    bounds: Bounds,
    is_hole: bool,
    half_width_m: f64,
}

/// A multipolygon with holes, prepared for fast repeated questions. It can be shared between threads.
///
/// The area must have passed [`check_area`](super::check_area), or the answers mean little (they are still answers:
/// nothing here fails). Edges are straight in degrees; a point is inside when a ray from it crosses the boundary an
/// odd number of times, by exact predicates. With n edges a question looks at some log n of them; distances may need
/// more where many are equally near.
///
/// The antimeridian is no boundary where the area lies on both sides of it, and neither is the latitude of a pole.
#[derive(Clone, Debug)]
pub struct PreparedArea {
    /// All edges.
    edges: EdgeTree,
    /// The edges that are boundary, where not all are.
    open: Option<Box<OpenBoundary>>,
    rings: Vec<Ring>,
}

impl PreparedArea {
    /// Prepares an area, longitude and latitude in degrees.
    #[must_use]
    pub fn new(area: &MultiPolygon<f64>) -> Self {
        let mut edges: Vec<Edge> = Vec::new();
        let (mut rings, mut on_seam) = (Vec::new(), Vec::new());
        for polygon in area {
            let exterior = push_ring(polygon.exterior(), false, &mut edges);
            let holes: Vec<MeasuredRing> =
                polygon.interiors().iter().map(|hole| push_ring(hole, true, &mut edges)).collect();
            let interior_m2 = exterior.area_m2 - holes.iter().map(|hole| hole.area_m2).sum::<f64>();
            let boundary_m = exterior.length_m + holes.iter().map(|hole| hole.length_m).sum::<f64>();
            if exterior.has_seam {
                on_seam.push((rings.len(), interior_m2, boundary_m));
            }
            rings.push(Ring { half_width_m: interior_m2 / boundary_m, ..exterior.ring });
            rings.extend(holes.into_iter().map(|hole| hole.ring));
        }
        let open = OpenBoundary::of(&edges).map(Box::new);
        if let Some(open) = &open {
            // Polygons on both sides of the antimeridian are taken as one.
            let alone_m: f64 = open.on_antimeridian.iter().map(measure::length_m).sum();
            let (interior_m2, boundary_m) =
                on_seam.iter().fold((0.0, alone_m), |(area, length), (_, m2, m)| (area + m2, length + m));
            for (number, ..) in on_seam {
                if let Some(ring) = rings.get_mut(number) {
                    ring.half_width_m = interior_m2 / boundary_m;
                }
            }
        }
        let edges = EdgeTree::new(edges);
        if rings.len() > 1 {
            let numbers: Vec<usize> = edges.edges().map(|(number, _)| number).collect();
            for ring in &mut rings {
                let first = numbers.get(ring.edges.start).copied().unwrap_or_default();
                let end = ring.edges.end.checked_sub(1).and_then(|last| numbers.get(last));
                ring.edges = first..end.map_or(first, |last| last + 1);
            }
        }
        Self { edges, open, rings }
    }

    fn boundary(&self) -> &EdgeTree {
        self.open.as_ref().map_or(&self.edges, |open| &open.edges)
    }

    /// The boxes around its polygons.
    pub(super) fn parts(&self) -> impl Iterator<Item = Bounds> {
        self.rings.iter().filter(|ring| !ring.is_hole).map(|ring| ring.bounds)
    }

    /// The smallest box around the area.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.edges.bounds()
    }

    /// Two boxes in longitudes -180…180, one for each half of the world, that hold all places within so many metres. A half
    /// that has none is [`Bounds::EMPTY`].
    #[must_use]
    pub fn surroundings(&self, metres: f64) -> [Bounds; 2] {
        let mut halves = [Bounds::EMPTY; 2];
        for part in self.parts() {
            let (one, other) = wrapped(&part.widened(metres));
            for bounds in std::iter::once(one).chain(other) {
                let [west, east] = &mut halves;
                let half = if bounds.west + bounds.east < 0.0 { west } else { east };
                *half = half.joined(bounds);
            }
        }
        halves
    }

    /// Number of edges, all rings together.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges.edge_count()
    }

    /// Whether the place lies in the area or on its boundary.
    #[must_use]
    pub fn contains(&self, place: Place) -> bool {
        self.locate(place) != Side::Outside
    }

    /// Where the place lies.
    #[must_use]
    pub fn locate(&self, place: Place) -> Side {
        self.locate_coord(coord_of(place))
    }

    pub(super) fn locate_coord(&self, at: Coord<f64>) -> Side {
        if at.x.abs() == 180.0 || at.y.abs() == 90.0 {
            return self.locate_at_rim(at);
        }
        self.locate_on_plane(at)
    }

    /// Where a point on the antimeridian, which has two longitudes, or at a pole, which has all, lies.
    fn locate_at_rim(&self, at: Coord<f64>) -> Side {
        if at.y.abs() == 90.0 {
            let edges: Vec<Edge> = self.edges.edges().map(|(_, edge)| edge).collect();
            return side_of_pole(&edges, at.y);
        }
        let both = [Coord { x: -180.0, ..at }, Coord { x: 180.0, ..at }];
        let within = both.iter().any(|at| self.locate_on_plane(*at) != Side::Outside);
        let on_boundary = self.open.as_ref().is_none_or(|open| both.iter().any(|at| open.is_at(*at)));
        match (within, on_boundary) {
            (false, _) => Side::Outside,
            (true, true) => Side::Boundary,
            (true, false) => Side::Inside,
        }
    }

    fn locate_on_plane(&self, at: Coord<f64>) -> Side {
        if !self.bounds().contains_coord(at) {
            return Side::Outside;
        }
        let (mut inside, mut on_boundary) = (false, false);
        self.edges.visit(
            |bounds| bounds.south <= at.y && at.y <= bounds.north && at.x <= bounds.east,
            |_, edge| match edge.ray_from(at) {
                Ray::Misses => {}
                Ray::Crosses => inside = !inside,
                Ray::StartsOn => on_boundary = true,
            },
        );
        match (on_boundary, inside) {
            (true, _) => Side::Boundary,
            (false, true) => Side::Inside,
            (false, false) => Side::Outside,
        }
    }

    /// Distance to the boundary in metres: the depth, positive, inside; negative outside; 0 on the boundary. Measured
    /// in the local projection around `place` (see [`projection`](super::projection) for its error), near the poles in
    /// the polar one.
    #[must_use]
    pub fn boundary_distance_m(&self, place: Place) -> f64 {
        let distance_m = self.boundary_nearer_than_m(place, f64::INFINITY).unwrap_or(f64::INFINITY);
        match self.locate(place) {
            Side::Inside => distance_m,
            Side::Boundary => 0.0,
            Side::Outside => -distance_m,
        }
    }

    /// Distance to the boundary in metres, on either side of it, if it is less than `cap_m`. Cheaper the smaller the
    /// cap.
    #[must_use]
    pub fn boundary_nearer_than_m(&self, place: Place, cap_m: f64) -> Option<f64> {
        self.nearer_than_m(&RulerAt::new(coord_of(place)), cap_m)
    }

    pub(super) fn nearer_than_m(&self, ruler: &RulerAt, cap_m: f64) -> Option<f64> {
        self.boundary().nearest(ruler, cap_m * cap_m).map(|(_, squared)| squared.sqrt())
    }

    /// Where the path meets the boundary: shares of the path, 0 to 1, in order, each once. Touching counts; of a
    /// stretch along an edge both ends count.
    #[must_use]
    pub fn crossings(&self, path: &Path) -> Vec<f64> {
        let mut shares: Vec<f64> = Vec::new();
        for leg in path.legs() {
            shares.extend(self.cuts(&leg).at.into_iter().map(|share| leg.share_of_path(share)));
        }
        shares.dedup();
        shares
    }

    /// The path cut where it meets the boundary, in order, without gaps. Neighbouring pieces may lie on the same
    /// side, where the path only touches the boundary.
    #[must_use]
    pub fn pieces(&self, path: &Path) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for leg in path.legs() {
            let cuts = self.cuts(&leg);
            let mut start = 0.0;
            for end in cuts.at.into_iter().chain(std::iter::once(1.0)) {
                if end <= start {
                    continue;
                }
                let runs_along = cuts.along.iter().any(|(low, high)| *low <= start && end <= *high);
                let side =
                    if runs_along { Side::Boundary } else { self.locate_coord(leg.coord_at((start + end) / 2.0)) };
                pieces.push(Piece { start: leg.share_of_path(start), end: leg.share_of_path(end), side });
                start = end;
            }
        }
        pieces
    }

    /// Where the whole path lies if it does not meet the boundary; `None` if it does.
    pub(super) fn side_of_uncut(&self, path: &Path) -> Option<Side> {
        let mut legs = path.legs().filter(|leg| leg.bounds().meets(&self.bounds())).peekable();
        if legs.peek().is_none() {
            return Some(Side::Outside);
        }
        if legs.all(|leg| self.cuts(&leg).at.is_empty()) { Some(self.locate_coord(path.coord_at(1.0))) } else { None }
    }

    fn cuts(&self, leg: &Leg) -> Cuts {
        let mut cuts = Cuts::default();
        let bounds = leg.bounds();
        self.boundary().visit(
            |node| node.meets(&bounds) && node.may_meet_line(leg.from, leg.to),
            |_, edge| match edge.meeting(leg.from, leg.to) {
                Meeting::None => {}
                Meeting::Point(share) => cuts.at.push(share),
                Meeting::Along(low, high) => {
                    cuts.at.extend([low, high]);
                    cuts.along.push((low, high));
                }
            },
        );
        cuts.at.sort_unstable_by(f64::total_cmp);
        cuts.at.dedup();
        cuts
    }

    /// No margin should be wider than this at a point of the path: half of the half width of the polygon it is in, or
    /// of the hole, or no limit in the open.
    ///
    /// The half width is area / perimeter: half the width of a strip, half the radius of a circle, and never more
    /// than the depth of the deepest point (a consequence of Bonnesen's inequality for the inradius r, A ≤ r P - π
    /// r², for areas without holes). So a tunnel bore 12 m wide can be entered, however wide the margins for larger
    /// zones are.
    pub(super) fn margin_limit_m(&self, at: Coord<f64>, inside: bool) -> f64 {
        let around = self.rings.iter().filter(|ring| ring.is_hole != inside && ring.bounds.contains_coord(at));
        let half_width_m = match self.rings.as_slice() {
            [only] if inside => only.half_width_m,
            _ => around
                .filter(|ring| self.ring_contains(ring, at))
                .map(|ring| ring.half_width_m)
                .fold(f64::INFINITY, f64::min),
        };
        half_width_m / 2.0
    }

    fn ring_contains(&self, ring: &Ring, at: Coord<f64>) -> bool {
        let mut inside = false;
        self.edges.visit(
            |bounds| bounds.south <= at.y && at.y <= bounds.north && at.x <= bounds.east,
            |number, edge| inside ^= ring.edges.contains(&number) && edge.ray_from(at) == Ray::Crosses,
        );
        inside
    }
}

/// Where a leg meets the boundary, as shares of the leg.
#[derive(Default)]
struct Cuts {
    at: Vec<f64>,
    along: Vec<(f64, f64)>,
}

struct MeasuredRing {
    ring: Ring,
    area_m2: f64,
    /// Length of what is not on the antimeridian or along a pole.
    length_m: f64,
    has_seam: bool,
}

fn push_ring(positions: &LineString<f64>, is_hole: bool, edges: &mut Vec<Edge>) -> MeasuredRing {
    let first = edges.len();
    let ring_edges = positions.lines().map(|line| Edge { from: line.start, to: line.end });
    edges.extend(ring_edges.filter(|edge| edge.from != edge.to));
    let ring_edges = edges.get(first..).unwrap_or_default();
    let bounds = ring_edges.iter().map(Edge::bounds).fold(Bounds::EMPTY, Bounds::joined);
    let area_m2 = if ring_edges.is_empty() { 0.0 } else { measure::area_m2(ring_edges, bounds) };
    let on_land = ring_edges.iter().filter(|edge| !may_be_seam(edge));
    let length_m = on_land.clone().map(measure::length_m).sum();
    let has_seam = on_land.count() < ring_edges.len();
    let ring = Ring { edges: first..edges.len(), bounds, is_hole, half_width_m: area_m2 / length_m };
    MeasuredRing { ring, area_m2, length_m, has_seam }
}

#[cfg(test)]
mod rim_tests;
#[cfg(test)]
mod tests;
