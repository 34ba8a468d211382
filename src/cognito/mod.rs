//! The one door to AWS: no name of the SDK leaves this folder, so that the rest of the program is written, tested and
//! read without it.
//!
//! A [`Connection`] is made from a target and hands out [`Reader`]s and [`Writer`]s that share one client a region: the
//! SDK learns about a wrong clock per client, and a write is to profit from what the reads before it taught. Every
//! answer is one of our own types or a [`crate::domain::Fault`]; an answer with a hole in it is a fault too, never a
//! panic. Below it the [`Wire`] takes the place of the network for the demo and for tests.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

pub use crate::domain::Answered;

mod bounded;
mod clients;
mod connect;
mod convert;
mod credentials;
mod dial;
mod fault;
mod groups;
mod reader;
mod secret_hash;
mod sign_in;
mod skew;
#[cfg(test)]
mod testing;
mod time;
mod wire;
mod writer;

pub use connect::Connection;
pub use reader::Reader;
pub use sign_in::{Authenticator, Step};
pub use wire::{Cut, Wire, WireAnswer};
pub use writer::{Attempt, Round, Writer};

/// Where the time comes from: for signatures, for [`crate::domain::User::read_at`] and for the log.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How the SDK waits: before a retry and for its timeouts.
pub type Sleep = Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> + Send + Sync>;

/// How long to wait for the service. Both are above zero; the AWS CLI's names and meanings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For a connection to be made.
    pub connect_timeout: Duration,
    /// For an answer to begin once a request is on its way.
    pub read_timeout: Duration,
}

impl Limits {
    /// How long one request may take, body included: after this an unanswered write can no longer be answered.
    pub fn attempt(&self) -> Duration {
        self.connect_timeout.saturating_add(self.read_timeout)
    }

    /// How long a read may take with its retries: three attempts and the waits between them.
    pub fn operation(&self) -> Duration {
        self.attempt().saturating_mul(3).saturating_add(Duration::from_secs(20))
    }
}

/// What a connection takes from its surroundings instead of reaching for it.
#[derive(Clone)]
pub struct Outside {
    pub clock: Clock,
    /// `None`: tokio's timer.
    pub sleep: Option<Sleep>,
    pub way: Way,
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outside({:?})", self.way)
    }
}

/// How requests travel.
#[derive(Clone)]
pub enum Way {
    /// Over the network, with the credentials and settings the AWS tools share.
    Network,
    /// Into a function of this process. Nothing of the machine is read: no environment, no profile, no credentials.
    Wire(Wire),
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Network => "Network",
            Self::Wire(_) => "Wire",
        })
    }
}
