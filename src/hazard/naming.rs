//! What people call the codes of the field, in English and Chinese: classes, hazard identification numbers, packing
//! groups, modes, units, and the labels of what stands on a sheet.
//!
//! English follows ADR, Chinese the terms of GB 6944 and GB 12268 and of the road transport rules (JT/T 617, GB 13392:
//! the diamond is 菱形标志牌, the orange plate 矩形标志牌). A closed set of words has its names by [`Named`]; what is
//! put together from several codes has a function.

mod class;
mod field;
mod kemler;
mod sets;
mod unit;

pub use class::{class_name, short_hazard_name};
pub use field::{Field, FieldGroup};
pub use kemler::hazard_number_meaning;
pub use unit::Unit;

use super::hin::HazardIdentificationNumber;
use crate::domain::{HazardClass, Language, UnNumber};

/// Something that has a name in every language.
pub trait Named {
    /// The name, in lower case as within a sentence.
    fn name_in(&self, language: Language) -> &'static str;
}

/// Names for the cases of a closed set: English, then Chinese.
macro_rules! named {
    ($type:ty { $($case:pat => $english:literal, $chinese:literal;)+ }) => {
        impl $crate::hazard::naming::Named for $type {
            fn name_in(&self, language: $crate::domain::Language) -> &'static str {
                match (self, language) {
                    $(
                        ($case, $crate::domain::Language::English) => $english,
                        ($case, $crate::domain::Language::Chinese) => $chinese,
                    )+
                }
            }
        }
    };
}
pub(crate) use named;

/// What stands in place of a value that no source gives.
#[must_use]
pub fn not_available(language: Language) -> &'static str {
    match language {
        Language::English => "not available",
        Language::Chinese => "无资料",
    }
}

/// The title of the diamond of a class.
#[must_use]
pub fn label_title(class: HazardClass, language: Language) -> String {
    let name = class_name(class, language);
    match language {
        Language::English => format!("Diamond placard {class}: {name}"),
        Language::Chinese => format!("菱形标志牌 {class}：{name}"),
    }
}

/// The title of the diamond 9A.
#[must_use]
pub fn battery_label_title(language: Language) -> &'static str {
    match language {
        Language::English => "Diamond label 9A: lithium or sodium ion batteries",
        Language::Chinese => "菱形标志 9A：锂电池或钠离子电池",
    }
}

/// The title of an orange plate: its numbers, and what the upper one says.
#[must_use]
pub fn plate_title(hin: Option<HazardIdentificationNumber>, un_number: UnNumber, language: Language) -> String {
    match (hin, language) {
        (Some(hin), Language::English) => {
            format!("Orange plate {hin} / {un_number}: {}", hazard_number_meaning(hin, language))
        }
        (Some(hin), Language::Chinese) => {
            format!("矩形标志牌 {hin} / {un_number}：{}", hazard_number_meaning(hin, language))
        }
        (None, Language::English) => format!("Orange plate with UN number {un_number}, without hazard number"),
        (None, Language::Chinese) => format!("矩形标志牌，联合国编号 {un_number}，无危险性识别号"),
    }
}

#[cfg(test)]
mod tests;
