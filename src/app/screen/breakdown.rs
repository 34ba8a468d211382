//! The values of one column of the list: which there are, how often each, and how many users have none.

use std::sync::Arc;

use crate::app::Effect;
use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::overlay::moved;
use crate::app::screen::users::{Hits, Search, Wish};
use crate::app::session::{Session, View};
use crate::app::slot::Slot;
use crate::domain::breakdown::Breakdown;
use crate::domain::column::Column;
use crate::domain::export::made_without;
use crate::domain::query::{Query, exactly};
use crate::domain::{Fault, Raw, Schema, Username};
use crate::job::audit;
use crate::job::{Job, Ticket};

/// The open screen: first the columns to choose from, then the values of one.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakdownScreen {
    pub columns: Vec<Column>,
    pub cursor: usize,
    /// The column that is counted, and the row of its values that the cursor is on.
    pub open: Option<(Slot<Arc<Breakdown>>, usize)>,
    /// Who was counted: those that a line listed, or everybody loaded.
    pub of: Counted,
    /// Whether nobody of them was missing when they were counted.
    pub whole: bool,
}

/// Who is counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Counted {
    #[default]
    Everybody,
    /// Those that the list was narrowed to, by this line where one was taken.
    Listed(Option<Raw>),
}

/// What a line of one value was taken from: the counts, and what was listed while they were made.
#[derive(Clone, Debug, PartialEq)]
pub struct FromCounts {
    counts: BreakdownScreen,
    wish: Option<Wish>,
    search: Option<Search>,
    /// Whom the cursor was on, wherever they stand by then.
    selected: Option<Username>,
}

impl FromCounts {
    /// More than a find is being read: what it brought is part of all that is loaded. One that brought nothing yet is sent
    /// again all the same.
    pub(in crate::app::screen) fn forget_hits(&mut self) {
        self.search.take_if(|search| !search.found.is_loading());
        if let Some(wish) = &mut self.wish {
            wish.forget_hits();
        }
    }

    /// What the find before the counts brought, and the line that it was sent for.
    pub(in crate::app::screen) fn before(&mut self) -> (Option<&mut Hits>, Option<&mut Wish>) {
        let hits = self.search.as_mut().and_then(|search| search.found.ready_mut());
        (hits, self.wish.as_mut())
    }
}

impl BreakdownScreen {
    pub fn column(&self) -> Option<&Column> {
        self.columns.get(self.cursor)
    }
}

impl Session {
    pub(in crate::app) fn open_breakdown(&mut self) {
        let selected = self.users.selected();
        let shown = selected.iter().flat_map(|user| user.attributes.keys());
        let standard;
        let schema = match self.schema() {
            Some(schema) => schema,
            None => {
                standard = Schema::standard(shown);
                &standard
            }
        };
        let facts = [Column::Status, Column::Enabled, Column::Created, Column::Changed];
        let attributes = schema.attributes.iter().map(|one| &one.name);
        let attributes = attributes.filter(|name| name.as_str() != "sub").cloned();
        let columns = facts.into_iter().chain(attributes.map(Column::Attribute)).collect();
        // The column that was counted last is proposed again.
        let cursor = self.breakdown.as_ref().map_or(0, |screen| screen.cursor);
        self.breakdown = Some(BreakdownScreen {
            columns,
            cursor,
            open: None,
            of: Counted::Everybody,
            whole: self.users.is_whole(),
        });
        self.view = View::Breakdown;
    }

    /// Counts the column that the cursor is on: among those that the list is narrowed to, else everybody who is loaded now.
    pub(in crate::app) fn count_again(&mut self, core: &mut Core) {
        if self.users.is_narrowed() && self.users.refuse_earlier_line(core) {
            return;
        }
        let rows = self.users.loaded();
        let among = self.users.is_narrowed().then(|| self.users.listed().to_list());
        let (counted, whole) = match among {
            Some(_) => {
                let line = self.users.wish.as_ref().map(|wish| wish.text.clone());
                (Counted::Listed(line), self.users.is_whole_answer())
            }
            None => (Counted::Everybody, self.users.is_whole()),
        };
        let Some(screen) = &mut self.breakdown else {
            return;
        };
        let Some(of) = screen.columns.get(screen.cursor).cloned() else {
            return;
        };
        if screen.open.as_ref().is_some_and(|(slot, _)| slot.is_loading()) {
            return;
        }
        if let (Column::Attribute(name), false) = (&of, self.users.tells(&of)) {
            return core.say(made_without(std::slice::from_ref(name)));
        }
        let job = audit::Breakdown { rows, of, among };
        let ticket = core.ask_quietly(Job::Breakdown(Box::new(job)));
        screen.open = Some((Slot::Loading(ticket), 0));
        screen.of = counted;
        screen.whole = whole;
    }

    /// False: nobody waits for it.
    pub(in crate::app) fn take_breakdown(&mut self, ticket: Ticket, answer: &Result<Arc<Breakdown>, Fault>) -> bool {
        let open = self.breakdown.as_mut().and_then(|screen| screen.open.as_mut());
        open.is_some_and(|(slot, _)| slot.fill(ticket, answer.clone()))
    }

    pub(in crate::app) fn breakdown_action(&mut self, action: Action, core: &mut Core) {
        let Some(screen) = &mut self.breakdown else {
            self.view = View::Users;
            return;
        };
        match (action, &mut screen.open) {
            (Action::Open, None) => self.count_again(core),
            (Action::Open, Some((slot, at))) => {
                if let (Some(counts), at) = (slot.ready().cloned(), *at) {
                    self.list_those_with(&counts, at, core);
                }
            }
            (Action::Compare, _) => core.say("= compares two users, in the list and in the checks"),
            (other, None) => screen.cursor = moved(screen.cursor, other, screen.columns.len()),
            (other, Some((slot, at))) => {
                let count = slot.ready().map_or(0, |counts| counts.values.len());
                *at = moved(*at, other, count);
            }
        }
    }

    /// The list of the users who have one of the values, by the line that says so.
    fn list_those_with(&mut self, counts: &Breakdown, at: usize, core: &mut Core) {
        let values = || counts.values.iter().map(|counted| counted.value.as_str());
        let Some(value) = values().nth(at) else {
            return;
        };
        let read = |line: String| Query::parse(&line, &self.known()).ok().map(|query| (line, query));
        // Of those who were counted: the line that listed them goes on.
        let counted = self.breakdown.as_ref().map(|screen| &screen.of);
        let before = match counted {
            Some(Counted::Listed(Some(line))) => format!("{} ", line.as_str()),
            Some(Counted::Listed(None)) => {
                return core.say("they were found by name, and no line lists those of them with a value; / and the value asks everybody");
            }
            _ => String::new(),
        };
        // Not all of very many values are here; where nobody is asked, the longer line costs nothing.
        let more = counts.different > counts.values.len() && self.users.is_whole();
        match exactly(&counts.of, value, values(), more).and_then(|term| read(before + &term)) {
            Some((line, query)) => {
                self.view = View::Users;
                let users = &mut self.users;
                users.find = None;
                let selected = users.selected().map(|user| user.username.clone());
                let from = self.breakdown.clone().map(|counts| FromCounts {
                    counts,
                    wish: users.wish.take(),
                    search: users.search.take().map(Search::set_aside),
                    selected,
                });
                self.wish(&line, Arc::new(query), from, core);
            }
            None if counts.of == Column::Status => core.say("no line asks for a status that was not told"),
            None => core.say("no line asks for that value; / and a part of it does"),
        }
    }

    /// Goes back from the users of a value to the counts that it stands in, and to what was listed then. False: the line is
    /// of no value that was counted.
    pub(in crate::app) fn back_to_counts(&mut self, core: &mut Core) -> bool {
        let Some(from) = self.users.wish.as_mut().and_then(|wish| wish.from.take()) else {
            return false;
        };
        self.users.wish = from.wish;
        self.users.search = from.search;
        // Nobody waited for its answer.
        if self
            .users
            .search
            .as_ref()
            .is_some_and(|search| search.found.is_loading())
        {
            let pool = self.pool.ready().cloned();
            self.users.ask_again(&self.place, pool.as_deref(), core);
        }
        self.users.go_back_to(from.selected);
        self.breakdown = Some(from.counts);
        self.view = View::Breakdown;
        true
    }

    pub(in crate::app) fn leave_breakdown(&mut self, core: &mut Core) {
        let open = self.breakdown.as_mut().and_then(|screen| screen.open.take());
        match open {
            Some((slot, _)) => {
                if let Some(ticket) = slot.ticket() {
                    core.effect(Effect::Cancel(ticket));
                }
            }
            None => self.view = View::Users,
        }
    }
}
