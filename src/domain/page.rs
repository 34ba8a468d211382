//! One page of a list. Only an absent token ends a list: pages may be short or empty and still go on.

use std::fmt;

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
