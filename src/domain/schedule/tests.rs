use proptest::prelude::*;
use serde_json::json;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn schedule(json: serde_json::Value) -> Schedule {
    serde_json::from_value(json).unwrap()
}

fn nights(time_zone: &str, days: &[&str], from: &str, to: &str) -> Schedule {
    schedule(json!({ "time_zone": time_zone, "windows": [{ "days": days, "from": from, "to": to }] }))
}

fn calendar(days: &[&str]) -> Calendar {
    let days = days.iter().map(|day| day.parse().unwrap()).collect();
    Calendar { code: "de".into(), name: "Germany".into(), days }
}

const ALL_DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

#[test]
fn a_schedule_reads_and_writes_the_same() {
    let json = json!({
        "time_zone": "Europe/Berlin", "calendar": "de",
        "windows": [{ "days": ["mon", "holiday"], "from": "22:00", "to": "06:00" }],
    });
    assert_eq!(serde_json::to_value(schedule(json.clone())).unwrap(), json);
}

#[test]
fn a_schedule_that_makes_no_sense_is_refused_with_the_place() {
    let error = |json: serde_json::Value| serde_json::from_value::<Schedule>(json).unwrap_err().to_string();
    let window = json!({ "days": ["mon"], "from": "00:00", "to": "24:00" });
    let with = |field: &str, value: serde_json::Value| {
        let mut json = json!({ "time_zone": "Asia/Shanghai", "windows": [window] });
        json[field] = value;
        error(json)
    };
    assert!(with("time_zone", json!("Europe/Hamburg")).contains("Europe/Hamburg"));
    assert!(with("windows", json!([])).contains("0 windows"));
    assert!(
        with("windows", json!([window, { "days": [], "from": "00:00", "to": "24:00" }])).contains("windows[1].days")
    );
    assert!(with("windows", json!([{ "days": ["holiday"], "from": "00:00", "to": "24:00" }])).contains("no calendar"));
    for time in ["24:01", "7:00", "07:60", "0700", "+7:00", "07:00:00", ""] {
        let error = with("windows", json!([{ "days": ["mon"], "from": time, "to": "24:00" }]));
        assert!(error.contains("is no time of day"), "{time}: {error}");
    }
    assert!(with("windows", json!([{ "days": ["Monday"], "from": "00:00", "to": "24:00" }])).contains("Monday"));
    assert!(with("holidays", json!(true)).contains("holidays"));
}

#[test]
fn a_window_over_midnight_belongs_to_the_day_on_which_it_begins() {
    // Friday 27 November 2026.
    let friday_nights = nights("Europe/Berlin", &["fri"], "22:00", "06:00");
    for (time, on) in [
        ("2026-11-27T20:59:59Z", false),
        ("2026-11-27T21:00:00Z", true),
        ("2026-11-28T04:59:59Z", true),
        ("2026-11-28T05:00:00Z", false),
        ("2026-11-27T04:00:00Z", false),
        ("2026-11-28T22:00:00Z", false),
    ] {
        assert_eq!(friday_nights.is_on(at(time), None), on, "{time}");
    }
    assert_eq!(friday_nights.next_change_after(at("2026-11-25T12:00:00Z"), None), Some(at("2026-11-27T21:00:00Z")));
    assert_eq!(friday_nights.next_change_after(at("2026-11-27T21:00:00Z"), None), Some(at("2026-11-28T05:00:00Z")));
    assert_eq!(friday_nights.next_change_after(at("2026-11-28T05:00:00Z"), None), Some(at("2026-12-04T21:00:00Z")));
}

#[test]
fn the_heathrow_tunnel_is_stricter_by_day() {
    // Category E from 04:00 to 23:00, in summer by British Summer Time.
    let day = nights("Europe/London", &ALL_DAYS, "04:00", "23:00");
    assert!(!day.is_on(at("2026-07-01T02:59:00Z"), None) && day.is_on(at("2026-07-01T03:00:00Z"), None));
    assert!(!day.is_on(at("2026-12-01T03:59:00Z"), None) && day.is_on(at("2026-12-01T04:00:00Z"), None));
}

#[test]
fn a_window_that_ends_as_it_begins_lasts_a_day() {
    let sundays = nights("Europe/Berlin", &["sun"], "00:00", "00:00");
    assert!(sundays.is_on(at("2026-11-29T00:00:00Z"), None));
    assert!(sundays.is_on(at("2026-11-29T22:59:00Z"), None));
    assert!(!sundays.is_on(at("2026-11-29T23:00:00Z"), None));
    let always = nights("Europe/Berlin", &ALL_DAYS, "06:00", "06:00");
    assert!(always.is_on(at("2026-11-29T05:00:00Z"), None));
    assert_eq!(always.next_change_after(at("2026-11-29T05:00:00Z"), None), None);
}

#[test]
fn on_a_holiday_only_its_own_windows_apply_if_there_are_any() {
    let german = calendar(&["2026-12-25"]); // a Friday
    let noon = at("2026-12-25T11:00:00Z");
    let weekdays_only = schedule(json!({
        "time_zone": "Europe/Berlin", "calendar": "de", "windows": [{ "days": ["fri"], "from": "08:00", "to": "18:00" }],
    }));
    assert!(weekdays_only.is_on(noon, Some(&german)), "no window is for holidays, so the weekday's holds");

    let with_holidays = schedule(json!({
        "time_zone": "Europe/Berlin", "calendar": "de", "windows": [
            { "days": ["fri"], "from": "08:00", "to": "18:00" },
            { "days": ["sun", "holiday"], "from": "00:00", "to": "10:00" },
        ],
    }));
    assert!(!with_holidays.is_on(noon, Some(&german)));
    assert!(with_holidays.is_on(at("2026-12-25T08:59:00Z"), Some(&german)));
    assert!(with_holidays.is_on(noon, None), "without the calendar it is a Friday");
    assert!(with_holidays.is_on(at("2026-12-18T11:00:00Z"), Some(&german)));
}

#[test]
fn a_window_begun_before_a_holiday_runs_into_it() {
    let german = calendar(&["2026-12-25"]);
    let nights = schedule(json!({
        "time_zone": "Europe/Berlin", "calendar": "de", "windows": [
            { "days": ["thu", "fri"], "from": "22:00", "to": "06:00" },
            { "days": ["holiday"], "from": "12:00", "to": "13:00" },
        ],
    }));
    assert!(nights.is_on(at("2026-12-25T04:00:00Z"), Some(&german)), "of Thursday");
    assert!(!nights.is_on(at("2026-12-25T22:00:00Z"), Some(&german)), "Friday is a holiday and has its own");
    assert!(!nights.is_on(at("2026-12-26T04:00:00Z"), Some(&german)));
}

#[test]
fn an_hour_that_the_clock_leaps_over_does_not_happen() {
    // 29 March 2026, Berlin: 02:00 to 03:00 is left out, at 01:00 UTC.
    let early = nights("Europe/Berlin", &["sun"], "02:15", "02:45");
    assert_eq!(early.next_change_after(at("2026-03-28T12:00:00Z"), None), Some(at("2026-04-05T00:15:00Z")));
    let into = nights("Europe/Berlin", &["sun"], "01:30", "02:30");
    assert_eq!(into.next_change_after(at("2026-03-29T00:30:00Z"), None), Some(at("2026-03-29T01:00:00Z")));
    let out = nights("Europe/Berlin", &["sun"], "02:30", "03:30");
    assert_eq!(out.next_change_after(at("2026-03-28T12:00:00Z"), None), Some(at("2026-03-29T01:00:00Z")));
}

#[test]
fn an_hour_that_the_clock_shows_twice_counts_twice() {
    // 25 October 2026, Berlin: at 01:00 UTC the clock goes from 03:00 back to 02:00.
    let early = nights("Europe/Berlin", &["sun"], "02:15", "02:45");
    let mut changes = Vec::new();
    let mut time = at("2026-10-25T00:00:00Z");
    while let Some(next) = early.next_change_after(time, None).filter(|next| *next < at("2026-10-26T00:00:00Z")) {
        changes.push(next.format("%H:%M").to_string());
        time = next;
    }
    assert_eq!(changes, ["00:15", "00:45", "01:15", "01:45"]);
}

/// The clock of a place around its changes, written down by hand: from a moment on, so many minutes ahead of UTC.
struct Place {
    time_zone: &'static str,
    begins: &'static str,
    offsets: &'static [(&'static str, i64)],
}

/// Two changes each, but for Shanghai, which has none. Lord Howe's are half an hour.
const PLACES: [Place; 7] = [
    Place {
        time_zone: "Europe/Berlin",
        begins: "2026-03-25T00:00:00Z",
        offsets: &[("", 60), ("2026-03-29T01:00:00Z", 120)],
    },
    Place {
        time_zone: "Europe/Berlin",
        begins: "2026-10-21T00:00:00Z",
        offsets: &[("", 120), ("2026-10-25T01:00:00Z", 60)],
    },
    Place {
        time_zone: "America/New_York",
        begins: "2026-03-04T00:00:00Z",
        offsets: &[("", -300), ("2026-03-08T07:00:00Z", -240)],
    },
    Place {
        time_zone: "America/New_York",
        begins: "2026-10-28T00:00:00Z",
        offsets: &[("", -240), ("2026-11-01T06:00:00Z", -300)],
    },
    Place { time_zone: "Asia/Shanghai", begins: "2026-03-25T00:00:00Z", offsets: &[("", 480)] },
    Place {
        time_zone: "Australia/Lord_Howe",
        begins: "2026-04-01T00:00:00Z",
        offsets: &[("", 660), ("2026-04-04T15:00:00Z", 630)],
    },
    Place {
        time_zone: "Australia/Lord_Howe",
        begins: "2026-09-30T00:00:00Z",
        offsets: &[("", 630), ("2026-10-03T15:30:00Z", 660)],
    },
];

impl Place {
    /// What the clock shows.
    fn local(&self, time: DateTime<Utc>) -> NaiveDateTime {
        let passed = self.offsets.iter().rfind(|(from, _)| from.is_empty() || at(from) <= time);
        (time + TimeDelta::minutes(passed.unwrap().1)).naive_utc()
    }

    /// Whether the clock shows a time within a window: minute by minute, without any knowledge of time zones.
    fn is_on(&self, windows: &[Window], holidays: &[NaiveDate], time: DateTime<Utc>) -> bool {
        let has_holidays = windows.iter().any(|window| window.days.contains(&Day::Holiday));
        let local = self.local(time);
        windows.iter().any(|window| {
            let (from, to) = (i64::from(window.from.0), i64::from(window.to.0));
            let length = if to > from { to - from } else { to + 1440 - from };
            [0, 1].iter().any(|days_ago| {
                let date = local.date() - TimeDelta::days(*days_ago);
                let holiday = has_holidays && holidays.contains(&date);
                let day = if holiday { Day::Holiday } else { Day::of(date) };
                let since = (local - date.and_time(chrono::NaiveTime::MIN)).num_minutes() - from;
                window.days.contains(&day) && (0..length).contains(&since)
            })
        })
    }
}

fn windows() -> impl Strategy<Value = Vec<Window>> {
    let day = proptest::sample::select(vec![
        Day::Mon,
        Day::Tue,
        Day::Wed,
        Day::Thu,
        Day::Fri,
        Day::Sat,
        Day::Sun,
        Day::Sun,
        Day::Holiday,
    ]);
    // Edges crowd around the hours in which clocks change.
    let edge = prop_oneof![0..1440u16, 60..200u16, (0..24u16).prop_map(|hour| hour * 60)].prop_map(ClockTime);
    let window = (proptest::collection::vec(day, 1..5), edge.clone(), edge);
    proptest::collection::vec(window.prop_map(|(days, from, to)| Window { days, from, to }), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_schedule_agrees_with_the_clock_minute_by_minute(windows in windows(), holidays in proptest::collection::vec(0..14i64, 0..3)) {
        for place in &PLACES {
            let begins = at(place.begins);
            let holidays: Vec<NaiveDate> =
                holidays.iter().map(|day| begins.date_naive() + TimeDelta::days(*day)).collect();
            let schedule = Schedule {
                time_zone: place.time_zone.parse().unwrap(),
                calendar: Some("x".into()),
                windows: windows.clone(),
            };
            let calendar = Calendar { code: "x".into(), name: "x".into(), days: holidays.iter().copied().collect() };
            let minutes = 14 * 1440;
            let truth: Vec<bool> = (0..minutes)
                .map(|minute| place.is_on(&windows, &holidays, begins + TimeDelta::minutes(minute)))
                .collect();
            for (minute, on) in (0..).zip(&truth) {
                let time = begins + TimeDelta::minutes(minute) + TimeDelta::milliseconds(59_999 * (minute % 2));
                prop_assert_eq!(schedule.is_on(time, Some(&calendar)), *on, "{} {}", place.time_zone, time);
            }
            // From anywhere in the first five days, the next change within eight days is found.
            for minute in (0..5 * 1440).step_by(97) {
                let time = begins + TimeDelta::minutes(minute);
                let index = usize::try_from(minute).unwrap();
                let ahead = truth[index..].iter().position(|on| *on != truth[index]);
                let next = ahead.map(|ahead| time + TimeDelta::minutes(i64::try_from(ahead).unwrap()));
                let within = next.filter(|next| *next <= time + TimeDelta::days(8));
                let found = schedule.next_change_after(time, Some(&calendar));
                if within.is_some() {
                    prop_assert_eq!(found, within, "{} {}", place.time_zone, time);
                } else {
                    prop_assert!(found.is_none() || found == next, "{} {}: {:?}, not {:?}", place.time_zone, time, found, next);
                }
            }
        }
    }
}
