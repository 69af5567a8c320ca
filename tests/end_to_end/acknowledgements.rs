//! A device that asks for it learns what is stored, and drops nothing before that.

use std::time::Duration;

use anyhow::{Result, ensure};
use placard_simulator::{
    broker::Broker,
    device::{Device, DeviceOptions, Event, EventKind, Fix},
    geometry::Place,
};

use crate::support::{Installation, wait_for};

const LIMIT: Duration = Duration::from_secs(90);

async fn device(installation: &Installation, vehicle: &str) -> Result<Device> {
    let (broker, credentials) = Broker::parse(&installation.broker.url(&format!("rhine-chem/{vehicle}")))?;
    Ok(Device::connect(DeviceOptions::new(broker, "rhine-chem", vehicle, credentials)).await?)
}

fn fix(number: u32) -> Fix {
    let time = chrono::Utc::now();
    Fix { speed_kmh: Some(0.0), ..Fix::new(time, Place { lat: 51.9, lon: 4.3 + f64::from(number) * 1e-6 }) }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_broker_killed_hard_in_the_middle_every_fix_is_stored() -> Result<()> {
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    let device = device(&installation, "T-01").await?;
    for number in 0..1000 {
        device.report(&fix(number))?;
        if number % 200 == 100 {
            device.raise(&Event { kind: EventKind::Tamper, time: chrono::Utc::now(), place: None })?;
        }
        if number == 400 || number == 700 {
            installation.broker.kill().await?;
            installation.broker.restart()?;
            device.wait_until_connected(LIMIT).await?;
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    device.wait_until_trimmed(LIMIT).await?;
    ensure!(device.counters().forgotten == 0 && device.counters().connections >= 3, "{:?}", device.counters());
    installation.wait_for_count("position", 1000, LIMIT).await?;
    installation.wait_for_count("device_event", 5, LIMIT).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_in_the_numbers_is_asked_for_and_filled() -> Result<()> {
    use crate::support::{Message, publish_all};
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    let device = device(&installation, "T-01").await?;
    device.report(&fix(0))?;
    device.wait_until_trimmed(LIMIT).await?;
    // Numbers 2 to 4 get lost on the way: the device believes them sent, the server sees 5.
    let later = chrono::Utc::now() + chrono::TimeDelta::seconds(5);
    let lost_then_five = serde_json::json!({ "time": later, "lat": 51.9, "lon": 4.3, "seq": 5, "ack": true });
    let topic = "placard/v1/rhine-chem/T-01/position".to_owned();
    let message = Message { topic, payload: lost_then_five.to_string().into_bytes() };
    publish_all(&installation.broker.url("gateway-rhine-chem"), vec![message], 100, LIMIT).await?;
    installation.wait_for_count("position WHERE seq = 5", 1, LIMIT).await?;
    device.set_radio(false);
    for number in 1..4 {
        device.report(&fix(number))?;
    }
    device.set_radio(true);
    device.wait_until_trimmed(LIMIT).await?;
    installation.wait_for_count("position", 5, LIMIT).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_buffered_in_a_tunnel_is_stored_as_a_backlog() -> Result<()> {
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    let device = device(&installation, "T-01").await?;
    device.set_radio(false);
    for number in 0..250 {
        device.report(&fix(number))?;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    ensure!(installation.count("position").await? == 0);
    device.set_radio(true);
    device.wait_until_trimmed(LIMIT).await?;
    installation.wait_for_count("position WHERE judgement = 0", 250, LIMIT).await?;
    wait_for("an acknowledgement of everything", LIMIT, || async { Ok((device.buffered() == 0).then_some(())) }).await
}
