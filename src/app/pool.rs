//! The pool that is open: opening one, coming back to one that was left, and leaving it.

use super::App;
use super::action::Action;
use super::overlay::{Overlay, Prompt, PromptKind};
use super::screen::pools::Choice;
use super::session::Session;
use crate::domain::guard::Because;
use crate::domain::{Place, PoolId};

impl App {
    pub(super) fn pools_action(&mut self, action: Action) {
        match action {
            Action::PastePool => {
                self.overlay = Some(Overlay::Prompt(Prompt::new(PromptKind::PoolId, self.core.mono)));
            }
            Action::Open => {
                if let Some(choice) = self.pools.selected(&self.core.settings) {
                    self.open_choice(choice);
                }
            }
            other => {
                if !self.pools.move_cursor(other, &mut self.core) {
                    self.unbound(None);
                }
            }
        }
    }

    pub(super) fn open_pool_id(&mut self, id: PoolId) {
        let choice = self.pools.choice_for(id, &self.core.settings);
        self.open_choice(choice);
    }

    /// Opens a pool, unless the rules keep pools closed that the config does not list.
    pub(super) fn open_choice(&mut self, choice: Choice) {
        if !choice.guard.opens() {
            let who = match self.core.settings.guards.unlisted_by {
                Because::Policy => ", and the policy of this machine keeps such pools closed",
                Because::Flag | Because::Setting | Because::Export => {
                    ", which keeps such pools closed (unlisted-pools)"
                }
            };
            let what = match choice.favourite {
                true => " does not open: the config lists it, but it does not count as listed (listed-pools)",
                false => " does not open: it is not in the config",
            };
            let why = crate::say!(name choice.place.pool.raw(), own what, own who);
            self.core.note(choice.place.pool.raw(), why.clone());
            return self.core.say(why);
        }
        self.open_session(Session::new(choice));
    }

    pub(super) fn open_session(&mut self, fresh: Session) {
        let place: &Place = &fresh.place;
        let session = match self.left.iter().position(|left| left.place == *place) {
            Some(at) => {
                let mut back = self.left.remove(at);
                back.come_back(&mut self.core);
                back
            }
            None => {
                let mut fresh = fresh;
                fresh.open(&mut self.core);
                fresh
            }
        };
        let session = self.session.insert(session);
        if let Some(token) = self.core.settings.access_token.take() {
            session.act_as_given(token, &mut self.core);
        }
    }

    pub(super) fn leave_session(&mut self) {
        if self.session.as_ref().is_some_and(Session::is_sending) {
            return self
                .core
                .say("the write is under way; its result will be in the status pane");
        }
        if let Some(mut session) = self.session.take() {
            session.leave(&mut self.core);
            self.left.push(session);
        }
        if self.pools.is_untouched() {
            self.pools.load(&mut self.core);
        }
    }

    pub(super) fn switch_mode(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        if session.may_write() {
            session.stop_writing(&mut self.core);
        } else {
            self.overlay = Some(Overlay::Prompt(Prompt::new(PromptKind::PoolName, self.core.mono)));
        }
    }
}
