//! What the desk answers where an export is open in the place of a pool: what it holds, and calm words for everything that
//! only the service could tell.

use std::io;
use std::sync::Arc;

use tokio::sync::watch;

use super::{Archive, Position};
use crate::domain::roster::FULL;
use crate::domain::{Answered, Fault, Page, PageToken, PoolSummary, Segment, User};
use crate::job::scan::{Progress, ScanEnd, Scanned};
use crate::job::{Answer, DiskFault, Job, Reply, Ticket};
use crate::work::desk::Shared;

/// Users of a page. They cost no call, so there are more than the service would hand out.
const PAGE: usize = 1_000;

/// The answer, or `None` where the job asks nobody and is done as ever.
pub async fn answer(
    shared: &Arc<Shared>,
    ticket: Ticket,
    archive: &Arc<Archive>,
    job: &Job,
    stopped: &watch::Receiver<bool>,
) -> Option<Reply> {
    if let Some(place) = job.place()
        && place.pool != archive.pool.id
    {
        return Some(refusal(job));
    }
    Some(match job {
        Job::ListPools { .. } => Reply::Pools(answered(Page {
            items: vec![PoolSummary {
                id: archive.pool.id.clone(),
                name: archive.pool.name.clone(),
                changed: None,
            }],
            next: None,
        })),
        Job::DescribePool { .. } => Reply::Pool(answered(Arc::clone(&archive.pool))),
        Job::ListUsers { token, .. }
        | Job::Page {
            token, filter: None, ..
        } => {
            let (archive, token) = (Arc::clone(archive), token.clone());
            let page = tokio::task::spawn_blocking(move || page(&archive, token.as_ref())).await;
            Reply::Users(page.unwrap_or_else(|_| Err(broken())))
        }
        Job::Scan { .. } => {
            let (shared, archive, stopped) = (Arc::clone(shared), Arc::clone(archive), stopped.clone());
            let end = tokio::task::spawn_blocking(move || scan(&shared, ticket, &archive, &stopped)).await;
            Reply::ScanEnded(Box::new(
                end.unwrap_or_else(|_| ended(Progress::default(), Some(broken()))),
            ))
        }
        job if job.target().is_none() => return None,
        job => refusal(job),
    })
}

/// Nothing of an export can be edited, so there is nothing to keep.
pub fn no_draft() -> Reply {
    Reply::DraftSaved(Err(DiskFault {
        what: "an export is open, and nothing in it can be edited".into(),
        next: "open the pool itself".into(),
    }))
}

fn answered<T>(value: T) -> Answer<T> {
    Ok(Answered {
        value,
        request_id: None,
    })
}

fn page(archive: &Archive, token: Option<&PageToken>) -> Answer<Page<Arc<User>>> {
    let position = match token {
        None => Position::default(),
        Some(token) => position(token)
            .ok_or_else(|| Fault::local("reading the export", "RepeatedToken", "the place to go on from is none"))?,
    };
    let mut reading = archive.users_from(position);
    let users = reading.next_users(PAGE).map_err(unreadable)?;
    let more = users.len() == PAGE;
    let at = reading.position();
    answered(Page {
        items: users.into_iter().map(|(user, _)| Arc::new(user)).collect(),
        next: more.then(|| PageToken(format!("{}:{}", at.byte, at.lines))),
    })
}

fn position(token: &PageToken) -> Option<Position> {
    let (byte, lines) = token.0.split_once(':')?;
    Some(Position {
        byte: byte.parse().ok()?,
        lines: lines.parse().ok()?,
    })
}

/// Everybody, a full segment at a time.
fn scan(shared: &Shared, ticket: Ticket, archive: &Archive, stopped: &watch::Receiver<bool>) -> ScanEnd {
    let mut progress = Progress {
        chains: 1,
        ..Progress::default()
    };
    let began = shared.now();
    let mut reading = archive.users();
    loop {
        if *stopped.borrow() {
            let mut end = ended(progress, None);
            end.notices.push("stopped; the rest of the export was not read".into());
            return end;
        }
        let users = match reading.next_users(FULL) {
            Ok(users) => users,
            Err(error) => return ended(progress, Some(unreadable(error))),
        };
        let more = users.len() == FULL;
        progress.users += users.len() as u64;
        progress.spent = shared.now().duration_since(began).unsigned_abs();
        let users = Arc::new(Segment::pack(users.iter().map(|(user, _)| user)));
        let news = Scanned {
            users,
            progress: progress.clone(),
        };
        shared.news(ticket, Reply::Scanned(news));
        if !more {
            let mut end = ended(progress, None);
            end.notices = reading.notices();
            if archive.is_complete() == Some(false) {
                end.notices
                    .push("the export itself is incomplete: not everybody was read when it was made".into());
            }
            return end;
        }
    }
}

fn ended(progress: Progress, fault: Option<Fault>) -> ScanEnd {
    ScanEnd {
        progress,
        checkpoint: None,
        fault,
        notices: Vec::new(),
    }
}

fn unreadable(error: io::Error) -> Fault {
    Fault::local(
        "reading the export",
        "FileUnreadable",
        format!("the file could not be read further: {error}"),
    )
}

fn broken() -> Fault {
    Fault::local("reading the export", "WorkerPanicked", "a worker broke")
}

/// The answer to what only the service could tell or do.
fn refusal(job: &Job) -> Reply {
    let fault = |operation| {
        let message = "this is an export: there is no service behind it to ask; nothing was sent";
        Fault::local(operation, "AnExport", message)
    };
    match job {
        Job::ListPools { .. } => Reply::Pools(Err(fault("ListUserPools"))),
        Job::DescribePool { .. } => Reply::Pool(Err(fault("DescribeUserPool"))),
        Job::Providers { .. } => Reply::Providers(Err(fault("ListIdentityProviders"))),
        Job::ListUsers { .. } | Job::Page { .. } => Reply::Users(Err(fault("ListUsers"))),
        Job::ImportHeader { .. } => Reply::ImportHeader(Err(fault("GetCSVHeader"))),
        Job::Scan { .. } => Reply::ScanEnded(Box::new(ended(Progress::default(), Some(fault("ListUsers"))))),
        Job::Find { .. } => Reply::Found(Err(fault("ListUsers"))),
        Job::GetUser { .. } => Reply::User(Err(fault("AdminGetUser"))),
        Job::Groups { .. } => Reply::Groups(Err(fault("AdminListGroupsForUser"))),
        Job::Owner { .. } => Reply::Owner(Err(fault("ListUsers"))),
        Job::PrepareUndo { .. } => Reply::UndoPrepared(Err(fault("AdminGetUser"))),
        Job::Clients { .. } => Reply::Clients(Err(fault("ListUserPoolClients"))),
        Job::Client { .. } => Reply::Client(Err(fault("DescribeUserPoolClient"))),
        Job::SignIn { .. } | Job::AnswerChallenge { .. } | Job::ActAs { .. } => {
            Reply::SignedIn(Err(fault("InitiateAuth")))
        }
        Job::Caller { .. } => Reply::Caller(Err(fault("GetCallerIdentity"))),
        _ => Reply::Broken(fault("this operation")),
    }
}
