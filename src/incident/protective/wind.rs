//! The wind as somebody measured it, and what it is good for.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{geo::normal_deg, hazard::spill::Wind};

/// For so long a reading stands for the wind, unless a caller says otherwise (our own choice): routine weather reports come
/// every hour at least, and some minutes late.
pub const WIND_HOLDS: TimeDelta = TimeDelta::minutes(90);
/// Clocks may differ by so much; what is from later than that is a forecast or a mistake.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);
/// Below so many km/h smoke rises straight up, and the direction means nothing (Beaufort 0, WMO).
const CALM_BELOW_KMH: f64 = 1.0;
/// From so many km/h wind is moderate, above [`HIGH_ABOVE_KMH`] high (ERG 2024, Table 3).
const MODERATE_FROM_KMH: f64 = 10.0;
const HIGH_ABOVE_KMH: f64 = 20.0;
/// No wind near the ground was ever stronger (408 km/h, Barrow Island 1996, WMO), with something to spare.
const STRONGEST_KMH: f64 = 500.0;

/// Why numbers are no wind.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum WindError {
    /// The direction is no angle.
    #[error("wind direction {0} is outside 0…360: degrees clockwise from north, from where the wind blows, are wanted")]
    Direction(f64),
    /// The speed is none.
    #[error("wind speed {0} is outside 0…500: km/h are wanted")]
    Speed(f64),
}

/// The wind as it was measured or seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawWind")]
pub struct WindReading {
    from_deg: Option<f64>,
    speed_kmh: Option<f64>,
    measured_at: DateTime<Utc>,
    source: String,
}

#[derive(Deserialize)]
struct RawWind {
    from_deg: Option<f64>,
    speed_kmh: Option<f64>,
    measured_at: DateTime<Utc>,
    source: String,
}

impl TryFrom<RawWind> for WindReading {
    type Error = WindError;

    fn try_from(raw: RawWind) -> Result<Self, WindError> {
        Self::new(raw.from_deg, raw.speed_kmh, raw.measured_at, raw.source)
    }
}

impl WindReading {
    /// A reading. `from_deg` is the direction from which the wind blows, clockwise from true north, `None` for a variable
    /// one; `speed_kmh` its mean speed (1 m/s is 3.6 km/h, 1 knot 1.852), `None` where nobody measured it; `source` who says so.
    ///
    /// # Errors
    /// When a number is not finite or out of range.
    pub fn new(
        from_deg: Option<f64>,
        speed_kmh: Option<f64>,
        measured_at: DateTime<Utc>,
        source: impl Into<String>,
    ) -> Result<Self, WindError> {
        if let Some(wrong) = from_deg.filter(|degrees| !(0.0..=360.0).contains(degrees)) {
            return Err(WindError::Direction(wrong));
        }
        if let Some(wrong) = speed_kmh.filter(|kmh| !(0.0..=STRONGEST_KMH).contains(kmh)) {
            return Err(WindError::Speed(wrong));
        }
        Ok(Self { from_deg: from_deg.map(normal_deg), speed_kmh, measured_at, source: source.into() })
    }

    /// From where it blows, degrees clockwise from north, 0 to less than 360; `None` while it is calm or variable.
    #[must_use]
    pub fn from_deg(&self) -> Option<f64> {
        self.from_deg.filter(|_| self.speed_kmh.is_none_or(|kmh| kmh >= CALM_BELOW_KMH))
    }

    /// To where it blows, likewise.
    #[must_use]
    pub fn toward_deg(&self) -> Option<f64> {
        self.from_deg().map(|degrees| normal_deg(degrees + 180.0))
    }

    /// Speed in km/h.
    #[must_use]
    pub fn speed_kmh(&self) -> Option<f64> {
        self.speed_kmh
    }

    /// How strong it is, as Table 3 of the guidebook distinguishes it.
    #[must_use]
    pub fn class(&self) -> Option<Wind> {
        let kmh = self.speed_kmh?;
        Some(if kmh < MODERATE_FROM_KMH {
            Wind::Low
        } else if kmh <= HIGH_ABOVE_KMH {
            Wind::Moderate
        } else {
            Wind::High
        })
    }

    /// When it was measured.
    #[must_use]
    pub fn measured_at(&self) -> DateTime<Utc> {
        self.measured_at
    }

    /// Who says so.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// What is known of the wind at a moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum WindState {
    /// Direction known; the speed may not be.
    Known(WindReading),
    /// Calm or variable: it may blow anywhere.
    NoDirection(WindReading),
    /// The last reading is too old, or of another time.
    OutOfDate(WindReading),
    /// Nobody has told.
    Unknown,
}

impl WindState {
    /// What a reading tells at a moment, if readings hold for so long.
    #[must_use]
    pub fn at(reading: Option<&WindReading>, time: DateTime<Utc>, holds: TimeDelta) -> Self {
        let Some(reading) = reading.cloned() else { return Self::Unknown };
        let age = time - reading.measured_at;
        if age > holds || age < -CLOCKS_DIFFER {
            Self::OutOfDate(reading)
        } else if reading.from_deg().is_none() {
            Self::NoDirection(reading)
        } else {
            Self::Known(reading)
        }
    }

    fn usable(&self) -> Option<&WindReading> {
        match self {
            Self::Known(reading) | Self::NoDirection(reading) => Some(reading),
            Self::OutOfDate(_) | Self::Unknown => None,
        }
    }

    /// From where the wind blows, where that is known.
    #[must_use]
    pub fn from_deg(&self) -> Option<f64> {
        self.usable()?.from_deg()
    }

    /// To where it blows, where that is known.
    #[must_use]
    pub fn toward_deg(&self) -> Option<f64> {
        self.usable()?.toward_deg()
    }

    /// How strong it is, where that is known.
    #[must_use]
    pub fn class(&self) -> Option<Wind> {
        self.usable()?.class()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn reading(from_deg: impl Into<Option<f64>>, speed_kmh: impl Into<Option<f64>>) -> WindReading {
        WindReading::new(from_deg.into(), speed_kmh.into(), noon(), "officer on scene").unwrap()
    }

    #[test]
    fn the_classes_are_those_of_table_3() {
        let class = |kmh: f64| reading(270.0, kmh).class().unwrap();
        assert_eq!((class(0.0), class(9.9)), (Wind::Low, Wind::Low));
        assert_eq!((class(10.0), class(20.0)), (Wind::Moderate, Wind::Moderate));
        assert_eq!((class(20.1), class(90.0)), (Wind::High, Wind::High));
        assert_eq!(reading(270.0, None).class(), None);
    }

    #[test]
    fn a_west_wind_blows_to_the_east_and_a_calm_nowhere() {
        assert_eq!(reading(270.0, 12.0).toward_deg(), Some(90.0));
        assert_eq!((reading(360.0, 12.0).from_deg(), reading(360.0, None).toward_deg()), (Some(0.0), Some(180.0)));
        assert_eq!((reading(270.0, 0.0).toward_deg(), reading(None, 4.0).toward_deg()), (None, None));
    }

    #[test]
    fn a_reading_holds_for_a_while() {
        let west = reading(270.0, 12.0);
        let state = |minutes| WindState::at(Some(&west), noon() + TimeDelta::minutes(minutes), TimeDelta::minutes(60));
        assert_eq!(state(0), WindState::Known(west.clone()));
        assert_eq!(state(60), WindState::Known(west.clone()));
        assert_eq!(state(61), WindState::OutOfDate(west.clone()));
        assert_eq!((state(61).class(), state(61).toward_deg()), (None, None));
        // A clock that is a little ahead does no harm; a forecast is no measurement.
        assert_eq!((state(-5), state(-6)), (WindState::Known(west.clone()), WindState::OutOfDate(west.clone())));
        let calm = reading(270.0, 0.0);
        assert_eq!(WindState::at(Some(&calm), noon(), WIND_HOLDS), WindState::NoDirection(calm.clone()));
        assert_eq!(WindState::at(Some(&calm), noon(), WIND_HOLDS).class(), Some(Wind::Low));
        assert_eq!(WindState::at(None, noon(), WIND_HOLDS), WindState::Unknown);
    }

    #[test]
    fn what_is_no_wind_is_refused_and_told_what_would_be() {
        let refusal = |from, speed| WindReading::new(from, speed, noon(), "feed").unwrap_err().to_string();
        assert!(refusal(Some(361.0), None).starts_with("wind direction 361 is outside 0…360"));
        assert!(refusal(Some(f64::NAN), None).starts_with("wind direction NaN"));
        assert_eq!(refusal(None, Some(-1.0)), "wind speed -1 is outside 0…500: km/h are wanted");
        let json = r#"{"from_deg":400,"speed_kmh":null,"measured_at":"2026-11-24T12:00:00Z","source":"feed"}"#;
        assert!(serde_json::from_str::<WindReading>(json).is_err());
        let written = serde_json::to_string(&reading(270.0, 12.0)).unwrap();
        assert_eq!(serde_json::from_str::<WindReading>(&written).unwrap(), reading(270.0, 12.0));
    }
}
