//! Publishing a list of messages, each once and in order, whatever happens to the broker.

use std::time::Duration;

use anyhow::{Context, Result};
use placard_simulator::{broker::Broker, gateway::Gateway};

use super::Message;

/// Publishes `messages` with QoS 1, `per_second` of them, and waits for every acknowledgement. One message is under way at a
/// time: with more, a reconnection would put them out of order.
pub async fn publish_all(url: impl AsRef<str>, messages: Vec<Message>, per_second: u32, limit: Duration) -> Result<()> {
    let (broker, credentials) = Broker::parse(url.as_ref())?;
    let client_id = format!("test-{}", uuid::Uuid::new_v4().simple());
    let count = messages.len();
    let gateway = Gateway::connect(&broker, credentials.as_ref(), &client_id, 1).await?;
    let publishing = async {
        let mut pace = tokio::time::interval(Duration::from_secs(1) / per_second);
        pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
        for message in messages {
            pace.tick().await;
            gateway.publish(message.topic.into(), message.payload).await?;
        }
        gateway.finish(limit).await
    };
    let published = tokio::time::timeout(limit, publishing).await;
    published.with_context(|| format!("the broker has not acknowledged {count} messages within {limit:?}"))??;
    Ok(())
}
