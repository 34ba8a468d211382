//! What a line says about its own answer: what was asked, what was checked here, and on how much of the pool.

use super::{Asks, Query, Term, Test};
use crate::domain::find::wording::spoken;
use crate::domain::find::{Ask, Operator, Reading};
use crate::domain::raw::Raw;
use crate::domain::sentence::{Sentence, grouped};
use crate::say;

/// How much of a pool was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    pub looked_at: u64,
    /// Of about how many, as far as the pool tells.
    pub estimate: Option<u64>,
    pub complete: bool,
    /// More may be looked at later: an export that was read holds whom it holds.
    pub grows: bool,
}

/// The sentence under the prompt: `asked: email^=jane; checked here: tier=gold; looked at 12,480 of about 48,200,
/// incomplete - S scans the rest`. `stage`: which reading of the words found somebody, if one did; `scan`: the key that reads
/// the rest of the pool, if there is one.
pub fn standing(query: &Query, asks: &Asks, stage: Option<usize>, reach: Reach, scan: Option<&str>) -> Sentence {
    let rest = asks.rest(query);
    let mut parts: Vec<Sentence> = Vec::new();
    if !asks.is_nothing() {
        parts.push(Sentence::from("asked: ").join(asked(query, asks, stage)));
        if !rest.is_empty() {
            parts.push(Sentence::from("checked here: ").join(listed(rest.terms.iter().map(told))));
        }
    }
    // What was not asked for, and why.
    parts.extend(asks.plan.notes.iter().cloned());
    parts.push(match asks.is_nothing() {
        true => checked(&rest, reach),
        false => looked(reach),
    });
    let sentence = joined("; ", parts);
    match scan.filter(|_| !reach.complete) {
        Some(key) => sentence.words(format!(" - {key} scans the rest")),
        None => sentence,
    }
}

/// A term as it is written; values of people can be masked.
fn told(term: &Term) -> Sentence {
    let sign = if term.negated { "-" } else { "" };
    let (before, value) = term.test.parts();
    let sentence = say!(own sign, name & Raw::from(before));
    match value {
        Some(value) => sentence.quote(&Raw::from(value)),
        None => sentence,
    }
}

/// `; checked here: tier=gold`: what is checked of those who are in the groups of a line. Empty: nothing.
pub fn checked_besides_groups(query: &Query) -> Sentence {
    let mut others = query
        .terms
        .iter()
        .filter(|term| !term.test.is_about_groups())
        .peekable();
    match others.peek() {
        Some(_) => Sentence::from("; checked here: ").join(listed(others.map(told))),
        None => Sentence::new(),
    }
}

fn listed(parts: impl IntoIterator<Item = Sentence>) -> Sentence {
    joined(", ", parts)
}

fn joined(between: &'static str, parts: impl IntoIterator<Item = Sentence>) -> Sentence {
    parts
        .into_iter()
        .fold(Sentence::new(), |all, part| match all.is_empty() {
            true => part,
            false => all.words(between).join(part),
        })
}

/// The term that was sent; for words which attributes they were looked for in, because they may mean several.
fn asked(query: &Query, asks: &Asks, stage: Option<usize>) -> Sentence {
    if asks.plan.reading == Reading::Term {
        return listed(asks.asked(query).map(told));
    }
    let sent: Vec<&Ask> = asks.plan.answered(stage).iter().flatten().collect();
    let relation = match sent.iter().all(|ask| ask.operator == Operator::Exact) {
        true => " is ",
        false => " begins with ",
    };
    let mut values: Vec<&Raw> = Vec::new();
    for ask in &sent {
        let same = |value: &&Raw| value.as_str().eq_ignore_ascii_case(ask.value.as_str());
        if !values.iter().any(same) {
            values.push(&ask.value);
        }
    }
    let mut sentence = say!(own spoken(sent.iter().copied()), own relation);
    for (number, value) in values.iter().enumerate() {
        if number > 0 {
            sentence = sentence.words(" or ");
        }
        sentence = sentence.quote(value);
    }
    sentence
}

fn looked(reach: Reach) -> Sentence {
    let looked_at = grouped(reach.looked_at);
    match (reach.complete, reach.estimate) {
        (true, _) => say!("looked at all ", own looked_at),
        (false, Some(of)) => say!("looked at ", own looked_at, " of about ", own grouped(of), ", incomplete"),
        (false, None) => say!("looked at ", own looked_at, ", incomplete"),
    }
}

/// `custom:tier is checked here, on 26 % of the pool so far`
fn checked(rest: &Query, reach: Reach) -> Sentence {
    if rest.is_empty() {
        return looked(reach);
    }
    let mut names: Vec<Sentence> = Vec::new();
    for term in &rest.terms {
        let part = match &term.test {
            Test::Text(_) => told(term),
            test => {
                let column = test.column();
                Sentence::new().name(&Raw::from(column.as_ref().map_or("", |column| column.name())))
            }
        };
        if !names.contains(&part) {
            names.push(part);
        }
    }
    let verb = if names.len() == 1 { " is" } else { " are" };
    let sentence = listed(names).words(verb).words(" checked here, on ");
    let so_far = if reach.grows { " so far" } else { "" };
    let share = reach
        .estimate
        .filter(|of| *of > 0)
        .map(|of| reach.looked_at.saturating_mul(100) / of);
    let users = match reach.looked_at {
        1 => "1 user".to_owned(),
        many => format!("{} users", grouped(many)),
    };
    match share {
        _ if reach.complete => sentence.words(format!("all {users}")),
        // An estimate may lag behind: all of it is not everybody.
        Some(percent) => sentence.words(format!("{} % of the pool{so_far}", percent.min(99))),
        None => sentence.words(format!("{users}{so_far}")),
    }
}
