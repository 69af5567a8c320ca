//! What a GNSS receiver makes of the truth.
//!
//! Position errors are a slow drift (a first-order Gauss-Markov process, as atmosphere and geometry cause it) plus
//! white noise. In a tunnel there are no satellites: the receiver goes on by dead reckoning, its error growing with the
//! time underground, and says so by its accuracy. The figures are those of an ordinary automotive receiver.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::{
    geometry::Place,
    numbers::{normal, rounded},
    vehicle::TrueState,
};

/// Deviation of the slow drift per axis, in metres.
const DRIFT_M: f64 = 1.8;
/// Time after which the drift has forgotten most of itself, in seconds.
const DRIFT_MEMORY_S: f64 = 90.0;
/// Deviation of the white noise per axis, in metres.
const NOISE_M: f64 = 0.5;
/// Growth of the dead reckoning error, in metres per second underground.
const RECKONING_M_PER_S: f64 = 0.1;

/// What the receiver reports.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Where it believes to be.
    pub place: Place,
    /// Speed in km/h.
    pub speed_kmh: f64,
    /// Course in degrees, while moving.
    pub heading_deg: Option<f64>,
    /// Radius within which it believes the position to be, in metres.
    pub accuracy_m: f64,
    /// Satellites used.
    pub satellites: u8,
}

/// A receiver with its own seeded errors.
#[derive(Clone, Debug)]
pub struct Receiver {
    rng: ChaCha8Rng,
    drift_m: [f64; 2],
    last_s: Option<f64>,
    underground_since_s: Option<f64>,
}

impl Receiver {
    /// A receiver whose errors follow from the seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let drift_m = [normal(&mut rng) * DRIFT_M, normal(&mut rng) * DRIFT_M];
        Self { rng, drift_m, last_s: None, underground_since_s: None }
    }

    /// What it reports at a second of the simulation. Asked in rising order.
    pub fn observe(&mut self, time_s: f64, truth: &TrueState) -> Observation {
        let passed_s = self.last_s.map_or(0.0, |last_s| (time_s - last_s).max(0.0));
        self.last_s = Some(time_s);
        let kept = (-passed_s / DRIFT_MEMORY_S).exp();
        for axis in &mut self.drift_m {
            *axis = *axis * kept + normal(&mut self.rng) * DRIFT_M * (1.0 - kept * kept).sqrt();
        }
        let underground_s = if truth.tunnel.is_some() {
            time_s - *self.underground_since_s.get_or_insert(time_s)
        } else {
            self.underground_since_s = None;
            0.0
        };
        let reckoning_m = underground_s * RECKONING_M_PER_S;
        let [drift_east_m, drift_north_m] = self.drift_m;
        let mut error_m = |drift_m: f64| drift_m + normal(&mut self.rng) * (NOISE_M + reckoning_m / 4.0);
        let place = truth.place.moved(error_m(drift_east_m), error_m(drift_north_m));
        let moving = truth.speed_kmh > 1.0;
        let speed_kmh = if moving { (truth.speed_kmh + normal(&mut self.rng) * 0.3).max(0.0) } else { 0.0 };
        let heading_deg = moving.then(|| (truth.heading_deg + normal(&mut self.rng) * 1.2).rem_euclid(360.0));
        let accuracy_m = 4.0 + normal(&mut self.rng).abs() * 0.6 + reckoning_m;
        Observation {
            place: Place::new(rounded(place.lat, 7), rounded(place.lon, 7)),
            speed_kmh: rounded(speed_kmh, 1),
            // 359.96 rounds to 360.0, which is no course.
            heading_deg: heading_deg.map(|heading_deg| rounded(heading_deg, 1) % 360.0),
            accuracy_m: rounded(accuracy_m, 1),
            satellites: if truth.tunnel.is_some() { 0 } else { satellites(normal(&mut self.rng)) },
        }
    }
}

fn satellites(draw: f64) -> u8 {
    u8::try_from(crate::numbers::whole((11.0 + 2.0 * draw).clamp(6.0, 18.0))).unwrap_or(11)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(tunnel: Option<&str>) -> TrueState {
        TrueState {
            place: Place::new(51.9, 4.38),
            speed_kmh: 0.0,
            heading_deg: 10.0,
            tunnel: tunnel.map(Into::into),
            ignition: true,
            roll_deg: 0.0,
        }
    }

    #[test]
    fn most_reports_lie_within_the_accuracy_they_claim() {
        let truth = standing(None);
        let mut receiver = Receiver::new(1);
        let within = (0..10_000)
            .map(|second| receiver.observe(f64::from(second), &truth))
            .filter(|seen| seen.place.distance_m(truth.place) <= seen.accuracy_m)
            .count();
        assert!((8_000..9_999).contains(&within), "{within} of 10,000");
    }

    #[test]
    fn errors_drift_slowly_rather_than_jump() {
        let truth = standing(None);
        let mut receiver = Receiver::new(2);
        let places: Vec<Place> = (0..5000).map(|second| receiver.observe(f64::from(second), &truth).place).collect();
        let step_m = places.windows(2).map(|two| two[0].distance_m(two[1])).sum::<f64>() / 4999.0;
        let error_m = places.iter().map(|place| place.distance_m(truth.place)).sum::<f64>() / 5000.0;
        assert!(step_m < error_m, "from second to second {step_m} m, from the truth {error_m} m");
    }

    #[test]
    fn underground_the_accuracy_worsens_and_daylight_restores_it() {
        let mut receiver = Receiver::new(3);
        let before = receiver.observe(0.0, &standing(None));
        receiver.observe(1.0, &standing(Some("Kiltunnel")));
        let deep = receiver.observe(41.0, &standing(Some("Kiltunnel")));
        let after = receiver.observe(42.0, &standing(None));
        assert!(deep.accuracy_m > before.accuracy_m + 1.0 && deep.satellites == 0);
        assert!(after.accuracy_m < deep.accuracy_m && after.satellites > 0);
    }

    #[test]
    fn the_same_seed_errs_the_same_way() {
        let errors = |seed| {
            let mut receiver = Receiver::new(seed);
            (0..50).map(|second| receiver.observe(f64::from(second), &standing(None))).collect::<Vec<_>>()
        };
        assert_eq!(errors(4), errors(4));
        assert_ne!(errors(4), errors(5));
    }
}
