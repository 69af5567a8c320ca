//! The advice is checked from outside: by its form, and by a table of what each family of goods must be told, written
//! from the guides' titles and not from the texts.

use std::collections::{BTreeSet, HashSet};

use super::AdviceSection::{Fire, Never, Spill};
use super::*;
use crate::hazard::testing::catalogue;

/// Every guide of the guidebook that goods refer to.
fn guides() -> Vec<GuideNumber> {
    (111..=174).map(GuideNumber).filter(|number| catalogue().guides().get(*number).is_some()).collect()
}

fn advice(number: u16, language: Language) -> &'static Advice {
    Advice::of(GuideNumber(number), language).unwrap_or_else(|| panic!("guide {number}"))
}

fn every_sentence() -> impl Iterator<Item = (GuideNumber, AdviceSection, Language, &'static str)> {
    let of_guide = |number: GuideNumber| {
        Language::ALL.into_iter().flat_map(move |language| {
            let of_section = move |section| {
                let sentences = Advice::of(number, language).unwrap().section(section);
                sentences.iter().map(move |sentence| (number, section, language, &**sentence))
            };
            AdviceSection::ALL.into_iter().flat_map(of_section)
        })
    };
    guides().into_iter().flat_map(of_guide)
}

#[test]
fn the_book_reads_and_knows_exactly_the_guides_of_the_guidebook() {
    let book = AdviceBook::builtin().unwrap();
    assert_eq!(book.guides.keys().copied().collect::<Vec<_>>(), guides());
    assert_eq!(guides().len(), 62);
    assert!(Advice::of(GuideNumber(121), Language::English).is_none());
}

#[test]
fn every_guide_has_all_sections_in_both_languages() {
    for number in guides() {
        let [english, chinese] = Language::ALL.map(|language| Advice::of(number, language).unwrap());
        for section in AdviceSection::ALL {
            let count = english.section(section).len();
            let allowed = if section == Never { 1..=3 } else { 2..=5 };
            assert!(allowed.contains(&count), "guide {number}, {section:?}: {count} sentences");
            assert_eq!(chinese.section(section).len(), count, "guide {number}, {section:?}");
        }
        assert!(!english.subject.is_empty() && !chinese.subject.is_empty());
    }
}

#[test]
fn sentences_are_short_and_whole() {
    let longest = Language::ALL.map(Advice::on_polymerisation).concat();
    let longest = longest.iter().map(|sentence| &**sentence);
    for sentence in every_sentence().map(|(_, _, _, sentence)| sentence).chain(longest) {
        if sentence.is_ascii() {
            let words = sentence.split_whitespace().count();
            assert!((6..=16).contains(&words), "{words} words: {sentence}");
            assert!(sentence.starts_with(|c: char| c.is_ascii_uppercase()) && sentence.ends_with('.'), "{sentence}");
        } else {
            let characters = sentence.chars().count();
            assert!((8..=36).contains(&characters), "{characters} characters: {sentence}");
            assert!(sentence.ends_with('。') && sentence.matches('。').count() == 1, "{sentence}");
        }
    }
}

#[test]
fn each_language_speaks_its_own_script() {
    for (number, _, language, sentence) in every_sentence() {
        match language {
            Language::English => assert!(sentence.is_ascii(), "guide {number}: {sentence}"),
            Language::Chinese => {
                // A compatibility group is a letter in every language.
                let rest = sentence.replace("S配装组", "");
                assert!(!rest.chars().any(|c| c.is_ascii_alphabetic() || c == ','), "guide {number}: {sentence}");
            }
        }
    }
}

#[test]
fn no_sentence_states_a_number_which_belongs_in_a_table() {
    for (number, _, _, sentence) in every_sentence() {
        assert!(!sentence.chars().any(char::is_numeric), "guide {number}: {sentence}");
    }
}

#[test]
fn what_not_to_do_says_so_at_once() {
    for (number, section, language, sentence) in every_sentence() {
        let forbids = match language {
            Language::English => sentence.starts_with("Never "),
            Language::Chinese => sentence.starts_with("严禁"),
        };
        assert_eq!(forbids, section == Never, "guide {number}, {section:?}: {sentence}");
    }
}

#[test]
fn nothing_is_said_twice_in_a_guide_and_no_sentence_is_idle() {
    for number in guides() {
        for language in Language::ALL {
            let all: Vec<_> = every_sentence().filter(|said| (said.0, said.2) == (number, language)).collect();
            let distinct: HashSet<&str> = all.iter().map(|said| said.3).collect();
            assert_eq!(distinct.len(), all.len(), "guide {number}");
        }
    }
    let phrases: BTreeMap<String, Phrase> = toml::from_str(include_str!("../data/advice_sentences.toml")).unwrap();
    for language in Language::ALL {
        let mut said: BTreeSet<&str> = every_sentence().filter(|said| said.2 == language).map(|said| said.3).collect();
        said.extend(Advice::on_polymerisation(language).iter().map(|sentence| &**sentence));
        let written: Vec<Arc<str>> = phrases.values().map(|phrase| phrase.in_language(language)).collect();
        let idle: Vec<_> = written.iter().filter(|sentence| !said.contains(&***sentence)).collect();
        assert!(idle.is_empty(), "{idle:?}");
        assert_eq!(written.iter().collect::<BTreeSet<_>>().len(), written.len(), "two keys, one sentence");
    }
}

/// What goods of a family must be told, by the titles of the guides: family, guides, section, and the words that one
/// sentence of that section must have, in English and in Chinese.
const SENSE: &str = include_str!("sense.txt");

#[test]
fn every_family_of_goods_is_told_what_matters_most() {
    let section_named =
        |name: &str| AdviceSection::ALL.into_iter().find(|section| section.name_in(Language::English) == name).unwrap();
    for row in SENSE.lines() {
        let columns: Vec<&str> = row.split(" | ").collect();
        let [family, guides, section, english, chinese] = columns[..] else { panic!("{row}") };
        for guide in guides.split(' ').map(|guide| guide.parse().unwrap()) {
            for (language, words) in [(Language::English, english), (Language::Chinese, chinese)] {
                let sentences = advice(guide, language).section(section_named(section));
                let said = sentences.iter().any(|sentence| words.split(" & ").all(|word| sentence.contains(word)));
                assert!(said, "guide {guide}, {family}: {words:?} in {section}");
            }
        }
    }
    assert!(SENSE.lines().count() > 40);
}

#[test]
fn guides_with_goods_of_table_1_think_of_the_people_downwind() {
    let of_table_1 =
        guides().into_iter().filter(|guide| catalogue().guides().get(*guide).unwrap().table1_applies.is_some());
    for guide in of_table_1 {
        for (language, word) in [(Language::English, "downwind"), (Language::Chinese, "下风向")] {
            let protection = &Advice::of(guide, language).unwrap().protection;
            assert!(protection.iter().any(|sentence| sentence.contains(word)), "guide {guide}");
        }
    }
}

#[test]
fn guides_whose_goods_burst_in_fire_have_a_word_on_heated_containers() {
    // A distance for tanks in fire means that tanks may burst: then cool them, or get away.
    let away = ["Cool ", "cool ", "withdraw", "Pull back", "Flood", "flood", "ends of a tank", "let it burn"];
    for guide in guides() {
        if catalogue().guides().get(guide).unwrap().fire_isolate_m.is_some_and(|metres| metres >= 800) {
            let fire = &Advice::of(guide, Language::English).unwrap().fire;
            let said = fire.iter().any(|sentence| away.iter().any(|word| sentence.contains(word)));
            assert!(said, "guide {guide}: {fire:?}");
        }
    }
}

/// What a family must not be told.
#[test]
fn goods_that_react_with_water_are_never_told_to_be_flooded() {
    let english = ["flood with water", "Flood ", "water spray or fog", "much water spray", "water spray or foam"];
    let chinese = ["大量水浇灌", "从远处用喷雾水", "大量喷雾水", "优先用喷雾水", "使用喷雾水"];
    for guide in [137, 138, 139, 144, 155, 156, 157, 166, 169, 170] {
        for (language, forbidden) in [(Language::English, english), (Language::Chinese, chinese)] {
            let advice = advice(guide, language);
            for sentence in [Fire, Spill].iter().flat_map(|section| advice.section(*section)) {
                assert!(!forbidden.iter().any(|words| sentence.contains(words)), "guide {guide}: {sentence}");
            }
        }
    }
    // The words are those of what others are told.
    for words in english.iter().chain(&chinese) {
        assert!(every_sentence().any(|said| said.3.contains(words)), "{words}");
    }
}

#[test]
fn goods_that_burn_are_not_said_not_to_burn() {
    let titles_of_what_burns = ["Flammable", "Combustible)", "(Combustible", "Spontaneously"];
    for number in guides() {
        let title = &catalogue().guides().get(number).unwrap().title;
        let burns = titles_of_what_burns.iter().any(|word| title.contains(word)) && !title.contains("Non-Combustible");
        let says_not = every_sentence().any(|said| said.0 == number && said.3.contains("he goods do not burn"));
        assert!(!(burns && says_not), "guide {number}, {title}");
    }
}

#[test]
fn goods_that_may_polymerise_are_told_in_addition() {
    assert!(Advice::on_polymerisation(Language::English)[0].contains("polymerise"));
    assert!(Advice::on_polymerisation(Language::Chinese)[0].contains("聚合"));
}

#[test]
fn advice_reads_as_json_by_section() {
    let json = serde_json::to_value(advice(124, Language::English)).unwrap();
    assert_eq!(json["never"][0], "Never put water on the leak or into the container.");
    assert!(json["first_aid"].as_array().unwrap().len() > 1);
}

#[test]
fn a_broken_book_names_the_place() {
    let guide = |name: &str, key: &str| {
        format!(
            "[{name}]\nsubject = [\"a\", \"b\"]\nnever = [\"{key}\"]\nhazards = []\nprotection = []\nfire = []\nspill = \
             []\nfirst_aid = []\n[polymerisation]\nsentences = []\n"
        )
    };
    let read = |guides: &str| AdviceBook::read("known = [\"Stay back.\", \"后退。\"]", guides).map(|_| ());
    assert_eq!(read(&guide("124", "known")), Ok(()));
    assert_eq!(
        read(&guide("124", "gone")).unwrap_err().to_string(),
        "advice_guides.toml, [124]: advice_sentences.toml has no sentence \"gone\""
    );
    assert_eq!(read(&guide("12", "known")).unwrap_err(), AdviceError::NoGuide("12".into()));
    let unknown_section = guide("124", "known").replace("spill", "spills");
    assert!(read(&unknown_section).unwrap_err().to_string().starts_with("advice_guides.toml: "));
}
