//! The files on disk: who may touch them, the lock for one append, the repair of a torn line, and fsync.
//!
//! Everything goes through the descriptor of the checked folder, so that a name cannot lead elsewhere in between.

use std::ffi::OsStr;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{AtFlags, Dir, FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::Errno;
use rustix::{fs, io};

use crate::domain::PoolId;

use super::chain::{self, Hash};
use super::error::{Cause, Notice, Trouble};
use super::name::{Month, file_name, parse_name};

#[cfg(test)]
mod tests;

const FOLDER: &str = "journal";
const FOLDER_MODE: Mode = Mode::RWXU;
const FILE_MODE: Mode = Mode::RUSR.union(Mode::WUSR);
const OTHERS: Mode = Mode::RWXG.union(Mode::RWXO);

/// How long to wait for another console's append: a console that was stopped in the middle of one must not stop this.
const LOCK_TRIES: u32 = 250;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// How often to begin again when a file was replaced, or a newer month begun, while waiting for its lock.
const PLACE_TRIES: u32 = 8;

/// The folder `journal/` of a state folder, checked.
#[derive(Debug)]
pub(super) struct Folder {
    fd: OwnedFd,
    path: PathBuf,
    lock_tries: u32,
}

impl Folder {
    /// Makes what is missing of the path, then opens and checks it.
    pub(super) fn create(state: &Path) -> Result<Self, Trouble> {
        make_folder(state)?;
        make_folder(&state.join(FOLDER))?;
        Self::open(state)
    }

    /// Opens and checks what must already be there.
    pub(super) fn open(state: &Path) -> Result<Self, Trouble> {
        let path = state.join(FOLDER);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let outer = fs::open(state, flags, Mode::empty())
            .map_err(|errno| Trouble::new(state, open_cause(fs::CWD, state, Cause::NotAFolder, errno)))?;
        check_folder(&outer, state)?;
        let fd = fs::openat(&outer, FOLDER, flags, Mode::empty())
            .map_err(|errno| Trouble::new(&path, open_cause(&outer, FOLDER, Cause::NotAFolder, errno)))?;
        check_folder(&fd, &path)?;
        Ok(Self {
            fd,
            path,
            lock_tries: LOCK_TRIES,
        })
    }

    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Every name in the folder that is UTF-8; ours are ASCII.
    pub(super) fn names(&self) -> Result<Vec<String>, Trouble> {
        let failed = |errno| Trouble::new(&self.path, Cause::Io(errno));
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.fd).map_err(failed)? {
            if let Ok(name) = entry.map_err(failed)?.file_name().to_str() {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }

    /// Opens a file of ours for reading and writing, or says why it may not be used. `None` where there is none.
    pub(super) fn open_file(&self, name: &str, making: Making) -> Result<Option<OwnedFd>, Trouble> {
        let path = self.path_of(name);
        let mut flags = OFlags::RDWR | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        // Whatever lies there under our name must not make the open itself wait or take a terminal.
        flags |= OFlags::NONBLOCK | OFlags::NOCTTY;
        flags |= match making {
            Making::Existing => OFlags::empty(),
            Making::IfMissing => OFlags::CREATE,
            Making::New => OFlags::CREATE | OFlags::EXCL,
        };
        let opened = io::retry_on_intr(|| fs::openat(&self.fd, name, flags, FILE_MODE));
        let fd = match opened {
            Ok(fd) => fd,
            Err(Errno::NOENT) if making == Making::Existing => return Ok(None),
            Err(errno) => {
                return Err(Trouble::new(path, open_cause(&self.fd, name, Cause::NotAFile, errno)));
            }
        };
        let stat = fs::fstat(&fd).map_err(|errno| Trouble::new(&path, Cause::Io(errno)))?;
        check_file(&stat).map_err(|cause| Trouble::new(path, cause))?;
        Ok(Some(fd))
    }

    /// Removes a name of ours. One that is gone already is as good.
    pub(super) fn remove(&self, name: &str) -> Result<(), Trouble> {
        match fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(Trouble::new(self.path_of(name), Cause::Io(errno))),
        }
    }

    /// Waits for the lock of an open file.
    pub(super) fn lock(&self, fd: &OwnedFd, name: &str) -> Result<(), Trouble> {
        for _ in 0..self.lock_tries {
            if try_lock(fd).map_err(|errno| Trouble::new(self.path_of(name), Cause::Io(errno)))? {
                return Ok(());
            }
            std::thread::sleep(LOCK_PAUSE);
        }
        Err(Trouble::new(self.path_of(name), Cause::Busy))
    }

    /// Whether the name still leads to this file: it may have been replaced while its lock was waited for.
    pub(super) fn is_still(&self, fd: &OwnedFd, name: &str) -> Result<bool, Trouble> {
        let failed = |errno| Trouble::new(self.path_of(name), Cause::Io(errno));
        let held = fs::fstat(fd).map_err(failed)?;
        match fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(named) => Ok((named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)),
            Err(Errno::NOENT) => Ok(false),
            Err(errno) => Err(failed(errno)),
        }
    }

    /// The end of a pool's chain, locked, checked and repaired, ready for one line.
    ///
    /// The file of the newest month is the only one that grows. The month before stays locked while the first line of
    /// a new one is written, and locks are taken oldest first, so that two consoles at midnight neither fork the chain
    /// nor wait for each other for ever.
    pub(super) fn lock_tail(self, pool: &PoolId, now: Month) -> Result<Tail, Trouble> {
        if !pool.is_plain() {
            return Err(Trouble::new(self.path, Cause::PoolName));
        }
        for _ in 0..PLACE_TRIES {
            let months = self.months(pool)?;
            let newest = months.last().copied();
            let month = newest.map_or(now, |newest| newest.max(now));
            let name = file_name(pool, month);
            let mut older = Vec::new();
            for month in months.iter().filter(|other| **other < month) {
                older.push(file_name(pool, *month));
            }

            let before = match older.last() {
                Some(name) => self.hold(name, Making::Existing)?,
                None => None,
            };
            if before.is_none() && !older.is_empty() {
                continue;
            }
            let Some(fd) = self.hold(&name, Making::IfMissing)? else {
                continue;
            };
            // Months begun or taken away while the locks were waited for.
            let mut expected: Vec<Month> = months.iter().copied().filter(|other| *other != month).collect();
            expected.push(month);
            if self.months(pool)? != expected {
                continue;
            }
            return Tail::read(self, fd, name, &older, before);
        }
        Err(Trouble::new(self.path, Cause::Busy))
    }

    /// Opens and locks; `None` where the file was replaced or taken away meanwhile.
    fn hold(&self, name: &str, making: Making) -> Result<Option<OwnedFd>, Trouble> {
        let Some(fd) = self.open_file(name, making)? else {
            return Ok(None);
        };
        self.lock(&fd, name)?;
        Ok(self.is_still(&fd, name)?.then_some(fd))
    }

    /// The months of a pool that have a file, oldest first.
    fn months(&self, pool: &PoolId) -> Result<Vec<Month>, Trouble> {
        let names = self.names()?;
        let files = names.iter().filter_map(|name| parse_name(name));
        let mut months: Vec<Month> = files.filter(|(of, _)| of == pool).map(|(_, month)| month).collect();
        months.sort_unstable();
        Ok(months)
    }
}

/// What opening a file may bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Making {
    Existing,
    IfMissing,
    New,
}

/// Takes the lock unless somebody has it.
pub(super) fn try_lock(fd: &OwnedFd) -> Result<bool, Errno> {
    match io::retry_on_intr(|| fs::flock(fd, FlockOperation::NonBlockingLockExclusive)) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(errno) => Err(errno),
    }
}

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
        let bytes = self.notices.iter().map(|Notice::Repaired { bytes, .. }| *bytes).sum();
        (bytes > 0).then_some(bytes)
    }

    /// Writes one line and returns once it is on disk. After an error the file is as it was, as far as the disk lets it.
    pub(super) fn append(&mut self, text: &str) -> Result<(), Trouble> {
        let failed = |errno| Trouble::new(self.folder.path_of(&self.name), Cause::Io(errno));
        append_durably(&self.fd, self.len, text.as_bytes()).map_err(failed)?;
        if self.len == 0 {
            // The name of a new file is not on disk before its folder is.
            io::retry_on_intr(|| fs::fsync(&self.folder.fd)).map_err(failed)?;
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

fn write_all(fd: &OwnedFd, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        let written = io::retry_on_intr(|| io::write(fd, bytes))?;
        if written == 0 {
            return Err(Errno::IO);
        }
        bytes = bytes.get(written..).unwrap_or_default();
    }
    Ok(())
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
        // A torn line of ours begins like a line, or was never filled in. Anything else was put there by someone.
        let mut first = [0u8];
        io::retry_on_intr(|| io::pread(fd, &mut first, keep)).map_err(failed)?;
        if !matches!(first, [b'{' | 0]) {
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

/// Makes a folder and those above it, each on disk before the next.
fn make_folder(path: &Path) -> Result<(), Trouble> {
    let failed = |errno| Trouble::new(path, Cause::Io(errno));
    let parent = match path.parent() {
        Some(parent) if parent == Path::new("") => Path::new("."),
        Some(parent) => parent,
        None => return Ok(()),
    };
    match fs::mkdir(path, FOLDER_MODE) {
        Ok(()) => {}
        Err(Errno::EXIST) => return Ok(()),
        Err(Errno::NOENT) => {
            make_folder(parent)?;
            fs::mkdir(path, FOLDER_MODE).map_err(failed)?;
        }
        Err(errno) => return Err(failed(errno)),
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let above = fs::open(parent, flags, Mode::empty()).map_err(failed)?;
    io::retry_on_intr(|| fs::fsync(&above)).map_err(failed)
}

/// What stands in the way of opening, where the error alone does not say.
fn open_cause(folder: impl AsFd, name: impl AsRef<OsStr>, wrong_kind: Cause, errno: Errno) -> Cause {
    match errno {
        Errno::NOENT => Cause::Gone,
        Errno::LOOP | Errno::MLINK | Errno::NOTDIR | Errno::ISDIR | Errno::NXIO => {
            match fs::statat(folder, name.as_ref(), AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) if kind(&stat) == FileType::Symlink => Cause::Link,
                Ok(_) => wrong_kind,
                Err(errno) => Cause::Io(errno),
            }
        }
        errno => Cause::Io(errno),
    }
}

fn kind(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}

fn check_folder(fd: &OwnedFd, path: &Path) -> Result<(), Trouble> {
    let stat = fs::fstat(fd).map_err(|errno| Trouble::new(path, Cause::Io(errno)))?;
    check_owner(&stat, FOLDER_MODE).map_err(|cause| Trouble::new(path, cause))
}

pub(super) fn check_file(stat: &Stat) -> Result<(), Cause> {
    if kind(stat) != FileType::RegularFile {
        return Err(Cause::NotAFile);
    }
    // None at all: taken away since it was opened, which is found out under the lock.
    if stat.st_nlink > 1 {
        return Err(Cause::Names);
    }
    check_owner(stat, FILE_MODE)
}

fn check_owner(stat: &Stat, wanted: Mode) -> Result<(), Cause> {
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        return Err(Cause::Foreign { uid: stat.st_uid });
    }
    let mode = Mode::from_raw_mode(stat.st_mode);
    if mode.intersects(OTHERS) {
        return Err(Cause::Loose { mode, wanted });
    }
    Ok(())
}
