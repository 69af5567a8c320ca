//! A rule pack as it is written: TOML for the packs in the binary, JSON in the API, the same in both.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::RuleKey;

/// The rules of one jurisdiction, with parameters, grades and sources. Published as a version, never edited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackDocument {
    /// Whose rules these are: a short code that vehicles name, e.g. `adr`.
    pub jurisdiction: String,
    /// What people call the pack.
    pub title: String,
    /// What its readers must know; says that it is informational and not legal advice.
    pub note: String,
    /// From when fixes are judged by it, by their own time.
    pub effective_from: DateTime<Utc>,
    /// Until when; open while in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<DateTime<Utc>>,
    /// The rules. One that is not there does not judge.
    #[serde(rename = "rule", default)]
    pub rules: Vec<RuleDocument>,
}

/// One rule of a pack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleDocument {
    /// Which rule.
    pub key: RuleKey,
    /// What an authority calls a rule of its own; `custom` rules have one, others do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The law, standard or source that it rests on, in words that can be quoted.
    pub citation: String,
    /// How far the source is known to say so.
    pub mark: Mark,
    /// How grave a violation is: `S1` to `S4`, or an expression that comes to one of them.
    pub severity: String,
    /// From when the rule is in force, if later than the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<DateTime<Utc>>,
    /// Until when, if not as long as the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<DateTime<Utc>>,
    /// What differs from the rule's defaults.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub parameters: Map<String, Value>,
}

/// How far a source is known to say what a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Read in the source that the citation names.
    Verified,
    /// General knowledge of the field: to be checked before it becomes a legal claim.
    General,
    /// This project's proposal, without legal force.
    Proposed,
}

/// What is wrong with a pack: where, what, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pack}: {}{}: {reason}", rule_in_words(self.rule.as_deref()), self.field)]
pub struct PackError {
    /// The pack: its file, or how it came.
    pub pack: String,
    /// The rule in it: its key, or its place where the key does not read.
    pub rule: Option<String>,
    /// The field, e.g. `parameters.hold_s`.
    pub field: String,
    /// What is wrong, and what would be right.
    pub reason: String,
}

fn rule_in_words(rule: Option<&str>) -> String {
    rule.map_or_else(String::new, |rule| format!("rule {rule}: "))
}

impl PackDocument {
    /// Reads a pack in TOML; `name` is what errors call it.
    ///
    /// # Errors
    /// When it is no TOML, or not a pack.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, PackError> {
        let wrong = |reason: String| PackError { pack: name.into(), rule: None, field: "file".into(), reason };
        let table: toml::Value = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        Self::from_json(name, &without_toml_times(table).map_err(|error| wrong(error.to_string()))?)
    }

    /// Reads a pack in JSON; `name` is what errors call it.
    ///
    /// # Errors
    /// When it is not a pack. What its rules say is read by [`RulePacks::compile`](super::RulePacks::compile).
    pub fn from_json(name: &str, json: &Value) -> Result<Self, PackError> {
        serde_path_to_error::deserialize(json).map_err(|error| {
            let path = error.path().to_string();
            let (rule, field) = rule_of_path(&path, json);
            PackError { pack: name.into(), rule, field, reason: error.into_inner().to_string() }
        })
    }
}

/// TOML has times of its own; JSON writes them as text.
fn without_toml_times(value: toml::Value) -> Result<Value, serde_json::Error> {
    Ok(match value {
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(values) => {
            Value::Array(values.into_iter().map(without_toml_times).collect::<Result<_, _>>()?)
        }
        toml::Value::Table(table) => Value::Object(
            table
                .into_iter()
                .map(|(key, value)| without_toml_times(value).map(|value| (key, value)))
                .collect::<Result<_, _>>()?,
        ),
        other => serde_json::to_value(other)?,
    })
}

/// Splits a path as `rule[3].mark` into the rule that it leads to and the field within.
fn rule_of_path(path: &str, json: &Value) -> (Option<String>, String) {
    let place = path.strip_prefix("rule[").and_then(|rest| rest.split_once(']'));
    let Some((index, field)) = place.and_then(|(index, field)| Some((index.parse::<usize>().ok()?, field))) else {
        let field = if path == "." { "pack" } else { path };
        return (None, field.into());
    };
    let field = field.strip_prefix('.').filter(|field| !field.is_empty()).unwrap_or("rule");
    (Some(rule_in_place(json, index)), field.into())
}

/// What to call the rule in this place: its key and name, or the place.
fn rule_in_place(json: &Value, index: usize) -> String {
    let rule = json.get("rule").and_then(|rules| rules.get(index));
    let text = |field: &str| rule.and_then(|rule| rule.get(field)).and_then(Value::as_str);
    let shown = |text: &str| text.chars().take(60).collect::<String>();
    match (text("key"), text("name")) {
        (Some(key), Some(name)) => format!("{} {:?}", shown(key), shown(name)),
        (Some(key), None) => shown(key),
        _ => format!("number {}", index + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACK: &str = r#"
        jurisdiction = "adr"
        title = "A pack"
        note = "Informational, not legal advice."
        effective_from = 2025-01-01T00:00:00Z

        [[rule]]
        key = "speed.limit"
        citation = "A law"
        mark = "proposed"
        severity = "S3"
        effective_to = 2026-01-01T00:00:00+01:00
        parameters = { hold_s = 10 }
    "#;

    fn wrong(change: &str, by: &str) -> String {
        assert!(PACK.contains(change));
        PackDocument::from_toml("adr.toml", &PACK.replace(change, by)).unwrap_err().to_string()
    }

    #[test]
    fn a_pack_in_toml_says_what_it_says_in_json() {
        let pack = PackDocument::from_toml("adr.toml", PACK).unwrap();
        assert_eq!(pack.effective_from, "2025-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap());
        assert_eq!(pack.rules[0].effective_to, Some("2025-12-31T23:00:00Z".parse().unwrap()));
        assert_eq!(pack.rules[0].parameters["hold_s"], 10);
        let json = serde_json::to_value(&pack).unwrap();
        assert_eq!(PackDocument::from_json("body", &json).unwrap(), pack);
    }

    #[test]
    fn an_error_names_the_pack_the_rule_and_the_field() {
        assert!(wrong("title", "titel").starts_with("adr.toml: titel: unknown field `titel`"));
        assert!(
            wrong("mark = \"proposed\"", "mark = \"sure\"").starts_with("adr.toml: rule speed.limit: mark: unknown")
        );
        assert!(
            wrong("citation = \"A law\"", "").starts_with("adr.toml: rule speed.limit: rule: missing field `citation`")
        );
        assert!(wrong("speed.limit", "speed.limits").starts_with("adr.toml: rule speed.limits: key: unknown variant"));
        assert!(wrong("key = \"speed.limit\"", "").starts_with("adr.toml: rule number 1: rule: missing field `key`"));
        assert!(wrong("2025-01-01T00:00:00Z", "2025-01-01").starts_with("adr.toml: effective_from:"));
        assert!(wrong("title =", "title").starts_with("adr.toml: file: TOML parse error at line 3"));
    }
}
