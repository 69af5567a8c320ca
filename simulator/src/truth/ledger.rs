//! The ledger: what really happened, one JSON object a line.
//!
//! The first line says what was staged. Then come the episodes of breaking a rule, and the times at which a vehicle's
//! device could not say where it was. Nothing in it comes from the server, and the same seed writes the same bytes.

use std::io::{BufRead, Write};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Why a ledger cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file.
    #[error("the ledger cannot be read: {0}")]
    File(#[from] std::io::Error),
    /// A line.
    #[error("line {line} of the ledger is not readable: {cause}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        cause: serde_json::Error,
    },
    /// No first line.
    #[error("the ledger does not begin with a line that says what was staged")]
    NoHeader,
}

/// What was staged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The operator that all vehicles belong to.
    pub operator: String,
    /// From which everything random follows.
    pub seed: u64,
    /// When it begins.
    pub start: DateTime<Utc>,
    /// How many hours of traffic there are.
    pub hours: f64,
    /// How many vehicles there are.
    pub vehicles: usize,
    /// How many of them break no rule, not even doubtfully.
    pub blameless: usize,
}

/// A true episode of breaking a rule, or one that might be seen in what the devices send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// `operator/vehicle`.
    pub vehicle: String,
    /// The rule's key.
    pub rule: String,
    /// What it is about, as findings name it, with names in place of the server's numbers: `zone/Old town`, `vehicle`.
    pub subject: String,
    /// When the condition begins to hold.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// The extreme of what the rule measures, in the rule's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// So many seconds off, a finding is still this one.
    pub tolerance_s: f64,
    /// It may be found, and need not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubtful: bool,
    /// It may only be found as `possible`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_possible: bool,
    /// It may be found in several pieces.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub splits: bool,
    /// A permit covers it: it must be found with the exemption's name on it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exempted: bool,
    /// Other times at which the same may be found, because the device told another time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// In words, and who staged it.
    pub note: String,
}

/// A time at which a device could not say where its vehicle was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blind {
    /// `operator/vehicle`.
    pub vehicle: String,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
}

/// A whole ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    /// What was staged.
    pub header: Header,
    /// The episodes, by vehicle, rule and time.
    pub episodes: Vec<Episode>,
    /// When devices were blind, by vehicle and time.
    pub blind: Vec<Blind>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Line {
    Staged(Header),
    Episode(Episode),
    Blind(Blind),
}

impl Ledger {
    /// Writes it.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&self, mut to: impl Write) -> std::io::Result<()> {
        let mut line = |line: Line| {
            serde_json::to_writer(&mut to, &line)?;
            to.write_all(b"\n")
        };
        line(Line::Staged(self.header.clone()))?;
        self.episodes.iter().try_for_each(|episode| line(Line::Episode(episode.clone())))?;
        self.blind.iter().try_for_each(|blind| line(Line::Blind(blind.clone())))
    }

    /// Reads it.
    ///
    /// # Errors
    /// When it cannot be read, or a line is not one of a ledger.
    pub fn read(from: impl BufRead) -> Result<Self, LedgerError> {
        let mut header = None;
        let (mut episodes, mut blind) = (Vec::new(), Vec::new());
        for (text, line) in from.lines().zip(1..) {
            match serde_json::from_str(&text?).map_err(|cause| LedgerError::Line { line, cause })? {
                Line::Staged(staged) => header = Some(staged),
                Line::Episode(episode) => episodes.push(episode),
                Line::Blind(one) => blind.push(one),
            }
        }
        Ok(Self { header: header.ok_or(LedgerError::NoHeader)?, episodes, blind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let at = |text: &str| text.parse().unwrap();
        let episode = Episode {
            vehicle: "carrier/V-1".into(),
            rule: "zone.prohibited".into(),
            subject: "zone/Old town".into(),
            from: at("2026-10-24T12:00:00Z"),
            to: at("2026-10-24T12:05:00Z"),
            value: None,
            tolerance_s: 30.0,
            doubtful: false,
            only_possible: false,
            splits: true,
            exempted: false,
            also: vec![(at("2026-10-24T13:00:00Z"), at("2026-10-24T13:05:00Z"))],
            note: "drives through".into(),
        };
        let blind = Blind { vehicle: "carrier/V-1".into(), from: episode.from, to: episode.to };
        let header =
            Header { operator: "carrier".into(), seed: 7, start: episode.from, hours: 24.0, vehicles: 1, blameless: 0 };
        let ledger = Ledger { header, episodes: vec![episode], blind: vec![blind] };
        let mut bytes = Vec::new();
        ledger.write(&mut bytes).unwrap();
        assert_eq!(Ledger::read(bytes.as_slice()).unwrap(), ledger);
        assert!(!String::from_utf8(bytes).unwrap().contains("doubtful"), "what does not hold is not said");
    }

    #[test]
    fn a_broken_line_is_named() {
        let error = Ledger::read(&b"{\"kind\":\"episode\"}\n"[..]).unwrap_err().to_string();
        assert!(error.contains("line 1"), "{error}");
        assert!(matches!(Ledger::read(&b""[..]), Err(LedgerError::NoHeader)));
    }
}
