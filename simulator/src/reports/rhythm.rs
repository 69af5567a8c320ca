//! When a device looks: at a steady rhythm, slower while the vehicle stands, and at once when something changes.

use crate::life::{Span, Vehicle};

/// Looks that are nearer than this are one, in seconds.
const ONE_LOOK_S: f64 = 0.5;

/// The seconds at which the device makes a fix, in order. The first and the last second of its life are among them.
pub(super) fn looks(vehicle: &Vehicle) -> Vec<f64> {
    let (life, device) = (&vehicle.life, &vehicle.device);
    let moving = life.motion.moving(life.whole);
    let mut looks = vec![life.whole.from_s, life.whole.to_s];
    for span in moving.iter() {
        every(device.moving_s, span, &mut looks);
        looks.push(span.to_s);
    }
    for span in life.standing().iter() {
        every(device.standing_s, span, &mut looks);
    }
    let switches = [
        &life.driver_present,
        &life.loaded,
        &life.valve_open,
        &life.external_power,
        &life.antenna_ok,
        &life.case_open,
        &life.door_open,
    ];
    looks.extend(switches.iter().flat_map(|switch| switch.changes()));
    looks.extend(life.driver.changes().chain(life.escort.changes()).chain(life.jamming.changes()));
    looks.extend(life.impacts.iter().map(|(at_s, _)| *at_s));
    looks.retain(|at_s| (life.whole.from_s..=life.whole.to_s).contains(at_s));
    looks.sort_by(f64::total_cmp);
    // What changes at a moment is seen just after it; of two looks at nearly the same moment the later says more.
    let mut kept: Vec<f64> = Vec::with_capacity(looks.len());
    for at_s in looks {
        match kept.last_mut() {
            Some(last) if at_s - *last < ONE_LOOK_S => *last = at_s,
            _ => kept.push(at_s),
        }
    }
    kept
}

fn every(interval_s: f64, span: Span, looks: &mut Vec<f64>) {
    let count = crate::numbers::count(span.length_s() / interval_s);
    looks.extend((0..=count).map(|number| span.from_s + number as f64 * interval_s));
}
