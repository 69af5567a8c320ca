//! What people call the rules, states and kinds that a sheet shows. See [`Named`].

use super::{Status, words::Word};
use crate::{
    domain::{Certainty, IncidentState, Language, RuleKey},
    hazard::naming::{Named, named},
    incident::{
        protective::ProtectiveKind,
        surroundings::{HelperKind, SiteKind},
    },
};

named!(RuleKey {
    Self::ZoneProhibited => "in a prohibited zone", "进入禁行区域";
    Self::ZoneRestricted => "in a restricted zone against its conditions", "违反限行区域条件";
    Self::TunnelCode => "in a tunnel forbidden to the load", "进入禁行隧道";
    Self::TimeBan => "in a zone at a forbidden time", "禁行时段通行";
    Self::RouteDeviation => "off the approved route", "偏离规定路线";
    Self::RouteSectionTime => "section of the route too fast or too slow", "路段行驶时间异常";
    Self::SpeedLimit => "over the speed limit", "超速";
    Self::DriveContinuous => "driving too long without a break", "连续驾驶超时";
    Self::DriveDaily => "driving too long in a day", "当日驾驶超时";
    Self::StopUnauthorised => "stop at a forbidden place", "违规停车";
    Self::StopUnattended => "vehicle unattended", "车辆无人看管";
    Self::Separation => "too near to other explosives", "爆炸品车辆间距不足";
    Self::DocNoWaybill => "no transport document", "无运单";
    Self::DocMismatch => "transport document does not fit", "运单与实际不符";
    Self::DocExpiry => "document expired or expiring", "证件到期";
    Self::CrewMissing => "attendant missing", "押运员缺失";
    Self::SignalLost => "signal lost while moving", "行驶中失联";
    Self::SignalOfflineDisplacement => "moved while offline", "离线位移";
    Self::GnssImplausible => "implausible positions", "定位数据异常";
    Self::GnssJamming => "satellite positioning jammed", "卫星定位受干扰";
    Self::Tamper => "tampering", "设备或货物被动过";
    Self::CargoTemperature => "cargo temperature out of range", "货物温度异常";
    Self::CargoPressure => "tank pressure or level abnormal", "罐体压力或液位异常";
    Self::CargoValveOpen => "valve open while moving", "行驶中阀门开启";
    Self::CargoLeak => "cargo leaking", "货物泄漏";
    Self::CargoFire => "fire", "起火";
    Self::MotionCrash => "crash", "碰撞";
    Self::MotionRollover => "rollover", "侧翻";
    Self::Sos => "driver calls for help", "驾驶员求救";
    Self::ScheduleWindow => "outside the agreed time", "未在约定时间到达";
    Self::Custom => "condition of the authority", "主管部门自定条件";
});

named!(Certainty {
    Self::Possible => "possible", "可能";
    Self::Likely => "likely", "很可能";
    Self::Observed => "observed", "已观测到";
});

named!(IncidentState {
    Self::Raised => "raised, nobody has answered", "已触发，未接警";
    Self::Acknowledged => "taken", "已接警";
    Self::Dispatched => "help is on its way", "救援在途";
    Self::OnScene => "help is there", "救援到场";
    Self::Controlled => "under control", "已受控";
    Self::Closed => "closed", "已结束";
    Self::Reviewed => "closed and reviewed", "已结束并复盘";
    Self::FalseAlarm => "false alarm", "误报";
    Self::Merged => "part of another incident", "已并入其他事故";
});

named!(Status {
    Self::Actual => "actual", "真实";
    Self::Exercise => "exercise", "演练";
    Self::Test => "test", "测试";
});

named!(SiteKind {
    Self::School => "school", "学校";
    Self::Hospital => "hospital", "医院";
    Self::CareHome => "care home", "养老或护理机构";
    Self::Assembly => "place where many people come together", "人员密集场所";
    Self::WaterIntake => "water intake", "取水口";
    Self::Population => "people living there", "居民区";
});

named!(HelperKind {
    Self::Team => "team", "救援队伍";
    Self::Hospital => "hospital", "医院";
    Self::Supply => "supplies", "应急物资";
    Self::Expert => "expert", "专家";
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
