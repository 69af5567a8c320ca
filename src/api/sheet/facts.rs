//! What a sheet is made of: the incident as it was recorded, and the zones as they are at the moment.

use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    cap::{Alert, Sender},
    domain::{Certainty, Contact, GoodsLine, IncidentId, IncidentLevel, IncidentState, Language, Place, RuleKey},
    hazard::{Catalogue, HazardSheet},
    incident::{
        approach::Approach,
        notice::{Notice, NoticeError, Telling},
        protective::{Accident, ProtectiveZones, WIND_HOLDS},
    },
    sheet::{Acknowledged, CargoState, Identity, Phones, Position, Sheet, Status, TrackPoint, Trigger, VehicleFacts},
    store::incidents::IncidentRecord,
};

/// The facts of one incident at a moment.
pub(super) struct Facts<'a> {
    record: &'a IncidentRecord,
    now: DateTime<Utc>,
    level: IncidentLevel,
    state: IncidentState,
    certainty: Certainty,
    triggers: Vec<Trigger>,
    place: Option<Place>,
    /// When it was there.
    seen_at: DateTime<Utc>,
    track: Vec<Heard>,
    goods: HazardSheet,
    zones: Option<ProtectiveZones>,
    approach: Option<Approach>,
    contacts: Vec<Contact>,
}

/// A place in what was frozen with the incident.
#[derive(Clone, Copy, Deserialize)]
struct Frozen {
    lat: f64,
    lon: f64,
}

/// A point of the frozen track.
#[derive(Clone, Copy, Deserialize)]
struct Heard {
    time: DateTime<Utc>,
    lat: f64,
    lon: f64,
    heading_deg: Option<f64>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(record: &'a IncidentRecord, catalogue: &Catalogue, now: DateTime<Utc>) -> Self {
        let sheet = &record.sheet;
        let declared: Option<Vec<GoodsLine>> = part(sheet, "declared");
        let is_dangerous = !sheet.get("hazard").is_none_or(Value::is_null);
        let goods = match declared {
            Some(declared) => HazardSheet::of(catalogue, &declared),
            None if is_dangerous => HazardSheet::unknown(catalogue),
            None => HazardSheet::nothing(),
        };
        let frozen: Option<Frozen> = part(sheet, "place");
        let track: Vec<Heard> = part(sheet, "track").unwrap_or_default();
        // Where it happened; else where the vehicle was heard of last.
        let happened = frozen.and_then(|frozen| Some((record.raised_at, Place::new(frozen.lat, frozen.lon).ok()?)));
        let heard = || track.last().and_then(|last| Some((last.time, Place::new(last.lat, last.lon).ok()?)));
        let (seen_at, place) = happened.or_else(heard).unzip();
        let accident = place.filter(|_| is_dangerous).map(|place| Accident {
            place,
            accuracy_m: None,
            time: now,
            sheet: &goods,
            spill_size: None,
            spilled_on: None,
            container: None,
            burning: is_burning(record).then_some(true),
            wind: None,
            wind_holds: WIND_HOLDS,
        });
        let zones = accident.map(|accident| ProtectiveZones::draw(catalogue.distances(), &accident));
        let triggers: Vec<Trigger> = record
            .triggers
            .iter()
            .filter_map(|trigger| Some(Trigger { rule: trigger.rule.parse().ok()?, at: trigger.time }))
            .collect();
        Self {
            level: IncidentLevel::from_name(&record.level).unwrap_or(IncidentLevel::I),
            state: IncidentState::from_name(&record.state).unwrap_or(IncidentState::Raised),
            certainty: part(sheet, "certainty").unwrap_or(Certainty::Possible),
            approach: zones.as_ref().map(Approach::plan),
            contacts: part(sheet, "contacts").unwrap_or_default(),
            record,
            now,
            triggers,
            place,
            seen_at: seen_at.unwrap_or(record.raised_at),
            track,
            goods,
            zones,
        }
    }

    /// The sheet in a language.
    pub(super) fn sheet(&self, language: Language) -> Sheet<'_> {
        let times = || self.triggers.iter().map(|trigger| trigger.at);
        Sheet {
            language,
            generated_at: self.now,
            identity: Identity {
                incident: IncidentId(self.record.id),
                version: None,
                status: Status::Actual,
                level: self.level,
                level_reasons: self.record.level_reasons.clone(),
                state: self.state,
                triggers: self.triggers.clone(),
                first_evidence_at: times().min(),
                last_evidence_at: times().max(),
                certainty: self.certainty,
                acknowledged: self
                    .record
                    .acknowledged_at
                    .map(|at| Acknowledged { by: self.record.acknowledged_by.clone().unwrap_or_default(), at }),
                duty_officer: None,
            },
            position: self.position(),
            vehicle: VehicleFacts {
                code: self.code(),
                registration: self.registration().map(str::to_owned),
                ..VehicleFacts::default()
            },
            waybill: self.record.sheet.get("waybill").and_then(Value::as_str).map(str::to_owned),
            goods: &self.goods,
            cargo: CargoState::default(),
            zones: self.zones.as_ref(),
            approach: self.approach.as_ref(),
            air_temperature_c: None,
            around: None,
            contacts: self.contacts.clone(),
            phones: Phones::default(),
            evidence: Vec::new(),
        }
    }

    /// The incident as a CAP message; `link` opens its sheet.
    pub(super) fn cap(&self, sender: &Sender, link: Option<String>) -> Result<Alert, NoticeError> {
        let rules: Vec<RuleKey> = self.triggers.iter().map(|trigger| trigger.rule).collect();
        let code = self.code();
        let contact = self.contacts.first().map(|contact| format!("{}: {}", contact.name, contact.phone));
        let notice = Notice {
            sender,
            sender_name: "Placard",
            incident: self.record.id,
            sent: self.now,
            telling: Telling::First,
            exercise: None,
            level: self.level,
            triggers: &rules,
            certainty: self.certainty,
            began: self.record.raised_at,
            vehicle: self.registration().unwrap_or(&code),
            place: self.place,
            hazard: &self.goods,
            zones: self.zones.as_ref(),
            contact,
            sheet_url: link.and_then(|link| link.parse().ok()),
        };
        notice.to_cap()
    }

    /// The carrier's name for the vehicle; a dash where nobody could name one.
    fn code(&self) -> String {
        let named = self.record.operator.as_ref().zip(self.record.vehicle.as_ref());
        named.map_or_else(|| "–".to_owned(), |(operator, vehicle)| format!("{operator}/{vehicle}"))
    }

    fn registration(&self) -> Option<&str> {
        self.record.sheet.pointer("/vehicle/registration")?.as_str()
    }

    fn position(&self) -> Option<Position> {
        let place = self.place?;
        let last = self.track.last();
        let track = self
            .track
            .iter()
            .filter_map(|heard| Some(TrackPoint { place: Place::new(heard.lat, heard.lon).ok()?, at: heard.time }));
        Some(Position {
            place,
            at: self.seen_at,
            accuracy_m: None,
            heading_deg: last.and_then(|last| last.heading_deg),
            road: None,
            direction: None,
            kilometre_post: None,
            tunnel: None,
            zones: None,
            access_side: None,
            track: track.collect(),
        })
    }
}

fn part<T: DeserializeOwned>(sheet: &Value, name: &str) -> Option<T> {
    T::deserialize(sheet.get(name)?).ok()
}

fn is_burning(record: &IncidentRecord) -> bool {
    record.triggers.iter().any(|trigger| trigger.rule == RuleKey::CargoFire.as_str())
}
