//! What a device sees when it looks: the truth through the receiver, its faults, and the sensors.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

use super::{Made, Report, rhythm};
use crate::{
    device::{Event, Fix},
    geometry::Place,
    life::{Fault, FaultKind, Vehicle},
    numbers::{normal, rounded},
    receiver::{Observation, Receiver},
    vehicle::TrueState,
    world::Moment,
};

/// How far a jammed position wanders, deviation per axis in metres, and the accuracy that the receiver admits then.
const JAMMED_M: (f64, f64) = (20.0, 60.0);

/// Everything that the device makes, in the order of its numbers.
pub(super) fn make(vehicle: &Vehicle, moment: &Moment) -> Vec<Made> {
    let mut receiver = Receiver::new(vehicle.device.seed);
    let mut rng = ChaCha8Rng::seed_from_u64(vehicle.device.seed ^ 0x005e_ed0f_f1fe);
    let mut made = Vec::new();
    let mut alarms = vehicle.life.alarms.iter().peekable();
    let mut frozen: Option<Observation> = None;
    let mut last_s = vehicle.life.whole.from_s;
    let mut next_seq = 1..;
    let mut push = |at_s: f64, report: Report| {
        let seq = next_seq.next().unwrap_or(i64::MAX);
        made.push(Made { at_s, seq, report });
    };
    for at_s in rhythm::looks(vehicle) {
        let Some(truth) = vehicle.life.motion.at(at_s) else { continue };
        while let Some((alarm_s, kind)) = alarms.next_if(|(alarm_s, _)| *alarm_s <= at_s) {
            let place = vehicle.life.motion.at(*alarm_s).map(|state| rounded_place(state.place));
            push(*alarm_s, Report::Alarm(Event { kind: *kind, time: moment.at(*alarm_s), place }));
        }
        let fault = vehicle.device.faults.iter().find(|fault| (fault.span.from_s..fault.span.to_s).contains(&at_s));
        let mut seen = receiver.observe(at_s, &truth);
        // What a frozen receiver repeats is its last good fix.
        if !fault.is_some_and(|fault| fault.kind == FaultKind::Frozen) {
            frozen = Some(seen.clone());
        }
        let ahead_s = err(&mut seen, fault, frozen.as_ref(), &mut rng);
        let mut fix = Fix::new(moment.at(at_s + ahead_s), wrapped(seen.place));
        fix.speed_kmh = Some(seen.speed_kmh);
        fix.heading_deg = seen.heading_deg;
        fix.accuracy_m = Some(seen.accuracy_m);
        fix.satellites = Some(seen.satellites);
        fix.ignition = Some(truth.ignition);
        fix.driver = named(vehicle.life.driver.at(at_s));
        fix.escort = named(vehicle.life.escort.at(at_s));
        fix.odometer_km = Some(rounded(vehicle.life.motion.odometer_m(at_s) / 1000.0, 3));
        fix.sensors = sensors(vehicle, &truth, last_s, at_s, &mut rng);
        push(at_s, Report::Fix(Box::new(fix)));
        last_s = at_s;
    }
    made
}

/// Puts a fault on what was seen. Returns how far the clock is ahead, in seconds.
fn err(seen: &mut Observation, fault: Option<&Fault>, frozen: Option<&Observation>, rng: &mut ChaCha8Rng) -> f64 {
    match fault.map(|fault| fault.kind) {
        Some(FaultKind::Frozen) => {
            if let Some(frozen) = frozen {
                seen.clone_from(frozen);
            }
        }
        Some(FaultKind::Null) => {
            seen.place = Place::new(0.0, 0.0);
            seen.satellites = 0;
        }
        Some(FaultKind::Jump { east_m, north_m }) => seen.place = rounded_place(seen.place.moved(east_m, north_m)),
        Some(FaultKind::Jammed) => {
            let (wander_m, admitted_m) = JAMMED_M;
            seen.place = rounded_place(seen.place.moved(normal(rng) * wander_m, normal(rng) * wander_m));
            seen.accuracy_m = admitted_m;
            seen.satellites = 3;
        }
        Some(FaultKind::Jitter { deviation_m }) => {
            seen.place = rounded_place(seen.place.moved(normal(rng) * deviation_m, normal(rng) * deviation_m));
        }
        Some(FaultKind::Clock { ahead_s }) => return ahead_s,
        None => {}
    }
    0.0
}

/// What the sensors say, each with its own noise.
fn sensors(vehicle: &Vehicle, truth: &TrueState, last_s: f64, at_s: f64, rng: &mut ChaCha8Rng) -> Map<String, Value> {
    let (life, equipment) = (&vehicle.life, vehicle.device.equipment);
    let mut reading = |value: f64, noise: f64| json!(rounded(value + normal(rng) * noise, 1));
    let mut sensors = Map::new();
    let mut say = |name: &str, value: Value| drop(sensors.insert(name.into(), value));
    let hardest_g = life.impacts.iter().filter(|(impact_s, _)| *impact_s > last_s && *impact_s <= at_s);
    let hardest_g = hardest_g.map(|(_, g)| *g).fold(0.2, f64::max);
    say("acceleration_g", reading(hardest_g, 0.05));
    say("antenna_ok", json!(life.antenna_ok.at(at_s)));
    say("case_open", json!(life.case_open.at(at_s)));
    say("driver_present", json!(life.driver_present.at(at_s)));
    say("external_power", json!(life.external_power.at(at_s)));
    say("jamming", json!(life.jamming.at(at_s)));
    say("loaded", json!(life.loaded.at(at_s)));
    say("roll_deg", reading(life.roll_deg.at(at_s), 0.5));
    let turning = if truth.speed_kmh > 0.5 { reading(truth.speed_kmh, 0.2) } else { json!(0.0) };
    say("wheel_speed_kmh", turning);
    if equipment.tank {
        say("tank_level_pct", reading(life.level_pct.at(at_s), 0.3));
        say("valve_open", json!(life.valve_open.at(at_s)));
        say("gas_pct_lel", json!(rounded((life.gas_pct_lel.at(at_s) + normal(rng) * 0.3).max(0.0), 1)));
    }
    if equipment.gauges {
        let mut reading = |value: f64, noise: f64| json!(rounded(value + normal(rng) * noise, 1));
        say("tank_pressure_kpa", reading(life.pressure_kpa.at(at_s), 1.5));
        say("tank_temperature_c", reading(life.temperature_c.at(at_s), 0.2));
    }
    if equipment.door {
        say("door_open", json!(life.door_open.at(at_s)));
    }
    sensors
}

fn named(code: &str) -> Option<String> {
    (!code.is_empty()).then(|| code.to_owned())
}

fn rounded_place(place: Place) -> Place {
    wrapped(Place::new(rounded(place.lat, 7), rounded(place.lon, 7)))
}

/// Longitudes from -180 to 180, as receivers tell them; a path across the antimeridian goes on beyond.
fn wrapped(place: Place) -> Place {
    if place.lon > 180.0 { Place::new(place.lat, rounded(place.lon - 360.0, 7)) } else { place }
}
