//! Staged scenarios: what rules must catch, one file each.
//!
//! A scenario says as data which violations and incidents it stages. Together with a fleet that breaks no rule, that is
//! the whole truth of the demo: what the server reports beyond it is a false alarm, what it lacks was missed.

mod chlorine_takes_forbidden_tunnel;
mod lpg_tanker_rolls_over;
mod petrol_enters_prohibited_zone;
pub mod plays;

use serde::Serialize;

use crate::{
    demo::{fleet::Tanker, region::Region},
    device::EventKind,
    network::route::Path,
    vehicle::{
        TrueState,
        driver::Driver,
        trip::{Performance, Trip},
    },
};

/// Why a scenario cannot be staged in a region.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The roads it needs are not there.
    #[error("the scenario {scenario} needs {what}, which the region does not have")]
    Missing {
        /// The scenario's key.
        scenario: &'static str,
        /// What is missing.
        what: &'static str,
    },
}

/// When and how things happen.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// When the event that is staged begins, in seconds after the start.
    pub after_s: f64,
    /// From which everything random follows.
    pub seed: u64,
}

/// A violation that a scenario stages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExpectedViolation {
    /// The rule's key.
    pub rule: &'static str,
    /// Whose vehicle.
    pub operator: &'static str,
    /// Which vehicle.
    pub vehicle: String,
    /// In which zone, for rules about zones.
    pub zone: Option<&'static str>,
}

/// An incident that a scenario stages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExpectedIncident {
    /// Whose vehicle.
    pub operator: &'static str,
    /// Which vehicle.
    pub vehicle: String,
    /// The rules that make it, first the one that opens it.
    pub triggers: Vec<&'static str>,
}

/// What a scenario stages, and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Expected {
    /// Episodes of breaking a rule.
    pub violations: Vec<ExpectedViolation>,
    /// Emergency events.
    pub incidents: Vec<ExpectedIncident>,
}

/// Something that moves, and sometimes raises an alarm.
pub trait Actor: Send {
    /// The true state at a second of the simulation, and the alarms raised since the last look with their seconds.
    /// Asked in rising order. `None` when the actor has no place in the world.
    fn look(&mut self, time_s: f64) -> Option<(TrueState, Vec<(f64, EventKind)>)>;

    /// Brakes to a halt from now on, if it can.
    fn pull_over(&mut self, time_s: f64);
}

/// A scenario.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Short stable name.
    pub key: &'static str,
    /// What happens, in one sentence.
    pub story: &'static str,
    /// Who plays it.
    pub tanker: fn() -> Tanker,
    /// What it stages.
    pub expected: fn() -> Expected,
    /// Puts the actor on the road.
    pub stage: fn(&Region, Timing) -> Staging,
}

/// An actor on the road, or why there is none.
pub type Staging = Result<Box<dyn Actor>, StageError>;

/// Every scenario.
pub const ALL: [Scenario; 3] = [
    petrol_enters_prohibited_zone::SCENARIO,
    chlorine_takes_forbidden_tunnel::SCENARIO,
    lpg_tanker_rolls_over::SCENARIO,
];

/// What all scenarios stage together.
#[must_use]
pub fn expected() -> Expected {
    let mut all = Expected::default();
    for scenario in &ALL {
        let one = (scenario.expected)();
        all.violations.extend(one.violations);
        all.incidents.extend(one.incidents);
    }
    all
}

impl Actor for Driver {
    fn look(&mut self, time_s: f64) -> Option<(TrueState, Vec<(f64, EventKind)>)> {
        self.state_at(time_s).map(|state| (state, Vec::new()))
    }

    fn pull_over(&mut self, time_s: f64) {
        Self::pull_over(self, time_s);
    }
}

/// Drives one path once and stays at its end.
#[derive(Clone, Debug)]
struct OneTrip {
    trip: Trip,
    departed_s: f64,
}

impl OneTrip {
    /// A drive along a path that is `mark_m` metres along at second `at_s`. Where the path is too short to be under way
    /// that long, the vehicle waits at its beginning.
    fn passing(path: Path, mark_m: f64, at_s: f64) -> Self {
        let trip = Trip::plan(path, Performance::TANKER);
        let departed_s = at_s - trip.time_at_m(mark_m);
        Self { trip, departed_s }
    }
}

impl Actor for OneTrip {
    fn look(&mut self, time_s: f64) -> Option<(TrueState, Vec<(f64, EventKind)>)> {
        self.trip.state_at(time_s - self.departed_s).map(|state| (state, Vec::new()))
    }

    fn pull_over(&mut self, time_s: f64) {
        self.trip = self.trip.pull_over(time_s - self.departed_s, Performance::TANKER);
        self.departed_s = time_s;
    }
}

/// How far along a path something first holds, to the metre.
fn first_m(path: &Path, holds: impl Fn(f64) -> bool) -> Option<f64> {
    let metres = crate::numbers::count(path.length_m());
    (0..=metres).map(|metre| metre as f64).find(|along_m| holds(*along_m))
}

#[cfg(test)]
mod tests;
