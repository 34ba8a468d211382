//! What a find brought, and where it can go on.

use std::sync::Arc;

use crate::domain::find::Ask;
use crate::domain::{Fault, PageToken, User};

/// What a find brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub users: Vec<Arc<User>>,
    /// Which stage of the plan found them; `None`: nobody was found.
    pub stage: Option<usize>,
    /// How many calls were made.
    pub calls: usize,
    /// Calls the service refused and that cannot go on, which the answer must not hide.
    pub faults: Vec<Fault>,
    /// Calls that were not read to their end: more users match than were read.
    pub unread: Vec<Unread>,
}

impl Found {
    /// Why something was not answered.
    pub fn fault(&self) -> Option<&Fault> {
        unanswered(&self.faults, &self.unread)
    }
}

/// Why something was not answered, of calls that cannot go on first.
pub fn unanswered<'a>(faults: &'a [Fault], unread: &'a [Unread]) -> Option<&'a Fault> {
    let unread = unread.iter().filter_map(|unread| unread.fault.as_ref());
    faults.iter().chain(unread).next()
}

/// A call of a find that was not read to its end, and where it goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    pub ask: Ask,
    pub token: PageToken,
    /// Why it was not read further, where that was no choice of ours. It is over once the call goes on.
    pub fault: Option<Fault>,
}
