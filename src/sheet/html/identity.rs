//! Which incident it is: the bar at the top, and all of it further down.

use maud::{Markup, html};

use super::values::{Reader, Rows};
use crate::{
    hazard::naming::{Field, FieldGroup, Named},
    sheet::{Sheet, notes, words::Word},
};

/// Level, state and age in one line.
pub(super) fn bar(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let identity = &sheet.identity;
    let trigger = identity.triggers.first();
    html! {
        header.bar {
            strong.level { (reader.word(Word::Level)) " " (identity.level.as_str()) }
            @if let Some(trigger) = trigger { span { (reader.name(&trigger.rule)) } }
            span.when {
                @if let Some(at) = identity.first_evidence_at { (reader.time(at)) }
            }
        }
    }
}

/// All that is known of the incident itself.
pub(super) fn section(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let identity = &sheet.identity;
    let mut rows = Rows::new(reader);
    rows.must(Field::AlertId, Some(identity.incident.to_string()));
    rows.may(Field::Version, identity.version);
    rows.must(Field::Status, Some(reader.name(&identity.status)));
    rows.must(Field::Level, Some(identity.level.as_str()));
    let reasons = identity.level_reasons.iter().map(|reason| notes::sentence(reason, reader.language));
    let reasons: Vec<_> = reasons.collect();
    if !reasons.is_empty() {
        let joined = html! {
            @for (number, reason) in reasons.iter().enumerate() {
                @if number > 0 { "; " }
                (reader.sentence(reason))
            }
        };
        rows.word(Word::LevelReasons, joined);
    }
    rows.word(Word::State, reader.name(&identity.state));
    let triggers = html! {
        @for (number, trigger) in identity.triggers.iter().enumerate() {
            @if number > 0 { "; " }
            (trigger.rule.name_in(reader.language)) " (" (reader.time(trigger.at)) ")"
        }
    };
    rows.must(Field::Triggers, (!identity.triggers.is_empty()).then_some(triggers));
    rows.must(Field::FirstEvidenceAt, identity.first_evidence_at.map(|at| reader.time_with_age(at)));
    rows.must(Field::LastEvidenceAt, identity.last_evidence_at.map(|at| reader.time_with_age(at)));
    rows.must(Field::Certainty, Some(reader.name(&identity.certainty)));
    match &identity.acknowledged {
        Some(taken) => rows.word(Word::Acknowledged, html! { (taken.by) " (" (reader.time(taken.at)) ")" }),
        None => rows.word(Word::Acknowledged, reader.word(Word::Nobody)),
    }
    rows.may(Field::DutyOfficer, identity.duty_officer.as_ref());
    html! { section.identity { h2 { (reader.name(&FieldGroup::Identity)) } (rows) } }
}
