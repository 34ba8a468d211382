//! The session between the steps of one sign-in: opaque, for one user and one app client, good for three minutes and
//! for one successful answer. Source: API reference, CreateUserPoolClient, AuthSessionValidity (three minutes unless
//! the client says otherwise) and InitiateAuth, Session.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::super::wire::Refusal;
use super::{Entrant, refuse};

const LIFE: SignedDuration = SignedDuration::from_mins(3);
/// How long an old session is remembered, so that it is refused in the right words.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// What the user is asked for next.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Step {
    NewPassword,
    /// One of several second factors.
    Choice(Vec<Factor>),
    /// The code of a second factor.
    Code(Factor, String),
    /// A challenge that the emulator poses and cannot take an answer to.
    Other(String),
}

/// A second factor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Factor {
    Sms,
    Email,
    App,
}

impl Factor {
    pub(super) const ALL: [Factor; 3] = [Factor::Sms, Factor::Email, Factor::App];

    /// Its name as a challenge and in UserMFASettingList.
    pub(super) fn name(self) -> &'static str {
        match self {
            Factor::Sms => "SMS_MFA",
            Factor::Email => "EMAIL_OTP",
            Factor::App => "SOFTWARE_TOKEN_MFA",
        }
    }

    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.name() == name)
    }
}

impl Step {
    /// ChallengeName.
    pub(super) fn name(&self) -> &str {
        match self {
            Step::NewPassword => "NEW_PASSWORD_REQUIRED",
            Step::Choice(_) => "SELECT_MFA_TYPE",
            Step::Code(factor, _) => factor.name(),
            Step::Other(name) => name,
        }
    }
}

struct Session {
    pool: usize,
    user: u64,
    client: String,
    step: Step,
    at: Timestamp,
    used: bool,
}

/// The sign-ins under way.
#[derive(Default)]
pub(crate) struct SignIns {
    sessions: BTreeMap<String, Session>,
    count: u64,
    /// Challenges that coming sign-ins answer with, instead of what they would have.
    pub(crate) demanded: VecDeque<String>,
}

impl SignIns {
    /// Opens a session that waits for this step.
    pub(super) fn open(&mut self, entrant: &Entrant, step: Step) -> String {
        let now = entrant.now;
        self.sessions
            .retain(|_, session| now.duration_since(session.at) <= REMEMBERED);
        self.count += 1;
        let token = opaque(self.count);
        let session = Session {
            pool: entrant.pool,
            user: entrant.at,
            client: entrant.client.id.clone(),
            step,
            at: now,
            used: false,
        };
        self.sessions.insert(token.clone(), session);
        token
    }

    /// Who the session is of and what it waits for. It stays open: a wrong answer can be followed by a right one
    /// (undocumented), an accepted one is followed by [`SignIns::close`].
    pub(super) fn look(&self, token: &str, pool: usize, client: &str, now: Timestamp) -> Result<(u64, Step), Refusal> {
        let session = self
            .sessions
            .get(token)
            .filter(|session| session.pool == pool && session.client == client)
            .ok_or_else(|| refuse("Invalid session for the user."))?;
        if session.used {
            // github.com/aws-amplify/amplify-js/issues/13123.
            return Err(refuse("Invalid session for the user, session can only be used once."));
        }
        if now.duration_since(session.at) >= LIFE {
            return Err(refuse("Invalid session for the user, session is expired."));
        }
        Ok((session.user, session.step.clone()))
    }

    pub(super) fn close(&mut self, token: &str) {
        if let Some(session) = self.sessions.get_mut(token) {
            session.used = true;
        }
    }
}

/// A long text that says nothing, as the service's sessions are.
fn opaque(number: u64) -> String {
    (0..8_u8)
        .flat_map(|block| {
            Sha256::new()
                .chain_update(b"session")
                .chain_update([block])
                .chain_update(number.to_le_bytes())
                .finalize()
        })
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
