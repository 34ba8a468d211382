//! Which attributes a user's screens list, and in which order: what is set before what is not.

use std::collections::BTreeSet;

use crate::domain::{AttributeName, Contact, Draft, Rules, User};

/// The attributes of a user in the order they are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    pub names: Vec<AttributeName>,
    /// How many attributes are folded away because they are not set.
    pub folded: usize,
    /// How many are folded away because nobody tells whether they are set: an export was made without them.
    pub untold: usize,
}

/// Whether attributes that are not set are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unset {
    Folded,
    Shown,
}

impl Unset {
    pub fn toggled(self) -> Self {
        match self {
            Self::Folded => Self::Shown,
            Self::Shown => Self::Folded,
        }
    }
}

impl Rows {
    /// E-mail and phone with their flags, then what is set, then what is locked, then what is not set.
    ///
    /// Pending edits, attributes that stand in the way of sending, and the one the cursor is on are never folded.
    /// Without the pool's settings only what the user has is known. `is_told`: it is known who has it.
    pub fn new(
        rules: Option<Rules<'_>>,
        user: &User,
        draft: Option<&Draft>,
        unset: Unset,
        cursor: Option<&AttributeName>,
        is_told: impl Fn(&AttributeName) -> bool,
    ) -> Self {
        let mut contacts = Vec::new();
        for contact in Contact::ALL {
            let known = rules.is_none_or(|rules| rules.schema.get(&contact.attribute()).is_some());
            if known || user.contact(contact).is_some() {
                contacts.push(contact.attribute());
                contacts.push(contact.flag());
            }
        }
        let in_the_way: BTreeSet<AttributeName> = match (draft, rules) {
            (Some(draft), Some(rules)) => draft.problems(&rules).into_iter().map(|(name, _)| name).collect(),
            _ => BTreeSet::new(),
        };
        let pending =
            |name: &AttributeName| draft.is_some_and(|draft| draft.edit(name).is_some()) || in_the_way.contains(name);
        let mut all: Vec<&AttributeName> = rules
            .map(|rules| {
                rules
                    .schema
                    .attributes
                    .iter()
                    .map(|attribute| &attribute.name)
                    .collect()
            })
            .unwrap_or_default();
        all.extend(
            user.attributes
                .keys()
                .filter(|name| rules.is_none_or(|rules| rules.schema.get(name).is_none())),
        );
        let (mut set, mut locked, mut not_set) = (Vec::new(), Vec::new(), Vec::new());
        for name in all.into_iter().filter(|name| !contacts.contains(name)) {
            let is_locked = rules.is_some_and(|rules| rules.lock(name).is_some());
            let there = user.get(name).is_some();
            if pending(name) || (there && !is_locked) {
                set.push(name.clone());
            } else if there {
                locked.push(name.clone());
            } else {
                not_set.push(name.clone());
            }
        }
        let mut names = contacts;
        names.append(&mut set);
        names.append(&mut locked);
        let mut away = Vec::new();
        if unset == Unset::Folded {
            (not_set, away) = not_set.into_iter().partition(|name| Some(name) == cursor);
        }
        names.append(&mut not_set);
        let folded = away.iter().filter(|name| is_told(name)).count();
        Self {
            names,
            folded,
            untold: away.len() - folded,
        }
    }

    pub fn position(&self, name: &AttributeName) -> Option<usize> {
        self.names.iter().position(|other| other == name)
    }

    /// The row after a movement, from the row of `name`.
    pub fn moved(&self, name: &AttributeName, action: crate::app::action::Action) -> Option<&AttributeName> {
        let at = self.position(name).unwrap_or(0);
        self.names.get(crate::app::overlay::moved(at, action, self.names.len()))
    }
}

/// The attribute that was meant by a name as typed: exact, then by its short name, then the first that begins so, then
/// the first that holds it.
pub fn named<'a>(mut names: impl Iterator<Item = &'a AttributeName> + Clone, typed: &str) -> Option<&'a AttributeName> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let folded = typed.to_lowercase();
    names
        .clone()
        .find(|name| name.as_str() == typed)
        .or_else(|| names.clone().find(|name| name.short().to_lowercase() == folded))
        .or_else(|| {
            names
                .clone()
                .find(|name| name.short().to_lowercase().starts_with(&folded))
        })
        .or_else(|| names.find(|name| name.as_str().to_lowercase().contains(&folded)))
}
