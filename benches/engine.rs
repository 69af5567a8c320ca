//! What judging one fix costs: one thread, moving vehicles, thousands of zones, every rule of the `adr` pack on.
//!
//! The figure is told as nanoseconds and as a ratio to a reference measured in the same run: reading one position from its
//! JSON payload. Run by `./dev bench engine`; `ZONES`, `VEHICLES`, `STEPS` and `STEP_M` change the load.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs
)]

use std::{hint::black_box, sync::Arc, time::Instant};

use chrono::{DateTime, TimeDelta, Utc};
use placard::{
    domain::{
        CargoLimits, CargoPredicate, CarriageMode, Fix, FixKey, GoodsLine, OrganisationId, Place, Shipment, ShipmentId,
        TunnelCategory, Vehicle, VehicleId, Zone, ZoneId, ZoneKind, ZoneVersion, position::Sensors,
    },
    engine::{Observation, Order, Track},
    hazard::Catalogue,
    rules::Realm,
    rules::pack::{PublishedPack, RulePacks, builtin},
    world::{KnownZone, RuleSettings, WorldParts},
};
use rand::{Rng, SeedableRng, rngs::StdRng};

const SOUTH_WEST: (f64, f64) = (51.0, 4.0);
const SPAN_DEG: (f64, f64) = (2.0, 3.0);
const METRES_PER_DEGREE: f64 = 111_195.0;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() {
    let (zones, vehicles) = (number("ZONES", 10_000), number("VEHICLES", 1_000));
    let (steps, step_m) = (number("STEPS", 500), number("STEP_M", 20) as f64);
    let reference_ns = reference();
    println!("reference  reading one position from JSON: {reference_ns:.0} ns");
    for (name, with_rules) in [("no rules", false), ("every rule", true)] {
        let world = world(zones, vehicles, with_rules);
        let nanoseconds = drive(&world, vehicles, steps, step_m);
        let ratio = nanoseconds / reference_ns;
        let rate = 1e9 / nanoseconds;
        println!(
            "{name:<10} {nanoseconds:.0} ns a fix, {rate:.0} fixes/s, {ratio:.2} of the reference ({zones} zones of 64 corners)"
        );
    }
}

/// Nanoseconds to read one position from its payload.
fn reference() -> f64 {
    let payload = br#"{"time":"2026-11-24T08:15:30.250Z","lat":51.5074,"lon":4.3021,"speed_kmh":71.5,"heading_deg":182,"accuracy_m":4.1,"altitude_m":3,"satellites":11,"seq":18211,"ignition":true,"driver":"D-4411"}"#;
    const ROUNDS: u32 = 200_000;
    let started = Instant::now();
    for _ in 0..ROUNDS {
        let value: serde_json::Value = serde_json::from_slice(black_box(payload)).unwrap();
        black_box(value);
    }
    started.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS)
}

fn world(zones: usize, vehicles: usize, with_rules: bool) -> Realm {
    let mut random = StdRng::seed_from_u64(7);
    let zones = (0..zones).map(|number| KnownZone::from(zone(number, &mut random))).collect();
    let packs = if with_rules {
        let packs: Vec<_> =
            builtin().unwrap().into_iter().map(|document| PublishedPack { version: 1, document }).collect();
        RulePacks::compile(&packs).unwrap()
    } else {
        RulePacks::default()
    };
    let parts = WorldParts {
        version: 1,
        settings: RuleSettings::default(),
        vehicles: (1..=vehicles).map(|number| vehicle(number as i64)).collect(),
        shipments: (1..=vehicles).map(|number| shipment(number as i64)).collect(),
        zones,
        ..WorldParts::default()
    };
    Realm::build(parts, packs, &Catalogue::builtin().unwrap())
}

/// A round zone of 64 corners, 200 to 2,000 m wide, somewhere.
fn zone(number: usize, random: &mut StdRng) -> Zone {
    let lat = SOUTH_WEST.0 + SPAN_DEG.0 * random.random::<f64>();
    let lon = SOUTH_WEST.1 + SPAN_DEG.1 * random.random::<f64>();
    let radius_deg = (100.0 + 900.0 * random.random::<f64>()) / METRES_PER_DEGREE;
    let ring: Vec<(f64, f64)> = (0..=64)
        .map(|corner| {
            let angle = f64::from(corner % 64) / 64.0 * std::f64::consts::TAU;
            (lon + radius_deg * angle.cos() / lat.to_radians().cos(), lat + radius_deg * angle.sin())
        })
        .collect();
    let kind = match number % 10 {
        0..=3 => ZoneKind::Prohibited {
            cargo: CargoPredicate { classes: vec!["2.3".parse().unwrap()], ..CargoPredicate::default() },
        },
        4..=6 => ZoneKind::SpeedLimit { cargo: CargoPredicate::default(), limit_kmh: 60.0 },
        7 => ZoneKind::Tunnel { category: TunnelCategory::D, by_time: Vec::new() },
        8 => ZoneKind::StopPlace { supervised: false },
        _ => ZoneKind::Prohibited { cargo: CargoPredicate::default() },
    };
    Zone {
        id: ZoneId(number as i64 + 1),
        version: ZoneVersion(1),
        publisher_id: OrganisationId(9),
        name: String::new(),
        kind,
        area: Arc::new(geo::MultiPolygon::new(vec![geo::Polygon::new(ring.into(), vec![])])),
        valid_from: DateTime::<Utc>::MIN_UTC,
        valid_to: None,
        schedule: None,
        group: None,
        dwell_s: None,
    }
}

fn vehicle(id: i64) -> Vehicle {
    Vehicle {
        id: VehicleId(id),
        operator_id: OrganisationId(1),
        operator: "bench".parse().unwrap(),
        code: format!("v-{id}").parse().unwrap(),
        registration: None,
        dangerous_goods: true,
        speed_limit_kmh: Some(90.0),
        jurisdiction: None,
        documents: Vec::new(),
        licensed_classes: Vec::new(),
        tank_media: Vec::new(),
        rated_load_kg: None,
    }
}

fn shipment(vehicle: i64) -> Shipment {
    Shipment {
        id: ShipmentId(vehicle),
        vehicle_id: VehicleId(vehicle),
        waybill: format!("W-{vehicle}"),
        goods: vec![GoodsLine {
            quantity_l: Some(20_000.0),
            ..GoodsLine::new("1203".parse().unwrap(), CarriageMode::Tank)
        }],
        contacts: Vec::new(),
        route_id: None,
        starts_at: DateTime::<Utc>::MIN_UTC,
        ends_at: None,
        driver: Some("D-1".into()),
        escort: None,
        escort_required: false,
        origin: None,
        destination: None,
        depart_after: None,
        arrive_from: None,
        arrive_by: None,
        cargo_limits: CargoLimits { pressure_max_kpa: Some(900.0), ..CargoLimits::default() },
    }
}

/// Nanoseconds a fix. The fixes are made before the clock starts.
fn drive(world: &Realm, vehicles: usize, steps: usize, step_m: f64) -> f64 {
    let mut random = StdRng::seed_from_u64(11);
    let began = DateTime::from_timestamp(1_795_508_130, 0).unwrap();
    let interval_s = step_m / 20.0;
    let mut fixes: Vec<(VehicleId, Observation)> = Vec::with_capacity(vehicles * steps);
    let mut courses: Vec<(f64, f64, f64)> = (0..vehicles)
        .map(|_| {
            let lat = SOUTH_WEST.0 + SPAN_DEG.0 * random.random::<f64>();
            let lon = SOUTH_WEST.1 + SPAN_DEG.1 * random.random::<f64>();
            (lat, lon, random.random::<f64>() * std::f64::consts::TAU)
        })
        .collect();
    for step in 0..steps {
        for (number, (lat, lon, course)) in courses.iter_mut().enumerate() {
            *course += (random.random::<f64>() - 0.5) * 0.05;
            *lat += step_m * course.cos() / METRES_PER_DEGREE;
            *lon += step_m * course.sin() / METRES_PER_DEGREE / lat.to_radians().cos();
            let micros = (step as f64 * interval_s * 1e6) as i64;
            let fix = Fix {
                key: FixKey { time: began + TimeDelta::microseconds(micros), seq: step as i64 },
                place: Place::new(*lat, *lon).unwrap(),
                speed_kmh: Some(72.0),
                heading_deg: Some(course.to_degrees().rem_euclid(360.0)),
                accuracy_m: Some(5.0),
                altitude_m: Some(3.0),
                satellites: Some(11),
                ignition: Some(true),
                driver: Some("D-1".into()),
                escort: None,
                odometer_km: None,
                buffered: false,
                sensors: Sensors { tank_pressure_kpa: Some(612.0), roll_deg: Some(1.0), ..Sensors::default() },
                unknown_fields: serde_json::Map::new(),
            };
            fixes.push((VehicleId(number as i64 + 1), Observation::Fix(Arc::new(fix))));
        }
    }
    let mut tracks: Vec<Track> = (0..=vehicles).map(|_| Track::default()).collect();
    let count = fixes.len() as f64;
    let mut changes = 0;
    let started = Instant::now();
    for (vehicle, observation) in fixes {
        let track = &mut tracks[vehicle.0 as usize];
        let known = world.vehicle(vehicle).unwrap();
        if track.order_of(observation.moment()) == Order::Next {
            changes += track.judge(world, known, observation).changes.len();
        }
    }
    let nanoseconds = started.elapsed().as_secs_f64() * 1e9 / count;
    println!("           {changes} changes in episodes");
    nanoseconds
}
