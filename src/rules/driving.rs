//! Driving times: who is at the wheel, and how much of the time between two fixes was driven.
//!
//! The rules about driving times share this. They are about drivers, and Placard sees vehicles: what a driver drove in another
//! vehicle, and whether somebody who is not at the wheel rests, is not known. So each vehicle keeps an account of the few who
//! drove it last, and whoever is not at the wheel counts as resting.

mod account;
mod ledger;
mod stint;
mod tally;

#[cfg(test)]
pub mod story;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::{
    account::Account,
    ledger::Ledger,
    stint::{Breaks, Stint},
    tally::{Allowance, Driven, Tally},
};
use super::{Step, seconds_after, seconds_between};
use crate::domain::Subject;

/// A driver, by the operator's own code. `None`: nobody has said who it is.
pub type DriverCode = Option<Arc<str>>;

/// A vehicle that lies within this distance of where it fell silent has stood, in metres (proposed): receivers wander, and
/// vehicles are moved about a yard.
const STOOD_M: f64 = 200.0;
/// The average speed of a lorry on a straight line from where it fell silent to where it is heard again, in km/h (proposed). A
/// road is longer than the straight line, so this is some 80 km/h on the road: the least time that the way can have taken.
const SILENT_KMH: f64 = 60.0;
/// An odometer that would have needed a higher speed was set or exchanged, in km/h.
const ODOMETER_KMH: f64 = 160.0;

/// Who was at the wheel by the newest judged fix.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wheel {
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    driver: DriverCode,
    /// Whether the device has ever named a driver: then what the shipment says counts no more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    named: bool,
}

/// What a step was for the driver.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// Who was at the wheel on the way to this fix.
    pub driver: DriverCode,
    /// Who is from this fix on, where that is another.
    pub relieved_by: Option<DriverCode>,
    /// The part of the step that was driven; the rest of it the vehicle stood.
    pub driven: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Wheel {
    /// Follows the vehicle over one step. A fix that names nobody says nothing: whoever was at the wheel still is.
    pub fn follow(&mut self, step: &Step<'_>) -> Shift {
        let driver = self.driver.clone();
        let filed = || step.scene.shipment.and_then(|known| known.shipment.driver.as_deref());
        let named = match step.fix.driver.as_deref() {
            Some(code) => {
                self.named = true;
                Some(code)
            }
            None if self.named => None,
            None => filed(),
        };
        let mut relieved_by = None;
        if let Some(code) = named.filter(|code| self.driver.as_deref() != Some(*code)) {
            self.driver = Some(code.into());
            relieved_by = Some(self.driver.clone());
        }
        Shift { driver, relieved_by, driven: driven(step) }
    }
}

/// The part of a step that was driven.
///
/// Between two fixes that follow each other the vehicle does what it did at the first. In a gap it stood if it is still there;
/// else it drove for as long as the way takes at the least, and stood for the rest: before the drive where it stood when it fell
/// silent, after it where it was moving.
fn driven(step: &Step<'_>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let previous = step.previous?;
    let (from, to) = (previous.key.time, step.time());
    let was_moving = match previous.speed_kmh {
        Some(speed_kmh) => speed_kmh >= step.scene.world.settings().moving_kmh,
        None => step.motion.moving,
    };
    if !step.gap {
        return (was_moving && from < to).then_some((from, to));
    }
    let longest_m = ODOMETER_KMH / 3.6 * seconds_between(from, to);
    let by_odometer_m = previous.odometer_km.zip(step.fix.odometer_km).map(|(then, now)| (now - then) * 1000.0);
    let way_m = by_odometer_m.filter(|way_m| *way_m <= longest_m).map_or(step.moved_m, |way_m| way_m.max(step.moved_m));
    if way_m <= STOOD_M {
        return None;
    }
    let drive_s = way_m / (SILENT_KMH / 3.6);
    let driven = if was_moving {
        (from, seconds_after(from, drive_s).min(to))
    } else {
        (seconds_after(to, -drive_s).max(from), to)
    };
    (driven.0 < driven.1).then_some(driven)
}

/// What an episode about this driver is about: the vehicle, where nobody has said who drives.
#[must_use]
pub fn subject_of(driver: &DriverCode) -> Subject {
    driver.clone().map_or(Subject::Vehicle, Subject::Driver)
}
