//! An export that is opened as a pool: a file in the place of the service, read and never written.
//!
//! The file is anybody's. It is read line by line with a bound on each, a line that is no user is counted and named, and
//! where it was cut off that is said.

mod answer;
mod lines;
mod reading;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

pub(super) use self::answer::{answer, no_draft};
use self::lines::{At, Lines};
pub use self::reading::{Listed, Reading, Walk};
use crate::domain::export::read::{self, Line, Unread};
use crate::domain::export::{End, Head};
use crate::domain::{Place, Pool, PoolId, Raw, Schema, Sentence, Target};
use crate::job::archive::Damage;
use crate::say;

/// What a file without a first line of its own is called where a pool has its id.
const NO_ID: &str = "export";
/// How much of the end is looked at for the last line.
const TAIL: u64 = 4_096;

/// An export, opened.
#[derive(Debug)]
pub struct Archive {
    file: File,
    head: Option<Head>,
    end: Option<End>,
    /// When its users were read, as far as the file tells.
    read_at: Timestamp,
    bytes: u64,
    pool: Arc<Pool>,
}

impl Archive {
    /// Opens an export. The file has to be an ordinary one: what cannot be read twice is none.
    pub fn open(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") && !path.exists() {
            return Err(not_a_file("standard input cannot be opened as an export"));
        }
        let kind = std::fs::metadata(path)?.file_type();
        if kind.is_dir() {
            return Err(not_a_file("it is a folder"));
        }
        if !kind.is_file() {
            return Err(not_a_file("it is a pipe or a device, not an ordinary file"));
        }
        let file = File::open(path)?;
        let facts = file.metadata()?;
        let changed = facts.modified().ok().and_then(|at| Timestamp::try_from(at).ok());
        let changed = changed.unwrap_or_default();
        let mut lines = Lines::at(&file, 0);
        let mut line = Vec::new();
        lines.next_into(&mut line)?;
        let head = match read::line(&line, changed) {
            Ok(Line::Head(head)) => Some(*head),
            Err(Unread::Newer) => {
                let why = "it was written by a newer version of cognitui";
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
            _ => None,
        };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let pool = pool(head.as_ref(), name.unwrap_or_default());
        Ok(Self {
            end: end(&file, facts.len())?,
            read_at: head.as_ref().map_or(changed, |head| head.began),
            bytes: facts.len(),
            pool: Arc::new(pool),
            head,
            file,
        })
    }

    /// The pool it is of, with what the file tells of its settings.
    pub fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    /// The settings of the pool, where the file tells them.
    pub fn settings(&self) -> Option<&Arc<Pool>> {
        let head = self.head.as_ref()?;
        head.described.as_ref().map(|_| &self.pool)
    }

    /// Where the file does not tell the settings of the pool, its users tell which attributes it has. Reads all of it.
    pub fn learn_attributes(&mut self) -> io::Result<()> {
        if self.settings().is_some() {
            return Ok(());
        }
        let mut names = BTreeSet::new();
        let mut reading = self.go_on(Walk::default());
        while let Some((user, _)) = reading.next_user()? {
            for name in user.attributes.keys() {
                if !names.contains(name) {
                    names.insert(name.clone());
                }
            }
        }
        Arc::make_mut(&mut self.pool).schema = Schema::standard(&names);
        Ok(())
    }

    pub fn place(&self) -> Place {
        Place {
            target: Target::default(),
            pool: self.pool.id.clone(),
        }
    }

    pub fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    /// When its users were read.
    pub fn read_at(&self) -> Timestamp {
        self.read_at
    }

    /// How long it was when it was opened.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether everybody who was asked for is in it. `None`: the file does not say; it was cut off, or is no export of
    /// this program's.
    pub fn is_complete(&self) -> Option<bool> {
        self.head.as_ref().and(self.end).map(|end| end.complete)
    }

    /// Why it is no export at all: a walk to its end met no user, and no first or last line of one. `None`: it is one.
    pub fn no_export(&self, walk: &Walk) -> Option<&'static str> {
        let is_none = walk.users() == 0 && self.head.is_none() && self.end.is_none();
        is_none.then_some("there is no user in the file, and nothing of an export")
    }

    /// What is wrong with it, as a walk to its end told: lines that could not be read, and whether anything is missing.
    pub fn damage(&self, walk: &Walk) -> Vec<Damage> {
        let mut damage: Vec<Damage> = walk.unreadable().into_iter().collect();
        let (read, unread) = (walk.user_lines(), walk.unreadable_lines());
        match self.end {
            Some(end) if end.users != read && end.users != read + unread => damage.push(Damage::from(say!(
                "the file says that it has ", own end.users.to_string(), " lines of users, and ", own read.to_string(), " were read"
            ))),
            None if self.head.is_some() => {
                let cut = "the file was cut off, or something was put behind its last line, so users may be missing as well";
                damage.push(Damage::from(Sentence::from(cut)));
            }
            Some(_) if self.head.is_none() => {
                let headless = "its first line is missing or unreadable, so nothing tells whether it is everybody of its pool";
                damage.push(Damage::from(Sentence::from(headless)));
            }
            _ => {}
        }
        damage
    }

    /// Whether the file says that everybody of the pool is in it, be it without some of their attributes.
    pub fn is_all(&self) -> bool {
        self.is_complete() == Some(true) && self.part().is_none()
    }

    /// Which part of the pool was exported, where it was not everybody.
    pub fn part(&self) -> Option<Sentence> {
        let head = self.head.as_ref()?;
        let picked = head.chosen.then_some("users whom somebody picked");
        match (&head.query, picked) {
            (None, None) => None,
            (None, Some(picked)) => Some(picked.into()),
            (Some(query), None) => Some(say!("who matched ", raw query)),
            (Some(query), Some(picked)) => Some(say!(own picked, " of those who matched ", raw query)),
        }
    }

    /// Its users from the beginning, each once.
    pub fn users(&self) -> Reading<'_> {
        self.go_on(Walk::each_once())
    }

    /// Its users from where an earlier walk was left.
    pub fn go_on(&self, walk: Walk) -> Reading<'_> {
        Reading::new(self, walk)
    }
}

/// An export is looked at from both its ends, and may be read again: nothing but a file on disk can be.
fn not_a_file(what: &str) -> io::Error {
    let why = format!("{what}; write it to a file first, and open that");
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

/// The last line, if it is what an export ends with.
fn end(file: &File, length: u64) -> io::Result<Option<End>> {
    let from = length.saturating_sub(TAIL);
    let mut tail = Vec::new();
    At { file, byte: from }.take(TAIL).read_to_end(&mut tail)?;
    let last = tail.trim_ascii_end().rsplit(|byte| *byte == b'\n').next();
    Ok(match last.map(|line| read::line(line, Timestamp::UNIX_EPOCH)) {
        Some(Ok(Line::End(end))) => Some(end),
        _ => None,
    })
}

fn pool(head: Option<&Head>, file: String) -> Pool {
    if let Some(pool) = head.and_then(|head| head.described.clone()) {
        return pool;
    }
    Pool {
        name: Raw::from(file),
        schema: Schema::standard(std::iter::empty()),
        ..Pool::unknown(head.map_or_else(|| PoolId::new(NO_ID), |head| head.pool.clone()))
    }
}
