use std::collections::BTreeSet;

use ::geo::{Coord, LineString, Polygon};
use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::{
    domain::CarriageMode::Tank,
    geo::destination,
    incident::{
        protective::Accident,
        testing::{accident, away, draw, noon, scene, sheet, wind},
    },
};

/// Zones of a chlorine tanker in a west wind: isolation 600 m, the square 3.3 km to the east, fire 800 m if it burns.
fn chlorine() -> ProtectiveZones {
    let (load, west) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    draw(&Accident { wind: Some(&west), ..accident(&load) })
}

fn point(id: &str, kind: SiteKind, place: Place) -> SensitiveSite {
    SensitiveSite { id: id.into(), name: id.into(), kind, shape: SiteShape::Point(place), people: Some(300) }
}

/// An upright box whose middle is so many metres east and north of the accident.
fn cell(id: &str, kind: SiteKind, (east_m, north_m): (f64, f64), side_m: f64, people: Option<u32>) -> SensitiveSite {
    let corner = |east: f64, north: f64| {
        let (east, north) = (east_m + east * side_m / 2.0, north_m + north * side_m / 2.0);
        let at = destination(away(90.0, east), 0.0, north).unwrap();
        Coord { x: at.lon(), y: at.lat() }
    };
    let ring = [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0), corner(-1.0, -1.0)];
    let area = MultiPolygon::from(Polygon::new(LineString::from(ring.to_vec()), Vec::new()));
    SensitiveSite { id: id.into(), name: id.into(), kind, shape: SiteShape::Area(area), people }
}

fn kinds(zones: &[ZoneHit]) -> Vec<(ProtectiveKind, bool)> {
    zones.iter().map(|zone| (zone.kind, zone.in_force)).collect()
}

#[test]
fn a_school_downwind_is_inside_and_one_upwind_is_not() {
    let zones = chlorine();
    let sites = [
        point("downwind", SiteKind::School, away(80.0, 2_000.0)),
        point("upwind", SiteKind::School, away(270.0, 900.0)),
        point("near", SiteKind::Hospital, away(100.0, 500.0)),
        point("behind", SiteKind::WaterIntake, away(270.0, 700.0)),
        point("far", SiteKind::School, away(90.0, 3_400.0)),
    ];
    let inside = Surroundings::new(&zones).sites(&sites);
    let names: Vec<&str> = inside.sites.iter().map(|site| site.site.id.as_str()).collect();
    assert_eq!(names, ["near", "behind", "downwind"]);
    use ProtectiveKind::{Fire, Isolation, Protective};
    assert_eq!(kinds(&inside.sites[0].zones), [(Isolation, true), (Fire, false), (Protective, true)]);
    // It would be inside only if it burned.
    assert_eq!(kinds(&inside.sites[1].zones), [(Fire, false)]);
    assert_eq!(kinds(&inside.sites[2].zones), [(Protective, true)]);
    assert!((inside.sites[2].distance_m - 2_000.0).abs() < 0.01);
    assert!((inside.sites[2].bearing_deg.unwrap() - 80.0).abs() < 0.001);
}

#[test]
fn a_site_of_some_size_is_inside_when_a_part_of_it_is() {
    let zones = chlorine();
    let sites = [
        // The far side of the square is 3.3 km away; this hospital reaches 50 m into it.
        cell("rim", SiteKind::Hospital, (3_350.0, 0.0), 200.0, Some(800)),
        cell("outside", SiteKind::Hospital, (3_450.0, 0.0), 200.0, Some(800)),
        // The accident is on its ground.
        cell("around", SiteKind::Assembly, (0.0, 0.0), 400.0, None),
    ];
    let inside = Surroundings::new(&zones).sites(&sites);
    let names: Vec<&str> = inside.sites.iter().map(|site| site.site.id.as_str()).collect();
    assert_eq!(names, ["around", "rim"]);
    assert_eq!((inside.sites[0].distance_m, inside.sites[0].bearing_deg), (0.0, None));
    assert!((inside.sites[1].distance_m - 3_250.0).abs() < 0.5, "{}", inside.sites[1].distance_m);
    assert!((inside.sites[1].bearing_deg.unwrap() - 90.0).abs() < 0.1);
}

#[test]
fn people_are_counted_by_the_share_of_their_cell_and_at_most() {
    let zones = chlorine();
    let cells = [
        cell("whole", SiteKind::Population, (2_000.0, 0.0), 500.0, Some(1_000)),
        // A quarter of it: it reaches 125 of its 500 m into the square.
        cell("quarter", SiteKind::Population, (3_425.0, 0.0), 500.0, Some(400)),
        cell("uncounted", SiteKind::Population, (1_000.0, 900.0), 500.0, None),
        cell("outside", SiteKind::Population, (-2_000.0, 0.0), 500.0, Some(9_000)),
        // Wholly in the circle, a half of it in the square.
        cell("at the scene", SiteKind::Population, (0.0, 0.0), 200.0, Some(60)),
    ];
    let inside = Surroundings::new(&zones).sites(&cells);
    assert_eq!(inside.sites, []);
    let square = inside.people_in(ProtectiveKind::Protective).unwrap();
    assert_eq!((square.at_most, square.cells, square.uncounted), (1_460, 4, 1));
    assert!((1_129..=1_133).contains(&square.about), "{}", square.about);
    let circle = inside.people_in(ProtectiveKind::Isolation).unwrap();
    assert_eq!((circle.about, circle.at_most, circle.cells), (60, 60, 1));
    // Nobody is counted twice for lying in two zones.
    assert_eq!(inside.people_in_force.at_most, 1_460);
    assert!((1_159..=1_163).contains(&inside.people_in_force.about), "{}", inside.people_in_force.about);
}

#[test]
fn sites_on_the_other_side_of_the_antimeridian_are_found() {
    let (load, west) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    let fiji = Place::new(-16.8, 179.995).unwrap();
    let zones = draw(&Accident { place: fiji, wind: Some(&west), ..accident(&load) });
    let beyond = destination(fiji, 90.0, 2_500.0).unwrap();
    assert!(beyond.lon() < 0.0);
    let box_of = |degrees: f64| {
        let (x, y) = (beyond.lon(), beyond.lat());
        let ring = [(x, y), (x + degrees, y), (x + degrees, y + degrees), (x, y + degrees), (x, y)];
        SiteShape::Area(MultiPolygon::from(Polygon::new(LineString::from(ring.to_vec()), Vec::new())))
    };
    let area = SensitiveSite { shape: box_of(0.001), ..point("area", SiteKind::School, beyond) };
    let sites = [point("point", SiteKind::School, beyond), area];
    let inside = Surroundings::new(&zones).sites(&sites);
    assert_eq!(inside.sites.len(), 2);
    for site in &inside.sites {
        assert!((site.distance_m - 2_500.0).abs() < 1.0, "{}", site.distance_m);
        assert!((site.bearing_deg.unwrap() - 90.0).abs() < 0.1);
    }
}

fn words(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn helper(id: &str, place: Place, capabilities: &[&str], available: bool) -> Helper {
    let kind = HelperKind::Team;
    Helper { id: id.into(), name: id.into(), kind, place, capabilities: words(capabilities), available }
}

#[test]
fn the_nearest_that_can_do_what_is_needed_stands_first() {
    let zones = chlorine();
    let helpers = [
        helper("far all-rounder", away(200.0, 30_000.0), &["gas suits", "chlorine kit", "foam"], true),
        helper("near foam", away(0.0, 4_000.0), &["foam"], true),
        helper("suits", away(300.0, 9_000.0), &["gas suits"], true),
        helper("suits, busy", away(300.0, 5_000.0), &["gas suits"], false),
        helper("suits in the cloud", away(90.0, 1_500.0), &["gas suits"], true),
    ];
    let surroundings = Surroundings::new(&zones);
    let needed = words(&["gas suits", "chlorine kit", "divers"]);
    let help = surroundings.help(&helpers, &needed, 2);
    let names: Vec<&str> = help.helpers.iter().map(|near| near.helper.id.as_str()).collect();
    // Two at most, and besides them the only one with a chlorine kit.
    assert_eq!(names, ["suits in the cloud", "suits", "far all-rounder"]);
    assert_eq!(help.nearest.get("gas suits"), Some(&"suits"));
    assert_eq!(help.nearest.get("chlorine kit"), Some(&"far all-rounder"));
    assert_eq!(help.nobody_has, ["divers"]);
    assert_eq!(help.helpers[0].zones.len(), 1);
    assert_eq!(
        (help.helpers[2].has.as_slice(), help.helpers[2].lacks.as_slice()),
        (["chlorine kit", "gas suits"].as_slice(), ["divers"].as_slice())
    );

    let nothing = BTreeSet::new();
    let anybody = surroundings.help(&helpers, &nothing, 10);
    assert_eq!(anybody.helpers.len(), 4);
    assert!(anybody.helpers.is_sorted_by(|one, other| one.distance_m <= other.distance_m));
}

fn vehicle(key: &'static str, place: Place, speed_kmh: f64, heading_deg: f64) -> OtherVehicle<&'static str> {
    OtherVehicle {
        key,
        place,
        seen_at: noon(),
        speed_kmh: Some(speed_kmh),
        heading_deg: Some(heading_deg),
        dangerous_goods: true,
    }
}

fn found<'v>(
    zones: &ProtectiveZones,
    vehicles: &'v [OtherVehicle<&'static str>],
    now: DateTime<Utc>,
) -> Vec<(&'v str, Option<f64>)> {
    let endangered = Surroundings::new(zones).vehicles(vehicles, now, TimeDelta::minutes(10));
    let minutes = |danger: &Danger| match danger {
        Danger::Inside { .. } => None,
        Danger::HeadingIn { minutes, .. } => Some((minutes * 10.0).round() / 10.0),
    };
    endangered.iter().map(|vehicle| (vehicle.vehicle.key, minutes(&vehicle.danger))).collect()
}

#[test]
fn vehicles_inside_and_heading_in_are_found_and_the_others_are_not() {
    let zones = chlorine();
    // At 60 km/h a vehicle does a kilometre a minute.
    let vehicles = [
        vehicle("from the east", away(90.0, 8_300.0), 60.0, 270.0),
        vehicle("from the west", away(270.0, 2_600.0), 60.0, 85.0),
        vehicle("to the east", away(90.0, 4_000.0), 60.0, 90.0),
        vehicle("too far", away(90.0, 14_000.0), 60.0, 270.0),
        vehicle("too slow", away(90.0, 8_300.0), 20.0, 270.0),
        vehicle("standing outside", away(90.0, 3_500.0), 0.0, 270.0),
        vehicle("standing inside", away(90.0, 2_000.0), 0.0, 0.0),
        vehicle("in the circle", away(250.0, 400.0), 40.0, 250.0),
        vehicle("in the fire circle only", away(270.0, 750.0), 60.0, 270.0),
        // It goes north past the square at 45° to its nearest corner, but its way bends no farther than that.
        vehicle("passing by", away(270.0, 5_000.0), 60.0, 0.0),
    ];
    let found = found(&zones, &vehicles, noon());
    assert_eq!(
        found,
        [
            ("in the circle", None),
            ("standing inside", None),
            ("from the west", Some(2.0)),
            ("from the east", Some(5.0))
        ]
    );
}

#[test]
fn a_vehicle_aside_of_the_nearest_point_is_found_by_its_way() {
    let zones = chlorine();
    // South-west of the square its nearest point lies to the north; it heads east-north-east into the square's south side.
    let south_west = destination(away(180.0, 1_950.0), 90.0, 100.0).unwrap();
    let vehicles = [vehicle("aside", south_west, 60.0, 75.0)];
    // With a bend of 45° it is 300 m to the south side at 30° from north: 346 m.
    assert_eq!(found(&zones, &vehicles, noon()), [("aside", Some(0.3))]);
}

#[test]
fn what_is_not_known_of_a_vehicle_is_taken_at_its_worst() {
    let zones = chlorine();
    let at = away(90.0, 8_300.0);
    let unknown = OtherVehicle { speed_kmh: None, heading_deg: None, ..vehicle("unknown", at, 0.0, 0.0) };
    let found_now = found(&zones, std::slice::from_ref(&unknown), noon());
    // 5 km at 90 km/h.
    assert_eq!(found_now, [("unknown", Some(3.3))]);
    // Seen three minutes ago, it may have come nearer since; seen five minutes ago, it may be in.
    let seen = |minutes| [OtherVehicle { seen_at: noon() - TimeDelta::minutes(minutes), ..unknown.clone() }];
    assert_eq!(found(&zones, &seen(3), noon()), [("unknown", Some(0.3))]);
    assert_eq!(found(&zones, &seen(5), noon()), [("unknown", Some(0.0))]);
}

#[test]
fn as_json_a_vehicle_tells_its_danger() {
    let zones = chlorine();
    let vehicles = [vehicle("T1", away(90.0, 8_300.0), 60.0, 270.0)];
    let endangered = Surroundings::new(&zones).vehicles(&vehicles, noon(), TimeDelta::minutes(10));
    let json = serde_json::to_value(&endangered).unwrap();
    assert_eq!(
        (&json[0]["key"], &json[0]["danger"], &json[0]["zone"]["kind"]),
        (&"T1".into(), &"heading_in".into(), &"protective".into())
    );
    assert_eq!(Surroundings::new(&zones).zones_at(scene()).len(), 3);
}
