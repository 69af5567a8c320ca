//! One ring by itself.

use ::geo::{Coord, LineString, Orientation};

use super::{AreaFault, RingFault};
use crate::geo::edges::side_of_line;

/// Checks what can be said of positions one by one, in an area that is cut at the antimeridian.
pub(super) fn check_positions(positions: &[Coord<f64>]) -> Result<(), RingFault> {
    check_positions_within(positions, 180.0)?;
    let mut edges = positions.iter().zip(positions.iter().skip(1)).enumerate();
    let too_wide = |from: &Coord<f64>, to: &Coord<f64>| (to.x - from.x).abs() > 180.0 && !at_one_pole(*from, *to);
    match edges.find(|(_, (from, to))| too_wide(from, to)) {
        Some((position, (from, _))) => Err(RingFault { fault: AreaFault::EdgeTooWide, position, at: Some(*from) }),
        None => Ok(()),
    }
}

/// Checks range, number and closure of positions; longitudes may go so far to either side.
pub(in crate::geo) fn check_positions_within(positions: &[Coord<f64>], farthest_deg: f64) -> Result<(), RingFault> {
    let fault = |fault, position, at| Err(RingFault { fault, position, at });
    let in_range = |at: &Coord<f64>| at.x.abs() <= farthest_deg && at.y.abs() <= 90.0;
    if let Some((number, at)) = positions.iter().enumerate().find(|(_, at)| !in_range(at)) {
        return fault(AreaFault::OutOfRange, number, Some(*at));
    }
    let (Some(first), Some(last)) = (positions.first(), positions.last()) else {
        return fault(AreaFault::TooFewPositions(0), 0, None);
    };
    if positions.len() < 4 {
        return fault(AreaFault::TooFewPositions(positions.len()), 0, Some(*first));
    }
    if first != last {
        return fault(AreaFault::Unclosed, positions.len() - 1, Some(*last));
    }
    Ok(())
}

/// Whether both are the same pole, where all meridians meet: an edge between them has no length, however wide it is.
pub(in crate::geo) fn at_one_pole(one: Coord<f64>, other: Coord<f64>) -> bool {
    one.y.abs() == 90.0 && one.y == other.y
}

/// Checks that the ring encloses something: not all positions lie on one line.
pub(super) fn check_has_area(ring: &LineString<f64>) -> Result<(), RingFault> {
    let first = ring.lines().find(|line| line.start != line.end);
    let on_line = |first: ::geo::Line<f64>| {
        ring.coords().all(|at| side_of_line(first.start, first.end, *at) == Orientation::Collinear)
    };
    if first.is_none_or(on_line) {
        return Err(RingFault { fault: AreaFault::NoArea, position: 0, at: ring.0.first().copied() });
    }
    Ok(())
}
