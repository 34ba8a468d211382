//! What can be wrong with a file or folder of ours, and what to run about it. Words hold a path, never a value.

use std::fmt;
use std::path::{Path, PathBuf};

use rustix::fs::Mode;
use rustix::io::Errno;

/// What is wrong with one path, before it is known what that stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub path: PathBuf,
    pub cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Others may read or write it.
    Loose {
        mode: Mode,
        wanted: Mode,
    },
    /// Another user's. Holds the user's number.
    Foreign {
        uid: u32,
    },
    /// A shared folder in which anybody who may write can take away what is another's.
    NotSticky {
        mode: Mode,
    },
    /// The shared folder is not there. A team makes it once; no console does.
    NoShared,
    Link,
    /// Hard links: the file has more than one name.
    Names,
    NotAFile,
    NotAFolder,
    /// The folder is gone although this console made or found it at its start.
    Gone,
    /// Another console holds the lock for too long.
    Busy,
    /// The last line is not as this program wrote it.
    Damaged,
    /// The last line is of a newer format.
    Newer,
    /// The key of hashed values is not as long as it was made.
    NotAKey,
    PoolName,
    Random(String),
    /// A line that cannot be put into words, which no intent is known to cause.
    Form(String),
    Io(Errno),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loose { mode, wanted } => {
                write!(
                    f,
                    "can be used by others (mode {:04o}, not {:04o})",
                    mode.bits(),
                    wanted.bits()
                )
            }
            Self::Foreign { uid } => write!(f, "belongs to another user (number {uid})"),
            Self::NotSticky { mode } => write!(
                f,
                "lets one colleague take away another's folder (mode {:04o}, no sticky bit)",
                mode.bits()
            ),
            Self::NoShared => f.write_str("is to be shared and is not there"),
            Self::Link => f.write_str("is a symbolic link"),
            Self::Names => f.write_str("has more than one name (hard links)"),
            Self::NotAFile => f.write_str("is not an ordinary file"),
            Self::NotAFolder => f.write_str("is not a folder"),
            Self::Gone => f.write_str("is gone"),
            Self::Busy => f.write_str("is being written by another console that does not finish"),
            Self::Damaged => f.write_str("ends in a line that was changed after it was written"),
            Self::Newer => f.write_str("was written by a newer cognitui"),
            Self::NotAKey => f.write_str("is not the key it was made as"),
            Self::PoolName => f.write_str("cannot hold this pool: its id is not only letters, digits, _ and -"),
            Self::Random(cause) => write!(f, "needs random numbers, and the system gives none ({cause})"),
            Self::Form(cause) => write!(f, "cannot hold this line ({cause})"),
            Self::Io(errno) => write!(f, "failed: {errno}"),
        }
    }
}

impl Trouble {
    pub fn new(path: impl Into<PathBuf>, cause: Cause) -> Self {
        Self {
            path: path.into(),
            cause,
        }
    }

    pub fn next(&self) -> String {
        let path = quoted(&self.path);
        match &self.cause {
            Cause::Loose { wanted, .. } => format!("Run: chmod {:o} {path}", wanted.bits()),
            Cause::Foreign { .. } => format!("Look at it, then run: mv {path} {}", self.aside()),
            Cause::NotSticky { .. } => format!("Run: chmod o-w,+t {path}"),
            Cause::NoShared => format!("Make it once for the team's group: install -d -m 3770 -g GROUP {path}"),
            Cause::Link => format!("Look where it leads, then run: rm {path}"),
            Cause::Names => format!("Keep one name; to find the others run: find / -xdev -samefile {path}"),
            Cause::NotAFile | Cause::NotAFolder => format!("Look at it, then run: mv {path} {}", self.aside()),
            Cause::Gone => "Start cognitui again.".to_owned(),
            Cause::Busy => format!("See who holds it: lsof {path}"),
            Cause::Damaged => format!(
                "Keep it for whoever looks after the journal: mv {path} {}",
                self.aside()
            ),
            Cause::Newer => "Use the version that wrote it, or a newer one.".to_owned(),
            Cause::NotAKey => format!(
                "Restore it from a copy; without one run: mv {path} {} (values hashed from then on no longer compare \
                 with earlier ones)",
                self.aside()
            ),
            Cause::PoolName => "Check the pool's id.".to_owned(),
            Cause::Random(_) | Cause::Form(_) => "Try again.".to_owned(),
            Cause::Io(Errno::NOSPC | Errno::DQUOT) => "Free space on that disk, then try again.".to_owned(),
            Cause::Io(Errno::ROFS) => "The disk is read-only: make it writable, then try again.".to_owned(),
            Cause::Io(Errno::ACCESS | Errno::PERM) => format!("See what stands in the way: ls -ld {path}"),
            Cause::Io(Errno::IO) => "The disk reports an error: see the system's log.".to_owned(),
            Cause::Io(_) => format!("Look at it: ls -ld {path}"),
        }
    }

    fn aside(&self) -> String {
        let mut aside = self.path.clone().into_os_string();
        aside.push(".aside");
        quoted(Path::new(&aside))
    }
}

/// A path as a POSIX shell takes it back.
pub fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}
