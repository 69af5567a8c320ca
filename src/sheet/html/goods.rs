//! The goods, line by line, the most dangerous first.

use maud::{Markup, html};

use super::{
    first,
    values::{Reader, Rows},
};
use crate::{
    domain::{HazardClass, Language},
    hazard::{
        SheetLine,
        distances::Distances,
        naming::{Field, FieldGroup, Unit, class_name, hazard_number_meaning, short_hazard_name},
        sheet::LargestDistance,
    },
    sheet::{Sheet, notes, words::Word},
};

pub(super) fn section(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let is_wind_known = sheet.zones.is_some_and(|zones| zones.wind.class().is_some());
    html! {
        section.goods {
            h2 { (reader.name(&FieldGroup::Goods)) }
            (of_load(sheet, reader))
            @for (number, line) in sheet.goods.goods.iter().enumerate() { (article(number + 1, line, is_wind_known, reader)) }
        }
    }
}

/// What holds for the load as a whole.
fn of_load(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let (goods, cargo) = (sheet.goods, &sheet.cargo);
    let mut rows = Rows::new(reader);
    rows.must(Field::UnknownCargo, Some(reader.yes_or_no(goods.unknown_cargo)));
    rows.must(Field::TunnelRestriction, Some(reader.name(&goods.tunnel_restriction)));
    let kinds: Vec<&str> = goods.high_consequence_kinds.iter().map(|kind| reader.name(kind)).collect();
    let kinds = if kinds.is_empty() { String::new() } else { format!(": {}", kinds.join(", ")) };
    rows.must(Field::HighConsequence, Some(html! { (reader.yes_or_no(goods.high_consequence)) (kinds) }));
    rows.may(Field::Packages, cargo.packages.as_ref());
    rows.may(Field::PhysicalState, cargo.physical_state.as_ref());
    let degrees = cargo.temperature_c.map(|celsius| reader.with_unit(celsius, Unit::Celsius));
    let pressure = cargo.pressure_kpa.map(|kpa| reader.with_unit(kpa, Unit::Kilopascal));
    let measured: Vec<String> = degrees.into_iter().chain(pressure).collect();
    rows.may(Field::Temperature, (!measured.is_empty()).then(|| measured.join(", ")));
    rows.may(Field::MarinePollutant, cargo.marine_pollutant.map(|yes| reader.yes_or_no(yes)));
    rows.may(Field::LastLoad, cargo.last_load.as_ref());
    rows.may(Field::EmergencyActionCode, cargo.emergency_action_code.as_ref());
    rows.may(Field::InstructionsInWriting, cargo.instructions_in_writing.as_ref());
    html! { (rows) }
}

fn article(number: usize, line: &SheetLine, is_wind_known: bool, reader: Reader) -> Markup {
    let (name, is_english) = first::name(line, reader.language);
    let notes = notes::of_line(line, is_wind_known, reader.language);
    html! {
        article id={ "line-" (number) } {
            h3 { (number) ". " (line.list) " " (line.un_number) " " span lang=[is_english.then_some("en")] { (name) } }
            @if !notes.is_empty() {
                ul.notes { @for note in &notes { li { (reader.sentence(note)) } } }
            }
            (classification(line, reader))
            (carried(line, reader))
            (distances(line, reader))
        }
    }
}

fn classification(line: &SheetLine, reader: Reader) -> Markup {
    let language = reader.language;
    // A value that is empty and that no source is missing for is one that the regulations do not assign.
    let assigned = |field: Field, value: Option<String>| match value {
        None if line.in_catalogue && !line.not_available.contains(&field.key()) => {
            Some(reader.word(Word::NoneAssigned).to_owned())
        }
        value => value,
    };
    let mut rows = Rows::new(reader);
    rows.must(Field::AdrDescription, Some(html! { span lang="en" { (line.adr_description) } }));
    let other_name = match language {
        Language::English => (Field::NameZh, line.name_zh.as_ref(), "zh-CN"),
        Language::Chinese => (Field::NameEn, line.name_en.as_ref(), "en"),
    };
    let (field, other, tag) = other_name;
    rows.may(field, other.map(|name| html! { span lang=(tag) { (name) } }));
    rows.may(Field::TechnicalName, line.technical_name.as_ref());
    rows.must(Field::Class, line.class.map(|class| format!("{class}: {}", class_name(class, language))));
    let named = |class: &HazardClass| format!("{class} {}", short_hazard_name(*class, language));
    let subsidiary: Vec<String> = line.subsidiary_hazards.iter().map(named).collect();
    let none_or = |values: Vec<String>| {
        if values.is_empty() { reader.word(Word::NoneAssigned).to_owned() } else { values.join(", ") }
    };
    rows.must(Field::SubsidiaryHazards, line.in_catalogue.then(|| none_or(subsidiary)));
    let group = line.packing_group.map(|group| format!("{group}: {}", reader.name(&group)));
    rows.must(Field::PackingGroup, assigned(Field::PackingGroup, group));
    let hin = line.hin.map(|hin| format!("{hin}: {}", hazard_number_meaning(hin, language)));
    rows.must(Field::Hin, assigned(Field::Hin, hin));
    rows.must(Field::ClassificationCode, assigned(Field::ClassificationCode, line.classification_code.clone()));
    let tunnel = line.tunnel_code.map(|code| format!("{code}: {}", reader.name(&line.tunnel_restriction)));
    rows.must(Field::TunnelCode, assigned(Field::TunnelCode, tunnel));
    let category = line.transport_category.map(|category| reader.name(&category).to_owned());
    rows.must(Field::TransportCategory, assigned(Field::TransportCategory, category));
    rows.may(Field::AdrStatus, line.adr_status.map(|status| reader.name(&status)));
    html! { (rows) }
}

fn carried(line: &SheetLine, reader: Reader) -> Markup {
    let may = |may: bool| line.in_catalogue.then(|| reader.word(if may { Word::MayBe } else { Word::No }));
    let mut rows = Rows::new(reader);
    rows.must(Field::Mode, Some(reader.name(&line.mode)));
    let kilograms = line.quantity_kg.map(|kg| reader.with_unit(kg, Unit::Kilogram));
    let litres = line.quantity_l.map(|litres| reader.with_unit(litres, Unit::Litre));
    let quantity: Vec<String> = kilograms.into_iter().chain(litres).collect();
    rows.must(Field::Quantity, (!quantity.is_empty()).then(|| quantity.join(", ")));
    let explosive = line.class.is_some_and(|class| class.class() == 1) || line.net_explosive_mass_kg.is_some();
    if explosive {
        rows.must(Field::NetExplosiveMassKg, line.net_explosive_mass_kg.map(|kg| reader.with_unit(kg, Unit::Kilogram)));
    }
    rows.must(Field::EmptyUncleaned, Some(reader.yes_or_no(line.empty_uncleaned)));
    rows.must(Field::ToxicByInhalation, may(line.toxic_by_inhalation));
    let basis: Vec<&str> = line.water_reactive_basis.iter().map(|basis| reader.name(basis)).collect();
    let gases = &line.water_reactive_gases;
    let water = may(line.water_reactive).map(|answer| {
        html! {
            (answer)
            @if !basis.is_empty() { ": " (basis.join(", ")) }
            @if !gases.is_empty() { "; " (reader.label(Field::WaterReactiveGases)) ": " (gases.join(", ")) }
        }
    });
    rows.must(Field::WaterReactive, water);
    rows.must(Field::Polymerises, may(line.polymerises));
    let guides: Vec<&str> = line.erg_guides.iter().map(|guide| guide.reference.as_str()).collect();
    rows.must(Field::ErgGuides, (!guides.is_empty()).then(|| guides.join(", ")));
    html! { (rows) }
}

fn distances(line: &SheetLine, reader: Reader) -> Markup {
    let mut rows = Rows::new(reader);
    let largest = |distance: Option<LargestDistance>| distance.map(|found| reader.length(f64::from(found.metres)));
    let from_guide = |distance: Option<LargestDistance>| {
        Some(largest(distance).unwrap_or_else(|| reader.word(Word::NoneAssigned).to_owned()))
    };
    rows.must(Field::Isolate, largest(line.isolate));
    rows.must(Field::FireIsolate, from_guide(line.fire_isolate));
    rows.must(Field::Evacuate, from_guide(line.evacuate));
    let by_wind = line.large_spill_by_wind.iter().map(|row| (reader.name(&row.wind), &row.distances));
    let small = line.small_spill.iter().map(|distances| (reader.word(Word::Small), distances));
    let large = line.large_spill.iter().map(|distances| (reader.word(Word::Large), distances));
    let table: Vec<(&str, &Distances)> =
        if line.large_spill_by_wind.is_empty() { small.chain(large).collect() } else { small.chain(by_wind).collect() };
    if table.is_empty() {
        rows.must(Field::Protect, Some(reader.word(Word::NoProtect)));
    }
    html! {
        (rows)
        @if !table.is_empty() {
            table {
                caption { (reader.label(Field::Protect)) }
                thead {
                    tr {
                        th scope="col" { }
                        th scope="col" { (reader.word(Word::Isolate)) }
                        th scope="col" { (reader.label(Field::ProtectDay)) }
                        th scope="col" { (reader.label(Field::ProtectNight)) }
                    }
                }
                tbody {
                    @for (what, distances) in &table {
                        tr {
                            th scope="row" { (what) }
                            td { (reader.length(f64::from(distances.isolate_m))) }
                            td { (kilometres(distances.protect_day_km, distances.day_at_least, reader)) }
                            td { (kilometres(distances.protect_night_km, distances.night_at_least, reader)) }
                        }
                    }
                }
            }
        }
    }
}

fn kilometres(km: f64, at_least: bool, reader: Reader) -> String {
    let printed = if at_least { format!("{km}+") } else { km.to_string() };
    reader.with_unit(printed, Unit::Kilometre)
}
