//! Mistakes in the configuration, in words that lead to the line and to what to write instead.

use std::fmt;
use std::path::{Path, PathBuf};

use super::escape::escaped;
use super::origin::Origin;

/// One mistake: where it stands, what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct ConfigError {
    place: Place,
    message: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    At(Origin),
    /// The file as a whole: it is missing, or cannot be read.
    Whole(PathBuf),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(origin) => origin.fmt(f),
            Self::Whole(path) => f.write_str(&escaped(&path.to_string_lossy())),
        }
    }
}

impl ConfigError {
    /// A mistake in the value that stands at `origin`. The message is printed as it is: quote what the user wrote with
    /// [`super::quoted`].
    pub fn at(origin: &Origin, message: impl Into<String>) -> Self {
        Self {
            place: Place::At(origin.clone()),
            message: message.into(),
        }
    }

    pub(super) fn whole(path: &Path, message: impl Into<String>) -> Self {
        Self {
            place: Place::Whole(path.to_path_buf()),
            message: message.into(),
        }
    }

    /// The policy's first, then the file's, then the others'.
    fn order(&self) -> (u8, usize) {
        match &self.place {
            Place::Whole(_) => (0, 0),
            Place::At(Origin::Policy { line, .. }) => (1, *line),
            Place::At(Origin::File { line, .. }) => (2, *line),
            Place::At(_) => (3, 0),
        }
    }
}

/// All mistakes that were found, those of the files first and in their order. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    pub fn iter(&self) -> std::slice::Iter<'_, ConfigError> {
        self.0.iter()
    }

    /// The mistakes as an error, or nothing if there were none.
    pub fn collect(mut errors: Vec<ConfigError>) -> Option<Self> {
        errors.sort_by_key(ConfigError::order);
        (!errors.is_empty()).then_some(Self(errors))
    }
}

impl From<ConfigError> for ConfigErrors {
    fn from(error: ConfigError) -> Self {
        Self(vec![error])
    }
}

/// One line for each mistake, without a final newline.
impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
