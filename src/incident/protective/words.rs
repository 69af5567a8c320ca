//! What zones say to people, in both languages.

use chrono::{DateTime, Utc};

use super::{
    Change, ChosenDistance, ProtectiveKind, ProtectiveZone, ProtectiveZones, Reason, WindReading, WindState, ZoneForm,
};
use crate::{
    domain::Language::{self, Chinese, English},
    geo::normal_deg,
    hazard::{
        sheet::DistanceSource,
        spill::{Assumption, Container, SpillSize, Wind},
    },
};

/// A length in metres, in kilometres from one on: `600 m`, `6.4 km`.
pub(crate) fn length(metres: f64, language: Language) -> String {
    let metres = metres.round();
    let (number, [english, chinese]) =
        if metres < 1000.0 { (metres, [" m", "米"]) } else { ((metres / 100.0).round() / 10.0, [" km", "公里"]) };
    format!("{number}{}", in_language(language, english, chinese))
}

/// The nearest of the eight points of the compass, in words, and the degrees.
fn point(bearing_deg: f64, language: Language) -> (&'static str, f64) {
    const POINTS: [(&str, &str); 8] = [
        ("north", "北"),
        ("north-east", "东北"),
        ("east", "东"),
        ("south-east", "东南"),
        ("south", "南"),
        ("south-west", "西南"),
        ("west", "西"),
        ("north-west", "西北"),
    ];
    let degrees = normal_deg(bearing_deg.round());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 8")]
    let number = (degrees / 45.0).round() as usize % POINTS.len();
    let (english, chinese) = POINTS.get(number).copied().unwrap_or_default();
    (in_language(language, english, chinese), degrees)
}

/// A direction in words and degrees: `north-east (045°)`.
pub(crate) fn compass(bearing_deg: f64, language: Language) -> String {
    let (point, degrees) = point(bearing_deg, language);
    match language {
        English => format!("{point} ({degrees:03}°)"),
        Chinese => format!("{point}({degrees:03}°)"),
    }
}

/// A time of day: `15:42 UTC`.
fn clock(time: DateTime<Utc>) -> String {
    time.format("%H:%M UTC").to_string()
}

/// A day and a time of day: `2026-11-24 15:42 UTC`.
fn date(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn in_language(language: Language, english: &'static str, chinese: &'static str) -> &'static str {
    match language {
        English => english,
        Chinese => chinese,
    }
}

impl Reason {
    /// The reason as a phrase.
    #[must_use]
    pub fn phrase(self, language: Language) -> &'static str {
        let (english, chinese) = match self {
            Self::Day => ("by day", "白天"),
            Self::Night => ("by night", "夜间"),
            Self::Spill(SpillSize::Small) => ("small spill (up to 208 l)", "少量泄漏(208升及以下)"),
            Self::Spill(SpillSize::Large) => ("large spill (more than 208 l)", "大量泄漏(超过208升)"),
            Self::Wind(Wind::Low) => ("low wind (below 10 km/h)", "低风速(低于10公里/小时)"),
            Self::Wind(Wind::Moderate) => ("moderate wind (10 to 20 km/h)", "中等风速(10至20公里/小时)"),
            Self::Wind(Wind::High) => ("high wind (above 20 km/h)", "高风速(高于20公里/小时)"),
            Self::Container(Container::RailTankCar) => ("rail tank car", "铁路罐车"),
            Self::Container(Container::HighwayTank) => ("highway tank", "公路罐车"),
            Self::Container(Container::NurseTank) => ("agricultural nurse tank", "农用罐"),
            Self::Container(Container::TonCylinders) => ("several ton cylinders", "多个吨级钢瓶"),
            Self::Container(Container::SmallCylinders) => {
                ("several small cylinders or one ton cylinder", "多个小钢瓶或单个吨级钢瓶")
            }
            Self::Assumed(Assumption::SpillSize) => ("spill size not known: the larger", "泄漏量不明:取较大值"),
            Self::Assumed(Assumption::Place) => {
                ("not known whether spilled in water or on land: the larger", "不明泄漏于水中或陆地:取较大值")
            }
            Self::Assumed(Assumption::Substance) => {
                ("several substances have this number: the largest", "该编号对应多种物质:取最大值")
            }
            Self::Assumed(Assumption::Container) => {
                ("container not known: the one that reaches farthest", "容器类型不明:取影响最远者")
            }
            Self::Assumed(Assumption::Wind) => ("wind speed not known: low wind", "风速不明:按低风速取值"),
            Self::OnlyInWater => ("holds only if spilled in water", "仅适用于泄漏入水的情况"),
            Self::LargestOfGoods => ("the largest of all goods on board", "取车上各种货物中的最大值"),
            Self::FirePrevails => ("fire: its distance goes before that of the spill", "已起火:以火灾隔离距离为准"),
            Self::FireOfLargeContainers => {
                ("the guide gives it for tanks and large containers", "指南中该距离针对罐体和大型容器")
            }
        };
        in_language(language, english, chinese)
    }
}

impl Change {
    /// The change as a phrase.
    #[must_use]
    pub fn phrase(self, language: Language) -> &'static str {
        let (english, chinese) = match self {
            Self::Place => ("the place was corrected", "事故位置已更正"),
            Self::WindTurned => ("the wind has turned", "风向已改变"),
            Self::WindKnown => ("the wind direction is known now", "风向已查明"),
            Self::WindLost => ("the wind direction is not known any more", "风向不再可知"),
            Self::WindStrength => ("the wind speed has changed", "风速已改变"),
            Self::Day => ("day has come", "已进入白天"),
            Self::Night => ("night has fallen", "已进入夜间"),
            Self::Spill => ("more is known of the spill", "泄漏情况有新信息"),
            Self::Fire => ("what is known of the fire has changed", "火情有变化"),
            Self::Goods => ("what is known of the goods has changed", "货物信息有变化"),
        };
        in_language(language, english, chinese)
    }
}

impl ChosenDistance {
    /// Where it stands and why it was taken, in one line:
    /// `UN 1017; ERG 2024, Table 3, page 341; by night, low wind (below 10 km/h)`.
    #[must_use]
    pub fn basis(&self, language: Language) -> String {
        let phrases: Vec<&str> = self.why.iter().map(|reason| reason.phrase(language)).collect();
        let goods = self.un_number.map(|number| format!("UN {number}"));
        let parts = goods.into_iter().chain([source(&self.source, language)]);
        let (comma, semicolon) = match language {
            English => (", ", "; "),
            Chinese => ("、", ";"),
        };
        let parts: Vec<String> = parts.chain((!phrases.is_empty()).then(|| phrases.join(comma))).collect();
        parts.join(semicolon)
    }
}

fn source(source: &DistanceSource, language: Language) -> String {
    let DistanceSource { edition, table, guide, page } = source;
    match (language, table, guide) {
        (English, Some(table), _) => format!("{edition}, Table {table}, page {page}"),
        (English, None, Some(guide)) => format!("{edition}, guide {guide}, page {page}"),
        (English, None, None) => format!("{edition}, page {page}"),
        (Chinese, Some(table), _) => format!("{edition},表{table},第{page}页"),
        (Chinese, None, Some(guide)) => format!("{edition},指南{guide},第{page}页"),
        (Chinese, None, None) => format!("{edition},第{page}页"),
    }
}

impl ProtectiveZone {
    /// What to do, in one sentence or two.
    #[must_use]
    pub fn instruction(&self, language: Language) -> String {
        let metres = length(f64::from(self.distance.metres), language);
        let half = length(f64::from(self.distance.metres) / 2.0, language);
        let toward = match self.form {
            ZoneForm::Square { toward_deg, .. } => Some(compass(toward_deg, language)),
            ZoneForm::Circle { .. } => None,
        };
        let sentence = match (language, self.kind, toward) {
            (English, ProtectiveKind::Isolation, _) => {
                format!("Isolate {metres} in all directions. Nobody goes in without full protection.")
            }
            (Chinese, ProtectiveKind::Isolation, _) => format!("四周隔离{metres},无全面防护者严禁入内。"),
            (English, ProtectiveKind::Fire, _) => {
                format!("If it burns: keep everybody {metres} away in all directions.")
            }
            (Chinese, ProtectiveKind::Fire, _) => format!("如起火:四周{metres}内所有人员撤离。"),
            (English, ProtectiveKind::Evacuation, None) if self.downwind => {
                format!(
                    "Large spill: consider evacuation of {metres} in all directions: it is not known where the wind blows."
                )
            }
            (Chinese, ProtectiveKind::Evacuation, None) if self.downwind => {
                format!("大量泄漏:风向不定,考虑疏散四周{metres}内人员。")
            }
            (English, ProtectiveKind::Evacuation, None) => {
                format!("Large spill: consider evacuation of {metres} in all directions.")
            }
            (Chinese, ProtectiveKind::Evacuation, None) => format!("大量泄漏:考虑疏散四周{metres}内人员。"),
            (English, ProtectiveKind::Evacuation, Some(toward)) => {
                format!("Large spill: consider evacuation of {metres} downwind, to the {toward}.")
            }
            (Chinese, ProtectiveKind::Evacuation, Some(toward)) => {
                format!("大量泄漏:考虑疏散下风向{toward}{metres}内人员。")
            }
            (English, ProtectiveKind::Protective, None) => {
                format!("Protect people within {metres} in all directions: it is not known where the wind blows.")
            }
            (Chinese, ProtectiveKind::Protective, None) => format!("风向不定:四周{metres}内人员均须防护。"),
            (English, ProtectiveKind::Protective, Some(toward)) => {
                format!("Protect people downwind: {metres} to the {toward}, {half} to each side.")
            }
            (Chinese, ProtectiveKind::Protective, Some(toward)) => {
                format!("下风向防护:向{toward}{metres}、两侧各{half}内的人员。")
            }
        };
        let farther = in_language(language, " It may be farther.", "实际距离可能更远。");
        if self.distance.at_least { sentence + farther } else { sentence }
    }
}

impl ProtectiveZones {
    /// What a responder must know besides the zones' own instructions: wind, light, place, and what is missing. Short
    /// sentences, the most important first.
    #[must_use]
    pub fn notes(&self, language: Language) -> Vec<String> {
        let mut notes = Vec::new();
        if self.isolation().is_none() {
            let text = in_language(
                language,
                "Isolation distance not available: use the guidebook.",
                "隔离距离:无资料,请查阅应急指南。",
            );
            notes.push(text.to_owned());
        }
        notes.push(self.wind_note(language));
        if self.widened_m > 0.0 {
            let metres = length(self.widened_m, language);
            notes.push(match language {
                English => format!("The place is known only to within {metres}: every zone is wider by that."),
                Chinese => format!("事故位置误差约{metres}:各区域已相应扩大。"),
            });
        }
        let last = if self.protective().is_some() {
            notes.push(self.light_note(language));
            in_language(
                language,
                "Protective distances hold for about the first 30 minutes. Measure, and ask specialists.",
                "防护距离约适用于最初30分钟,之后须实测并咨询专家。",
            )
        } else {
            in_language(
                language,
                "No protective action zone: Table 1 of the guidebook has no distance for this.",
                "应急指南表1无相应距离,未划定防护行动区。",
            )
        };
        notes.push(last.to_owned());
        notes
    }

    fn wind_note(&self, language: Language) -> String {
        let circles = if self.zones.iter().any(|zone| zone.downwind) {
            in_language(
                language,
                "Zones downwind are drawn as full circles, those of an unknown speed by low wind. Find out the wind.",
                "下风向区域按整圆划定,风速不明时按低风速取距离。请查明风向风速。",
            )
        } else {
            in_language(language, "Find out the wind.", "请查明风向风速。")
        };
        match (&self.wind, language) {
            (WindState::Known(reading), _) => reading.sentence(language),
            (WindState::NoDirection(reading), English) => {
                format!(
                    "Calm or variable wind ({}, {}): it may blow anywhere. {circles}",
                    clock(reading.measured_at()),
                    reading.source()
                )
            }
            (WindState::NoDirection(reading), Chinese) => {
                format!(
                    "静风或风向不定({},{}):任何方向都可能受影响。{circles}",
                    clock(reading.measured_at()),
                    reading.source()
                )
            }
            (WindState::OutOfDate(reading), English) => {
                format!("Wind not known: the last reading is of {}. {circles}", date(reading.measured_at()))
            }
            (WindState::OutOfDate(reading), Chinese) => {
                format!("风况不明:最近一次观测为{}。{circles}", date(reading.measured_at()))
            }
            (WindState::Unknown, English) => format!("Wind not known. {circles}"),
            (WindState::Unknown, Chinese) => format!("风况不明。{circles}"),
        }
    }

    fn light_note(&self, language: Language) -> String {
        let (english, chinese) = if self.is_day { ("Day", "白天") } else { ("Night", "夜间") };
        let light = in_language(language, english, chinese);
        let then = self.protect_then.as_ref().map(|then| length(f64::from(then.metres), language));
        match (self.light_changes_at.map(clock).zip(then), language) {
            (Some((at, then)), English) => format!("{light} until {at}; from then on protect people for {then}."),
            (Some((at, then)), Chinese) => format!("{light},至{at}止;此后防护距离为{then}。"),
            (None, English) => format!("{light} for at least 24 hours."),
            (None, Chinese) => format!("24小时内均为{light}。"),
        }
    }
}

impl WindReading {
    fn sentence(&self, language: Language) -> String {
        let (from, degrees) = point(self.from_deg().unwrap_or_default(), language);
        let (at, source) = (clock(self.measured_at()), self.source());
        match (self.speed_kmh().map(f64::round), language) {
            (Some(kmh), English) => format!("Wind from the {from} ({degrees:03}°), {kmh} km/h ({at}, {source})."),
            (Some(kmh), Chinese) => format!("{from}风({degrees:03}°),{kmh}公里/小时({at},{source})。"),
            (None, English) => format!("Wind from the {from} ({degrees:03}°), speed not known ({at}, {source})."),
            (None, Chinese) => format!("{from}风({degrees:03}°),风速不明({at},{source})。"),
        }
    }
}

#[cfg(test)]
mod tests;
