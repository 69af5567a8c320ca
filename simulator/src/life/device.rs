//! How a vehicle's device behaves: its rhythm, its radio, and what its receiver gets wrong.

use super::{Span, Spans};

/// What becomes of fixes that were made without radio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Backlog {
    /// They are lost.
    Lost,
    /// They are kept and sent afterwards, marked as buffered.
    Sent {
        /// So many seconds after the radio is back.
        after_s: f64,
        /// Whether the newest goes first.
        newest_first: bool,
    },
}

/// A time without radio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outage {
    /// When.
    pub span: Span,
    /// What becomes of its fixes.
    pub backlog: Backlog,
}

/// What a receiver gets wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FaultKind {
    /// It repeats its last fix with new times.
    Frozen,
    /// It says 0° north, 0° east.
    Null,
    /// It is off by so many metres.
    Jump {
        /// To the east.
        east_m: f64,
        /// To the north.
        north_m: f64,
    },
    /// It is jammed: the position wanders by tens of metres, and it says so by its accuracy.
    Jammed,
    /// The device's clock is off by so many seconds.
    Clock {
        /// Ahead, or behind if negative.
        ahead_s: f64,
    },
    /// The position jumps about by so many metres, and the accuracy does not tell.
    Jitter {
        /// Deviation per axis.
        deviation_m: f64,
    },
}

/// A fault and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    /// When.
    pub span: Span,
    /// What.
    pub kind: FaultKind,
}

/// Which sensors a vehicle has, beside those that every one has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Equipment {
    /// Level, valves and gas detector of a tank.
    pub tank: bool,
    /// Pressure and temperature.
    pub gauges: bool,
    /// Door of a load space.
    pub door: bool,
}

/// A device.
#[derive(Clone, Debug)]
pub struct DeviceLife {
    /// From which its errors follow.
    pub seed: u64,
    /// Seconds between two fixes while the vehicle moves.
    pub moving_s: f64,
    /// Seconds between two fixes while it stands.
    pub standing_s: f64,
    /// Times without radio, without overlap.
    pub outages: Vec<Outage>,
    /// Faults of the receiver, without overlap.
    pub faults: Vec<Fault>,
    /// Share of messages that are sent twice.
    pub twice: f64,
    /// Share of messages that are overtaken by later ones.
    pub overtaken: f64,
    /// Its sensors.
    pub equipment: Equipment,
}

impl DeviceLife {
    /// A good device with fixes every 10 s, every 60 s while the vehicle stands.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            moving_s: 10.0,
            standing_s: 60.0,
            outages: Vec::new(),
            faults: Vec::new(),
            twice: 0.0,
            overtaken: 0.0,
            equipment: Equipment { tank: true, gauges: false, door: false },
        }
    }

    /// When nothing that it fixes ever reaches anybody.
    #[must_use]
    pub fn lost(&self) -> Spans {
        self.outages.iter().filter(|outage| outage.backlog == Backlog::Lost).map(|outage| outage.span).collect()
    }

    /// When its positions or times are plainly wrong. One that wanders by metres is not.
    #[must_use]
    pub fn astray(&self) -> Spans {
        let wanders = |kind| matches!(kind, FaultKind::Jitter { .. } | FaultKind::Jammed);
        self.faults.iter().filter(|fault| !wanders(fault.kind)).map(|fault| fault.span).collect()
    }

    /// When its reports say nothing, or nothing right, about where the vehicle is; with what is near it in time, since
    /// a finding needs a fix or two.
    #[must_use]
    pub fn blind(&self) -> Spans {
        self.lost().or(&self.astray()).widened(2.0 * self.moving_s)
    }
}
