//! Since when Placard has been listening without a break: the silence of a vehicle says nothing about the time in which nobody
//! could hear it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Utc};

/// Shared by connections, which know whether the broker is there, and shards, which judge silence.
#[derive(Clone)]
pub struct ListeningSince(Arc<AtomicI64>);

impl Default for ListeningSince {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(i64::MAX)))
    }
}

impl ListeningSince {
    /// Notes that listening has (again) begun.
    pub fn begun(&self, at: DateTime<Utc>) {
        self.0.store(at.timestamp_micros(), Ordering::Relaxed);
    }

    /// Notes that nothing can be heard.
    pub fn interrupted(&self) {
        self.0.store(i64::MAX, Ordering::Relaxed);
    }

    /// Since when; `None` while nothing can be heard.
    #[must_use]
    pub fn since(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interruption_ends_the_listening_until_it_begins_anew() {
        let listening = ListeningSince::default();
        assert_eq!(listening.since(), None);
        let at = DateTime::from_timestamp(1_795_508_130, 0).unwrap();
        listening.begun(at);
        assert_eq!(listening.since(), Some(at));
        listening.interrupted();
        assert_eq!(listening.since(), None);
    }
}
