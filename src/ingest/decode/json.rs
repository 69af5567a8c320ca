//! From bytes to a JSON value that the store can keep.

use serde_json::Value;

use crate::ingest::reject::{Reason, Reject};

/// A JSON payload.
pub struct Payload {
    /// What it says.
    pub value: Value,
    /// Whether there may be a NUL character in a text of it. Only an escape can bring one into JSON; without such an
    /// escape nobody has to search.
    pub may_hold_nul: bool,
}

impl Payload {
    /// Reads a payload.
    ///
    /// # Errors
    /// When it is not UTF-8, or not JSON.
    pub fn read(payload: &[u8]) -> Result<Self, Reject> {
        let text = std::str::from_utf8(payload).map_err(|error| {
            Reject::new(Reason::NotUtf8, format!("the payload is not UTF-8 from byte {} on", error.valid_up_to()))
        })?;
        let value = serde_json::from_str(text)
            .map_err(|error| Reject::new(Reason::NotJson, format!("the payload is not JSON: {error}")))?;
        Ok(Self { value, may_hold_nul: text.contains("\\u0000") })
    }
}

/// Refuses a value with a NUL character in any text, key or content: PostgreSQL cannot keep it.
///
/// # Errors
/// When there is one.
pub fn refuse_nul(value: &Value) -> Result<(), Reject> {
    if holds_nul(value) {
        return Err(Reject::new(Reason::NulCharacter, "a text holds a NUL character"));
    }
    Ok(())
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(object) => object.iter().any(|(key, value)| key.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
