//! Months that are older than the operator wants them: removed once the journal itself says so.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::disk::{Folder, Making, Trouble};
use crate::domain::PoolId;

use super::chain::Hash;
use super::file::months;
use super::line::{AnchorLine, Body, RemovedLine};
use super::lines::{self, Split};
use super::name::{Month, file_name};

/// What is too old, and what stands in the way of more.
#[derive(Default)]
pub(super) struct Old {
    /// Oldest first.
    pub(super) files: Vec<RemovedLine>,
    /// A file that is old enough and stays, because it is not as it was written: it is evidence.
    pub(super) kept: Option<String>,
}

/// The months of a pool whose last line is older than `days`, from the oldest on. Never the newest, which grows.
pub(super) fn old(folder: &Folder, pool: &PoolId, days: u32, now: Timestamp) -> Result<Old, Trouble> {
    let mut old = Old::default();
    let there = months(folder, pool)?;
    let Some((_, before)) = there.split_last() else {
        return Ok(old);
    };
    let mut end = None;
    for month in before {
        let name = file_name(pool, *month);
        let Some(looked) = folder.look(&name)? else {
            continue;
        };
        let Split { lines, rest } = lines::split(&looked.bytes);
        if lines.is_empty() && rest.is_empty() {
            // As a full disk left it. It holds nothing, so nothing has to account for it.
            continue;
        }
        match whole(&lines, rest) {
            Some(file) if is_older(file.last_time, days, now) => {
                let (first_prev, begin) = match end.take() {
                    Some((hash, count)) => (hash, count),
                    None => (file.prev.clone(), beginning(folder, pool, &there, &file.prev)?),
                };
                let Some(begin) = begin.filter(|_| first_prev == file.prev) else {
                    old.kept = Some(name);
                    return Ok(old);
                };
                let lines = begin + file.lines;
                end = Some((file.last.clone(), Some(lines)));
                old.files.push(RemovedLine {
                    name,
                    last: file.last,
                    lines,
                });
            }
            Some(_) => break,
            None => {
                old.kept = Some(name);
                break;
            }
        }
    }
    Ok(old)
}

/// A file all of whose lines are as they were written and follow each other.
struct Whole {
    prev: Hash,
    last: Hash,
    last_time: Timestamp,
    lines: u64,
}

fn whole(lines: &[&[u8]], rest: &[u8]) -> Option<Whole> {
    let mut whole: Option<Whole> = None;
    for bytes in lines {
        let understood = lines::understand(bytes);
        let (hash, line) = (understood.hash.ok()?, understood.line?);
        let last_time = line.time.parse().ok()?;
        match &mut whole {
            None => {
                whole = Some(Whole {
                    prev: line.prev,
                    last: hash,
                    last_time,
                    lines: 1,
                });
            }
            Some(whole) if whole.last == line.prev => {
                whole.last = hash;
                whole.last_time = last_time;
                whole.lines += 1;
            }
            Some(_) => return None,
        }
    }
    whole.filter(|_| rest.is_empty())
}

fn is_older(time: Timestamp, days: u32, now: Timestamp) -> bool {
    let age = now.as_second().saturating_sub(time.as_second());
    age > i64::from(days) * 24 * 60 * 60
}

/// How many lines were removed before the first that is there, where the journal accounts for them.
fn beginning(folder: &Folder, pool: &PoolId, there: &[Month], prev: &Hash) -> Result<Option<u64>, Trouble> {
    if *prev == Hash::zero() {
        return Ok(Some(0));
    }
    let mut removed = HashMap::new();
    for month in there {
        let Some(looked) = folder.look(&file_name(pool, *month))? else {
            continue;
        };
        for bytes in lines::split(&looked.bytes).lines {
            if let Some(Body::Anchor(AnchorLine { files, .. })) = lines::understand(bytes).line.map(|line| line.body) {
                removed.extend(
                    files
                        .into_iter()
                        .map(|file| (file.last.as_str().to_owned(), file.lines)),
                );
            }
        }
    }
    Ok(removed.remove(prev.as_str()))
}

/// Removes what an anchor on disk accounts for, oldest first, so that a crash in between leaves a chain that another
/// of the anchor's files accounts for.
pub(super) fn remove(folder: &Folder, files: &[RemovedLine]) -> Result<(), Trouble> {
    for file in files {
        // Whoever is taking values out of it holds the lock.
        if let Some(_held) = folder.hold(&file.name, Making::Existing)? {
            folder.remove(&file.name)?;
            folder.sync()?;
        }
    }
    Ok(())
}
