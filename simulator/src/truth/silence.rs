//! `signal.lost` and `signal.offline_displacement`: a moving vehicle that is no longer heard of, and one that is far away
//! when it is heard of again.
//!
//! Silence counts by the time of the fixes: what is sent afterwards as a backlog breaks it, so that a vehicle whose device
//! kept its fixes was, in the end, never silent, and what a server said meanwhile it must take back. Three of the device's
//! intervals, and at least a minute, are no silence; near a tunnel the time to crawl through it is added; where no radio
//! is to be expected there is none.

use super::{Case, verdict::Verdict};
use crate::{
    geometry::Place,
    life::{Backlog, Outage, Span, Spans},
    world::{Kind, Shape},
};

/// The shortest silence, in seconds …
const SILENCE_S: f64 = 60.0;
/// … and in intervals of the device.
const INTERVALS: f64 = 3.0;
/// From this speed on a vehicle moves, in km/h.
const MOVING_KMH: f64 = 5.0;
/// The rhythm of a device is known after so many fixes.
const KNOWN_AFTER: f64 = 20.0;
/// A tunnel or a dead zone nearer than this counts, in metres; and how exactly that is seen.
const NEAR_M: (f64, f64) = (300.0, 60.0);
/// Through a tunnel at 30 km/h, in m/s, and a minute more.
const CRAWL: (f64, f64) = (30.0 / 3.6, 60.0);
/// A gap of more than this, in seconds …
const OFFLINE_S: f64 = 300.0;
/// … in which the vehicle went farther than this, in metres.
const DISPLACED_M: f64 = 2_000.0;

pub(super) fn judge(case: &mut Case<'_>) {
    let mut lost = Verdict::default();
    let mut displaced = Verdict::default();
    for outage in &case.vehicle.device.outages {
        if outage.backlog != Backlog::Lost {
            continue;
        }
        lost = lost.or(&silence(case, outage));
        displaced = displaced.or(&displacement(case, outage));
    }
    // Being blind is what both are about.
    let blind = std::mem::take(&mut case.blind);
    let lasting = |span: Span| Some(span.length_s());
    case.note_with("signal.lost", "vehicle", lost, "is not heard of", lasting);
    case.note("signal.offline_displacement", "vehicle", displaced, "is far away when it is heard of again");
    case.blind = blind;
}

fn silence(case: &Case<'_>, outage: &Outage) -> Verdict {
    let life = &case.vehicle.life;
    let (from_s, to_s) = (outage.span.from_s, outage.span.to_s);
    let interval_s = case.interval_s();
    let moves = |at_s: f64| life.motion.at(at_s).is_some_and(|state| state.speed_kmh > MOVING_KMH);
    let Some(last) = life.motion.at(from_s) else { return Verdict::default() };
    let Some(extra_s) = allowance_s(case, last.place) else { return Verdict::default() };
    let usual_s = SILENCE_S.max(INTERVALS * interval_s);
    let known_rhythm = life
        .motion
        .faster_than(case.whole(), MOVING_KMH)
        .iter()
        .any(|span| span.from_s < from_s - KNOWN_AFTER * interval_s && span.to_s > from_s);
    let gap_s = outage.span.length_s();
    let after = |silence_s: f64, enough: bool| {
        if enough { Spans::new([Span::new(from_s + silence_s, to_s + interval_s)]) } else { Spans::default() }
    };
    let moving = moves(from_s) && moves(from_s - interval_s);
    let perhaps_moving = moves(from_s) || moves(from_s - interval_s);
    let (least_s, most_s) = extra_s;
    Verdict {
        must: after(usual_s + most_s, moving && known_rhythm && gap_s > 1.5 * usual_s + most_s + 30.0),
        is: after(usual_s + least_s, moving && gap_s > usual_s + most_s),
        may: after(0.8 * usual_s + least_s, perhaps_moving && gap_s > 0.8 * usual_s + least_s - 2.0 * interval_s),
        linked: Spans::default(),
    }
}

/// How much longer a vehicle last heard of here may be silent, at least and at most, in seconds: not at all, or as a
/// tunnel takes. `None` where silence is expected.
fn allowance_s(case: &Case<'_>, place: Place) -> Option<(f64, f64)> {
    let (near_m, slack_m) = NEAR_M;
    let mut allowance_s = (0.0, 0.0);
    for (zone, _, _) in case.zones() {
        let away_m = -zone.area.depth_m(place);
        match zone.kind {
            Kind::DeadZone if away_m < near_m + slack_m => return None,
            Kind::Tunnel(..) if away_m < near_m + slack_m => {
                let (crawl_ms, more_s) = CRAWL;
                let through_s = length_m(zone.area.shape()) / crawl_ms + more_s;
                allowance_s.1 = f64::max(allowance_s.1, through_s * 1.5);
                if away_m < near_m - slack_m {
                    allowance_s.0 = f64::max(allowance_s.0, through_s * 0.7);
                }
            }
            _ => {}
        }
    }
    Some(allowance_s)
}

/// How long a tunnel is, going by its area.
fn length_m(shape: &Shape) -> f64 {
    match shape {
        Shape::Corridor { path, .. } => crate::geometry::length_m(path),
        Shape::Circle { radius_m, .. } => 2.0 * radius_m,
        Shape::Polygons(polygons) => {
            let outlines = polygons.iter().filter_map(|rings| rings.first());
            outlines.map(|ring| crate::geometry::length_m(ring) / 2.0).fold(0.0, f64::max)
        }
    }
}

fn displacement(case: &Case<'_>, outage: &Outage) -> Verdict {
    let motion = &case.vehicle.life.motion;
    let (from_s, to_s) = (outage.span.from_s, outage.span.to_s);
    let (Some(before), Some(after)) = (motion.at(from_s), motion.at(to_s)) else { return Verdict::default() };
    let (gap_s, moved_m) = (outage.span.length_s(), before.place.distance_m(after.place));
    let interval_s = case.interval_s();
    let first = Spans::new([Span::new(to_s, to_s + interval_s)]);
    let when = |holds: bool| if holds { first.clone() } else { Spans::default() };
    let expected = allowance_s(case, before.place).is_none();
    // The vehicle goes on until it is heard of, at most an interval and a bit.
    let more_m = 2.0 * interval_s * 25.0;
    Verdict {
        must: when(!expected && gap_s > OFFLINE_S + 5.0 && moved_m > DISPLACED_M + 100.0),
        is: when(!expected && gap_s > OFFLINE_S && moved_m > DISPLACED_M),
        may: when(gap_s > OFFLINE_S - 2.0 * interval_s && moved_m > DISPLACED_M - more_m),
        linked: Spans::default(),
    }
}
