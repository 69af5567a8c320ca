//! The two kinds of expression in a pack: how grave a violation is, and the condition of a rule of an authority's own.

use std::{fmt, sync::Arc};

use cel::common::{
    ast::{Expr, IdedExpr, LiteralValue, operators},
    types::{CelBool, CelString},
};

use super::{
    facts::{ConditionFacts, SeverityFacts},
    language::{Expression, ExpressionError, Kind},
};
use crate::{domain::Severity, hazard::LoadProfile};

/// How often a rule gives a value to be graded by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Each violation has it.
    Always,
    /// Some violations have it.
    Sometimes,
    /// No violation has it.
    Never,
}

/// How grave a violation is, as a pack says.
///
/// Reading it proves that every outcome is a severity and that there is one whatever the facts. Should judging fail all the
/// same, the gravest of its outcomes is taken.
#[derive(Clone, Debug)]
pub struct SeverityExpression {
    text: Arc<str>,
    gravest: Severity,
    /// `None`: there is only one outcome.
    expression: Option<Arc<Expression>>,
}

/// An expression had no outcome: a defect, since that is ruled out when a pack is loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the severity {0:?} has no outcome; the gravest it names was taken")]
pub struct NoOutcome(pub Arc<str>);

impl SeverityExpression {
    /// Reads an expression: `S2`, or e.g. `gravest ? S1 : S2`. `value` and `limit` say whether the rule has them.
    ///
    /// # Errors
    /// When it is no expression, may cost too much, is not a severity in every case, or asks for what the rule never gives.
    pub fn read(text: &str, value: Given, limit: Given) -> Result<Self, ExpressionError> {
        let expression = Expression::read(text, SeverityFacts::VOCABULARY)?;
        let gravest = gravest_outcome(expression.tree())?;
        for (name, given) in [("value", value), ("limit", limit), ("excess_ratio", both(value, limit))] {
            if given == Given::Never && asks_for(expression.tree(), name) {
                return Err(ExpressionError::NeverGiven(name));
            }
        }
        let single = single_outcome(expression.tree()).is_some();
        let read = Self { text: text.into(), gravest, expression: (!single).then(|| Arc::new(expression)) };
        read.try_out(value, limit)?;
        Ok(read)
    }

    /// How grave the violation is.
    #[must_use]
    pub fn grade(&self, facts: &SeverityFacts<'_>) -> Severity {
        self.try_grade(facts).unwrap_or(self.gravest)
    }

    /// How grave the violation is.
    ///
    /// # Errors
    /// When the expression has no outcome; [`grade`](Self::grade) then takes the gravest.
    pub fn try_grade(&self, facts: &SeverityFacts<'_>) -> Result<Severity, NoOutcome> {
        let Some(expression) = &self.expression else {
            return Ok(self.gravest);
        };
        let outcome = expression.work_out(facts, |value| {
            value.downcast_ref::<CelString<'_>>().and_then(|text| severity_named(text.inner()))
        });
        outcome.ok_or_else(|| NoOutcome(self.text.clone()))
    }

    /// The gravest of its outcomes.
    #[must_use]
    pub fn gravest(&self) -> Severity {
        self.gravest
    }

    /// Grades samples that differ in what is there and what is not.
    fn try_out(&self, value: Given, limit: Given) -> Result<(), ExpressionError> {
        let unknown = LoadProfile::unknown();
        for (value, value_case) in samples(value) {
            for (limit, limit_case) in samples(limit) {
                for load in [None, Some(&unknown)] {
                    for police_approved in [false, true] {
                        let facts = SeverityFacts { value, limit, load, police_approved, ..SeverityFacts::NONE };
                        self.try_grade(&facts).map_err(|_| {
                            ExpressionError::Undecided(format!("value is {value_case} and limit {limit_case}"))
                        })?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for SeverityExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn both(one: Given, other: Given) -> Given {
    match (one, other) {
        (Given::Never, _) | (_, Given::Never) => Given::Never,
        (Given::Always, Given::Always) => Given::Always,
        _ => Given::Sometimes,
    }
}

fn samples(given: Given) -> Vec<(Option<f64>, &'static str)> {
    let there = [(Some(-1.0), "below 0"), (Some(0.0), "0"), (Some(1.0), "1"), (Some(1e9), "large")];
    match given {
        Given::Always => there.to_vec(),
        Given::Sometimes => there.into_iter().chain([(None, "null")]).collect(),
        Given::Never => vec![(None, "null")],
    }
}

fn severity_named(text: &str) -> Option<Severity> {
    match text {
        "S1" => Some(Severity::S1),
        "S2" => Some(Severity::S2),
        "S3" => Some(Severity::S3),
        "S4" => Some(Severity::S4),
        _ => None,
    }
}

/// The severity that `part` names, if it is nothing but that.
fn single_outcome(part: &IdedExpr) -> Option<Severity> {
    match &part.expr {
        Expr::Ident(name) => severity_named(name),
        Expr::Literal(LiteralValue::String(text)) => severity_named(text.inner()),
        _ => None,
    }
}

fn gravest_outcome(part: &IdedExpr) -> Result<Severity, ExpressionError> {
    if let Expr::Call(call) = &part.expr
        && call.func_name == operators::CONDITIONAL
        && let [_, one, other] = &*call.args
    {
        return Ok(gravest_outcome(one)?.max(gravest_outcome(other)?));
    }
    single_outcome(part).ok_or_else(|| {
        ExpressionError::NoSeverity(match &part.expr {
            Expr::Literal(LiteralValue::String(text)) => format!("{:?}", text.inner()),
            Expr::Ident(name) => name.clone(),
            _ => "something to be worked out".into(),
        })
    })
}

fn asks_for(part: &IdedExpr, fact: &str) -> bool {
    match &part.expr {
        Expr::Ident(name) => name == fact,
        Expr::Call(call) => {
            call.target.as_deref().is_some_and(|target| asks_for(target, fact))
                || call.args.iter().any(|argument| asks_for(argument, fact))
        }
        _ => false,
    }
}

/// The condition of a rule of an authority's own.
#[derive(Clone, Debug)]
pub struct Condition {
    text: Arc<str>,
    expression: Arc<Expression>,
}

impl Condition {
    /// Reads a condition over the facts of a fix, e.g. `moving && "1203" in un_numbers && utc_hour >= 22`.
    ///
    /// # Errors
    /// When it is no expression, may cost too much, or does not come to true or false.
    pub fn read(text: &str) -> Result<Self, ExpressionError> {
        let expression = Expression::read(text, ConditionFacts::VOCABULARY)?;
        if expression.kind() != Kind::Truth {
            return Err(ExpressionError::WrongKind {
                operator: "a condition".into(),
                found: "something else".into(),
                wanted: "what is true or false",
            });
        }
        Ok(Self { text: text.into(), expression: Arc::new(expression) })
    }

    /// Whether the condition is fulfilled. `None`: the facts that it needs are not there, so nobody can say; a rule is not
    /// broken then, and what was broken before is not known to be over.
    #[must_use]
    pub fn holds(&self, facts: &ConditionFacts<'_>) -> Option<bool> {
        self.expression.work_out(facts, |value| value.downcast_ref::<CelBool>().map(|truth| *truth.inner()))
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
