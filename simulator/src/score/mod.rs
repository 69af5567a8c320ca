//! `placard-sim score`: holds what the server found against the ledger.

pub mod explain;
pub mod fetch;
pub mod matching;
pub mod table;

use std::{collections::BTreeMap, fs::File, io::BufReader, path::PathBuf};

use serde::Serialize;

use crate::{
    api::{Api, ApiError},
    truth::{Header, Ledger, LedgerError},
};
use table::RuleScore;

/// Why there is no score.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// The ledger.
    #[error("{path:?}: {cause}")]
    Ledger {
        /// Its path.
        path: PathBuf,
        /// What is wrong with it.
        cause: LedgerError,
    },
    /// The API.
    #[error(transparent)]
    Api(#[from] ApiError),
}

/// A score with its reasons.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What was staged.
    pub staged: Header,
    /// Rule by rule.
    pub rules: BTreeMap<String, RuleScore>,
    /// All rules together.
    pub all: RuleScore,
    /// What was missed, and what would explain it.
    pub misses: Vec<String>,
    /// What did not happen but was found, and what would explain it.
    pub false_alarms: Vec<String>,
}

/// Scores the server behind `api` by the ledger at `path`.
///
/// # Errors
/// When the ledger cannot be read, or the server cannot be reached or refuses.
pub async fn run(api: &Api, path: &std::path::Path) -> Result<Report, ScoreError> {
    let failed = |cause: LedgerError| ScoreError::Ledger { path: path.to_owned(), cause };
    let file = File::open(path).map_err(|cause| failed(cause.into()))?;
    let ledger = Ledger::read(BufReader::new(file)).map_err(failed)?;
    let findings = fetch::findings(api, &ledger.header.operator).await?;
    let matching = matching::pair(&ledger, &findings);
    let rules = table::scores(&ledger, &findings, &matching);
    Ok(Report {
        all: table::total(&rules),
        misses: explain::misses(&ledger, &findings, &matching),
        false_alarms: explain::false_alarms(&ledger, &findings, &matching),
        staged: ledger.header,
        rules,
    })
}

impl Report {
    /// The report for a person, with at most `most` misses and as many false alarms.
    #[must_use]
    pub fn text(&self, most: usize) -> String {
        let mut parts = vec![
            format!("{} vehicles, {} of them blameless", self.staged.vehicles, self.staged.blameless),
            table::text(&self.rules),
        ];
        for (title, list) in [("missed", &self.misses), ("false", &self.false_alarms)] {
            if list.is_empty() {
                continue;
            }
            let mut lines = vec![format!("\n{title}:")];
            lines.extend(list.iter().take(most).map(|line| format!("  {line}")));
            if list.len() > most {
                lines.push(format!("  and {} more", list.len() - most));
            }
            parts.push(lines.join("\n"));
        }
        parts.join("\n")
    }
}
