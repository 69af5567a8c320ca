//! Response advice for each guide of the Emergency Response Guidebook, in short sentences of our own.
//!
//! The guidebook sorts goods into guides by how they harm; we keep its sorting and say in our own words what to do and
//! what not. The texts ship in the binary: `advice_sentences.toml` holds every sentence once, in both languages, and
//! `advice_guides.toml` says which guide says what. Advice is general knowledge for the first minutes. It states no
//! distance and no limit value (those stand in tables), and gives way to whoever knows the goods.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

use super::guide::GuideNumber;
use super::naming::Named;
use crate::domain::Language;

const SENTENCES: &str = "advice_sentences.toml";
const GUIDES: &str = "advice_guides.toml";

/// What to do and not to do with goods of one guide, in one language. Sections hold whole sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// What goods the guide is about.
    pub subject: Arc<str>,
    /// The one to three most important things not to do.
    pub never: Vec<Arc<str>>,
    /// What the goods do to people, and what they do in fire.
    pub hazards: Vec<Arc<str>>,
    /// What responders wear, and what the public does.
    pub protection: Vec<Arc<str>>,
    /// How to fight a fire, with what, and what not to do.
    pub fire: Vec<Arc<str>>,
    /// How to deal with a spill, and what not to do.
    pub spill: Vec<Arc<str>>,
    /// First aid.
    pub first_aid: Vec<Arc<str>>,
}

impl Advice {
    /// The advice of a guide, from the book in the binary. `None` for a number that the guidebook leaves blank, and if
    /// the book does not read, which [`AdviceBook::builtin`] tells and tests keep from being shipped.
    #[must_use]
    pub fn of(guide: GuideNumber, language: Language) -> Option<&'static Self> {
        BUILTIN.as_ref().and_then(|book| book.of(guide, language))
    }

    /// What to add for goods whose guide number carries a P: they may polymerise violently. Empty if the book does not
    /// read.
    #[must_use]
    pub fn on_polymerisation(language: Language) -> &'static [Arc<str>] {
        BUILTIN.as_ref().map_or(&[], |book| book.on_polymerisation(language))
    }

    /// The sentences of a section.
    #[must_use]
    pub fn section(&self, section: AdviceSection) -> &[Arc<str>] {
        match section {
            AdviceSection::Never => &self.never,
            AdviceSection::Hazards => &self.hazards,
            AdviceSection::Protection => &self.protection,
            AdviceSection::Fire => &self.fire,
            AdviceSection::Spill => &self.spill,
            AdviceSection::FirstAid => &self.first_aid,
        }
    }
}

static BUILTIN: LazyLock<Option<AdviceBook>> = LazyLock::new(|| AdviceBook::builtin().ok());

/// A section of advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AdviceSection {
    /// What not to do.
    Never,
    /// What the goods do.
    Hazards,
    /// What to wear, and what the public does.
    Protection,
    /// Fire.
    Fire,
    /// Spill.
    Spill,
    /// First aid.
    FirstAid,
}

impl AdviceSection {
    /// Every section, in the order in which they are read.
    pub const ALL: [Self; 6] = [Self::Never, Self::Hazards, Self::Protection, Self::Fire, Self::Spill, Self::FirstAid];
}

impl Named for AdviceSection {
    fn name_in(&self, language: Language) -> &'static str {
        let (english, chinese) = match self {
            Self::Never => ("never", "严禁"),
            Self::Hazards => ("hazards", "危险"),
            Self::Protection => ("protection", "防护"),
            Self::Fire => ("fire", "火灾"),
            Self::Spill => ("spill", "泄漏"),
            Self::FirstAid => ("first aid", "急救"),
        };
        match language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }
}

/// Why the advice does not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdviceError {
    /// A file is no TOML of the expected shape.
    #[error("{file}: {reason}")]
    Unreadable {
        /// Which file.
        file: &'static str,
        /// What is wrong, and where.
        reason: String,
    },
    /// A table of the guides is not named by a guide number.
    #[error("advice_guides.toml: [{0}] is no guide; wanted is a number from 111 to 174, or polymerisation")]
    NoGuide(String),
    /// A guide names a sentence that does not exist.
    #[error("advice_guides.toml, [{guide}]: advice_sentences.toml has no sentence {key:?}")]
    NoSentence {
        /// Which guide.
        guide: String,
        /// The sentence it names.
        key: String,
    },
}

/// The advice of every guide, in every language.
#[derive(Clone, Debug)]
pub struct AdviceBook {
    guides: BTreeMap<GuideNumber, Bilingual<Advice>>,
    polymerisation: Bilingual<Vec<Arc<str>>>,
}

#[derive(Clone, Debug)]
struct Bilingual<T> {
    english: T,
    chinese: T,
}

impl<T> Bilingual<T> {
    fn build(mut build: impl FnMut(Language) -> Result<T, AdviceError>) -> Result<Self, AdviceError> {
        Ok(Self { english: build(Language::English)?, chinese: build(Language::Chinese)? })
    }

    fn get(&self, language: Language) -> &T {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }
}

impl AdviceBook {
    /// Reads the advice in the binary. Takes some milliseconds: do it once.
    ///
    /// # Errors
    ///
    /// When a file does not read, or a guide names a sentence that does not exist. Tests keep that from being shipped.
    pub fn builtin() -> Result<Self, AdviceError> {
        Self::read(include_str!("data/advice_sentences.toml"), include_str!("data/advice_guides.toml"))
    }

    /// The advice of a guide; `None` for numbers that the guidebook leaves blank.
    #[must_use]
    pub fn of(&self, guide: GuideNumber, language: Language) -> Option<&Advice> {
        self.guides.get(&guide).map(|advice| advice.get(language))
    }

    /// What to add for goods that may polymerise violently.
    #[must_use]
    pub fn on_polymerisation(&self, language: Language) -> &[Arc<str>] {
        self.polymerisation.get(language)
    }

    fn read(sentences: &str, guides: &str) -> Result<Self, AdviceError> {
        let unreadable =
            |file| move |error: toml::de::Error| AdviceError::Unreadable { file, reason: error.to_string() };
        let phrases = Phrases(toml::from_str(sentences).map_err(unreadable(SENTENCES))?);
        let raw: RawBook = toml::from_str(guides).map_err(unreadable(GUIDES))?;
        let mut guides = BTreeMap::new();
        for (name, guide) in &raw.guides {
            let number = match name.parse() {
                Ok(number @ 111..=174) => GuideNumber(number),
                _ => return Err(AdviceError::NoGuide(name.clone())),
            };
            guides.insert(number, Bilingual::build(|language| phrases.advice(name, guide, language))?);
        }
        let polymerisation =
            Bilingual::build(|language| phrases.sentences("polymerisation", &raw.polymerisation.sentences, language))?;
        Ok(Self { guides, polymerisation })
    }
}

/// A text in English and Chinese.
#[derive(Deserialize)]
struct Phrase(Arc<str>, Arc<str>);

impl Phrase {
    fn in_language(&self, language: Language) -> Arc<str> {
        Arc::clone(match language {
            Language::English => &self.0,
            Language::Chinese => &self.1,
        })
    }
}

#[derive(Deserialize)]
struct RawBook {
    polymerisation: RawAddition,
    #[serde(flatten)]
    guides: BTreeMap<String, RawGuide>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAddition {
    sentences: Vec<String>,
}

/// A guide as the file has it: keys of sentences.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGuide {
    subject: Phrase,
    never: Vec<String>,
    hazards: Vec<String>,
    protection: Vec<String>,
    fire: Vec<String>,
    spill: Vec<String>,
    first_aid: Vec<String>,
}

/// Every sentence by its key.
struct Phrases(BTreeMap<String, Phrase>);

impl Phrases {
    fn advice(&self, name: &str, guide: &RawGuide, language: Language) -> Result<Advice, AdviceError> {
        let sentences = |keys: &[String]| self.sentences(name, keys, language);
        Ok(Advice {
            subject: guide.subject.in_language(language),
            never: sentences(&guide.never)?,
            hazards: sentences(&guide.hazards)?,
            protection: sentences(&guide.protection)?,
            fire: sentences(&guide.fire)?,
            spill: sentences(&guide.spill)?,
            first_aid: sentences(&guide.first_aid)?,
        })
    }

    fn sentences(&self, guide: &str, keys: &[String], language: Language) -> Result<Vec<Arc<str>>, AdviceError> {
        let find = |key: &String| {
            let missing = || AdviceError::NoSentence { guide: guide.to_owned(), key: key.clone() };
            Ok(self.0.get(key).ok_or_else(missing)?.in_language(language))
        };
        keys.iter().map(find).collect()
    }
}

#[cfg(test)]
mod tests;
