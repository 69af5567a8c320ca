//! What goes wrong with the cargo.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::driving;
use crate::{device::EventKind, life::Span, traffic::day::Plan};

/// It warms for a quarter of an hour.
pub(super) fn warms(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let Some(span) = driving(plan, rng, 900.0, 30.0) else { return false };
    plan.vehicle.life.temperature_c.bulge(span, rng.random_range(16.0..30.0));
    true
}

/// Its pressure rises for a quarter of an hour.
pub(super) fn builds_up_pressure(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let Some(span) = driving(plan, rng, 900.0, 30.0) else { return false };
    plan.vehicle.life.pressure_kpa.bulge(span, rng.random_range(260.0..500.0));
    true
}

/// A tenth of it is gone within two minutes on the way.
pub(super) fn loses_its_load(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let Some(span) = driving(plan, rng, 900.0, 30.0) else { return false };
    let level = &mut plan.vehicle.life.level_pct;
    // The rest of the day goes on as it was, from the lower level.
    let before_pct = level.at(span.from_s);
    level.bulge(Span::new(span.from_s, span.to_s), -rng.random_range(9.0..15.0));
    level.at(span.from_s + span.length_s() / 2.0) < before_pct - 8.0
}

/// A valve is open on the way.
pub(super) fn drives_with_an_open_valve(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let Some(span) = driving(plan, rng, 200.0, 30.0) else { return false };
    plan.vehicle.life.valve_open.during(span, true);
    true
}

/// Gas is found, and the device reports it in half of the cases.
pub(super) fn leaks(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let Some(span) = driving(plan, rng, 500.0, 30.0) else { return false };
    plan.vehicle.life.gas_pct_lel.bulge(span, rng.random_range(28.0..60.0));
    if rng.random() {
        plan.vehicle.life.alarms.push((span.from_s + 60.0, EventKind::Leak));
    }
    true
}

/// The device reports fire.
pub(super) fn burns(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let Some(span) = driving(plan, rng, 1.0, 30.0) else { return false };
    plan.vehicle.life.alarms.push((span.from_s, EventKind::Fire));
    true
}
