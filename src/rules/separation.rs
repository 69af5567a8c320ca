//! `separation`: two vehicles with explosives are nearer to each other than 50 m for longer than 30 s.
//!
//! ADR 8.5 S1 (4)(d) and (5): 50 m between transport units with class 1 in convoy, and where they stand to be loaded. The hold time
//! is proposed. Distances between vehicles have no rule of a single vehicle's: this one is given the tracks of several, and judges
//! each pair.
//!
//! - **One instant.** Between two fixes no farther apart than the gap of the settings a vehicle moves evenly on a straight way; else
//!   nothing is known of it. While both ways are known, the moments at which the distance passes 50 m, and the least distance, are
//!   solved exactly (`approach`): no instant is too short to be seen.
//! - **Certainty.** Observed when the two come nearer than 50 m even if both receivers err by all that they report; else likely.
//! - **Yards.** Two that both stand where stopping or unloading is allowed, or where their shipments begin or end, are left alone:
//!   how they are parked and loaded there is the yard's business.
//! - **Cargo.** Both must be declared as class 1. Cargo that nobody has declared is not taken for explosives here: any two tankers
//!   without a shipment in one queue would be a violation, and nobody could tell the real ones from these.
//! - **One episode a pair**, recorded for the vehicle with the lower id, by the rules that bind that one, about the other. Two
//!   stretches of at least the hold time with less than that between them are one episode, so that a distance that wavers about
//!   50 m is one.
//!
//! An episode is open while the newest that is known of both shows them too near. When one has been silent for longer than the gap
//! it has ended with what was last known.

mod approach;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::approach::{Leg, Stretch};
use super::{
    EpisodeBook, Realm, Scene, Sighting,
    pack::{Given, Rule},
    parameters::{self, ParameterError, classes, not_negative, positive},
    seconds_between,
    site::{is_site_of, may_stand},
};
use crate::{
    domain::{Certainty, ClassFilter, EntryKind, Episode, Fix, FixKey, Place, Subject, VehicleId},
    geo::LocalFrame,
    world::KnownVehicle,
};

/// What a pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Least distance between two vehicles with such cargo, in metres (verified: ADR 8.5 S1(4)(d), S1(5)).
    pub least_m: f64,
    /// Too near counts when it lasts this long, in seconds (proposed: 30).
    pub hold_s: f64,
    /// The classes that it is about; both vehicles must have some (verified: class 1, ADR 8.5 S1).
    pub classes: Vec<ClassFilter>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { least_m: 50.0, hold_s: 30.0, classes: classes(&["1"]) }
    }
}

impl parameters::Parameters for Parameters {
    /// The least distance there was, in metres.
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        positive("least_m", self.least_m)?;
        not_negative("hold_s", self.hold_s)
    }
}

/// A fix, as far as the distance between vehicles depends on it.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackPoint {
    /// Identity and order.
    pub key: FixKey,
    /// Where.
    pub place: Place,
    /// Ground speed in km/h.
    pub speed_kmh: Option<f64>,
    /// Radius of uncertainty in metres.
    pub accuracy_m: Option<f64>,
    /// Who drives.
    pub driver: Option<Arc<str>>,
    /// The attendant on board.
    pub escort: Option<Arc<str>>,
}

impl From<&Fix> for TrackPoint {
    fn from(fix: &Fix) -> Self {
        Self {
            key: fix.key,
            place: fix.place,
            speed_kmh: fix.speed_kmh,
            accuracy_m: fix.accuracy_m,
            driver: fix.driver.as_deref().map(Arc::from),
            escort: fix.escort.as_deref().map(Arc::from),
        }
    }
}

/// Where a vehicle was, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct VehicleTrack {
    vehicle: VehicleId,
    points: Vec<TrackPoint>,
    silent_to: Option<DateTime<Utc>>,
}

impl VehicleTrack {
    /// A track of these fixes, in whatever order they are given. `silent_to` is up to when it is known that nothing has come after
    /// the last of them: by a clock, or because the next one, which is left out, came only then.
    #[must_use]
    pub fn new(vehicle: VehicleId, mut points: Vec<TrackPoint>, silent_to: Option<DateTime<Utc>>) -> Self {
        points.sort_by_key(|point| point.key);
        points.dedup_by_key(|point| point.key);
        Self { vehicle, points, silent_to }
    }

    fn legs(&self) -> impl Iterator<Item = Leg<'_>> {
        self.points.windows(2).filter_map(|pair| if let [from, to] = pair { Some(Leg { from, to }) } else { None })
    }

    fn last_time(&self) -> Option<DateTime<Utc>> {
        self.points.last().map(|point| point.key.time)
    }

    /// Up to when something is known of it, be it silence.
    fn known_to(&self) -> Option<DateTime<Utc>> {
        self.last_time().map(|last| self.silent_to.map_or(last, |silent_to| silent_to.max(last)))
    }

    /// The newest fix up to `time`.
    fn point_at(&self, time: DateTime<Utc>) -> Option<&TrackPoint> {
        let after = self.points.partition_point(|point| point.key.time <= time);
        self.points.get(after.checked_sub(1)?)
    }

    fn place_at(&self, time: DateTime<Utc>) -> Option<Place> {
        let leg = self.legs().find(|leg| leg.from.key.time <= time && time <= leg.to.key.time);
        leg.map(|leg| leg.place_at(time))
    }
}

/// The rule that binds the vehicle's distance to others, if it is declared to carry what the rule is about at some time from `from`
/// to `to`.
#[must_use]
pub fn concerns<'w>(
    world: &'w Realm,
    known: &'w KnownVehicle,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Option<&'w Rule<Parameters>> {
    let rule = world.rules(known, to).separation.as_ref()?;
    let carries = known.shipments.iter().any(|known| {
        let shipment = &known.shipment;
        shipment.starts_at <= to
            && shipment.ends_at.is_none_or(|end| from < end)
            && known.profile.is_declared_as(&rule.parameters.classes)
    });
    carries.then_some(rule)
}

/// The episodes in which two of the vehicles were too near to each other, by pair and in order of time. A pair is judged when
/// `is_meant` takes one of its vehicles.
#[must_use]
pub fn judge(world: &Realm, tracks: &[VehicleTrack], is_meant: impl Fn(VehicleId) -> bool) -> Vec<Episode> {
    let mut spans: Vec<Span<'_>> = tracks.iter().filter_map(|track| Span::of(world, track)).collect();
    spans.sort_by(|one, other| one.south.total_cmp(&other.south));
    let reach_m = spans.iter().map(|span| span.reach_m).fold(0.0, f64::max);
    let mut episodes = Vec::new();
    let mut rest = spans.as_slice();
    while let Some((one, others)) = rest.split_first() {
        rest = others;
        for other in others {
            if other.south > one.north + reach_m / SHORTEST_DEGREE_M {
                break;
            }
            let is_meant = is_meant(one.track.vehicle) || is_meant(other.track.vehicle);
            if is_meant && one.track.vehicle != other.track.vehicle && one.comes_near(other, reach_m) {
                let pair = if one.track.vehicle < other.track.vehicle { (one, other) } else { (other, one) };
                episodes.extend(Pair { world, one: pair.0, other: pair.1 }.episodes());
            }
        }
    }
    episodes.sort_by_key(|episode| (episode.vehicle_id, episode.subject.clone(), episode.opened_at));
    episodes
}

/// A degree of latitude is nowhere shorter, in metres.
const SHORTEST_DEGREE_M: f64 = 110_000.0;

/// A track with its vehicle and the box around it in degrees.
struct Span<'a> {
    track: &'a VehicleTrack,
    known: &'a KnownVehicle,
    south: f64,
    north: f64,
    west: f64,
    east: f64,
    /// The distance that its rule keeps to others, in metres.
    reach_m: f64,
}

impl<'a> Span<'a> {
    /// `None` when the vehicle is not known, or its distance to others is nobody's business.
    fn of(world: &'a Realm, track: &'a VehicleTrack) -> Option<Self> {
        let known = world.vehicle(track.vehicle)?;
        let first = track.points.first()?;
        let rule = concerns(world, known, (first.key.time, track.known_to()?))?;
        let around = (first.place.lat(), first.place.lat(), first.place.lon(), first.place.lon());
        let (south, north, west, east) = track.points.iter().fold(around, |(south, north, west, east), point| {
            let (lat, lon) = (point.place.lat(), point.place.lon());
            (south.min(lat), north.max(lat), west.min(lon), east.max(lon))
        });
        Some(Self { track, known, south, north, west, east, reach_m: rule.parameters.least_m })
    }

    /// Whether the boxes of the two come nearer than `reach_m` in longitude, to either side round the earth.
    fn comes_near(&self, other: &Self, reach_m: f64) -> bool {
        let nearest_pole =
            [self.south, self.north, other.south, other.north].into_iter().map(f64::abs).fold(0.0, f64::max);
        let degree_m = Place::new(nearest_pole, 0.0).map_or(0.0, |place| LocalFrame::at(place).east_m_per_degree());
        let apart_deg = (other.west - self.east).max(self.west - other.east);
        let round_deg = 360.0 - (self.east.max(other.east) - self.west.min(other.west));
        apart_deg.min(round_deg) * degree_m < reach_m
    }
}

/// Two vehicles, the one with the lower id first.
struct Pair<'a> {
    world: &'a Realm,
    one: &'a Span<'a>,
    other: &'a Span<'a>,
}

impl<'a> Pair<'a> {
    fn episodes(&self) -> Vec<Episode> {
        let mut lasting: Vec<Stretch> = Vec::new();
        for stretch in self.stretches() {
            let Some(hold_s) = self.rule_at(stretch.from).map(|rule| rule.parameters.hold_s) else { continue };
            if seconds_between(stretch.from, stretch.to) < hold_s {
                continue;
            }
            match lasting.last_mut() {
                Some(before) if seconds_between(before.to, stretch.from) < hold_s => before.join(&stretch),
                _ => lasting.push(stretch),
            }
        }
        lasting.iter().filter_map(|stretch| self.episode(stretch)).collect()
    }

    fn rule_at(&self, time: DateTime<Utc>) -> Option<&'a Rule<Parameters>> {
        self.world.rules(self.one.known, time).separation.as_ref()
    }

    /// Every stretch of time in which they are too near.
    fn stretches(&self) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut ones = self.one.track.legs().peekable();
        let mut others = self.other.track.legs().peekable();
        while let (Some(one), Some(other)) = (ones.peek(), others.peek()) {
            let (from, to) = (one.start().max(other.start()), one.end().min(other.end()));
            let gap_s = self.world.settings().gap_s;
            if from < to && one.lasts_s() <= gap_s && other.lasts_s() <= gap_s {
                for (from, to) in self.same_cargo(from, to) {
                    let Some(near) = self.too_near(one, other, (from, to)) else { continue };
                    match stretches.last_mut() {
                        Some(before) if before.to == near.from => before.join(&near),
                        _ => stretches.push(near),
                    }
                }
            }
            if one.end() <= other.end() {
                ones.next();
            } else {
                others.next();
            }
        }
        stretches
    }

    /// The time from `from` to `to`, cut where a shipment of either vehicle begins or ends.
    fn same_cargo(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let shipments = self.one.known.shipments.iter().chain(&self.other.known.shipments);
        let changes = shipments.flat_map(|known| [Some(known.shipment.starts_at), known.shipment.ends_at]);
        let mut cuts: Vec<DateTime<Utc>> = changes.flatten().filter(|at| from < *at && *at < to).collect();
        cuts.extend([from, to]);
        cuts.sort_unstable();
        cuts.windows(2).filter_map(|cut| if let [from, to] = cut { Some((*from, *to)) } else { None }).collect()
    }

    fn too_near(&self, one: &Leg<'_>, other: &Leg<'_>, (from, to): (DateTime<Utc>, DateTime<Utc>)) -> Option<Stretch> {
        let rule = self.rule_at(from)?;
        let assumed_m = self.world.settings().zone_margins.assumed_accuracy_m;
        let near = approach::near(one, other, (from, to), rule.parameters.least_m, assumed_m)?;
        let carries = |known: &KnownVehicle| {
            let shipment = known.shipment_at(from);
            shipment.is_some_and(|known| known.profile.is_declared_as(&rule.parameters.classes))
        };
        let both_carry = carries(self.one.known) && carries(self.other.known);
        let both_in_yard = || self.is_in_yard(self.one.known, one) && self.is_in_yard(self.other.known, other);
        (both_carry && !both_in_yard()).then_some(near)
    }

    /// Whether the vehicle stands where others may stand beside it.
    fn is_in_yard(&self, known: &KnownVehicle, leg: &Leg<'_>) -> bool {
        let moving_kmh = self.world.settings().moving_kmh;
        let stands = |point: &TrackPoint| point.speed_kmh.unwrap_or_else(|| leg.speed_kmh()) < moving_kmh;
        let may_stand = |point: &TrackPoint| {
            let (time, place, accuracy_m) = (point.key.time, point.place, point.accuracy_m);
            may_stand(self.world, time, place, accuracy_m) || is_site_of(self.world, known, time, place, accuracy_m)
        };
        [leg.from, leg.to].into_iter().all(|point| stands(point) && may_stand(point))
    }

    fn episode(&self, stretch: &Stretch) -> Option<Episode> {
        let (one, other) = (self.one.track, self.other.track);
        let rule = self.rule_at(stretch.from)?;
        let at_opening = one.point_at(stretch.from)?;
        let crew = (at_opening.driver.as_deref(), at_opening.escort.as_deref());
        let mut open = Vec::new();
        let mut book = EpisodeBook::new(Scene::at(self.world, self.one.known, stretch.from, crew), &mut open);
        let sure = stretch.surely_least_m < rule.parameters.least_m;
        let sighting = Sighting {
            subject: Subject::Other(other.vehicle),
            certainty: if sure { Certainty::Observed } else { Certainty::Likely },
            entry: if self.begins_known(stretch) { EntryKind::Crossed } else { EntryKind::FoundInside },
            value: Some(stretch.least_m),
            limit: Some(rule.parameters.least_m),
            ..Sighting::of_vehicle(stretch.from, one.place_at(stretch.from))
        };
        book.see(rule, sighting);
        if !self.goes_on(stretch) {
            book.close(rule.key, &Subject::Other(other.vehicle), stretch.to, one.place_at(stretch.to));
        }
        let mut episode = book.into_parts().0.pop()?.episode;
        let shows = |point: &&TrackPoint| (stretch.from..=stretch.to).contains(&point.key.time);
        let hits = one.points.iter().chain(&other.points).filter(shows).count();
        episode.hits = u32::try_from(hits).unwrap_or(u32::MAX);
        Some(episode)
    }

    /// Whether they were seen to come near, and were not near already when both were first known.
    fn begins_known(&self, stretch: &Stretch) -> bool {
        let is_inner = |track: &VehicleTrack| {
            track.legs().any(|leg| {
                leg.start() < stretch.from && stretch.from <= leg.end() && leg.lasts_s() <= self.world.settings().gap_s
            })
        };
        is_inner(self.one.track) && is_inner(self.other.track)
    }

    /// Whether the stretch reaches to the newest that is known of both, and nobody has been silent for too long since.
    fn goes_on(&self, stretch: &Stretch) -> bool {
        let (one, other) = (self.one.track, self.other.track);
        let last = one.last_time().min(other.last_time());
        let known_to = one.known_to().max(other.known_to());
        last == Some(stretch.to)
            && known_to.is_some_and(|to| seconds_between(stretch.to, to) <= self.world.settings().gap_s)
    }
}
