//! A folder that several OS users write: in it one folder for each of them, which nobody else may write to.

use std::path::Path;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::{fs, io};

use super::folder::{FOLDER_FLAGS, Folder, Readers, kind, open_cause};
use super::{Cause, Trouble};

/// The longest user name that is taken as a folder's name.
const LONGEST_NAME: usize = 64;

/// The folder that is shared, checked: it is there, and nobody can take away what is another's.
#[derive(Debug)]
pub struct Shared {
    outer: Folder,
}

impl Shared {
    /// Opens and checks it. Never made here: its group and mode are the team's decision.
    pub fn open(path: &Path) -> Result<Self, Trouble> {
        let trouble = |cause| Trouble::new(path, cause);
        // A link is followed: the path was configured, and what it leads to is checked.
        let flags = FOLDER_FLAGS.difference(OFlags::NOFOLLOW);
        let fd = match fs::open(path, flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Err(trouble(Cause::NoShared)),
            Err(errno) => return Err(trouble(open_cause(fs::CWD, path, Cause::NotAFolder, errno))),
        };
        let stat = fs::fstat(&fd).map_err(|errno| trouble(Cause::Io(errno)))?;
        check_shared(Mode::from_raw_mode(stat.st_mode)).map_err(trouble)?;
        Ok(Self {
            outer: Folder::unchecked(fd, path.to_owned(), Readers::Group),
        })
    }

    /// Makes the folder of one user if it is missing, then opens and checks it.
    pub fn create(&self, user: &str) -> Result<Folder, Trouble> {
        let failed = |errno| Trouble::new(self.outer.path_of(user), Cause::Io(errno));
        match fs::mkdirat(self.outer.fd(), user, Mode::RWXU) {
            Ok(()) => {
                let made = self.outer.below(user, Readers::Group)?;
                made.open_to_readers()?;
                io::retry_on_intr(|| fs::fsync(self.outer.fd())).map_err(failed)?;
                Ok(made)
            }
            Err(Errno::EXIST) => self.own(user),
            Err(errno) => Err(failed(errno)),
        }
    }

    /// Opens and checks the folder of the user who runs this.
    pub fn own(&self, user: &str) -> Result<Folder, Trouble> {
        self.outer.below(user, Readers::Group)
    }

    /// Opens a colleague's folder for reading.
    pub fn look(&self, user: &str) -> Result<Folder, Trouble> {
        self.outer.look_below(user, Readers::Group)
    }

    /// The names of the folders in it, sorted.
    pub fn users(&self) -> Result<Vec<String>, Trouble> {
        let mut users = Vec::new();
        for name in self.outer.names()? {
            let folder = self.outer.stat(&name)?;
            if !name.starts_with('.') && folder.is_some_and(|stat| kind(&stat) == fs::FileType::Directory) {
                users.push(name);
            }
        }
        users.sort_unstable();
        Ok(users)
    }
}

/// Who may write to a folder may also rename and remove what others have in it, unless it is sticky.
fn check_shared(mode: Mode) -> Result<(), Cause> {
    if mode.intersects(Mode::WGRP | Mode::WOTH) && !mode.contains(Mode::SVTX) {
        return Err(Cause::NotSticky { mode });
    }
    Ok(())
}

/// The name of the user who runs this, as the name of a folder: from the system's list of users, or the number where
/// the list has none or its name is not plain. Not from the environment, which says whatever somebody wrote into it.
pub fn os_user() -> String {
    let uid = rustix::process::geteuid().as_raw();
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    user_name(&users, uid).unwrap_or_else(|| format!("uid-{uid}"))
}

/// The plain name of a user number in the form of passwd(5).
pub(super) fn user_name(users: &str, uid: u32) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, _, number) = (fields.next()?, fields.next()?, fields.next()?);
        (number.parse() == Ok(uid) && is_plain(name)).then(|| name.to_owned())
    })
}

/// Whether a folder has a name that [`os_user`] gives. Nobody's journal is in any other, and a name with a newline or an
/// escape sequence in it would speak wherever the names are printed.
pub fn is_user_name(name: &str) -> bool {
    let number = name.strip_prefix("uid-");
    is_plain(name) || number.is_some_and(|number| number.parse().is_ok_and(|uid: u32| name == format!("uid-{uid}")))
}

fn is_plain(name: &str) -> bool {
    let begins = name
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    begins
        && name.len() <= LONGEST_NAME
        && !name.starts_with("uid-")
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// The number that a folder's name stands for, where the list of users knows it.
pub fn user_number(name: &str) -> Option<u32> {
    if let Some(number) = name.strip_prefix("uid-") {
        return number.parse().ok();
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (of, _, number) = (fields.next()?, fields.next()?, fields.next()?);
        (of == name).then(|| number.parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests;
