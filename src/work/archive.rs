//! An export that is opened as a pool: a file in the place of the service, read and never written.
//!
//! The file is anybody's. It is read line by line with a bound on each, a line that is no user is counted and named, and
//! where it was cut off that is said.

mod answer;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

pub(super) use self::answer::{answer, no_draft};
use crate::domain::export::read::{self, LONGEST, Line, Unread};
use crate::domain::export::{End, Head};
use crate::domain::{Place, Pool, PoolId, Raw, Schema, Sentence, Target, User};
use crate::say;

/// How many unreadable lines are named; the others are counted.
const NAMED: usize = 10;
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

/// Users of an export with their groups, where these were exported.
pub type Listed = (User, Option<Vec<Raw>>);

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
        let mut reading = self.users();
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

    /// Whether anything in it says that it is an export.
    pub fn is_marked(&self) -> bool {
        self.head.is_some() || self.end.is_some()
    }

    /// What is to be said of it once it was read to its end: lines that could not be read, and whether anything is missing.
    pub fn notices(&self, unread: &Unreadable, users: u64) -> Vec<Sentence> {
        let mut notices: Vec<Sentence> = unread.sentence().into_iter().collect();
        match self.end {
            // Lines that could not be read may have been users.
            Some(end) if end.users != users && end.users != users + unread.count => notices.push(say!(
                "the file says that it has ", own end.users.to_string(), " users, and ", own users.to_string(), " were read"
            )),
            None if self.head.is_some() => {
                notices.push("the file was cut off: its last line is missing, so users may be missing as well".into());
            }
            _ => {}
        }
        notices
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

    /// Its users from the beginning.
    pub fn users(&self) -> Reading<'_> {
        self.users_from(Position::default())
    }

    /// Its users from where an earlier reading stood.
    pub fn users_from(&self, position: Position) -> Reading<'_> {
        Reading {
            archive: self,
            lines: Lines::at(&self.file, position.byte),
            position,
            users: 0,
            unread: Unreadable::default(),
            line: Vec::new(),
        }
    }
}

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

impl Reading<'_> {
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

/// The lines of a file, none of them longer than a user can be.
#[derive(Debug)]
struct Lines<'a>(BufReader<At<'a>>);

impl<'a> Lines<'a> {
    fn at(file: &'a File, byte: u64) -> Self {
        Self(BufReader::with_capacity(1 << 16, At { file, byte }))
    }

    /// The next line without its end, cut where it is longer than a user can be; how many bytes it is in the file.
    fn next_into(&mut self, line: &mut Vec<u8>) -> io::Result<Option<u64>> {
        line.clear();
        let most = LONGEST as u64 + 2;
        let mut length = (&mut self.0).take(most).read_until(b'\n', line)? as u64;
        if length == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        } else if length == most {
            length += self.skip()?;
        }
        Ok(Some(length))
    }

    /// Over the rest of a line.
    fn skip(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let buffer = self.0.fill_buf()?;
            if buffer.is_empty() {
                return Ok(skipped);
            }
            let (used, is_end) = match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), false),
            };
            self.0.consume(used);
            skipped += used as u64;
            if is_end {
                return Ok(skipped);
            }
        }
    }
}

/// A file read from a place on, whoever else reads it meanwhile.
#[derive(Debug)]
struct At<'a> {
    file: &'a File,
    byte: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.byte)?;
        self.byte += read as u64;
        Ok(read)
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::{env, fs, process};

    use super::*;

    /// Opens a file with this in it. An open file outlives its name.
    fn open(text: &[u8]) -> io::Result<Archive> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("cognitui-archive-{}-{number}", process::id()));
        fs::create_dir(&folder).unwrap();
        let path = folder.join("users.jsonl");
        fs::write(&path, text).unwrap();
        let archive = Archive::open(&path);
        fs::remove_dir_all(folder).unwrap();
        archive
    }

    fn opened(text: &[u8]) -> Archive {
        open(text).unwrap()
    }

    fn names(reading: &mut Reading<'_>, most: usize) -> Vec<String> {
        let users = reading.next_users(most).unwrap();
        users
            .iter()
            .map(|(user, _)| user.username.as_str().to_owned())
            .collect()
    }

    #[test]
    fn a_plain_file_opens_and_what_is_no_user_is_named_by_its_line() {
        let long = "x".repeat(LONGEST * 2);
        let text = format!("{{\"Username\":\"a\"}}\n\nrubbish\n{{\"Username\":\"b\"}}\n{long}\n{{\"Username\":\"c\"}}");
        let archive = opened(&[text.as_bytes(), b"\n\xff"].concat());
        assert_eq!(archive.pool().name.as_str(), "users.jsonl");
        assert_eq!(archive.is_complete(), None);
        let mut reading = archive.users();
        assert_eq!(names(&mut reading, 2), ["a", "b"]);
        let stands = reading.position();
        assert_eq!(names(&mut reading, 2), ["c"]);
        let unread = vec![(3, Unread::NotJson), (5, Unread::TooLong), (7, Unread::NotUtf8)];
        assert_eq!(
            reading.unreadable(),
            &Unreadable {
                count: 3,
                first: unread
            }
        );
        let said: Vec<String> = reading.notices().iter().map(Sentence::plain).collect();
        let expected = "3 lines could not be read: lines 3 (not JSON), 5 (longer than any user can be), 7 (not UTF-8)";
        assert_eq!(said, [expected]);
        assert_eq!(
            names(&mut archive.users_from(stands), 9),
            ["c"],
            "a reading goes on from where it stood"
        );
    }

    #[test]
    fn one_that_was_cut_off_says_so_and_one_that_lacks_users_too() {
        let head = r#"{"CognituiExport":{"Version":1,"Began":"2026-11-21T10:41:05Z","UserPool":{"Id":"eu-west-1_a"}}}"#;
        let cut = opened(format!("{head}\n{{\"Username\":\"a\"}}\n").as_bytes());
        assert_eq!(cut.pool().id.as_str(), "eu-west-1_a");
        let mut reading = cut.users();
        assert_eq!(names(&mut reading, 9), ["a"]);
        assert!(reading.notices()[0].plain().contains("cut off"));

        let end = r#"{"CognituiExportEnd":{"Users":2,"Complete":true,"At":"2026-11-21T10:41:06Z"}}"#;
        let short = opened(format!("{head}\n{{\"Username\":\"a\"}}\n{end}\n").as_bytes());
        assert_eq!(short.is_complete(), Some(true));
        let mut reading = short.users();
        assert_eq!(names(&mut reading, 9), ["a"]);
        assert!(reading.notices()[0].plain().contains("has 2 users, and 1 were read"));
    }

    #[test]
    fn what_is_no_ordinary_file_is_refused() {
        let refused = Archive::open(Path::new("/dev/null")).unwrap_err();
        assert!(refused.to_string().contains("ordinary file"), "{refused}");
        let newer = "{\"CognituiExport\":{\"Version\":9}}\n";
        assert!(
            open(newer.as_bytes())
                .unwrap_err()
                .to_string()
                .contains("newer version")
        );
    }
}
