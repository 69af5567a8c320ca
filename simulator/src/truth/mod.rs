//! The judge of the truth, and the ledger that it writes.
//!
//! It sees vehicles as they truly are, densely and without error, and has a plain version of every rule's condition, a
//! file for each family of rules. It shares no code with the server. What a right judge of the devices' reports could
//! decide either way it calls doubtful (see `verdict`).

mod cargo;
mod custom;
mod device_alarms;
mod driving;
mod ledger;
mod papers;
mod presence;
mod receiver;
mod route;
mod separation;
mod silence;
mod speed;
mod stops;
mod tunnel;
mod verdict;
mod zones;

use self::{
    presence::Trace,
    verdict::{Stretch, Verdict},
};
pub use ledger::{Blind, Episode, Header, Ledger, LedgerError};

use crate::{
    life::{Span, Spans, Vehicle},
    world::{Kind, World, Zone},
};

/// What is over by less than this many seconds when it begins again is, for the server, often still the same.
const USUAL_TOLERANCE_S: f64 = 30.0;

/// Judges vehicles in a world.
#[derive(Debug)]
pub struct Judge<'a> {
    operator: &'a str,
    world: &'a World,
    /// When each zone is in effect, in the order of the world's zones.
    effective: Vec<Spans>,
}

/// What a judge found out of one vehicle.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Its episodes.
    pub episodes: Vec<Episode>,
    /// When its device was blind.
    pub blind: Vec<Blind>,
}

/// One vehicle before the judge.
struct Case<'a> {
    judge: &'a Judge<'a>,
    vehicle: &'a Vehicle,
    /// Its depth in each zone, in the order of the world's zones.
    traces: Vec<Trace>,
    blind: Spans,
    found: Vec<Found>,
}

/// An episode as a rule's judge tells it.
#[derive(Clone, Debug)]
struct Found {
    rule: &'static str,
    subject: String,
    stretch: Stretch,
    value: Option<f64>,
    tolerance_s: f64,
    only_possible: bool,
    also_s: Vec<Span>,
    note: String,
}

impl<'a> Judge<'a> {
    /// A judge of vehicles of `operator` that live within `whole`.
    #[must_use]
    pub fn new(operator: &'a str, world: &'a World, whole: Span) -> Self {
        let effective = world.zones.iter().map(|zone| effective(world, zone, whole)).collect();
        Self { operator, world, effective }
    }

    /// All that can be said of one vehicle by itself.
    #[must_use]
    pub fn judge(&self, vehicle: &Vehicle) -> Findings {
        let mut case = Case::open(self, vehicle);
        let families = [
            zones::judge,
            tunnel::judge,
            route::judge,
            speed::judge,
            driving::judge,
            stops::judge,
            papers::judge,
            silence::judge,
            receiver::judge,
            device_alarms::judge,
            cargo::judge,
            custom::judge,
        ];
        families.iter().for_each(|judge| judge(&mut case));
        case.close()
    }

    /// What can be said of vehicles only together: who comes too near to whom.
    #[must_use]
    pub fn judge_together(&self, vehicles: &[Vehicle]) -> Vec<Episode> {
        let found = separation::judge(self, vehicles).into_iter();
        found.filter_map(|(index, found)| Some(self.episode(vehicles.get(index)?, found))).collect()
    }

    fn episode(&self, vehicle: &Vehicle, found: Found) -> Episode {
        let moment = self.world.moment;
        let Span { from_s, to_s } = found.stretch.span;
        Episode {
            vehicle: format!("{}/{}", self.operator, vehicle.code),
            rule: found.rule.into(),
            exempted: self.is_exempted(vehicle, &found),
            subject: found.subject,
            from: moment.at(from_s),
            to: moment.at(to_s),
            value: found.value,
            tolerance_s: found.tolerance_s,
            doubtful: !found.stretch.certain,
            only_possible: found.only_possible,
            splits: found.stretch.splits,
            also: found.also_s.iter().map(|span| (moment.at(span.from_s), moment.at(span.to_s))).collect(),
            note: format!("{} ({})", found.note, vehicle.staged_by),
        }
    }

    /// Whether a permit covers all of an episode.
    fn is_exempted(&self, vehicle: &Vehicle, found: &Found) -> bool {
        let span = found.stretch.span;
        self.world.exemptions.iter().any(|permit| {
            let named = permit.zone.as_ref().map(|zone| format!("zone/{zone}"));
            let grouped = permit.group.as_ref().map(|group| format!("group/{group}"));
            let places: Vec<String> = [named, grouped].into_iter().flatten().collect();
            let in_time = permit.valid_from_s <= span.from_s && span.to_s <= permit.valid_to_s;
            let open = |at_s| self.world.open(permit.schedule.as_ref(), at_s);
            let attended = |at_s| !permit.escort_required || !vehicle.life.escort.at(at_s).is_empty();
            permit.vehicle == vehicle.code
                && permit.rules.contains(&found.rule)
                && (places.is_empty() || places.contains(&found.subject))
                && in_time
                && [span.from_s, span.to_s].into_iter().all(|at_s| open(at_s) && attended(at_s))
        })
    }
}

/// When a vehicle is truly inside an area.
#[must_use]
pub fn inside(life: &crate::life::Life, device: &crate::life::DeviceLife, area: &crate::world::Area) -> Spans {
    Trace::follow(life, device, area).inside()
}

/// The device's own alarms of these kinds; each counts as a second.
fn alarms(case: &Case<'_>, kinds: &[crate::device::EventKind]) -> Verdict {
    let raised = case.vehicle.life.alarms.iter().filter(|(_, kind)| kinds.contains(kind));
    Verdict::plain(raised.map(|(at_s, _)| Span::new(*at_s, at_s + 1.0)).collect())
}

impl<'a> Case<'a> {
    fn open(judge: &'a Judge<'a>, vehicle: &'a Vehicle) -> Self {
        let traces = judge.world.zones.iter().map(|zone| Trace::follow(&vehicle.life, &vehicle.device, &zone.area));
        Self { judge, vehicle, traces: traces.collect(), blind: vehicle.device.blind(), found: Vec::new() }
    }

    /// The vehicle's whole life.
    fn whole(&self) -> Span {
        self.vehicle.life.whole
    }

    /// The longest time between two looks at a moving vehicle, in seconds.
    fn interval_s(&self) -> f64 {
        self.vehicle.device.moving_s
    }

    /// The zones with the vehicle's depth in them and when they are in effect.
    fn zones(&self) -> impl Iterator<Item = (&'a Zone, &Trace, &'a Spans)> {
        let zones = self.judge.world.zones.iter().zip(&self.judge.effective);
        zones.zip(&self.traces).map(|((zone, effective), trace)| (zone, trace, effective))
    }

    /// The spans of life in which the cargo is such.
    fn cargo(&self, such: impl Fn(crate::world::Cargo<'_>) -> bool) -> Spans {
        let spans = self.vehicle.cargo_spans().into_iter();
        spans.filter(|span| such(self.vehicle.cargo_at(span.from_s))).collect()
    }

    /// Notes a rule's episodes.
    fn note(&mut self, rule: &'static str, subject: &str, verdict: Verdict, note: &str) {
        self.note_with(rule, subject, verdict, note, |_| None);
    }

    /// Notes a rule's episodes with their values.
    fn note_with(
        &mut self,
        rule: &'static str,
        subject: &str,
        verdict: Verdict,
        note: &str,
        value: impl Fn(Span) -> Option<f64>,
    ) {
        let verdict = verdict.unseen_in(&self.blind);
        let tolerance_s = USUAL_TOLERANCE_S + 2.0 * self.interval_s();
        for stretch in verdict.episodes() {
            self.found.push(Found {
                rule,
                subject: subject.into(),
                value: value(stretch.span),
                stretch,
                tolerance_s,
                only_possible: false,
                also_s: Vec::new(),
                note: note.into(),
            });
        }
    }

    fn close(mut self) -> Findings {
        self.found.sort_by(|a, b| {
            (a.rule, &a.subject)
                .cmp(&(b.rule, &b.subject))
                .then(a.stretch.span.from_s.total_cmp(&b.stretch.span.from_s))
        });
        let (judge, vehicle, whole) = (self.judge, self.vehicle, self.whole());
        let moment = judge.world.moment;
        let name = format!("{}/{}", judge.operator, vehicle.code);
        let within = self.blind.iter().map(|span| span.cut(whole)).filter(|span| span.to_s > span.from_s);
        let blind = within
            .map(|span| Blind { vehicle: name.clone(), from: moment.at(span.from_s), to: moment.at(span.to_s) })
            .collect();
        Findings { episodes: self.found.into_iter().map(|found| judge.episode(vehicle, found)).collect(), blind }
    }
}

/// When a zone is in effect: in force, and within its schedule, which is looked at minute by minute.
fn effective(world: &World, zone: &Zone, whole: Span) -> Spans {
    let force = Span::new(zone.valid_from_s.unwrap_or(whole.from_s), zone.valid_to_s.unwrap_or(whole.to_s)).cut(whole);
    let in_force = Spans::new([force]);
    if zone.schedule.is_none() && !matches!(zone.kind, Kind::TimeBan(_)) {
        return in_force;
    }
    in_force.and(&open_spans(world, zone.schedule.as_ref(), whole))
}

/// When a schedule is open, minute by minute of the clock.
fn open_spans(world: &World, schedule: Option<&crate::world::Schedule>, whole: Span) -> Spans {
    let minutes = crate::numbers::count((whole.length_s() / 60.0).ceil()) + 1;
    let to_the_minute_s = 60.0 - (world.moment.at(0.0).timestamp() as f64).rem_euclid(60.0);
    let first_s = to_the_minute_s - 60.0 + (whole.from_s / 60.0).floor() * 60.0;
    let minute = |number: u64| first_s + number as f64 * 60.0;
    let open = (0..=minutes).map(minute).filter(|at_s| world.open(schedule, *at_s));
    open.map(|at_s| Span::new(at_s, at_s + 60.0).cut(whole)).collect()
}

#[cfg(test)]
mod tests;
