use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::{
    domain::{
        CarriageMode::{Packages, Tank},
        Language,
    },
    geo::{PreparedArea, bearing_deg, check_area, geodesic_m, turn_deg},
    hazard::spill::{Assumption, Wind},
    incident::testing::{accident, away, catalogue, draw, evening, noon, scene, sheet, wind},
};

fn tables() -> &'static DistanceTables {
    catalogue().distances()
}

fn metres(zones: &ProtectiveZones, kind: ProtectiveKind) -> Vec<u32> {
    zones.of_kind(kind).map(|zone| zone.distance.metres).collect()
}

fn protective_m(zones: &ProtectiveZones) -> u32 {
    zones.protective().unwrap().distance.metres
}

fn contains(zone: &ProtectiveZone, place: Place) -> bool {
    PreparedArea::new(&zone.area).contains(place)
}

#[test]
fn a_chlorine_tanker_in_a_west_wind_by_day() {
    let (load, west) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    let zones = draw(&Accident { wind: Some(&west), ..accident(&load) });
    assert!(zones.is_day);
    let sunset = zones.light_changes_at.unwrap();
    assert!((sunset - noon()) > TimeDelta::hours(3) && (sunset - noon()) < TimeDelta::hours(4), "{sunset}");

    let isolation = zones.isolation().unwrap();
    assert_eq!((isolation.distance.metres, isolation.distance.source.table, isolation.in_force), (600, Some(3), true));
    assert_eq!(isolation.form, ZoneForm::Circle { radius_m: 600.0 });
    assert!(contains(isolation, away(123.0, 599.0)) && !contains(isolation, away(123.0, 601.0)));

    let square = zones.protective().unwrap();
    assert_eq!((square.distance.metres, square.distance.source.page, square.distance.at_least), (3_300, 341, false));
    assert_eq!(square.form, ZoneForm::Square { side_m: 3_300.0, toward_deg: 90.0, widened_m: 0.0 });
    for (bearing, distance, inside) in [
        (90.0, 3_290.0, true),
        (90.0, 3_310.0, false),
        (270.0, 10.0, false),
        (0.5, 1_640.0, true),
        (179.5, 1_640.0, true),
        (0.5, 1_660.0, false),
        (63.5, 3_600.0, true),
        (60.0, 3_600.0, false),
    ] {
        assert_eq!(contains(square, away(bearing, distance)), inside, "{bearing}° {distance} m");
    }
    use Reason::{Assumed, Container as In, Day, Wind as InWind};
    let why = [Day, InWind(Wind::Moderate), In(Container::HighwayTank), Assumed(Assumption::SpillSize)];
    assert_eq!(square.distance.why, why);

    let fire = zones.of_kind(ProtectiveKind::Fire).next().unwrap();
    assert_eq!((fire.distance.metres, fire.in_force), (800, false));
    assert!(metres(&zones, ProtectiveKind::Evacuation).is_empty());
}

#[test]
fn while_the_wind_is_unknown_old_or_calm_the_square_is_a_full_circle() {
    let load = sheet(&[("1017", Tank)]);
    let (old, calm) = (wind(270.0, 25.0), wind(270.0, 0.0));
    let late = noon() + WIND_HOLDS + TimeDelta::minutes(1);
    let unknown = draw(&accident(&load));
    let out_of_date = draw(&Accident { wind: Some(&old), time: late, ..accident(&load) });
    let no_direction = draw(&Accident { wind: Some(&calm), ..accident(&load) });
    for zones in [&unknown, &out_of_date, &no_direction] {
        let circle = zones.protective().unwrap();
        assert_eq!(circle.form, ZoneForm::Circle { radius_m: 5_600.0 });
        assert!([0.0, 90.0, 180.0, 270.0].into_iter().all(|bearing| contains(circle, away(bearing, 5_590.0))));
    }
    assert_eq!(unknown.wind, WindState::Unknown);
    assert!(matches!(out_of_date.wind, WindState::OutOfDate(_)));
    assert!(matches!(no_direction.wind, WindState::NoDirection(_)));
    assert!(unknown.protective().unwrap().distance.why.contains(&Reason::Assumed(Assumption::Wind)));
    // In a calm the speed is known.
    assert!(no_direction.protective().unwrap().distance.why.contains(&Reason::Wind(Wind::Low)));
}

#[test]
fn a_wind_without_a_speed_gives_a_square_by_low_wind() {
    let load = sheet(&[("1017", Tank)]);
    let seen = WindReading::new(Some(315.0), None, noon(), "caller").unwrap();
    let zones = draw(&Accident { wind: Some(&seen), ..accident(&load) });
    let square = zones.protective().unwrap();
    assert_eq!(square.form, ZoneForm::Square { side_m: 5_600.0, toward_deg: 135.0, widened_m: 0.0 });
    assert!(square.distance.why.contains(&Reason::Assumed(Assumption::Wind)));
}

#[test]
fn evacuation_lies_where_the_guide_says() {
    let west = wind(270.0, 15.0);
    let form = |number, wind| {
        let load = sheet(&[(number, Tank)]);
        let zones = draw(&Accident { wind, ..accident(&load) });
        let zone = zones.of_kind(ProtectiveKind::Evacuation).next().unwrap();
        (zone.downwind, zone.form, zone.instruction(Language::English))
    };
    let square = ZoneForm::Square { side_m: 800.0, toward_deg: 90.0, widened_m: 0.0 };
    let circle = ZoneForm::Circle { radius_m: 800.0 };
    let texts = [
        "Large spill: consider evacuation of 800 m downwind, to the east (090°).",
        "Large spill: consider evacuation of 800 m in all directions: it is not known where the wind blows.",
        "Large spill: consider evacuation of 800 m in all directions.",
    ]
    .map(str::to_owned);
    let [downwind, unknown, around] = texts;
    // Propane downwind, explosives all around.
    assert_eq!(form("1978", Some(&west)), (true, square, downwind));
    assert_eq!(form("1978", None), (true, circle, unknown));
    assert_eq!(form("0081", Some(&west)), (false, circle, around.clone()));
    assert_eq!(form("0081", None), (false, circle, around));
}

#[test]
fn spill_size_chooses_table_and_zones() {
    let (load, west) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    let of = |spill_size| draw(&Accident { spill_size, wind: Some(&west), ..accident(&load) });
    let (small, large, unknown) = (of(Some(SpillSize::Small)), of(Some(SpillSize::Large)), of(None));
    assert_eq!((protective_m(&small), protective_m(&large), protective_m(&unknown)), (300, 3_300, 3_300));
    // The guide isolates 100 m as a precaution, the table 60 m.
    assert_eq!(metres(&small, ProtectiveKind::Isolation), [100]);
    assert_eq!(small.protective().unwrap().distance.source.table, Some(1));

    let petrol = sheet(&[("1203", Tank)]);
    let of = |spill_size| draw(&Accident { spill_size, wind: Some(&west), ..accident(&petrol) });
    let evacuation = |zones: &ProtectiveZones| metres(zones, ProtectiveKind::Evacuation);
    assert!(evacuation(&of(Some(SpillSize::Small))).is_empty());
    assert_eq!(evacuation(&of(None)), [300]);
    let downwind = of(None).of_kind(ProtectiveKind::Evacuation).next().unwrap().form;
    assert_eq!(downwind, ZoneForm::Square { side_m: 300.0, toward_deg: 90.0, widened_m: 0.0 });
    assert!(of(None).protective().is_none());
}

#[test]
fn a_fire_goes_before_the_spill() {
    let load = sheet(&[("1965", Tank)]);
    let of = |burning| draw(&Accident { burning, ..accident(&load) });
    let (unknown, burning) = (of(None), of(Some(true)));
    assert_eq!(
        (metres(&unknown, ProtectiveKind::Isolation), metres(&unknown, ProtectiveKind::Fire)),
        (vec![100], vec![1_600])
    );
    assert_eq!(metres(&unknown, ProtectiveKind::Evacuation), [800]);
    assert_eq!(
        (metres(&burning, ProtectiveKind::Isolation), metres(&burning, ProtectiveKind::Fire)),
        (vec![1_600], vec![])
    );
    assert_eq!(burning.isolation().unwrap().distance.why, [Reason::FirePrevails]);
    // Evacuation of 800 m lies within.
    assert!(metres(&burning, ProtectiveKind::Evacuation).is_empty());

    // A rail tank car of chlorine needs more room without a fire than the guide gives a fire; a road tanker less.
    let chlorine = sheet(&[("1017", Tank)]);
    let in_fire = |container| draw(&Accident { burning: Some(true), container, ..accident(&chlorine) });
    assert_eq!(metres(&in_fire(Some(Container::RailTankCar)), ProtectiveKind::Isolation), [1_000]);
    assert_eq!(metres(&in_fire(None), ProtectiveKind::Isolation), [800]);
    assert!(in_fire(None).protective().is_some());
}

#[test]
fn each_distance_is_that_of_the_goods_that_need_most() {
    let load = sheet(&[("1203", Tank), ("1005", Packages), ("0081", Packages)]);
    let zones = draw(&accident(&load));
    let number = |kind| zones.of_kind(kind).next().unwrap().distance.un_number.unwrap().0;
    assert_eq!((number(ProtectiveKind::Isolation), number(ProtectiveKind::Protective)), (81, 1005));
    assert_eq!(
        (metres(&zones, ProtectiveKind::Isolation), metres(&zones, ProtectiveKind::Fire)),
        (vec![500], vec![1_600])
    );
    // Explosives all around; petrol's 300 m downwind lies within the isolation zone.
    assert_eq!(metres(&zones, ProtectiveKind::Evacuation), [800]);
    assert!(zones.zones.iter().all(|zone| zone.distance.why.contains(&Reason::LargestOfGoods)));
}

#[test]
fn goods_that_nobody_named_have_the_zones_of_unidentified_cargo() {
    let unknown = HazardSheet::unknown(catalogue());
    let zones = draw(&accident(&unknown));
    assert_eq!(
        (metres(&zones, ProtectiveKind::Isolation), metres(&zones, ProtectiveKind::Fire)),
        (vec![100], vec![800])
    );
    assert_eq!(zones.isolation().unwrap().distance.un_number, None);
    assert!(zones.protective().is_none());
}

#[test]
fn a_place_known_only_roughly_widens_every_zone() {
    let (load, west) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    let zones = draw(&Accident { accuracy_m: Some(400.0), wind: Some(&west), ..accident(&load) });
    assert_eq!(zones.widened_m, 400.0);
    assert_eq!(zones.isolation().unwrap().form, ZoneForm::Circle { radius_m: 1_000.0 });
    assert_eq!(zones.isolation().unwrap().distance.metres, 600);
    // Wherever the spill is within the error, its square is covered.
    let square = zones.protective().unwrap();
    for bearing in [0.0, 90.0, 180.0, 270.0] {
        let exact = Accident { place: away(bearing, 390.0), wind: Some(&west), ..accident(&load) };
        for corner in draw(&exact).protective().unwrap().area.iter().flat_map(|polygon| polygon.exterior().0.clone()) {
            assert!(contains(square, Place::new(corner.y, corner.x).unwrap()));
        }
    }
    assert_eq!(draw(&Accident { accuracy_m: Some(30.0), ..accident(&load) }).widened_m, 0.0);
    assert_eq!(draw(&Accident { accuracy_m: None, ..accident(&load) }).widened_m, 0.0);
}

#[test]
fn zones_at_the_antimeridian_are_cut_there() {
    let (load, west) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    let fiji = Place::new(-16.8, 179.999).unwrap();
    let zones = draw(&Accident { place: fiji, wind: Some(&west), ..accident(&load) });
    for zone in &zones.zones {
        assert_eq!((check_area(&zone.area), zone.area.0.len()), (Ok(()), 2));
    }
}

#[test]
fn as_json_a_zone_tells_its_form_and_its_area() {
    let (load, west) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    let json = serde_json::to_value(draw(&Accident { wind: Some(&west), ..accident(&load) })).unwrap();
    let square = &json["zones"][2];
    assert_eq!(
        (&square["kind"], &square["form"], &square["side_m"]),
        (&"protective".into(), &"square".into(), &3300.0.into())
    );
    assert_eq!((&square["area"]["type"], &square["distance"]["why"][0]["reason"]), (&"Polygon".into(), &"day".into()));
    assert_eq!((&json["wind"]["state"], &json["wind"]["from_deg"]), (&"known".into(), &270.0.into()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn zones_everywhere_are_valid_areas_that_lie_where_they_should(
        lat in prop_oneof![-80.0..80.0_f64, 89.0..89.8_f64, -89.8..-89.0_f64],
        lon in prop_oneof![-180.0..180.0_f64, 179.95..180.0_f64, -180.0..-179.95_f64],
        from_deg in 0.0..360.0_f64, speed_kmh in 1.0..60.0_f64, hours in 0..8_760_i64,
        number in prop::sample::select(vec!["1017", "1005", "1203", "0081", "1965", "1397"]),
    ) {
        let place = Place::new(lat, lon).unwrap();
        let time = noon() + TimeDelta::hours(hours);
        let reading = WindReading::new(Some(from_deg), Some(speed_kmh), time, "feed").unwrap();
        let load = sheet(&[(number, Tank)]);
        let zones = draw(&Accident { place, time, wind: Some(&reading), ..accident(&load) });
        prop_assert!(zones.isolation().is_some());
        for zone in &zones.zones {
            prop_assert_eq!(check_area(&zone.area), Ok(()));
            let metres = f64::from(zone.distance.metres);
            for corner in zone.area.iter().flat_map(|polygon| polygon.exterior().coords()) {
                if corner.x.abs() == 180.0 || corner.y.abs() == 90.0 {
                    continue;
                }
                let at = Place::new(corner.y, corner.x).unwrap();
                let distance_m = geodesic_m(place, at);
                match zone.form {
                    ZoneForm::Circle { .. } => prop_assert!((distance_m / metres - 1.0).abs() < 0.001),
                    ZoneForm::Square { toward_deg, .. } => {
                        let turn = turn_deg(bearing_deg(place, at), toward_deg).to_radians();
                        prop_assert!(distance_m * turn.cos() > -0.001 * metres - 0.01);
                        prop_assert!(distance_m < metres * 1.119);
                    }
                }
            }
        }
        prop_assert_eq!(redraw(&zones.drawn_from, tables(), &Accident { place, time, wind: Some(&reading), ..accident(&load) }), None);
    }
}

#[test]
fn the_story_of_the_scene_is_by_day() {
    // The other tests count on it.
    assert!(sun::is_day(scene(), noon()) && !sun::is_day(scene(), evening()));
}
