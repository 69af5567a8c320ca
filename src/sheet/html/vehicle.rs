//! What carries the goods, and who.

use maud::{Markup, html};

use super::values::{Reader, Rows, phone};
use crate::{
    hazard::naming::{Field, FieldGroup, Unit},
    sheet::{Compartment, Person, Sheet, words::Word},
};

pub(super) fn section(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let vehicle = &sheet.vehicle;
    let mut rows = Rows::new(reader);
    rows.must(Field::Registration, vehicle.registration.as_ref());
    rows.must(Field::Vehicle, Some(&vehicle.code));
    rows.must(Field::Carrier, vehicle.operator_name.as_ref());
    rows.must(Field::CarrierPhone, vehicle.carrier_phone.as_deref().map(phone));
    rows.must(Field::Driver, vehicle.driver.as_ref().map(|driver| person(driver, reader)));
    rows.may(Field::Escort, vehicle.escort.as_ref().map(|escort| person(escort, reader)));
    rows.may(Field::CrewAlive, vehicle.crew_alive_at.map(|at| reader.time_with_age(at)));
    rows.word(Word::Waybill, reader.or_missing(sheet.waybill.as_ref()));
    rows.may(Field::TrailerRegistration, vehicle.trailer_registration.as_ref());
    rows.may(Field::Vin, vehicle.vin.as_ref());
    rows.may(Field::TankId, vehicle.tank_id.as_ref());
    rows.may(Field::TankType, vehicle.tank_type.as_ref());
    rows.may(Field::TankCode, vehicle.tank_code.as_ref());
    let has_compartments = !vehicle.compartments.is_empty();
    rows.may(Field::Compartments, has_compartments.then(|| compartments(&vehicle.compartments, reader)));
    html! { section.vehicle { h2 { (reader.name(&FieldGroup::Vehicle)) } (rows) } }
}

fn person(person: &Person, reader: Reader) -> Markup {
    html! { (person.name) " " (reader.or_missing(person.phone.as_deref().map(phone))) }
}

fn compartments(compartments: &[Compartment], reader: Reader) -> Markup {
    let litres = |litres: f64| reader.with_unit(litres, Unit::Litre);
    html! {
        ol {
            @for Compartment { volume_l, product, fill_pct } in compartments {
                li {
                    (reader.label(Field::CompartmentProduct)) ": " (reader.or_missing(product.as_ref())) ", "
                    (reader.label(Field::CompartmentVolume)) ": " (reader.or_missing(volume_l.map(litres))) ", "
                    (reader.label(Field::CompartmentFill)) ": "
                    (reader.or_missing(fill_pct.map(|percent| reader.with_unit(percent, Unit::Percent))))
                }
            }
        }
    }
}
