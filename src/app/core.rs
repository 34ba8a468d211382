//! What every screen needs while it handles an event: the time of the event, a way to ask, and a place to say things.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::keymap::Keymap;
use super::mask::Mask;
use super::status::{Entry, Status, Word};
use super::{Effect, Effects};
use crate::domain::column::{Column, Sort};
use crate::domain::entry::KeptValues;
use crate::domain::export::Head;
use crate::domain::fault::Access;
use crate::domain::guard::{Because, Guards};
use crate::domain::place::Target;
use crate::domain::{Fault, FaultKind, Place, PoolId, Raw, Secret, Sentence};
use crate::job::{Job, Ticket};

/// A pool named in the config.
#[derive(Clone, Debug, PartialEq)]
pub struct Favourite {
    pub place: Place,
    pub name: Option<Raw>,
}

/// A view of the list of users that the configuration holds.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedView {
    pub name: Raw,
    /// As it is typed after `/`.
    pub query: Raw,
    pub columns: Option<Vec<Column>>,
    pub sort: Option<Sort>,
    /// The number key that opens it.
    pub key: Option<u32>,
}

/// What `v` starts with after a contact changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifiedDefault {
    /// Nothing is chosen; review goes there first.
    Ask,
    /// Cognito decides.
    Pool,
    /// The operator vouches.
    Verified,
}

/// When a protected pool asks for its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// Once, for a while.
    Armed,
    /// For each write.
    Always,
}

/// The access token of `--access-token -`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenToken {
    /// Standard input carried it.
    Held(Secret),
    /// Standard input is the terminal: it is typed on the screen, where it is masked.
    ToBeTyped,
}

/// An export that is open in the place of a pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// When its users were read.
    pub read_at: Timestamp,
    /// Everybody of the pool is in it.
    pub is_all: bool,
    /// What it says of itself.
    pub head: Option<Arc<Head>>,
}

/// Where files lie that are named on a screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders {
    /// What `~` means.
    pub home: Option<PathBuf>,
    /// Where the program was started.
    pub here: PathBuf,
}

/// The part of the configuration that screens act on.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How pools that are not in the config are reached.
    pub target: Target,
    /// The pool to open at start.
    pub pool: Option<PoolId>,
    /// The user to open at start, as typed.
    pub user: Option<Raw>,
    pub favourites: Vec<Favourite>,
    /// What protects pools and users, from all layers. The desk has the same and asks it again.
    pub guards: Guards,
    pub demo: bool,
    /// The export that is open in the place of a pool.
    pub archive: Option<Opened>,
    /// Whether the access token of a user may be used.
    pub act_as_user: bool,
    /// Whether pending edits are kept on disk.
    pub drafts: bool,
    /// The access token that the program was started with.
    pub access_token: Option<GivenToken>,
    /// Who switched copying off, if it is.
    pub clipboard_off: Option<Because>,
    pub folders: Folders,
    /// Who switched the external editor off, if it is.
    pub editor_off: Option<Because>,
    /// What the journal keeps of values: without them nothing can be taken back.
    pub kept_values: KeptValues,
    /// How long without a key until people's data are masked.
    pub idle_lock: Option<Duration>,
    pub phone_prefixes: Vec<String>,
    /// Requests a second that lists may use at most.
    pub list_rate: u32,
    /// What lists of users show, unless somebody chooses otherwise.
    pub columns: Vec<Column>,
    /// The saved views of the list of users.
    pub views: Vec<SavedView>,
    pub verified_default: VerifiedDefault,
    pub confirm: Confirm,
    /// How long a typed pool name arms the pool.
    pub arm_for: Duration,
    /// How long a write without an answer may still land: before that it is not offered to send again.
    pub late: Duration,
    /// Lines of the status pane, its title included.
    pub pane_height: u16,
    pub zone: TimeZone,
    pub keymap: Keymap,
    /// Things to say at start: a locale without UTF-8, a setting that could not be used.
    pub notices: Vec<Sentence>,
}

/// How long after a dialog opened nothing confirms: long enough for a key that was meant for what was there before.
pub const DIALOG_MOMENT: Duration = Duration::from_millis(300);

/// What a screen works with while it handles an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Core {
    pub settings: Settings,
    /// When the event arrived.
    pub at: Timestamp,
    /// The same on a clock that never jumps.
    pub mono: Duration,
    pub size: (u16, u16),
    pub status: Status,
    /// A sentence on the line of hints until the next key.
    pub notice: Option<Sentence>,
    pub mask: Mask,
    /// The reasons given in this run, newest first. Kept in memory only.
    pub reasons: Vec<Raw>,
    tickets: u64,
    effects: Effects,
}

impl Core {
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            at: Timestamp::UNIX_EPOCH,
            mono: Duration::ZERO,
            size: (80, 24),
            status: Status::default(),
            notice: None,
            mask: Mask::default(),
            reasons: Vec::new(),
            tickets: 0,
            effects: Effects::new(),
        }
    }

    /// Asks the desk and opens an entry for it.
    pub fn ask(&mut self, subject: &Raw, line: impl Into<Sentence>, job: Job) -> Ticket {
        let place = job.place().cloned();
        let ticket = self.ask_quietly(job);
        self.status
            .start(ticket, self.at, self.mono, subject.clone(), line.into());
        if let Some(entry) = self.status.get_mut(ticket) {
            entry.place = place;
        }
        ticket
    }

    /// Asks the desk for something that is no operation of the service, so that it needs no entry of its own.
    pub fn ask_quietly(&mut self, job: Job) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.effects.push(Effect::Ask(ticket, job));
        ticket
    }

    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub fn take_effects(&mut self) -> Effects {
        std::mem::take(&mut self.effects)
    }

    /// Says something on the line of hints until the next key.
    pub fn say(&mut self, sentence: impl Into<Sentence>) {
        self.notice = Some(sentence.into());
    }

    /// Leaves a note in the status pane.
    pub fn note(&mut self, subject: &Raw, line: impl Into<Sentence>) {
        self.status.push(Entry::new(self.at, Word::Note, subject.clone(), line));
    }

    /// Ends the entry of a reading that came back.
    pub fn read_done(&mut self, ticket: Ticket, line: impl Into<Sentence>, request_id: Option<Raw>) {
        if let Some(entry) = self.status.finish(ticket, self.mono, Word::Read, Some(line.into())) {
            entry.request_id = request_id;
        }
    }

    /// Ends the entry of a reading that brought users bit by bit, however far it came: as told, or where it failed in
    /// the words of the fault; `r` goes on with it whatever the fault was.
    pub fn reading_ended(
        &mut self,
        ticket: Ticket,
        told: (Word, Sentence),
        fault: Option<&Fault>,
        more: impl IntoIterator<Item = Sentence>,
    ) {
        let profile = self.settings.target.profile.clone();
        let (word, line) = fault.map_or(told, |fault| (Word::Failed, headline(fault)));
        if let Some(entry) = self.status.finish(ticket, self.mono, word, Some(line)) {
            if let Some(fault) = fault {
                describe(entry, fault, profile.as_deref(), Access::Read);
                entry.next = Some(super::status::Next::Retry);
            }
            entry.more.extend(more);
        }
    }

    /// Ends the entry of a reading that failed, in the words of the fault.
    pub fn read_failed(&mut self, ticket: Ticket, fault: &Fault) {
        let profile = self.settings.target.profile.clone();
        if let Some(entry) = self
            .status
            .finish(ticket, self.mono, Word::Failed, Some(headline(fault)))
        {
            describe(entry, fault, profile.as_deref(), Access::Read);
            if may_help_to_retry(fault.kind) {
                entry.next = Some(super::status::Next::Retry);
            }
        }
    }

    /// Whether this moment is too soon after something opened to take a key for a confirmation.
    pub fn too_soon(&self, opened: Duration) -> bool {
        self.mono.saturating_sub(opened) < DIALOG_MOMENT
    }
}

/// `copying is switched off by the policy of this machine`
pub fn switched_off(what: &'static str, because: Because) -> String {
    let by = match because {
        Because::Policy => "by the policy of this machine; the config cannot switch it on",
        Because::Flag | Because::Setting | Because::Export => "in the configuration",
    };
    format!("{what} is switched off {by}")
}

/// Whether a fault can come from credentials or settings that may have changed since: then a new connection reads them.
pub fn needs_new_connection(fault: &Fault) -> bool {
    matches!(
        fault.kind,
        FaultKind::NoCredentials
            | FaultKind::SsoExpired
            | FaultKind::NoConnection
            | FaultKind::Local
            | FaultKind::Broken
    ) || matches!(
        fault.name(),
        "ExpiredTokenException"
            | "ExpiredToken"
            | "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "RequestExpired"
            | "RequestTimeTooSkewed"
            | "AccessDeniedException"
    )
}

/// The exact code and the service's message.
pub fn headline(fault: &Fault) -> Sentence {
    if fault.message.as_str().is_empty() {
        crate::say!(name & fault.code)
    } else {
        crate::say!(name & fault.code, ": ", raw & fault.message)
    }
}

/// Fills an entry with what a fault means, what was changed and what to do next.
pub fn describe(entry: &mut Entry, fault: &Fault, profile: Option<&str>, access: Access) {
    entry.more.push(fault.meaning());
    if access == Access::Write || fault.doubt().is_some() {
        entry.more.push(fault.what_changed(access));
    }
    entry.more.push(fault.next_step_with(profile));
    entry.request_id.clone_from(&fault.request_id);
    entry.fault = Some(fault.clone());
}

/// Whether the same question may be answered later without anything changing here.
fn may_help_to_retry(kind: FaultKind) -> bool {
    !matches!(kind, FaultKind::Local)
}
