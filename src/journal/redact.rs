//! Everything about one user taken out of the journal, and the chain still whole: the digests stay, values and salts go.

use std::collections::HashSet;

use serde_json::Value;

use crate::disk::{Making, Trouble, living};
use crate::domain::PoolId;

use super::chain;
use super::error::{Doing, JournalError};
use super::line::{Body, Line};
use super::lines::{self, Split};
use super::places::{Places, Shelf};
use super::problem::{Problem, Wrong};
use super::reading::{files, look, of_a_colleague};

/// What was taken out, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redacted {
    /// Writes with a line in the own files that was changed.
    pub entries: usize,
    pub lines: usize,
    /// Writes in colleagues' files, which only they can change.
    pub elsewhere: usize,
    /// Writes that are under way in this moment, which were left alone: their next lines would tell again. To be done
    /// once they have ended.
    pub under_way: usize,
    /// Lines that were left as they are because they are not as they were written, or not whole.
    pub problems: Vec<Problem>,
}

/// Takes value and salt out of every line about the user with this sub, in the own files, of one pool or of all. The chain
/// verifies afterwards, and what was taken out cannot be undone any more.
pub fn redact(places: &Places, pool: Option<&PoolId>, sub: &str) -> Result<Redacted, JournalError> {
    redact_all(places, pool, sub).map_err(|trouble| Doing::Redact.failed(trouble))
}

fn redact_all(places: &Places, pool: Option<&PoolId>, sub: &str) -> Result<Redacted, Trouble> {
    let (shelves, problems) = places.shelves()?;
    let mut redacted = Redacted {
        problems,
        ..Redacted::default()
    };
    let mut about = About::default();
    for shelf in &shelves {
        if let Err(trouble) = about.find(shelf, pool, sub, &mut redacted) {
            redacted.problems.push(of_a_colleague(shelf, trouble)?);
        }
    }
    redacted.under_way = about.under_way();
    let ids = about.ids();
    if let Some(own) = shelves.iter().find(|shelf| shelf.writer.is_none()) {
        let mut entries = HashSet::new();
        for (_, _, name) in files(own, pool)? {
            redact_file(own, &name, &ids, &mut entries, &mut redacted)?;
        }
        redacted.entries = entries.len();
        redacted.elsewhere = ids.iter().filter(|id| about.foreign.contains(*id)).count();
    }
    Ok(redacted)
}

/// The writes about one user.
#[derive(Default)]
struct About {
    ids: HashSet<String>,
    /// Those whose intent stands in a colleague's file.
    foreign: HashSet<String>,
    /// Those that no line of their console will follow any more: not sent, or read back.
    over: HashSet<String>,
    running: HashSet<String>,
}

impl About {
    fn find(
        &mut self,
        shelf: &Shelf,
        pool: Option<&PoolId>,
        sub: &str,
        redacted: &mut Redacted,
    ) -> Result<(), Trouble> {
        let running = living(&shelf.folder)?;
        for (_, _, name) in files(shelf, pool)? {
            let looked = match look(shelf, &name) {
                Ok(Some(looked)) => looked,
                Ok(None) => continue,
                Err(problem) => {
                    redacted.problems.push(problem);
                    continue;
                }
            };
            for bytes in lines::split(&looked.bytes).lines {
                let Some(line) = lines::understand(bytes).line else {
                    continue;
                };
                match &line.body {
                    Body::Intent(intent) if intent.is_about(sub) => {
                        if running.contains(&line.session) {
                            self.running.insert(line.id.clone());
                        }
                        if shelf.writer.is_some() {
                            self.foreign.insert(line.id.clone());
                        }
                        self.ids.insert(line.id);
                    }
                    Body::Seen(seen) => {
                        if seen.is_about(sub) {
                            self.ids.insert(line.id.clone());
                        }
                        self.over.insert(line.id);
                    }
                    Body::Outcome(outcome) if !outcome.is_sent() => {
                        self.over.insert(line.id);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn is_under_way(&self, id: &str) -> bool {
        self.running.contains(id) && !self.over.contains(id)
    }

    fn under_way(&self) -> usize {
        self.ids.iter().filter(|id| self.is_under_way(id)).count()
    }

    fn ids(&self) -> HashSet<String> {
        self.ids.iter().filter(|id| !self.is_under_way(id)).cloned().collect()
    }
}

fn redact_file(
    own: &Shelf,
    name: &str,
    ids: &HashSet<String>,
    entries: &mut HashSet<String>,
    redacted: &mut Redacted,
) -> Result<(), Trouble> {
    // Appending goes through the same lock, and finds out that the file is another one now.
    let Some(held) = own.folder.hold(name, Making::Existing)? else {
        return Ok(());
    };
    let Some(looked) = own.folder.look(name)? else {
        return Ok(());
    };
    let path = own.folder.path_of(name);
    let Split { lines, rest } = lines::split(&looked.bytes);
    let mut bytes = Vec::with_capacity(looked.bytes.len());
    let mut changed = 0;
    for (index, line) in lines.iter().enumerate() {
        match without_values(line, ids) {
            Ok(None) => bytes.extend_from_slice(line),
            Ok(Some((id, text))) => {
                bytes.extend_from_slice(text.as_bytes());
                entries.insert(id);
                changed += 1;
            }
            Err(wrong) => {
                // Left for whoever finds out what happened to it.
                redacted.problems.push(Problem::line(&path, index as u64 + 1, wrong));
                bytes.extend_from_slice(line);
            }
        }
        bytes.push(b'\n');
    }
    // A torn end is for the next append to cut off and to tell of. Until then it may hold what it was to say.
    bytes.extend_from_slice(rest);
    if !rest.is_empty() {
        let wrong = if lines::is_torn(rest) {
            let bytes = rest.len() as u64;
            Wrong::Torn { bytes }
        } else {
            Wrong::Changed
        };
        redacted
            .problems
            .push(Problem::line(&path, lines.len() as u64 + 1, wrong));
    }
    if changed > 0 {
        own.folder.replace(&held, name, &bytes)?;
        redacted.lines += changed;
    }
    Ok(())
}

/// The line without what it tells, and the name of its write. `None`: it is about somebody else, or tells nothing any more.
fn without_values(bytes: &[u8], ids: &HashSet<String>) -> Result<Option<(String, String)>, Wrong> {
    let understood = lines::understand(bytes);
    let Line { id, .. } = match (understood.line, understood.hash) {
        (Some(line), Ok(_)) => line,
        (_, Err(wrong)) => return Err(wrong),
        (None, Ok(_)) => return Err(Wrong::NotALine),
    };
    if !ids.contains(&id) {
        return Ok(None);
    }
    let mut value: Value = serde_json::from_slice(bytes).map_err(|_| Wrong::Changed)?;
    Ok(chain::take_values_out(&mut value).then(|| (id, chain::canonical(&value))))
}
