//! What a driver was warned of: each breach ahead once, until it is no longer ahead.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::seconds_between;
use crate::domain::{RuleKey, Subject};

/// The warnings of one vehicle that hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Warned {
    /// When the way ahead was looked at last.
    #[serde(skip_serializing_if = "Option::is_none")]
    looked_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    given: Vec<Given>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Given {
    rule: RuleKey,
    subject: Subject,
    last_seen_ahead_at: DateTime<Utc>,
}

/// A breach that was not seen ahead for this long, in seconds, is warned of anew when it comes ahead again (proposed).
const FORGOTTEN_S: f64 = 120.0;
/// The way ahead is looked at no more often than this, in seconds: a warning comes a minute before the breach (proposed).
const LOOKED_EVERY_S: f64 = 5.0;

impl Warned {
    /// Whether it is time to look at the way ahead again, which is then noted as done.
    pub fn is_due(&mut self, at: DateTime<Utc>) -> bool {
        let is_due = self.looked_at.is_none_or(|looked_at| seconds_between(looked_at, at) >= LOOKED_EVERY_S);
        if is_due {
            self.looked_at = Some(at);
        }
        is_due
    }

    /// Notes that a breach lies ahead at `at`. True when the driver has to be warned of it now.
    pub fn is_new(&mut self, rule: RuleKey, subject: &Subject, at: DateTime<Utc>) -> bool {
        self.given.retain(|given| seconds_between(given.last_seen_ahead_at, at) <= FORGOTTEN_S);
        match self.given.iter_mut().find(|given| given.rule == rule && given.subject == *subject) {
            Some(given) => {
                given.last_seen_ahead_at = at;
                false
            }
            None => {
                self.given.push(Given { rule, subject: subject.clone(), last_seen_ahead_at: at });
                true
            }
        }
    }
}
