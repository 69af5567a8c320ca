//! What people call the rules, states and kinds that a sheet shows. See [`Named`].

use super::{Status, words::Word};
use crate::{
    domain::{Certainty, IncidentState, Language, RuleKey},
    hazard::naming::Named,
    incident::{
        protective::ProtectiveKind,
        surroundings::{HelperKind, SiteKind},
    },
};

/// Names for the cases of a closed set: English, then Chinese.
macro_rules! named {
    ($type:ty { $($case:ident $english:literal, $chinese:literal;)+ }) => {
        impl Named for $type {
            fn name_in(&self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Self::$case, Language::English) => $english,
                        (Self::$case, Language::Chinese) => $chinese,
                    )+
                }
            }
        }
    };
}

named!(RuleKey {
    ZoneProhibited "in a prohibited zone", "进入禁行区域";
    ZoneRestricted "in a restricted zone against its conditions", "违反限行区域条件";
    TunnelCode "in a tunnel forbidden to the load", "进入禁行隧道";
    TimeBan "in a zone at a forbidden time", "禁行时段通行";
    RouteDeviation "off the approved route", "偏离规定路线";
    RouteSectionTime "section of the route too fast or too slow", "路段行驶时间异常";
    SpeedLimit "over the speed limit", "超速";
    DriveContinuous "driving too long without a break", "连续驾驶超时";
    DriveDaily "driving too long in a day", "当日驾驶超时";
    StopUnauthorised "stop at a forbidden place", "违规停车";
    StopUnattended "vehicle unattended", "车辆无人看管";
    Separation "too near to other explosives", "爆炸品车辆间距不足";
    DocNoWaybill "no transport document", "无运单";
    DocMismatch "transport document does not fit", "运单与实际不符";
    DocExpiry "document expired or expiring", "证件到期";
    CrewMissing "attendant missing", "押运员缺失";
    SignalLost "signal lost while moving", "行驶中失联";
    SignalOfflineDisplacement "moved while offline", "离线位移";
    GnssImplausible "implausible positions", "定位数据异常";
    GnssJamming "satellite positioning jammed", "卫星定位受干扰";
    Tamper "tampering", "设备或货物被动过";
    CargoTemperature "cargo temperature out of range", "货物温度异常";
    CargoPressure "tank pressure or level abnormal", "罐体压力或液位异常";
    CargoValveOpen "valve open while moving", "行驶中阀门开启";
    CargoLeak "cargo leaking", "货物泄漏";
    CargoFire "fire", "起火";
    MotionCrash "crash", "碰撞";
    MotionRollover "rollover", "侧翻";
    Sos "driver calls for help", "驾驶员求救";
    ScheduleWindow "outside the agreed time", "未在约定时间到达";
    Custom "condition of the authority", "主管部门自定条件";
});

named!(Certainty {
    Possible "possible", "可能";
    Likely "likely", "很可能";
    Observed "observed", "已观测到";
});

named!(IncidentState {
    Raised "raised, nobody has answered", "已触发，未接警";
    Acknowledged "taken", "已接警";
    Dispatched "help is on its way", "救援在途";
    OnScene "help is there", "救援到场";
    Controlled "under control", "已受控";
    Closed "closed", "已结束";
    Reviewed "closed and reviewed", "已结束并复盘";
    FalseAlarm "false alarm", "误报";
    Merged "part of another incident", "已并入其他事故";
});

named!(Status {
    Actual "actual", "真实";
    Exercise "exercise", "演练";
    Test "test", "测试";
});

named!(SiteKind {
    School "school", "学校";
    Hospital "hospital", "医院";
    CareHome "care home", "养老或护理机构";
    Assembly "place where many people come together", "人员密集场所";
    WaterIntake "water intake", "取水口";
    Population "people living there", "居民区";
});

named!(HelperKind {
    Team "team", "救援队伍";
    Hospital "hospital", "医院";
    Supply "supplies", "应急物资";
    Expert "expert", "专家";
});

impl Named for ProtectiveKind {
    fn name_in(&self, language: Language) -> &'static str {
        let word = match self {
            Self::Isolation => Word::Isolation,
            Self::Fire => Word::Fire,
            Self::Evacuation => Word::Evacuation,
            Self::Protective => Word::Protective,
        };
        word.text(language)
    }
}
