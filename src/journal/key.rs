//! The key of hashed values, in the operator's own state folder and never in a shared one.

use rustix::fs;
use rustix::io;
use rustix::io::Errno;
use zeroize::Zeroizing;

use crate::disk::{Cause, Dice, Folder, Making, Trouble, random};

use super::places::Places;
use super::seal::Key;

const NAME: &str = "journal.key";

/// Reads the key, or makes it on first use. It is made under a lock, so that consoles that start together get one key.
pub(super) fn load(places: &Places, dice: &Dice) -> Result<Key, Trouble> {
    // A journal that is shared may be the first thing ever written: then there is no state folder yet.
    let folder = Folder::make(places.state())?;
    let trouble = |cause| Trouble::new(folder.path_of(NAME), cause);
    let failed = |errno| trouble(Cause::Io(errno));
    let file = folder
        .hold(NAME, Making::IfMissing)?
        .ok_or_else(|| trouble(Cause::Gone))?;
    let mut bytes = Zeroizing::new([0; 32]);
    let there = io::retry_on_intr(|| io::pread(&file, bytes.as_mut_slice(), 0)).map_err(failed)?;
    let len = fs::fstat(&file).map_err(failed)?.st_size;
    match (there, len) {
        // Zeros are what a crash of the machine can leave of a key that was never on disk, and anybody could guess them.
        (32, 32) if bytes.iter().any(|byte| *byte != 0) => {}
        (0, 0) => {
            *bytes = random(dice)?;
            let written = io::retry_on_intr(|| io::write(&file, bytes.as_slice())).map_err(failed)?;
            if written != bytes.len() {
                return Err(failed(Errno::NOSPC));
            }
            // Used for nothing before it is on disk: a key that is lost makes its digests worthless.
            io::retry_on_intr(|| fs::fsync(&file)).map_err(failed)?;
            io::retry_on_intr(|| fs::fsync(folder.fd())).map_err(failed)?;
        }
        _ => return Err(trouble(Cause::NotAKey)),
    }
    Ok(Key::new(*bytes))
}
