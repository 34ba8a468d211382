//! Which part of a line the service can answer: one attribute of ten, the whole value or its beginning.

use super::{Query, Term, Test};
use crate::domain::column::Column;
use crate::domain::find::{self, Ask, Plan, planning};
use crate::domain::pool::Pool;

/// The attributes that a filter can name, those first that fewest users share.
const ASKED: [&str; 8] = [
    "sub",
    "username",
    "email",
    "phone_number",
    "preferred_username",
    "name",
    "family_name",
    "given_name",
];

/// What the service is asked for a line. The rest is for [`Asks::rest`].
#[derive(Clone, Debug, PartialEq)]
pub struct Asks {
    pub plan: Plan,
    /// The numbers of the terms that the service answers.
    terms: Vec<usize>,
}

impl Asks {
    /// There is no service to ask.
    pub fn of_nobody() -> Self {
        Self {
            plan: Plan {
                reading: find::Reading::Nothing,
                stages: Vec::new(),
                notes: Vec::new(),
            },
            terms: Vec::new(),
        }
    }

    /// There is no term that the service could answer: everybody must be looked at here.
    pub fn is_nothing(&self) -> bool {
        self.plan.calls() == 0
    }

    /// The terms that are answered by the service.
    pub fn asked<'a>(&'a self, query: &'a Query) -> impl Iterator<Item = &'a Term> {
        self.terms.iter().filter_map(|number| query.terms.get(*number))
    }

    /// What is left to check here of the users that the service found. Its own part is not checked again: it knows
    /// better than this program how it compares.
    pub fn rest(&self, query: &Query) -> Query {
        let left = query.terms.iter().enumerate();
        Query {
            terms: left
                .filter(|(number, _)| !self.terms.contains(number))
                .map(|(_, term)| term.clone())
                .collect(),
        }
    }
}

impl Query {
    /// What of it is asked: the term that fewest users match, a whole value before a beginning; else what the words may
    /// mean, reading after reading; else the status.
    pub fn asks(&self, pool: Option<&Pool>, phone_prefixes: &[String]) -> Asks {
        let mut named: Vec<(usize, usize, Vec<Ask>)> = Vec::new();
        let mut last: Vec<(usize, usize, Vec<Ask>)> = Vec::new();
        for (number, term) in self.terms.iter().enumerate().filter(|(_, term)| !term.negated) {
            match asked(&term.test) {
                Some((rank, asks)) => named.push((rank, number, asks)),
                None => last.extend(asked_of_many(&term.test).map(|(rank, asks)| (rank, number, asks))),
            }
        }
        let mut notes = Vec::new();
        let mut best = |mut terms: Vec<(usize, usize, Vec<Ask>)>| {
            terms.sort_by_key(|(rank, number, _)| (*rank, *number));
            terms.into_iter().find_map(|(_, number, asks)| {
                let plan = planning::term(asks);
                notes.extend(plan.notes.iter().cloned());
                (plan.calls() > 0).then(|| Asks {
                    plan,
                    terms: vec![number],
                })
            })
        };
        if let Some(asks) = best(named) {
            return asks;
        }
        let words: Vec<&str> = self.words().map(|word| word.typed().as_str()).collect();
        let meant = Asks {
            plan: find::plan(&words.join(" "), pool, phone_prefixes),
            terms: (0..)
                .zip(&self.terms)
                .filter(|(_, term)| matches!(term.test, Test::Text(_)) && !term.negated)
                .map(|(number, _)| number)
                .collect(),
        };
        if !meant.is_nothing() {
            return meant;
        }
        best(last).unwrap_or_else(|| {
            let mut nothing = meant;
            nothing.terms.clear();
            nothing.plan.notes.extend(notes);
            nothing
        })
    }
}

/// The call for a term, and how many users may share it compared with others.
fn asked(test: &Test) -> Option<(usize, Vec<Ask>)> {
    let (column, word, exact) = match test {
        Test::Exact(column, word) => (column, word, true),
        Test::Prefix(column, word) => (column, word, false),
        _ => return None,
    };
    if !matches!(column, Column::Username | Column::Attribute(_)) {
        return None;
    }
    let rank = ASKED.iter().position(|name| *name == column.name())?;
    let attribute = *ASKED.get(rank)?;
    let ask = |value: &str| match exact {
        true => Ask::exact(attribute, value),
        false => Ask::prefix(attribute, value),
    };
    let typed = word.typed().as_str();
    let asks = match attribute {
        "sub" => vec![ask(&typed.to_ascii_lowercase())],
        // The service may tell the case of usernames apart.
        "username" => vec![ask(typed), ask(&typed.to_lowercase())],
        _ => vec![ask(typed)],
    };
    Some((if exact { rank } else { ASKED.len() + rank }, asks))
}

/// The same for what great parts of a pool share.
fn asked_of_many(test: &Test) -> Option<(usize, Vec<Ask>)> {
    let status = |value: &super::Word| value.typed().as_str().to_uppercase();
    match test {
        Test::Exact(Column::Status, word) => Some((0, vec![Ask::exact("cognito:user_status", status(word))])),
        Test::Prefix(Column::Status, word) => Some((1, vec![Ask::prefix("cognito:user_status", status(word))])),
        Test::Enabled(false) => Some((2, vec![Ask::exact("status", "Disabled")])),
        Test::Enabled(true) => Some((3, vec![Ask::exact("status", "Enabled")])),
        _ => None,
    }
}
