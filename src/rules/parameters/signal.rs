//! Parameters of the rules about the signal, the receiver and the unit.

use serde::{Deserialize, Serialize};

use super::{ParameterError, Parameters, not_negative, positive, range};
use crate::rules::pack::Given;

/// `signal.lost`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignalLost {
    /// A moving vehicle is missed after this silence at the least, in seconds (proposed: 60) …
    pub silence_s: f64,
    /// … and after so many of its usual intervals between fixes (proposed: 3).
    pub intervals: f64,
    /// The silence is graded again after this long, in seconds (proposed: 300).
    pub major_s: f64,
    /// A vehicle that fell silent this near to a tunnel may be in it, in metres (proposed: 300) …
    pub tunnel_near_m: f64,
    /// … and has its length at this speed, in km/h (proposed: 30) …
    pub tunnel_crawl_kmh: f64,
    /// … and this much more time to come out, in seconds (proposed: 60).
    pub tunnel_extra_s: f64,
}

impl Default for SignalLost {
    fn default() -> Self {
        Self {
            silence_s: 60.0,
            intervals: 3.0,
            major_s: 300.0,
            tunnel_near_m: 300.0,
            tunnel_crawl_kmh: 30.0,
            tunnel_extra_s: 60.0,
        }
    }
}

impl Parameters for SignalLost {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        positive("silence_s", self.silence_s)?;
        range("intervals", self.intervals, 1.0, 1000.0)?;
        not_negative("major_s", self.major_s)?;
        not_negative("tunnel_near_m", self.tunnel_near_m)?;
        positive("tunnel_crawl_kmh", self.tunnel_crawl_kmh)?;
        not_negative("tunnel_extra_s", self.tunnel_extra_s)
    }
}

/// `signal.offline_displacement`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignalOfflineDisplacement {
    /// A silence longer than this is one, in seconds (proposed: 300).
    pub gap_s: f64,
    /// Farthest that a vehicle may be from where it fell silent, in metres (proposed: 2000; the measure itself is an
    /// authority's, verified for Hunan).
    pub moved_m: f64,
}

impl Default for SignalOfflineDisplacement {
    fn default() -> Self {
        Self { gap_s: 300.0, moved_m: 2000.0 }
    }
}

impl Parameters for SignalOfflineDisplacement {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        positive("gap_s", self.gap_s)?;
        positive("moved_m", self.moved_m)
    }
}

/// `gnss.implausible`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GnssImplausible {
    /// No road vehicle is faster than this between two fixes, in km/h (proposed: 160).
    pub implausible_kmh: f64,
    /// A position that stays the very same this long while the vehicle moves is frozen, in seconds (proposed: 60) …
    pub frozen_s: f64,
    /// … if the odometer tells at least this much way in that time, in metres (proposed: 500) …
    pub frozen_odometer_m: f64,
    /// … or the wheels turn at least this fast, in km/h (proposed: 10).
    pub frozen_wheel_kmh: f64,
    /// So many implausible fixes (proposed: 3) …
    pub repeats: u32,
    /// … within this time look like tampering, in seconds (proposed: 10 min).
    pub window_s: f64,
}

impl Default for GnssImplausible {
    fn default() -> Self {
        Self {
            implausible_kmh: 160.0,
            frozen_s: 60.0,
            frozen_odometer_m: 500.0,
            frozen_wheel_kmh: 10.0,
            repeats: 3,
            window_s: 600.0,
        }
    }
}

impl Parameters for GnssImplausible {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        positive("implausible_kmh", self.implausible_kmh)?;
        positive("frozen_s", self.frozen_s)?;
        positive("frozen_odometer_m", self.frozen_odometer_m)?;
        positive("frozen_wheel_kmh", self.frozen_wheel_kmh)?;
        range("repeats", self.repeats.into(), 1.0, 1000.0)?;
        positive("window_s", self.window_s)
    }
}

/// `gnss.jamming`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GnssJamming {
    /// Jamming counts when it lasts this long, in seconds, as receivers flip its flag each second (verified: Teltonika; the
    /// time is proposed: 30).
    pub hold_s: f64,
    /// A device's alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for GnssJamming {
    fn default() -> Self {
        Self { hold_s: 30.0, quiet_s: 600.0 }
    }
}

impl Parameters for GnssJamming {
    const VALUE: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("hold_s", self.hold_s)?;
        positive("quiet_s", self.quiet_s)
    }
}

/// `tamper`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tamper {
    /// A device's alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for Tamper {
    fn default() -> Self {
        Self { quiet_s: 600.0 }
    }
}

impl Parameters for Tamper {
    fn check(&self) -> Result<(), ParameterError> {
        positive("quiet_s", self.quiet_s)
    }
}
