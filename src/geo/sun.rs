//! Where the sun stands: whether it is day or night at a place.
//!
//! The equations are those of NOAA's solar calculator (Global Monitoring Laboratory), which are the low-precision ones of
//! J. Meeus, *Astronomical Algorithms*, 2nd edition: chapter 25 for the sun's position (0.01°), chapter 28 for the equation
//! of time. Universal time stands for dynamical time, and UTC for UT1; together that is less than 0.01° in this century.
//! Elevations are those of the sun's centre as seen from the middle of the earth, without refraction.
//!
//! Day is from sunrise to sunset, as the Emergency Response Guidebook says of its distances. The sun rises when its upper
//! edge appears at a level horizon: then its centre stands at -0.833°, with 16′ for its radius and 34′ for refraction, as
//! almanacs take it. Hills and the height of the place are left out.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::Place;

/// Elevation of the sun's centre, in degrees, at which its upper edge appears at the horizon.
pub const HORIZON_DEG: f64 = -0.833;

/// How far ahead the next change of day and night is looked for.
const AHEAD: TimeDelta = TimeDelta::hours(24);
/// The height above the horizon is looked at so often. Between two looks the sun turns at most once.
const LOOK: TimeDelta = TimeDelta::minutes(10);
/// The change is found to within this.
const FINE: TimeDelta = TimeDelta::seconds(1);
/// The epoch J2000.0, 1 January 2000 12:00, in milliseconds of Unix time.
const J2000_MS: f64 = 946_728_000_000.0;
const MS_PER_DAY: f64 = 86_400_000.0;
const DAYS_PER_CENTURY: f64 = 36_525.0;
const MINUTES_PER_DAY: f64 = 1_440.0;

/// Elevation of the sun's centre above the horizontal in degrees, negative below; without refraction.
#[must_use]
pub fn elevation_deg(place: Place, time: DateTime<Utc>) -> f64 {
    let sun = Sun::at(time);
    let (sine_lat, cosine_lat) = place.lat().to_radians().sin_cos();
    let (sine_declination, cosine_declination) = sun.declination.sin_cos();
    let hour_angle = (sun.greenwich_hour_angle_deg + place.lon()).to_radians();
    let sine = sine_lat * sine_declination + cosine_lat * cosine_declination * hour_angle.cos();
    sine.clamp(-1.0, 1.0).asin().to_degrees()
}

/// Whether it is day: between sunrise and sunset.
#[must_use]
pub fn is_day(place: Place, time: DateTime<Utc>) -> bool {
    elevation_deg(place, time) >= HORIZON_DEG
}

/// When day next turns to night, or night to day, to within a second; `None` where that does not happen within 24 hours,
/// as in polar day and polar night.
#[must_use]
pub fn next_change(place: Place, time: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let day = is_day(place, time);
    let changed = |at: DateTime<Utc>| is_day(place, at) != day;
    let depth = |at: DateTime<Utc>| (elevation_deg(place, at) - HORIZON_DEG).abs();
    let end = time + AHEAD;
    let (mut before, mut last) = (time - LOOK, time);
    while last < end {
        let next = last + LOOK;
        if changed(next) {
            return Some(first_changed(last, next, changed)).filter(|at| *at <= end);
        }
        // Near the limits of polar day and night the sun may go below the horizon and come back between two looks.
        if depth(last) <= depth(before) && depth(last) <= depth(next) {
            let from = before.max(time);
            let turning = least(from, next, depth);
            if changed(turning) {
                return Some(first_changed(from, turning, changed)).filter(|at| *at <= end);
            }
        }
        (before, last) = (last, next);
    }
    None
}

/// The first time at which something has changed, between one at which it has not and one at which it has.
fn first_changed(
    mut unchanged: DateTime<Utc>,
    mut changed: DateTime<Utc>,
    is_changed: impl Fn(DateTime<Utc>) -> bool,
) -> DateTime<Utc> {
    while changed - unchanged > FINE {
        let middle = unchanged + (changed - unchanged) / 2;
        if is_changed(middle) { changed = middle } else { unchanged = middle }
    }
    changed
}

/// Where a value that falls and then rises is least.
fn least(mut from: DateTime<Utc>, mut to: DateTime<Utc>, value: impl Fn(DateTime<Utc>) -> f64) -> DateTime<Utc> {
    while to - from > FINE {
        let third = (to - from) / 3;
        let (left, right) = (from + third, to - third);
        if value(left) < value(right) { to = right } else { from = left }
    }
    from + (to - from) / 2
}

/// The sun at a moment, wherever one stands.
struct Sun {
    /// Declination in radians.
    declination: f64,
    /// Its hour angle at longitude 0, in degrees.
    greenwich_hour_angle_deg: f64,
}

impl Sun {
    fn at(time: DateTime<Utc>) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of any date in use are exact in a double")]
        let days = (time.timestamp_millis() as f64 - J2000_MS) / MS_PER_DAY;
        let t = days / DAYS_PER_CENTURY;
        let mean_longitude = (280.466_46 + t * (36_000.769_83 + t * 0.000_303_2)).to_radians();
        let anomaly = (357.529_11 + t * (35_999.050_29 - t * 0.000_153_7)).to_radians();
        let eccentricity = 0.016_708_634 - t * (0.000_042_037 + t * 0.000_000_126_7);
        let centre_deg = (1.914_602 - t * (0.004_817 + t * 0.000_014)) * anomaly.sin()
            + (0.019_993 - t * 0.000_101) * (2.0 * anomaly).sin()
            + 0.000_289 * (3.0 * anomaly).sin();
        // Aberration and the larger part of the nutation.
        let node = (125.04 - 1_934.136 * t).to_radians();
        let longitude = mean_longitude + (centre_deg - 0.005_69 - 0.004_78 * node.sin()).to_radians();
        let obliquity_seconds = 21.448 - t * (46.815 + t * (0.000_59 - t * 0.001_813));
        let obliquity = (23.0 + (26.0 + obliquity_seconds / 60.0) / 60.0 + 0.002_56 * node.cos()).to_radians();
        let y = (obliquity / 2.0).tan().powi(2);
        let equation_of_time = y * (2.0 * mean_longitude).sin() - 2.0 * eccentricity * anomaly.sin()
            + 4.0 * eccentricity * y * anomaly.sin() * (2.0 * mean_longitude).cos()
            - 0.5 * y * y * (4.0 * mean_longitude).sin()
            - 1.25 * eccentricity * eccentricity * (2.0 * anomaly).sin();
        // J2000.0 is noon, so the fraction of the day since then is the mean sun's hour angle.
        let mean_hour_angle_deg = days.rem_euclid(1.0) * MINUTES_PER_DAY / 4.0;
        Self {
            declination: (obliquity.sin() * longitude.sin()).asin(),
            greenwich_hour_angle_deg: mean_hour_angle_deg + equation_of_time.to_degrees(),
        }
    }
}

#[cfg(test)]
mod tests;
