//! The stages of a write as types: recorded, sent, settled. Their order is the one thing about the journal that nothing
//! else can get wrong.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::{CodeDelivery, Drift, Fault, Intent, Raw};

use super::error::{JournalError, Notice};

/// The name of one write, shared by its lines: `<session>-<seq>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EntryId(pub(super) Raw);

impl EntryId {
    pub fn raw(&self) -> &Raw {
        &self.0
    }
}

/// What the three stages of a write have in common. Not `Clone`, because they must not be.
pub(super) struct Write {
    pub(super) id: EntryId,
    pub(super) intent: Arc<Intent>,
    pub(super) notices: Vec<Notice>,
}

/// A write that is on disk and may be sent, once. Only [`super::Journal::record`] makes one; sending consumes it.
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
    pub(super) write: Write,
}

impl Recorded {
    pub fn id(&self) -> &EntryId {
        &self.write.id
    }

    pub fn intent(&self) -> &Intent {
        &self.write.intent
    }

    /// What was noticed while it was written, such as a repaired last line.
    pub fn notices(&self) -> &[Notice] {
        &self.write.notices
    }

    /// Says how the call ended. `attempts` counts sends, those refused for rate included; `duration` runs from the first.
    pub fn sent(self, answer: Answer, attempts: u32, duration: Duration) -> Sent {
        Sent {
            write: self.write,
            answer,
            attempts,
            duration,
        }
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recorded({})", self.write.id.0.as_str())
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
    pub(super) write: Write,
    pub(super) answer: Answer,
    pub(super) attempts: u32,
    pub(super) duration: Duration,
}

impl Sent {
    pub fn id(&self) -> &EntryId {
        &self.write.id
    }

    pub fn intent(&self) -> &Intent {
        &self.write.intent
    }

    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    pub fn duration(&self) -> Duration {
        self.duration
    }

    pub fn notices(&self) -> &[Notice] {
        &self.write.notices
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sent({}, {:?})", self.write.id.0.as_str(), self.answer)
    }
}

/// A write whose answer is on disk. What is true now can be added to it with [`super::Journal::seen`], more than once.
pub struct Settled {
    pub(super) write: Write,
    pub(super) answer: Answer,
}

impl Settled {
    pub fn id(&self) -> &EntryId {
        &self.write.id
    }

    pub fn intent(&self) -> &Intent {
        &self.write.intent
    }

    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Everything that was noticed from recording to settling.
    pub fn notices(&self) -> &[Notice] {
        &self.write.notices
    }
}

impl fmt::Debug for Settled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settled({}, {:?})", self.write.id.0.as_str(), self.answer)
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
