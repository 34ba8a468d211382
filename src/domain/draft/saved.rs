//! A draft as it outlives the program: what was typed and what it was decided on, and how that is laid on what is there
//! now.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{ClientMetadata, Draft, Edit};
use crate::domain::attribute::{AttributeName, AttributeValue, Contact};
use crate::domain::place::{Caller, Written};
use crate::domain::raw::Raw;
use crate::domain::route::Route;
use crate::domain::user::{User, Username};

#[cfg(test)]
mod tests;

/// Text in a field that is still open: typed, and neither taken nor given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    pub name: AttributeName,
    pub text: Raw,
}

/// Everything of one user's pending edits that is worth keeping. A name counts for one person only as long as the sub
/// behind it stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub username: Username,
    pub sub: Option<Raw>,
    pub route: Route,
    pub edits: BTreeMap<AttributeName, Edit>,
    pub left_to_pool: Vec<Contact>,
    /// The values of the touched attributes and their flags when the edits were decided; `None`: it was not set.
    pub made_from: BTreeMap<AttributeName, Option<AttributeValue>>,
    pub metadata: ClientMetadata,
    pub typed: Option<Typed>,
    /// The journal entry that this takes back.
    pub undoes: Option<Raw>,
}

/// Names a saved draft. Random, because a username must not be a file's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DraftId(Raw);

impl DraftId {
    pub fn new(id: impl Into<String>) -> Self {
        Self(Raw::from(id.into()))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A saved draft as it was found: who made it, where and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub id: DraftId,
    /// When it was saved first, and last.
    pub begun: Timestamp,
    pub at: Timestamp,
    /// Who would have signed the requests, as far as it was known.
    pub caller: Caller,
    pub place: Written,
    pub draft: Saved,
    pub console: Console,
}

/// What became of the console that a draft is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Console {
    Ended,
    /// It still runs, so the draft is its own.
    Elsewhere,
    /// This one.
    Here,
}

impl Kept {
    /// How many edits it holds, text in an open field among them.
    pub fn edits(&self) -> usize {
        let typed = self.draft.typed.as_ref();
        let more = typed.is_some_and(|typed| !self.draft.edits.contains_key(&typed.name));
        self.draft.edits.len() + usize::from(more)
    }
}

/// Every saved draft, and what could not be read, which is left as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Newest first.
    pub drafts: Vec<Kept>,
    pub unreadable: Vec<Unreadable>,
}

/// A file among the drafts that is no draft this program can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub path: Raw,
    pub why: Raw,
    pub next: Raw,
}

/// A saved draft laid on a newer reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Resumed {
    pub draft: Draft,
    /// Edits that the user's values equal by now, so nothing is left to do.
    pub done: Vec<AttributeName>,
    /// Marks that were given to another value than the one that is there now.
    pub withdrawn: Vec<Contact>,
}

impl Draft {
    /// What is kept of it, with the text of a field that is still open.
    pub fn to_save(&self, typed: Option<Typed>) -> Saved {
        let mut made_from = BTreeMap::new();
        let mut add = |name: &AttributeName| {
            let then = match self.made_from.get(name) {
                Some(then) => then.clone(),
                None => self.base.get(name).cloned(),
            };
            made_from.insert(name.clone(), then);
        };
        for name in self.edits.keys().chain(typed.as_ref().map(|typed| &typed.name)) {
            add(name);
            if let Some(contact) = name.contact() {
                add(&contact.flag());
            }
            if let Some(contact) = name.verifies() {
                add(&contact.attribute());
            }
        }
        Saved {
            username: self.base.username.clone(),
            sub: self.base.sub().map(Raw::from),
            route: self.route,
            edits: self.edits.clone(),
            left_to_pool: self.left_to_pool.clone(),
            made_from,
            metadata: self.metadata.clone(),
            typed,
            undoes: self.undoes.clone(),
        }
    }

    /// Whether there is anything in it that nobody wants to type again.
    pub fn is_worth_saving(&self) -> bool {
        !self.edits.is_empty() || !self.metadata.0.is_empty()
    }
}

impl Saved {
    /// Whether the reading is of the person that the edits were meant for. A sub that was never known forbids nothing.
    pub fn is_about(&self, user: &User) -> bool {
        let same_sub = match (&self.sub, user.sub()) {
            (Some(then), Some(now)) => then.as_str() == now,
            _ => true,
        };
        self.username == user.username && same_sub
    }

    /// The attribute whose open field holds text, and what it was when that was typed.
    pub fn then_of_typed(&self) -> Option<(&AttributeName, &Option<AttributeValue>)> {
        self.made_from.get_key_value(&self.typed.as_ref()?.name)
    }

    /// Lays the edits on a reading. What moved since they were decided is a conflict of the new draft.
    pub fn onto(&self, base: Arc<User>) -> Resumed {
        let mut draft = Draft::new(base, self.route);
        let mut done = Vec::new();
        let mut withdrawn = Vec::new();
        // Flags after their contacts: whether a flag means anything depends on the contact.
        let (flags, others): (Vec<_>, Vec<_>) = self.edits.iter().partition(|(name, _)| name.verifies().is_some());
        for (name, edit) in others.into_iter().chain(flags) {
            if let Some(contact) = name.verifies()
                && !draft.changes_contact(contact)
                && !self.vouches_for(contact, &draft)
            {
                withdrawn.push(contact);
                continue;
            }
            draft.set(name.clone(), edit.clone());
            match draft.edit(name) {
                Some(_) => {
                    let then = self.made_from.get(name);
                    if let Some(then) = then.filter(|then| then.as_ref() != draft.base.get(name)) {
                        draft.decided_on(name.clone(), then.clone());
                    }
                }
                None => done.push(name.clone()),
            }
        }
        draft.left_to_pool = self
            .left_to_pool
            .iter()
            .copied()
            .filter(|contact| draft.changes_contact(*contact) && draft.edit(&contact.flag()).is_none())
            .collect();
        draft.metadata = self.metadata.clone();
        draft.undoes = self.undoes.clone().filter(|_| !draft.edits.is_empty());
        Resumed { draft, done, withdrawn }
    }

    /// Whether a mark without a change of its contact was given to the value that is there now.
    fn vouches_for(&self, contact: Contact, draft: &Draft) -> bool {
        let now = draft.base.contact(contact);
        let meant = match self.edits.get(&contact.attribute()) {
            // The new value is there already: the mark was given to it.
            Some(edit) => edit.value(),
            None => match self.made_from.get(&contact.attribute()) {
                Some(then) => then.as_ref(),
                None => return false,
            },
        };
        meant == now
    }
}
