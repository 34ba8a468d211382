//! Whether a line can only match who an earlier one matched, so that only they need to be looked at.

use super::word::in_order;
use super::{Query, Term, Test, Than, When, Word};
use crate::domain::column::Column;

impl Query {
    /// Whether every user that this one matches the earlier one matched too, in the same rows and groups, then or at any
    /// moment before. False where it is not certain.
    pub fn narrows(&self, earlier: &Self) -> bool {
        earlier
            .terms
            .iter()
            .all(|then| self.terms.iter().any(|now| implies(now, then)))
    }
}

fn implies(now: &Term, then: &Term) -> bool {
    if grows(then) {
        return false;
    }
    if now.negated || then.negated {
        return now.negated == then.negated && now.test == then.test;
    }
    if now.test == then.test {
        return true;
    }
    match (&now.test, &then.test) {
        (Test::Text(now), Test::Text(then)) => finds_less(now, then),
        (Test::Contains(one, now), Test::Contains(other, then)) => one == other && is_in_less(one, now, then),
        (Test::Prefix(one, now) | Test::Exact(one, now), Test::Prefix(other, then)) => {
            one == other && now.small.starts_with(&then.small)
        }
        (Test::Contains(one, _) | Test::Prefix(one, _) | Test::Exact(one, _), Test::Present(other)) => one == other,
        _ => false,
    }
}

/// Whether a term may match more users by nothing but the time that passes, which makes everybody older.
fn grows(term: &Term) -> bool {
    match &term.test {
        Test::Time {
            is,
            when: When::Age { .. },
            ..
        } => match is {
            Than::Less | Than::AtMost => term.negated,
            Than::AtLeast | Than::More => !term.negated,
            Than::Within => true,
        },
        _ => false,
    }
}

/// Each way in which the later word finds somebody must be one in which the earlier one did.
fn finds_less(now: &Word, then: &Word) -> bool {
    let in_texts = in_order(then.folded(), now.folded());
    let in_numbers = now.dialled().is_none_or(|digits| {
        in_order(then.folded(), digits) || then.dialled().is_some_and(|earlier| in_order(earlier, digits))
    });
    let in_subs = !now.may_be_a_sub() || then.may_be_a_sub() && now.plain.starts_with(&then.plain);
    in_texts && in_numbers && in_subs
}

fn is_in_less(column: &Column, now: &Word, then: &Word) -> bool {
    let in_texts = now.plain.contains(&then.plain) && now.letters.contains(&then.letters);
    let is_number = matches!(column, Column::Attribute(name) if name.as_str() == "phone_number");
    let in_numbers = !is_number
        || now.dialled().is_none_or(|digits| {
            digits.contains(then.folded()) || then.dialled().is_some_and(|earlier| digits.contains(earlier))
        });
    in_texts && in_numbers
}
