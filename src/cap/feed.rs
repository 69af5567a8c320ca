//! An Atom feed (RFC 4287) of messages: what there is, and where each can be fetched as a CAP document.
//!
//! An entry is for the eye and for filters; the message is what counts. It carries the message's headline, description,
//! language and code words. Its id is made from the message's reference alone, so that it stays the same wherever the
//! message is fetched from.

use std::io;

use chrono::SecondsFormat;
use url::Url;
use uuid::Uuid;

use super::{
    MEDIA_TYPE as CAP_MEDIA_TYPE, NAMESPACE as CAP_NAMESPACE,
    check::said,
    codes::{MessageType, Scope, Status},
    identifier::Identifier,
    language::LanguageTag,
    message::Alert,
    time::CapTime,
    uri,
    xml::Document,
};

/// The media type of a feed.
pub const MEDIA_TYPE: &str = "application/atom+xml";

const NAMESPACE: &str = "http://www.w3.org/2005/Atom";

/// Who can read a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anybody: only public messages that are no drill, test or draft.
    Everybody,
    /// Those who were let in by name: any message.
    Authorised,
}

/// Why there is no feed, or not with that message.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// Anybody can read the feed, and not everybody may read the message.
    #[error("{identifier} is of scope {scope} and status {status}; a feed for everybody takes Public and Actual only")]
    NotForEverybody {
        /// The message.
        identifier: Identifier,
        /// Whom it is meant for.
        scope: Scope,
        /// How it is to be handled.
        status: Status,
    },
    /// Writing failed.
    #[error("the feed could not be written: {0}")]
    Write(#[from] io::Error),
}

/// A feed.
#[derive(Clone, Debug)]
pub struct Feed {
    id: Url,
    location: Url,
    title: String,
    author: String,
    updated: CapTime,
    audience: Audience,
    entries: Vec<Entry>,
}

/// What a feed says of one message.
#[derive(Clone, Debug)]
struct Entry {
    id: Uuid,
    title: String,
    language: Option<LanguageTag>,
    updated: CapTime,
    summary: Option<String>,
    categories: Vec<(&'static str, &'static str)>,
    document: Url,
}

impl Feed {
    /// An empty feed. `id` names it for good, `location` is where it is read now (both may be the same), `updated` is
    /// when it last changed, should no entry be younger.
    #[must_use]
    pub fn new(
        id: Url,
        location: Url,
        title: impl Into<String>,
        author: impl Into<String>,
        updated: CapTime,
        audience: Audience,
    ) -> Self {
        Self { id, location, title: title.into(), author: author.into(), updated, audience, entries: Vec::new() }
    }

    /// Adds a message that can be fetched at `document`. Entries stay in the order in which they are added.
    ///
    /// # Errors
    /// When everybody can read the feed and the message is not for everybody.
    pub fn add(&mut self, alert: &Alert, document: Url) -> Result<(), FeedError> {
        let for_everybody = alert.scope == Scope::Public && alert.status == Status::Actual;
        if self.audience == Audience::Everybody && !for_everybody {
            let identifier = alert.identifier.clone();
            return Err(FeedError::NotForEverybody { identifier, scope: alert.scope, status: alert.status });
        }
        self.updated = self.updated.max(alert.sent);
        self.entries.push(Entry::of(alert, document));
        Ok(())
    }

    /// Writes the feed.
    ///
    /// # Errors
    /// When writing fails, which in memory it does not.
    pub fn to_xml(&self) -> Result<String, FeedError> {
        let mut document = Document::new()?;
        document.group("feed", &[("xmlns", NAMESPACE)], |feed| {
            feed.text("id", &uri::strict(&self.id))?;
            feed.text("title", &self.title)?;
            feed.text("updated", &rfc_3339(self.updated))?;
            feed.group("author", &[], |author| author.text("name", &self.author))?;
            let location = uri::strict(&self.location);
            feed.empty("link", &[("rel", "self"), ("type", MEDIA_TYPE), ("href", &location)])?;
            self.entries.iter().try_for_each(|entry| entry.write(feed))
        })?;
        Ok(document.finish()?)
    }
}

impl Entry {
    /// What a feed says of a message that can be fetched at `document`, in the words of its first info.
    fn of(alert: &Alert, document: Url) -> Self {
        let info = alert.infos.first();
        let said_of = info.map_or_else(
            || alert.identifier.to_string(),
            |info| said(info.headline.as_ref()).unwrap_or(&info.event).to_owned(),
        );
        let mut title = String::new();
        if alert.status != Status::Actual {
            title.push_str(&format!("[{}] ", alert.status));
        }
        if alert.message_type != MessageType::Alert {
            title.push_str(&format!("[{}] ", alert.message_type));
        }
        title.push_str(&said_of);
        let summary = info.map_or_else(|| said(alert.note.as_ref()), |info| said(info.description.as_ref()));
        Self {
            id: Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{CAP_NAMESPACE}#{}", alert.reference()).as_bytes()),
            title,
            language: info.map(|info| info.language.clone()),
            updated: alert.sent,
            summary: summary.map(str::to_owned),
            categories: categories(alert),
            document,
        }
    }

    fn write(&self, document: &mut Document) -> io::Result<()> {
        let language: Vec<_> = self.language.iter().map(|language| ("xml:lang", language.as_str())).collect();
        document.group("entry", &language, |entry| {
            entry.text("id", &self.id.urn().to_string())?;
            entry.text("title", &self.title)?;
            entry.text("updated", &rfc_3339(self.updated))?;
            // An entry without content must have an alternate link (RFC 4287 §4.1.2).
            let document = uri::strict(&self.document);
            entry.empty("link", &[("rel", "alternate"), ("type", CAP_MEDIA_TYPE), ("href", &document)])?;
            for (element, word) in &self.categories {
                let scheme = format!("{CAP_NAMESPACE}#{element}");
                entry.empty("category", &[("scheme", &scheme), ("term", word)])?;
            }
            entry.optional("summary", self.summary.as_ref())
        })
    }
}

/// The message's code words with the names of their elements, each once.
fn categories(alert: &Alert) -> Vec<(&'static str, &'static str)> {
    let mut words = vec![("status", alert.status.word()), ("msgType", alert.message_type.word())];
    for info in &alert.infos {
        let kinds = info.categories.iter().map(|category| ("category", category.word()));
        let weights = [
            ("urgency", info.urgency.word()),
            ("severity", info.severity.word()),
            ("certainty", info.certainty.word()),
        ];
        for word in kinds.chain(weights) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

fn rfc_3339(time: CapTime) -> String {
    time.moment().to_utc().to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cap::{examples, read};

    fn feed(audience: Audience) -> Feed {
        let location: Url = "https://placard.example.org/cap/feed?area=port&lang=en".parse().unwrap();
        let created = "2026-11-01T00:00:00-00:00".parse().unwrap();
        Feed::new(location.clone(), location, "Placard <Rhine> & port", "Rhine Chem", created, audience)
    }

    fn document(alert: &Alert) -> Url {
        format!("https://placard.example.org/cap/{}", alert.identifier).parse().unwrap()
    }

    #[test]
    fn a_feed_lists_messages_with_links_to_their_documents() {
        let mut feed = feed(Audience::Authorised);
        for alert in [examples::exercise(), examples::cancel(), examples::update(), examples::alert()] {
            feed.add(&alert, document(&alert)).unwrap();
        }
        insta::assert_snapshot!(feed.to_xml().unwrap());
    }

    #[test]
    fn a_feed_is_as_young_as_its_youngest_entry() {
        let mut feed = feed(Audience::Authorised);
        assert!(feed.to_xml().unwrap().contains("<updated>2026-11-01T00:00:00Z</updated>"));
        for alert in [examples::cancel(), examples::update()] {
            feed.add(&alert, document(&alert)).unwrap();
        }
        let root = read::read(&feed.to_xml().unwrap()).unwrap();
        let updated = root.children.iter().find(|child| child.name == "updated").unwrap();
        assert_eq!(updated.text, "2026-11-24T18:02:00Z");
    }

    #[test]
    fn an_entry_keeps_its_id_when_its_document_moves() {
        let here = Entry::of(&examples::alert(), document(&examples::alert()));
        let there = Entry::of(&examples::alert(), "https://mirror.example.org/1".parse().unwrap());
        assert_eq!(here.id, there.id);
        assert_ne!(here.id, Entry::of(&examples::update(), document(&examples::update())).id);
    }

    #[test]
    fn everybody_reads_of_public_and_actual_messages_only() {
        let public = Alert { scope: Scope::Public, restriction: None, ..examples::alert() };
        let drill = Alert { status: Status::Exercise, ..public.clone() };
        let mut feed = feed(Audience::Everybody);
        for secret in [examples::alert(), examples::exercise(), drill] {
            let error = feed.add(&secret, document(&secret)).unwrap_err();
            assert!(error.to_string().ends_with("a feed for everybody takes Public and Actual only"), "{error}");
        }
        feed.add(&public, document(&public)).unwrap();
        assert_eq!(feed.to_xml().unwrap().matches("<entry").count(), 1);
    }

    #[test]
    fn a_title_shows_a_drill_and_a_withdrawal() {
        let title = |alert: &Alert| Entry::of(alert, document(alert)).title;
        assert!(title(&examples::exercise()).starts_with("[Exercise] UN 1017"));
        assert_eq!(title(&examples::cancel()), "[Cancel] incident-0198f2c4.3");
        let mut plain = examples::alert();
        plain.infos[0].headline = Some(" ".into());
        assert_eq!(title(&plain), "Tank vehicle on its side");
    }
}
