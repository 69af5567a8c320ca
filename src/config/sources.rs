//! Topics of other layouts than Placard's own: where operator and vehicle stand in them, and who reads what comes
//! there.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What a message is, and with that which decoder reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Placard's own format: one fix or a backlog of fixes.
    #[serde(rename = "placard")]
    Position,
    /// Placard's own format: device alarms.
    #[serde(rename = "placard_event")]
    Event,
    /// JSON of the OwnTracks apps.
    Owntracks,
    /// JSON that a Traccar server forwards.
    Traccar,
    /// Binary JT/T 808 frames.
    Jt808,
}

/// One entry of `[[ingest.sources]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceConfig {
    /// Which topics: levels with `{operator}` and `{vehicle}` in their places.
    pub topic: TopicPattern,
    /// What comes there.
    pub decoder: MessageKind,
}

/// Topics of one layout, as in `owntracks/{operator}/{vehicle}`: each level is a text, `+` for any, or one of the two
/// placeholders, each of which stands there once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TopicPattern(Vec<Level>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Level {
    Text(String),
    Any,
    Operator,
    Vehicle,
}

/// Why a text is no layout of topics.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A placeholder is missing.
    #[error("{pattern:?} has no level {placeholder}: a message must say whose vehicle it is about")]
    Missing {
        /// The text.
        pattern: String,
        /// Which one.
        placeholder: &'static str,
    },
    /// A placeholder stands there twice.
    #[error("{pattern:?} has more than one level {placeholder}")]
    Twice {
        /// The text.
        pattern: String,
        /// Which one.
        placeholder: &'static str,
    },
    /// A level is neither a text nor `+` nor a placeholder.
    #[error("{pattern:?} has a level {level:?}: a text, +, {{operator}} or {{vehicle}} is wanted for each whole level")]
    Level {
        /// The text.
        pattern: String,
        /// The level.
        level: String,
    },
    /// The broker keeps such topics for itself.
    #[error("{0:?} begins with $: such topics are the broker's own")]
    Reserved(String),
    /// Longer than a topic can be.
    #[error("a topic of {0} bytes is too long: at most 1000 are wanted")]
    TooLong(usize),
}

/// Two layouts that have topics in common.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ingest.sources: {one} and {other} have topics in common; a message must have one decoder")]
pub struct SourceOverlap {
    /// The layout of a source.
    one: String,
    /// Placard's own, or that of a source before it.
    other: String,
}

/// Where Placard itself listens and speaks.
const OWN_TOPICS: &str = "placard/v1/{operator}/{vehicle}/+";

/// Checks that no topic has two decoders.
///
/// # Errors
/// Names two layouts that have topics in common.
pub fn check(sources: &[SourceConfig]) -> Result<(), SourceOverlap> {
    let mut known: Vec<TopicPattern> = OWN_TOPICS.parse().into_iter().collect();
    for source in sources {
        if let Some(other) = known.iter().find(|other| other.overlaps(&source.topic)) {
            return Err(SourceOverlap { one: source.topic.to_string(), other: other.to_string() });
        }
        known.push(source.topic.clone());
    }
    Ok(())
}

impl FromStr for TopicPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let pattern = || text.to_owned();
        if text.len() > 1000 {
            return Err(PatternError::TooLong(text.len()));
        }
        if text.starts_with('$') {
            return Err(PatternError::Reserved(pattern()));
        }
        let level = |level: &str| match level {
            "+" => Ok(Level::Any),
            "{operator}" => Ok(Level::Operator),
            "{vehicle}" => Ok(Level::Vehicle),
            text if text.contains(['+', '#', '{', '}', '\0']) => {
                Err(PatternError::Level { pattern: pattern(), level: text.to_owned() })
            }
            text => Ok(Level::Text(text.to_owned())),
        };
        let levels = text.split('/').map(level).collect::<Result<Vec<_>, _>>()?;
        for (wanted, placeholder) in [(Level::Operator, "{operator}"), (Level::Vehicle, "{vehicle}")] {
            match levels.iter().filter(|level| **level == wanted).count() {
                0 => return Err(PatternError::Missing { pattern: pattern(), placeholder }),
                1 => {}
                _ => return Err(PatternError::Twice { pattern: pattern(), placeholder }),
            }
        }
        Ok(Self(levels))
    }
}

impl TryFrom<String> for TopicPattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        text.parse()
    }
}

impl From<TopicPattern> for String {
    fn from(pattern: TopicPattern) -> Self {
        pattern.to_string()
    }
}

impl fmt::Display for TopicPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, "{operator}", "{vehicle}")
    }
}

impl TopicPattern {
    /// The subscription that covers these topics and no others.
    #[must_use]
    pub fn filter(&self) -> String {
        struct Filter<'a>(&'a TopicPattern);
        impl fmt::Display for Filter<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write(f, "+", "+")
            }
        }
        Filter(self).to_string()
    }

    /// The texts in the places of operator and vehicle, if `topic` is of this layout.
    #[must_use]
    pub fn take_apart<'t>(&self, topic: &'t str) -> Option<(&'t str, &'t str)> {
        let (mut operator, mut vehicle) = (None, None);
        let mut found = topic.split('/');
        for level in &self.0 {
            let found = found.next()?;
            match level {
                Level::Text(text) if text == found => {}
                Level::Text(_) => return None,
                Level::Any => {}
                Level::Operator => operator = Some(found),
                Level::Vehicle => vehicle = Some(found),
            }
        }
        if found.next().is_some() { None } else { operator.zip(vehicle) }
    }

    /// Whether some topic is of both layouts. A message there would have two decoders.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let may_meet = |(one, other): (&Level, &Level)| match (one, other) {
            (Level::Text(one), Level::Text(other)) => one == other,
            _ => true,
        };
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(may_meet)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, operator: &str, vehicle: &str) -> fmt::Result {
        for (number, level) in self.0.iter().enumerate() {
            if number > 0 {
                f.write_str("/")?;
            }
            f.write_str(match level {
                Level::Text(text) => text,
                Level::Any => "+",
                Level::Operator => operator,
                Level::Vehicle => vehicle,
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> TopicPattern {
        text.parse().unwrap()
    }

    fn refusal(text: &str) -> String {
        text.parse::<TopicPattern>().unwrap_err().to_string()
    }

    #[test]
    fn placeholders_may_stand_at_any_level() {
        let owntracks = pattern("owntracks/{operator}/{vehicle}");
        assert_eq!(owntracks.take_apart("owntracks/rhine-chem/T-01"), Some(("rhine-chem", "T-01")));
        assert_eq!(owntracks.filter(), "owntracks/+/+");
        let turned = pattern("{vehicle}/of/{operator}/+/up");
        assert_eq!(turned.take_apart("T-01/of/rhine-chem/anything/up"), Some(("rhine-chem", "T-01")));
        assert_eq!(turned.filter(), "+/of/+/+/up");
        assert_eq!(turned.to_string(), "{vehicle}/of/{operator}/+/up");
    }

    #[test]
    fn another_layout_is_not_taken_apart() {
        let owntracks = pattern("owntracks/{operator}/{vehicle}");
        for other in ["owntracks/rhine-chem", "owntracks/rhine-chem/T-01/event", "other/rhine-chem/T-01", ""] {
            assert_eq!(owntracks.take_apart(other), None, "{other}");
        }
    }

    #[test]
    fn a_refusal_names_what_is_wrong() {
        assert!(refusal("owntracks/{vehicle}").contains("has no level {operator}"));
        assert!(refusal("owntracks/{operator}/+").contains("has no level {vehicle}"));
        assert!(refusal("{operator}/{operator}/{vehicle}").contains("more than one level {operator}"));
        assert!(refusal("{operator}/{vehicle}/#").contains("has a level \"#\""));
        assert!(refusal("{operator}/{vehicle}/{kind}").contains("has a level \"{kind}\""));
        assert!(refusal("car-{vehicle}/{operator}").contains("has a level \"car-{vehicle}\""));
        assert!(refusal("$share/{operator}/{vehicle}").contains("the broker's own"));
        assert!(refusal(&"x".repeat(2000)).contains("2000 bytes"));
    }

    #[test]
    fn layouts_overlap_when_one_topic_can_be_of_both() {
        let one = pattern("fleet/{operator}/{vehicle}");
        assert!(one.overlaps(&pattern("{operator}/{vehicle}/up")));
        assert!(one.overlaps(&pattern("+/{vehicle}/{operator}")));
        assert!(!one.overlaps(&pattern("track/{operator}/{vehicle}")));
        assert!(!one.overlaps(&pattern("fleet/{operator}/{vehicle}/up")));
    }
    #[test]
    fn no_topic_has_two_decoders() {
        let sources = |topics: &[&str]| {
            let of = |topic: &&str| SourceConfig { topic: pattern(topic), decoder: MessageKind::Jt808 };
            topics.iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(check(&sources(&["up/{operator}/{vehicle}", "down/{operator}/{vehicle}"])), Ok(()));
        let twice = check(&sources(&["up/{operator}/{vehicle}", "{operator}/{vehicle}/gps"])).unwrap_err().to_string();
        assert!(twice.contains("{operator}/{vehicle}/gps and up/{operator}/{vehicle}"), "{twice}");
        let own = check(&sources(&["+/v1/{operator}/{vehicle}/position"])).unwrap_err().to_string();
        assert!(own.contains("placard/v1/{operator}/{vehicle}/+"), "{own}");
    }
}
