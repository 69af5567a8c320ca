//! Ways through the network: the quickest one that keeps out of given roads, and the line it follows.

use std::{cmp::Ordering, collections::BinaryHeap};

use super::{JunctionId, Network, RoadId};
use crate::geometry::Place;

/// One road of a route, in the direction it is driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Which road.
    pub road: RoadId,
    /// Whether it is driven from its beginning to its end.
    pub forward: bool,
}

/// A part of a path with the same limit all along.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Where it begins, in metres along the path.
    pub from_m: f64,
    /// Where it ends, in metres along the path.
    pub to_m: f64,
    /// Limit in km/h.
    pub limit_kmh: f64,
    /// The tunnel's name, if this is one.
    pub tunnel: Option<String>,
}

/// The line of a route with what holds along it.
#[derive(Clone, Debug, Default)]
pub struct Path {
    /// Its points, in driving order.
    pub points: Vec<Place>,
    /// How far along each point lies, in metres.
    pub at_m: Vec<f64>,
    /// Its stretches, in driving order, without gaps.
    pub stretches: Vec<Stretch>,
}

impl Path {
    /// A path along a line, with one limit all along.
    #[must_use]
    pub fn along(line: &[Place], limit_kmh: f64) -> Self {
        let mut at_m = vec![0.0];
        for (from, to) in crate::geometry::pairs(line) {
            at_m.push(at_m.last().copied().unwrap_or(0.0) + from.distance_m(to));
        }
        let to_m = at_m.last().copied().unwrap_or(0.0);
        let stretches = vec![Stretch { from_m: 0.0, to_m, limit_kmh, tunnel: None }];
        Self { points: line.to_vec(), at_m, stretches }
    }

    /// The same with another limit, and another tunnel or none, between two distances along it.
    #[must_use]
    pub fn with_stretch(mut self, from_m: f64, to_m: f64, change: impl Fn(&mut Stretch)) -> Self {
        let mut stretches = Vec::new();
        for stretch in std::mem::take(&mut self.stretches) {
            let cuts = [stretch.from_m, from_m, to_m, stretch.to_m].map(|m| m.clamp(stretch.from_m, stretch.to_m));
            for (part_from_m, part_to_m) in cuts.iter().zip(cuts.iter().skip(1)) {
                let mut part = Stretch { from_m: *part_from_m, to_m: *part_to_m, ..stretch.clone() };
                if part.to_m <= part.from_m {
                    continue;
                }
                if part.from_m >= from_m && part.to_m <= to_m {
                    change(&mut part);
                }
                stretches.push(part);
            }
        }
        self.stretches = stretches;
        self
    }

    /// Its length in metres.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.at_m.last().copied().unwrap_or(0.0)
    }

    /// The place so many metres along, and the course there in degrees. `None` for an empty path.
    #[must_use]
    pub fn at(&self, along_m: f64) -> Option<(Place, f64)> {
        self.between_points(along_m)
            .map(|(start, end, fraction)| (start.between(end, fraction), start.heading_deg(end)))
    }

    /// The place so many metres along. `None` for an empty path.
    #[must_use]
    pub fn place_at(&self, along_m: f64) -> Option<Place> {
        self.between_points(along_m).map(|(start, end, fraction)| start.between(end, fraction))
    }

    fn between_points(&self, along_m: f64) -> Option<(Place, Place, f64)> {
        let last = self.points.len().checked_sub(2)?;
        let index = self.at_m.partition_point(|at| *at <= along_m).saturating_sub(1).min(last);
        let (start, end) = (*self.points.get(index)?, *self.points.get(index + 1)?);
        let (from_m, to_m) = (*self.at_m.get(index)?, *self.at_m.get(index + 1)?);
        let fraction = if to_m > from_m { ((along_m - from_m) / (to_m - from_m)).clamp(0.0, 1.0) } else { 0.0 };
        Some((start, end, fraction))
    }

    /// The stretch so many metres along.
    #[must_use]
    pub fn stretch_at(&self, along_m: f64) -> Option<&Stretch> {
        let index = self.stretches.partition_point(|stretch| stretch.to_m <= along_m);
        self.stretches.get(index).or_else(|| self.stretches.last())
    }

    /// The part of the path from so many metres along to its end.
    #[must_use]
    pub fn from(&self, start_m: f64) -> Self {
        self.cut(start_m, self.length_m())
    }

    /// The part of the path between two distances along it.
    #[must_use]
    pub fn cut(&self, start_m: f64, end_m: f64) -> Self {
        let start_m = start_m.clamp(0.0, self.length_m());
        let end_m = end_m.clamp(start_m, self.length_m());
        let mut part = Self::default();
        let inner =
            self.points.iter().zip(&self.at_m).filter(|(_, at)| (start_m..end_m).contains(at) && **at > start_m);
        let ends = [self.at(start_m), self.at(end_m)];
        let [first, last] = ends.map(|end| end.map(|(place, _)| place));
        part.points.extend(first);
        part.at_m.push(0.0);
        for (place, at) in inner {
            part.points.push(*place);
            part.at_m.push(at - start_m);
        }
        part.points.extend(last);
        part.at_m.push(end_m - start_m);
        part.stretches = self
            .stretches
            .iter()
            .filter(|stretch| stretch.to_m > start_m && stretch.from_m < end_m)
            .map(|stretch| Stretch {
                from_m: (stretch.from_m - start_m).max(0.0),
                to_m: stretch.to_m.min(end_m) - start_m,
                ..stretch.clone()
            })
            .collect();
        part
    }
}

/// No vehicle of the simulator is faster, in km/h, whatever a limit allows.
const FASTEST_KMH: f64 = 80.0;

impl Network {
    /// The quickest way between two junctions over roads that `allowed` lets through, or `None`.
    ///
    /// The search goes towards the goal (A*; Hart, Nilsson and Raphael 1968). What is left to drive is taken to be the
    /// great circle at the highest speed, which is never too much, so that the way found is a quickest one.
    #[must_use]
    pub fn route(&self, from: JunctionId, to: JunctionId, allowed: &dyn Fn(RoadId) -> bool) -> Option<Vec<Leg>> {
        let goal = self.junctions.get(to.0)?.place;
        let left_hours = |junction: JunctionId| {
            self.junctions.get(junction.0).map_or(0.0, |one| one.place.distance_m(goal) / 1000.0 / FASTEST_KMH)
        };
        let mut reached: Vec<Reached> = vec![None; self.junctions.len()];
        *reached.get_mut(from.0)? = Some((0.0, None));
        let mut waiting = BinaryHeap::from([Visit { hours: 0.0, in_all_hours: left_hours(from), junction: from }]);
        while let Some(Visit { hours, junction, .. }) = waiting.pop() {
            if junction == to {
                return Some(trace_back(&reached, to));
            }
            if hours_to(&reached, junction).is_some_and(|known| known < hours) {
                continue;
            }
            for id in self.leaving(junction).iter().copied().filter(|id| allowed(*id)) {
                let Some(road) = self.road(id) else { continue };
                let forward = road.from == junction;
                let next = if forward { road.to } else { road.from };
                let arrival = hours + road.length_m / 1000.0 / road.limit_kmh.min(FASTEST_KMH);
                let Some(known) = reached.get_mut(next.0) else { continue };
                if known.is_none_or(|(known, _)| arrival < known) {
                    *known = Some((arrival, Some((junction, Leg { road: id, forward }))));
                    waiting.push(Visit { hours: arrival, in_all_hours: arrival + left_hours(next), junction: next });
                }
            }
        }
        None
    }

    /// The line of a route. Legs that are not of this network are left out.
    #[must_use]
    pub fn path(&self, legs: &[Leg]) -> Path {
        let mut path = Path::default();
        for leg in legs {
            let Some(road) = self.road(leg.road) else { continue };
            let start_m = path.length_m();
            let mut append = |place: &Place| {
                let at =
                    path.points.last().map_or(0.0, |last| path.at_m.last().unwrap_or(&0.0) + last.distance_m(*place));
                if path.points.last() != Some(place) {
                    path.points.push(*place);
                    path.at_m.push(at);
                }
            };
            if leg.forward {
                road.line.iter().for_each(&mut append);
            } else {
                road.line.iter().rev().for_each(&mut append);
            }
            path.stretches.push(Stretch {
                from_m: start_m,
                to_m: path.length_m(),
                limit_kmh: road.limit_kmh,
                tunnel: road.tunnel.as_ref().map(|tunnel| tunnel.name.clone()),
            });
        }
        path
    }
}

/// The hours it takes to get to a junction, and by which leg from which junction; `None` as long as there is no way.
type Reached = Option<(f64, Option<(JunctionId, Leg)>)>;

fn hours_to(reached: &[Reached], junction: JunctionId) -> Option<f64> {
    reached.get(junction.0).copied().flatten().map(|(hours, _)| hours)
}

fn trace_back(reached: &[Reached], to: JunctionId) -> Vec<Leg> {
    let mut legs = Vec::new();
    let mut here = to;
    while let Some(Some((_, Some((before, leg))))) = reached.get(here.0) {
        legs.push(*leg);
        here = *before;
    }
    legs.reverse();
    legs
}

struct Visit {
    hours: f64,
    /// With what is left to the goal at least.
    in_all_hours: f64,
    junction: JunctionId,
}

impl Ord for Visit {
    /// The soonest comes first out of the heap; equal times by junction, so that routes are the same on every run.
    fn cmp(&self, other: &Self) -> Ordering {
        other.in_all_hours.total_cmp(&self.in_all_hours).then_with(|| other.junction.cmp(&self.junction))
    }
}

impl PartialOrd for Visit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Visit {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Visit {}

#[cfg(test)]
mod tests {
    use super::*;

    fn tunnels_on(network: &Network, legs: &[Leg]) -> Vec<String> {
        network.path(legs).stretches.into_iter().filter_map(|stretch| stretch.tunnel).collect()
    }

    fn way(network: &Network, from: &str, to: &str, avoid: &[&str]) -> Option<Vec<Leg>> {
        let allowed = |id| {
            let tunnel = network.road(id).and_then(|road| road.tunnel.as_ref());
            tunnel.is_none_or(|tunnel| !avoid.contains(&tunnel.name.as_str()))
        };
        network.route(network.junction(from)?, network.junction(to)?, &allowed)
    }

    #[test]
    fn the_quickest_way_to_the_botlek_is_its_tunnel_and_the_bridge_stands_beside_it() {
        let network = Network::corridor().unwrap();
        let by_tunnel = way(&network, "beneluxplein", "botlek", &[]).unwrap();
        assert_eq!(tunnels_on(&network, &by_tunnel), ["Botlektunnel"]);
        let by_bridge = way(&network, "beneluxplein", "botlek", &["Botlektunnel"]).unwrap();
        assert!(tunnels_on(&network, &by_bridge).is_empty());
        let longer = network.path(&by_bridge).length_m() - network.path(&by_tunnel).length_m();
        assert!((50.0..2000.0).contains(&longer), "{longer}");
    }

    #[test]
    fn antwerp_is_reached_from_rotterdam_without_any_restricted_tunnel() {
        let network = Network::corridor().unwrap();
        let restricted: Vec<&str> = network
            .tunnels()
            .filter(|(_, tunnel)| tunnel.category != Some(crate::goods::TunnelCategory::A))
            .map(|(_, tunnel)| tunnel.name.as_str())
            .collect();
        for terminal in ["maasvlakte", "europoort", "botlek", "pernis", "moerdijk", "dordrecht", "kallo", "scheldelaan"]
        {
            let legs = way(&network, "ekeren", terminal, &restricted);
            assert!(legs.is_some_and(|legs| !legs.is_empty()), "no way to {terminal}");
        }
    }

    #[test]
    fn a_path_is_continuous_and_its_stretches_follow_each_other() {
        let network = Network::corridor().unwrap();
        let path = network.path(&way(&network, "maasvlakte", "ekeren", &[]).unwrap());
        assert!((80_000.0..160_000.0).contains(&path.length_m()), "{}", path.length_m());
        assert!(path.stretches.windows(2).all(|two| two[0].to_m == two[1].from_m));
        for step in 0..1000 {
            let along_m = path.length_m() * f64::from(step) / 1000.0;
            let (here, _) = path.at(along_m).unwrap();
            let (there, _) = path.at(along_m + 20.0).unwrap();
            assert!(here.distance_m(there) < 20.5, "a jump {along_m} m along");
        }
    }

    #[test]
    fn a_cut_keeps_limits_and_places() {
        let network = Network::corridor().unwrap();
        let path = network.path(&way(&network, "beneluxplein", "botlek", &[]).unwrap());
        let part = path.cut(1000.0, 3000.0);
        assert!((part.length_m() - 2000.0).abs() < 1e-6);
        let (here, _) = part.at(500.0).unwrap();
        let (there, _) = path.at(1500.0).unwrap();
        assert!(here.distance_m(there) < 0.01);
        assert_eq!(part.stretch_at(500.0).unwrap().limit_kmh, path.stretch_at(1500.0).unwrap().limit_kmh);
    }

    #[test]
    fn a_changed_stretch_leaves_the_rest_as_it_was() {
        let here = Place::new(51.8, 4.6);
        let path = Path::along(&[here, here.moved(3000.0, 0.0)], 80.0).with_stretch(1000.0, 1500.0, |part| {
            part.limit_kmh = 30.0;
        });
        let limits = [500.0, 1250.0, 2000.0].map(|along_m| path.stretch_at(along_m).unwrap().limit_kmh);
        assert_eq!(limits, [80.0, 30.0, 80.0]);
        assert!(path.stretches.windows(2).all(|two| two[0].to_m == two[1].from_m));
    }

    #[test]
    fn where_nothing_is_allowed_there_is_no_way() {
        let network = Network::corridor().unwrap();
        let (from, to) = (network.junction("pernis").unwrap(), network.junction("botlek").unwrap());
        assert_eq!(network.route(from, to, &|_| false), None);
    }
}
