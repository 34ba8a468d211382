//! One write as the journal tells it: what was decided, what the service answered, and what was read back.
//!
//! Lists, the screen, undo and the settling of what ended unknown all work on this, and never on lines of a file.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::attribute::{AttributeName, AttributeValue, Attributes, Contact};
use super::change::{Change, ChangeSet};
use super::deed::{Account, Deed};
use super::draft::{ClientMetadata, Edit};
use super::fault::Fault;
use super::intent::Operation;
use super::place::{Caller, Written};
use super::pool::PoolId;
use super::raw::Raw;
use super::route::{ClientId, Route};
use super::sign_in::Flow;
use super::user::{Source, User, UserStatus, Username};

pub mod filter;

pub use filter::Filter;

/// What the journal holds of a value.
#[derive(Clone, PartialEq, Eq)]
pub enum Kept {
    Value(Raw),
    /// There was one, and it was not kept, or was taken out. The digest tells equal values apart from others where they
    /// were hashed with the same key; else it tells nothing.
    Withheld {
        digest: Raw,
    },
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(value) => write!(f, "Value({} bytes)", value.as_str().len()),
            Self::Withheld { .. } => f.write_str("Withheld"),
        }
    }
}

impl Kept {
    pub fn value(&self) -> Option<&Raw> {
        match self {
            Self::Value(value) => Some(value),
            Self::Withheld { .. } => None,
        }
    }
}

/// What the journal keeps of values: the operator's choice, for each pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Values {
    /// Every value, so that a change can be taken back.
    #[default]
    Full,
    /// A digest with a key: equal values can be told from others by whoever has the key, and guessed by nobody else.
    Hashed,
    /// That there was a value.
    None,
}

/// What the journal keeps of the values of each pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptValues {
    pub general: Values,
    /// Pools with a choice of their own.
    pub own: BTreeMap<PoolId, Values>,
}

impl KeptValues {
    pub fn of(&self, pool: &PoolId) -> Values {
        self.own.get(pool).copied().unwrap_or(self.general)
    }
}

/// What the journal of one pool keeps, and for how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    pub values: Values,
    /// Months whose last line is older than this many days are removed. `None`: nothing is.
    pub days: Option<u32>,
}

/// One write, from its intent to the last reading after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// `<session>-<seq>`.
    pub id: Raw,
    /// The OS user whose file it stands in, where several share a folder; `None`: the operator's own.
    pub writer: Option<Raw>,
    /// When the intent was written.
    pub at: Timestamp,
    pub caller: Caller,
    pub place: Written,
    pub username: Kept,
    pub sub: Option<Kept>,
    /// Status and whether it was enabled, as read before.
    pub account: Option<(Raw, bool)>,
    /// The service's name of the call.
    pub operation: Raw,
    pub changes: Vec<EntryChange>,
    /// Verified flags that the call does not send though it changes their contacts, as they were before: the service
    /// resets them by itself, and taking the change back restores them. Empty in older lines, which do not tell.
    pub flags: Vec<(AttributeName, Option<Kept>)>,
    pub metadata_keys: Vec<Raw>,
    pub client: Option<Raw>,
    /// `email` or `phone_number`, where the call is about its code.
    pub contact: Option<Raw>,
    /// `RESEND`.
    pub message_action: Option<Raw>,
    pub reason: Option<Kept>,
    /// The entry that this one takes back.
    pub undoes: Option<Raw>,
    pub answer: Option<EntryAnswer>,
    /// In the order of the readings.
    pub seen: Vec<EntrySeen>,
    /// The console that wrote the intent is still open: without an answer it is under way, not unknown.
    pub running: bool,
}

/// One attribute of a write. `before` `None`: it was not set. `after` `None`: it is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryChange {
    pub name: AttributeName,
    pub before: Option<Kept>,
    pub after: Option<Kept>,
}

/// How the call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryAnswer {
    pub at: Timestamp,
    /// `accepted`, `refused`, `unknown` or `not sent`.
    pub word: Raw,
    /// For `not sent`: `stopped`, `changed`, `unread` or `read-only`.
    pub why: Option<Raw>,
    pub attempts: u32,
    pub took: Duration,
    pub request_id: Option<Raw>,
    pub reported: Vec<EntryDelivery>,
    pub fault: Option<EntryFault>,
}

/// One message that the service reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryDelivery {
    pub attribute: Option<Raw>,
    pub medium: Option<Raw>,
    pub destination: Option<Kept>,
}

/// What the service said against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryFault {
    pub operation: Raw,
    pub code: Raw,
    pub message: Kept,
    pub request_id: Option<Raw>,
}

/// A reading after the write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntrySeen {
    pub at: Timestamp,
    /// One of the six words of [`super::Outcome`].
    pub word: Raw,
    pub attributes: Vec<(AttributeName, Option<Kept>)>,
    pub account: Option<(Raw, bool)>,
    pub fault: Option<EntryFault>,
}

impl Entry {
    /// How it stands: one of the six words, or `running`.
    pub fn word(&self) -> &str {
        if let Some(seen) = self.seen.last() {
            return seen.word.as_str();
        }
        match self.answer.as_ref().map(|answer| answer.word.as_str()) {
            // Raised perhaps after the values were stored, which only a reading tells.
            Some("refused") if self.is_refused_late() => "unknown",
            Some("refused") => "refused",
            Some("not sent") => "not sent",
            // Accepted and never read back: what is true is not known.
            Some(_) => "unknown",
            None if self.running => "running",
            None => "unknown",
        }
    }

    fn is_refused_late(&self) -> bool {
        let fault = self.answer.as_ref().and_then(|answer| answer.fault.as_ref());
        fault.is_some_and(|fault| Fault::is_late_code(fault.operation.as_str(), fault.code.as_str()))
    }

    /// Nobody knows what became of it, and nobody is finding out.
    pub fn is_unknown(&self) -> bool {
        self.word() == "unknown" && !self.running
    }

    /// The step on the account that it was, where it changed no attributes.
    pub fn deed(&self) -> Option<Deed> {
        let contact = || {
            let name = self.contact.as_ref()?;
            Contact::ALL.into_iter().find(|contact| contact.name() == name.as_str())
        };
        match self.operation.as_str() {
            "AdminConfirmSignUp" => Some(Deed::Account(Account::ConfirmSignUp)),
            "AdminCreateUser" => Some(Deed::Account(Account::ResendInvitation)),
            "AdminResetUserPassword" => Some(Deed::Account(Account::ResetPassword)),
            "AdminEnableUser" => Some(Deed::Account(Account::Enable)),
            "AdminDisableUser" => Some(Deed::Account(Account::Disable)),
            "ResendConfirmationCode" => Some(Deed::ResendCode),
            "GetUserAttributeVerificationCode" => contact().map(Deed::SendCode),
            "VerifyUserAttribute" => contact().map(Deed::VerifyCode),
            _ => None,
        }
    }

    /// A sign-in that set a new password, with or without attributes beside it.
    pub fn sets_password(&self) -> bool {
        self.password_flow().is_some()
    }

    fn password_flow(&self) -> Option<Flow> {
        [Flow::UserPassword, Flow::AdminPassword]
            .into_iter()
            .find(|flow| flow.answering() == self.operation.as_str())
    }

    /// The value of an attribute in the last reading that was possible. The outer `None`: no reading tells.
    pub fn last_seen(&self, name: &AttributeName) -> Option<Option<&Kept>> {
        self.seen
            .iter()
            .rev()
            .find_map(|seen| seen.attributes.iter().find(|(other, _)| other == name))
            .map(|(_, value)| value.as_ref())
    }

    /// The decision once more, as far as the entry holds it: for settling what ended unknown, never for sending.
    /// `None`: the username or a value was not kept, or it changes no attributes.
    pub fn changes_as_operation(&self) -> Option<Operation> {
        let username = Username::new(self.username.value()?.as_str());
        let kept = |kept: &Option<Kept>| match kept {
            None => Some(None),
            Some(kept) => kept.value().map(|value| Some(AttributeValue::new(value.as_str()))),
        };
        let mut attributes = Attributes::default();
        if let Some(sub) = self.sub.as_ref().and_then(Kept::value) {
            attributes.insert(AttributeName::new("sub"), AttributeValue::new(sub.as_str()));
        }
        let mut changes = Vec::new();
        for change in &self.changes {
            let before = kept(&change.before)?;
            let edit = kept(&change.after)?.map_or(Edit::Delete, Edit::Set);
            if let Some(before) = &before {
                attributes.insert(change.name.clone(), before.clone());
            }
            changes.push(Change {
                name: change.name.clone(),
                before,
                edit,
            });
        }
        let route = match self.operation.as_str() {
            "AdminUpdateUserAttributes" => Route::Admin,
            "UpdateUserAttributes" | "DeleteUserAttributes" => Route::Own,
            _ => return None,
        };
        Some(Operation::update(ChangeSet::new(
            Arc::new(self.base(username, attributes)),
            route,
            changes,
            ClientMetadata::default(),
        )))
    }

    /// As [`Self::changes_as_operation`], for the steps on an account as well. `username`: who it is, where the entry
    /// itself keeps the sub alone. A code that was entered leaves too little here to be told by a reading.
    pub fn as_operation(&self, username: &Username) -> Option<Operation> {
        let user = || Arc::new(self.base(username.clone(), Attributes::default()));
        if let Some(flow) = self.password_flow() {
            let value = |change: &EntryChange| {
                let value = change.after.as_ref()?.value()?;
                Some((change.name.clone(), AttributeValue::new(value.as_str())))
            };
            return self.account.is_some().then_some(Operation::NewPassword {
                user: user(),
                flow,
                client: ClientId::new(self.client.as_ref()?.as_str()),
                values: self.changes.iter().filter_map(value).collect(),
            });
        }
        match self.deed() {
            None => self.changes_as_operation(),
            Some(Deed::Account(account)) => self
                .account
                .is_some()
                .then(|| Operation::Account { user: user(), account }),
            Some(Deed::ResendCode) => Some(Operation::ResendCode {
                user: user(),
                client: ClientId::new(self.client.as_ref()?.as_str()),
            }),
            Some(Deed::SendCode(contact)) => Some(Operation::SendCode {
                user: user(),
                contact,
                metadata: ClientMetadata::default(),
            }),
            Some(Deed::VerifyCode(_)) => None,
        }
    }

    fn base(&self, username: Username, attributes: Attributes) -> User {
        User {
            username,
            attributes,
            status: self
                .account
                .as_ref()
                .map_or(UserStatus::NotTold, |(status, _)| UserStatus::parse(status.as_str())),
            enabled: self.account.as_ref().is_none_or(|(_, enabled)| *enabled),
            created: None,
            changed: None,
            source: Source::List,
            read_at: self.at,
        }
    }
}
