//! Taking typed fields out of a JSON object, with errors that name the field.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::Limits;
use crate::{
    domain::Place,
    ingest::reject::{Reason, Reject},
};

/// Largest whole number that every JSON reader keeps exactly (RFC 8259 §6): 2⁵³ − 1.
pub const LARGEST_WHOLE: i64 = (1 << 53) - 1;

/// An object whose fields are taken out one by one; what is left at the end was not known.
pub struct Fields(pub Map<String, Value>);

impl Fields {
    /// The number under `name`, which must lie in `range`. A null counts as absent.
    ///
    /// # Errors
    /// When it is no number, or out of range.
    pub fn number(&mut self, name: &str, range: std::ops::RangeInclusive<f64>) -> Result<Option<f64>, Reject> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let number = value.as_f64().ok_or_else(|| wrong_type(name, &value, "a number"))?;
        if range.contains(&number) {
            return Ok(Some(number));
        }
        let detail = format!("{name} is {number}; {} to {} is wanted", range.start(), range.end());
        Err(Reject::new(Reason::OutOfRange, detail))
    }

    /// The whole number under `name`, 0 to 2⁵³ − 1.
    ///
    /// # Errors
    /// When it is no whole number, or out of range.
    pub fn whole(&mut self, name: &str) -> Result<Option<i64>, Reject> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let number = value.as_i64().ok_or_else(|| wrong_type(name, &value, "a whole number"))?;
        if !(0..=LARGEST_WHOLE).contains(&number) {
            let detail = format!("{name} is {number}; 0 to {LARGEST_WHOLE} is wanted");
            return Err(Reject::new(Reason::OutOfRange, detail));
        }
        Ok(Some(number))
    }

    /// The truth value under `name`.
    ///
    /// # Errors
    /// When it is neither true nor false.
    pub fn truth(&mut self, name: &str) -> Result<Option<bool>, Reject> {
        let Some(value) = self.take(name) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| wrong_type(name, &value, "true or false"))
    }

    /// The text under `name`, of at most `longest` characters.
    ///
    /// # Errors
    /// When it is no text, or longer.
    pub fn text(&mut self, name: &str, longest: usize) -> Result<Option<String>, Reject> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let Value::String(text) = value else { return Err(wrong_type(name, &value, "a text")) };
        if text.chars().count() > longest {
            let detail = format!("{name} is longer than {longest} characters");
            return Err(Reject::new(Reason::OutOfRange, detail));
        }
        Ok(Some(text))
    }

    /// The object under `name`. Anything else stays where it is.
    pub fn take_object(&mut self, name: &str) -> Option<Map<String, Value>> {
        match self.0.remove(name)? {
            Value::Object(object) => Some(object),
            Value::Null => None,
            other => {
                self.0.insert(name.into(), other);
                None
            }
        }
    }

    /// The required time under `name`: RFC 3339, or seconds or milliseconds since 1970. Kept to the microsecond.
    ///
    /// # Errors
    /// When it is absent, does not read, or lies outside `limits`.
    pub fn time(&mut self, name: &str, limits: &Limits) -> Result<DateTime<Utc>, Reject> {
        let value = self.take(name).ok_or_else(|| missing(name))?;
        let wanted = "RFC 3339 with offset, as in 2026-11-24T08:15:30Z, or seconds or milliseconds since 1970";
        let time = match &value {
            Value::String(text) => DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc()),
            Value::Number(number) => number.as_f64().and_then(from_epoch),
            _ => return Err(wrong_type(name, &value, wanted)),
        };
        let time = time.and_then(|time| time.duration_trunc(TimeDelta::microseconds(1)).ok()).ok_or_else(|| {
            Reject::new(Reason::WrongType, format!("{name} is {}; {wanted} is wanted", short(&value)))
        })?;
        limits.check(name, time)
    }

    /// The course under `name`, in degrees clockwise from north. 360 and 0 are the same course.
    ///
    /// # Errors
    /// When it is no number from 0 to 360.
    pub fn course(&mut self, name: &str) -> Result<Option<f64>, Reject> {
        Ok(self.number(name, 0.0..=360.0)?.map(|course| course % 360.0))
    }

    /// The number of satellites under `name`.
    ///
    /// # Errors
    /// When it is no number from 0 to 1000.
    pub fn satellites(&mut self, name: &str) -> Result<Option<i16>, Reject> {
        #[allow(clippy::cast_possible_truncation)] // 0 to 1000
        Ok(self.number(name, 0.0..=1000.0)?.map(|number| number as i16))
    }

    /// The place under the names for latitude and longitude, if there is one.
    ///
    /// # Errors
    /// When one is there without the other, or out of range.
    pub fn place(&mut self, lat_name: &str, lon_name: &str) -> Result<Option<Place>, Reject> {
        let lat = self.number(lat_name, -90.0..=90.0)?;
        let lon = self.number(lon_name, -180.0..=180.0)?;
        match (lat, lon) {
            (None, None) => Ok(None),
            (Some(lat), Some(lon)) => {
                Place::new(lat, lon).map(Some).map_err(|error| Reject::new(Reason::OutOfRange, error.to_string()))
            }
            (None, Some(_)) => Err(missing(lat_name)),
            (Some(_), None) => Err(missing(lon_name)),
        }
    }

    /// What `read` makes of the value under `name`. A value that it can make nothing of stays where it is.
    pub fn take_if<T>(&mut self, name: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let taken = read(self.0.get(name)?)?;
        self.0.remove(name);
        Some(taken)
    }

    /// What is under `name`, unless it is null.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }
}

/// Seconds below a hundred thousand million, milliseconds from there on: as seconds that is the year 5138, as
/// milliseconds it is 1973.
fn from_epoch(number: f64) -> Option<DateTime<Utc>> {
    let micros = if number.abs() < 1e11 { number * 1e6 } else { number * 1e3 };
    // The cast saturates; what is absurd then is out of the limits.
    #[allow(clippy::cast_possible_truncation)]
    let micros = micros.round() as i64;
    DateTime::from_timestamp_micros(micros)
}

/// A reject for a field that is not there.
#[must_use]
pub fn missing(name: &str) -> Reject {
    Reject::new(Reason::MissingField, format!("{name} is missing"))
}

/// A reject for a value of the wrong type.
#[must_use]
pub fn wrong_type(name: &str, value: &Value, wanted: &str) -> Reject {
    Reject::new(Reason::WrongType, format!("{name} is {}; {wanted} is wanted", short(value)))
}

fn short(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("the text {:?}", text.chars().take(40).collect::<String>()),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
    }
}
