//! Areas as people give them, across the antimeridian and round the poles; see
//! [`geojson_area`](super::geojson_area) for what is taken.

use ::geo::{Coord, LineString, MultiPolygon, Polygon};

use super::{
    AreaError, AreaFault,
    fold::{Pole, RunningRing, fold},
    validate::{RingFault, at_one_pole, check_topology},
};

/// The rings of a polygon as they were given, the exterior first. Their positions have been checked one by one.
#[derive(Clone, Debug)]
pub(super) struct GivenPolygon(pub Vec<Vec<Coord<f64>>>);

impl GivenPolygon {
    /// The polygon, taken as it stands.
    pub fn as_given(&self) -> Polygon<f64> {
        let mut rings = self.0.iter().map(|ring| LineString::new(ring.clone()));
        let exterior = rings.next().unwrap_or(LineString::new(Vec::new()));
        Polygon::new(exterior, rings.collect())
    }

    /// Whether it lies in -180…180 and crosses no antimeridian.
    pub fn stays(&self) -> bool {
        !self.0.iter().any(|ring| runs_on(ring) || jumps(ring))
    }
}

/// The area of the polygons, cut at the antimeridian.
pub(super) fn area_of(polygons: &[GivenPolygon]) -> Result<MultiPolygon<f64>, AreaError> {
    let mut parts: Vec<(usize, Polygon<f64>)> = Vec::new();
    for (number, polygon) in polygons.iter().enumerate() {
        parts.extend(parts_of(polygon, number)?.into_iter().map(|part| (number, part)));
    }
    let area = MultiPolygon::new(parts.iter().map(|(_, part)| part.clone()).collect());
    check_topology(&area).map_err(|fault| {
        let number = parts.get(fault.polygon).map_or(0, |(number, _)| *number);
        trace(fault, number, polygons.get(number))
    })?;
    Ok(area)
}

fn parts_of(polygon: &GivenPolygon, number: usize) -> Result<Vec<Polygon<f64>>, AreaError> {
    let rings = polygon.0.iter().map(|ring| running(ring));
    let mut rings: Vec<RunningRing> = rings.collect();
    for (ring_number, (ring, given)) in rings.iter().zip(&polygon.0).enumerate() {
        check_way_round(ring, given, ring_number).map_err(|fault| fault.of_ring(number, ring_number))?;
    }
    let exterior = rings.remove(0);
    let holes: Vec<RunningRing> = rings.into_iter().map(|hole| hole.beside(&exterior)).collect();
    let northern = polygon.0.first().and_then(|ring| ring.first()).is_some_and(|at| at.y > 0.0);
    if exterior.turns() == 0.0 {
        let plane = Polygon::new(exterior.line(), holes.iter().map(RunningRing::line).collect());
        check_topology(&plane.into()).map_err(|fault| AreaError { polygon: number, ..fault })?;
    }
    Ok(fold(exterior, holes, if northern { Pole::North } else { Pole::South }))
}

/// Where longitudes go beyond ±180 they are taken as they stand.
fn running(ring: &[Coord<f64>]) -> RunningRing {
    if runs_on(ring) { RunningRing::as_given(ring) } else { RunningRing::the_short_way(ring) }
}

fn runs_on(ring: &[Coord<f64>]) -> bool {
    ring.iter().any(|at| at.x.abs() > 180.0)
}

fn jumps(ring: &[Coord<f64>]) -> bool {
    first_jump(ring).is_some()
}

/// The start of the first edge that is too wide to be taken as it stands.
fn first_jump(ring: &[Coord<f64>]) -> Option<usize> {
    let mut edges = ring.iter().zip(ring.iter().skip(1));
    edges.position(|(from, to)| (to.x - from.x).abs() > 180.0 && !at_one_pole(*from, *to))
}

/// Checks what a ring with its longitudes run on may be.
fn check_way_round(ring: &RunningRing, given: &[Coord<f64>], number: usize) -> Result<(), RingFault> {
    let fault = |fault, position: usize| Err(RingFault { fault, position, at: given.get(position).copied() });
    let jump = first_jump(given);
    if let Some(position) = jump.filter(|_| runs_on(given)) {
        return fault(AreaFault::EdgeTooWide, position);
    }
    let (west, east) = ring.span();
    if let Some(jump) = jump.filter(|_| west == east) {
        // All that it had of width was jumps.
        return fault(AreaFault::EdgeTooWide, jump);
    }
    if ring.turns() == 0.0 {
        return if east - west > 360.0 { fault(AreaFault::TooWide, 0) } else { Ok(()) };
    }
    let first = given.first().map_or(0.0, |at| at.y);
    match given.iter().position(|at| at.y * first <= 0.0) {
        _ if number > 0 || ring.turns().abs() > 1.0 => fault(AreaFault::GoesRound, jump.unwrap_or(0)),
        Some(position) => fault(AreaFault::GoesRound, position),
        None => Ok(()),
    }
}

/// A fault in the area as it was cut, told of the ring and the edge as they were given.
fn trace(fault: AreaError, polygon: usize, given: Option<&GivenPolygon>) -> AreaError {
    let Some(at) = fault.at else { return AreaError { polygon, ..fault } };
    let mut nearest = (f64::INFINITY, fault.ring, 0);
    for (ring, positions) in given.into_iter().flat_map(|polygon| &polygon.0).enumerate() {
        let line = running(positions).line();
        for (position, edge) in line.lines().enumerate() {
            for turned in [-360.0, 0.0, 360.0] {
                let distance = distance_deg(Coord { x: at.x + turned, y: at.y }, edge);
                if distance < nearest.0 {
                    nearest = (distance, ring, position);
                }
            }
        }
    }
    AreaError { polygon, ring: nearest.1, position: nearest.2, ..fault }
}

fn distance_deg(at: Coord<f64>, edge: ::geo::Line<f64>) -> f64 {
    let (way, gap) = (edge.delta(), at - edge.start);
    let length = way.x * way.x + way.y * way.y;
    let along = if length > 0.0 { ((gap.x * way.x + gap.y * way.y) / length).clamp(0.0, 1.0) } else { 0.0 };
    (gap.x - along * way.x).hypot(gap.y - along * way.y)
}

#[cfg(test)]
mod tests;
