//! The users of a pool: everybody that was loaded, matched while typing, found through the service on Enter.

mod answer;
mod columns;
mod domains;
pub mod export;
mod file;
mod find;
mod groups;
mod loading;
mod look;
mod marks;
mod pace;
mod scan;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::answer::Missing;
pub use self::columns::{ColumnList, Purpose};
use self::domains::Domains;
pub use self::export::{ExportForm, Exporting};
pub use self::file::File;
pub use self::find::{Hits, Line, Search, Wanted, Wish};
pub use self::groups::{GroupReading, Membership};
pub use self::loading::Rest;
pub use self::look::Look;
pub use self::marks::{Marked, Marks};
pub use self::scan::{Asked, Reading, ScanQuestion, State};
use crate::app::action::Action;
use crate::app::core::{Core, Settings};
use crate::app::overlay::moved;
use crate::app::session::{Session, View};
use crate::app::slot::Slot;
use crate::domain::column::Column;
use crate::domain::search::{Bits, RowList};
use crate::domain::{Place, Roster, Route, RowId, Rows, User, Username};
use crate::job::search::Order;

/// The list of users.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Users {
    /// Everybody that was loaded, by pages, by finds and by a reading of the whole pool. A user updated here is patched
    /// in place: ListUsers may lag.
    pub roster: Roster,
    /// The export that is open in the place of the pool.
    pub file: Option<File>,
    /// How far the pages were read.
    pub rest: Rest,
    /// The page under way, or why the last one did not come.
    pub page: Slot<()>,
    /// The open line.
    pub find: Option<Line>,
    /// The line that was taken: it stays in force until it is cleared.
    pub wish: Option<Wish>,
    /// What the service was asked last.
    pub search: Option<Search>,
    /// The reading of the whole pool, as far as it came.
    pub scan: Option<Reading>,
    pub order: Order,
    /// The columns that were chosen; `None`: those of the configuration.
    pub columns: Option<Vec<Column>>,
    /// What matches, and in which order.
    pub look: Look,
    pub marks: Marks,
    /// Who is in which group, once that was read.
    pub groups: Membership,
    /// The export that is being written.
    pub exporting: Option<Exporting>,
    /// The form of the last one, as it was left.
    export_form: Option<ExportForm>,
    pub cursor: usize,
    /// Whom the cursor goes back to once the list that is in force is here.
    back_to: Option<Username>,
    /// How far long values are scrolled to the left, in columns.
    pub scrolled: usize,
    /// The last reading of each user that was read alone. ListUsers may lag behind it.
    read_alone: BTreeMap<Username, Arc<User>>,
    /// How many of the loaded users have an address in each domain.
    domains: Domains,
}

/// The rows that are listed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Listed<'a> {
    /// Everybody, in the order of arrival.
    All(usize),
    /// Who matches.
    Matching(&'a RowList),
    /// Whom a find brought.
    Found(&'a [RowId]),
}

impl<'a> Listed<'a> {
    pub fn len(self) -> usize {
        match self {
            Self::All(count) => count,
            Self::Matching(rows) => rows.len(),
            Self::Found(rows) => rows.len(),
        }
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    pub fn get(self, at: usize) -> Option<RowId> {
        match self {
            Self::All(count) => u32::try_from(at).ok().filter(|_| at < count).map(RowId),
            Self::Matching(rows) => rows.get(at),
            Self::Found(rows) => rows.get(at).copied(),
        }
    }

    /// The place of a row, if it is listed.
    pub fn position(self, row: RowId) -> Option<usize> {
        match self {
            Self::All(count) => Some(row.0 as usize).filter(|at| *at < count),
            Self::Matching(rows) => rows.position(row),
            Self::Found(rows) => rows.iter().position(|other| *other == row),
        }
    }

    /// The same to take along: many rows cost a bit each where nothing orders them.
    pub fn to_list(self) -> RowList {
        match self {
            Self::All(count) => Arc::new(Bits::all(count)).into(),
            Self::Matching(rows) => rows.clone(),
            Self::Found(rows) => RowList::Ordered(rows.to_vec()),
        }
    }

    pub fn iter(self) -> impl Iterator<Item = RowId> + 'a {
        let (all, matching, found) = match self {
            Self::All(count) => (count, None, None),
            Self::Matching(rows) => (0, Some(rows), None),
            Self::Found(rows) => (0, None, Some(rows)),
        };
        let all = (0..all).filter_map(|at| u32::try_from(at).ok().map(RowId));
        let matching = matching.into_iter().flat_map(RowList::iter);
        all.chain(matching).chain(found.into_iter().flatten().copied())
    }
}

impl Users {
    /// The rows that are listed now: what matches or is ordered, what was found, or everything loaded. What was listed
    /// before stays until the look for a newer line is over.
    pub fn listed(&self) -> Listed<'_> {
        if let Some(rows) = self.look.rows() {
            return Listed::Matching(rows);
        }
        match self.hits() {
            Some(hits) => Listed::Found(&hits.rows),
            None => Listed::All(self.roster.len()),
        }
    }

    /// The row the cursor is on; a list that became shorter has the cursor on its last row.
    pub fn selection(&self) -> Option<RowId> {
        let listed = self.listed();
        listed.get(self.cursor.min(listed.len().saturating_sub(1)))
    }

    /// The user the cursor is on.
    pub fn selected(&self) -> Option<Arc<User>> {
        self.roster.user(self.selection()?)
    }

    pub fn get(&self, username: &Username) -> Option<Arc<User>> {
        self.roster.user(self.roster.find(username)?)
    }

    /// The rows that were marked, in the order of arrival.
    pub fn marked(&self) -> Vec<RowId> {
        self.marks.rows().collect()
    }

    /// Everybody who is loaded, for looking through elsewhere.
    pub fn loaded(&self) -> Rows {
        self.roster.rows().clone()
    }

    /// What is known of a user now: the reading at hand, unless there is a newer one.
    pub fn newest_of(&self, user: &Arc<User>) -> Arc<User> {
        self.get(&user.username).unwrap_or_else(|| Arc::clone(user))
    }

    /// Nobody of the pool is missing, as far as the service or the export told.
    pub fn is_whole(&self) -> bool {
        match &self.file {
            Some(file) => file.is_whole(),
            None => self.rest == Rest::All,
        }
    }

    /// The columns of the list, in order.
    pub fn shown_columns<'a>(&'a self, settings: &'a Settings) -> &'a [Column] {
        self.columns.as_deref().unwrap_or(&settings.columns)
    }

    /// How many users have an address in each domain, among those that are loaded.
    pub fn domains(&self) -> &BTreeMap<String, usize> {
        self.domains.counts()
    }

    /// Changes what is listed, and keeps the cursor on its user, not on its line, where that user is still listed.
    fn keeping_cursor<T>(&mut self, change: impl FnOnce(&mut Self) -> T) -> T {
        let selected = self.selection();
        let changed = change(self);
        if let Some(at) = selected.and_then(|row| self.listed().position(row)) {
            self.cursor = at;
        }
        changed
    }

    /// The list of before is in force again, and the cursor goes to where this user stands in it; from its top on where nobody
    /// was selected.
    pub(in crate::app::screen) fn go_back_to(&mut self, selected: Option<Username>) {
        self.cursor = 0;
        self.back_to = selected;
    }

    pub fn move_cursor(&mut self, action: Action, place: &Place, core: &mut Core) {
        match action {
            Action::Left => self.scrolled = self.scrolled.saturating_sub(8),
            Action::Right => self.scrolled = self.scrolled.saturating_add(8).min(2_048),
            other => {
                let count = self.listed().len();
                self.back_to = None;
                self.cursor = moved(self.cursor.min(count.saturating_sub(1)), other, count);
                self.load_if_near_end(place, core);
            }
        }
    }
}

impl Session {
    pub(in crate::app) fn users_action(&mut self, action: Action, core: &mut Core) {
        if self.users.find.is_some() {
            return self.find_action(action, core);
        }
        match action {
            Action::Find => self.open_line(),
            Action::Open => {
                if let Some(user) = self.users.selected() {
                    self.open_user(user, core);
                }
            }
            Action::Edit => {
                if let Some(user) = self.users.selected() {
                    self.open_form(user, Route::Admin, View::Users, core);
                }
            }
            Action::Lint => self.open_lint(core),
            Action::Compare => self.compare_selected(core),
            Action::Breakdown => self.open_breakdown(),
            Action::ReadGroups => self.price_groups(core),
            Action::ReadOn if !self.users.has_unread_matches() => core.say("no find has more to read"),
            Action::ReadOn => self.users.read_on(&self.place, core),
            Action::Faster | Action::Slower => self.change_pace(action == Action::Faster, core),
            Action::Mark => self.users.toggle_mark(),
            Action::MarkAll => self.mark_all(core),
            other => self.users.move_cursor(other, &self.place, core),
        }
    }
}
