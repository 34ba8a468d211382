//! The users of a pool: rows page by page, matched while typing, found through the service on Enter.

use std::sync::Arc;

use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::field::Field;
use crate::app::overlay::moved;
use crate::app::slot::Slot;
use crate::domain::find::{self, Plan};
use crate::domain::{Page, PageToken, Place, Pool, Raw, Sentence, User, Username};
use crate::job::{Answer, Found, Job, Ticket};

/// How far the list has been read.
#[derive(Clone, Debug, PartialEq)]
pub enum Rest {
    Unread,
    More(PageToken),
    All,
}

/// What a find is after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Whoever matches.
    Anyone,
    /// The user of exactly this name, who opens even among several hits.
    ThatName,
}

/// A find that was sent to the service.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub typed: String,
    pub plan: Plan,
    pub found: Slot<Found>,
    pub wanted: Wanted,
}

/// The list of users.
#[derive(Clone, Debug, PartialEq)]
pub struct Users {
    /// What was loaded, in the service's order. A user updated here is patched in place: ListUsers may lag.
    pub rows: Vec<Arc<User>>,
    pub rest: Rest,
    /// The page under way, or why the last one did not come.
    pub page: Slot<()>,
    /// The open line of find.
    pub find: Option<Field>,
    /// What the service was asked last.
    pub search: Option<Search>,
    pub cursor: usize,
    /// How far long values are scrolled to the left, in columns.
    pub scrolled: usize,
}

impl Default for Users {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            rest: Rest::Unread,
            page: Slot::Empty,
            find: None,
            search: None,
            cursor: 0,
            scrolled: 0,
        }
    }
}

impl Users {
    /// The rows that are listed now: what was found, or what matches the open line, or everything loaded.
    pub fn visible(&self) -> Vec<&Arc<User>> {
        if let Some(field) = self.find.as_ref().filter(|field| !field.text().trim().is_empty()) {
            return self.rows.iter().filter(|user| find::matches(user, field.text())).collect();
        }
        match self.search.as_ref().and_then(|search| search.found.ready()) {
            Some(found) => found.users.iter().collect(),
            None => self.rows.iter().collect(),
        }
    }

    pub fn selected(&self) -> Option<&Arc<User>> {
        self.visible().get(self.cursor).copied()
    }

    pub fn get(&self, username: &Username) -> Option<&Arc<User>> {
        let found = self.search.as_ref().and_then(|search| search.found.ready());
        self.rows
            .iter()
            .chain(found.into_iter().flat_map(|found| found.users.iter()))
            .find(|user| user.username == *username)
    }

    /// Asks for the next page, if one is due and none is under way.
    pub fn load(&mut self, place: &Place, core: &mut Core) {
        let token = match &self.rest {
            Rest::Unread => None,
            Rest::More(token) => Some(token.clone()),
            Rest::All => return,
        };
        if self.page.is_loading() {
            return;
        }
        let job = Job::ListUsers { place: place.clone(), token };
        self.page = Slot::Loading(core.ask(&Raw::from("users"), "listing users", job));
    }

    /// Reads the list again from its beginning.
    pub fn reload(&mut self, place: &Place, core: &mut Core) {
        if !self.page.is_loading() {
            self.rest = Rest::Unread;
            self.page = Slot::Empty;
            self.load(place, core);
        }
    }

    /// Takes a page. The number of rows it brought, or `None` if nobody waits for it.
    pub fn take_page(&mut self, ticket: Ticket, answer: &Answer<Page<Arc<User>>>) -> Option<usize> {
        if !self.page.fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone)) {
            return None;
        }
        let answered = answer.as_ref().ok()?;
        if self.rest == Rest::Unread {
            self.rows.clear();
        }
        self.rows.extend(answered.value.items.iter().cloned());
        self.rest = match &answered.value.next {
            Some(token) => Rest::More(token.clone()),
            None => Rest::All,
        };
        Some(answered.value.items.len())
    }

    /// Pages may be short or empty and still go on, so what counts is whether the screen has rows left below the cursor.
    pub fn load_if_near_end(&mut self, place: &Place, core: &mut Core) {
        let narrowed = self.search.is_some() || self.find.as_ref().is_some_and(|field| !field.is_empty());
        if !narrowed && self.page.fault().is_none() && self.rows.len() <= self.cursor + usize::from(core.size.1) {
            self.load(place, core);
        }
    }

    /// Puts a newer reading of a user in place wherever it is listed.
    pub fn patch(&mut self, now: &Arc<User>) {
        let found = match self.search.as_mut().map(|search| &mut search.found) {
            Some(Slot::Ready(found)) => found.users.as_mut_slice(),
            _ => &mut [],
        };
        for user in self.rows.iter_mut().chain(found) {
            if user.username == now.username {
                *user = Arc::clone(now);
            }
        }
    }

    pub fn move_cursor(&mut self, action: Action, place: &Place, core: &mut Core) {
        match action {
            Action::Left => self.scrolled = self.scrolled.saturating_sub(8),
            Action::Right => self.scrolled = self.scrolled.saturating_add(8).min(2_048),
            other => {
                let count = self.visible().len();
                self.cursor = moved(self.cursor, other, count);
                self.load_if_near_end(place, core);
            }
        }
    }

    /// Sends a find to the service.
    pub fn ask(&mut self, typed: &str, wanted: Wanted, place: &Place, pool: Option<&Pool>, core: &mut Core) {
        let plan = find::plan(typed, pool, &core.settings.phone_prefixes);
        let job = Job::Find { place: place.clone(), plan: plan.clone() };
        let ticket = core.ask(&Raw::from(typed), "finding", job);
        self.search = Some(Search { typed: typed.to_owned(), plan, found: Slot::Loading(ticket), wanted });
        self.cursor = 0;
    }

    /// Takes what a find brought: the one user to open, if there is one.
    pub fn take_found(&mut self, ticket: Ticket, answer: &Answer<Found>) -> Option<Arc<User>> {
        let search = self.search.as_mut()?;
        let filled = search.found.fill(
            ticket,
            answer.as_ref().map(|answered| answered.value.clone()).map_err(Clone::clone),
        );
        if !filled {
            return None;
        }
        self.cursor = 0;
        let found = search.found.ready()?;
        if search.wanted == Wanted::ThatName
            && let Some(exact) = found.users.iter().find(|user| user.username.as_str() == search.typed)
        {
            return Some(Arc::clone(exact));
        }
        match found.users.as_slice() {
            [only] if !found.more => Some(Arc::clone(only)),
            _ => None,
        }
    }

    /// What the last find asked and did not ask, where it found nobody or not everything.
    pub fn search_line(&self, pool: Option<&Pool>) -> Option<Sentence> {
        let search = self.search.as_ref()?;
        let found = search.found.ready()?;
        let estimate = pool.and_then(|pool| pool.estimated_users);
        if found.users.is_empty() {
            return Some(find::nobody(&search.plan, &search.typed, estimate));
        }
        Some(search.plan.asked(found.users.len(), found.more))
    }
}
