//! When things hold: windows of local time, by weekday or holiday.
//!
//! Plain on purpose: an instant is turned into the wall clock of the place, and the wall clock is compared with the
//! windows of that day and of the day before. A window belongs to the day on which it starts; one whose end is not after
//! its start runs over midnight, and one that ends when it starts is 24 hours long.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use serde_json::{Value, json};

/// A kind of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// A day of the week.
    Week(Weekday),
    /// A day of the holiday calendar.
    Holiday,
}

impl Day {
    /// Monday to Friday.
    pub const WORKING: [Self; 5] = [
        Self::Week(Weekday::Mon),
        Self::Week(Weekday::Tue),
        Self::Week(Weekday::Wed),
        Self::Week(Weekday::Thu),
        Self::Week(Weekday::Fri),
    ];
    /// Every day of the week.
    pub const EVERY: [Self; 7] = [
        Self::Week(Weekday::Mon),
        Self::Week(Weekday::Tue),
        Self::Week(Weekday::Wed),
        Self::Week(Weekday::Thu),
        Self::Week(Weekday::Fri),
        Self::Week(Weekday::Sat),
        Self::Week(Weekday::Sun),
    ];

    fn name(self) -> String {
        match self {
            Self::Week(day) => day.to_string().to_lowercase(),
            Self::Holiday => "holiday".into(),
        }
    }
}

/// A span of local time on some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// On which days it starts.
    pub days: Vec<Day>,
    /// Start, in minutes after local midnight.
    pub from_min: u32,
    /// End, in minutes after local midnight.
    pub to_min: u32,
}

/// Windows in the local time of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The place's time zone.
    pub time_zone: Tz,
    /// Code of the holiday calendar, if one counts.
    pub calendar: Option<String>,
    /// The windows.
    pub windows: Vec<Window>,
}

/// Holiday calendars by code.
pub type Calendars = BTreeMap<String, Vec<NaiveDate>>;

impl Schedule {
    /// One window on these days, times as hours and minutes.
    #[must_use]
    pub fn daily(time_zone: Tz, days: &[Day], from: (u32, u32), to: (u32, u32)) -> Self {
        let minutes = |(hour, minute): (u32, u32)| hour * 60 + minute;
        let window = Window { days: days.to_vec(), from_min: minutes(from), to_min: minutes(to) };
        Self { time_zone, calendar: None, windows: vec![window] }
    }

    /// Whether one of the windows is open at an instant.
    #[must_use]
    pub fn is_open(&self, at: DateTime<Utc>, calendars: &Calendars) -> bool {
        let local = at.with_timezone(&self.time_zone).naive_local();
        [local.date(), local.date() - TimeDelta::days(1)]
            .into_iter()
            .any(|day| self.windows_of(day, calendars).any(|window| window.spans(day, local)))
    }

    /// The windows that start on a day.
    fn windows_of(&self, day: NaiveDate, calendars: &Calendars) -> impl Iterator<Item = &Window> {
        let calendar = self.calendar.as_ref().and_then(|code| calendars.get(code));
        let names_holidays = self.windows.iter().any(|window| window.days.contains(&Day::Holiday));
        let holiday = names_holidays && calendar.is_some_and(|days| days.contains(&day));
        let kind = if holiday { Day::Holiday } else { Day::Week(day.weekday()) };
        self.windows.iter().filter(move |window| window.days.contains(&kind))
    }

    /// The schedule as the API takes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let windows: Vec<Value> = self
            .windows
            .iter()
            .map(|window| {
                let days: Vec<String> = window.days.iter().map(|day| day.name()).collect();
                json!({ "days": days, "from": clock(window.from_min), "to": clock(window.to_min) })
            })
            .collect();
        let mut told = json!({ "time_zone": self.time_zone.name(), "windows": windows });
        if let (Some(fields), Some(calendar)) = (told.as_object_mut(), &self.calendar) {
            fields.insert("calendar".into(), json!(calendar));
        }
        told
    }
}

impl Window {
    fn spans(&self, day: NaiveDate, local: NaiveDateTime) -> bool {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        let end_min = if self.to_min > self.from_min { self.to_min } else { self.to_min + 24 * 60 };
        let from = midnight + TimeDelta::minutes(self.from_min.into());
        let to = midnight + TimeDelta::minutes(end_min.into());
        from <= local && local < to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn open(schedule: &Schedule, text: &str) -> bool {
        let calendars = Calendars::from([("de".into(), vec![NaiveDate::from_ymd_opt(2026, 12, 25).unwrap()])]);
        schedule.is_open(at(text), &calendars)
    }

    #[test]
    fn a_window_over_midnight_belongs_to_the_day_on_which_it_starts() {
        let saturday_night = Schedule::daily(chrono_tz::Europe::Berlin, &[Day::Week(Weekday::Sat)], (22, 0), (6, 0));
        assert!(!open(&saturday_night, "2026-07-18T03:00:00Z"), "Saturday morning belongs to Friday");
        assert!(open(&saturday_night, "2026-07-18T20:30:00Z"), "Saturday 22:30");
        assert!(open(&saturday_night, "2026-07-19T03:59:00Z"), "Sunday 05:59");
        assert!(!open(&saturday_night, "2026-07-19T04:00:00Z"), "Sunday 06:00");
        assert!(!open(&saturday_night, "2026-07-19T21:00:00Z"), "Sunday night is another's");
    }

    #[test]
    fn the_wall_clock_rules_on_the_days_when_it_is_changed() {
        let night = Schedule::daily(chrono_tz::Europe::Berlin, &Day::EVERY, (22, 0), (6, 0));
        // Back an hour on 25 October 2026: 05:30 local is 04:30 UTC, an hour later than the day before.
        assert!(open(&night, "2026-10-25T04:30:00Z"));
        assert!(!open(&night, "2026-10-24T04:30:00Z"));
        // Forward an hour on 29 March 2026: 06:00 local is already 04:00 UTC.
        assert!(open(&night, "2026-03-28T04:30:00Z"));
        assert!(!open(&night, "2026-03-29T04:30:00Z"));
    }

    #[test]
    fn on_a_holiday_only_windows_for_holidays_count_where_there_are_any() {
        let mut schedule = Schedule::daily(chrono_tz::Europe::Berlin, &Day::WORKING, (7, 0), (9, 0));
        schedule.calendar = Some("de".into());
        let christmas_at_eight = "2026-12-25T07:00:00Z";
        assert!(open(&schedule, christmas_at_eight), "no window names holidays, and the 25th is a Friday");
        schedule.windows.push(Window { days: vec![Day::Holiday], from_min: 12 * 60, to_min: 14 * 60 });
        assert!(!open(&schedule, christmas_at_eight));
        assert!(open(&schedule, "2026-12-25T12:00:00Z"));
        assert!(!open(&schedule, "2026-12-24T12:00:00Z"), "the 24th is a working day");
    }

    #[test]
    fn a_window_that_ends_where_it_starts_is_a_whole_day() {
        let sunday = Schedule::daily(chrono_tz::Europe::Berlin, &[Day::Week(Weekday::Sun)], (0, 0), (0, 0));
        assert!(open(&sunday, "2026-07-19T12:00:00Z"));
        assert!(open(&sunday, "2026-07-18T22:00:00Z"), "Sunday begins at 22:00 UTC");
        assert!(!open(&sunday, "2026-07-19T22:00:00Z"));
    }

    #[test]
    fn it_is_told_as_the_api_takes_it() {
        let schedule =
            Schedule::daily(chrono_tz::Asia::Singapore, &[Day::Week(Weekday::Mon), Day::Holiday], (7, 5), (9, 30));
        assert_eq!(
            schedule.to_json(),
            json!({ "time_zone": "Asia/Singapore", "windows": [{ "days": ["mon", "holiday"], "from": "07:05", "to": "09:30" }] })
        );
    }
}
