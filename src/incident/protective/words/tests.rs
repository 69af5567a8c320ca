use super::*;
use crate::{
    domain::CarriageMode::Tank,
    incident::{
        protective::Accident,
        testing::{accident, draw, evening, sheet, wind},
    },
};

#[test]
fn zones_speak_both_languages() {
    let (load, west) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    let zones = draw(&Accident { wind: Some(&west), accuracy_m: Some(200.0), ..accident(&load) });
    let square = zones.protective().unwrap();
    assert_eq!(square.instruction(English), "Protect people downwind: 3.3 km to the east (090°), 1.7 km to each side.");
    assert_eq!(square.instruction(Chinese), "下风向防护:向东(090°)3.3公里、两侧各1.7公里内的人员。");
    assert_eq!(
        square.distance.basis(English),
        "UN 1017; ERG 2024, Table 3, page 341; by day, moderate wind (10 to 20 km/h), highway tank, spill size not known: \
         the larger"
    );
    assert_eq!(
        square.distance.basis(Chinese),
        "UN 1017;ERG 2024,表3,第341页;白天、中等风速(10至20公里/小时)、公路罐车、泄漏量不明:取较大值"
    );
    let notes = zones.notes(English);
    assert_eq!(notes[0], "Wind from the west (270°), 15 km/h (12:00 UTC, officer on scene).");
    assert_eq!(notes[1], "The place is known only to within 200 m: every zone is wider by that.");
    assert_eq!(notes[2], "Day until 15:43 UTC; from then on protect people for 4.7 km.");
    let chinese = zones.notes(Chinese);
    assert_eq!(
        (chinese[0].as_str(), chinese.len()),
        ("西风(270°),15公里/小时(12:00 UTC,officer on scene)。", notes.len())
    );

    let rail = draw(&Accident { container: Some(Container::RailTankCar), time: evening(), ..accident(&load) });
    assert_eq!(
        rail.protective().unwrap().instruction(English),
        "Protect people within 11 km in all directions: it is not known where the wind blows. It may be farther."
    );
    assert!(rail.notes(Chinese)[0].starts_with("风况不明。下风向区域按整圆划定"));
}

#[test]
fn compass_and_lengths_read_as_people_say_them() {
    let english = |degrees| compass(degrees, English);
    assert_eq!(
        (english(359.7), english(22.0), english(23.0)),
        ("north (000°)".into(), "north (022°)".into(), "north-east (023°)".into())
    );
    assert_eq!(compass(225.0, Chinese), "西南(225°)");
    let lengths = [30.0, 999.6, 1_600.0, 11_000.0].map(|metres| length(metres, English));
    assert_eq!(lengths, ["30 m", "1 km", "1.6 km", "11 km"]);
}
