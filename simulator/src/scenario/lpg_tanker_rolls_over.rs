//! An LPG tanker on the A16 south of the Moerdijkbrug rolls over: within seconds it lies on its side and stands still.
//! Its device senses the rollover; some seconds later the driver, unhurt enough, presses the emergency button.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Actor, Expected, ExpectedIncident, ExpectedViolation, OneTrip, Scenario, StageError, Staging, Timing};
use crate::{
    demo::{fleet::Tanker, region::Region},
    device::EventKind,
    goods::LPG,
    vehicle::{TrueState, trip::Trip},
};

const KEY: &str = "lpg_tanker_rolls_over";

/// Deceleration of a tank vehicle that slides on its side, in m/s².
const SLIDING: f64 = 6.0;
/// From upright to lying, in seconds.
const FALLING_S: f64 = 3.0;
/// Roll of a vehicle that lies, in degrees.
const LYING_DEG: f64 = 88.0;
/// Roll at which the device calls it a rollover, in degrees.
const ROLLOVER_DEG: f64 = 45.0;

pub(super) const SCENARIO: Scenario = Scenario {
    key: KEY,
    story: "an LPG tanker rolls over on the A16 and its driver presses SOS",
    tanker,
    expected,
    stage,
};

fn tanker() -> Tanker {
    Tanker::new("scheldt-gas", "SG-90", LPG)
}

fn expected() -> Expected {
    let Tanker { operator, vehicle, .. } = tanker();
    let violation = |rule| ExpectedViolation { rule, operator, vehicle: vehicle.clone(), zone: None };
    Expected {
        violations: vec![violation("motion.rollover"), violation("sos")],
        incidents: vec![ExpectedIncident {
            operator,
            vehicle: vehicle.clone(),
            triggers: vec!["motion.rollover", "sos"],
        }],
    }
}

fn stage(region: &Region, timing: Timing) -> Staging {
    let missing = |what| StageError::Missing { scenario: KEY, what };
    let forbidden = region.forbidden_roads(&LPG);
    let before = region.path_through(&["moerdijk", "klaverpolder"], &forbidden);
    let path = region.path_through(&["moerdijk", "klaverpolder", "zonzeel", "breda"], &forbidden);
    let (before, path) = before.zip(path).ok_or_else(|| missing("a way from Moerdijk to Breda"))?;
    let mark_m = before.length_m() + 2_500.0;
    let OneTrip { trip, departed_s } = OneTrip::passing(path, mark_m, timing.after_s);
    let mut rng = ChaCha8Rng::seed_from_u64(timing.seed);
    let sos_s = timing.after_s + FALLING_S + rng.random_range(5.0..20.0);
    let rollover_s = timing.after_s + FALLING_S * (ROLLOVER_DEG / LYING_DEG).sqrt();
    let alarms = vec![(rollover_s, EventKind::Rollover), (sos_s, EventKind::Sos)];
    Ok(Box::new(RollsOver { trip, departed_s, falls_s: timing.after_s, alarms }))
}

struct RollsOver {
    trip: Trip,
    departed_s: f64,
    falls_s: f64,
    alarms: Vec<(f64, EventKind)>,
}

impl Actor for RollsOver {
    fn look(&mut self, time_s: f64) -> Option<(TrueState, Vec<(f64, EventKind)>)> {
        let fallen_s = time_s - self.falls_s;
        if fallen_s < 0.0 {
            return self.trip.state_at(time_s - self.departed_s).map(|state| (state, Vec::new()));
        }
        let upright = self.trip.state_at(self.falls_s - self.departed_s)?;
        let before_ms = upright.speed_kmh / 3.6;
        let slid_s = fallen_s.min(before_ms / SLIDING);
        let slid_m = before_ms * slid_s - 0.5 * SLIDING * slid_s.powi(2);
        let course = upright.heading_deg.to_radians();
        let due = self.alarms.iter().take_while(|(due_s, _)| *due_s <= time_s).count();
        let state = TrueState {
            place: upright.place.moved(course.sin() * slid_m, course.cos() * slid_m),
            speed_kmh: (before_ms - SLIDING * slid_s) * 3.6,
            roll_deg: LYING_DEG * (fallen_s / FALLING_S).min(1.0).powi(2),
            ..upright
        };
        Some((state, self.alarms.drain(..due).collect()))
    }

    /// A vehicle that lies on its side does not pull over; one that still drives goes on to its fate.
    fn pull_over(&mut self, _: f64) {}
}
