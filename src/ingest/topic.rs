//! Topics: who is speaking, and about what.

pub use crate::config::sources::MessageKind;
use crate::{
    config::{MqttVersion, sources::SourceConfig},
    domain::{OperatorCode, VehicleCode},
};

/// A topic, taken apart: `placard/v1/{operator}/{vehicle}/{kind}`, or one of a source's layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The carrier.
    pub operator: OperatorCode,
    /// Its vehicle.
    pub vehicle: VehicleCode,
    /// What the message is, and with that who decodes it.
    pub kind: MessageKind,
}

/// Placard's own topics by their last level.
const KINDS: [(&str, MessageKind); 5] = [
    ("position", MessageKind::Position),
    ("event", MessageKind::Event),
    ("owntracks", MessageKind::Owntracks),
    ("traccar", MessageKind::Traccar),
    ("jt808", MessageKind::Jt808),
];

/// What a sender is told whose topic is neither Placard's own nor a source's.
pub const WANTED: &str = "the topic is neither placard/v1/{operator}/{vehicle}/ with position, event, owntracks, traccar \
    or jt808, nor that of a source in the configuration";

/// What is before operator and vehicle in them.
const PREFIX: &str = "placard/v1/";

/// Whether a topic is one on which Placard itself speaks, or a device's last will. These come in with the one
/// subscription over MQTT 3.1.1, see [`Topics::filters`].
#[must_use]
pub fn is_no_report(topic: &[u8]) -> bool {
    let Some(rest) = topic.strip_prefix(PREFIX.as_bytes()) else { return false };
    let kind = rest.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    match kind {
        b"ack" | b"resend" | b"alert" | b"status" => true,
        kind if KINDS.iter().any(|(name, _)| name.as_bytes() == kind) => false,
        _ => rest.starts_with(b"incidents/"),
    }
}

impl Topic {
    /// Takes one of Placard's own topics apart; `None` when it is not of their form.
    #[must_use]
    pub fn parse(topic: &[u8]) -> Option<Self> {
        let rest = std::str::from_utf8(topic).ok()?.strip_prefix(PREFIX)?;
        let mut levels = rest.split('/');
        let (operator, vehicle, kind) = (levels.next()?, levels.next()?, levels.next()?);
        let (_, kind) = KINDS.iter().find(|(name, _)| *name == kind)?;
        if levels.next().is_some() {
            return None;
        }
        Some(Self { operator: operator.parse().ok()?, vehicle: vehicle.parse().ok()?, kind: *kind })
    }

    /// `{operator}/{vehicle}`, as it stands in Placard's own topics.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}", self.operator, self.vehicle)
    }
}

/// All topics that messages are taken from: Placard's own and those of the configured sources.
#[derive(Clone, Debug, Default)]
pub struct Topics {
    sources: Vec<SourceConfig>,
}

impl Topics {
    /// Placard's own topics and those of `sources`.
    #[must_use]
    pub fn new(sources: &[SourceConfig]) -> Self {
        Self { sources: sources.to_vec() }
    }

    /// Takes a topic apart; `None` when it is neither Placard's own nor a source's.
    #[must_use]
    pub fn parse(&self, topic: &[u8]) -> Option<Topic> {
        Topic::parse(topic).or_else(|| {
            let topic = std::str::from_utf8(topic).ok()?;
            self.sources.iter().find_map(|source| {
                let (operator, vehicle) = source.topic.take_apart(topic)?;
                Some(Topic { operator: operator.parse().ok()?, vehicle: vehicle.parse().ok()?, kind: source.decoder })
            })
        })
    }

    /// The subscriptions that cover them.
    ///
    /// Over MQTT 5 they cover nothing else. Brokers that speak only 3.1.1 (NATS) keep messages in order within a
    /// subscription only, and a vehicle's alarm must neither overtake the fixes before it nor fall behind: there one
    /// subscription has all of Placard's own topics, and what else comes with it is passed over ([`is_no_report`]).
    #[must_use]
    pub fn filters(&self, version: MqttVersion) -> Vec<String> {
        let own = match version {
            MqttVersion::V5 => KINDS.iter().map(|(kind, _)| format!("{PREFIX}+/+/{kind}")).collect(),
            MqttVersion::V311 => vec![format!("{PREFIX}+/+/+")],
        };
        own.into_iter().chain(self.sources.iter().map(|source| source.topic.filter())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_source(topic: &str, decoder: MessageKind) -> Topics {
        Topics::new(&[SourceConfig { topic: topic.parse().unwrap(), decoder }])
    }

    #[test]
    fn a_topic_names_operator_vehicle_and_kind() {
        let topic = Topic::parse(b"placard/v1/rhine-chem/T-01/position").unwrap();
        assert_eq!(topic.path(), "rhine-chem/T-01");
        assert_eq!(topic.kind, MessageKind::Position);
        let topic = Topic::parse(b"placard/v1/rhine-chem/T-01/jt808").unwrap();
        assert_eq!(topic.kind, MessageKind::Jt808);
    }

    #[test]
    fn what_placard_says_itself_is_no_report() {
        for topic in ["placard/v1/a/b/ack", "placard/v1/a/b/status", "placard/v1/incidents/II/0a1b"] {
            assert!(is_no_report(topic.as_bytes()), "{topic}");
        }
        assert!(!is_no_report(b"placard/v1/a/b/position"));
        assert!(!is_no_report(b"placard/v1/a/b/owntracks"));
        assert!(!is_no_report(b"other/a/ack"));
    }

    #[test]
    fn anything_else_is_no_topic_of_ours() {
        for topic in
            ["placard/v1/a/b", "placard/v1/a/b/position/x", "placard/v1/a b/c/event", "other", "placard/v1/a/b/status"]
        {
            assert_eq!(Topics::default().parse(topic.as_bytes()), None, "{topic}");
        }
        assert_eq!(Topics::default().parse(b"placard/v1/\xff/b/event"), None);
    }

    #[test]
    fn a_source_has_its_own_layout_and_the_vehicle_is_always_that_of_the_topic() {
        let topics = with_source("owntracks/{operator}/{vehicle}", MessageKind::Owntracks);
        let topic = topics.parse(b"owntracks/rhine-chem/T-01").unwrap();
        assert_eq!((topic.path(), topic.kind), ("rhine-chem/T-01".into(), MessageKind::Owntracks));
        assert_eq!(topics.parse(b"owntracks/rhine chem/T-01"), None);
        assert_eq!(topics.parse(b"owntracks/rhine-chem/T-01/event"), None);
        assert_eq!(topics.parse(b"placard/v1/rhine-chem/T-01/event").unwrap().kind, MessageKind::Event);
    }

    #[test]
    fn subscriptions_follow_from_the_sources() {
        let topics = with_source("{operator}/gps/{vehicle}", MessageKind::Jt808);
        let exact = topics.filters(MqttVersion::V5);
        assert_eq!(exact[..2], ["placard/v1/+/+/position", "placard/v1/+/+/event"]);
        assert_eq!((exact.len(), exact[5].as_str()), (6, "+/gps/+"));
        assert_eq!(topics.filters(MqttVersion::V311), ["placard/v1/+/+/+", "+/gps/+"]);
    }
}
