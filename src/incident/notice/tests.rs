//! Messages about a staged accident, held against the schema.

use super::*;
use crate::{
    cap::schema,
    domain::CarriageMode,
    incident::testing::{accident, catalogue, draw, noon, scene, sheet, wind},
};

const INCIDENT: Uuid = Uuid::from_u128(0x0198_f2c4_0000_7000_8000_0000_0000_0001);

fn notice<'a>(sender: &'a Sender, hazard: &'a HazardSheet, zones: Option<&'a ProtectiveZones>) -> Notice<'a> {
    Notice {
        sender,
        sender_name: "Port authority, duty desk",
        incident: INCIDENT,
        sent: noon(),
        telling: Telling::First,
        exercise: None,
        level: IncidentLevel::I,
        triggers: &[RuleKey::MotionRollover, RuleKey::CargoLeak],
        certainty: Certainty::Observed,
        began: noon() - TimeDelta::seconds(4),
        vehicle: "NL 12-BXK-3",
        place: Some(scene()),
        hazard,
        zones,
        contact: Some("Rhine Chem, 24 h: +31 10 555 0100".into()),
        sheet_url: Some("https://placard.example.org/sheet/abc".parse().unwrap()),
    }
}

fn sender() -> Sender {
    "placard.example.org".parse().unwrap()
}

/// The message as XML, which the schema takes.
fn valid(notice: &Notice<'_>) -> String {
    let xml = notice.to_cap().unwrap().to_xml().unwrap();
    assert_eq!(schema::check(&xml), Ok(()), "{xml}");
    xml
}

#[test]
fn a_chlorine_tanker_on_its_side_is_told_like_this() {
    let (sender, hazard) = (sender(), sheet(&[("1017", CarriageMode::Tank)]));
    let west = wind(270.0, 15.0);
    let zones = draw(&crate::incident::protective::Accident { wind: Some(&west), ..accident(&hazard) });
    insta::assert_snapshot!(valid(&notice(&sender, &hazard, Some(&zones))));
}

#[test]
fn every_state_of_an_incident_is_a_valid_message() {
    let (sender, hazard) = (sender(), sheet(&[("1017", CarriageMode::Tank)]));
    let zones = draw(&accident(&hazard));
    let first = notice(&sender, &hazard, Some(&zones));
    let reference = first.to_cap().unwrap().reference();
    let tellings = [
        Telling::First,
        Telling::Update(vec![reference.clone()]),
        Telling::Withdrawal(vec![reference], "False alarm: the sensor was hit by a forklift.".into()),
    ];
    let levels = [IncidentLevel::I, IncidentLevel::II, IncidentLevel::III, IncidentLevel::IV];
    for (telling, level) in tellings.iter().flat_map(|telling| levels.map(|level| (telling, level))) {
        for exercise in [None, Some("Drill: autumn 2026")] {
            let sent = noon() + TimeDelta::minutes(5);
            let xml = valid(&Notice { sent, telling: telling.clone(), level, exercise, ..first.clone() });
            assert_eq!(xml.contains("<status>Exercise</status>"), exercise.is_some(), "a drill is one from end to end");
            assert!(xml.contains("<scope>Restricted</scope>"), "the cargo is nobody else's business");
        }
    }
}

#[test]
fn without_a_place_and_without_known_goods_it_is_still_a_message() {
    let (sender, unknown) = (sender(), HazardSheet::unknown(catalogue()));
    let xml = valid(&Notice {
        place: None,
        contact: None,
        sheet_url: None,
        triggers: &[],
        ..notice(&sender, &unknown, None)
    });
    assert!(xml.contains("Cargo unknown") && xml.contains("货物不明"), "{xml}");
    assert!(!xml.contains("HAZMAT.UN"), "what is not known is left out");
}

#[test]
fn a_vehicle_without_dangerous_goods_is_not_told_as_one_with_unknown_ones() {
    let (sender, nothing) = (sender(), HazardSheet::nothing());
    let xml = valid(&notice(&sender, &nothing, None));
    assert!(xml.contains("No dangerous goods are declared") && !xml.contains("Cargo unknown"), "{xml}");
    assert!(!xml.contains("CBRNE"), "{xml}");
}

#[test]
fn all_goods_of_the_catalogue_can_be_told() {
    let sender = sender();
    for entry in catalogue().entries() {
        let hazard = sheet(&[(entry.un_number.to_string().trim_start_matches("UN "), CarriageMode::Packages)]);
        valid(&notice(&sender, &hazard, Some(&draw(&accident(&hazard)))));
    }
}
