//! The world that a stage plays in, as its makers know it: zones, routes, papers, times.
//!
//! It is told to the server through the API, and the truth is judged by it here. Times are simulated seconds after the
//! stage's beginning; a [`Moment`] says when that was.

mod area;
mod cargo;
mod packs;
mod papers;
mod schedule;
mod zone;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, TimeZone, Utc};

pub use area::{Area, Shape, line_distance_m};
pub use cargo::{Cargo, Line, Mode, Predicate};
pub use packs::{Condition, OwnPack, OwnRule};
pub use papers::{CargoLimits, Document, Driver, Exemption, Route, Section, Shipment, Spot, VehicleFacts};
pub use schedule::{Calendars, Day, Schedule, Window};
pub use zone::{Conditions, Kind, Vulnerable, Zone};

use crate::numbers::whole;

/// When simulated second 0 was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(DateTime<Utc>);

impl Moment {
    /// Second 0 is at `start`.
    #[must_use]
    pub fn new(start: DateTime<Utc>) -> Self {
        Self(start)
    }

    /// The instant of a simulated second, to the millisecond.
    #[must_use]
    pub fn at(&self, time_s: f64) -> DateTime<Utc> {
        self.0 + TimeDelta::milliseconds(whole((time_s * 1000.0).round()))
    }

    /// The same in RFC 3339.
    #[must_use]
    pub fn text(&self, time_s: f64) -> String {
        self.at(time_s).to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// The simulated second of an instant.
    #[must_use]
    pub fn seconds(&self, at: DateTime<Utc>) -> f64 {
        (at - self.0).as_seconds_f64()
    }

    /// The simulated second of a local time, so many days after the first; of two that bear it, the earlier.
    #[must_use]
    pub fn local_s(&self, time_zone: chrono_tz::Tz, days: i64, (hour, minute): (u32, u32)) -> f64 {
        let local = self.day(days).and_hms_opt(hour, minute, 0);
        let at = local.and_then(|local| time_zone.from_local_datetime(&local).earliest());
        at.map_or(f64::NAN, |at| self.seconds(at.to_utc()))
    }

    /// The weekday (UTC) so many days after the first.
    #[must_use]
    pub fn weekday(&self, days: i64) -> Day {
        Day::Week(self.day(days).weekday())
    }

    /// How many days after the first day the clocks of Europe were last changed before it; negative. They are on the last
    /// Sundays of March and October (Directive 2000/84/EC).
    #[must_use]
    pub fn last_clock_change(&self) -> i64 {
        let first = self.day(0);
        let is_change = |day: &NaiveDate| {
            let last_of_month = day.month() != (*day + TimeDelta::days(7)).month();
            matches!(day.month(), 3 | 10) && day.weekday() == chrono::Weekday::Sun && last_of_month
        };
        (1..400).find(|days| is_change(&(first - TimeDelta::days(*days)))).map_or(0, |days| -days)
    }

    /// The day (UTC) so many days after the first.
    #[must_use]
    pub fn day(&self, days: i64) -> NaiveDate {
        self.0.date_naive() + TimeDelta::days(days)
    }

    /// The same as `YYYY-MM-DD`.
    #[must_use]
    pub fn day_text(&self, days: i64) -> String {
        self.day(days).to_string()
    }
}

/// Everything that is registered beside the vehicles and their shipments.
#[derive(Clone, Debug)]
pub struct World {
    /// When second 0 is.
    pub moment: Moment,
    /// The zones.
    pub zones: Vec<Zone>,
    /// The routes, by name.
    pub routes: BTreeMap<String, Route>,
    /// Holiday calendars.
    pub calendars: Calendars,
    /// Exemptions.
    pub exemptions: Vec<Exemption>,
    /// Drivers with documents.
    pub drivers: Vec<Driver>,
    /// Rule packs of authorities of their own.
    pub packs: Vec<OwnPack>,
}

impl World {
    /// An empty world whose second 0 is at `start`.
    #[must_use]
    pub fn new(start: DateTime<Utc>) -> Self {
        Self {
            moment: Moment::new(start),
            zones: Vec::new(),
            routes: BTreeMap::new(),
            calendars: Calendars::new(),
            exemptions: Vec::new(),
            drivers: Vec::new(),
            packs: Vec::new(),
        }
    }

    /// Whether a schedule is open at a simulated second; none is always open.
    #[must_use]
    pub fn open(&self, schedule: Option<&Schedule>, time_s: f64) -> bool {
        schedule.is_none_or(|schedule| schedule.is_open(self.moment.at(time_s), &self.calendars))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_are_found_on_any_day_also_when_the_clocks_change() {
        let moment = Moment::new("2026-11-24T12:00:00Z".parse().unwrap());
        let berlin = chrono_tz::Europe::Berlin;
        assert!((moment.local_s(berlin, 0, (16, 0)) - 3.0 * 3_600.0).abs() < 1e-9, "an hour ahead in winter");
        assert_eq!(moment.last_clock_change(), -30, "25 October");
        let sunday = moment.last_clock_change();
        let night_s = moment.local_s(berlin, sunday, (6, 0)) - moment.local_s(berlin, sunday - 1, (22, 0));
        assert!((night_s - 9.0 * 3_600.0).abs() < 1e-9, "the night is an hour longer");
        assert_eq!(moment.weekday(sunday), Day::Week(chrono::Weekday::Sun));
    }
}
