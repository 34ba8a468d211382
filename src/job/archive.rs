//! An export that is open in the place of a pool: everybody in it is read at once, because that costs no call.

use std::sync::Arc;

use crate::domain::{Fault, Raw, Segment, Sentence};

/// News of a reading under way.
#[derive(Clone, Debug, PartialEq)]
pub struct FromFile {
    /// The users that were read since the last news.
    pub users: Arc<Segment>,
    /// The groups of those whose groups the file tells: the numbers of their rows among these users.
    pub groups: Vec<(Raw, Vec<usize>)>,
    pub far: Far,
}

/// How far a file was read, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Far {
    pub read: u64,
    pub of: u64,
}

impl Far {
    /// A file that is being written grows: all of it is read when that is said, not before.
    pub fn percent(self) -> u64 {
        (self.read.saturating_mul(100) / self.of.max(1)).min(99)
    }
}

/// How a reading ended.
#[derive(Clone, Debug, PartialEq)]
pub struct FileEnd {
    /// Why it could not be read to its end.
    pub fault: Option<Fault>,
    /// What is wrong with what was read: lines that are no users, an end that is missing.
    pub wrong: Vec<Damage>,
    pub groups: GroupsTold,
}

/// Of whom a file tells the groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupsTold {
    #[default]
    Nobody,
    Some,
    Everybody,
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Damage {
    pub what: Sentence,
    /// The lines that it is about, which may be many.
    pub lines: Option<Sentence>,
}

impl From<Sentence> for Damage {
    fn from(what: Sentence) -> Self {
        Self { what, lines: None }
    }
}

impl Damage {
    /// All that is known of it.
    pub fn whole(&self) -> Sentence {
        match &self.lines {
            Some(lines) => self.what.clone().words(": ").join(lines.clone()),
            None => self.what.clone(),
        }
    }
}
