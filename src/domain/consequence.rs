//! What an edit will cause, in words, before anything is sent: drawn from the pool's settings, the user's status and
//! second factors, and what the edit itself says.
//!
//! Each fact is one rule, a function from a [`Context`] to lines; `RULES` is their order on the screen. A message is
//! only ever *expected* here: what the service sent it alone can report, and it does so on the own route only. Sources:
//! Cognito API reference, AdminUpdateUserAttributes, UpdateUserAttributes and DeleteUserAttributes; Cognito developer
//! guide, "Verifying updates to email addresses and phone numbers" and "Customizing sign-in attributes"; what it does to
//! aliases: github.com/boto/boto3#3213, github.com/aws/aws-sdk-net#4387.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::attribute::{AttributeName, AttributeValue, Contact};
use super::change::ChangeSet;
use super::draft::{ClientMetadata, Draft, Edit, Vouch};
use super::entry::Values;
use super::pool::{Pool, ProviderMapping, VerificationKind};
use super::route::{AppClient, Route};
use super::schema::Problem;
use super::sentence::Sentence;
use super::user::{User, Username};
use crate::say;

mod account;
mod contact;
mod deed;
mod delivery;
mod message;
mod owner;
mod request;
mod settle;
#[cfg(test)]
mod tests;

pub use deed::{CODES_AN_HOUR, DeedContext, deed_message, fitting, refused_beforehand};
pub use delivery::{Delivery, Form, expected_delivery, pool_line, vouch_words};
pub use message::message_notes;
pub use owner::takes_alias;
pub use request::providers_of;
pub use settle::{Expectation, Settled, classify, expected_after, hidden, settle_unknown, unexpected_flags};

/// A fact that may not be readable, so that "not known" is said instead of guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known<T> {
    Known(T),
    /// With the reason, in words that follow "not known: ".
    NotKnown(Sentence),
    /// The question is out.
    Asking,
}

impl<T> Known<T> {
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::NotKnown(_) | Self::Asking => None,
        }
    }
}

/// One other user that has a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub username: Username,
    pub verified: bool,
}

/// Who else has an address or number, from ListUsers, which may lag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    NobodyFound {
        asked_at: Timestamp,
    },
    /// Never empty.
    Users {
        holders: Vec<Holder>,
        asked_at: Timestamp,
    },
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

    /// The names that change.
    pub fn names(self) -> Vec<&'a AttributeName> {
        match self {
            Self::Draft(draft) => draft.edits().keys().collect(),
            Self::Set(set) => set.changes().iter().map(|change| &change.name).collect(),
        }
    }

    /// What was chosen about verifying a contact. `None`: nothing yet, which a finished set does not know.
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

    /// Whose call carries them.
    pub fn route(self) -> Route {
        match self {
            Self::Draft(draft) => draft.route(),
            Self::Set(set) => set.route(),
        }
    }

    /// Whether DeleteUserAttributes carries them: a user's own call with nothing but deletions.
    fn are_own_deletions(self) -> bool {
        let deleted = |name: &AttributeName| matches!(self.get(name), Some(Edit::Delete));
        let names = self.names();
        self.route() == Route::Own && !names.is_empty() && names.into_iter().all(deleted)
    }

    /// Whether it is settled what becomes of a contact: under review, or once somebody chose. A form in which nothing
    /// was chosen yet says that first.
    fn is_chosen(self, contact: Contact) -> bool {
        matches!(self, Self::Set(_)) || self.vouch(contact).is_some()
    }
}

/// Everything a consequence may be drawn from.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    pub pool: Known<&'a Pool>,
    /// The reading the edits were made from.
    pub user: &'a User,
    pub changes: Changes<'a>,
    /// The app client of the token, on the own route: it decides what may be written. Of no account on the other.
    pub client: Known<&'a AppClient>,
    /// What the pool's identity providers rewrite.
    pub mappings: Known<&'a [ProviderMapping]>,
    /// Who has a changed contact now. A contact that is absent was not asked about.
    pub owners: BTreeMap<Contact, Known<Owner>>,
    /// Earlier changes of this user that still wait.
    pub waiting: &'a [WaitingChange],
    /// What the journal keeps of values: without them nothing can be put back.
    pub kept: Values,
    /// The zone that times are told in.
    pub zone: &'a TimeZone,
}

/// How much a consequence asks for attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Note,
    Warn,
}

/// One fact of "What will happen". Neighbours may share a topic: its label is drawn once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    pub topic: &'static str,
    pub weight: Weight,
    pub lines: Sentence,
}

impl Consequence {
    fn note(topic: &'static str, lines: impl Into<Sentence>) -> Self {
        Self {
            topic,
            weight: Weight::Note,
            lines: lines.into(),
        }
    }

    fn warn(topic: &'static str, lines: impl Into<Sentence>) -> Self {
        Self {
            topic,
            weight: Weight::Warn,
            lines: lines.into(),
        }
    }
}

type Rule = fn(&Context<'_>) -> Vec<Consequence>;

/// The rules in the order of the screen: first what happens to the contact, then who else it concerns, then what the
/// account makes of it.
const RULES: &[Rule] = &[
    request::pool_not_known,
    request::client_not_known,
    request::values_alone,
    contact::contacts,
    owner::owners,
    account::second_factors,
    account::everything_new,
    account::no_recovery_left,
    account::status,
    account::disabled,
    request::identity_providers,
    request::preferred_username,
    request::client_metadata,
    message::messages,
    request::kept_values,
];

/// Everything the changes will cause, as far as it can be known, in the order of the screen.
pub fn consequences(context: &Context<'_>) -> Vec<Consequence> {
    RULES.iter().flat_map(|rule| rule(context)).collect()
}

/// The last line of the form while something stands in the way: what keeps review shut.
pub fn problem_line(problems: &[(AttributeName, Problem)]) -> Option<Consequence> {
    let (name, problem) = problems.first()?;
    let count = match problems.len() {
        1 => "1 problem".to_owned(),
        more => format!("{more} problems"),
    };
    let opens = say!(own count, ": review opens when ", name name.raw());
    let lines = match problem {
        Problem::RequiredMissing => opens.words(" has a value"),
        _ => opens.words(" is mended or put back"),
    };
    let lines = match problems.len() {
        1 => lines,
        more => lines.words(format!(", and {} more", more - 1)),
    };
    Some(Consequence::warn("!", lines))
}

/// What the changes do to one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move<'a> {
    Untouched,
    New {
        value: &'a AttributeValue,
        takes_effect: Effect,
    },
    Deleted,
    /// Only the verified mark changes, to this.
    Marked(bool),
}

/// When a new contact counts, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// Nothing was chosen about its verified mark yet.
    NotChosen,
    /// Because somebody vouches for it, whatever the pool does otherwise.
    AtOnceVerified,
    /// `message`: the pool is expected to send a code or link.
    AtOnceUnverified { message: bool },
    /// When its code is entered; the old one counts until then.
    WithItsCode,
    /// The pool's settings decide, and they are not known.
    NotKnown,
}

impl<'a> Context<'a> {
    fn pool(&self) -> Option<&'a Pool> {
        self.pool.get().copied()
    }

    fn is_own(&self) -> bool {
        self.changes.route() == Route::Own
    }

    fn movement(&self, contact: Contact) -> Move<'a> {
        match (
            self.changes.get(&contact.attribute()),
            self.changes.get(&contact.flag()),
        ) {
            (Some(Edit::Delete), _) => Move::Deleted,
            (Some(Edit::Set(value)), _) => Move::New {
                value,
                takes_effect: effect(self.pool(), self.changes.vouch(contact), contact),
            },
            (None, Some(Edit::Set(mark))) => Move::Marked(mark.is_true()),
            (None, Some(Edit::Delete)) => Move::Marked(false),
            (None, None) => Move::Untouched,
        }
    }

    /// Whether these changes make a contact count as verified because somebody vouches for it. Nobody can on the own
    /// route.
    fn is_vouched_for(&self, contact: Contact) -> bool {
        match self.movement(contact) {
            _ if self.is_own() => false,
            Move::New { takes_effect, .. } => takes_effect == Effect::AtOnceVerified,
            Move::Marked(mark) => mark && self.user.contact(contact).is_some(),
            Move::Deleted | Move::Untouched => false,
        }
    }

    fn moves_a_contact(&self) -> bool {
        Contact::ALL
            .into_iter()
            .any(|contact| !matches!(self.movement(contact), Move::Untouched))
    }

    /// A time of day, with its date where that is not the day of the reading.
    fn clock(&self, at: Timestamp, format: &str) -> String {
        let then = at.to_zoned(self.zone.clone());
        let read = self.user.read_at.to_zoned(self.zone.clone());
        if then.date() == read.date() {
            then.strftime(format).to_string()
        } else {
            then.strftime(&format!("%Y-%m-%d {format}")).to_string()
        }
    }
}

fn effect(pool: Option<&Pool>, vouch: Option<Vouch>, contact: Contact) -> Effect {
    match (vouch, pool.map(|pool| pool.verification(contact))) {
        (None, _) => Effect::NotChosen,
        (Some(Vouch::Checked), _) => Effect::AtOnceVerified,
        (Some(_), Some(VerificationKind::None)) => Effect::AtOnceUnverified { message: false },
        (Some(_), Some(VerificationKind::AfterUpdate)) => Effect::AtOnceUnverified { message: true },
        (Some(_), Some(VerificationKind::BeforeUpdate)) => Effect::WithItsCode,
        (Some(_), None) => Effect::NotKnown,
    }
}

/// The label of a contact's lines.
fn topic(contact: Contact) -> &'static str {
    match contact {
        Contact::Email => "email",
        Contact::PhoneNumber => "phone",
    }
}
