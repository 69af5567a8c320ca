//! Language tags as a CAP message carries them.

use std::{fmt, str::FromStr};

/// A language tag such as `en-GB` or `zh-CN` (RFC 3066, which CAP 1.2 names): a primary part of two or three letters,
/// then parts of one to eight letters or figures, joined by hyphens. Every such tag satisfies the schema's
/// `xs:language`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LanguageTag(Box<str>);

/// Why a text is no language tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no language tag; wanted are two or three letters, then parts of up to eight, as in en, en-GB or zh-CN"
)]
pub struct LanguageTagError(pub String);

impl LanguageTag {
    /// The tag as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LanguageTag {
    type Err = LanguageTagError;

    fn from_str(text: &str) -> Result<Self, LanguageTagError> {
        let mut parts = text.split('-');
        let primary = parts.next().unwrap_or_default();
        let primary_fits = (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
        let fits = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if primary_fits && parts.all(fits) { Ok(Self(text.into())) } else { Err(LanguageTagError(text.to_owned())) }
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_language_with_what_narrows_it() {
        for good in ["en", "en-GB", "zh-CN", "zh-Hans-CN", "es-419", "yue"] {
            assert_eq!(good.parse::<LanguageTag>().unwrap().as_str(), good);
        }
        for bad in ["", "-", "english", "e", "en-", "en_GB", "en GB", "中文", "e1", "en-toolongpart"] {
            assert_eq!(bad.parse::<LanguageTag>(), Err(LanguageTagError(bad.to_owned())));
        }
    }
}
