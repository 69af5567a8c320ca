//! What devices send follows from what truly happens, and from nothing else.

use serde_json::Value;

use super::*;
use crate::{
    device::EventKind,
    geometry::Place,
    life::{Backlog, DeviceLife, Fault, FaultKind, Life, Motion, Outage, Span},
    network::route::Path,
    vehicle::trip::{Performance, Trip},
    world::VehicleFacts,
};

const HERE: Place = Place::new(51.8, 4.6);

/// Drives 20 km east from second 300 on, and stands before and after.
fn vehicle() -> Vehicle {
    let mut motion = Motion::default();
    motion.depart(300.0, Trip::plan(Path::along(&[HERE, HERE.moved(20_000.0, 0.0)], 80.0), Performance::TANKER));
    Vehicle {
        code: "V-1".into(),
        staged_by: "test",
        facts: VehicleFacts::default(),
        shipments: Vec::new(),
        life: Life::quiet(Span::new(0.0, 2_400.0), motion, "D-1"),
        device: DeviceLife::new(5),
    }
}

fn moment() -> Moment {
    Moment::new("2026-10-24T12:00:00Z".parse().unwrap())
}

/// The fixes in the order of sending, lists taken apart, with their times in simulated seconds.
fn fixes(messages: &[Message]) -> Vec<(f64, Value)> {
    let parsed = messages.iter().filter(|message| message.kind == Kind::Position);
    let values = parsed.flat_map(|message| match serde_json::from_str(&message.payload).unwrap() {
        Value::Array(list) => list,
        one => vec![one],
    });
    values.map(|fix| (moment().seconds(fix["time"].as_str().unwrap().parse().unwrap()), fix)).collect()
}

#[test]
fn fixes_come_every_ten_seconds_on_the_way_and_every_minute_at_rest() {
    let sent = fixes(&messages(&vehicle(), &moment()));
    let gaps = |from_s: f64, to_s: f64| {
        let within: Vec<f64> =
            sent.iter().map(|(at_s, _)| *at_s).filter(|at_s| (from_s..to_s).contains(at_s)).collect();
        within.windows(2).map(|two| two[1] - two[0]).fold(0.0, f64::max)
    };
    assert!((gaps(0.0, 290.0) - 60.0).abs() < 0.01);
    assert!((gaps(310.0, 1_200.0) - 10.0).abs() < 0.01);
    assert!((sent.first().unwrap().0, sent.last().unwrap().0) == (0.0, 2_400.0));
    let seqs: Vec<i64> = sent.iter().map(|(_, fix)| fix["seq"].as_i64().unwrap()).collect();
    assert!(seqs.windows(2).all(|two| two[1] == two[0] + 1));
}

#[test]
fn a_fix_tells_where_the_vehicle_is_and_what_its_sensors_read() {
    let mut vehicle = vehicle();
    vehicle.life.valve_open.during(Span::new(704.0, 760.0), true);
    vehicle.life.escort.set(600.0, "E-1".into());
    let sent = fixes(&messages(&vehicle, &moment()));
    let (at_s, fix) = sent.iter().find(|(at_s, _)| *at_s >= 705.0).unwrap();
    let told = Place::new(fix["lat"].as_f64().unwrap(), fix["lon"].as_f64().unwrap());
    let truth = vehicle.life.motion.at(*at_s).unwrap();
    assert!(told.distance_m(truth.place) < 12.0);
    assert!((fix["odometer_km"].as_f64().unwrap() - HERE.distance_m(truth.place) / 1000.0).abs() < 0.05);
    assert_eq!((fix["sensors"]["valve_open"].as_bool(), fix["escort"].as_str()), (Some(true), Some("E-1")));
    assert!(sent.iter().any(|(at_s, _)| (*at_s - 704.0).abs() < 0.01), "a change is told at once");
}

#[test]
fn a_backlog_comes_when_the_radio_is_back_and_is_marked() {
    let mut vehicle = vehicle();
    let backlog = Backlog::Sent { after_s: 60.0, newest_first: true };
    vehicle.device.outages.push(Outage { span: Span::new(500.0, 900.0), backlog });
    let sent = messages(&vehicle, &moment());
    let silent = sent.iter().filter(|message| (501.0..900.0).contains(&message.sent_s));
    assert_eq!(silent.count(), 0);
    let late: Vec<(f64, Value)> = fixes(&sent).into_iter().filter(|(_, fix)| fix["buffered"] == true).collect();
    assert_eq!(late.len(), 40);
    assert!(late.windows(2).all(|two| two[0].0 > two[1].0), "newest first");
    vehicle.device.outages[0].backlog = Backlog::Lost;
    assert_eq!(fixes(&messages(&vehicle, &moment())).len(), fixes(&sent).len() - 40);
}

#[test]
fn a_frozen_receiver_repeats_itself_while_the_wheels_turn() {
    let mut vehicle = vehicle();
    vehicle.device.faults.push(Fault { span: Span::new(500.0, 700.0), kind: FaultKind::Frozen });
    let sent = fixes(&messages(&vehicle, &moment()));
    let stuck: Vec<&Value> =
        sent.iter().filter(|(at_s, _)| (500.0..700.0).contains(at_s)).map(|(_, fix)| fix).collect();
    assert!(stuck.windows(2).all(|two| two[0]["lat"] == two[1]["lat"] && two[0]["lon"] == two[1]["lon"]));
    assert!(stuck.iter().all(|fix| fix["sensors"]["wheel_speed_kmh"].as_f64().unwrap() > 50.0));
    assert!(stuck.last().unwrap()["odometer_km"].as_f64() > stuck[0]["odometer_km"].as_f64());
}

#[test]
fn careless_devices_send_twice_and_out_of_order_but_lose_nothing() {
    let careful = vehicle();
    let mut careless = vehicle();
    (careless.device.twice, careless.device.overtaken) = (0.2, 0.2);
    let seqs = |vehicle: &Vehicle| -> Vec<i64> {
        fixes(&messages(vehicle, &moment())).iter().map(|(_, fix)| fix["seq"].as_i64().unwrap()).collect()
    };
    let (orderly, mut disorderly) = (seqs(&careful), seqs(&careless));
    assert!(disorderly.len() > orderly.len() && !disorderly.is_sorted());
    disorderly.sort_unstable();
    disorderly.dedup();
    assert_eq!(disorderly, orderly);
}

#[test]
fn an_alarm_is_an_event_of_its_own() {
    let mut vehicle = vehicle();
    vehicle.life.alarms.push((612.5, EventKind::Sos));
    let sent = messages(&vehicle, &moment());
    let alarms: Vec<&Message> = sent.iter().filter(|message| message.kind == Kind::Event).collect();
    assert_eq!(alarms.len(), 1);
    let said: Value = serde_json::from_str(&alarms[0].payload).unwrap();
    assert_eq!((said["kind"].as_str(), said["time"].as_str()), (Some("sos"), Some("2026-10-24T12:10:12.500Z")));
    assert!((612.5..614.0).contains(&alarms[0].sent_s));
}

#[test]
fn the_same_life_sends_the_same_bytes() {
    assert_eq!(messages(&vehicle(), &moment()), messages(&vehicle(), &moment()));
}
