//! Sentences that other modules write in English only, in the reader's language.
//!
//! The notes of a line of goods and the reasons of a level are closed sets of sentences, but for those that name entries,
//! fields or declared values. Sentences that name entries or fields are written anew here from what the line holds; what
//! is left stays English, and the page marks it as such.

use crate::{
    domain::Language,
    hazard::{
        SheetLine,
        naming::{Field, Named},
        spill::Assumption,
    },
};

use super::words::Word;

/// English sentences, and what they are in Chinese.
const CHINESE: [(&str, &str); 16] = [
    ("Treat as unidentified cargo: the most dangerous until it is known.", "按不明货物处置：查明前视为最危险货物。"),
    ("ADR forbids carriage by road.", "ADR禁止道路运输。"),
    ("Not subject to ADR.", "不受ADR约束。"),
    ("Not listed in ADR: the values are from other lists.", "ADR未列入：数值取自其他清单。"),
    (
        "Reacts dangerously with water: water only with an expert's approval.",
        "与水发生危险反应：须经专家同意方可用水。",
    ),
    (
        "Net explosive mass not stated: it counts as exceeding every tunnel threshold.",
        "未申报净爆炸物质量：按超过所有隧道限值处理。",
    ),
    ("The special arrangement itself may restrict tunnels.", "特殊安排本身可能限制通过隧道。"),
    ("Protective distances hold only if the goods are spilled in water.", "防护距离仅适用于货物泄漏入水的情况。"),
    ("no dangerous goods are declared", "未申报危险货物"),
    ("the cargo is unknown: the most restrictive is assumed", "货物不明：按最严格情况处理"),
    (
        "the load holds goods of class 1, 2.3, 6.1 PG I, 7 or of high consequence",
        "载有第1类、2.3项、6.1项I类包装、第7类或高后果危险货物",
    ),
    ("the load holds dangerous goods", "载有危险货物"),
    ("a release or fire was reported", "已报告泄漏或起火"),
    ("the vehicle overturned or crashed", "车辆侧翻或碰撞"),
    ("the driver called for help", "驾驶员求救"),
    ("a critical rule was broken", "违反关键规则"),
];

/// A sentence, and whether it is in another language than the reader's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sentence {
    pub text: String,
    pub is_english_only: bool,
}

impl Sentence {
    fn own(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_english_only: false }
    }
}

/// An English sentence in the reader's language, if it is one of those known.
pub(super) fn sentence(english: &str, language: Language) -> Sentence {
    if language == Language::English {
        return Sentence::own(english);
    }
    let of_table = CHINESE.iter().find(|(known, _)| *known == english).map(|(_, chinese)| *chinese);
    let of_assumption = || {
        let all =
            [Assumption::SpillSize, Assumption::Place, Assumption::Substance, Assumption::Container, Assumption::Wind];
        all.into_iter().find(|assumption| assumption.sentence() == english).map(|found| found.name_in(language))
    };
    match of_table.or_else(of_assumption) {
        Some(chinese) => Sentence::own(chinese),
        None => Sentence { text: english.to_owned(), is_english_only: true },
    }
}

/// What a reader should know of a line besides its values. A line knows no wind; where somebody does, it need not say so.
pub(super) fn of_line(line: &SheetLine, is_wind_known: bool, language: Language) -> Vec<Sentence> {
    let ambiguity = line.ambiguity.as_ref();
    let of_ambiguity = ambiguity.map(|ambiguity| format!("{ambiguity}."));
    let of_uncertain = format!("Sources disagree on: {}.", line.uncertain.join(", "));
    let written_anew = |note: &&String| Some(*note) == of_ambiguity.as_ref() || **note == of_uncertain;
    let out_of_date = |note: &&String| is_wind_known && *note == Assumption::Wind.sentence();
    let mut notes: Vec<Sentence> = line
        .notes
        .iter()
        .filter(|note| !written_anew(note) && !out_of_date(note))
        .map(|note| sentence(note, language))
        .collect();
    let end = match language {
        Language::English => ".",
        Language::Chinese => "。",
    };
    if let Some(ambiguity) = ambiguity {
        let others: Vec<String> = ambiguity.alternatives.iter().map(ToString::to_string).collect();
        let text = format!("{}: {}{end}", Word::MayAlsoBe.text(language), others.join("; "));
        notes.push(Sentence::own(text));
    }
    if !line.uncertain.is_empty() {
        let text = format!("{}: {}{end}", Word::Disagree.text(language), fields(&line.uncertain, language));
        notes.push(Sentence::own(text));
    }
    notes
}

/// The labels of fields named by their keys.
fn fields(keys: &[String], language: Language) -> String {
    let label = |key: &String| Field::of_key(key).map_or_else(|| key.clone(), |field| field.label(language).to_owned());
    keys.iter().map(label).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::testing::catalogue;

    #[test]
    fn what_the_sheet_notes_of_any_goods_is_said_in_chinese_too() {
        for entry in catalogue().entries() {
            let sheet = crate::sheet::testing::goods_of(entry);
            for note in sheet.goods.iter().flat_map(|line| of_line(line, false, Language::Chinese)) {
                assert!(!note.is_english_only, "{}: {}", entry.key(), note.text);
            }
        }
    }

    #[test]
    fn what_nobody_foresaw_stays_english_and_says_so() {
        let unforeseen = sentence("UN 1203 has no packing group I; it has II", Language::Chinese);
        assert!(unforeseen.is_english_only);
        assert!(!sentence("anything", Language::English).is_english_only);
    }
}
