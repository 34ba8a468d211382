//! Reading a whole pool: what is asked for, and the news of it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{Fault, PageToken, Segment, Sentence};

/// How a pool is to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// Requests a second at most; the configured ceiling holds in any case.
    pub rate: u32,
    /// Of about how many users, as far as the pool tells.
    pub estimated: Option<u64>,
    /// Where an earlier reading stopped. `None`: from the beginning.
    pub from: Option<Checkpoint>,
}

/// Where a reading stands: its chains, and where each of them goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    pub chains: Vec<Chain>,
}

/// One chain of pages.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// The hex digit that the subs of its users begin with; `None`: the whole pool.
    pub digit: Option<char>,
    pub next: Next,
    /// How many users it has brought.
    pub users: u64,
}

impl Chain {
    /// A chain that has not begun.
    pub fn new(digit: Option<char>) -> Self {
        Self {
            digit,
            next: Next::First,
            users: 0,
        }
    }
}

/// How a chain goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    First,
    /// A token lives for an hour from when its page was read. One that is older, or that the service takes for none, makes
    /// its chain begin again.
    Token {
        token: PageToken,
        since: Timestamp,
    },
    /// Read to its end.
    Nothing,
}

/// News of a reading under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Scanned {
    /// The users that arrived since the last news.
    pub users: Arc<Segment>,
    pub progress: Progress,
}

/// How far a reading has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Requests that were sent, and how many of them were refused for rate.
    pub calls: u64,
    pub throttled: u64,
    /// Users that arrived, each counted as often as it arrived.
    pub users: u64,
    /// Since it began or went on, pauses between left out.
    pub spent: Duration,
    /// Requests a second that are let through now.
    pub rate: f64,
    /// Chains that are being read: 1, or up to 16 by the first digit of the sub.
    pub chains: usize,
}

/// How a reading ended.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanEnd {
    pub progress: Progress,
    /// Where it can go on; `None`: everybody was read.
    pub checkpoint: Option<Checkpoint>,
    /// Why it did not go on. `None` with a checkpoint: it was stopped.
    pub fault: Option<Fault>,
    /// What is to be said of it: why one chain was used, that the counts do not add up.
    pub notices: Vec<Sentence>,
}
