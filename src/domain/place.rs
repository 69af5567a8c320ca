//! Points on the earth, and the codes by which operators and vehicles are addressed.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A WGS 84 position in degrees: finite, latitude within ±90, longitude within ±180.
///
/// The only way to make one checks that, so that no algorithm behind it meets a NaN.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPlace")]
pub struct Place {
    lat: f64,
    lon: f64,
}

#[derive(Deserialize)]
struct RawPlace {
    lat: f64,
    lon: f64,
}

impl TryFrom<RawPlace> for Place {
    type Error = PlaceError;

    fn try_from(raw: RawPlace) -> Result<Self, Self::Error> {
        Self::new(raw.lat, raw.lon)
    }
}

/// Why a pair of numbers is no place.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum PlaceError {
    /// Latitude outside -90…90, or not a number.
    #[error("latitude {0} is outside -90…90")]
    Latitude(f64),
    /// Longitude outside -180…180, or not a number.
    #[error("longitude {0} is outside -180…180")]
    Longitude(f64),
}

impl Place {
    /// Checks and makes a place.
    ///
    /// # Errors
    /// When a coordinate is not finite or out of range.
    pub fn new(lat: f64, lon: f64) -> Result<Self, PlaceError> {
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PlaceError::Latitude(lat));
        }
        if !(-180.0..=180.0).contains(&lon) {
            return Err(PlaceError::Longitude(lon));
        }
        Ok(Self { lat, lon })
    }

    /// Latitude in degrees, north positive.
    #[must_use]
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Longitude in degrees, east positive.
    #[must_use]
    pub fn lon(self) -> f64 {
        self.lon
    }
}

/// Why a text is no operator or vehicle code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// It is too long, empty, or holds a character that a topic cannot.
    #[error("{0:?} is no valid code: 1 to 64 of A-Z a-z 0-9 . _ - are allowed, as it is one level of an MQTT topic")]
    Form(String),
    /// It stands for something else in topics.
    #[error("{0:?} cannot be a code: placard/v1/{0}/… is where Placard itself speaks")]
    Reserved(String),
}

/// Second levels of the topics on which Placard itself speaks.
const RESERVED_CODES: [&str; 1] = ["incidents"];

macro_rules! code {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = CodeError;

            fn from_str(text: &str) -> Result<Self, CodeError> {
                if RESERVED_CODES.contains(&text) {
                    return Err(CodeError::Reserved(text.to_owned()));
                }
                let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
                if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
                    Ok(Self(text.into()))
                } else {
                    Err(CodeError::Form(text.chars().take(80).collect()))
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = CodeError;

            fn try_from(text: String) -> Result<Self, CodeError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

code!(
    /// An organisation's short public name, as in `placard/v1/{operator}/…`.
    OperatorCode
);
code!(
    /// A vehicle's name within its operator, as in `placard/v1/{operator}/{vehicle}/…`.
    VehicleCode
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_finite_and_in_range() {
        assert!(Place::new(51.5, 4.3).is_ok());
        assert!(Place::new(90.0, -180.0).is_ok());
        assert_eq!(Place::new(91.0, 0.0), Err(PlaceError::Latitude(91.0)));
        assert!(Place::new(f64::NAN, 0.0).is_err());
        assert!(Place::new(0.0, f64::INFINITY).is_err());
    }

    #[test]
    fn a_code_is_one_safe_topic_level() {
        assert!("rhine-chem.T_01".parse::<VehicleCode>().is_ok());
        for bad in ["", "incidents", "a/b", "+", "#", "a b", "é", "\0"] {
            assert!(bad.parse::<OperatorCode>().is_err(), "{bad:?}");
        }
    }
}
