//! What a vehicle's device sends, made from the vehicle's true life.
//!
//! `rhythm` says when the device looks, the receiver and its faults what it sees then (`fixes`), and `radio` when
//! which of it reaches the broker: at once, twice, overtaken by later reports, as a backlog, or never. The same life and
//! seed send the same bytes.

mod fixes;
mod radio;
mod rhythm;

use crate::{
    device::{Event, Fix, message::numbered},
    life::Vehicle,
    world::Moment,
};

/// To which of a vehicle's topics a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Positions.
    Position,
    /// Alarms.
    Event,
}

impl Kind {
    /// The last level of the topic.
    #[must_use]
    pub fn level(self) -> &'static str {
        match self {
            Self::Position => "position",
            Self::Event => "event",
        }
    }
}

/// One message as the broker gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// When it is sent, in simulated seconds.
    pub sent_s: f64,
    /// How many reports of the device are in it that were in none before.
    pub reports: u32,
    /// Where to.
    pub kind: Kind,
    /// What it says.
    pub payload: String,
}

/// A report before it is sent.
#[derive(Clone, Debug)]
enum Report {
    Fix(Box<Fix>),
    Alarm(Event),
}

/// A report, when it is made, and its number.
#[derive(Clone, Debug)]
struct Made {
    at_s: f64,
    seq: i64,
    report: Report,
}

impl Made {
    /// Its JSON. A simulated report has no number that JSON cannot say.
    fn text(&self) -> String {
        let text = match &self.report {
            Report::Fix(fix) => numbered(fix.as_ref(), self.seq, false),
            Report::Alarm(event) => numbered(event, self.seq, false),
        };
        text.unwrap_or_default()
    }
}

/// All that a vehicle's device sends over its life, in the order in which it is sent.
#[must_use]
pub fn messages(vehicle: &Vehicle, moment: &Moment) -> Vec<Message> {
    let made = fixes::make(vehicle, moment);
    radio::send(vehicle, made)
}

#[cfg(test)]
mod tests;
