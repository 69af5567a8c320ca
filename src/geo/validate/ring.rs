//! One ring by itself.

use ::geo::{Coord, LineString, Orientation};

use super::{AreaFault, RingFault};
use crate::{
    domain::Place,
    geo::edges::{Edge, EdgeTree, Meeting, side_of_line},
};

/// Checks what can be said of positions one by one: range, number, closure, edges not too wide.
pub(in crate::geo) fn check_positions(positions: &[Coord<f64>]) -> Result<(), RingFault> {
    let fault = |fault, position, at| Err(RingFault { fault, position, at });
    if let Some((number, at)) = positions.iter().enumerate().find(|(_, at)| Place::new(at.y, at.x).is_err()) {
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
    let mut edges = positions.iter().zip(positions.iter().skip(1)).enumerate();
    if let Some((number, (from, _))) = edges.find(|(_, (from, to))| (to.x - from.x).abs() > 180.0) {
        return fault(AreaFault::EdgeTooWide, number, Some(*from));
    }
    Ok(())
}

/// Checks that the ring encloses an area and meets itself nowhere.
pub(super) fn check_simple(ring: &LineString<f64>) -> Result<(), RingFault> {
    let (numbers, edges): (Vec<usize>, Vec<Edge>) = ring
        .lines()
        .enumerate()
        .filter(|(_, line)| line.start != line.end)
        .map(|(number, line)| (number, Edge { from: line.start, to: line.end }))
        .unzip();
    let on_line =
        |first: &Edge| edges.iter().all(|edge| side_of_line(first.from, first.to, edge.to) == Orientation::Collinear);
    if edges.first().is_none_or(on_line) {
        return Err(RingFault { fault: AreaFault::NoArea, position: 0, at: ring.0.first().copied() });
    }
    let tree = EdgeTree::new(edges);
    let last = tree.edges().len() - 1;
    for ((number, edge), position) in tree.edges().iter().enumerate().zip(numbers) {
        let bounds = edge.bounds();
        let mut found = None;
        tree.visit(
            |node| node.meets(&bounds) && node.may_meet_line(edge.from, edge.to),
            |other_number, other| {
                if other_number <= number {
                    return;
                }
                let neighbours = other_number == number + 1 || (number == 0 && other_number == last);
                // Neighbours share a corner; only if one runs back along the other is there more.
                let share = match other.meeting(edge.from, edge.to) {
                    Meeting::Point(share) if !neighbours => share,
                    Meeting::Along(low, _) => low,
                    _ => return,
                };
                found.get_or_insert(edge.point_at(share));
            },
        );
        if found.is_some() {
            return Err(RingFault { fault: AreaFault::SelfIntersection, position, at: found });
        }
    }
    Ok(())
}
