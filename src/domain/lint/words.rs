//! What is said of one finding.

use super::{Check, Found, Report, TEMPORARY_PASSWORD_DAYS, federation};
use crate::domain::attribute::AttributeName;
use crate::domain::column::Column;
use crate::domain::glyph;
use crate::domain::raw::Raw;
use crate::domain::roster::Row;
use crate::domain::schema::{self, Problem};
use crate::domain::sentence::Sentence;
use crate::say;

impl Report {
    /// The value that a finding is about; `None`: there is none.
    pub fn value(&self, found: Found) -> Option<Raw> {
        let row = self.ground.rows.get(found.row)?;
        self.column(found).value(row).map(|value| Raw::from(value.into_owned()))
    }

    /// What is the matter with one user. It may tell of the value, so it is masked like one.
    pub fn about(&self, check: Check, found: Found) -> Sentence {
        let Some(row) = self.ground.rows.get(found.row) else {
            return Sentence::new();
        };
        let column = self.column(found);
        let value = column.value(row).unwrap_or_default();
        match check {
            Check::LookAlike | Check::CaseTwins | Check::DuplicateEmail | Check::DuplicatePhone => Sentence::new(),
            Check::FederatedAndLocal => federation::words(row),
            Check::HiddenCharacters => hidden(&value),
            Check::NoContact => "no e-mail address and no phone number".into(),
            Check::MissingAttribute => match self.is_required(column) {
                true => "not set, and the pool requires it".into(),
                false => "not set".into(),
            },
            Check::OutsideSchema => self
                .problem(column, &value)
                .map_or_else(Sentence::new, |problem| problem.sentence()),
            Check::NotE164 => schema::phone(&value)
                .err()
                .map_or_else(Sentence::new, |fault| Problem::Phone(fault).sentence()),
            Check::UnverifiedContact => "not verified".into(),
            Check::StaleInvitation => self.invited(row),
            Check::DisabledRecently => match row.changed() {
                Some(at) => say!("disabled; changed ", own day(at)),
                None => "disabled".into(),
            },
        }
    }

    fn is_required(&self, column: &Column) -> bool {
        match (column, &self.ground.pool) {
            (Column::Attribute(name), Some(pool)) => pool.schema.is_required(name),
            _ => false,
        }
    }

    fn problem(&self, column: &Column, value: &str) -> Option<Problem> {
        let name: &AttributeName = match column {
            Column::Attribute(name) => name,
            _ => return None,
        };
        let pool = self.ground.pool.as_deref()?;
        match pool.schema.get(name) {
            Some(schema) => schema.check_stored(value).err(),
            None => Some(Problem::Locked(schema::Lock::NotInSchema)),
        }
    }

    fn invited(&self, row: Row<'_>) -> Sentence {
        let pool = self.ground.pool.as_deref();
        let told = pool.and_then(|pool| pool.temporary_password_days);
        let days = told.unwrap_or(TEMPORARY_PASSWORD_DAYS);
        let usual = if told.is_none() { ", as is usual" } else { "" };
        let last = row.changed().max(row.created()).map_or_else(String::new, day);
        let noun = if days == 1 { "day" } else { "days" };
        say!("invited or changed last ", own last, ", and temporary passwords are good for ", own format!("{days} {noun}"), own usual)
    }
}

fn hidden(value: &str) -> Sentence {
    let Some(first) = glyph::first_hidden(value) else {
        return Sentence::new();
    };
    let what = match first.character {
        ' ' => "a space at an end".to_owned(),
        c => format!("U+{:04X}", u32::from(c)),
    };
    say!(own what, ", character ", own first.place.to_string())
}

fn day(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
