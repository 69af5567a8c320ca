//! The part of the Common Expression Language in which packs grade violations and state rules of their own.
//!
//! An expression is checked when a pack is loaded, so that judging by it can neither fail nor take long:
//!
//! * it is short ([`LONGEST_TEXT`]), small ([`MOST_PARTS`]) and shallow ([`DEEPEST`]);
//! * there are no loops in any form: no macro over lists, no maps, messages, indices, or functions but [`TEXT_TESTS`];
//! * texts can be compared, never put together, and there are no regular expressions;
//! * every operator is given what it works on. Facts are truths, numbers, texts, or lists of the latter two, and nothing is
//!   converted.
//!
//! So the cost of judging once is at most the number of parts times the length of the longest fact. Numbers are all
//! floating-point: `value / 2` halves, where plain CEL would want `2.0`.
//!
//! A fact that is not there is `null`. It equals only `null`; any other question about it has no answer. As in CEL,
//! `a || b` is true when one of them is, and `a && b` is false when one of them is, though the other has no answer.

use std::sync::{Arc, LazyLock};

use cel::{
    Context, Env, Value,
    common::{
        ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators},
        types::CelDouble,
        value::CowVal,
    },
    context::VariableResolver,
};

/// Longest text of an expression, in bytes.
pub const LONGEST_TEXT: usize = 1000;
/// Most constants, facts and operators of an expression.
pub const MOST_PARTS: usize = 200;
/// Deepest nesting of operators.
pub const DEEPEST: usize = 24;
/// Most opening brackets in the text. The parser's own work on brackets that fit nowhere grows fast with their number.
const MOST_BRACKETS: usize = 32;
/// The functions that there are; each asks one text about another.
pub const TEXT_TESTS: [&str; 3] = ["startsWith", "endsWith", "contains"];

/// Why a text is no expression that may be used here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// It is too long, too large or too deep.
    #[error("the expression has {found} {what}; at most {most} are taken, so that judging never takes long")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// How much there is; of depth, how much was looked at.
        found: usize,
        /// How much may be.
        most: usize,
    },
    /// It is no CEL.
    #[error("the expression does not read: {0}")]
    Unreadable(String),
    /// It uses something that is left out here.
    #[error("{0} cannot be used here; there are facts, constants, && || ! ?: == != < <= > >= + - * / and in")]
    LeftOut(String),
    /// It asks for a fact that there is not.
    #[error("there is no fact {name:?}; the facts are {known}")]
    UnknownFact {
        /// What it asks for.
        name: String,
        /// What there is, as a list.
        known: String,
    },
    /// An operator is given what it does not work on.
    #[error("{operator} is given {found}; it works on {wanted}")]
    WrongKind {
        /// The operator or place.
        operator: String,
        /// What it is given.
        found: String,
        /// What it works on.
        wanted: &'static str,
    },
    /// An outcome is no severity.
    #[error("each outcome of a severity must be \"S1\", \"S2\", \"S3\" or \"S4\", alone or after ? and :; found {0}")]
    NoSeverity(String),
    /// It asks for what the rule never gives.
    #[error("this rule never gives {0}, so nothing can be graded by it")]
    NeverGiven(&'static str),
    /// It leaves cases open.
    #[error("the expression has no outcome when {0}; test for it with != null first")]
    Undecided(String),
}

/// What kind of thing a fact or part of an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Truth,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list of numbers.
    Numbers,
    /// A list of texts.
    Texts,
    /// Nothing: `null`.
    Nothing,
}

impl Kind {
    fn in_words(self) -> &'static str {
        match self {
            Self::Truth => "a truth",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Numbers => "a list of numbers",
            Self::Texts => "a list of texts",
            Self::Nothing => "null",
        }
    }
}

/// The facts that an expression may ask for.
pub type Vocabulary = [(&'static str, Kind)];

/// An expression that was found to be well formed, small, and right in its kinds.
#[derive(Debug)]
pub(super) struct Expression {
    tree: IdedExpr,
    kind: Kind,
}

/// The environment of every expression: the standard functions, of which the check lets [`TEXT_TESTS`] pass, and no macro.
static ENVIRONMENT: LazyLock<Arc<Env>> =
    LazyLock::new(|| Arc::new(Env::default().with_optional_support(false).with_stdlib()));

impl Expression {
    /// Reads and checks `text`.
    pub(super) fn read(text: &str, vocabulary: &Vocabulary) -> Result<Self, ExpressionError> {
        let too_much = |what, found, most| Err(ExpressionError::TooMuch { what, found, most });
        if text.len() > LONGEST_TEXT {
            return too_much("bytes", text.len(), LONGEST_TEXT);
        }
        let brackets = text.bytes().filter(|byte| matches!(byte, b'(' | b'[')).count();
        if brackets > MOST_BRACKETS {
            return too_much("opening brackets", brackets, MOST_BRACKETS);
        }
        if text.contains(['{', '`']) {
            return Err(ExpressionError::LeftOut("the characters { and `".into()));
        }
        let depth = u16::try_from(DEEPEST).unwrap_or(u16::MAX);
        let parser = ENVIRONMENT.parser().max_recursion_depth(depth).error_recovery_limit(1);
        let mut tree = parser.parse(text).map_err(|errors| {
            // Each error shows the text again; the first one's place and words are enough.
            let first = errors.errors.first().map(|error| format!("at {}:{}: {}", error.pos.0, error.pos.1, error.msg));
            ExpressionError::Unreadable(first.unwrap_or_else(|| "no reason is given".into()))
        })?;
        let mut check = Check { vocabulary, parts: 0 };
        let kind = check.kind(&mut tree, 0)?;
        Ok(Self { tree, kind })
    }

    /// What it comes to.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Its parts.
    pub(super) fn tree(&self) -> &IdedExpr {
        &self.tree
    }

    /// Works it out from `facts`, and hands what it comes to to `read`. `None`: a fact that it needs is not there.
    pub(super) fn work_out<T>(
        &self,
        facts: &dyn VariableResolver,
        read: impl FnOnce(&CowVal<'_, '_>) -> Option<T>,
    ) -> Option<T> {
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        context.set_variable_resolver(facts);
        let value = Value::resolve_val(&self.tree, &context).ok()?;
        read(&value)
    }
}

/// The check of one expression.
struct Check<'a> {
    vocabulary: &'a Vocabulary,
    parts: usize,
}

impl Check<'_> {
    /// What `part` comes to. Whole numbers in it become floating-point ones on the way.
    fn kind(&mut self, part: &mut IdedExpr, depth: usize) -> Result<Kind, ExpressionError> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return Err(ExpressionError::TooMuch { what: "parts", found: self.parts, most: MOST_PARTS });
        }
        if depth > DEEPEST {
            return Err(ExpressionError::TooMuch { what: "levels", found: depth, most: DEEPEST });
        }
        match &mut part.expr {
            Expr::Literal(literal) => constant(literal),
            Expr::Ident(name) => self.fact(name),
            Expr::Call(call) => self.call(call, depth),
            Expr::List(list) => {
                let mut kind = None;
                for element in &mut list.elements {
                    if !matches!(element.expr, Expr::Literal(_)) {
                        return Err(ExpressionError::LeftOut("a list of anything but constants".into()));
                    }
                    let found = self.kind(element, depth + 1)?;
                    if kind.is_some_and(|kind| kind != found) {
                        return Err(ExpressionError::LeftOut("a list of different kinds".into()));
                    }
                    kind = Some(found);
                }
                match kind {
                    Some(Kind::Number) => Ok(Kind::Numbers),
                    Some(Kind::Text) => Ok(Kind::Texts),
                    _ => Err(ExpressionError::LeftOut("a list of anything but numbers or texts".into())),
                }
            }
            Expr::Select(select) => Err(ExpressionError::LeftOut(format!("the field .{}", short(&select.field)))),
            Expr::Comprehension(_) => Err(ExpressionError::LeftOut("a loop over a list".into())),
            Expr::Map(_) | Expr::Struct(_) => Err(ExpressionError::LeftOut("a map".into())),
            Expr::Unspecified => Err(ExpressionError::Unreadable("it is empty".into())),
        }
    }

    fn fact(&self, name: &str) -> Result<Kind, ExpressionError> {
        self.vocabulary.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind).ok_or_else(|| {
            let known: Vec<&str> = self.vocabulary.iter().map(|(known, _)| *known).collect();
            ExpressionError::UnknownFact { name: short(name), known: known.join(", ") }
        })
    }

    fn call(&mut self, call: &mut CallExpr, depth: usize) -> Result<Kind, ExpressionError> {
        let name = call.func_name.clone();
        if let Some(target) = &mut call.target {
            if !TEXT_TESTS.contains(&name.as_str()) || call.args.len() != 1 {
                return Err(ExpressionError::LeftOut(format!(".{}()", short(&name))));
            }
            let mut kinds = vec![self.kind(target, depth + 1)?];
            for argument in &mut call.args {
                kinds.push(self.kind(argument, depth + 1)?);
            }
            return want(&name, &kinds, &[Kind::Text, Kind::Text], "two texts").map(|()| Kind::Truth);
        }
        let mut kinds = Vec::with_capacity(call.args.len());
        for argument in &mut call.args {
            kinds.push(self.kind(argument, depth + 1)?);
        }
        operator(&name, &kinds)
    }
}

/// What the operator `name` makes of what it is given.
fn operator(name: &str, kinds: &[Kind]) -> Result<Kind, ExpressionError> {
    use Kind::{Nothing, Number, Numbers, Text, Texts, Truth};
    let sign = name.replace(['_', '@'], "");
    let wrong = |wanted| Err(wrong_kind(&sign, kinds, wanted));
    match (name, kinds) {
        (operators::LOGICAL_AND | operators::LOGICAL_OR, _) => {
            want(&sign, kinds, &[Truth, Truth], "two truths").map(|()| Truth)
        }
        (operators::LOGICAL_NOT, _) => want(&sign, kinds, &[Truth], "a truth").map(|()| Truth),
        (operators::NEGATE, _) => want(&sign, kinds, &[Number], "a number").map(|()| Number),
        (operators::ADD | operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE, _) => {
            want(&sign, kinds, &[Number, Number], "two numbers").map(|()| Number)
        }
        (
            operators::GREATER | operators::GREATER_EQUALS | operators::LESS | operators::LESS_EQUALS,
            [Number, Number] | [Text, Text],
        ) => Ok(Truth),
        (operators::GREATER | operators::GREATER_EQUALS | operators::LESS | operators::LESS_EQUALS, _) => {
            wrong("two numbers or two texts")
        }
        (operators::EQUALS | operators::NOT_EQUALS, [one, other])
            if one == other || *one == Nothing || *other == Nothing =>
        {
            Ok(Truth)
        }
        (operators::EQUALS | operators::NOT_EQUALS, _) => wrong("two of one kind, or null"),
        (operators::IN, [Number, Numbers] | [Text, Texts]) => Ok(Truth),
        (operators::IN, _) => wrong("a number and a list of numbers, or a text and a list of texts"),
        (operators::CONDITIONAL, [Truth, one, other]) if one == other => Ok(*one),
        (operators::CONDITIONAL, _) => wrong("a truth and two outcomes of one kind"),
        (operators::MODULO, _) => Err(ExpressionError::LeftOut("%".into())),
        (operators::INDEX, _) => Err(ExpressionError::LeftOut("an index in [ ]".into())),
        _ => Err(ExpressionError::LeftOut(format!("{}()", short(name)))),
    }
}

fn want(sign: &str, kinds: &[Kind], wanted: &[Kind], in_words: &'static str) -> Result<(), ExpressionError> {
    if kinds == wanted { Ok(()) } else { Err(wrong_kind(sign, kinds, in_words)) }
}

fn wrong_kind(sign: &str, kinds: &[Kind], wanted: &'static str) -> ExpressionError {
    let found: Vec<&str> = kinds.iter().map(|kind| kind.in_words()).collect();
    ExpressionError::WrongKind { operator: short(sign), found: found.join(" and "), wanted }
}

fn constant(literal: &mut LiteralValue) -> Result<Kind, ExpressionError> {
    match literal {
        LiteralValue::Boolean(_) => Ok(Kind::Truth),
        LiteralValue::Double(_) => Ok(Kind::Number),
        LiteralValue::Int(whole) => {
            #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 no fact is exact either")]
            let number = *whole.inner() as f64;
            *literal = LiteralValue::Double(CelDouble::from(number));
            Ok(Kind::Number)
        }
        LiteralValue::String(_) => Ok(Kind::Text),
        LiteralValue::Null => Ok(Kind::Nothing),
        LiteralValue::Bytes(_) => Err(ExpressionError::LeftOut("a byte string".into())),
        LiteralValue::UInt(_) => Err(ExpressionError::LeftOut("a number with u".into())),
    }
}

/// A text from a pack, cut to what an error can show.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests;
