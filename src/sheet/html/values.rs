//! Values as they stand on the page: times, telephone numbers, and tables of labelled values with those that are missing.

use std::fmt::Display;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use maud::{Markup, Render, html};

use crate::{
    domain::Language,
    hazard::naming::{Field, Named, Unit, not_available},
    incident::protective::{compass, length},
    sheet::{Sheet, notes::Sentence, words::Word},
};

/// Who reads: in which language, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    pub language: Language,
    pub now: DateTime<Utc>,
}

impl Reader {
    pub(super) fn of(sheet: &Sheet<'_>) -> Self {
        Self { language: sheet.language, now: sheet.generated_at }
    }

    pub(super) fn word(self, word: Word) -> &'static str {
        word.text(self.language)
    }

    pub(super) fn label(self, field: Field) -> &'static str {
        field.label(self.language)
    }

    pub(super) fn name(self, named: &impl Named) -> &'static str {
        named.name_in(self.language)
    }

    pub(super) fn length(self, metres: f64) -> String {
        length(metres, self.language)
    }

    pub(super) fn compass(self, bearing_deg: f64) -> String {
        compass(bearing_deg, self.language)
    }

    pub(super) fn with_unit(self, value: impl Display, unit: Unit) -> String {
        unit.with(value, self.language)
    }

    pub(super) fn yes_or_no(self, yes: bool) -> &'static str {
        self.word(if yes { Word::Yes } else { Word::No })
    }

    pub(super) fn missing(self) -> Markup {
        html! { span.missing { (not_available(self.language)) } }
    }

    /// A value, or that there is none.
    pub(super) fn or_missing(self, value: Option<impl Render>) -> Markup {
        value.map_or_else(|| self.missing(), |value| value.render())
    }

    /// A moment: the time of day, and the day if it is another than that of the sheet.
    pub(super) fn time(self, at: DateTime<Utc>) -> Markup {
        let shown = if at.date_naive() == self.now.date_naive() { "%H:%M:%S UTC" } else { "%Y-%m-%d %H:%M UTC" };
        html! { time datetime=(at.to_rfc3339_opts(SecondsFormat::Secs, true)) { (at.format(shown)) } }
    }

    /// A moment with its day, and how long ago it was.
    pub(super) fn time_with_age(self, at: DateTime<Utc>) -> Markup {
        html! { (self.time(at)) " (" (self.age(self.now - at)) ")" }
    }

    /// How long ago: `3 min old`. A clock that is ahead makes nothing younger than new.
    pub(super) fn age(self, age: TimeDelta) -> String {
        let seconds = age.num_seconds().max(0);
        let amount = match seconds {
            0..120 => self.with_unit(seconds, Unit::Second),
            120..7_200 => self.with_unit(seconds / 60, Unit::Minute),
            _ => self.with_unit(seconds / 3_600, Unit::Hour),
        };
        let ago = self.word(Word::Ago);
        match self.language {
            Language::English => format!("{amount} {ago}"),
            Language::Chinese => format!("{amount}{ago}"),
        }
    }

    /// A sentence of somebody else's, marked if it is in another language than the page.
    pub(super) fn sentence(self, sentence: &Sentence) -> Markup {
        html! { span lang=[sentence.is_english_only.then_some("en")] { (sentence.text) } }
    }

    /// How far and where to: `1.2 km, north-east (045°)`.
    pub(super) fn way(self, distance_m: f64, bearing_deg: Option<f64>) -> String {
        let distance = self.length(distance_m);
        bearing_deg.map_or_else(|| distance.clone(), |bearing_deg| format!("{distance}, {}", self.compass(bearing_deg)))
    }
}

/// A telephone number to touch. Numbers are shown as they were given; what is dialled are its digits.
pub(super) fn phone(number: &str) -> Markup {
    let dialled: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    if dialled.len() < 3 {
        return html! { (number) };
    }
    html! { a.phone href={ "tel:" (dialled) } { (number) } }
}

/// Labelled values. What must be there says so on a line of its own if it is missing; the rest of what is missing is
/// named together at the end.
pub(super) struct Rows {
    reader: Reader,
    rows: Vec<(&'static str, Markup)>,
    missing: Vec<&'static str>,
}

impl Rows {
    pub(super) fn new(reader: Reader) -> Self {
        Self { reader, rows: Vec::new(), missing: Vec::new() }
    }

    /// A value that a responder looks for.
    pub(super) fn must(&mut self, field: Field, value: Option<impl Render>) {
        self.rows.push((self.reader.label(field), self.reader.or_missing(value)));
    }

    /// A value that is good to have.
    pub(super) fn may(&mut self, field: Field, value: Option<impl Render>) {
        match value {
            Some(value) => self.rows.push((self.reader.label(field), value.render())),
            None => self.missing.push(self.reader.label(field)),
        }
    }

    /// A value under a word that is no field.
    pub(super) fn word(&mut self, word: Word, value: impl Render) {
        self.rows.push((self.reader.word(word), value.render()));
    }
}

impl Render for Rows {
    fn render(&self) -> Markup {
        let comma = match self.reader.language {
            Language::English => ", ",
            Language::Chinese => "、",
        };
        html! {
            dl.rows {
                @for (label, value) in &self.rows { dt { (label) } dd { (value) } }
                @if !self.missing.is_empty() {
                    dt.missing { (self.reader.word(Word::NotYetKnown)) }
                    dd.missing { (self.missing.join(comma)) }
                }
            }
        }
    }
}
