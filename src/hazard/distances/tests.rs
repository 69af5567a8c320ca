use super::*;
use crate::domain::CarriageMode;
use crate::hazard::testing::catalogue;

fn look_up(un: &str, spill: Spill<'_>) -> Option<Distances> {
    catalogue().distances().look_up(un.parse().unwrap(), &spill)
}

/// Isolation in metres, day and night in kilometres.
fn values(un: &str, spill: Spill<'_>) -> (u32, f64, f64) {
    let distances = look_up(un, spill).unwrap();
    (distances.isolate_m, distances.protect_day_km, distances.protect_night_km)
}

fn of_size(size: SpillSize) -> Spill<'static> {
    Spill { size: Some(size), ..Spill::default() }
}

/// Table 3 for one container: isolation, then day and night at low, moderate and high wind.
fn table3(un: &str, container: Container) -> (u32, [f64; 3], [f64; 3]) {
    let containers = [container];
    let at = |wind| {
        let spill = Spill { containers: &containers, wind: Some(wind), ..of_size(SpillSize::Large) };
        let distances = look_up(un, spill).unwrap();
        assert_eq!((distances.source.edition, distances.source.table), ("ERG 2024", 3));
        assert_eq!(distances.assumed, []);
        distances
    };
    let by_wind = Wind::ALL.map(at);
    let day = by_wind.clone().map(|distances| distances.protect_day_km);
    let night = by_wind.clone().map(|distances| distances.protect_night_km);
    (by_wind[0].isolate_m, day, night)
}

#[test]
fn table_1_has_the_printed_values() {
    use SpillSize::{Large, Small};
    assert_eq!(values("1005", of_size(Small)), (30, 0.1, 0.2));
    assert_eq!(values("1017", of_size(Small)), (60, 0.3, 1.5));
    assert_eq!(values("1016", of_size(Small)), (30, 0.1, 0.2));
    assert_eq!(values("1016", of_size(Large)), (200, 1.2, 3.9));
    assert_eq!(values("1051", of_size(Small)), (60, 0.2, 0.7));
    assert_eq!(values("1051", of_size(Large)), (200, 0.7, 1.8));
    let zone = |zone, size| Spill { zone: Some(zone), ..of_size(size) };
    assert_eq!(values("3160", zone(Condition::ZoneA, Small)), (150, 1.0, 3.9));
    assert_eq!(values("3160", zone(Condition::ZoneA, Large)), (1000, 6.2, 10.5));
    assert_eq!(values("3160", zone(Condition::ZoneB, Small)), (30, 0.1, 0.4));
    assert_eq!(values("3160", zone(Condition::ZoneB, Large)), (300, 1.4, 3.1));
}

#[test]
fn table_3_has_the_printed_values_of_ammonia() {
    assert_eq!(table3("1005", Container::RailTankCar), (300, [1.6, 1.2, 1.0], [4.1, 2.1, 1.3]));
    assert_eq!(table3("1005", Container::HighwayTank), (150, [0.8, 0.5, 0.4], [1.8, 0.7, 0.6]));
    assert_eq!(table3("1005", Container::NurseTank), (60, [0.5, 0.3, 0.3], [1.4, 0.3, 0.3]));
    assert_eq!(table3("1005", Container::SmallCylinders), (30, [0.3, 0.2, 0.1], [0.7, 0.3, 0.2]));
}

#[test]
fn table_3_has_the_printed_values_of_chlorine() {
    assert_eq!(table3("1017", Container::RailTankCar), (1000, [9.6, 6.3, 5.1], [11.0, 8.9, 6.5]));
    assert_eq!(table3("1017", Container::HighwayTank), (600, [5.6, 3.3, 2.5], [6.4, 4.7, 3.8]));
    assert_eq!(table3("1017", Container::TonCylinders), (300, [1.9, 1.3, 1.0], [3.5, 2.3, 1.3]));
    assert_eq!(table3("1017", Container::SmallCylinders), (150, [1.3, 0.7, 0.5], [2.4, 1.2, 0.6]));
}

#[test]
fn a_plus_in_the_book_says_that_it_may_be_farther() {
    let spill = Spill { containers: &[Container::RailTankCar], wind: Some(Wind::Low), ..of_size(SpillSize::Large) };
    let distances = look_up("1017", spill).unwrap();
    assert!(distances.night_at_least && !distances.day_at_least);
}

#[test]
fn unknown_wind_is_low_wind_and_the_answer_says_so() {
    let spill = Spill { containers: &[Container::HighwayTank], ..of_size(SpillSize::Large) };
    let distances = look_up("1017", spill).unwrap();
    assert_eq!((distances.isolate_m, distances.protect_day_km, distances.protect_night_km), (600, 5.6, 6.4));
    assert_eq!(distances.assumed, [Assumption::Wind]);
}

#[test]
fn an_unknown_container_is_the_one_that_reaches_farthest() {
    let distances = look_up("1017", of_size(SpillSize::Large)).unwrap();
    assert_eq!((distances.isolate_m, distances.protect_night_km), (1000, 11.0));
    assert_eq!(distances.assumed, [Assumption::Container, Assumption::Wind]);
    assert_eq!(Container::of_mode(CarriageMode::Tank), [Container::HighwayTank]);
}

#[test]
fn several_substances_under_one_number_give_the_largest_distances() {
    let distances = look_up("2845", of_size(SpillSize::Large)).unwrap();
    assert_eq!((distances.isolate_m, distances.protect_day_km, distances.protect_night_km), (200, 2.6, 4.2));
    assert_eq!(distances.assumed, [Assumption::Substance]);
    let zones = look_up("3160", of_size(SpillSize::Large)).unwrap();
    assert_eq!((zones.isolate_m, zones.protect_night_km), (1000, 10.5));
    assert_eq!(zones.assumed, [Assumption::Substance]);
}

#[test]
fn goods_listed_for_water_only_have_no_distance_on_land() {
    let on = |on| Spill { on: Some(on), ..of_size(SpillSize::Large) };
    assert_eq!(values("1295", on(SpilledOn::Water)), (60, 0.5, 1.5));
    assert_eq!(look_up("1295", on(SpilledOn::Land)), None);
    let unknown = look_up("1295", of_size(SpillSize::Large)).unwrap();
    assert_eq!((unknown.protect_night_km, unknown.assumed), (1.5, vec![Assumption::Place]));
    assert!(catalogue().distances().only_in_water("1295".parse().unwrap()));
}

#[test]
fn an_unknown_spill_size_is_a_large_spill() {
    let open = look_up("1016", Spill::default()).unwrap();
    assert_eq!((open.isolate_m, open.protect_day_km, open.protect_night_km), (200, 1.2, 3.9));
    assert_eq!(open.assumed, [Assumption::SpillSize]);
}

#[test]
fn an_open_end_anywhere_leaves_the_largest_distance_open() {
    // Tellurium hexafluoride by night: 11.1 km for a small spill, 11.0+ km for a large one.
    let open = look_up("2195", Spill::default()).unwrap();
    assert_eq!((open.protect_night_km, open.night_at_least), (11.1, true));
}

#[test]
fn goods_that_are_not_toxic_by_inhalation_have_no_protective_distance() {
    assert_eq!(look_up("1203", Spill::default()), None);
    assert!(!catalogue().distances().lists("1203".parse().unwrap()));
}

#[test]
fn every_row_of_the_tables_is_consistent() {
    let tables = catalogue().distances();
    assert_eq!(tables.table1.values().map(Vec::len).sum::<usize>(), 365);
    assert_eq!((tables.table1.len(), tables.table3.values().map(Vec::len).sum::<usize>()), (272, 26));
    let consistent = |cells: &Cells| cells.isolate_m >= 30 && cells.day.km <= cells.night.km && cells.day.km > 0.0;
    for (un_number, row) in tables.table1.iter().flat_map(|(un, rows)| rows.iter().map(move |row| (un, row))) {
        assert!(consistent(&row.small), "UN {un_number}");
        match &row.large {
            Some(large) => assert!(
                consistent(large)
                    && large.isolate_m >= row.small.isolate_m
                    && (large.night.km >= row.small.night.km || large.night.at_least),
                "UN {un_number}"
            ),
            None => assert!(tables.in_table3(*un_number), "UN {un_number}"),
        }
    }
    for row in tables.table3.values().flatten() {
        let cells = row.by_wind.map(|(_, cells)| cells);
        assert!(cells.iter().all(consistent));
        assert!(cells[0].night.km >= cells[1].night.km && cells[1].night.km >= cells[2].night.km);
    }
}
