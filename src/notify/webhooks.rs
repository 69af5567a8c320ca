//! Delivery to webhooks: signed, retried with growing pauses, never to a private address unless that is allowed.
//!
//! A delivery carries `Placard-Id`, the same at every attempt, and `Placard-Signature: t=…,v1=…`: the HMAC-SHA-256, in hex,
//! of the time, a full stop, and the body, with the subscription's secret.

use std::{collections::HashSet, net::IpAddr, sync::Arc, time::Duration};

use chrono::Utc;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use sqlx::PgPool;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::{Host, Url};

use super::Wake;
use crate::{
    config::NotifyConfig,
    store::outbox::{self, WebhookMessage},
    telemetry::Metrics,
};

/// Deliveries under way at once.
const AT_ONCE: usize = 64;

/// Why a URL cannot be a webhook, or a delivery failed.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// It does not read as an http or https URL.
    #[error("{0:?} is no webhook URL; https://host/path is wanted")]
    Url(String),
    /// Its host is, or resolves to, an address inside.
    #[error("{0} is a private address; webhooks to such are off (notify.webhooks_to_private_addresses)")]
    Private(IpAddr),
    /// Its host does not resolve.
    #[error("{0} does not resolve")]
    Unresolved(String),
    /// The other side did not answer, or not with success.
    #[error("{0}")]
    Answer(String),
}

/// Delivers what is due at webhooks: to each one message at a time, to many at once, so that a slow one holds up nobody but
/// itself.
#[derive(Clone)]
pub struct WebhookDispatcher {
    pool: PgPool,
    config: NotifyConfig,
    metrics: Arc<Metrics>,
}

impl WebhookDispatcher {
    /// A dispatcher.
    #[must_use]
    pub fn new(pool: PgPool, config: NotifyConfig, metrics: Arc<Metrics>) -> Self {
        Self { pool, config, metrics }
    }

    /// Delivers until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let mut wake = Wake::new(self.pool.clone());
        let mut busy: HashSet<i64> = HashSet::new();
        let mut deliveries = JoinSet::new();
        let limit = Duration::from_secs(self.config.webhook_timeout_s);
        while !stop.is_cancelled() {
            let room = AT_ONCE.saturating_sub(busy.len());
            let in_hand: Vec<i64> = busy.iter().copied().collect();
            let taken =
                outbox::take_due_at_webhooks(&self.pool, limit * 2, &in_hand, i64::try_from(room).unwrap_or(0)).await;
            match taken {
                Ok(due) => {
                    for message in due {
                        busy.insert(message.webhook_id);
                        let dispatcher = self.clone();
                        deliveries.spawn(async move {
                            dispatcher.attempt(&message).await;
                            message.webhook_id
                        });
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the outbox could not be read; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
            tokio::select! {
                () = wake.next(&stop) => {}
                Some(ended) = deliveries.join_next() => match ended {
                    Ok(webhook) => _ = busy.remove(&webhook),
                    // A delivery that died leaves its webhook unknown: begin anew; leases keep messages from being sent twice.
                    Err(_) => busy.clear(),
                },
            }
        }
    }

    /// Makes one attempt and notes how it went.
    async fn attempt(&self, message: &WebhookMessage) {
        let limit = Duration::from_secs(self.config.webhook_timeout_s);
        let too_slow = || Err(WebhookError::Answer(format!("it did not answer within {limit:?}")));
        let result = tokio::time::timeout(limit, self.deliver(message)).await.unwrap_or_else(|_| too_slow());
        self.metrics.delivery("webhook", result.is_ok());
        let noted = match result {
            Ok(()) => outbox::delivered(&self.pool, &[message.id]).await,
            Err(error) => {
                tracing::warn!(webhook = message.webhook_id, key = message.key, attempts = message.attempts, %error, "a webhook was not reached");
                outbox::failed(&self.pool, message.id, &error.to_string(), self.pause(message.attempts)).await
            }
        };
        if let Err(error) = noted {
            tracing::warn!(%error, key = message.key, "how a delivery went could not be noted: it will be made again");
        }
    }

    /// One second, doubled with each attempt, up to the configured longest.
    fn pause(&self, attempts: i32) -> Duration {
        let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(20);
        Duration::from_secs((1_u64 << doublings).min(self.config.longest_retry_s))
    }

    async fn deliver(&self, message: &WebhookMessage) -> Result<(), WebhookError> {
        let url = check_url(&message.url)?;
        let address = resolve(&url, self.config.webhooks_to_private_addresses).await?;
        let answer = |error: reqwest::Error| WebhookError::Answer(error.without_url().to_string());
        // The name is resolved once, and the connection goes to what was checked: a second look-up could answer otherwise.
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(self.config.webhook_timeout_s))
            .resolve(url.host_str().unwrap_or_default(), (address, 0).into())
            .build()
            .map_err(answer)?;
        let time = Utc::now().timestamp();
        let signature = signature(&message.secret, time, &message.payload);
        let response = client
            .post(url)
            .header("content-type", "application/json")
            .header("placard-id", &message.key)
            .header("placard-signature", format!("t={time},v1={signature}"))
            .body(message.payload.clone())
            .send()
            .await
            .map_err(answer)?;
        let status = response.status();
        if status.is_success() { Ok(()) } else { Err(WebhookError::Answer(format!("it answered {status}"))) }
    }
}

/// Checks that a text is an http or https URL with a host, without credentials, of at most 2,048 characters.
///
/// # Errors
/// When it is not.
pub fn check_url(text: &str) -> Result<Url, WebhookError> {
    let refuse = || WebhookError::Url(text.chars().take(200).collect());
    let url = Url::parse(text).map_err(|_| refuse())?;
    let plain = url.username().is_empty() && url.password().is_none() && text.len() <= 2048;
    if matches!(url.scheme(), "http" | "https") && url.has_host() && plain { Ok(url) } else { Err(refuse()) }
}

/// The address that the URL's host stands for.
///
/// # Errors
/// When there is none, or when it is inside and that is not allowed.
pub async fn resolve(url: &Url, allow_private: bool) -> Result<IpAddr, WebhookError> {
    let addresses: Vec<IpAddr> = match url.host() {
        Some(Host::Ipv4(address)) => vec![address.into()],
        Some(Host::Ipv6(address)) => vec![address.into()],
        Some(Host::Domain(name)) => tokio::net::lookup_host((name, 0))
            .await
            .map(|found| found.map(|address| address.ip()).collect())
            .unwrap_or_default(),
        None => Vec::new(),
    };
    if let Some(inside) = addresses.iter().find(|address| !allow_private && is_inside(**address)) {
        return Err(WebhookError::Private(*inside));
    }
    let unresolved = || WebhookError::Unresolved(url.host_str().unwrap_or_default().to_owned());
    addresses.first().copied().ok_or_else(unresolved)
}

/// Whether an address is not one of the public internet (IANA special-purpose registries, RFC 6890).
fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, third, _] = address.octets();
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_documentation()
                || first == 0
                || first >= 224 // multicast, reserved, broadcast
                || (first == 100 && (64..128).contains(&second)) // shared address space, RFC 6598
                || (first == 192 && second == 0 && third == 0) // protocol assignments
                || (first == 198 && (18..20).contains(&second)) // benchmarking
        }
        IpAddr::V6(address) => {
            if let Some(mapped) = address.to_ipv4_mapped() {
                return is_inside(mapped.into());
            }
            let [first, second, ..] = address.segments();
            // Global unicast is 2000::/3; of that, Teredo, documentation and 6to4 lead elsewhere.
            !(0x2000..0x4000).contains(&first)
                || (first == 0x2001 && (second == 0 || second == 0x0db8))
                || first == 0x2002
        }
    }
}

/// The signature of a delivery.
#[must_use]
pub fn signature(secret: &str, time: i64, body: &str) -> String {
    // HMAC takes keys of any length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{time}.").as_bytes());
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_urls_are_webhooks() {
        assert!(check_url("https://example.org/hook").is_ok());
        for bad in ["ftp://example.org", "example.org", "file:///etc/passwd", "https://"] {
            assert!(check_url(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn private_addresses_are_refused_unless_allowed() {
        for inside in [
            "http://127.0.0.1/",
            "http://10.1.2.3/",
            "http://[::1]/",
            "http://169.254.169.254/",
            "http://[::ffff:10.0.0.1]/",
            "http://0.0.0.0/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[fec0::1]/",
            "http://198.18.0.1/",
            "http://240.0.0.1/",
        ] {
            let url = check_url(inside).unwrap();
            assert!(matches!(resolve(&url, false).await, Err(WebhookError::Private(_))), "{inside}");
            assert!(resolve(&url, true).await.is_ok(), "{inside}");
        }
        assert!(resolve(&check_url("http://93.184.216.34/").unwrap(), false).await.is_ok());
    }

    #[test]
    fn the_signature_covers_time_and_body() {
        let one = signature("secret", 1, "{}");
        assert_eq!(one.len(), 64);
        assert_ne!(one, signature("secret", 2, "{}"));
        assert_ne!(one, signature("secret", 1, "{ }"));
        assert_ne!(one, signature("other", 1, "{}"));
    }
}
