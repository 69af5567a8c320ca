//! Stories about the engine, and properties that hold for any track.

mod alarms;
mod crossings;
mod properties;
mod silence;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Judgement, VehicleState, judge_fix};
use crate::{
    domain::{
        CargoPredicate, CarriageMode, Fix, FixKey, GoodsLine, OrganisationId, Place, Shipment, ShipmentId,
        TunnelCategory, Vehicle, VehicleId, Zone, ZoneId, ZoneKind, ZoneVersion, position::Sensors,
    },
    geo::Margins,
    hazard::Catalogue,
    rules::EpisodeChange,
    world::{KnownZone, RuleSettings, World, WorldParts},
};

/// Metres in a degree of latitude, and of longitude where the stories play (at the equator): near enough for a story.
const DEGREE_M: f64 = 111_320.0;

/// A moment of the story.
fn at(second: f64) -> DateTime<Utc> {
    crate::rules::seconds_after(DateTime::from_timestamp(1_795_508_130, 0).unwrap(), second)
}

/// A place so many metres east and north of the middle of the story's world.
fn place(east_m: f64, north_m: f64) -> Place {
    Place::new(north_m / DEGREE_M, east_m / DEGREE_M).unwrap()
}

fn fix(second: f64, east_m: f64, north_m: f64) -> Fix {
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

/// A zone that is a rectangle, given by its west, south, east and north in metres.
fn zone(id: i64, kind: ZoneKind, [west, south, east, north]: [f64; 4]) -> Zone {
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
    }
}

fn prohibited() -> ZoneKind {
    ZoneKind::Prohibited { cargo: CargoPredicate::default() }
}

fn tunnel(category: TunnelCategory) -> ZoneKind {
    ZoneKind::Tunnel { category }
}

/// A world with one vehicle, which carries `un_number` in a tank, or nothing that is declared.
struct Story {
    world: World,
    state: VehicleState,
}

impl Story {
    fn new(un_number: Option<&str>, zones: Vec<Zone>) -> Self {
        let settings = RuleSettings { zone_margins: Margins::ZERO, ..RuleSettings::default() };
        Self::with(un_number, zones, settings)
    }

    fn with(un_number: Option<&str>, zones: Vec<Zone>, settings: RuleSettings) -> Self {
        let vehicle = Vehicle {
            id: VehicleId(1),
            operator_id: OrganisationId(1),
            operator: "rhine-chem".parse().unwrap(),
            code: "T-01".parse().unwrap(),
            registration: None,
            dangerous_goods: true,
            speed_limit_kmh: Some(80.0),
        };
        let shipment = un_number.map(|un_number| Shipment {
            id: ShipmentId(1),
            vehicle_id: VehicleId(1),
            waybill: "W-1".into(),
            goods: vec![GoodsLine {
                un_number: un_number.parse().unwrap(),
                packing_group: None,
                variant: None,
                technical_name: None,
                mode: CarriageMode::Tank,
                quantity_kg: None,
                quantity_l: Some(20_000.0),
                net_explosive_mass_kg: None,
                empty_uncleaned: false,
            }],
            contacts: Vec::new(),
            route_id: None,
            starts_at: DateTime::<Utc>::MIN_UTC,
            ends_at: None,
        });
        let parts = WorldParts {
            version: 1,
            settings,
            operators: Vec::new(),
            vehicles: vec![vehicle],
            shipments: shipment.into_iter().collect(),
            zones: zones.into_iter().map(KnownZone::from).collect(),
        };
        Self { world: World::build(parts, &Catalogue::builtin().unwrap()), state: VehicleState::default() }
    }

    fn judge(&mut self, fix: &Fix) -> (Judgement, Vec<EpisodeChange>) {
        let vehicle = self.world.vehicle(VehicleId(1)).unwrap();
        let judged = judge_fix(&self.world, vehicle, &mut self.state, fix);
        (judged.judgement, judged.changes)
    }

    /// Judges fixes that must all be plausible and in order, and returns every change.
    fn drive(&mut self, fixes: &[Fix]) -> Vec<EpisodeChange> {
        let mut changes = Vec::new();
        for fix in fixes {
            let (judgement, more) = self.judge(fix);
            assert_eq!(judgement, Judgement::Judged);
            changes.extend(more);
        }
        changes
    }
}
