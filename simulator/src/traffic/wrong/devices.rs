//! What goes wrong with devices and receivers, and what devices are there to report.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::driving;
use crate::{
    device::EventKind,
    life::{Backlog, Fault, FaultKind, Outage, Span},
    traffic::day::Plan,
    vehicle::trip::Performance,
};

/// The device falls silent on the way for minutes, and forgets what it saw.
pub(super) fn falls_silent(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let lasts_s = rng.random_range(190.0..280.0);
    silence(plan, rng, lasts_s)
}

/// The same for so long that nobody knows where it went.
pub(super) fn is_offline_for_long(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let lasts_s = rng.random_range(420.0..700.0);
    silence(plan, rng, lasts_s)
}

fn silence(plan: &mut Plan, rng: &mut ChaCha8Rng, lasts_s: f64) -> bool {
    let Some(span) = driving(plan, rng, lasts_s, 230.0) else { return false };
    plan.vehicle.device.outages.push(Outage { span, backlog: Backlog::Lost });
    plan.vehicle.device.outages.sort_by(|a, b| a.span.from_s.total_cmp(&b.span.from_s));
    true
}

/// A fix or two far away, at zero degrees, or at another time.
pub(super) fn jumps(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let interval_s = plan.vehicle.device.moving_s;
    let Some(span) = driving(plan, rng, 2.0 * interval_s, 120.0) else { return false };
    let far_m = |rng: &mut ChaCha8Rng| rng.random_range(20_000.0..60_000.0) * if rng.random() { 1.0 } else { -1.0 };
    let kind = match rng.random_range(0..3) {
        0 => FaultKind::Jump { east_m: far_m(rng), north_m: far_m(rng) },
        1 => FaultKind::Null,
        _ => FaultKind::Clock { ahead_s: if rng.random() { 603.7 } else { -603.7 } },
    };
    plan.vehicle.device.faults.push(Fault { span, kind });
    true
}

/// The receiver repeats itself for minutes.
pub(super) fn freezes(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let lasts_s = rng.random_range(150.0..300.0);
    let Some(span) = driving(plan, rng, lasts_s, 60.0) else { return false };
    plan.vehicle.device.faults.push(Fault { span, kind: FaultKind::Frozen });
    true
}

/// The receiver is jammed for minutes.
pub(super) fn is_jammed(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let lasts_s = rng.random_range(150.0..400.0);
    let Some(span) = driving(plan, rng, lasts_s, 60.0) else { return false };
    plan.vehicle.device.faults.push(Fault { span, kind: FaultKind::Jammed });
    plan.vehicle.life.jamming.during(span, if rng.random() { 1 } else { 2 });
    true
}

/// Supply, antenna or case.
pub(super) fn is_meddled_with(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let Some(span) = driving(plan, rng, 150.0, 30.0) else { return false };
    let life = &mut plan.vehicle.life;
    match rng.random_range(0..4) {
        0 => life.external_power.during(span, false),
        1 => life.antenna_ok.during(span, false),
        2 => life.case_open.during(span, true),
        _ => life.alarms.push((span.from_s, EventKind::Tamper)),
    }
    true
}

/// It hits something, and can go on.
pub(super) fn collides(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let Some(span) = driving(plan, rng, 1.0, 30.0) else { return false };
    plan.vehicle.life.impacts.push((span.from_s, rng.random_range(3.0..7.0)));
    true
}

/// It turns over, and that is the end of its day.
pub(super) fn turns_over(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let Some(span) = driving(plan, rng, 1.0, 120.0) else { return false };
    let at_s = span.from_s;
    let slide = Performance { braking: 6.0, ..Performance::TANKER };
    let life = &mut plan.vehicle.life;
    let Some(slid) = life.motion.trip_at(at_s).map(|(departed_s, trip)| trip.pull_over(at_s - departed_s, slide))
    else {
        return false;
    };
    life.motion.depart(at_s, slid);
    life.roll_deg.run(at_s, at_s + 3.0, 86.0);
    life.alarms.retain(|(alarm_s, _)| *alarm_s < at_s);
    life.alarms.push((at_s + 2.5, EventKind::Rollover));
    let ends_s = at_s + 1_500.0;
    life.whole = Span::new(life.whole.from_s, ends_s.min(life.whole.to_s));
    plan.vehicle.device.outages.retain(|outage| outage.span.to_s < at_s);
    true
}

/// The driver presses the button.
pub(super) fn calls_for_help(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let Some(span) = driving(plan, rng, 1.0, 30.0) else { return false };
    plan.vehicle.life.alarms.push((span.from_s, EventKind::Sos));
    true
}
