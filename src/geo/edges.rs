//! Straight edges in degrees, and where they meet.

use ::geo::{Coord, Kernel, Orientation, algorithm::kernels::RobustKernel};

use super::Bounds;

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
