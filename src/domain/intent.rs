//! What is about to be done, in full, before it is done: the unit the journal records and the writer sends.

use super::change::ChangeSet;
use super::place::{Caller, Written};
use super::user::Username;

/// A write that somebody decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    pub caller: Caller,
    pub place: Written,
    pub user: Username,
    /// The user's sub, where the reading had one: usernames can be reused.
    pub sub: Option<String>,
    pub operation: Operation,
}

/// The operations that write. One variant a path; more paths come with their own rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// AdminUpdateUserAttributes, deletions as blank values in the same call.
    AdminUpdate(ChangeSet),
}

impl Operation {
    /// The service's own name of the call.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AdminUpdate(_) => "AdminUpdateUserAttributes",
        }
    }

    pub fn changes(&self) -> &ChangeSet {
        match self {
            Self::AdminUpdate(changes) => changes,
        }
    }
}
