//! Reads the `/` line the way people say names, numbers and addresses, and turns it into the few calls the service
//! can answer: one predicate each, exact or beginning-with.
//!
//! Source: Cognito API reference, ListUsers, Filter; developer guide, "Searching for users": one attribute, no custom
//! ones, `=` or `^=`, 256 characters.

use super::pool::Pool;
use super::raw::Raw;
use super::sentence::Sentence;
use super::user::{User, Username};

pub(super) mod fold;
pub(super) mod planning;
#[cfg(test)]
mod tests;
pub(super) mod wording;

/// The most calls one find makes, all stages together.
pub const MOST_CALLS: usize = 8;

/// The longest filter the service takes, in characters, after escaping.
pub const LONGEST_FILTER: usize = 256;

/// What the typed text is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing the service could be asked for.
    Nothing,
    /// A UUID, or its beginning up to and past the first hyphen.
    Sub,
    /// Seven digits and more, with what people write between them.
    Phone,
    /// Something before and after an `@`.
    Email,
    /// `@example.com`: the service cannot search by domain.
    Domain,
    Word,
    /// Several words: only names have spaces.
    FullName,
    /// One attribute that was named, and a value.
    Term,
}

/// How a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Exact,
    Prefix,
}

/// One call: one predicate. Debug prints the value's length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub attribute: &'static str,
    pub operator: Operator,
    pub value: Raw,
}

/// Why a predicate cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterProblem {
    /// A control character, which no filter may hold.
    Control,
    /// Longer than [`LONGEST_FILTER`], escapes counted.
    TooLong { characters: usize },
}

impl FilterProblem {
    pub fn sentence(self) -> Sentence {
        match self {
            Self::Control => "not asked: the text holds control characters".into(),
            Self::TooLong { characters } => {
                format!("not asked: {characters} characters, and a search holds at most {LONGEST_FILTER}").into()
            }
        }
    }
}

impl Ask {
    pub(super) fn exact(attribute: &'static str, value: impl Into<Raw>) -> Self {
        Self {
            attribute,
            operator: Operator::Exact,
            value: value.into(),
        }
    }

    pub(super) fn prefix(attribute: &'static str, value: impl Into<Raw>) -> Self {
        Self {
            attribute,
            operator: Operator::Prefix,
            value: value.into(),
        }
    }

    /// The Filter parameter of ListUsers: `email ^= "jane"`. The backslash is escaped before the quotation mark, so
    /// that a value can neither end the literal nor swallow its end.
    pub fn filter(&self) -> Result<String, FilterProblem> {
        let value = self.value.as_str();
        if value.chars().any(char::is_control) {
            return Err(FilterProblem::Control);
        }
        let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
        let operator = match self.operator {
            Operator::Exact => "=",
            Operator::Prefix => "^=",
        };
        let filter = format!("{} {operator} \"{escaped}\"", self.attribute);
        match filter.chars().count() {
            characters if characters > LONGEST_FILTER => Err(FilterProblem::TooLong { characters }),
            _ => Ok(filter),
        }
    }
}

/// The calls of one find, [`MOST_CALLS`] at most. Stages are asked one after the other until one has hits; the asks
/// of one stage together. Every ask in it makes a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub reading: Reading,
    pub stages: Vec<Vec<Ask>>,
    /// What was left out and why, as sentences of their own.
    pub notes: Vec<Sentence>,
}

impl Plan {
    /// How many calls it makes if nobody is found.
    pub fn calls(&self) -> usize {
        self.stages.iter().map(Vec::len).sum()
    }

    pub fn asks(&self) -> impl Iterator<Item = &Ask> {
        self.stages.iter().flatten()
    }

    /// The asks that were answered with somebody, or all where nobody knows.
    pub fn answered(&self, stage: Option<usize>) -> &[Vec<Ask>] {
        stage
            .and_then(|stage| self.stages.get(stage..=stage))
            .unwrap_or(&self.stages)
    }
}

/// Reads the typed text and lays out the calls. `phone_prefixes` are country codes such as `+1`, tried in order for
/// a number that was typed without one. Without a pool's settings nothing is left out.
pub fn plan(typed: &str, pool: Option<&Pool>, phone_prefixes: &[String]) -> Plan {
    planning::plan(typed.trim(), pool, phone_prefixes)
}

/// The calls for a name given at start: that username exactly, then whatever [`plan`] makes of it.
pub fn plan_named_or_meant(typed: &str, pool: Option<&Pool>, phone_prefixes: &[String]) -> Plan {
    planning::named_or_meant(typed, pool, phone_prefixes)
}

/// One call for the user of exactly this name, so that nobody else can open in their place.
pub fn plan_named(username: &Username) -> Plan {
    planning::named(username.as_str())
}

/// One call that reads a user again through the list.
pub fn plan_again(user: &User) -> Plan {
    planning::again(user)
}

/// Nobody was found: what was asked, and what the service cannot be asked.
pub fn nobody(plan: &Plan, typed: &str, pool_estimate: Option<u64>) -> Sentence {
    wording::nobody(plan, typed.trim(), pool_estimate)
}
