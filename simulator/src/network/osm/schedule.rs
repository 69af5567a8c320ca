//! Times in conditional tags, as far as their syntax is simple (OSM wiki, Conditional restrictions).
//!
//! Understood are clauses such as `no @ (22:00-06:00)`, `no @ (Mo-Fr 07:00-09:00,16:00-19:00; Su)` and, where the caller
//! names a calendar of holidays, `PH`. Everything else (seasons, weights, sunset, rules that override each other) is
//! refused with the reason, because half a condition is another condition.

use serde::Serialize;

/// Minutes in a day.
const DAY_MIN: u16 = 24 * 60;

/// A day as the API names it, Monday first; holidays are a day of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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
    /// A day of the calendar of holidays.
    Holiday,
}

/// The days of a week with their names in the map.
const WEEK: [(&str, Day); 7] = [
    ("Mo", Day::Mon),
    ("Tu", Day::Tue),
    ("We", Day::Wed),
    ("Th", Day::Thu),
    ("Fr", Day::Fri),
    ("Sa", Day::Sat),
    ("Su", Day::Sun),
];

/// A time of day on some days; one that ends before it begins runs over midnight, one that ends as it begins is the
/// whole day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Window {
    /// The days on which it begins.
    pub days: Vec<Day>,
    /// When it begins, `HH:MM` of local time.
    pub from: String,
    /// When it ends.
    pub to: String,
}

/// When a zone is in effect, as the API takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// IANA name of the local time.
    pub time_zone: String,
    /// Code of the calendar of holidays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// The times.
    pub windows: Vec<Window>,
}

/// Why a condition is not understood.
pub(super) type Refusal = &'static str;

/// The times at which a conditional tag sets `wanted`, or why that cannot be told.
pub(super) fn when(value: &str, wanted: &[&str]) -> Result<Vec<Window>, Refusal> {
    let mut windows = Vec::new();
    for clause in clauses(value) {
        let (set, condition) = clause.split_once('@').ok_or("no condition after @")?;
        if !wanted.contains(&set.trim()) {
            return Err("sets another value than the one that can be kept");
        }
        let condition = condition.trim();
        let bare = condition.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(condition);
        windows.extend(times(bare)?);
    }
    if windows.is_empty() {
        return Err("no condition after @");
    }
    if names_holidays(&windows) && clauses(value).len() > 1 {
        return Err("holidays beside a second condition");
    }
    Ok(windows)
}

/// The times that a single daily window leaves over.
pub(super) fn otherwise(windows: &[Window]) -> Result<Vec<Window>, Refusal> {
    match windows {
        [only] if only.days.len() == WEEK.len() && only.from != only.to => {
            Ok(vec![Window { days: only.days.clone(), from: only.to.clone(), to: only.from.clone() }])
        }
        _ => Err("an exception that is not the same every day"),
    }
}

/// Whether a schedule with these windows needs a calendar of holidays.
pub(super) fn names_holidays(windows: &[Window]) -> bool {
    windows.iter().any(|window| window.days.contains(&Day::Holiday))
}

/// Splits at semicolons that are not in brackets.
fn clauses(value: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let at_top = |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ';' && depth == 0
    };
    value.split(at_top).map(str::trim).filter(|clause| !clause.is_empty()).collect()
}

fn times(condition: &str) -> Result<Vec<Window>, Refusal> {
    let mut windows: Vec<Window> = Vec::new();
    for rule in condition.split(';').map(str::trim).filter(|rule| !rule.is_empty()) {
        if rule == "24/7" {
            windows.push(Window { days: every_day(), from: "00:00".into(), to: "00:00".into() });
            continue;
        }
        let starts_with_day = rule.starts_with(|c: char| c.is_ascii_alphabetic());
        let (days, hours) = match rule.split_once(' ') {
            _ if !starts_with_day => (every_day(), rule),
            Some((days, hours)) => (named_days(days)?, hours.trim()),
            None => (named_days(rule)?, "00:00-24:00"),
        };
        if windows.iter().any(|earlier| earlier.days.iter().any(|day| days.contains(day))) {
            return Err("two rules for the same day, of which one overrides the other");
        }
        for span in hours.split(',') {
            let (from, to) = span.trim().split_once('-').ok_or(NOT_A_TIME)?;
            let (from_min, to_min) = (minutes(from)?, minutes(to)?);
            let lasts_min = if to_min > from_min { to_min - from_min } else { to_min + DAY_MIN - from_min };
            if from_min >= DAY_MIN || lasts_min > DAY_MIN {
                return Err(NOT_A_TIME);
            }
            windows.push(Window { days: days.clone(), from: clock(from_min), to: clock(to_min) });
        }
    }
    Ok(windows)
}

const NOT_A_TIME: Refusal = "a condition that is more than days of the week and times of day";

fn every_day() -> Vec<Day> {
    WEEK.iter().map(|(_, day)| *day).collect()
}

/// Reads `Mo-Fr`, `Sa,Su`, `Fr-Mo`, `PH`.
fn named_days(text: &str) -> Result<Vec<Day>, Refusal> {
    let position = |name: &str| WEEK.iter().position(|(own, _)| *own == name).ok_or(NOT_A_TIME);
    let mut days = Vec::new();
    for part in text.split(',') {
        if part == "PH" {
            days.push(Day::Holiday);
            continue;
        }
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (position(first)?, position(last)?);
        let span = (last + WEEK.len() - first) % WEEK.len();
        days.extend(WEEK.iter().cycle().skip(first).take(span + 1).map(|(_, day)| *day));
    }
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// Minutes after midnight of `HH:MM`, up to 48:00 as opening hours allow.
fn minutes(text: &str) -> Result<u16, Refusal> {
    let (hours, minutes) = text.trim().split_once(':').ok_or(NOT_A_TIME)?;
    let number = |text: &str| match text.len() {
        1 | 2 => text.parse::<u16>().map_err(|_| NOT_A_TIME),
        _ => Err(NOT_A_TIME),
    };
    match (number(hours)?, number(minutes)?) {
        (hours @ 0..=47, minutes @ 0..=59) => Ok(hours * 60 + minutes),
        _ => Err(NOT_A_TIME),
    }
}

fn clock(minutes: u16) -> String {
    let of_day = minutes % DAY_MIN;
    format!("{:02}:{:02}", of_day / 60, of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no(value: &str) -> Result<Vec<Window>, Refusal> {
        when(value, &["no"])
    }

    fn window(days: &[Day], from: &str, to: &str) -> Window {
        Window { days: days.to_vec(), from: from.into(), to: to.into() }
    }

    #[test]
    fn a_nightly_ban_is_one_window_on_every_day() {
        let nightly = Ok(vec![window(&every_day(), "22:00", "06:00")]);
        assert_eq!(no("no @ (22:00-06:00)"), nightly);
        assert_eq!(no("no @ 22:00-06:00"), nightly);
        assert_eq!(no("no@(22:00-30:00)"), nightly);
    }

    #[test]
    fn days_and_several_times_are_read() {
        use Day::{Fri, Holiday, Mon, Sat, Sun, Thu, Tue, Wed};
        let working = [Mon, Tue, Wed, Thu, Fri];
        let expected = vec![
            window(&working, "07:00", "09:00"),
            window(&working, "16:00", "19:00"),
            window(&[Sun, Holiday], "00:00", "00:00"),
        ];
        assert_eq!(no("no @ (Mo-Fr 07:00-09:00,16:00-19:00; Su,PH)"), Ok(expected));
        assert_eq!(no("no @ (Sa-Mo 00:00-24:00)"), Ok(vec![window(&[Mon, Sat, Sun], "00:00", "00:00")]));
        assert_eq!(no("no @ (22:00-05:00); no @ (12:00-13:00)").map(|windows| windows.len()), Ok(2));
    }

    #[test]
    fn what_is_only_half_understood_is_refused() {
        for value in [
            "no",
            "no @ ()",
            "yes @ (22:00-06:00)",
            "no @ (22:00-06:00); yes @ (PH)",
            "no @ (sunset-sunrise)",
            "no @ (weight>7.5)",
            "no @ (Apr-Oct 22:00-06:00)",
            "no @ (22:00-06:00 AND weight>7.5)",
            "no @ (Mo-Fr 22:00-06:00; PH off)",
            "no @ (Mo-Fr 22:00-06:00; We 10:00-12:00)",
            "no @ (Mo-Fr 07:00-09:00; Mo-Fr 16:00-19:00)",
            "no @ (22:00-06:00); no @ (PH 10:00-12:00)",
            "no @ (25:00-26:00)",
            "no @ (22:00+)",
            "no @ (22:00-06:00",
        ] {
            assert!(no(value).is_err(), "{value}: {:?}", no(value));
        }
    }

    #[test]
    fn an_exception_leaves_the_rest_of_the_day() {
        let allowed = when("yes @ (22:00-05:00)", &["yes"]).unwrap();
        assert_eq!(otherwise(&allowed), Ok(vec![window(&every_day(), "05:00", "22:00")]));
        assert!(otherwise(&when("yes @ (Mo-Fr 22:00-05:00)", &["yes"]).unwrap()).is_err());
        assert!(otherwise(&when("yes @ (24/7)", &["yes"]).unwrap()).is_err());
    }
}
