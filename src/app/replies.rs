//! What comes back from the desk: each answer goes to whoever waits for it, and always to the status pane.

use std::sync::Arc;

use super::App;
use super::core::{Core, describe, headline};
use super::screen::edit::plural;
use super::session::{Session, View};
use super::status::{Entry, Next, Word};
use crate::domain::fault::Access;
use crate::domain::consequence::{self, Changes, Delivery, Form, Known, WaitingChange};
use crate::domain::{AttributeName, ChangeSet, Contact, Fault, Outcome, Raw, Sentence, User};
use crate::job::{Answer, Reply, Step, Submitted, Ticket};

impl App {
    pub(super) fn reply(&mut self, ticket: Ticket, reply: Reply) {
        let core = &mut self.core;
        match reply {
            Reply::Pools(answer) => {
                report(core, ticket, &answer, |page| format!("{} pools", page.items.len()).into());
                self.pools.take_page(ticket, &answer, core);
            }
            Reply::Pool(answer) => {
                report(core, ticket, &answer, |_| "the pool's settings read".into());
                let answer = answer.map(|answered| answered.value);
                each(&mut self.session, &mut self.left, |session| session.pool.fill(ticket, answer.clone()));
            }
            Reply::Providers(answer) => {
                report(core, ticket, &answer, |mappings| {
                    format!("{} identity {}", mappings.len(), plural(mappings.len(), "provider")).into()
                });
                let answer = answer.map(|answered| answered.value);
                each(&mut self.session, &mut self.left, |session| session.providers.fill(ticket, answer.clone()));
            }
            Reply::Users(answer) => {
                report(core, ticket, &answer, |page| format!("{} users", page.items.len()).into());
                let core = &mut self.core;
                each(&mut self.session, &mut self.left, |session| {
                    let Some(_) = session.users.take_page(ticket, &answer) else {
                        return false;
                    };
                    session.users.load_if_near_end(&session.place, core);
                    true
                });
            }
            Reply::Found(answer) => {
                report(core, ticket, &answer, |found| {
                    let count = found.users.len();
                    format!("{count} {} found, {} {}", plural(count, "user"), found.calls, plural(found.calls, "call"))
                        .into()
                });
                if let Ok(answered) = &answer
                    && let Some(fault) = answered.value.faults.first()
                    && let Some(entry) = core.status.get_mut(ticket)
                {
                    entry.more.push(crate::say!("part of it was refused: ").join(headline(fault)));
                }
                let core = &mut self.core;
                each(&mut self.session, &mut self.left, |session| {
                    if let Some(user) = session.users.take_found(ticket, &answer) {
                        session.open_user(user, core);
                    }
                    false
                });
            }
            Reply::User(answer) => {
                report(core, ticket, &answer, |user| {
                    format!("{} attributes read from the service", user.attributes.len()).into()
                });
                self.take_user(ticket, &answer);
            }
            Reply::Groups(answer) => {
                report(core, ticket, &answer, |groups| {
                    format!("in {} {}", groups.len(), plural(groups.len(), "group")).into()
                });
                let answer = answer.map(|answered| answered.value);
                each(&mut self.session, &mut self.left, |session| {
                    session.user.as_mut().is_some_and(|screen| screen.groups.fill(ticket, answer.clone()))
                });
            }
            Reply::Owner(answer) => {
                report(core, ticket, &answer, owner_line);
                each(&mut self.session, &mut self.left, |session| session.take_owner(ticket, &answer));
            }
            Reply::Caller(answer) => {
                report(core, ticket, &answer, |caller| match &caller.arn {
                    Some(arn) => crate::say!(raw arn),
                    None => "the caller is not known".into(),
                });
                let answer = answer.map(|answered| answered.value);
                each(&mut self.session, &mut self.left, |session| session.caller.fill(ticket, answer.clone()));
            }
            Reply::WriterOpen | Reply::WriterClosed | Reply::Reconnected => {}
            Reply::Submitting(step) => self.submitting(ticket, step),
            Reply::Submitted(submitted) => self.submitted(ticket, *submitted),
            Reply::Settled(submitted) => self.settled(ticket, *submitted),
            Reply::Broken(fault) => self.broken(ticket, &fault),
        }
    }

    fn take_user(&mut self, ticket: Ticket, answer: &Answer<Arc<User>>) {
        let core = &mut self.core;
        each(&mut self.session, &mut self.left, |session| {
            let details = session.user.as_mut().is_some_and(|screen| {
                screen.details.fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone))
            });
            let taken = details
                || session.take_form_reading(ticket, answer)
                || session.take_review_reading(ticket, answer, core);
            if let (true, Ok(answered)) = (taken, answer) {
                session.take_reading(&answered.value);
            }
            taken
        });
    }

    fn submitting(&mut self, ticket: Ticket, step: Step) {
        let Step::Throttled { attempt, of, wait } = &step;
        if let Some(entry) = self.core.status.get_mut(ticket) {
            entry.line = format!(
                "refused for rate, nothing was changed; send {} of {of} in {:.1} s, Esc stops",
                attempt + 1,
                wait.as_secs_f64()
            )
            .into();
        }
        each(&mut self.session, &mut self.left, |session| match &mut session.review {
            Some(review) if review.sending == Some(ticket) => {
                review.throttled = Some(step.clone());
                true
            }
            _ => false,
        });
    }

    fn submitted(&mut self, ticket: Ticket, submitted: Submitted) {
        let core = &mut self.core;
        let mut told = false;
        each(&mut self.session, &mut self.left, |session| {
            if session.review.as_ref().and_then(|review| review.sending) != Some(ticket) {
                return false;
            }
            session.take_submitted(ticket, &submitted, core);
            told = true;
            true
        });
        if !told {
            tell(core, ticket, &submitted, None);
        }
    }

    fn settled(&mut self, ticket: Ticket, submitted: Submitted) {
        let core = &mut self.core;
        tell(core, ticket, &submitted, None);
        each(&mut self.session, &mut self.left, |session| {
            if !session.unknown.contains_key(&submitted.username) {
                return false;
            }
            if !matches!(submitted.outcome, Outcome::Unknown(_)) {
                session.unknown.remove(&submitted.username);
            }
            session.take_now(&submitted);
            true
        });
    }

    fn broken(&mut self, ticket: Ticket, fault: &Fault) {
        if let Some(entry) = self.core.status.finish(ticket, self.core.mono, Word::Failed, Some(headline(fault))) {
            describe(entry, fault, None, Access::Read);
        }
        let core = &mut self.core;
        each(&mut self.session, &mut self.left, |session| session.fail(ticket, fault, core));
        self.pools.page.fail(ticket, fault);
    }
}

impl Session {
    /// What became of the write of the open review: the form, the list and the draft follow what is true now.
    fn take_submitted(&mut self, ticket: Ticket, submitted: &Submitted, core: &mut Core) {
        let Some(review) = &mut self.review else {
            return;
        };
        review.sending = None;
        review.throttled = None;
        let changes = review.changes.clone();
        tell(core, ticket, submitted, changes.as_ref().map(|changes| (changes, &*self)));
        let username = submitted.username.clone();
        match &submitted.outcome {
            Outcome::Applied | Outcome::Waiting => {
                self.unknown.remove(&username);
                if submitted.outcome == Outcome::Waiting
                    && let Some(changes) = &changes
                {
                    self.remember_waiting(changes, submitted, core);
                }
                self.drafts.remove(&username);
                self.close_form_on(submitted, core);
            }
            Outcome::NotSent(_) => {
                if let Some(now) = &submitted.now {
                    self.take_reading(now);
                    self.take_moved(Arc::clone(now), submitted.moved.clone(), core);
                }
            }
            Outcome::Refused(_) => {
                self.review = None;
                self.view = View::Edit;
            }
            Outcome::Differs(_) => {
                self.take_now(submitted);
                self.review = None;
                self.view = View::Edit;
            }
            Outcome::Unknown(_) => {
                self.unknown.insert(username, core.at);
                self.review = None;
                self.view = View::Edit;
            }
        }
    }

    fn remember_waiting(&mut self, changes: &ChangeSet, submitted: &Submitted, core: &Core) {
        for contact in Contact::ALL {
            let new = changes.new_contact(contact);
            let still_old = submitted.now.as_ref().is_some_and(|now| now.contact(contact) != new);
            if new.is_some() && still_old {
                self.waiting.retain(|(username, waiting)| *username != submitted.username || waiting.contact != contact);
                self.waiting.push((submitted.username.clone(), WaitingChange { contact, accepted_at: core.at }));
            }
        }
    }

    /// A newer reading after a write: lists, facts and a draft that is still there follow it.
    fn take_now(&mut self, submitted: &Submitted) {
        let Some(now) = &submitted.now else {
            return;
        };
        self.take_reading(now);
        if let Some(draft) = self.drafts.get_mut(&submitted.username) {
            draft.rebase(Arc::clone(now));
            if draft.is_empty() && self.edit.as_ref().is_none_or(|edit| edit.username != submitted.username) {
                self.drafts.remove(&submitted.username);
            }
        }
    }

    /// The change is done: the user is shown as it is now.
    fn close_form_on(&mut self, submitted: &Submitted, core: &mut Core) {
        self.review = None;
        self.edit = None;
        match &submitted.now {
            Some(now) => {
                self.take_reading(now);
                let known = self.user.as_ref().is_some_and(|screen| screen.user.username == now.username);
                if known {
                    self.view = View::User;
                } else {
                    self.open_user(Arc::clone(now), core);
                }
            }
            None => self.view = View::Users,
        }
    }

    /// The work behind a ticket broke: whoever waits for it is told.
    fn fail(&mut self, ticket: Ticket, fault: &Fault, core: &mut Core) -> bool {
        let mut taken = self.pool.fail(ticket, fault)
            || self.providers.fail(ticket, fault)
            || self.caller.fail(ticket, fault)
            || self.users.page.fail(ticket, fault);
        if let Some(search) = &mut self.users.search {
            taken |= search.found.fail(ticket, fault);
        }
        if let Some(screen) = &mut self.user {
            taken |= screen.details.fail(ticket, fault) || screen.groups.fail(ticket, fault);
        }
        if let Some(edit) = &mut self.edit {
            taken |= edit.read.fail(ticket, fault);
            for question in edit.owners.values_mut() {
                taken |= question.answer.fail(ticket, fault);
            }
        }
        if let Some(review) = &mut self.review {
            taken |= review.read.fail(ticket, fault);
            if review.sending == Some(ticket) {
                review.sending = None;
                core.say("the work behind this broke; see the status pane before sending again");
                taken = true;
            }
        }
        taken
    }
}

/// Offers an answer to the open pool, then to those that were left, until one takes it.
fn each(session: &mut Option<Session>, left: &mut [Session], mut take: impl FnMut(&mut Session) -> bool) {
    let _ = session.iter_mut().chain(left).any(|session| take(session));
}

/// The status entry of a reading.
fn report<T>(
    core: &mut Core,
    ticket: Ticket,
    answer: &Answer<T>,
    line: impl FnOnce(&T) -> Sentence,
) {
    match answer {
        Ok(answered) => core.read_done(ticket, line(&answered.value), answered.request_id.clone()),
        Err(fault) => core.read_failed(ticket, fault),
    }
}

fn owner_line(owner: &consequence::Owner) -> Sentence {
    match owner {
        consequence::Owner::NobodyFound { .. } => "no other user found with it".into(),
        consequence::Owner::Users { holders, .. } => match holders.first() {
            Some(holder) => crate::say!(raw holder.username.raw(), " has it"),
            None => "no other user found with it".into(),
        },
    }
}

/// The status entry of a write: what is true now, what is expected, what to do next.
fn tell(core: &mut Core, ticket: Ticket, submitted: &Submitted, context: Option<(&ChangeSet, &Session)>) {
    let mono = core.mono;
    let profile = core.settings.target.profile.clone();
    let changes = context.map(|(changes, _)| changes);
    let (word, line) = match &submitted.outcome {
        Outcome::Applied => (Word::Applied, applied_line(changes)),
        Outcome::Waiting => (Word::Waiting, waiting_line(changes, submitted)),
        Outcome::Refused(fault) => (Word::Refused, headline(fault)),
        Outcome::NotSent(_) => (Word::NotSent, not_sent_line(submitted)),
        Outcome::Differs(drifts) => (
            Word::Differs,
            crate::say!("sent, and another value is there now: ").join(names(drifts.iter().map(|drift| &drift.name))),
        ),
        Outcome::Unknown(fault) => (Word::Unknown, headline(fault).join("; it may have been applied".into())),
    };
    let Some(entry) = core.status.finish(ticket, mono, word, Some(line)) else {
        return;
    };
    entry.request_id.clone_from(&submitted.request_id);
    match &submitted.outcome {
        Outcome::Applied | Outcome::Waiting => {
            if let Some((changes, session)) = context {
                for line in message_lines(changes, session) {
                    entry.more.push(line);
                }
            }
        }
        Outcome::Refused(fault) => {
            describe(entry, fault, profile.as_deref(), Access::Write);
            entry.next = context.and_then(|(changes, session)| refused_next(fault, changes, session));
        }
        Outcome::NotSent(_) => {
            entry.more.push("nothing went out; the review shows what was opened, what is there now and what is pending".into());
            entry.next = Some(Next::OpenForm(submitted.username.clone()));
        }
        Outcome::Differs(_) => entry.next = Some(Next::OpenForm(submitted.username.clone())),
        Outcome::Unknown(fault) => {
            describe(entry, fault, profile.as_deref(), Access::Write);
            entry.next = context.map(|(changes, session)| Next::ReadBack {
                place: session.place.clone(),
                changes: changes.clone(),
                fault: fault.clone(),
                journal_id: submitted.journal_id.clone(),
            });
        }
    }
    after_words(entry, submitted);
}

/// What is said behind every outcome: changes of others, a failed read-back, the journal's own words.
fn after_words(entry: &mut Entry, submitted: &Submitted) {
    if !submitted.moved.also.is_empty() {
        let also = names(submitted.moved.also.iter().map(|drift| &drift.name));
        entry.more.push(crate::say!("also changed by someone else: ").join(also));
    }
    if let Some(fault) = &submitted.unread {
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

fn applied_line(changes: Option<&ChangeSet>) -> Sentence {
    match changes {
        Some(changes) => {
            crate::say!("read back and true: ").join(names(changes.changes().iter().map(|change| &change.name)))
        }
        None => "read back and true".into(),
    }
}

/// `custom:tier is gold; email still sofia.r@example.com`.
fn waiting_line(changes: Option<&ChangeSet>, submitted: &Submitted) -> Sentence {
    let (Some(changes), Some(now)) = (changes, &submitted.now) else {
        return "accepted; the old value is in force until a code is entered".into();
    };
    let mut line = Sentence::new();
    for change in changes.changes().iter().filter(|change| change.name.verifies().is_none()) {
        if !line.is_empty() {
            line = line.words("; ");
        }
        let value = now.get(&change.name).map_or_else(|| Raw::from("not set"), |value| value.raw().clone());
        let still = if change.edit.value() == now.get(&change.name) { " is " } else { " still " };
        line = line.quote(change.name.raw()).words(still).quote(&value);
    }
    line
}

fn not_sent_line(submitted: &Submitted) -> Sentence {
    let facts = submitted.moved.facts.iter().map(|fact| fact.what).collect::<Vec<_>>().join(", ");
    let touched = names(submitted.moved.touched.iter().map(|drift| &drift.name));
    match (touched.is_empty(), facts.is_empty()) {
        (false, true) => crate::say!("someone changed ").join(touched).join(" meanwhile".into()),
        (false, false) => crate::say!("someone changed ").join(touched).words(format!(", {facts} meanwhile")),
        (true, false) => format!("someone changed {facts} meanwhile").into(),
        (true, true) => "nothing went out".into(),
    }
}

fn message_lines(changes: &ChangeSet, session: &Session) -> Vec<Sentence> {
    let pool = match session.pool.ready() {
        Some(pool) => Known::Known(pool.as_ref()),
        None => Known::NotKnown("the pool's settings were not read".into()),
    };
    let mut lines = Vec::new();
    for contact in Contact::ALL.into_iter().filter(|contact| changes.get(&contact.attribute()).is_some()) {
        match consequence::expected_delivery(&pool, Changes::Set(changes), contact) {
            Delivery::Expected { form, to, contact } => {
                let what = match form {
                    Form::Code => "a code",
                    Form::Link => "a link",
                };
                lines.push(crate::say!(
                    "expected: ", own what, " by ", own contact.medium(), " to ", raw to.raw(), " (not reported)"
                ));
            }
            Delivery::None => lines.push(crate::say!("message for ", own contact.name(), ": none")),
            Delivery::NotKnown => lines.push(crate::say!("message for ", own contact.name(), ": not known")),
        }
    }
    lines
}

/// AliasExistsException: whoever has it is the next to look at, where the list told.
fn refused_next(fault: &Fault, changes: &ChangeSet, session: &Session) -> Option<Next> {
    if fault.code.as_str() == "AliasExistsException" {
        let owner = session.edit.as_ref()?.owners.values().find_map(|question| match question.answer.ready() {
            Some(consequence::Owner::Users { holders, .. }) => holders.first().cloned(),
            _ => None,
        });
        if let Some(holder) = owner {
            return Some(Next::OpenUser(holder.username));
        }
    }
    Some(Next::OpenForm(changes.base().username.clone()))
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
