//! Where the broker is and who speaks to it.
//!
//! Everything here speaks MQTT 3.1.1, which Mosquitto and NATS both know.

use std::time::Duration;

use rumqttc::{MqttOptions, TlsConfiguration, Transport};
use url::Url;

/// Largest packet in either direction. A full backlog of 100 fixes is some 40 KB.
const MAX_PACKET_BYTES: usize = 64 << 20;

/// Why a text is no broker address.
#[derive(Debug, thiserror::Error)]
#[error("{url:?} is no broker address: {reason}; wanted is mqtt://HOST[:PORT] or mqtts://HOST[:PORT]")]
pub struct BrokerError {
    url: String,
    reason: String,
}

/// A user of the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// User name, e.g. `rhine-chem/RC-01` for a device, `gateway-rhine-chem` for an operator's gateway.
    pub user: String,
    /// Password.
    pub password: String,
}

/// The address of a broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broker {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Whether to speak TLS, trusting what the system trusts.
    pub tls: bool,
}

impl Broker {
    /// Reads `mqtt://[user:password@]host[:port]`, or `mqtts://` for TLS.
    ///
    /// # Errors
    /// When the text is no such URL.
    pub fn parse(url: &str) -> Result<(Self, Option<Credentials>), BrokerError> {
        let error = |reason: String| BrokerError { url: without_password(url), reason };
        let parsed = Url::parse(url).map_err(|cause| error(cause.to_string()))?;
        let tls = match parsed.scheme() {
            "mqtt" | "tcp" => false,
            "mqtts" | "ssl" => true,
            other => return Err(error(format!("the scheme {other:?} is not known"))),
        };
        let host = parsed.host_str().filter(|host| !host.is_empty()).ok_or_else(|| error("it names no host".into()))?;
        // A colon-bearing IPv6 address is bracketed in a URL but not in a socket address.
        let host = host.trim_matches(['[', ']']).to_owned();
        let port = parsed.port().unwrap_or(if tls { 8883 } else { 1883 });
        let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let credentials = (!parsed.username().is_empty()).then(|| Credentials {
            user: decoded(parsed.username()),
            password: decoded(parsed.password().unwrap_or_default()),
        });
        Ok((Self { host, port, tls }, credentials))
    }

    /// The MQTT options of one client: clean session, keep-alive of 10 s.
    ///
    /// The session is clean because the sender's own buffer is what it relies on: after a broker has died hard, what a
    /// session remembers is not to be trusted.
    #[must_use]
    pub fn options(&self, client_id: &str, credentials: Option<&Credentials>) -> MqttOptions {
        let mut options = MqttOptions::new(client_id, self.host.clone(), self.port);
        options.set_clean_session(true);
        options.set_keep_alive(Duration::from_secs(10));
        options.set_max_packet_size(MAX_PACKET_BYTES, MAX_PACKET_BYTES);
        if let Some(Credentials { user, password }) = credentials {
            options.set_credentials(user, password);
        }
        if self.tls {
            options.set_transport(Transport::tls_with_config(TlsConfiguration::Native));
        }
        options
    }
}

/// The URL as it may be shown.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            let shown = url.get(..scheme + 3).zip(url.get(at..));
            shown.map_or_else(|| "…".into(), |(scheme, rest)| format!("{scheme}…{rest}"))
        }
        _ => url.into(),
    }
}

/// How long to wait before the next attempt to connect: doubling from a tenth of a second to 5 s.
#[derive(Clone, Debug)]
pub struct Backoff {
    next: Duration,
}

impl Backoff {
    const FIRST: Duration = Duration::from_millis(100);
    const LONGEST: Duration = Duration::from_secs(5);

    /// Starts anew.
    pub fn reset(&mut self) {
        self.next = Self::FIRST;
    }

    /// The next wait.
    pub fn wait(&mut self) -> Duration {
        let wait = self.next;
        self.next = (wait * 2).min(Self::LONGEST);
        wait
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self { next: Self::FIRST }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_a_user() {
        let (broker, user) = Broker::parse("mqtt://127.0.0.1:18830").unwrap();
        assert_eq!((broker.host.as_str(), broker.port, broker.tls, user), ("127.0.0.1", 18830, false, None));
        let (broker, user) = Broker::parse("mqtts://rhine-chem%2FRC-01:p%40ss@broker.example").unwrap();
        assert_eq!((broker.port, broker.tls), (8883, true));
        assert_eq!(user, Some(Credentials { user: "rhine-chem/RC-01".into(), password: "p@ss".into() }));
    }

    #[test]
    fn a_wrong_address_is_refused_without_showing_the_password() {
        for bad in ["broker:1883", "http://user:secret@broker", "mqtt://", "not an address"] {
            let message = Broker::parse(bad).unwrap_err().to_string();
            assert!(message.contains("mqtt://HOST"), "{message}");
            assert!(!message.contains("secret"), "{message}");
        }
    }

    #[test]
    fn waits_double_up_to_five_seconds_and_start_over() {
        let mut backoff = Backoff::default();
        let waits: Vec<u128> = (0..8).map(|_| backoff.wait().as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
        backoff.reset();
        assert_eq!(backoff.wait(), Duration::from_millis(100));
    }
}
