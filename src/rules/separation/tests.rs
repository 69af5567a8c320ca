use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::{
    domain::{RuleKey, Severity, Shipment, ShipmentId, Site, Vehicle, Zone, ZoneKind},
    geo::{Path, quick_m},
    rules::{Realm, seconds_after},
    testing::*,
};

/// Vehicles 1 to 3, which carry these goods.
fn world_of(un_numbers: [&str; 3], zones: Vec<Zone>) -> Realm {
    let mut parts = parts(None, zones);
    parts.vehicles = (1..4).map(|id| Vehicle { id: VehicleId(id), ..vehicle() }).collect();
    parts.shipments = (1..4)
        .zip(un_numbers)
        .map(|(id, un_number)| Shipment { id: ShipmentId(id), vehicle_id: VehicleId(id), ..shipment(un_number) })
        .collect();
    Realm::build(parts.world, parts.packs, &crate::hazard::Catalogue::builtin().unwrap())
}

static EXPLOSIVES: LazyLock<Realm> = LazyLock::new(|| world_of(["0081"; 3], Vec::new()));

fn explosives() -> &'static Realm {
    &EXPLOSIVES
}

/// A track of fixes given by second, east and north in metres.
fn track(vehicle: i64, fixes: &[(f64, f64, f64)]) -> VehicleTrack {
    let points = fixes.iter().map(|(second, east, north)| TrackPoint::from(&fix(*second, *east, *north)));
    VehicleTrack::new(VehicleId(vehicle), points.collect(), None)
}

/// A vehicle that stands from `from` to `to`, with a fix every 10 s.
fn stands(vehicle: i64, (from, to): (u32, u32), east_m: f64) -> VehicleTrack {
    let points = (from..=to).step_by(10).map(|second| TrackPoint::from(&standing(f64::from(second), east_m, 0.0)));
    VehicleTrack::new(VehicleId(vehicle), points.collect(), None)
}

fn judged(world: &Realm, tracks: &[VehicleTrack]) -> Vec<Episode> {
    judge(world, tracks, |_| true)
}

#[test]
fn two_with_explosives_that_stand_together_are_one_episode_of_the_lower_about_the_other() {
    let episodes = judged(explosives(), &[stands(2, (0, 100), 30.0), stands(1, (0, 100), 0.0)]);
    assert_eq!(episodes.len(), 1);
    let episode = &episodes[0];
    assert_eq!((episode.rule, episode.vehicle_id), (RuleKey::Separation, VehicleId(1)));
    assert_eq!(episode.subject.to_string(), "vehicle/2");
    assert_eq!((episode.opened_at, episode.closed_at), (at(0.0), None));
    assert_eq!((episode.entry, episode.certainty), (EntryKind::FoundInside, Certainty::Observed));
    assert!((episode.peak.unwrap() - 30.0).abs() < 0.3 && episode.limit == Some(50.0), "{:?}", episode.peak);
    assert_eq!((episode.severity, episode.hits), (Severity::S2, 22));
    assert_eq!(episode.opened_place, Some(place(0.0, 0.0)));
}

#[test]
fn too_near_counts_from_thirty_seconds_on() {
    let near = |lasts| judged(explosives(), &[stands(1, (0, lasts), 0.0), stands(2, (0, lasts), 30.0)]).len();
    assert_eq!((near(20), near(30)), (0, 1));
}

#[test]
fn fifty_metres_are_enough() {
    let apart = |east_m| judged(explosives(), &[stands(1, (0, 100), 0.0), stands(2, (0, 100), east_m)]).len();
    assert_eq!((apart(49.9), apart(50.1)), (1, 0));
}

#[test]
fn a_meeting_on_the_road_begins_and_ends_between_the_fixes_and_its_least_distance_is_found() {
    // They pass each other at 1 m/s, 14 m to the side: nearer than 50 m for 96 s, nearest half way.
    let tracks =
        [track(1, &[(0.0, 0.0, 0.0), (100.0, 0.0, 0.0)]), track(2, &[(0.0, -50.0, 14.0), (100.0, 50.0, 14.0)])];
    let episodes = judged(explosives(), &tracks);
    let episode = &episodes[0];
    let near = |moment: DateTime<Utc>, second: f64| seconds_between(at(second), moment).abs() < 0.2;
    assert!(near(episode.opened_at, 2.0) && near(episode.closed_at.unwrap(), 98.0), "{episode:?}");
    assert!((episode.peak.unwrap() - 14.0).abs() < 0.2, "{:?}", episode.peak);
    assert_eq!(episode.entry, EntryKind::Crossed);
}

#[test]
fn one_that_drives_past_another_is_soon_far_away() {
    let tracks = [track(1, &[(0.0, 0.0, 0.0), (60.0, 0.0, 0.0)]), track(2, &[(0.0, -600.0, 5.0), (60.0, 600.0, 5.0)])];
    assert!(judged(explosives(), &tracks).is_empty());
}

#[test]
fn a_convoy_that_keeps_too_little_distance_is_one_episode() {
    let drives = |vehicle, ahead_m| {
        let fixes: Vec<_> = (0..30).map(|n| (f64::from(n) * 10.0, f64::from(n) * 200.0 + ahead_m, 0.0)).collect();
        track(vehicle, &fixes)
    };
    assert_eq!(judged(explosives(), &[drives(1, 0.0), drives(2, 40.0)]).len(), 1);
    assert!(judged(explosives(), &[drives(1, 0.0), drives(2, 60.0)]).is_empty());
}

#[test]
fn what_the_receivers_may_err_makes_it_likely_only() {
    let standing = |vehicle, east_m, accuracy_m| {
        let point =
            |second| TrackPoint { accuracy_m: Some(accuracy_m), ..TrackPoint::from(&standing(second, east_m, 0.0)) };
        VehicleTrack::new(VehicleId(vehicle), vec![point(0.0), point(60.0)], None)
    };
    let certainty =
        |accuracy_m| judged(explosives(), &[standing(1, 0.0, accuracy_m), standing(2, 30.0, 12.0)])[0].certainty;
    assert_eq!(certainty(5.0), Certainty::Observed);
    assert_eq!(certainty(10.0), Certainty::Likely);
}

#[test]
fn where_nothing_is_known_of_one_nothing_is_said() {
    let tracks = [stands(1, (0, 1000), 0.0), track(2, &[(0.0, 20.0, 0.0), (20.0, 20.0, 0.0), (500.0, 20.0, 0.0)])];
    assert!(judged(explosives(), &tracks).is_empty(), "20 s, and then a gap");
}

#[test]
fn it_ends_where_one_falls_silent_and_not_before_that_is_known() {
    let world = explosives();
    let short = stands(2, (0, 60), 20.0);
    assert_eq!(judged(world, &[stands(1, (0, 180), 0.0), short.clone()])[0].closed_at, None);
    assert_eq!(judged(world, &[stands(1, (0, 190), 0.0), short.clone()])[0].closed_at, Some(at(60.0)));
    let silent = VehicleTrack { silent_to: Some(at(181.0)), ..short };
    assert_eq!(judged(world, &[stands(1, (0, 60), 0.0), silent])[0].closed_at, Some(at(60.0)), "by the clock");
}

#[test]
fn only_declared_explosives_count() {
    let tracks = [stands(1, (0, 100), 0.0), stands(2, (0, 100), 20.0), stands(3, (0, 100), 40.0)];
    let pairs = |goods| judged(&world_of(goods, Vec::new()), &tracks).len();
    assert_eq!(pairs(["0081", "0081", "0081"]), 3);
    assert_eq!(pairs(["0081", "1203", "0161"]), 1);
    assert_eq!(pairs(["0081", "1203", "1017"]), 0);
    assert_eq!(pairs(["0081", "9999", "9999"]), 0, "nobody knows these");
}

#[test]
fn it_lasts_as_long_as_both_carry_explosives() {
    let mut parts = parts(Some("0081"), Vec::new());
    parts.vehicles.push(Vehicle { id: VehicleId(2), ..vehicle() });
    let (from, to) = (at(15.0), Some(at(75.0)));
    parts.shipments.push(Shipment {
        id: ShipmentId(2),
        vehicle_id: VehicleId(2),
        starts_at: from,
        ends_at: to,
        ..shipment("0081")
    });
    let world = Realm::build(parts.world, parts.packs, &crate::hazard::Catalogue::builtin().unwrap());
    let episodes = judged(&world, &[stands(1, (0, 200), 0.0), stands(2, (0, 200), 20.0)]);
    assert_eq!((episodes[0].opened_at, episodes[0].closed_at), (from, to));
}

#[test]
fn two_that_stand_in_a_yard_are_the_yard_s_business() {
    let square = [-100.0, -100.0, 100.0, 100.0];
    let together = |world: &Realm| judged(world, &[stands(1, (0, 100), 0.0), stands(2, (0, 100), 20.0)]).len();
    for kind in [ZoneKind::StopPlace { supervised: false }, ZoneKind::UnloadingPlace {}] {
        assert_eq!(together(&world_of(["0081"; 3], vec![zone(1, kind, square)])), 0);
    }
    let half = zone(1, ZoneKind::StopPlace { supervised: false }, [-100.0, -100.0, 10.0, 100.0]);
    assert_eq!(together(&world_of(["0081"; 3], vec![half])), 1, "one of them stands outside");

    let mut parts = parts(Some("0081"), Vec::new());
    parts.vehicles.push(Vehicle { id: VehicleId(2), ..vehicle() });
    let middle = place(0.0, 0.0);
    let site = Some(Site { lat: middle.lat(), lon: middle.lon(), radius_m: 100.0 });
    parts.shipments[0].destination = site;
    let second =
        Shipment { id: ShipmentId(2), vehicle_id: VehicleId(2), destination: None, origin: site, ..shipment("0081") };
    parts.shipments.push(second);
    assert_eq!(
        together(&Realm::build(parts.world, parts.packs, &crate::hazard::Catalogue::builtin().unwrap())),
        0,
        "loaded and unloaded"
    );
}

#[test]
fn a_yard_does_not_excuse_those_that_drive_through_it() {
    let square = zone(1, ZoneKind::StopPlace { supervised: false }, [-9000.0, -100.0, 9000.0, 100.0]);
    let drives = |vehicle, ahead_m| {
        let point = |n: u32| {
            let second = f64::from(n) * 10.0;
            TrackPoint::from(&Fix { speed_kmh: Some(36.0), ..fix(second, second * 10.0 + ahead_m, 0.0) })
        };
        VehicleTrack::new(VehicleId(vehicle), (0..10).map(point).collect(), None)
    };
    assert_eq!(judged(&world_of(["0081"; 3], vec![square]), &[drives(1, 0.0), drives(2, 30.0)]).len(), 1);
}

#[test]
fn stretches_with_little_time_between_them_are_one_episode() {
    // 40 s near, a while at 60 m, and 40 s near again.
    let wavers = |away_s: f64| {
        let fixes = [
            (0.0, 45.0, 0.0),
            (40.0, 45.0, 0.0),
            (40.001, 60.0, 0.0),
            (40.0 + away_s, 60.0, 0.0),
            (40.001 + away_s, 45.0, 0.0),
            (80.0 + away_s, 45.0, 0.0),
        ];
        judged(explosives(), &[stands(1, (0, 200), 0.0), track(2, &fixes)]).len()
    };
    assert_eq!((wavers(29.0), wavers(31.0)), (1, 2));
}

#[test]
fn two_beside_the_antimeridian_are_near_each_other() {
    let point =
        |second, lon| TrackPoint { place: Place::new(-17.0, lon).unwrap(), ..TrackPoint::from(&fix(second, 0.0, 0.0)) };
    let stands = |vehicle, lon| VehicleTrack::new(VehicleId(vehicle), vec![point(0.0, lon), point(60.0, lon)], None);
    let episodes = judged(explosives(), &[stands(1, 179.9999), stands(2, -179.9999)]);
    assert!((episodes[0].peak.unwrap() - 21.3).abs() < 0.1, "{:?}", episodes[0].peak);
}

#[test]
fn only_pairs_with_a_vehicle_that_is_meant_are_judged() {
    let tracks = [stands(1, (0, 100), 0.0), stands(2, (0, 100), 20.0), stands(3, (0, 100), 40.0)];
    let episodes = judge(explosives(), &tracks, |vehicle| vehicle == VehicleId(3));
    let pairs: Vec<_> = episodes.iter().map(|episode| (episode.vehicle_id.0, episode.subject.to_string())).collect();
    assert_eq!(pairs, [(1, "vehicle/3".into()), (2, "vehicle/3".into())]);
}

/// Where a track has its vehicle at `second`, worked out without the judge. `None` in a gap.
fn naive_place(fixes: &[(f64, f64, f64)], second: f64) -> Option<Place> {
    let leg = fixes.windows(2).find(|leg| leg[0].0 <= second && second < leg[1].0)?;
    let ((from, east, north), (to, to_east, to_north)) = (leg[0], leg[1]);
    if to - from > 120.0 {
        return None;
    }
    let share = (second - from) / (to - from);
    Some(Path::new(place(east, north), place(to_east, to_north)).place_at(share))
}

/// The stretches in which two are nearer than 50 m, by looking every twentieth of a second.
fn naive_stretches(one: &[(f64, f64, f64)], other: &[(f64, f64, f64)]) -> Vec<(f64, f64, f64)> {
    let mut stretches: Vec<(f64, f64, f64)> = Vec::new();
    let mut is_near = false;
    for n in 0..40_000_u32 {
        let second = f64::from(n) / 20.0;
        let distance_m =
            naive_place(one, second).zip(naive_place(other, second)).map(|(one, other)| quick_m(one, other));
        match (distance_m.filter(|distance_m| *distance_m < 50.0), is_near) {
            (Some(distance_m), true) => {
                if let Some(last) = stretches.last_mut() {
                    *last = (last.0, second, last.2.min(distance_m));
                }
            }
            (Some(distance_m), false) => stretches.push((second, second, distance_m)),
            (None, _) => {}
        }
        is_near = distance_m.is_some_and(|distance_m| distance_m < 50.0);
    }
    stretches
}

/// Fixes of a vehicle that wanders about the middle.
fn wanderer() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    let step = (1.0..60.0_f64, -60.0..60.0_f64, -60.0..60.0_f64);
    proptest::collection::vec(step, 2..20).prop_map(|steps| {
        let mut now = (0.0, 0.0_f64, 0.0_f64);
        steps
            .into_iter()
            .map(|(pause_s, east_m, north_m)| {
                let pause_s = if pause_s > 58.0 { 200.0 } else { pause_s };
                now = (now.0 + pause_s, (now.1 + east_m).clamp(-100.0, 100.0), (now.2 + north_m).clamp(-100.0, 100.0));
                now
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn it_agrees_with_looking_every_twentieth_of_a_second(one in wanderer(), other in wanderer()) {
        let stretches = naive_stretches(&one, &other);
        // Where a length is so near to the hold time that looking now and then cannot tell, nothing is compared.
        let lengths = stretches.iter().map(|(from, to, _)| to - from);
        let pauses = stretches.windows(2).map(|two| two[1].0 - two[0].1);
        prop_assume!(lengths.chain(pauses).all(|length| (length - 30.0).abs() > 0.3 && length > 0.3));
        let mut expected: Vec<(f64, f64, f64)> = Vec::new();
        for (from, to, least_m) in stretches.into_iter().filter(|(from, to, _)| to - from >= 30.0) {
            match expected.last_mut() {
                Some(last) if from - last.1 < 30.0 => *last = (last.0, to, last.2.min(least_m)),
                _ => expected.push((from, to, least_m)),
            }
        }
        let tracks = [track(1, &one), track(2, &other)];
        let found = judged(explosives(), &tracks);
        prop_assert_eq!(found.len(), expected.len(), "{:?} {:?}", found, expected);
        let newest_s = one.last().unwrap().0.min(other.last().unwrap().0);
        for (episode, (from, to, least_m)) in found.iter().zip(expected) {
            let near = |moment: DateTime<Utc>, second: f64| seconds_between(seconds_after(at(0.0), second), moment).abs() < 0.2;
            prop_assert!(near(episode.opened_at, from), "{:?} {}", episode, from);
            match episode.closed_at {
                Some(closed_at) => prop_assert!(near(closed_at, to), "{:?} {}", episode, to),
                None => prop_assert!((to - newest_s).abs() < 0.2),
            }
            prop_assert!((episode.peak.unwrap() - least_m).abs() < 0.5, "{:?} {}", episode, least_m);
        }
    }

    #[test]
    fn the_order_of_fixes_and_of_vehicles_makes_no_difference(
        one in wanderer().prop_flat_map(|fixes| (Just(fixes.clone()), Just(fixes).prop_shuffle())),
        other in wanderer().prop_flat_map(|fixes| (Just(fixes.clone()), Just(fixes).prop_shuffle())),
    ) {
        let world = explosives();
        let in_order = judged(world, &[track(1, &one.0), track(2, &other.0)]);
        prop_assert_eq!(&judged(world, &[track(1, &one.1), track(2, &other.1)]), &in_order);
        prop_assert_eq!(&judged(world, &[track(2, &other.1), track(1, &one.0)]), &in_order);
    }
}
