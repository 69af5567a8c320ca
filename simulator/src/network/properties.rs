//! Ways and parts of random networks, against methods too slow and too simple to be wrong.

use proptest::prelude::*;

use super::*;

/// A road as it is drawn at random: both ends, whether it is one way, its limit, and how far its middle is off.
type Drawn = (usize, usize, bool, f64, f64);

fn network() -> impl Strategy<Value = Network> {
    (2_usize..25).prop_flat_map(|count| {
        let places = proptest::collection::vec((-5000.0..5000.0, -5000.0..5000.0), count);
        let roads = proptest::collection::vec(
            (0..count, 0..count, any::<bool>(), 10.0..120.0, prop_oneof![Just(0.0), 0.0..2000.0]),
            0..60,
        );
        (places, roads).prop_map(|(places, roads)| drawn(&places, roads))
    })
}

fn drawn(places: &[(f64, f64)], roads: Vec<Drawn>) -> Network {
    let centre = Place::new(51.9, 4.4);
    let places: Vec<Place> = places.iter().map(|(east_m, north_m)| centre.moved(*east_m, *north_m)).collect();
    let junctions = places.iter().enumerate().map(|(index, place)| Junction {
        id: index.to_string(),
        name: String::new(),
        place: *place,
        terminal: false,
    });
    let roads = roads.into_iter().map(|(from, to, one_way, limit_kmh, off_m)| {
        let line = vec![places[from], places[from].between(places[to], 0.5).moved(off_m, 0.0), places[to]];
        Road {
            name: String::new(),
            class: RoadClass::Primary,
            limit_kmh,
            legal_limit_kmh: None,
            one_way,
            from: JunctionId(from),
            to: JunctionId(to),
            length_m: geometry::length_m(&line),
            line,
            tunnel: None,
        }
    });
    Network::from_parts(junctions.collect(), roads.collect())
}

/// Every way of driving a road: from where, to where, how many hours.
fn arcs(network: &Network, allowed: &dyn Fn(RoadId) -> bool) -> Vec<(usize, usize, f64)> {
    let of_road = |road: &Road| {
        let hours = road.length_m / 1000.0 / road.limit_kmh.min(80.0);
        let there = (road.from.0, road.to.0, hours);
        let back = (!road.one_way).then_some((road.to.0, road.from.0, hours));
        [Some(there), back].into_iter().flatten().collect::<Vec<_>>()
    };
    network.roads().filter(|(id, _)| allowed(*id)).flat_map(|(_, road)| of_road(road)).collect()
}

/// Hours from one junction to every other (Bellman 1958, Ford 1956).
fn hours_from(network: &Network, from: usize, allowed: &dyn Fn(RoadId) -> bool) -> Vec<f64> {
    let count = network.junctions().count();
    let arcs = arcs(network, allowed);
    let mut hours = vec![f64::INFINITY; count];
    hours[from] = 0.0;
    for _ in 0..count {
        for (start, end, takes) in &arcs {
            hours[*end] = hours[*end].min(hours[*start] + takes);
        }
    }
    hours
}

/// Hours that a route takes, and where it leads, if its legs follow each other in allowed directions.
fn driven(network: &Network, from: JunctionId, legs: &[route::Leg]) -> (f64, JunctionId) {
    legs.iter().fold((0.0, from), |(hours, here), leg| {
        let road = network.road(leg.road).unwrap();
        let (start, end) = if leg.forward { (road.from, road.to) } else { (road.to, road.from) };
        assert!(leg.forward || !road.one_way, "against a one-way road");
        assert_eq!(start, here, "a leg begins elsewhere");
        (hours + road.length_m / 1000.0 / road.limit_kmh.min(80.0), end)
    })
}

proptest! {
    #[test]
    fn the_quickest_way_is_as_quick_as_the_naive_method_finds(network in network(), closed in 0_usize..8) {
        let allowed = |road: RoadId| closed == 0 || !road.0.is_multiple_of(closed + 1);
        let expected = hours_from(&network, 0, &allowed);
        for (to, _) in network.junctions() {
            match network.route(JunctionId(0), to, &allowed) {
                None => prop_assert!(expected[to.0].is_infinite(), "there is a way to {to:?}"),
                Some(legs) => {
                    prop_assert!(legs.iter().all(|leg| allowed(leg.road)));
                    let (hours, end) = driven(&network, JunctionId(0), &legs);
                    prop_assert_eq!(end, to);
                    prop_assert!((hours - expected[to.0]).abs() < 1e-9, "{} instead of {} h", hours, expected[to.0]);
                }
            }
        }
    }

    #[test]
    fn two_junctions_are_of_one_part_if_each_is_reached_from_the_other(network in network()) {
        let parts = network.parts(&|_| true);
        let hours: Vec<Vec<f64>> = (0..parts.len()).map(|from| hours_from(&network, from, &|_| true)).collect();
        for one in 0..parts.len() {
            for other in 0..parts.len() {
                let joined = hours[one][other].is_finite() && hours[other][one].is_finite();
                prop_assert_eq!(joined, parts[one] == parts[other]);
            }
        }
    }
}
