//! What comes back from the desk: each answer goes to whoever waits for it, and always to the status pane.

use std::sync::Arc;

use super::App;
use super::core::{Core, describe, headline};
use super::screen::edit::plural;
use super::screen::sign_in::answers as sign_in;
use super::session::{Session, View};
use super::status::{Entry, Next, Word};
use crate::domain::consequence;
use crate::domain::fault::{Access, ClockOff};
use crate::domain::sentence::grouped;
use crate::domain::{Fault, Outcome, Raw, Sentence, User, Username};
use crate::job::{Answer, DiskFault, Found, Reply, Step, Submitted, Ticket};

impl App {
    pub(super) fn reply(&mut self, ticket: Ticket, reply: Reply) {
        let core = &mut self.core;
        match reply {
            Reply::Pools(answer) => {
                report(core, ticket, &answer, |page| match page.items.len() {
                    1 => "1 pool".into(),
                    count => format!("{count} pools").into(),
                });
                self.pools.take_page(ticket, &answer, core);
                self.offer_a_pool_id();
            }
            Reply::Pool(answer) => {
                report(core, ticket, &answer, |_| "the pool's settings read".into());
                let answer = answer.map(|answered| answered.value);
                each(&mut self.session, &mut self.left, |session| {
                    let taken = session.pool.fill(ticket, answer.clone());
                    session.take_name(&core.settings.guards);
                    session.learn_attributes();
                    taken
                });
                self.go_on_with_undo();
            }
            Reply::Providers(answer) => {
                report(core, ticket, &answer, |mappings| {
                    format!("{} identity {}", mappings.len(), plural(mappings.len(), "provider")).into()
                });
                let answer = answer.map(|answered| answered.value);
                each(&mut self.session, &mut self.left, |session| {
                    session.providers.fill(ticket, answer.clone())
                });
            }
            Reply::Users(answer) => {
                report(core, ticket, &answer, |page| {
                    format!("{} users", page.items.len()).into()
                });
                let core = &mut self.core;
                each(&mut self.session, &mut self.left, |session| {
                    let taken = session.users.take_page(ticket, &answer);
                    if taken {
                        session.users.load_if_near_end(&session.place, core);
                    }
                    taken
                });
            }
            Reply::Linted(answer) => each(&mut self.session, &mut self.left, |session| {
                session.take_report(ticket, &answer)
            }),
            Reply::Counted(answer) => each(&mut self.session, &mut self.left, |session| {
                session.take_breakdown(ticket, &answer)
            }),
            Reply::ImportHeader(answer) => {
                report(core, ticket, &answer, |columns| {
                    format!("{} {} to import", columns.len(), plural(columns.len(), "column")).into()
                });
                self.take_import_header(ticket, &answer);
            }
            Reply::Exporting { users } => self.take_exporting(ticket, users),
            Reply::Exported(exported) => self.take_exported(ticket, &exported),
            Reply::ScanRateSet => {}
            Reply::GroupNames(answer) => {
                report(
                    core,
                    ticket,
                    &answer,
                    |names| crate::say!(own grouped(names.len() as u64), " ", own plural(names.len(), "group")),
                );
                each(&mut self.session, &mut self.left, |session| {
                    session.users.take_group_names(ticket, &answer)
                });
            }
            Reply::Members(news) => each(&mut self.session, &mut self.left, |session| {
                session.users.take_members(ticket, &news, core)
            }),
            Reply::MembersEnded(end) => {
                each(&mut self.session, &mut self.left, |session| {
                    session.users.take_members_end(ticket, &end, core)
                });
                self.export_after_groups(ticket);
            }
            Reply::FromFile(news) => each(&mut self.session, &mut self.left, |session| {
                session.users.take_from_file(ticket, &news, core)
            }),
            Reply::FileRead(end) => each(&mut self.session, &mut self.left, |session| {
                session.take_file_end(ticket, &end, core)
            }),
            Reply::Scanned(scanned) => each(&mut self.session, &mut self.left, |session| {
                session.users.take_scanned(ticket, &scanned, core)
            }),
            Reply::ScanEnded(end) => each(&mut self.session, &mut self.left, |session| {
                session.users.take_scan_end(ticket, &end, core)
            }),
            Reply::Matching(first) => each(&mut self.session, &mut self.left, |session| {
                session.users.take_first_matches(ticket, &first)
            }),
            Reply::Matched(answer) => each(&mut self.session, &mut self.left, |session| {
                session.users.take_matches(ticket, &answer, core)
            }),
            Reply::Found(answer) => {
                report(core, ticket, &answer, |found| {
                    let count = found.users.len();
                    format!(
                        "{count} {} read, {} {}",
                        plural(count, "user"),
                        found.calls,
                        plural(found.calls, "call")
                    )
                    .into()
                });
                if let Ok(answered) = &answer
                    && let Some(fault) = answered.value.fault()
                    && let Some(entry) = core.status.get_mut(ticket)
                {
                    entry
                        .more
                        .push(crate::say!("part of it was refused: ").join(headline(fault)));
                }
                self.take_found(ticket, &answer);
            }
            Reply::User(answer) => {
                report(core, ticket, &answer, |user| {
                    format!("{} attributes read from the service", user.attributes.len()).into()
                });
                if let (Err(fault), Some(entry)) = (&answer, core.status.get_mut(ticket))
                    && fault.wants_a_new_token()
                {
                    entry.next = Some(Next::SignIn(Username::new(entry.subject.as_str())));
                }
                self.take_user(ticket, &answer);
            }
            Reply::Groups(answer) => {
                report(core, ticket, &answer, |groups| {
                    format!("in {} {}", groups.len(), plural(groups.len(), "group")).into()
                });
                let answer = answer.map(|answered| answered.value);
                each(&mut self.session, &mut self.left, |session| {
                    let details = session
                        .user
                        .as_mut()
                        .is_some_and(|screen| screen.groups.fill(ticket, answer.clone()));
                    details || session.take_membership(ticket, &answer)
                });
            }
            Reply::Owner(answer) => {
                report(core, ticket, &answer, owner_line);
                let core = &mut self.core;
                each(&mut self.session, &mut self.left, |session| {
                    session.take_owner(ticket, &answer, core)
                });
            }
            Reply::Clients(answer) => {
                report(core, ticket, &answer, |clients| {
                    format!("{} app {}", clients.len(), plural(clients.len(), "client")).into()
                });
                let core = &self.core;
                each(&mut self.session, &mut self.left, |session| {
                    session.take_clients(ticket, &answer, core) || session.take_sign_in_clients(ticket, &answer)
                });
            }
            Reply::Client(answer) => {
                report(core, ticket, &answer, |client| {
                    crate::say!("app client ", name & client.name)
                });
                let answer = answer.map(|answered| answered.value);
                each(&mut self.session, &mut self.left, |session| {
                    session.take_client(ticket, answer.clone())
                });
            }
            Reply::SignedIn(answer) => {
                report(core, ticket, &answer, sign_in::line);
                // What could try again is the sign-in, where the secret is typed once more.
                if let (Err(_), Some(entry)) = (&answer, core.status.get_mut(ticket)) {
                    entry.next = None;
                }
                each(&mut self.session, &mut self.left, |session| {
                    session.take_signed_in(ticket, &answer, core)
                });
            }
            Reply::Journal(answer) => self.take_journal(ticket, &answer),
            Reply::UndoPrepared(answer) => {
                report(core, ticket, &answer, |ground| {
                    format!("{} attributes read from the service", ground.user.attributes.len()).into()
                });
                self.take_undo_ground(ticket, &answer);
            }
            Reply::EntrySettled(settled) => self.take_settled(ticket, &settled),
            Reply::Outbox(delivered) => self.take_outbox(ticket, delivered),
            Reply::DraftSaved(result) => {
                self.drafts.saved(ticket, &result, core);
            }
            Reply::Drafts(result) => self.take_found_drafts(ticket, result),
            Reply::DraftTaken(result) => self.draft_taken(ticket, result),
            Reply::DraftDiscarded(result) => self.dropped_draft(ticket, &result),
            Reply::StoppedActing => {}
            Reply::Caller(answer) => {
                report(core, ticket, &answer, |caller| match &caller.arn {
                    Some(arn) => crate::say!(raw arn),
                    None => "the caller is not known".into(),
                });
                let answer = answer.map(|answered| answered.value);
                self.take_maker(ticket, answer.as_ref().ok());
                each(&mut self.session, &mut self.left, |session| {
                    session.caller.fill(ticket, answer.clone())
                });
            }
            Reply::Clock(off) => clock_entry(core, off),
            Reply::WriterOpen | Reply::WriterClosed | Reply::Reconnected => {}
            Reply::Submitting(step) => self.submitting(ticket, step),
            Reply::Submitted(submitted) => self.submitted(ticket, *submitted),
            Reply::Settled(submitted) => self.submitted(ticket, *submitted),
            Reply::Broken(fault) => self.broken(ticket, &fault),
        }
    }

    /// One hit opens, but only over the list that waits for it: nothing changes under what is typed elsewhere.
    fn take_found(&mut self, ticket: Ticket, answer: &Answer<Found>) {
        let core = &mut self.core;
        each(&mut self.session, &mut self.left, |session| {
            session.take_again(ticket, answer, core)
        });
        for left in &mut self.left {
            left.users.take_found(ticket, answer, core);
        }
        if let Some(session) = &mut self.session
            && let Some(user) = session.users.take_found(ticket, answer, &mut self.core)
            && session.view == View::Users
            && self.overlay.is_none()
            && self.journal.shown.is_none()
        {
            session.open_user(user, &mut self.core);
        }
    }

    fn take_user(&mut self, ticket: Ticket, answer: &Answer<Arc<User>>) {
        let core = &mut self.core;
        each(&mut self.session, &mut self.left, |session| {
            let details = session.user.as_mut().is_some_and(|screen| {
                screen
                    .details
                    .fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone))
            });
            // A draft that waits for the form's reading is laid on it before the form takes it.
            let resumed = session.take_resuming(ticket, answer, core);
            let taken = details
                || session.take_form_reading(ticket, answer)
                || session.take_review_reading(ticket, answer, core)
                || session.take_deed_reading(ticket, answer, core);
            if let (true, Ok(answered)) = (taken || resumed, answer) {
                session.take_reading(&answered.value);
            }
            taken || resumed
        });
        self.after_resuming();
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
        each(&mut self.session, &mut self.left, |session| {
            let confirmation = session.confirmation_of(ticket);
            confirmation
                .map(|confirmation| confirmation.throttled = Some(step.clone()))
                .is_some()
        });
    }

    fn broken(&mut self, ticket: Ticket, fault: &Fault) {
        let unsaved = DiskFault {
            what: fault.message.clone(),
            next: Raw::from("Go on typing: each further key tries again."),
        };
        if self.drafts.saved(ticket, &Err(unsaved), &mut self.core) {
            return;
        }
        let write = self
            .session
            .iter()
            .chain(&self.left)
            .find_map(|session| session.writes.get(&ticket));
        if let Some(write) = write {
            // Nobody can tell how far it came.
            let username = write.operation().user().username.clone();
            return self.submitted(ticket, Submitted::new(username, Outcome::Unknown(fault.clone())));
        }
        match self
            .core
            .status
            .finish(ticket, self.core.mono, Word::Failed, Some(headline(fault)))
        {
            Some(entry) => describe(entry, fault, None, Access::Read),
            None => {
                // Work that has no entry while it goes well, such as making ready to write, has one when it breaks.
                let mut entry = Entry::new(self.core.at, Word::Failed, Raw::from("cognitui"), headline(fault));
                describe(&mut entry, fault, None, Access::Read);
                self.core.status.push(entry);
            }
        }
        let core = &self.core;
        each(&mut self.session, &mut self.left, |session| {
            session.fail(ticket, fault, core)
        });
        self.break_export(ticket, fault);
        self.pools.page.fail(ticket, fault);
        self.journal.fail(ticket, fault);
    }
}

impl Session {
    /// The work behind a ticket broke: whoever waits for it is told.
    fn fail(&mut self, ticket: Ticket, fault: &Fault, core: &Core) -> bool {
        let mut taken = self.fail_sign_in(ticket, fault, core)
            || self.fail_membership(ticket, fault)
            || self.pool.fail(ticket, fault)
            || self.providers.fail(ticket, fault)
            || self.caller.fail(ticket, fault)
            || self.users.page.fail(ticket, fault)
            || self.users.fail_scan(ticket, fault, core)
            || self.users.fail_file(ticket, fault)
            || self.fail_export(ticket)
            || self.users.fail_groups(ticket, fault)
            || self.users.take_matches(ticket, &Err(fault.clone()), core);
        taken |= self.take_report(ticket, &Err(fault.clone())) || self.take_breakdown(ticket, &Err(fault.clone()));
        if let Some(search) = &mut self.users.search {
            taken |= search.found.fail(ticket, fault) || search.more.fail(ticket, fault);
        }
        if let Some(screen) = &mut self.user {
            taken |= screen.details.fail(ticket, fault)
                || screen.groups.fail(ticket, fault)
                || screen.again.fail(ticket, fault);
        }
        if let Some(edit) = &mut self.edit {
            taken |= edit.read.fail(ticket, fault);
            for question in edit.owners.values_mut() {
                taken |= question.answer.fail(ticket, fault);
            }
        }
        if let Some(review) = &mut self.review {
            taken |= review.read.fail(ticket, fault);
        }
        if let Some(screen) = &mut self.deed {
            taken |= screen.read.fail(ticket, fault) || screen.clients.fail(ticket, fault);
        }
        taken
    }
}

/// Offers an answer to the open pool, then to those that were left, until one takes it.
pub(in crate::app) fn each(
    session: &mut Option<Session>,
    left: &mut [Session],
    take: impl FnMut(&mut Session) -> bool,
) {
    let _ = session.iter_mut().chain(left).any(take);
}

/// The status entry of a reading.
fn report<T>(core: &mut Core, ticket: Ticket, answer: &Answer<T>, line: impl FnOnce(&T) -> Sentence) {
    match answer {
        Ok(answered) => core.read_done(ticket, line(&answered.value), answered.request_id.clone()),
        Err(fault) => core.read_failed(ticket, fault),
    }
}

/// What a wrong clock means here: requests go on, because they follow the service's time once it is known.
fn clock_entry(core: &mut Core, off: ClockOff) {
    let mut entry = Entry::new(core.at, Word::Note, Raw::from("clock"), off.sentence());
    entry
        .more
        .push("signatures follow the service's time; ages here and times in the journal follow this machine's".into());
    entry.more.push("set this machine's clock (NTP), then r".into());
    core.status.push(entry);
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
