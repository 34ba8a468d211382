//! The folder of drafts: saving, taking away, finding, and taking over what a console left behind.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs;
use rustix::io::{self, Errno};

use super::FOLDER;
use super::file::{self, Bad, Content};
use crate::disk::{Cause, Dice, Folder, Making, Session, Trouble, hex, living, quoted, random};
use crate::domain::draft::saved::{Console, DraftId, Found, Kept, Saved, Unreadable};
use crate::domain::place::{Caller, Written};
use crate::domain::{Place, Raw, Route, Username};

const PREFIX: &str = "draft-";
const SUFFIX: &str = ".json";
/// A draft on its way to its name.
const HALF: &str = ".new";
/// Held while a draft changes hands, so that two consoles cannot both take it.
const TAKING: &str = "taking.lock";
/// More than a form can hold many times over. What is larger is no draft of ours.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// What went wrong with the drafts. Words hold a path, never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftsError(pub(super) Trouble);

impl fmt::Display for DraftsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.path.display(), self.0.cause)
    }
}

impl std::error::Error for DraftsError {}

impl From<Trouble> for DraftsError {
    fn from(trouble: Trouble) -> Self {
        Self(trouble)
    }
}

impl DraftsError {
    /// What to do about it.
    pub fn next(&self) -> String {
        self.0.next()
    }
}

/// Why a draft is not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Untaken {
    /// The console that made it is still open.
    Elsewhere {
        since: Timestamp,
    },
    /// It is not there any more: taken by another console, sent or thrown away.
    Gone,
    /// It was made somewhere else than where it would be edited. Holds that endpoint.
    OtherPlace {
        endpoint: Option<Raw>,
    },
    /// The file is not one that can be read.
    Unreadable(Unreadable),
    Disk(DraftsError),
}

/// Whose edits a file holds.
pub type Owner = (Place, Username, Route);

/// The drafts of one running console. Every call reaches the disk and returns when it is done.
#[derive(Debug)]
pub struct Store {
    state: PathBuf,
    dice: Numbers,
    session: Option<Session>,
    /// The file of each draft that is kept here.
    files: BTreeMap<Owner, DraftId>,
    /// When each was saved first, those that were taken over among them.
    begun: BTreeMap<DraftId, Timestamp>,
}

/// One version of a draft.
#[derive(Clone, Debug)]
pub struct Version {
    pub owner: Owner,
    pub draft: Saved,
    /// The draft of an earlier run that this goes on with, in the same file.
    pub continues: Option<DraftId>,
    pub caller: Caller,
    pub place: Written,
    pub at: Timestamp,
}

/// Random numbers, which have nothing to print.
struct Numbers(Dice);

impl fmt::Debug for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dice")
    }
}

impl Store {
    /// Touches nothing on disk: the folder is made with the first draft.
    pub fn new(state: PathBuf, dice: Dice) -> Self {
        Self {
            state,
            dice: Numbers(dice),
            session: None,
            files: BTreeMap::new(),
            begun: BTreeMap::new(),
        }
    }

    /// Keeps a draft in place of what was kept for the same user.
    pub fn save(&mut self, version: Version) -> Result<(), DraftsError> {
        let (folder, session) = self.folder()?;
        let Version {
            owner,
            draft,
            continues,
            caller,
            place,
            at,
        } = version;
        // Only what was taken over here: anything else is somebody's.
        let continues = continues.filter(|id| self.begun.contains_key(id));
        let before = self.files.get(&owner).cloned();
        let id = match continues.or_else(|| before.clone()) {
            Some(id) => id,
            None => DraftId::new(hex(&random::<16>(&self.dice.0)?)),
        };
        let begun = self.begun.get(&id).copied().unwrap_or(at);
        let content = Content {
            session,
            begun,
            at,
            caller,
            place,
            draft,
        };
        write(&folder, &id, &content)?;
        self.begun.insert(id.clone(), begun);
        self.files.insert(owner, id.clone());
        if let Some(before) = before.filter(|before| *before != id) {
            self.begun.remove(&before);
            remove(&folder, &before)?;
        }
        Ok(())
    }

    /// Removes what is kept for a user: it was sent, or thrown away.
    pub fn forget(&mut self, owner: &Owner) -> Result<(), DraftsError> {
        let Some(id) = self.files.get(owner) else {
            return Ok(());
        };
        match Folder::open(&self.state, FOLDER) {
            Ok(folder) => remove(&folder, id)?,
            Err(Trouble { cause: Cause::Gone, .. }) => {}
            Err(trouble) => return Err(trouble.into()),
        }
        if let Some(id) = self.files.remove(owner) {
            self.begun.remove(&id);
        }
        Ok(())
    }

    /// Makes a draft that a dead console left this console's own, on disk before it is handed out. Where `belongs` says
    /// that it was made elsewhere, it stays as it is.
    pub fn take(&mut self, id: &DraftId, belongs: impl FnOnce(&Written) -> bool) -> Result<Kept, Untaken> {
        let disk = |trouble: Trouble| Untaken::Disk(trouble.into());
        let (folder, session) = self.folder().map_err(Untaken::Disk)?;
        let _taking = hold_taking(&folder).map_err(disk)?;
        let name = file_name(id);
        let mut content = match read(&folder, &name).map_err(disk)? {
            None => return Err(Untaken::Gone),
            Some(Err(unreadable)) => return Err(Untaken::Unreadable(unreadable)),
            Some(Ok(content)) => content,
        };
        if content.session != session && runs(&folder, &content.session).map_err(disk)? {
            return Err(Untaken::Elsewhere { since: content.begun });
        }
        if !belongs(&content.place) {
            let endpoint = content.place.endpoint;
            return Err(Untaken::OtherPlace { endpoint });
        }
        if content.session != session {
            content.session = session;
            write(&folder, id, &content).map_err(Untaken::Disk)?;
        }
        self.begun.insert(id.clone(), content.begun);
        Ok(kept(id.clone(), content, Console::Here))
    }

    /// Throws away a draft that no running console works on.
    pub fn discard(&mut self, id: &DraftId) -> Result<(), Untaken> {
        let disk = |trouble: Trouble| Untaken::Disk(trouble.into());
        let (folder, session) = self.folder().map_err(Untaken::Disk)?;
        let _taking = hold_taking(&folder).map_err(disk)?;
        match read(&folder, &file_name(id)).map_err(disk)? {
            None => return Ok(()),
            Some(Err(unreadable)) => return Err(Untaken::Unreadable(unreadable)),
            Some(Ok(content)) if content.session != session => {
                if runs(&folder, &content.session).map_err(disk)? {
                    return Err(Untaken::Elsewhere { since: content.begun });
                }
            }
            Some(Ok(_)) => {}
        }
        remove(&folder, id).map_err(Untaken::Disk)?;
        self.files.retain(|_, kept| kept != id);
        self.begun.remove(id);
        Ok(())
    }

    /// Every draft in the state folder. Changes nothing, and makes no folder.
    pub fn find(&self) -> Result<Found, DraftsError> {
        let folder = match Folder::open(&self.state, FOLDER) {
            Err(Trouble { cause: Cause::Gone, .. }) => return Ok(Found::default()),
            folder => folder?,
        };
        let living = living(&folder)?;
        let mut found = Found::default();
        for name in folder.names()? {
            let Some(id) = parse_name(&name) else {
                continue;
            };
            match read(&folder, &name) {
                Ok(None) => {}
                Ok(Some(Ok(content))) => {
                    let own = self.session.as_ref().is_some_and(|own| own.id() == content.session);
                    let console = if own {
                        match self.files.values().any(|kept| *kept == id) {
                            true => Console::Here,
                            // Taken, and nothing came of it: whoever looks for it has to find it.
                            false => Console::Ended,
                        }
                    } else if living.contains(&content.session) {
                        Console::Elsewhere
                    } else {
                        Console::Ended
                    };
                    found.drafts.push(kept(id, content, console));
                }
                Ok(Some(Err(unreadable))) => found.unreadable.push(unreadable),
                // One that may not be opened stands in nobody's way.
                Err(trouble) => found.unreadable.push(Unreadable {
                    path: Raw::from(trouble.path.display().to_string()),
                    why: Raw::from(trouble.cause.to_string()),
                    next: Raw::from(trouble.next()),
                }),
            }
        }
        found
            .drafts
            .sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
        found.unreadable.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(found)
    }

    /// The checked folder and the name of this console in it. A folder that was removed meanwhile is made again.
    fn folder(&mut self) -> Result<(Folder, String), DraftsError> {
        if let Some(session) = &self.session {
            match Folder::open(&self.state, FOLDER) {
                Ok(folder) if session.is_in(&folder)? => return Ok((folder, session.id().to_owned())),
                Ok(_) | Err(Trouble { cause: Cause::Gone, .. }) => {}
                Err(trouble) => return Err(trouble.into()),
            }
        }
        // Let go of the old name before another is taken.
        self.session = None;
        let session = Session::begin(Folder::create(&self.state, FOLDER)?, &self.dice.0)?;
        let folder = Folder::open(&self.state, FOLDER)?;
        remove_halves(&folder)?;
        let id = session.id().to_owned();
        self.session = Some(session);
        Ok((folder, id))
    }
}

fn kept(id: DraftId, content: Content, console: Console) -> Kept {
    Kept {
        id,
        begun: content.begun,
        at: content.at,
        caller: content.caller,
        place: content.place,
        draft: content.draft,
        console,
    }
}

fn file_name(id: &DraftId) -> String {
    format!("{PREFIX}{}{SUFFIX}", id.as_str())
}

/// The draft that a file of this name holds.
fn parse_name(name: &str) -> Option<DraftId> {
    let id = name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    is_hex(id, 32).then(|| DraftId::new(id))
}

/// Whether a name is one that is made here.
pub(super) fn is_ours(name: &str) -> bool {
    parse_name(name).is_some() || half_of(name).is_some() || name == TAKING
}

/// The session that was writing a file of this name.
fn half_of(name: &str) -> Option<&str> {
    let (id, session) = name.strip_prefix(PREFIX)?.strip_suffix(HALF)?.split_once('.')?;
    (is_hex(id, 32) && is_hex(session, 16)).then_some(session)
}

fn is_hex(text: &str, len: usize) -> bool {
    text.len() == len && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Removes what dead consoles had not finished writing: the draft before it is whole, and this may hold values.
fn remove_halves(folder: &Folder) -> Result<(), Trouble> {
    let halves: Vec<String> = folder
        .names()?
        .into_iter()
        .filter(|name| half_of(name).is_some())
        .collect();
    for name in halves {
        if let Some(session) = half_of(&name)
            && !runs(folder, session)?
        {
            folder.remove(&name)?;
        }
    }
    Ok(())
}

/// Whether the console of this name is still open.
fn runs(folder: &Folder, session: &str) -> Result<bool, Trouble> {
    Ok(living(folder)?.iter().any(|living| living == session))
}

fn hold_taking(folder: &Folder) -> Result<OwnedFd, Trouble> {
    let busy = || Trouble::new(folder.path_of(TAKING), Cause::Busy);
    // Nobody removes it while a console runs but the demo's emptying, which waits for nobody.
    folder.hold(TAKING, Making::IfMissing)?.ok_or_else(busy)
}

/// Writes a draft beside the one that is there, and puts it in its place when it is on disk.
fn write(folder: &Folder, id: &DraftId, content: &Content) -> Result<(), DraftsError> {
    let half = format!("{PREFIX}{}.{}{HALF}", id.as_str(), content.session);
    let path = folder.path_of(&half);
    let bytes = file::print(content).map_err(|error| Trouble::new(&path, Cause::Form(error.to_string())))?;
    let failed = |errno: Errno| Trouble::new(&path, Cause::Io(errno));
    // Left there by an earlier attempt that failed half-way.
    folder.remove(&half)?;
    let written = (|| {
        let fd = folder
            .open_file(&half, Making::New)?
            .ok_or_else(|| Trouble::new(&path, Cause::Gone))?;
        let mut file = File::from(fd);
        file.write_all(&bytes)
            .and_then(|()| file.sync_all())
            .map_err(|error| failed(errno_of(&error)))?;
        let name = file_name(id);
        io::retry_on_intr(|| fs::renameat(folder.fd(), &half, folder.fd(), &name))
            .map_err(|errno| Trouble::new(folder.path_of(&name), Cause::Io(errno)))?;
        io::retry_on_intr(|| fs::fsync(folder.fd())).map_err(failed)
    })();
    if written.is_err() {
        // The first error is the one to tell. What stays is cleared away by the next attempt, or the next console.
        let _ = folder.remove(&half);
    }
    Ok(written?)
}

fn remove(folder: &Folder, id: &DraftId) -> Result<(), DraftsError> {
    let name = file_name(id);
    folder.remove(&name)?;
    io::retry_on_intr(|| fs::fsync(folder.fd()))
        .map_err(|errno| Trouble::new(folder.path_of(&name), Cause::Io(errno)).into())
}

fn errno_of(error: &std::io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}

/// A draft, or why the file is none. `None`: there is no such file.
fn read(folder: &Folder, name: &str) -> Result<Option<Result<Content, Unreadable>>, Trouble> {
    let Some(fd) = folder.open_file(name, Making::Existing)? else {
        return Ok(None);
    };
    let path = folder.path_of(name);
    let unreadable = |why: String, next: String| Unreadable {
        path: Raw::from(path.display().to_string()),
        why: Raw::from(why),
        next: Raw::from(next),
    };
    let damaged = || {
        let mut aside = path.clone().into_os_string();
        aside.push(".aside");
        unreadable(
            "is not a draft as cognitui wrote it; it is left as it is".to_owned(),
            format!(
                "Look at it, then run: mv {} {}",
                quoted(&path),
                quoted(Path::new(&aside))
            ),
        )
    };
    let mut bytes = Vec::new();
    File::from(fd)
        .take(MOST_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|error| Trouble::new(&path, Cause::Io(errno_of(&error))))?;
    Ok(Some(file::parse(&bytes).map_err(|bad| match bad {
        Bad::Damaged => damaged(),
        Bad::Version(version) => unreadable(
            format!("is a draft of format {version}, which this cognitui does not know; it is left as it is"),
            Trouble::new(&path, Cause::Newer).next(),
        ),
    })))
}
