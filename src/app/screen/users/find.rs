//! The line that says who is wanted: matched while it is typed, taken by Enter, which asks the service what that can
//! answer and leaves the rest to what is loaded.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Users;
use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::field::Field;
use crate::app::keymap::{Chord, Key};
use crate::app::session::Session;
use crate::app::slot::Slot;
use crate::domain::column::Column;
use crate::domain::find::{self, Plan, Reading};
use crate::domain::query::{
    Asks, Ground, Known, Mistake, Query, Reach, Term, Test, Typed, Unfinished, checked_besides_groups, complete,
    standing,
};
use crate::domain::{Fault, Place, Pool, Raw, RowId, Sentence, User, Username};
use crate::job::{Answer, Found, Job, Ticket};

/// The open line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub field: Field,
    /// What it says; with a mistake in it, what of it can be read.
    pub query: Arc<Query>,
    /// What is matched while it is typed: the same, but for what is not certain yet.
    pub matched: Arc<Query>,
    pub mistake: Option<Mistake>,
    /// What the word at the cursor may yet become.
    pub unfinished: Option<Unfinished>,
    /// The attributes it may name.
    known: Arc<Known>,
    /// What was typed before something was offered, where the cursor was, and which offer comes next.
    offered: Option<(String, usize, usize)>,
}

impl Line {
    fn new(known: Known) -> Self {
        Self {
            field: Field::default(),
            query: Arc::default(),
            matched: Arc::default(),
            mistake: None,
            unfinished: None,
            known: Arc::new(known),
            offered: None,
        }
    }

    /// Reads what is typed by now.
    fn read(&mut self) {
        let (text, cursor) = (self.field.text(), self.field.cursor());
        let Typed { query, mistake } = Query::typed(text, &self.known, &self.query);
        self.unfinished = query.unfinished(text, cursor, &self.known);
        self.query = Arc::new(query);
        self.mistake = mistake;
        // Nearly nobody is without the first letters of a name: they would take the whole list away.
        self.matched = match self.unfinished {
            Some(Unfinished::Name { negated: true, .. }) => Arc::new(self.query.without(cursor)),
            _ => Arc::clone(&self.query),
        };
    }
}

/// A line that was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    pub text: Raw,
    pub query: Arc<Query>,
    /// What of it the service can answer.
    pub asks: Asks,
}

impl Wish {
    /// Nothing but words: what the service is asked may mean several things, and the answer says which.
    pub fn is_words(&self) -> bool {
        let is_word = |term: &Term| !term.negated && matches!(term.test, Test::Text(_));
        self.query.terms.iter().all(is_word)
    }
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
    /// What is checked here of those whom the service found.
    pub rest: Query,
    pub found: Slot<Hits>,
    pub wanted: Wanted,
}

/// Whom a find brought: users that are loaded from then on.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    pub rows: Vec<RowId>,
    /// Which reading of the words found them.
    pub stage: Option<usize>,
    /// Calls the service refused, which the answer must not hide.
    pub faults: Vec<Fault>,
    /// More users match than were read.
    pub more: bool,
}

impl Hits {
    /// Everything asked for was answered to its end.
    pub fn is_whole(&self) -> bool {
        !self.more && self.faults.is_empty()
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
        let answers = !hits.rows.is_empty() && !hits.more && !groups && !words;
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
            wanted,
        });
        self.cursor = 0;
    }

    /// Asks the service the same once more.
    pub(in crate::app) fn ask_again(&mut self, place: &Place, pool: Option<&Pool>, core: &mut Core) {
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
    pub fn take_found(&mut self, ticket: Ticket, answer: &Answer<Found>, core: &Core) -> Option<Arc<User>> {
        if self.search.as_ref()?.found.ticket() != Some(ticket) {
            return None;
        }
        let answer = answer.as_ref().map_err(Clone::clone).map(|answered| Hits {
            rows: self.take_in(&answered.value.users),
            stage: answered.value.stage,
            faults: answered.value.faults.clone(),
            more: answered.value.more,
        });
        let ground = Ground {
            now: core.at,
            groups: self.groups.ready().cloned(),
        };
        let search = self.search.as_mut()?;
        let answer = answer.map(|mut hits| {
            let rows = self.roster.rows();
            let holds = |row: &RowId| {
                rows.get(*row)
                    .is_some_and(|user| search.rest.matches(*row, user, &ground))
            };
            hits.rows.retain(holds);
            hits
        });
        search.found.fill(ticket, answer);
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

    /// What the last find asked and did not ask, where it found nobody or not everything.
    pub fn search_line(&self, pool: Option<&Pool>) -> Option<Sentence> {
        let search = self.search.as_ref()?;
        let hits = search.found.ready()?;
        let estimate = pool.and_then(|pool| pool.estimated_users);
        let sentence = match hits.rows.len() {
            0 => find::nobody(&search.plan, search.typed.as_str(), estimate),
            count => search.plan.asked(count, hits.more),
        };
        // What was not answered is not "nobody".
        Some(match (hits.faults.first(), hits.rows.is_empty() && hits.more) {
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

    /// How the word at the cursor may go on, where the list does not follow it yet.
    pub fn goes_on(&self) -> Option<Sentence> {
        let signed = |name: &str| match name {
            "created" | "changed" => format!("{name}<"),
            name => format!("{name}:"),
        };
        match (&self.find.as_ref()?.unfinished, self.look.is_held()) {
            (Some(Unfinished::Name { name, negated: true }), _) => {
                let sign = Raw::from(format!("-{}", signed(name)));
                Some(crate::say!(
                    "left out so far: ",
                    name & sign,
                    " compares, a space makes it a word"
                ))
            }
            (Some(Unfinished::Name { name, .. }), true) => {
                let sign = Raw::from(signed(name));
                Some(crate::say!("nobody so far, the list stays: ", name & sign, " compares"))
            }
            (Some(Unfinished::Value), true) => Some("nobody so far, the list stays".into()),
            _ => None,
        }
    }

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
        }
    }

    /// A line is in force, or a find.
    pub fn is_narrowed(&self) -> bool {
        self.wish.is_some() || self.search.is_some()
    }

    /// Everybody is listed again.
    pub(in crate::app) fn clear_wish(&mut self) -> bool {
        let wished = self.wish.take().is_some();
        let searched = self.search.take().is_some();
        if wished || searched {
            self.cursor = 0;
        }
        wished || searched
    }
}

impl Session {
    pub(super) fn open_line(&mut self) {
        self.users.find = Some(Line::new(self.known()));
        self.users.cursor = 0;
    }

    /// The attributes that a line may name: those of the pool, and those that loaded users show.
    pub(in crate::app::screen) fn known(&self) -> Known {
        Known::new(self.schema(), self.users.roster.rows().names())
    }

    pub(super) fn find_action(&mut self, action: Action, core: &mut Core) {
        match action {
            Action::Accept => self.take_line(core),
            Action::Dismiss | Action::Cancel => {
                self.users.find = None;
                self.users.cursor = 0;
            }
            Action::Complete => self.complete_line(core),
            Action::FieldUndo => {
                if let Some(line) = &mut self.users.find {
                    line.field.undo();
                    line.read();
                }
            }
            _ => {}
        }
    }

    /// A key in the open line. False: no line is open, or it takes no such key.
    pub(in crate::app) fn key_in_line(&mut self, chord: Chord, core: &mut Core) -> bool {
        let Some(line) = &mut self.users.find else {
            return false;
        };
        let moves = match chord.key {
            Key::Up => Some(Action::Up),
            Key::Down => Some(Action::Down),
            _ => None,
        };
        if let Some(moves) = moves {
            self.users.move_cursor(moves, &self.place, core);
            return true;
        }
        self.users.cursor = 0;
        line.offered = None;
        let taken = line.field.key(chord);
        line.read();
        taken
    }

    /// A paste into the open line. False: none is open.
    pub(in crate::app) fn paste_into_line(&mut self, text: &Raw) -> bool {
        let Some(line) = &mut self.users.find else {
            return false;
        };
        line.offered = None;
        line.field.paste(text.as_str());
        line.read();
        self.users.cursor = 0;
        true
    }

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
        self.wish(&text, query, core);
    }

    /// A line comes into force, and the service is asked what it can answer of it.
    pub(in crate::app::screen) fn wish(&mut self, text: &str, query: Arc<Query>, core: &mut Core) {
        self.users.clear_wish();
        self.users.cursor = 0;
        if text.is_empty() {
            return;
        }
        let asks = self.asks(&query, core);
        let plan = asks.plan.clone();
        let rest = asks.rest(&query);
        let is_nothing = asks.is_nothing();
        let wish = Wish {
            text: Raw::from(text),
            query,
            asks,
        };
        let only_words = wish.is_words();
        self.users.wish = Some(wish);
        if self.is_file() {
            return core.say("an export has no service to ask: what is loaded is what there is");
        }
        // Words that cannot be asked are sent all the same: the answer says why.
        if !is_nothing || only_words {
            self.users.send(text, plan, rest, Wanted::Anyone, &self.place, core);
        }
        self.offer_groups(core);
    }

    /// What the service can be asked of a line.
    pub fn asks(&self, query: &Query, core: &Core) -> Asks {
        match self.is_file() {
            true => Asks::of_nobody(),
            false => query.asks(self.pool.ready().map(AsRef::as_ref), &core.settings.phone_prefixes),
        }
    }

    /// Tab: what can stand where the cursor is; again, the next of it.
    fn complete_line(&mut self, core: &mut Core) {
        let Some(line) = &self.users.find else {
            return;
        };
        let (text, cursor, next) = line
            .offered
            .clone()
            .unwrap_or_else(|| (line.field.text().to_owned(), line.field.cursor(), 0));
        let offers = complete(&text, cursor, &line.known, |column| self.users.values(column));
        let Some(offer) = offers.get(next % offers.len().max(1)) else {
            return core.say("nothing is known that could stand there");
        };
        let (before, behind) = (text.get(..offer.at.start), text.get(offer.at.end..));
        let completed = [
            before.unwrap_or_default(),
            offer.text.as_str(),
            behind.unwrap_or_default(),
        ]
        .concat();
        if let Some(line) = &mut self.users.find {
            line.field.key(Chord::ctrl('u'));
            line.field.paste(&completed);
            line.offered = Some((text, cursor, next + 1));
            line.read();
        }
        self.users.cursor = 0;
    }
}

/// How many of the loaded users are looked at for values to offer.
const VALUES_OF: usize = 5_000;

impl Users {
    /// The values of a column that were seen, most frequent first.
    fn values(&self, column: &Column) -> Vec<Raw> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (_, row) in self.roster.rows().iter().take(VALUES_OF) {
            if let Some(value) = column.value(row) {
                *counts.entry(value.into_owned()).or_default() += 1;
            }
        }
        if *column == Column::Groups
            && let Some(groups) = self.groups.ready()
        {
            return groups.iter().map(|group| group.name.clone()).collect();
        }
        let mut values: Vec<(String, usize)> = counts.into_iter().collect();
        values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        values.into_iter().map(|(value, _)| Raw::from(value)).collect()
    }
}
