//! Folders and files of ours: who may touch them, and the lock for one change.
//!
//! Everything goes through the descriptor of the checked folder, so that a name cannot lead elsewhere in between.

use std::ffi::OsStr;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{AtFlags, Dir, FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::Errno;
use rustix::{fs, io};

use super::{Cause, Trouble};

/// How long to wait for another console's append: a console that was stopped in the middle of one must not stop this.
const LOCK_TRIES: u32 = 250;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

pub(super) const FOLDER_FLAGS: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// Who besides its owner may read what is in a folder of ours. Nobody else may ever write to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    Nobody,
    /// The folder's group: colleagues who share a journal.
    Group,
}

impl Readers {
    fn folder_mode(self) -> Mode {
        match self {
            Self::Nobody => Mode::RWXU,
            Self::Group => Mode::RWXU | Mode::RGRP | Mode::XGRP,
        }
    }

    fn file_mode(self) -> Mode {
        match self {
            Self::Nobody => Mode::RUSR | Mode::WUSR,
            Self::Group => Mode::RUSR | Mode::WUSR | Mode::RGRP,
        }
    }

    /// What no file or folder may allow.
    fn refused(self) -> Mode {
        match self {
            Self::Nobody => Mode::RWXG | Mode::RWXO,
            Self::Group => Mode::WGRP | Mode::RWXO,
        }
    }
}

/// One folder of ours, checked.
#[derive(Debug)]
pub struct Folder {
    fd: OwnedFd,
    path: PathBuf,
    readers: Readers,
    lock_tries: u32,
}

impl Folder {
    /// Makes what is missing of the path, then opens and checks it: `name` in the folder `outer`.
    pub fn create(outer: &Path, name: &str) -> Result<Self, Trouble> {
        make_folder(outer)?;
        make_folder(&outer.join(name))?;
        Self::open(outer, name)
    }

    /// Makes what is missing of the path, then opens and checks it.
    pub fn make(path: &Path) -> Result<Self, Trouble> {
        make_folder(path)?;
        Self::at(path)
    }

    /// Opens and checks what must already be there.
    pub fn open(outer: &Path, name: &str) -> Result<Self, Trouble> {
        Self::at(outer)?.below(name, Readers::Nobody)
    }

    /// Opens and checks a folder by its whole path.
    pub fn at(path: &Path) -> Result<Self, Trouble> {
        let fd = fs::open(path, FOLDER_FLAGS, Mode::empty())
            .map_err(|errno| Trouble::new(path, open_cause(fs::CWD, path, Cause::NotAFolder, errno)))?;
        let folder = Self::unchecked(fd, path.to_owned(), Readers::Nobody);
        folder.check()?;
        Ok(folder)
    }

    /// Opens and checks a folder of ours in this one.
    pub(super) fn below(&self, name: &str, readers: Readers) -> Result<Self, Trouble> {
        let folder = self.look_below(name, readers)?;
        folder.check()?;
        Ok(folder)
    }

    /// Opens a folder in this one for reading, whosever it is.
    pub(super) fn look_below(&self, name: &str, readers: Readers) -> Result<Self, Trouble> {
        let path = self.path_of(name);
        match fs::openat(&self.fd, name, FOLDER_FLAGS, Mode::empty()) {
            Ok(fd) => Ok(Self::unchecked(fd, path, readers)),
            Err(errno) => Err(Trouble::new(path, open_cause(&self.fd, name, Cause::NotAFolder, errno))),
        }
    }

    pub(super) fn unchecked(fd: OwnedFd, path: PathBuf, readers: Readers) -> Self {
        Self {
            fd,
            path,
            readers,
            lock_tries: LOCK_TRIES,
        }
    }

    fn check(&self) -> Result<(), Trouble> {
        let trouble = |cause| Trouble::new(&self.path, cause);
        let stat = fs::fstat(&self.fd).map_err(|errno| trouble(Cause::Io(errno)))?;
        check_owner(&stat, self.readers.refused(), self.readers.folder_mode()).map_err(trouble)
    }

    /// Lets the folder be read by those who may, whatever the umask was when it was made. A set-group-id bit stays.
    pub(super) fn open_to_readers(&self) -> Result<(), Trouble> {
        let failed = |errno| Trouble::new(&self.path, Cause::Io(errno));
        let stat = fs::fstat(&self.fd).map_err(failed)?;
        let mode = Mode::from_raw_mode(stat.st_mode) & Mode::SGID;
        fs::fchmod(&self.fd, mode | self.readers.folder_mode()).map_err(failed)
    }

    /// How often a lock is tried before it counts as held for too long.
    #[cfg(test)]
    pub fn set_lock_tries(&mut self, tries: u32) {
        self.lock_tries = tries;
    }

    /// The folder itself, for its fsync.
    pub fn fd(&self) -> &OwnedFd {
        &self.fd
    }

    pub(super) fn readers(&self) -> Readers {
        self.readers
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Every name in the folder that is UTF-8; ours are ASCII.
    pub fn names(&self) -> Result<Vec<String>, Trouble> {
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
    pub fn open_file(&self, name: &str, making: Making) -> Result<Option<OwnedFd>, Trouble> {
        let path = self.path_of(name);
        let mut flags = OFlags::RDWR | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        // Whatever lies there under our name must not make the open itself wait or take a terminal.
        flags |= OFlags::NONBLOCK | OFlags::NOCTTY;
        flags |= match making {
            Making::Existing | Making::IfMissing => OFlags::empty(),
            Making::New => OFlags::CREATE | OFlags::EXCL,
        };
        let mode = self.readers.file_mode();
        // Made first where it may be made, so that it is known to be new and a strict umask can be undone.
        let opened = match making {
            Making::IfMissing => self.make_or_open(name, flags),
            Making::Existing | Making::New => io::retry_on_intr(|| fs::openat(&self.fd, name, flags, mode)),
        };
        let fd = match opened {
            Ok(fd) => fd,
            Err(Errno::NOENT) if making == Making::Existing => return Ok(None),
            Err(errno) => {
                return Err(Trouble::new(path, open_cause(&self.fd, name, Cause::NotAFile, errno)));
            }
        };
        if making == Making::New {
            self.give_mode(&fd)
                .map_err(|errno| Trouble::new(&path, Cause::Io(errno)))?;
        }
        let stat = fs::fstat(&fd).map_err(|errno| Trouble::new(&path, Cause::Io(errno)))?;
        check_file(&stat, self.readers).map_err(|cause| Trouble::new(path, cause))?;
        Ok(Some(fd))
    }

    fn make_or_open(&self, name: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
        let new = flags | OFlags::CREATE | OFlags::EXCL;
        match io::retry_on_intr(|| fs::openat(&self.fd, name, new, self.readers.file_mode())) {
            Ok(fd) => {
                self.give_mode(&fd)?;
                Ok(fd)
            }
            // Should it go away in this moment, what is made instead has the mode that the umask leaves.
            Err(Errno::EXIST) => {
                let either = flags | OFlags::CREATE;
                io::retry_on_intr(|| fs::openat(&self.fd, name, either, self.readers.file_mode()))
            }
            Err(errno) => Err(errno),
        }
    }

    /// A new file can be read by those who may, whatever the umask.
    fn give_mode(&self, fd: &OwnedFd) -> Result<(), Errno> {
        match self.readers {
            Readers::Nobody => Ok(()),
            Readers::Group => fs::fchmod(fd, self.readers.file_mode()),
        }
    }

    /// Removes a name of ours. One that is gone already is as good.
    pub fn remove(&self, name: &str) -> Result<(), Trouble> {
        match fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(Trouble::new(self.path_of(name), Cause::Io(errno))),
        }
    }

    /// Waits for the lock of an open file.
    pub fn lock(&self, fd: &OwnedFd, name: &str) -> Result<(), Trouble> {
        for _ in 0..self.lock_tries {
            if try_lock(fd).map_err(|errno| Trouble::new(self.path_of(name), Cause::Io(errno)))? {
                return Ok(());
            }
            std::thread::sleep(LOCK_PAUSE);
        }
        Err(Trouble::new(self.path_of(name), Cause::Busy))
    }

    /// Whether the name still leads to this file: it may have been replaced while its lock was waited for.
    pub fn is_still(&self, fd: &OwnedFd, name: &str) -> Result<bool, Trouble> {
        let failed = |errno| Trouble::new(self.path_of(name), Cause::Io(errno));
        let held = fs::fstat(fd).map_err(failed)?;
        match fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(named) => Ok((named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)),
            Err(Errno::NOENT) => Ok(false),
            Err(errno) => Err(failed(errno)),
        }
    }

    /// Opens and locks; `None` where the file was replaced or taken away meanwhile.
    pub fn hold(&self, name: &str, making: Making) -> Result<Option<OwnedFd>, Trouble> {
        let Some(fd) = self.open_file(name, making)? else {
            return Ok(None);
        };
        self.lock(&fd, name)?;
        Ok(self.is_still(&fd, name)?.then_some(fd))
    }
}

/// What opening a file may bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Making {
    Existing,
    IfMissing,
    New,
}

/// Takes the lock unless somebody has it.
pub fn try_lock(fd: &OwnedFd) -> Result<bool, Errno> {
    match io::retry_on_intr(|| fs::flock(fd, FlockOperation::NonBlockingLockExclusive)) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(errno) => Err(errno),
    }
}

/// Makes a folder and those above it, each on disk before the next.
fn make_folder(path: &Path) -> Result<(), Trouble> {
    let failed = |errno| Trouble::new(path, Cause::Io(errno));
    let parent = match path.parent() {
        Some(parent) if parent == Path::new("") => Path::new("."),
        Some(parent) => parent,
        None => return Ok(()),
    };
    match fs::mkdir(path, Mode::RWXU) {
        Ok(()) => {}
        Err(Errno::EXIST) => return Ok(()),
        Err(Errno::NOENT) => {
            make_folder(parent)?;
            fs::mkdir(path, Mode::RWXU).map_err(failed)?;
        }
        Err(errno) => return Err(failed(errno)),
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let above = fs::open(parent, flags, Mode::empty()).map_err(failed)?;
    io::retry_on_intr(|| fs::fsync(&above)).map_err(failed)
}

/// What stands in the way of opening, where the error alone does not say.
pub(super) fn open_cause(folder: impl AsFd, name: impl AsRef<OsStr>, wrong_kind: Cause, errno: Errno) -> Cause {
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

pub(super) fn kind(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}

/// Whether a file may be used as one of ours.
pub fn check_file(stat: &Stat, readers: Readers) -> Result<(), Cause> {
    check_kind(stat)?;
    check_owner(stat, readers.refused(), readers.file_mode())
}

/// Whether it is an ordinary file with one name.
pub(super) fn check_kind(stat: &Stat) -> Result<(), Cause> {
    if kind(stat) != FileType::RegularFile {
        return Err(Cause::NotAFile);
    }
    // None at all: taken away since it was opened, which is found out under the lock.
    if stat.st_nlink > 1 {
        return Err(Cause::Names);
    }
    Ok(())
}

fn check_owner(stat: &Stat, refused: Mode, wanted: Mode) -> Result<(), Cause> {
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        return Err(Cause::Foreign { uid: stat.st_uid });
    }
    let mode = Mode::from_raw_mode(stat.st_mode);
    if mode.intersects(refused) {
        return Err(Cause::Loose { mode, wanted });
    }
    Ok(())
}
