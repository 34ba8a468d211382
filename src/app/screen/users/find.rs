//! The line that says who is wanted: matched while it is typed, taken by Enter, which asks the service what that can
//! answer and leaves the rest to what is loaded.

mod asked;
mod line;

use std::sync::Arc;

pub use self::asked::{Hits, Search, Wanted};
pub use self::line::Line;
use super::Users;
use crate::app::core::Core;
use crate::app::screen::breakdown::FromCounts;
use crate::app::session::Session;
use crate::domain::query::{Asks, Query, Reach, Term, Test, checked_besides_groups, standing};
use crate::domain::{Pool, Raw, Sentence};

/// A line that was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    pub text: Raw,
    pub query: Arc<Query>,
    /// What of it the service can answer.
    pub asks: Asks,
    /// The counts that it was taken from, where it is the line of a value.
    pub(in crate::app::screen) from: Option<Box<FromCounts>>,
}

impl Wish {
    /// Nothing but words: what the service is asked may mean several things, and the answer says which.
    pub fn is_words(&self) -> bool {
        let is_word = |term: &Term| !term.negated && matches!(term.test, Test::Text(_));
        self.query.terms.iter().all(is_word)
    }

    /// What earlier finds brought is part of more that is being read.
    pub(in crate::app::screen) fn forget_hits(&mut self) {
        if let Some(from) = &mut self.from {
            from.forget_hits();
        }
    }
}

impl Users {
    /// What was asked of the line in force, what was checked here, and on how much of the pool.
    /// `groups`: the key that says what reading groups costs.
    pub fn standing(&self, pool: Option<&Pool>, scan: Option<&str>, groups: &str) -> Option<Sentence> {
        let wish = self.wish.as_ref()?;
        let hits = self.search.as_ref().and_then(|search| search.found.ready());
        let reach = self.reach(pool);
        let untold = self.untold(&wish.query);
        if let Some(untold) = untold.as_ref().filter(|untold| untold.of_everybody) {
            return Some(untold.sentence());
        }
        let about = self.about_groups(&wish.query, groups);
        let said = match &about {
            Some(about) if self.settled_by_groups() || wish.query.is_about_members_alone() => {
                let rest = checked_besides_groups(&wish.query);
                return Some(about.clone().join(rest));
            }
            Some(about) => Sentence::from("; ").join(about.clone()),
            None => Sentence::new(),
        };
        let stage = hits.and_then(|hits| hits.stage);
        let said = standing(&wish.query, &wish.asks, stage, reach, scan).join(said);
        let said = match self.has_unread_matches() {
            true => said.words("; more match than were read"),
            false => said,
        };
        Some(match untold {
            Some(untold) => said.words("; ").join(untold.sentence()),
            None => said,
        })
    }

    /// How much of the pool is loaded.
    pub fn reach(&self, pool: Option<&Pool>) -> Reach {
        Reach {
            looked_at: self.roster.len() as u64,
            estimate: pool.and_then(|pool| pool.estimated_users),
            complete: self.is_whole(),
            grows: self.file.as_ref().is_none_or(|file| !file.is_read()),
        }
    }

    /// A line is in force, or a find.
    pub fn is_narrowed(&self) -> bool {
        self.wish.is_some() || self.search.is_some()
    }

    /// Everybody is listed again.
    pub(in crate::app) fn clear_wish(&mut self) {
        if self.is_narrowed() {
            self.cursor = 0;
        }
        self.wish = None;
        self.search = None;
        self.back_to = None;
    }

    /// What the last find brought, and what those brought that are listed again on the way back through counts.
    pub(super) fn all_hits(&mut self) -> Vec<&mut Hits> {
        let now = self.search.as_mut().and_then(|search| search.found.ready_mut());
        let mut all: Vec<&mut Hits> = now.into_iter().collect();
        let mut wish = self.wish.as_mut();
        while let Some(from) = wish.and_then(|wish| wish.from.as_deref_mut()) {
            let (hits, before) = from.before();
            all.extend(hits);
            wish = before;
        }
        all
    }
}

impl Session {
    /// Enter: the line is in force from here on, and the service is asked what it can answer of it.
    fn take_line(&mut self, core: &mut Core) {
        let Some(line) = &self.users.find else {
            return;
        };
        if let Some(mistake) = &line.mistake {
            return core.say(Sentence::from("expected there: ").join(mistake.expected.clone()));
        }
        let text = line.field.text().trim().to_owned();
        let query = Arc::clone(&line.query);
        self.users.find = None;
        self.wish(&text, query, None, core);
    }

    /// A line comes into force, and the service is asked what it can answer of it. `from`: the counts that it is taken from.
    /// Where everybody is loaded there is nothing to ask for then.
    pub(in crate::app::screen) fn wish(
        &mut self,
        text: &str,
        query: Arc<Query>,
        from: Option<FromCounts>,
        core: &mut Core,
    ) {
        self.users.clear_wish();
        self.users.cursor = 0;
        if text.is_empty() {
            return;
        }
        let is_counted = from.is_some() && self.users.is_whole();
        let asks = match is_counted {
            true => Asks::of_nobody(),
            false => self.asks(&query, core),
        };
        let is_nothing = asks.is_nothing();
        let wish = Wish {
            text: Raw::from(text),
            query,
            asks,
            from: from.map(Box::new),
        };
        let only_words = wish.is_words();
        self.users.wish = Some(wish);
        if self.is_file() {
            return core.say("an export has no service to ask: what is loaded is what there is");
        }
        // Words that cannot be asked are sent all the same: the answer says why.
        if !is_nothing || only_words {
            self.users.send_wish(&self.place, core);
        }
        self.offer_groups(core);
    }

    /// `r` on a line that was taken from counts, of which the service was not asked then. False: it cannot be.
    pub(in crate::app) fn ask_of_counted(&mut self, core: &mut Core) -> bool {
        let Some(wish) = self.users.wish.as_ref().filter(|wish| wish.from.is_some()) else {
            return false;
        };
        let asks = self.asks(&wish.query, core);
        if asks.is_nothing() {
            return false;
        }
        if let Some(wish) = &mut self.users.wish {
            wish.asks = asks;
        }
        self.users.send_wish(&self.place, core);
        true
    }

    /// What the service can be asked of a line.
    pub fn asks(&self, query: &Query, core: &Core) -> Asks {
        match self.is_file() {
            true => Asks::of_nobody(),
            false => query.asks(self.pool.ready().map(AsRef::as_ref), &core.settings.phone_prefixes),
        }
    }
}
