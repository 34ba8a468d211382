//! What went wrong, as data: the service's own code and words, what that means here and what to do next.

use std::fmt;

use super::raw::Raw;

mod clock;
mod words;

pub use clock::ClockOff;
pub use words::{Access, Words, codes, is_throttle, words_for};

/// A request that did not end well. Debug prints the code and the message's length: a message can quote a value.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// The operation as the service names it: `AdminUpdateUserAttributes`.
    pub operation: &'static str,
    /// The service's code exactly as sent (`AliasExistsException`), or this program's name for a transport fault.
    pub code: Raw,
    /// The service's message exactly as sent but for secrets of the request, or what the transport said.
    pub message: Raw,
    pub request_id: Option<Raw>,
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// How far this machine's clock was from the one in the answer, where both could be compared.
    pub clock: Option<ClockOff>,
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Fault({} {:?}, message of {} bytes)",
            self.operation,
            self.code.as_str(),
            self.message.as_str().len()
        )
    }
}

/// What a fault means to the program: what it may conclude and what it offers next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The service answered with a code of its own; the words are looked up by the code.
    Service,
    /// TooManyRequestsException or Throttling: nothing was done; the same request may be sent later.
    Throttled,
    /// The service answered 5xx: for a write, it may have been applied.
    Server,
    /// No answer in time: for a write, it may have been applied.
    Timeout,
    /// The connection broke or the answer was cut: for a write, it may have been applied.
    Broken,
    /// The connection was never made (refused, name not found, TLS): nothing was sent.
    NoConnection,
    /// An answer came that could not be read: for a write, it may have been applied.
    Undecodable,
    /// No credentials were found; nothing was sent.
    NoCredentials,
    /// An SSO session has ended; nothing was sent.
    SsoExpired,
    /// Something here stopped it before it was sent: settings, journal, policy.
    Local,
}

impl FaultKind {
    /// Whether a write that ended so may have been applied.
    pub fn may_have_been_applied(self) -> bool {
        matches!(self, Self::Server | Self::Timeout | Self::Broken | Self::Undecodable)
    }
}
