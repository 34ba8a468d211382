//! Two users attribute by attribute.

use std::sync::Arc;

use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::session::{Session, View};
use crate::domain::User;
use crate::domain::compare::{Compared, compare};
use crate::domain::roster::Row;
use crate::domain::sentence::grouped;
use crate::say;

/// The open screen.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareScreen {
    pub one: Arc<User>,
    pub other: Arc<User>,
    /// The line that the cursor is on.
    pub cursor: usize,
    from: View,
}

impl Session {
    /// The lines of a comparison, in the order of the schema.
    pub fn compared(&self, screen: &CompareScreen) -> Vec<Compared> {
        compare(Row::Whole(&screen.one), Row::Whole(&screen.other), self.schema())
    }

    /// `=` in the list: two marked users are compared at once. Without marks the first time it says who is the first, the second time it compares.
    pub(in crate::app) fn compare_selected(&mut self, core: &mut Core) {
        let marked = self.users.marked();
        let (all, loaded) = (self.users.marks.len(), marked.len());
        if let [one, other] = marked.as_slice()
            && all == loaded
            && let (Some(one), Some(other)) = (self.users.roster.user(*one), self.users.roster.user(*other))
        {
            return self.open_compare(one, other);
        }
        let said = |count: usize| grouped(count as u64);
        match (loaded, all - loaded) {
            (0, 0) => {}
            (1, 0) => return core.say("1 is marked: Space marks a second one, or takes the mark away; = compares two"),
            (2.., 0) => {
                let why = "= compares two: Space unmarks a row, * twice all who are listed";
                return core.say(format!("{} are marked, {why}", said(all)));
            }
            (_, absent) => {
                let why = format!("{} marked, {} of them not read since", said(all), said(absent));
                return core.say(format!("{why}: = compares two who are loaded"));
            }
        }
        let Some(user) = self.users.selected() else {
            return;
        };
        let first = self.first.take();
        match first.and_then(|first| self.users.get(&first)) {
            Some(first) if first.username == user.username => core.say("nobody is compared"),
            Some(first) => self.open_compare(first, user),
            None => {
                core.say(say!(raw user.username.raw(), " is one of two; = on another user compares them"));
                self.first = Some(user.username.clone());
            }
        }
    }

    pub(in crate::app) fn open_compare(&mut self, one: Arc<User>, other: Arc<User>) {
        self.compare = Some(CompareScreen {
            one: self.users.newest_of(&one),
            other: self.users.newest_of(&other),
            cursor: 0,
            from: self.view,
        });
        self.view = View::Compare;
    }

    /// What was read meanwhile of the two.
    pub(in crate::app) fn compare_again(&mut self) {
        if let Some(screen) = &mut self.compare {
            screen.one = self.users.newest_of(&screen.one);
            screen.other = self.users.newest_of(&screen.other);
        }
    }

    pub(in crate::app) fn compare_action(&mut self, action: Action) {
        let count = self.compare.as_ref().map_or(0, |screen| self.compared(screen).len());
        if let Some(screen) = &mut self.compare {
            screen.cursor = crate::app::overlay::moved(screen.cursor, action, count);
        }
    }

    pub(in crate::app) fn leave_compare(&mut self) {
        self.view = self.compare.take().map_or(View::Users, |screen| screen.from);
    }
}
