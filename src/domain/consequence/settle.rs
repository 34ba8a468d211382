//! What a write turned out to be, judged by reading back: the admin call answers nothing, and a call that ended
//! without an answer may still have been carried out.

use std::collections::BTreeMap;

use super::{Effect, effect};
use crate::domain::attribute::{AttributeName, AttributeValue, Contact};
use crate::domain::change::{Change, ChangeSet};
use crate::domain::deed::Account;
use crate::domain::delivery::CodeDelivery;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::intent::Operation;
use crate::domain::outcome::{Drift, Outcome};
use crate::domain::pool::Pool;
use crate::domain::route::{AppClient, Route};
use crate::domain::sentence::Sentence;
use crate::domain::user::User;
use crate::say;

/// What a reading should show after an accepted change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Values that show at once, verified flags that the service resets by itself among them. `None`: not set.
    pub at_once: BTreeMap<AttributeName, Option<AttributeValue>>,
    /// Contacts whose new value waits for its code, or may, because the pool's settings are not known.
    pub may_wait: Vec<Contact>,
}

/// What a reading should show after `changes`. Without the pool's settings a contact nobody vouches for may wait.
pub fn expected_after(changes: &ChangeSet, pool: Option<&Pool>) -> Expectation {
    let may_wait = may_wait(changes, pool);
    let mut at_once = BTreeMap::new();
    for change in changes.changes() {
        if !waits(&may_wait, &change.name) {
            at_once.insert(change.name.clone(), change.edit.value().cloned());
        }
    }
    for contact in Contact::ALL {
        if let Some(flag) = reset_flag(changes, pool, contact) {
            at_once.entry(contact.flag()).or_insert(flag);
        }
    }
    Expectation { at_once, may_wait }
}

fn may_wait(changes: &ChangeSet, pool: Option<&Pool>) -> Vec<Contact> {
    Contact::ALL
        .into_iter()
        .filter(|contact| changes.new_contact(*contact).is_some())
        .filter(|contact| {
            matches!(
                effect(pool, Some(changes.vouch(*contact)), *contact),
                Effect::WithItsCode | Effect::NotKnown
            )
        })
        .collect()
}

/// Whether this attribute, or the flag of it, is held back with its contact.
fn waits(may_wait: &[Contact], name: &AttributeName) -> bool {
    name.contact()
        .or_else(|| name.verifies())
        .is_some_and(|contact| may_wait.contains(&contact))
}

/// What the service makes of a flag that is not sent: a contact that changes at once is unverified, a deleted one has
/// no flag.
fn reset_flag(changes: &ChangeSet, pool: Option<&Pool>, contact: Contact) -> Option<Option<AttributeValue>> {
    if changes.get(&contact.flag()).is_some() {
        return None;
    }
    match changes.get(&contact.attribute())?.edit.value() {
        None => Some(None),
        Some(_) => match effect(pool, Some(changes.vouch(contact)), contact) {
            Effect::AtOnceUnverified { .. } => Some(Some(AttributeValue::new("false"))),
            _ => None,
        },
    }
}

/// An absent flag means the same as one that says false; everything else is compared byte for byte.
fn same(name: &AttributeName, left: Option<&AttributeValue>, right: Option<&AttributeValue>) -> bool {
    if name.verifies().is_some() {
        let is_true = |value: Option<&AttributeValue>| value.is_some_and(AttributeValue::is_true);
        is_true(left) == is_true(right)
    } else {
        left == right
    }
}

/// How one attribute of a change reads now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// As sent.
    New,
    /// As before.
    Old,
    /// As before, and that says nothing: it waits for its code, or the change sent the value it had.
    Silent,
    /// Neither.
    Other,
}

fn reads(change: &Change, may_wait: &[Contact], now: &User) -> Reads {
    let name = &change.name;
    let value = now.get(name);
    let is_new = same(name, value, change.edit.value());
    let is_old = same(name, value, change.before.as_ref());
    match (is_new, is_old) {
        (true, true) => Reads::Silent,
        // A flag beside a contact that waits is not judged: which value it shows meanwhile is not documented.
        _ if name.verifies().is_some() && waits(may_wait, name) => Reads::Silent,
        (true, false) => Reads::New,
        (false, true) if waits(may_wait, name) => Reads::Silent,
        (false, true) => Reads::Old,
        (false, false) => Reads::Other,
    }
}

/// What became of a write that the service accepted: `Applied`, `Waiting` or `Differs`. Judged on what was sent; see
/// [`unexpected_flags`] for what the service should have done by itself. `reported`: the messages it says it sent. A
/// contact with one of them may wait for its code, whatever is known of the pool.
pub fn classify(operation: &Operation, pool: Option<&Pool>, reported: &[CodeDelivery], now: &User) -> Outcome {
    match operation {
        Operation::AdminUpdate(changes) | Operation::OwnUpdate(changes) | Operation::OwnDelete(changes) => {
            let mut may_wait = may_wait(changes, pool);
            may_wait.extend(reported.iter().filter_map(CodeDelivery::contact));
            classify_changes(changes, &may_wait, now)
        }
        Operation::Account { account, .. } => match account.missing(now) {
            None => Outcome::Applied,
            Some(drift) => Outcome::Differs(vec![drift]),
        },
        // The code is out; what it is for happens when somebody enters it.
        Operation::ResendCode { .. } | Operation::NewPassword { .. } => match Account::ConfirmSignUp.missing(now) {
            None => Outcome::Applied,
            Some(_) => Outcome::Waiting,
        },
        Operation::SendCode { .. } => Outcome::Waiting,
        Operation::VerifyCode { contact, pending, .. } => {
            let drifts = not_verified(*contact, pending.as_ref(), now);
            if drifts.is_empty() {
                Outcome::Applied
            } else {
                Outcome::Differs(drifts)
            }
        }
    }
}

/// What was sent, accepted and is not shown, where the token's app client need not be shown it: such a reading tells
/// neither that it differs nor that it was applied. Empty where the outcome rests on something that was read. An app
/// client whose settings are not known may be one that reads nothing of it.
pub fn hidden<'a>(outcome: &'a Outcome, operation: &Operation, client: Option<&AppClient>) -> Vec<&'a AttributeName> {
    let Outcome::Differs(drifts) = outcome else {
        return Vec::new();
    };
    let is_hidden = |drift: &Drift| drift.now.is_none() && client.is_none_or(|client| !client.may_read(&drift.name));
    if operation.route() == Route::Own && drifts.iter().all(is_hidden) {
        drifts.iter().map(|drift| &drift.name).collect()
    } else {
        Vec::new()
    }
}

/// What a verified contact should show and does not: its flag, and the value that waited, where that is known.
fn not_verified(contact: Contact, pending: Option<&AttributeValue>, now: &User) -> Vec<Drift> {
    let value = pending.map(|value| (contact.attribute(), value.clone()));
    let flag = (contact.flag(), AttributeValue::new("true"));
    value
        .into_iter()
        .chain([flag])
        .filter(|(name, expected)| !same(name, Some(expected), now.get(name)))
        .map(|(name, expected)| Drift {
            now: now.get(&name).cloned(),
            expected: Some(expected),
            name,
        })
        .collect()
}

fn classify_changes(changes: &ChangeSet, may_wait: &[Contact], now: &User) -> Outcome {
    let mut drifts = Vec::new();
    let mut waiting = false;
    for change in changes.changes() {
        let read = reads(change, may_wait, now);
        match read {
            Reads::New => {}
            Reads::Silent => {
                let held = change.name.contact().is_some_and(|contact| may_wait.contains(&contact));
                waiting |= held && !same(&change.name, now.get(&change.name), change.edit.value());
            }
            Reads::Old | Reads::Other => drifts.push(Drift {
                name: change.name.clone(),
                expected: change.edit.value().cloned(),
                now: now.get(&change.name).cloned(),
            }),
        }
    }
    match (drifts.is_empty(), waiting) {
        (false, _) => Outcome::Differs(drifts),
        (true, true) => Outcome::Waiting,
        (true, false) => Outcome::Applied,
    }
}

/// Verified flags that were not sent and are not what the service should have made of them: worth a line, no failure
/// of the write.
pub fn unexpected_flags(changes: &ChangeSet, pool: Option<&Pool>, now: &User) -> Vec<Drift> {
    Contact::ALL
        .into_iter()
        .filter_map(|contact| {
            let expected = reset_flag(changes, pool, contact)?;
            let flag = contact.flag();
            let found = now.get(&flag);
            (!same(&flag, found, expected.as_ref())).then(|| Drift {
                name: flag,
                expected,
                now: found.cloned(),
            })
        })
        .collect()
}

/// What a write that ended unknown turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    /// With `Applied` or `Waiting`.
    AppliedAfterAll(Outcome),
    /// Every value is the old one, and at least one would have shown. A late request may still land.
    NotAppliedSoFar,
    /// The values do not tell: a contact that would wait for its code anyway, or some new and some old.
    StillUnknown,
}

impl Settled {
    /// The outcome in the six words. What was not applied so far stays unknown: only waiting longer could tell.
    pub fn outcome(self, fault: Fault) -> Outcome {
        match self {
            Self::AppliedAfterAll(outcome) => outcome,
            Self::NotAppliedSoFar | Self::StillUnknown => Outcome::Unknown(fault),
        }
    }

    /// What reading back told, after this fault.
    pub fn sentence(&self, fault: &Fault) -> Sentence {
        match self {
            Self::AppliedAfterAll(_) => {
                let answer = match fault.kind {
                    FaultKind::Server => "the answer was an error",
                    FaultKind::Undecodable => "the answer could not be read",
                    _ => "no answer came",
                };
                let what = Sentence::from(" (")
                    .quote(&fault.code)
                    .words(": ")
                    .quote(&fault.message);
                say!(own answer)
                    .join(what)
                    .words("), but reading back shows that it was applied")
            }
            Self::NotAppliedSoFar => "read back: not applied so far; a late request may still land".into(),
            Self::StillUnknown => "read back: it cannot be told yet; sending again may send a second message".into(),
        }
    }
}

/// Settles a write that ended without an answer, by those values that would show at once and by new ones that do. A
/// message leaves no trace in a reading, so one that may be out stays unknown.
pub fn settle_unknown(operation: &Operation, pool: Option<&Pool>, now: &User) -> Settled {
    match operation {
        Operation::AdminUpdate(changes) | Operation::OwnUpdate(changes) | Operation::OwnDelete(changes) => {
            settle_changes(changes, pool, now)
        }
        Operation::Account { user, account } => match (account.missing(user), account.missing(now)) {
            // It read like this before: a reading cannot tell.
            (None, _) => Settled::StillUnknown,
            (Some(_), None) => Settled::AppliedAfterAll(Outcome::Applied),
            (Some(_), Some(_)) => Settled::NotAppliedSoFar,
        },
        Operation::ResendCode { .. } | Operation::SendCode { .. } => Settled::StillUnknown,
        Operation::NewPassword { user, .. } => {
            let missing = |user: &User| Account::ConfirmSignUp.missing(user).is_some();
            match (missing(user), missing(now)) {
                (true, false) => Settled::AppliedAfterAll(Outcome::Applied),
                _ => Settled::StillUnknown,
            }
        }
        Operation::VerifyCode {
            user, contact, pending, ..
        } => {
            let missing = |user: &User| !not_verified(*contact, pending.as_ref(), user).is_empty();
            match (missing(user), missing(now)) {
                (false, _) => Settled::StillUnknown,
                (true, false) => Settled::AppliedAfterAll(Outcome::Applied),
                (true, true) => Settled::NotAppliedSoFar,
            }
        }
    }
}

fn settle_changes(changes: &ChangeSet, pool: Option<&Pool>, now: &User) -> Settled {
    let may_wait = may_wait(changes, pool);
    let reads: Vec<Reads> = changes
        .changes()
        .iter()
        .map(|change| reads(change, &may_wait, now))
        .collect();
    let any = |wanted: Reads| reads.contains(&wanted);
    match (any(Reads::New), any(Reads::Old), any(Reads::Other)) {
        (true, false, false) => Settled::AppliedAfterAll(classify_changes(changes, &may_wait, now)),
        (false, true, false) => Settled::NotAppliedSoFar,
        _ => Settled::StillUnknown,
    }
}
