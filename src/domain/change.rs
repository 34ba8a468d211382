//! What is sent, and how it is compared with what is there: the difference between a draft and its base.

use std::fmt;
use std::sync::Arc;

use super::attribute::{AttributeName, AttributeValue, Contact};
use super::draft::{ClientMetadata, Edit, Vouch};
use super::outcome::Drift;
use super::raw::Raw;
use super::route::Route;
use super::user::User;

#[cfg(test)]
mod tests;

/// One attribute that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub name: AttributeName,
    pub before: Option<AttributeValue>,
    pub edit: Edit,
}

impl Change {
    /// A verified flag sent with the value it already has, because a changed contact would reset it.
    pub fn is_same_value(&self) -> bool {
        match &self.edit {
            Edit::Set(value) => self.before.as_ref() == Some(value),
            Edit::Delete => self.before.is_none(),
        }
    }
}

/// Everything one call changes, in schema order. Made by [`super::Draft::change_set`] only, never empty by
/// construction of the callers: review does not open for an empty one.
#[derive(Clone, PartialEq, Eq)]
pub struct ChangeSet {
    base: Arc<User>,
    route: Route,
    changes: Vec<Change>,
    metadata: ClientMetadata,
}

impl fmt::Debug for ChangeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChangeSet({} changes)", self.changes.len())
    }
}

impl ChangeSet {
    pub(super) fn new(base: Arc<User>, route: Route, changes: Vec<Change>, metadata: ClientMetadata) -> Self {
        Self {
            base,
            route,
            changes,
            metadata,
        }
    }

    pub fn base(&self) -> &Arc<User> {
        &self.base
    }

    /// Whose call carries them.
    pub fn route(&self) -> Route {
        self.route
    }

    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub fn metadata(&self) -> &ClientMetadata {
        &self.metadata
    }

    pub fn len(&self) -> usize {
        self.changes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub fn get(&self, name: &AttributeName) -> Option<&Change> {
        self.changes.iter().find(|change| change.name == *name)
    }

    /// The new value of a contact, if this gives it one.
    pub fn new_contact(&self, contact: Contact) -> Option<&AttributeValue> {
        self.get(&contact.attribute())?.edit.value()
    }

    /// Whether every attribute that `other` changes is changed by this as well.
    pub fn covers(&self, other: &Self) -> bool {
        other.changes.iter().all(|change| self.get(&change.name).is_some())
    }

    /// What the change says about a contact's flag.
    pub fn vouch(&self, contact: Contact) -> Vouch {
        match self.get(&contact.flag()).map(|change| &change.edit) {
            Some(Edit::Set(value)) if value.is_true() => Vouch::Checked,
            Some(_) => Vouch::Unverified,
            None => Vouch::Pool,
        }
    }

    /// Names this change is judged on: what it touches, the verified flags of the contacts it touches, and the contacts
    /// of the flags it touches.
    pub fn touched(&self) -> Vec<AttributeName> {
        let mut names: Vec<AttributeName> = Vec::new();
        let mut add = |name: AttributeName| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        for change in &self.changes {
            add(change.name.clone());
            if let Some(contact) = change.name.contact() {
                add(contact.flag());
            }
            // A mark vouches for the value that was shown, so another value stops it.
            if let Some(contact) = change.name.verifies() {
                add(contact.attribute());
            }
        }
        names
    }

    /// Attributes that the consequences are told from without being touched: who links the account to a provider, and,
    /// where a contact changes, the other one, which second factors and ways back in may go to.
    fn facts(&self) -> Vec<&'static str> {
        let mut facts = vec!["identities"];
        if self
            .changes
            .iter()
            .any(|change| change.name.contact().or(change.name.verifies()).is_some())
        {
            facts.extend(Contact::ALL.map(Contact::name));
            facts.extend(Contact::ALL.map(Contact::flag_name));
        }
        facts
    }

    /// What moved between the base and a newer reading, split into what this change is judged on and the rest.
    pub fn drift(&self, now: &User) -> Moved {
        moved(&self.base, now, &self.touched(), &self.facts())
    }
}

/// What moved between two readings: `touched` are the attributes a write is judged on, `facts` those that its
/// consequences were told from. Who the person is, its status and its second factors are facts of every write.
pub(super) fn moved(base: &User, now: &User, touched: &[AttributeName], facts: &[&'static str]) -> Moved {
    let mut moved = Moved::default();
    let names = base.attributes.keys().chain(now.attributes.keys());
    let mut seen: Vec<&AttributeName> = Vec::new();
    for name in names.filter(|name| name.as_str() != "sub") {
        if seen.contains(&name) || base.get(name) == now.get(name) {
            continue;
        }
        seen.push(name);
        let drift = Drift {
            name: name.clone(),
            expected: base.get(name).cloned(),
            now: now.get(name).cloned(),
        };
        if touched.contains(name) {
            moved.touched.push(drift);
        } else if let Some(what) = facts.iter().find(|what| **what == name.as_str()) {
            moved.facts.push(FactMoved {
                what,
                before: words(drift.expected.as_ref()),
                now: words(drift.now.as_ref()),
            });
        } else {
            moved.also.push(drift);
        }
    }
    let mut fact = |what: &'static str, before: Raw, now: Raw| {
        if before != now {
            moved.facts.push(FactMoved { what, before, now });
        }
    };
    // Another sub under the same name is another person.
    let sub = |user: &User| Raw::from(user.sub().unwrap_or("not set"));
    fact("sub", sub(base), sub(now));
    // The user's own reading tells neither.
    if base.tells_status() && now.tells_status() {
        fact("status", base.status.raw(), now.status.raw());
        fact("enabled", yes_no(base.enabled), yes_no(now.enabled));
    }
    if let (Some(before), Some(after)) = (base.mfa(), now.mfa()) {
        fact("MFA", before.words(), after.words());
    }
    moved
}

fn words(value: Option<&AttributeValue>) -> Raw {
    value.map_or_else(|| Raw::from("not set"), |value| value.raw().clone())
}

fn yes_no(yes: bool) -> Raw {
    Raw::from(if yes { "yes" } else { "no" })
}

/// What someone else changed meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Attributes the change touches and their flags: these stop a write.
    pub touched: Vec<Drift>,
    /// Everything else: named as "also changed", stops nothing.
    pub also: Vec<Drift>,
    /// Facts that the shown consequences were drawn from: these stop a write as well.
    pub facts: Vec<FactMoved>,
}

impl Moved {
    /// Whether the operator has to decide before anything may go out.
    pub fn stops(&self) -> bool {
        !self.touched.is_empty() || !self.facts.is_empty()
    }
}

/// A fact about the user, other than what the change touches, that someone else changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactMoved {
    pub what: &'static str,
    pub before: Raw,
    pub now: Raw,
}
