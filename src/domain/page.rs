//! What operations bring: an answer with its request id, and pages, of which only an absent token is the last.

use std::fmt;

use super::raw::Raw;

/// Where a list goes on: opaque, bound to the request it came from, good for an hour.
#[derive(Clone, PartialEq, Eq)]
pub struct PageToken(pub String);

impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PageToken({} bytes)", self.0.len())
    }
}

/// Items of one page, in the service's order, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<PageToken>,
}

/// What an operation brought, with the id under which the service logged it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered<T> {
    pub value: T,
    /// `None` where the service sent none; of several requests, the last one's.
    pub request_id: Option<Raw>,
}
