//! How users are loaded: page after page as they are looked at, and what is known better than a page says.

use std::sync::Arc;

use super::Users;
use super::domains::Domains;
use crate::app::core::Core;
use crate::app::slot::Slot;
use crate::domain::{Page, PageToken, Place, Raw, Roster, RowId, Segment, User};
use crate::job::{Answer, Job, Ticket};

/// How far the list has been read.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Rest {
    #[default]
    Unread,
    More(PageToken),
    All,
}

impl Users {
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
        let job = Job::ListUsers {
            place: place.clone(),
            token,
        };
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

    /// Tries a page that failed again, from where the list stood. A token that was refused has grown too old (they last
    /// an hour), and one that led back leads nowhere, so the list begins anew.
    pub fn retry_page(&mut self, place: &Place, core: &mut Core) {
        let Some(fault) = self.page.fault() else {
            return;
        };
        if matches!(fault.code.as_str(), "InvalidParameterException" | "RepeatedToken") {
            self.rest = Rest::Unread;
        }
        self.page = Slot::Empty;
        self.load(place, core);
    }

    /// Takes a page. False: nobody waits for it.
    pub fn take_page(&mut self, ticket: Ticket, answer: &Answer<Page<Arc<User>>>) -> bool {
        if !self
            .page
            .fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone))
        {
            return false;
        }
        let Ok(answered) = answer else {
            return true;
        };
        let page = Segment::pack(answered.value.items.iter().map(Arc::as_ref));
        match self.rest {
            Rest::Unread => {
                let mut roster = Roster::default();
                roster.add(&Arc::new(page));
                let mut domains = Domains::default();
                domains.count(roster.rows(), 0);
                self.begin_anew(roster, domains, &[]);
            }
            _ => {
                self.add(&Arc::new(page));
            }
        }
        // A page that was under way while everybody was read tells nothing about how far that is.
        if self.rest != Rest::All {
            self.rest = match &answered.value.next {
                Some(token) => Rest::More(token.clone()),
                None => Rest::All,
            };
        }
        true
    }

    /// The list was read from its beginning: what was loaded before gives way to it. The order is not promised to stay, so
    /// the cursor, the marks and what was found follow their users. `brought`: whom a find brought meanwhile.
    pub(super) fn begin_anew(&mut self, read: Roster, domains: Domains, brought: &[Arc<User>]) {
        let selected = self.selected().map(|user| user.username.clone());
        let found: Vec<Vec<RowId>> = self.all_hits().into_iter().map(|hits| hits.rows.clone()).collect();
        let found: Vec<Vec<Arc<User>>> = found
            .iter()
            .map(|rows| rows.iter().filter_map(|row| self.roster.user(*row)).collect())
            .collect();
        self.marks.forget_rows(&self.roster);
        self.groups.forget_rows(&self.roster);
        self.roster.replace(read);
        self.domains = domains;
        self.look.forget();
        self.settle(0);
        let found: Vec<Vec<RowId>> = found.iter().map(|users| self.take_in(users)).collect();
        for (hits, rows) in self.all_hits().into_iter().zip(found) {
            hits.rows = rows;
        }
        self.take_in(brought);
        let row = selected.and_then(|username| self.roster.find(&username));
        if let Some(at) = row.and_then(|row| self.listed().position(row)) {
            self.cursor = at;
        }
    }

    /// Adds users that arrived: which rows of the page were new. Who is there already stays as known.
    pub(super) fn add(&mut self, page: &Arc<Segment>) -> Vec<usize> {
        let before = self.roster.len();
        let fresh = self.roster.add(page);
        if !fresh.is_empty() {
            self.domains.count(self.roster.rows(), before);
            self.settle(before);
        }
        fresh
    }

    /// What follows from the rows behind the first so many, for what is known of users by name.
    fn settle(&mut self, before: usize) {
        self.marks.find_rows(&self.roster);
        self.groups.find_rows(&self.roster, before);
        // What was read of somebody alone is newer than the page, or says the same and more.
        let known: Vec<Arc<User>> = self
            .read_alone
            .values()
            .filter(|known| {
                let row = self.roster.find(&known.username);
                row.is_some_and(|row| row.0 as usize >= before)
            })
            .cloned()
            .collect();
        for known in known {
            if let Some(row) = self.get(&known.username) {
                let newest = self.newest(&row);
                if Arc::ptr_eq(&newest, &known) {
                    self.put(&newest);
                }
            }
        }
    }

    /// Takes users that a find brought, each as its newest reading, and tells their rows.
    pub(super) fn take_in(&mut self, users: &[Arc<User>]) -> Vec<RowId> {
        self.keep_found(users);
        let newer: Vec<Arc<User>> = users
            .iter()
            .filter(|user| self.get(&user.username).is_some_and(|row| row.changed < user.changed))
            .map(|user| self.newest(user))
            .collect();
        for user in &newer {
            self.put(user);
        }
        self.add(&Arc::new(Segment::pack(users.iter().map(Arc::as_ref))));
        users
            .iter()
            .filter_map(|user| self.roster.find(&user.username))
            .collect()
    }

    /// A row of the list, or the reading of this user alone where that is newer or says the same and more.
    pub fn newest(&self, row: &Arc<User>) -> Arc<User> {
        let same = |known: &User| {
            known.attributes == row.attributes && known.status == row.status && known.enabled == row.enabled
        };
        match self.read_alone.get(&row.username) {
            Some(known) if known.changed > row.changed || (known.changed == row.changed && same(known)) => {
                Arc::clone(known)
            }
            _ => Arc::clone(row),
        }
    }

    /// Pages may be short or empty and still go on, so what counts is whether the screen has rows left below the cursor.
    pub fn load_if_near_end(&mut self, place: &Place, core: &mut Core) {
        if self.scan.is_none()
            && self.file.is_none()
            && self.lists_pages()
            && self.page.fault().is_none()
            && self.roster.len() <= self.cursor + usize::from(core.size.1)
        {
            self.load(place, core);
        }
    }

    /// Nothing narrows or orders the list: its end is the end of the last page.
    fn lists_pages(&self) -> bool {
        let typing = self.find.as_ref().is_some_and(|line| !line.field.is_empty());
        !typing && matches!(self.listed(), super::Listed::All(_))
    }

    /// Takes a reading of one user alone, which the list may lag behind from now on.
    pub fn patch(&mut self, now: &Arc<User>) {
        self.read_alone.insert(now.username.clone(), Arc::clone(now));
        self.put(now);
    }

    /// Puts a newer reading of a user in place, if the user is listed.
    pub fn put(&mut self, now: &Arc<User>) {
        let Some(row) = self.roster.find(&now.username) else {
            return;
        };
        self.domains.leave(self.roster.rows(), row);
        self.roster.patch(now);
        self.domains.enter(self.roster.rows(), row);
    }
}
