//! Stories of vehicles that leave their route.

use crate::{
    domain::{Certainty, EntryKind, Episode, Fix, RouteId, RuleKey, Subject},
    rules::seconds_between,
    testing::*,
};

/// A shipment of petrol on a route 10 km due east, with a corridor of 100 m to both sides.
fn on_route() -> Parts {
    let mut parts = parts(Some("1203"), Vec::new());
    parts.routes = vec![route(7, 100.0, &[(0.0, 0.0), (10_000.0, 0.0)])];
    parts.shipments[0].route_id = Some(RouteId(7));
    parts
}

/// Fixes every 10 s on the straight ways between these points, each given by its second and its metres east and north.
fn way(points: &[(f64, f64, f64)]) -> Vec<Fix> {
    let mut fixes = Vec::new();
    for leg in points.windows(2) {
        let ((from_s, east_m, north_m), (to_s, to_east_m, to_north_m)) = (leg[0], leg[1]);
        let mut second = from_s;
        while second < to_s {
            let share = (second - from_s) / (to_s - from_s);
            let (step_east_m, step_north_m) = (to_east_m - east_m, to_north_m - north_m);
            let speed_kmh = step_east_m.hypot(step_north_m) / (to_s - from_s) * 3.6;
            fixes.push(Fix {
                speed_kmh: Some(speed_kmh),
                ..fix(second, east_m + share * step_east_m, north_m + share * step_north_m)
            });
            second += 10.0;
        }
    }
    let (second, east_m, north_m) = points[points.len() - 1];
    fixes.push(Fix { speed_kmh: Some(0.0), ..fix(second, east_m, north_m) });
    fixes
}

fn deviations(story: &Story) -> Vec<Episode> {
    story.of_rule(RuleKey::RouteDeviation).into_iter().cloned().collect()
}

/// How many seconds into the story `episode` began.
fn began_s(episode: &Episode) -> f64 {
    seconds_between(at(0.0), episode.opened_at)
}

fn ended_s(episode: &Episode) -> f64 {
    seconds_between(at(0.0), episode.closed_at.unwrap())
}

#[test]
fn a_vehicle_that_leaves_the_corridor_for_long_deviates_from_where_it_left_it() {
    let mut story = Story::of(on_route());
    story.drive(&way(&[(0.0, 0.0, 0.0), (100.0, 2000.0, 0.0), (200.0, 2000.0, 1000.0)]));
    let [episode] = &deviations(&story)[..] else { panic!("{:?}", story.episodes) };
    assert_eq!(episode.subject, Subject::Route(RouteId(7)));
    assert_eq!((episode.entry, episode.certainty), (EntryKind::Crossed, Certainty::Observed));
    assert_eq!(&*episode.situation, "corridor");
    // It drives off at 10 m/s, so it passes the edge, 100 m out, after 10 s.
    assert!((began_s(episode) - 110.0).abs() < 0.3, "{}", began_s(episode));
    assert!((episode.opened_place.unwrap().lat() * DEGREE_M - 100.0).abs() < 2.0);
    assert!(episode.peak.unwrap() > 900.0, "how far off it came, but for the last steps");
    assert_eq!(episode.limit, Some(100.0));
    assert!(episode.closed_at.is_none());
}

#[test]
fn it_ends_where_the_vehicle_came_back_into_the_corridor() {
    let mut story = Story::of(on_route());
    story.drive(&way(&[
        (0.0, 0.0, 0.0),
        (100.0, 2000.0, 0.0),
        (200.0, 2500.0, 1000.0),
        (300.0, 3000.0, 0.0),
        (400.0, 5000.0, 0.0),
    ]));
    let [episode] = &deviations(&story)[..] else { panic!("{:?}", story.episodes) };
    assert!((ended_s(episode) - 290.0).abs() < 0.3, "{}", ended_s(episode));
    assert!((episode.peak.unwrap() - 1000.0).abs() < 10.0, "how far it came");
    assert!((episode.closed_place.unwrap().lat() * DEGREE_M - 100.0).abs() < 2.0);
}

#[test]
fn a_short_time_or_a_short_way_off_the_route_is_none() {
    // 55 s outside, and far.
    let mut story = Story::of(on_route());
    story.drive(&way(&[
        (0.0, 0.0, 0.0),
        (10.0, 0.0, 100.0),
        (30.0, 0.0, 500.0),
        (65.0, 300.0, 90.0),
        (100.0, 1000.0, 0.0),
    ]));
    assert!(deviations(&story).is_empty());
    // Ten minutes at a filling station beside the road: 190 m of way.
    let mut story = Story::of(on_route());
    story.drive(&way(&[(0.0, 0.0, 0.0), (20.0, 200.0, 95.0), (30.0, 200.0, 280.0), (600.0, 200.0, 280.0)]));
    assert!(deviations(&story).is_empty());
}

#[test]
fn time_and_way_at_the_edge_of_the_thresholds() {
    let parts = |off_s: f64, off_m: f64| {
        let mut parts = on_route();
        let given = serde_json::json!({ "route.deviation": { "off_s": off_s, "off_m": off_m } });
        parts.packs = packs(pack_with(&given));
        parts
    };
    // Found outside at the first fix: exactly 60 s and some 300 m of way later.
    let away = [(0.0, 0.0, 500.0), (60.0, 300.0, 500.0)];
    let found = |off_s, off_m| {
        let mut story = Story::of(parts(off_s, off_m));
        story.drive(&way(&away));
        !deviations(&story).is_empty()
    };
    assert!(found(60.0, 290.0));
    assert!(!found(60.5, 290.0));
    assert!(!found(60.0, 310.0));
}

#[test]
fn a_road_that_crosses_the_corridor_is_not_the_way_back() {
    let mut story = Story::of(on_route());
    // Off to the north, then south across the route at 40 km/h, and on.
    let across = [(0.0, 0.0, 0.0), (50.0, 1000.0, 0.0), (100.0, 1500.0, 700.0), (260.0, 1500.0, -1000.0)];
    story.drive(&way(&across));
    let [episode] = &deviations(&story)[..] else { panic!("{:?}", story.episodes) };
    assert!(episode.closed_at.is_none(), "it only crossed the route");
    assert!(episode.peak.unwrap() > 600.0);
}

#[test]
fn standing_in_the_corridor_is_being_back() {
    let mut story = Story::of(on_route());
    story.drive(&way(&[
        (0.0, 0.0, 0.0),
        (50.0, 1000.0, 0.0),
        (150.0, 1500.0, 1000.0),
        (250.0, 1500.0, 0.0),
        (350.0, 1500.0, 0.0),
    ]));
    let [episode] = &deviations(&story)[..] else { panic!("{:?}", story.episodes) };
    assert!((ended_s(episode) - 240.0).abs() < 0.3, "{}", ended_s(episode));
}

#[test]
fn a_parallel_road_deviates_only_where_it_lies_outside_the_corridor() {
    for (north_m, deviates) in [(80.0, false), (150.0, true)] {
        let mut story = Story::of(on_route());
        story.drive(&way(&[(0.0, 0.0, 0.0), (50.0, 1000.0, north_m), (150.0, 3000.0, north_m)]));
        assert_eq!(!deviations(&story).is_empty(), deviates, "{north_m} m beside the route");
    }
}

#[test]
fn what_the_receiver_errs_widens_the_corridor() {
    let mut parts = on_route();
    parts.settings.zone_margins = crate::world::RuleSettings::default().zone_margins;
    let mut story = Story::of(parts);
    let beside = way(&[(0.0, 0.0, 130.0), (150.0, 3000.0, 130.0)]);
    let unsure: Vec<Fix> = beside.iter().map(|fix| Fix { accuracy_m: Some(40.0), ..fix.clone() }).collect();
    story.drive(&unsure);
    assert!(deviations(&story).is_empty());
}

#[test]
fn at_the_places_of_loading_and_unloading_nobody_has_to_be_on_the_route() {
    let mut parts = on_route();
    parts.shipments[0].origin = Some(site(-500.0, 400.0, 500.0));
    parts.shipments[0].destination = Some(site(10_000.0, 400.0, 500.0));
    let mut story = Story::of(parts);
    story.drive(&way(&[
        (0.0, -500.0, 800.0),
        (100.0, -500.0, 400.0),
        (200.0, 0.0, 0.0),
        (700.0, 10_000.0, 0.0),
        (800.0, 10_000.0, 800.0),
        (900.0, 10_300.0, 500.0),
    ]));
    assert!(deviations(&story).is_empty(), "{:?}", story.episodes);
}

#[test]
fn a_vehicle_that_is_outside_when_it_is_first_seen_is_found_so() {
    let mut story = Story::of(on_route());
    story.drive(&way(&[(0.0, 0.0, 1000.0), (100.0, 1000.0, 1000.0)]));
    let [episode] = &deviations(&story)[..] else { panic!("{:?}", story.episodes) };
    assert_eq!((episode.entry, began_s(episode)), (EntryKind::FoundInside, 0.0));
}

#[test]
fn what_happened_in_a_gap_is_not_asserted() {
    // Off the route at both ends of a gap: it may have been back in between.
    let mut story = Story::of(on_route());
    story.drive(&way(&[(0.0, 0.0, 0.0), (30.0, 0.0, 200.0)]));
    story.drive(&[standing(230.0, 1000.0, 600.0)]);
    let [episode] = &deviations(&story)[..] else { panic!("{:?}", story.episodes) };
    assert_eq!(episode.certainty, Certainty::Possible);
    story.drive(&way(&[(240.0, 1000.0, 700.0), (250.0, 1000.0, 800.0)]));
    let [episode] = &deviations(&story)[..] else { panic!("{:?}", story.episodes) };
    assert_eq!(episode.certainty, Certainty::Observed);
    // Back after a gap: it was last seen off the route before it.
    story.drive(&[standing(600.0, 2000.0, 0.0)]);
    assert_eq!(ended_s(&deviations(&story)[0]), 250.0);

    // On the route before a gap and off it after: since when is not known.
    let mut story = Story::of(on_route());
    story.drive(&[standing(0.0, 0.0, 0.0), standing(300.0, 1000.0, 600.0)]);
    assert!(deviations(&story).is_empty());
    story.drive(&way(&[(310.0, 1000.0, 700.0), (370.0, 1000.0, 1400.0)]));
    let [episode] = &deviations(&story)[..] else { panic!("{:?}", story.episodes) };
    assert_eq!((episode.entry, began_s(episode)), (EntryKind::FoundInside, 300.0));
}

#[test]
fn driving_the_route_backwards_is_a_deviation_from_where_the_vehicle_turned() {
    let mut story = Story::of(on_route());
    story.drive(&way(&[(0.0, 0.0, 0.0), (100.0, 2000.0, 0.0), (110.0, 1850.0, 0.0)]));
    assert!(deviations(&story).is_empty(), "a driver may manoeuvre");
    story.drive(&way(&[(120.0, 1700.0, 0.0), (160.0, 900.0, 0.0)]));
    let [episode] = &deviations(&story)[..] else { panic!("{:?}", story.episodes) };
    assert_eq!(&*episode.situation, "direction");
    assert_eq!(began_s(episode), 100.0);
    assert!((episode.peak.unwrap() - 900.0).abs() < 10.0, "raised at 300 m, and after 500 m more");
    assert_eq!(episode.limit, Some(200.0));
    // It turns again: the deviation ends where it did.
    story.drive(&way(&[(170.0, 1100.0, 0.0), (200.0, 1700.0, 0.0)]));
    let episode = &deviations(&story)[0];
    assert_eq!(ended_s(episode), 160.0);
    assert!((episode.peak.unwrap() - 1100.0).abs() < 10.0, "the whole way back");
}

#[test]
fn a_road_that_leads_back_to_the_route_may_lead_against_its_direction() {
    // It leaves at 5 km, comes back from ahead on a road that meets the route at a sharp angle at 6 km, and turns there.
    let rejoins = [(0.0, 3000.0, 0.0), (100.0, 5000.0, 0.0), (200.0, 6800.0, 1000.0), (260.0, 7000.0, 300.0)];
    let mut there = [&rejoins[..], &[(350.0, 6000.0, 0.0), (450.0, 8000.0, 0.0)]].concat();
    let mut story = Story::of(on_route());
    story.drive(&way(&there));
    let [episode] = &deviations(&story)[..] else { panic!("{:?}", story.episodes) };
    assert_eq!(&*episode.situation, "corridor");
    assert!(ended_s(episode) < 350.0);

    // Who goes on against it once it is there drives backwards.
    there.truncate(5);
    there.push((450.0, 4000.0, 0.0));
    let mut story = Story::of(on_route());
    story.drive(&way(&there));
    assert_eq!(deviations(&story).len(), 2);
    assert_eq!(&*deviations(&story)[1].situation, "direction");
}

#[test]
fn the_way_home_from_the_place_of_unloading_is_no_wrong_direction() {
    let mut parts = on_route();
    parts.shipments[0].destination = Some(site(10_000.0, 0.0, 200.0));
    let mut story = Story::of(parts);
    story.drive(&way(&[(0.0, 5000.0, 0.0), (250.0, 10_000.0, 0.0), (500.0, 5000.0, 0.0)]));
    assert!(deviations(&story).is_empty());
}

#[test]
fn a_deviation_ends_with_its_shipment_and_without_a_route_there_is_none() {
    let mut parts = on_route();
    parts.shipments[0].ends_at = Some(at(155.0));
    let mut story = Story::of(parts);
    story.drive(&way(&[(0.0, 0.0, 0.0), (100.0, 0.0, 1000.0), (200.0, 0.0, 2000.0)]));
    let [episode] = &deviations(&story)[..] else { panic!("{:?}", story.episodes) };
    assert_eq!(ended_s(episode), 155.0);

    let mut parts = on_route();
    parts.shipments[0].route_id = None;
    let mut story = Story::of(parts);
    story.drive(&way(&[(0.0, 0.0, 0.0), (300.0, 0.0, 3000.0)]));
    assert!(deviations(&story).is_empty());
}
