//! Distances from one point to edges and boxes in longitude and latitude.
//!
//! Away from the poles a [`LocalFrame`] around the point measures: edges are straight in it. Near a pole meridians run
//! together, edges that are straight in degrees are bent, and a [`PolarFrame`] takes over.

use ::geo::Coord;

use super::{Bounds, LocalFrame, edges::Edge, polar::PolarFrame};

/// Beyond so many degrees of latitude distances are measured in the polar projection.
pub(super) const POLAR_DEGREES: f64 = 85.0;

/// Measures from one point. All is squared, in square metres.
pub(super) trait Ruler {
    /// To the nearest point of the edge.
    fn squared_to_edge(&self, edge: &Edge) -> f64;

    /// No more than to the nearest point of the box.
    fn squared_to_box(&self, bounds: &Bounds) -> f64;
}

impl Ruler for LocalFrame {
    fn squared_to_edge(&self, edge: &Edge) -> f64 {
        self.nearest_of_edge(edge).1
    }

    fn squared_to_box(&self, bounds: &Bounds) -> f64 {
        let at = self.reference();
        let nearest = Coord { x: at.x.max(bounds.west).min(bounds.east), y: at.y.max(bounds.south).min(bounds.north) };
        self.local_coord(nearest).squared_length()
    }
}

impl LocalFrame {
    /// The same frame a turn round the earth away, for what is more than half a turn to the west or to the east: it is
    /// nearer the other way.
    pub(super) fn turned(&self, west: f64, east: f64) -> impl Iterator<Item = Self> + use<> {
        let (at, frame) = (self.reference(), *self);
        let farther = [(at.x - west, -360.0), (east - at.x, 360.0)].into_iter().filter(|(degrees, _)| *degrees > 180.0);
        farther.map(move |(_, turn)| frame.moved(turn))
    }

    /// The nearest point of the edge, as a share of its way, and the square of its distance.
    pub(super) fn nearest_of_edge(&self, edge: &Edge) -> (f64, f64) {
        let (from, to) = (self.local_coord(edge.from), self.local_coord(edge.to));
        let (east, north) = (to.east_m - from.east_m, to.north_m - from.north_m);
        let squared_length = east * east + north * north;
        let along = if squared_length > 0.0 {
            (-(from.east_m * east + from.north_m * north) / squared_length).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let (nearest_east, nearest_north) = (from.east_m + along * east, from.north_m + along * north);
        (along, nearest_east * nearest_east + nearest_north * nearest_north)
    }
}

/// The ruler that is right where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum RulerAt {
    /// Away from the poles.
    Local(LocalFrame),
    /// Near a pole.
    Polar(PolarFrame),
}

impl RulerAt {
    pub fn new(at: Coord<f64>) -> Self {
        if at.y.abs() > POLAR_DEGREES { Self::Polar(PolarFrame::at(at)) } else { Self::Local(LocalFrame::at_coord(at)) }
    }

    /// The square of no more than the distance to the nearest point of the box, whichever way round the earth.
    pub fn squared_to_box(&self, bounds: &Bounds) -> f64 {
        match self {
            Self::Polar(polar) => polar.squared_to_box(bounds),
            Self::Local(frame) => {
                let turned = frame.turned(bounds.west, bounds.east).map(|frame| frame.squared_to_box(bounds));
                turned.fold(frame.squared_to_box(bounds), f64::min)
            }
        }
    }

    /// The nearest point of the edge, as a share of its way, and the square of its distance, whichever way round the
    /// earth.
    pub fn nearest_of_edge(&self, edge: &Edge) -> (f64, f64) {
        let nearer = |one: (f64, f64), other: (f64, f64)| if other.1 < one.1 { other } else { one };
        match self {
            Self::Polar(polar) => polar.nearest_of_edge(edge),
            Self::Local(frame) => {
                let (west, east) = (edge.from.x.min(edge.to.x), edge.from.x.max(edge.to.x));
                let turned = frame.turned(west, east).map(|frame| frame.nearest_of_edge(edge));
                turned.fold(frame.nearest_of_edge(edge), nearer)
            }
        }
    }
}
