//! The line that accounts for months that were removed.

use serde::{Deserialize, Serialize};

use crate::journal::chain::Hash;

/// What was removed because of its age. A chain may begin after the last line of one of these files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::journal) struct AnchorLine {
    /// The rule: how many days a month is kept after its last line.
    pub(in crate::journal) days: u32,
    /// Oldest first.
    pub(in crate::journal) files: Vec<RemovedLine>,
}

/// One file that was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::journal) struct RemovedLine {
    pub(in crate::journal) name: String,
    /// `hash` of its last line.
    pub(in crate::journal) last: Hash,
    /// The place of that line in the chain, counted from the very first line of all.
    pub(in crate::journal) lines: u64,
}
