//! Publishing a list of messages, each once and in order, whatever happens to the broker.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};

use super::Message;

/// Publishes `messages` with QoS 1 as the gateway of `rhine-chem`, `per_second` of them, and waits for every
/// acknowledgement. One message is under way at a time: with more, a reconnection would put them out of order.
pub async fn publish_all(url: impl AsRef<str>, messages: Vec<Message>, per_second: u32, limit: Duration) -> Result<()> {
    let address = url::Url::parse(url.as_ref())?;
    let client_id = format!("test-{}", uuid::Uuid::new_v4().simple());
    let (host, port) = (address.host_str().context("a host")?, address.port().context("a port")?);
    let mut options = MqttOptions::new(client_id, host, port);
    options.set_inflight(1).set_keep_alive(Duration::from_secs(10)).set_clean_session(false);
    options.set_credentials(super::decoded(address.username()), address.password().unwrap_or_default());
    options.set_max_packet_size(64 << 20, 64 << 20);
    let (client, mut events) = AsyncClient::new(options, 16);
    let count = messages.len();
    let sender = tokio::spawn(async move {
        let mut pace = tokio::time::interval(Duration::from_secs(1) / per_second);
        pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
        for message in messages {
            pace.tick().await;
            if client.publish(message.topic, QoS::AtLeastOnce, false, message.payload).await.is_err() {
                return;
            }
        }
        // The client is kept until the end: without it the connection would stop.
        std::future::pending::<()>().await;
    });
    let mut acknowledged = 0;
    let deadline = tokio::time::Instant::now() + limit;
    while acknowledged < count {
        match tokio::time::timeout_at(deadline, events.poll()).await {
            Ok(Ok(Event::Incoming(Incoming::PubAck(_)))) => acknowledged += 1,
            Ok(Ok(_)) => {}
            Ok(Err(_)) => tokio::time::sleep(Duration::from_millis(200)).await,
            Err(_) => bail!("the broker acknowledged {acknowledged} of {count} messages within {limit:?}"),
        }
    }
    sender.abort();
    Ok(())
}
