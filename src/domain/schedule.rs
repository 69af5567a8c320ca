//! temporary
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// t
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// c
    pub calendar: Option<String>,
}
/// t
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// c
    pub code: String,
}

impl Schedule {
    /// t
    #[must_use]
    pub fn is_on(&self, _time: DateTime<Utc>, _calendar: Option<&Calendar>) -> bool {
        true
    }
    /// t
    #[must_use]
    pub fn next_change_after(&self, _time: DateTime<Utc>, _calendar: Option<&Calendar>) -> Option<DateTime<Utc>> {
        None
    }
}
