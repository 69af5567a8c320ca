//! The orange plate (ADR 5.3.2): hazard identification number above, UN number below.

use super::canvas::{BLACK, EDGE, document, filled, text};
use crate::domain::{Language, UnNumber};
use crate::hazard::hin::HazardIdentificationNumber;
use crate::hazard::naming;

/// Like RAL 2004, pure orange.
const ORANGE: &str = "#EC6110";

/// The orange plate, 40 by 30, in millimetres of the real one. Goods without a hazard identification number leave the
/// upper half blank.
#[must_use]
pub fn orange_plate(hin: Option<HazardIdentificationNumber>, un_number: UnNumber, language: Language) -> String {
    let upper = hin.map(|number| figures(&number.to_string(), 129));
    let numbers = upper.unwrap_or_default() + &figures(&un_number.to_string(), 271);
    let border = format!(r#"<rect x="2" y="2" width="396" height="296" rx="12" fill="{BLACK}" stroke="{EDGE}"/>"#);
    let halves = filled("M15 15H385V142.5H15ZM15 157.5H385V285H15Z", ORANGE);
    let title = naming::plate_title(hin, un_number, language);
    document("0 0 400 300", &title, &format!("{border}{halves}{numbers}"))
}

/// Figures 100 mm high. The length is fixed so that no font of a reader's device can make them run over the border.
fn figures(number: &str, baseline: u16) -> String {
    let length = 80 * number.chars().count();
    let style = format!(r#"textLength="{length}" lengthAdjust="spacingAndGlyphs" fill="{BLACK}""#);
    text(number, 200, baseline, 140, &style)
}
