use std::collections::HashSet;

use serde_json::Value;

use super::*;
use crate::domain::{CarriageMode, PackingGroup};
use crate::hazard::HazardSheet;
use crate::hazard::testing::{catalogue, line};

fn class(text: &str) -> HazardClass {
    text.parse().unwrap()
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn every_class_of_the_catalogue_has_a_name_in_both_languages() {
    let entries = catalogue().entries();
    for found in entries.iter().flat_map(|entry| entry.class.into_iter().chain(entry.subsidiary_hazards.clone())) {
        for name in [class_name(found, Language::Chinese), short_hazard_name(found, Language::Chinese).to_owned()] {
            assert!(has_chinese(&name), "{found}: {name}");
        }
        for name in [class_name(found, Language::English), short_hazard_name(found, Language::English).to_owned()] {
            assert!(name.is_ascii() && name.len() > 4, "{found}: {name}");
        }
    }
}

#[test]
fn classes_have_the_names_of_the_regulations() {
    assert_eq!(class_name(class("2.3"), Language::English), "toxic gases");
    assert_eq!(class_name(class("2.3"), Language::Chinese), "毒性气体");
    assert_eq!(
        class_name(class("1.1D"), Language::English),
        "explosives with a mass explosion hazard, compatibility group D"
    );
    assert_eq!(class_name(class("1.1D"), Language::Chinese), "有整体爆炸危险的爆炸品，配装组D");
    assert_eq!(class_name(class("4.3"), Language::Chinese), "遇水放出易燃气体的物质");
    assert_eq!(short_hazard_name(class("8"), Language::Chinese), "腐蚀性");
    assert_eq!(short_hazard_name(class("5.1"), Language::English), "oxidising");
}

#[test]
fn words_of_a_sheet_read_in_both_languages() {
    assert_eq!(CarriageMode::Tank.name_in(Language::English), "in a tank");
    assert_eq!(CarriageMode::Tank.name_in(Language::Chinese), "罐式运输");
    assert_eq!(PackingGroup::II.name_in(Language::Chinese), "II类包装：中度危险");
    assert_eq!(not_available(Language::Chinese), "无资料");
    assert_eq!(FieldGroup::Goods.name_in(Language::Chinese), "货物");
}

#[test]
fn drawings_say_what_they_show() {
    let chlorine = Some("265".parse().unwrap());
    assert_eq!(
        plate_title(chlorine, UnNumber(1017), Language::English),
        "Orange plate 265 / 1017: toxic gas, oxidising (intensifies fire)"
    );
    assert_eq!(
        plate_title(chlorine, UnNumber(1017), Language::Chinese),
        "矩形标志牌 265 / 1017：毒性气体，氧化性（助燃）"
    );
    assert_eq!(plate_title(None, UnNumber(1950), Language::Chinese), "矩形标志牌，联合国编号 1950，无危险性识别号");
    assert_eq!(label_title(class("3"), Language::Chinese), "菱形标志牌 3：易燃液体");
    assert!(battery_label_title(Language::English).contains("9A"));
}

#[test]
fn every_field_has_a_key_of_its_own_and_two_labels() {
    let keys: HashSet<&str> = Field::ALL.iter().map(|field| field.key()).collect();
    assert_eq!(keys.len(), Field::ALL.len());
    for field in Field::ALL {
        assert_eq!(Field::of_key(field.key()), Some(*field));
        assert!(has_chinese(field.label(Language::Chinese)), "{field:?}");
        assert!(field.label(Language::English).starts_with(|c: char| c.is_ascii_uppercase()), "{field:?}");
        assert!(FieldGroup::ALL.contains(&field.group()));
    }
    assert_eq!(Field::of_key("colour"), None);
}

#[test]
fn every_value_of_a_hazard_sheet_has_a_label() {
    let sheet = HazardSheet::of(catalogue(), &[line("1017", CarriageMode::Tank), line("9999", CarriageMode::Bulk)]);
    let json = serde_json::to_value(&sheet).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for key in keys(&json).into_iter().chain(keys(&json["goods"][0])) {
        assert!(Field::of_key(&key).is_some(), "{key}");
    }
    for missing in sheet.goods.iter().flat_map(|line| &line.not_available) {
        assert!(Field::of_key(missing).is_some(), "{missing}");
    }
}
