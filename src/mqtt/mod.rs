//! One MQTT connection, the same for both protocol versions.
//!
//! The client library has a module for each version, with types of their own. [`Link`] hides which one is spoken, and
//! keeps what Placard relies on in one place: manual acknowledgement, the window of unacknowledged messages, packet
//! sizes, TLS. It reconnects by being polled again; the caller decides how long to wait before that.

mod options;

use bytes::Bytes;
use rumqttc::{AsyncClient, Event, EventLoop, Incoming, Outgoing, QoS, v5};

pub use self::options::{BrokerAddress, LinkOptions, OptionsError};

/// Why a link is down or a request was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The connection failed (MQTT 5).
    #[error("{0}")]
    V5(#[from] Box<v5::ConnectionError>),
    /// The connection failed (MQTT 3.1.1).
    #[error("{0}")]
    V311(#[from] Box<rumqttc::ConnectionError>),
    /// The queue of requests to the connection is full, or the connection is gone.
    #[error("the connection takes no requests")]
    Busy,
}

/// A message from the broker, with what is needed to acknowledge it.
#[derive(Clone, Debug)]
pub struct Message {
    /// Where it was published.
    pub topic: Bytes,
    /// What was published.
    pub payload: Bytes,
    /// The key to its acknowledgement.
    pub ack: AckKey,
}

/// What an acknowledgement needs. It is valid on the connection that brought the message, and on no later one.
#[derive(Clone, Copy, Debug)]
pub struct AckKey {
    packet_id: u16,
    qos: QoS,
}

/// What happened on a link.
#[derive(Debug)]
pub enum LinkEvent {
    /// The broker accepted the connection.
    Connected {
        /// Whether it still knew the session, and with it the subscriptions.
        session_present: bool,
    },
    /// The broker answered a subscription: whether it granted all of it, with QoS 1.
    Subscribed(bool),
    /// A message came.
    Message(Message),
    /// A publication of this client went out under this packet id; 0 for QoS 0.
    Sent(u16),
    /// The broker acknowledged the publication with this packet id: whether it took it.
    Acknowledged(u16, bool),
    /// Anything else.
    Other,
}

/// One connection, to be polled without pause.
pub enum Link {
    /// MQTT 5.
    V5(Box<v5::EventLoop>),
    /// MQTT 3.1.1.
    V311(Box<EventLoop>),
}

/// The handle by which requests are made to a [`Link`].
#[derive(Clone)]
pub enum LinkClient {
    /// MQTT 5.
    V5(v5::AsyncClient),
    /// MQTT 3.1.1.
    V311(AsyncClient),
}

impl Link {
    /// Makes a link. Nothing is connected until it is polled.
    ///
    /// # Errors
    /// When a certificate file does not read.
    pub fn new(options: &LinkOptions) -> Result<(LinkClient, Self), OptionsError> {
        Ok(match options.version {
            crate::config::MqttVersion::V5 => {
                let (client, events) = v5::AsyncClient::new(options.v5()?, options.request_capacity);
                (LinkClient::V5(client), Self::V5(Box::new(events)))
            }
            crate::config::MqttVersion::V311 => {
                let (client, events) = AsyncClient::new(options.v311()?, options.request_capacity);
                (LinkClient::V311(client), Self::V311(Box::new(events)))
            }
        })
    }

    /// Ends the connection, if it still stands, and forgets everything about it: requests that were made for it, and events
    /// that it had brought but not handed out. Both carry packet ids that mean something else on the next connection.
    pub fn abandon_connection(&mut self) {
        match self {
            Self::V5(events) => {
                events.clean();
                events.pending.clear();
                events.state.events.clear();
            }
            Self::V311(events) => {
                events.clean();
                events.pending.clear();
                events.state.events.clear();
            }
        }
    }

    /// Waits for the next event. After an error the next call connects again.
    ///
    /// # Errors
    /// When the connection failed or could not be made.
    pub async fn poll(&mut self) -> Result<LinkEvent, LinkError> {
        match self {
            Self::V5(events) => Ok(translate_v5(events.poll().await.map_err(Box::new)?)),
            Self::V311(events) => Ok(translate_v311(events.poll().await.map_err(Box::new)?)),
        }
    }
}

fn translate_v5(event: v5::Event) -> LinkEvent {
    use v5::mqttbytes::v5::{PubAckReason, SubscribeReasonCode};
    match event {
        v5::Event::Incoming(v5::Incoming::ConnAck(connack)) => {
            LinkEvent::Connected { session_present: connack.session_present }
        }
        v5::Event::Incoming(v5::Incoming::SubAck(suback)) => {
            LinkEvent::Subscribed(suback.return_codes.iter().all(
                |code| matches!(code, SubscribeReasonCode::Success(qos) if *qos != v5::mqttbytes::QoS::AtMostOnce),
            ))
        }
        v5::Event::Incoming(v5::Incoming::Publish(publish)) => {
            let qos = match publish.qos {
                v5::mqttbytes::QoS::AtMostOnce => QoS::AtMostOnce,
                v5::mqttbytes::QoS::AtLeastOnce => QoS::AtLeastOnce,
                v5::mqttbytes::QoS::ExactlyOnce => QoS::ExactlyOnce,
            };
            let ack = AckKey { packet_id: publish.pkid, qos };
            LinkEvent::Message(Message { topic: publish.topic, payload: publish.payload, ack })
        }
        v5::Event::Incoming(v5::Incoming::PubAck(ack)) => LinkEvent::Acknowledged(
            ack.pkid,
            matches!(ack.reason, PubAckReason::Success | PubAckReason::NoMatchingSubscribers),
        ),
        v5::Event::Outgoing(Outgoing::Publish(packet_id)) => LinkEvent::Sent(packet_id),
        _ => LinkEvent::Other,
    }
}

fn translate_v311(event: Event) -> LinkEvent {
    match event {
        Event::Incoming(Incoming::ConnAck(connack)) => {
            LinkEvent::Connected { session_present: connack.session_present }
        }
        Event::Incoming(Incoming::SubAck(suback)) => LinkEvent::Subscribed(
            suback
                .return_codes
                .iter()
                .all(|code| matches!(code, rumqttc::SubscribeReasonCode::Success(qos) if *qos != QoS::AtMostOnce)),
        ),
        Event::Incoming(Incoming::Publish(publish)) => {
            let ack = AckKey { packet_id: publish.pkid, qos: publish.qos };
            LinkEvent::Message(Message { topic: publish.topic.into(), payload: publish.payload, ack })
        }
        Event::Incoming(Incoming::PubAck(ack)) => LinkEvent::Acknowledged(ack.pkid, true),
        Event::Outgoing(Outgoing::Publish(packet_id)) => LinkEvent::Sent(packet_id),
        _ => LinkEvent::Other,
    }
}

impl LinkClient {
    /// Asks for an acknowledgement to be sent. Never waits: waiting inside the task that polls would stop it for ever.
    ///
    /// # Errors
    /// When the queue of requests is full; try again after the next poll.
    pub fn try_ack(&self, key: AckKey) -> Result<(), LinkError> {
        let sent = match self {
            Self::V5(client) => {
                let qos = match key.qos {
                    QoS::AtMostOnce => v5::mqttbytes::QoS::AtMostOnce,
                    QoS::AtLeastOnce => v5::mqttbytes::QoS::AtLeastOnce,
                    QoS::ExactlyOnce => v5::mqttbytes::QoS::ExactlyOnce,
                };
                let mut publish = v5::mqttbytes::v5::Publish::new("", qos, Bytes::new(), None);
                publish.pkid = key.packet_id;
                client.try_ack(&publish).is_ok()
            }
            Self::V311(client) => {
                let mut publish = rumqttc::Publish::new("", key.qos, Vec::new());
                publish.pkid = key.packet_id;
                client.try_ack(&publish).is_ok()
            }
        };
        sent.then_some(()).ok_or(LinkError::Busy)
    }

    /// Asks for subscriptions with QoS 1. Never waits.
    ///
    /// # Errors
    /// When the queue of requests is full.
    pub fn try_subscribe(&self, filters: &[String]) -> Result<(), LinkError> {
        let sent = match self {
            Self::V5(client) => {
                let filters = filters
                    .iter()
                    .map(|filter| v5::mqttbytes::v5::Filter::new(filter.clone(), v5::mqttbytes::QoS::AtLeastOnce));
                client.try_subscribe_many(filters).is_ok()
            }
            Self::V311(client) => {
                let filters =
                    filters.iter().map(|filter| rumqttc::SubscribeFilter::new(filter.clone(), QoS::AtLeastOnce));
                client.try_subscribe_many(filters).is_ok()
            }
        };
        sent.then_some(()).ok_or(LinkError::Busy)
    }

    /// Asks for a publication, with QoS 1 if `at_least_once`, else with QoS 0. Never waits.
    ///
    /// # Errors
    /// When the queue of requests is full.
    pub fn try_publish(
        &self,
        topic: &str,
        at_least_once: bool,
        retain: bool,
        payload: impl Into<Bytes>,
    ) -> Result<(), LinkError> {
        let payload = payload.into();
        let sent = match self {
            Self::V5(client) => {
                let qos = if at_least_once { v5::mqttbytes::QoS::AtLeastOnce } else { v5::mqttbytes::QoS::AtMostOnce };
                client.try_publish(topic, qos, retain, payload).is_ok()
            }
            Self::V311(client) => {
                let qos = if at_least_once { QoS::AtLeastOnce } else { QoS::AtMostOnce };
                client.try_publish(topic, qos, retain, payload).is_ok()
            }
        };
        sent.then_some(()).ok_or(LinkError::Busy)
    }

    /// Asks for an orderly end of the connection. Never waits.
    pub fn try_disconnect(&self) {
        // A full queue means that the connection is in trouble anyway; the broker will notice its end.
        let _ = match self {
            Self::V5(client) => client.try_disconnect().is_ok(),
            Self::V311(client) => client.try_disconnect().is_ok(),
        };
    }
}
