//! What became of a write, in six words that the screen, the journal and scripts share.

use std::fmt;

use super::attribute::{AttributeName, AttributeValue};
use super::fault::Fault;

/// One attribute that is not what it was expected to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    pub name: AttributeName,
    /// As it was when the form was opened (or what was sent, for `Differs`).
    pub expected: Option<AttributeValue>,
    /// As it is now.
    pub now: Option<AttributeValue>,
}

/// What became of a write. Every write ends in exactly one of these.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Read back and true.
    Applied,
    /// Accepted; the old value is in force until a code is entered.
    Waiting,
    /// The service said no; nothing changed.
    Refused(Fault),
    /// Someone changed it meanwhile; nothing went out.
    NotSent(Vec<Drift>),
    /// Sent, and another value is there now.
    Differs(Vec<Drift>),
    /// It may have been applied.
    Unknown(Fault),
}

impl Outcome {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Waiting => "waiting",
            Self::Refused(_) => "refused",
            Self::NotSent(_) => "not sent",
            Self::Differs(_) => "differs",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
