//! The buffer of a device: what was reported and may not be forgotten yet.
//!
//! Pure: it knows neither network nor clock. Everything reported gets the next number and waits;
//! [`Outbox::next_message`] hands out what is to be sent, alarms before positions and positions in order, several at
//! once where a backlog has built up. What happens to a message is told back. A device that asks for acknowledgements
//! keeps everything until the server says that it is committed; another keeps it until the broker has it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::{Duration, Instant},
};

/// Most fixes that go into one message.
pub const LARGEST_BACKLOG: usize = 100;

/// To which topic an entry belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Alarms. First in order, because an alarm never waits behind a backlog.
    Event,
    /// Positions.
    Position,
}

/// Names a message that was handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageId(u64);

/// A message to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// By which its fate is told back.
    pub id: MessageId,
    /// Where it goes.
    pub topic: Topic,
    /// One JSON object, or an array of them.
    pub payload: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    Sent,
    WithBroker,
}

#[derive(Debug)]
struct Entry {
    topic: Topic,
    payload: Box<str>,
    stage: Stage,
    ever_sent: bool,
}

/// The buffer.
#[derive(Debug)]
pub struct Outbox {
    entries: BTreeMap<i64, Entry>,
    waiting: BTreeSet<(Topic, i64)>,
    repeats: BTreeSet<i64>,
    in_flight: HashMap<MessageId, Vec<i64>>,
    next_seq: i64,
    next_message: u64,
    capacity: usize,
    awaits_server: bool,
    forgotten: u64,
    heard_at: Option<Instant>,
    patience: Duration,
}

impl Outbox {
    /// How long a device waits for the server's word before it sends again what is unacknowledged.
    const PATIENCE: Duration = Duration::from_secs(15);

    /// An empty buffer for at most `capacity` entries, numbering from `first_seq`; `awaits_server` keeps entries until
    /// the server has acknowledged them.
    #[must_use]
    pub fn new(capacity: usize, first_seq: i64, awaits_server: bool) -> Self {
        Self {
            entries: BTreeMap::new(),
            waiting: BTreeSet::new(),
            repeats: BTreeSet::new(),
            in_flight: HashMap::new(),
            next_seq: first_seq,
            next_message: 0,
            capacity: capacity.max(1),
            awaits_server,
            forgotten: 0,
            heard_at: None,
            patience: Self::PATIENCE,
        }
    }

    /// The number that the next entry will get.
    #[must_use]
    pub fn next_seq(&self) -> i64 {
        self.next_seq
    }

    /// Takes in an entry whose payload carries [`Outbox::next_seq`]. When the buffer is full, the oldest position is
    /// forgotten, or the oldest alarm if there are only alarms.
    pub fn push(&mut self, topic: Topic, payload: String) {
        while self.entries.len() >= self.capacity {
            let oldest = self.entries.iter().find(|(_, entry)| entry.topic == Topic::Position);
            let Some(seq) = oldest.or_else(|| self.entries.iter().next()).map(|(seq, _)| *seq) else { break };
            self.remove(seq);
            self.forgotten += 1;
        }
        let seq = self.next_seq;
        self.next_seq += 1;
        self.entries.insert(seq, Entry { topic, payload: payload.into(), stage: Stage::Waiting, ever_sent: false });
        self.waiting.insert((topic, seq));
    }

    /// Sends the newest entry twice, as careless firmware does.
    pub fn repeat_newest(&mut self) {
        self.repeats.extend(self.entries.last_key_value().map(|(seq, _)| *seq));
    }

    /// The next message to send, which counts as sent from now on. `None` when nothing waits.
    pub fn next_message(&mut self) -> Option<Message> {
        let (topic, _) = *self.waiting.first()?;
        let most = if topic == Topic::Position { LARGEST_BACKLOG } else { 1 };
        let seqs: Vec<i64> =
            self.waiting.iter().take_while(|(other, _)| *other == topic).take(most).map(|(_, seq)| *seq).collect();
        for seq in &seqs {
            self.waiting.remove(&(topic, *seq));
            if let Some(entry) = self.entries.get_mut(seq) {
                entry.stage = Stage::Sent;
                entry.ever_sent = true;
            }
        }
        let payloads: Vec<&str> =
            seqs.iter().filter_map(|seq| self.entries.get(seq)).map(|entry| &*entry.payload).collect();
        let payload = match payloads.as_slice() {
            [one] => (*one).to_owned(),
            several => format!("[{}]", several.join(",")),
        };
        for seq in &seqs {
            if self.repeats.remove(seq) {
                self.waiting.insert((topic, *seq));
            }
        }
        let id = MessageId(self.next_message);
        self.next_message += 1;
        self.in_flight.insert(id, seqs);
        Some(Message { id, topic, payload })
    }

    /// The message could not be handed to the network: its entries wait again.
    pub fn not_sent(&mut self, id: MessageId) {
        for seq in self.in_flight.remove(&id).unwrap_or_default() {
            self.send_again(seq);
        }
    }

    /// The broker has the message.
    pub fn with_broker(&mut self, id: MessageId, now: Instant) {
        for seq in self.in_flight.remove(&id).unwrap_or_default() {
            if !self.awaits_server {
                self.remove(seq);
            } else if let Some(entry) = self.entries.get_mut(&seq)
                && entry.stage == Stage::Sent
            {
                entry.stage = Stage::WithBroker;
                self.heard_at.get_or_insert(now);
            }
        }
    }

    /// The server has committed everything up to and including `seq`. What was never sent cannot be meant.
    pub fn committed(&mut self, seq: i64, now: Instant) {
        let done: Vec<i64> =
            self.entries.range(..=seq).filter(|(_, entry)| entry.ever_sent).map(|(seq, _)| *seq).collect();
        for seq in done {
            self.remove(seq);
        }
        self.heard_at = Some(now);
        self.patience = Self::PATIENCE;
    }

    /// The server misses these, first and last included. What is no longer here is skipped. Returns how many go again.
    pub fn missing(&mut self, from: i64, to: i64) -> usize {
        let again: Vec<i64> = if from <= to {
            let entries = self.entries.range(from..=to);
            entries.filter(|(_, entry)| entry.stage == Stage::WithBroker).map(|(seq, _)| *seq).collect()
        } else {
            Vec::new()
        };
        for seq in &again {
            self.send_again(*seq);
        }
        again.len()
    }

    /// The connection is gone: nobody knows what became of the messages under way, and a broker that died may have lost
    /// what it had. Everything that is still here waits again.
    pub fn connection_lost(&mut self) {
        self.in_flight.clear();
        let all: Vec<i64> = self.entries.keys().copied().collect();
        for seq in all {
            self.send_again(seq);
        }
        self.heard_at = None;
        self.patience = Self::PATIENCE;
    }

    /// Sends everything that the broker took and the server has not acknowledged again, if the server has been silent for
    /// too long, each time more patiently. A broker that died may have lost all of it, and the server cannot miss what it
    /// has never heard of.
    pub fn remind(&mut self, now: Instant) {
        let entries = self.entries.iter().filter(|(_, entry)| entry.stage == Stage::WithBroker);
        let unacknowledged: Vec<i64> = entries.map(|(seq, _)| *seq).collect();
        if unacknowledged.is_empty() {
            return;
        }
        let heard_at = *self.heard_at.get_or_insert(now);
        if now.saturating_duration_since(heard_at) >= self.patience {
            for seq in unacknowledged {
                self.send_again(seq);
            }
            self.heard_at = Some(now);
            self.patience = (self.patience * 2).min(Duration::from_secs(120));
        }
    }

    /// How many entries are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many messages are on their way to the broker.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// How many entries were forgotten because the buffer was full.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    fn send_again(&mut self, seq: i64) {
        if let Some(entry) = self.entries.get_mut(&seq) {
            entry.stage = Stage::Waiting;
            self.waiting.insert((entry.topic, seq));
        }
    }

    fn remove(&mut self, seq: i64) {
        if let Some(entry) = self.entries.remove(&seq) {
            self.waiting.remove(&(entry.topic, seq));
            self.repeats.remove(&seq);
        }
    }
}

#[cfg(test)]
mod tests;
