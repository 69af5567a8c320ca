//! Where the values are from, and when the sheet was made.

use maud::{Markup, html};

use super::values::Reader;
use crate::{
    hazard::naming::Field,
    sheet::{Sheet, words::Word},
};

pub(super) fn section(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let made = sheet.generated_at.format("%Y-%m-%d %H:%M:%S UTC");
    html! {
        footer {
            h2 { (reader.word(Word::Sources)) }
            p { (sheet.goods.editions.join(", ")) ". " (reader.word(Word::SourcesText)) }
            p {
                (reader.word(Word::SheetMade)) ": " (made) ". "
                (reader.label(Field::AlertId)) " " (sheet.identity.incident)
                @if let Some(version) = sheet.identity.version { ", " (reader.label(Field::Version)) " " (version) }
            }
        }
    }
}
