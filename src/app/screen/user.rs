//! One user: facts first, then every attribute. What the list knows is shown at once; details cost a call and are asked for.

use std::sync::Arc;

use super::rows::{Rows, Unset};
use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::overlay::{CopyItem, Overlay, PromptKind};
use crate::app::session::{Session, View, user_items};
use crate::app::slot::Slot;
use crate::domain::column::Column;
use crate::domain::{AttributeName, Raw, Route, User, find};
use crate::job::{Answer, Found, Job, Ticket};

/// The open user.
#[derive(Clone, Debug, PartialEq)]
pub struct UserScreen {
    pub user: Arc<User>,
    /// AdminGetUser, only where it was asked for.
    pub details: Slot<()>,
    pub groups: Slot<Vec<Raw>>,
    /// The same user read again through the list.
    pub again: Slot<()>,
    /// The attribute the cursor is on.
    pub cursor: Option<AttributeName>,
    pub unset: Unset,
    pub scrolled: usize,
}

impl UserScreen {
    pub fn new(user: Arc<User>) -> Self {
        Self {
            user,
            details: Slot::Empty,
            groups: Slot::Empty,
            again: Slot::Empty,
            cursor: None,
            unset: Unset::Folded,
            scrolled: 0,
        }
    }

    pub(in crate::app) fn go_to(&mut self, name: AttributeName) {
        self.cursor = Some(name);
    }
}

impl Session {
    /// The attributes of the open user, in the order they are drawn.
    pub fn user_rows(&self, screen: &UserScreen) -> Rows {
        Rows::new(
            self.rules(Route::Admin),
            &screen.user,
            None,
            screen.unset,
            screen.cursor.as_ref(),
            |name| self.users.tells(&Column::Attribute(name.clone())),
        )
    }

    pub(in crate::app) fn user_action(&mut self, action: Action, core: &mut Core, overlay: &mut Option<Overlay>) {
        let Some(screen) = &self.user else {
            self.view = View::Users;
            return;
        };
        match action {
            Action::Edit => {
                let user = Arc::clone(&screen.user);
                let cursor = screen.cursor.clone();
                self.open_form(user, Route::Admin, View::User, core);
                if let Some(cursor) = cursor {
                    self.go_in_form(cursor);
                }
            }
            Action::Details => self.ask_details(core),
            Action::Jump => *overlay = Self::prompt(PromptKind::Jump, core.mono),
            Action::Unfold => {
                if let Some(screen) = &mut self.user {
                    screen.unset = screen.unset.toggled();
                }
            }
            Action::Left => self.scroll_user(|scrolled| scrolled.saturating_sub(8)),
            Action::Right => self.scroll_user(|scrolled| scrolled.saturating_add(8).min(2_048)),
            other => {
                let rows = self.user_rows(screen);
                let current = screen.cursor.clone().or_else(|| rows.names.first().cloned());
                let next = current.and_then(|current| rows.moved(&current, other).cloned());
                if let Some(screen) = &mut self.user {
                    screen.cursor = next;
                }
            }
        }
    }

    fn scroll_user(&mut self, to: impl Fn(usize) -> usize) {
        if let Some(screen) = &mut self.user {
            screen.scrolled = to(screen.scrolled);
        }
    }

    /// Reads what the list does not know: second factors and groups, two calls.
    fn ask_details(&mut self, core: &mut Core) {
        if self.is_file() {
            return core
                .say("what this export holds of the user is shown; there is no service behind it to ask for more");
        }
        self.ask_factors(core);
        self.ask_groups(core);
    }

    fn ask_factors(&mut self, core: &mut Core) {
        let Some(screen) = self.user.as_mut().filter(|screen| !screen.details.is_loading()) else {
            return;
        };
        let username = screen.user.username.clone();
        let subject = username.raw().clone();
        let job = Job::GetUser {
            route: Route::Admin,
            place: self.place.clone(),
            username,
        };
        screen.details = Slot::Loading(core.ask(&subject, "reading all attributes and MFA", job));
    }

    fn ask_groups(&mut self, core: &mut Core) {
        let Some(screen) = self.user.as_mut().filter(|screen| !screen.groups.is_loading()) else {
            return;
        };
        let username = screen.user.username.clone();
        let subject = username.raw().clone();
        let job = Job::Groups {
            place: self.place.clone(),
            username,
        };
        screen.groups = Slot::Loading(core.ask(&subject, "reading groups", job));
    }

    /// Reads the open user again through the list, which does not count the user as active. Details that were asked for
    /// and failed are tried again as they were.
    pub(in crate::app) fn refresh_user(&mut self, core: &mut Core) {
        if self.is_file() {
            return self.read_file_again(core);
        }
        let username = self.user.as_ref().map(|screen| &screen.user.username);
        let acted_as = username.is_some_and(|username| self.acting_as(username).is_some());
        let Some(screen) = &mut self.user else {
            return;
        };
        if acted_as && !screen.user.tells_status() {
            // What the token sees is read with the token, as long as there is one.
            let username = screen.user.username.clone();
            let subject = username.raw().clone();
            let job = Job::GetUser {
                route: Route::Own,
                place: self.place.clone(),
                username,
            };
            if !screen.details.is_loading() {
                screen.details = Slot::Loading(core.ask(&subject, "reading again as the user", job));
            }
            return;
        }
        let details_failed = screen.details.fault().is_some();
        let groups_were_read = !screen.groups.is_empty();
        if !screen.again.is_loading() {
            let job = Job::Find {
                place: self.place.clone(),
                plan: find::plan_again(&screen.user),
            };
            let subject = screen.user.username.raw().clone();
            screen.again = Slot::Loading(core.ask(&subject, "reading again through the list", job));
        }
        if details_failed {
            self.ask_factors(core);
        }
        if groups_were_read {
            self.ask_groups(core);
        }
    }

    /// The open user as the list has it now.
    pub(in crate::app) fn take_again(&mut self, ticket: Ticket, answer: &Answer<Found>, core: &mut Core) -> bool {
        let Some(screen) = &mut self.user else {
            return false;
        };
        if !screen
            .again
            .fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone))
        {
            return false;
        }
        let Ok(answered) = answer else {
            return true;
        };
        match answered
            .value
            .users
            .iter()
            .find(|row| row.username == screen.user.username)
        {
            Some(row) => {
                let now = self.users.newest(row);
                self.users.put(&now);
                screen.user = now;
            }
            None => core
                .say("the list does not have this user now: deleted, or the list lags; shown is what was read before"),
        }
        true
    }

    pub(in crate::app) fn user_screen_items(&self, screen: &UserScreen) -> Vec<CopyItem> {
        let mut items = Vec::new();
        let rows = self.user_rows(screen);
        if let Some(value) = screen
            .cursor
            .as_ref()
            .or(rows.names.first())
            .and_then(|name| screen.user.get(name))
        {
            items.push(CopyItem {
                name: "value",
                text: value.raw().clone(),
            });
        }
        items.extend(user_items(&screen.user));
        items
    }
}
