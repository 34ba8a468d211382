//! Whether the journal is as it was written: every line, its place in the chain, and what the lines say of each other.
//!
//! Short of writing the whole rest of the chain anew nothing can be changed, taken out, doubled or moved. Cutting off the
//! end leaves a chain that is good in itself; it is found by a head that was noted elsewhere.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::disk::Trouble;
use crate::domain::{PoolId, Raw};

use super::chain::Hash;
use super::error::{Doing, JournalError};
use super::head::Head;
use super::line::{AnchorLine, Body, Line};
use super::lines::{self, Split};
use super::name::Month;
use super::places::{Places, Shelf};
use super::problem::{Problem, Wrong};
use super::reading::{files, look, of_a_colleague};

/// What verifying found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verified {
    /// One for each pool of each writer, the own ones first.
    pub chains: Vec<Chain>,
    /// What is wrong: the first bad line of each chain, whatever cannot be read, and heads that do not fit.
    pub problems: Vec<Problem>,
    /// What is no sign of a change: a last line that is being written, or that a crash tore.
    pub torn: Vec<Problem>,
}

impl Verified {
    /// Nothing was changed, cut or reordered, as far as that can be told.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
    }
}

/// One chain, as far as it is good.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// `None`: the operator's own.
    pub writer: Option<Raw>,
    pub pool: PoolId,
    /// Good lines that are there.
    pub lines: u64,
    /// Lines that were removed because of their age before the first one that is there.
    pub removed: u64,
    /// The last good line; `None` where there is none.
    pub head: Option<Head>,
}

/// Goes through every chain, of one pool or of all. `heads` were noted before: each must still be in its chain.
pub fn verify(places: &Places, pool: Option<&PoolId>, heads: &[Head]) -> Result<Verified, JournalError> {
    verify_all(places, pool, heads).map_err(|trouble| Doing::Read.failed(trouble))
}

/// The head of every chain that is good, of one pool or of all: what [`verify`] later compares with.
pub fn head(places: &Places, pool: Option<&PoolId>) -> Result<Verified, JournalError> {
    verify(places, pool, &[])
}

fn verify_all(places: &Places, pool: Option<&PoolId>, heads: &[Head]) -> Result<Verified, Trouble> {
    let (shelves, problems) = places.shelves()?;
    let mut across = Across::default();
    let mut verified = Verified {
        problems,
        ..Verified::default()
    };
    across.incomplete = !verified.problems.is_empty();
    // The own ones may be named as a colleague would name them.
    let mut heads = heads.to_vec();
    for head in &mut heads {
        head.writer = head
            .writer
            .take()
            .filter(|writer| Some(writer.as_str()) != places.user());
    }
    let mut met = vec![false; heads.len()];
    for shelf in &shelves {
        let files = match files(shelf, pool) {
            Ok(files) => files,
            Err(trouble) => {
                across.incomplete = true;
                verified.problems.push(of_a_colleague(shelf, trouble)?);
                continue;
            }
        };
        for months in files.chunk_by(|(a, ..), (b, ..)| a == b) {
            let Some((pool, ..)) = months.first() else {
                continue;
            };
            let mut walk = Walk::new(shelf, pool);
            for (_, month, name) in months {
                if !walk.file(*month, name, &mut across) {
                    break;
                }
            }
            walk.compare(&heads, &mut met);
            walk.finish(&mut verified);
        }
    }
    for (head, _) in heads
        .iter()
        .zip(met)
        .filter(|(head, met)| !met && pool.is_none_or(|pool| *pool == head.pool))
    {
        // Nothing at all is left of its chain.
        verified.problems.push(Problem {
            path: places.own(),
            line: None,
            wrong: Wrong::CutTail {
                lines: 0,
                head: head.lines,
            },
        });
    }
    across.finish(&mut verified.problems);
    Ok(verified)
}

/// What lines of different chains say of each other.
#[derive(Default)]
struct Across {
    /// Sessions with the numbers they used.
    numbers: HashSet<(String, u64)>,
    /// Intents that are there.
    intents: HashSet<String>,
    /// Readings of writes of other chains, and where they stand.
    elsewhere: Vec<(String, PathBuf, u64)>,
    /// Lines were removed by the rules, or cannot be read.
    incomplete: bool,
}

impl Across {
    fn finish(self, problems: &mut Vec<Problem>) {
        if self.incomplete {
            return;
        }
        for (id, path, number) in self.elsewhere {
            if !self.intents.contains(&id) {
                problems.push(Problem::line(&path, number, Wrong::NoIntent));
            }
        }
    }
}

/// One chain on its way.
struct Walk<'a> {
    shelf: &'a Shelf,
    pool: &'a PoolId,
    prev: Option<Hash>,
    /// The first line's `prev`, where it is not the zeros of the very first.
    begins_after: Option<(Hash, Problem)>,
    anchors: Vec<AnchorLine>,
    /// Hashes by their place among the lines that are there.
    hashes: Vec<Hash>,
    /// The last number of each session.
    last_numbers: HashMap<String, u64>,
    /// Intents of this chain.
    intents: HashSet<String>,
    /// Lines whose intent may have been removed by the rules.
    without_intent: Vec<Problem>,
    bad: Option<Problem>,
    torn: Option<Problem>,
    about_heads: Vec<Problem>,
    /// The file that was looked at last.
    path: PathBuf,
}

impl<'a> Walk<'a> {
    fn new(shelf: &'a Shelf, pool: &'a PoolId) -> Self {
        Self {
            shelf,
            pool,
            prev: None,
            begins_after: None,
            anchors: Vec::new(),
            hashes: Vec::new(),
            last_numbers: HashMap::new(),
            intents: HashSet::new(),
            without_intent: Vec::new(),
            bad: None,
            torn: None,
            about_heads: Vec::new(),
            path: PathBuf::new(),
        }
    }

    /// Goes on with a file. `false`: something is wrong, and what follows cannot be judged.
    fn file(&mut self, month: Month, name: &str, across: &mut Across) -> bool {
        let path = self.shelf.folder.path_of(name);
        self.path.clone_from(&path);
        let looked = match look(self.shelf, name) {
            Ok(Some(looked)) => looked,
            // Removed since the names were read; if lines are missing now, the next one shows it.
            Ok(None) => return true,
            Err(problem) => {
                self.bad = Some(problem);
                across.incomplete = true;
                return false;
            }
        };
        let Split { lines, rest } = lines::split(&looked.bytes);
        let mut number = 0;
        for bytes in lines {
            number += 1;
            // A torn line is cut off before anything is written after it.
            if let Some(torn) = self.torn.take() {
                self.bad = Some(Problem {
                    wrong: Wrong::Changed,
                    ..torn
                });
                return false;
            }
            if let Err(wrong) = self.line(bytes, month, &path, number, across) {
                self.bad = Some(Problem::line(&path, number, wrong));
                across.incomplete = true;
                return false;
            }
        }
        if !rest.is_empty() {
            let bytes = rest.len() as u64;
            if !lines::is_torn(rest) {
                self.bad = Some(Problem::line(&path, number + 1, Wrong::Changed));
                return false;
            }
            self.torn = Some(Problem::line(&path, number + 1, Wrong::Torn { bytes }));
        }
        true
    }

    fn line(&mut self, bytes: &[u8], month: Month, path: &Path, number: u64, across: &mut Across) -> Result<(), Wrong> {
        let understood = lines::understand(bytes);
        let hash = understood.hash?;
        let line = understood.line.ok_or(Wrong::NotALine)?;
        match &self.prev {
            Some(prev) if *prev == line.prev => {}
            Some(_) => return Err(Wrong::NotInOrder),
            None if line.prev == Hash::zero() => {}
            None => {
                // Good if an anchor says so, which stands further on.
                let problem = Problem::line(path, number, Wrong::NoBeginning);
                self.begins_after = Some((line.prev.clone(), problem));
            }
        }
        let time: jiff::Timestamp = line.time.parse().map_err(|_| Wrong::NotALine)?;
        if Month::of(time) > month {
            return Err(Wrong::LaterMonth);
        }
        self.numbers(&line, across)?;
        self.says(&line, path, number, across)?;
        self.prev = Some(hash.clone());
        self.hashes.push(hash);
        Ok(())
    }

    /// Numbers of a session rise within a chain and are used once among all.
    fn numbers(&mut self, line: &Line, across: &mut Across) -> Result<(), Wrong> {
        if !across.numbers.insert((line.session.clone(), line.seq)) {
            return Err(Wrong::NumberTwice);
        }
        match self.last_numbers.insert(line.session.clone(), line.seq) {
            Some(before) if before > line.seq => Err(Wrong::NumberFalls),
            _ => Ok(()),
        }
    }

    /// What a line says must fit what was said before.
    fn says(&mut self, line: &Line, path: &Path, number: u64, across: &mut Across) -> Result<(), Wrong> {
        let own_name = || format!("{}-{}", line.session, line.seq);
        match &line.body {
            Body::Intent(intent) => {
                if intent.pool() != self.pool.as_str() {
                    return Err(Wrong::OtherPool);
                }
                if line.id != own_name() {
                    return Err(Wrong::NotItsName);
                }
                if !across.intents.insert(line.id.clone()) {
                    return Err(Wrong::SecondIntent);
                }
                self.intents.insert(line.id.clone());
            }
            Body::Anchor(anchor) => {
                if line.id != own_name() {
                    return Err(Wrong::NotItsName);
                }
                across.incomplete = true;
                self.anchors.push(anchor.clone());
            }
            // The console that decided is the one that was answered, and it writes to one chain.
            Body::Outcome(_) => {
                if line.id.rsplit_once('-').map(|(session, _)| session) != Some(line.session.as_str()) {
                    return Err(Wrong::NotItsName);
                }
                if !self.intents.contains(&line.id) {
                    self.without_intent.push(Problem::line(path, number, Wrong::NoIntent));
                }
            }
            // Another console, of a colleague even, may have read again.
            Body::Seen(_) => {
                if !across.intents.contains(&line.id) {
                    across.elsewhere.push((line.id.clone(), path.to_owned(), number));
                }
            }
        }
        Ok(())
    }

    /// How many lines were removed before the first one: `None` where no anchor accounts for its beginning.
    fn removed(&self) -> Option<u64> {
        let Some((prev, _)) = &self.begins_after else {
            return Some(0);
        };
        let mut files = self.anchors.iter().flat_map(|anchor| &anchor.files);
        files.find(|file| file.last == *prev).map(|file| file.lines)
    }

    fn compare(&mut self, heads: &[Head], met: &mut [bool]) {
        let removed = self.removed().unwrap_or(0);
        let lines = removed + self.hashes.len() as u64;
        for (head, met) in heads.iter().zip(met) {
            if head.pool != *self.pool || head.writer != self.shelf.writer {
                continue;
            }
            *met = true;
            let there = (head.lines.checked_sub(removed + 1))
                .and_then(|index| usize::try_from(index).ok())
                .map(|index| self.hashes.get(index));
            let wrong = match there {
                // The last of the removed lines is still known by what points back to it.
                None if head.lines == removed && self.begins_at(&head.hash) => continue,
                None if head.lines == removed => Wrong::OtherHead { head: head.lines },
                None => Wrong::HeadRemoved { head: head.lines },
                Some(Some(hash)) if hash.as_str() == head.hash => continue,
                Some(Some(_)) => Wrong::OtherHead { head: head.lines },
                Some(None) => Wrong::CutTail {
                    lines,
                    head: head.lines,
                },
            };
            let path = self.path.clone();
            self.about_heads.push(Problem {
                path,
                line: None,
                wrong,
            });
        }
    }

    fn begins_at(&self, hash: &str) -> bool {
        self.begins_after
            .as_ref()
            .is_some_and(|(prev, _)| prev.as_str() == hash)
    }

    fn finish(mut self, verified: &mut Verified) {
        let removed = self.removed();
        if removed.is_none()
            && let Some((_, problem)) = self.begins_after.take()
        {
            // Before whatever else is wrong: it is the first line.
            verified.problems.push(problem);
        } else if self.anchors.is_empty()
            && let Some(first) = self.without_intent.drain(..).next()
        {
            verified.problems.push(first);
        }
        verified.problems.extend(self.bad.take());
        verified.problems.append(&mut self.about_heads);
        verified.torn.extend(self.torn.take());
        let lines = self.hashes.len() as u64;
        let removed = removed.unwrap_or(0);
        verified.chains.push(Chain {
            writer: self.shelf.writer.clone(),
            pool: self.pool.clone(),
            lines,
            removed,
            head: self.hashes.last().map(|hash| Head {
                writer: self.shelf.writer.clone(),
                pool: self.pool.clone(),
                lines: removed + lines,
                hash: hash.as_str().to_owned(),
            }),
        });
    }
}
