//! Who is in which group: read group by group, because no list of users tells it.

use std::sync::Arc;

use super::scan::Progress;
use crate::domain::{Fault, Raw, Segment, Sentence};

/// Which groups are to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Members {
    pub groups: Vec<Raw>,
    /// Requests a second at most, as for a scan.
    pub rate: u32,
}

/// News of a reading under way: users of one group that arrived since the last news. They are whole rows, so that somebody
/// who is not loaded yet can be.
#[derive(Clone, Debug, PartialEq)]
pub struct MembersRead {
    pub group: Raw,
    pub users: Arc<Segment>,
    pub progress: Progress,
}

/// How a reading ended.
#[derive(Clone, Debug, PartialEq)]
pub struct MembersEnd {
    pub progress: Progress,
    /// The groups that were not read to their end, in order. A later reading begins each of them anew.
    pub left: Vec<Raw>,
    /// Why it did not go on. `None` with groups left: it was stopped.
    pub fault: Option<Fault>,
    pub notices: Vec<Sentence>,
}
