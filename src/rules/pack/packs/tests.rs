use std::fmt::Write;

use serde_json::json;

use super::*;
use crate::{
    domain::{RuleKey, Severity},
    rules::pack::{ConditionFacts, Mark, SeverityFacts, builtin},
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn document(rules: serde_json::Value) -> PackDocument {
    let json = json!({
        "jurisdiction": "xx", "title": "Test", "note": "Informational, not legal advice.",
        "effective_from": "2025-01-01T00:00:00Z", "rule": rules,
    });
    PackDocument::from_json("body", &json).unwrap()
}

fn speed(hold_s: f64, from: Option<&str>, to: Option<&str>) -> serde_json::Value {
    json!({
        "key": "speed.limit", "citation": "A law", "mark": "verified", "severity": "S3",
        "parameters": { "hold_s": hold_s }, "effective_from": from, "effective_to": to,
    })
}

fn compiled(versions: &[PackDocument]) -> RulePacks {
    let packs: Vec<_> = versions
        .iter()
        .zip(1..)
        .map(|(document, version)| PublishedPack { version, document: document.clone() })
        .collect();
    RulePacks::compile(&packs).unwrap()
}

/// Version and hold time of the speed rule in force.
fn in_force_at(packs: &RulePacks, time: &str) -> Option<(i32, Option<f64>)> {
    let rules = packs.in_force("xx", at(time))?;
    Some((rules.version().version, rules.speed_limit.as_ref().map(|rule| rule.parameters.hold_s)))
}

#[test]
fn every_pack_in_the_binary_loads_and_names_its_sources() {
    let packs = RulePacks::builtin().unwrap();
    assert_eq!(packs.jurisdictions(), ["adr", "cn", "sg", "us"]);
    for document in builtin().unwrap() {
        assert!(document.note.contains("not legal advice"), "{}", document.jurisdiction);
        for rule in &document.rules {
            assert!(rule.citation.trim().len() > 20, "{} {}", document.jurisdiction, rule.key);
        }
    }
}

/// What the packs say, in one view: a change of a grade or mark shows here.
#[test]
fn the_rules_of_the_packs_in_the_binary() {
    let packs = RulePacks::builtin().unwrap();
    let mut table = String::new();
    for key in RuleKey::ALL.iter().filter(|key| **key != RuleKey::Custom) {
        writeln!(table, "{key}").unwrap();
        for jurisdiction in packs.jurisdictions() {
            let rules = packs.in_force(jurisdiction, at("2026-01-01T00:00:00Z")).unwrap();
            let sources = rules.sources(*key);
            assert_eq!(sources.len(), 1, "{jurisdiction} has no {key}");
            writeln!(table, "  {jurisdiction:4}{:10}{}", format!("{:?}", sources[0].mark), sources[0].severity)
                .unwrap();
        }
    }
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("builtin_rule_packs", table);
    });
}

#[test]
fn the_numbers_of_the_jurisdictions_differ_where_their_law_does() {
    let packs = RulePacks::builtin().unwrap();
    let rules = |jurisdiction: &'static str| packs.in_force(jurisdiction, at("2026-01-01T00:00:00Z")).unwrap();
    let driving = |jurisdiction: &'static str| {
        let rule = rules(jurisdiction).drive_continuous.as_ref().unwrap();
        (rule.parameters.limit_s / 3600.0, rule.parameters.break_s / 60.0)
    };
    assert_eq!(driving("adr"), (4.5, 45.0));
    assert_eq!(driving("cn"), (4.0, 20.0));
    assert_eq!(driving("us"), (8.0, 30.0));
    assert_eq!(rules("cn").speed_limit.as_ref().unwrap().parameters.cap_kmh, Some(80.0));
    assert_eq!(rules("us").speed_limit.as_ref().unwrap().parameters.cap_kmh, None);
}

#[test]
fn an_hour_beyond_the_driving_time_is_critical() {
    let packs = RulePacks::builtin().unwrap();
    let rule = packs.in_force("cn", at("2026-01-01T00:00:00Z")).unwrap().drive_continuous.as_ref().unwrap();
    let grade = |value| {
        rule.severity.grade(&SeverityFacts { value: Some(value), limit: Some(14_400.0), ..SeverityFacts::NONE })
    };
    assert_eq!(grade(14_500.0), Severity::S2);
    assert_eq!(grade(18_001.0), Severity::S1);
}

#[test]
fn of_two_versions_that_overlap_the_later_is_in_force() {
    let first = document(json!([speed(1.0, None, None)]));
    let second = PackDocument {
        effective_from: at("2025-06-01T00:00:00Z"),
        effective_to: Some(at("2025-07-01T00:00:00Z")),
        ..document(json!([speed(2.0, None, None)]))
    };
    let packs = compiled(&[first, second]);
    assert_eq!(in_force_at(&packs, "2024-12-31T23:59:59Z"), None);
    assert_eq!(in_force_at(&packs, "2025-01-01T00:00:00Z"), Some((1, Some(1.0))));
    assert_eq!(in_force_at(&packs, "2025-06-01T00:00:00Z"), Some((2, Some(2.0))));
    assert_eq!(in_force_at(&packs, "2025-07-01T00:00:00Z"), Some((1, Some(1.0))));
    assert_eq!(packs.in_force("yy", at("2025-07-01T00:00:00Z")).map(|_| ()), None);
    let timeline = packs.timeline("xx").unwrap();
    assert_eq!(timeline.next_change_after(at("2025-01-01T00:00:00Z")), Some(at("2025-06-01T00:00:00Z")));
    assert_eq!(timeline.next_change_after(at("2025-07-01T00:00:00Z")), None);
}

#[test]
fn a_draft_is_tried_as_a_further_version() {
    let packs = compiled(&[document(json!([speed(1.0, None, None)]))]);
    let draft = PublishedPack { version: 2, document: document(json!([speed(5.0, None, None)])) };
    let tried = packs.with(&[draft]).unwrap();
    assert_eq!(in_force_at(&tried, "2025-06-01T00:00:00Z"), Some((2, Some(5.0))));
    assert_eq!(in_force_at(&packs, "2025-06-01T00:00:00Z"), Some((1, Some(1.0))));
    let known = |packs: &RulePacks, version| packs.knows(&PackVersion { jurisdiction: "xx".into(), version });
    assert!(known(&tried, 1) && known(&tried, 2) && known(&packs, 1) && !known(&packs, 2));
}

#[test]
fn a_rule_begins_and_ends_within_its_pack() {
    let packs = compiled(&[document(json!([
        speed(1.0, None, Some("2025-03-01T00:00:00Z")),
        speed(2.0, Some("2025-03-01T00:00:00Z"), Some("2025-05-01T00:00:00Z")),
    ]))]);
    assert_eq!(in_force_at(&packs, "2025-02-28T23:59:59Z"), Some((1, Some(1.0))));
    assert_eq!(in_force_at(&packs, "2025-03-01T00:00:00Z"), Some((1, Some(2.0))));
    assert_eq!(in_force_at(&packs, "2025-05-01T00:00:00Z"), Some((1, None)));
}

fn wrong(rule: serde_json::Value) -> String {
    document(json!([rule])).check("new.json").unwrap_err().to_string()
}

#[test]
fn an_error_names_the_pack_the_rule_and_the_key() {
    let with = |field: &str, value: serde_json::Value| {
        let mut rule = speed(1.0, None, None);
        rule[field] = value;
        wrong(rule)
    };
    let hold = with("parameters", json!({ "hold_s": "long" }));
    assert!(hold.starts_with("new.json: rule speed.limit: parameters.hold_s: invalid type: string"), "{hold}");
    let cap = with("parameters", json!({ "class_caps": [{ "classes": ["10"], "limit_kmh": 5 }] }));
    assert!(cap.starts_with("new.json: rule speed.limit: parameters.class_caps[0].classes[0]:"), "{cap}");
    let unknown = with("parameters", json!({ "holds": 1 }));
    assert!(unknown.contains("parameters.holds: unknown field `holds`, expected one of `hold_s`"), "{unknown}");
    let range = with("parameters", json!({ "hold_s": -3 }));
    assert!(range.ends_with("parameters.hold_s: hold_s is -3; wanted is 0 or more"), "{range}");
    let severity = with("severity", json!("gravest ? S1 : S7"));
    assert!(severity.contains("rule speed.limit: severity: "), "{severity}");
    assert!(with("citation", json!(" ")).contains("citation: it is empty"));
    assert!(with("name", json!("fast")).contains("name: only a custom rule has a name"));
    let rule = speed(1.0, Some("2026-01-01T00:00:00Z"), Some("2026-01-01T00:00:00Z"));
    assert!(wrong(rule).contains("effective_to: it must be after effective_from"));
}

#[test]
fn a_rule_cannot_be_in_force_twice_at_once() {
    let error = document(json!([speed(1.0, None, None), speed(2.0, None, None)])).check("body").unwrap_err();
    assert!(error.to_string().contains("in force twice"), "{error}");
}

#[test]
fn a_rule_outside_the_time_of_its_pack_must_be_right_all_the_same() {
    let mut rule = speed(-1.0, None, Some("2024-01-01T00:00:00Z"));
    rule["effective_from"] = json!("2023-01-01T00:00:00Z");
    assert!(wrong(rule).contains("hold_s is -1"));
}

#[test]
fn an_authority_s_own_rules_have_names_and_conditions() {
    let own = |name: &str, when: &str| {
        json!({ "key": "custom", "name": name, "citation": "By-law 7", "mark": "verified", "severity": "S2",
                "parameters": { "when": when } })
    };
    let packs = compiled(&[document(json!([own("night-petrol", "utc_hour < 6"), own("fast", "speed_kmh > 60")]))]);
    let rules = packs.in_force("xx", at("2026-01-01T00:00:00Z")).unwrap();
    let names: Vec<_> = rules.custom.iter().map(|rule| rule.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["night-petrol", "fast"]);
    let facts = ConditionFacts { utc_hour: 3, ..ConditionFacts::default() };
    assert_eq!(rules.custom[0].parameters.holds(&facts), Some(true));
    assert_eq!(rules.sources(RuleKey::Custom)[1].mark, Mark::Verified);

    let error = wrong(own("fast", "speed_kmh > "));
    assert!(error.starts_with("new.json: rule custom \"fast\": parameters.when: "), "{error}");
    assert!(wrong(own("Fast", "true")).contains("name: a rule of an authority's own has a name"));
    let twice = document(json!([own("fast", "true"), own("fast", "false")])).check("body").unwrap_err();
    assert!(twice.to_string().contains("name: the rule is in force twice"), "{twice}");
}

#[test]
fn a_pack_has_a_well_formed_code_and_lasts() {
    let good = document(json!([]));
    let error = |pack: PackDocument| pack.check("body").unwrap_err().to_string();
    assert!(error(PackDocument { jurisdiction: "A/B".into(), ..good.clone() }).contains("jurisdiction"));
    assert!(error(PackDocument { title: String::new(), ..good.clone() }).contains("title"));
    let never = PackDocument { effective_to: Some(good.effective_from), ..good.clone() };
    assert!(error(never).contains("effective_to"));
    let rule = serde_json::from_value::<RuleDocument>(speed(1.0, None, None)).unwrap();
    let many = PackDocument { rules: vec![rule; MOST_RULES + 1], ..good };
    assert!(error(many).contains("more than 200 rules"));
}
