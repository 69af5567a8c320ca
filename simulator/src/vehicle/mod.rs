//! How a tanker really moves: the truth that receivers then blur.
//!
//! A [`trip`] is one drive along a path with the speed worked out ahead, so that the true state at any instant is a
//! lookup; a [`driver`] strings trips together with stops in between. The same seed gives the same drive.

pub mod driver;
pub mod trip;

use crate::geometry::Place;

/// What is really so at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueState {
    /// Where the vehicle is.
    pub place: Place,
    /// How fast it is, in km/h.
    pub speed_kmh: f64,
    /// Which way it points, in degrees clockwise from north.
    pub heading_deg: f64,
    /// The tunnel it is in.
    pub tunnel: Option<String>,
    /// Whether the ignition is on.
    pub ignition: bool,
    /// Roll of the body in degrees from upright.
    pub roll_deg: f64,
}
