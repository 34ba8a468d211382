//! The append-only record of every write: without a line on disk nothing is sent.
//!
//! CloudTrail hides attribute values, so these files are the only account of what was changed, by whom and from what.
//! The types carry the order of a write: [`Journal::record`] is the only maker of a [`Recorded`], a `Recorded` can be
//! sent once, a [`Sent`] can be settled once. An unjournaled write, a second send of one decision and settling twice do
//! not compile.
//!
//! # Files
//!
//! In the state folder, `journal/<pool-id>-<year>-<month>.jsonl`, one file per pool and month of UTC, JSON Lines, files
//! 0600 in folders 0700. Names are made from pool ids only, never from usernames. Beside them `session-<id>.lock`, held
//! (`flock`) by each console that is open, so that an intent without an outcome can be told from one still under way.
//!
//! # Lines
//!
//! One JSON object a line, in canonical form: members sorted by name, no spaces, everything outside printable ASCII
//! escaped - the bytes that Python's `json.dumps(line, sort_keys=True, separators=(",", ":"))` writes. A line that is not
//! its own canonical form has been changed. Numbers are integers.
//!
//! | member | what it holds |
//! |---|---|
//! | `v` | 1. Members may be added under the same number; the meaning of one never changes |
//! | `session`, `seq` | the console that wrote the line, and its count of lines. A number is never used twice |
//! | `prev` | `hash` of the line before, of the month before for the first line of a file, or 64 zeros for the first of all |
//! | `hash` | see below |
//! | `id` | names the write: `<session>-<seq>` of its `intent`; shared by its `outcome` and `seen` |
//! | `time` | RFC 3339 in UTC, milliseconds |
//! | `program` | version of the program that wrote the line |
//! | `repaired` | bytes of a torn last line that were cut off before this one, else null |
//! | `intent` | what is about to be sent: caller, place, user, operation, changes, metadata keys, account, client, contact, message action, reason, undoes |
//! | `outcome` | what the service answered, or that nothing went out: word, why, attempts, duration, request id, reported, fault |
//! | `seen` | what is true after reading back: one of the six outcome words, the attributes, account, or why it could not be read |
//!
//! Exactly one of `intent`, `outcome` and `seen` is there. The shapes are in `line.rs`.
//!
//! Five members came with the steps on an account and the user's own calls. Older lines lack them, which means the same
//! as `null` (or an empty list):
//!
//! | member | what it holds |
//! |---|---|
//! | `account` of `intent` and `seen` | status, and whether it is enabled, as read; null where the reading does not tell (GetUser) |
//! | `client` of `intent` | the app client that the call names |
//! | `contact` of `intent` | `email` or `phone_number`, where the call is about its code |
//! | `message_action` of `intent` | `RESEND` where AdminCreateUser invites again somebody who is there |
//! | `reported` of `outcome` | the messages the service reports, in its order: attribute, medium, destination |
//!
//! A code, an access token and a password are in no line.
//!
//! # Values
//!
//! Whatever tells about a person - attribute values, username, sub, the destination of a message (masked as it is), the
//! service's words, a reason - is written as
//! `{"digest", "salt", "value"}`: `salt` is 16 random bytes in hexadecimal, and `digest` is SHA-256 over those bytes
//! followed by the value in UTF-8. Without `salt` and `value` the object says that there was a value and keeps it to
//! itself; a salt of its own makes the digest of even a phone number worthless for guessing. `null` means not set.
//!
//! # Hash
//!
//! `hash` is SHA-256, in hexadecimal, over the canonical form of the line without its `hash` and without the `salt` and
//! `value` of every object that has a `digest`. So a value can be taken out, salt and all, and the chain still verifies;
//! while it is there, its digest proves it.
//!
//! # Appending
//!
//! Lock the newest file of the pool, check its last line, cut off a torn one (the only time anything is cut), append,
//! fsync file and folder, unlock. A file gets no more lines once one of a newer month exists, whatever a clock says.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

use crate::disk::{Dice, Folder, Session, Trouble, system_dice};
use crate::domain::{CodeDelivery, Drift, Fault, Intent, Outcome, PoolId, Raw, User};

mod chain;
mod demo;
mod error;
mod file;
mod line;
mod name;
#[cfg(test)]
mod replay;
mod seal;
#[cfg(test)]
mod tests;

pub use demo::empty_demo;
pub use error::{JournalError, Notice};

use error::Doing;
use file::Tail;
use line::{Body, IntentLine, Line, OutcomeLine, SeenLine};
use name::Month;
use seal::Seal;

/// The folder in the state folder.
const FOLDER: &str = "journal";

/// Where the journal's times come from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The journal of one running console. Shared by its threads; every call opens, locks, appends, fsyncs and closes, so it
/// blocks for as long as the disk takes, and up to five seconds while another console appends.
pub struct Journal {
    state: PathBuf,
    clock: Clock,
    program: &'static str,
    seal: Seal,
    session: Session,
    seq: AtomicU64,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Journal({}, session {})", self.state.display(), self.session.id())
    }
}

impl Journal {
    /// Opens the journal in the state folder `state`, making folders as needed, takes a session of its own and removes
    /// the lock files that dead sessions left. `program` is the version written into every line.
    pub fn open(state: PathBuf, clock: Clock, program: &'static str) -> Result<Self, JournalError> {
        Self::open_with(state, clock, program, system_dice())
    }

    fn open_with(state: PathBuf, clock: Clock, program: &'static str, dice: Dice) -> Result<Self, JournalError> {
        let open = || -> Result<Self, Trouble> {
            let folder = Folder::create(&state, FOLDER)?;
            let session = Session::begin(folder, &dice)?;
            Ok(Self {
                state: state.clone(),
                clock,
                program,
                seal: Seal::new(dice),
                session,
                seq: AtomicU64::new(0),
            })
        };
        open().map_err(|trouble| Doing::Open.failed(trouble))
    }

    /// The name of this session, as in its lines.
    pub fn session(&self) -> &str {
        self.session.id()
    }

    /// Writes down what is about to be sent, and returns once it is on disk. On an error nothing may be sent, and
    /// without a [`Recorded`] nothing can be.
    pub fn record(&self, intent: Intent) -> Result<Recorded, JournalError> {
        let intent = Arc::new(intent);
        let (id, notices) = IntentLine::new(&intent, &self.seal)
            .and_then(|line| self.append(&intent.place.pool, None, Body::Intent(Box::new(line))))
            .map_err(|trouble| Doing::Record.failed(trouble))?;
        Ok(Recorded {
            entry: Entry { id, intent, notices },
        })
    }

    /// Writes down what the service answered. On an error the `Sent` comes back, because what was sent stays sent: the
    /// caller goes on to read back, says that the journal lacks the outcome, and may try to settle it again.
    pub fn settle(&self, sent: Sent) -> Result<Settled, Box<Unsettled>> {
        let Sent {
            mut entry,
            answer,
            attempts,
            duration,
        } = sent;
        let appended = OutcomeLine::answered(&answer, attempts, duration, &self.seal)
            .and_then(|line| self.append(&entry.intent.place.pool, Some(&entry.id), Body::Outcome(line)));
        match appended {
            Ok((_, notices)) => {
                entry.notices.extend(notices);
                Ok(Settled { entry, answer })
            }
            Err(trouble) => Err(Box::new(Unsettled {
                error: Doing::Settle.failed(trouble),
                sent: Sent {
                    entry,
                    answer,
                    attempts,
                    duration,
                },
            })),
        }
    }

    /// Writes down that a recorded write did not go out after all, so that no intent is left without an outcome.
    /// `attempts` counts the sends that the service refused for rate before, `duration` runs from the first of them.
    /// Returns everything that was noticed since the intent was recorded.
    pub fn abandon(
        &self,
        recorded: Recorded,
        why: &NotSent,
        attempts: u32,
        duration: Duration,
    ) -> Result<Vec<Notice>, JournalError> {
        let Entry {
            id,
            intent,
            mut notices,
        } = recorded.entry;
        let (_, noticed) = OutcomeLine::not_sent(why, attempts, duration, &self.seal)
            .and_then(|line| self.append(&intent.place.pool, Some(&id), Body::Outcome(line)))
            .map_err(|trouble| Doing::Abandon.failed(trouble))?;
        notices.extend(noticed);
        Ok(notices)
    }

    /// Writes down what a read-back found, and what follows from it. May be called again after a later reading.
    pub fn seen(
        &self,
        settled: &Settled,
        outcome: &Outcome,
        now: Result<&User, &Fault>,
    ) -> Result<Vec<Notice>, JournalError> {
        let entry = &settled.entry;
        let touched = entry.intent.operation.touched();
        let (_, notices) = SeenLine::new(&touched, outcome, now, &self.seal)
            .and_then(|line| self.append(&entry.intent.place.pool, Some(&entry.id), Body::Seen(line)))
            .map_err(|trouble| Doing::See.failed(trouble))?;
        Ok(notices)
    }

    /// Everything between having a body and having it on disk. The number of the line is taken under the lock, so that
    /// numbers of a session rise within a file.
    fn append(&self, pool: &PoolId, id: Option<&EntryId>, body: Body) -> Result<(EntryId, Vec<Notice>), Trouble> {
        let now = (self.clock)();
        let mut tail = Tail::lock(Folder::open(&self.state, FOLDER)?, pool, Month::of(now))?;
        let seq = self.seq.fetch_add(1, Ordering::Relaxed) + 1;
        let id = match id {
            Some(id) => id.clone(),
            None => EntryId(Raw::from(format!("{}-{seq}", self.session.id()))),
        };
        let line = Line {
            v: line::VERSION,
            session: self.session.id().to_owned(),
            seq,
            prev: tail.prev().clone(),
            id: id.0.as_str().to_owned(),
            time: line::time(now),
            program: self.program.to_owned(),
            repaired: tail.repaired(),
            body,
        };
        tail.append(&chain::seal_line(&line)?)?;
        Ok((id, tail.into_notices()))
    }
}

/// The name of one write, shared by its lines: `<session>-<seq>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EntryId(Raw);

impl EntryId {
    pub fn raw(&self) -> &Raw {
        &self.0
    }
}

/// What the three stages of a write have in common. Not `Clone`, because they must not be.
struct Entry {
    id: EntryId,
    intent: Arc<Intent>,
    notices: Vec<Notice>,
}

/// A write that is on disk and may be sent, once. Only [`Journal::record`] makes one; sending consumes it.
///
/// ```
/// use cognitui::journal::{Answer, Recorded, Sent};
/// use std::time::Duration;
///
/// fn send(recorded: Recorded, answer: Answer) -> Sent {
///     recorded.sent(answer, 1, Duration::ZERO)
/// }
/// ```
///
/// A second send of one decision does not compile:
///
/// ```compile_fail
/// use cognitui::journal::{Answer, Recorded, Sent};
/// use std::time::Duration;
///
/// fn send(recorded: Recorded, answer: Answer, again: Answer) -> (Sent, Sent) {
///     (recorded.sent(answer, 1, Duration::ZERO), recorded.sent(again, 1, Duration::ZERO))
/// }
/// ```
///
/// Nor does one from a copy:
///
/// ```compile_fail
/// fn copy(recorded: cognitui::journal::Recorded) -> (cognitui::journal::Recorded, cognitui::journal::Recorded) {
///     (recorded.clone(), recorded)
/// }
/// ```
///
/// Nor a write that was never journaled, since nothing else makes a `Recorded` out of an intent:
///
/// ```compile_fail
/// fn unjournaled(intent: cognitui::domain::Intent) -> cognitui::journal::Recorded {
///     cognitui::journal::Recorded::from(intent)
/// }
/// ```
pub struct Recorded {
    entry: Entry,
}

impl Recorded {
    pub fn id(&self) -> &EntryId {
        &self.entry.id
    }

    pub fn intent(&self) -> &Intent {
        &self.entry.intent
    }

    /// What was noticed while it was written, such as a repaired last line.
    pub fn notices(&self) -> &[Notice] {
        &self.entry.notices
    }

    /// Says how the call ended. `attempts` counts sends, those refused for rate included; `duration` runs from the first.
    pub fn sent(self, answer: Answer, attempts: u32, duration: Duration) -> Sent {
        Sent {
            entry: self.entry,
            answer,
            attempts,
            duration,
        }
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recorded({})", self.entry.id.0.as_str())
    }
}

/// A write that went out, with its answer still to be written down, once.
///
/// ```
/// use cognitui::journal::{Journal, Sent};
///
/// fn settle(journal: &Journal, sent: Sent) -> bool {
///     journal.settle(sent).is_ok()
/// }
/// ```
///
/// Settling twice does not compile:
///
/// ```compile_fail
/// use cognitui::journal::{Journal, Sent};
///
/// fn settle(journal: &Journal, sent: Sent) -> bool {
///     journal.settle(sent).is_ok() && journal.settle(sent).is_ok()
/// }
/// ```
pub struct Sent {
    entry: Entry,
    answer: Answer,
    attempts: u32,
    duration: Duration,
}

impl Sent {
    pub fn id(&self) -> &EntryId {
        &self.entry.id
    }

    pub fn intent(&self) -> &Intent {
        &self.entry.intent
    }

    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    pub fn duration(&self) -> Duration {
        self.duration
    }

    pub fn notices(&self) -> &[Notice] {
        &self.entry.notices
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sent({}, {:?})", self.entry.id.0.as_str(), self.answer)
    }
}

/// A write whose answer is on disk. What is true now can be added to it with [`Journal::seen`], more than once.
pub struct Settled {
    entry: Entry,
    answer: Answer,
}

impl Settled {
    pub fn id(&self) -> &EntryId {
        &self.entry.id
    }

    pub fn intent(&self) -> &Intent {
        &self.entry.intent
    }

    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Everything that was noticed from recording to settling.
    pub fn notices(&self) -> &[Notice] {
        &self.entry.notices
    }
}

impl fmt::Debug for Settled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settled({}, {:?})", self.entry.id.0.as_str(), self.answer)
    }
}

/// A write that went out and whose answer could not be written down.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct Unsettled {
    pub error: JournalError,
    pub sent: Sent,
}

/// How a call ended, as far as the answer alone tells. The read-back decides what became of the write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The service said yes, and reports these messages (none on the admin route, which reports nothing).
    Accepted {
        request_id: Option<Raw>,
        reported: Vec<CodeDelivery>,
    },
    /// The service said no, or it never left this machine: nothing changed.
    Refused(Fault),
    /// It may have been applied.
    Unknown(Fault),
}

/// Why a recorded write did not go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The operator stopped it before it was sent again.
    Stopped,
    /// Someone changed the user meanwhile.
    Changed(Vec<Drift>),
    /// The user could not be read again before the next send.
    Unread(Fault),
    /// Writing to the pool was switched off meanwhile.
    ReadOnly,
}
