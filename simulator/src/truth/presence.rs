//! When a vehicle is in a zone: its true depth over time, and what a receiver may make of it.

use super::verdict::Verdict;
use crate::{
    geometry::{Place, plane_segment_m},
    life::{DeviceLife, FaultKind, Life, Span, Spans},
    world::Area,
};

/// A position is off by no more than this, in metres, except once in many thousand times.
pub(super) const ERROR_M: f64 = 9.0;
/// A receiver under the open sky reports no worse an accuracy than this, in metres.
const ACCURACY_M: f64 = 7.0;
/// … and no better than this.
const BEST_ACCURACY_M: f64 = 4.0;
/// Depth in metres, beside the accuracy, beyond which a vehicle has entered a zone.
const ENTER_M: f64 = 10.0;
/// Distance in metres, beside the accuracy, beyond which it has left it.
const EXIT_M: f64 = 20.0;
/// Nearer than this to a boundary every tenth of a second is looked at; in metres.
const NEAR_M: f64 = 60.0;
/// No vehicle here is faster, in m/s.
const FASTEST_MS: f64 = 40.0;

/// The depth at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// When, in simulated seconds.
    pub at_s: f64,
    /// Depth in the area in metres; negative outside.
    pub depth_m: f64,
    /// How far off, beyond a receiver's usual error, the vehicle may be seen, in metres: where the road bends the straight
    /// line between two fixes leaves it, and a jammed receiver wanders.
    pub off_m: f64,
}

/// The true depth of one vehicle in one area over its life.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    samples: Vec<Sample>,
}

impl Trace {
    /// Follows a vehicle; every tenth of a second near the area's edge, rarely far from it.
    pub fn follow(life: &Life, device: &DeviceLife, area: &Area) -> Self {
        let mut samples = Vec::new();
        let mut look = |at_s: f64, moving: bool| -> f64 {
            let Some(place) = place_at(life, at_s) else { return f64::INFINITY };
            let away_m = area.at_least_away_m(place);
            let depth_m = if away_m > 1_000.0 { -away_m } else { area.depth_m(place) };
            let near = moving && depth_m.abs() < NEAR_M * 2.0;
            let bend_m = if near { bend_m(life, at_s, device.moving_s, place) } else { 0.0 };
            samples.push(Sample { at_s, depth_m, off_m: bend_m + wandering_m(device, at_s) });
            depth_m
        };
        let moving = life.motion.moving(life.whole);
        look(life.whole.from_s, false);
        for span in moving.iter() {
            let mut at_s = span.from_s;
            while at_s < span.to_s {
                let depth_m = look(at_s, true);
                at_s += ((depth_m.abs() - NEAR_M) / FASTEST_MS).clamp(0.1, 600.0);
            }
            look(span.to_s, false);
        }
        for edge_s in device.faults.iter().flat_map(|fault| [fault.span.from_s, fault.span.to_s]) {
            look(edge_s, false);
        }
        look(life.whole.to_s, false);
        samples.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
        Self { samples }
    }

    /// When something holds, to a tenth of a second near the area.
    pub fn spans(&self, holds: impl Fn(&Sample) -> bool) -> Spans {
        let next = self.samples.iter().skip(1);
        let steps = self.samples.iter().zip(next).filter(|(sample, _)| holds(sample));
        steps.map(|(sample, next)| Span::new(sample.at_s, next.at_s)).collect()
    }

    /// The least depth within a span, in metres; infinite where nothing was looked at.
    pub fn shallowest_m(&self, span: Span) -> f64 {
        let within = self.samples.iter().filter(|sample| span.from_s <= sample.at_s && sample.at_s <= span.to_s);
        within.map(|sample| sample.depth_m).fold(f64::INFINITY, f64::min)
    }

    /// When the vehicle is inside.
    pub fn inside(&self) -> Spans {
        self.spans(|sample| sample.depth_m > 0.0)
    }

    /// When a fix or the line between two must show the vehicle inside.
    pub fn surely_inside(&self) -> Spans {
        self.spans(|sample| sample.depth_m - sample.off_m > ENTER_M + ACCURACY_M + ERROR_M)
    }

    /// When a fix or the line between two may show the vehicle inside.
    pub fn perhaps_inside(&self) -> Spans {
        self.spans(|sample| sample.depth_m + sample.off_m > ENTER_M + BEST_ACCURACY_M - ERROR_M - 2.0)
    }

    /// When it may still count as inside, having been in.
    pub fn perhaps_not_left(&self) -> Spans {
        self.spans(|sample| sample.depth_m + sample.off_m > -(EXIT_M + ACCURACY_M + ERROR_M))
    }

    /// Presence in all its shades.
    pub fn presence(&self) -> Verdict {
        Verdict {
            must: self.surely_inside(),
            is: self.inside(),
            may: self.perhaps_inside(),
            linked: self.perhaps_not_left(),
        }
    }
}

fn place_at(life: &Life, at_s: f64) -> Option<Place> {
    life.motion.place_at(at_s)
}

/// How far a faulty receiver wanders about the truth.
fn wandering_m(device: &DeviceLife, at_s: f64) -> f64 {
    let fault = device.faults.iter().find(|fault| fault.span.from_s <= at_s && at_s < fault.span.to_s);
    fault.map_or(0.0, |fault| match fault.kind {
        FaultKind::Jitter { deviation_m } => 4.0 * deviation_m,
        FaultKind::Jammed => 80.0,
        _ => 0.0,
    })
}

/// The farthest that a place of the way may be off the line between the fixes before and after it.
fn bend_m(life: &Life, at_s: f64, interval_s: f64, place: Place) -> f64 {
    let off_m = |share: f64| {
        let before = place_at(life, at_s - share * interval_s)?;
        let after = place_at(life, at_s + (1.0 - share) * interval_s)?;
        Some(plane_segment_m(place, before, after))
    };
    [0.2, 0.35, 0.5, 0.65, 0.8].into_iter().filter_map(off_m).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        life::Motion,
        network::route::Path,
        vehicle::trip::{Performance, Trip},
    };

    const HERE: Place = Place::new(51.8, 4.6);

    /// Drives 4 km east from `HERE` from second 100 on, at 72 km/h.
    fn driving_east() -> Life {
        let performance = Performance { top_speed_kmh: 72.0, reserve_kmh: 0.0, ..Performance::TANKER };
        let mut motion = Motion::default();
        motion.depart(100.0, Trip::plan(Path::along(&[HERE, HERE.moved(4_000.0, 0.0)], 80.0), performance));
        Life::quiet(Span::new(0.0, 1_000.0), motion, "D")
    }

    #[test]
    fn a_zone_across_the_road_is_entered_and_left_on_the_way() {
        // Speeding up at 0.5 m/s² to 20 m/s takes 40 s and 400 m; the zone begins 1,600 m later, 80 s on.
        let zone = Area::rectangle(HERE, (2_000.0, 2_600.0), (-200.0, 200.0));
        let trace = Trace::follow(&driving_east(), &DeviceLife::new(1), &zone);
        let inside = trace.inside();
        let [span] = inside.as_slice() else { panic!("{inside:?}") };
        assert!((span.from_s - 220.0).abs() < 1.5, "{span:?}");
        assert!((span.length_s() - 30.0).abs() < 0.5, "{span:?}");
        let [sure] = trace.surely_inside().as_slice().to_owned()[..] else { panic!("one span") };
        assert!((sure.from_s - span.from_s - 26.0 / 20.0).abs() < 0.3, "{sure:?} in {span:?}");
    }

    #[test]
    fn a_zone_beside_the_road_is_never_entered_and_one_that_is_grazed_only_perhaps() {
        let beside = Area::rectangle(HERE, (1_000.0, 2_000.0), (20.0, 500.0));
        let trace = Trace::follow(&driving_east(), &DeviceLife::new(1), &beside);
        assert!(trace.perhaps_inside().is_empty());
        let grazed = Area::rectangle(HERE, (1_000.0, 2_000.0), (-8.0, 500.0));
        let trace = Trace::follow(&driving_east(), &DeviceLife::new(1), &grazed);
        assert!(!trace.perhaps_inside().is_empty() && trace.surely_inside().is_empty());
    }

    #[test]
    fn where_the_road_turns_the_line_between_two_fixes_is_off_it() {
        let corner = [HERE, HERE.moved(2_000.0, 0.0), HERE.moved(2_000.0, 2_000.0)];
        let mut motion = Motion::default();
        motion.depart(0.0, Trip::plan(Path::along(&corner, 80.0), Performance::TANKER));
        let life = Life::quiet(Span::new(0.0, 600.0), motion, "D");
        let at_corner = (0..6_000)
            .map(|tenth| f64::from(tenth) / 10.0)
            .min_by_key(|at_s| crate::numbers::whole(place_at(&life, *at_s).unwrap().distance_m(corner[1]) * 100.0))
            .unwrap();
        let off_m = bend_m(&life, at_corner, 10.0, corner[1]);
        assert!((15.0..100.0).contains(&off_m), "{off_m} m off at the corner");
        assert!(bend_m(&life, 80.0, 10.0, place_at(&life, 80.0).unwrap()) < 0.5);
    }

    #[test]
    fn who_stands_inside_is_inside_all_the_time() {
        let life = Life::quiet(Span::new(0.0, 5_000.0), Motion::standing(HERE, 0.0), "D");
        let trace = Trace::follow(&life, &DeviceLife::new(1), &Area::circle(HERE, 100.0));
        assert_eq!(trace.surely_inside().as_slice(), [Span::new(0.0, 5_000.0)]);
    }
}
