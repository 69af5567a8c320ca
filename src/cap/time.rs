//! Times as CAP 1.2 wants them (§3.3.2): whole seconds and an offset in figures, never `Z`; UTC is `-00:00`.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, FixedOffset, Offset, TimeZone, Timelike, Utc};

/// The largest offset from UTC that `xs:dateTime` knows, in seconds.
const WIDEST_OFFSET_S: i32 = 14 * 3600;

/// A moment to the second with its offset from UTC, in the years 1 to 9999. Equal and ordered by the moment alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CapTime(DateTime<FixedOffset>);

/// Why something is no CAP time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CapTimeError {
    /// The year does not have four figures.
    #[error("the year {0} cannot be written; years from 1 to 9999 can")]
    Year(i32),
    /// The text has another form, or names no moment.
    #[error(
        "{0:?} is no CAP time; wanted is 2026-11-24T15:04:05+08:00: no Z, no fractions of a second, and -00:00 for UTC"
    )]
    Form(String),
}

impl CapTime {
    /// The whole second in which a moment lies, with the moment's own offset. An offset that cannot be written (one
    /// with seconds, or beyond 14 hours) becomes UTC.
    ///
    /// # Errors
    /// When the year is not one from 1 to 9999.
    pub fn new<Z: TimeZone>(moment: DateTime<Z>) -> Result<Self, CapTimeError> {
        let offset = moment.offset().fix();
        let seconds = offset.local_minus_utc();
        let can_be_written = seconds % 60 == 0 && seconds.abs() <= WIDEST_OFFSET_S;
        let local = moment.with_timezone(&if can_be_written { offset } else { Utc.fix() });
        // Also takes a leap second back into the second before it: xs:dateTime has no second 60.
        let whole = local.with_nanosecond(0).unwrap_or(local);
        if (1..=9999).contains(&whole.year()) { Ok(Self(whole)) } else { Err(CapTimeError::Year(whole.year())) }
    }

    /// The moment.
    #[must_use]
    pub fn moment(self) -> DateTime<FixedOffset> {
        self.0
    }
}

impl fmt::Display for CapTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form =
            if self.0.offset().local_minus_utc() == 0 { "%Y-%m-%dT%H:%M:%S-00:00" } else { "%Y-%m-%dT%H:%M:%S%:z" };
        self.0.format(form).fmt(f)
    }
}

impl FromStr for CapTime {
    type Err = CapTimeError;

    fn from_str(text: &str) -> Result<Self, CapTimeError> {
        let wrong = || CapTimeError::Form(text.to_owned());
        if !has_the_form(text) {
            return Err(wrong());
        }
        let moment = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%:z").map_err(|_| wrong())?;
        let is_leap_second = moment.nanosecond() >= 1_000_000_000;
        if is_leap_second || moment.offset().local_minus_utc().abs() > WIDEST_OFFSET_S {
            return Err(wrong());
        }
        Self::new(moment)
    }
}

/// The schema's pattern, but for the comma that it also admits as a sign and `xs:dateTime` does not.
fn has_the_form(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00:00:00+00:00";
    text.len() == FORM.len()
        && text.bytes().zip(FORM).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            b'+' => matches!(byte, b'+' | b'-'),
            _ => byte == *form,
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn east(hours: i32) -> FixedOffset {
        FixedOffset::east_opt(hours * 3600).unwrap()
    }

    #[test]
    fn utc_is_written_with_a_minus_and_without_fractions() {
        let moment = Utc.with_ymd_and_hms(2026, 11, 24, 15, 4, 5).unwrap().with_nanosecond(987_654_321).unwrap();
        assert_eq!(CapTime::new(moment).unwrap().to_string(), "2026-11-24T15:04:05-00:00");
    }

    #[test]
    fn a_local_time_keeps_its_offset() {
        let moment = east(8).with_ymd_and_hms(2026, 11, 24, 23, 4, 5).unwrap();
        assert_eq!(CapTime::new(moment).unwrap().to_string(), "2026-11-24T23:04:05+08:00");
        let newfoundland = FixedOffset::west_opt(3 * 3600 + 1800).unwrap();
        assert_eq!(CapTime::new(moment.with_timezone(&newfoundland)).unwrap().to_string(), "2026-11-24T11:34:05-03:30");
    }

    #[test]
    fn an_offset_that_cannot_be_written_becomes_utc() {
        let amsterdam_until_1937 = FixedOffset::east_opt(1172).unwrap();
        let moment = amsterdam_until_1937.with_ymd_and_hms(1930, 1, 1, 0, 19, 32).unwrap();
        assert_eq!(CapTime::new(moment).unwrap().to_string(), "1930-01-01T00:00:00-00:00");
        let moment = east(20).with_ymd_and_hms(2026, 1, 2, 0, 0, 0).unwrap();
        assert_eq!(CapTime::new(moment).unwrap().to_string(), "2026-01-01T04:00:00-00:00");
    }

    #[test]
    fn a_leap_second_is_the_second_before_it() {
        let leap = Utc.with_ymd_and_hms(2016, 12, 31, 23, 59, 59).unwrap().with_nanosecond(1_500_000_000).unwrap();
        assert_eq!(CapTime::new(leap).unwrap().to_string(), "2016-12-31T23:59:59-00:00");
    }

    #[test]
    fn a_year_without_four_figures_is_refused() {
        assert_eq!(CapTime::new(DateTime::<Utc>::MAX_UTC), Err(CapTimeError::Year(262_142)));
        assert_eq!(CapTime::new(DateTime::<Utc>::MIN_UTC), Err(CapTimeError::Year(-262_143)));
    }

    #[test]
    fn only_the_exact_form_is_read() {
        let written = "2026-11-24T15:04:05-00:00";
        assert_eq!(written.parse::<CapTime>().unwrap().to_string(), written);
        assert_eq!("2026-11-24T15:04:05+00:00".parse::<CapTime>().unwrap().to_string(), written);
        for bad in [
            "",
            "2026-11-24T15:04:05Z",
            "2026-11-24T15:04:05",
            "2026-11-24T15:04:05.5-00:00",
            "2026-11-24T15:04:05,00:00",
            "2026-11-24 15:04:05-00:00",
            "2026-11-24T15:04:05-0000",
            "2026-11-24T15:04:60-00:00",
            "2026-13-24T15:04:05-00:00",
            "2026-02-29T15:04:05-00:00",
            "2026-11-24T15:04:05+14:01",
            "0000-11-24T15:04:05-00:00",
            "２026-11-24T15:04:05-0",
        ] {
            assert!(bad.parse::<CapTime>().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(second in -62_135_500_000_i64..253_402_200_000, minutes in -840_i32..=840) {
            let offset = FixedOffset::east_opt(minutes * 60).unwrap();
            let time = CapTime::new(DateTime::from_timestamp(second, 0).unwrap().with_timezone(&offset)).unwrap();
            let read: CapTime = time.to_string().parse().unwrap();
            prop_assert_eq!(read, time);
            prop_assert_eq!(read.to_string(), time.to_string());
        }
    }
}
