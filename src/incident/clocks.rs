//! The clocks of an incident: when each stage of the response was reached, and by when it should have been.
//!
//! Targets are Placard's own proposals, by the severity of the gravest trigger. They run from when the incident was
//! recorded, because nobody can answer what a device still keeps to itself.
//!
//! | clock | S1 | S2 | S3 |
//! |---|---|---|---|
//! | delivered, at level I or II | 60 s | 60 s | 60 s |
//! | acknowledged | 60 s | 5 min | 1 h |
//! | closed | – | 24 h | 72 h |

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::domain::{IncidentLevel, Severity};

/// One clock, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Clock {
    /// raised, delivered (the first message about it arrived somewhere), seen (by a responder), acknowledged, dispatched,
    /// arrived, controlled or closed.
    #[schema(value_type = String, example = "acknowledged")]
    pub clock: &'static str,
    /// Seconds from the recording within which it should be reached; null where there is no target.
    pub target_s: Option<i64>,
    /// The end of that time.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was reached.
    pub at: Option<DateTime<Utc>>,
    /// Whether the target was met; null while there is time left, and where there is no target.
    pub met: Option<bool>,
}

/// When each stage was reached.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// When it happened, by the device or the caller.
    pub raised: DateTime<Utc>,
    /// When it was recorded: targets run from here.
    pub recorded: DateTime<Utc>,
    /// When the first message about it arrived somewhere.
    pub delivered: Option<DateTime<Utc>>,
    /// When a responder first saw it.
    pub seen: Option<DateTime<Utc>>,
    /// When somebody took it.
    pub acknowledged: Option<DateTime<Utc>>,
    /// When help was sent.
    pub dispatched: Option<DateTime<Utc>>,
    /// When help arrived.
    pub arrived: Option<DateTime<Utc>>,
    /// When it was under control.
    pub controlled: Option<DateTime<Utc>>,
    /// When it ended.
    pub closed: Option<DateTime<Utc>>,
}

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 3600;

/// The clocks in the order in which they are reached, as they stand at `now`.
#[must_use]
pub fn clocks(severity: Severity, level: IncidentLevel, reached: &Reached, now: DateTime<Utc>) -> Vec<Clock> {
    let acknowledge_s = match severity {
        Severity::S1 => Some(MINUTE_S),
        Severity::S2 => Some(5 * MINUTE_S),
        Severity::S3 => Some(HOUR_S),
        Severity::S4 => None,
    };
    let close_s = match severity {
        Severity::S2 => Some(24 * HOUR_S),
        Severity::S3 => Some(72 * HOUR_S),
        Severity::S1 | Severity::S4 => None,
    };
    let deliver_s = matches!(level, IncidentLevel::I | IncidentLevel::II).then_some(MINUTE_S);
    [
        ("raised", None, Some(reached.raised)),
        ("delivered", deliver_s, reached.delivered),
        ("seen", None, reached.seen),
        ("acknowledged", acknowledge_s, reached.acknowledged),
        ("dispatched", None, reached.dispatched),
        ("arrived", None, reached.arrived),
        ("controlled", None, reached.controlled),
        ("closed", close_s, reached.closed),
    ]
    .into_iter()
    .map(|(clock, target_s, at)| {
        let due_at = target_s.map(|target| reached.recorded + TimeDelta::seconds(target));
        let met = due_at.and_then(|due| match at {
            Some(at) => Some(at <= due),
            None => (now > due).then_some(false),
        });
        Clock { clock, target_s, due_at, at, met }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn reached() -> Reached {
        Reached {
            raised: at(-600),
            recorded: at(0),
            delivered: Some(at(1)),
            seen: None,
            acknowledged: None,
            dispatched: None,
            arrived: None,
            controlled: None,
            closed: None,
        }
    }

    fn clock(severity: Severity, level: IncidentLevel, reached: &Reached, now: i64, name: &str) -> Clock {
        clocks(severity, level, reached, at(now)).into_iter().find(|clock| clock.clock == name).unwrap()
    }

    #[test]
    fn a_critical_incident_is_to_be_taken_within_a_minute_of_being_recorded() {
        let of = |acknowledged, now| {
            let reached = Reached { acknowledged, ..reached() };
            clock(Severity::S1, IncidentLevel::II, &reached, now, "acknowledged")
        };
        assert_eq!((of(None, 60).met, of(None, 61).met), (None, Some(false)));
        assert_eq!((of(Some(at(60)), 90).met, of(Some(at(61)), 90).met), (Some(true), Some(false)));
        assert_eq!(of(None, 0).due_at, Some(at(60)));
    }

    #[test]
    fn a_lesser_one_has_more_time_and_has_to_end_as_well() {
        let target = |severity, name| clock(severity, IncidentLevel::IV, &reached(), 0, name).target_s;
        assert_eq!(target(Severity::S2, "acknowledged"), Some(300));
        assert_eq!(target(Severity::S2, "closed"), Some(86_400));
        assert_eq!(target(Severity::S3, "acknowledged"), Some(3600));
        assert_eq!((target(Severity::S1, "closed"), target(Severity::S4, "acknowledged")), (None, None));
    }

    #[test]
    fn the_first_message_of_a_grave_one_is_to_arrive_within_a_minute() {
        let delivered = |level| clock(Severity::S1, level, &reached(), 5, "delivered");
        assert_eq!(delivered(IncidentLevel::I).met, Some(true));
        assert_eq!((delivered(IncidentLevel::III).target_s, delivered(IncidentLevel::III).met), (None, None));
    }

    #[test]
    fn the_clocks_come_in_the_order_in_which_they_are_reached() {
        let names: Vec<_> =
            clocks(Severity::S1, IncidentLevel::I, &reached(), at(0)).iter().map(|one| one.clock).collect();
        let expected = ["raised", "delivered", "seen", "acknowledged", "dispatched", "arrived", "controlled", "closed"];
        assert_eq!(names, expected);
    }
}
