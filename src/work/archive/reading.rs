//! A walk through the users of an export, and what was met on the way that is no user or stood there before.

use std::hash::{BuildHasher, RandomState};
use std::io;

use hashbrown::HashTable;

use super::Archive;
use super::lines::Lines;
use crate::domain::export::read::{self, Line, Unread};
use crate::domain::sentence::grouped;
use crate::domain::{Raw, Sentence, User};
use crate::job::archive::Damage;

/// How many lines are named; the others are counted.
const NAMED: usize = 10;

/// Users of an export with their groups, where these were exported.
pub type Listed = (User, Option<Vec<Raw>>);

/// How far a walk came and what it met: it can be left, and gone on with later. The default takes every line as it comes and
/// keeps nothing of it.
#[derive(Debug, Default)]
pub struct Walk {
    /// Where the next line begins.
    byte: u64,
    /// How many lines are before it.
    lines: u64,
    users: u64,
    unread: Unreadable,
    repeated: Repeated,
    /// Where each user is to be met once.
    names: Option<Names>,
}

impl Walk {
    /// One that passes over the users that it met before. It keeps a mark of each name.
    pub fn each_once() -> Self {
        Self {
            names: Some(Names::default()),
            ..Self::default()
        }
    }

    /// How much of the file was read, in bytes.
    pub fn byte(&self) -> u64 {
        self.byte
    }

    /// How many users were met.
    pub fn users(&self) -> u64 {
        self.users
    }

    /// How many lines were users.
    pub(super) fn user_lines(&self) -> u64 {
        self.users + self.repeated.count
    }

    /// How many lines could not be read.
    pub(super) fn unreadable_lines(&self) -> u64 {
        self.unread.count
    }

    /// The lines that could not be read.
    pub fn unreadable(&self) -> Option<Damage> {
        self.unread.damage()
    }

    /// Users who stand in the file more than once. That damages nothing: lists that are read while the pool changes show
    /// somebody twice, and files are put together.
    pub fn repeated(&self) -> Option<Sentence> {
        self.repeated.sentence()
    }
}

/// The lines that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Unreadable {
    count: u64,
    /// The first of them, by their numbers.
    first: Vec<(u64, Unread)>,
}

impl Unreadable {
    fn add(&mut self, line: u64, why: Unread) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push((line, why));
        }
    }

    /// `3 lines could not be read`, `lines 7 (not JSON), 9 (..)`. `None`: every line was.
    fn damage(&self) -> Option<Damage> {
        let named: Vec<String> = (self.first.iter())
            .map(|(line, why)| format!("{line} ({})", why.words()))
            .collect();
        let what = match self.count {
            0 => return None,
            1 => "1 line could not be read".to_owned(),
            count => format!("{} lines could not be read", grouped(count)),
        };
        Some(Damage {
            what: what.into(),
            lines: Some(numbered(&named, self.count).into()),
        })
    }
}

/// The lines of users who stand further up already. The first line of each is kept, as wherever somebody is listed twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Repeated {
    count: u64,
    /// The first of them, by their numbers.
    first: Vec<u64>,
}

impl Repeated {
    fn add(&mut self, line: u64) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(line);
        }
    }

    /// `2 lines repeat a user of an earlier line: lines 7, 9; the first of each is kept`
    fn sentence(&self) -> Option<Sentence> {
        let named: Vec<String> = self.first.iter().map(u64::to_string).collect();
        let lines = numbered(&named, self.count);
        Some(match self.count {
            0 => return None,
            1 => format!("1 user stands in the file twice: {lines} repeats an earlier one, which is kept").into(),
            count => {
                let count = grouped(count);
                format!("{count} lines repeat a user of an earlier line: {lines}; the first of each is kept").into()
            }
        })
    }
}

/// `line 7`, `lines 7, 9, ..`
fn numbered(named: &[String], count: u64) -> String {
    let more = if count > named.len() as u64 { ", .." } else { "" };
    let lines = if count == 1 { "line" } else { "lines" };
    format!("{lines} {}{more}", named.join(", "))
}

/// Whose lines were met, without keeping their names: 96 bits of each under keys of this run. Among a million users two
/// would be taken for one once in 10^17 files, whoever made them.
#[derive(Debug, Default)]
struct Names {
    met: HashTable<Met>,
    keys: (RandomState, RandomState),
}

/// In three parts, because a number of that size would lie there with gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Met([u32; 3]);

impl Met {
    /// Where it lies in the table.
    fn place(&self) -> u64 {
        let Self([high, low, _]) = *self;
        u64::from(high) << 32 | u64::from(low)
    }
}

impl Names {
    /// False: it was met before.
    fn add(&mut self, name: &str) -> bool {
        let (place, more) = (self.keys.0.hash_one(name), self.keys.1.hash_one(name));
        let met = Met([(place >> 32) as u32, place as u32, more as u32]);
        if self.met.find(place, |other| *other == met).is_some() {
            return false;
        }
        self.met.insert_unique(place, met, Met::place);
        true
    }
}

/// A walk that is under way.
#[derive(Debug)]
pub struct Reading<'a> {
    archive: &'a Archive,
    lines: Lines<'a>,
    walk: Walk,
    line: Vec<u8>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(archive: &'a Archive, walk: Walk) -> Self {
        Self {
            archive,
            lines: Lines::at(&archive.file, walk.byte),
            walk,
            line: Vec::new(),
        }
    }

    /// The next user; `None`: that was the last.
    pub fn next_user(&mut self) -> io::Result<Option<Listed>> {
        while let Some(listed) = self.next_listed()? {
            let names = self.walk.names.as_mut();
            if names.is_none_or(|names| names.add(listed.0.username.as_str())) {
                self.walk.users += 1;
                return Ok(Some(listed));
            }
            self.walk.repeated.add(self.walk.lines);
        }
        Ok(None)
    }

    /// The user of the next line that has one, whether or not it stood there before.
    fn next_listed(&mut self) -> io::Result<Option<Listed>> {
        loop {
            let Some(length) = self.lines.next_into(&mut self.line)? else {
                return Ok(None);
            };
            self.walk.byte += length;
            self.walk.lines += 1;
            match read::line(&self.line, self.archive.read_at) {
                Ok(Line::User(user, groups)) => return Ok(Some((*user, groups))),
                Ok(Line::Blank | Line::Head(_) | Line::End(_)) => {}
                Err(why) => self.walk.unread.add(self.walk.lines, why),
            }
        }
    }

    /// At most so many users more; none: that was the end. What was read before the file could not be read any further is
    /// handed out, and the next call tells why.
    pub fn next_users(&mut self, most: usize) -> io::Result<Vec<Listed>> {
        let mut users = Vec::new();
        while users.len() < most {
            match self.next_user() {
                Ok(Some(user)) => users.push(user),
                Ok(None) => break,
                Err(error) if users.is_empty() => return Err(error),
                Err(_) => break,
            }
        }
        Ok(users)
    }

    /// How far it came, and what it met.
    pub fn walk(&self) -> &Walk {
        &self.walk
    }

    /// Leaves it where it stands.
    pub fn leave(self) -> Walk {
        self.walk
    }
}
