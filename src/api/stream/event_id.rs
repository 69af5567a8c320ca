//! Ids of events on the stream: `{feed item}.{microseconds since 1970}`.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};

/// How far a client has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EventId {
    /// The newest feed item that it had, or could have had.
    pub(super) feed: i64,
    /// Positions that were stored up to this time were handed over.
    pub(super) positions_through: DateTime<Utc>,
}

/// Why a text is no event id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no event id of this stream; wanted is one as it came, like 4711.1767225600000000")]
pub(super) struct EventIdError(String);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.feed, self.positions_through.timestamp_micros())
    }
}

impl FromStr for EventId {
    type Err = EventIdError;

    fn from_str(text: &str) -> Result<Self, EventIdError> {
        let error = || EventIdError(text.chars().take(60).collect());
        let (feed, micros) = text.trim().split_once('.').ok_or_else(error)?;
        let feed = feed.parse().ok().filter(|feed| *feed >= 0).ok_or_else(error)?;
        let micros: i64 = micros.parse().ok().filter(|micros| *micros >= 0).ok_or_else(error)?;
        let positions_through = DateTime::from_timestamp_micros(micros).ok_or_else(error)?;
        Ok(Self { feed, positions_through })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_it_was_written() {
        let positions_through = DateTime::from_timestamp_micros(1_767_225_600_000_001).unwrap();
        let id = EventId { feed: 4711, positions_through };
        assert_eq!(id.to_string(), "4711.1767225600000001");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in ["", "4711", "4711.", ".5", "-1.5", "4711.-5", "a.b", "1.2.3", "1.99999999999999999999"] {
            assert!(bad.parse::<EventId>().is_err(), "{bad:?}");
        }
    }
}
