//! Reading what is on disk without changing any of it: no lock that others wait for, no repair, no descriptor that
//! could write. A disk that became read-only can still be read.

use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, Mode, OFlags, Stat};
use rustix::io::Errno;
use rustix::{fs, io};

use super::folder::{Folder, check_file, check_kind, open_cause};
use super::{Cause, Trouble};

/// A file as it was in one moment.
pub struct Looked {
    pub bytes: Vec<u8>,
    /// The number of the user it belongs to.
    pub owner: u32,
    /// Others than that user may write to it.
    pub others_write: bool,
}

impl Folder {
    /// What a file of ours holds, or why it may not be used. `None` where there is none.
    pub fn look(&self, name: &str) -> Result<Option<Looked>, Trouble> {
        self.look_checked(name, |stat| check_file(stat, self.readers()))
    }

    /// What somebody's file holds, as long as it is an ordinary file.
    pub fn look_at_foreign(&self, name: &str) -> Result<Option<Looked>, Trouble> {
        self.look_checked(name, check_kind)
    }

    fn look_checked(&self, name: &str, check: impl Fn(&Stat) -> Result<(), Cause>) -> Result<Option<Looked>, Trouble> {
        let trouble = |cause| Trouble::new(self.path_of(name), cause);
        let Some(fd) = self.open_to_look(name)? else {
            return Ok(None);
        };
        let stat = fs::fstat(&fd).map_err(|errno| trouble(Cause::Io(errno)))?;
        check(&stat).map_err(trouble)?;
        let bytes = read_whole(&fd, &stat).map_err(|errno| trouble(Cause::Io(errno)))?;
        Ok(Some(Looked {
            bytes,
            owner: stat.st_uid,
            others_write: others_write(&stat),
        }))
    }

    /// Opens for reading only.
    pub(super) fn open_to_look(&self, name: &str) -> Result<Option<OwnedFd>, Trouble> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        match io::retry_on_intr(|| fs::openat(self.fd(), name, flags, Mode::empty())) {
            Ok(fd) => Ok(Some(fd)),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => {
                let cause = open_cause(self.fd(), name, Cause::NotAFile, errno);
                Err(Trouble::new(self.path_of(name), cause))
            }
        }
    }

    /// Size and time of the last change of a name, without opening it. `None` where there is none.
    pub fn stat(&self, name: &str) -> Result<Option<Stat>, Trouble> {
        match fs::statat(self.fd(), name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(Trouble::new(self.path_of(name), Cause::Io(errno))),
        }
    }

    /// The number of the user whom the folder belongs to, and whether others than that user may write to it.
    pub fn owner(&self) -> Result<(u32, bool), Trouble> {
        let stat = fs::fstat(self.fd()).map_err(|errno| Trouble::new(self.path(), Cause::Io(errno)))?;
        Ok((stat.st_uid, others_write(&stat)))
    }
}

fn others_write(stat: &Stat) -> bool {
    Mode::from_raw_mode(stat.st_mode).intersects(Mode::WGRP | Mode::WOTH)
}

/// Up to the end as it is when it is reached: somebody may be appending.
fn read_whole(fd: &OwnedFd, stat: &Stat) -> Result<Vec<u8>, Errno> {
    let mut bytes = Vec::with_capacity(usize::try_from(stat.st_size).unwrap_or(0));
    let mut block = vec![0; 64 * 1024];
    loop {
        let read = io::retry_on_intr(|| io::read(fd, &mut block))?;
        match block.get(..read) {
            Some(read) if !read.is_empty() => bytes.extend_from_slice(read),
            _ => return Ok(bytes),
        }
    }
}
