//! Topics: who is speaking, and about what.

use crate::domain::{OperatorCode, VehicleCode};

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// One fix or a backlog of fixes.
    Position,
    /// A device alarm.
    Event,
}

/// A topic `placard/v1/{operator}/{vehicle}/{kind}`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The carrier.
    pub operator: OperatorCode,
    /// Its vehicle.
    pub vehicle: VehicleCode,
    /// What the message is about.
    pub kind: MessageKind,
}

/// The subscriptions that cover all such topics and no others.
pub const FILTERS: [&str; 2] = ["placard/v1/+/+/position", "placard/v1/+/+/event"];

/// One subscription that covers all such topics and others besides, for brokers that keep messages in order within a
/// subscription only (NATS): a vehicle's alarm must not overtake the fixes before it, nor fall behind.
pub const ONE_FILTER: &str = "placard/v1/+/+/+";

/// Whether a topic is one on which Placard itself speaks, or a device's last will. These come in with [`ONE_FILTER`].
#[must_use]
pub fn is_no_report(topic: &[u8]) -> bool {
    let Some(rest) = topic.strip_prefix(b"placard/v1/") else { return false };
    let kind = rest.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    match kind {
        b"position" | b"event" => false,
        b"ack" | b"resend" | b"alert" | b"status" => true,
        _ => rest.starts_with(b"incidents/"),
    }
}

impl Topic {
    /// Takes a topic apart; `None` when it is not of this form.
    #[must_use]
    pub fn parse(topic: &[u8]) -> Option<Self> {
        let rest = std::str::from_utf8(topic).ok()?.strip_prefix("placard/v1/")?;
        let mut levels = rest.split('/');
        let (operator, vehicle, kind) = (levels.next()?, levels.next()?, levels.next()?);
        let kind = match kind {
            "position" => MessageKind::Position,
            "event" => MessageKind::Event,
            _ => return None,
        };
        if levels.next().is_some() {
            return None;
        }
        Some(Self { operator: operator.parse().ok()?, vehicle: vehicle.parse().ok()?, kind })
    }

    /// `{operator}/{vehicle}`, as it stands in topics.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}", self.operator, self.vehicle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_names_operator_vehicle_and_kind() {
        let topic = Topic::parse(b"placard/v1/rhine-chem/T-01/position").unwrap();
        assert_eq!(topic.path(), "rhine-chem/T-01");
        assert_eq!(topic.kind, MessageKind::Position);
    }

    #[test]
    fn what_placard_says_itself_is_no_report() {
        for topic in ["placard/v1/a/b/ack", "placard/v1/a/b/status", "placard/v1/incidents/II/0a1b"] {
            assert!(is_no_report(topic.as_bytes()), "{topic}");
        }
        assert!(!is_no_report(b"placard/v1/a/b/position"));
        assert!(!is_no_report(b"other"));
    }

    #[test]
    fn anything_else_is_no_topic_of_ours() {
        for topic in
            ["placard/v1/a/b", "placard/v1/a/b/position/x", "placard/v1/a b/c/event", "other", "placard/v1/a/b/status"]
        {
            assert_eq!(Topic::parse(topic.as_bytes()), None, "{topic}");
        }
        assert_eq!(Topic::parse(b"placard/v1/\xff/b/event"), None);
    }
}
