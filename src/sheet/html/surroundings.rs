//! Who and what is around: wind, light, people, sites, helpers, other vehicles.

use maud::{Markup, html};

use super::values::{Reader, Rows};
use crate::{
    hazard::naming::{Field, FieldGroup, Unit},
    incident::{
        protective::{ProtectiveZones, WindState},
        surroundings::{Danger, Help, HelperKind, PeopleInside, SiteKind, SitesInside},
    },
    sheet::{Around, NearVehicle, Sheet, words::Word},
};

pub(super) fn section(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let mut rows = Rows::new(reader);
    weather(&mut rows, sheet, reader);
    around(&mut rows, sheet.around.as_ref(), reader);
    html! { section.around { h2 { (reader.name(&FieldGroup::Surroundings)) } (rows) } }
}

fn weather(rows: &mut Rows, sheet: &Sheet<'_>, reader: Reader) {
    let zones = sheet.zones;
    rows.must(Field::WindDirectionDeg, zones.and_then(|zones| zones.wind.from_deg()).map(|from| reader.compass(from)));
    let reading = zones.and_then(|zones| match &zones.wind {
        WindState::Known(reading) | WindState::NoDirection(reading) => Some(reading),
        WindState::OutOfDate(_) | WindState::Unknown => None,
    });
    let speed = reading.and_then(|reading| reading.speed_kmh());
    rows.must(Field::WindSpeed, speed.map(|kmh| reader.with_unit(kmh, Unit::KilometrePerHour)));
    rows.may(Field::AirTemperature, sheet.air_temperature_c.map(|celsius| reader.with_unit(celsius, Unit::Celsius)));
    let light = |zones: &ProtectiveZones| reader.word(if zones.is_day { Word::Day } else { Word::Night });
    rows.must(Field::DayOrNight, zones.map(light));
    if let Some((zones, at)) = zones.and_then(|zones| Some((zones, zones.light_changes_at?))) {
        let field = if zones.is_day { Field::SunsetAt } else { Field::SunriseAt };
        rows.must(field, Some(reader.time(at)));
    }
}

fn around(rows: &mut Rows, around: Option<&Around<'_>>, reader: Reader) {
    let sites = around.and_then(|around| around.sites);
    rows.must(Field::Population, sites.map(|sites| people(sites.people_in_force, reader)));
    let of_kinds = |kinds: &[SiteKind]| sites.map(|sites| sites_of(sites, kinds, reader));
    rows.must(Field::Schools, of_kinds(&[SiteKind::School]));
    rows.must(Field::Hospitals, of_kinds(&[SiteKind::Hospital, SiteKind::CareHome, SiteKind::Assembly]));
    rows.must(Field::WaterIntakes, of_kinds(&[SiteKind::WaterIntake]));
    let vehicles = around.and_then(|around| around.vehicles.as_deref());
    rows.must(Field::OtherVehicles, vehicles.map(|vehicles| others(vehicles, reader)));
    let help = around.and_then(|around| around.help);
    rows.must(Field::NearestTeams, help.map(|help| helpers(help, |kind| kind != HelperKind::Supply, reader)));
    rows.may(Field::Supplies, help.map(|help| helpers(help, |kind| kind == HelperKind::Supply, reader)));
}

fn people(people: PeopleInside, reader: Reader) -> Markup {
    html! {
        (reader.word(Word::AboutPeople)) " " (people.about) ", " (reader.word(Word::AtMostPeople)) " " (people.at_most)
        @if people.uncounted > 0 { "; " (people.uncounted) " " (reader.word(Word::Uncounted)) }
    }
}

fn sites_of(sites: &SitesInside<'_>, kinds: &[SiteKind], reader: Reader) -> Markup {
    let found: Vec<_> = sites.sites.iter().filter(|inside| kinds.contains(&inside.site.kind)).collect();
    html! {
        @if found.is_empty() { (reader.word(Word::NobodyInside)) }
        @for inside in found {
            div {
                strong { (inside.site.name) } " (" (reader.name(&inside.site.kind)) ") "
                (reader.way(inside.distance_m, inside.bearing_deg))
                @if let Some(people) = inside.site.people { ", " (reader.with_unit(people, Unit::Person)) }
            }
        }
    }
}

fn others(vehicles: &[NearVehicle], reader: Reader) -> Markup {
    html! {
        @if vehicles.is_empty() { (reader.word(Word::NobodyInside)) }
        @for vehicle in vehicles {
            div {
                strong { (vehicle.name) } " " (reader.way(vehicle.distance_m, vehicle.bearing_deg)) ", "
                @match &vehicle.danger {
                    Danger::Inside { zones } => {
                        (reader.word(Word::Inside)) " "
                        @for (number, zone) in zones.iter().enumerate() {
                            @if number > 0 { ", " }
                            (reader.name(&zone.kind))
                        }
                    }
                    Danger::HeadingIn { zone, minutes } => {
                        (reader.name(&zone.kind)) ": " (reader.word(Word::HeadingIn)) " "
                        (reader.with_unit(minutes.floor(), Unit::Minute))
                    }
                }
            }
        }
    }
}

fn helpers(help: &Help<'_>, wanted: fn(HelperKind) -> bool, reader: Reader) -> Markup {
    let found: Vec<_> = help.helpers.iter().filter(|near| wanted(near.helper.kind)).collect();
    html! {
        @if found.is_empty() { (reader.missing()) }
        @for near in found {
            div {
                strong { (near.helper.name) } " (" (reader.name(&near.helper.kind)) ") "
                (reader.way(near.distance_m, near.bearing_deg))
                @if !near.has.is_empty() { ": " (near.has.join(", ")) }
            }
        }
        @if !help.nobody_has.is_empty() {
            div { (reader.word(Word::NobodyHas)) ": " (help.nobody_has.join(", ")) }
        }
    }
}
