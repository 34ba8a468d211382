//! Why a line could not be written, in words: what was being done, which path, what is wrong, what to run, what was sent.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::disk::{Trouble, quoted};

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
            Doing::SeeAgain => "What was read again cannot be written to the journal",
            Doing::EmptyDemo => "The demo's journal cannot be emptied",
            Doing::Read => "The journal cannot be read",
            Doing::Retain => "Months that are too old cannot be removed from the journal",
            Doing::Redact => "The values cannot be taken out of the journal",
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
            Doing::SeeAgain => "Nothing was sent; the entry stays as it was.",
            Doing::EmptyDemo => "Nothing was sent.",
            Doing::Read => "Nothing was changed.",
            Doing::Retain => "The change itself is in the journal.",
            Doing::Redact => "Files that were not reached are as they were.",
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
    SeeAgain,
    EmptyDemo,
    Read,
    Retain,
    Redact,
}

impl Doing {
    pub(super) fn failed(self, trouble: Trouble) -> JournalError {
        JournalError {
            doing: self,
            trouble: Box::new(trouble),
        }
    }
}

/// Something the operator should hear although the line was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The last line was torn by a crash and was cut off; it was never acknowledged, so nothing was sent for it.
    Repaired { path: PathBuf, bytes: u64 },
    /// Months were removed because of their age.
    Removed { names: Vec<String>, days: u32 },
    /// A month is old enough to be removed and stays, because it is not as it was written.
    Kept { path: PathBuf },
    /// Months that are too old could not be removed.
    NotRemoved(JournalError),
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
            Self::Removed { names, days } => {
                write!(
                    f,
                    "journal: removed what is older than {days} days: {}",
                    names.join(", ")
                )
            }
            Self::Kept { path } => write!(
                f,
                "journal: {} is old enough to be removed and stays, because it is not as it was written",
                quoted(path)
            ),
            Self::NotRemoved(error) => write!(f, "journal: {error}"),
        }
    }
}
