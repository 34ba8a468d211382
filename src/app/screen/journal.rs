//! The journal on the screen: what was done, newest first, narrowed by a line of terms, one entry in full, and what of
//! earlier runs nobody saw the end of. It follows what other consoles write for as long as it is open.

mod settle;
mod undo;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::undo::Undoing;
use crate::app::App;
use crate::app::action::Action;
use crate::app::core::{Core, headline};
use crate::app::field::Field;
use crate::app::keymap::Chord;
use crate::app::overlay::{CopyItem, moved};
use crate::app::slot::Slot;
use crate::domain::entry::filter::Filter;
use crate::domain::{Entry, Fault, PoolId, Raw, Sentence};
use crate::job::{Job, JournalRead, Stamp, Ticket};

/// How often an open journal asks whether somebody wrote to it.
const LOOK: Duration = Duration::from_secs(1);

/// What a reading did not tell this long after a write, another will not tell either.
const TOLD_BY_THEN: Duration = Duration::from_secs(10 * 60);

/// What is known of the journal, and the screen that shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Journal {
    /// Newest first, of every pool.
    entries: Vec<Arc<Entry>>,
    stamp: Option<Stamp>,
    /// The reading under way, or why the last one did not come. What was read before stays.
    pub read: Slot<()>,
    /// What could not be read of it.
    pub notices: Vec<Sentence>,
    /// When it was asked for last.
    looked: Duration,
    /// The screen, where it is in front.
    pub shown: Option<Listing>,
    undoing: Option<Undoing>,
    /// Entries that are being read back.
    settling: BTreeMap<Ticket, Raw>,
    /// What earlier runs left was said.
    announced: bool,
}

/// The open screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// The pool whose entries are listed. `None`: every pool's.
    pub of: Option<PoolId>,
    /// The line of terms while it is typed.
    pub find: Option<Field>,
    /// The terms in force, as typed.
    pub typed: Raw,
    filter: Filter,
    /// Why the line as typed is not in force.
    pub problem: Option<Sentence>,
    /// The entry the cursor is on. It stays on it when newer ones come.
    cursor: Option<Raw>,
    /// The entry is shown in full.
    pub open: bool,
    pub scroll: usize,
}

impl Listing {
    fn new(of: Option<PoolId>) -> Self {
        Self {
            of,
            find: None,
            typed: Raw::default(),
            filter: Filter::default(),
            problem: None,
            cursor: None,
            open: false,
            scroll: 0,
        }
    }

    /// Takes the line as it is typed; what cannot be read yet leaves the terms before it in force.
    fn narrow(&mut self, typed: &str) {
        match Filter::parse(typed) {
            Ok(filter) => {
                self.filter = filter;
                self.typed = Raw::from(typed.trim());
                self.problem = None;
            }
            Err(problem) => self.problem = Some(problem),
        }
    }

    pub fn is_narrowed(&self) -> bool {
        !self.filter.is_empty()
    }
}

impl Journal {
    /// Everything that is known, newest first.
    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// An entry by its name.
    pub fn get(&self, id: &Raw) -> Option<&Arc<Entry>> {
        self.entries.iter().find(|entry| entry.id == *id)
    }

    /// The entries that take this one back.
    pub fn undone_by(&self, id: &Raw) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries
            .iter()
            .filter(move |entry| entry.undoes.as_ref() == Some(id))
    }

    /// The entries that are listed.
    pub fn listed(&self, zone: &TimeZone) -> Vec<&Arc<Entry>> {
        let Some(listing) = &self.shown else {
            return Vec::new();
        };
        let here = |entry: &&Arc<Entry>| listing.of.as_ref().is_none_or(|pool| entry.place.pool == *pool);
        self.entries
            .iter()
            .filter(here)
            .filter(|entry| listing.filter.matches(entry, zone))
            .collect()
    }

    /// Where the cursor is among those listed.
    pub fn position(&self, listed: &[&Arc<Entry>]) -> usize {
        let wanted = self.shown.as_ref().and_then(|listing| listing.cursor.as_ref());
        listed
            .iter()
            .position(|entry| Some(&entry.id) == wanted)
            .unwrap_or_default()
    }

    pub fn selected(&self, zone: &TimeZone) -> Option<Arc<Entry>> {
        let listed = self.listed(zone);
        listed.get(self.position(&listed)).map(|entry| Arc::clone(entry))
    }

    /// Writes of runs that are over whose end nobody saw, as long as reading back may still tell.
    pub fn unknown(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.iter().filter(|entry| {
            let told = entry.seen.last().is_some_and(|seen| {
                let for_good = seen.fault.as_ref().is_none_or(|fault| fault.code.as_str() == "NotKept");
                for_good && since(seen.at, entry.at) >= TOLD_BY_THEN
            });
            entry.is_unknown() && !told
        })
    }

    /// Entries that are being read back now.
    pub fn is_settling(&self, id: &Raw) -> bool {
        self.settling.values().any(|other| other == id)
    }

    /// Asks for the journal unless it is being asked for.
    pub(in crate::app) fn look(&mut self, core: &mut Core) {
        if self.read.is_loading() {
            return;
        }
        self.looked = core.mono;
        let known = self.stamp;
        self.read = Slot::Loading(core.ask_quietly(Job::ReadJournal { known }));
    }

    /// How long until an open journal looks again.
    pub(in crate::app) fn next_look(&self, now: Duration) -> Option<Duration> {
        if self.shown.is_none() || self.read.is_loading() {
            return None;
        }
        Some(LOOK.saturating_sub(now.saturating_sub(self.looked)))
    }

    pub(in crate::app) fn tick(&mut self, core: &mut Core) {
        if self.next_look(core.mono) == Some(Duration::ZERO) {
            self.look(core);
        }
    }

    /// False: nobody waits for it.
    fn take(&mut self, ticket: Ticket, answer: &Result<JournalRead, Fault>) -> bool {
        if !self
            .read
            .fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone))
        {
            return false;
        }
        if let Ok(read) = answer {
            self.stamp = Some(read.stamp);
            if let Some(entries) = &read.entries {
                self.entries.clone_from(entries);
                self.notices.clone_from(&read.notices);
            }
        }
        true
    }

    pub(in crate::app) fn fail(&mut self, ticket: Ticket, fault: &Fault) {
        self.read.fail(ticket, fault);
        self.settling.remove(&ticket);
        if self.undoing.as_ref().is_some_and(|undoing| undoing.ticket == ticket) {
            self.undoing = None;
        }
    }

    /// Holds the cursor to the entry that it is drawn on, so that a newer one cannot slip under it: what is read is what
    /// is opened and taken back. An entry that is no longer listed is closed.
    pub(in crate::app) fn hold_cursor(&mut self, zone: &TimeZone) {
        let listed = self.listed(zone);
        let held = self.shown.as_ref().and_then(|listing| listing.cursor.as_ref());
        // What was known before the journal was opened may lack the newest, which is on its way.
        if held.is_none() && self.read.is_loading() {
            return;
        }
        if held.is_some_and(|id| listed.iter().any(|entry| entry.id == *id)) {
            return;
        }
        let first = listed.first().map(|entry| entry.id.clone());
        if let Some(listing) = &mut self.shown {
            listing.open &= listing.cursor.is_none();
            listing.cursor = first;
        }
    }

    /// The cursor goes on to another entry.
    fn move_cursor(&mut self, action: Action, zone: &TimeZone) {
        let listed = self.listed(zone);
        let to = moved(self.position(&listed), action, listed.len());
        let id = listed.get(to).map(|entry| entry.id.clone());
        if let Some(listing) = &mut self.shown {
            listing.cursor = id;
            listing.scroll = 0;
        }
    }
}

/// How much later `at` is.
fn since(at: Timestamp, start: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(start)).unwrap_or_default()
}

impl App {
    /// `L`: the entries of the open pool, or of every pool.
    pub(in crate::app) fn open_journal(&mut self) {
        let of = self.session.as_ref().map(|session| session.place.pool.clone());
        self.journal.shown = Some(Listing::new(of));
        self.journal.look(&mut self.core);
    }

    /// Whether the keys are the journal's.
    pub fn shows_journal(&self) -> bool {
        self.journal.shown.is_some()
    }

    pub(in crate::app) fn take_journal(&mut self, ticket: Ticket, answer: &Result<JournalRead, Fault>) {
        if !self.journal.take(ticket, answer) {
            return;
        }
        match answer {
            Ok(_) => self.announce_unknown(),
            Err(fault) if self.shows_journal() => {
                self.core
                    .say(crate::say!("the journal was not read: ").join(headline(fault)));
            }
            Err(fault) => {
                let line = crate::say!("not read: ").join(headline(fault));
                self.core.note(&Raw::from("journal"), line);
            }
        }
    }

    pub(in crate::app) fn journal_action(&mut self, action: Action) {
        let zone = self.core.settings.zone.clone();
        let Some(listing) = &mut self.journal.shown else {
            return;
        };
        if let Some(field) = &mut listing.find {
            match action {
                Action::Accept => {
                    let typed = field.text().to_owned();
                    listing.narrow(&typed);
                    if listing.problem.is_none() {
                        listing.find = None;
                    }
                }
                Action::Dismiss | Action::Cancel => {
                    listing.find = None;
                    listing.narrow("");
                }
                Action::FieldUndo => {
                    field.undo();
                    let typed = field.text().to_owned();
                    listing.narrow(&typed);
                }
                _ => {}
            }
            return;
        }
        match action {
            Action::Find => {
                listing.open = false;
                let mut field = Field::default();
                field.paste(listing.typed.as_str());
                listing.find = Some(field);
            }
            Action::Open => match self.journal.selected(&zone) {
                Some(entry) => {
                    if let Some(listing) = &mut self.journal.shown {
                        listing.cursor = Some(entry.id.clone());
                        listing.open = true;
                        listing.scroll = 0;
                    }
                }
                None => self.core.say("there is no entry to open"),
            },
            Action::AllPools => self.switch_pools(),
            Action::Undo => self.undo_selected(),
            Action::ReadBack => self.read_back_selected(),
            other if listing.open => listing.scrolled(other),
            other => self.journal.move_cursor(other, &zone),
        }
    }

    /// From the entries of the open pool to those of every pool, and back.
    fn switch_pools(&mut self) {
        let here = self.session.as_ref().map(|session| session.place.pool.clone());
        let Some(listing) = &mut self.journal.shown else {
            return;
        };
        if here.is_none() {
            return self
                .core
                .say("these are the entries of every pool; pool: and its id in the filter narrows them");
        }
        listing.open = false;
        listing.of = match listing.of {
            Some(_) => None,
            None => here,
        };
    }

    /// Undoes the topmost thing of the screen.
    pub(in crate::app) fn leave_journal(&mut self) {
        let Some(listing) = &mut self.journal.shown else {
            return;
        };
        if listing.open {
            listing.open = false;
        } else if listing.is_narrowed() {
            listing.narrow("");
        } else {
            self.journal.shown = None;
        }
    }

    /// Reads it whole again, whatever is known.
    pub(in crate::app) fn reread_journal(&mut self) {
        self.journal.stamp = None;
        self.journal.look(&mut self.core);
    }

    /// Text for the line of terms. False: it is not open.
    pub(in crate::app) fn journal_text(&mut self, chord: Chord) -> bool {
        let Some(listing) = &mut self.journal.shown else {
            return false;
        };
        let Some(field) = &mut listing.find else {
            return false;
        };
        let taken = field.key(chord);
        let typed = field.text().to_owned();
        listing.narrow(&typed);
        taken
    }

    pub(in crate::app) fn journal_paste(&mut self, text: &Raw) -> bool {
        let Some(listing) = &mut self.journal.shown else {
            return false;
        };
        let Some(field) = &mut listing.find else {
            return false;
        };
        field.paste(text.as_str());
        let typed = field.text().to_owned();
        listing.narrow(&typed);
        true
    }

    pub(in crate::app) fn journal_items(&self) -> Vec<CopyItem> {
        let Some(entry) = self.journal.selected(&self.core.settings.zone) else {
            return Vec::new();
        };
        let request_id = entry.answer.as_ref().and_then(|answer| answer.request_id.clone());
        let known = [
            ("entry id", Some(entry.id.clone())),
            ("request id", request_id),
            ("username", entry.username.value().cloned()),
            ("sub", entry.sub.as_ref().and_then(|sub| sub.value().cloned())),
            (
                "reason",
                entry.reason.as_ref().and_then(|reason| reason.value().cloned()),
            ),
        ];
        known
            .into_iter()
            .filter_map(|(name, text)| text.map(|text| CopyItem { name, text }))
            .collect()
    }
}

impl Listing {
    fn scrolled(&mut self, action: Action) {
        self.scroll = match action {
            Action::Up => self.scroll.saturating_sub(1),
            Action::Down => self.scroll.saturating_add(1).min(2_000),
            Action::PageUp | Action::HalfUp => self.scroll.saturating_sub(10),
            Action::PageDown | Action::HalfDown => self.scroll.saturating_add(10).min(2_000),
            Action::Top => 0,
            _ => self.scroll,
        };
    }
}
