//! What the operator sees and does, as a pure machine: `update` takes one event and returns what is to be done.
//!
//! Nothing in here reads a clock, waits, or knows a terminal or the service. Events, effects and jobs are plain data,
//! so a test drives this with the same values as the real loop.

pub mod action;
pub mod core;
pub mod drafts;
pub mod field;
mod input;
pub mod keymap;
pub mod mask;
pub mod overlay;
mod pool;
mod replies;
pub mod screen;
pub mod secret_field;
pub mod session;
pub mod slot;
pub mod status;
pub mod writes;

use std::time::Duration;

use jiff::Timestamp;

use self::action::Action;
use self::core::switched_off;
pub use self::core::{Confirm, Core, Favourite, Folders, GivenToken, Opened, SavedView, Settings, VerifiedDefault};
use self::drafts::Drafts;
use self::keymap::Chord;
use self::overlay::{Overlay, Prompt, PromptKind};
use self::screen::journal::Journal;
use self::screen::pools::Pools;
use self::session::Session;
use self::status::{Entry, Next, Word};
use crate::domain::Raw;
use crate::job::{Job, Reply, Ticket};

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamped {
    pub at: Timestamp,
    /// Since the program started; never jumps.
    pub mono: Duration,
    pub event: Event,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The program starts, on a terminal of this size.
    Start(u16, u16),
    /// What one read of the terminal brought, in order.
    Burst(Vec<Input>),
    Reply(Ticket, Reply),
    /// The external editor gave a value back, or did not (then why, in words).
    Edited(Result<Raw, Raw>),
    /// Suspending did not stop the program (no shell could continue it).
    NotSuspended,
    /// A thread that does not draw panicked, at this place of the source. The program goes on.
    WorkerBroke(Raw),
    Tick,
}

/// One thing of a read.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    Key(Chord),
    Paste(Raw),
    Resize(u16, u16),
}

/// Something to be done outside.
#[expect(clippy::large_enum_variant, reason = "a handful at a time, gone at once")]
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Ask(Ticket, Job),
    /// Stop a job before its next step; what was sent stays sent.
    Cancel(Ticket),
    /// Hand text to the terminal's clipboard (OSC 52).
    Copy(Raw),
    /// Let the operator's editor have the terminal and this text.
    EditOutside(Raw),
    Suspend,
    Redraw,
    Quit,
}

pub type Effects = Vec<Effect>;

/// Which pane has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    Body,
    Status,
}

/// The whole program, without its edges.
#[derive(Clone, Debug, PartialEq)]
pub struct App {
    pub core: Core,
    pub pools: Pools,
    /// The open pool. `None` shows the pools.
    pub session: Option<Session>,
    /// Sessions of pools that were left: their drafts stay.
    pub left: Vec<Session>,
    /// What is kept of pending edits on disk.
    pub drafts: Drafts,
    /// What was done, and the screen of it where that is in front.
    pub journal: Journal,
    pub overlay: Option<Overlay>,
    pub pane: Pane,
    /// The status pane was made taller.
    pub tall_pane: bool,
    /// When ctrl-c was pressed at the top: a second one quits.
    quit_asked: Option<Duration>,
}

impl App {
    pub fn new(settings: Settings) -> Self {
        Self {
            pools: Pools::new(&settings),
            core: Core::new(settings),
            session: None,
            left: Vec::new(),
            drafts: Drafts::default(),
            journal: Journal::default(),
            overlay: None,
            pane: Pane::Body,
            tall_pane: false,
            quit_asked: None,
        }
    }

    /// Takes one event. The same app and event always give the same app and effects.
    pub fn update(&mut self, stamped: Stamped) -> Effects {
        self.core.at = stamped.at;
        self.core.mono = stamped.mono;
        let by_hand = matches!(stamped.event, Event::Burst(_) | Event::Edited(_));
        self.core.mask.pass(stamped.mono, self.core.settings.idle_lock);
        match stamped.event {
            Event::Start(width, height) => {
                self.core.size = (width, height);
                self.start();
            }
            Event::Burst(inputs) => self.burst(inputs),
            Event::Reply(ticket, reply) => self.reply(ticket, reply),
            Event::Edited(result) => self.edited(result),
            Event::NotSuspended => self.core.say("not suspended: no shell could continue the program"),
            Event::WorkerBroke(place) => self.worker_broke(&place),
            Event::Tick => self.journal.tick(&mut self.core),
        }
        if let Some(session) = &mut self.session {
            session.users.narrow(&mut self.core);
            session.renew_lint(&mut self.core);
        }
        self.export_after_look();
        self.say_price_of_groups();
        self.offer_drafts();
        self.save_drafts(by_hand);
        if self.shows_journal() {
            self.journal.hold_cursor(&self.core.settings.zone);
        }
        self.core.take_effects()
    }

    /// How long the loop may wait before it sends a tick; `None`: until something happens.
    pub fn next_wake(&self) -> Option<Duration> {
        let running = self.core.status.any_running().then_some(Duration::from_secs(1));
        let token = self
            .session
            .as_ref()
            .and_then(|session| session.acting.as_ref())
            .and_then(|acting| acting.changes_in(self.core.at));
        let mask = self.core.mask.falls_in(self.core.mono, self.core.settings.idle_lock);
        let journal = self.journal.next_look(self.core.mono);
        let look = (self.session.as_ref()).and_then(|session| session.users.next_look(&self.core));
        running
            .into_iter()
            .chain(token)
            .chain(mask)
            .chain(journal)
            .chain(look)
            .min()
    }

    fn start(&mut self) {
        for notice in std::mem::take(&mut self.core.settings.notices) {
            self.core.note(&Raw::from("cognitui"), notice);
        }
        // What earlier runs left is said on the first screen, whichever that is.
        self.journal.look(&mut self.core);
        self.look_for_drafts();
        match self.core.settings.pool.clone() {
            Some(pool) => self.open_pool_id(pool),
            None => {
                self.pools.load(&mut self.core);
                if let Some(user) = self.core.settings.user.clone() {
                    self.core.say(crate::say!(raw & user, " opens in the pool you choose"));
                }
                if self.core.settings.access_token.is_some() {
                    self.core.say("the access token is asked for in the pool you choose");
                }
            }
        }
    }

    fn ask_for_pool_id(&mut self, typed: &Raw) {
        let mut prompt = Prompt::new(PromptKind::PoolId, self.core.mono);
        prompt.field.paste(typed.as_str());
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    /// Where pools may not be listed and none is in the config, a pool's id is the only way on.
    fn offer_a_pool_id(&mut self) {
        let denied = self.pools.fault().is_some_and(|fault| fault.missing_action().is_some());
        let nothing_else = self.pools.choices(&self.core.settings).is_empty();
        let in_front = self.session.is_none() && !self.shows_journal();
        if denied && nothing_else && in_front && self.overlay.is_none() && self.pane == Pane::Body {
            self.ask_for_pool_id(&Raw::default());
        }
    }

    fn edited(&mut self, result: Result<Raw, Raw>) {
        match (result, &mut self.session) {
            (Ok(text), Some(session)) => session.edited(&text),
            (Ok(_), None) => {}
            (Err(why), _) => self.core.note(
                &Raw::from("$EDITOR"),
                crate::say!("the value is as it was: ", raw & why),
            ),
        }
    }

    /// An operation that was on that thread gets an entry of its own; this one says where to look in the source.
    fn worker_broke(&mut self, place: &Raw) {
        let line = crate::say!("a fault of its own at ", name place, own "; what was under way there may be half done");
        let mut entry = Entry::new(self.core.at, Word::Failed, Raw::from("cognitui"), line);
        let next = "next: report the place; quit and start again if something does not answer any more";
        entry.more.push(next.into());
        self.core.status.push(entry);
    }

    /// Quits, unless there are pending edits: then it is said what becomes of them, and a second key quits.
    fn quit(&mut self) {
        let users: usize = self
            .session
            .iter()
            .chain(&self.left)
            .map(Session::users_with_edits)
            .sum();
        if users == 0 {
            return self.core.effect(Effect::Quit);
        }
        self.quit_asked = Some(self.core.mono);
        self.drafts.keep_once_more();
        let whose = if users == 1 {
            "1 user has pending edits".to_owned()
        } else {
            format!("{users} users have pending edits")
        };
        self.core
            .say(format!("{whose}, {}; q again quits", self.fate_of_edits()));
    }

    /// What becomes of pending edits when the program ends.
    pub(in crate::app) fn fate_of_edits(&self) -> &'static str {
        if !self.core.settings.drafts {
            "which are lost when the program ends"
        } else if self.drafts.is_in_trouble() {
            "which could not be saved and are lost when the program ends"
        } else {
            "kept for the next start"
        }
    }

    pub fn at_top(&self) -> bool {
        self.overlay.is_none()
            && self.pane == Pane::Body
            && !self.shows_journal()
            && match &self.session {
                None => true,
                Some(session) => session.at_top(),
            }
    }

    /// Undoes the topmost thing. The last one is the open pool, which `q` and Esc leave as it is.
    fn back(&mut self) {
        if self.shows_journal() {
            return self.leave_journal();
        }
        match &mut self.session {
            Some(session) => session.back(&mut self.core),
            None => self.core.say("this is the first screen; q quits"),
        }
    }

    fn switch_pane(&mut self) {
        self.pane = match self.pane {
            Pane::Status => Pane::Body,
            Pane::Body if self.core.status.is_empty() => {
                self.core.say("the status pane has no entries yet");
                Pane::Body
            }
            Pane::Body => Pane::Status,
        };
        self.core.status.cursor = 0;
    }

    fn status_move(&mut self, action: Action) {
        match action {
            Action::Up => self.core.status.up(1),
            Action::Down => self.core.status.down(1),
            Action::PageUp | Action::HalfUp => self.core.status.up(5),
            Action::PageDown | Action::HalfDown => self.core.status.down(5),
            Action::Top => self.core.status.up(usize::MAX),
            Action::Bottom => self.core.status.down(usize::MAX),
            _ => self.unbound(None),
        }
    }

    fn entry_action(&mut self, action: Action) {
        let Some(entry) = self.core.status.selected().cloned() else {
            return;
        };
        if action == Action::EntryInFull {
            self.overlay = Some(Overlay::Entry {
                entry: Box::new(entry),
                scroll: 0,
            });
            return;
        }
        let Some(next) = entry.next else {
            return self.core.say("this entry names no next step; d shows it in full");
        };
        let elsewhere =
            entry.place.is_some() && entry.place.as_ref() != self.session.as_ref().map(|session| &session.place);
        if elsewhere && !matches!(next, Next::ReadBack { .. }) {
            return self.core.say("that was in another pool; open it first");
        }
        // A send that is out belongs to the review it came from: that stays open until the result is there.
        let leaves = matches!(
            next,
            Next::OpenUser(_) | Next::OpenForm { .. } | Next::Deed { .. } | Next::SignIn(_)
        );
        if leaves && self.session.as_ref().is_some_and(Session::is_sending) {
            return self.core.say("a write is under way; its result comes first");
        }
        self.pane = Pane::Body;
        if leaves {
            self.journal.shown = None;
        }
        match next {
            Next::ReadBackEarlier => self.read_back_earlier(),
            Next::Retry => self.retry(),
            Next::OpenUser(username) => match &mut self.session {
                Some(session) => session.open_by_name(&username, &mut self.core),
                None => self.core.say("its pool is not open any more"),
            },
            Next::OpenForm { username, route } => match &mut self.session {
                Some(session) if session.may_write() => session.open_form_of(&username, route, &mut self.core),
                _ => self.core.say("its pool is not open for writing any more"),
            },
            Next::SignIn(username) => match &mut self.session {
                Some(session) if self.core.settings.act_as_user => session.sign_in_again(&username, &mut self.core),
                _ => self.core.say("its pool is not open any more"),
            },
            Next::Deed { username, deed } => match &mut self.session {
                Some(session) if session.may_write() => session.open_deed_of(&username, deed, &mut self.core),
                _ => self.core.say("its pool is not open for writing any more"),
            },
            Next::ReadBack {
                place,
                operation,
                fault,
                journal_id,
            } => self.read_back(place, operation, fault, journal_id),
        }
    }

    fn retry(&mut self) {
        if self.shows_journal() {
            return self.reread_journal();
        }
        match &mut self.session {
            None => self.pools.reload(&mut self.core),
            Some(session) => session.retry(&mut self.core),
        }
    }

    fn open_copy_menu(&mut self) {
        if let Some(because) = self.core.settings.clipboard_off {
            return self
                .core
                .say(crate::say!("nothing is copied: ", own switched_off("copying", because)));
        }
        let items = match &self.session {
            _ if self.shows_journal() => self.journal_items(),
            None => self.pools.copy_items(&self.core.settings),
            Some(session) => session.copy_items(),
        };
        if items.is_empty() {
            return self.core.say("there is nothing to copy here");
        }
        self.overlay = Some(Overlay::Copy {
            items,
            cursor: 0,
            sent: None,
            opened: self.core.mono,
        });
    }
}
