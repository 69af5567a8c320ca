//! How to connect to a broker.

use std::time::Duration;

use percent_encoding::percent_decode_str;
use rumqttc::{MqttOptions, TlsConfiguration, Transport, v5};
use url::Url;

use crate::config::{MqttConfig, MqttVersion};

/// Largest packet that is taken in: what the protocol allows. A larger limit at the broker must not break the connection;
/// what is too large for Placard becomes a dead letter instead.
const LARGEST_PACKET_BYTES: usize = 268_435_455;

/// Why the options cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// The URL does not name a broker.
    #[error("mqtt.url: {0}; mqtt://user:password@host:port or mqtts://… is wanted")]
    Url(String),
    /// The file of certificate authorities cannot be read.
    #[error("mqtt.ca_file {path}: {error}")]
    CaFile {
        /// Which file.
        path: String,
        /// Why not.
        error: std::io::Error,
    },
}

/// Where a broker is, and who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerAddress {
    /// Host name or address.
    pub host: String,
    /// Port; 1883, or 8883 with TLS, if the URL names none.
    pub port: u16,
    /// Whether TLS is spoken.
    pub tls: bool,
    /// User and password, decoded.
    pub credentials: Option<(String, String)>,
}

impl BrokerAddress {
    /// Reads `mqtt://user:password@host:port` or `mqtts://…`.
    ///
    /// # Errors
    /// When the text is no such URL.
    pub fn parse(text: &str) -> Result<Self, OptionsError> {
        let url = Url::parse(text).map_err(|error| OptionsError::Url(error.to_string()))?;
        let tls = match url.scheme() {
            "mqtt" => false,
            "mqtts" => true,
            other => return Err(OptionsError::Url(format!("the scheme is {other}"))),
        };
        let host = url.host_str().ok_or_else(|| OptionsError::Url("it names no host".into()))?.to_owned();
        let decode = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        let credentials =
            (!url.username().is_empty()).then(|| (decode(url.username()), decode(url.password().unwrap_or_default())));
        Ok(Self { host, port: url.port().unwrap_or(if tls { 8883 } else { 1883 }), tls, credentials })
    }
}

/// Everything that one connection needs to know.
#[derive(Clone, Debug)]
pub struct LinkOptions {
    /// Where to.
    pub address: BrokerAddress,
    /// Which protocol version.
    pub version: MqttVersion,
    /// Certificate authorities (PEM) to trust instead of the system's.
    pub ca_file: Option<String>,
    /// Name of the session.
    pub client_id: String,
    /// Whether the broker keeps the session over a loss of the connection.
    pub persistent: bool,
    /// Whether messages are acknowledged by the caller.
    pub manual_acks: bool,
    /// Window of unacknowledged incoming messages (MQTT 5).
    pub receive_maximum: u16,
    /// Interval of pings.
    pub keep_alive: Duration,
    /// How long the broker keeps the session, in seconds (MQTT 5).
    pub session_expiry_s: u32,
    /// Requests that may wait to be sent.
    pub request_capacity: usize,
}

impl LinkOptions {
    /// The options of the connection `client_id` by configuration.
    ///
    /// # Errors
    /// When the broker's URL does not read.
    pub fn of(config: &MqttConfig, client_id: String) -> Result<Self, OptionsError> {
        Ok(Self {
            address: BrokerAddress::parse(&config.url)?,
            version: config.version,
            ca_file: config.ca_file.clone(),
            client_id,
            persistent: true,
            manual_acks: true,
            receive_maximum: config.receive_maximum,
            keep_alive: Duration::from_secs(config.keep_alive_s.into()),
            session_expiry_s: config.session_expiry_s,
            request_capacity: usize::from(config.receive_maximum) + 64,
        })
    }

    fn transport(&self) -> Result<Transport, OptionsError> {
        if !self.address.tls {
            return Ok(Transport::tcp());
        }
        let Some(path) = &self.ca_file else { return Ok(Transport::tls_with_config(TlsConfiguration::Native)) };
        let ca = std::fs::read(path).map_err(|error| OptionsError::CaFile { path: path.clone(), error })?;
        Ok(Transport::tls_with_config(TlsConfiguration::SimpleNative { ca, client_auth: None }))
    }

    pub(super) fn v5(&self) -> Result<v5::MqttOptions, OptionsError> {
        let mut options = v5::MqttOptions::new(&self.client_id, &self.address.host, self.address.port);
        options
            .set_transport(self.transport()?)
            .set_keep_alive(self.keep_alive)
            .set_clean_start(!self.persistent)
            .set_manual_acks(self.manual_acks)
            .set_session_expiry_interval(self.persistent.then_some(self.session_expiry_s))
            .set_receive_maximum(Some(self.receive_maximum))
            .set_max_packet_size(u32::try_from(LARGEST_PACKET_BYTES).ok())
            // The library keeps a place for each message of the window that may be on its way out.
            .set_outgoing_inflight_upper_limit(256)
            .set_connection_timeout(10);
        if let Some((user, password)) = &self.address.credentials {
            options.set_credentials(user, password);
        }
        Ok(options)
    }

    pub(super) fn v311(&self) -> Result<MqttOptions, OptionsError> {
        let mut options = MqttOptions::new(&self.client_id, &self.address.host, self.address.port);
        options
            .set_transport(self.transport()?)
            .set_keep_alive(self.keep_alive)
            .set_clean_session(!self.persistent)
            .set_manual_acks(self.manual_acks)
            .set_max_packet_size(LARGEST_PACKET_BYTES, LARGEST_PACKET_BYTES);
        if let Some((user, password)) = &self.address.credentials {
            options.set_credentials(user, password);
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_host_port_and_credentials() {
        let address = BrokerAddress::parse("mqtts://rhine-chem%2FT-01:p%40ss@broker.example:9883").unwrap();
        assert_eq!(address.host, "broker.example");
        assert_eq!((address.port, address.tls), (9883, true));
        assert_eq!(address.credentials, Some(("rhine-chem/T-01".into(), "p@ss".into())));
        assert_eq!(BrokerAddress::parse("mqtt://localhost").unwrap().port, 1883);
    }

    #[test]
    fn another_scheme_is_refused_and_named() {
        let error = BrokerAddress::parse("http://localhost").unwrap_err().to_string();
        assert!(error.contains("http") && error.contains("mqtts://"), "{error}");
    }
}
