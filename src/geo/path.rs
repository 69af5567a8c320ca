//! The way between two fixes, taken as straight in longitude and latitude, the short way round the earth.

use ::geo::Coord;

use super::{Bounds, LocalFrame, coord_of, edges::Edge, ruler::RulerAt};
use crate::domain::Place;

/// Length of a degree of latitude at the pole, where it is longest, rounded up: metres.
const LONGEST_NORTH_M_PER_DEGREE: f64 = 111_695.0;

/// A straight way from one place to another. Where it crosses the antimeridian it goes on at the other side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Path {
    from: Place,
    to: Place,
    eastward_deg: f64,
}

impl Path {
    /// The way from `from` to `to`.
    #[must_use]
    pub fn new(from: Place, to: Place) -> Self {
        let difference = to.lon() - from.lon();
        let eastward_deg = if difference > 180.0 {
            difference - 360.0
        } else if difference < -180.0 {
            difference + 360.0
        } else {
            difference
        };
        Self { from, to, eastward_deg }
    }

    /// The place at a share of the way: 0 is the start, 1 the end. Shares outside are taken as the nearer end.
    #[must_use]
    pub fn place_at(&self, share: f64) -> Place {
        let at = self.coord_at(share);
        Place::new(at.y, at.x).unwrap_or(self.to)
    }

    pub(super) fn coord_at(&self, share: f64) -> Coord<f64> {
        let (from, to) = (coord_of(self.from), coord_of(self.to));
        if share <= 0.0 {
            return from;
        }
        if share >= 1.0 {
            return to;
        }
        let lon = from.x + share * self.eastward_deg;
        let wrapped = if lon > 180.0 {
            lon - 360.0
        } else if lon < -180.0 {
            lon + 360.0
        } else {
            lon
        };
        Coord { x: wrapped, y: from.y + share * (to.y - from.y) }
    }

    /// A length in metres that the way does not exceed, and that is close to it.
    pub(super) fn length_bound_m(&self) -> f64 {
        let nearest_to_equator =
            if self.from.lat() * self.to.lat() <= 0.0 { 0.0 } else { self.from.lat().abs().min(self.to.lat().abs()) };
        let frame = LocalFrame::at_coord(Coord { x: 0.0, y: nearest_to_equator });
        let east_m = self.eastward_deg * frame.east_m_per_degree();
        let north_m = (self.to.lat() - self.from.lat()) * LONGEST_NORTH_M_PER_DEGREE;
        (east_m * east_m + north_m * north_m).sqrt()
    }

    /// Whether it goes on at the other side of the antimeridian.
    pub(super) fn crosses_antimeridian(&self) -> bool {
        (self.from.lon() + self.eastward_deg).abs() > 180.0
    }

    /// Where on the way it is nearest to a place, as a share of it. Straight distances are compared, as the local
    /// projection around the place measures.
    #[must_use]
    pub fn nearest_share(&self, place: Place) -> f64 {
        let ruler = RulerAt::new(coord_of(place));
        let nearest = self.legs().map(|leg| {
            let (share, squared) = ruler.nearest_of_edge(&Edge { from: leg.from, to: leg.to });
            (leg.share_of_path(share), squared)
        });
        nearest.min_by(|(_, one), (_, other)| one.total_cmp(other)).map_or(0.0, |(share, _)| share)
    }

    /// The boxes around the way: one, or one on each side of the antimeridian.
    pub fn bounds(&self) -> impl Iterator<Item = Bounds> + use<> {
        self.legs().map(|leg| leg.bounds())
    }

    /// The parts of the way that do not cross the antimeridian: one or two.
    pub(super) fn legs(&self) -> impl Iterator<Item = Leg> + use<> {
        let (from, to) = (coord_of(self.from), coord_of(self.to));
        let end_lon = from.x + self.eastward_deg;
        let edge = if end_lon > 180.0 {
            180.0
        } else if end_lon < -180.0 {
            -180.0
        } else {
            // A path that ends on the antimeridian ends on the side from which it came.
            let ends_elsewhere = (to.x - from.x).abs() > 180.0;
            let to = if ends_elsewhere { Coord { x: end_lon, y: to.y } } else { to };
            return std::iter::once(Leg { from, to, start: 0.0, end: 1.0 }).chain(None);
        };
        let share = (edge - from.x) / self.eastward_deg;
        let lat = from.y + share * (to.y - from.y);
        let first = Leg { from, to: Coord { x: edge, y: lat }, start: 0.0, end: share };
        let second = Leg { from: Coord { x: -edge, y: lat }, to, start: share, end: 1.0 };
        std::iter::once(first).chain(Some(second))
    }
}

/// A part of a path on one side of the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Leg {
    pub from: Coord<f64>,
    pub to: Coord<f64>,
    /// Share of the whole path at which the leg starts.
    pub start: f64,
    /// Share of the whole path at which it ends.
    pub end: f64,
}

impl Leg {
    pub fn bounds(&self) -> Bounds {
        Bounds::around_coords(self.from, self.to)
    }

    /// The point at a share of this leg.
    pub fn coord_at(&self, share: f64) -> Coord<f64> {
        self.from + (self.to - self.from) * share
    }

    /// A share of this leg as a share of the whole path.
    pub fn share_of_path(&self, share: f64) -> f64 {
        if share >= 1.0 { self.end } else { self.start + share * (self.end - self.start) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::geodesic_m;

    fn place(lat: f64, lon: f64) -> Place {
        Place::new(lat, lon).unwrap()
    }

    #[test]
    fn a_path_begins_and_ends_exactly_at_its_ends() {
        let (from, to) = (place(51.123_456_7, 4.1), place(51.3, 4.765_432_1));
        let path = Path::new(from, to);
        assert_eq!((path.place_at(0.0), path.place_at(1.0)), (from, to));
        assert!((path.place_at(0.5).lat() - 51.211_728_35).abs() < 1e-12);
        assert_eq!(path.legs().count(), 1);
    }

    #[test]
    fn a_path_over_the_antimeridian_goes_the_short_way() {
        let path = Path::new(place(-17.0, 179.5), place(-16.0, -179.5));
        let boxes: Vec<Bounds> = path.bounds().collect();
        assert_eq!(boxes.len(), 2);
        assert_eq!((boxes[0].west, boxes[0].east, boxes[0].north), (179.5, 180.0, -16.5));
        assert_eq!((boxes[1].west, boxes[1].east, boxes[1].south), (-180.0, -179.5, -16.5));
        assert_eq!(path.place_at(0.75), place(-16.25, -179.75));
        let back = Path::new(place(-16.0, -179.5), place(-17.0, 179.5));
        assert_eq!(back.place_at(0.25), place(-16.25, -179.75));
        assert!(path.length_bound_m() < 170_000.0);
    }

    #[test]
    fn a_path_that_ends_on_the_antimeridian_does_not_go_round_the_earth() {
        for (from, to) in [(179.75, -180.0), (-179.75, 180.0), (179.75, 180.0)] {
            let boxes: Vec<Bounds> = Path::new(place(1.0, from), place(1.0, to)).bounds().collect();
            assert!(boxes.iter().all(|bounds| bounds.east - bounds.west <= 0.25), "{boxes:?}");
        }
    }

    #[test]
    fn the_length_bound_is_at_least_the_length_and_close_to_it() {
        for (from, to) in [((51.0, 4.0), (51.01, 4.02)), ((0.0, 0.0), (0.0, 0.1)), ((-1.0, 0.0), (1.0, 1.0))] {
            let (from, to) = (place(from.0, from.1), place(to.0, to.1));
            let ratio = Path::new(from, to).length_bound_m() / geodesic_m(from, to);
            assert!((1.0..1.011).contains(&ratio), "{ratio}");
        }
    }
}
