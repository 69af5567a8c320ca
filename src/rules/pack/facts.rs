//! What the expressions of a pack may ask about.

use std::{fmt::Display, sync::Arc};

use cel::{
    common::{
        types::{CelBool, CelDouble, CelList, CelNull, CelString},
        value::{CowVal, Val},
    },
    context::VariableResolver,
};

use super::language::{Kind, Vocabulary};
use crate::{domain::ZoneId, hazard::LoadProfile};

/// What the severity of a violation may depend on.
#[derive(Clone, Copy)]
pub struct SeverityFacts<'a> {
    /// What the rule measures, in the rule's unit.
    pub value: Option<f64>,
    /// What the value is held against, in the same unit.
    pub limit: Option<f64>,
    /// The load; `None` where nothing dangerous is on board.
    pub load: Option<&'a LoadProfile>,
    /// Whether the load goes by a route and time that the police approved.
    pub police_approved: bool,
    /// What the violation is about, in one word, e.g. `zone/12`.
    pub subject: &'a (dyn Display + Sync),
    /// Which of several conditions of the rule is broken; empty where the rule has only one.
    pub situation: &'a str,
}

impl SeverityFacts<'_> {
    /// The facts of a violation that measures nothing, of a vehicle that carries nothing dangerous.
    pub const NONE: SeverityFacts<'static> = SeverityFacts {
        value: None,
        limit: None,
        load: None,
        police_approved: false,
        subject: &"vehicle",
        situation: "",
    };

    /// The value as a multiple of the limit; 1 where both are 0.
    fn excess_ratio(&self) -> Option<f64> {
        let (value, limit) = self.value.zip(self.limit)?;
        let ratio = value / limit;
        Some(if ratio.is_nan() { 1.0 } else { ratio })
    }

    /// The facts by name. `S1` to `S4` are there so that a severity can be written with and without quotes.
    pub(super) const VOCABULARY: &'static Vocabulary = &[
        ("value", Kind::Number),
        ("limit", Kind::Number),
        ("excess_ratio", Kind::Number),
        ("gravest", Kind::Truth),
        ("high_consequence", Kind::Truth),
        ("cargo_unknown", Kind::Truth),
        ("class_1", Kind::Truth),
        ("police_approved", Kind::Truth),
        ("classes", Kind::Texts),
        ("un_numbers", Kind::Texts),
        ("subject", Kind::Text),
        ("situation", Kind::Text),
        ("S1", Kind::Text),
        ("S2", Kind::Text),
        ("S3", Kind::Text),
        ("S4", Kind::Text),
    ];
}

impl VariableResolver for SeverityFacts<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        Some(match name {
            "value" => number(self.value),
            "limit" => number(self.limit),
            "excess_ratio" => number(self.excess_ratio()),
            "gravest" => truth(self.load.is_some_and(|load| load.gravest)),
            "class_1" => truth(self.load.is_some_and(may_be_class_1)),
            "police_approved" => truth(self.police_approved),
            "subject" => CowVal::owned(CelString::from(self.subject.to_string())),
            "situation" => text(self.situation),
            "S1" => text("S1"),
            "S2" => text("S2"),
            "S3" => text("S3"),
            "S4" => text("S4"),
            _ => return load_fact(self.load, name),
        })
    }
}

/// What a rule of an authority's own may depend on: one fix, and what holds for the vehicle then. What is not known is `None`.
#[derive(Clone, Copy, Default)]
pub struct ConditionFacts<'a> {
    /// Ground speed in km/h.
    pub speed_kmh: Option<f64>,
    /// Course over ground in degrees.
    pub heading_deg: Option<f64>,
    /// Radius of uncertainty in metres.
    pub accuracy_m: Option<f64>,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Hour of the day in UTC, 0 to 23.
    pub utc_hour: u8,
    /// Day of the week in UTC, 1 for Monday to 7 for Sunday (ISO 8601).
    pub weekday: u8,
    /// Whether the vehicle moves.
    pub moving: bool,
    /// Numbers of the zones that it is in.
    pub zone_ids: &'a [ZoneId],
    /// Groups of the zones that it is in.
    pub groups: &'a [Arc<str>],
    /// The lowest speed limit that binds it, in km/h.
    pub limit_kmh: Option<f64>,
    /// Who drives, in the operator's own code.
    pub driver: Option<&'a str>,
    /// The attendant on board, in the operator's own code.
    pub escort: Option<&'a str>,
    /// Whether there is cargo on board.
    pub loaded: Option<bool>,
    /// Pressure in the tank in kPa.
    pub tank_pressure_kpa: Option<f64>,
    /// Temperature of the cargo in °C.
    pub tank_temperature_c: Option<f64>,
    /// Level in the tank in percent.
    pub tank_level_pct: Option<f64>,
    /// Gas at the vehicle in percent of the lower explosive limit.
    pub gas_pct_lel: Option<f64>,
    /// Whether a valve or manhole is open.
    pub valve_open: Option<bool>,
    /// Roll of the body in degrees.
    pub roll_deg: Option<f64>,
    /// Whether the ignition is on.
    pub ignition: Option<bool>,
    /// The load; `None` where nothing dangerous is on board.
    pub load: Option<&'a LoadProfile>,
    /// Whether the vehicle has a shipment.
    pub shipment: bool,
    /// The vehicle's code.
    pub vehicle: &'a str,
    /// The operator's code.
    pub operator: &'a str,
}

impl ConditionFacts<'_> {
    /// The facts by name.
    pub(super) const VOCABULARY: &'static Vocabulary = &[
        ("speed_kmh", Kind::Number),
        ("heading_deg", Kind::Number),
        ("accuracy_m", Kind::Number),
        ("lat", Kind::Number),
        ("lon", Kind::Number),
        ("utc_hour", Kind::Number),
        ("weekday", Kind::Number),
        ("moving", Kind::Truth),
        ("zone_ids", Kind::Numbers),
        ("groups", Kind::Texts),
        ("limit_kmh", Kind::Number),
        ("driver", Kind::Text),
        ("escort", Kind::Text),
        ("loaded", Kind::Truth),
        ("tank_pressure_kpa", Kind::Number),
        ("tank_temperature_c", Kind::Number),
        ("tank_level_pct", Kind::Number),
        ("gas_pct_lel", Kind::Number),
        ("valve_open", Kind::Truth),
        ("roll_deg", Kind::Number),
        ("ignition", Kind::Truth),
        ("classes", Kind::Texts),
        ("un_numbers", Kind::Texts),
        ("high_consequence", Kind::Truth),
        ("cargo_unknown", Kind::Truth),
        ("shipment", Kind::Truth),
        ("vehicle", Kind::Text),
        ("operator", Kind::Text),
    ];
}

impl VariableResolver for ConditionFacts<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        Some(match name {
            "speed_kmh" => number(self.speed_kmh),
            "heading_deg" => number(self.heading_deg),
            "accuracy_m" => number(self.accuracy_m),
            "lat" => number(Some(self.lat)),
            "lon" => number(Some(self.lon)),
            "utc_hour" => number(Some(self.utc_hour.into())),
            "weekday" => number(Some(self.weekday.into())),
            "moving" => truth(self.moving),
            "zone_ids" => list(self.zone_ids.iter().map(|id| {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "zones are numbered from 1, and there are not 2^53 of them"
                )]
                let number = id.0 as f64;
                Box::new(CelDouble::from(number)) as Box<dyn Val + 'b>
            })),
            "groups" => list(self.groups.iter().map(|group| Box::new(CelString::from(&**group)) as Box<dyn Val + 'b>)),
            "limit_kmh" => number(self.limit_kmh),
            "driver" => self.driver.map_or_else(nothing, text),
            "escort" => self.escort.map_or_else(nothing, text),
            "loaded" => self.loaded.map_or_else(nothing, truth),
            "tank_pressure_kpa" => number(self.tank_pressure_kpa),
            "tank_temperature_c" => number(self.tank_temperature_c),
            "tank_level_pct" => number(self.tank_level_pct),
            "gas_pct_lel" => number(self.gas_pct_lel),
            "valve_open" => self.valve_open.map_or_else(nothing, truth),
            "roll_deg" => number(self.roll_deg),
            "ignition" => self.ignition.map_or_else(nothing, truth),
            "shipment" => truth(self.shipment),
            "vehicle" => text(self.vehicle),
            "operator" => text(self.operator),
            _ => return load_fact(self.load, name),
        })
    }
}

/// The facts of the load that both kinds of expression have.
fn load_fact<'b>(load: Option<&'b LoadProfile>, name: &str) -> Option<CowVal<'b, 'b>> {
    Some(match name {
        "high_consequence" => truth(load.is_some_and(|load| load.high_consequence)),
        "cargo_unknown" => truth(load.is_some_and(|load| load.unknown)),
        "classes" => list(class_names(load).into_iter().map(owned_text)),
        "un_numbers" => {
            let lines = load.map_or(&[][..], |load| &load.lines);
            list(lines.iter().map(|line| owned_text(line.un_number.to_string())))
        }
        _ => return None,
    })
}

/// Whether some of the load is, or may be, explosive.
fn may_be_class_1(load: &LoadProfile) -> bool {
    load.unknown || load.lines.iter().flat_map(|line| &line.classes).any(|class| class.class() == 1)
}

/// Every hazard class of the load by each of its names, so that `"1" in classes`, `"1.1" in classes` and
/// `"1.1D" in classes` all take a load of class 1.1D.
fn class_names(load: Option<&LoadProfile>) -> Vec<String> {
    let mut names = Vec::new();
    for class in load.into_iter().flat_map(|load| &load.lines).flat_map(|line| &line.classes) {
        names.push(class.class().to_string());
        names.push(format!("{}.{}", class.class(), class.division()));
        names.push(class.to_string());
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn nothing<'v>() -> CowVal<'v, 'v> {
    CowVal::owned(CelNull)
}

fn number<'v>(value: Option<f64>) -> CowVal<'v, 'v> {
    value.map_or_else(nothing, |value| CowVal::owned(CelDouble::from(value)))
}

fn truth<'v>(value: bool) -> CowVal<'v, 'v> {
    CowVal::owned(CelBool::from(value))
}

fn text(value: &str) -> CowVal<'_, '_> {
    CowVal::owned(CelString::from(value))
}

fn owned_text<'v>(value: String) -> Box<dyn Val + 'v> {
    Box::new(CelString::from(value))
}

fn list<'v>(values: impl Iterator<Item = Box<dyn Val + 'v>>) -> CowVal<'v, 'v> {
    CowVal::owned(CelList::from(values.collect::<Vec<_>>()))
}
