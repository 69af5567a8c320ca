//! The first screen: what is it, how far, what not to do, from where.

use std::sync::Arc;

use maud::{Markup, PreEscaped, html};

use super::values::Reader;
use crate::{
    domain::Language,
    hazard::{
        SheetLine,
        advice::Advice,
        drawing,
        guide::UNIDENTIFIED_CARGO,
        naming::{Unit, hazard_number_meaning},
    },
    incident::protective::{ProtectiveKind, ProtectiveZone, ProtectiveZones, ZoneForm},
    sheet::{Sheet, words::Word},
};

/// So many lines of the approach stand on the first screen; the rest stands below.
const FIRST_LINES: usize = 2;

/// What the sheet is about, in one line.
pub(super) fn title(sheet: &Sheet<'_>) -> String {
    match sheet.goods.goods.first() {
        Some(line) => format!("{} {} {}", line.list, line.un_number, name(line, sheet.language).0),
        None if sheet.goods.unknown_cargo => Word::UnknownTitle.text(sheet.language).to_owned(),
        None => Word::NothingTitle.text(sheet.language).to_owned(),
    }
}

/// The name of goods, and whether it is English on a page of another language.
pub(super) fn name(line: &SheetLine, language: Language) -> (String, bool) {
    let chinese = line.name_zh.clone().filter(|_| language == Language::Chinese).map(|name| (name, false));
    let english = || line.name_en.clone().map(|name| (name, language != Language::English));
    let declared = || line.technical_name.clone().map(|name| (name, false));
    chinese.or_else(english).or_else(declared).unwrap_or_else(|| (Word::NotListed.text(language).to_owned(), false))
}

/// The first screen.
pub(super) fn section(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    html! {
        section.first {
            div { (what(sheet, reader)) }
            div { (how_far(sheet, reader)) }
            div { (never(sheet, reader)) }
            div { (from_where(sheet, reader)) }
        }
    }
}

fn what(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let goods = &sheet.goods.goods;
    html! {
        @match goods.first() {
            None if !sheet.goods.unknown_cargo => div {
                h1 { (reader.word(Word::NothingTitle)) }
                p { (reader.word(Word::NothingText)) }
            },
            None => div.unknown {
                h1 { (reader.word(Word::UnknownTitle)) }
                p { (reader.word(Word::UnknownText)) }
            },
            Some(line) => {
                @if sheet.goods.unknown_cargo {
                    p.unknown { strong { (reader.word(Word::UnknownTitle)) } ": " (reader.word(Word::PartlyUnknown)) }
                }
                (identified(line, reader))
            },
        }
        @if let [_, others @ ..] = goods.as_slice() && !others.is_empty() {
            p.others {
                (reader.word(Word::AlsoOnBoard)) ": "
                @for (number, line) in others.iter().enumerate() {
                    @if number > 0 { ", " }
                    a href={ "#line-" (number + 2) } { (line.list) " " (line.un_number) }
                }
            }
        }
    }
}

fn identified(line: &SheetLine, reader: Reader) -> Markup {
    let (name, is_english) = name(line, reader.language);
    html! {
        div.signs {
            div.plate { (PreEscaped(drawing::orange_plate(line.hin, line.un_number, reader.language))) }
            @for class in line.class.iter().chain(&line.subsidiary_hazards) {
                div.diamond { (PreEscaped(drawing::label(*class, reader.language))) }
            }
        }
        h1 { (line.list) " " (line.un_number) " " span lang=[is_english.then_some("en")] { (name) } }
        @if let Some(hin) = line.hin { p.meaning { (hazard_number_meaning(hin, reader.language)) } }
    }
}

fn how_far(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let isolate = sheet.zones.and_then(ProtectiveZones::isolation);
    let isolate = isolate.map(|zone| zone.distance.metres).or(sheet.goods.isolate.map(|isolate| isolate.metres));
    let isolate = isolate.map(|metres| reader.length(f64::from(metres)));
    let widened = sheet.zones.map_or(0.0, |zones| zones.widened_m);
    html! {
        h2.ask { (reader.word(Word::HowFar)) }
        div.cards {
            div.card {
                span.lead { (reader.word(Word::Isolate)) }
                strong.big { (reader.or_missing(isolate)) }
                span { (reader.word(Word::AllAround)) }
            }
            div.card { (protect(sheet, reader)) }
        }
        p.more {
            @for (word, metres) in farther(sheet) {
                span { (reader.word(word)) ": " strong { (reader.length(metres)) } } " "
            }
            @if widened > 0.0 { span { (reader.word(Word::PlaceWide)) ": +" (reader.length(widened)) } }
        }
    }
}

fn protect(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let lead = html! { span.lead { (reader.word(Word::Protect)) } };
    let or_more = |at_least: bool| at_least.then(|| reader.word(Word::AtLeast));
    match (sheet.zones, &sheet.goods.protect) {
        (Some(zones), _) => match zones.protective() {
            Some(zone) => html! {
                (lead)
                strong.big {
                    (reader.length(f64::from(zone.distance.metres)))
                    @if let Some(more) = or_more(zone.distance.at_least) { " " small { (more) } }
                }
                span { (reader.word(if zones.is_day { Word::NowDay } else { Word::NowNight })) }
                span { (toward(zone, reader)) }
            },
            None => html! { (lead) span { (reader.word(Word::NoProtect)) } },
        },
        (None, Some(distances)) => html! {
            (lead)
            @for (word, km, at_least) in [
                (Word::Day, distances.protect_day_km, distances.day_at_least),
                (Word::Night, distances.protect_night_km, distances.night_at_least),
            ] {
                strong.middle {
                    (reader.with_unit(km, Unit::Kilometre)) " " small { (reader.word(word)) " " (or_more(at_least).unwrap_or_default()) }
                }
            }
            span { (reader.word(Word::WindUnknown)) }
        },
        (None, None) => html! { (lead) span { (reader.word(Word::NoProtect)) } },
    }
}

fn toward(zone: &ProtectiveZone, reader: Reader) -> String {
    match zone.form {
        ZoneForm::Circle { .. } => reader.word(Word::WindUnknown).to_owned(),
        ZoneForm::Square { toward_deg, .. } => {
            let gap = if reader.language == Language::English { " " } else { "" };
            format!("{}{gap}{}", reader.word(Word::Downwind), reader.compass(toward_deg))
        }
    }
}

/// Distances that hold under a condition, in metres.
fn farther(sheet: &Sheet<'_>) -> Vec<(Word, f64)> {
    let drawn = |kind| sheet.zones.and_then(|zones| zones.of_kind(kind).next());
    let metres = |kind, of_goods: Option<u32>| {
        let of_zones = drawn(kind).map(|zone| zone.distance.metres);
        of_zones.or(of_goods.filter(|_| sheet.zones.is_none())).map(f64::from)
    };
    let fire = metres(ProtectiveKind::Fire, sheet.goods.fire_isolate.map(|fire| fire.metres));
    let evacuate = metres(ProtectiveKind::Evacuation, sheet.goods.evacuate.map(|evacuate| evacuate.metres));
    let all = [(Word::IfItBurns, fire), (Word::LargeSpill, evacuate)];
    all.into_iter().filter_map(|(word, metres)| Some((word, metres?))).collect()
}

fn never(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let lines = never_lines(sheet);
    html! {
        @if !lines.is_empty() {
            div.never {
                h2 { (reader.word(Word::Never)) }
                ul { @for line in lines { li { (line) } } }
            }
        }
    }
}

/// What not to do, by every guide of the most dangerous goods.
fn never_lines(sheet: &Sheet<'_>) -> Vec<Arc<str>> {
    let guides = sheet.goods.goods.first().map(|line| line.erg_guides.as_slice()).unwrap_or_default();
    let mut numbers: Vec<_> = guides.iter().map(|guide| guide.guide.number).collect();
    if numbers.is_empty() && sheet.goods.unknown_cargo {
        numbers.push(UNIDENTIFIED_CARGO.number);
    }
    let mut lines: Vec<Arc<str>> = Vec::new();
    for advice in numbers.iter().filter_map(|number| Advice::of(*number, sheet.language)) {
        let news: Vec<_> = advice.never.iter().filter(|line| !lines.contains(line)).cloned().collect();
        lines.extend(news);
    }
    lines
}

fn from_where(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    html! {
        h2.ask { (reader.word(Word::FromWhere)) }
        @match (sheet.approach, &sheet.position) {
            (Some(approach), _) => ul.approach {
                @for line in approach.advice(reader.language).iter().take(FIRST_LINES) { li { (line) } }
            },
            (None, Some(_)) => p { (reader.word(Word::NoApproach)) },
            (None, None) => p { (reader.word(Word::NoPosition)) " " (reader.word(Word::NoApproach)) },
        }
    }
}
