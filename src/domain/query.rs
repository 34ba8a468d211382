//! One line that says who is wanted: terms that must all hold, in the words people use for them.
//!
//! `jane`, `tier=gold`, `email^=jane`, `name:"van den"`, `nickname~^J`, `phone_number:*`, `!email`, `status:confirmed`,
//! `enabled:no`, `group:admins`, `verified:email`, `created<7d`, `changed>2026-01-01`, and `-` in front of any of them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::attribute::Contact;
use super::column::Column;
use super::find::Needle;
use super::raw::Raw;
use super::roster::{Row, RowId};
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
    Text(Raw),
    /// `attr:contains`, case and accents folded.
    Contains(Column, Raw),
    /// `attr=exact`
    Exact(Column, Raw),
    /// `attr^=prefix`
    Prefix(Column, Raw),
    /// `attr~regex`
    Matches(Column, Pattern),
    /// `attr:*`
    Present(Column),
    /// `!attr`
    Missing(Column),
    Enabled(bool),
    Group(Raw),
    /// `verified:email` and `-verified:email` both ask for an address; who has none is in neither.
    Verified(Contact),
    /// `created<7d`: no older than, or older than.
    Age {
        of: Moment,
        is: Than,
        age: SignedDuration,
    },
    /// `changed>2026-01-01`
    Time {
        of: Moment,
        is: Than,
        at: Timestamp,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Created,
    Changed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Than {
    Less,
    More,
}

/// A regular expression. Two are the same if they were written the same.
#[derive(Clone, Debug)]
pub struct Pattern(pub regex::Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// What is wrong with a line, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// In bytes of the line.
    pub at: Range<usize>,
    /// What was expected there.
    pub expected: Sentence,
}

/// Who is in which group, as far as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    /// The names of all groups that were read, in order.
    pub names: Vec<Raw>,
    /// The numbers of a user's groups in `names`; a row that is not in here is in none of them.
    pub members: BTreeMap<RowId, Vec<u16>>,
}

/// What a line is matched with besides the users themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    pub now: Timestamp,
    pub groups: Option<Arc<Groups>>,
}

impl Query {
    /// Reads a line.
    pub fn parse(line: &str) -> Result<Self, Mistake> {
        let mut terms = Vec::new();
        let mut start = 0;
        for word in line.split(' ') {
            let span = start..start + word.len();
            start = span.end + 1;
            if !word.is_empty() {
                terms.push(Term {
                    negated: false,
                    test: Test::Text(Raw::from(word)),
                    span,
                });
            }
        }
        Ok(Self { terms })
    }

    /// Whether every term holds for a user.
    pub fn matches(&self, _id: RowId, row: Row<'_>, _ground: &Ground) -> bool {
        self.terms.iter().all(|term| {
            let holds = match &term.test {
                Test::Text(word) => Needle::new(word.as_str()).matches(&row.to_user()),
                _ => true,
            };
            holds != term.negated
        })
    }
}
