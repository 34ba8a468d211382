//! One value edited in place: what is typed, pasted or comes back from an editor, and how it is taken.

use crate::app::action::Action;
use crate::app::core::{Core, VerifiedDefault};
use crate::app::field::Field;
use crate::app::keymap::Chord;
use crate::app::session::Session;
use crate::domain::draft::Vouch;
use crate::domain::{AttributeName, AttributeValue, Edit, Raw, Sentence, schema};

/// A value being edited in place.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenField {
    pub name: AttributeName,
    pub field: Field,
    /// Enter came on an empty field: the question which was meant is on the screen.
    pub asked_empty: bool,
    /// What the attribute was when an earlier run typed this, where it is something else now: taking the text decides
    /// nothing about that. `Some(None)`: it was not set.
    pub then: Option<Option<AttributeValue>>,
}

/// Where the cursor goes after a value was taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    Stay,
    NextRow,
}

impl Session {
    /// Opens the row's value for editing, with a paste in place of what is there.
    pub(super) fn open_field(&mut self, pasted: Option<&Raw>, core: &mut Core) {
        if let Some(why) = self.locked(core) {
            return core.say(why);
        }
        let Some(edit) = &self.edit else {
            return;
        };
        if edit.cursor.verifies().is_some() {
            return core.say("v chooses who vouches for it");
        }
        let name = edit.cursor.clone();
        let current = self
            .edited_draft()
            .and_then(|draft| draft.pending(&name))
            .map_or("", AttributeValue::as_str);
        let field = match pasted {
            Some(text) => {
                let mut field = Field::new(current);
                field.key(Chord::ctrl('u'));
                field.paste(text.as_str());
                field
            }
            None => Field::new(current),
        };
        if let Some(edit) = &mut self.edit {
            edit.field = Some(OpenField {
                name,
                field,
                asked_empty: false,
                then: None,
            });
        }
    }

    /// A paste in an open field is inserted; on a row it opens that row.
    pub(in crate::app) fn paste_into_form(&mut self, text: &Raw, core: &mut Core) -> bool {
        match self.edit.as_mut().and_then(|edit| edit.field.as_mut()) {
            Some(open) => open.field.paste(text.as_str()),
            None => self.open_field(Some(text), core),
        }
        true
    }

    /// The external editor gave a value back.
    pub(in crate::app) fn edited(&mut self, text: &Raw) {
        if let Some(open) = self.edit.as_mut().and_then(|edit| edit.field.as_mut()) {
            open.field.key(Chord::ctrl('u'));
            open.field.paste(text.as_str());
        }
    }

    pub(super) fn take_field(&mut self, after: After, core: &mut Core) {
        let Some((edit, open)) = self.edit.as_ref().and_then(|edit| Some((edit, edit.field.as_ref()?))) else {
            return;
        };
        let Some(schema) = self.rules(edit.route).map(|rules| rules.schema) else {
            return;
        };
        let (cleaned, note) = schema.clean(&open.name, open.field.text());
        let value = match schema.suggest(&open.name, &cleaned) {
            Some(suggestion) => suggestion.value,
            None => AttributeValue::new(cleaned),
        };
        let Some(edit) = &mut self.edit else {
            return;
        };
        let key = edit.key();
        let Some(open) = &mut edit.field else {
            return;
        };
        let (name, then) = (open.name.clone(), open.then.clone());
        let Some(draft) = self.drafts.get_mut(&key) else {
            return;
        };
        let was_set = draft.pending(&name).is_some();
        if open.field.is_empty() && was_set {
            open.asked_empty = true;
            return core.say("empty: Esc gives the value back; then x deletes the attribute");
        }
        edit.field = None;
        if let Some(note) = note {
            core.say(note);
        }
        if value.is_empty() && !was_set {
            return;
        }
        draft.set(name.clone(), Edit::Set(value));
        if let Some(then) = then.filter(|_| draft.edit(&name).is_some()) {
            draft.decided_on(name.clone(), then);
        }
        if let Some(contact) = name.contact() {
            if draft.changes_contact(contact) && draft.vouch(contact).is_none() {
                match core.settings.verified_default {
                    VerifiedDefault::Ask => {}
                    VerifiedDefault::Pool => draft.set_vouch(contact, Vouch::Pool),
                    VerifiedDefault::Verified => draft.set_vouch(contact, Vouch::Checked),
                }
            }
            self.ask_owner(contact, core);
        }
        if after == After::NextRow {
            self.move_in_form(Action::Down);
        }
    }

    /// A rare domain next to a frequent one among the other loaded users: a typing error worth a word.
    pub fn domain_hint(&self, email: &str) -> Option<Sentence> {
        let edited = self.edit.as_ref().and_then(|edit| self.users.get(&edit.username));
        let own = edited.and_then(|user| schema::domain_of(user.text("email")?));
        let others = self.users.domains().iter().map(|(domain, users)| {
            let own = usize::from(own.as_ref() == Some(domain));
            (domain.as_str(), users.saturating_sub(own))
        });
        schema::rare_domain(email, others)
    }
}
