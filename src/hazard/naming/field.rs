//! The fields of a responder's sheet with their labels: what 49 CFR 172.602, ADR 5.4.1.1.1 and emergency call standards
//! have on it, group by group, in the order in which they are read.

use super::named;
use crate::domain::Language;

/// Declares the fields, group by group: the key in JSON, the English label, the Chinese label.
macro_rules! fields {
    ($($group:ident { $($field:ident $key:literal, $english:literal, $chinese:literal;)+ })+) => {
        /// A field of a responder's sheet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Field {
            $($(
                #[doc = $english]
                $field,
            )+)+
        }

        impl Field {
            /// Every field, in the order of the sheet.
            pub const ALL: &[Self] = &[$($(Self::$field,)+)+];

            /// The name in JSON.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self {
                    $($(Self::$field => $key,)+)+
                }
            }

            /// The part of the sheet that it stands in.
            #[must_use]
            pub fn group(self) -> FieldGroup {
                match self {
                    $($(Self::$field => FieldGroup::$group,)+)+
                }
            }

            /// The label in front of the value.
            #[must_use]
            pub fn label(self, language: Language) -> &'static str {
                match (self, language) {
                    $($(
                        (Self::$field, Language::English) => $english,
                        (Self::$field, Language::Chinese) => $chinese,
                    )+)+
                }
            }
        }
    };
}

impl Field {
    /// The field with this name in JSON.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.key() == key)
    }
}

/// A part of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldGroup {
    /// What the alert is.
    Identity,
    /// Where it is.
    Place,
    /// What carries it, and who.
    Vehicle,
    /// What is carried, a line of goods at a time.
    Goods,
    /// What to do.
    Action,
    /// Whom to call.
    Contacts,
    /// What is around.
    Surroundings,
}

impl FieldGroup {
    /// Every part, in the order of the sheet.
    pub const ALL: [Self; 7] =
        [Self::Identity, Self::Place, Self::Vehicle, Self::Goods, Self::Action, Self::Contacts, Self::Surroundings];
}

named!(FieldGroup {
    Self::Identity => "alert", "警报";
    Self::Place => "place", "位置";
    Self::Vehicle => "vehicle", "车辆";
    Self::Goods => "goods", "货物";
    Self::Action => "action", "处置";
    Self::Contacts => "contacts", "联系方式";
    Self::Surroundings => "surroundings", "周边";
});

fields! {
    Identity {
        AlertId "alert_id", "Alert number", "警报编号";
        Version "version", "Version", "版本";
        Status "status", "Status", "状态";
        Level "level", "Level", "级别";
        Triggers "triggers", "Triggered by", "触发原因";
        FirstEvidenceAt "first_evidence_at", "First evidence", "首次证据时间";
        LastEvidenceAt "last_evidence_at", "Latest evidence", "最近证据时间";
        Certainty "certainty", "Certainty", "可信度";
        DutyOfficer "duty_officer", "Duty officer", "值班员";
    }
    Place {
        Position "position", "Position", "位置坐标";
        Latitude "latitude", "Latitude", "纬度";
        Longitude "longitude", "Longitude", "经度";
        AccuracyM "accuracy_m", "Accuracy", "定位精度";
        PositionAge "position_age", "Age of position", "定位距今时间";
        Road "road", "Road", "道路";
        Direction "direction", "Direction of travel", "行驶方向";
        KilometrePost "kilometre_post", "Kilometre post", "里程桩号";
        HeadingDeg "heading_deg", "Heading", "航向";
        RecentTrack "recent_track", "Track of the last half hour", "近半小时轨迹";
        InsideTunnel "inside_tunnel", "Inside a tunnel", "位于隧道内";
        InsideZones "inside_zones", "Inside zones", "所在区域";
        AccessSide "access_side", "Side of access", "可进入侧";
        UpwindApproach "upwind_approach", "Approach from upwind", "上风向接近路线";
    }
    Vehicle {
        Vehicle "vehicle", "Vehicle", "车辆";
        Registration "registration", "Registration", "车牌号";
        Country "country", "Country", "国家";
        Vin "vin", "Vehicle identification number", "车辆识别代号";
        TrailerRegistration "trailer_registration", "Trailer registration", "挂车车牌号";
        TankId "tank_id", "Tank number", "罐体编号";
        TankType "tank_type", "Tank type", "罐体类型";
        TankCode "tank_code", "Tank code", "罐体代码";
        Compartments "compartments", "Compartments", "分舱";
        CompartmentVolume "compartment_volume", "Volume", "容积";
        CompartmentProduct "compartment_product", "Product", "所装物质";
        CompartmentFill "compartment_fill", "Filled", "装载率";
        Carrier "carrier", "Carrier", "承运人";
        CarrierPhone "carrier_phone", "Carrier, at any hour", "承运人24小时电话";
        Driver "driver", "Driver", "驾驶员";
        DriverPhone "driver_phone", "Driver's phone", "驾驶员电话";
        Escort "escort", "Escort", "押运员";
        EscortPhone "escort_phone", "Escort's phone", "押运员电话";
        CrewAlive "crew_alive", "Sign of life from the crew", "车组人员应答";
    }
    Goods {
        Goods "goods", "Goods", "货物";
        UnknownCargo "unknown_cargo", "Cargo not known", "货物不明";
        List "list", "List of numbers", "编号清单";
        UnNumber "un_number", "UN number", "联合国编号";
        InCatalogue "in_catalogue", "Known to the catalogue", "目录已收录";
        AdrDescription "adr_description", "Description in the transport document", "运输单据描述";
        NameEn "name_en", "Proper shipping name", "正式运输名称（英文）";
        NameZh "name_zh", "Name in Chinese", "正式运输名称";
        TechnicalName "technical_name", "Technical name", "技术名称";
        Class "class", "Class and division", "类别和项别";
        CompatibilityGroup "compatibility_group", "Compatibility group", "配装组";
        SubsidiaryHazards "subsidiary_hazards", "Subsidiary hazards", "次要危险性";
        PackingGroup "packing_group", "Packing group", "包装类别";
        ClassificationCode "classification_code", "Classification code", "分类代码";
        Hin "hin", "Hazard identification number", "危险性识别号";
        HinMeaning "hin_meaning", "Meaning of the hazard number", "危险性识别号含义";
        TunnelCode "tunnel_code", "Tunnel restriction code", "隧道限制代码";
        TunnelRestriction "tunnel_restriction", "Tunnel restriction", "隧道限制";
        ForbiddenTunnels "forbidden_tunnels", "Forbidden tunnels", "禁行隧道类别";
        TransportCategory "transport_category", "Transport category", "运输类别";
        Mode "mode", "Carried", "运输方式";
        Packages "packages", "Packages", "包件";
        Quantity "quantity", "Quantity", "数量";
        QuantityKg "quantity_kg", "Mass", "质量";
        QuantityL "quantity_l", "Volume", "体积";
        NetExplosiveMassKg "net_explosive_mass_kg", "Net explosive mass", "净爆炸物质量";
        PhysicalState "physical_state", "Physical state", "物理状态";
        Temperature "temperature", "Temperature", "温度";
        MarinePollutant "marine_pollutant", "Marine pollutant", "海洋污染物";
        EmptyUncleaned "empty_uncleaned", "Empty, not cleaned", "空载未清洗";
        LastLoad "last_load", "Last load", "上次装载物";
        ToxicByInhalation "toxic_by_inhalation", "Toxic by inhalation", "吸入毒性";
        WaterReactive "water_reactive", "Reacts with water", "遇水反应";
        WaterReactiveBasis "water_reactive_basis", "Why it counts as reacting with water", "遇水反应依据";
        WaterReactiveGases "water_reactive_gases", "Toxic gases given off in water", "遇水放出的毒性气体";
        Polymerises "polymerises", "May polymerise violently", "可能剧烈聚合";
        Gravest "gravest", "Among the gravest goods", "属最危险货物";
        HighConsequence "high_consequence", "High-consequence goods", "高后果危险货物";
        HighConsequenceKinds "high_consequence_kinds", "Kinds of high-consequence goods", "高后果危险货物种类";
        AdrStatus "adr_status", "Carriage by road", "道路运输规定";
        Ambiguity "ambiguity", "Not clear which entry", "条目不唯一";
        Notes "notes", "Notes", "备注";
        Uncertain "uncertain", "Sources disagree on", "来源不一致项";
        NotAvailable "not_available", "Not available", "无资料项";
        Editions "editions", "Editions", "依据版本";
    }
    Action {
        ErgGuides "erg_guides", "Guide of the Emergency Response Guidebook", "应急救援指南编号";
        Advice "advice", "Advice", "处置建议";
        Isolate "isolate", "Isolate in all directions", "四周隔离距离";
        Protect "protect", "Protect people downwind", "下风向防护距离";
        ProtectDay "protect_day", "By day", "白天";
        ProtectNight "protect_night", "By night", "夜间";
        SmallSpill "small_spill", "Small spill", "小量泄漏";
        LargeSpill "large_spill", "Large spill", "大量泄漏";
        LargeSpillByWind "large_spill_by_wind", "Large spill, by wind", "大量泄漏（按风速）";
        Evacuate "evacuate", "Consider evacuation at a large spill", "大量泄漏考虑疏散距离";
        FireIsolate "fire_isolate", "Isolate in a fire", "火灾隔离距离";
        HealthHazards "health_hazards", "Hazards to people", "健康危害";
        FireHazards "fire_hazards", "Fire and explosion", "火灾爆炸危险";
        Precautions "precautions", "Precautions", "注意事项";
        PersonalProtection "personal_protection", "Personal protection", "个人防护";
        ExtinguishingMedia "extinguishing_media", "Extinguishing media", "灭火剂";
        WaterUse "water_use", "Use of water", "用水";
        FireHandling "fire_handling", "Fire", "火灾处置";
        SpillHandling "spill_handling", "Spill", "泄漏处置";
        FirstAid "first_aid", "First aid", "急救";
        EmergencyActionCode "emergency_action_code", "Emergency action code (United Kingdom)", "英国应急措施代码";
        InstructionsInWriting "instructions_in_writing", "Instructions in writing", "书面应急指示";
    }
    Contacts {
        Contacts "contacts", "Contacts", "联系人";
        Consignor "consignor", "Consignor", "托运人";
        Consignee "consignee", "Consignee", "收货人";
        EmergencyNumber "emergency_number", "Emergency number, at any hour", "24小时应急电话";
        ChemicalCentre "chemical_centre", "National chemical emergency centre", "国家化学事故应急咨询电话";
        Police "police", "Police", "公安";
        FireService "fire_service", "Fire service", "消防";
        WaterAuthority "water_authority", "Water authority", "水务部门";
    }
    Surroundings {
        WaterIntakes "water_intakes", "Water intakes", "取水口";
        Schools "schools", "Schools", "学校";
        Hospitals "hospitals", "Hospitals", "医院";
        Population "population", "People inside the zone", "区域内人口";
        OtherVehicles "other_vehicles", "Other dangerous goods vehicles nearby", "附近其他危险货物车辆";
        WindDirectionDeg "wind_direction_deg", "Wind from", "风向";
        WindSpeed "wind_speed", "Wind speed", "风速";
        AirTemperature "air_temperature", "Air temperature", "气温";
        DayOrNight "day_or_night", "Day or night", "白天或夜间";
        SunriseAt "sunrise_at", "Sunrise", "日出";
        SunsetAt "sunset_at", "Sunset", "日落";
        NearestTeams "nearest_teams", "Nearest teams", "最近救援队伍";
        Supplies "supplies", "Supplies", "应急物资";
    }
}
