//! A small world for stories about the rules: one vehicle, a load, zones, and a flat earth of metres around 0° N 0° E.

use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::{
    domain::{
        CargoLimits, CargoPredicate, CarriageMode, DeviceEvent, DeviceEventKind, Episode, Fix, FixKey, GoodsLine,
        OrganisationId, Place, Route, RouteId, RuleKey, Shipment, ShipmentId, Site, TunnelCategory, Vehicle, VehicleId,
        ViolationId, Zone, ZoneId, ZoneKind, ZoneVersion, position::Sensors,
    },
    engine::{Heard, History, Judgement, Observation, Order, Track},
    geo::{Margins, PreparedLine},
    hazard::Catalogue,
    rules::{
        Change, EpisodeChange, Realm, Warning,
        pack::{PackDocument, PublishedPack, RulePacks},
    },
    world::{KnownRoute, KnownZone, RuleSettings, WorldParts},
};

/// Metres in a degree of latitude, and of longitude where the stories play (at the equator): near enough for a story.
pub const DEGREE_M: f64 = 111_320.0;

/// A moment of the story: Tuesday 24 November 2026, 08:15:30 UTC, and so many seconds.
pub fn at(second: f64) -> DateTime<Utc> {
    crate::rules::seconds_after(DateTime::from_timestamp(1_795_508_130, 0).unwrap(), second)
}

/// A place so many metres east and north of the middle of the story's world.
pub fn place(east_m: f64, north_m: f64) -> Place {
    // Off the very middle: 0° N 0° E is where receivers without a fix are.
    Place::new((north_m + 1e-7) / DEGREE_M, (east_m + 1e-7) / DEGREE_M).unwrap()
}

/// A fix of a good receiver that says nothing but where it is.
pub fn fix(second: f64, east_m: f64, north_m: f64) -> Fix {
    Fix {
        key: FixKey { time: at(second), seq: 0 },
        place: place(east_m, north_m),
        speed_kmh: None,
        heading_deg: None,
        accuracy_m: Some(0.0),
        altitude_m: None,
        satellites: None,
        ignition: None,
        driver: None,
        escort: None,
        odometer_km: None,
        buffered: false,
        sensors: Sensors::default(),
        unknown_fields: serde_json::Map::new(),
    }
}

/// A fix on the way east at this speed, `second` seconds after the middle of the world.
pub fn driving(second: f64, speed_kmh: f64) -> Fix {
    Fix { speed_kmh: Some(speed_kmh), heading_deg: Some(90.0), ..fix(second, second * speed_kmh / 3.6, 0.0) }
}

/// A fix of a vehicle that stands.
pub fn standing(second: f64, east_m: f64, north_m: f64) -> Fix {
    Fix { speed_kmh: Some(0.0), ..fix(second, east_m, north_m) }
}

/// The fix with these readings.
pub fn sensing(fix: Fix, sensors: Sensors) -> Fix {
    Fix { sensors, ..fix }
}

/// A device's alarm.
pub fn event(kind: DeviceEventKind, second: f64, seq: i64) -> DeviceEvent {
    DeviceEvent { kind, time: at(second), seq, place: None }
}

/// A zone that is a rectangle, given by its west, south, east and north in metres.
pub fn zone(id: i64, kind: ZoneKind, [west, south, east, north]: [f64; 4]) -> Zone {
    let ring = [(west, south), (east, south), (east, north), (west, north), (west, south)];
    let ring: Vec<(f64, f64)> = ring.iter().map(|(x, y)| (x / DEGREE_M, y / DEGREE_M)).collect();
    Zone {
        id: ZoneId(id),
        version: ZoneVersion(1),
        publisher_id: OrganisationId(9),
        name: format!("zone {id}"),
        kind,
        area: Arc::new(geo::MultiPolygon::new(vec![geo::Polygon::new(ring.into(), vec![])])),
        valid_from: DateTime::<Utc>::MIN_UTC,
        valid_to: None,
        schedule: None,
        group: None,
        dwell_s: None,
    }
}

/// Forbidden for all dangerous goods.
pub fn prohibited() -> ZoneKind {
    ZoneKind::Prohibited { cargo: CargoPredicate::default() }
}

/// A route along these corners, given in metres east and north, with this half-width in metres. The path has a point every few
/// metres, as routes from a map have.
pub fn route(id: i64, half_width_m: f64, corners: &[(f64, f64)]) -> KnownRoute {
    const EVERY_M: f64 = 5.0;
    let mut path: Vec<(f64, f64)> = Vec::new();
    for leg in corners.windows(2) {
        let ((east_m, north_m), (to_east_m, to_north_m)) = (leg[0], leg[1]);
        let steps = ((to_east_m - east_m).hypot(to_north_m - north_m) / EVERY_M).ceil().max(1.0);
        let point = |share: f64| (east_m + share * (to_east_m - east_m), north_m + share * (to_north_m - north_m));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand steps")]
        let steps_whole = steps as u32;
        path.extend((0..=steps_whole).map(|step| point(f64::from(step) / steps)));
    }
    path.dedup();
    let path: geo::LineString = path.into_iter().map(|(x, y)| (x / DEGREE_M, y / DEGREE_M)).collect::<Vec<_>>().into();
    KnownRoute {
        line: Arc::new(PreparedLine::new(&path)),
        route: Route {
            id: RouteId(id),
            version: 1,
            publisher_id: OrganisationId(9),
            name: format!("route {id}"),
            path,
            half_width_m,
            sections: Vec::new(),
            police_approved: false,
        },
    }
}

/// A place of loading or unloading.
pub fn site(east_m: f64, north_m: f64, radius_m: f64) -> Site {
    let middle = place(east_m, north_m);
    Site { lat: middle.lat(), lon: middle.lon(), radius_m }
}

/// A tunnel of one category at all times.
pub fn tunnel(category: TunnelCategory) -> ZoneKind {
    ZoneKind::Tunnel { category, by_time: Vec::new() }
}

/// A pack with every rule at its defaults. Grades are simple ones: S1 for what endangers life, else by cargo or value.
pub fn pack() -> PackDocument {
    pack_with(&json!({}))
}

/// A pack with every rule, and these parameters of rules by key: `{"speed.limit": {"hold_s": 0}}`.
pub fn pack_with(parameters: &serde_json::Value) -> PackDocument {
    let severity = |key: RuleKey| match key {
        RuleKey::ZoneProhibited => "gravest ? S1 : S2",
        RuleKey::SpeedLimit => "excess_ratio > 1.5 ? S1 : excess_ratio > 1.2 ? S2 : S3",
        RuleKey::SignalLost => "high_consequence && value >= 300.0 ? S2 : S3",
        RuleKey::DocExpiry => "value < 0.0 ? S2 : value <= 7.0 ? S3 : S4",
        RuleKey::GnssImplausible => "situation == 'repeated' ? S2 : S4",
        RuleKey::CargoTemperature => "situation == 'emergency' ? S1 : S2",
        RuleKey::CargoPressure => "situation == 'level' ? S2 : S1",
        RuleKey::CargoLeak => "situation == 'warn' ? S2 : S1",
        RuleKey::TunnelCode
        | RuleKey::Sos
        | RuleKey::MotionRollover
        | RuleKey::MotionCrash
        | RuleKey::CargoValveOpen
        | RuleKey::CargoFire => "S1",
        _ => "S2",
    };
    let rules: Vec<_> = RuleKey::ALL
        .iter()
        .filter(|key| **key != RuleKey::Custom)
        .map(|key| {
            let parameters = parameters.get(key.as_str()).cloned().unwrap_or(json!({}));
            json!({ "key": key, "citation": "a story", "mark": "proposed", "severity": severity(*key), "parameters": parameters })
        })
        .collect();
    serde_json::from_value(json!({
        "jurisdiction": "story", "title": "The rules of a story", "note": "informational, not legal advice",
        "effective_from": "1970-01-01T00:00:00Z", "rule": rules,
    }))
    .unwrap()
}

/// A story in which only this rule judges, with the parameters of the parts' pack at their defaults.
pub fn with_only(rule: RuleKey, mut parts: Parts) -> Story {
    let mut document = pack();
    document.rules.retain(|written| written.key == rule);
    parts.packs = packs(document);
    Story::of(parts)
}

/// The vehicle of the stories: a dangerous-goods vehicle with a limit of 80 km/h.
pub fn vehicle() -> Vehicle {
    Vehicle {
        id: VehicleId(1),
        operator_id: OrganisationId(1),
        operator: "rhine-chem".parse().unwrap(),
        code: "T-01".parse().unwrap(),
        registration: None,
        dangerous_goods: true,
        speed_limit_kmh: Some(80.0),
        jurisdiction: None,
        documents: Vec::new(),
        licensed_classes: Vec::new(),
        tank_media: Vec::new(),
        rated_load_kg: None,
    }
}

/// 20,000 l of these goods in a tank, on board for ever.
pub fn shipment(un_number: &str) -> Shipment {
    Shipment {
        id: ShipmentId(1),
        vehicle_id: VehicleId(1),
        waybill: "W-1".into(),
        goods: vec![GoodsLine {
            quantity_l: Some(20_000.0),
            ..GoodsLine::new(un_number.parse().unwrap(), CarriageMode::Tank)
        }],
        contacts: Vec::new(),
        route_id: None,
        starts_at: DateTime::<Utc>::MIN_UTC,
        ends_at: None,
        driver: None,
        escort: None,
        escort_required: false,
        origin: None,
        destination: None,
        depart_after: None,
        arrive_from: None,
        arrive_by: None,
        cargo_limits: CargoLimits::default(),
    }
}

/// The parts of a story's world with its rules, to be changed before it is told.
pub struct Parts {
    pub world: WorldParts,
    pub packs: RulePacks,
}

impl Deref for Parts {
    type Target = WorldParts;

    fn deref(&self) -> &WorldParts {
        &self.world
    }
}

impl DerefMut for Parts {
    fn deref_mut(&mut self) -> &mut WorldParts {
        &mut self.world
    }
}

/// No margins, the story's pack, these zones.
pub fn parts(un_number: Option<&str>, zones: Vec<Zone>) -> Parts {
    let world = WorldParts {
        version: 1,
        settings: RuleSettings { zone_margins: Margins::ZERO, jurisdiction: "story".into(), ..RuleSettings::default() },
        vehicles: vec![vehicle()],
        shipments: un_number.map(shipment).into_iter().collect(),
        zones: zones.into_iter().map(KnownZone::from).collect(),
        ..WorldParts::default()
    };
    Parts { world, packs: packs(pack()) }
}

/// One pack, ready to judge by.
pub fn packs(document: PackDocument) -> RulePacks {
    RulePacks::compile(&[PublishedPack { version: 1, document }]).unwrap()
}

/// A vehicle on its way through a world.
pub struct Story {
    pub world: Realm,
    pub track: Track,
    /// What the driver was warned of.
    pub warnings: Vec<Warning>,
    /// Everything that was heard, as a store would keep it.
    pub heard: Vec<Heard>,
    /// The episodes as they are now, as a store would keep them.
    pub episodes: BTreeMap<ViolationId, Episode>,
}

impl Story {
    /// A vehicle that carries `un_number` in a tank, or nothing that is declared; no margins at zones.
    pub fn new(un_number: Option<&str>, zones: Vec<Zone>) -> Self {
        Self::of(parts(un_number, zones))
    }

    /// As [`new`](Self::new), with margins at zones as they are by default.
    pub fn with_margins(un_number: Option<&str>, zones: Vec<Zone>) -> Self {
        let mut parts = parts(un_number, zones);
        parts.settings.zone_margins = RuleSettings::default().zone_margins;
        Self::of(parts)
    }

    pub fn of(parts: Parts) -> Self {
        let world = Realm::build(parts.world, parts.packs, &Catalogue::builtin().unwrap());
        Self { world, track: Track::default(), warnings: Vec::new(), heard: Vec::new(), episodes: BTreeMap::new() }
    }

    /// Judges one fix, in whatever order it comes.
    pub fn judge(&mut self, fix: &Fix) -> (Judgement, Vec<EpisodeChange>) {
        self.hear(Observation::Fix(Arc::new(fix.clone())))
    }

    /// Judges fixes that must all be plausible, and returns every change.
    pub fn drive(&mut self, fixes: &[Fix]) -> Vec<EpisodeChange> {
        let mut changes = Vec::new();
        for fix in fixes {
            let (judgement, more) = self.judge(fix);
            assert_eq!(judgement, Judgement::Judged);
            changes.extend(more);
        }
        changes
    }

    /// Judges an alarm of the device.
    pub fn raise(&mut self, event: &DeviceEvent) -> Vec<EpisodeChange> {
        self.hear(Observation::Event(event.clone())).1
    }

    /// Lets the caller's clock reach `second` without a word from the vehicle.
    pub fn wait_until(&mut self, second: f64) -> Vec<EpisodeChange> {
        let known = self.world.vehicle(VehicleId(1)).unwrap();
        let changes = self.track.judge_silence(&self.world, known, at(second));
        self.record(&changes);
        changes
    }

    /// The open episodes.
    pub fn open(&self) -> &[Episode] {
        &self.track.state.open
    }

    /// The episodes of a rule as they are now, oldest first.
    pub fn of_rule(&self, rule: RuleKey) -> Vec<&Episode> {
        let mut episodes: Vec<&Episode> = self.episodes.values().filter(|episode| episode.rule == rule).collect();
        episodes.sort_by_key(|episode| episode.opened_at);
        episodes
    }

    pub fn hear(&mut self, observation: Observation) -> (Judgement, Vec<EpisodeChange>) {
        let known = self.world.vehicle(VehicleId(1)).unwrap();
        let moment = observation.moment();
        let (judgement, changes) = match self.track.order_of(moment) {
            Order::Next => {
                let judged = self.track.judge(&self.world, known, observation.clone());
                self.warnings.extend(judged.warnings);
                self.heard.push(Heard { observation, judgement: judged.judgement });
                (judged.judgement, judged.changes)
            }
            _ if self.heard.iter().any(|heard| heard.observation.moment() == moment) => (Judgement::Judged, Vec::new()),
            order => {
                let history = match order {
                    Order::Recent => self.track.recent_past(moment).unwrap(),
                    _ => self.whole_past(),
                };
                let rejudged = self.track.judge_again(&self.world, known, history, vec![observation.clone()]);
                let judgement = rejudged.added[0].1;
                self.heard.push(Heard { observation, judgement });
                self.heard.sort_by_key(|heard| heard.observation.moment());
                for (moment, judgement) in &rejudged.revised {
                    let heard = self.heard.iter_mut().find(|heard| heard.observation.moment() == *moment);
                    heard.unwrap().judgement = *judgement;
                }
                (judgement, rejudged.changes)
            }
        };
        self.record(&changes);
        (judgement, changes)
    }

    /// What a store would load when everything has to be judged again.
    fn whole_past(&self) -> History {
        History {
            base: crate::engine::VehicleState::default(),
            heard: self.heard.clone(),
            recorded: self.episodes.values().cloned().collect(),
        }
    }

    fn record(&mut self, changes: &[EpisodeChange]) {
        for change in changes {
            if change.change == Change::Withdrawn {
                self.episodes.remove(&change.episode.id);
            } else {
                self.episodes.insert(change.episode.id, change.episode.clone());
            }
        }
    }
}
