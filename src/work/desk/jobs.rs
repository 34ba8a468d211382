//! Which part of the desk does which job.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::watch;

use super::shared::{Shared, lock};
use super::writers;
use crate::domain::consequence::{Holder, Owner};
use crate::domain::sign_in::ChallengeKind;
use crate::domain::{Answered, AttributeValue, Contact, Fault, Page, PageToken, Place, Route, User, Username};
use crate::job::{Job, Reply, Ticket};
use crate::work::pace::Category;
use crate::work::{acting, archive, audit, drafts, export, find, journal, scan, search, submit};

impl Shared {
    /// Jobs that need no waiting.
    pub fn at_once(&self, job: &Job) -> Option<Reply> {
        match job {
            Job::SaveDraft(_) if self.archive.is_some() => Some(archive::no_draft()),
            // Checked here whatever the screen checked: without these no token is ever held.
            Job::SignIn { .. } | Job::AnswerChallenge { .. } | Job::ActAs { .. } if !self.surroundings.act_as_user => {
                let message = "acting as a user is switched off (act-as-user in the configuration); nothing was sent";
                Some(Reply::SignedIn(Err(Fault::local(
                    "InitiateAuth",
                    "ActAsUserOff",
                    message,
                ))))
            }
            // It sets a password for good, so it takes the same leave as a write.
            Job::AnswerChallenge { place, challenge, .. }
                if matches!(challenge.kind, ChallengeKind::NewPassword { .. })
                    && self.open_writer(place, Route::Admin).is_none() =>
            {
                let message =
                    "setting a password is a change, and this pool is open for reading only; nothing was sent";
                let fault = Fault::local("RespondToAuthChallenge", "PasswordNotSet", message);
                Some(Reply::SignedIn(Err(fault)))
            }
            Job::CloseWriter { place } => {
                lock(&self.writers).close(|open, _| open == place);
                Some(Reply::WriterClosed)
            }
            Job::StopActing { place } => {
                lock(&self.tokens).remove(place);
                lock(&self.writers).close(|open, route| open == place && route == Route::Own);
                Some(Reply::StoppedActing)
            }
            Job::Outbox => Some(Reply::Outbox((self.surroundings.outbox)())),
            Job::ScanRate { of, rate } => {
                // Nobody is there any more once the job has ended.
                if let Some(chosen) = self.chosen_rate(*of) {
                    chosen.store(*rate, Ordering::Relaxed);
                }
                Some(Reply::ScanRateSet)
            }
            Job::Reconnect { target } => {
                lock(&self.connections).remove(target);
                lock(&self.writers).close(|place, _| place.target == *target);
                Some(Reply::Reconnected)
            }
            _ => None,
        }
    }
}

/// Does a job that may wait.
pub async fn do_job(shared: Arc<Shared>, ticket: Ticket, job: Job, stopped: watch::Receiver<bool>) -> Reply {
    let shared = &shared;
    if let Some(archive) = &shared.archive
        && let Some(reply) = archive::answer(shared, ticket, archive, &job, &stopped).await
    {
        return reply;
    }
    match job {
        Job::ListPools { target, token } => Reply::Pools(
            async {
                let reader = shared.connection(&target, None).await?.reader(None)?;
                reader.list_pools(token).await
            }
            .await,
        ),
        Job::DescribePool { place } => Reply::Pool(shared.describe(&place).await),
        Job::Providers { place } => {
            Reply::Providers(async { shared.reader(&place).await?.providers(&place.pool).await }.await)
        }
        Job::ListUsers { place, token } => Reply::Users(list_users(shared, &place, None, token).await),
        Job::Page { place, filter, token } => Reply::Users(list_users(shared, &place, filter.as_deref(), token).await),
        Job::ImportHeader { place } => {
            Reply::ImportHeader(async { shared.reader(&place).await?.import_header(&place.pool).await }.await)
        }
        Job::Find { place, plan } => Reply::Found(
            async {
                let reader = shared.reader(&place).await?;
                find::find(shared, &reader, &place, &plan).await
            }
            .await,
        ),
        Job::ReadOn { place, unread } => Reply::Found(
            async {
                let reader = shared.reader(&place).await?;
                find::read_on(shared, &reader, &place, unread).await
            }
            .await,
        ),
        Job::Scan { place, scan } => {
            Reply::ScanEnded(Box::new(scan::scan(shared, ticket, place, *scan, stopped).await))
        }
        Job::Export(asked) => {
            let work = Arc::clone(shared);
            let write = move || export::export(&work, ticket, &asked, &stopped);
            match tokio::task::spawn_blocking(write).await {
                Ok(exported) => Reply::Exported(exported),
                Err(_) => Reply::Broken(Fault::local("this export", "WorkerPanicked", "a worker broke")),
            }
        }
        Job::ListGroups { place } => Reply::GroupNames(scan::names(shared, &place).await),
        Job::ReadMembers { place, members } => {
            Reply::MembersEnded(Box::new(scan::members(shared, ticket, place, members, stopped).await))
        }
        Job::Search(search) => {
            let work = Arc::clone(shared);
            let tell = move |first| work.news(ticket, Reply::Matching(first));
            Reply::Matched(search::search(&shared.looker, *search, stopped, tell).await)
        }
        Job::Lint(asked) => Reply::Linted(audit::lint(*asked, stopped).await),
        Job::Breakdown(asked) => Reply::Counted(audit::breakdown(*asked, stopped).await),
        Job::GetUser { place, username, route } => Reply::User(submit::read(shared, &place, &username, route).await),
        Job::Groups { place, username } => Reply::Groups(
            async {
                shared
                    .reader(&place)
                    .await?
                    .groups_for_user(&place.pool, &username)
                    .await
            }
            .await,
        ),
        Job::Owner {
            place,
            contact,
            value,
            not,
        } => Reply::Owner(owner(shared, &place, contact, &value, &not).await),
        Job::OpenWriter { place, route, typed } => writers::open(shared, ticket, place, route, typed).await,
        Job::Clients { place } => Reply::Clients(acting::clients(shared, &place).await),
        Job::Client { place, client } => Reply::Client(acting::client(shared, &place, &client).await),
        Job::SignIn { place, password } => Reply::SignedIn(acting::sign_in(shared, &place, password).await),
        Job::AnswerChallenge {
            place,
            challenge,
            answers,
        } => Reply::SignedIn(acting::answer(shared, &place, challenge, answers).await),
        Job::ActAs { place, token, expected } => Reply::SignedIn(acting::act_as(shared, &place, token, expected).await),
        Job::Submit(submission) => {
            Reply::Submitted(Box::new(submit::submit(shared, ticket, submission, stopped).await))
        }
        Job::Settle {
            place,
            operation,
            fault,
            journal_id,
        } => Reply::Settled(Box::new(
            submit::settle(shared, &place, &operation, fault, journal_id).await,
        )),
        Job::ReadJournal { known } => Reply::Journal(journal::read(shared, known).await),
        Job::PrepareUndo { place, route, entry } => {
            Reply::UndoPrepared(journal::prepare_undo(shared, &place, route, &entry).await)
        }
        Job::SettleEntry { place, entry } => {
            Reply::EntrySettled(Box::new(journal::settle_entry(shared, &place, &entry).await))
        }
        Job::Caller { target } => Reply::Caller(async { shared.connection(&target, None).await?.caller().await }.await),
        Job::FindDrafts => drafts::find(shared).await,
        Job::TakeDraft { place, id } => drafts::take(shared, place, id).await,
        Job::DiscardDraft { id } => drafts::discard(shared, id).await,
        Job::ReadFile { .. } => Reply::Broken(Fault::local(
            "reading the export",
            "NoExport",
            "no export is open here; this is a pool of the service",
        )),
        Job::SaveDraft(_)
        | Job::CloseWriter { .. }
        | Job::StopActing { .. }
        | Job::Outbox
        | Job::ScanRate { .. }
        | Job::Reconnect { .. } => Reply::Broken(Fault::local("this operation", "OutOfOrder", "this is done at once")),
    }
}

/// One page of ListUsers, at the pace of lists.
async fn list_users(
    shared: &Shared,
    place: &Place,
    filter: Option<&str>,
    token: Option<PageToken>,
) -> Result<Answered<Page<Arc<User>>>, Fault> {
    let reader = shared.reader(place).await?;
    shared.wait_for(Category::List).await;
    let answered = reader
        .list_users(&place.pool, filter, token, None)
        .await
        .inspect_err(|fault| shared.note_rate(Category::List, fault))?;
    Ok(Answered {
        value: Page {
            items: answered.value.items.into_iter().map(Arc::new).collect(),
            next: answered.value.next,
        },
        request_id: answered.request_id,
    })
}

/// Who has an address or number now, other than the user it is meant for.
async fn owner(
    shared: &Shared,
    place: &Place,
    contact: Contact,
    value: &AttributeValue,
    not: &Username,
) -> Result<Answered<Owner>, Fault> {
    let answered = find::holders(shared, place, contact.name(), value, not).await?;
    let asked_at = shared.now();
    let holders: Vec<Holder> = answered
        .value
        .into_iter()
        .map(|user| Holder {
            verified: user.is_verified(contact),
            username: user.username,
        })
        .collect();
    Ok(Answered {
        value: if holders.is_empty() {
            Owner::NobodyFound { asked_at }
        } else {
            Owner::Users { holders, asked_at }
        },
        request_id: answered.request_id,
    })
}
