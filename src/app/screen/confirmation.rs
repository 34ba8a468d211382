//! What every review shares, of attributes and of a single step: where the focus is, what has to be typed, when a key is
//! too soon, and that a send which is out stays in sight. One set of rules, so that no write is easier to send than
//! another.

use std::time::Duration;

use crate::app::Effect;
use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::field::Field;
use crate::app::keymap::{Chord, Key};
use crate::app::screen::review::Decision;
use crate::app::session::{Session, View};
use crate::domain::{Operation, Raw, Sentence, Username, Why};
use crate::job::{Job, Step, Submission, Ticket};

use crate::app::writes::Write;

/// What the keys act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// One thing someone else changed meanwhile, by its position.
    Conflict(usize),
    /// Why it is done.
    Reason,
    /// The name of a protected pool that is not armed.
    PoolName,
    /// Which app client a step names.
    Client,
    /// The code that is entered.
    Code,
    /// The username, where something is taken from somebody.
    Username,
    Cancel,
    Send,
}

/// The part of a review where it is decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirmation {
    pub focus: Control,
    pub reason: Field,
    /// Which of the earlier reasons stands in the field, where Up brought one.
    recalled: Option<usize>,
    pub pool_name: Field,
    pub username: Field,
    /// The write is under way.
    pub sending: Option<Ticket>,
    pub throttled: Option<Step>,
    /// When it opened, or its content changed: nothing confirms in the moment after.
    pub opened: Duration,
    pub scroll: usize,
}

impl Confirmation {
    pub(in crate::app) fn new(opened: Duration) -> Self {
        Self {
            focus: Control::Cancel,
            reason: Field::default(),
            recalled: None,
            pool_name: Field::default(),
            username: Field::default(),
            sending: None,
            throttled: None,
            opened,
            scroll: 0,
        }
    }
}

impl Session {
    /// The confirmation of the screen in front.
    pub fn confirmation(&self) -> Option<&Confirmation> {
        match self.view {
            View::Review => self.review.as_ref().map(|review| &review.confirmation),
            View::Deed => self.deed.as_ref().map(|screen| &screen.confirmation),
            _ => None,
        }
    }

    pub(in crate::app) fn confirmation_mut(&mut self) -> Option<&mut Confirmation> {
        match self.view {
            View::Review => self.review.as_mut().map(|review| &mut review.confirmation),
            View::Deed => self.deed.as_mut().map(|screen| &mut screen.confirmation),
            _ => None,
        }
    }

    /// The confirmation that waits for the result of a send, in front or not.
    pub(in crate::app) fn confirmation_of(&mut self, ticket: Ticket) -> Option<&mut Confirmation> {
        let review = self.review.as_mut().map(|review| &mut review.confirmation);
        let deed = self.deed.as_mut().map(|screen| &mut screen.confirmation);
        review
            .into_iter()
            .chain(deed)
            .find(|confirmation| confirmation.sending == Some(ticket))
    }

    /// Whom the review in front is about.
    pub fn confirmed_user(&self) -> Option<&Username> {
        match self.view {
            View::Review => self.review.as_ref().map(|review| &review.user),
            View::Deed => self.deed.as_ref().map(|screen| &screen.user.username),
            _ => None,
        }
    }

    /// The fields and buttons, in the order of Tab.
    pub fn controls(&self, core: &Core) -> Vec<Control> {
        match self.view {
            View::Review => self.review_controls(core),
            View::Deed => self.deed_controls(core),
            _ => Vec::new(),
        }
    }

    /// What stood in the way of the last send is over: the decision is made again, from the beginning.
    pub(in crate::app) fn decide_anew(&mut self, core: &Core) {
        self.opened_now(core);
        self.focus_first(core);
    }

    /// The focus goes to what is still needed, else to Cancel.
    pub(in crate::app) fn focus_first(&mut self, core: &Core) {
        let first = self
            .controls(core)
            .into_iter()
            .find(|control| self.still_needs(*control))
            .unwrap_or(Control::Cancel);
        self.focus(first);
    }

    fn still_needs(&self, control: Control) -> bool {
        match control {
            Control::Reason => self.reason_problem().is_some(),
            Control::Client => self.deed.as_ref().is_some_and(|screen| screen.client().is_none()),
            Control::Code => self.deed.as_ref().is_some_and(|screen| screen.code.is_empty()),
            _ => true,
        }
    }

    pub(super) fn opened_now(&mut self, core: &Core) {
        if let Some(confirmation) = self.confirmation_mut() {
            confirmation.opened = core.mono;
        }
    }

    pub(super) fn focus(&mut self, control: Control) {
        if let Some(confirmation) = self.confirmation_mut() {
            confirmation.focus = control;
        }
    }

    pub(in crate::app) fn confirm_action(&mut self, action: Action, core: &mut Core) {
        let controls = self.controls(core);
        let Some(confirmation) = self.confirmation_mut() else {
            return self.leave_confirmation(core);
        };
        if confirmation.sending.is_some() {
            return core.say("the write is under way");
        }
        let focus = confirmation.focus;
        let at = controls.iter().position(|control| *control == focus).unwrap_or(0);
        let count = controls.len().max(1);
        let go = |to: usize| controls.get(to % count).copied().unwrap_or(Control::Cancel);
        match action {
            Action::NextControl | Action::Right => confirmation.focus = go(at + 1),
            Action::PreviousControl | Action::Left => confirmation.focus = go(at + count - 1),
            Action::Press | Action::KeepMine | Action::TakeTheirs if core.too_soon(confirmation.opened) => {
                core.say("that key came too soon after this opened; press again");
            }
            Action::Press => self.press(core),
            Action::KeepMine => self.decide(Decision::KeepMine, core),
            Action::TakeTheirs => self.decide(Decision::TakeTheirs, core),
            Action::Up | Action::Down if focus == Control::Client => self.choose_client(action),
            Action::Up | Action::PageUp | Action::HalfUp => {
                confirmation.scroll = confirmation.scroll.saturating_sub(1);
            }
            Action::Down | Action::PageDown | Action::HalfDown => {
                confirmation.scroll = confirmation.scroll.saturating_add(1).min(500);
            }
            Action::Top => confirmation.scroll = 0,
            _ => {}
        }
    }

    /// Text for the field that has the focus. False: none has it.
    pub(in crate::app) fn confirm_text(&mut self, chord: Chord, core: &Core) -> bool {
        let on_reason = self
            .confirmation()
            .is_some_and(|confirmation| confirmation.focus == Control::Reason && confirmation.sending.is_none());
        match chord.key {
            Key::Up | Key::Down if on_reason => {
                self.recall(chord.key, &core.reasons);
                true
            }
            _ => self.confirm_field().is_some_and(|field| field.key(chord)),
        }
    }

    /// Puts an earlier reason of this run into the field: Up goes back in time, Down comes forth again.
    fn recall(&mut self, key: Key, reasons: &[Raw]) {
        let Some(confirmation) = self.confirmation_mut() else {
            return;
        };
        let to = match (key, confirmation.recalled) {
            (Key::Up, None) => Some(0),
            (Key::Up, Some(at)) => Some(at.saturating_add(1).min(reasons.len().saturating_sub(1))),
            (_, Some(at)) => at.checked_sub(1),
            (_, None) => return,
        };
        let text = match to {
            None => "",
            Some(at) => match reasons.get(at) {
                Some(reason) => reason.as_str(),
                None => return,
            },
        };
        confirmation.reason = Field::new(text);
        confirmation.recalled = to;
    }

    /// The reason as it is typed. `None`: nothing but blanks.
    fn reason(&self) -> Option<Raw> {
        let typed = self.confirmation()?.reason.text().trim();
        (!typed.is_empty()).then(|| Raw::from(typed))
    }

    /// What is wrong with the reason as it stands, if anything is.
    pub fn reason_problem(&self) -> Option<Sentence> {
        self.guard.reason.check(self.reason().as_ref()).err()
    }

    /// Why a write is made, as the journal will tell it.
    fn why(&self) -> Why {
        Why {
            reason: self.reason(),
            undoes: self.undoes(),
        }
    }

    /// Whether something that every review asks for stands in the way of sending; then the focus goes there and it is said.
    pub(super) fn something_is_missing(&mut self, core: &mut Core) -> bool {
        if let Some(why) = self.waits_for_name(core) {
            core.say(why);
            return true;
        }
        if let Some(problem) = self.reason_problem() {
            self.focus(Control::Reason);
            core.say(problem);
            return true;
        }
        if self.needs_arming(core) {
            self.focus(Control::PoolName);
            core.say(if self.pool_name_matches() {
                "the pool's name stands there: Enter takes it, and arms the pool"
            } else {
                "this pool is protected: type its name first"
            });
            return true;
        }
        false
    }

    pub(in crate::app) fn confirm_paste(&mut self, text: &Raw) -> bool {
        let Some(field) = self.confirm_field() else {
            return false;
        };
        field.paste(text.as_str());
        true
    }

    fn confirm_field(&mut self) -> Option<&mut Field> {
        let confirmation = self
            .confirmation()
            .filter(|confirmation| confirmation.sending.is_none())?;
        match confirmation.focus {
            Control::Reason => self.confirmation_mut().map(|confirmation| &mut confirmation.reason),
            Control::PoolName => self.confirmation_mut().map(|confirmation| &mut confirmation.pool_name),
            Control::Username => self.confirmation_mut().map(|confirmation| &mut confirmation.username),
            Control::Code => self.deed.as_mut().map(|screen| &mut screen.code),
            Control::Conflict(_) | Control::Client | Control::Cancel | Control::Send => None,
        }
    }

    /// Whether letters are text now, because a field has the focus.
    pub fn confirmation_takes_text(&self) -> bool {
        self.confirmation().is_some_and(|confirmation| {
            matches!(
                confirmation.focus,
                Control::Reason | Control::PoolName | Control::Code | Control::Username
            )
        })
    }

    fn press(&mut self, core: &mut Core) {
        let Some(confirmation) = self.confirmation() else {
            return;
        };
        match confirmation.focus {
            Control::Cancel => self.leave_confirmation(core),
            Control::Conflict(_) => core.say("m keeps the pending value, t takes the one that is there now"),
            Control::Reason => match self.reason_problem() {
                Some(problem) => core.say(problem),
                None => self.decide_anew(core),
            },
            Control::PoolName => self.arm_by_name(core),
            Control::Client => self.choose_client(Action::Down),
            Control::Code => {
                if self
                    .deed
                    .as_ref()
                    .is_some_and(|screen| screen.code.text().trim().is_empty())
                {
                    core.say("type the code first");
                } else {
                    self.taken(core);
                }
            }
            Control::Username => {
                if self.username_matches() {
                    self.taken(core);
                } else {
                    core.say("that is not the username; it stands in the title");
                }
            }
            Control::Send => match self.view {
                View::Deed => self.send_deed(core),
                _ => self.send_review(core),
            },
        }
    }

    /// What was typed is taken. Not on to Send: a held Enter would press it.
    fn taken(&mut self, core: &Core) {
        self.focus(Control::Cancel);
        self.opened_now(core);
    }

    fn arm_by_name(&mut self, core: &mut Core) {
        if self.pool_name_matches() {
            self.arm(core);
            self.decide_anew(core);
        } else {
            core.say("that is not the pool's name; it stands in the header");
        }
    }

    /// A name may begin or end with blanks; a paste may bring some that do not belong to it.
    fn pool_name_matches(&self) -> bool {
        match (self.confirmation(), self.display_name()) {
            (Some(confirmation), Some(name)) => {
                let typed = confirmation.pool_name.text();
                name.is_typed_as(typed) || name.is_typed_as(typed.trim())
            }
            _ => false,
        }
    }

    pub(super) fn username_matches(&self) -> bool {
        match (self.confirmation(), self.confirmed_user()) {
            (Some(confirmation), Some(user)) => user.raw().is_typed_as(confirmation.username.text()),
            _ => false,
        }
    }

    /// Goes back without sending. A send that is out keeps its review open until its result is there.
    pub(in crate::app) fn leave_confirmation(&mut self, core: &mut Core) {
        if let Some(confirmation) = self.confirmation()
            && let Some(ticket) = confirmation.sending
        {
            if confirmation.throttled.is_some() {
                core.effect(Effect::Cancel(ticket));
                return core.say("stopping before the next send");
            }
            return core.say("the write is under way; its result will be in the status pane");
        }
        match self.view {
            View::Deed => self.close_deed(),
            _ => {
                self.review = None;
                self.view = View::Edit;
            }
        }
    }

    /// Hands a decided write to the desk, and shows that it is under way.
    pub(super) fn submit(&mut self, operation: Operation, line: impl Into<Sentence>, core: &mut Core) {
        if let Some(reason) = self.reason() {
            core.reasons.retain(|earlier| *earlier != reason);
            core.reasons.insert(0, reason);
        }
        let subject = operation.user().username.raw().clone();
        let submission = Submission {
            place: self.place.clone(),
            operation: operation.clone(),
            why: self.why(),
            armed_until: self.armed.map(|armed| armed.until),
        };
        let ticket = core.ask(&subject, line, Job::Submit(submission));
        self.writes.insert(ticket, Write::Sent(operation));
        if let Some(confirmation) = self.confirmation_mut() {
            confirmation.sending = Some(ticket);
            confirmation.throttled = None;
        }
        self.disarm_after_send(core);
    }

    /// How long a write without an answer may still land. While it may, nothing else is decided about this user.
    pub(super) fn may_still_land(&self, user: &Username, core: &Core) -> Option<i64> {
        let unknown = self.unknown.get(user)?;
        let until = unknown.at.checked_add(core.settings.late).ok()?;
        (core.at < until).then(|| until.duration_since(core.at).as_secs() + 1)
    }
}
