//! Where tankers of a map load and unload.
//!
//! Filling stations, depots and works that the map knows, spread over the whole of it; where it knows fewer than two near
//! a road, some junctions far from each other.

use super::super::{JunctionId, Network};
use crate::geometry::Place;

/// Most terminals of a map. More would only make trips shorter.
const MOST: usize = 40;
/// How far a terminal may lie from the nearest junction, in metres.
const FAR_M: f64 = 500.0;

/// How the terminals were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Terminals {
    /// How many there are.
    pub(super) count: usize,
    /// Whether the map knows them; if not, they are junctions like any other.
    pub(super) known: bool,
}

/// Makes junctions terminals, of those where a vehicle `may_stand`.
pub(super) fn choose(network: &mut Network, sites: &[(Place, String)], may_stand: &dyn Fn(Place) -> bool) -> Terminals {
    let mut junctions: Vec<(JunctionId, Place)> =
        network.junctions().map(|(id, junction)| (id, junction.place)).collect();
    let places: Vec<Place> = sites.iter().map(|(place, _)| *place).collect();
    let mut at_sites: Vec<(JunctionId, &str)> = Vec::new();
    // Twice as many as wanted, because some lie off the roads that were kept.
    for site in spread(&places, 2 * MOST) {
        let Some((place, name)) = sites.get(site) else { continue };
        let Some((junction, at)) = nearest(&junctions, *place) else { continue };
        if !may_stand(at) {
            continue;
        }
        if at_sites.len() < MOST && !at_sites.iter().any(|(taken, _)| *taken == junction) {
            at_sites.push((junction, name));
        }
    }
    let known = at_sites.len() >= 2;
    if !known {
        junctions.retain(|(_, place)| may_stand(*place));
        let places: Vec<Place> = junctions.iter().map(|(_, place)| *place).collect();
        let spread = spread(&places, MOST).into_iter().filter_map(|index| junctions.get(index));
        at_sites = spread.map(|(junction, _)| (*junction, "junction")).collect();
    }
    for (junction, name) in &at_sites {
        network.make_terminal(*junction, name);
    }
    Terminals { count: at_sites.len(), known }
}

/// Positions of at most `most` places, each as far as possible from those before it (Gonzalez 1985).
fn spread(places: &[Place], most: usize) -> Vec<usize> {
    let mut chosen = Vec::new();
    let mut away_m = vec![f64::INFINITY; places.len()];
    while chosen.len() < most {
        let farthest = away_m.iter().enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other));
        let Some((index, place)) =
            farthest.filter(|(_, away_m)| **away_m > 0.0).and_then(|(index, _)| Some((index, *places.get(index)?)))
        else {
            break;
        };
        chosen.push(index);
        for (away_m, other) in away_m.iter_mut().zip(places) {
            *away_m = away_m.min(place.distance_m(*other));
        }
    }
    chosen
}

/// The nearest junction that is near enough.
fn nearest(junctions: &[(JunctionId, Place)], place: Place) -> Option<(JunctionId, Place)> {
    // A degree of latitude is more than 110 km everywhere.
    let most_deg = FAR_M / 110_000.0;
    let near = junctions.iter().filter(|(_, junction)| (junction.lat - place.lat).abs() <= most_deg);
    let away = near.map(|(id, junction)| (junction.distance_m(place), (*id, *junction)));
    let within = away.filter(|(away_m, _)| *away_m <= FAR_M);
    within.min_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, nearest)| nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_chosen_far_from_each_other_and_none_twice() {
        let here = Place::new(51.9, 4.4);
        let places = [here, here.moved(10.0, 0.0), here.moved(1000.0, 0.0), here.moved(520.0, 0.0), here];
        let chosen = spread(&places, 3);
        assert_eq!(chosen.len(), 3);
        assert!(chosen.contains(&2) && chosen.contains(&3), "{chosen:?}");
        assert_eq!(spread(&places, 10).len(), 4, "two lie at the same place");
    }
}
