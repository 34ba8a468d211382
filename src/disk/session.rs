//! The lock file that a running console holds, so that its writes under way are not taken for writes that ended unknown.

use std::os::fd::OwnedFd;

use rustix::fs::FlockOperation;
use rustix::io::Errno;
use rustix::{fs, io};

use super::folder::{Folder, Making, try_lock};
use super::{Cause, Dice, Trouble, hex, random};

const PREFIX: &str = "session-";
const SUFFIX: &str = ".lock";

/// One console from its start to its end.
#[derive(Debug)]
pub struct Session {
    id: String,
    folder: Folder,
    /// Holding it open holds the lock; the system lets go when the process dies, however it dies.
    lock: OwnedFd,
}

impl Session {
    /// Removes what dead sessions left and takes a lock of its own.
    pub fn begin(folder: Folder, dice: &Dice) -> Result<Self, Trouble> {
        remove_dead(&folder)?;
        // A colleague's console starting at the same moment may find the new file not yet locked and remove it.
        for _ in 0..8 {
            let id = hex(&random::<8>(dice)?);
            let name = lock_name(&id);
            let Some(lock) = folder.open_file(&name, Making::New)? else {
                continue;
            };
            folder.lock(&lock, &name)?;
            if folder.is_still(&lock, &name)? {
                return Ok(Self { id, folder, lock });
            }
        }
        Err(Trouble::new(folder.path_of(""), Cause::Busy))
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name of the lock file.
    pub fn lock_name(&self) -> String {
        lock_name(&self.id)
    }

    /// Whether the lock file is still in this folder: somebody may have removed the folder, and another was made.
    pub fn is_in(&self, folder: &Folder) -> Result<bool, Trouble> {
        folder.is_still(&self.lock, &lock_name(&self.id))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Left behind, it says nothing wrong: nobody holds it, and the next start removes it.
        let _ = self.folder.remove(&lock_name(&self.id));
    }
}

fn lock_name(id: &str) -> String {
    format!("{PREFIX}{id}{SUFFIX}")
}

/// The session whose lock file a name is, if it is one that [`lock_name`] makes.
fn session_of(name: &str) -> Option<&str> {
    name.strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix(SUFFIX))
        .filter(|id| id.len() == 16 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

/// The sessions that still run, sorted. Nothing is removed and nobody is kept waiting: a lock that is free is tried
/// shared, through a descriptor that cannot write, and given back at once.
pub fn living(folder: &Folder) -> Result<Vec<String>, Trouble> {
    let mut living = Vec::new();
    for name in folder.names()? {
        let Some(id) = session_of(&name) else {
            continue;
        };
        let Some(lock) = folder.open_to_look(&name)? else {
            continue;
        };
        let tried = io::retry_on_intr(|| fs::flock(&lock, FlockOperation::NonBlockingLockShared));
        match tried {
            Ok(()) => {}
            // Held by its console, or in this moment by another that removes it because its console is dead.
            Err(Errno::WOULDBLOCK) if folder.is_still(&lock, &name)? => living.push(id.to_owned()),
            Err(Errno::WOULDBLOCK) => {}
            Err(errno) => return Err(Trouble::new(folder.path_of(&name), Cause::Io(errno))),
        }
    }
    living.sort_unstable();
    Ok(living)
}

/// Removes the lock files that nobody holds. Returns how many are held.
pub fn remove_dead(folder: &Folder) -> Result<usize, Trouble> {
    let mut held = 0;
    for name in folder.names()?.into_iter().filter(|name| session_of(name).is_some()) {
        let Some(lock) = folder.open_file(&name, Making::Existing)? else {
            continue;
        };
        if try_lock(&lock).map_err(|errno| Trouble::new(folder.path_of(&name), Cause::Io(errno)))? {
            // Still locked while the name goes, so that its maker, if it has only just made it, notices.
            folder.remove(&name)?;
        } else {
            held += 1;
        }
    }
    Ok(held)
}
