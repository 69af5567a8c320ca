//! What a driver was warned of: each breach ahead once, until it is no longer ahead.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::seconds_between;
use crate::domain::{RuleKey, Subject};

/// The warnings of one vehicle that hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Warned(Vec<Given>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Given {
    rule: RuleKey,
    subject: Subject,
    last_seen_ahead_at: DateTime<Utc>,
}

/// A breach that was not seen ahead for this long, in seconds, is warned of anew when it comes ahead again (proposed).
const FORGOTTEN_S: f64 = 120.0;

impl Warned {
    /// Notes that a breach lies ahead at `at`. True when the driver has to be warned of it now.
    pub fn is_new(&mut self, rule: RuleKey, subject: &Subject, at: DateTime<Utc>) -> bool {
        self.0.retain(|given| seconds_between(given.last_seen_ahead_at, at) <= FORGOTTEN_S);
        match self.0.iter_mut().find(|given| given.rule == rule && given.subject == *subject) {
            Some(given) => {
                given.last_seen_ahead_at = at;
                false
            }
            None => {
                self.0.push(Given { rule, subject: subject.clone(), last_seen_ahead_at: at });
                true
            }
        }
    }
}
