//! What others are told of an incident, as a CAP 1.2 message: in every language, with the cargo as parameters and the
//! protective zones as areas.
//!
//! Cargo is nobody's business but the responders', so every message is *Restricted*, and a drill is an *Exercise* from
//! end to end. A first message is an *Alert*, each later one an *Update* of all before it; what turns out false or is over is
//! withdrawn by a *Cancel*. How the level, the certainty and the state read in CAP is a proposal of this project.

use chrono::{DateTime, TimeDelta, Utc};
use geo::MultiPolygon;
use url::Url;
use uuid::Uuid;

use super::protective::{ProtectiveZone, ProtectiveZones, ZoneForm};
use crate::{
    cap::{
        Alert, Area, CapTime, CapTimeError, Category, Certainty as CapCertainty, Circle, IdentifierError, Info,
        LanguageTag, LanguageTagError, MessageType, NamedValue, Polygon, Reference, Resource, ResponseType, Scope,
        Sender, Severity, ShapeError, Status, Urgency,
    },
    domain::{Certainty, IncidentLevel, Language, Place, RuleKey},
    hazard::{
        HazardSheet, SheetLine,
        advice::Advice,
        naming::{Named, named},
    },
};

/// A message says what holds for so long, if no other replaces it.
const HOLDS: TimeDelta = TimeDelta::hours(6);

/// Why an incident cannot be told as a message.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// The incident or the sender has a name that CAP does not allow.
    #[error(transparent)]
    Name(#[from] IdentifierError),
    /// A language cannot be named.
    #[error(transparent)]
    Language(#[from] LanguageTagError),
    /// A moment cannot be written.
    #[error(transparent)]
    Time(#[from] CapTimeError),
    /// A zone cannot be drawn.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// What the message does.
#[derive(Clone, Debug, PartialEq)]
pub enum Telling {
    /// It is the first.
    First,
    /// It replaces earlier ones.
    Update(Vec<Reference>),
    /// It withdraws earlier ones, for a reason in words.
    Withdrawal(Vec<Reference>, String),
}

/// An incident as it is told at a moment.
#[derive(Clone, Debug)]
pub struct Notice<'a> {
    /// Who tells it: a domain name of the installation.
    pub sender: &'a Sender,
    /// The authority's name, for people.
    pub sender_name: &'a str,
    /// The incident.
    pub incident: Uuid,
    /// When it is told; no two messages about an incident at one moment, for it names the message too.
    pub sent: DateTime<Utc>,
    /// What it does.
    pub telling: Telling,
    /// Whether it is a drill, and which.
    pub exercise: Option<&'a str>,
    /// Its level.
    pub level: IncidentLevel,
    /// The rules that raised it, the first one first.
    pub triggers: &'a [RuleKey],
    /// How sure it is.
    pub certainty: Certainty,
    /// When it began.
    pub began: DateTime<Utc>,
    /// The vehicle, as people call it: its registration, or its carrier's code for it.
    pub vehicle: &'a str,
    /// Where it is.
    pub place: Option<Place>,
    /// What it carries.
    pub hazard: &'a HazardSheet,
    /// Its zones.
    pub zones: Option<&'a ProtectiveZones>,
    /// Whom to call.
    pub contact: Option<String>,
    /// Where the sheet is read.
    pub sheet_url: Option<Url>,
}

impl Notice<'_> {
    /// The message.
    ///
    /// # Errors
    /// When a name, a moment or a zone cannot be written in CAP.
    pub fn to_cap(&self) -> Result<Alert, NoticeError> {
        let identifier = format!("{}.{}", self.incident, self.sent.timestamp_millis()).parse()?;
        let (message_type, references, reason) = match &self.telling {
            Telling::First => (MessageType::Alert, Vec::new(), None),
            Telling::Update(earlier) => (MessageType::Update, earlier.clone(), None),
            Telling::Withdrawal(earlier, reason) => (MessageType::Cancel, earlier.clone(), Some(reason.clone())),
        };
        let status = if self.exercise.is_some() { Status::Exercise } else { Status::Actual };
        let sent = CapTime::new(self.sent)?;
        let mut alert = Alert::new(identifier, self.sender.clone(), sent, status, message_type, Scope::Restricted);
        alert.source = Some(self.vehicle.to_owned());
        alert.restriction = Some("Emergency services, authorities and the carrier: the cargo is told.".into());
        alert.note = reason.or_else(|| self.exercise.map(str::to_owned));
        alert.references = references;
        alert.incidents = vec![self.incident.to_string()];
        alert.infos = Language::ALL.into_iter().map(|language| self.info(language)).collect::<Result<_, _>>()?;
        Ok(alert)
    }

    fn info(&self, language: Language) -> Result<Info, NoticeError> {
        let event = self.triggers.first().map_or(Phrase::Emergency, |rule| event(*rule));
        let is_over = matches!(self.telling, Telling::Withdrawal(..));
        let urgency = match self.level {
            _ if is_over => Urgency::Past,
            IncidentLevel::I | IncidentLevel::II => Urgency::Immediate,
            IncidentLevel::III | IncidentLevel::IV => Urgency::Expected,
        };
        let tag: LanguageTag = match language {
            Language::English => "en-GB".parse()?,
            Language::Chinese => "zh-CN".parse()?,
        };
        let mut info = Info::new(
            tag,
            Category::Transport,
            event.name_in(language),
            urgency,
            severity(self.level),
            certainty(self.certainty),
        );
        if self.hazard.goods.iter().any(|line| line.gravest) || self.hazard.unknown_cargo {
            info.categories.push(Category::Cbrne);
        }
        let (kind, text) =
            if is_over { (ResponseType::AllClear, Phrase::Over) } else { (ResponseType::Avoid, Phrase::KeepAway) };
        info.response_types = vec![kind];
        info.event_codes = self.triggers.iter().map(|rule| NamedValue::new("PLACARD.RULE", rule.as_str())).collect();
        info.onset = Some(CapTime::new(self.began)?);
        info.expires = Some(CapTime::new(self.sent + HOLDS)?);
        info.sender_name = Some(self.sender_name.to_owned());
        info.headline = Some(format!("{} – {}", self.cargo_in_short(language), event.name_in(language)));
        info.description = Some(self.description(language));
        info.instruction = Some(if is_over { text.name_in(language).into() } else { self.instruction(language) });
        info.web.clone_from(&self.sheet_url);
        info.contact.clone_from(&self.contact);
        info.parameters = self.parameters();
        info.resources = self
            .sheet_url
            .iter()
            .map(|url| Resource::at(Phrase::Sheet.name_in(language), "text/html", url.clone()))
            .collect();
        info.areas = self.areas(language)?;
        Ok(info)
    }

    fn cargo_in_short(&self, language: Language) -> String {
        let Some(line) = self.hazard.goods.first() else {
            let unnamed = if self.hazard.unknown_cargo { Phrase::UnknownCargo } else { Phrase::NothingDangerous };
            return unnamed.name_in(language).into();
        };
        let more = self.hazard.goods.len() - 1;
        let more = if more > 0 { format!(" + {more}") } else { String::new() };
        format!("UN {} {}{more}", line.un_number, name(line, language).unwrap_or_default())
    }

    fn description(&self, language: Language) -> String {
        let mut lines: Vec<String> = self.hazard.goods.iter().map(|line| line.adr_description.clone()).collect();
        if self.hazard.unknown_cargo {
            lines.push(Phrase::UnknownCargo.name_in(language).into());
        }
        lines.insert(0, format!("{}: {}", Phrase::Vehicle.name_in(language), self.vehicle));
        lines.join("\n")
    }

    fn instruction(&self, language: Language) -> String {
        let zones = self.zones.iter().flat_map(|zones| &zones.zones).filter(|zone| zone.in_force);
        let mut sentences: Vec<String> = zones.map(|zone| zone.instruction(language)).collect();
        let guide = self.hazard.goods.first().and_then(|line| line.erg_guides.first());
        let advice = guide.and_then(|guide| Advice::of(guide.guide.number, language));
        sentences.extend(advice.iter().flat_map(|advice| &advice.never).map(ToString::to_string));
        if sentences.is_empty() {
            sentences.push(Phrase::KeepAway.name_in(language).into());
        }
        sentences.join("\n")
    }

    /// The cargo for machines, line by line; what is not known is left out.
    fn parameters(&self) -> Vec<NamedValue> {
        let mut parameters = vec![NamedValue::new("PLACARD.LEVEL", self.level.as_str())];
        for line in &self.hazard.goods {
            let mut say = |name: &str, value: Option<String>| {
                parameters.extend(value.map(|value| NamedValue::new(name, value)));
            };
            say("HAZMAT.UN", Some(line.un_number.to_string()));
            say("HAZMAT.HIN", line.hin.map(|hin| hin.to_string()));
            say("HAZMAT.CLASS", line.class.map(|class| class.to_string()));
            say("HAZMAT.PG", line.packing_group.map(|group| group.to_string()));
            say("HAZMAT.ERG", line.erg_guides.first().map(|guide| guide.reference.clone()));
            say("HAZMAT.QUANTITY_KG", line.quantity_kg.map(|kilograms| kilograms.to_string()));
            say("HAZMAT.QUANTITY_L", line.quantity_l.map(|litres| litres.to_string()));
        }
        parameters
    }

    /// The zones that hold now; without any, the vehicle's place.
    fn areas(&self, language: Language) -> Result<Vec<Area>, NoticeError> {
        let zones = self.zones.iter().flat_map(|zones| zones.zones.iter().map(move |zone| (zones.place, zone)));
        let mut areas: Vec<Area> = zones
            .filter(|(_, zone)| zone.in_force)
            .map(|(place, zone)| area(place, zone, language))
            .collect::<Result<_, _>>()?;
        if areas.is_empty()
            && let Some(place) = self.place
        {
            let circle = Circle::new((place.lat(), place.lon()), AT_THE_PLACE_KM)?;
            areas.push(Area { circles: vec![circle], ..Area::new(Phrase::Vehicle.name_in(language)) });
        }
        Ok(areas)
    }
}

/// A vehicle without zones is told as a circle of this radius, in kilometres.
const AT_THE_PLACE_KM: f64 = 0.05;

fn area(place: Place, zone: &ProtectiveZone, language: Language) -> Result<Area, NoticeError> {
    let mut area = Area::new(zone.instruction(language));
    match zone.form {
        ZoneForm::Circle { radius_m } => {
            area.circles = vec![Circle::new((place.lat(), place.lon()), radius_m / 1000.0)?];
        }
        ZoneForm::Square { .. } => area.polygons = polygons(&zone.area)?,
    }
    Ok(area)
}

fn polygons(area: &MultiPolygon<f64>) -> Result<Vec<Polygon>, ShapeError> {
    area.iter().map(|polygon| Polygon::new(polygon.exterior().coords().map(|corner| (corner.y, corner.x)))).collect()
}

fn name(line: &SheetLine, language: Language) -> Option<&str> {
    match language {
        Language::English => line.name_en.as_deref(),
        Language::Chinese => line.name_zh.as_deref().or(line.name_en.as_deref()),
    }
}

/// How a level reads in CAP (proposed).
fn severity(level: IncidentLevel) -> Severity {
    match level {
        IncidentLevel::I => Severity::Extreme,
        IncidentLevel::II => Severity::Severe,
        IncidentLevel::III => Severity::Moderate,
        IncidentLevel::IV => Severity::Minor,
    }
}

fn certainty(certainty: Certainty) -> CapCertainty {
    match certainty {
        Certainty::Observed => CapCertainty::Observed,
        Certainty::Likely => CapCertainty::Likely,
        Certainty::Possible => CapCertainty::Possible,
    }
}

/// What a message says in the words of whoever is called out.
#[derive(Clone, Copy, Debug)]
enum Phrase {
    Emergency,
    Called,
    Overturned,
    Crashed,
    Leaks,
    Burns,
    Breach,
    UnknownCargo,
    NothingDangerous,
    KeepAway,
    Over,
    Sheet,
    Vehicle,
}

named!(Phrase {
    Self::Emergency => "Emergency reported of a vehicle with dangerous goods", "接报：危险货物运输车辆发生紧急情况";
    Self::Called => "Call for help from a vehicle with dangerous goods", "危险货物运输车辆发出求救";
    Self::Overturned => "Vehicle with dangerous goods overturned", "危险货物运输车辆侧翻";
    Self::Crashed => "Vehicle with dangerous goods crashed", "危险货物运输车辆碰撞";
    Self::Leaks => "Dangerous goods leak from a vehicle", "危险货物运输车辆泄漏";
    Self::Burns => "Vehicle with dangerous goods on fire", "危险货物运输车辆起火";
    Self::Breach => "Vehicle with dangerous goods in critical breach of a rule", "危险货物运输车辆严重违规";
    Self::UnknownCargo => "Cargo unknown: treat it as the most dangerous until it is known",
        "货物不明：查明之前按最危险货物处置";
    Self::NothingDangerous => "No dangerous goods are declared", "未申报危险货物";
    Self::KeepAway => "Keep away and stay upwind.", "远离现场，留在上风方向。";
    Self::Over => "The alert is withdrawn.", "警报已撤销。";
    Self::Sheet => "Hazard sheet", "危险货物信息单";
    Self::Vehicle => "Vehicle", "车辆";
});

fn event(rule: RuleKey) -> Phrase {
    match rule {
        RuleKey::Sos => Phrase::Called,
        RuleKey::MotionRollover => Phrase::Overturned,
        RuleKey::MotionCrash => Phrase::Crashed,
        RuleKey::CargoLeak => Phrase::Leaks,
        RuleKey::CargoFire => Phrase::Burns,
        _ => Phrase::Breach,
    }
}

#[cfg(test)]
mod tests;
