use chrono::TimeDelta;

use super::*;
use crate::{
    domain::CarriageMode::Tank,
    geo::PreparedArea,
    incident::{
        protective::{Accident, WIND_HOLDS},
        testing::{accident, away, draw, noon, sheet, wind},
    },
};

#[test]
fn with_a_west_wind_one_comes_from_the_west() {
    let (load, west) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    let zones = draw(&Accident { wind: Some(&west), ..accident(&load) });
    let approach = Approach::plan(&zones);
    let sector = approach.sector.unwrap();
    assert_eq!((sector.middle_deg, sector.half_width_deg), (270.0, 45.0));
    assert!(sector.holds(226.0) && sector.holds(314.0) && !sector.holds(224.0) && !sector.holds(90.0));
    // Isolation 600 m; if it burns, 800 m.
    assert_eq!((approach.keep_out_m, approach.gather_m), (600.0, 800.0));
    let rendezvous = approach.rendezvous.unwrap();
    assert!((geodesic_m(approach.place, rendezvous.place) - 900.0).abs() < 0.001);
    assert!(sector.holds(bearing_deg(approach.place, rendezvous.place)));
    for zone in &zones.zones {
        assert!(!PreparedArea::new(&zone.area).contains(rendezvous.place), "{:?}", zone.kind);
    }
    assert_eq!(approach.downwind_anywhere_m, None);
    assert_eq!(
        approach.advice(English)[..3],
        [
            "Approach from upwind: from the west (270°).",
            "Stop 600 m away. Go nearer only with full protection and on orders.",
            "Rendezvous: 900 m west (270°) of the accident, on the nearest road there.",
        ]
    );
    assert_eq!(approach.advice(Chinese)[0], "从上风方向接近:从西(270°)方向进入。");
}

#[test]
fn whatever_the_wind_the_rendezvous_lies_outside_every_zone() {
    for number in ["1017", "1005", "1203", "0081", "1965", "1079"] {
        let load = sheet(&[(number, Tank)]);
        for from_deg in [0.0, 77.0, 180.0, 301.0] {
            for (burning, accuracy_m) in [(None, None), (Some(true), Some(300.0))] {
                let reading = wind(from_deg, 12.0);
                let zones = draw(&Accident { wind: Some(&reading), burning, accuracy_m, ..accident(&load) });
                let rendezvous = Approach::plan(&zones).rendezvous.unwrap();
                for zone in &zones.zones {
                    let area = PreparedArea::new(&zone.area);
                    assert!(
                        area.boundary_distance_m(rendezvous.place) < -90.0,
                        "UN {number}, {from_deg}°, {:?}",
                        zone.kind
                    );
                }
            }
        }
    }
}

#[test]
fn of_places_along_roads_the_nearest_that_will_do_is_taken() {
    let (load, west) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    let approach = Approach::plan(&draw(&Accident { wind: Some(&west), ..accident(&load) }));
    let (too_near, downwind, aside) = (away(270.0, 700.0), away(90.0, 5_000.0), away(0.0, 1_200.0));
    let (far, near) = (away(250.0, 3_000.0), away(300.0, 1_500.0));
    assert_eq!(
        [too_near, downwind, aside, far].map(|place| approach.suits(place)),
        [Some(false), Some(false), Some(false), Some(true)]
    );
    assert_eq!(approach.nearest_suitable([too_near, downwind, aside, far, near]).unwrap().place, near);
    assert_eq!(approach.nearest_suitable([too_near, downwind]), None);
}

#[test]
fn without_a_wind_nobody_drives_in() {
    let (load, old) = (sheet(&[("1017", Tank)]), wind(270.0, 15.0));
    let late = noon() + WIND_HOLDS + TimeDelta::minutes(1);
    for accident in [accident(&load), Accident { wind: Some(&old), time: late, ..accident(&load) }] {
        let approach = Approach::plan(&draw(&accident));
        assert_eq!((approach.sector, approach.rendezvous), (None, None));
        assert_eq!((approach.keep_out_m, approach.downwind_anywhere_m), (600.0, Some(5_600.0)));
        assert_eq!(
            (approach.suits(away(270.0, 9_000.0)), approach.nearest_suitable([away(270.0, 9_000.0)])),
            (None, None)
        );
        let advice = approach.advice(English);
        assert_eq!(
            advice[0],
            "Wind not known: do not drive in. Stop 600 m away at least: up to 5.6 km away you may be in the cloud."
        );
        assert!(advice[2].starts_with("Up to 5.6 km away you may be downwind"));
        assert_eq!(approach.advice(Chinese)[0], "风向不明:不得驶入,在600米外停车;5.6公里内都可能处于毒云中。");
        assert_eq!(approach.advice(Chinese).len(), advice.len());
    }
}
