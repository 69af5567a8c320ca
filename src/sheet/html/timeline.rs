//! What is known from when, the latest last.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::values::Reader;
use crate::{
    hazard::naming::Named,
    incident::protective::WindState,
    sheet::{Sheet, words::Word},
};

pub(super) fn section(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let events = events(sheet, reader);
    html! {
        section.timeline {
            h2 { (reader.word(Word::Timeline)) }
            ol { @for (at, what) in &events { li { (reader.time(*at)) " " (what) } } }
        }
    }
}

fn events(sheet: &Sheet<'_>, reader: Reader) -> Vec<(DateTime<Utc>, String)> {
    let identity = &sheet.identity;
    let word = |at: Option<DateTime<Utc>>, word: Word| at.map(|at| (at, reader.word(word).to_owned()));
    let wind = sheet.zones.and_then(|zones| match &zones.wind {
        WindState::Known(reading) | WindState::NoDirection(reading) | WindState::OutOfDate(reading) => Some(reading),
        WindState::Unknown => None,
    });
    let mut events: Vec<(DateTime<Utc>, String)> = Vec::new();
    events.extend(word(identity.first_evidence_at, Word::FirstEvidence));
    events
        .extend(identity.triggers.iter().map(|trigger| (trigger.at, trigger.rule.name_in(reader.language).to_owned())));
    events.extend(word(identity.last_evidence_at, Word::LastEvidence));
    events.extend(word(sheet.position.as_ref().map(|position| position.at), Word::PositionSeen));
    events.extend(
        wind.map(|wind| (wind.measured_at(), format!("{}: {}", reader.word(Word::WindMeasured), wind.source()))),
    );
    events.extend(word(sheet.zones.map(|zones| zones.drawn_at), Word::ZonesDrawn));
    let taken = identity.acknowledged.as_ref();
    events.extend(taken.map(|taken| (taken.at, format!("{}: {}", reader.word(Word::Acknowledged), taken.by))));
    events.extend(sheet.evidence.iter().map(|evidence| (evidence.at, evidence.what.clone())));
    events.extend(word(Some(sheet.generated_at), Word::SheetMade));
    events.sort_by_key(|(at, _)| *at);
    events
}
