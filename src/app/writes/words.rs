//! The words of a write that has ended: what is true now, what was reported or is expected, and what comes next.

use crate::app::core::{Core, describe, headline};
use crate::app::session::Session;
use crate::app::status::{Entry, Next, Word};
use crate::domain::consequence::{self, Changes, Delivery, Known};
use crate::domain::fault::Access;
use crate::domain::{
    Account, AttributeName, Contact, Deed, Fault, Operation, Outcome, Pool, Raw, Route, Sentence, User,
};
use crate::job::{Submitted, Ticket};

use super::fault_of;

/// The status entry of a write: what is true now, what is expected, what to do next.
pub(super) fn tell(core: &mut Core, ticket: Ticket, submitted: &Submitted, operation: &Operation, session: &Session) {
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
            None => {
                entry.reported.clone_from(&submitted.reported);
                entry.more.extend(message_lines(operation, submitted, session));
                entry.next = fitting_next(operation, submitted, session);
            }
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
            let token_gone = submitted.unread.as_ref().is_some_and(Fault::wants_a_new_token);
            entry.next = Some(if token_gone && operation.route() == Route::Own {
                Next::SignIn(operation.user().username.clone())
            } else {
                again(operation)
            });
        }
        Outcome::Differs(_) => {
            entry.reported.clone_from(&submitted.reported);
            entry.more.extend(message_lines(operation, submitted, session));
            entry.next = Some(again(operation));
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

/// The form or the step that a write came from, to be decided anew.
fn again(operation: &Operation) -> Next {
    let username = operation.user().username.clone();
    match operation.deed() {
        Some(deed) => Next::Deed { username, deed },
        None => Next::OpenForm {
            username,
            route: operation.route(),
        },
    }
}

/// The step that fits after a write that went well. Opening it sends nothing.
fn fitting_next(operation: &Operation, submitted: &Submitted, session: &Session) -> Option<Next> {
    let now = submitted.now.as_ref()?;
    let pool = session.pool.ready().map(AsRef::as_ref);
    let deed = consequence::fitting(operation, &submitted.outcome, &submitted.reported, now, pool)?;
    Some(Next::Deed {
        username: submitted.username.clone(),
        deed,
    })
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

/// What is true now, behind `applied`.
pub fn applied_line(operation: &Operation) -> Sentence {
    let Some(changes) = operation.changes() else {
        return deed_done(operation);
    };
    crate::say!("read back and true: ").join(names(changes.changes().iter().map(|change| &change.name)))
}

/// What a reading shows of a step that is done.
fn deed_done(operation: &Operation) -> Sentence {
    match operation {
        Operation::Account { account, .. } => match account {
            Account::ConfirmSignUp => "confirmed: status CONFIRMED read back".into(),
            Account::ResendInvitation => {
                "accepted: there is a new temporary password; status FORCE_CHANGE_PASSWORD read back".into()
            }
            Account::ResetPassword => "password reset: status RESET_REQUIRED read back".into(),
            Account::Enable => "enabled: read back".into(),
            Account::Disable => "disabled: read back; its tokens are revoked".into(),
        },
        Operation::ResendCode { .. } => "accepted: status CONFIRMED read back".into(),
        Operation::VerifyCode { contact, pending, .. } => match pending {
            Some(value) => crate::say!(
                "verified: ", own contact.name(), " is ", raw value.raw(), " and ", own contact.flag_name(), " is true, read back"
            ),
            None => crate::say!("verified: ", own contact.flag_name(), " is true, read back"),
        },
        other => other.deed().map_or("", Deed::words).into(),
    }
}

/// A code is out: what it is for happens when somebody enters it.
fn deed_waits(deed: Deed) -> Sentence {
    match deed {
        Deed::ResendCode => "accepted; the account is UNCONFIRMED until the code is entered".into(),
        Deed::SendCode(contact) | Deed::VerifyCode(contact) => {
            format!("accepted; the {} counts when the code is entered", contact.noun()).into()
        }
        Deed::Account(_) => "accepted, and not seen yet".into(),
    }
}

/// `custom:tier is gold; email still sofia.r@example.com`.
pub fn waiting_line(operation: &Operation, submitted: &Submitted) -> Sentence {
    if let Some(deed) = operation.deed() {
        return deed_waits(deed);
    }
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
        line = line.name(change.name.raw()).words(still).quote(&value);
    }
    line
}

/// Why nothing went out, behind `not sent`.
pub fn not_sent_line(submitted: &Submitted) -> Sentence {
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
    if !submitted.reported.is_empty() {
        // They stand on lines of their own.
        return Vec::new();
    }
    if let Operation::VerifyCode { .. } = operation {
        // It sends nothing.
        return Vec::new();
    }
    if operation.route() == Route::Own || matches!(operation, Operation::ResendCode { .. }) {
        return vec!["the service reports no message".into()];
    }
    let pool = match session.pool.ready() {
        Some(pool) => Known::Known(pool.as_ref()),
        None => Known::NotKnown("the pool's settings were not read".into()),
    };
    let Some(changes) = operation.changes() else {
        return operation
            .deed()
            .map(|deed| message_of(deed, operation.user(), &pool))
            .into_iter()
            .collect();
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

/// The message of a step that reports none.
fn message_of(deed: Deed, user: &User, pool: &Known<&Pool>) -> Sentence {
    let message = consequence::deed_message(deed, user, pool);
    match message.plain().strip_prefix("expected: ") {
        Some(_) => message.words(" (not reported)"),
        None => crate::say!("message: ").join(message),
    }
}

/// A wrong code is entered again, one that is too old is sent again, and where no more are sent the one that is out still
/// counts. AliasExistsException: whoever has it is the next to look at, where the list told.
fn refused_next(fault: &Fault, operation: &Operation, session: &Session) -> Next {
    let user = &operation.user().username;
    if fault.wants_a_new_token() {
        return Next::SignIn(user.clone());
    }
    if let Some(contact) = operation.contact() {
        let deed = match (fault.name(), operation) {
            ("ExpiredCodeException" | "CodeDeliveryFailureException", _) => Some(Deed::SendCode(contact)),
            ("CodeMismatchException" | "LimitExceededException", _) => Some(Deed::VerifyCode(contact)),
            _ => operation.deed(),
        };
        if let Some(deed) = deed.filter(|_| fault.name() != "AliasExistsException") {
            let username = user.clone();
            return Next::Deed { username, deed };
        }
    }
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
    match operation.contact() {
        // What somebody else has, only an administrator can give.
        Some(_) => Next::OpenForm {
            username: user.clone(),
            route: Route::Admin,
        },
        None => again(operation),
    }
}

fn names<'a>(names: impl Iterator<Item = &'a AttributeName>) -> Sentence {
    let mut sentence = Sentence::new();
    for name in names {
        if !sentence.is_empty() {
            sentence = sentence.words(", ");
        }
        sentence = sentence.name(name.raw());
    }
    sentence
}
