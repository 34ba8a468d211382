//! What people would have got: codes, links and invitations. The service tells nobody that it sent something after
//! AdminUpdateUserAttributes (the response is empty), so tests look here.

use std::collections::VecDeque;
use std::fmt;

use jiff::Timestamp;

use super::format::{masked_email, masked_phone};

const KEPT: usize = 4096;

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// To an e-mail address.
    Email,
    /// To a phone number.
    Sms,
}

/// Why a message was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// A changed address is to be confirmed.
    Verification,
    /// A new user is invited with a temporary password.
    Invitation,
}

/// One message.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// E-mail or text message.
    pub medium: Medium,
    /// The address or number in full.
    pub destination: String,
    /// `email` or `phone_number`.
    pub attribute: String,
    /// Why it was sent.
    pub occasion: Occasion,
    /// Six digits; none when a link or an invitation was sent.
    pub code: Option<String>,
    /// True when the message holds a link instead of a code.
    pub link: bool,
    /// The pool's id.
    pub pool: String,
    /// The user's Username.
    pub user: String,
    /// When it was sent.
    pub at: Timestamp,
}

impl Message {
    /// The destination as the service's own responses show it: `a***@e***`, `+*******9934`.
    pub fn masked(&self) -> String {
        match self.medium {
            Medium::Email => masked_email(&self.destination),
            Medium::Sms => masked_phone(&self.destination),
        }
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("medium", &self.medium)
            .field("attribute", &self.attribute)
            .field("occasion", &self.occasion)
            .field("destination_bytes", &self.destination.len())
            .finish_non_exhaustive()
    }
}

/// The last messages.
#[derive(Default)]
pub(crate) struct Outbox(VecDeque<Message>);

impl Outbox {
    pub(crate) fn send(&mut self, message: Message) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(message);
    }

    pub(crate) fn messages(&self) -> Vec<Message> {
        self.0.iter().cloned().collect()
    }
}
