use super::*;
use crate::{
    domain::{CarriageMode, GoodsLine, ZoneId},
    hazard::{Catalogue, LoadProfile},
};

fn load(un_number: &str) -> LoadProfile {
    let line: GoodsLine =
        serde_json::from_value(serde_json::json!({ "un_number": un_number, "mode": CarriageMode::Tank })).unwrap();
    LoadProfile::of(&Catalogue::builtin().unwrap(), &[line])
}

fn severity(text: &str) -> Result<SeverityExpression, ExpressionError> {
    SeverityExpression::read(text, Given::Always, Given::Always)
}

fn measured(value: f64, limit: f64) -> SeverityFacts<'static> {
    SeverityFacts { value: Some(value), limit: Some(limit), ..SeverityFacts::NONE }
}

#[test]
fn a_severity_may_be_one_word() {
    for text in ["S2", "\"S2\"", "'S2'", " S2 "] {
        assert_eq!(severity(text).unwrap().grade(&SeverityFacts::NONE), Severity::S2, "{text}");
    }
}

#[test]
fn a_severity_may_follow_the_excess() {
    let speed = severity("excess_ratio <= 1.2 ? S3 : excess_ratio <= 1.5 ? S2 : S1").unwrap();
    assert_eq!(speed.grade(&measured(81.0, 80.0)), Severity::S3);
    assert_eq!(speed.grade(&measured(97.0, 80.0)), Severity::S2);
    assert_eq!(speed.grade(&measured(121.0, 80.0)), Severity::S1);
    assert_eq!(speed.gravest(), Severity::S1);
}

#[test]
fn a_severity_may_follow_the_load_and_the_situation() {
    let chlorine = load("1017");
    let facts = SeverityFacts { load: Some(&chlorine), situation: "escort", ..SeverityFacts::NONE };
    let grade = |text: &str| severity(text).unwrap().grade(&facts);
    assert_eq!(grade("gravest ? S1 : S2"), Severity::S1);
    assert_eq!(grade("'2.3' in classes && '2' in classes && '8' in classes ? S1 : S4"), Severity::S1);
    assert_eq!(grade("'2.1' in classes ? S1 : S4"), Severity::S4);
    assert_eq!(grade("'1017' in un_numbers ? S1 : S4"), Severity::S1);
    assert_eq!(grade("situation == 'escort' ? S1 : S4"), Severity::S1);
    assert_eq!(grade("subject.startsWith('veh') ? S1 : S4"), Severity::S1);
    assert_eq!(grade("class_1 || cargo_unknown || police_approved ? S1 : S4"), Severity::S4);
    let unknown = LoadProfile::unknown();
    let facts = SeverityFacts { load: Some(&unknown), ..SeverityFacts::NONE };
    assert_eq!(severity("class_1 && cargo_unknown ? S1 : S4").unwrap().grade(&facts), Severity::S1);
}

#[test]
fn every_outcome_must_be_a_severity() {
    for text in
        ["S5", "'high'", "gravest ? S1 : 'S0'", "subject", "1", "gravest", "gravest ? S1 : (S2 == 'S2' ? S2 : subject)"]
    {
        let error = severity(text).unwrap_err().to_string();
        assert!(error.contains("outcome") || error.contains("no fact"), "{text}: {error}");
    }
}

#[test]
fn a_severity_cannot_depend_on_what_the_rule_never_gives() {
    let read = |text| SeverityExpression::read(text, Given::Always, Given::Never);
    assert!(read("value > 3 ? S1 : S2").is_ok());
    assert_eq!(read("limit > 3 ? S1 : S2").unwrap_err(), ExpressionError::NeverGiven("limit"));
    assert_eq!(read("excess_ratio > 3 ? S1 : S2").unwrap_err(), ExpressionError::NeverGiven("excess_ratio"));
}

#[test]
fn what_is_only_sometimes_given_must_be_asked_for_with_care() {
    let read = |text| SeverityExpression::read(text, Given::Sometimes, Given::Sometimes);
    let error = read("value > 3 ? S1 : S2").unwrap_err().to_string();
    assert!(error.contains("value is null"), "{error}");
    let careful = read("value != null && value > 3 ? S1 : S2").unwrap();
    assert_eq!(careful.grade(&SeverityFacts::NONE), Severity::S2);
    assert_eq!(careful.grade(&measured(4.0, 0.0)), Severity::S1);
}

#[test]
fn a_severity_without_outcome_is_the_gravest_that_it_names_and_says_so() {
    let rest = severity("value / limit > 2 ? S2 : S3");
    // 0 by 0 is no number; the samples at load find that out.
    assert!(matches!(rest, Err(ExpressionError::Undecided(_))));
    let odd = severity("(value - 7) / (limit - 7) > 2 ? S2 : S3").unwrap();
    assert_eq!(odd.grade(&measured(7.0, 7.0)), Severity::S2);
    assert!(odd.try_grade(&measured(7.0, 7.0)).is_err());
}

fn facts() -> ConditionFacts<'static> {
    ConditionFacts {
        lat: 51.0,
        lon: 4.0,
        utc_hour: 23,
        weekday: 5,
        vehicle: "T-1",
        operator: "rhine",
        ..Default::default()
    }
}

#[test]
fn a_condition_asks_for_the_facts_of_a_fix() {
    let petrol = load("1203");
    let zones = [ZoneId(7), ZoneId(12)];
    let groups = ["city".into()];
    let facts = ConditionFacts {
        speed_kmh: Some(71.0),
        moving: true,
        load: Some(&petrol),
        zone_ids: &zones,
        groups: &groups,
        driver: Some("D-4411"),
        valve_open: Some(false),
        ..facts()
    };
    let holds = |text: &str| Condition::read(text).unwrap_or_else(|error| panic!("{text}: {error}")).holds(&facts);
    assert_eq!(holds("moving && '1203' in un_numbers && (utc_hour >= 22 || utc_hour < 6)"), Some(true));
    assert_eq!(holds("12 in zone_ids && 'city' in groups && !(13 in zone_ids)"), Some(true));
    assert_eq!(holds("speed_kmh > 80"), Some(false));
    assert_eq!(holds("driver.startsWith('D-') && operator == 'rhine' && vehicle != 'T-2'"), Some(true));
    assert_eq!(holds("weekday == 5 && lat > 50 && lon < 5.5 && shipment == false && !valve_open"), Some(true));
}

#[test]
fn a_fact_that_is_not_there_leaves_open_only_what_depends_on_it() {
    let holds = |text: &str| Condition::read(text).unwrap().holds(&facts());
    assert_eq!(holds("speed_kmh > 80"), None);
    assert_eq!(holds("!(speed_kmh > 80)"), None);
    assert_eq!(holds("speed_kmh == null"), Some(true));
    assert_eq!(holds("speed_kmh != null && speed_kmh > 80"), Some(false));
    assert_eq!(holds("gas_pct_lel > 10 || utc_hour == 23"), Some(true));
    assert_eq!(holds("utc_hour == 23 || gas_pct_lel > 10"), Some(true));
    assert_eq!(holds("gas_pct_lel > 10 || utc_hour == 22"), None);
    assert_eq!(holds("gas_pct_lel > 10 && utc_hour == 22"), Some(false));
    assert_eq!(holds("driver.startsWith('D')"), None);
    assert_eq!(holds("driver == 'D'"), Some(false));
    assert_eq!(holds("loaded"), None);
    assert_eq!(holds("'3' in classes"), Some(false));
}

#[test]
fn a_condition_comes_to_true_or_false() {
    assert!(Condition::read("speed_kmh").is_err());
    assert!(Condition::read("null").is_err());
    assert!(Condition::read("true").is_ok());
}

#[test]
fn every_fact_that_can_be_asked_for_is_there() {
    use cel::context::VariableResolver;
    for (name, _) in SeverityFacts::VOCABULARY {
        assert!(SeverityFacts::NONE.resolve(name).is_some(), "{name}");
    }
    for (name, _) in ConditionFacts::VOCABULARY {
        assert!(facts().resolve(name).is_some(), "{name}");
    }
}

/// The largest expression over the largest facts.
#[test]
fn judging_never_takes_long() {
    let lines: Vec<GoodsLine> = (0..1000)
        .map(|index| {
            serde_json::from_value(
                serde_json::json!({ "un_number": format!("{:04}", 1000 + index), "mode": "packages" }),
            )
            .unwrap()
        })
        .collect();
    let mut load = LoadProfile::of(&Catalogue::builtin().unwrap(), &lines);
    load.unknown = false;
    let facts = ConditionFacts { load: Some(&load), ..facts() };
    let hostile = vec!["'x' in un_numbers"; 49].join("||");
    let condition = Condition::read(&hostile).unwrap();
    let begun = std::time::Instant::now();
    assert_eq!(condition.holds(&facts), Some(false));
    assert!(begun.elapsed() < std::time::Duration::from_millis(100), "{:?}", begun.elapsed());
}
