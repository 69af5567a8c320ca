//! The true life of a vehicle over the whole simulation: how it moves, who is on board, what its cargo and its device do.
//!
//! Everything is known ahead as functions of time, so that the truth can be judged and the device's reports made from it
//! independently of each other. One module reads it to write the ledger, another blurs it into what the
//! device sends.

mod device;
mod motion;
mod spans;
mod tracks;

pub use device::{Backlog, DeviceLife, Equipment, Fault, FaultKind, Outage};
pub use motion::{Motion, STANDING_KMH};
pub use spans::{Span, Spans};
pub use tracks::{Ramps, Steps};

use crate::{
    device::EventKind,
    world::{Cargo, Shipment, VehicleFacts},
};

/// What truly happens to a vehicle.
#[derive(Clone, Debug)]
pub struct Life {
    /// From its first report to its last, in simulated seconds.
    pub whole: Span,
    /// How it moves.
    pub motion: Motion,
    /// Who drives; nobody, if empty.
    pub driver: Steps<String>,
    /// Whether the driver is with the vehicle.
    pub driver_present: Steps<bool>,
    /// The attendant on board; nobody, if empty.
    pub escort: Steps<String>,
    /// Whether goods are on board.
    pub loaded: Steps<bool>,
    /// How full the tank is, in per cent.
    pub level_pct: Ramps,
    /// Pressure of the tank in kPa.
    pub pressure_kpa: Ramps,
    /// Temperature of the cargo in °C.
    pub temperature_c: Ramps,
    /// Whether a valve is open.
    pub valve_open: Steps<bool>,
    /// Gas at the detector, in per cent of the lower explosion limit.
    pub gas_pct_lel: Ramps,
    /// Roll of the body in degrees.
    pub roll_deg: Ramps,
    /// Impacts: when, and how many g.
    pub impacts: Vec<(f64, f64)>,
    /// Jamming of the receiver: 0 none, 1 warning, 2 critical.
    pub jamming: Steps<u8>,
    /// Whether the device is fed from outside.
    pub external_power: Steps<bool>,
    /// Whether the antenna is in order.
    pub antenna_ok: Steps<bool>,
    /// Whether the device's case is open.
    pub case_open: Steps<bool>,
    /// Whether a door of the load space is open.
    pub door_open: Steps<bool>,
    /// Alarms that the device raises by itself or at the press of a button.
    pub alarms: Vec<(f64, EventKind)>,
}

/// A vehicle on the stage.
#[derive(Clone, Debug)]
pub struct Vehicle {
    /// Its code within the operator.
    pub code: String,
    /// Who staged it, for notes: a scenario's key, or the traffic.
    pub staged_by: &'static str,
    /// What is registered of it.
    pub facts: VehicleFacts,
    /// Its shipments, in order, without overlap.
    pub shipments: Vec<Shipment>,
    /// What truly happens.
    pub life: Life,
    /// How its device behaves.
    pub device: DeviceLife,
}

impl Life {
    /// A quiet life: nobody changes, nothing happens but the motion. The device lives as long as `whole`.
    #[must_use]
    pub fn quiet(whole: Span, motion: Motion, driver: &str) -> Self {
        Self {
            whole,
            motion,
            driver: Steps::always(driver.to_owned()),
            driver_present: Steps::always(true),
            escort: Steps::always(String::new()),
            loaded: Steps::always(true),
            level_pct: Ramps::always(92.0),
            pressure_kpa: Ramps::always(120.0),
            temperature_c: Ramps::always(15.0),
            valve_open: Steps::always(false),
            gas_pct_lel: Ramps::always(0.0),
            roll_deg: Ramps::always(0.0),
            impacts: Vec::new(),
            jamming: Steps::always(0),
            external_power: Steps::always(true),
            antenna_ok: Steps::always(true),
            case_open: Steps::always(false),
            door_open: Steps::always(false),
            alarms: Vec::new(),
        }
    }

    /// When it stands.
    #[must_use]
    pub fn standing(&self) -> Spans {
        self.motion.moving(self.whole).not(self.whole)
    }
}

impl Vehicle {
    /// The shipment in force at a second.
    #[must_use]
    pub fn shipment_at(&self, time_s: f64) -> Option<&Shipment> {
        self.shipments.iter().find(|shipment| shipment.starts_s <= time_s && time_s < shipment.ends_s)
    }

    /// What it carries at a second.
    #[must_use]
    pub fn cargo_at(&self, time_s: f64) -> Cargo<'_> {
        self.shipment_at(time_s).map_or(Cargo::Unknown, |shipment| Cargo::Known(&shipment.lines))
    }

    /// The spans of life in which the cargo, as the papers have it, is the same.
    #[must_use]
    pub fn cargo_spans(&self) -> Vec<Span> {
        let whole = self.life.whole;
        let bounds = self.shipments.iter().flat_map(|shipment| [shipment.starts_s, shipment.ends_s]);
        let mut bounds: Vec<f64> = bounds.filter(|at_s| *at_s > whole.from_s && *at_s < whole.to_s).collect();
        bounds.extend([whole.from_s, whole.to_s]);
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        bounds.iter().zip(bounds.iter().skip(1)).map(|(from_s, to_s)| Span::new(*from_s, *to_s)).collect()
    }
}
