//! One line that says who is wanted: terms that must all hold, in the words people use for them.
//!
//! | Written | Who matches |
//! |---|---|
//! | `jane` | the letters in this order in the username, the e-mail, a name or the phone number |
//! | `"jane doe"` | the same with a space in it; quotes work for values too, with `\"` and `\\` inside |
//! | `name:doe` | the attribute contains it |
//! | `email=jane@example.com` | the attribute is it |
//! | `email^=jane` | the attribute begins with it |
//! | `nickname~^J.n$` | the attribute matches the regular expression |
//! | `email:*` and `!email` | the attribute is set; it is not |
//! | `tier=gold` | a custom attribute by its short name; `custom:tier` where two have the same |
//! | `username^=okta_` | the username, compared like an attribute |
//! | `status:confirmed` | the status, or every status that begins so |
//! | `enabled:no` | disabled accounts; `yes` and `no`, `true` and `false` |
//! | `group:admins` | members of the group; `group:*` of any, `!group` of none |
//! | `verified:email` | an address that is verified; `-verified:email` an address that is not; so for `phone` |
//! | `created<7d` | younger than seven days; `m` `h` `d` `w` `y` are minutes, hours, days, weeks and years of 365 days |
//! | `changed>2026-01-31` | after that day in UTC; a month, a year and a time like `2026-01-31T09:30Z` work too |
//! | `created:2026-01-31` | on that day |
//! | `-tier=gold` | not that |
//!
//! How things compare:
//!
//! - Case never counts; in a regular expression `(?-i)` in front makes it count. Accents do not count for
//!   words and for `:`, where `ö` is also found by `oe`; they count for `=`, `^=` and `~`. The service folds case for most
//!   attributes; what it tells apart for a username is let through here, so that nobody drops out who was found there.
//! - `-` in front of a term asks for those of whom it is known not to hold. Somebody without a tier is not of tier gold; but
//!   an address that is not there is neither verified nor unverified, a time that was not told is neither before nor
//!   after, and while groups were not read nobody is in or out of one.
//! - `<` is before the first moment of what was written, `>` after its last, `<=` and `>=` include it: `>2026-01-31` begins
//!   with February. With an age `<` is younger and `>` older.
//!
//! How a line is read: terms end at spaces. A term is a comparison if what stands in front of the sign is the name of an
//! attribute, the longest that fits, because names hold colons too. If it only looks like a name (letters, digits, `_`, `-`,
//! `.`), it is a mistake, because a slip would otherwise find nobody and not say why. Everything else is text: addresses,
//! numbers, `12:30`, `https://example.com/?a=b`, `anne-marie`, and whatever stands in quotes.

mod asks;
mod complete;
mod evaluate;
mod groups;
mod known;
mod marks;
mod narrows;
mod parse;
mod print;
#[cfg(test)]
mod tests;
mod time;
mod typing;
mod word;
mod wording;

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;

pub use self::asks::Asks;
pub use self::complete::{Candidate, complete};
pub use self::groups::{Group, Groups, any_of};
pub use self::known::Known;
pub use self::marks::{Matched, marks, matched_in};
pub use self::print::exactly;
pub use self::time::{Than, When};
pub use self::typing::{Typed, Unfinished};
pub use self::word::{Word, text_matches};
pub use self::wording::{Reach, checked_besides_groups, standing};
use super::attribute::Contact;
use super::column::Column;
use super::sentence::Sentence;

/// Who is wanted. Without terms: everybody.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    pub terms: Vec<Term>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    pub negated: bool,
    pub test: Test,
    /// Where it stands in the line, in bytes.
    pub span: Range<usize>,
}

/// What a term asks of a user.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A bare word: fuzzy over username, e-mail, names and phone number.
    Text(Word),
    /// `attr:contains`, case and accents folded.
    Contains(Column, Word),
    /// `attr=exact`, case folded.
    Exact(Column, Word),
    /// `attr^=prefix`, case folded.
    Prefix(Column, Word),
    /// `attr~regex`
    Matches(Column, Pattern),
    /// `attr:*`
    Present(Column),
    /// `!attr`
    Missing(Column),
    Enabled(bool),
    /// `verified:email` and `-verified:email` both ask for an address; who has none is in neither.
    Verified(Contact),
    /// `created<7d`, `changed>2026-01-01`
    Time {
        of: Moment,
        is: Than,
        when: When,
    },
}

/// The two times that the service tells of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Created,
    Changed,
}

impl Moment {
    pub fn column(self) -> Column {
        match self {
            Self::Created => Column::Created,
            Self::Changed => Column::Changed,
        }
    }
}

/// A regular expression. Two are the same if they were written the same. Debug prints its length.
#[derive(Clone)]
pub struct Pattern(regex::Regex);

impl Pattern {
    pub fn written(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written() == other.written()
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pattern({} bytes)", self.written().len())
    }
}

/// What is wrong with a line, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// In bytes of the line, on the edges of characters. Empty at the end of the line where something is missing.
    pub at: Range<usize>,
    /// What was expected there: `an attribute; did you mean email?`
    pub expected: Sentence,
}

/// What a line is matched with besides the users themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    pub now: Timestamp,
    pub groups: Option<Arc<Groups>>,
}

impl Query {
    /// Reads a line. What is `known` decides which names are attributes.
    pub fn parse(line: &str, known: &Known) -> Result<Self, Mistake> {
        parse::parse(line, known)
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The words that must be in the text of a user, for the search engine and for marking.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.terms.iter().filter_map(|term| match &term.test {
            Test::Text(word) if !term.negated => Some(word),
            _ => None,
        })
    }

    /// Whether it can be answered only after the groups were read.
    pub fn reads_groups(&self) -> bool {
        self.terms.iter().any(|term| term.test.is_about_groups())
    }

    /// Whether words are looked for, wherever they stand.
    pub fn has_words(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.test, Test::Text(_)))
    }

    /// The attributes that its terms compare, besides those that words are looked for in.
    pub fn attributes(&self) -> impl Iterator<Item = super::AttributeName> {
        self.terms.iter().flat_map(|term| match &term.test {
            Test::Verified(contact) => vec![contact.attribute(), contact.flag()],
            test => match test.column() {
                Some(Column::Attribute(name)) => vec![name],
                _ => Vec::new(),
            },
        })
    }

    /// What its terms compare, besides the words.
    pub fn columns(&self) -> impl Iterator<Item = Column> {
        self.terms.iter().filter_map(|term| term.test.column())
    }
}

impl Test {
    /// What is compared. Words are looked for in several.
    pub fn column(&self) -> Option<Column> {
        match self {
            Self::Text(_) => None,
            Self::Contains(column, _)
            | Self::Exact(column, _)
            | Self::Prefix(column, _)
            | Self::Matches(column, _)
            | Self::Present(column)
            | Self::Missing(column) => Some(column.clone()),
            Self::Enabled(_) => Some(Column::Enabled),
            Self::Verified(contact) => Some(Column::Attribute(contact.flag())),
            Self::Time { of, .. } => Some(of.column()),
        }
    }
}
