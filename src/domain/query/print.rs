//! A term as it can be typed again: what saved views keep.

use super::{Query, Term, Test, Than, Word};
use crate::domain::attribute::Contact;
use crate::domain::column::Column;
use crate::domain::raw::Raw;
use crate::domain::user::UserStatus;

impl Query {
    /// The line in its plainest form. Read again it is the same query, whatever else is known of the pool by then.
    pub fn written(&self) -> Raw {
        let terms: Vec<String> = self.terms.iter().map(|term| term.written().into_string()).collect();
        Raw::from(terms.join(" "))
    }
}

/// The line that asks for exactly one value of a column, and for none that differs from it by case or by how an accent is
/// composed, which `=` takes for the same; `None`: no line can. `others`: the values that there are, and `more` that there are
/// further ones.
pub fn exactly<'a>(
    column: &Column,
    value: &str,
    mut others: impl Iterator<Item = &'a str>,
    more: bool,
) -> Option<String> {
    let is_told = *column != Column::Status || value != UserStatus::NotTold.as_str();
    if value.is_empty() || !is_told {
        return None;
    }
    let name = name(column);
    if let Column::Enabled | Column::Created | Column::Changed | Column::Groups = column {
        return Some(format!("{name}:{}", quoted(value)));
    }
    let word = Word::new(value);
    Some(
        match more || others.any(|other| other != value && word.is_value(other)) {
            true => format!("{name}~{}", quoted(&format!("(?-i)^{}$", regex::escape(value)))),
            false => format!("{name}={}", quoted(value)),
        },
    )
}

impl Term {
    pub fn written(&self) -> Raw {
        let sign = if self.negated { "-" } else { "" };
        Raw::from(format!("{sign}{}", self.test.written()))
    }
}

impl Test {
    pub(super) fn written(&self) -> String {
        let (before, value) = self.parts();
        before + &value.unwrap_or_default()
    }

    /// What is somebody's value apart from what is not.
    pub(super) fn parts(&self) -> (String, Option<String>) {
        let with = |column: &Column, sign: &str, value: &str| (format!("{}{sign}", name(column)), Some(quoted(value)));
        let fixed = |text: String| (text, None);
        match self {
            Self::Text(word) => (String::new(), Some(quoted(word.typed().as_str()))),
            Self::Contains(column, word) => with(column, ":", word.typed().as_str()),
            Self::Exact(Column::Groups, word) => with(&Column::Groups, ":", word.typed().as_str()),
            Self::Exact(column, word) => with(column, "=", word.typed().as_str()),
            Self::Prefix(Column::Status, word) if is_status(word.typed().as_str()) => {
                fixed(format!("status:{}", word.typed().as_str()))
            }
            Self::Prefix(column, word) => with(column, "^=", word.typed().as_str()),
            Self::Matches(column, pattern) => with(column, "~", pattern.written()),
            Self::Present(column) => fixed(format!("{}:*", name(column))),
            Self::Missing(column) => fixed(format!("!{}", name(column))),
            Self::Enabled(true) => fixed("enabled:yes".to_owned()),
            Self::Enabled(false) => fixed("enabled:no".to_owned()),
            Self::Verified(Contact::Email) => fixed("verified:email".to_owned()),
            Self::Verified(Contact::PhoneNumber) => fixed("verified:phone".to_owned()),
            Self::Time { of, is, when } => {
                let sign = match is {
                    Than::Less => "<",
                    Than::AtMost => "<=",
                    Than::Within => ":",
                    Than::AtLeast => ">=",
                    Than::More => ">",
                };
                fixed(format!("{}{sign}{}", of.column().name(), when.written()))
            }
        }
    }
}

fn name(column: &Column) -> &str {
    match column {
        Column::Groups => "group",
        other => other.name(),
    }
}

fn is_status(word: &str) -> bool {
    let is_written = !word.is_empty() && !word.contains(|c: char| c.is_ascii_uppercase());
    is_written
        && UserStatus::WORDS
            .iter()
            .any(|status| status.to_ascii_lowercase().starts_with(word))
}

/// In quotes, unless it means the same without: letters and digits, and signs that mean nothing in the line.
pub(super) fn quoted(text: &str) -> String {
    let begins = text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '+' | '@' | '_' | '.' | '/' | '('));
    let plain = |c: char| c.is_alphanumeric() || "+@_./()-,;#$%&'?[]{}|\\^".contains(c);
    if begins && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
