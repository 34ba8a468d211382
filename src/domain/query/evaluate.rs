//! Whether a term holds for a user: yes, no, or not known.

use std::borrow::Cow;

use super::{Ground, Moment, Query, Term, Test};
use crate::domain::column::Column;
use crate::domain::roster::{Row, RowId};
use crate::domain::user::UserStatus;

impl Query {
    /// Whether every term holds for a user.
    pub fn matches(&self, id: RowId, row: Row<'_>, ground: &Ground) -> bool {
        self.terms.iter().all(|term| term.holds(id, row, ground))
    }
}

impl Term {
    /// Who it is not known of is in neither the term nor its contrary.
    pub fn holds(&self, id: RowId, row: Row<'_>, ground: &Ground) -> bool {
        self.test.answer(id, row, ground) == Some(!self.negated)
    }
}

impl Test {
    /// `None`: not known, or not a question to ask of this user.
    pub(super) fn answer(&self, id: RowId, row: Row<'_>, ground: &Ground) -> Option<bool> {
        match self {
            Self::Text(word) => Some(word.finds(row)),
            Self::Contains(column, word) => match column {
                Column::Attribute(name) if name.as_str() == "phone_number" => {
                    is_any(column, id, row, ground, |value| word.is_part_of_number(value))
                }
                _ => is_any(column, id, row, ground, |value| word.is_part(value)),
            },
            Self::Exact(column, word) => is_any(column, id, row, ground, |value| word.is_value(value)),
            Self::Prefix(column, word) => is_any(column, id, row, ground, |value| word.begins(value)),
            Self::Matches(column, pattern) => is_any(column, id, row, ground, |value| pattern.0.is_match(value)),
            Self::Present(column) => is_set(column, id, row, ground),
            Self::Missing(column) => is_set(column, id, row, ground).map(|set| !set),
            Self::Enabled(enabled) => Some(row.is_enabled() == *enabled),
            Self::Verified(contact) => {
                row.get(contact.name()).filter(|address| !address.is_empty())?;
                let flag = row.get(contact.flag_name());
                Some(flag.is_some_and(|flag| flag.eq_ignore_ascii_case("true")))
            }
            Self::Time { of, is, when } => {
                let at = match of {
                    Moment::Created => row.created(),
                    Moment::Changed => row.changed(),
                }?;
                Some(when.holds(*is, at, ground.now))
            }
        }
    }
}

/// The value of a column that is one text; `None`: not set.
fn value<'a>(column: &Column, row: Row<'a>) -> Option<Cow<'a, str>> {
    column.value(row).filter(|value| !value.is_empty())
}

fn is_any(column: &Column, id: RowId, row: Row<'_>, ground: &Ground, is_it: impl Fn(&str) -> bool) -> Option<bool> {
    match column {
        Column::Groups => ground.groups.as_deref()?.any(id, is_it),
        Column::Status if *row.status() == UserStatus::NotTold => None,
        column => Some(value(column, row).is_some_and(|value| is_it(&value))),
    }
}

fn is_set(column: &Column, id: RowId, row: Row<'_>, ground: &Ground) -> Option<bool> {
    match column {
        Column::Groups => ground.groups.as_deref()?.any(id, |_| true),
        Column::Created => Some(row.created().is_some()),
        Column::Changed => Some(row.changed().is_some()),
        column => Some(value(column, row).is_some()),
    }
}
