//! The demo starts without drafts: its people are made up anew each time, so old edits would be about nobody.

use std::path::Path;

use super::FOLDER;
use super::store::{DraftsError, is_ours};
use crate::disk::{Cause, Folder, Trouble, remove_dead};

/// Removes the drafts in the demo's state folder, and nothing that does not bear a draft's name; nothing at all while
/// another demo runs on it.
pub fn empty_demo(state: &Path) -> Result<(), DraftsError> {
    let empty = || -> Result<(), Trouble> {
        let folder = match Folder::open(state, FOLDER) {
            Err(Trouble { cause: Cause::Gone, .. }) => return Ok(()),
            folder => folder?,
        };
        if remove_dead(&folder)? > 0 {
            return Ok(());
        }
        for name in folder.names()?.iter().filter(|name| is_ours(name)) {
            folder.remove(name)?;
        }
        Ok(())
    };
    empty().map_err(DraftsError)
}
