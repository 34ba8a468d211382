//! What became of a write: the status entry says it, and the draft, the form and the lists follow what is true now.
//!
//! A write is known by its ticket and by the change it was made of, not by the screen it was sent from: the operator
//! may have gone elsewhere, and another user of the same name may be open in another pool.

mod words;

use std::sync::Arc;

use jiff::Timestamp;

pub use self::words::{applied_line, not_sent_line, waiting_line};
use super::App;
use super::core::{Core, needs_new_connection};
use super::replies::each;
use super::session::{CodeAsked, Session, View};
use crate::domain::consequence::WaitingChange;
use crate::domain::{
    AttributeValue, ChangeSet, Contact, Deed, Draft, Edit, Fault, Operation, Outcome, Place, Raw, User, UserStatus,
    Username,
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
            let taken = session.take_outcome(ticket, &submitted, core);
            // Asking for another code ends no wait.
            if taken && submitted.outcome == Outcome::Applied {
                session.tell_waiting_over(&submitted.username, ticket, core);
            }
            taken
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
        words::tell(core, ticket, submitted, operation, self);
        let in_deed = self
            .deed
            .as_ref()
            .is_some_and(|screen| screen.confirmation.sending == Some(ticket));
        let mut in_review = false;
        if let Some(confirmation) = self.confirmation_of(ticket) {
            confirmation.sending = None;
            confirmation.throttled = None;
            in_review = !in_deed;
            // "The write is under way" has become untrue.
            core.notice = None;
        }
        if matches!(write, Write::Sent(_)) {
            self.count_code(operation, &submitted.outcome, core);
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
                if let (Outcome::Applied, Operation::VerifyCode { contact, .. }) = (&submitted.outcome, operation) {
                    self.waiting
                        .retain(|waiting| waiting.username != submitted.username || waiting.change.contact != *contact);
                }
                self.take_now(submitted, operation);
                if in_review {
                    self.close_form_on(submitted, core);
                } else if in_deed {
                    self.close_deed();
                } else {
                    self.leave_overtaken_review(submitted, core);
                }
                return true;
            }
            Outcome::NotSent(_) => {
                if in_review {
                    // The next send is a decision of its own: a name typed for this one does not count for it.
                    if let Some(review) = &mut self.review {
                        review.confirmation.username = Default::default();
                    }
                    match &submitted.now {
                        Some(now) => {
                            self.take_reading(now);
                            self.take_moved(Arc::clone(now), submitted.moved.clone(), core);
                        }
                        None => self.decide_anew(core),
                    }
                }
                if in_deed {
                    if let Some(screen) = &mut self.deed {
                        screen.confirmation.username = Default::default();
                    }
                    if let Some(now) = &submitted.now {
                        self.take_reading(now);
                        self.take_deed_moved(now, submitted.moved.clone(), core);
                    }
                    self.decide_anew(core);
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
        } else if in_deed {
            self.close_deed();
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
                .is_some_and(|review| review.user == submitted.username && review.confirmation.sending.is_none());
        if overtaken {
            self.leave_confirmation(core);
            core.say("this user was read back meanwhile: the form follows it, ctrl-s reviews again");
        }
        let overtaken = submitted.now.is_some()
            && self.deed.as_ref().is_some_and(|screen| {
                screen.user.username == submitted.username && screen.confirmation.sending.is_none()
            });
        if overtaken {
            self.close_deed();
            core.say("this user was read back meanwhile: shown is what is there now; open the step again");
        }
    }

    /// A code that was asked for counts, unless the service said that none was made. Documented for this call alone.
    fn count_code(&mut self, operation: &Operation, outcome: &Outcome, core: &Core) {
        let went_out = !matches!(outcome, Outcome::NotSent(_) | Outcome::Refused(_));
        if let (true, Operation::SendCode { user, contact, .. }) = (went_out, operation) {
            self.codes.push(CodeAsked {
                username: user.username.clone(),
                contact: *contact,
                at: core.at,
            });
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

    /// After a reading: entries of changes that waited and are there now say so.
    pub(super) fn tell_waiting_over(&self, username: &Username, told_by: Ticket, core: &mut Core) {
        let Some(now) = self.reading(username) else {
            return;
        };
        let waits = |contact: Option<Contact>| {
            self.waiting.iter().any(|waiting| {
                waiting.username == *username && contact.is_none_or(|contact| waiting.change.contact == contact)
            })
        };
        core.status
            .end_waiting(&self.place, username, told_by, |deed| match deed {
                Some(Deed::VerifyCode(contact) | Deed::SendCode(contact)) => {
                    now.is_verified(contact) && !waits(Some(contact))
                }
                Some(Deed::Account(_) | Deed::ResendCode) => now.status != UserStatus::Unconfirmed,
                None => !waits(None),
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
            // Pending edits of the same route stand on the newest reading, as the form they are in does.
            if let Some(draft) = self.drafts.get_mut(&(submitted.username.clone(), operation.route())) {
                draft.rebase(Arc::clone(now));
            }
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
