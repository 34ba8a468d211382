//! The form of one user: every attribute of the schema, what is there now and what is pending.

mod contacts;
mod field;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::contacts::OwnerQuestion;
use self::field::After;
pub use self::field::OpenField;
use super::rows::{Rows, Unset};
use crate::app::Effect;
use crate::app::action::Action;
use crate::app::core::{Core, switched_off};
use crate::app::field::Field;
use crate::app::keymap::Chord;
use crate::app::overlay::{CopyItem, Overlay, Prompt, PromptKind, write_metadata};
use crate::app::session::{Session, View, user_items};
use crate::app::slot::Slot;
use crate::domain::consequence::{self, Changes, Consequence, Context, Known, Owner, WaitingChange};
use crate::domain::schema::Problem;
use crate::domain::{AttributeName, Contact, Draft, Edit, Fault, Route, Sentence, User, Username};
use crate::job::{Answer, Job, Ticket};

/// The open form. The edits themselves are the user's draft and stay when the form is left.
#[derive(Clone, Debug, PartialEq)]
pub struct EditScreen {
    pub username: Username,
    /// Whose calls read and carry it.
    pub route: Route,
    /// The attribute the cursor is on.
    pub cursor: AttributeName,
    pub unset: Unset,
    pub field: Option<OpenField>,
    /// AdminGetUser, which becomes the base. Failed: the form is locked and says why.
    pub read: Slot<()>,
    pub owners: BTreeMap<Contact, OwnerQuestion>,
    pub scrolled: usize,
    /// Where Esc goes back to.
    pub(in crate::app) from: View,
}

impl EditScreen {
    /// Whose pending edits it shows.
    pub fn key(&self) -> (Username, Route) {
        (self.username.clone(), self.route)
    }

    pub(in crate::app) fn text_key(&mut self, chord: Chord) -> bool {
        let Some(open) = &mut self.field else {
            return false;
        };
        open.asked_empty = false;
        open.field.key(chord)
    }
}

impl Session {
    pub fn form_rows(&self, edit: &EditScreen) -> Rows {
        let Some(draft) = self.drafts.get(&edit.key()) else {
            return Rows::default();
        };
        Rows::new(
            self.rules(edit.route),
            draft.base(),
            Some(draft),
            edit.unset,
            Some(&edit.cursor),
            |_| true,
        )
    }

    /// Goes to an attribute of the form, folded away or not: the row of the cursor is always listed.
    pub(in crate::app) fn go_in_form(&mut self, name: AttributeName) {
        if let Some(edit) = &mut self.edit {
            edit.cursor = name;
        }
    }

    /// Why the form as a whole is locked, if it is.
    pub fn form_lock<'a>(&'a self, edit: &'a EditScreen) -> Option<&'a Fault> {
        let pool = self.pool.fault().filter(|_| edit.route == Route::Admin);
        pool.or_else(|| edit.read.fault())
    }

    pub fn edited_draft(&self) -> Option<&Draft> {
        self.drafts.get(&self.edit.as_ref()?.key())
    }

    fn edited_draft_mut(&mut self) -> Option<&mut Draft> {
        self.drafts.get_mut(&self.edit.as_ref()?.key())
    }

    /// What stands in the way of sending the open draft.
    pub fn problems(&self) -> Vec<(AttributeName, Problem)> {
        match self.edited_draft() {
            Some(draft) => self
                .rules(draft.route())
                .map_or_else(Vec::new, |rules| draft.problems(&rules)),
            None => Vec::new(),
        }
    }

    /// What the open draft, or the change under review, will cause.
    pub fn consequences(&self, core: &Core) -> Vec<Consequence> {
        let mut all = self
            .with_context(core, |context| consequence::consequences(&context))
            .unwrap_or_default();
        if self
            .edit
            .as_ref()
            .is_some_and(|edit| self.unknown.contains_key(&edit.username))
        {
            all.push(Consequence {
                topic: "again",
                weight: consequence::Weight::Warn,
                lines: "the last write ended unknown: if it was applied, a message may already be out".into(),
            });
        }
        all
    }

    /// Users who lose an alias to the open draft.
    pub fn takes_alias_from(&self, core: &Core) -> Vec<Username> {
        self.with_context(core, |context| consequence::takes_alias(&context))
            .unwrap_or_default()
    }

    fn with_context<T>(&self, core: &Core, read: impl FnOnce(Context<'_>) -> T) -> Option<T> {
        let draft = self.edited_draft()?;
        let edit = self.edit.as_ref()?;
        let waiting: Vec<WaitingChange> = self
            .waiting
            .iter()
            .filter(|waiting| waiting.username == edit.username)
            .map(|waiting| waiting.change.clone())
            .collect();
        let owners = edit
            .owners
            .iter()
            .map(|(contact, question)| (*contact, known(&question.answer, Owner::clone)))
            .collect();
        let changes = match self.review.as_ref().and_then(|review| review.changes.as_ref()) {
            Some(set) if self.view == View::Review => Changes::Set(set),
            _ => Changes::Draft(draft),
        };
        let mappings = match &self.providers {
            Slot::Empty => Known::Known([].as_slice()),
            other => known(other, |mappings| mappings.as_slice()),
        };
        let client = match self.acting.as_ref().map(|acting| &acting.client) {
            None | Some(Slot::Empty) => Known::NotKnown(Sentence::new()),
            Some(client) => known(client, AsRef::as_ref),
        };
        Some(read(Context {
            pool: known(&self.pool, AsRef::as_ref),
            user: draft.base(),
            changes,
            client,
            mappings,
            owners,
            waiting: &waiting,
            kept: core.settings.kept_values.of(&self.place.pool),
            zone: &core.settings.zone,
        }))
    }

    /// Opens the form of a user on the row's data; the full answer becomes the base when it arrives.
    pub(in crate::app) fn open_form(&mut self, user: Arc<User>, route: Route, from: View, core: &mut Core) {
        self.show_form(user, route, from, core);
        self.read_for_form(core);
    }

    /// Puts the form in front without reading anything about the user itself.
    pub(in crate::app) fn show_form(&mut self, user: Arc<User>, route: Route, from: View, core: &mut Core) {
        if user.has_provider() {
            self.ask_providers(core);
        }
        // A review belongs to the form it was opened from.
        self.review = None;
        let username = user.username.clone();
        self.drafts
            .entry((username.clone(), route))
            .or_insert_with(|| Draft::new(user, route));
        self.edit = Some(EditScreen {
            username,
            route,
            cursor: Contact::Email.attribute(),
            unset: Unset::Folded,
            field: None,
            read: Slot::Empty,
            owners: BTreeMap::new(),
            scrolled: 0,
            from,
        });
        self.view = View::Edit;
        if let Some(username) = self.edit.as_ref().map(|edit| edit.username.clone()) {
            self.ask_membership(&username, core);
        }
        for contact in Contact::ALL {
            self.ask_owner(contact, core);
        }
    }

    /// Opens the form of a user known by name, with the pending edits of a route.
    pub(in crate::app) fn open_form_of(&mut self, username: &Username, route: Route, core: &mut Core) {
        self.leave_question(core);
        if route == Route::Own {
            return match self.good_token(username, core) {
                Some(own) => self.open_form(own, route, View::Users, core),
                None => self.sign_in_again(username, core),
            };
        }
        let known = self.draft(username).map(|draft| Arc::clone(draft.base()));
        match self.reading(username).or(known) {
            Some(user) => self.open_form(user, route, View::Users, core),
            None => self.open_by_name(username, core),
        }
    }

    pub(in crate::app) fn read_for_form(&mut self, core: &mut Core) {
        let Some(edit) = &mut self.edit else {
            return;
        };
        if edit.read.is_loading() {
            return;
        }
        let job = Job::GetUser {
            place: self.place.clone(),
            username: edit.username.clone(),
            route: edit.route,
        };
        edit.read = Slot::Loading(core.ask(edit.username.raw(), "reading all attributes", job));
    }

    /// The full answer about the edited user: it becomes the base, and edits that now equal it drop out.
    pub(in crate::app) fn take_form_reading(&mut self, ticket: Ticket, answer: &Answer<Arc<User>>) -> bool {
        let Some(edit) = &mut self.edit else {
            return false;
        };
        if !edit
            .read
            .fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone))
        {
            return false;
        }
        let key = edit.key();
        if let (Ok(answered), Some(draft)) = (answer, self.drafts.get_mut(&key)) {
            draft.rebase(Arc::clone(&answered.value));
        }
        true
    }

    pub(in crate::app) fn leave_edit(&mut self, core: &mut Core) {
        let Some(edit) = &mut self.edit else {
            self.view = View::Users;
            return;
        };
        if edit.field.take().is_some() {
            return;
        }
        let key = edit.key();
        let back_to = edit.from;
        let pending = self.drafts.get(&key).map_or(0, |draft| draft.edits().len());
        if pending == 0 {
            if self.drafts.get(&key).is_some_and(|draft| draft.metadata.0.is_empty()) {
                self.drafts.remove(&key);
            }
        } else {
            let again = match key.1 {
                Route::Admin => " kept; e opens the form again",
                Route::Own => " kept; T opens the form again",
            };
            core.say(crate::say!(own format!("{pending} pending "), own plural(pending, "edit"), own again));
        }
        self.edit = None;
        self.view = match back_to {
            View::User if self.user.is_some() => View::User,
            _ => View::Users,
        };
    }

    pub(in crate::app) fn edit_action(&mut self, action: Action, core: &mut Core, overlay: &mut Option<Overlay>) {
        let Some(edit) = &mut self.edit else {
            self.view = View::Users;
            return;
        };
        if let Some(open) = &mut edit.field {
            match action {
                Action::Take => self.take_field(After::Stay, core),
                Action::TakeNext => self.take_field(After::NextRow, core),
                Action::Review => {
                    self.take_field(After::Stay, core);
                    if self.edit.as_ref().is_some_and(|edit| edit.field.is_none()) {
                        self.open_review(core);
                    }
                }
                Action::FieldUndo => {
                    open.field.undo();
                }
                Action::ExternalEditor => match core.settings.editor_off {
                    Some(because) => core.say(switched_off("the external editor", because)),
                    None => core.effect(Effect::EditOutside(open.field.raw())),
                },
                _ => edit.field = None,
            }
            return;
        }
        match action {
            Action::Change => self.open_field(None, core),
            Action::Verified => self.cycle_vouch(core),
            Action::Delete => self.mark_deleted(core),
            Action::PutBack => self.put_back(core),
            Action::Jump => *overlay = Self::prompt(PromptKind::Jump, core.mono),
            Action::Unfold => {
                edit.unset = edit.unset.toggled();
            }
            Action::Metadata => {
                let mut prompt = Prompt::new(PromptKind::Metadata, core.mono);
                if let Some(draft) = self.edited_draft() {
                    prompt.field = Field::new(&write_metadata(&draft.metadata));
                }
                *overlay = Some(Overlay::Prompt(prompt));
            }
            Action::Discard => {
                let count = self.edited_draft().map_or(0, |draft| draft.edits().len());
                if count == 0 {
                    core.say("there are no pending edits");
                } else {
                    *overlay = Self::prompt(PromptKind::Discard { count }, core.mono);
                }
            }
            Action::Review => self.open_review(core),
            Action::Left => edit.scrolled = edit.scrolled.saturating_sub(8),
            Action::Right => edit.scrolled = edit.scrolled.saturating_add(8).min(2_048),
            other => self.move_in_form(other),
        }
    }

    fn move_in_form(&mut self, action: Action) {
        let next = self
            .edit
            .as_ref()
            .and_then(|edit| self.form_rows(edit).moved(&edit.cursor, action).cloned());
        if let (Some(edit), Some(next)) = (&mut self.edit, next) {
            edit.cursor = next;
        }
    }

    /// Why the row under the cursor cannot be edited, if it cannot.
    fn locked(&self, core: &Core) -> Option<Sentence> {
        let edit = self.edit.as_ref()?;
        if let Some(why) = self.edited_draft().and_then(|draft| self.user_lock(draft.base(), core)) {
            return Some(crate::say!("the form is locked: ").join(why));
        }
        if let Some(fault) = self.form_lock(edit) {
            let action = fault.missing_action().unwrap_or_else(|| fault.operation.to_owned());
            let again = match edit.route {
                Route::Admin => "; r tries again",
                Route::Own => "; r tries again, T signs in again",
            };
            return Some(crate::say!("the form is locked: ", own action, " did not succeed", own again));
        }
        match self.rules(edit.route) {
            None => Some("the pool's settings are still on their way".into()),
            Some(rules) => rules
                .lock(&edit.cursor)
                .map(|lock| crate::say!(name edit.cursor.raw(), " is locked: ", own lock.reason())),
        }
    }

    fn mark_deleted(&mut self, core: &mut Core) {
        if let Some(why) = self.locked(core) {
            return core.say(why);
        }
        let Some(edit) = &self.edit else {
            return;
        };
        let Some(schema) = self.rules(edit.route).map(|rules| rules.schema) else {
            return;
        };
        let name = edit.cursor.clone();
        if name.verifies().is_some() {
            return core.say("a flag is not deleted; v marks it unverified");
        }
        if schema.is_required(&name) {
            return core.say(crate::say!(name name.raw(), " is required in this pool: it can be changed, not deleted"));
        }
        let Some(draft) = self.edited_draft_mut() else {
            return;
        };
        if draft.base().get(&name).is_none() && draft.edit(&name).is_none() {
            return core.say(crate::say!(name name.raw(), " is not set"));
        }
        draft.set(name.clone(), Edit::Delete);
        if let Some(contact) = name.contact() {
            self.ask_owner(contact, core);
        }
    }

    fn put_back(&mut self, core: &mut Core) {
        let Some(edit) = &self.edit else {
            return;
        };
        let name = edit.cursor.clone();
        let Some(draft) = self.edited_draft_mut() else {
            return;
        };
        let changed = match name.verifies() {
            Some(contact) => {
                let chosen = draft.vouch(contact).is_some();
                draft.withdraw(contact);
                chosen
            }
            None => draft.put_back(&name).is_some(),
        };
        if !changed {
            core.say(crate::say!(name name.raw(), " has no pending edit"));
        }
        if let Some(contact) = name.contact().or(name.verifies()) {
            self.ask_owner(contact, core);
        }
    }

    pub(in crate::app) fn edit_items(&self) -> Vec<CopyItem> {
        let (Some(edit), Some(draft)) = (&self.edit, self.edited_draft()) else {
            return Vec::new();
        };
        let mut items = Vec::new();
        if let Some(value) = draft.pending(&edit.cursor) {
            items.push(CopyItem {
                name: "value",
                text: value.raw().clone(),
            });
        }
        items.extend(user_items(draft.base()));
        items
    }
}

fn known<'a, T, U>(slot: &'a Slot<T>, read: impl FnOnce(&'a T) -> U) -> Known<U> {
    match slot {
        Slot::Ready(value) => Known::Known(read(value)),
        Slot::Failed(fault) => Known::NotKnown(not_known(fault)),
        Slot::Empty | Slot::Loading(_) => Known::Asking,
    }
}

fn not_known(fault: &Fault) -> Sentence {
    match fault.missing_action() {
        Some(action) => crate::say!(own action, " is not allowed"),
        None => crate::say!(name & fault.code),
    }
}

/// `1 edit`, `2 edits`.
pub fn plural(count: usize, noun: &'static str) -> String {
    if count == 1 {
        noun.to_owned()
    } else {
        format!("{noun}s")
    }
}
