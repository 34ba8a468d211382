//! The demo starts with an empty journal: its pools are made up anew each time, so old lines would tell of nobody.

use std::path::Path;

use crate::disk::{Cause, Folder, Trouble, remove_dead};

use super::FOLDER;
use super::error::{Doing, JournalError};
use super::name;

/// Empties the journal in the demo's state folder. Removes nothing but files that bear the journal's own names, and
/// nothing at all while another demo runs on it.
pub fn empty_demo(state: &Path) -> Result<(), JournalError> {
    let empty = || -> Result<(), Trouble> {
        let folder = match Folder::open(state, FOLDER) {
            Err(Trouble { cause: Cause::Gone, .. }) => return Ok(()),
            folder => folder?,
        };
        if remove_dead(&folder)? > 0 {
            return Ok(());
        }
        for name in folder.names()? {
            if name::parse_name(&name).is_some() {
                folder.remove(&name)?;
            }
        }
        Ok(())
    };
    empty().map_err(|trouble| Doing::EmptyDemo.failed(trouble))
}
