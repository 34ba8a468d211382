//! Writes of earlier runs whose end nobody saw: announced once, and read back when it is asked for. Nothing is sent.

use std::sync::Arc;

use crate::app::App;
use crate::app::core::{describe, headline};
use crate::app::screen::edit::plural;
use crate::app::status::{Entry as Line, Next, Word};
use crate::domain::entry::Kept;
use crate::domain::fault::Access;
use crate::domain::{Entry, Outcome, Raw, Sentence};
use crate::job::{EntrySettled, Job, Ticket};

/// How many users an announcement names.
const NAMED: usize = 3;

impl App {
    /// Says once what earlier runs left behind.
    pub(super) fn announce_unknown(&mut self) {
        if std::mem::replace(&mut self.journal.announced, true) {
            return;
        }
        let Some(line) = self.unknown_line() else {
            return;
        };
        let mut entry = Line::new(self.core.at, Word::Unknown, Raw::from("journal"), line);
        entry
            .more
            .push("their consoles ended before the answer was there, so nobody knows what came of them".into());
        entry.next = Some(Next::ReadBackEarlier);
        self.core.status.push(entry);
    }

    /// `2 changes of earlier runs ended unknown: jane.doe, bob`. `None`: none did.
    pub fn unknown_line(&self) -> Option<Sentence> {
        let mut names: Vec<&Raw> = Vec::new();
        let mut count = 0;
        for entry in self.journal.unknown() {
            count += 1;
            let name = entry.username.value().or(entry.sub.as_ref().and_then(Kept::value));
            if let Some(name) = name.filter(|name| !names.contains(name)) {
                names.push(name);
            }
        }
        if count == 0 {
            return None;
        }
        let mut line = crate::say!(
            own count.to_string(), " ", own plural(count, "change"), " of earlier runs ended unknown"
        );
        for (at, name) in names.iter().take(NAMED).enumerate() {
            line = line.words(if at == 0 { ": " } else { ", " }).quote(name);
        }
        if let Some(more) = names.len().checked_sub(NAMED).filter(|more| *more > 0) {
            line = line.words(format!(" and {more} more"));
        }
        Some(line)
    }

    /// Reads the users of all of them back.
    pub(in crate::app) fn read_back_earlier(&mut self) {
        let all: Vec<Arc<Entry>> = self.journal.unknown().map(Arc::clone).collect();
        if all.is_empty() {
            return self.core.say("no change of an earlier run is unknown");
        }
        for entry in all {
            self.settle_entry(entry);
        }
    }

    /// Reads the user of the entry under the cursor back.
    pub(super) fn read_back_selected(&mut self) {
        let zone = self.core.settings.zone.clone();
        match self.journal.selected(&zone) {
            Some(entry) if entry.is_unknown() => self.settle_entry(entry),
            Some(entry) if entry.word() == "running" => {
                self.core.say("its console is still open and will see how it ends");
            }
            Some(_) => self
                .core
                .say("how this one ended is known; only what ended unknown is read back"),
            None => self.core.say("there is no entry to read back"),
        }
    }

    fn settle_entry(&mut self, entry: Arc<Entry>) {
        if self.journal.is_settling(&entry.id) {
            return;
        }
        let choice = self.pools.choice_for(entry.place.pool.clone(), &self.core.settings);
        let subject = entry.username.value().cloned().unwrap_or_else(|| entry.id.clone());
        let id = entry.id.clone();
        let job = Job::SettleEntry {
            place: choice.place,
            entry,
        };
        let ticket = self.core.ask(&subject, "reading back what ended unknown", job);
        self.journal.settling.insert(ticket, id);
    }

    pub(in crate::app) fn take_settled(&mut self, ticket: Ticket, settled: &EntrySettled) {
        self.journal.settling.remove(&ticket);
        let profile = self.core.settings.target.profile.clone();
        let (word, line) = words(settled);
        if let Some(entry) = self.core.status.finish(ticket, self.core.mono, word, Some(line)) {
            match &settled.unread {
                Some(fault) => describe(entry, fault, profile.as_deref(), Access::Read),
                None => entry.request_id.clone_from(&settled.request_id),
            }
            entry.more.extend(settled.notices.iter().cloned());
            // What came of it stands in this entry; what is still not known stays in the journal.
            entry.settled = true;
        }
        if self.journal.settling.is_empty() {
            self.core.status.read_back_earlier();
        }
        if let Some(now) = &settled.now {
            for session in self.session.iter_mut().chain(&mut self.left) {
                if session.reading(&now.username).is_some() {
                    session.take_reading(now);
                }
            }
        }
        self.journal.look(&mut self.core);
    }
}

/// How an entry stands after it was read back.
fn words(settled: &EntrySettled) -> (Word, Sentence) {
    if let Some(fault) = &settled.unread {
        return (Word::Unknown, crate::say!("not read back: ").join(headline(fault)));
    }
    let (word, line) = match &settled.outcome {
        Outcome::Applied => (Word::Applied, "the change of then was applied"),
        Outcome::Waiting => (Word::Waiting, "the change of then was accepted and waits for its code"),
        Outcome::Differs(_) => (
            Word::Differs,
            "the change of then was accepted, and another value is there now",
        ),
        Outcome::Refused(_) | Outcome::NotSent(_) => (Word::Note, "nothing was changed"),
        Outcome::Unknown(_) => (Word::Unknown, "what came of it is still not known"),
    };
    (word, line.into())
}
