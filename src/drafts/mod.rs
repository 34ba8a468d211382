//! Pending edits on disk, so that no way of dying loses them: one file a draft, written anew with each change.
//!
//! A file is written beside the old one, fsynced and renamed over it, so whatever ends the program leaves the old draft
//! or the new one. Files are called by random names, private (0600) in a private folder (0700), and removed once the
//! draft is sent or thrown away. A console holds a lock file in the folder for as long as it lives: a draft whose
//! console still runs is its own, and is not taken over.
//!
//! ```text
//! {"v":1,"sha256":"<of the next line>"}
//! {"session":"..","begun":"..","time":"..","caller":{..},"place":{..},"username":"..","sub":"..","route":"admin",
//!  "made_from":{"nickname":"JD"},"edits":{"nickname":{"set":"JJ"}},"left_to_pool":[],"metadata":{},"typed":null,"undoes":null}
//! ```

mod demo;
mod file;
mod store;

#[cfg(test)]
mod tests;

pub use crate::disk::system_dice;
pub use demo::empty_demo;
pub use store::{DraftsError, Owner, Store, Untaken, Version};

/// The folder in the state folder.
pub const FOLDER: &str = "drafts";
