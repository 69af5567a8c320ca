use chrono::TimeDelta;

use super::*;
use crate::{
    domain::CarriageMode::Tank,
    incident::{
        protective::WindReading,
        testing::{accident, away, catalogue, draw, evening, noon, sheet, wind},
    },
};

fn tables() -> &'static DistanceTables {
    catalogue().distances()
}

#[test]
fn zones_stand_until_something_changes_a_shape() {
    let (load, west) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    let first = Accident { wind: Some(&west), ..accident(&load) };
    let drawn = draw(&first);
    let again = |accident: &Accident<'_>| redraw(&drawn.drawn_from, tables(), accident);
    let because = |accident: &Accident<'_>| again(accident).map(|redrawn| redrawn.because).unwrap_or_default();

    // A little later, with a wind that is the same but for the noise.
    let later = noon() + TimeDelta::minutes(20);
    let noisy = WindReading::new(Some(276.0), Some(17.0), later, "feed").unwrap();
    assert_eq!(again(&first), None);
    assert_eq!(again(&Accident { wind: Some(&noisy), time: later, place: away(30.0, 6.0), ..first }), None);

    let (turned, stronger) = (wind(290.0, 15.0), wind(270.0, 30.0));
    assert_eq!(because(&Accident { wind: Some(&turned), ..first }), [Change::WindTurned]);
    assert_eq!(because(&Accident { wind: Some(&stronger), ..first }), [Change::WindStrength]);
    assert_eq!(because(&Accident { wind: None, ..first }), [Change::WindLost, Change::WindStrength]);
    assert_eq!(
        because(&Accident { time: noon() + TimeDelta::hours(2), ..first }),
        [Change::WindLost, Change::WindStrength]
    );
    assert_eq!(because(&Accident { spill_size: Some(SpillSize::Small), ..first }), [Change::Spill]);
    assert_eq!(because(&Accident { burning: Some(true), ..first }), [Change::Fire]);
    assert_eq!(because(&Accident { place: away(30.0, 60.0), ..first }), [Change::Place]);
    let night = WindReading::new(Some(270.0), Some(15.0), evening(), "feed").unwrap();
    assert_eq!(because(&Accident { time: evening(), wind: Some(&night), ..first }), [Change::Night]);
    // The larger was taken, so to know that it is large changes nothing; neither does it that nothing burns.
    assert_eq!(again(&Accident { spill_size: Some(SpillSize::Large), burning: Some(false), ..first }), None);
    let ammonia = sheet(&[("1005", Tank)]);
    assert_eq!(because(&Accident { sheet: &ammonia, ..first }), [Change::Goods]);
}

#[test]
fn night_changes_nothing_where_no_distance_depends_on_it() {
    let (load, west) = (sheet(&[("1203", Tank)]), wind(270.0, 15.0));
    let drawn = draw(&Accident { wind: Some(&west), ..accident(&load) });
    let night = WindReading::new(Some(270.0), Some(5.0), evening(), "feed").unwrap();
    let accident = Accident { time: evening(), wind: Some(&night), ..accident(&load) };
    assert_eq!(redraw(&drawn.drawn_from, tables(), &accident), None);
}

#[test]
fn a_slowly_turning_wind_is_not_missed() {
    let load = sheet(&[("1017", Tank)]);
    let start = wind(200.0, 15.0);
    let mut drawn = draw(&Accident { wind: Some(&start), ..accident(&load) }).drawn_from;
    let mut redrawn = 0;
    for step in 1..=40 {
        let turning = wind(200.0 + f64::from(step), 15.0);
        if let Some(new) = redraw(&drawn, tables(), &Accident { wind: Some(&turning), ..accident(&load) }) {
            drawn = new.zones.drawn_from;
            redrawn += 1;
        }
    }
    assert_eq!(redrawn, 4);
}

#[test]
fn what_zones_were_drawn_from_survives_a_restart() {
    let (load, west) = (sheet(&[("1017", Tank), ("1203", Tank)]), wind(270.0, 15.0));
    let container = Some(Container::HighwayTank);
    let full = Accident { container, spill_size: Some(SpillSize::Large), wind: Some(&west), ..accident(&load) };
    for accident in [full, accident(&load)] {
        let drawn = draw(&accident).drawn_from;
        let stored = serde_json::to_string(&drawn).unwrap();
        assert_eq!(serde_json::from_str::<DrawnFrom>(&stored).unwrap(), drawn);
    }
}
