//! The cargo's state: `cargo.temperature`, `cargo.pressure`, `cargo.valve_open`, `cargo.leak`.
//!
//! - A temperature outside the shipment's limits.
//! - A pressure above its limit; or, where nothing is unloaded, a level that has fallen within ten minutes by more than the
//!   shipment allows, or by more than 5 per cent of the tank if it does not say.
//! - A valve that is open on a vehicle that moves, or the device's own alarm.
//! - Gas at 20 % of the lower explosion limit or more, or the device's own alarm; from 10 % on a warning may be given.

use std::collections::VecDeque;

use super::{Case, Trace, alarms, verdict::Verdict};
use crate::{
    device::EventKind,
    life::{Ramps, Span, Spans},
    world::{Area, CargoLimits, Kind, Shipment},
};

/// What sensors may be wrong by: °C, kPa, per cent of level, per cent of the explosion limit.
const ERRORS: (f64, f64, f64, f64) = (1.0, 7.0, 1.5, 1.5);
/// Gas from which on it is a leak, and from which on a warning may be given, in per cent of the lower explosion limit.
const GAS_PCT: (f64, f64) = (20.0, 10.0);
/// A level may fall by so much, in per cent, where the shipment says nothing …
const USUAL_DROP_PCT: f64 = 5.0;
/// … within so long, in seconds; looked at in such steps.
const WINDOW_S: f64 = 600.0;
const STEP_S: f64 = 5.0;
/// From this speed on a vehicle moves, in km/h.
const MOVING_KMH: f64 = 5.0;
/// An alarm that is not repeated for so long is over, in seconds.
const QUIET_S: f64 = 600.0;

pub(super) fn judge(case: &mut Case<'_>) {
    let vehicle = case.vehicle;
    let (mut temperature, mut pressure) = (Verdict::default(), Verdict::default());
    for shipment in &vehicle.shipments {
        let under_way = Span::new(shipment.starts_s, shipment.ends_s).cut(case.whole());
        if under_way.length_s() <= 0.0 {
            continue;
        }
        if vehicle.device.equipment.gauges {
            temperature = temperature.or(&too_warm_or_cold(case, &shipment.limits, under_way));
            pressure = pressure.or(&over_pressure(case, &shipment.limits, under_way));
        }
        if vehicle.device.equipment.tank {
            pressure = pressure.or(&falling(case, shipment, under_way));
        }
    }
    case.note("cargo.temperature", "any", temperature, "is too warm or too cold");
    case.note("cargo.pressure", "any", pressure, "has too much pressure, or loses its load");
    if vehicle.device.equipment.tank {
        let valve = valve(case).or(&alarms(case, &[EventKind::ValveOpen]));
        let linked = valve.may.bridged(QUIET_S);
        case.note("cargo.valve_open", "any", Verdict { linked, ..valve }, "drives with an open valve");
    }
    let leak = gas(case).or(&alarms(case, &[EventKind::Leak]));
    let linked = leak.may.bridged(QUIET_S);
    case.note("cargo.leak", "any", Verdict { linked, ..leak }, "leaks");
}

/// What changes gradually is seen at fixes a minute apart at the most.
fn seen(case: &Case<'_>, must: Spans, is: Spans, may: Spans) -> Verdict {
    let least_s = 2.0 * case.vehicle.device.standing_s + 10.0;
    Verdict { must: must.lasting(least_s), is, may, linked: Spans::default() }
}

/// Above a limit, in all shades, by a sensor that may be wrong by so much.
fn above(case: &Case<'_>, track: &Ramps, limit: f64, error: f64, within: Span) -> Verdict {
    let above = |limit: f64| track.above(within, limit);
    seen(case, above(limit + error), above(limit), above(limit - error))
}

fn too_warm_or_cold(case: &Case<'_>, limits: &CargoLimits, within: Span) -> Verdict {
    let track = &case.vehicle.life.temperature_c;
    let error = ERRORS.0;
    let warm = limits.temperature_max_c.map(|limit| above(case, track, limit, error, within)).unwrap_or_default();
    let cold = limits.temperature_min_c.map(|limit| {
        let below = |limit: f64| track.below(within, limit);
        seen(case, below(limit - error), below(limit), below(limit + error))
    });
    warm.or(&cold.unwrap_or_default())
}

fn over_pressure(case: &Case<'_>, limits: &CargoLimits, within: Span) -> Verdict {
    let limit = limits.pressure_max_kpa;
    limit.map(|limit| above(case, &case.vehicle.life.pressure_kpa, limit, ERRORS.1, within)).unwrap_or_default()
}

/// A level that falls where nothing is unloaded: at no unloading place, and not at the shipment's destination.
fn falling(case: &Case<'_>, shipment: &Shipment, within: Span) -> Verdict {
    let most_pct = shipment.limits.level_drop_pct.unwrap_or(USUAL_DROP_PCT);
    let unloading = case.zones().filter(|(zone, _, _)| matches!(zone.kind, Kind::UnloadingPlace));
    let there = unloading.map(|(_, trace, effective)| trace.inside().and(effective));
    let mut there = there.fold(Spans::default(), |all, one| all.or(&one));
    if let Some(spot) = shipment.destination {
        let area = Area::circle(spot.place, spot.radius_m);
        there = there.or(&Trace::follow(&case.vehicle.life, &case.vehicle.device, &area).inside());
    }
    let mut falling = Verdict::default();
    for away in there.not(within).iter() {
        let fallen = fallen(&case.vehicle.life.level_pct, away);
        let more = |drop_pct: f64| -> Spans {
            let steps = fallen.iter().filter(|(_, fallen_pct)| *fallen_pct > drop_pct);
            steps.map(|(at_s, _)| Span::new(*at_s, at_s + STEP_S).cut(away)).collect()
        };
        falling =
            falling.or(&seen(case, more(most_pct + ERRORS.2), more(most_pct), more((most_pct - ERRORS.2).max(1.0))));
    }
    falling
}

/// How much lower the level is than it was at any time in the window before, step by step.
fn fallen(level: &Ramps, within: Span) -> Vec<(f64, f64)> {
    let count = crate::numbers::count(within.length_s() / STEP_S);
    let at_s = |step: u64| within.from_s + step as f64 * STEP_S;
    let mut window: VecDeque<(f64, f64)> = VecDeque::new();
    let mut fallen = Vec::new();
    for step in 0..=count {
        let (now_s, now_pct) = (at_s(step), level.at(at_s(step)));
        while window.back().is_some_and(|(_, pct)| *pct <= now_pct) {
            window.pop_back();
        }
        window.push_back((now_s, now_pct));
        while window.front().is_some_and(|(then_s, _)| *then_s < now_s - WINDOW_S) {
            window.pop_front();
        }
        fallen.push((now_s, window.front().map_or(0.0, |(_, highest_pct)| highest_pct - now_pct)));
    }
    fallen
}

fn valve(case: &Case<'_>) -> Verdict {
    let life = &case.vehicle.life;
    let open = life.valve_open.spans(case.whole(), |open| *open);
    let moving = life.motion.faster_than(case.whole(), MOVING_KMH);
    let both = open.and(&moving);
    Verdict {
        must: both.lasting(2.0 * case.interval_s() + 5.0),
        may: open.and(&life.motion.moving(case.whole())),
        linked: Spans::default(),
        is: both,
    }
}

fn gas(case: &Case<'_>) -> Verdict {
    if !case.vehicle.device.equipment.tank {
        return Verdict::default();
    }
    let track = &case.vehicle.life.gas_pct_lel;
    let above = |limit: f64| track.above(case.whole(), limit);
    seen(case, above(GAS_PCT.0 + ERRORS.3), above(GAS_PCT.0), above(GAS_PCT.1 - ERRORS.3))
}
