//! Review: everything that is sent, read again from the service, and the one place a write is decided.

mod conflict;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::app::Effect;
use crate::app::action::Action;
use crate::app::core::{Confirm, Core, headline};
use crate::app::field::Field;
use crate::app::keymap::Chord;
use crate::app::overlay::CopyItem;
use crate::app::screen::edit::plural;
use crate::app::session::{Session, View};
use crate::app::slot::Slot;
use crate::app::writes::Write;
use crate::domain::change::Moved;
use crate::domain::command::aws_command;
use crate::domain::{AttributeName, ChangeSet, Contact, Operation, Raw, Sentence, User, Username};
use crate::job::{Answer, Job, Step, Submission, Ticket};

/// What the keys act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// One thing someone else changed meanwhile, by its position.
    Conflict(usize),
    /// The name of a protected pool that is not armed.
    PoolName,
    /// The username, where the change takes an alias from someone.
    Username,
    Cancel,
    Send,
}

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
    pub focus: Control,
    pub pool_name: Field,
    pub username: Field,
    /// The write is under way.
    pub sending: Option<Ticket>,
    pub throttled: Option<Step>,
    /// When the review opened, or its content changed: nothing confirms in the moment after.
    pub opened: Duration,
    pub scroll: usize,
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
    pub fn controls(&self, core: &Core) -> Vec<Control> {
        let Some(review) = &self.review else {
            return Vec::new();
        };
        let mut controls: Vec<Control> = (0..review.decisions.len()).map(Control::Conflict).collect();
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
        if draft.is_empty() {
            return core.say("there are no pending edits to review");
        }
        let unknown = self.unknown.get(&edit.username);
        let may_land = unknown.and_then(|unknown| unknown.at.checked_add(core.settings.late).ok());
        if let Some(until) = may_land.filter(|until| core.at < *until) {
            let seconds = until.duration_since(core.at).as_secs() + 1;
            return core.say(format!(
                "the last write has no answer yet and may still land; review opens in {seconds} s"
            ));
        }
        if self.pool.ready().is_none() || edit.read.is_loading() {
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
            focus: Control::Cancel,
            pool_name: Field::default(),
            username: Field::default(),
            sending: None,
            throttled: None,
            opened: core.mono,
            scroll: 0,
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
                let why = crate::say!(raw name.raw(), ": ").join(problem.sentence());
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
        if review.read.is_loading() || review.sending.is_some() {
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

    /// What stood in the way of the last send is over: the decision is made again, from the beginning.
    pub(in crate::app) fn decide_anew(&mut self, core: &Core) {
        self.opened_now(core);
        self.focus_first(core);
    }

    /// The focus goes to what is still needed, else to Cancel.
    fn focus_first(&mut self, core: &Core) {
        let first = self.controls(core).first().copied().unwrap_or(Control::Cancel);
        if let Some(review) = &mut self.review {
            review.focus = first;
        }
    }

    pub(in crate::app) fn leave_review(&mut self, core: &mut Core) {
        let Some(review) = &self.review else {
            self.view = View::Edit;
            return;
        };
        if let Some(ticket) = review.sending {
            if review.throttled.is_some() {
                core.effect(Effect::Cancel(ticket));
                return core.say("stopping before the next send");
            }
            return core.say("the write is under way; its result will be in the status pane");
        }
        self.review = None;
        self.view = View::Edit;
    }

    pub(in crate::app) fn review_action(&mut self, action: Action, core: &mut Core) {
        let controls = self.controls(core);
        let Some(review) = &mut self.review else {
            self.view = View::Edit;
            return;
        };
        if review.sending.is_some() {
            return core.say("the write is under way");
        }
        let at = controls
            .iter()
            .position(|control| *control == review.focus)
            .unwrap_or(0);
        let count = controls.len().max(1);
        match action {
            Action::NextControl | Action::Right => {
                review.focus = controls.get((at + 1) % count).copied().unwrap_or(Control::Cancel);
            }
            Action::PreviousControl | Action::Left => {
                review.focus = controls
                    .get((at + count - 1) % count)
                    .copied()
                    .unwrap_or(Control::Cancel);
            }
            Action::Press | Action::KeepMine | Action::TakeTheirs if core.too_soon(review.opened) => {
                core.say("that key came too soon after this opened; press again");
            }
            Action::Press => self.press(core),
            Action::KeepMine => self.decide(Decision::KeepMine, core),
            Action::TakeTheirs => self.decide(Decision::TakeTheirs, core),
            Action::Up | Action::PageUp | Action::HalfUp => review.scroll = review.scroll.saturating_sub(1),
            Action::Down | Action::PageDown | Action::HalfDown => {
                review.scroll = review.scroll.saturating_add(1).min(500)
            }
            Action::Top => review.scroll = 0,
            _ => {}
        }
    }

    pub(in crate::app) fn review_text(&mut self, chord: Chord) -> bool {
        match self.review_field() {
            Some(field) => field.key(chord),
            None => false,
        }
    }

    pub(in crate::app) fn review_paste(&mut self, text: &Raw) -> bool {
        match self.review_field() {
            Some(field) => {
                field.paste(text.as_str());
                true
            }
            None => false,
        }
    }

    fn review_field(&mut self) -> Option<&mut Field> {
        let review = self.review.as_mut().filter(|review| review.sending.is_none())?;
        match review.focus {
            Control::PoolName => Some(&mut review.pool_name),
            Control::Username => Some(&mut review.username),
            Control::Conflict(_) | Control::Cancel | Control::Send => None,
        }
    }

    /// Whether letters are text now, because a field of the review has the focus.
    pub fn review_takes_text(&self) -> bool {
        self.view == View::Review
            && self
                .review
                .as_ref()
                .is_some_and(|review| matches!(review.focus, Control::PoolName | Control::Username))
    }

    fn press(&mut self, core: &mut Core) {
        let Some(review) = &self.review else {
            return;
        };
        match review.focus {
            Control::Cancel => self.leave_review(core),
            Control::Conflict(_) => core.say("m keeps the pending value, t takes the one that is there now"),
            Control::PoolName => self.arm_by_name(core),
            Control::Username => {
                if self.username_matches() {
                    // Not on to Send: a held Enter would press it.
                    self.focus(Control::Cancel);
                    self.opened_now(core);
                } else {
                    core.say("that is not the username; it stands in the title");
                }
            }
            Control::Send => self.send(core),
        }
    }

    fn opened_now(&mut self, core: &Core) {
        if let Some(review) = &mut self.review {
            review.opened = core.mono;
        }
    }

    fn focus(&mut self, control: Control) {
        if let Some(review) = &mut self.review {
            review.focus = control;
        }
    }

    fn arm_by_name(&mut self, core: &mut Core) {
        let typed = self
            .review
            .as_ref()
            .map(|review| review.pool_name.text().to_owned())
            .unwrap_or_default();
        // A name may begin or end with blanks; a paste may bring some that do not belong to it.
        if self
            .display_name()
            .is_some_and(|name| name.is_typed_as(&typed) || name.is_typed_as(typed.trim()))
        {
            self.arm(core);
            self.decide_anew(core);
        } else {
            core.say("that is not the pool's name; it stands in the header");
        }
    }

    fn username_matches(&self) -> bool {
        match (&self.review, &self.edit) {
            (Some(review), Some(edit)) => edit.username.raw().is_typed_as(review.username.text()),
            _ => false,
        }
    }

    fn owner_still_asked(&self) -> bool {
        self.edit
            .as_ref()
            .is_some_and(|edit| edit.owners.values().any(|question| question.answer.is_loading()))
    }

    /// The one decision of a write. Everything it needs is checked here and again where the write is made.
    fn send(&mut self, core: &mut Core) {
        let takes_alias = !self.takes_alias_from(core).is_empty();
        let Some(review) = &self.review else {
            return;
        };
        if review.undecided() > 0 {
            return core.say("someone changed it meanwhile: decide each with m or t first");
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
        if self.needs_arming(core) {
            self.focus(Control::PoolName);
            return core.say("this pool is protected: type its name first");
        }
        if takes_alias && !self.username_matches() {
            self.focus(Control::Username);
            return core.say("this takes an alias from someone: type the username first");
        }
        let Some(changes) = self.review.as_ref().and_then(|review| review.changes.clone()) else {
            return;
        };
        let subject = changes.base().username.raw().clone();
        let count = changes.len();
        let submission = Submission {
            place: self.place.clone(),
            operation: Operation::update(changes),
            armed_until: self.armed.map(|armed| armed.until),
        };
        let line: Sentence = format!("sending {count} {}", plural(count, "attribute")).into();
        let write = Write::Sent(submission.operation.clone());
        let ticket = core.ask(&subject, line, Job::Submit(submission));
        self.writes.insert(ticket, write);
        if let Some(review) = &mut self.review {
            review.sending = Some(ticket);
            review.throttled = None;
        }
        self.disarm_after_send(core);
    }

    pub(in crate::app) fn review_items(&self) -> Vec<CopyItem> {
        let Some(changes) = self.review.as_ref().and_then(|review| review.changes.as_ref()) else {
            return Vec::new();
        };
        vec![CopyItem {
            name: "as aws command (no journal)",
            text: aws_command(&self.place, changes),
        }]
    }
}
