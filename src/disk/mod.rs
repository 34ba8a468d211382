//! Files and folders of ours in the state folder: private ones, locked ones, and what is wrong with one in words.
//!
//! The journal and the drafts hold what people sign in with, so both are kept by the same rules: files 0600 in folders
//! 0700, opened without following links, and refused when they are looser, another user's or not what they should be.

mod folder;
mod look;
mod replace;
mod session;
mod shared;
mod trouble;

use std::io;
use std::sync::Arc;

pub use folder::{Folder, Making, Readers, check_file, try_lock};
pub use look::Looked;
pub use replace::write_all;
pub use session::{Session, living, remove_dead};
pub use shared::{Shared, is_user_name, os_user, user_number};
pub use trouble::{Cause, Trouble, quoted};

/// Fills a buffer with random bytes. A parameter so that a test can know every byte that is written.
pub type Dice = Arc<dyn Fn(&mut [u8]) -> io::Result<()> + Send + Sync>;

/// The system's random numbers.
pub fn system_dice() -> Dice {
    Arc::new(|bytes| getrandom::fill(bytes).map_err(|error| io::Error::other(error.to_string())))
}

/// Random bytes, or why there are none.
pub fn random<const N: usize>(dice: &Dice) -> Result<[u8; N], Trouble> {
    let mut bytes = [0; N];
    dice(&mut bytes).map_err(|error| Trouble::new("journal", Cause::Random(error.to_string())))?;
    Ok(bytes)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
