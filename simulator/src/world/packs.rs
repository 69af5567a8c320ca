//! Rule packs of an authority's own: those of another jurisdiction, and conditions besides.

use chrono::{DateTime, Timelike, Utc};
use serde_json::{Value, json};

/// A pack.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnPack {
    /// Its code, which vehicles name.
    pub jurisdiction: String,
    /// The pack whose rules it takes over.
    pub based_on: &'static str,
    /// Its own rules.
    pub rules: Vec<OwnRule>,
}

/// A rule of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnRule {
    /// Its name.
    pub name: String,
    /// When it is broken.
    pub condition: Condition,
}

/// Goods of a class, moved faster than so much, in some hours of the day.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The class.
    pub class: String,
    /// The speed in km/h.
    pub faster_than_kmh: f64,
    /// From this hour (UTC) on, over midnight …
    pub from_hour: u32,
    /// … until this one.
    pub to_hour: u32,
}

impl Condition {
    /// Whether an hour is one of those that count.
    #[must_use]
    pub fn holds_in_hour(&self, at: DateTime<Utc>) -> bool {
        at.hour() >= self.from_hour || at.hour() < self.to_hour
    }

    /// The condition in CEL, as packs have it.
    #[must_use]
    pub fn to_cel(&self) -> String {
        let Self { class, faster_than_kmh, from_hour, to_hour } = self;
        format!(
            r#"speed_kmh != null && speed_kmh > {faster_than_kmh:.1} && "{class}" in classes && (utc_hour >= {from_hour} || utc_hour < {to_hour})"#
        )
    }
}

impl OwnPack {
    /// The pack as the API takes it, made from the document of the one that it is based on.
    #[must_use]
    pub fn to_json(&self, mut base: Value) -> Value {
        if let Some(fields) = base.as_object_mut() {
            fields.insert("jurisdiction".into(), json!(self.jurisdiction));
            fields.insert("title".into(), json!(format!("Simulated authority, on top of {}", self.based_on)));
            if let Some(rules) = fields.get_mut("rule").and_then(Value::as_array_mut) {
                rules.extend(self.rules.iter().map(|rule| {
                    json!({
                        "key": "custom", "name": rule.name, "citation": "A simulated authority's own rule.",
                        "mark": "proposed", "severity": "S3", "parameters": { "when": rule.condition.to_cel() },
                    })
                }));
            }
        }
        base
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_its_base_with_its_own_rules_besides() {
        let condition = Condition { class: "3".into(), faster_than_kmh: 50.0, from_hour: 20, to_hour: 4 };
        let rules = vec![OwnRule { name: "night-petrol".into(), condition }];
        let pack = OwnPack { jurisdiction: "simulated".into(), based_on: "adr", rules };
        let told = pack.to_json(json!({ "jurisdiction": "adr", "title": "ADR", "rule": [{ "key": "sos" }] }));
        assert_eq!((&told["jurisdiction"], told["rule"].as_array().map(Vec::len)), (&json!("simulated"), Some(2)));
        assert_eq!(
            told["rule"][1]["parameters"]["when"],
            r#"speed_kmh != null && speed_kmh > 50.0 && "3" in classes && (utc_hour >= 20 || utc_hour < 4)"#
        );
    }
}
