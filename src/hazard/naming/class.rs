//! Names of classes and divisions (ADR 2.1.1.1, 2.2.1.1.5; GB 6944).

use crate::domain::{HazardClass, Language};

/// The name of a class or division, in lower case; an explosive's with its compatibility group.
#[must_use]
pub fn class_name(class: HazardClass, language: Language) -> String {
    let (english, chinese) = names(class);
    match (language, class.compatibility_group()) {
        (Language::English, None) => english.to_owned(),
        (Language::Chinese, None) => chinese.to_owned(),
        (Language::English, Some(group)) => format!("{english}, compatibility group {group}"),
        (Language::Chinese, Some(group)) => format!("{chinese}，配装组{group}"),
    }
}

/// The hazard in a word or two, as it reads beside others: `toxic, corrosive`. For subsidiary hazards.
#[must_use]
pub fn short_hazard_name(class: HazardClass, language: Language) -> &'static str {
    let (english, chinese) = match (class.class(), class.division()) {
        (1, _) => ("explosive", "爆炸性"),
        (2, 1) => ("flammable gas", "易燃气体"),
        (2, 2) => ("asphyxiant gas under pressure", "窒息性压力气体"),
        (2, 3) => ("toxic gas", "毒性气体"),
        (2, _) => ("gas", "气体"),
        (3, _) => ("flammable", "易燃"),
        (4, 1) => ("flammable solid or self-reactive", "易燃固体或自反应"),
        (4, 2) => ("spontaneously combustible", "易于自燃"),
        (4, 3) => ("gives off flammable gas in water", "遇水放出易燃气体"),
        (4, _) => ("flammable solid", "易燃固体"),
        (5, 2) => ("organic peroxide", "有机过氧化物"),
        (5, _) => ("oxidising", "氧化性"),
        (6, 2) => ("infectious", "感染性"),
        (6, _) => ("toxic", "毒性"),
        (7, _) => ("radioactive", "放射性"),
        (8, _) => ("corrosive", "腐蚀性"),
        _ => ("other danger", "其他危险"),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

fn names(class: HazardClass) -> (&'static str, &'static str) {
    match (class.class(), class.division()) {
        (1, 1) => ("explosives with a mass explosion hazard", "有整体爆炸危险的爆炸品"),
        (1, 2) => ("explosives with a projection hazard", "有迸射危险但无整体爆炸危险的爆炸品"),
        (1, 3) => (
            "explosives with a fire hazard and a minor blast or projection hazard",
            "有燃烧危险并有局部爆炸或局部迸射危险的爆炸品",
        ),
        (1, 4) => ("explosives with no significant hazard", "不呈现重大危险的爆炸品"),
        (1, 5) => ("very insensitive explosives with a mass explosion hazard", "有整体爆炸危险的非常不敏感爆炸品"),
        (1, 6) => ("extremely insensitive explosives", "无整体爆炸危险的极端不敏感爆炸品"),
        (1, _) => ("explosives", "爆炸品"),
        (2, 1) => ("flammable gases", "易燃气体"),
        (2, 2) => ("non-flammable, non-toxic gases", "非易燃无毒气体"),
        (2, 3) => ("toxic gases", "毒性气体"),
        (2, _) => ("gases", "气体"),
        (3, _) => ("flammable liquids", "易燃液体"),
        (4, 1) => (
            "flammable solids, self-reactive substances, polymerising substances and desensitised solid explosives",
            "易燃固体、自反应物质、聚合性物质和固态退敏爆炸品",
        ),
        (4, 2) => ("substances liable to spontaneous combustion", "易于自燃的物质"),
        (4, 3) => ("substances that give off flammable gas in contact with water", "遇水放出易燃气体的物质"),
        (4, _) => (
            "flammable solids, substances liable to spontaneous combustion or reacting with water",
            "易燃固体、易于自燃的物质、遇水放出易燃气体的物质",
        ),
        (5, 1) => ("oxidising substances", "氧化性物质"),
        (5, 2) => ("organic peroxides", "有机过氧化物"),
        (5, _) => ("oxidising substances and organic peroxides", "氧化性物质和有机过氧化物"),
        (6, 1) => ("toxic substances", "毒性物质"),
        (6, 2) => ("infectious substances", "感染性物质"),
        (6, _) => ("toxic and infectious substances", "毒性物质和感染性物质"),
        (7, _) => ("radioactive material", "放射性物质"),
        (8, _) => ("corrosive substances", "腐蚀性物质"),
        _ => (
            "miscellaneous dangerous substances and articles, also environmentally hazardous ones",
            "杂项危险物质和物品，包括危害环境物质",
        ),
    }
}
