//! The sheet as an HTML page. One file a section; the words stand in [`super::words`], the look in `page.css`.
//!
//! Everything that came from outside is escaped by the templates. Only our own drawings are put in as they are, and those
//! escape what they are given.

mod advice;
mod contacts;
mod first;
mod goods;
mod identity;
mod place;
mod sketch;
mod sources;
mod surroundings;
mod timeline;
mod values;
mod vehicle;
mod zones;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use self::values::Reader;
use super::{CONTENT_SECURITY_POLICY, Sheet, Status, words::Word};
use crate::domain::Language;

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub(super) fn page(sheet: &Sheet<'_>) -> String {
    let reader = Reader::of(sheet);
    let language = match sheet.language {
        Language::English => "en",
        Language::Chinese => "zh-CN",
    };
    let title = format!("{} {}", first::title(sheet), reader.word(Word::Title));
    let page = html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="format-detection" content="telephone=no";
                meta http-equiv="Content-Security-Policy" content=(CONTENT_SECURITY_POLICY);
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (banner(sheet, reader))
                (identity::bar(sheet, reader))
                main {
                    (first::section(sheet, reader))
                    div.rest {
                        (zones::section(sheet, reader))
                        (contacts::section(sheet, reader))
                        (advice::section(sheet, reader))
                        (goods::section(sheet, reader))
                        (place::section(sheet, reader))
                        (vehicle::section(sheet, reader))
                        (surroundings::section(sheet, reader))
                        (identity::section(sheet, reader))
                        (timeline::section(sheet, reader))
                        (sources::section(sheet, reader))
                    }
                }
            }
        }
    };
    page.into_string()
}

/// Nobody may take a drill for an accident.
fn banner(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let word = match sheet.identity.status {
        Status::Actual => return html! {},
        Status::Exercise => Word::Exercise,
        Status::Test => Word::Test,
    };
    html! { p.drill role="status" { (reader.word(word)) } }
}
