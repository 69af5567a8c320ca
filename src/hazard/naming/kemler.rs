//! What a hazard identification number says, in either language.
//!
//! The English words come from the number itself. The Chinese ones are composed here by the same rules of ADR
//! 5.3.2.3.1 and the same combinations of 5.3.2.3.2 that mean something of their own.

use super::class::class_name;
use crate::domain::{HazardClass, Language};
use crate::hazard::hin::HazardIdentificationNumber;

/// What the number says, in a few words.
#[must_use]
pub fn hazard_number_meaning(number: HazardIdentificationNumber, language: Language) -> String {
    match language {
        Language::English => number.meaning(),
        Language::Chinese => in_chinese(number),
    }
}

fn in_chinese(number: HazardIdentificationNumber) -> String {
    let notation = number.to_string();
    if let Ok(class) = notation.parse::<HazardClass>() {
        return class_name(class, Language::Chinese);
    }
    let with_water = number.reacts_dangerously_with_water();
    let figures = notation.trim_start_matches('X');
    let meaning = special(figures, with_water).map_or_else(|| composed(figures), str::to_owned);
    if with_water { format!("{meaning}；与水发生危险反应") } else { meaning }
}

/// The combinations that do not mean what their figures add up to.
fn special(figures: &str, with_water: bool) -> Option<&'static str> {
    Some(match figures {
        "20" => "窒息性气体或无次要危险性的气体",
        "22" => "冷冻液化气体，窒息性",
        "30" => "易燃液体（闪点23 ℃至60 ℃）或自热液体",
        "323" => "遇水放出易燃气体的易燃液体",
        "333" => "发火液体",
        "36" => "易燃液体（闪点23 ℃至60 ℃），毒性，或自热液体，毒性",
        "362" => "遇水放出易燃气体的易燃液体，毒性",
        "38" => "易燃液体（闪点23 ℃至60 ℃），腐蚀性，或自热液体，腐蚀性",
        "382" => "遇水放出易燃气体的易燃液体，腐蚀性",
        "40" => "易燃、自热、自反应或聚合性物质",
        "423" => "遇水放出易燃气体的固体",
        "43" => "发火固体",
        "432" => "遇水放出易燃气体的发火固体",
        "44" => "易燃固体，高温熔融状态",
        "446" => "易燃固体，毒性，高温熔融状态",
        "462" | "642" => "遇水放出易燃气体的毒性固体",
        "482" if with_water => "遇水放出腐蚀性气体的固体",
        "482" | "842" => "遇水放出易燃气体的腐蚀性固体",
        "539" => "易燃有机过氧化物",
        "60" => "毒性或微毒性物质",
        "606" => "感染性物质",
        "623" => "遇水放出易燃气体的毒性液体",
        "823" => "遇水放出易燃气体的腐蚀性液体",
        "90" => "危害环境物质或杂项危险物质",
        "99" => "高温运输的杂项危险物质",
        _ => return None,
    })
}

/// The sum of what the figures say, main hazard first.
fn composed(figures: &str) -> String {
    let (head, rest) = match figures.as_bytes() {
        [b'2', b'2', ..] => ("冷冻液化气体", 2),
        [b'2', b'3', ..] => ("易燃气体", 2),
        [b'2', b'5', ..] => ("氧化性气体（助燃）", 2),
        [b'2', b'6', ..] => ("毒性气体", 2),
        [b'2', b'8', ..] => ("腐蚀性气体", 2),
        [b'2', ..] => ("气体", 1),
        [b'3', b'3', ..] => ("高度易燃液体（闪点低于23 ℃）", 2),
        [b'3', ..] => ("易燃液体", 1),
        [b'4', ..] => ("易燃或自热固体", 1),
        [b'5', b'5', ..] => ("强氧化性物质（助燃）", 2),
        [b'5', ..] => ("氧化性物质（助燃）", 1),
        [b'6', b'6', b'4'] => ("高毒性固体", 2),
        [b'6', b'6', ..] => ("高毒性物质", 2),
        [b'6', b'4'] => ("毒性固体", 1),
        [b'6', ..] => ("毒性物质", 1),
        [b'7', ..] => ("放射性物质", 1),
        [b'8', b'8', b'4'] => ("强腐蚀性固体", 2),
        [b'8', b'8', ..] => ("强腐蚀性物质", 2),
        [b'8', b'4'] => ("腐蚀性固体", 1),
        [b'8', ..] => ("腐蚀性物质", 1),
        _ => ("能自发剧烈反应的物质", 1),
    };
    let added = figures.chars().skip(rest).filter(|figure| *figure != '0').map(|figure| added(figure, figures));
    std::iter::once(head).chain(added).collect::<Vec<_>>().join("，")
}

/// An additional hazard. `figures` is the whole number, on which the flash-point meant by a 3 depends.
fn added(figure: char, figures: &str) -> &'static str {
    match figure {
        '3' if figures.starts_with('2') => "易燃",
        '3' if figures.starts_with("66") || figures == "639" => "易燃（闪点不高于60 ℃）",
        '3' => "易燃（闪点23 ℃至60 ℃）",
        '4' => "易燃或自热",
        '5' => "氧化性（助燃）",
        '6' => "毒性",
        '7' => "放射性",
        '8' => "腐蚀性",
        _ => "能自发引起剧烈反应",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::hazard::testing::catalogue;

    fn chinese(text: &str) -> String {
        hazard_number_meaning(text.parse().unwrap(), Language::Chinese)
    }

    #[test]
    fn every_number_of_the_catalogue_has_a_chinese_meaning_of_its_own() {
        let mut english_of: HashMap<String, String> = HashMap::new();
        for number in catalogue().entries().iter().filter_map(|entry| entry.hin) {
            let (english, chinese) = (number.meaning(), hazard_number_meaning(number, Language::Chinese));
            assert!(chinese.chars().count() >= 4, "{number}: {chinese}");
            let odd = |c: char| c.is_ascii_alphabetic() && number.to_string() != "1.5D";
            assert!(!chinese.contains(odd), "{number}: {chinese}");
            // Two numbers say the same in Chinese only where they say the same in English.
            let known = english_of.entry(chinese.clone()).or_insert_with(|| english.clone());
            assert_eq!(*known, english, "{number}: {chinese}");
        }
        assert!(english_of.len() > 90, "{}", english_of.len());
    }

    #[test]
    fn both_languages_name_the_same_hazards() {
        let pairs = [
            ("toxic", "毒性"),
            ("corrosive", "腐蚀性"),
            ("oxidising", "助燃"),
            ("reacts dangerously with water", "与水发生危险反应"),
            ("flash-point below 23", "闪点低于23"),
            ("pyrophoric", "发火"),
            ("molten", "熔融"),
            ("refrigerated", "冷冻"),
            ("self-heating", "自热"),
            ("radioactive", "放射性"),
            ("gives off flammable gas in contact with water", "遇水放出易燃气体"),
            ("react violently of itself", "剧烈反应"),
        ];
        for number in catalogue().entries().iter().filter_map(|entry| entry.hin) {
            let (english, chinese) = (number.meaning(), hazard_number_meaning(number, Language::Chinese));
            for (word, in_chinese) in pairs {
                assert_eq!(english.contains(word), chinese.contains(in_chinese), "{number}: {english} / {chinese}");
            }
        }
    }

    #[test]
    fn numbers_read_as_a_fire_service_says_them() {
        assert_eq!(chinese("265"), "毒性气体，氧化性（助燃）");
        assert_eq!(chinese("268"), "毒性气体，腐蚀性");
        assert_eq!(chinese("223"), "冷冻液化气体，易燃");
        assert_eq!(chinese("33"), "高度易燃液体（闪点低于23 ℃）");
        assert_eq!(chinese("336"), "高度易燃液体（闪点低于23 ℃），毒性");
        assert_eq!(chinese("663"), "高毒性物质，易燃（闪点不高于60 ℃）");
        assert_eq!(chinese("80"), "腐蚀性物质");
        assert_eq!(chinese("X886"), "强腐蚀性物质，毒性；与水发生危险反应");
        assert_eq!(chinese("X423"), "遇水放出易燃气体的固体；与水发生危险反应");
        assert_eq!(chinese("1.5D"), "有整体爆炸危险的非常不敏感爆炸品，配装组D");
    }
}
