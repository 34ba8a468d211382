//! What an edit will cause, in words, before anything is sent: drawn from the pool's settings, the user's status and
//! second factors, and what the edit itself says.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::attribute::{AttributeName, AttributeValue, Contact};
use super::change::ChangeSet;
use super::draft::{ClientMetadata, Draft, Edit, Vouch};
use super::pool::{Pool, ProviderMapping};
use super::sentence::Sentence;
use super::user::{User, Username};

/// A fact that may not be readable, so that "not known" is said instead of guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known<T> {
    Known(T),
    /// With the reason, in words that follow "not known: ".
    NotKnown(Sentence),
    /// The question is out.
    Asking,
}

/// One user that has a contact which another is to get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub username: Username,
    pub verified: bool,
}

/// Who else has an address or number, from ListUsers, which may lag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    NobodyFound { asked_at: Timestamp },
    /// Never empty.
    Users { holders: Vec<Holder>, asked_at: Timestamp },
}

/// A change of a contact that the service accepted and that was not seen applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingChange {
    pub contact: Contact,
    pub accepted_at: Timestamp,
}

/// What is to be sent: still a draft in the form, or the finished set under review.
#[derive(Clone, Copy, Debug)]
pub enum Changes<'a> {
    Draft(&'a Draft),
    Set(&'a ChangeSet),
}

impl<'a> Changes<'a> {
    pub fn get(self, name: &AttributeName) -> Option<&'a Edit> {
        match self {
            Self::Draft(draft) => draft.edit(name),
            Self::Set(set) => set.get(name).map(|change| &change.edit),
        }
    }

    pub fn vouch(self, contact: Contact) -> Option<Vouch> {
        match self {
            Self::Draft(draft) => draft.vouch(contact),
            Self::Set(set) => Some(set.vouch(contact)),
        }
    }

    pub fn metadata(self) -> &'a ClientMetadata {
        match self {
            Self::Draft(draft) => &draft.metadata,
            Self::Set(set) => set.metadata(),
        }
    }
}

/// Everything a consequence may be drawn from.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    pub pool: Known<&'a Pool>,
    /// The reading the edits were made from.
    pub user: &'a User,
    pub changes: Changes<'a>,
    /// What the pool's identity providers rewrite.
    pub mappings: Known<&'a [ProviderMapping]>,
    /// Who has a changed contact now. A contact that is absent was not asked about.
    pub owners: BTreeMap<Contact, Known<Owner>>,
    pub waiting: &'a [WaitingChange],
    /// The zone that times are told in.
    pub zone: &'a TimeZone,
}

/// How much a consequence asks for attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Note,
    Warn,
}

/// One fact of "What will happen". Neighbours may share a topic: the label is drawn once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    pub topic: &'static str,
    pub weight: Weight,
    pub lines: Sentence,
}

/// How a new contact is verified by message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Code,
    Link,
}

/// A message that a change is expected to cause; never one that is known to have arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    Expected { contact: Contact, form: Form, to: AttributeValue },
    None,
    /// The pool's settings could not be read.
    NotKnown,
}

/// What an unknown write turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    /// With `Applied` or `Waiting`.
    AppliedAfterAll(super::Outcome),
    NotAppliedSoFar,
    StillUnknown,
}

pub fn consequences(context: &Context<'_>) -> Vec<Consequence> {
    let _ = context;
    Vec::new()
}

pub fn expected_delivery(pool: &Known<&Pool>, changes: Changes<'_>, contact: Contact) -> Delivery {
    let _ = (pool, changes, contact);
    Delivery::NotKnown
}

pub fn pool_line(pool: &Known<&Pool>, contact: Contact) -> Sentence {
    let _ = (pool, contact);
    Sentence::new()
}

/// Users that lose an alias to this change: Review asks for the username then.
pub fn takes_alias(context: &Context<'_>) -> Vec<Username> {
    let _ = context;
    Vec::new()
}

pub fn classify_read_back(changes: &ChangeSet, pool: Option<&Pool>, now: &User) -> super::Outcome {
    let _ = (changes, pool, now);
    super::Outcome::Applied
}

pub fn settle_unknown(changes: &ChangeSet, pool: Option<&Pool>, now: &User) -> Settled {
    let _ = (changes, pool, now);
    Settled::StillUnknown
}
