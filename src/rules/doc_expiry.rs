//! `doc.expiry`: a document of the vehicle or of its driver runs out or has run out.
//!
//! Approval of the vehicle, test of the tank, the driver's certificate, insurance, permits: noticed at 30 days, urgent at 7
//! (proposed). The value is the number of days left, by the date in UTC: 0 on the last day on which the document is valid, negative
//! after it. It counts when it is seen on a vehicle that reports.
//!
//! Documents are looked at once a day, and when driver or shipment changes. Of several of one kind the one that is valid longest
//! counts: a renewed document may stand beside the old one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    pack::{Given, Rule},
    parameters::{self, ParameterError, less, not_negative, range},
};
use crate::domain::{Document, DocumentKind, EntryKind, ShipmentId, Subject};

/// What a pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// A document that is valid for no more than this many days is noticed (proposed: 30) …
    pub notice_days: f64,
    /// … and for no more than this many is urgent (proposed: 7).
    pub urgent_days: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { notice_days: 30.0, urgent_days: 7.0 }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        range("notice_days", self.notice_days, 0.0, 3660.0)?;
        not_negative("urgent_days", self.urgent_days)?;
        less("urgent_days", self.urgent_days, "notice_days", self.notice_days)
    }
}

/// What the documents were last looked at for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    driver: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipment: Option<ShipmentId>,
}

/// Judges one fix.
pub fn judge(rule: &Rule<parameters::DocExpiry>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let today = step.time().date_naive();
    let shipment = step.scene.shipment.map(|known| known.shipment.id);
    // A fix that does not say who drives is no change of driver.
    let changed_driver = step.scene.driver.filter(|driver| memory.driver.as_deref() != Some(*driver));
    if memory.day == Some(today) && memory.shipment == shipment && changed_driver.is_none() {
        return;
    }
    memory.day = Some(today);
    memory.shipment = shipment;
    if let Some(driver) = changed_driver {
        memory.driver = Some(driver.into());
    }
    look(rule, today, memory.driver.as_deref(), changed_driver.is_some(), step, book);
}

fn look(
    rule: &Rule<parameters::DocExpiry>,
    today: NaiveDate,
    driver: Option<&str>,
    is_new_driver: bool,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let vehicle = &step.scene.vehicle.vehicle;
    let of_driver = driver.and_then(|code| step.scene.world.driver(vehicle.operator_id, code));
    let of_driver = of_driver.map_or(&[][..], |driver| &driver.documents);
    let due = |documents: &'_ [Document], kind: DocumentKind| {
        let of_kind = documents.iter().filter(|document| document.kind == kind);
        let days_left = of_kind.map(|document| (document.expires_on - today).num_days()).max();
        days_left.map(days).filter(|days_left| *days_left <= rule.parameters.notice_days)
    };
    // Another driver's certificate is another matter, though it is of the same kind.
    let goes_on = |kind: DocumentKind| {
        due(&vehicle.documents, kind).is_some() || (!is_new_driver && due(of_driver, kind).is_some())
    };
    book.close_where(step.time(), step.place, |open| {
        open.rule == rule.key
            && !DocumentKind::ALL
                .into_iter()
                .any(|kind| open.subject == Subject::Document(kind.as_str().into()) && goes_on(kind))
    });
    for document in vehicle.documents.iter().chain(of_driver) {
        let worst = [due(&vehicle.documents, document.kind), due(of_driver, document.kind)].into_iter().flatten();
        let Some(days_left) = worst.reduce(f64::min) else { continue };
        let (situation, limit) = match days_left {
            left if left < 0.0 => ("expired", 0.0),
            left if left <= rule.parameters.urgent_days => ("urgent", rule.parameters.urgent_days),
            _ => ("notice", rule.parameters.notice_days),
        };
        book.see(
            rule,
            Sighting {
                subject: Subject::Document(document.kind.as_str().into()),
                entry: EntryKind::FoundInside,
                situation,
                value: Some(days_left),
                limit: Some(limit),
                ..step.sighting()
            },
        );
    }
}

/// Days as the rule measures them.
fn days(count: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "there are not 2^53 days")]
    let days = count as f64;
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{Driver, Fix, OrganisationId, RuleKey, Severity},
        rules::{Change, EpisodeChange},
        testing::*,
    };

    const DAY_S: f64 = 86_400.0;

    /// A document that is last valid so many days after the day of the story, 24 November 2026.
    fn document(kind: &str, days: i64) -> Document {
        let kind = *DocumentKind::ALL.iter().find(|known| known.as_str() == kind).unwrap();
        let expires_on = at(0.0).date_naive() + chrono::TimeDelta::days(days);
        Document { kind, number: None, expires_on }
    }

    fn story(documents: Vec<Document>, drivers: &[(&str, Vec<Document>)]) -> Story {
        let mut parts = parts(Some("1203"), Vec::new());
        parts.vehicles[0].documents = documents;
        parts.drivers = drivers
            .iter()
            .map(|(code, documents)| Driver {
                operator_id: OrganisationId(1),
                code: (*code).into(),
                name: (*code).into(),
                documents: documents.clone(),
            })
            .collect();
        with_only(RuleKey::DocExpiry, parts)
    }

    fn said(changes: &[EpisodeChange]) -> Vec<(String, Change, Severity, Option<f64>)> {
        let said = |change: &EpisodeChange| {
            let episode = &change.episode;
            (episode.subject.to_string(), change.change, episode.severity, episode.peak)
        };
        changes.iter().map(said).collect()
    }

    /// A fix with which nothing else is to be found, on the day so many days after the story's.
    fn on_day(day: f64) -> Fix {
        driving(day * DAY_S, 0.0)
    }

    fn driven_by(code: &str, fix: Fix) -> Fix {
        Fix { driver: Some(code.into()), ..fix }
    }

    #[test]
    fn a_document_is_noticed_at_thirty_days_urgent_at_seven_and_expired_after_its_last_day() {
        let cases = [(31, None), (30, Some(Severity::S4)), (8, Some(Severity::S4)), (7, Some(Severity::S3))];
        for (days, severity) in cases.into_iter().chain([(0, Some(Severity::S3)), (-1, Some(Severity::S2))]) {
            let changes = story(vec![document("tank_test", days)], &[]).drive(&[on_day(0.0)]);
            assert_eq!(changes.first().map(|change| change.episode.severity), severity, "{days} days");
            if let Some(change) = changes.first() {
                assert_eq!(
                    (change.episode.subject.to_string(), change.episode.peak),
                    ("document/tank_test".into(), Some(days as f64))
                );
            }
        }
    }

    #[test]
    fn it_becomes_graver_as_the_days_go_by_and_says_nothing_on_the_days_between() {
        let mut story = story(vec![document("insurance", 9)], &[]);
        let subject = || "document/insurance".to_owned();
        assert_eq!(said(&story.drive(&[on_day(0.0)])), [(subject(), Change::Opened, Severity::S4, Some(9.0))]);
        assert!(story.drive(&[on_day(0.001), on_day(1.0)]).is_empty());
        assert_eq!(said(&story.drive(&[on_day(2.0)])), [(subject(), Change::Raised, Severity::S3, Some(7.0))]);
        assert!(story.drive(&[on_day(9.0)]).is_empty(), "its last day");
        assert_eq!(said(&story.drive(&[on_day(10.0)])), [(subject(), Change::Raised, Severity::S2, Some(-1.0))]);
        assert_eq!(story.of_rule(RuleKey::DocExpiry).len(), 1, "one episode");
    }

    #[test]
    fn a_renewed_document_stands_beside_the_old_one() {
        let documents = vec![document("tank_test", -10), document("tank_test", 700)];
        assert!(story(documents, &[]).drive(&[on_day(0.0)]).is_empty());
    }

    #[test]
    fn the_driver_s_certificate_ends_with_another_driver_and_each_has_his_own() {
        let drivers = [
            ("D-1", vec![document("driver_certificate", -5)]),
            ("D-2", vec![document("driver_certificate", 500)]),
            ("D-3", vec![document("driver_certificate", -2)]),
        ];
        let mut story = story(Vec::new(), &drivers);
        let opened = story.drive(&[driven_by("D-1", driving(0.0, 36.0))]);
        assert_eq!(opened[0].episode.peak, Some(-5.0));
        assert!(story.drive(&[driving(10.0, 36.0)]).is_empty(), "a fix that does not say who drives");
        assert_eq!(story.drive(&[driven_by("D-2", driving(20.0, 36.0))])[0].change, Change::Closed);
        story.drive(&[driven_by("D-1", driving(30.0, 36.0))]);
        let changed = said(&story.drive(&[driven_by("D-3", driving(40.0, 36.0))]));
        let what = |change| ("document/driver_certificate".to_owned(), change, Severity::S2);
        let changes: Vec<_> =
            changed.into_iter().map(|(subject, change, severity, _)| (subject, change, severity)).collect();
        assert_eq!(changes, [what(Change::Closed), what(Change::Opened)]);
    }

    #[test]
    fn a_driver_whom_nobody_registered_has_no_documents() {
        assert!(story(Vec::new(), &[]).drive(&[driven_by("D-9", on_day(0.0))]).is_empty());
    }
}
