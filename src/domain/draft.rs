//! Pending edits of one user, against the reading they were made from.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attribute::{AttributeName, AttributeValue, Contact};
use super::change::{Change, ChangeSet};
use super::raw::Raw;
use super::route::{Route, Rules};
use super::schema::Problem;
use super::user::User;

#[cfg(test)]
mod properties;
pub mod saved;
#[cfg(test)]
mod tests;

/// What is to become of one attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    Set(AttributeValue),
    /// Goes out as a blank value, the service's way to delete.
    Delete,
}

impl Edit {
    /// The value an attribute will have, if any.
    pub fn value(&self) -> Option<&AttributeValue> {
        match self {
            Self::Set(value) => Some(value),
            Self::Delete => None,
        }
    }
}

/// ClientMetadata: reaches Lambda triggers only and is not stored. Debug prints the keys' count.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClientMetadata(pub BTreeMap<String, String>);

impl fmt::Debug for ClientMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientMetadata({} keys)", self.0.len())
    }
}

/// Who vouches for a changed contact: the answer to `v` in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vouch {
    /// "I checked it": the flag is sent as true and no message goes out.
    Checked,
    /// "Cognito decides": the flag is not sent.
    Pool,
    /// "mark unverified": the flag is sent as false.
    Unverified,
}

/// Pending edits of one user. `*_verified` are ordinary Boolean attributes, drawn under their contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    base: Arc<User>,
    route: Route,
    edits: BTreeMap<AttributeName, Edit>,
    /// Contacts whose verified state was left to the pool by choice, so that review can tell "chosen" from "not asked".
    left_to_pool: Vec<Contact>,
    /// What attributes were when the edits were decided, where that was before the base was read: a draft of an earlier
    /// run, or the taking back of an entry of the journal.
    made_from: BTreeMap<AttributeName, Option<AttributeValue>>,
    /// The journal entry that this takes back.
    pub undoes: Option<Raw>,
    pub metadata: ClientMetadata,
}

/// A value that moved between the decision and the reading: three ways, to be decided by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub name: AttributeName,
    /// What it was when the edit was decided.
    pub then: Option<AttributeValue>,
    pub now: Option<AttributeValue>,
    pub pending: Edit,
}

impl Draft {
    pub fn new(base: Arc<User>, route: Route) -> Self {
        Self {
            base,
            route,
            edits: BTreeMap::new(),
            left_to_pool: Vec::new(),
            made_from: BTreeMap::new(),
            undoes: None,
            metadata: ClientMetadata::default(),
        }
    }

    /// Says what an attribute was when its edit was decided. Where the base has another value, that is a conflict.
    pub fn decided_on(&mut self, name: AttributeName, value: Option<AttributeValue>) {
        self.made_from.insert(name, value);
    }

    /// What the edits were decided on, where that was before the base was read.
    pub fn made_from(&self) -> &BTreeMap<AttributeName, Option<AttributeValue>> {
        &self.made_from
    }

    /// The pending edits whose attribute moved since they were decided.
    pub fn conflicts(&self) -> Vec<Conflict> {
        self.conflicts_with(&self.base)
    }

    /// The same against a newer reading than the base.
    pub fn conflicts_with(&self, now: &User) -> Vec<Conflict> {
        let moved = |(name, then): (&AttributeName, &Option<AttributeValue>)| {
            let pending = self.edits.get(name)?;
            let now = now.get(name);
            (then.as_ref() != now).then(|| Conflict {
                name: name.clone(),
                then: then.clone(),
                now: now.cloned(),
                pending: pending.clone(),
            })
        };
        self.made_from.iter().filter_map(moved).collect()
    }

    /// A conflict was decided: the pending edit stands, against the value that is there now.
    pub fn stands(&mut self, name: &AttributeName) {
        self.made_from.remove(name);
    }

    pub fn base(&self) -> &Arc<User> {
        &self.base
    }

    /// Whose call will carry the edits.
    pub fn route(&self) -> Route {
        self.route
    }

    pub fn edits(&self) -> &BTreeMap<AttributeName, Edit> {
        &self.edits
    }

    pub fn edit(&self, name: &AttributeName) -> Option<&Edit> {
        self.edits.get(name)
    }

    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Puts an edit in place of what was pending. An edit equal to the base is no change and drops out, except a
    /// verified flag next to a changed contact: sending it with the same value means something.
    pub fn set(&mut self, name: AttributeName, edit: Edit) {
        let unchanged = match self.edits.get(&name) {
            Some(pending) => *pending == edit,
            None => self.is_no_change(&name, &edit),
        };
        // Opening a field and taking what was there must not take back a choice about its verified mark.
        if unchanged {
            return;
        }
        self.withdraw_vouch(&name);
        // Decided anew, on what the form shows now.
        self.made_from.remove(&name);
        if self.is_no_change(&name, &edit) {
            self.edits.remove(&name);
            self.end_undo();
        } else {
            self.edits.insert(name, edit);
        }
    }

    /// Puts one attribute back to what it was.
    pub fn put_back(&mut self, name: &AttributeName) -> Option<Edit> {
        let removed = self.edits.remove(name)?;
        self.made_from.remove(name);
        self.withdraw_vouch(name);
        self.end_undo();
        Some(removed)
    }

    /// Where nothing is pending, what is edited from here on takes nothing back.
    fn end_undo(&mut self) {
        if self.edits.is_empty() {
            self.undoes = None;
        }
    }

    /// The value the attribute would have after this draft.
    pub fn pending(&self, name: &AttributeName) -> Option<&AttributeValue> {
        match self.edits.get(name) {
            Some(edit) => edit.value(),
            None => self.base.get(name),
        }
    }

    /// What was chosen about verifying this contact, or `None` while nothing was chosen. On the own route there is no
    /// choice: Cognito decides.
    pub fn vouch(&self, contact: Contact) -> Option<Vouch> {
        match self.edits.get(&contact.flag()) {
            _ if self.route == Route::Own => self.changes_contact(contact).then_some(Vouch::Pool),
            Some(Edit::Set(value)) if value.is_true() => Some(Vouch::Checked),
            Some(_) => Some(Vouch::Unverified),
            None if self.left_to_pool.contains(&contact) => Some(Vouch::Pool),
            None => None,
        }
    }

    /// Records the choice of `v`.
    pub fn set_vouch(&mut self, contact: Contact, vouch: Vouch) {
        // Another choice follows at once: an undo that is this flag alone goes on.
        self.take_off(contact);
        match vouch {
            Vouch::Checked => self.set(contact.flag(), Edit::Set(AttributeValue::new("true"))),
            Vouch::Unverified => self.set(contact.flag(), Edit::Set(AttributeValue::new("false"))),
            Vouch::Pool => self.left_to_pool.push(contact),
        }
        self.end_undo();
    }

    /// Takes the choice back: nothing is chosen.
    pub fn withdraw(&mut self, contact: Contact) {
        self.take_off(contact);
        self.end_undo();
    }

    fn take_off(&mut self, contact: Contact) {
        self.left_to_pool.retain(|other| *other != contact);
        self.edits.remove(&contact.flag());
        self.made_from.remove(&contact.flag());
    }

    /// Whether the contact gets a new value, so that a choice about verifying it is due.
    pub fn changes_contact(&self, contact: Contact) -> bool {
        matches!(self.edits.get(&contact.attribute()), Some(Edit::Set(_)))
    }

    /// Contacts that change without a choice about their verified flag: review goes there first.
    pub fn undecided(&self) -> impl Iterator<Item = Contact> + '_ {
        Contact::ALL
            .into_iter()
            .filter(|contact| self.changes_contact(*contact) && self.vouch(*contact).is_none())
    }

    /// Takes a newer reading as the base. Edits that now equal it drop out; that is not drift. A mark for a contact
    /// that somebody else changed drops out too: it was given to another value.
    pub fn rebase(&mut self, base: Arc<User>) {
        for contact in Contact::ALL {
            if !self.changes_contact(contact) && self.base.contact(contact) != base.contact(contact) {
                self.withdraw(contact);
            }
        }
        self.base = base;
        let edits = std::mem::take(&mut self.edits);
        for (name, edit) in &edits {
            if name.verifies().is_none() && !self.is_no_change(name, edit) {
                self.edits.insert(name.clone(), edit.clone());
            }
        }
        // Flags after their contacts: whether a flag means anything depends on the contact.
        for (name, edit) in edits {
            if name.verifies().is_some() && !self.is_no_change(&name, &edit) {
                self.edits.insert(name, edit);
            }
        }
        let still: Vec<Contact> = self
            .left_to_pool
            .iter()
            .copied()
            .filter(|contact| self.changes_contact(*contact))
            .collect();
        self.left_to_pool = still;
        self.end_undo();
    }

    /// What would be sent: only what changed, in schema order; or every problem that stands in the way.
    pub fn change_set(&self, rules: &Rules<'_>) -> Result<ChangeSet, Vec<(AttributeName, Problem)>> {
        let problems = self.problems(rules);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut changes: Vec<Change> = self
            .edits
            .iter()
            .map(|(name, edit)| Change {
                name: name.clone(),
                before: self.base.get(name).cloned(),
                edit: edit.clone(),
            })
            .collect();
        changes.sort_by_key(|change| rules.schema.position(&change.name));
        Ok(ChangeSet::new(
            self.base.clone(),
            self.route,
            changes,
            self.metadata.clone(),
        ))
    }

    /// Everything that stands in the way of sending, in schema order: values the schema refuses, required attributes
    /// that are deleted, and required attributes that are missing, because the service then refuses any edit.
    pub fn problems(&self, rules: &Rules<'_>) -> Vec<(AttributeName, Problem)> {
        let mut problems = Vec::new();
        for (name, edit) in &self.edits {
            if let Err(problem) = rules.check(name, edit) {
                problems.push((name.clone(), problem));
            }
        }
        // The service refuses a flag that speaks of nothing, and only the draft as a whole shows that there is nothing.
        for contact in Contact::ALL {
            if self.edits.contains_key(&contact.flag()) && self.pending(&contact.attribute()).is_none() {
                problems.push((contact.flag(), Problem::NothingToVerify(contact)));
            }
        }
        if !self.edits.is_empty() {
            for attribute in rules.schema.attributes.iter().filter(|attribute| attribute.required) {
                let missing = self.base.get(&attribute.name).is_none() && !self.edits.contains_key(&attribute.name);
                if missing && rules.lock(&attribute.name).is_none() {
                    problems.push((attribute.name.clone(), Problem::RequiredMissing));
                }
            }
        }
        problems.sort_by_key(|(name, _)| rules.schema.position(name));
        problems
    }

    fn is_no_change(&self, name: &AttributeName, edit: &Edit) -> bool {
        let same = match edit {
            Edit::Set(value) => self.base.get(name) == Some(value),
            Edit::Delete => self.base.get(name).is_none(),
        };
        let means_something = name.verifies().is_some_and(|contact| self.changes_contact(contact));
        same && !means_something
    }

    /// "I checked it" was said of one value: when the contact's pending value changes, it no longer holds.
    fn withdraw_vouch(&mut self, name: &AttributeName) {
        if let Some(contact) = name.contact() {
            self.take_off(contact);
        }
    }
}
