//! Where the journal lies: in the operator's own state folder, or in a folder that a team shares.

use std::path::{Path, PathBuf};

use crate::disk::{Cause, Folder, Shared, Trouble, is_user_name, os_user, user_number};
use crate::domain::Raw;

use super::FOLDER;
use super::problem::{Problem, Wrong};

/// Where lines are written to and read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The operator's own: the key of hashed values, and the journal unless it is shared.
    state: PathBuf,
    shared: Option<Team>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Team {
    outer: PathBuf,
    user: String,
}

impl From<PathBuf> for Places {
    fn from(state: PathBuf) -> Self {
        Self::private(state)
    }
}

impl Places {
    /// The journal in the state folder, for its owner alone.
    pub fn private(state: impl Into<PathBuf>) -> Self {
        Self {
            state: state.into(),
            shared: None,
        }
    }

    /// The folder `outer` that several OS users write, each in a folder named like the user. The state folder stays for
    /// what is not shared.
    pub fn shared(state: impl Into<PathBuf>, outer: impl Into<PathBuf>) -> Self {
        Self::shared_as(state, outer, os_user())
    }

    /// The same, for a name that a test chose.
    pub(super) fn shared_as(state: impl Into<PathBuf>, outer: impl Into<PathBuf>, user: impl Into<String>) -> Self {
        Self {
            state: state.into(),
            shared: Some(Team {
                outer: outer.into(),
                user: user.into(),
            }),
        }
    }

    /// The folder that this user's lines go to.
    pub fn own(&self) -> PathBuf {
        match &self.shared {
            Some(team) => team.outer.join(&team.user),
            None => self.state.join(FOLDER),
        }
    }

    /// The folder that several share, where they do.
    pub fn team(&self) -> Option<&Path> {
        self.shared.as_ref().map(|team| team.outer.as_path())
    }

    /// The name of the own folder among those of the others.
    pub(super) fn user(&self) -> Option<&str> {
        self.shared.as_ref().map(|team| team.user.as_str())
    }

    pub(super) fn state(&self) -> &Path {
        &self.state
    }

    /// The own folder, made if it is missing.
    pub(super) fn create(&self) -> Result<Folder, Trouble> {
        match &self.shared {
            Some(team) => Shared::open(&team.outer)?.create(&team.user),
            None => Folder::create(&self.state, FOLDER),
        }
    }

    /// The own folder, which must be there.
    pub(super) fn open(&self) -> Result<Folder, Trouble> {
        match &self.shared {
            Some(team) => Shared::open(&team.outer)?.own(&team.user),
            None => Folder::open(&self.state, FOLDER),
        }
    }

    /// Every folder that can be read, the own one first, and what is wrong with the others. A journal that nobody has
    /// begun is no folder and no problem.
    pub(super) fn shelves(&self) -> Result<(Vec<Shelf>, Vec<Problem>), Trouble> {
        let mut shelves = Vec::new();
        let mut problems = Vec::new();
        match self.open() {
            Ok(folder) => shelves.push(Shelf { writer: None, folder }),
            Err(trouble) if trouble.cause == Cause::Gone => {}
            Err(trouble) => return Err(trouble),
        }
        if let Some(team) = &self.shared {
            let shared = Shared::open(&team.outer)?;
            for user in shared.users()?.into_iter().filter(|user| *user != team.user) {
                if !is_user_name(&user) {
                    problems.push(Problem {
                        path: team.outer.join(user),
                        line: None,
                        wrong: Wrong::NobodysName,
                    });
                    continue;
                }
                match colleague(&shared, &user) {
                    Ok((shelf, doubt)) => {
                        shelves.push(shelf);
                        problems.extend(doubt);
                    }
                    Err(trouble) => problems.push(trouble.into()),
                }
            }
        }
        Ok((shelves, problems))
    }
}

/// One folder of journal files: those of one OS user.
pub(super) struct Shelf {
    /// `None`: the operator's own.
    pub(super) writer: Option<Raw>,
    pub(super) folder: Folder,
}

/// A colleague's folder, and whether somebody else may have written what is in it.
fn colleague(shared: &Shared, user: &str) -> Result<(Shelf, Option<Problem>), Trouble> {
    let folder = shared.look(user)?;
    let (owner, others) = folder.owner()?;
    let whole = |wrong| Problem {
        path: folder.path().to_owned(),
        line: None,
        wrong,
    };
    let doubt = if others {
        Some(whole(Wrong::OthersWrite))
    } else if user_number(user).is_some_and(|number| number != owner) {
        Some(whole(Wrong::NamedAfterAnother { owner }))
    } else {
        None
    };
    let shelf = Shelf {
        writer: Some(Raw::from(user)),
        folder,
    };
    Ok((shelf, doubt))
}
