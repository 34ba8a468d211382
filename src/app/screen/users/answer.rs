//! Whether the list is the whole answer to what was asked: the title, the line and an export say the same of it, because all
//! of them ask here.

use super::Users;
use crate::domain::find::Reading;
use crate::domain::query::{Group, Query};

/// Why somebody who is meant may be missing in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The list is still of an earlier line or of fewer users.
    Earlier,
    /// Groups that the line is about were not read to their end.
    Groups,
    /// The service was asked one meaning of the words, and others may be meant.
    Meanings,
    /// What the service was asked was not answered to its end.
    Unanswered,
    /// The line asks about what the export was made without.
    Untold,
    /// The pool was not read to its end.
    Pool,
}

impl Users {
    /// Why the list may lack somebody who is meant. `None`: it is the whole answer.
    pub fn missing(&self) -> Option<Missing> {
        if !self.is_of_now() {
            return Some(Missing::Earlier);
        }
        let typed = self.find.as_ref().filter(|line| !line.field.text().trim().is_empty());
        if typed.is_none()
            && let Some(hits) = self.hits()
        {
            return match (hits.is_whole(), self.knows_all_who_match()) {
                (false, _) => Some(Missing::Unanswered),
                // What was asked by a name alone was asked for that and nothing else.
                (true, true) => None,
                (true, false) if self.wish.is_none() => None,
                (true, false) => Some(Missing::Meanings),
            };
        }
        let query = match typed {
            Some(line) => Some(&*line.matched),
            None => self.wish.as_ref().map(|wish| &*wish.query),
        };
        let Some(query) = query else {
            return (!self.is_whole()).then_some(Missing::Pool);
        };
        if self.untold(query).is_some() {
            return Some(Missing::Untold);
        }
        if !self.knows_groups_of(query) {
            return Some(Missing::Groups);
        }
        if self.is_settled(query) {
            return None;
        }
        // Whom the service told may have left the list with a new reading of it where a line about groups lists all loaded.
        let told = typed.is_none() && !query.reads_groups() && self.knows_all_who_match();
        let everybody = self.is_whole() || told;
        (!everybody).then_some(Missing::Pool)
    }

    /// Whether the list is the whole answer to what was asked.
    pub fn is_whole_answer(&self) -> bool {
        self.missing().is_none()
    }

    /// The service told everybody who can match: it was asked a term, which means one thing, and answered to the end.
    fn knows_all_who_match(&self) -> bool {
        let search = self.search.as_ref();
        search.is_some_and(|search| {
            search.plan.reading == Reading::Term && search.found.ready().is_some_and(super::Hits::is_whole)
        })
    }

    /// Everybody who can match is in groups that were read, and in the list.
    fn is_settled(&self, query: &Query) -> bool {
        let groups = self.groups.ready();
        groups.is_some_and(|groups| groups.settles(query)) && self.groups.are_members_loaded()
    }

    /// Of every group that the line is about it is known who is in it.
    pub(super) fn knows_groups_of(&self, query: &Query) -> bool {
        if !query.reads_groups() {
            return true;
        }
        self.groups.ready().is_some_and(|groups| {
            let meant = groups.meant(query);
            (meant.iter().filter_map(|number| groups.get(*number))).all(Group::is_whole)
        })
    }
}
