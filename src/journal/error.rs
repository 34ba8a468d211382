//! Why a line could not be written, in words: what was being done, which path, what is wrong, what to run, what was sent.

use std::fmt;
use std::path::{Path, PathBuf};

use rustix::fs::Mode;
use rustix::io::Errno;

/// The journal could not do its part. Its words hold a path, never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}. {} {}", self.doing(), self.cause(), self.next(), self.consequence())]
pub struct JournalError {
    doing: Doing,
    trouble: Box<Trouble>,
}

impl JournalError {
    /// What was being done, as the beginning of a sentence.
    pub fn doing(&self) -> &'static str {
        match self.doing {
            Doing::Open => "The journal cannot be opened",
            Doing::Record => "The change cannot be written to the journal",
            Doing::Settle => "The answer cannot be written to the journal",
            Doing::Abandon => "That it was not sent cannot be written to the journal",
            Doing::See => "What was read back cannot be written to the journal",
            Doing::EmptyDemo => "The demo's journal cannot be emptied",
        }
    }

    /// The path and what is wrong with it.
    pub fn cause(&self) -> String {
        format!("{} {}", quoted(&self.trouble.path), self.trouble.cause)
    }

    /// What to do about it, as a sentence.
    pub fn next(&self) -> String {
        self.trouble.next()
    }

    /// What was sent and what was not, as a sentence.
    pub fn consequence(&self) -> &'static str {
        match self.doing {
            Doing::Open => "Nothing can be sent without it.",
            Doing::Record => "Nothing was sent.",
            // It may have gone out before and been refused for rate.
            Doing::Abandon => "Nothing was changed.",
            Doing::Settle => "The request was sent; the journal has no outcome for it.",
            Doing::See => "The request was sent and its answer is in the journal; what is true now is not.",
            Doing::EmptyDemo => "Nothing was sent.",
        }
    }

    pub fn path(&self) -> &Path {
        &self.trouble.path
    }
}

/// Which step failed: decides what the error may say about the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    Open,
    Record,
    Settle,
    Abandon,
    See,
    EmptyDemo,
}

impl Doing {
    pub(super) fn failed(self, trouble: Trouble) -> JournalError {
        JournalError {
            doing: self,
            trouble: Box::new(trouble),
        }
    }
}

/// What is wrong with one path, before it is known what that stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) path: PathBuf,
    pub(super) cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Others may read or write it.
    Loose {
        mode: Mode,
        wanted: Mode,
    },
    /// Another user's. Holds the user's number.
    Foreign {
        uid: u32,
    },
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
            Self::Link => f.write_str("is a symbolic link"),
            Self::Names => f.write_str("has more than one name (hard links)"),
            Self::NotAFile => f.write_str("is not an ordinary file"),
            Self::NotAFolder => f.write_str("is not a folder"),
            Self::Gone => f.write_str("is gone"),
            Self::Busy => f.write_str("is being written by another console that does not finish"),
            Self::Damaged => f.write_str("ends in a line that was changed after it was written"),
            Self::Newer => f.write_str("was written by a newer cognitui"),
            Self::PoolName => f.write_str("cannot hold this pool: its id is not only letters, digits, _ and -"),
            Self::Random(cause) => write!(f, "needs random numbers, and the system gives none ({cause})"),
            Self::Form(cause) => write!(f, "cannot hold this line ({cause})"),
            Self::Io(errno) => write!(f, "failed: {errno}"),
        }
    }
}

impl Trouble {
    pub(super) fn new(path: impl Into<PathBuf>, cause: Cause) -> Self {
        Self {
            path: path.into(),
            cause,
        }
    }

    fn next(&self) -> String {
        let path = quoted(&self.path);
        match &self.cause {
            Cause::Loose { wanted, .. } => format!("Run: chmod {:o} {path}", wanted.bits()),
            Cause::Foreign { .. } => format!("Look at it, then run: mv {path} {}", self.aside()),
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
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

/// Something the operator should hear although the line was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The last line was torn by a crash and was cut off; it was never acknowledged, so nothing was sent for it.
    Repaired { path: PathBuf, bytes: u64 },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repaired { path, bytes } => {
                write!(
                    f,
                    "journal: cut off a torn last line of {bytes} bytes in {}",
                    quoted(path)
                )
            }
        }
    }
}
