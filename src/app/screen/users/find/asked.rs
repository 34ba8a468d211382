//! What the service is asked for, and whom that brought: users that are loaded from then on.

use std::sync::Arc;

use crate::app::core::Core;
use crate::app::screen::users::Users;
use crate::app::slot::Slot;
use crate::domain::find::{self, Plan, Reading};
use crate::domain::query::{Ground, Query};
use crate::domain::sentence::grouped;
use crate::domain::{Fault, Place, Pool, Raw, RowId, Sentence, User, Username};
use crate::job::{Answer, Found, Job, Ticket, Unread, unanswered};

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
    /// What is checked here of those whom the service found.
    pub rest: Query,
    pub found: Slot<Hits>,
    /// The reading on that is under way, or why the last one brought nothing.
    pub more: Slot<()>,
    pub wanted: Wanted,
}

/// Whom a find brought: users that are loaded from then on.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    pub rows: Vec<RowId>,
    /// Which reading of the words found them.
    pub stage: Option<usize>,
    /// Calls the service refused and that cannot go on, which the answer must not hide.
    pub faults: Vec<Fault>,
    /// Calls that were not read to their end: more users match than were read.
    pub unread: Vec<Unread>,
}

impl Search {
    pub fn is_loading(&self) -> bool {
        self.found.is_loading() || self.more.is_loading()
    }

    pub fn fault(&self) -> Option<&Fault> {
        self.found.fault().or(self.more.fault())
    }

    /// As it is taken up later: what is read on by now is asked for again then, from where the find stands.
    pub(in crate::app::screen) fn set_aside(mut self) -> Self {
        if self.more.is_loading() {
            self.more = Slot::Empty;
        }
        self
    }

    /// Whether more users match than were read.
    pub fn has_more(&self) -> bool {
        self.found.ready().is_some_and(|hits| !hits.unread.is_empty())
    }
}

impl Hits {
    /// Everything asked for was answered to its end.
    pub fn is_whole(&self) -> bool {
        self.unread.is_empty() && self.faults.is_empty()
    }

    /// Why something was not answered.
    fn fault(&self) -> Option<&Fault> {
        unanswered(&self.faults, &self.unread)
    }

    /// Whether what was not answered was asked from a place that it can go on from.
    fn can_go_on(&self) -> bool {
        self.faults.is_empty() && self.unread.iter().any(|unread| unread.fault.is_some())
    }
}

impl Users {
    /// What the last find brought, where that is what is listed. Where it found nobody, or not everybody who matches,
    /// the line is answered by all that is loaded, which holds whom it found; so is a line about groups, which may be read
    /// later, and one with words once the pool was read whole: of their meanings the service is asked only some.
    pub fn hits(&self) -> Option<&Hits> {
        let search = self.search.as_ref()?;
        let hits = search.found.ready()?;
        let groups = self.wish.as_ref().is_some_and(|wish| wish.query.reads_groups());
        let words = search.plan.reading != Reading::Term && self.is_whole();
        let answers = !hits.rows.is_empty() && hits.unread.is_empty() && !groups && !words;
        (answers || self.wish.is_none()).then_some(hits)
    }

    /// Sends a find to the service.
    pub fn ask(&mut self, typed: &str, wanted: Wanted, place: &Place, pool: Option<&Pool>, core: &mut Core) {
        if self.file.is_some() {
            return core.say("nobody of that name is in this export, and there is no service to ask");
        }
        let prefixes = &core.settings.phone_prefixes;
        let plan = match wanted {
            Wanted::Anyone => find::plan(typed, pool, prefixes),
            Wanted::NamedOrMeant => find::plan_named_or_meant(typed, pool, prefixes),
            Wanted::Named => find::plan_named(&Username::new(typed)),
        };
        self.send(typed, plan, Query::default(), wanted, place, core);
    }

    /// Sends what the service is asked of the line in force.
    pub(super) fn send_wish(&mut self, place: &Place, core: &mut Core) {
        let Some(wish) = &self.wish else {
            return;
        };
        let (text, plan, rest) = (wish.text.clone(), wish.asks.plan.clone(), wish.asks.rest(&wish.query));
        self.send(text.as_str(), plan, rest, Wanted::Anyone, place, core);
    }

    fn send(&mut self, typed: &str, plan: Plan, rest: Query, wanted: Wanted, place: &Place, core: &mut Core) {
        let job = Job::Find {
            place: place.clone(),
            plan: plan.clone(),
        };
        let ticket = core.ask(&Raw::from(typed), "finding", job);
        self.search = Some(Search {
            typed: Raw::from(typed),
            plan,
            rest,
            found: Slot::Loading(ticket),
            more: Slot::Empty,
            wanted,
        });
        self.cursor = 0;
    }

    /// More users match than the last find read, and they are not loaded in another way: a line is answered by all that is
    /// loaded where a find did not bring everybody, see [`Self::hits`].
    pub(in crate::app) fn has_unread_matches(&self) -> bool {
        let has_more = self.search.as_ref().is_some_and(Search::has_more);
        has_more && !(self.is_whole() && self.wish.is_some())
    }

    /// Whether a key may read on with the last find now.
    pub fn can_read_on(&self) -> bool {
        self.has_unread_matches() && !self.search.as_ref().is_some_and(Search::is_loading)
    }

    /// Reads on where more match than were read: the next pages of each call that was not read to its end.
    pub(in crate::app) fn read_on(&mut self, place: &Place, core: &mut Core) {
        let search = self.search.as_mut().filter(|search| search.has_more());
        let Some((search, unread)) = search.and_then(|search| {
            let unread = search.found.ready()?.unread.clone();
            Some((search, unread))
        }) else {
            return;
        };
        if search.more.is_loading() {
            return;
        }
        let job = Job::ReadOn {
            place: place.clone(),
            unread,
        };
        search.more = Slot::Loading(core.ask(&search.typed, "reading on", job));
    }

    /// Asks the service the same once more, or for what it did not answer of the rest.
    pub(in crate::app) fn ask_again(&mut self, place: &Place, pool: Option<&Pool>, core: &mut Core) {
        let goes_on = self.search.as_ref().is_some_and(|search| {
            let hits = search.found.ready();
            search.more.fault().is_some() && search.has_more() || hits.is_some_and(Hits::can_go_on)
        });
        if goes_on {
            return self.read_on(place, core);
        }
        let Some(search) = self.search.take() else {
            return;
        };
        match (&self.wish, search.wanted) {
            (Some(_), Wanted::Anyone) => {
                let typed = search.typed.as_str();
                self.send(typed, search.plan, search.rest, search.wanted, place, core);
            }
            _ => self.ask(search.typed.as_str(), search.wanted, place, pool, core),
        }
    }

    /// Takes what a find brought: the one user to open, if there is one. Nobody opens under a line that is being typed.
    pub fn take_found(&mut self, ticket: Ticket, answer: &Answer<Found>, core: &mut Core) -> Option<Arc<User>> {
        if self.search.as_ref()?.more.ticket() == Some(ticket) {
            self.take_more(ticket, answer, core);
            return None;
        }
        if self.search.as_ref()?.found.ticket() != Some(ticket) {
            return None;
        }
        let answer = answer.as_ref().map_err(Clone::clone).map(|answered| {
            let (read, loaded) = (answered.value.users.len(), self.roster.len());
            let rows = self.take_hits(&answered.value.users, core);
            let fresh = self.roster.len() - loaded;
            // Of a term the line says how many were looked at.
            let counts_loaded = self
                .search
                .as_ref()
                .is_some_and(|search| search.plan.reading == Reading::Term);
            let known = if counts_loaded { read.saturating_sub(fresh) } else { 0 };
            let of_them = [
                (self.unmatched(read, rows.len()), "did not match the rest of the line"),
                (known, "had been loaded before"),
            ];
            tell(core, ticket, of_them);
            Hits {
                rows,
                stage: answered.value.stage,
                faults: answered.value.faults.clone(),
                unread: answered.value.unread.clone(),
            }
        });
        self.search.as_mut()?.found.fill(ticket, answer);
        if self.find.is_some() {
            return None;
        }
        self.cursor = 0;
        let search = self.search.as_ref()?;
        let hits = search.found.ready()?;
        let exact = self.roster.find(&Username::new(search.typed.as_str()));
        let exact = exact.filter(|row| hits.rows.contains(row));
        match (search.wanted, exact, hits.rows.as_slice()) {
            (Wanted::Named | Wanted::NamedOrMeant, Some(exact), _) => self.roster.user(exact),
            (Wanted::Anyone | Wanted::NamedOrMeant, _, [only]) if hits.is_whole() => self.roster.user(*only),
            _ => None,
        }
    }

    /// Takes what reading on brought. Nobody opens: there are others already.
    fn take_more(&mut self, ticket: Ticket, answer: &Answer<Found>, core: &mut Core) {
        let rows = match answer {
            Ok(answered) => self.take_hits(&answered.value.users, core),
            Err(_) => Vec::new(),
        };
        let unmatched = answer
            .as_ref()
            .map_or(0, |answered| self.unmatched(answered.value.users.len(), rows.len()));
        let Some(search) = &mut self.search else {
            return;
        };
        let read = answer.as_ref().map(|_| ()).map_err(Clone::clone);
        search.more.fill(ticket, read);
        if let (Ok(answered), Some(hits)) = (answer, search.found.ready_mut()) {
            let (before, fresh): (Vec<RowId>, Vec<RowId>) = rows.into_iter().partition(|row| hits.rows.contains(row));
            let of_them = [
                (unmatched, "did not match the rest of the line"),
                (before.len(), "had been found before"),
            ];
            tell(core, ticket, of_them);
            hits.rows.extend(fresh);
            hits.faults.extend(answered.value.faults.iter().cloned());
            hits.unread.clone_from(&answered.value.unread);
        }
    }

    /// Takes users of whom the service was asked: the rows of those for whom the rest of the line holds as well.
    fn take_hits(&mut self, users: &[Arc<User>], core: &Core) -> Vec<RowId> {
        let mut found = self.take_in(users);
        let ground = Ground {
            now: core.at,
            groups: self.groups.ready().cloned(),
        };
        if let Some(search) = &self.search {
            let rows = self.roster.rows();
            let holds = |row: &RowId| {
                rows.get(*row)
                    .is_some_and(|user| search.rest.matches(*row, user, &ground))
            };
            found.retain(holds);
        }
        found
    }

    /// How many of those who were read are known not to match the rest of the line: nobody, while it is about groups that
    /// were not read.
    fn unmatched(&self, read: usize, matched: usize) -> usize {
        let rest = self.search.as_ref().map(|search| &search.rest);
        match rest.is_none_or(|rest| self.knows_groups_of(rest)) {
            true => read.saturating_sub(matched),
            false => 0,
        }
    }

    /// What the last find asked and did not ask, where it found nobody or not everything.
    pub fn search_line(&self, pool: Option<&Pool>) -> Option<Sentence> {
        let search = self.search.as_ref()?;
        let hits = search.found.ready()?;
        let estimate = pool.and_then(|pool| pool.estimated_users);
        let sentence = match hits.rows.len() {
            0 => find::nobody(&search.plan, search.typed.as_str(), estimate),
            count => search.plan.asked(count, self.has_unread_matches()),
        };
        // What was not answered is not "nobody".
        Some(match (hits.fault(), hits.rows.is_empty() && !hits.unread.is_empty()) {
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

/// Says in the entry of a find why more were read than the line under the prompt counts for it.
fn tell(core: &mut Core, ticket: Ticket, of_them: [(usize, &str); 2]) {
    let told: Vec<String> = (of_them.iter().filter(|(users, _)| *users > 0))
        .map(|(users, why)| format!("{} of them {why}", grouped(*users as u64)))
        .collect();
    if let (false, Some(entry)) = (told.is_empty(), core.status.get_mut(ticket)) {
        entry.line = entry.line.clone().words("; ").words(told.join(", "));
    }
}
