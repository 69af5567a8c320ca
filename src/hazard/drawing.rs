//! Drawings for a responder's sheet, as SVG text: the danger label of a class, and the orange plate.
//!
//! Pure text, no files, no ids, no scripts: a drawing can stand in a page, in a file of its own, or in print. Shapes,
//! colours and figures follow ADR 5.2.2.2 (labels), 5.3.1.7 (placards) and 5.3.2 (orange plate); the symbols are drawn
//! by us. Where ADR leaves black or white open, the one that reads better on the ground is taken.

mod canvas;
mod face;
mod plate;
mod symbols;

pub use plate::orange_plate;

use face::Face;

use super::naming;
use crate::domain::{HazardClass, Language};

/// The diamond of a class, square in a field of 100 by 100: the label, and as large as one pleases the placard.
///
/// A class without its division (a filter may name `2`, an unclassified explosive is `1`) gets a plain diamond with its
/// figure. Class 7 is drawn as the placard 7D, which does not depend on the category of a package.
#[must_use]
pub fn label(class: HazardClass, language: Language) -> String {
    Face::of(class).draw(&naming::label_title(class, language))
}

/// The diamond 9A of lithium and sodium ion batteries (ADR 5.2.2.2.2). It is for packages: vehicles show 9.
#[must_use]
pub fn battery_label(language: Language) -> String {
    Face::batteries().draw(naming::battery_label_title(language))
}

#[cfg(test)]
mod tests;
