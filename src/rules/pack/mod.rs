//! Rule packs: which rules a jurisdiction has, with parameters, grades and sources.
//!
//! A pack is data. Those for ADR, China, the United States and Singapore are in the binary; an authority publishes further
//! versions, which are never edited. A [`PackDocument`] is what is written, a [`RuleSet`] what is judged by: its parameters
//! are typed and checked, its expressions are read and bounded, and it holds for a period in which none of its rules changes.
//! [`RulePacks`] finds the one in force. All packs are informational, not legal advice.

mod document;
mod expression;
mod facts;
pub mod language;
mod packs;
mod rule_set;

pub use self::{
    document::{Mark, PackDocument, PackError, RuleDocument},
    expression::{Condition, Given, NoOutcome, SeverityExpression},
    facts::{ConditionFacts, SeverityFacts},
    language::ExpressionError,
    packs::{PublishedPack, RulePacks, Timeline},
    rule_set::{Rule, RuleSet, RuleSource},
};

/// The packs in the binary, by file.
const FILES: [(&str, &str); 4] = [
    ("adr.toml", include_str!("../packs/adr.toml")),
    ("cn.toml", include_str!("../packs/cn.toml")),
    ("us.toml", include_str!("../packs/us.toml")),
    ("sg.toml", include_str!("../packs/sg.toml")),
];

/// The packs in the binary.
///
/// # Errors
/// Never, as a test proves.
pub fn builtin() -> Result<Vec<PackDocument>, PackError> {
    FILES.iter().map(|(name, text)| PackDocument::from_toml(name, text)).collect()
}
