use std::collections::BTreeSet;

use super::*;
use crate::{
    domain::{
        CarriageMode::{Bulk, Packages, Tank},
        Language,
    },
    incident::{
        protective::{ProtectiveKind, ProtectiveZones, WindReading},
        testing::{accident, catalogue, draw, evening, noon, sheet},
    },
};

fn protective_m(zones: &ProtectiveZones) -> u32 {
    zones.protective().unwrap().distance.metres
}

/// Every number that the tables list, and some that they do not, in every mode, size and wind: the sheet and the zones agree.
#[test]
fn zones_agree_with_the_sheet_for_every_number() {
    let numbers: BTreeSet<u16> = catalogue().entries().iter().map(|entry| entry.un_number.0).collect();
    assert!(numbers.len() > 2_000);
    for number in numbers {
        let number = format!("{number:04}");
        for mode in [Tank, Bulk, Packages] {
            let load = sheet(&[(&number, mode)]);
            let line = &load.goods[0];
            let chosen_of = |spill_size, wind, is_day| {
                choose(catalogue().distances(), &Accident { spill_size, ..accident(&load) }, is_day, wind)
            };
            let large = chosen_of(Some(SpillSize::Large), None, false);
            assert_eq!(
                large.isolate.as_ref().map(|d| d.metres),
                line.isolate.map(|d| d.metres),
                "UN {number} {mode:?}"
            );
            assert_eq!(large.fire.as_ref().map(|d| d.metres), line.fire_isolate.map(|d| d.metres));
            let evacuate =
                [&large.evacuate_around, &large.evacuate_downwind].into_iter().flatten().map(|d| d.metres).max();
            assert_eq!(evacuate, line.evacuate.map(|d| d.metres));
            let protect = |choices: &Choices| choices.protect.as_ref().map(|d| d.metres);
            assert_eq!(protect(&large), line.large_spill.as_ref().map(|d| metres_of_km(d.protect_night_km)));
            let day = chosen_of(Some(SpillSize::Large), None, true);
            assert_eq!(protect(&day), line.large_spill.as_ref().map(|d| metres_of_km(d.protect_day_km)));
            let small = chosen_of(Some(SpillSize::Small), None, false);
            assert_eq!(protect(&small), line.small_spill.as_ref().map(|d| metres_of_km(d.protect_night_km)));
            for in_wind in &line.large_spill_by_wind {
                let chosen = chosen_of(Some(SpillSize::Large), Some(in_wind.wind), true);
                assert_eq!(protect(&chosen), Some(metres_of_km(in_wind.distances.protect_day_km)));
            }
            let unknown = chosen_of(None, None, false);
            assert!(protect(&unknown) >= protect(&large).max(protect(&small)));
            for distance in [&unknown.isolate, &unknown.protect, &unknown.fire].into_iter().flatten() {
                for language in Language::ALL {
                    assert!(distance.basis(language).contains("ERG 2024"));
                }
            }
        }
    }
}

#[test]
fn wind_strength_and_night_choose_the_cells_of_table_3() {
    let load = sheet(&[("1017", Tank)]);
    let reach = |speed_kmh: f64, time| {
        let reading = WindReading::new(Some(200.0), Some(speed_kmh), time, "feed").unwrap();
        protective_m(&draw(&Accident { wind: Some(&reading), time, ..accident(&load) }))
    };
    assert_eq!([5.0, 15.0, 25.0].map(|speed| reach(speed, noon())), [5_600, 3_300, 2_500]);
    assert_eq!([5.0, 15.0, 25.0].map(|speed| reach(speed, evening())), [6_400, 4_700, 3_800]);
}

#[test]
fn the_container_chooses_the_row_of_table_3() {
    let load = sheet(&[("1017", Packages)]);
    let of = |container| draw(&Accident { container, time: evening(), ..accident(&load) });
    // Packages may be ton cylinders or small ones; the larger is taken until somebody has seen them.
    let (unseen, small) = (of(None), of(Some(Container::SmallCylinders)));
    assert_eq!((protective_m(&unseen), protective_m(&small)), (3_500, 2_400));
    assert!(unseen.protective().unwrap().distance.why.contains(&Reason::Assumed(Assumption::Container)));
    assert!(small.protective().unwrap().distance.why.contains(&Reason::Container(Container::SmallCylinders)));
    let rail = of(Some(Container::RailTankCar));
    let distance = &rail.protective().unwrap().distance;
    assert_eq!((distance.metres, distance.at_least), (11_000, true));
}

#[test]
fn the_fire_distance_of_packages_says_that_it_is_that_of_tanks() {
    let why = |mode| {
        let load = sheet(&[("1203", mode)]);
        draw(&accident(&load)).of_kind(ProtectiveKind::Fire).next().unwrap().distance.why.clone()
    };
    assert_eq!((why(Tank), why(Packages)), (vec![], vec![Reason::FireOfLargeContainers]));
}

#[test]
fn goods_that_react_with_water_say_so() {
    // Aluminium phosphide: listed for spills in water only.
    let load = sheet(&[("1397", Packages)]);
    let on = |spilled_on| draw(&Accident { spilled_on, ..accident(&load) });
    let unknown = on(None).protective().unwrap().distance.clone();
    assert!(unknown.why.contains(&Reason::OnlyInWater) && !unknown.why.contains(&Reason::Assumed(Assumption::Place)));
    assert!(!on(Some(SpilledOn::Water)).protective().unwrap().distance.why.contains(&Reason::OnlyInWater));
    assert!(on(Some(SpilledOn::Land)).protective().is_none());
}
