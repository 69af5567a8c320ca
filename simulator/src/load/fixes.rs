//! The fixes that a load is made of: valid, moving, cheap to write.
//!
//! Each vehicle drives round a circle of its own at 72 km/h. The circles lie in the north of the Netherlands, away from
//! every zone of the demo. Positions follow from the time, so that nothing has to be kept but a number per vehicle.

use std::{f64::consts::TAU, fmt::Write};

use crate::numbers::whole;

/// Speed of every vehicle, in m/s.
const SPEED_MS: f64 = 20.0;
/// Radius of a circle, in metres.
const RADIUS_M: f64 = 2_000.0;
/// The middle of the first circle.
const ORIGIN: (f64, f64) = (52.60, 5.20);
/// Metres in a degree of latitude, near enough for a circle.
const M_PER_DEG: f64 = 111_195.0;

/// The track of one vehicle.
#[derive(Clone, Debug)]
pub struct Circle {
    lat: f64,
    lon: f64,
    lat_radius_deg: f64,
    lon_radius_deg: f64,
    phase: f64,
    seq: i64,
}

impl Circle {
    /// The circle of the vehicle with this number.
    #[must_use]
    pub fn new(number: usize, first_seq: i64) -> Self {
        let number = number as f64;
        // A spiral of golden angles spreads any number of circles evenly.
        let angle = number * TAU * 0.381_966;
        let out_deg = 0.004 * number.sqrt().min(100.0);
        let lat = ORIGIN.0 + out_deg * angle.sin();
        let lon = ORIGIN.1 + out_deg * 1.6 * angle.cos();
        let lat_radius_deg = RADIUS_M / M_PER_DEG;
        let lon_radius_deg = lat_radius_deg / lat.to_radians().cos();
        Self { lat, lon, lat_radius_deg, lon_radius_deg, phase: angle, seq: first_seq }
    }

    /// Writes the payload of the next fix, at a time in milliseconds since 1970, over what the buffer held.
    pub fn write(&mut self, time_ms: i64, payload: &mut String) {
        let angle = self.phase + (time_ms.rem_euclid(86_400_000) as f64 / 1000.0) * SPEED_MS / RADIUS_M;
        let (sin, cos) = angle.sin_cos();
        let heading_deg = whole((90.0 - (angle.to_degrees() + 90.0)).rem_euclid(360.0)) % 360;
        payload.clear();
        // Writing to a string cannot fail.
        let _ = write!(payload, r#"{{"time":{time_ms},"lat":"#);
        push_degrees(payload, self.lat + self.lat_radius_deg * sin);
        payload.push_str(r#","lon":"#);
        push_degrees(payload, self.lon + self.lon_radius_deg * cos);
        let _ = write!(
            payload,
            r#","speed_kmh":72,"heading_deg":{heading_deg},"accuracy_m":4,"satellites":11,"ignition":true,"seq":{}}}"#,
            self.seq
        );
        self.seq += 1;
    }
}

/// Degrees with six decimals, by whole numbers: several times as fast as formatting a float. For positive degrees.
fn push_degrees(payload: &mut String, degrees: f64) {
    let millionths = whole(degrees * 1e6);
    let _ = write!(payload, "{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::geometry::Place;

    fn place(payload: &str) -> Place {
        let fix: Value = serde_json::from_str(payload).unwrap();
        Place::new(fix["lat"].as_f64().unwrap(), fix["lon"].as_f64().unwrap())
    }

    #[test]
    fn a_vehicle_moves_at_the_speed_and_course_it_reports() {
        let mut circle = Circle::new(17, 5);
        let mut payload = String::new();
        circle.write(1_764_000_000_000, &mut payload);
        let before = place(&payload);
        circle.write(1_764_000_001_000, &mut payload);
        let fix: Value = serde_json::from_str(&payload).unwrap();
        let after = place(&payload);
        assert!((before.distance_m(after) - SPEED_MS).abs() < 0.3, "{}", before.distance_m(after));
        let turn = crate::geometry::turn_deg(before.heading_deg(after), fix["heading_deg"].as_f64().unwrap());
        assert!(turn < 3.0, "{turn}");
        assert_eq!((fix["seq"].as_i64(), fix["time"].as_i64()), (Some(6), Some(1_764_000_001_000)));
    }

    #[test]
    fn a_hundred_thousand_vehicles_stay_on_land_and_away_from_the_demo() {
        let mut payload = String::new();
        for number in (0..100_000).step_by(997) {
            Circle::new(number, 1).write(1_764_000_000_000, &mut payload);
            let Place { lat, lon } = place(&payload);
            assert!((52.1..53.1).contains(&lat) && (4.4..6.0).contains(&lon), "{lat} {lon}");
        }
    }
}
