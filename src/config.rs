//! Configuration: one TOML file, overlaid by the environment.
//!
//! Every key has a default that is safe on one machine: servers listen on loopback only. A key in the file is overridden
//! by `PLACARD_{SECTION}__{KEY}` in the environment (`PLACARD_API__LISTEN`); the two that most installations set have
//! short names too, `DATABASE_URL` and `PLACARD_MQTT_URL`. An unknown key is an error that names it and its file.

pub mod sources;

use std::{net::SocketAddr, path::Path};

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use url::Url;

use self::sources::{SourceConfig, SourceOverlap};
use crate::world::RuleSettings;

/// Why there is no usable configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file or the environment says something that is not a configuration.
    #[error("the configuration is not usable: {0}")]
    Unreadable(#[from] Box<figment::Error>),
    /// The named file is not there.
    #[error("there is no configuration file at {0}")]
    NoFile(String),
    /// A value is well formed but makes no sense.
    #[error("{key} is {value}: {expected}")]
    Value {
        /// Which key.
        key: &'static str,
        /// What it says.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Two sources have topics in common.
    #[error(transparent)]
    Sources(#[from] SourceOverlap),
}

/// The whole configuration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The store.
    pub database: DatabaseConfig,
    /// The broker.
    pub mqtt: MqttConfig,
    /// Taking in messages.
    pub ingest: IngestConfig,
    /// The HTTP server.
    pub api: ApiConfig,
    /// Telling others.
    pub notify: NotifyConfig,
    /// Thresholds of the rules.
    pub rules: RuleSettings,
    /// Logs.
    pub log: LogConfig,
}

/// Section `[database]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// Where the database is. Default `postgres://placard@127.0.0.1/placard`.
    pub url: String,
    /// Connections for the API. Ingest has its own, one a shard. Default 8.
    pub api_connections: u32,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self { url: "postgres://placard@127.0.0.1/placard".into(), api_connections: 8 }
    }
}

/// MQTT protocol version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MqttVersion {
    /// MQTT 5: the client sets the window of unacknowledged messages itself.
    #[serde(rename = "5")]
    V5,
    /// MQTT 3.1.1, for brokers that speak only that, such as NATS; the broker sets the window.
    #[serde(rename = "3.1.1")]
    V311,
}

/// Section `[mqtt]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MqttConfig {
    /// Where the broker is: `mqtt://user:password@host:port`, or `mqtts://…` for TLS. User and password are
    /// percent-encoded. Default `mqtt://127.0.0.1:1883`.
    pub url: String,
    /// Protocol version, "5" or "3.1.1". Default "5".
    pub version: MqttVersion,
    /// File with the certificate authorities (PEM) that sign the broker's certificate. Default: the system's.
    pub ca_file: Option<String>,
    /// Name of the persistent session at the broker. Two servers must not share one. Default `placard`.
    pub client_id: String,
    /// Connections that take in messages. More than one uses a shared subscription, which needs a broker that keeps one
    /// vehicle's messages on one connection. Default 1.
    pub connections: usize,
    /// Group of the shared subscription, when there are several connections. Default `placard`.
    pub share_group: String,
    /// Highest number of messages that the broker may send ahead of their acknowledgement (MQTT 5). Default 8192.
    pub receive_maximum: u16,
    /// How often the broker is pinged when there is nothing else to say, in seconds. Default 20.
    pub keep_alive_s: u16,
    /// How long the broker keeps the session while the server is away, in seconds (MQTT 5). Default 7 days.
    pub session_expiry_s: u32,
}

impl Default for MqttConfig {
    fn default() -> Self {
        Self {
            url: "mqtt://127.0.0.1:1883".into(),
            version: MqttVersion::V5,
            ca_file: None,
            client_id: "placard".into(),
            connections: 1,
            share_group: "placard".into(),
            receive_maximum: 8192,
            keep_alive_s: 20,
            session_expiry_s: 7 * 24 * 3600,
        }
    }
}

/// Section `[ingest]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IngestConfig {
    /// Into how many shards vehicles are divided; each judges and writes by itself. Default 2.
    pub shards: usize,
    /// Highest number of messages in one transaction. Default 2000.
    pub batch_messages: usize,
    /// Largest payload that is looked into, in bytes; a larger one becomes a dead letter. Default 1 MiB.
    pub payload_limit_bytes: usize,
    /// Highest number of fixes in one backlog array. Default 10000.
    pub backlog_fixes: usize,
    /// Oldest fix that is taken, in days before its arrival. Default 3653 (ten years).
    pub oldest_fix_days: u32,
    /// How far a device's clock may be ahead, in seconds. Default 300.
    pub clock_ahead_s: u32,
    /// What comes late is judged again in its place up to so many hours before the newest that its vehicle sent; what is older is
    /// kept, but not judged. Default 72.
    pub rejudge_limit_h: u32,
    /// How long a device is given to fill a gap before it is asked again, in seconds; doubled each time. Default 10.
    pub resend_after_s: u32,
    /// How often a device is asked to fill a gap before the gap is given up. Default 5.
    pub resend_asks: u8,
    /// Topics of other layouts than Placard's own, and the decoder of each. Default none.
    pub sources: Vec<SourceConfig>,
}

impl Default for IngestConfig {
    fn default() -> Self {
        Self {
            shards: 2,
            batch_messages: 2000,
            payload_limit_bytes: 1 << 20,
            backlog_fixes: 10_000,
            oldest_fix_days: 3653,
            clock_ahead_s: 300,
            rejudge_limit_h: 72,
            resend_after_s: 10,
            resend_asks: 5,
            sources: Vec::new(),
        }
    }
}

/// Section `[api]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiConfig {
    /// Address and port of the HTTP server. Default `127.0.0.1:8080`. Put a TLS proxy before any other than loopback.
    pub listen: SocketAddr,
    /// Whether the session cookie is sent over TLS only. Switch on behind a TLS proxy. Default false.
    pub secure_cookie: bool,
    /// Where people reach the server, for the links that it hands out: `https://placard.example.org`. Default empty: the
    /// address that it listens on.
    pub public_url: String,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)), secure_cookie: false, public_url: String::new() }
    }
}

impl ApiConfig {
    /// Where people reach the server, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> String {
        if self.public_url.is_empty() {
            return format!("http://{}", self.listen);
        }
        self.public_url.trim_end_matches('/').to_owned()
    }
}

/// Section `[notify]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NotifyConfig {
    /// Whether webhooks may reach private, loopback and link-local addresses. Default false.
    pub webhooks_to_private_addresses: bool,
    /// How long a webhook may take to answer, in seconds. Default 10.
    pub webhook_timeout_s: u64,
    /// Longest wait between two attempts at the same delivery, in seconds. Default 300.
    pub longest_retry_s: u64,
}

impl Default for NotifyConfig {
    fn default() -> Self {
        Self { webhooks_to_private_addresses: false, webhook_timeout_s: 10, longest_retry_s: 300 }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Section `[log]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// What is logged, as a filter of the tracing library. Default `info`.
    pub filter: String,
    /// How lines look, "text" or "json". Default "text".
    pub format: LogFormat,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".into(), format: LogFormat::Text }
    }
}

impl Config {
    /// Reads `file`, if one is named, overlays the environment, and checks the whole.
    ///
    /// # Errors
    /// Names the key and where it stands when a value is unknown, of the wrong type, or makes no sense.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let environment = Figment::new()
            .merge(Env::raw().only(&["DATABASE_URL"]).map(|_| "database.url".into()))
            .merge(Env::raw().only(&["PLACARD_MQTT_URL"]).map(|_| "mqtt.url".into()))
            .merge(Env::prefixed("PLACARD_").filter(|key| key.as_str().contains("__")).split("__"));
        Self::read(file, environment)
    }

    fn read(file: Option<&Path>, environment: Figment) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(ConfigError::NoFile(file.display().to_string()));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        let config: Self = figment.merge(environment).extract().map_err(Box::new)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let refuse =
            |key, value: &dyn ToString, expected| Err(ConfigError::Value { key, value: value.to_string(), expected });
        let scheme = |url: &str| Url::parse(url).ok().map(|url| url.scheme().to_owned());
        if !matches!(scheme(&self.database.url).as_deref(), Some("postgres" | "postgresql")) {
            return refuse(
                "database.url",
                &"not a PostgreSQL URL",
                "postgres://user:password@host:port/database is wanted",
            );
        }
        let public_url = &self.api.public_url;
        if !public_url.is_empty() && !matches!(scheme(public_url).as_deref(), Some("http" | "https")) {
            return refuse(
                "api.public_url",
                public_url,
                "an http or https address is wanted, as in https://placard.example.org",
            );
        }
        if !matches!(scheme(&self.mqtt.url).as_deref(), Some("mqtt" | "mqtts")) {
            return refuse("mqtt.url", &"not an MQTT URL", "mqtt://user:password@host:port or mqtts://… is wanted");
        }
        if self.mqtt.client_id.is_empty() {
            return refuse("mqtt.client_id", &"empty", "a persistent session needs a name");
        }
        if self.mqtt.connections == 0 {
            return refuse("mqtt.connections", &0, "at least 1 is wanted");
        }
        if self.mqtt.keep_alive_s < 5 {
            return refuse("mqtt.keep_alive_s", &self.mqtt.keep_alive_s, "at least 5 is wanted");
        }
        if self.mqtt.receive_maximum == 0 {
            return refuse("mqtt.receive_maximum", &0, "1 to 65535 is wanted");
        }
        if self.ingest.shards == 0 || self.ingest.shards > 64 {
            return refuse("ingest.shards", &self.ingest.shards, "1 to 64 is wanted");
        }
        if self.ingest.batch_messages == 0 {
            return refuse("ingest.batch_messages", &0, "at least 1 is wanted");
        }
        if self.ingest.oldest_fix_days > 36_525 {
            return refuse(
                "ingest.oldest_fix_days",
                &self.ingest.oldest_fix_days,
                "at most 36525, a century, is wanted",
            );
        }
        if self.ingest.clock_ahead_s > 86_400 {
            return refuse("ingest.clock_ahead_s", &self.ingest.clock_ahead_s, "at most 86400, a day, is wanted");
        }
        if self.ingest.resend_after_s == 0 || self.ingest.resend_after_s > 86_400 {
            return refuse("ingest.resend_after_s", &self.ingest.resend_after_s, "1 to 86400 is wanted");
        }
        if self.database.api_connections == 0 {
            return refuse("database.api_connections", &0, "at least 1 is wanted");
        }
        Ok(sources::check(&self.ingest.sources)?)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn load(text: &str) -> Result<Config, ConfigError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Config::read(Some(file.path()), Figment::new())
    }

    #[test]
    fn an_empty_file_gives_the_defaults_and_listens_on_loopback() {
        let config = load("").unwrap();
        assert!(config.api.listen.ip().is_loopback());
        assert_eq!(config.mqtt.version, MqttVersion::V5);
    }

    #[test]
    fn the_shipped_file_names_every_key_with_its_default() {
        let shipped = include_str!("../deploy/placard.toml");
        let set: String = shipped
            .lines()
            .filter(|line| !line.starts_with("#ca_file"))
            .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line).to_owned() + "\n")
            .collect();
        let of = |config: &Config| serde_json::to_value(config).unwrap();
        let shipped: toml::Table = toml::from_str(&set).unwrap();
        let mut defaults = of(&Config::default());
        defaults["mqtt"].as_object_mut().unwrap().remove("ca_file");
        assert_eq!(serde_json::to_value(shipped).unwrap(), defaults);
        assert_eq!(of(&load(&set).unwrap()), of(&Config::default()));
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let error = load("[mqtt]\nurll = \"x\"").unwrap_err().to_string();
        assert!(error.contains("urll"), "{error}");
        assert!(error.contains("mqtt"), "{error}");
    }

    #[test]
    fn a_value_that_makes_no_sense_is_an_error_that_says_what_would() {
        let error = load("[ingest]\nshards = 0").unwrap_err().to_string();
        assert_eq!(error, "ingest.shards is 0: 1 to 64 is wanted");
        let error = load("[mqtt]\nversion = \"4\"").unwrap_err().to_string();
        assert!(error.contains("3.1.1"), "{error}");
    }

    #[test]
    fn a_source_names_its_topics_and_their_decoder() {
        let of = |topic: &str, decoder: &str| {
            load(&format!("[[ingest.sources]]\ntopic = \"{topic}\"\ndecoder = \"{decoder}\""))
        };
        let config = of("owntracks/{operator}/{vehicle}", "owntracks").unwrap();
        assert_eq!(config.ingest.sources[0].topic.filter(), "owntracks/+/+");
        let error = of("owntracks/{vehicle}", "owntracks").unwrap_err().to_string();
        assert!(error.contains("{operator}") && error.contains("sources"), "{error}");
        let error = of("owntracks/{operator}/{vehicle}", "own_tracks").unwrap_err().to_string();
        assert!(error.contains("own_tracks") && error.contains("jt808"), "{error}");
        let error = of("{operator}/v1/+/{vehicle}/position", "placard").unwrap_err().to_string();
        assert!(error.contains("topics in common"), "{error}");
    }
}
