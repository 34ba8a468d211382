//! What the screen asks of the desk and what comes back: the only words between `app` and `work`.
//!
//! Everything here is plain data. A [`Ticket`] ties a reply to the question, so that an answer nobody waits for any
//! more changes nothing but the status pane.

pub mod archive;
pub mod audit;
pub mod export;
pub mod find;
pub mod groups;
pub mod scan;
pub mod search;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

pub use self::find::{Found, Unread, unanswered};
use crate::domain::breakdown::Breakdown;
use crate::domain::change::Moved;
use crate::domain::consequence::{Holder, Owner};
use crate::domain::draft::saved::{self, DraftId, Kept, Saved};
use crate::domain::fault::ClockOff;
use crate::domain::find::Plan;
use crate::domain::lint::Report;
use crate::domain::place::Caller;
use crate::domain::pool::ProviderMapping;
use crate::domain::search::Matches;
use crate::domain::sign_in::{ActingAs, Challenge, Password};
use crate::domain::{
    Answered, AppClient, AttributeName, AttributeValue, ClientId, ClientSummary, CodeDelivery, Contact, Entry, Fault,
    Operation, Outcome, Page, PageToken, Place, Pool, PoolSummary, Raw, Route, Secret, Sentence, Target, User,
    Username, Why,
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
    /// One page of ListUsers by a filter of the service's, for whoever passes the users on and keeps none.
    Page {
        place: Place,
        filter: Option<String>,
        token: Option<PageToken>,
    },
    /// GetCSVHeader: the columns of the file that the pool imports users from.
    ImportHeader { place: Place },
    /// Reads the whole pool, and tells what arrives until the end.
    Scan { place: Place, scan: Box<scan::Scan> },
    /// Reads everybody of the export that is open in the place of the pool, and tells who arrives until the end.
    ReadFile { place: Place },
    /// Writes loaded users to a file. Asks nobody.
    Export(Box<export::Export>),
    /// Another pace for a scan, or for the reading of groups, that is under way.
    ScanRate { of: Ticket, rate: u32 },
    /// Looks through what is loaded. Asks nobody.
    Search(Box<search::Search>),
    /// Checks over what is loaded. Asks nobody.
    Lint(Box<audit::Lint>),
    /// Counts the values of a column of what is loaded. Asks nobody.
    Breakdown(Box<audit::Breakdown>),
    /// The calls of a find, stage by stage until one has hits.
    Find { place: Place, plan: Plan },
    /// The next pages of the calls of a find that were not read to their end.
    ReadOn { place: Place, unread: Vec<Unread> },
    /// AdminGetUser, which counts the user as monthly active, so only where somebody asked for it; or GetUser with the
    /// token that is held for this pool.
    GetUser {
        place: Place,
        username: Username,
        route: Route,
    },
    /// ListGroups, all pages: the names of a pool's groups.
    ListGroups { place: Place },
    /// ListUsersInGroup, group by group, all pages, told as they arrive. Its pace can be changed like a scan's.
    ReadMembers { place: Place, members: groups::Members },
    /// AdminListGroupsForUser, all pages.
    Groups { place: Place, username: Username },
    /// ListUsers by exact contact: who has this address or number now.
    Owner {
        place: Place,
        contact: Contact,
        value: AttributeValue,
        not: Username,
    },
    /// Builds the Writer of a pool, or of the token that is held for it. Nothing can be written there before.
    OpenWriter {
        place: Place,
        route: Route,
        /// The pool's name, if it was typed to allow writing. The desk compares it with the one it read itself.
        typed: Option<Raw>,
    },
    /// Drops the Writers of a pool, the one of the token included.
    CloseWriter { place: Place },
    /// The one path of a write.
    Submit(Submission),
    /// Reads a user back to learn what became of a write that ended unknown. Sends nothing.
    Settle {
        place: Place,
        operation: Operation,
        fault: Fault,
        journal_id: Option<Raw>,
    },
    /// What the journal holds, of all pools. `known`: what is held of it already, so that a journal nobody wrote to is
    /// answered without being read.
    ReadJournal { known: Option<Stamp> },
    /// Reads what taking an entry of the journal back needs: its user now, and who has the names that would come back.
    PrepareUndo {
        place: Place,
        route: Route,
        entry: Arc<Entry>,
    },
    /// Reads the user of an entry back whose end nobody saw, and writes down what that tells. Sends nothing.
    SettleEntry { place: Place, entry: Arc<Entry> },
    /// ListUserPoolClients, all pages.
    Clients { place: Place },
    /// DescribeUserPoolClient.
    Client { place: Place, client: ClientId },
    /// InitiateAuth or AdminInitiateAuth with a password. The token stays at the desk.
    SignIn { place: Place, password: Password },
    /// The answers to a challenge of a sign-in, by the names the service gives them (`SMS_MFA_CODE`).
    AnswerChallenge {
        place: Place,
        challenge: Challenge,
        answers: Vec<(String, Secret)>,
    },
    /// Takes an access token that was given, checks it and reads its user with GetUser. It stays at the desk, one for
    /// each pool. `expected`: the sub of the user it has to be.
    ActAs {
        place: Place,
        token: Secret,
        expected: Option<Raw>,
    },
    /// Forgets the token held for a pool, and the Writer made from it.
    StopActing { place: Place },
    /// What people would have got from the emulator: there is an outbox in the demo only.
    Outbox,
    /// Keeps a user's pending edits on disk, in place of what was kept before; `None`: they were sent or thrown away, so
    /// nothing is kept any more. Done in the order of asking, and only the newest of one user where the disk is slow.
    SaveDraft(Box<DraftSave>),
    /// Looks which drafts earlier consoles left.
    FindDrafts,
    /// Makes such a draft this console's own, for editing it in `place`.
    TakeDraft { place: Place, id: DraftId },
    /// Removes such a draft.
    DiscardDraft { id: DraftId },
    /// STS GetCallerIdentity.
    Caller { target: Target },
    /// Forgets the connection, so that the next question reads credentials and settings anew.
    Reconnect { target: Target },
}

impl Job {
    /// The target whose answers it waits for, where that is settled by the job itself.
    pub fn target(&self) -> Option<&Target> {
        match self {
            Self::ListPools { target, .. } | Self::Caller { target } => Some(target),
            other => other.place().map(|place| &place.target),
        }
    }

    /// Requests a second at most, where the operator chooses them and may change them meanwhile.
    pub fn rate(&self) -> Option<u32> {
        match self {
            Self::Scan { scan, .. } => Some(scan.rate),
            Self::ReadMembers { members, .. } => Some(members.rate),
            _ => None,
        }
    }

    /// The pool it is about. `None`: none in particular.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::DescribePool { place }
            | Self::Providers { place }
            | Self::ListUsers { place, .. }
            | Self::Page { place, .. }
            | Self::ImportHeader { place }
            | Self::Scan { place, .. }
            | Self::ReadFile { place }
            | Self::Find { place, .. }
            | Self::ReadOn { place, .. }
            | Self::GetUser { place, .. }
            | Self::Groups { place, .. }
            | Self::ListGroups { place }
            | Self::ReadMembers { place, .. }
            | Self::Owner { place, .. }
            | Self::OpenWriter { place, .. }
            | Self::CloseWriter { place }
            | Self::Submit(Submission { place, .. })
            | Self::PrepareUndo { place, .. }
            | Self::SettleEntry { place, .. }
            | Self::Clients { place }
            | Self::Client { place, .. }
            | Self::SignIn { place, .. }
            | Self::AnswerChallenge { place, .. }
            | Self::ActAs { place, .. }
            | Self::StopActing { place }
            | Self::TakeDraft { place, .. }
            | Self::Settle { place, .. } => Some(place),
            Self::SaveDraft(save) => Some(&save.place),
            Self::FindDrafts | Self::DiscardDraft { .. } => None,
            Self::ReadJournal { .. }
            | Self::Export(_)
            | Self::Search(_)
            | Self::Lint(_)
            | Self::Breakdown(_)
            | Self::ScanRate { .. }
            | Self::Outbox
            | Self::ListPools { .. }
            | Self::Caller { .. }
            | Self::Reconnect { .. } => None,
        }
    }
}

/// A write somebody decided on, and what was typed to allow it.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    pub place: Place,
    pub operation: Operation,
    pub why: Why,
    /// Until when the pool is armed, if its name was typed. Checked again where the write is made.
    pub armed_until: Option<Timestamp>,
}

/// What is to be kept of one user's pending edits.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftSave {
    pub place: Place,
    pub username: Username,
    pub route: Route,
    pub draft: Option<Saved>,
    /// The draft of an earlier run that this goes on with.
    pub continues: Option<DraftId>,
    /// Who would sign, as far as the screen knows.
    pub caller: Caller,
    pub at: Timestamp,
}

/// A file or folder of ours that could not be used, in words that hold a path and no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskFault {
    pub what: Raw,
    pub next: Raw,
}

/// Why a draft was not taken over, or not thrown away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Untaken {
    /// The console that made it is still open.
    Elsewhere {
        since: Timestamp,
    },
    /// It is not there any more.
    Gone,
    /// It was made at another endpoint than the one that answers here.
    OtherEndpoint(Option<Raw>),
    Disk(DiskFault),
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// What became of keeping the newest edits.
    DraftSaved(Result<(), DiskFault>),
    Drafts(Result<saved::Found, DiskFault>),
    DraftTaken(Result<Box<Kept>, Untaken>),
    DraftDiscarded(Result<(), Untaken>),
    Pools(Answer<Page<PoolSummary>>),
    Pool(Answer<Arc<Pool>>),
    Providers(Answer<Vec<ProviderMapping>>),
    Users(Answer<Page<Arc<User>>>),
    ImportHeader(Answer<Vec<String>>),
    /// News of an export under way.
    Exporting {
        users: u64,
    },
    Exported(export::Exported),
    /// News of a scan under way.
    Scanned(scan::Scanned),
    ScanEnded(Box<scan::ScanEnd>),
    /// News of a reading of an export under way.
    FromFile(archive::FromFile),
    FileRead(Box<archive::FileEnd>),
    /// The new pace holds from the next request on.
    ScanRateSet,
    GroupNames(Answer<Vec<Raw>>),
    /// News of a reading of groups under way.
    Members(groups::MembersRead),
    MembersEnded(Box<groups::MembersEnd>),
    /// News of a look under way: the first who match.
    Matching(Arc<Matches>),
    Matched(Result<Arc<Matches>, Fault>),
    Linted(Result<Arc<Report>, Fault>),
    Counted(Result<Arc<Breakdown>, Fault>),
    Found(Answer<Found>),
    User(Answer<Arc<User>>),
    Groups(Answer<Vec<Raw>>),
    Owner(Answer<Owner>),
    WriterOpen,
    WriterClosed,
    Submitting(Step),
    Submitted(Box<Submitted>),
    Settled(Box<Submitted>),
    Journal(Result<JournalRead, Fault>),
    UndoPrepared(Answer<UndoGround>),
    EntrySettled(Box<EntrySettled>),
    Clients(Answer<Vec<ClientSummary>>),
    Client(Answer<Arc<AppClient>>),
    SignedIn(Answer<SignedIn>),
    StoppedActing,
    Outbox(Vec<Delivered>),
    Caller(Answer<Caller>),
    /// This machine's clock is off, as the answers tell it: comes ahead of the reply, once for each connection.
    Clock(ClockOff),
    Reconnected,
    /// The work itself broke (a panic in a worker): said, never swallowed.
    Broken(Fault),
}

/// Names one reading of the journal, so that the desk can tell whether anything came since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp(pub u64);

/// What the journal holds.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalRead {
    pub stamp: Stamp,
    /// Newest first. `None`: as it was.
    pub entries: Option<Vec<Arc<Entry>>>,
    /// What could not be read of it.
    pub notices: Vec<Sentence>,
}

/// What is known for taking an entry back.
#[derive(Clone, Debug, PartialEq)]
pub struct UndoGround {
    pub user: Arc<User>,
    /// Who else has the names that would come back.
    pub holders: BTreeMap<AttributeName, Vec<Holder>>,
}

/// What reading back told about an entry whose end nobody saw.
#[derive(Clone, Debug, PartialEq)]
pub struct EntrySettled {
    pub id: Raw,
    /// As far as the entry or the reading names it.
    pub username: Option<Username>,
    pub outcome: Outcome,
    /// What was said about it, and what the journal did not take.
    pub notices: Vec<Sentence>,
    pub now: Option<Arc<User>>,
    pub unread: Option<Fault>,
    pub request_id: Option<Raw>,
}

/// How far a sign-in came, or a token that was given.
#[derive(Clone, Debug, PartialEq)]
pub enum SignedIn {
    /// Another step is asked for.
    Challenge(Challenge),
    /// The token is held at the desk, and this is whose it is.
    As(ActingAs),
    /// The token is another user's than the expected one. It was dropped.
    SomebodyElse(Username),
}

/// A message that the emulator of the demo keeps in place of sending it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    pub at: Timestamp,
    pub pool: Raw,
    pub username: Raw,
    /// `EMAIL` or `SMS`.
    pub medium: Raw,
    pub destination: Raw,
    /// What the end user would have read.
    pub text: Raw,
}

pub type Answer<T> = Result<Answered<T>, Fault>;

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
    /// The messages that the service itself reports, in its order.
    pub reported: Vec<CodeDelivery>,
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
            reported: Vec::new(),
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
