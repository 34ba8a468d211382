//! The status pane: what was asked, what came back and what to do next, newest first. Every operation leaves an entry.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{CodeDelivery, Deed, Fault, Operation, Place, Raw, Route, Sentence, Username};
use crate::job::Ticket;

/// How many entries are kept; older ones are in the journal where they wrote something.
const KEPT: usize = 500;

/// How an operation stands, in the word the entry begins with. Capitals mean: act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Running,
    Read,
    /// A file of the operator's.
    Written,
    Applied,
    Waiting,
    Refused,
    NotSent,
    Differs,
    Unknown,
    /// A reading that did not succeed.
    Failed,
    /// Something the program did or noticed that is no operation of the service.
    Note,
}

impl Word {
    pub fn text(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Read => "read",
            Self::Written => "written",
            Self::Applied => "applied",
            Self::Waiting => "WAITING",
            Self::Refused => "REFUSED",
            Self::NotSent => "NOT SENT",
            Self::Differs => "DIFFERS",
            Self::Unknown => "UNKNOWN",
            Self::Failed => "FAILED",
            Self::Note => "note",
        }
    }
}

/// What Enter on an entry does. Never a write.
#[expect(
    clippy::large_enum_variant,
    reason = "one of a few hundred entries at most; a box would be noise"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Open a user by name.
    OpenUser(Username),
    /// Open a user's form with its pending edits: the administrator's, or the one of the user's own attributes.
    OpenForm { username: Username, route: Route },
    /// Sign in as a user again: the token is no good any more.
    SignIn(Username),
    /// Open the review of a step on a user's account. It sends nothing by itself.
    Deed { username: Username, deed: Deed },
    /// Read a user back to learn what became of a write.
    ReadBack {
        place: Place,
        operation: Operation,
        fault: Fault,
        journal_id: Option<Raw>,
    },
    /// Read the users back whose change ended unknown in an earlier run.
    ReadBackEarlier,
    /// The same as the retry key.
    Retry,
}

impl Next {
    /// What Enter does, as the end of the sentence "Enter here ...".
    pub fn words(&self) -> Sentence {
        match self {
            Self::OpenUser(username) => crate::say!("next: Enter here opens ", raw username.raw()),
            Self::OpenForm { username, route } => {
                let whose = match route {
                    Route::Admin => " with its edits",
                    Route::Own => "'s own attributes with its edits",
                };
                crate::say!("next: Enter here opens the form of ", raw username.raw(), own whose)
            }
            Self::SignIn(username) => crate::say!("next: Enter here signs in as ", raw username.raw(), " again"),
            Self::Deed { username, deed } => crate::say!(
                "next: Enter here reviews: ", own deed.words(), ", ", raw username.raw(), "; nothing is sent by that"
            ),
            Self::ReadBack { operation, .. } => {
                crate::say!("next: Enter here reads ", raw operation.user().username.raw(), " back; nothing is sent twice")
            }
            Self::ReadBackEarlier => "next: Enter here reads those users back; nothing is sent".into(),
            Self::Retry => "next: Enter here, or r, tries again".into(),
        }
    }
}

/// One operation and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub ticket: Option<Ticket>,
    pub at: Timestamp,
    /// The pool it was about: names in `next` are names there.
    pub place: Option<Place>,
    pub word: Word,
    /// Whom or what it was about: a username, a pool's name.
    pub subject: Raw,
    /// The first line, behind the subject.
    pub line: Sentence,
    /// The messages that the service itself reports, each on a line of its own, in its order.
    pub reported: Vec<CodeDelivery>,
    /// Further lines, each a sentence of its own.
    pub more: Vec<Sentence>,
    pub next: Option<Next>,
    pub request_id: Option<Raw>,
    pub took: Option<Duration>,
    /// The service's answer in full, for the entry opened on its own.
    pub fault: Option<Fault>,
    /// A later entry says how it ended: this one asks for nothing any more.
    pub settled: bool,
    started: Duration,
}

impl Entry {
    /// An entry for something that is over, or that never was a question to the service.
    pub fn new(at: Timestamp, word: Word, subject: Raw, line: impl Into<Sentence>) -> Self {
        Self {
            ticket: None,
            at,
            place: None,
            word,
            subject,
            line: line.into(),
            reported: Vec::new(),
            more: Vec::new(),
            next: None,
            request_id: None,
            took: None,
            fault: None,
            settled: false,
            started: Duration::ZERO,
        }
    }

    /// It goes on with what took so long before.
    pub fn go_on(&mut self, before: Duration) {
        self.started = self.started.saturating_sub(before);
    }

    /// How long a running operation has been running.
    pub fn running_for(&self, mono: Duration) -> Duration {
        mono.saturating_sub(self.started)
    }
}

/// The pane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    entries: VecDeque<Entry>,
    /// The entry the cursor is on, counted from the newest.
    pub cursor: usize,
}

impl Status {
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.entries.iter()
    }

    pub fn selected(&self) -> Option<&Entry> {
        self.entries.get(self.cursor)
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn any_running(&self) -> bool {
        self.entries.iter().any(|entry| entry.word == Word::Running)
    }

    /// How many entries ask for something to be done, by word.
    pub fn count(&self, word: Word) -> usize {
        let asks = |entry: &&Entry| entry.word == word && !entry.settled;
        self.entries.iter().filter(asks).count()
    }

    /// A write that ended unknown was read back: what that brought stands in an entry of its own, and the older ones
    /// offer no reading any more.
    pub fn settle(&mut self, of: &Place, read_back: &Operation) {
        for entry in &mut self.entries {
            if matches!(&entry.next, Some(Next::ReadBack { place, operation, .. }) if place == of && operation == read_back)
            {
                entry.settled = true;
                entry.next = None;
                entry
                    .more
                    .push("read back since: the newer entry says what came of it".into());
            }
        }
    }

    /// What earlier runs left was read back: it is announced no longer.
    pub fn read_back_earlier(&mut self) {
        let announced = |entry: &&mut Entry| entry.next == Some(Next::ReadBackEarlier);
        for entry in self.entries.iter_mut().filter(announced) {
            entry.settled = true;
            entry.next = None;
            entry
                .more
                .push("read back since: the newer entries say what came of each".into());
        }
    }

    /// What waited for its code is there: the entries that said so ask for nothing any more. `over` tells it of the step
    /// that an entry offers; the entry of the answer that told it is another matter.
    pub fn end_waiting(
        &mut self,
        of: &Place,
        username: &Username,
        told_by: Ticket,
        over: impl Fn(Option<Deed>) -> bool,
    ) {
        for entry in self.entries.iter_mut().filter(|entry| entry.ticket != Some(told_by)) {
            let about = entry.place.as_ref() == Some(of) && entry.subject == *username.raw();
            let deed = match &entry.next {
                Some(Next::Deed { deed, .. }) => Some(*deed),
                _ => None,
            };
            if entry.word == Word::Waiting && !entry.settled && about && over(deed) {
                entry.settled = true;
                entry.next = None;
                entry.more.push("not waiting any more: it was seen since".into());
            }
        }
    }

    pub fn push(&mut self, entry: Entry) {
        self.entries.push_front(entry);
        if self.cursor > 0 {
            self.cursor += 1;
        }
        self.entries.truncate(KEPT);
        self.cursor = self.cursor.min(self.entries.len().saturating_sub(1));
    }

    /// Starts the entry of an operation that is under way.
    pub fn start(&mut self, ticket: Ticket, at: Timestamp, mono: Duration, subject: Raw, line: Sentence) {
        let mut entry = Entry::new(at, Word::Running, subject, line);
        entry.ticket = Some(ticket);
        entry.started = mono;
        self.push(entry);
    }

    /// The entry of an operation, to say how it stands.
    pub fn get_mut(&mut self, ticket: Ticket) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.ticket == Some(ticket))
    }

    /// Ends the entry of an operation.
    pub fn finish(&mut self, ticket: Ticket, mono: Duration, word: Word, line: Option<Sentence>) -> Option<&mut Entry> {
        let entry = self.get_mut(ticket)?;
        entry.word = word;
        entry.took = Some(mono.saturating_sub(entry.started));
        if let Some(line) = line {
            entry.line = line;
        }
        Some(entry)
    }

    pub fn up(&mut self, by: usize) {
        self.cursor = self.cursor.saturating_sub(by);
    }

    pub fn down(&mut self, by: usize) {
        self.cursor = self.cursor.saturating_add(by).min(self.entries.len().saturating_sub(1));
    }
}
