//! The distance between vehicles: any order and any portions of arrival end in the same episodes.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::{
    engine::separation::{Span, compare},
    rules::{
        Change, Realm,
        separation::{TrackPoint, VehicleTrack, judge},
    },
};

const GAP_S: f64 = 120.0;
const HOLD_S: f64 = 30.0;

/// Three vehicles with explosives.
static WORLD: LazyLock<Realm> = LazyLock::new(|| {
    let mut parts = parts(Some("0081"), Vec::new());
    parts.vehicles.extend((2..4).map(|id| Vehicle { id: VehicleId(id), ..vehicle() }));
    let shipments = (2..4).map(|id| Shipment { id: ShipmentId(id), vehicle_id: VehicleId(id), ..shipment("0081") });
    parts.shipments.extend(shipments);
    Realm::build(parts.world, parts.packs, &crate::hazard::Catalogue::builtin().unwrap())
});

type Report = (VehicleId, TrackPoint);

fn report(vehicle: i64, second: f64, east_m: f64) -> Report {
    (VehicleId(vehicle), TrackPoint::from(&fix(second, east_m, 0.0)))
}

/// A store of fixes and episodes, and what watches it.
#[derive(Default)]
struct Watch {
    stored: Vec<Report>,
    recorded: Vec<Episode>,
}

impl Watch {
    fn tracks(&self, span: Span) -> Vec<VehicleTrack> {
        let in_span = |point: &TrackPoint| span.from <= point.key.time && span.to.is_none_or(|to| point.key.time <= to);
        (1..4)
            .map(|id| {
                let of_vehicle = || self.stored.iter().filter(|(vehicle, _)| vehicle.0 == id).map(|(_, point)| point);
                let after =
                    of_vehicle().map(|point| point.key.time).filter(|time| span.to.is_some_and(|to| to < *time));
                let points = of_vehicle().filter(|point| in_span(point)).cloned().collect();
                VehicleTrack::new(VehicleId(id), points, after.min())
            })
            .collect()
    }

    /// Stores what came, and judges what it may have changed.
    fn take(&mut self, reports: &[Report]) -> Vec<EpisodeChange> {
        self.stored.extend(reports.iter().cloned());
        let times = || reports.iter().map(|(_, point)| point.key.time);
        let (Some(from), Some(to)) = (times().min(), times().max()) else { return Vec::new() };
        let is_meant = |vehicle| reports.iter().any(|(reporting, _)| *reporting == vehicle);
        let of_these = |episode: &&Episode| match episode.subject {
            Subject::Other(other) => is_meant(episode.vehicle_id) || is_meant(other),
            _ => false,
        };
        let span = Span::touched_by((from, to), GAP_S, HOLD_S);
        let recorded: Vec<Episode> = self.recorded.iter().filter(of_these).cloned().collect();
        let tracks = self.tracks(span.of_tracks(&recorded, GAP_S));
        let changes = compare(span, recorded, judge(&WORLD, &tracks, is_meant));
        for EpisodeChange { change, episode } in &changes {
            self.recorded.retain(|known| known.id != episode.id);
            if *change != Change::Withdrawn {
                self.recorded.push(episode.clone());
            }
        }
        changes
    }

    fn said(&self) -> Vec<String> {
        said(&self.recorded)
    }
}

/// What episodes say, without the ids under which they happened to be found first.
fn said(episodes: &[Episode]) -> Vec<String> {
    let plain = |episode: &Episode| Episode { id: ViolationId(uuid::Uuid::nil()), hits: 0, ..episode.clone() };
    let mut said: Vec<String> =
        episodes.iter().map(|episode| serde_json::to_string(&plain(episode)).unwrap()).collect();
    said.sort();
    said
}

fn kinds(changes: &[EpisodeChange]) -> Vec<Change> {
    changes.iter().map(|change| change.change).collect()
}

#[test]
fn a_meeting_opens_goes_on_and_closes_without_an_amendment() {
    let mut watch = Watch::default();
    let mut changes = Vec::new();
    for n in 0..32 {
        // The second comes to the first, which stands, stays for a while, and goes away.
        let second = f64::from(n) * 10.0;
        let east_m = match second {
            to if to < 200.0 => 200.0 - to,
            from if from > 260.0 => 2.0 * (from - 260.0),
            _ => 0.0,
        };
        changes.extend(watch.take(&[report(1, second, 0.0), report(2, second, east_m)]));
    }
    let mut kinds = kinds(&changes);
    kinds.dedup();
    assert_eq!(kinds, [Change::Opened, Change::Raised, Change::Closed]);
    // A degree is not quite what the story takes it for.
    let nearly = |time: chrono::DateTime<chrono::Utc>, second: f64| (time - at(second)).num_milliseconds().abs() <= 1;
    assert!(nearly(watch.recorded[0].opened_at, 150.0));
    assert!(nearly(watch.recorded[0].closed_at.unwrap(), 285.0));
}

#[test]
fn a_late_fix_that_shows_it_otherwise_takes_it_back() {
    let mut watch = Watch::default();
    let both = |second| [report(1, second, 0.0), report(2, second, 20.0)];
    assert_eq!(kinds(&watch.take(&[both(0.0), both(60.0)].concat())), [Change::Opened]);
    assert_eq!(kinds(&watch.take(&[report(2, 30.0, 2000.0)])), [Change::Withdrawn], "it was far away in between");
    assert!(watch.recorded.is_empty());
}

#[test]
fn an_episode_keeps_its_id_when_a_late_fix_moves_its_beginning() {
    let mut watch = Watch::default();
    let both = |second| [report(1, second, 0.0), report(2, second, 20.0)];
    let opened = watch.take(&[both(100.0), both(160.0)].concat());
    let amended = watch.take(&both(50.0));
    assert_eq!(kinds(&amended), [Change::Amended]);
    assert_eq!((amended[0].episode.id, amended[0].episode.opened_at), (opened[0].episode.id, at(50.0)));
    assert!(watch.take(&both(50.0)).is_empty(), "what is known changes nothing");
}

#[test]
fn it_has_ended_when_one_was_silent_for_too_long_and_goes_on_when_what_it_sent_comes() {
    let mut watch = Watch::default();
    let both = |second| [report(1, second, 0.0), report(2, second, 20.0)];
    watch.take(&[both(0.0), both(60.0)].concat());
    assert!(watch.take(&[report(1, 170.0, 0.0)]).is_empty());
    let closed = watch.take(&[report(1, 190.0, 0.0)]);
    assert_eq!((closed[0].change, closed[0].episode.closed_at), (Change::Closed, Some(at(60.0))));
    let amended = watch.take(&[report(2, 120.0, 20.0)]);
    assert_eq!((amended[0].change, amended[0].episode.closed_at), (Change::Amended, None));
}

/// Fixes of three vehicles that wander about each other, and the order and the portions in which they come.
fn arrivals() -> impl Strategy<Value = (Vec<Report>, Vec<usize>, usize)> {
    let step = (1..4_i64, 1.0..45.0_f64, -45.0..45.0_f64);
    proptest::collection::vec(step, 1..90).prop_flat_map(|steps| {
        let mut now = [(0.0_f64, 0.0_f64); 4];
        let reports: Vec<Report> = steps
            .into_iter()
            .map(|(vehicle, pause_s, east_m)| {
                let at = &mut now[usize::try_from(vehicle).unwrap()];
                // Now and then a vehicle is not heard of for a while.
                *at = (at.0 + if pause_s > 44.0 { 500.0 } else { pause_s }, (at.1 + east_m).clamp(-150.0, 150.0));
                report(vehicle, at.0, at.1)
            })
            .collect();
        let order: Vec<usize> = (0..reports.len()).collect();
        (Just(reports), Just(order).prop_shuffle(), 1..9_usize)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn any_order_and_portions_of_arrival_end_in_the_same_episodes((reports, order, portion) in arrivals()) {
        let mut whole = Watch::default();
        whole.take(&reports);
        let mut shuffled = Watch::default();
        for some in order.chunks(portion) {
            let some: Vec<Report> = some.iter().map(|at| reports[*at].clone()).collect();
            shuffled.take(&some);
        }
        prop_assert_eq!(shuffled.said(), whole.said());
        let mut in_order = Watch::default();
        for some in reports.chunks(portion) {
            in_order.take(some);
        }
        prop_assert_eq!(in_order.said(), whole.said());
    }
}
