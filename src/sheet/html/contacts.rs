//! Whom to call.

use maud::{Markup, html};

use super::values::{Reader, Rows, phone};
use crate::{
    domain::{Contact, ContactRole},
    hazard::naming::{Field, FieldGroup},
    sheet::Sheet,
};

pub(super) fn section(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let of_role = |role: ContactRole| {
        let found: Vec<&Contact> = sheet.contacts.iter().filter(|contact| contact.role == role).collect();
        (!found.is_empty()).then(|| {
            html! { @for contact in found { div { (contact.name) " " (phone(&contact.phone)) } } }
        })
    };
    let known = |number: &Option<String>| number.as_deref().map(phone);
    let carrier = sheet.vehicle.carrier_phone.as_deref().map(phone).or_else(|| of_role(ContactRole::Carrier));
    let mut rows = Rows::new(reader);
    rows.must(Field::EmergencyNumber, of_role(ContactRole::Emergency));
    rows.must(Field::CarrierPhone, carrier);
    rows.may(Field::Consignor, of_role(ContactRole::Consignor));
    rows.may(Field::Consignee, of_role(ContactRole::Consignee));
    rows.may(Field::ChemicalCentre, known(&sheet.phones.chemical_centre));
    rows.may(Field::Police, known(&sheet.phones.police));
    rows.may(Field::FireService, known(&sheet.phones.fire_service));
    rows.may(Field::WaterAuthority, known(&sheet.phones.water_authority));
    html! { section.contacts { h2 { (reader.name(&FieldGroup::Contacts)) } (rows) } }
}
