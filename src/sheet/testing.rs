//! Staged sheets, for stories about what a responder reads.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Acknowledged, CargoState, Evidence, Identity, Person, Phones, Position, Sheet, Status, TrackPoint, Trigger,
    VehicleFacts,
};
use crate::{
    domain::{
        CarriageMode, Certainty, Contact, ContactRole, GoodsLine, IncidentId, IncidentLevel, IncidentState, Language,
        Place, RuleKey,
    },
    geo::destination,
    hazard::{Catalogue, CatalogueEntry, HazardSheet},
    incident::{
        approach::Approach,
        protective::{Accident, ProtectiveZones, WIND_HOLDS, WindReading},
    },
};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());

/// The catalogue in the binary, read once for all tests.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

/// Noon of 24 November 2026, universal time: day at the scene.
pub fn noon() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// A motorway in the port of Antwerp.
pub fn scene() -> Place {
    Place::new(51.3, 4.3).unwrap()
}

/// Eighteen tonnes of chlorine in a tank.
pub fn chlorine() -> HazardSheet {
    HazardSheet::of(catalogue(), &[GoodsLine { quantity_kg: Some(18_000.0), ..line("1017", CarriageMode::Tank) }])
}

/// A line that states its number and mode only.
pub fn line(un_number: &str, mode: CarriageMode) -> GoodsLine {
    GoodsLine {
        un_number: un_number.parse().unwrap(),
        packing_group: None,
        variant: None,
        technical_name: None,
        mode,
        quantity_kg: None,
        quantity_l: None,
        net_explosive_mass_kg: None,
        empty_uncleaned: false,
    }
}

/// The sheet of one entry of the catalogue, in a tank.
pub fn goods_of(entry: &CatalogueEntry) -> HazardSheet {
    let goods = GoodsLine {
        packing_group: entry.packing_group,
        variant: entry.variant.clone(),
        ..line(&entry.un_number.to_string(), CarriageMode::Tank)
    };
    HazardSheet::of(catalogue(), &[goods])
}

/// A south-west wind, measured a quarter of an hour before.
pub fn wind() -> WindReading {
    WindReading::new(Some(225.0), Some(14.0), noon() - TimeDelta::minutes(15), "Antwerp airport").unwrap()
}

/// The zones of a load at the scene.
pub fn zones(goods: &HazardSheet, wind: Option<&WindReading>) -> ProtectiveZones {
    let accident = Accident {
        place: scene(),
        accuracy_m: Some(8.0),
        time: noon(),
        sheet: goods,
        spill_size: None,
        spilled_on: None,
        container: None,
        burning: None,
        wind,
        wind_holds: WIND_HOLDS,
    };
    ProtectiveZones::draw(catalogue().distances(), &accident)
}

/// A rollover of which everything is known that a carrier can tell.
pub fn known<'a>(
    language: Language,
    goods: &'a HazardSheet,
    zones: &'a ProtectiveZones,
    approach: &'a Approach,
) -> Sheet<'a> {
    let minutes = |minutes| noon() - TimeDelta::minutes(minutes);
    let track = (0..=6).rev().map(|step: i32| {
        let place = destination(scene(), 200.0, f64::from(step) * 900.0).unwrap();
        TrackPoint { place, at: minutes(1 + i64::from(step) * 5) }
    });
    let person = |name: &str, phone: &str| Some(Person { name: name.into(), phone: Some(phone.into()) });
    let contact = |role, name: &str, phone: &str| Contact { role, name: name.into(), phone: phone.into() };
    Sheet {
        position: Some(Position {
            place: scene(),
            at: minutes(1),
            accuracy_m: Some(8.0),
            heading_deg: Some(20.0),
            road: Some("A12".into()),
            direction: Some("Bergen op Zoom".into()),
            kilometre_post: Some("58.2".into()),
            tunnel: Some(String::new()),
            zones: Some(vec!["Port of Antwerp".into()]),
            access_side: None,
            track: track.collect(),
        }),
        vehicle: VehicleFacts {
            code: "rhine-chem/truck-7".into(),
            registration: Some("NL 12-BXK-3".into()),
            operator_name: Some("Rhine Chemicals Transport".into()),
            carrier_phone: Some("+31 10 555 0100".into()),
            driver: person("J. de Vries", "+31 6 5550 0102"),
            tank_code: Some("P22DH(M)".into()),
            ..VehicleFacts::default()
        },
        waybill: Some("RC-2026-11871".into()),
        zones: Some(zones),
        approach: Some(approach),
        air_temperature_c: Some(6.5),
        contacts: vec![
            contact(ContactRole::Emergency, "Rhine Chemicals duty desk", "+31 10 555 0199"),
            contact(ContactRole::Consignor, "Chlor Works Rotterdam", "+31 10 555 0111"),
            contact(ContactRole::Consignee, "Antwerp Water Works", "+32 3 555 0122"),
        ],
        phones: Phones { fire_service: Some("112".into()), police: Some("112".into()), ..Phones::default() },
        evidence: vec![Evidence { at: minutes(0), what: "Driver confirmed by telephone".into() }],
        identity: Identity {
            acknowledged: Some(Acknowledged { by: "M. Peeters".into(), at: minutes(0) }),
            state: IncidentState::Acknowledged,
            ..bare(language, goods).identity
        },
        ..bare(language, goods)
    }
}

/// The same of which nothing is known but that it happened.
pub fn bare(language: Language, goods: &HazardSheet) -> Sheet<'_> {
    let at = noon() - TimeDelta::minutes(2);
    Sheet {
        language,
        generated_at: noon(),
        identity: Identity {
            incident: IncidentId(Uuid::from_u128(0x1dc0_b2f5_77d4_5b0e_9f43_03a6_0a4d_7c01)),
            version: 1,
            status: Status::Actual,
            level: IncidentLevel::II,
            level_reasons: vec!["the vehicle overturned or crashed".into()],
            state: IncidentState::Raised,
            triggers: vec![Trigger { rule: RuleKey::MotionRollover, at }],
            first_evidence_at: Some(at),
            last_evidence_at: Some(at + TimeDelta::minutes(1)),
            certainty: Certainty::Observed,
            acknowledged: None,
            duty_officer: None,
        },
        position: None,
        vehicle: VehicleFacts { code: "rhine-chem/truck-7".into(), ..VehicleFacts::default() },
        waybill: None,
        goods,
        cargo: CargoState::default(),
        zones: None,
        approach: None,
        air_temperature_c: None,
        around: None,
        contacts: Vec::new(),
        phones: Phones::default(),
        evidence: Vec::new(),
    }
}
