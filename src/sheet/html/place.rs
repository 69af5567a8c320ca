//! Where the vehicle is, how well that is known, and how old it is.

use maud::{Markup, html};

use super::values::{Reader, Rows};
use crate::{
    domain::Place,
    hazard::naming::{Field, FieldGroup},
    sheet::{Position, Sheet, words::Word},
};

pub(super) fn section(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let mut rows = Rows::new(reader);
    let position = sheet.position.as_ref();
    rows.must(Field::Position, position.map(|position| coordinates(position.place)));
    rows.must(Field::PositionAge, position.map(|position| reader.time_with_age(position.at)));
    rows.must(Field::AccuracyM, position.and_then(|p| p.accuracy_m).map(|metres| reader.length(metres)));
    rows.must(Field::Road, position.and_then(|position| position.road.as_ref()));
    rows.may(Field::Direction, position.and_then(|position| position.direction.as_ref()));
    rows.may(Field::KilometrePost, position.and_then(|position| position.kilometre_post.as_ref()));
    rows.must(Field::HeadingDeg, position.and_then(|p| p.heading_deg).map(|degrees| reader.compass(degrees)));
    rows.may(Field::InsideTunnel, position.and_then(|position| tunnel(position, reader)));
    rows.may(Field::InsideZones, position.and_then(|position| zones(position, reader)));
    rows.may(Field::AccessSide, position.and_then(|position| position.access_side.as_ref()));
    rows.must(Field::RecentTrack, position.and_then(|position| track(position, reader)));
    html! { section.place { h2 { (reader.name(&FieldGroup::Place)) } (rows) } }
}

/// Degrees to the fifth digit, a metre, as a link that a phone opens in its own map (RFC 5870).
fn coordinates(place: Place) -> Markup {
    let (lat, lon) = (place.lat(), place.lon());
    let shown = format!("{lat:.5}, {lon:.5}");
    html! { a.phone href={ "geo:" (format!("{lat:.6},{lon:.6}")) } { (shown) } }
}

fn tunnel(position: &Position, reader: Reader) -> Option<String> {
    let tunnel = position.tunnel.as_ref()?;
    Some(if tunnel.is_empty() { reader.word(Word::OutsideTunnels).to_owned() } else { tunnel.clone() })
}

fn zones(position: &Position, reader: Reader) -> Option<String> {
    let zones = position.zones.as_ref()?;
    Some(if zones.is_empty() { reader.word(Word::OutsideZones).to_owned() } else { zones.join(", ") })
}

fn track(position: &Position, reader: Reader) -> Option<Markup> {
    let (first, last) = (position.track.first()?, position.track.last()?);
    Some(html! {
        (position.track.len()) " " (reader.word(Word::Points)) ", "
        (reader.time(first.at)) " – " (reader.time(last.at))
    })
}
