//! A plane for shapes that have to be joined: the stereographic projection around the middle of the shape.
//!
//! It has no antimeridian and no pole, and shapes within a quarter of the earth's circumference around the middle keep
//! their form. It is used to join what was measured elsewhere, never to measure: latitude stands for the angle on a
//! sphere.

use ::geo::Coord;

/// Radius of the earth in metres, as good as is needed to tell a bend from a hair (mean radius by IUGG).
pub(super) const RADIUS_M: f64 = 6_371_009.0;
/// A way is halved so often at most.
const MOST_HALVINGS: u32 = 24;
/// Parts of a way are not wider, so that none turns back between its middle and its ends, in radians.
const LONGEST_PART: f64 = 0.02;

/// No edge is wider than so many degrees of longitude.
pub(super) const WIDEST_EDGE: f64 = 90.0;

type Vector = [f64; 3];

/// The projection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    middle: Vector,
    east: Vector,
    north: Vector,
}

impl Plane {
    /// The plane around the middle of some positions; `None` when they have none, or it is not within reach of all.
    pub fn around(positions: &[Coord<f64>]) -> Option<Self> {
        let sum = positions.iter().map(|at| vector(*at)).fold([0.0; 3], |sum, next| combined(sum, 1.0, next, 1.0));
        let length = dot(sum, sum).sqrt();
        let middle = sum.map(|part| part / length);
        let along = middle[0].hypot(middle[1]);
        let east = if along > 0.0 { [-middle[1] / along, middle[0] / along, 0.0] } else { [0.0, 1.0, 0.0] };
        let north = [
            middle[1] * east[2] - middle[2] * east[1],
            middle[2] * east[0] - middle[0] * east[2],
            middle[0] * east[1] - middle[1] * east[0],
        ];
        let plane = Self { middle, east, north };
        (length > 1e-6 && positions.iter().all(|at| plane.reaches(*at))).then_some(plane)
    }

    /// Whether the middle is south of the equator.
    pub fn is_southern(self) -> bool {
        self.middle[2] < 0.0
    }

    /// Whether the position is within a quarter of the earth's circumference.
    pub fn reaches(self, at: Coord<f64>) -> bool {
        dot(vector(at), self.middle) > 0.0
    }

    pub fn to_plane(self, at: Coord<f64>) -> Coord<f64> {
        let vector = vector(at);
        let scale = 2.0 / (1.0 + dot(vector, self.middle));
        Coord { x: scale * dot(vector, self.east), y: scale * dot(vector, self.north) }
    }

    pub fn to_degrees(self, at: Coord<f64>) -> Coord<f64> {
        let square = at.x * at.x + at.y * at.y;
        let aside = combined(self.east, 4.0 * at.x, self.north, 4.0 * at.y);
        let vector = combined(self.middle, 4.0 - square, aside, 1.0);
        Coord {
            x: vector[1].atan2(vector[0]).to_degrees(),
            y: vector[2].atan2(vector[0].hypot(vector[1])).to_degrees(),
        }
    }

    /// Distance on the ground of two near points of the plane, roughly, in metres.
    pub fn apart_m(one: Coord<f64>, other: Coord<f64>) -> f64 {
        let square = one.x * one.x + one.y * one.y;
        (other - one).x.hypot((other - one).y) * RADIUS_M / (1.0 + square / 4.0)
    }

    /// Positions of the way from one to the other that is straight in degrees, so near to each other that the chords
    /// on the plane keep to it; without the first.
    pub fn samples(self, from: Coord<f64>, to: Coord<f64>, tolerance_m: f64) -> Vec<Coord<f64>> {
        let way = Way::between(from, to);
        let mut shares = Vec::new();
        let on_way = |share: f64| (share, self.to_plane(way.at(share)));
        let keeps = |one: Coord<f64>, middle: Coord<f64>, other: Coord<f64>| {
            is_short(one, other) && Self::apart_m((one + other) / 2.0, middle) <= tolerance_m
        };
        halve(on_way(0.0), on_way(1.0), 0, &mut shares, &keeps, &on_way);
        shares.into_iter().map(|share| way.at(share)).chain([to]).collect()
    }

    /// A ring on the plane as positions so near to each other that edges straight in degrees keep to it.
    pub fn ring_to_degrees(self, ring: &[Coord<f64>], tolerance_m: f64) -> Vec<Coord<f64>> {
        let mut positions: Vec<Coord<f64>> = Vec::with_capacity(ring.len());
        for (from, to) in ring.iter().zip(ring.iter().skip(1)) {
            let on_chord = |share: f64| (share, *from + (*to - *from) * share);
            let keeps = |one: Coord<f64>, middle: Coord<f64>, other: Coord<f64>| {
                let way = Way::between(self.to_degrees(one), self.to_degrees(other));
                let straight = self.to_plane(way.at(0.5));
                is_short(one, other) && way.width() <= WIDEST_EDGE && Self::apart_m(middle, straight) <= tolerance_m
            };
            let mut shares = vec![0.0];
            halve(on_chord(0.0), on_chord(1.0), 0, &mut shares, &keeps, &on_chord);
            positions.extend(shares.into_iter().map(|share| rounded(self.to_degrees(on_chord(share).1))));
        }
        positions.dedup();
        positions.extend(positions.first().copied().filter(|first| positions.last() != Some(first)));
        positions
    }
}

fn is_short(one: Coord<f64>, other: Coord<f64>) -> bool {
    (other - one).x.hypot((other - one).y) < LONGEST_PART
}

/// The way between two positions that is straight in degrees, the short way round the earth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    from: Coord<f64>,
    to: Coord<f64>,
    eastward: f64,
}

impl Way {
    pub fn between(from: Coord<f64>, to: Coord<f64>) -> Self {
        let step = to.x - from.x;
        let eastward = if step.abs() > 180.0 { step - 360.0 * step.signum() } else { step };
        Self { from, to, eastward }
    }

    /// How many degrees of longitude it is wide.
    pub fn width(self) -> f64 {
        self.eastward.abs()
    }

    /// The position at a share of the way, in longitudes -180…180.
    pub fn at(self, share: f64) -> Coord<f64> {
        let x = self.from.x + share * self.eastward;
        let x = if x.abs() > 180.0 { x - 360.0 * x.signum() } else { x };
        Coord { x, y: self.from.y + share * (self.to.y - self.from.y) }
    }
}

/// Adds shares between two until all parts are `straight`.
fn halve(
    low: (f64, Coord<f64>),
    high: (f64, Coord<f64>),
    halvings: u32,
    shares: &mut Vec<f64>,
    straight: &impl Fn(Coord<f64>, Coord<f64>, Coord<f64>) -> bool,
    at: &impl Fn(f64) -> (f64, Coord<f64>),
) {
    let middle = at((low.0 + high.0) / 2.0);
    if halvings >= MOST_HALVINGS || straight(low.1, middle.1, high.1) {
        return;
    }
    halve(low, middle, halvings + 1, shares, straight, at);
    shares.push(middle.0);
    halve(middle, high, halvings + 1, shares, straight, at);
}

/// A position rounded to a tenth of a millimetre, so that it is the same on every machine whatever its sines are.
pub(super) fn rounded(at: Coord<f64>) -> Coord<f64> {
    let to_nano = |degrees: f64| (degrees * 1e9).round() / 1e9;
    Coord { x: to_nano(at.x), y: to_nano(at.y) }
}

fn vector(at: Coord<f64>) -> Vector {
    let ((sine, cosine), (east, north)) = (at.y.to_radians().sin_cos(), at.x.to_radians().sin_cos());
    [cosine * north, cosine * east, sine]
}

fn dot(one: Vector, other: Vector) -> f64 {
    one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
}

fn combined(one: Vector, weight: f64, other: Vector, other_weight: f64) -> Vector {
    [0, 1, 2].map(|part| {
        let of = |vector: Vector| vector.get(part).copied().unwrap_or(0.0);
        of(one) * weight + of(other) * other_weight
    })
}
