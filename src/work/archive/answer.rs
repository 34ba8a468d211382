//! What the desk answers where an export is open in the place of a pool: what it holds, and calm words for everything that
//! only the service could tell.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use tokio::sync::watch;

use super::{Archive, Walk};
use crate::domain::roster::FULL;
use crate::domain::{Answered, Fault, Page, PoolSummary, Raw, Segment};
use crate::job::archive::{Far, FileEnd, FromFile, GroupsTold};
use crate::job::scan::{Progress, ScanEnd};
use crate::job::{Answer, DiskFault, Job, Reply, Ticket};
use crate::work::desk::Shared;

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
        Job::ReadFile { .. } => {
            let (shared, archive, stopped) = (Arc::clone(shared), Arc::clone(archive), stopped.clone());
            let end = tokio::task::spawn_blocking(move || read(&shared, ticket, &archive, &stopped)).await;
            Reply::FileRead(Box::new(end.unwrap_or_else(|_| failed(broken()))))
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

/// How many users are unpacked at a time: a user takes several times as much room as it is kept in.
const UNPACKED: usize = 256;

/// Everybody, a full segment at a time.
fn read(shared: &Shared, ticket: Ticket, archive: &Archive, stopped: &watch::Receiver<bool>) -> FileEnd {
    // Who stands there twice is seen where all are kept; a second memory of their names would be a tenth of theirs.
    let mut reading = archive.go_on(Walk::default());
    let (mut users, mut told) = (0_u64, 0_u64);
    loop {
        if *stopped.borrow() {
            return failed(Fault::local("reading the export", "Stopped", "it was stopped"));
        }
        let (mut parts, mut groups) = (Vec::new(), Vec::new());
        while groups.len() < FULL {
            let listed = match reading.next_users(UNPACKED) {
                Ok(listed) if listed.is_empty() => break,
                Ok(listed) => listed,
                Err(error) => return failed(unreadable(error)),
            };
            parts.push(Arc::new(Segment::pack(listed.iter().map(|(user, _)| user))));
            groups.extend(listed.into_iter().map(|(_, groups)| groups));
        }
        users += groups.len() as u64;
        told += groups.iter().flatten().count() as u64;
        shared.news(
            ticket,
            Reply::FromFile(FromFile {
                users: Arc::new(Segment::join(&parts)),
                groups: members(&groups),
                far: Far {
                    read: reading.walk().byte(),
                    of: archive.bytes(),
                },
            }),
        );
        if groups.len() < FULL {
            return FileEnd {
                fault: None,
                wrong: archive.damage(reading.walk()),
                groups: match told {
                    0 => GroupsTold::Nobody,
                    all if all == users => GroupsTold::Everybody,
                    _ => GroupsTold::Some,
                },
            };
        }
    }
}

/// Who of these users is in which group, in the order in which the groups are met.
fn members(listed: &[Option<Vec<Raw>>]) -> Vec<(Raw, Vec<usize>)> {
    let mut members: Vec<(Raw, Vec<usize>)> = Vec::new();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for (row, groups) in listed.iter().enumerate() {
        for name in groups.iter().flatten() {
            let number = *numbers.entry(name.as_str()).or_insert_with(|| {
                members.push((name.clone(), Vec::new()));
                members.len() - 1
            });
            if let Some((_, rows)) = members.get_mut(number) {
                rows.push(row);
            }
        }
    }
    members
}

fn failed(fault: Fault) -> FileEnd {
    FileEnd {
        fault: Some(fault),
        wrong: Vec::new(),
        groups: GroupsTold::Nobody,
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
        Job::Scan { .. } => Reply::ScanEnded(Box::new(ScanEnd {
            progress: Progress::default(),
            checkpoint: None,
            fault: Some(fault("ListUsers")),
            notices: Vec::new(),
        })),
        Job::ReadFile { .. } => Reply::FileRead(Box::new(failed(fault("reading the export")))),
        Job::ListGroups { .. } => Reply::GroupNames(Err(fault("ListGroups"))),
        Job::Find { .. } | Job::ReadOn { .. } => Reply::Found(Err(fault("ListUsers"))),
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
