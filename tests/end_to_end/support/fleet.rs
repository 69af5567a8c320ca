//! A fleet whose tracks are worked out beforehand, so that two runs can be given the very same input.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::json;

use super::Installation;

/// A message to publish.
#[derive(Clone, Debug)]
pub struct Message {
    pub topic: String,
    pub payload: Vec<u8>,
}

/// Vehicles that drive through a row of prohibited zones and raise alarms on the way.
pub struct Fleet {
    vehicles: usize,
    fixes: usize,
    began_at: DateTime<Utc>,
}

/// Degrees of longitude from one fix to the next: some 21 m here, at five seconds.
const STEP_DEG: f64 = 0.0003;

impl Fleet {
    /// A fleet of so many vehicles with so many fixes each, five seconds apart, that began at this time.
    pub fn new(vehicles: usize, fixes: usize, began_at: DateTime<Utc>) -> Self {
        Self { vehicles, fixes, began_at }
    }

    /// Registers the vehicles, their shipments, and the zones on their way.
    pub async fn register(&self, installation: &Installation) -> Result<()> {
        for number in 0..self.vehicles {
            installation.vehicle(&Self::code(number)).await?;
            let un_number = ["1203", "1017", "1965", "1202"][number % 4];
            let filing = json!({
                "operator": "rhine-chem", "vehicle": Self::code(number), "waybill": format!("W-{number}"),
                "goods": [{ "un_number": un_number, "mode": "tank", "quantity_l": 20000.0 }],
                "starts_at": self.began_at - TimeDelta::hours(1),
            });
            installation.send(&installation.operator, Method::POST, "/api/v1/shipments", &filing).await?;
        }
        for number in 0..5 {
            let west = 4.0 + f64::from(number) * 0.02;
            installation.prohibited_zone(&format!("zone {number}"), [west + 0.005, 51.0, west + 0.012, 52.0]).await?;
        }
        Ok(())
    }

    /// All messages, in the order of their times.
    pub fn messages(&self) -> Vec<Message> {
        let mut messages = Vec::new();
        for step in 0..self.fixes {
            for number in 0..self.vehicles {
                let topic = |kind: &str| format!("placard/v1/rhine-chem/{}/{kind}", Self::code(number));
                let time = self.began_at + TimeDelta::seconds(step as i64 * 5) + TimeDelta::milliseconds(number as i64);
                // Every vehicle speeds for a while, and stands at the end.
                let speed_kmh = if step + 1 == self.fixes {
                    0.0
                } else if (step / 20) % 5 == 3 {
                    92.0
                } else {
                    70.0
                };
                let fix = json!({
                    "time": time, "lat": 51.0 + 0.9 * (number as f64 + 0.5) / self.vehicles as f64,
                    "lon": 4.0 + step as f64 * STEP_DEG, "speed_kmh": speed_kmh, "heading_deg": 90,
                    "accuracy_m": 4.0, "seq": step + 1,
                });
                messages.push(Message { topic: topic("position"), payload: fix.to_string().into_bytes() });
                if number % 10 == 3 && step == self.fixes / 2 {
                    for (seq, kind) in ["rollover", "sos"].into_iter().enumerate() {
                        let time = time + TimeDelta::seconds(seq as i64);
                        let event = json!({ "time": time, "kind": kind, "seq": seq + 1 });
                        messages.push(Message { topic: topic("event"), payload: event.to_string().into_bytes() });
                    }
                }
            }
        }
        messages
    }

    /// How many fixes the messages hold.
    pub fn fix_count(&self) -> i64 {
        (self.vehicles * self.fixes) as i64
    }

    fn code(number: usize) -> String {
        format!("V-{number:03}")
    }
}
