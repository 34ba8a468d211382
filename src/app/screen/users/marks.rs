//! Marked users: whom something will be done with that is about several. A mark stays on its user while the list is
//! narrowed, ordered and read anew.

use std::collections::BTreeSet;

use super::Users;
use crate::app::core::Core;
use crate::app::session::Session;
use crate::domain::sentence::grouped;
use crate::domain::{Roster, RowId, Username};

/// Who is marked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    rows: BTreeSet<RowId>,
    /// Marked users who were not seen since the list is read anew.
    unseen: BTreeSet<Username>,
}

/// What marking all that match did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    pub users: usize,
    /// How many were marked that were not before.
    pub fresh: usize,
}

impl Marks {
    pub fn rows(&self) -> impl Iterator<Item = RowId> {
        self.rows.iter().copied()
    }

    pub fn len(&self) -> usize {
        self.rows.len() + self.unseen.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn holds(&self, row: RowId) -> bool {
        self.rows.contains(&row)
    }

    fn toggle(&mut self, row: RowId) {
        if !self.rows.remove(&row) {
            self.rows.insert(row);
        }
    }

    /// The rows get other numbers: the marks hold on to the names.
    pub(super) fn forget_rows(&mut self, roster: &Roster) {
        let rows = std::mem::take(&mut self.rows);
        let names = rows.into_iter().filter_map(|row| roster.rows().get(row));
        self.unseen.extend(names.map(|row| Username::new(row.username())));
    }

    /// Rows arrived: marked users that are among them have their marks again.
    pub(super) fn find_rows(&mut self, roster: &Roster) {
        let rows = &mut self.rows;
        self.unseen.retain(|username| match roster.find(username) {
            Some(row) => {
                rows.insert(row);
                false
            }
            None => true,
        });
    }
}

impl Users {
    /// Marks the user under the cursor, or takes the mark away, and goes to the next.
    pub(super) fn toggle_mark(&mut self) {
        let Some(row) = self.selection() else {
            return;
        };
        self.marks.toggle(row);
        let last = self.listed().len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add(1).min(last);
    }

    /// Marks whoever is listed; if all of them are, takes their marks away.
    fn mark_listed(&mut self) -> Option<Marked> {
        let listed: Vec<RowId> = self.listed().iter().collect();
        let before = self.marks.rows.len();
        self.marks.rows.extend(&listed);
        let fresh = self.marks.rows.len() - before;
        if fresh == 0 {
            for row in &listed {
                self.marks.rows.remove(row);
            }
            return None;
        }
        Some(Marked {
            users: listed.len(),
            fresh,
        })
    }
}

impl Session {
    /// `*`: what was marked, and of how much of the pool that can be said.
    pub(super) fn mark_all(&mut self, core: &mut Core) {
        if self.users.refuse_earlier_line(core) {
            return;
        }
        if self.users.listed().is_empty() {
            return core.say("nobody is listed, so nobody was marked");
        }
        let Some(marked) = self.users.mark_listed() else {
            return core.say("the marks of all listed users are taken away");
        };
        let users = if marked.users == 1 { "user" } else { "users" };
        let said = crate::say!(own grouped(marked.users as u64), " ", own users, " marked");
        let loaded = self.users.roster.len() as u64;
        let not_read = if self.users.is_whole() {
            crate::say!("; the whole pool was read")
        } else {
            match self.pool.ready().and_then(|pool| pool.estimated_users) {
                Some(all) if all > loaded => crate::say!(
                    "; about ", own grouped(all - loaded),
                    " users of this pool were not read"
                ),
                _ => crate::say!("; not all of this pool was read"),
            }
        };
        core.say(said.join(not_read));
    }
}
