//! Where a vehicle truly is: trips one after another, standing in between.

use crate::{
    geometry::Place,
    network::route::Path,
    vehicle::{
        TrueState,
        trip::{Performance, Trip},
    },
};

use super::{Span, Spans};

/// What a vehicle that moves no faster than this does, in km/h, is standing.
pub const STANDING_KMH: f64 = 0.5;

/// Trips with their departures, in order. Before the first a vehicle stands at its beginning, after each at its end.
#[derive(Clone, Debug, Default)]
pub struct Motion {
    trips: Vec<(f64, Trip)>,
    /// Metres driven before each trip.
    driven_m: Vec<f64>,
}

impl Motion {
    /// Stands at a place for ever.
    #[must_use]
    pub fn standing(place: Place, heading_deg: f64) -> Self {
        let course = heading_deg.to_radians();
        let ahead = place.moved(course.sin(), course.cos());
        let mut motion = Self::default();
        // A trip that never departs.
        motion.depart(f64::INFINITY, Trip::plan(Path::along(&[place, ahead], 10.0), Performance::TANKER));
        motion
    }

    /// Begins a trip. One that is under way is broken off where the vehicle is then.
    pub fn depart(&mut self, at_s: f64, trip: Trip) {
        let driven_m = if self.trips.is_empty() { 0.0 } else { self.odometer_m(at_s) };
        let later = self.trips.partition_point(|(departed_s, _)| *departed_s < at_s);
        self.trips.truncate(later);
        self.driven_m.truncate(later);
        self.trips.push((at_s, trip));
        self.driven_m.push(driven_m);
    }

    /// The same, so many seconds later.
    #[must_use]
    pub fn later(&self, by_s: f64) -> Self {
        let trips = self.trips.iter().map(|(departed_s, trip)| (departed_s + by_s, trip.clone())).collect();
        Self { trips, driven_m: self.driven_m.clone() }
    }

    /// The true state at a second. A motion without any trip is nowhere.
    #[must_use]
    pub fn at(&self, time_s: f64) -> Option<TrueState> {
        let (departed_s, trip) = self.trip_at(time_s)?;
        let into_s = time_s - departed_s;
        let mut state = trip.state_at(into_s)?;
        state.ignition = (0.0..trip.duration_s()).contains(&into_s);
        Some(state)
    }

    /// Where the vehicle is at a second.
    #[must_use]
    pub fn place_at(&self, time_s: f64) -> Option<Place> {
        let (departed_s, trip) = self.trip_at(time_s)?;
        trip.path().place_at(trip.progress(time_s - departed_s).0)
    }

    /// Metres driven since the beginning.
    #[must_use]
    pub fn odometer_m(&self, time_s: f64) -> f64 {
        let index = self.index_at(time_s);
        let before_m = self.driven_m.get(index).copied().unwrap_or(0.0);
        let (departed_s, trip) = match self.trips.get(index) {
            Some((departed_s, trip)) if departed_s.is_finite() => (departed_s, trip),
            _ => return before_m,
        };
        before_m + trip.progress((time_s - departed_s).max(0.0)).0
    }

    /// When the last trip has ended; 0 if there is none.
    #[must_use]
    pub fn ends_s(&self) -> f64 {
        self.trips.last().filter(|(at_s, _)| at_s.is_finite()).map_or(0.0, |(at_s, trip)| at_s + trip.duration_s())
    }

    /// The trips with their departures.
    #[must_use]
    pub fn trips(&self) -> &[(f64, Trip)] {
        &self.trips
    }

    /// The trip under way, or the last before, and when it departed.
    #[must_use]
    pub fn trip_at(&self, time_s: f64) -> Option<(f64, &Trip)> {
        self.trips.get(self.index_at(time_s)).map(|(departed_s, trip)| (*departed_s, trip))
    }

    /// When the vehicle moves, within `whole`, to a tenth of a second.
    #[must_use]
    pub fn moving(&self, whole: Span) -> Spans {
        self.faster_than(whole, STANDING_KMH)
    }

    /// When the vehicle is faster than so many km/h, within `whole`.
    #[must_use]
    pub fn faster_than(&self, whole: Span, kmh: f64) -> Spans {
        let mut spans = Vec::new();
        for (index, (departed_s, trip)) in self.trips.iter().enumerate() {
            let next_s = self.trips.get(index + 1).map_or(f64::INFINITY, |(next_s, _)| *next_s);
            let until_s = next_s.min(departed_s + trip.duration_s());
            let part = Span::new(*departed_s, until_s).cut(whole);
            spans.extend(
                trip.faster_than(kmh)
                    .iter()
                    .map(|(from_s, to_s)| Span::new(departed_s + from_s, departed_s + to_s).cut(part)),
            );
        }
        Spans::new(spans.into_iter().filter(|span| span.to_s > span.from_s))
    }

    /// When the vehicle is in the tunnel of this name, within `whole`.
    #[must_use]
    pub fn in_tunnel(&self, name: &str, whole: Span) -> Spans {
        let mut spans = Vec::new();
        for (index, (departed_s, trip)) in self.trips.iter().enumerate() {
            let next_s = self.trips.get(index + 1).map_or(f64::INFINITY, |(next_s, _)| *next_s);
            let bores = trip.path().stretches.iter().filter(|stretch| stretch.tunnel.as_deref() == Some(name));
            spans.extend(bores.map(|bore| {
                let at_s = |along_m: f64| departed_s + trip.time_at_m(along_m);
                // Who stops inside stays inside until the next trip.
                let to_s = if bore.to_m >= trip.path().length_m() { next_s } else { at_s(bore.to_m) };
                Span::new(at_s(bore.from_m), to_s.min(next_s)).cut(whole)
            }));
        }
        Spans::new(spans.into_iter().filter(|span| span.to_s > span.from_s))
    }

    fn index_at(&self, time_s: f64) -> usize {
        self.trips.partition_point(|(departed_s, _)| *departed_s <= time_s).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place::new(51.8, 4.6);

    fn straight(length_m: f64, limit_kmh: f64) -> Trip {
        Trip::plan(Path::along(&[HERE, HERE.moved(length_m, 0.0)], limit_kmh), Performance::TANKER)
    }

    #[test]
    fn a_vehicle_stands_between_its_trips_and_counts_every_metre() {
        let mut motion = Motion::default();
        let there = straight(5_000.0, 60.0);
        let lasts_s = there.duration_s();
        motion.depart(100.0, there);
        let back = Path::along(&[HERE.moved(5_000.0, 0.0), HERE], 60.0);
        motion.depart(lasts_s + 700.0, Trip::plan(back, Performance::TANKER));
        assert!(motion.at(0.0).unwrap().place.distance_m(HERE) < 0.1);
        assert!(!motion.at(50.0).unwrap().ignition && motion.at(200.0).unwrap().ignition);
        let between = motion.at(lasts_s + 400.0).unwrap();
        assert!(between.speed_kmh < 0.01 && (between.place.distance_m(HERE) - 5_000.0).abs() < 5.0);
        assert!((motion.odometer_m(1e6) - 10_000.0).abs() < 20.0, "{}", motion.odometer_m(1e6));
        let moving = motion.moving(Span::new(0.0, 1e6));
        assert_eq!(moving.as_slice().len(), 2);
        assert!((moving.total_s() - 2.0 * lasts_s).abs() < 10.0);
    }

    #[test]
    fn a_trip_that_is_broken_off_goes_on_from_where_the_vehicle_is() {
        let mut motion = Motion::default();
        motion.depart(0.0, straight(5_000.0, 60.0));
        let halt = motion.trips()[0].1.pull_over(120.0, Performance::TANKER);
        motion.depart(120.0, halt);
        let (before, after) = (motion.at(119.9).unwrap(), motion.at(120.0).unwrap());
        assert!(before.place.distance_m(after.place) < 3.0);
        assert!(motion.at(180.0).unwrap().speed_kmh < 0.01);
        assert!((motion.odometer_m(120.0) - motion.odometer_m(119.9)).abs() < 3.0);
    }

    #[test]
    fn who_never_departs_stands_with_the_ignition_off() {
        let motion = Motion::standing(HERE, 90.0);
        let state = motion.at(5_000.0).unwrap();
        assert!(state.place.distance_m(HERE) < 0.01 && state.speed_kmh < 0.01 && !state.ignition);
        assert!(motion.moving(Span::new(0.0, 1e6)).is_empty() && motion.odometer_m(9.0) == 0.0);
    }
}
