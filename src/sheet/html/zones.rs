//! The sketch map, the zones with their reasons, and the whole approach.

use maud::{Markup, html};

use super::{sketch, values::Reader};
use crate::sheet::{Sheet, words::Word};

pub(super) fn section(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    html! {
        section.zones {
            h2 { (reader.word(Word::Sketch)) }
            (sketch::figure(sheet, reader))
            @if let Some(zones) = sheet.zones {
                h3 { (reader.word(Word::Zones)) }
                ul {
                    @for zone in &zones.zones {
                        li {
                            (zone.instruction(reader.language))
                            " " small { (zone.distance.basis(reader.language)) }
                        }
                    }
                    @for note in zones.notes(reader.language) { li { (note) } }
                }
            }
            @if let Some(approach) = sheet.approach {
                h3 { (reader.word(Word::AllApproach)) }
                ul { @for line in approach.advice(reader.language) { li { (line) } } }
            }
        }
    }
}
