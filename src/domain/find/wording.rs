//! What a find says about itself: what was asked, so that "nobody" is not taken for more than it is.

use super::{Ask, Operator, Plan, Reading};
use crate::domain::raw::Raw;
use crate::domain::sentence::{Sentence, grouped};
use crate::say;

/// More characters than anybody types: a paste.
const LONG: usize = 60;

/// Names of attributes as people say them, in the order they are told.
const SPOKEN: [(&str, &[&str]); 7] = [
    ("username", &["username"]),
    ("e-mail", &["email"]),
    ("name", &["name", "given_name", "family_name", "preferred_username"]),
    ("phone number", &["phone_number"]),
    ("sub", &["sub"]),
    ("status", &["cognito:user_status"]),
    ("account", &["status"]),
];

pub(super) fn nobody(plan: &Plan, typed: &str, estimate: Option<u64>) -> Sentence {
    if plan.reading == Reading::Nothing {
        return "nothing was asked".into();
    }
    let asked = if plan.calls() == 0 {
        say!("'", raw & Raw::from(typed), "' was not asked for")
    } else {
        asked_for(plan, typed)
    };
    // A long text would fill what is shown of this, so the reasons stand before it.
    let reasons_first = typed.chars().count() > LONG;
    let mut sentence = Sentence::new();
    if !reasons_first {
        sentence = asked.clone();
    }
    for note in &plan.notes {
        if !sentence.is_empty() {
            sentence = sentence.words(". ");
        }
        sentence = sentence.join(note.clone());
    }
    if reasons_first {
        if !sentence.is_empty() {
            sentence = sentence.words(". ");
        }
        sentence = sentence.join(asked);
    }
    if plan.calls() == 0 {
        return sentence;
    }
    sentence = match plan.reading {
        Reading::Word | Reading::FullName => sentence.words(". Not asked: middle of names, custom attributes"),
        Reading::Email => sentence.words(". Not asked: middle of addresses, custom attributes"),
        _ => sentence,
    };
    match estimate {
        Some(users) => sentence.words(format!(". The pool has about {} users", grouped(users))),
        None => sentence,
    }
}

fn asked_for(plan: &Plan, typed: &str) -> Sentence {
    let relation = if plan.asks().all(|ask| ask.operator == Operator::Exact) {
        " is "
    } else {
        " begins with "
    };
    match plan.reading {
        // The numbers asked for differ from what was typed, so they are told as they were sent.
        Reading::Phone => {
            let mut numbers = Sentence::new();
            for ask in plan.asks().filter(|ask| ask.attribute == "phone_number") {
                numbers = match numbers.is_empty() {
                    true => numbers.quote(&ask.value),
                    false => numbers.words(", ").quote(&ask.value),
                };
            }
            let names = plan.asks().filter(|ask| ask.attribute != "phone_number");
            let begins = say!("whose ", own spoken(names), " begins with '", raw &Raw::from(typed), "'");
            match numbers.is_empty() {
                true => Sentence::from("Nobody ").join(begins),
                false => Sentence::from("Nobody whose phone number begins with ")
                    .join(numbers)
                    .words(", or ")
                    .join(begins),
            }
        }
        // Other terms of the line were not asked.
        Reading::Term => {
            let value = plan.asks().next().map(|ask| ask.value.clone()).unwrap_or_default();
            say!("Nobody whose ", own spoken(plan.asks()), own relation, "'", raw &value, "'")
        }
        _ => say!(
            "Nobody whose ", own spoken(plan.asks()), own relation, "'", raw &Raw::from(typed), "'"
        ),
    }
}

pub(in crate::domain) fn spoken<'a>(asks: impl Iterator<Item = &'a Ask>) -> String {
    let attributes: Vec<&str> = asks.map(|ask| ask.attribute).collect();
    let words: Vec<&str> = SPOKEN
        .iter()
        .filter(|(_, names)| names.iter().any(|name| attributes.contains(name)))
        .map(|(word, _)| *word)
        .collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

impl Plan {
    /// What a find with hits says: by what was asked, whether more match than were read, and what was left out.
    /// `found` counts the users listed.
    pub fn asked(&self, found: usize, more: bool) -> Sentence {
        let users = if found == 1 {
            "1 user".to_owned()
        } else {
            format!("{} users", grouped(found as u64))
        };
        let mut sentence = say!(own users, " found by ", own spoken(self.asks()));
        if more {
            sentence = sentence.words("; more match than were read: type more of it");
        }
        for note in &self.notes {
            sentence = sentence.words(". ").join(note.clone());
        }
        sentence
    }
}
