//! Review: everything that is sent, read again from the service, and the one place a write is decided.

mod conflict;

use std::sync::Arc;

use jiff::Timestamp;

use super::confirmation::{Confirmation, Control};
use crate::app::core::{Confirm, Core, headline};
use crate::app::overlay::CopyItem;
use crate::app::screen::edit::plural;
use crate::app::session::{Session, View};
use crate::app::slot::Slot;
use crate::domain::change::Moved;
use crate::domain::command::aws_command;
use crate::domain::{AttributeName, ChangeSet, Contact, Operation, User, Username};
use crate::job::{Answer, Job, Ticket};

/// What is done about one thing that someone else changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    KeepMine,
    TakeTheirs,
}

/// The open review.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// Whom it is about.
    pub user: Username,
    /// AdminGetUser on opening.
    pub read: Slot<()>,
    pub read_at: Option<Timestamp>,
    /// What will be sent; `None` until the user has been read.
    pub changes: Option<ChangeSet>,
    /// The newest reading.
    pub now: Option<Arc<User>>,
    /// What someone else changed since the form's reading.
    pub moved: Moved,
    /// One for each conflict row: touched attributes, then facts.
    pub decisions: Vec<Option<Decision>>,
    /// Someone changed it since the form was opened, and each conflict was decided.
    pub decided: bool,
    pub confirmation: Confirmation,
}

impl Review {
    pub fn conflicts(&self) -> usize {
        self.moved.touched.len() + self.moved.facts.len()
    }

    pub fn undecided(&self) -> usize {
        self.decisions.iter().filter(|decision| decision.is_none()).count()
    }

    /// The attribute a conflict row is about; facts have none.
    pub fn conflict_name(&self, at: usize) -> Option<&AttributeName> {
        self.moved.touched.get(at).map(|drift| &drift.name)
    }
}

impl Session {
    /// The fields and buttons of the review, in the order of Tab.
    pub(super) fn review_controls(&self, core: &Core) -> Vec<Control> {
        let Some(review) = &self.review else {
            return Vec::new();
        };
        let mut controls: Vec<Control> = (0..review.decisions.len()).map(Control::Conflict).collect();
        controls.push(Control::Reason);
        if self.needs_arming(core) {
            controls.push(Control::PoolName);
        }
        if !self.takes_alias_from(core).is_empty() {
            controls.push(Control::Username);
        }
        controls.extend([Control::Cancel, Control::Send]);
        controls
    }

    /// Opens the review, or goes to what stands in the way and says it.
    pub(in crate::app) fn open_review(&mut self, core: &mut Core) {
        let (Some(draft), Some(edit)) = (self.edited_draft(), &self.edit) else {
            return;
        };
        if let Some(fault) = self.form_lock(edit) {
            let operation = fault.operation;
            return core.say(crate::say!("the form is locked: ", own operation, " did not succeed; r tries again"));
        }
        if let Some(why) = self.user_lock(draft.base(), core) {
            return core.say(crate::say!("the form is locked: ").join(why));
        }
        if draft.is_empty() {
            return core.say("there are no pending edits to review");
        }
        if let Some(why) = self.token_is_missing(draft.route(), &edit.username, core) {
            return core.say(why);
        }
        if let Some(seconds) = self.may_still_land(&edit.username, core) {
            return core.say(format!(
                "the last write has no answer yet and may still land; review opens in {seconds} s"
            ));
        }
        if self.rules(edit.route).is_none() || edit.read.is_loading() {
            return core.say("the user is still being read; a moment");
        }
        let user = edit.username.clone();
        if self.go_to_what_is_missing(core) {
            return;
        }
        // A name that was typed for another decision does not count for this one.
        if core.settings.confirm == Confirm::Always {
            self.armed = None;
        }
        self.review = Some(Review {
            user,
            read: Slot::Empty,
            read_at: None,
            changes: None,
            now: None,
            moved: Moved::default(),
            decisions: Vec::new(),
            decided: false,
            confirmation: Confirmation::new(core.mono),
        });
        self.view = View::Review;
        self.read_for_review(core);
        if let Some(edit) = &mut self.edit {
            edit.owners.clear();
        }
        for contact in Contact::ALL {
            self.ask_owner(contact, core);
        }
        self.focus_first(core);
    }

    /// Puts the cursor of the form on what stands in the way of sending, and says it. False: nothing does.
    fn go_to_what_is_missing(&mut self, core: &mut Core) -> bool {
        let undecided = self.edited_draft().and_then(|draft| draft.undecided().next());
        let (name, why) = match (self.problems().into_iter().next(), undecided) {
            (Some((name, problem)), _) => {
                let why = crate::say!(name name.raw(), ": ").join(problem.sentence());
                (name, why)
            }
            (None, Some(contact)) => {
                let why = crate::say!("v chooses first: who vouches for the new ", own contact.noun(), "?");
                (contact.flag(), why)
            }
            (None, None) => return false,
        };
        self.go_in_form(name);
        core.say(why);
        true
    }

    /// Reads the user again before anything can be sent.
    pub(in crate::app) fn read_for_review(&mut self, core: &mut Core) {
        let (Some(review), Some(edit)) = (&mut self.review, &self.edit) else {
            return;
        };
        if review.read.is_loading() || review.confirmation.sending.is_some() {
            return;
        }
        let job = Job::GetUser {
            place: self.place.clone(),
            username: edit.username.clone(),
            route: edit.route,
        };
        review.read = Slot::Loading(core.ask(edit.username.raw(), "reading again before sending", job));
    }

    pub(in crate::app) fn take_review_reading(
        &mut self,
        ticket: Ticket,
        answer: &Answer<Arc<User>>,
        core: &mut Core,
    ) -> bool {
        let Some(review) = &mut self.review else {
            return false;
        };
        debug_assert!(self.edit.as_ref().is_some_and(|edit| edit.username == review.user));
        if !review
            .read
            .fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone))
        {
            return false;
        }
        if let Ok(answered) = answer {
            review.read_at = Some(core.at);
            let now = Arc::clone(&answered.value);
            let moved = self.draft_set().map(|set| set.drift(&now)).unwrap_or_default();
            self.take_moved(now, moved, core);
        }
        true
    }

    /// The set that the open draft stands for, against the base it was made from.
    fn draft_set(&self) -> Option<ChangeSet> {
        let draft = self.edited_draft()?;
        draft.change_set(&self.rules(draft.route())?).ok()
    }

    fn owner_still_asked(&self) -> bool {
        self.edit
            .as_ref()
            .is_some_and(|edit| edit.owners.values().any(|question| question.answer.is_loading()))
    }

    /// The one decision of a write. Everything it needs is checked here and again where the write is made.
    pub(super) fn send_review(&mut self, core: &mut Core) {
        let takes_alias = !self.takes_alias_from(core).is_empty();
        let Some(review) = &self.review else {
            return;
        };
        if let Some(why) = review.now.as_ref().and_then(|now| self.user_lock(now, core)) {
            return core.say(why);
        }
        if review.undecided() > 0 {
            return core.say("someone changed it meanwhile: decide each with m or t first");
        }
        if let Some(why) = self
            .edit
            .as_ref()
            .and_then(|edit| self.token_is_missing(edit.route, &edit.username, core))
        {
            return core.say(why);
        }
        if let Some(fault) = review.read.fault() {
            return core.say(
                crate::say!("not read again: ")
                    .join(headline(fault))
                    .join("; r tries again".into()),
            );
        }
        if review.read.is_loading() {
            return core.say("the user is being read again; a moment");
        }
        if self.owner_still_asked() {
            return core.say("still asking who has the new address; a moment");
        }
        if self.something_is_missing(core) {
            return;
        }
        if takes_alias && !self.username_matches() {
            self.focus(Control::Username);
            return core.say("this takes an alias from someone: type the username first");
        }
        let Some(changes) = self.review.as_ref().and_then(|review| review.changes.clone()) else {
            return;
        };
        let count = changes.len();
        let line = format!("sending {count} {}", plural(count, "attribute"));
        self.submit(Operation::update(changes), line, core);
    }

    pub(in crate::app) fn review_items(&self) -> Vec<CopyItem> {
        let Some(changes) = self.review.as_ref().and_then(|review| review.changes.clone()) else {
            return Vec::new();
        };
        vec![CopyItem {
            name: "as aws command (no journal)",
            text: aws_command(&self.place, &Operation::update(changes)),
        }]
    }
}
