//! Shapes for tests.

use ::geo::{Coord, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;

use super::{LocalFrame, LocalPoint};
use crate::domain::Place;

pub(super) fn place(lat: f64, lon: f64) -> Place {
    Place::new(lat, lon).unwrap()
}

/// Where the local shapes stand: the port of Antwerp.
pub(super) fn centre() -> Place {
    place(51.3, 4.3)
}

/// The place so many metres east and north of the centre.
pub(super) fn metres(east_m: f64, north_m: f64) -> Place {
    LocalFrame::at(centre()).place(LocalPoint { east_m, north_m }).unwrap()
}

/// A ring through points in metres around the centre.
pub(super) fn ring(points_m: &[(f64, f64)]) -> LineString<f64> {
    let mut positions: Vec<Coord<f64>> = points_m
        .iter()
        .map(|(east, north)| metres(*east, *north))
        .map(|place| Coord { x: place.lon(), y: place.lat() })
        .collect();
    positions.push(positions[0]);
    LineString::new(positions)
}

/// An area of one polygon, in metres around the centre.
pub(super) fn area(exterior: &[(f64, f64)], holes: &[&[(f64, f64)]]) -> MultiPolygon<f64> {
    Polygon::new(ring(exterior), holes.iter().map(|hole| ring(hole)).collect()).into()
}

/// The corners of an upright box in metres.
pub(super) fn corners(west: f64, south: f64, east: f64, north: f64) -> [(f64, f64); 4] {
    [(west, south), (east, south), (east, north), (west, north)]
}

/// The corners of a regular polygon around (0, 0).
pub(super) fn circle(radius_m: f64, count: u32) -> Vec<(f64, f64)> {
    let angle = |number: u32| f64::from(number) / f64::from(count) * std::f64::consts::TAU;
    (0..count).map(|number| (radius_m * angle(number).cos(), radius_m * angle(number).sin())).collect()
}

/// An area of one polygon straight in degrees.
pub(super) fn degrees(exterior: &[(f64, f64)]) -> MultiPolygon<f64> {
    Polygon::new(exterior.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect(), Vec::new()).into()
}

/// Star-shaped polygons with spikes and dents, 3 to 300 corners, half of them with a hole around the centre.
pub(super) fn stars() -> impl Strategy<Value = MultiPolygon<f64>> {
    (prop::collection::vec(300.0..1000.0_f64, 3..300), any::<bool>()).prop_map(|(radii, has_hole)| {
        let at = |number: usize, radius: f64| {
            #[expect(clippy::cast_precision_loss, reason = "a few hundred corners")]
            let angle = number as f64 / radii.len() as f64 * std::f64::consts::TAU;
            (radius * angle.cos(), radius * angle.sin())
        };
        let exterior: Vec<(f64, f64)> = radii.iter().enumerate().map(|(number, radius)| at(number, *radius)).collect();
        let hole: Vec<(f64, f64)> = radii.iter().enumerate().map(|(number, radius)| at(number, radius / 4.0)).collect();
        if has_hole { area(&exterior, &[&hole]) } else { area(&exterior, &[]) }
    })
}
