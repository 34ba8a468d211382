//! The end of a pool's chain on disk: which file grows, the repair of a torn line, and fsync.

use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::io::Errno;
use rustix::{fs, io};

use crate::disk::{Cause, Folder, Making, Trouble, write_all};
use crate::domain::PoolId;

use super::chain::{self, Hash};
use super::error::Notice;
use super::lines;
use super::name::{Month, file_name, parse_name};

#[cfg(test)]
mod tests;

/// How often to begin again when a file was replaced, or a newer month begun, while waiting for its lock.
const PLACE_TRIES: u32 = 8;

/// The locked end of a chain. Dropping it unlocks.
#[derive(Debug)]
pub(super) struct Tail {
    folder: Folder,
    fd: OwnedFd,
    name: String,
    /// Length of the file in bytes: where the next line begins.
    len: u64,
    prev: Hash,
    notices: Vec<Notice>,
    /// The month before, held until the first line of this one is on disk.
    _before: Option<OwnedFd>,
}

impl Tail {
    /// The end of a pool's chain, locked, checked and repaired, ready for one line.
    ///
    /// The file of the newest month is the only one that grows. The month before stays locked while the first line of
    /// a new one is written, and locks are taken oldest first, so that two consoles at midnight neither fork the chain
    /// nor wait for each other for ever.
    pub(super) fn lock(folder: Folder, pool: &PoolId, now: Month) -> Result<Self, Trouble> {
        if !pool.is_plain() {
            return Err(Trouble::new(folder.path_of(""), Cause::PoolName));
        }
        for _ in 0..PLACE_TRIES {
            let there = months(&folder, pool)?;
            let newest = there.last().copied();
            let month = newest.map_or(now, |newest| newest.max(now));
            let name = file_name(pool, month);
            let mut older = Vec::new();
            for month in there.iter().filter(|other| **other < month) {
                older.push(file_name(pool, *month));
            }

            let before = match older.last() {
                Some(name) => folder.hold(name, Making::Existing)?,
                None => None,
            };
            if before.is_none() && !older.is_empty() {
                continue;
            }
            let Some(fd) = folder.hold(&name, Making::IfMissing)? else {
                continue;
            };
            // Months begun or taken away while the locks were waited for.
            let mut expected: Vec<Month> = there.iter().copied().filter(|other| *other != month).collect();
            expected.push(month);
            if months(&folder, pool)? != expected {
                continue;
            }
            return Self::read(folder, fd, name, &older, before);
        }
        Err(Trouble::new(folder.path_of(""), Cause::Busy))
    }

    fn read(
        folder: Folder,
        fd: OwnedFd,
        name: String,
        older: &[String],
        before: Option<OwnedFd>,
    ) -> Result<Self, Trouble> {
        let mut notices = Vec::new();
        let (len, mut prev) = check_end(&fd, &folder.path_of(&name), &mut notices)?;
        if prev.is_none()
            && let (Some(fd), Some((last, rest))) = (&before, older.split_last())
        {
            prev = check_end(fd, &folder.path_of(last), &mut notices)?.1;
            // An older file is empty only if the disk was full when its first line was due.
            for name in rest.iter().rev() {
                if prev.is_some() {
                    break;
                }
                if let Some(fd) = folder.hold(name, Making::Existing)? {
                    prev = check_end(&fd, &folder.path_of(name), &mut notices)?.1;
                }
            }
        }
        let prev = prev.unwrap_or_else(Hash::zero);
        Ok(Self {
            folder,
            fd,
            name,
            len,
            prev,
            notices,
            _before: before,
        })
    }

    /// The hash that the next line points back to.
    pub(super) fn prev(&self) -> &Hash {
        &self.prev
    }

    /// How many bytes of torn lines were cut off, if any.
    pub(super) fn repaired(&self) -> Option<u64> {
        let bytes = (self.notices.iter())
            .map(|notice| match notice {
                Notice::Repaired { bytes, .. } => *bytes,
                _ => 0,
            })
            .sum();
        (bytes > 0).then_some(bytes)
    }

    /// Writes one line and returns once it is on disk. After an error the file is as it was, as far as the disk lets it.
    pub(super) fn append(&mut self, text: &str) -> Result<(), Trouble> {
        let failed = |errno| Trouble::new(self.folder.path_of(&self.name), Cause::Io(errno));
        append_durably(&self.fd, self.len, text.as_bytes()).map_err(failed)?;
        if self.len == 0 {
            // The name of a new file is not on disk before its folder is.
            let named = io::retry_on_intr(|| fs::fsync(self.folder.fd()));
            taken_back(&self.fd, self.len, named).map_err(failed)?;
        }
        self.len += text.len() as u64;
        Ok(())
    }

    pub(super) fn into_notices(self) -> Vec<Notice> {
        self.notices
    }
}

/// Appends and fsyncs, or takes back what was written. Should that fail too, what stays is either a torn line, which the
/// next append cuts off, or an intent without an outcome, which is looked into: never a line that claims too much.
fn append_durably(fd: &OwnedFd, len: u64, bytes: &[u8]) -> Result<(), Errno> {
    let written = write_all(fd, bytes).and_then(|()| io::retry_on_intr(|| fs::fsync(fd)));
    taken_back(fd, len, written)
}

fn taken_back(fd: &OwnedFd, len: u64, written: Result<(), Errno>) -> Result<(), Errno> {
    if written.is_err() {
        // The first error is the one to tell; a second one changes nothing about what to do.
        let _ = fs::ftruncate(fd, len);
    }
    written
}

/// Checks the last line of a locked file and cuts off a torn one. Returns the length and the last hash, if any.
fn check_end(fd: &OwnedFd, path: &Path, notices: &mut Vec<Notice>) -> Result<(u64, Option<Hash>), Trouble> {
    let trouble = |cause| Trouble::new(path, cause);
    let failed = |errno| trouble(Cause::Io(errno));
    let len = u64::try_from(fs::fstat(fd).map_err(failed)?.st_size).map_err(|_| failed(Errno::IO))?;

    let mut last = last_line(fd, len).map_err(failed)?;
    // A file system may leave zeros where a line was to be when the power went.
    while let Some(line) = &last
        && line.bytes.contains(&0)
    {
        last = last_line(fd, line.start).map_err(failed)?;
    }
    let keep = last.as_ref().map_or(0, |line| line.end);
    let hash = match last {
        Some(line) => {
            let text = String::from_utf8(line.bytes).map_err(|_| trouble(Cause::Damaged))?;
            Some(chain::check(&text).map_err(trouble)?)
        }
        None => None,
    };
    if keep < len {
        if !lines::is_torn(&read_range(fd, keep, len).map_err(failed)?) {
            return Err(trouble(Cause::Damaged));
        }
        fs::ftruncate(fd, keep).map_err(failed)?;
        notices.push(Notice::Repaired {
            path: path.to_owned(),
            bytes: len - keep,
        });
    }
    Ok((keep, hash))
}

/// A line that ends in a newline.
struct Found {
    start: u64,
    /// Just past the newline.
    end: u64,
    /// Without the newline.
    bytes: Vec<u8>,
}

/// The last whole line in the first `len` bytes of a file, read from the end in steps that double.
fn last_line(fd: &OwnedFd, len: u64) -> Result<Option<Found>, Errno> {
    let mut step: u64 = 16 * 1024;
    loop {
        let from = len.saturating_sub(step);
        let block = read_range(fd, from, len)?;
        let mut pieces = block.rsplitn(3, |byte| *byte == b'\n');
        let torn = pieces.next().map_or(0, <[u8]>::len) as u64;
        let line = pieces.next();
        let begins_inside = pieces.next().is_some() || from == 0;
        match line {
            Some(line) if begins_inside => {
                let end = len - torn;
                let start = end - 1 - line.len() as u64;
                return Ok(Some(Found {
                    start,
                    end,
                    bytes: line.to_vec(),
                }));
            }
            None if from == 0 => return Ok(None),
            _ => step = step.saturating_mul(2),
        }
    }
}

fn read_range(fd: &OwnedFd, from: u64, to: u64) -> Result<Vec<u8>, Errno> {
    let mut block = vec![0; usize::try_from(to - from).map_err(|_| Errno::FBIG)?];
    let mut filled = 0;
    while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        let read = io::retry_on_intr(|| io::pread(fd, &mut *rest, from + filled as u64))?;
        if read == 0 {
            // Shorter than it was a moment ago, although it is locked.
            return Err(Errno::IO);
        }
        filled += read;
    }
    Ok(block)
}

/// The months of a pool that have a file, oldest first.
pub(super) fn months(folder: &Folder, pool: &PoolId) -> Result<Vec<Month>, Trouble> {
    let names = folder.names()?;
    let files = names.iter().filter_map(|name| parse_name(name));
    let mut months: Vec<Month> = files.filter(|(of, _)| of == pool).map(|(_, month)| month).collect();
    months.sort_unstable();
    Ok(months)
}
