//! What became of a write: the status entry says it, and the draft, the form and the lists follow what is true now.
//!
//! A write is known by its ticket and by the change it was made of, not by the screen it was sent from: the operator
//! may have gone elsewhere, and another user of the same name may be open in another pool.

use std::sync::Arc;

use jiff::Timestamp;

use super::App;
use super::core::{Core, describe, headline, needs_new_connection};
use super::replies::each;
use super::session::{Session, View};
use super::status::{Entry, Next, Word};
use crate::domain::consequence::{self, Changes, Delivery, Known, WaitingChange};
use crate::domain::fault::Access;
use crate::domain::{
    AttributeName, AttributeValue, ChangeSet, CodeDelivery, Contact, Deed, Draft, Edit, Fault, Operation, Outcome,
    Place, Raw, Route, Sentence, User, Username,
};
use crate::job::{Job, Submitted, Ticket};

/// A question about a write that is at the desk.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    Sent(Operation),
    /// Reading back one that ended unknown. Sends nothing.
    ReadBack(Operation),
}

impl Write {
    pub fn operation(&self) -> &Operation {
        match self {
            Self::Sent(operation) | Self::ReadBack(operation) => operation,
        }
    }
}

/// A write that ended unknown: sending again warns that a message may already be out.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownWrite {
    pub at: Timestamp,
    pub operation: Operation,
}

/// A change of a contact that was accepted and not seen applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    pub username: Username,
    pub value: AttributeValue,
    pub change: WaitingChange,
}

impl App {
    pub(super) fn submitted(&mut self, ticket: Ticket, submitted: Submitted) {
        let core = &mut self.core;
        each(&mut self.session, &mut self.left, |session| {
            session.take_outcome(ticket, &submitted, core)
        });
    }

    /// Reads a user back to learn what became of a write.
    pub(super) fn read_back(&mut self, place: Place, operation: Operation, fault: Fault, journal_id: Option<Raw>) {
        let subject = operation.user().username.raw().clone();
        let job = Job::Settle {
            place: place.clone(),
            operation: operation.clone(),
            fault,
            journal_id,
        };
        let ticket = self.core.ask(&subject, "reading back", job);
        if let Some(session) = self
            .session
            .iter_mut()
            .chain(&mut self.left)
            .find(|session| session.place == place)
        {
            session.writes.insert(ticket, Write::ReadBack(operation));
        }
    }
}

impl Session {
    /// Whether the result of a send is still out: then the review stays where it is.
    pub fn is_sending(&self) -> bool {
        self.writes.values().any(|write| matches!(write, Write::Sent(_)))
    }

    fn take_outcome(&mut self, ticket: Ticket, submitted: &Submitted, core: &mut Core) -> bool {
        let Some(write) = self.writes.remove(&ticket) else {
            return false;
        };
        let operation = write.operation();
        if matches!(write, Write::ReadBack(_)) {
            core.status.settle(&self.place, operation);
        }
        tell(core, ticket, submitted, operation, self);
        let mut in_review = false;
        if let Some(review) = self.review.as_mut().filter(|review| review.sending == Some(ticket)) {
            review.sending = None;
            review.throttled = None;
            in_review = true;
            // "The write is under way" has become untrue.
            core.notice = None;
        }
        self.stale |= [submitted.unread.as_ref(), fault_of(&submitted.outcome)]
            .into_iter()
            .flatten()
            .any(needs_new_connection);
        match &submitted.outcome {
            Outcome::Applied | Outcome::Waiting => {
                // What a later write made true is known, as far as it changed the same; an older reading settles only
                // the write it was for.
                let settles = |unknown: &UnknownWrite| match &write {
                    Write::Sent(operation) => match (operation.changes(), unknown.operation.changes()) {
                        (Some(changes), Some(unknown)) => changes.covers(unknown),
                        _ => operation.deed().is_some() && operation.deed() == unknown.operation.deed(),
                    },
                    Write::ReadBack(operation) => unknown.operation == *operation,
                };
                if self.unknown.get(&submitted.username).is_some_and(settles) {
                    self.unknown.remove(&submitted.username);
                }
                self.remember_waiting(operation, submitted, core);
                self.take_now(submitted, operation);
                if in_review {
                    self.close_form_on(submitted, core);
                } else {
                    self.leave_overtaken_review(submitted, core);
                }
                return true;
            }
            Outcome::NotSent(_) => {
                if in_review {
                    // The next send is a decision of its own: a name typed for this one does not count for it.
                    if let Some(review) = &mut self.review {
                        review.username = Default::default();
                    }
                    match &submitted.now {
                        Some(now) => {
                            self.take_reading(now);
                            self.take_moved(Arc::clone(now), submitted.moved.clone(), core);
                        }
                        None => self.decide_anew(core),
                    }
                }
                return true;
            }
            Outcome::Unknown(_) => {
                if let Write::Sent(operation) = &write {
                    let unknown = UnknownWrite {
                        at: core.at,
                        operation: operation.clone(),
                    };
                    self.unknown.insert(submitted.username.clone(), unknown);
                }
            }
            // The rest of it was accepted all the same, and may wait.
            Outcome::Differs(_) => self.remember_waiting(operation, submitted, core),
            Outcome::Refused(_) => {}
        }
        self.take_now(submitted, operation);
        if in_review {
            self.review = None;
            self.view = View::Edit;
        } else {
            self.leave_overtaken_review(submitted, core);
        }
        true
    }

    /// A reading that came while the same user was under review: what is shown there was judged on an older one.
    fn leave_overtaken_review(&mut self, submitted: &Submitted, core: &mut Core) {
        let overtaken = submitted.now.is_some()
            && self
                .review
                .as_ref()
                .is_some_and(|review| review.user == submitted.username && review.sending.is_none());
        if overtaken {
            self.leave_review(core);
            core.say("this user was read back meanwhile: the form follows it, ctrl-s reviews again");
        }
    }

    fn remember_waiting(&mut self, operation: &Operation, submitted: &Submitted, core: &Core) {
        let Some(changes) = operation.changes() else {
            return;
        };
        for contact in Contact::ALL {
            if let Some(value) = waits(changes, submitted, contact) {
                let username = submitted.username.clone();
                self.waiting
                    .retain(|waiting| waiting.username != username || waiting.change.contact != contact);
                let change = WaitingChange {
                    contact,
                    accepted_at: core.at,
                };
                self.waiting.push(Waiting {
                    username,
                    value: value.clone(),
                    change,
                });
            }
        }
    }

    /// What waited for its code and is there now waits no longer.
    pub(super) fn end_waiting(&mut self, now: &User) {
        self.waiting.retain(|waiting| {
            waiting.username != now.username || now.contact(waiting.change.contact) != Some(&waiting.value)
        });
    }

    /// A newer reading after a write: lists, facts and the draft follow it. What was done, or waits, is pending no
    /// longer; edits made since stay.
    fn take_now(&mut self, submitted: &Submitted, operation: &Operation) {
        let Some(now) = &submitted.now else {
            return;
        };
        self.take_reading(now);
        let Some(changes) = operation.changes() else {
            return;
        };
        let key = (submitted.username.clone(), changes.route());
        let open = self.edit.as_ref().is_some_and(|edit| edit.key() == key);
        let Some(draft) = self.drafts.get_mut(&key) else {
            return;
        };
        draft.rebase(Arc::clone(now));
        for contact in Contact::ALL {
            // Another choice about its mark, made since, is an edit of its own.
            let pending = draft.edit(&contact.attribute()).and_then(Edit::value);
            let as_sent =
                pending == changes.new_contact(contact) && draft.vouch(contact) == Some(changes.vouch(contact));
            if as_sent && waits(changes, submitted, contact).is_some() {
                draft.put_back(&contact.attribute());
            }
        }
        let done = matches!(submitted.outcome, Outcome::Applied | Outcome::Waiting);
        if done && draft.metadata == *changes.metadata() {
            draft.metadata = Default::default();
        }
        if draft.is_empty() && !open {
            self.drafts.remove(&key);
        }
    }

    /// The change is done: the user is shown as it is now.
    fn close_form_on(&mut self, submitted: &Submitted, core: &mut Core) {
        self.review = None;
        if let Some(key) = self.edit.take().map(|edit| edit.key())
            && self.drafts.get(&key).is_some_and(Draft::is_empty)
        {
            self.drafts.remove(&key);
        }
        match &submitted.now {
            Some(now)
                if self
                    .user
                    .as_ref()
                    .is_some_and(|screen| screen.user.username == now.username) =>
            {
                self.view = View::User;
            }
            Some(now) => self.open_user(Arc::clone(now), core),
            None => self.view = View::Users,
        }
    }
}

/// The new value of a contact that was accepted and is not there yet.
fn waits<'a>(changes: &'a ChangeSet, submitted: &Submitted, contact: Contact) -> Option<&'a AttributeValue> {
    let value = changes.new_contact(contact)?;
    let now = submitted.now.as_ref()?;
    let accepted = match &submitted.outcome {
        Outcome::Waiting => true,
        Outcome::Differs(drifts) => !drifts.iter().any(|drift| drift.name == contact.attribute()),
        _ => false,
    };
    (accepted && now.contact(contact) != Some(value)).then_some(value)
}

fn fault_of(outcome: &Outcome) -> Option<&Fault> {
    match outcome {
        Outcome::Refused(fault) | Outcome::Unknown(fault) => Some(fault),
        _ => None,
    }
}

/// The status entry of a write: what is true now, what is expected, what to do next.
fn tell(core: &mut Core, ticket: Ticket, submitted: &Submitted, operation: &Operation, session: &Session) {
    let profile = core.settings.target.profile.clone();
    let (word, line) = match &submitted.outcome {
        Outcome::Applied => (Word::Applied, applied_line(operation)),
        Outcome::Waiting => (Word::Waiting, waiting_line(operation, submitted)),
        Outcome::Refused(fault) => (Word::Refused, headline(fault)),
        Outcome::NotSent(_) => (Word::NotSent, not_sent_line(submitted)),
        Outcome::Differs(drifts) => (
            Word::Differs,
            crate::say!("sent, and another value is there now: ").join(names(drifts.iter().map(|drift| &drift.name))),
        ),
        Outcome::Unknown(fault) if accepted_unread(submitted, fault) => (
            Word::Unknown,
            "the service accepted it, but it could not be read back".into(),
        ),
        Outcome::Unknown(fault) => (Word::Unknown, headline(fault).join("; it may have been applied".into())),
    };
    let Some(entry) = core.status.finish(ticket, core.mono, word, Some(line)) else {
        return;
    };
    match &submitted.outcome {
        Outcome::Applied | Outcome::Waiting => match &submitted.late {
            Some(late) => {
                entry
                    .more
                    .push(Sentence::from("the service answered ").join(headline(late)));
                entry.more.push(late.meaning());
                entry.more.push("whether a message went out is not known".into());
                entry.more.push(late.next_step_with(profile.as_deref()));
                entry.fault = Some(late.clone());
            }
            None => entry.more.extend(message_lines(operation, submitted, session)),
        },
        Outcome::Refused(fault) => {
            describe(entry, fault, profile.as_deref(), Access::Write);
            entry.next = Some(refused_next(fault, operation, session));
        }
        Outcome::NotSent(_) => {
            if submitted.moved.stops() {
                entry
                    .more
                    .push("the review shows what was opened, what is there now and what is pending".into());
            }
            entry.next = Some(Next::OpenForm(submitted.username.clone()));
        }
        Outcome::Differs(_) => {
            entry.more.extend(message_lines(operation, submitted, session));
            entry.next = Some(Next::OpenForm(submitted.username.clone()));
        }
        Outcome::Unknown(fault) => {
            if accepted_unread(submitted, fault) {
                entry.more.push(headline(fault));
                describe(entry, fault, profile.as_deref(), Access::Read);
            } else {
                describe(entry, fault, profile.as_deref(), Access::Write);
            }
            entry.next = Some(Next::ReadBack {
                place: session.place.clone(),
                operation: operation.clone(),
                fault: fault.clone(),
                journal_id: submitted.journal_id.clone(),
            });
        }
    }
    if submitted.request_id.is_some() {
        entry.request_id.clone_from(&submitted.request_id);
    }
    after_words(entry, submitted);
}

/// An accepted write that could not be read back: the fault is the reading's.
fn accepted_unread(submitted: &Submitted, fault: &Fault) -> bool {
    submitted.unread.as_ref() == Some(fault)
}

/// What is said behind every outcome: changes of others, a failed read-back, the journal's own words.
fn after_words(entry: &mut Entry, submitted: &Submitted) {
    if !submitted.moved.also.is_empty() {
        let also = names(submitted.moved.also.iter().map(|drift| &drift.name));
        entry
            .more
            .push(crate::say!("also changed by someone else: ").join(also));
    }
    if let Some(fault) = &submitted.unread
        && fault_of(&submitted.outcome) != Some(fault)
    {
        let what = match submitted.outcome {
            Outcome::NotSent(_) => "could not be read again before sending: ",
            _ => "not read back: ",
        };
        entry.more.push(Sentence::from(what).join(headline(fault)));
    }
    if submitted.stopped {
        entry.more.push("stopped before it went out again".into());
    }
    for notice in &submitted.notices {
        entry.more.push(notice.clone());
    }
}

fn applied_line(operation: &Operation) -> Sentence {
    let Some(changes) = operation.changes() else {
        return operation.deed().map_or("", Deed::words).into();
    };
    crate::say!("read back and true: ").join(names(changes.changes().iter().map(|change| &change.name)))
}

/// `custom:tier is gold; email still sofia.r@example.com`.
fn waiting_line(operation: &Operation, submitted: &Submitted) -> Sentence {
    let (Some(now), Some(changes)) = (&submitted.now, operation.changes()) else {
        return "accepted; the old value is in force until a code is entered".into();
    };
    let mut line = Sentence::new();
    for change in changes
        .changes()
        .iter()
        .filter(|change| change.name.verifies().is_none())
    {
        if !line.is_empty() {
            line = line.words("; ");
        }
        let value = now
            .get(&change.name)
            .map_or_else(|| Raw::from("not set"), |value| value.raw().clone());
        let still = if change.edit.value() == now.get(&change.name) {
            " is "
        } else {
            " still "
        };
        line = line.quote(change.name.raw()).words(still).quote(&value);
    }
    line
}

fn not_sent_line(submitted: &Submitted) -> Sentence {
    let facts = submitted
        .moved
        .facts
        .iter()
        .map(|fact| fact.what)
        .collect::<Vec<_>>()
        .join(", ");
    let touched = names(submitted.moved.touched.iter().map(|drift| &drift.name));
    let who = match (touched.is_empty(), facts.is_empty()) {
        (true, true) => return "nothing went out".into(),
        (false, true) => crate::say!("someone changed ").join(touched),
        (false, false) => crate::say!("someone changed ")
            .join(touched)
            .words(format!(", {facts}")),
        (true, false) => format!("someone changed {facts}").into(),
    };
    who.join(" meanwhile; nothing went out".into())
}

fn message_lines(operation: &Operation, submitted: &Submitted, session: &Session) -> Vec<Sentence> {
    if !submitted.reported.is_empty() || operation.route() == Route::Own {
        return submitted.reported.iter().map(CodeDelivery::sentence).collect();
    }
    let Some(changes) = operation.changes() else {
        return Vec::new();
    };
    let pool = match session.pool.ready() {
        Some(pool) => Known::Known(pool.as_ref()),
        None => Known::NotKnown("the pool's settings were not read".into()),
    };
    let changed = Contact::ALL
        .into_iter()
        .filter(|contact| changes.get(&contact.attribute()).is_some());
    changed
        .map(
            |contact| match consequence::expected_delivery(&pool, Changes::Set(changes), contact) {
                expected @ Delivery::Expected { .. } => expected.sentence(),
                Delivery::None => crate::say!("message for ", own contact.name(), ": none"),
                Delivery::NotKnown => crate::say!("message for ", own contact.name(), ": not known"),
            },
        )
        .collect()
}

/// AliasExistsException: whoever has it is the next to look at, where the list told.
fn refused_next(fault: &Fault, operation: &Operation, session: &Session) -> Next {
    let user = &operation.user().username;
    let form = session.edit.as_ref().filter(|edit| edit.username == *user);
    if fault.name() == "AliasExistsException"
        && let Some(form) = form
    {
        let holders = form
            .owners
            .values()
            .filter_map(|question| match question.answer.ready() {
                Some(consequence::Owner::Users { holders, .. }) => holders.first(),
                _ => None,
            });
        if let Some(holder) = holders.into_iter().next() {
            return Next::OpenUser(holder.username.clone());
        }
    }
    Next::OpenForm(user.clone())
}

fn names<'a>(names: impl Iterator<Item = &'a AttributeName>) -> Sentence {
    let mut sentence = Sentence::new();
    for name in names {
        if !sentence.is_empty() {
            sentence = sentence.words(", ");
        }
        sentence = sentence.quote(name.raw());
    }
    sentence
}
