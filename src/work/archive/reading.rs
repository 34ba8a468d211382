//! A walk through the users of an export, and what could not be read on the way.

use std::io;

use super::Archive;
use super::lines::Lines;
use crate::domain::export::read::{self, Line, Unread};
use crate::domain::{Raw, Sentence, User};

/// How many unreadable lines are named; the others are counted.
const NAMED: usize = 10;

/// Users of an export with their groups, where these were exported.
pub type Listed = (User, Option<Vec<Raw>>);

/// A place between two lines of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pub byte: u64,
    /// How many lines are before it.
    pub lines: u64,
}

/// The lines that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreadable {
    pub count: u64,
    /// The first of them, by their numbers.
    pub first: Vec<(u64, Unread)>,
}

impl Unreadable {
    /// Takes those of a reading that went on where this one stood.
    pub fn add(&mut self, more: &Self) {
        self.count += more.count;
        let room = NAMED.saturating_sub(self.first.len());
        self.first.extend(more.first.iter().take(room).copied());
    }

    /// `3 lines could not be read: line 7 (not JSON), 9 (..)`. `None`: every line was.
    pub fn sentence(&self) -> Option<Sentence> {
        let named: Vec<String> = (self.first.iter())
            .map(|(line, why)| format!("{line} ({})", why.words()))
            .collect();
        let more = if self.count > named.len() as u64 { ", .." } else { "" };
        match self.count {
            0 => None,
            1 => Some(format!("1 line could not be read: line {}", named.join(", ")).into()),
            count => Some(format!("{count} lines could not be read: lines {}{more}", named.join(", ")).into()),
        }
    }
}

/// A walk through the users of an export.
#[derive(Debug)]
pub struct Reading<'a> {
    archive: &'a Archive,
    lines: Lines<'a>,
    position: Position,
    users: u64,
    unread: Unreadable,
    line: Vec<u8>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(archive: &'a Archive, position: Position) -> Self {
        Self {
            archive,
            lines: Lines::at(&archive.file, position.byte),
            position,
            users: 0,
            unread: Unreadable::default(),
            line: Vec::new(),
        }
    }

    /// The next user; `None`: that was the last.
    pub fn next_user(&mut self) -> io::Result<Option<Listed>> {
        loop {
            let Some(length) = self.lines.next_into(&mut self.line)? else {
                return Ok(None);
            };
            self.position.byte += length;
            self.position.lines += 1;
            match read::line(&self.line, self.archive.read_at) {
                Ok(Line::User(user, groups)) => {
                    self.users += 1;
                    return Ok(Some((*user, groups)));
                }
                Ok(Line::Blank | Line::Head(_) | Line::End(_)) => {}
                Err(why) => {
                    self.unread.count += 1;
                    if self.unread.first.len() < NAMED {
                        self.unread.first.push((self.position.lines, why));
                    }
                }
            }
        }
    }

    /// At most so many users more; fewer: that was the end.
    pub fn next_users(&mut self, most: usize) -> io::Result<Vec<Listed>> {
        let mut users = Vec::new();
        while users.len() < most {
            match self.next_user()? {
                Some(user) => users.push(user),
                None => break,
            }
        }
        Ok(users)
    }

    /// Where it stands.
    pub fn position(&self) -> Position {
        self.position
    }

    pub fn unreadable(&self) -> &Unreadable {
        &self.unread
    }

    /// What is to be said of the file once it was read from the beginning to its end.
    pub fn notices(&self) -> Vec<Sentence> {
        self.archive.notices(&self.unread, self.users)
    }
}
