//! Reading the whole pool: its price is said first, and what arrives is there at once, but for a pool that is loaded whole
//! already: that one stays as it is until it is read again. Everything else stays usable.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::domains::Domains;
use super::{Rest, Users};
use crate::app::Effect;
use crate::app::core::Core;
use crate::app::overlay::Overlay;
use crate::app::screen::edit::plural;
use crate::app::session::Session;
use crate::app::slot::Slot;
use crate::app::status::Word;
use crate::domain::price::Price;
use crate::domain::sentence::grouped;
use crate::domain::{Fault, Place, Raw, Roster, RowId, Sentence, User};
use crate::job::scan::{Checkpoint, Progress, Scan, ScanEnd, Scanned};
use crate::job::{Job, Ticket};

/// A reading of the whole pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub state: State,
    /// Of the part since it began or went on last.
    pub progress: Progress,
    /// Calls of the parts before.
    calls_before: u64,
    /// How long it was under way, in all its parts that are over.
    took: Duration,
    /// When the part that runs began.
    part_since: Duration,
    /// Requests a second that were chosen.
    pub rate: u32,
    /// When it began.
    since: Timestamp,
    /// When users arrived last, or it began.
    heard: Duration,
    /// Where it goes on.
    checkpoint: Option<Checkpoint>,
    again: Option<Again>,
}

/// A pool that is loaded whole is read again: the list stays as it is until nobody is missing in the new one either.
#[derive(Clone, Debug, PartialEq)]
struct Again {
    /// Who was read so far.
    read: Roster,
    /// Where they have their addresses: counted as they arrive, so that their end holds nothing up.
    domains: Domains,
    /// Who was found meanwhile. The reading may have passed where they stand.
    found: Vec<Arc<User>>,
    /// When the reading began that brought the list, where one did.
    listed_since: Option<Timestamp>,
}

/// A page is answered in less, even by a pool far away.
const SILENT: Duration = Duration::from_secs(5);

/// How a reading stands.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    Running(Ticket),
    /// It was asked to stop and has not said yet where it stands.
    Stopping(Ticket),
    Stopped,
    Failed(Fault),
    /// Everybody was read.
    Complete,
}

impl State {
    pub fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::Running(ticket) | Self::Stopping(ticket) => Some(*ticket),
            Self::Stopped | Self::Failed(_) | Self::Complete => None,
        }
    }

    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Failed(fault) => Some(fault),
            _ => None,
        }
    }

    /// Asks a running reading to stop. False: none runs.
    pub(super) fn stop(&mut self, core: &mut Core) -> bool {
        match *self {
            Self::Running(ticket) => {
                *self = Self::Stopping(ticket);
                core.effect(Effect::Cancel(ticket));
                true
            }
            Self::Stopping(_) => true,
            _ => false,
        }
    }
}

impl Reading {
    fn ticket(&self) -> Option<Ticket> {
        self.state.ticket()
    }

    pub fn is_running(&self) -> bool {
        self.ticket().is_some()
    }

    pub fn fault(&self) -> Option<&Fault> {
        self.state.fault()
    }

    /// When the reading began that brought what is listed, which may be as old as that.
    pub fn as_of(&self) -> Option<Timestamp> {
        match &self.again {
            Some(again) => again.listed_since,
            None => Some(self.since),
        }
    }

    /// How many were read again so far, where the pool was whole before.
    pub fn read_again(&self) -> Option<usize> {
        self.again.as_ref().map(|again| again.read.len())
    }

    /// The part that runs is over, however it ended.
    fn end_part(&mut self, now: Duration) {
        self.took = self.took.saturating_add(now.saturating_sub(self.part_since));
    }

    /// Calls that were made, of all its parts.
    fn calls(&self) -> u64 {
        self.calls_before.saturating_add(self.progress.calls)
    }

    /// Users a second, as measured.
    pub fn users_a_second(&self) -> Option<u64> {
        let spent = self.progress.spent.as_secs_f64();
        (spent >= 1.0).then(|| (self.progress.users as f64 / spent).round() as u64)
    }

    /// How long nothing has arrived, where that is longer than any page takes: the rate of before tells nothing then.
    pub fn silent(&self, now: Duration) -> Option<Duration> {
        let silent = now.saturating_sub(self.heard);
        (silent >= SILENT).then_some(silent)
    }

    /// How long it takes until about so many users are loaded, at the pace so far.
    pub fn left(&self, loaded: u64, estimated: Option<u64>) -> Option<Duration> {
        let rate = self.users_a_second().filter(|rate| *rate > 0)?;
        let missing = estimated?.checked_sub(loaded)?;
        Some(Duration::from_secs(missing.div_ceil(rate)))
    }
}

/// The question before many pages are read: what it costs, at which pace.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanQuestion {
    pub of: Asked,
    /// Requests a second.
    pub rate: u32,
    pub opened: Duration,
}

/// What is to be read.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    Everybody {
        /// About how many are still to be read.
        users: Option<u64>,
        /// An earlier reading goes on.
        goes_on: bool,
        /// Everybody is loaded, and stays so until all were read again.
        again: bool,
    },
    /// Who is in these groups.
    Groups {
        names: Vec<Raw>,
        /// How many the pool has.
        all: usize,
        /// About how many users the pool has.
        users: Option<u64>,
    },
}

impl ScanQuestion {
    /// `None`: how many users the pool has is not known.
    pub fn price(&self) -> Option<Price> {
        Some(match &self.of {
            Asked::Everybody { users, .. } => Price::of_everybody((*users)?, self.rate),
            Asked::Groups { names, users, .. } => Price::of_groups(names.len(), (*users)?, self.rate),
        })
    }
}

impl Users {
    /// Nobody is there yet whom only a reading of the whole pool would bring.
    pub(in crate::app) fn is_being_read(&self) -> bool {
        self.scan.as_ref().is_some_and(Reading::is_running)
    }

    /// Users arrive, many at a time.
    pub(in crate::app) fn is_arriving(&self) -> bool {
        let file = self.file.as_ref().is_some_and(|file| file.reading.is_loading());
        self.is_being_read() || self.groups.is_running() || file
    }

    /// How old what is listed may be, where everybody was read at once.
    pub fn as_of(&self) -> Option<Timestamp> {
        match &self.file {
            Some(file) => Some(file.opened.read_at),
            None => self.scan.as_ref().and_then(Reading::as_of),
        }
    }

    /// Starts the reading, or goes on where it stopped.
    pub(in crate::app) fn start_scan(&mut self, rate: u32, estimated: Option<u64>, place: &Place, core: &mut Core) {
        if self.is_being_read() {
            return;
        }
        let before = self.scan.take();
        let listed_since = before.as_ref().and_then(Reading::as_of);
        let before = before.filter(|scan| scan.state != State::Complete);
        let (calls_before, took) = before
            .as_ref()
            .map(|scan| (scan.calls(), scan.took))
            .unwrap_or_default();
        let (from, since, again) = match before {
            Some(scan) => (scan.checkpoint, scan.since, scan.again),
            None => (None, core.at, None),
        };
        let again = again.or_else(|| {
            self.is_whole().then(|| Again {
                read: Roster::default(),
                domains: Domains::default(),
                found: Vec::new(),
                listed_since,
            })
        });
        // Who is in the list already stays in it as read before.
        let first = self.roster.rows().get(RowId(0)).filter(|_| again.is_none());
        let since = first.map_or(since, |row| row.read_at().min(since));
        // A page that failed is not asked for any more: everybody is.
        if self.page.fault().is_some() {
            self.page = Slot::Empty;
        }
        let scan = Scan {
            rate,
            estimated,
            from: from.clone(),
        };
        let job = Job::Scan {
            place: place.clone(),
            scan: Box::new(scan),
        };
        let ticket = core.ask(&Raw::from("users"), "reading the whole pool; Esc stops", job);
        if let Some(entry) = core.status.get_mut(ticket) {
            entry.go_on(took);
        }
        // What a find brought is part of what is loaded: the line goes on in all of it. One under way is still waited for.
        if let Some(wish) = &mut self.wish {
            wish.forget_hits();
            self.search.take_if(|search| !search.is_loading());
        }
        self.scan = Some(Reading {
            state: State::Running(ticket),
            progress: Progress::default(),
            calls_before,
            took,
            part_since: core.mono,
            rate,
            since,
            heard: core.mono,
            checkpoint: from,
            again,
        });
    }

    /// Asks a running reading to stop. False: none runs.
    pub(in crate::app) fn stop_scan(&mut self, core: &mut Core) -> bool {
        self.scan.as_mut().is_some_and(|scan| scan.state.stop(core))
    }

    /// Takes users that a reading brought. False: nobody waits for them.
    pub(in crate::app) fn take_scanned(&mut self, ticket: Ticket, scanned: &Scanned, core: &mut Core) -> bool {
        let Some(scan) = self.scan.as_mut().filter(|scan| scan.ticket() == Some(ticket)) else {
            return false;
        };
        scan.progress = scanned.progress.clone();
        scan.heard = core.mono;
        let calls = scan.calls();
        let again = scan.again.as_mut().map(|again| {
            let before = again.read.len();
            again.read.add(&scanned.users);
            again.domains.count(again.read.rows(), before);
            again.read.len()
        });
        let loaded = again.unwrap_or_else(|| {
            self.add(&scanned.users);
            self.roster.len()
        });
        if let Some(entry) = core.status.get_mut(ticket) {
            entry.line = counted(loaded, calls);
        }
        true
    }

    /// Takes the end of a reading. False: nobody waits for it.
    pub(in crate::app) fn take_scan_end(&mut self, ticket: Ticket, end: &ScanEnd, core: &mut Core) -> bool {
        let loaded = self.roster.len();
        let Some(scan) = self.scan.as_mut().filter(|scan| scan.ticket() == Some(ticket)) else {
            return false;
        };
        scan.progress = end.progress.clone();
        scan.end_part(core.mono);
        scan.checkpoint.clone_from(&end.checkpoint);
        let line = counted(scan.read_again().unwrap_or(loaded), scan.calls());
        let line = match (&end.checkpoint, &scan.again) {
            (None, _) => Sentence::from("the whole pool: ").join(line),
            (Some(_), None) => Sentence::from("stopped: ").join(line).words("; S goes on"),
            (Some(_), Some(_)) => {
                let line = Sentence::from("stopped: ").join(line).words(" read again");
                line.words("; S goes on, and the list stays as it was until then")
            }
        };
        scan.state = match (&end.fault, &end.checkpoint) {
            (Some(fault), _) => State::Failed(fault.clone()),
            (None, Some(_)) => State::Stopped,
            (None, None) => State::Complete,
        };
        if scan.state == State::Complete {
            self.rest = Rest::All;
            if let Some(again) = scan.again.take() {
                self.begin_anew(again.read, again.domains, &again.found);
            }
        }
        self.look_now();
        core.reading_ended(
            ticket,
            (Word::Read, line),
            end.fault.as_ref(),
            end.notices.iter().cloned(),
        );
        true
    }

    /// Keeps whom a find brought while a whole pool is read again: they stay in the list that takes the place of this one.
    pub(super) fn keep_found(&mut self, users: &[Arc<User>]) {
        if let Some(again) = self.scan.as_mut().and_then(|scan| scan.again.as_mut()) {
            again.found.extend(users.iter().cloned());
        }
    }

    /// The pace of a reading that failed.
    pub(in crate::app) fn failed_scan(&self) -> Option<u32> {
        let scan = self.scan.as_ref()?;
        scan.fault().map(|_| scan.rate)
    }

    /// The work of a reading broke: nobody knows how far it came beyond what arrived.
    pub(in crate::app) fn fail_scan(&mut self, ticket: Ticket, fault: &Fault, core: &Core) -> bool {
        let Some(scan) = self.scan.as_mut().filter(|scan| scan.ticket() == Some(ticket)) else {
            return false;
        };
        scan.end_part(core.mono);
        scan.state = State::Failed(fault.clone());
        true
    }
}

/// `12,480 users, 208 calls`
fn counted(users: usize, calls: u64) -> Sentence {
    let many = usize::try_from(calls).unwrap_or(usize::MAX);
    crate::say!(
        own grouped(users as u64), " ", own plural(users, "user"), ", ", own grouped(calls), " ",
        own plural(many, "call")
    )
}

impl Session {
    /// `S`: what reading the whole pool costs, before anything is asked.
    pub(in crate::app) fn open_scan(&mut self, core: &mut Core, overlay: &mut Option<Overlay>) {
        if let Some(nobody) = self.users.nobody_to_ask() {
            return core.say(nobody);
        }
        if self.users.is_being_read() {
            return core.say("the whole pool is being read; Esc stops");
        }
        let estimated = self.pool.ready().and_then(|pool| pool.estimated_users);
        let before = self.users.scan.as_ref();
        let goes_on = before.is_some_and(|scan| scan.checkpoint.is_some());
        let read = before.and_then(Reading::read_again);
        let read = read.unwrap_or_else(|| self.users.roster.len()) as u64;
        *overlay = Some(Overlay::Scan(ScanQuestion {
            of: Asked::Everybody {
                users: estimated.map(|users| if goes_on { users.saturating_sub(read) } else { users }),
                goes_on,
                again: self.users.is_whole(),
            },
            rate: before.map_or(core.settings.list_rate, |scan| scan.rate),
            opened: core.mono,
        }));
    }

    pub(in crate::app) fn start_scan(&mut self, rate: u32, core: &mut Core) {
        let estimated = self.pool.ready().and_then(|pool| pool.estimated_users);
        self.users.start_scan(rate, estimated, &self.place, core);
    }
}
