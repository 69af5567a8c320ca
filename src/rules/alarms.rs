//! Alarms that last as long as they are repeated, and end after a quiet time: what a device reports, and what a sensor shows
//! for a moment only.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{EpisodeBook, seconds_after};
use crate::domain::{Place, RuleKey, Subject};

/// How long a device's alarm lasts when it is not repeated, in seconds, where a rule pack says nothing else (proposed).
pub(super) const QUIET_S: f64 = 600.0;

/// The alarms of one vehicle that are open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OpenAlarms(Vec<OpenAlarm>);

/// An alarm that ends when it is not repeated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct OpenAlarm {
    rule: RuleKey,
    subject: Subject,
    last_raised_at: DateTime<Utc>,
    quiet_at: DateTime<Utc>,
}

impl OpenAlarms {
    /// Notes that an alarm was raised, for the first time or again. It is over when it is not repeated for `quiet_s` seconds.
    pub fn raise(&mut self, rule: RuleKey, subject: Subject, at: DateTime<Utc>, quiet_s: f64) {
        let quiet_at = seconds_after(at, quiet_s);
        match self.0.iter_mut().find(|alarm| alarm.rule == rule && alarm.subject == subject) {
            Some(alarm) => {
                alarm.last_raised_at = alarm.last_raised_at.max(at);
                alarm.quiet_at = alarm.quiet_at.max(quiet_at);
            }
            None => self.0.push(OpenAlarm { rule, subject, last_raised_at: at, quiet_at }),
        }
    }

    /// Leaves the end of an alarm to the readings that show it too: it no longer ends by itself.
    pub fn release(&mut self, rule: RuleKey, subject: &Subject) {
        self.0.retain(|alarm| alarm.rule != rule || alarm.subject != *subject);
    }

    /// Whether an alarm is open that ends by itself.
    #[must_use]
    pub fn holds(&self, rule: RuleKey, subject: &Subject) -> bool {
        self.0.iter().any(|alarm| alarm.rule == rule && alarm.subject == *subject)
    }

    /// Whether no alarm is open that ends by itself.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first moment at which one of them is over.
    #[must_use]
    pub fn next_end(&self) -> Option<DateTime<Utc>> {
        self.0.iter().map(|alarm| alarm.quiet_at).min()
    }

    /// Ends those that are over by `at`.
    pub fn end_quiet(&mut self, at: DateTime<Utc>, place: Option<Place>, book: &mut EpisodeBook<'_>) {
        self.0.retain(|alarm| {
            let over = alarm.quiet_at <= at;
            if over {
                book.close(alarm.rule, &alarm.subject, alarm.last_raised_at, place);
            }
            !over
        });
    }

    /// Lets go of those whose episode was ended by its rule.
    pub fn forget_ended(&mut self, book: &EpisodeBook<'_>) {
        if !self.0.is_empty() {
            self.0.retain(|alarm| book.is_open(alarm.rule, &alarm.subject));
        }
    }
}
