//! What the screen asks of the desk and what comes back: the only words between `app` and `work`.
//!
//! Everything here is plain data. A [`Ticket`] ties a reply to the question, so that an answer nobody waits for any
//! more changes nothing but the status pane.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::change::Moved;
use crate::domain::consequence::Owner;
use crate::domain::find::Plan;
use crate::domain::place::Caller;
use crate::domain::pool::ProviderMapping;
use crate::domain::{
    Answered, AttributeValue, ChangeSet, Contact, Fault, Outcome, Page, PageToken, Place, Pool, PoolSummary, Raw,
    Sentence, Target, User, Username,
};

/// Names one question, so that its answer finds its way back. Never used twice in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// A question for the desk, or work to be done there.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// One page of ListUserPools.
    ListPools { target: Target, token: Option<PageToken> },
    /// DescribeUserPool.
    DescribePool { place: Place },
    /// ListIdentityProviders, and DescribeIdentityProvider for each.
    Providers { place: Place },
    /// One page of ListUsers without a filter.
    ListUsers { place: Place, token: Option<PageToken> },
    /// The calls of a find, stage by stage until one has hits.
    Find { place: Place, plan: Plan },
    /// AdminGetUser: counts the user as monthly active, so only where somebody asked for it.
    GetUser { place: Place, username: Username },
    /// AdminListGroupsForUser, all pages.
    Groups { place: Place, username: Username },
    /// ListUsers by exact contact: who has this address or number now.
    Owner {
        place: Place,
        contact: Contact,
        value: AttributeValue,
        not: Username,
    },
    /// Builds the Writer of a pool. Nothing can be written there before.
    OpenWriter { place: Place, protection: Protection },
    /// Drops the Writer of a pool.
    CloseWriter { place: Place },
    /// The one path of a write.
    Submit(Submission),
    /// Reads a user back to learn what became of a write that ended unknown. Sends nothing.
    Settle {
        place: Place,
        changes: ChangeSet,
        fault: Fault,
        journal_id: Option<Raw>,
    },
    /// STS GetCallerIdentity.
    Caller { target: Target },
    /// Forgets the connection, so that the next question reads credentials and settings anew.
    Reconnect { target: Target },
}

impl Job {
    /// The pool it is about. `None`: none in particular.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::DescribePool { place }
            | Self::Providers { place }
            | Self::ListUsers { place, .. }
            | Self::Find { place, .. }
            | Self::GetUser { place, .. }
            | Self::Groups { place, .. }
            | Self::Owner { place, .. }
            | Self::OpenWriter { place, .. }
            | Self::CloseWriter { place }
            | Self::Submit(Submission { place, .. })
            | Self::Settle { place, .. } => Some(place),
            Self::ListPools { .. } | Self::Caller { .. } | Self::Reconnect { .. } => None,
        }
    }
}

/// Whether a pool asks for its name before a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    Open,
    Protected,
}

/// A write somebody decided on: what changes, and what was typed to allow it.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    pub place: Place,
    pub changes: ChangeSet,
    /// Until when the pool is armed, if its name was typed. Checked again where the write is made.
    pub armed_until: Option<Timestamp>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    Pools(Answer<Page<PoolSummary>>),
    Pool(Answer<Arc<Pool>>),
    Providers(Answer<Vec<ProviderMapping>>),
    Users(Answer<Page<Arc<User>>>),
    Found(Answer<Found>),
    User(Answer<Arc<User>>),
    Groups(Answer<Vec<Raw>>),
    Owner(Answer<Owner>),
    WriterOpen,
    WriterClosed,
    Submitting(Step),
    Submitted(Box<Submitted>),
    Settled(Box<Submitted>),
    Caller(Answer<Caller>),
    Reconnected,
    /// The work itself broke (a panic in a worker): said, never swallowed.
    Broken(Fault),
}

pub type Answer<T> = Result<Answered<T>, Fault>;

/// What a find brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub users: Vec<Arc<User>>,
    /// How many calls were made.
    pub calls: usize,
    /// Calls the service refused, which the answer must not hide.
    pub faults: Vec<Fault>,
    /// More users match than were read.
    pub more: bool,
}

impl Found {
    /// Everything asked for was answered to its end.
    pub fn is_whole(&self) -> bool {
        !self.more && self.faults.is_empty()
    }
}

/// News of a write under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Refused for rate; sent again after this wait unless stopped. `attempt` counts sends so far, of at most `of`.
    Throttled { attempt: u32, of: u32, wait: Duration },
}

/// What became of a write.
#[derive(Clone, Debug, PartialEq)]
pub struct Submitted {
    pub outcome: Outcome,
    pub username: Username,
    pub request_id: Option<Raw>,
    /// The user as read after (or instead of) the write.
    pub now: Option<Arc<User>>,
    /// Why it could not be read back.
    pub unread: Option<Fault>,
    /// The service answered with this error, and reading back shows that the values were stored all the same.
    pub late: Option<Fault>,
    /// What someone else changed, where that stopped it or is worth saying.
    pub moved: Moved,
    /// The operator stopped it before it went out again.
    pub stopped: bool,
    /// What else is to be said: a repaired last line of the journal, a write that was not applied so far.
    pub notices: Vec<Sentence>,
    /// The name of the journal entry.
    pub journal_id: Option<Raw>,
}

impl Submitted {
    /// An outcome about which nothing else is known yet.
    pub fn new(username: Username, outcome: Outcome) -> Self {
        Self {
            outcome,
            username,
            request_id: None,
            now: None,
            unread: None,
            late: None,
            moved: Moved::default(),
            stopped: false,
            notices: Vec::new(),
            journal_id: None,
        }
    }
}
