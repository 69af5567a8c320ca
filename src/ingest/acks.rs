//! Which messages of one connection may be acknowledged, in the order in which they came.
//!
//! The task that polls the connection notes each message as it comes; writers note the ones that are committed. Only a
//! run of committed messages from the oldest on is acknowledged, because the protocol wants acknowledgements in order. A
//! message belongs to the connection that brought it: when that breaks, everything unacknowledged comes again, and
//! acknowledging by an old packet id could hit another message. So each connection has an epoch, and what is committed
//! from an earlier one is dropped here.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use crate::mqtt::{AckKey, LinkClient};

/// What names a message until it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    epoch: u64,
    number: u64,
}

/// The unacknowledged messages of one connection.
#[derive(Clone)]
pub struct Acknowledger {
    client: LinkClient,
    pending: Arc<Mutex<Pending>>,
}

#[derive(Default)]
struct Pending {
    epoch: u64,
    first: u64,
    messages: VecDeque<(AckKey, bool)>,
}

impl Acknowledger {
    /// Begins with no messages.
    #[must_use]
    pub fn new(client: LinkClient) -> Self {
        Self { client, pending: Arc::default() }
    }

    /// Notes a message that came. Called by the task that polls, in order.
    #[must_use]
    pub fn came(&self, key: AckKey) -> Receipt {
        let mut pending = self.lock();
        let number = pending.first + pending.messages.len() as u64;
        pending.messages.push_back((key, false));
        Receipt { epoch: pending.epoch, number }
    }

    /// Notes that messages are committed, and acknowledges what can be.
    pub fn committed(&self, receipts: &[Receipt]) {
        // The lock is held while the requests are queued, so that the epoch cannot change in between.
        let mut pending = self.lock();
        for receipt in receipts.iter().filter(|receipt| receipt.epoch == pending.epoch).collect::<Vec<_>>() {
            let index = receipt.number.checked_sub(pending.first).and_then(|index| usize::try_from(index).ok());
            if let Some(message) = index.and_then(|index| pending.messages.get_mut(index)) {
                message.1 = true;
            }
        }
        while let Some((key, true)) = pending.messages.front().copied() {
            // The queue of requests is larger than the window, so it is full only when the connection hangs; then what is
            // not acknowledged now is so with the next commit, or comes again on the next connection.
            if self.client.try_ack(key).is_err() {
                break;
            }
            pending.messages.pop_front();
            pending.first += 1;
        }
    }

    /// Notes that the connection broke: what is unacknowledged will come again.
    pub fn broken(&self) {
        let mut pending = self.lock();
        pending.epoch += 1;
        pending.first = 0;
        pending.messages.clear();
    }

    /// Whether `other` is of the same connection.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.pending, &other.pending)
    }

    /// How many messages wait to be acknowledged.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.lock().messages.len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
