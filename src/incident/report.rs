//! A report by telephone: what a caller said of an accident, and the incident that follows from it.
//!
//! A caller may know the registration plate, or only the orange plate: the UN number on its lower half and the hazard
//! identification number on its upper one (ADR 5.3.2). Without a vehicle the number alone says what responders face.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{IncidentDraft, Trigger, level, sheet_of};
use crate::{
    domain::{CarriageMode, Certainty, GoodsLine, OrganisationId, Place, Severity, UnNumber},
    hazard::{Catalogue, HazardSheet, LoadProfile},
    world::{Cargo, KnownVehicle, World},
};

/// What a caller said.
#[derive(Clone, Debug, Serialize)]
pub struct TelephoneReport {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Where.
    pub place: Option<Place>,
    /// The registration plate as it was read out.
    pub registration: Option<String>,
    /// The lower half of the orange plate.
    pub un_number: Option<UnNumber>,
    /// The upper half of the orange plate.
    pub hin: Option<String>,
    /// What happened, in words.
    pub words: String,
}

/// The incident that follows from a report about a vehicle that is known.
#[must_use]
pub fn about(world: &World, catalogue: &Catalogue, known: &KnownVehicle, report: TelephoneReport) -> IncidentDraft {
    let cargo = world.cargo(known, report.at);
    let sheet = sheet_of(catalogue, known, cargo, report.at);
    let shipment = known.shipment_at(report.at).map(|known| known.shipment.id);
    IncidentDraft {
        vehicle_id: Some(known.vehicle.id),
        shipment_id: shipment,
        ..draft(cargo, known.vehicle.operator_id, sheet, report)
    }
}

/// The incident that follows from a report about a vehicle that nobody can name, taken by an organisation. Goods on a
/// marked road vehicle are taken to be in a tank, which has the greatest distances.
#[must_use]
pub fn without_vehicle(catalogue: &Catalogue, taken_by: OrganisationId, report: TelephoneReport) -> IncidentDraft {
    let goods: Vec<GoodsLine> =
        report.un_number.into_iter().map(|number| GoodsLine::new(number, CarriageMode::Tank)).collect();
    let load = LoadProfile::of(catalogue, &goods);
    let hazard = if goods.is_empty() { HazardSheet::unknown(catalogue) } else { HazardSheet::of(catalogue, &goods) };
    let sheet = json!({
        "raised_at": report.at, "vehicle": null, "waybill": null, "contacts": null,
        "cargo_unknown": load.unknown, "hazard": hazard, "declared": goods,
    });
    draft(Cargo::Load(&load), taken_by, sheet, report)
}

fn draft(
    cargo: Cargo<'_>,
    operator_id: OrganisationId,
    mut sheet: serde_json::Value,
    report: TelephoneReport,
) -> IncidentDraft {
    if let Some(sheet) = sheet.as_object_mut() {
        sheet.insert("raised_by".into(), json!("telephone"));
        sheet.insert("place".into(), json!(report.place));
        sheet.insert("certainty".into(), json!(Certainty::Likely));
        sheet.insert("reported".into(), json!(report));
    }
    let (level, level_reasons) = level::preliminary(None, cargo);
    IncidentDraft {
        severity: Severity::S1,
        triggered_at: report.at,
        vehicle_id: None,
        operator_id,
        shipment_id: None,
        level,
        level_reasons,
        sheet,
        trigger: Trigger::Telephone(Uuid::new_v4(), report),
    }
}

/// Whether a plate as it was read out is that of a vehicle: blanks, dashes, dots and case do not count, and the country in
/// front of a registered one may be left out.
#[must_use]
pub fn is_plate_of(read_out: &str, registered: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    };
    let wanted = plain(read_out);
    let without_country = registered.trim().split_once(' ').and_then(|(country, plate)| {
        let is_country = (1..=3).contains(&country.len()) && country.chars().all(|one| one.is_ascii_uppercase());
        is_country.then(|| plain(plate))
    });
    !wanted.is_empty() && (wanted == plain(registered) || without_country.is_some_and(|plate| plate == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::IncidentLevel, incident::testing};

    fn report(un_number: Option<&str>) -> TelephoneReport {
        TelephoneReport {
            at: testing::noon(),
            place: Some(testing::scene()),
            registration: None,
            un_number: un_number.map(|number| number.parse().unwrap()),
            hin: None,
            words: "a tanker lies in the ditch".into(),
        }
    }

    #[test]
    fn a_plate_is_found_however_it_is_read_out() {
        for read_out in ["NL 12-BXK-3", "nl12bxk3", "12 bxk 3", "12-BXK-3", " 12·BXK·3 "] {
            assert!(is_plate_of(read_out, "NL 12-BXK-3"), "{read_out}");
        }
        for other in ["", "-", "12-BXK-4", "BXK-3", "NL"] {
            assert!(!is_plate_of(other, "NL 12-BXK-3"), "{other}");
        }
        assert!(is_plate_of("粤 b 12345", "粤B12345"));
        assert!(!is_plate_of("12-BXK-3", "KA12 12-BXK-3"), "KA12 is no country");
    }

    #[test]
    fn the_orange_plate_alone_says_what_responders_face() {
        let chlorine = without_vehicle(testing::catalogue(), OrganisationId(9), report(Some("1017")));
        assert_eq!((chlorine.vehicle_id, chlorine.operator_id), (None, OrganisationId(9)));
        assert_eq!(chlorine.level, IncidentLevel::II);
        assert!(chlorine.level_reasons[0].contains("telephone"), "{:?}", chlorine.level_reasons);
        assert_eq!(chlorine.sheet["hazard"]["goods"][0]["hin"], "265");
        assert_eq!(chlorine.sheet["reported"]["words"], "a tanker lies in the ditch");
        let diesel = without_vehicle(testing::catalogue(), OrganisationId(9), report(Some("1202")));
        assert_eq!(diesel.level, IncidentLevel::III);
    }

    #[test]
    fn nothing_known_of_the_goods_means_the_most_restrictive() {
        let unknown = without_vehicle(testing::catalogue(), OrganisationId(9), report(None));
        assert_eq!(unknown.level, IncidentLevel::II);
        assert_eq!(unknown.sheet["cargo_unknown"], true);
    }
}
