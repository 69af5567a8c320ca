//! What to do, guide by guide.

use maud::{Markup, html};

use super::values::Reader;
use crate::{
    hazard::{
        advice::{Advice, AdviceSection},
        guide::{GuideNumber, UNIDENTIFIED_CARGO},
    },
    sheet::{Sheet, words::Word},
};

/// Each guide once, in the order of the goods, most dangerous first.
pub(super) fn section(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let guides = guides(sheet);
    let polymerises = sheet.goods.goods.iter().any(|line| line.polymerises);
    html! {
        section.advice {
            @for (number, advice) in guides.iter().filter_map(|number| Some((number, Advice::of(*number, reader.language)?))) {
                h2 { (reader.word(Word::AdviceTitle)) ": " (advice.subject) " " small { (reader.word(Word::Guide)) " " (number) } }
                @for part in AdviceSection::ALL {
                    @if !advice.section(part).is_empty() {
                        h3.(class(part)) { (reader.name(&part)) }
                        ul { @for sentence in advice.section(part) { li { (sentence) } } }
                    }
                }
            }
            @if polymerises {
                h3 { (reader.word(Word::Polymerise)) }
                ul { @for sentence in Advice::on_polymerisation(reader.language) { li { (sentence) } } }
            }
        }
    }
}

fn guides(sheet: &Sheet<'_>) -> Vec<GuideNumber> {
    let mut numbers = Vec::new();
    for guide in sheet.goods.goods.iter().flat_map(|line| &line.erg_guides) {
        if !numbers.contains(&guide.guide.number) {
            numbers.push(guide.guide.number);
        }
    }
    if numbers.is_empty() && sheet.goods.unknown_cargo {
        numbers.push(UNIDENTIFIED_CARGO.number);
    }
    numbers
}

fn class(part: AdviceSection) -> &'static str {
    if part == AdviceSection::Never { "danger" } else { "plain" }
}
