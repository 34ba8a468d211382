//! What is wrong with a journal that is read: which file, which line, and why. Nothing unreadable is passed over.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::disk::{Cause, Trouble, quoted};
use crate::domain::Raw;

/// One thing that is wrong. Its words hold a path and a number, never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub path: PathBuf,
    /// Counted from 1; `None` where it is about the whole file or folder.
    pub line: Option<u64>,
    pub wrong: Wrong,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The last line has no end: somebody is writing it, or a crash tore it. The next append cuts it off.
    Torn {
        bytes: u64,
    },
    /// Not as it was written.
    Changed,
    /// It is a line, but not one that this program writes.
    NotALine,
    Newer,
    /// It does not follow from the line before: something was changed, taken out, doubled or moved.
    NotInOrder,
    /// What came before it is gone, and nothing in the journal says that it was removed by the rules.
    NoBeginning,
    /// Its number was used before by the same session.
    NumberTwice,
    /// Its number is lower than one before it.
    NumberFalls,
    /// Its name is not made from its session and number, or belongs to another session.
    NotItsName,
    /// No intent in the journal has its name.
    NoIntent,
    SecondIntent,
    /// It is about another pool than its file.
    OtherPool,
    /// It was written after the month of its file.
    LaterMonth,
    /// The journal was longer once: it does not have the line that a head names.
    CutTail {
        lines: u64,
        head: u64,
    },
    /// It has a line in that place, and another one.
    OtherHead {
        head: u64,
    },
    /// The head names a line that was removed by the rules since, so nothing can be said.
    HeadRemoved {
        head: u64,
    },
    /// Others than the colleague whose folder it is may write to it.
    OthersWrite,
    /// The same of one file: nothing in it is read.
    OthersWriteFile,
    /// The folder has the name of one user and belongs to another. Holds the owner's number.
    NamedAfterAnother {
        owner: u32,
    },
    /// A folder among those of the users that no user can have: nothing in it is read.
    NobodysName,
    /// It belongs to another user than its folder. Holds the owner's number.
    Planted {
        owner: u32,
    },
    /// It cannot be read at all.
    Unreadable(Cause),
}

impl Problem {
    pub(super) fn line(path: &Path, line: u64, wrong: Wrong) -> Self {
        Self {
            path: path.to_owned(),
            line: Some(line),
            wrong,
        }
    }

    /// The last line is not finished, which a console that is writing it or was killed while writing it explains.
    pub fn is_torn(&self) -> bool {
        matches!(self.wrong, Wrong::Torn { .. })
    }

    /// What to do about it, as a sentence.
    pub fn next(&self) -> String {
        match &self.wrong {
            Wrong::Torn { .. } => "Nothing to do: the next change to this pool cuts it off and says so.".to_owned(),
            Wrong::Newer => "Use the version that wrote it, or a newer one.".to_owned(),
            Wrong::OthersWrite => format!("Ask its owner to run: chmod 2750 {}", quoted(&self.path)),
            Wrong::OthersWriteFile => format!("Ask its owner to run: chmod 640 {}", quoted(&self.path)),
            Wrong::NamedAfterAnother { .. } | Wrong::NobodysName | Wrong::Planted { .. } => {
                format!("See who made it: ls -ld {}", quoted(&self.path))
            }
            Wrong::HeadRemoved { .. } => "Take a new head: cognitui journal head".to_owned(),
            Wrong::Unreadable(cause) => Trouble::new(&self.path, cause.clone()).next(),
            _ => format!(
                "Keep the file as it is and compare it with a copy: cp -p {0} {0}.aside",
                quoted(&self.path)
            ),
        }
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        Self {
            path: trouble.path,
            line: None,
            wrong: Wrong::Unreadable(trouble.cause),
        }
    }
}

impl fmt::Display for Problem {
    /// `<path>:<line>: <what is wrong>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.wrong)
    }
}

impl Problem {
    /// The same with the path as text from outside, for a screen.
    pub fn raw_path(&self) -> Raw {
        Raw::from(self.path.display().to_string())
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Torn { bytes } => write!(
                f,
                "the last line is not finished ({bytes} bytes): it is being written, or a crash tore it"
            ),
            Self::Changed => f.write_str("not as it was written"),
            Self::NotALine => f.write_str("not a line of the journal"),
            Self::Newer => f.write_str("written by a newer cognitui"),
            Self::NotInOrder => {
                f.write_str("does not follow from the line before: a line was changed, taken out, doubled or moved")
            }
            Self::NoBeginning => {
                f.write_str("the lines before it are gone, and the journal does not say that they were removed")
            }
            Self::NumberTwice => f.write_str("its number was used before in the same session"),
            Self::NumberFalls => f.write_str("its number is lower than one before it"),
            Self::NotItsName => f.write_str("its id does not belong to its session and number"),
            Self::NoIntent => f.write_str("there is no intent with its id"),
            Self::SecondIntent => f.write_str("a second intent with the same id"),
            Self::OtherPool => f.write_str("it is about another pool than its file"),
            Self::LaterMonth => f.write_str("it was written after the month of its file"),
            Self::CutTail { lines, head } => {
                write!(
                    f,
                    "the end is cut off: the head is line {head} of the journal, which has {lines}"
                )
            }
            Self::OtherHead { head } => write!(f, "line {head} of the journal is not the one that the head names"),
            Self::HeadRemoved { head } => write!(
                f,
                "cannot be compared: line {head}, which the head names, was removed because of its age"
            ),
            Self::OthersWrite => f.write_str("others than its owner may write to it, so its lines prove nothing"),
            Self::OthersWriteFile => f.write_str("others than its owner may write to it, so nothing in it is read"),
            Self::NamedAfterAnother { owner } => {
                write!(f, "named after one user and owned by another (number {owner})")
            }
            Self::NobodysName => f.write_str("has a name that no user's folder has, so nothing in it is read"),
            Self::Planted { owner } => write!(f, "owned by another user (number {owner}) than its folder"),
            Self::Unreadable(cause) => write!(f, "{cause}"),
        }
    }
}
