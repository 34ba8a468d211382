//! The journal as entries: every line of everybody, merged by write. Nothing is locked, repaired or removed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::disk::{Looked, Trouble, living};
use crate::domain::{Entry, PoolId, Raw};

use super::error::{Doing, JournalError};
use super::line::{Body, Line};
use super::lines::{self, Split};
use super::name::{Month, parse_name};
use super::places::{Places, Shelf};
use super::problem::{Problem, Wrong};

/// What the journal tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// What could not be read, or is not as it was written.
    pub problems: Vec<Problem>,
    /// How the files stood before they were read: a later [`stamp`] that equals it means that there is nothing new.
    pub stamp: Stamp,
}

/// Names, sizes and times of the files and which consoles run: cheap to take, and different once anything was written
/// or a console ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    files: BTreeMap<PathBuf, (u64, i64, u64)>,
    living: BTreeSet<String>,
}

/// Every write that the journal knows of, in one pool or in all of them.
pub fn read(places: &Places, pool: Option<&PoolId>) -> Result<Reading, JournalError> {
    read_all(places, pool).map_err(|trouble| Doing::Read.failed(trouble))
}

/// Whether there is anything new to read, without reading it.
pub fn stamp(places: &Places, pool: Option<&PoolId>) -> Result<Stamp, JournalError> {
    let stamp = || -> Result<Stamp, Trouble> {
        let mut stamp = Stamp::default();
        for shelf in &places.shelves()?.0 {
            let added = files(shelf, pool).and_then(|files| stamp.add(shelf, &files));
            if let Err(trouble) = added {
                // Said by the reading, which takes the same stamp.
                of_a_colleague(shelf, trouble)?;
            }
        }
        Ok(stamp)
    };
    stamp().map_err(|trouble| Doing::Read.failed(trouble))
}

impl Stamp {
    fn add(&mut self, shelf: &Shelf, files: &[(PoolId, Month, String)]) -> Result<(), Trouble> {
        for (_, _, name) in files {
            if let Some(stat) = shelf.folder.stat(name)? {
                let size = u64::try_from(stat.st_size).unwrap_or(0);
                let changed = (size, stat.st_mtime, stat.st_mtime_nsec);
                self.files.insert(shelf.folder.path_of(name), changed);
            }
        }
        self.living.extend(living(&shelf.folder)?);
        Ok(())
    }
}

/// The journal's files on a shelf, by pool, then oldest first.
pub(super) fn files(shelf: &Shelf, pool: Option<&PoolId>) -> Result<Vec<(PoolId, Month, String)>, Trouble> {
    let mut files: Vec<_> = (shelf.folder.names()?.into_iter())
        .filter_map(|name| parse_name(&name).map(|(of, month)| (of, month, name)))
        .filter(|(of, _, _)| pool.is_none_or(|pool| pool == of))
        .collect();
    files.sort_by(|(a, a_month, _), (b, b_month, _)| (a.as_str(), a_month).cmp(&(b.as_str(), b_month)));
    Ok(files)
}

/// A file of a shelf: the own ones as strictly as for writing, a colleague's as long as nobody but the colleague
/// can have written it.
pub(super) fn look(shelf: &Shelf, name: &str) -> Result<Option<Looked>, Problem> {
    if shelf.writer.is_none() {
        return Ok(shelf.folder.look(name)?);
    }
    let Some(looked) = shelf.folder.look_at_foreign(name)? else {
        return Ok(None);
    };
    let (owner, _) = shelf.folder.owner()?;
    let wrong = if looked.owner != owner {
        Wrong::Planted { owner: looked.owner }
    } else if looked.others_write {
        Wrong::OthersWriteFile
    } else {
        return Ok(Some(looked));
    };
    Err(Problem {
        path: shelf.folder.path_of(name),
        line: None,
        wrong,
    })
}

/// What is wrong with a colleague's folder is said, and everybody else's is read; with the own one nothing goes on.
pub(super) fn of_a_colleague(shelf: &Shelf, trouble: Trouble) -> Result<Problem, Trouble> {
    match shelf.writer {
        Some(_) => Ok(trouble.into()),
        None => Err(trouble),
    }
}

fn read_all(places: &Places, pool: Option<&PoolId>) -> Result<Reading, Trouble> {
    let (shelves, problems) = places.shelves()?;
    let mut merge = Merge {
        problems,
        ..Merge::default()
    };
    let mut stamp = Stamp::default();
    for shelf in &shelves {
        if let Err(trouble) = merge.shelf(shelf, pool, &mut stamp) {
            merge.incomplete = true;
            merge.problems.push(of_a_colleague(shelf, trouble)?);
        }
    }
    let (entries, problems) = merge.finish();
    Ok(Reading {
        entries,
        problems,
        stamp,
    })
}

/// A line that says something about an intent.
struct Later {
    at: Timestamp,
    writer: Option<Raw>,
    path: PathBuf,
    number: u64,
    line: Line,
}

/// Lines on their way to entries. What follows an intent may stand in another file, or be read before it.
#[derive(Default)]
struct Merge {
    entries: Vec<Entry>,
    by_id: HashMap<String, usize>,
    later: Vec<Later>,
    problems: Vec<Problem>,
    /// Lines were removed by the rules or could not be read, so that an intent may be missing.
    incomplete: bool,
}

impl Merge {
    fn shelf(&mut self, shelf: &Shelf, pool: Option<&PoolId>, stamp: &mut Stamp) -> Result<(), Trouble> {
        let files = files(shelf, pool)?;
        // Taken before the lines are read, so that a line that comes in between is read again rather than missed.
        stamp.add(shelf, &files)?;
        // Asked before the lines are read and again after it: a console may end once its outcome is there, and another
        // may begin and write its first intent. Neither is to be told of as one whose end nobody saw.
        let mut running = living(&shelf.folder)?;
        let mut looked = Vec::new();
        for (_, _, name) in &files {
            match look(shelf, name) {
                Ok(Some(file)) => looked.push((name, file)),
                // Removed since the names were read.
                Ok(None) => {}
                Err(problem) => {
                    self.incomplete = true;
                    self.problems.push(problem);
                }
            }
        }
        running.extend(living(&shelf.folder)?);
        for (name, file) in &looked {
            self.file(shelf, name, &file.bytes, &running);
        }
        Ok(())
    }

    fn file(&mut self, shelf: &Shelf, name: &str, bytes: &[u8], running: &[String]) {
        let path = shelf.folder.path_of(name);
        let Split { lines, rest } = lines::split(bytes);
        let mut number = 0;
        for bytes in &lines {
            number += 1;
            let understood = lines::understand(bytes);
            if let Err(wrong) = understood.hash {
                self.problems.push(Problem::line(&path, number, wrong));
            }
            match understood.line {
                Some(line) => self.line(shelf, &path, number, line, running),
                None => self.incomplete = true,
            }
        }
        if !rest.is_empty() {
            let wrong = if lines::is_torn(rest) {
                let bytes = rest.len() as u64;
                Wrong::Torn { bytes }
            } else {
                Wrong::Changed
            };
            self.problems.push(Problem::line(&path, number + 1, wrong));
        }
    }

    fn line(&mut self, shelf: &Shelf, path: &Path, number: u64, line: Line, running: &[String]) {
        let Ok(at) = line.time.parse::<Timestamp>() else {
            self.problems.push(Problem::line(path, number, Wrong::NotALine));
            return;
        };
        match line.body {
            Body::Intent(intent) => {
                if self.by_id.contains_key(&line.id) {
                    self.problems.push(Problem::line(path, number, Wrong::SecondIntent));
                    return;
                }
                let alive = running.contains(&line.session);
                let entry = intent.entry(&line.id, at, shelf.writer.clone(), alive);
                self.by_id.insert(line.id, self.entries.len());
                self.entries.push(entry);
            }
            Body::Anchor(_) => self.incomplete = true,
            Body::Outcome(_) | Body::Seen(_) => self.later.push(Later {
                at,
                writer: shelf.writer.clone(),
                path: path.to_owned(),
                number,
                line,
            }),
        }
    }

    fn finish(mut self) -> (Vec<Entry>, Vec<Problem>) {
        // By time, because a colleague's reading stands in the colleague's file. Lines of one moment stay in order.
        self.later.sort_by_key(|later| later.at);
        for later in self.later {
            let Later { at, line, .. } = later;
            let entry = self.by_id.get(&line.id).and_then(|index| self.entries.get_mut(*index));
            match (entry, line.body) {
                (Some(entry), Body::Outcome(outcome)) if entry.writer == later.writer => {
                    entry.answer = Some(outcome.answer(at));
                }
                (Some(entry), Body::Seen(seen)) => entry.seen.push(seen.seen(at)),
                // Only who sent a write was answered: nobody else's file can say how it ended.
                (Some(_), _) => {
                    let elsewhere = Problem::line(&later.path, later.number, Wrong::NoIntent);
                    self.problems.push(elsewhere);
                }
                (None, _) if !self.incomplete => {
                    let nowhere = Problem::line(&later.path, later.number, Wrong::NoIntent);
                    self.problems.push(nowhere);
                }
                (None, _) => {}
            }
        }
        // The last one written first, also among those of one millisecond.
        self.entries.reverse();
        self.entries.sort_by_key(|entry| Reverse(entry.at));
        (self.entries, self.problems)
    }
}

impl Reading {
    /// The entry with this id.
    pub fn entry(&self, id: &Raw) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == *id)
    }

    /// Those that nobody knows the end of and nobody is finding out, newest first.
    pub fn unknown(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.is_unknown())
    }
}
