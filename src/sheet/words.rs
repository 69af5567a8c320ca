//! The words of the page besides the labels of fields: headings and short sentences, in every language.

use crate::domain::Language;

macro_rules! table {
    ($($word:ident $english:literal, $chinese:literal;)+) => {
        /// A word or a sentence of the page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Word {
            $($word,)+
        }

        impl Word {
            /// Every word.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$word,)+];

            /// The word in a language.
            pub(super) fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Self::$word, Language::English) => $english,
                        (Self::$word, Language::Chinese) => $chinese,
                    )+
                }
            }
        }
    };
}

table! {
    Title "Hazard sheet", "危险货物应急信息单";
    Level "Level", "级别";
    Waybill "Transport document", "运单号";
    LevelReasons "Why this level", "定级理由";
    State "State", "处理状态";
    Acknowledged "Taken by", "已接警";
    Nobody "nobody yet", "尚无人接警";
    Exercise "EXERCISE – not a real accident", "演练——非真实事故";
    Test "TEST – do not act on this", "测试——请勿据此行动";
    Never "Never", "严禁";
    HowFar "How far", "多远";
    FromWhere "From where", "从哪进";
    Isolate "Isolate", "隔离";
    AllAround "in all directions", "四周";
    Protect "Protect people", "防护人员";
    Downwind "downwind to the", "下风向";
    WindUnknown "wind unknown: all directions", "风向不明：四周";
    WindNotKnown "Wind not known", "风向不明";
    NowDay "now (day)", "当前（白天）";
    NowNight "now (night)", "当前（夜间）";
    Day "day", "白天";
    Night "night", "夜间";
    AtLeast "or more", "或更远";
    NoProtect "no protective distance in the guidebook", "应急指南未规定防护距离";
    IfItBurns "If it burns", "如起火";
    LargeSpill "Large spill: consider evacuation", "大量泄漏：考虑疏散";
    PlaceWide "zones wider for a rough position", "定位粗略，区域已扩大";
    UnknownTitle "CARGO NOT KNOWN", "货物不明";
    NothingTitle "No dangerous goods are declared", "未申报危险货物";
    NothingText "This is what the transport documents say. Look for orange plates and placards all the same.",
        "此为运输单据所载。仍须查看橙色标志牌和菱形标志。";
    UnknownText "Nobody has declared what is on board. Treat it as the most dangerous until it is known.",
        "无申报货物。查明前按最危险货物处置。";
    PartlyUnknown "Some of the cargo is not known. Treat it as the most dangerous.", "部分货物不明，按最危险货物处置。";
    NotListed "not in the goods catalogue", "货物目录未收录";
    AlsoOnBoard "Also on board", "同车货物";
    NoPosition "No position: come only on a person's report of the place.", "无定位：位置须由现场人员确认。";
    NoApproach "Approach not worked out: come from upwind.", "未计算进入路线：从上风向接近。";
    AllApproach "All of the approach", "接近要点";
    Sketch "Sketch map", "示意图";
    SketchTitle "Sketch of the zones, north up", "区域示意图，上北下南";
    SketchMissing "No sketch: the place or the zones are not known.", "无示意图：位置或区域不明。";
    North "N", "北";
    Wind "wind", "风";
    Zones "Zones", "区域";
    Isolation "Isolation", "隔离区";
    Fire "If it burns", "起火隔离区";
    Evacuation "Evacuation", "疏散区";
    Protective "Protective action", "防护区";
    VehicleHere "Vehicle", "车辆";
    Track "Track", "轨迹";
    GatherHere "Rendezvous", "集结点";
    AdviceTitle "Advice", "处置建议";
    Timeline "Timeline", "时间线";
    PositionSeen "Last position", "最近定位";
    WindMeasured "Wind reported", "风况观测";
    ZonesDrawn "Zones drawn", "区域划定";
    SheetMade "This sheet was made", "本单生成";
    FirstEvidence "First evidence", "首次证据";
    LastEvidence "Latest evidence", "最近证据";
    Sources "Sources", "依据";
    SourcesText "Distances and guide numbers are those of the editions named; the advice is our own and gives way to whoever knows the goods.",
        "距离和指南编号依据所列版本；处置建议为本系统自拟，以熟悉该货物的人员意见为准。";
    NotYetKnown "Not available", "无资料";
    NoneAssigned "none assigned", "未规定";
    Yes "yes", "是";
    No "no", "否";
    MayBe "yes, or may", "是或可能";
    Ago "old", "前";
    Points "points", "个点";
    OutsideTunnels "in none", "不在隧道内";
    OutsideZones "in none", "不在任何区域内";
    Inside "inside", "位于";
    HeadingIn "may come in within", "可能驶入，最快";
    NobodyHas "nobody available has", "无可用力量具备";
    AboutPeople "about", "约";
    AtMostPeople "at most", "最多";
    Uncounted "areas not counted", "个区域无统计";
    NobodyInside "none inside the zones", "区域内无";
    MayAlsoBe "Taken as the most restrictive entry; it may also be", "按最严格条目处理；也可能是";
    Disagree "Sources disagree on", "来源不一致";
    Small "small spill", "小量泄漏";
    Large "large spill", "大量泄漏";
    Guide "Guide", "指南";
    Polymerise "may polymerise violently", "可能剧烈聚合";
}

#[cfg(test)]
mod tests {
    use super::Word;
    use crate::domain::Language;

    #[test]
    fn every_word_is_there_in_every_language() {
        for word in Word::ALL {
            let (english, chinese) = (word.text(Language::English), word.text(Language::Chinese));
            assert!(!english.is_empty() && !chinese.is_empty(), "{word:?}");
            assert!(english.is_ascii() || english.contains('–'), "{word:?}: {english}");
            assert!(!chinese.is_ascii(), "{word:?}: {chinese}");
        }
    }
}
