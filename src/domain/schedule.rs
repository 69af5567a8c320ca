//! Times of day at a place: weekly windows, by the clock on the wall there, with holidays.
//!
//! A schedule is on whenever that clock shows a time within one of its windows. Daylight saving needs no rule of its own:
//! an hour that the clock leaps over does not happen, and one that it shows twice counts twice, as a sign beside the road would
//! be read.

use std::{collections::BTreeSet, fmt, str::FromStr};

use chrono::{
    DateTime, Datelike, Days, MappedLocalTime, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Weekly windows by the clock of one time zone. At least one, at most [`Schedule::MOST_WINDOWS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawSchedule")]
pub struct Schedule {
    /// The time zone of the place, by its IANA name.
    pub time_zone: Tz,
    /// The code of the calendar that says which days are holidays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// When it is on.
    pub windows: Vec<Window>,
}

/// The form in which a schedule comes, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSchedule {
    time_zone: String,
    #[serde(default)]
    calendar: Option<String>,
    windows: Vec<Window>,
}

/// A time of some days. It belongs to the day on which it begins, and may run over midnight into the next; where it ends as it
/// begins, it lasts until the same time of the next day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The days on which it begins. At least one.
    pub days: Vec<Day>,
    /// When it begins.
    pub from: ClockTime,
    /// When it ends; that minute is no longer in it.
    pub to: ClockTime,
}

/// A kind of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
    /// A day of the calendar. Where a schedule has windows for holidays, on a holiday no others apply.
    Holiday,
}

/// A time on the clock, to the minute. `24:00` is read as the midnight at the end of a day, which is `00:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime(u16);

/// Holidays, by a code that schedules name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The holidays.
    pub days: BTreeSet<NaiveDate>,
}

/// What is wrong with a schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// There is no such time zone.
    #[error("{0:?} is no time zone; an IANA name is wanted, such as Europe/Berlin")]
    TimeZone(String),
    /// It has no window, or too many.
    #[error("there are {0} windows; wanted are 1 to {most}", most = Schedule::MOST_WINDOWS)]
    Windows(usize),
    /// A window has no day.
    #[error("windows[{0}].days is empty; wanted are some of mon, tue, wed, thu, fri, sat, sun, holiday")]
    NoDay(usize),
    /// A window is for holidays, but no calendar says which days those are.
    #[error("windows[{0}].days names holiday, but the schedule names no calendar")]
    NoCalendar(usize),
    /// A time does not read.
    #[error("{0:?} is no time of day; wanted is 00:00 to 24:00")]
    Time(String),
}

impl TryFrom<RawSchedule> for Schedule {
    type Error = ScheduleError;

    fn try_from(raw: RawSchedule) -> Result<Self, ScheduleError> {
        let time_zone = raw.time_zone.parse().map_err(|_| ScheduleError::TimeZone(shown(&raw.time_zone)))?;
        if raw.windows.is_empty() || raw.windows.len() > Self::MOST_WINDOWS {
            return Err(ScheduleError::Windows(raw.windows.len()));
        }
        for (index, window) in raw.windows.iter().enumerate() {
            if window.days.is_empty() {
                return Err(ScheduleError::NoDay(index));
            }
            if window.days.contains(&Day::Holiday) && raw.calendar.is_none() {
                return Err(ScheduleError::NoCalendar(index));
            }
        }
        Ok(Self { time_zone, calendar: raw.calendar, windows: raw.windows })
    }
}

impl Schedule {
    /// Most windows of one schedule.
    pub const MOST_WINDOWS: usize = 50;
    /// How many days ahead a change is looked for.
    pub const LOOK_AHEAD_DAYS: u64 = 8;

    /// Whether the schedule is on at `time`. `calendar` is the one that it names; without it no day is a holiday.
    #[must_use]
    pub fn is_on(&self, time: DateTime<Utc>, calendar: Option<&Calendar>) -> bool {
        let local = self.time_zone.from_utc_datetime(&time.naive_utc()).naive_local();
        let minute = minute_of_day(local);
        let today = local.date();
        let begun_today = |window: &Window| {
            let over_midnight = window.to <= window.from;
            minute >= window.from.0 && (over_midnight || minute < window.to.0)
        };
        let begun_yesterday = |window: &Window| window.to <= window.from && minute < window.to.0;
        self.windows.iter().any(|window| {
            (begun_today(window) && self.applies(window, today, calendar))
                || (begun_yesterday(window)
                    && today.pred_opt().is_some_and(|yesterday| self.applies(window, yesterday, calendar)))
        })
    }

    /// The first moment after `time` at which the schedule switches on or off. `None`: not within the next
    /// [`LOOK_AHEAD_DAYS`](Self::LOOK_AHEAD_DAYS).
    #[must_use]
    pub fn next_change_after(&self, time: DateTime<Utc>, calendar: Option<&Calendar>) -> Option<DateTime<Utc>> {
        let is_on = self.is_on(time, calendar);
        let mut moments = self.possible_changes_after(time);
        moments.sort_unstable();
        moments.into_iter().find(|moment| *moment > time && self.is_on(*moment, calendar) != is_on)
    }

    /// Whether the window begins on `date`.
    fn applies(&self, window: &Window, date: NaiveDate, calendar: Option<&Calendar>) -> bool {
        let holiday = calendar.is_some_and(|calendar| calendar.days.contains(&date));
        let has_holidays = || self.windows.iter().any(|window| window.days.contains(&Day::Holiday));
        let day = if holiday && has_holidays() { Day::Holiday } else { Day::of(date) };
        window.days.contains(&day)
    }

    /// All moments from `time` on at which the clock can go into or out of a window: where it shows an edge, and where it is
    /// put forward or back.
    fn possible_changes_after(&self, time: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let first = self.time_zone.from_utc_datetime(&time.naive_utc()).date_naive();
        let mut moments = Vec::new();
        for ahead in 0..=Self::LOOK_AHEAD_DAYS {
            let Some(date) = first.checked_add_days(Days::new(ahead)) else { break };
            for edge in self.windows.iter().flat_map(|window| [window.from, window.to]) {
                let local = date.and_time(edge.into());
                match self.time_zone.from_local_datetime(&local) {
                    MappedLocalTime::Single(moment) => moments.push(moment.to_utc()),
                    MappedLocalTime::Ambiguous(one, other) => moments.extend([one.to_utc(), other.to_utc()]),
                    // The clock leaps over it: the leap itself is what may change something.
                    MappedLocalTime::None => {}
                }
            }
            let day = time + TimeDelta::days(i64::try_from(ahead).unwrap_or(0));
            moments.extend(self.clock_change(day, day + TimeDelta::days(1)));
        }
        moments
    }

    /// When the clock is put forward or back between `from` and `to`, if it is.
    fn clock_change(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let offset = |at: i64| {
            let at = DateTime::from_timestamp(at, 0)?;
            Some(self.time_zone.offset_from_utc_datetime(&at.naive_utc()).fix())
        };
        let (mut before, mut after) = (from.timestamp(), to.timestamp());
        let old = offset(before)?;
        if offset(after)? == old {
            return None;
        }
        while after - before > 1 {
            let middle = before.midpoint(after);
            if offset(middle)? == old {
                before = middle;
            } else {
                after = middle;
            }
        }
        DateTime::from_timestamp(after, 0)
    }
}

impl Day {
    /// The weekday of `date`.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        match date.weekday() {
            chrono::Weekday::Mon => Self::Mon,
            chrono::Weekday::Tue => Self::Tue,
            chrono::Weekday::Wed => Self::Wed,
            chrono::Weekday::Thu => Self::Thu,
            chrono::Weekday::Fri => Self::Fri,
            chrono::Weekday::Sat => Self::Sat,
            chrono::Weekday::Sun => Self::Sun,
        }
    }
}

fn minute_of_day(local: NaiveDateTime) -> u16 {
    u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0)
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

impl From<ClockTime> for chrono::NaiveTime {
    fn from(time: ClockTime) -> Self {
        Self::from_num_seconds_from_midnight_opt(u32::from(time.0) * 60, 0).unwrap_or_default()
    }
}

impl FromStr for ClockTime {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let wrong = || ScheduleError::Time(shown(text));
        let two = |digits: &str| {
            let well_formed = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            if well_formed { digits.parse::<u16>().ok() } else { None }
        };
        let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
        match (two(hour), two(minute)) {
            (Some(24), Some(0)) => Ok(Self(0)),
            (Some(hour @ 0..=23), Some(minute @ 0..=59)) => Ok(Self(hour * 60 + minute)),
            _ => Err(wrong()),
        }
    }
}

impl TryFrom<String> for ClockTime {
    type Error = ScheduleError;

    fn try_from(text: String) -> Result<Self, ScheduleError> {
        text.parse()
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> Self {
        time.to_string()
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

#[cfg(test)]
mod tests;
