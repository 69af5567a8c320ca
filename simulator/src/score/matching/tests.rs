//! Stories of truths and findings, in minutes after noon.

use super::*;
use crate::truth::{Blind, Header};

fn noon() -> DateTime<Utc> {
    "2026-10-24T12:00:00Z".parse().unwrap()
}

fn at(minute: i64) -> DateTime<Utc> {
    noon() + TimeDelta::minutes(minute)
}

fn truth(subject: &str, from: i64, to: i64) -> Episode {
    Episode {
        vehicle: "carrier/V-1".into(),
        rule: "zone.prohibited".into(),
        subject: subject.into(),
        from: at(from),
        to: at(to),
        value: None,
        tolerance_s: 30.0,
        doubtful: false,
        only_possible: false,
        splits: false,
        exempted: false,
        also: Vec::new(),
        note: String::new(),
    }
}

fn doubtful(from: i64, to: i64) -> Episode {
    Episode { doubtful: true, ..truth("zone/A", from, to) }
}

fn found(subject: &str, from: i64, to: i64) -> Finding {
    Finding {
        id: format!("{subject} {from}"),
        vehicle: "carrier/V-1".into(),
        rule: "zone.prohibited".into(),
        subject: subject.into(),
        from: at(from),
        to: Some(at(to)),
        certainty: "observed".into(),
        exempted: false,
        detected: None,
    }
}

fn paired(episodes: Vec<Episode>, findings: &[Finding]) -> Matching {
    let header = Header { operator: "carrier".into(), seed: 1, start: noon(), hours: 1.0, vehicles: 1, blameless: 0 };
    pair(&Ledger { header, episodes, blind: Vec::new() }, findings)
}

#[test]
fn a_finding_is_the_truth_that_it_overlaps() {
    let matching = paired(vec![truth("zone/A", 10, 20), truth("zone/A", 40, 50)], &[found("zone/A", 11, 20)]);
    assert_eq!(matching.fates, [Some(Fate::Found(0)), Some(Fate::Missed)]);
    assert_eq!(matching.meanings, [Meaning::True(0)]);
}

#[test]
fn another_zone_another_time_or_another_rule_is_false() {
    let mut of_speed = found("zone/A", 12, 14);
    of_speed.rule = "speed.limit".into();
    let findings = [found("zone/B", 11, 20), found("zone/A", 25, 30), of_speed];
    let matching = paired(vec![truth("zone/A", 10, 20)], &findings);
    assert_eq!(matching.fates, [Some(Fate::Missed)]);
    assert_eq!(matching.meanings, [Meaning::False; 3]);
}

#[test]
fn a_second_finding_of_one_truth_is_a_repeat_unless_it_may_come_in_pieces() {
    let findings = [found("zone/A", 10, 14), found("zone/A", 16, 20)];
    let matching = paired(vec![truth("zone/A", 10, 20)], &findings);
    assert_eq!(matching.meanings, [Meaning::True(0), Meaning::False]);
    let matching = paired(vec![Episode { splits: true, ..truth("zone/A", 10, 20) }], &findings);
    assert_eq!(matching.meanings, [Meaning::True(0), Meaning::Piece(0)]);
}

#[test]
fn one_finding_does_not_serve_two_truths_unless_they_nearly_touch() {
    let long = [found("zone/A", 10, 50)];
    let matching = paired(vec![truth("zone/A", 10, 20), truth("zone/A", 40, 50)], &long);
    assert_eq!(matching.fates, [Some(Fate::Found(0)), Some(Fate::Missed)]);
    let matching = paired(vec![truth("zone/A", 10, 20), truth("zone/A", 21, 50)], &long);
    assert_eq!(matching.fates, [Some(Fate::Found(0)), Some(Fate::Joined(0))]);
}

#[test]
fn a_doubtful_episode_need_not_be_found_and_explains_one_finding() {
    assert_eq!(paired(vec![doubtful(10, 20)], &[]).fates, [None]);
    let findings = [found("zone/A", 10, 12), found("zone/A", 14, 16)];
    let matching = paired(vec![doubtful(10, 20)], &findings);
    assert_eq!(matching.meanings, [Meaning::Doubtful(0), Meaning::False], "the second is flapping");
}

#[test]
fn a_truth_has_the_first_claim_on_a_finding_and_doubt_beside_it_the_rest() {
    let findings = [found("zone/A", 8, 9), found("zone/A", 11, 20)];
    let matching = paired(vec![doubtful(5, 9), truth("zone/A", 10, 20)], &findings);
    assert_eq!(matching.meanings, [Meaning::Doubtful(0), Meaning::True(1)]);
}

#[test]
fn what_only_may_be_possible_must_say_so() {
    let over_the_bore = Episode { only_possible: true, ..doubtful(10, 20) };
    let mut finding = found("zone/A", 12, 13);
    assert_eq!(paired(vec![over_the_bore.clone()], &[finding.clone()]).meanings, [Meaning::False]);
    finding.certainty = "possible".into();
    assert_eq!(paired(vec![over_the_bore], &[finding]).meanings, [Meaning::Doubtful(0)]);
}

#[test]
fn what_is_possible_while_a_device_is_blind_is_excused_and_what_is_said_to_be_seen_is_not() {
    let mut possible = found("zone/A", 12, 13);
    possible.certainty = "possible".into();
    let header = Header { operator: "carrier".into(), seed: 1, start: noon(), hours: 1.0, vehicles: 1, blameless: 0 };
    let blind = vec![Blind { vehicle: "carrier/V-1".into(), from: at(10), to: at(15) }];
    let ledger = Ledger { header, episodes: Vec::new(), blind };
    let matching = pair(&ledger, &[possible, found("zone/A", 12, 13)]);
    assert_eq!(matching.meanings, [Meaning::Excused, Meaning::False]);
}

#[test]
fn an_exempted_truth_is_found_only_by_a_finding_that_names_the_exemption() {
    let exempted = Episode { exempted: true, ..truth("zone/A", 10, 20) };
    let mut finding = found("zone/A", 10, 20);
    assert_eq!(paired(vec![exempted.clone()], &[finding.clone()]).fates, [Some(Fate::Missed)]);
    finding.exempted = true;
    assert_eq!(paired(vec![exempted], &[finding]).fates, [Some(Fate::Found(0))]);
}

#[test]
fn two_vehicles_too_near_are_found_under_either_of_them_or_both() {
    let too_near = Episode { rule: "separation".into(), ..truth("vehicle/carrier/V-2", 10, 20) };
    let mut other_way = Finding { rule: "separation".into(), ..found("vehicle/carrier/V-1", 10, 20) };
    other_way.vehicle = "carrier/V-2".into();
    let this_way = Finding { rule: "separation".into(), ..found("vehicle/carrier/V-2", 10, 20) };
    assert_eq!(paired(vec![too_near.clone()], &[other_way.clone()]).fates, [Some(Fate::Found(0))]);
    let both = paired(vec![too_near], &[this_way, other_way]);
    assert_eq!(both.meanings, [Meaning::True(0), Meaning::Piece(0)]);
}
