//! The users of a pool: rows page by page, matched while typing, found through the service on Enter.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::field::Field;
use crate::app::overlay::moved;
use crate::app::session::{Session, View};
use crate::app::slot::Slot;
use crate::domain::find::{self, Needle, Plan};
use crate::domain::{Page, PageToken, Place, Pool, Raw, Roster, Route, Rows, Segment, Sentence, User, Username};
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
    /// The user of exactly this name, who opens even among several hits; where nobody has it, whoever matches.
    NamedOrMeant,
    /// The user of exactly this name and nobody else.
    Named,
}

/// A find that was sent to the service.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub typed: Raw,
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
    /// Which rows match the open line: worked out once for each text, not at every look.
    matching: Matching,
    /// Counts changes of the rows.
    changes: u64,
    /// The last reading of each user that was read alone. ListUsers may lag behind it.
    read_alone: BTreeMap<Username, Arc<User>>,
}

/// The rows that match a text.
#[derive(Clone, Debug, Default, PartialEq)]
struct Matching {
    text: Raw,
    /// The count of changes of the rows that the matches hold for.
    rows: u64,
    at: Vec<usize>,
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
            matching: Matching::default(),
            // Not the count of a fresh `Matching`: nothing has been matched yet.
            changes: 1,
            read_alone: BTreeMap::new(),
        }
    }
}

impl Users {
    /// The rows that are listed now: what was found, or what matches the open line, or everything loaded.
    pub fn visible(&self) -> Vec<&Arc<User>> {
        if self.narrowing().is_some() {
            return self.matching.at.iter().filter_map(|at| self.rows.get(*at)).collect();
        }
        match self.search.as_ref().and_then(|search| search.found.ready()) {
            Some(found) => found.users.iter().collect(),
            None => self.rows.iter().collect(),
        }
    }

    /// The text that narrows the list while it is typed.
    fn narrowing(&self) -> Option<&str> {
        let typed = self.find.as_ref()?.text();
        (!typed.trim().is_empty()).then_some(typed)
    }

    /// Matches the loaded rows again if the text or the rows changed since. Called once after every event.
    pub fn narrow(&mut self) {
        let Some(typed) = self.narrowing().map(str::to_owned) else {
            return;
        };
        if self.matching.text.as_str() == typed && self.matching.rows == self.changes {
            return;
        }
        let needle = Needle::new(&typed);
        let at = (0..)
            .zip(&self.rows)
            .filter(|(_, user)| needle.matches(user))
            .map(|(at, _)| at)
            .collect();
        self.matching = Matching {
            text: Raw::from(typed),
            rows: self.changes,
            at,
        };
    }

    /// The user the cursor is on; a list that became shorter has the cursor on its last row.
    pub fn selected(&self) -> Option<&Arc<User>> {
        let visible = self.visible();
        visible.get(self.cursor).or(visible.last()).copied()
    }

    pub fn get(&self, username: &Username) -> Option<&Arc<User>> {
        let found = self.search.as_ref().and_then(|search| search.found.ready());
        self.rows
            .iter()
            .chain(found.into_iter().flat_map(|found| found.users.iter()))
            .find(|user| user.username == *username)
    }

    /// Everybody who is loaded, for looking through elsewhere.
    pub fn loaded(&self) -> Rows {
        let mut roster = Roster::default();
        roster.add(&Arc::new(Segment::pack(self.rows.iter().map(AsRef::as_ref))));
        roster.rows().clone()
    }

    /// Nobody of the pool is missing, as far as the service told.
    pub fn is_whole(&self) -> bool {
        self.rest == Rest::All
    }

    /// What is known of a user now: the reading at hand, unless there is a newer one.
    pub fn newest_of(&self, user: &Arc<User>) -> Arc<User> {
        self.get(&user.username).unwrap_or(user).clone()
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

    /// Takes a page. The number of rows it brought, or `None` if nobody waits for it.
    pub fn take_page(&mut self, ticket: Ticket, answer: &Answer<Page<Arc<User>>>) -> Option<usize> {
        if !self
            .page
            .fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone))
        {
            return None;
        }
        let answered = answer.as_ref().ok()?;
        self.changes += 1;
        let newest: Vec<Arc<User>> = answered.value.items.iter().map(|row| self.newest(row)).collect();
        if self.rest == Rest::Unread {
            let selected = self
                .selected()
                .map(|user| user.username.clone())
                .filter(|_| self.lists_all_loaded());
            self.rows = newest;
            // The order is not promised to stay: the cursor follows its user, not its line.
            if let Some(at) = self
                .rows
                .iter()
                .position(|user| Some(&user.username) == selected.as_ref())
            {
                self.cursor = at;
            }
        } else {
            self.rows.extend(newest);
        }
        self.rest = match &answered.value.next {
            Some(token) => Rest::More(token.clone()),
            None => Rest::All,
        };
        Some(answered.value.items.len())
    }

    /// Nothing narrows the list.
    fn lists_all_loaded(&self) -> bool {
        self.search.is_none() && self.find.as_ref().is_none_or(Field::is_empty)
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
        if self.lists_all_loaded()
            && self.page.fault().is_none()
            && self.rows.len() <= self.cursor + usize::from(core.size.1)
        {
            self.load(place, core);
        }
    }

    /// Takes a reading of one user alone, which the list may lag behind from now on.
    pub fn patch(&mut self, now: &Arc<User>) {
        self.read_alone.insert(now.username.clone(), Arc::clone(now));
        self.put(now);
    }

    /// Puts a newer reading of a user in place wherever it is listed.
    pub fn put(&mut self, now: &Arc<User>) {
        self.changes += 1;
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
                self.cursor = moved(self.cursor.min(count.saturating_sub(1)), other, count);
                self.load_if_near_end(place, core);
            }
        }
    }

    /// Sends a find to the service.
    pub fn ask(&mut self, typed: &str, wanted: Wanted, place: &Place, pool: Option<&Pool>, core: &mut Core) {
        let prefixes = &core.settings.phone_prefixes;
        let plan = match wanted {
            Wanted::Anyone => find::plan(typed, pool, prefixes),
            Wanted::NamedOrMeant => find::plan_named_or_meant(typed, pool, prefixes),
            Wanted::Named => find::plan_named(&Username::new(typed)),
        };
        let job = Job::Find {
            place: place.clone(),
            plan: plan.clone(),
        };
        let ticket = core.ask(&Raw::from(typed), "finding", job);
        self.search = Some(Search {
            typed: Raw::from(typed),
            plan,
            found: Slot::Loading(ticket),
            wanted,
        });
        self.cursor = 0;
    }

    /// Takes what a find brought: the one user to open, if there is one. Nobody opens under a line that is being typed.
    pub fn take_found(&mut self, ticket: Ticket, answer: &Answer<Found>) -> Option<Arc<User>> {
        let answer = answer.as_ref().map_err(Clone::clone).map(|answered| Found {
            users: answered.value.users.iter().map(|row| self.newest(row)).collect(),
            ..answered.value.clone()
        });
        let search = self.search.as_mut()?;
        if !search.found.fill(ticket, answer) {
            return None;
        }
        if self.find.is_some() {
            return None;
        }
        self.cursor = 0;
        let found = search.found.ready()?;
        let exact = found.users.iter().find(|user| *user.username.raw() == search.typed);
        match (search.wanted, exact, found.users.as_slice()) {
            (Wanted::Named | Wanted::NamedOrMeant, Some(exact), _) => Some(Arc::clone(exact)),
            (Wanted::Anyone | Wanted::NamedOrMeant, _, [only]) if found.is_whole() => Some(Arc::clone(only)),
            _ => None,
        }
    }

    /// What the last find asked and did not ask, where it found nobody or not everything.
    pub fn search_line(&self, pool: Option<&Pool>) -> Option<Sentence> {
        let search = self.search.as_ref()?;
        let found = search.found.ready()?;
        let estimate = pool.and_then(|pool| pool.estimated_users);
        let sentence = match found.users.len() {
            0 => find::nobody(&search.plan, search.typed.as_str(), estimate),
            count => search.plan.asked(count, found.more),
        };
        // What was not answered is not "nobody".
        Some(match (found.faults.first(), found.users.is_empty() && found.more) {
            (Some(fault), _) => {
                let some = crate::say!(
                    "Not all was answered (",
                    name & fault.code,
                    "), so someone may be missing; r asks again. "
                );
                some.join(sentence)
            }
            (None, true) => Sentence::from("Not read to the end, so someone may be missing. ").join(sentence),
            (None, false) => sentence,
        })
    }
}

impl Session {
    pub(in crate::app) fn users_action(&mut self, action: Action, core: &mut Core) {
        if self.users.find.is_some() {
            return self.find_action(action, core);
        }
        match action {
            Action::Find => {
                self.users.find = Some(Default::default());
                self.users.cursor = 0;
            }
            Action::Open => {
                if let Some(user) = self.users.selected().cloned() {
                    self.open_user(user, core);
                }
            }
            Action::Edit => {
                if let Some(user) = self.users.selected().cloned() {
                    self.open_form(user, Route::Admin, View::Users, core);
                }
            }
            Action::Lint => self.open_lint(core),
            Action::Compare => self.compare_selected(core),
            Action::Breakdown => self.open_breakdown(),
            other => self.users.move_cursor(other, &self.place, core),
        }
    }

    fn find_action(&mut self, action: Action, core: &mut Core) {
        match action {
            Action::Accept => {
                let typed = self
                    .users
                    .find
                    .take()
                    .map(|field| field.text().trim().to_owned())
                    .unwrap_or_default();
                if typed.is_empty() {
                    self.users.search = None;
                    self.users.cursor = 0;
                } else {
                    let pool = self.pool.ready().cloned();
                    self.users
                        .ask(&typed, Wanted::Anyone, &self.place, pool.as_deref(), core);
                }
            }
            Action::Dismiss | Action::Cancel => {
                self.users.find = None;
                self.users.cursor = 0;
            }
            Action::FieldUndo => {
                if let Some(field) = &mut self.users.find {
                    field.undo();
                }
            }
            _ => {}
        }
    }
}
