//! One tanker of the demo at work: look at the truth, blur it, report it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::fleet::Tanker;
use crate::{
    device::{Device, DeviceError, Event, Fix},
    numbers::{normal, rounded, whole},
    receiver::Receiver,
    scenario::Actor,
    vehicle::TrueState,
};

/// Of so many reports one is sent twice.
const ONE_IN_TWICE: f64 = 200.0;
/// After the end, a vehicle has so many seconds to come to a halt.
const HALT_WITHIN_S: f64 = 120.0;

/// Simulated time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// The instant of second 0.
    pub started: Instant,
    /// What devices call second 0.
    pub start_time: DateTime<Utc>,
    /// How many simulated seconds pass in one.
    pub speed_up: f64,
}

impl Clock {
    fn instant(&self, time_s: f64) -> Instant {
        self.started + Duration::from_secs_f64(time_s.max(0.0) / self.speed_up)
    }

    fn time(&self, time_s: f64) -> DateTime<Utc> {
        self.start_time + TimeDelta::milliseconds(whole(time_s * 1000.0))
    }
}

/// A tanker with everything that makes it move and talk.
pub(super) struct Crewed {
    pub tanker: Tanker,
    pub actor: Box<dyn Actor>,
    pub device: Device,
    /// Seconds between two fixes.
    pub interval_s: f64,
    /// When the first fix is due, in seconds.
    pub phase_s: f64,
    /// Whether the modem keeps contact in tunnels; without that, fixes wait there and go as a backlog afterwards.
    pub radio_in_tunnels: bool,
    pub seed: u64,
}

/// Drives until the end, if there is one, or until it is stopped. With an end, the vehicle comes to a halt and
/// everything it reported is waited for, at most for `patience`. Returns how many fixes were reported.
pub(super) async fn drive(
    crewed: Crewed,
    clock: Clock,
    end_s: Option<f64>,
    patience: Duration,
    stop: CancellationToken,
) -> Result<u64, DeviceError> {
    let Crewed { tanker, mut actor, device, interval_s, phase_s, radio_in_tunnels, seed } = crewed;
    let mut receiver = Receiver::new(seed);
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
    let mut reported = 0_u64;
    let mut ending = false;
    loop {
        let time_s = phase_s + reported as f64 * interval_s;
        tokio::select! {
            () = stop.cancelled() => {
                device.close().await;
                return Ok(reported);
            }
            () = sleep_until(clock.instant(time_s)) => {}
        }
        if !ending && end_s.is_some_and(|end_s| time_s >= end_s) {
            actor.pull_over(time_s);
            ending = true;
        }
        let Some((truth, alarms)) = actor.look(time_s) else { break };
        device.set_radio(radio_in_tunnels || truth.tunnel.is_none());
        let fix = fix(&tanker, &truth, &mut receiver, &mut rng, clock, time_s);
        for (alarm_s, kind) in alarms {
            info!(vehicle = device.name(), ?kind, "raises an alarm");
            device.raise(&Event { kind, time: clock.time(alarm_s), place: Some(fix.place) })?;
        }
        if rng.random_range(0.0..ONE_IN_TWICE) < 1.0 {
            device.report_twice(&fix)?;
        } else {
            device.report(&fix)?;
        }
        reported += 1;
        let halted = truth.speed_kmh < 0.1 || end_s.is_some_and(|end_s| time_s > end_s + HALT_WITHIN_S);
        if ending && halted {
            break;
        }
    }
    device.set_radio(true);
    device.wait_until_trimmed(patience).await?;
    device.close().await;
    Ok(reported)
}

fn fix(
    tanker: &Tanker,
    truth: &TrueState,
    receiver: &mut Receiver,
    rng: &mut ChaCha8Rng,
    clock: Clock,
    time_s: f64,
) -> Fix {
    let seen = receiver.observe(time_s, truth);
    Fix {
        speed_kmh: Some(seen.speed_kmh),
        heading_deg: seen.heading_deg,
        accuracy_m: Some(seen.accuracy_m),
        satellites: Some(seen.satellites),
        ignition: Some(truth.ignition),
        driver: Some(tanker.driver()),
        sensors: sensors(tanker, truth, rng),
        ..Fix::new(clock.time(time_s), seen.place)
    }
}

/// What the vehicle's sensors say; the tank's only where it is under pressure or cold.
fn sensors(tanker: &Tanker, truth: &TrueState, rng: &mut ChaCha8Rng) -> Map<String, Value> {
    let mut reading = |value: f64, noise: f64| json!(rounded(value + normal(rng) * noise, 1));
    let mut sensors = Map::new();
    sensors.insert("roll_deg".into(), reading(truth.roll_deg, 0.5));
    if let Some((pressure_kpa, temperature_c)) = tanker.goods.tank {
        sensors.insert("tank_pressure_kpa".into(), reading(pressure_kpa, 1.5));
        sensors.insert("tank_temperature_c".into(), reading(temperature_c, 0.2));
        sensors.insert("valve_open".into(), json!(false));
    }
    sensors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{geometry::Place, goods};

    #[test]
    fn a_gas_tank_reports_pressure_and_a_petrol_tank_does_not() {
        let truth = TrueState {
            place: Place::new(51.9, 4.4),
            speed_kmh: 70.0,
            heading_deg: 0.0,
            tunnel: None,
            ignition: true,
            roll_deg: 0.0,
        };
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let gas = sensors(&Tanker::new("scheldt-gas", "SG-01", goods::LPG), &truth, &mut rng);
        assert!((760.0..800.0).contains(&gas["tank_pressure_kpa"].as_f64().unwrap()));
        let petrol = sensors(&Tanker::new("delta-tank", "DT-01", goods::PETROL), &truth, &mut rng);
        assert!(petrol.contains_key("roll_deg") && !petrol.contains_key("tank_pressure_kpa"));
    }

    #[tokio::test]
    async fn simulated_time_runs_as_fast_as_it_is_told() {
        let clock =
            Clock { started: Instant::now(), start_time: "2026-01-01T00:00:00Z".parse().unwrap(), speed_up: 10.0 };
        assert_eq!(clock.instant(50.0) - clock.started, Duration::from_secs(5));
        assert_eq!(clock.time(1.5).to_rfc3339(), "2026-01-01T00:00:01.500+00:00");
    }
}
