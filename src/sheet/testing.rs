//! Staged sheets, for stories about what a responder reads.

use chrono::TimeDelta;
use uuid::Uuid;

pub use crate::incident::testing::{catalogue, noon, scene};

use super::{
    Acknowledged, CargoState, Evidence, Identity, Person, Phones, Position, Sheet, Status, TrackPoint, Trigger,
    VehicleFacts,
};
use crate::{
    domain::{
        CarriageMode, Certainty, Contact, ContactRole, GoodsLine, IncidentId, IncidentLevel, IncidentState, Language,
        RuleKey,
    },
    geo::destination,
    hazard::{CatalogueEntry, HazardSheet},
    incident::{
        approach::Approach,
        protective::{Accident, ProtectiveZones, WindReading},
        testing::{accident, draw},
    },
};

/// Eighteen tonnes of chlorine in a tank.
pub fn chlorine() -> HazardSheet {
    HazardSheet::of(
        catalogue(),
        &[GoodsLine { quantity_kg: Some(18_000.0), ..GoodsLine::new("1017".parse().unwrap(), CarriageMode::Tank) }],
    )
}

/// The sheet of one entry of the catalogue, in a tank.
pub fn goods_of(entry: &CatalogueEntry) -> HazardSheet {
    let goods = GoodsLine {
        packing_group: entry.packing_group,
        variant: entry.variant.clone(),
        ..GoodsLine::new(entry.un_number, CarriageMode::Tank)
    };
    HazardSheet::of(catalogue(), &[goods])
}

/// A south-west wind, measured a quarter of an hour before.
pub fn wind() -> WindReading {
    WindReading::new(Some(225.0), Some(14.0), noon() - TimeDelta::minutes(15), "Antwerp airport").unwrap()
}

/// The zones of a load at the scene.
pub fn zones(goods: &HazardSheet, wind: Option<&WindReading>) -> ProtectiveZones {
    draw(&Accident { wind, ..accident(goods) })
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
            version: Some(1),
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
