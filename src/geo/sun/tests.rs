use proptest::prelude::*;

use super::*;

fn place(lat: f64, lon: f64) -> Place {
    Place::new(lat, lon).unwrap()
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Sunrise and sunset of the day that begins at `midnight`, local time.
fn rise_and_set(place: Place, midnight: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    assert!(!is_day(place, midnight), "the night has been over at {midnight}");
    let rise = next_change(place, midnight).unwrap();
    (rise, next_change(place, rise).unwrap())
}

fn apart(one: DateTime<Utc>, other: DateTime<Utc>) -> TimeDelta {
    (one - other).abs()
}

#[test]
fn declination_and_equation_of_time_are_those_of_meeus() {
    // Examples 25.a and 28.a: 13 October 1992, 0 h; declination -7.78507°, equation of time +13 min 42.6 s.
    let sun = Sun::at(time("1992-10-13T00:00:00Z"));
    assert!((sun.declination.to_degrees() + 7.785_07).abs() < 0.001, "{}", sun.declination.to_degrees());
    // At midnight the mean sun stands at 180°.
    let minutes = (sun.greenwich_hour_angle_deg - 180.0) * 4.0;
    assert!((minutes - (13.0 + 42.6 / 60.0)).abs() < 0.02, "{minutes}");
}

#[test]
fn the_elevation_is_that_of_the_solar_position_algorithm() {
    // The worked example of Reda and Andreas, NREL/TP-560-34302: Golden, Colorado, 17 October 2003 12:30:30 (UTC-7).
    // Zenith 50.11162° with refraction; without it the elevation is 39.87205°.
    let golden = place(39.742_476, -105.178_6);
    let found = elevation_deg(golden, time("2003-10-17T19:30:30Z"));
    assert!((found - 39.872_05).abs() < 0.01, "{found}");
    // Within the day in universal time the sun sets at 17:20:19 of the 16th, local time, and rises at 6:12:43 of the 17th.
    let set = next_change(golden, time("2003-10-17T00:00:00Z")).unwrap();
    assert!(apart(set, time("2003-10-17T00:20:19Z")) < TimeDelta::seconds(15), "{set}");
    let rise = next_change(golden, set).unwrap();
    assert!(apart(rise, time("2003-10-17T13:12:43Z")) < TimeDelta::seconds(15), "{rise}");
}

#[test]
fn sunrise_and_sunset_are_those_of_the_naval_observatory() {
    // U.S. Naval Observatory, Rise and Set for the Sun for 2023, Fredonia AZ (36°57′ N, 112°31′ W), UTC-7; 2001, 43°40′ N,
    // 79°25′ W, UTC-4. Rounded to minutes.
    let fredonia = [
        ("2023-01-01", "07:43", "17:24"),
        ("2023-02-14", "07:20", "18:09"),
        ("2023-03-20", "06:34", "18:42"),
        ("2023-05-05", "05:32", "19:22"),
        ("2023-06-21", "05:11", "19:53"),
        ("2023-08-13", "05:45", "19:24"),
        ("2023-09-23", "06:19", "18:26"),
        ("2023-11-01", "06:54", "17:33"),
        ("2023-12-21", "07:39", "17:17"),
    ];
    let toronto =
        [("2001-04-01", "06:59", "19:45"), ("2001-04-15", "06:35", "20:01"), ("2001-04-30", "06:11", "20:19")];
    let observed = [
        (place(36.95, -112.516_67), "-07:00", fredonia.as_slice()),
        (place(43.666_67, -79.416_67), "-04:00", &toronto),
    ];
    for (place, zone, days) in observed {
        for (date, rises, sets) in days {
            let at = |clock: &str| time(&format!("{date}T{clock}:00{zone}"));
            let (rise, set) = rise_and_set(place, at("00:00"));
            assert!(apart(rise, at(rises)) <= TimeDelta::seconds(40), "{date}: {rise}, not {rises}{zone}");
            assert!(apart(set, at(sets)) <= TimeDelta::seconds(40), "{date}: {set}, not {sets}{zone}");
        }
    }
}

#[test]
fn the_midnight_sun_begins_and_ends_as_the_naval_observatory_says() {
    // The same source for 69.5° N 19.0° E, 2014, UTC+1: 1 April 4:50 and 18:49, 17 May 0:29 and 23:06, then the sun rises on
    // 18 May at 0:13 and sets on 25 July at 23:20. So far north a hundredth of a degree is minutes.
    let tromso = place(69.5, 19.0);
    let (rise, set) = rise_and_set(tromso, time("2014-04-01T00:00:00+01:00"));
    assert!(apart(rise, time("2014-04-01T04:50:00+01:00")) < TimeDelta::seconds(60), "{rise}");
    assert!(apart(set, time("2014-04-01T18:49:00+01:00")) < TimeDelta::seconds(60), "{set}");
    let (rise, set) = rise_and_set(tromso, time("2014-05-17T00:00:00+01:00"));
    assert!(apart(rise, time("2014-05-17T00:29:00+01:00")) < TimeDelta::minutes(3), "{rise}");
    assert!(apart(set, time("2014-05-17T23:06:00+01:00")) < TimeDelta::minutes(3), "{set}");
    let last_rise = next_change(tromso, set).unwrap();
    assert!(apart(last_rise, time("2014-05-18T00:13:00+01:00")) < TimeDelta::minutes(4), "{last_rise}");

    assert_eq!(next_change(tromso, last_rise), None);
    let midsummer = time("2014-06-21T23:00:00Z");
    assert!(is_day(tromso, midsummer));
    assert_eq!(next_change(tromso, midsummer), None);
    let first_set = next_change(tromso, time("2014-07-25T12:00:00Z")).unwrap();
    assert!(apart(first_set, time("2014-07-25T23:20:00+01:00")) < TimeDelta::minutes(6), "{first_set}");
}

#[test]
fn polar_night_has_no_change() {
    // Longyearbyen, 78.2° N: no sun from late October to mid-February.
    let longyearbyen = place(78.2, 15.6);
    let noon = time("2026-12-21T11:00:00Z");
    assert!(!is_day(longyearbyen, noon));
    assert_eq!(next_change(longyearbyen, noon), None);
}

#[test]
fn at_the_poles_there_is_one_day_a_year() {
    let (north, south) = (place(90.0, 0.0), place(-90.0, 0.0));
    assert!(is_day(north, time("2026-06-21T00:00:00Z")) && !is_day(south, time("2026-06-21T00:00:00Z")));
    assert!(!is_day(north, time("2026-12-21T00:00:00Z")) && is_day(south, time("2026-12-21T00:00:00Z")));
    // A day or two before the equinox of 20 March 2026 14:46 the upper edge comes up, once and for all.
    let rise = next_change(north, time("2026-03-18T06:00:00Z")).unwrap();
    assert!(apart(rise, time("2026-03-18T14:00:00Z")) < TimeDelta::hours(12), "{rise}");
    assert_eq!(next_change(north, rise), None);
}

#[test]
fn a_night_of_a_few_minutes_is_not_missed() {
    // At each place along a meridian the last nights before the midnight sun become as short as one likes.
    let noon = time("2026-05-20T12:00:00Z");
    let mut shortest = TimeDelta::hours(24);
    for hundredth in 6_500..7_000 {
        let place = place(f64::from(hundredth) / 100.0, 0.0);
        let Some(set) = next_change(place, noon) else { break };
        assert!(is_day(place, noon) && !is_day(place, set));
        shortest = shortest.min(next_change(place, set).unwrap() - set);
    }
    assert!(shortest < TimeDelta::minutes(12), "{shortest}");
}

#[test]
fn at_the_equator_a_day_is_somewhat_longer_than_a_night() {
    for month in 1..=12 {
        let (rise, set) = rise_and_set(place(0.0, 0.0), time(&format!("2026-{month:02}-20T00:00:00Z")));
        // 12 h and twice 0.833° of turning, a little more away from the equinoxes.
        let length = set - rise;
        assert!((TimeDelta::minutes(726)..TimeDelta::minutes(729)).contains(&length), "{month}: {length}");
    }
}

fn times() -> impl Strategy<Value = DateTime<Utc>> {
    // 1990 to 2060.
    (631_152_000_i64..2_840_140_800).prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap())
}

proptest! {
    #[test]
    fn the_sun_is_as_high_here_as_it_is_low_on_the_other_side(
        lat in -90.0..90.0_f64, lon in -180.0..180.0_f64, time in times(),
    ) {
        let here = place(lat, lon);
        let there = place(-lat, if lon > 0.0 { lon - 180.0 } else { lon + 180.0 });
        prop_assert!((elevation_deg(here, time) + elevation_deg(there, time)).abs() < 1e-9);
        prop_assert!(is_day(here, time) || is_day(there, time));
    }

    #[test]
    fn the_next_change_is_a_change_and_the_next_one(
        lat in -90.0..90.0_f64, lon in -180.0..180.0_f64, time in times(),
    ) {
        let place = place(lat, lon);
        let day = is_day(place, time);
        let end = next_change(place, time);
        if let Some(at) = end {
            prop_assert!(at > time && at <= time + AHEAD);
            prop_assert_ne!(is_day(place, at), day);
            prop_assert_eq!(is_day(place, at - FINE), day);
        }
        let unchanged_for = end.map_or(AHEAD, |at| at - time - FINE);
        for share in 0..=200 {
            let at = time + unchanged_for / 200 * share;
            prop_assert_eq!(is_day(place, at), day, "{}", at);
        }
    }

    #[test]
    fn four_minutes_of_time_are_a_degree_of_longitude(
        lat in -80.0..80.0_f64, lon in -180.0..179.0_f64, time in times(),
    ) {
        let later = elevation_deg(place(lat, lon), time + TimeDelta::minutes(4));
        let further_east = elevation_deg(place(lat, lon + 1.0), time);
        prop_assert!((later - further_east).abs() < 0.005, "{later}, {further_east}");
    }
}
