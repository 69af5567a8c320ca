//! A sketch of the zones: north up, to scale, drawn from nothing but the sheet itself. Kinds of zones differ by the
//! pattern of their line, so that a bad printer keeps them apart.

use maud::{Markup, html};

use super::values::Reader;
use crate::{
    domain::Place,
    geo::LocalFrame,
    hazard::naming::Named,
    incident::protective::{ProtectiveKind, ProtectiveZone, ProtectiveZones, ZoneForm},
    sheet::{Sheet, words::Word},
};

/// Size of the drawing in its own units.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 300.0;
/// Room around what is drawn.
const MARGIN: f64 = 24.0;
/// A circle is never drawn smaller than this, so that it shows.
const SMALLEST: f64 = 3.0;
/// The scale bar is at most so long.
const LONGEST_BAR: f64 = 110.0;

/// The sketch with its legend, or that there is none.
pub(super) fn figure(sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let Some(zones) = sheet.zones.filter(|zones| !zones.zones.is_empty()) else {
        return html! { p.missing { (reader.word(Word::SketchMissing)) } };
    };
    let drawing = Drawing::of(zones, sheet);
    html! {
        figure {
            svg.sketch viewBox="0 0 360 300" role="img" aria-label=(reader.word(Word::SketchTitle)) {
                title { (reader.word(Word::SketchTitle)) }
                rect.ground x="0.5" y="0.5" width="359" height="299" {}
                @for zone in zones.zones.iter().rev() { (drawing.zone(zone)) }
                (drawing.track(sheet))
                (drawing.rendezvous(sheet))
                (drawing.vehicle(sheet))
                (wind_arrow(zones, reader))
                (north_arrow(reader))
                (drawing.scale_bar(reader))
            }
            figcaption { (legend(zones, sheet, reader)) }
        }
    }
}

/// Metres to units of the drawing. North is up.
struct Drawing {
    frame: LocalFrame,
    middle_east_m: f64,
    middle_north_m: f64,
    units_per_m: f64,
}

impl Drawing {
    /// As large as all zones and the rendezvous leave room for.
    fn of(zones: &ProtectiveZones, sheet: &Sheet<'_>) -> Self {
        let frame = LocalFrame::at(zones.place);
        let mut corners: Vec<(f64, f64)> = zones.zones.iter().flat_map(|zone| outline(zone.form)).collect();
        let rendezvous = sheet.approach.and_then(|approach| approach.rendezvous);
        corners.extend(rendezvous.map(|rendezvous| local(&frame, rendezvous.place)));
        let span = |of: fn(&(f64, f64)) -> f64| {
            let all = || corners.iter().map(of);
            (all().fold(0.0, f64::min), all().fold(0.0, f64::max))
        };
        let ((west, east), (south, north)) = (span(|corner| corner.0), span(|corner| corner.1));
        let fit = |units: f64, metres: f64| (units - 2.0 * MARGIN) / metres.max(1.0);
        Self {
            frame,
            middle_east_m: f64::midpoint(west, east),
            middle_north_m: f64::midpoint(south, north),
            units_per_m: fit(WIDTH, east - west).min(fit(HEIGHT, north - south)),
        }
    }

    fn point(&self, (east_m, north_m): (f64, f64)) -> (f64, f64) {
        let x = WIDTH / 2.0 + (east_m - self.middle_east_m) * self.units_per_m;
        let y = HEIGHT / 2.0 - (north_m - self.middle_north_m) * self.units_per_m;
        (x, y)
    }

    fn at(&self, place: Place) -> (f64, f64) {
        self.point(local(&self.frame, place))
    }

    fn zone(&self, zone: &ProtectiveZone) -> Markup {
        let class = line_class(zone.kind);
        match zone.form {
            ZoneForm::Circle { radius_m } => {
                let (x, y) = self.point((0.0, 0.0));
                let radius = (radius_m * self.units_per_m).max(SMALLEST);
                html! { circle.zone.(class) cx=(units(x)) cy=(units(y)) r=(units(radius)) {} }
            }
            ZoneForm::Square { .. } => {
                let corners = outline(zone.form).into_iter().map(|corner| self.point(corner));
                html! { polygon.zone.(class) points=(points(corners)) {} }
            }
        }
    }

    fn track(&self, sheet: &Sheet<'_>) -> Markup {
        let track = sheet.position.as_ref().map(|position| position.track.as_slice()).unwrap_or_default();
        html! {
            @if track.len() > 1 { polyline.track points=(points(track.iter().map(|point| self.at(point.place)))) {} }
        }
    }

    /// The vehicle, as an arrow where it is headed, else as a dot.
    fn vehicle(&self, sheet: &Sheet<'_>) -> Markup {
        let Some(position) = &sheet.position else { return html! {} };
        let (x, y) = self.at(position.place);
        let (x, y) = (units(x), units(y));
        html! {
            @match position.heading_deg {
                Some(heading_deg) => {
                    path.vehicle d="M0-9L6 7L0 4L-6 7Z" transform={ "translate(" (x) " " (y) ") rotate(" (units(heading_deg)) ")" } {}
                }
                None => circle.vehicle cx=(x) cy=(y) r="5" {},
            }
        }
    }

    fn rendezvous(&self, sheet: &Sheet<'_>) -> Markup {
        let Some(rendezvous) = sheet.approach.and_then(|approach| approach.rendezvous) else { return html! {} };
        let (x, y) = self.at(rendezvous.place);
        html! { path.rendezvous d="M0-7L7 5H-7Z" transform={ "translate(" (units(x)) " " (units(y)) ")" } {} }
    }

    fn scale_bar(&self, reader: Reader) -> Markup {
        let metres = round_below(LONGEST_BAR / self.units_per_m);
        let length = metres * self.units_per_m;
        let end = units(14.0 + length);
        html! {
            path.bar-line d={ "M14 280V286H" (end) "V280" } {}
            text x="14" y="275" { (reader.length(metres)) }
        }
    }
}

/// Metres east and north of a place.
fn local(frame: &LocalFrame, place: Place) -> (f64, f64) {
    let point = frame.local(place);
    (point.east_m, point.north_m)
}

/// The corners of a zone, in metres east and north of the accident; of a circle those of the square around it.
fn outline(form: ZoneForm) -> [(f64, f64); 4] {
    match form {
        ZoneForm::Circle { radius_m: r } => [(-r, -r), (r, -r), (r, r), (-r, r)],
        ZoneForm::Square { side_m, toward_deg, widened_m } => {
            let (sine, cosine) = toward_deg.to_radians().sin_cos();
            let (half, near, far) = (side_m / 2.0 + widened_m, -widened_m, side_m + widened_m);
            [(near, -half), (far, -half), (far, half), (near, half)]
                .map(|(along, aside)| (along * sine + aside * cosine, along * cosine - aside * sine))
        }
    }
}

/// The largest of 1, 2 or 5 times a power of ten that is not larger.
fn round_below(metres: f64) -> f64 {
    let power = 10_f64.powf(metres.max(1.0).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|step| step * power).find(|step| *step <= metres).unwrap_or(power)
}

fn units(value: f64) -> String {
    format!("{value:.1}")
}

fn points(corners: impl Iterator<Item = (f64, f64)>) -> String {
    corners.map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

fn line_class(kind: ProtectiveKind) -> &'static str {
    match kind {
        ProtectiveKind::Isolation => "isolation",
        ProtectiveKind::Fire => "fire",
        ProtectiveKind::Evacuation => "evacuation",
        ProtectiveKind::Protective => "protective",
    }
}

fn north_arrow(reader: Reader) -> Markup {
    html! {
        path.bar-line d="M340 44V16M334 24L340 14L346 24" {}
        text x="340" y="58" text-anchor="middle" { (reader.word(Word::North)) }
    }
}

/// An arrow with the wind, or that it is not known.
fn wind_arrow(zones: &ProtectiveZones, reader: Reader) -> Markup {
    html! {
        @match zones.wind.toward_deg() {
            Some(toward_deg) => {
                g.wind transform={ "translate(28 34) rotate(" (units(toward_deg)) ")" } { path d="M0 18V-16M-7-6L0-18L7-6" {} }
                text x="52" y="24" { (reader.word(Word::Wind)) }
            }
            None => text x="12" y="24" { (reader.word(Word::WindNotKnown)) },
        }
    }
}

fn legend(zones: &ProtectiveZones, sheet: &Sheet<'_>, reader: Reader) -> Markup {
    let has_track = sheet.position.as_ref().is_some_and(|position| position.track.len() > 1);
    let has_rendezvous = sheet.approach.is_some_and(|approach| approach.rendezvous.is_some());
    html! {
        ul.legend {
            @for zone in &zones.zones {
                li {
                    svg viewBox="0 0 28 10" aria-hidden="true" { path.zone.(line_class(zone.kind)) d="M1 5H27" {} }
                    (zone.kind.name_in(reader.language)) " " (reader.length(f64::from(zone.distance.metres)))
                }
            }
            @if sheet.position.is_some() {
                li { svg viewBox="0 0 28 10" aria-hidden="true" { circle.vehicle cx="14" cy="5" r="4" {} } (reader.word(Word::VehicleHere)) }
            }
            @if has_track {
                li { svg viewBox="0 0 28 10" aria-hidden="true" { path.track d="M1 5H27" {} } (reader.word(Word::Track)) }
            }
            @if has_rendezvous {
                li { svg viewBox="0 0 28 10" aria-hidden="true" { path.rendezvous d="M14 0L19 9H9Z" {} } (reader.word(Word::GatherHere)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_square_lies_where_the_wind_blows() {
        let east = outline(ZoneForm::Square { side_m: 1000.0, toward_deg: 90.0, widened_m: 0.0 });
        let rounded = east.map(|(east_m, north_m)| (east_m.round(), north_m.round()));
        assert_eq!(rounded, [(0.0, 500.0), (1000.0, 500.0), (1000.0, -500.0), (0.0, -500.0)]);
    }

    #[test]
    fn scale_bars_have_round_lengths() {
        let bars = [99.0, 100.0, 430.0, 7_200.0].map(round_below);
        assert_eq!(bars, [50.0, 100.0, 200.0, 5_000.0]);
    }
}
