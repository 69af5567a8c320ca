//! Names of the closed sets of words that a sheet shows.

use super::named;
use crate::domain::{CarriageMode, ContactRole, PackingGroup};
use crate::hazard::consequence::HighConsequenceKind;
use crate::hazard::entry::{AdrStatus, NumberList, TransportCategory, WaterReactiveBasis};
use crate::hazard::guide::{EvacuationDirection, Table1Scope};
use crate::hazard::spill::{Assumption, Condition, Container, SpillSize, SpilledOn, Wind};
use crate::hazard::tunnel::TunnelRestriction;

named!(CarriageMode {
    Self::Tank => "in a tank", "罐式运输";
    Self::Bulk => "in bulk", "散装运输";
    Self::Packages => "in packages", "包件运输";
});

named!(PackingGroup {
    Self::I => "packing group I: high danger", "I类包装：高度危险";
    Self::II => "packing group II: medium danger", "II类包装：中度危险";
    Self::III => "packing group III: low danger", "III类包装：低度危险";
});

named!(ContactRole {
    Self::Consignor => "consignor", "托运人";
    Self::Carrier => "carrier", "承运人";
    Self::Consignee => "consignee", "收货人";
    Self::Emergency => "emergency number, at any hour", "24小时应急电话";
});

named!(NumberList {
    Self::Un => "UN number", "联合国编号";
    Self::Na => "North American number", "北美编号";
    Self::Id => "air transport number", "航空运输识别编号";
});

named!(AdrStatus {
    Self::Listed => "listed in ADR", "ADR已列入";
    Self::CarriageProhibited => "ADR forbids carriage by road", "ADR禁止道路运输";
    Self::NotSubjectToAdr => "not subject to ADR", "不受ADR约束";
    Self::NotInAdr => "not listed in ADR", "ADR未列入";
});

named!(TransportCategory {
    Self::Zero => "transport category 0: never exempt", "运输类别0：不予豁免";
    Self::One => "transport category 1: exempt up to 20 units", "运输类别1：不超过20个单位可豁免";
    Self::Two => "transport category 2: exempt up to 333 units", "运输类别2：不超过333个单位可豁免";
    Self::Three => "transport category 3: exempt up to 1000 units", "运输类别3：不超过1000个单位可豁免";
    Self::Four => "transport category 4: always exempt", "运输类别4：一律豁免";
});

named!(WaterReactiveBasis {
    Self::Table2 => "gives off toxic gas in water (ERG Table 2)", "遇水放出毒性气体（ERG表2）";
    Self::Division43 => "division 4.3", "4.3项";
    Self::Hin => "hazard identification number with X", "危险性识别号带X";
    Self::RailHin => "hazard identification number with X, by rail", "铁路运输危险性识别号带X";
});

named!(EvacuationDirection {
    Self::Downwind => "downwind", "下风向";
    Self::AllDirections => "in all directions", "四周";
});

named!(Table1Scope {
    Self::All => "all goods of this guide", "适用于本指南的全部物质";
    Self::Highlighted => "only goods toxic by inhalation", "仅适用于吸入毒性物质";
});

named!(SpillSize {
    Self::Small => "small spill", "小量泄漏";
    Self::Large => "large spill", "大量泄漏";
});

named!(SpilledOn {
    Self::Land => "spilled on land", "泄漏在陆上";
    Self::Water => "spilled in water", "泄漏入水中";
});

named!(Condition {
    Self::InWater => "if spilled in water", "泄漏入水中时";
    Self::OnLand => "if spilled on land", "泄漏在陆上时";
    Self::ZoneA => "inhalation hazard zone A", "吸入危害区A";
    Self::ZoneB => "inhalation hazard zone B", "吸入危害区B";
    Self::ZoneC => "inhalation hazard zone C", "吸入危害区C";
    Self::ZoneD => "inhalation hazard zone D", "吸入危害区D";
    Self::ZoneNotStated => "inhalation hazard zone not stated", "吸入危害区未注明";
});

named!(Container {
    Self::RailTankCar => "rail tank car", "铁路罐车";
    Self::HighwayTank => "road tanker", "公路罐车";
    Self::NurseTank => "farm nurse tank", "农用移动储罐";
    Self::TonCylinders => "several ton cylinders", "多个吨瓶";
    Self::SmallCylinders => "small cylinders or a single ton cylinder", "小钢瓶或单个吨瓶";
});

named!(Wind {
    Self::Low => "low wind, below 10 km/h", "低风速（低于10 km/h）";
    Self::Moderate => "moderate wind, 10 to 20 km/h", "中等风速（10至20 km/h）";
    Self::High => "strong wind, above 20 km/h", "高风速（高于20 km/h）";
});

named!(Assumption {
    Self::SpillSize => "Spill size not known: the distances are those of a large spill.",
        "泄漏量不明：按大量泄漏取距离。";
    Self::Place => "Not known whether spilled in water or on land: the distances are the larger ones.",
        "不明泄漏在水中还是陆上：取较大距离。";
    Self::Substance => "Several substances have this number: the distances are the largest of them.",
        "该编号含多种物质：取其中最大距离。";
    Self::Container => "Container not known: the distances are those of the one that reaches farthest.",
        "容器不明：按影响最远的容器取距离。";
    Self::Wind => "Wind not known: the distances are those of low wind.", "风速不明：按低风速取距离。";
});

named!(TunnelRestriction {
    Self::None => "no tunnel is forbidden", "隧道通行不受限制";
    Self::E => "tunnels of category E are forbidden", "禁止通过E类隧道";
    Self::DE => "tunnels of categories D and E are forbidden", "禁止通过D、E类隧道";
    Self::CDE => "tunnels of categories C, D and E are forbidden", "禁止通过C、D、E类隧道";
    Self::BCDE => "tunnels of categories B, C, D and E are forbidden", "禁止通过B、C、D、E类隧道";
});

named!(HighConsequenceKind {
    Self::Explosives => "explosives", "爆炸品";
    Self::ExplosivesInTanks => "explosives of division 1.5", "1.5项爆炸品";
    Self::FlammableGases => "flammable gases", "易燃气体";
    Self::ToxicGases => "toxic gases", "毒性气体";
    Self::FlammableLiquids => "flammable liquids of packing groups I and II", "I、II类包装易燃液体";
    Self::DesensitisedLiquids => "desensitised explosives of class 3", "第3类退敏爆炸品";
    Self::DesensitisedSolids => "desensitised explosives of division 4.1", "4.1项退敏爆炸品";
    Self::SelfHeating => "division 4.2, packing group I", "4.2项I类包装物质";
    Self::WaterReactive => "division 4.3, packing group I", "4.3项I类包装物质";
    Self::OxidisingLiquids => "oxidising liquids, packing group I", "I类包装氧化性液体";
    Self::PerchloratesAndAmmoniumNitrate => "perchlorates and ammonium nitrate", "高氯酸盐和硝酸铵类";
    Self::Toxic => "toxic substances, packing group I", "I类包装毒性物质";
    Self::Infectious => "infectious substances of category A", "A类感染性物质";
    Self::Corrosive => "corrosive substances, packing group I", "I类包装腐蚀性物质";
});
