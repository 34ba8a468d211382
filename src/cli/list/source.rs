//! Where the users come from: a pool of the service, page by page, or an export.

use std::io;
use std::sync::Arc;

use jiff::Timestamp;

use super::Halt;
use super::membership::Membership;
use crate::cli::conversation::Conversation;
use crate::cli::progress::{Counts, Progress};
use crate::cli::system_clock;
use crate::cli::voice::Voice;
use crate::domain::export::Head;
use crate::domain::price::Price;
use crate::domain::query::{Groups, Query};
use crate::domain::sentence::grouped;
use crate::domain::{self, Fault, FaultKind, PageToken, Place, Pool, Raw, Sentence};
use crate::job::archive::Damage;
use crate::job::groups::Members;
use crate::job::{Job, Reply, Ticket};
use crate::say;
use crate::work::{Archive, Walk};

/// How often in a row the same page is asked for. Between two attempts the pace gives way, and the connection itself has
/// tried a few times before.
const ATTEMPTS: u32 = 6;
/// Users that are taken from a file at a time.
const FROM_FILE: usize = 1_000;

pub(super) enum Source {
    Service(Service),
    File(FromFile),
}

/// A pool of the service.
pub(super) struct Service {
    talk: Conversation,
    place: Place,
    /// Requests a second at most.
    rate: u32,
    /// Who is in which group, where that was read.
    membership: Option<Membership>,
    /// Only users who match it are asked for.
    filter: Option<String>,
    /// The first page was asked for.
    begun: bool,
    /// The page that was asked for and not taken yet.
    asked: Option<Ticket>,
    /// Where that page begins.
    token: Option<PageToken>,
    began: Timestamp,
    users: u64,
    calls: u64,
}

/// An export.
pub(super) struct FromFile {
    archive: Archive,
    walk: Walk,
    at_end: bool,
}

/// A user, and the groups of the user where they are known.
pub(super) type User = (Arc<domain::User>, Option<Vec<Raw>>);

type Users = Vec<User>;

impl Source {
    pub(super) fn service(talk: Conversation, place: Place, rate: u32) -> Self {
        Self::Service(Service {
            talk,
            place,
            rate,
            membership: None,
            filter: None,
            begun: false,
            asked: None,
            token: None,
            began: system_clock()(),
            users: 0,
            calls: 0,
        })
    }

    pub(super) fn file(archive: Archive) -> Self {
        Self::File(FromFile {
            archive,
            walk: Walk::default(),
            at_end: false,
        })
    }

    pub(super) fn place(&self) -> Place {
        match self {
            Self::Service(service) => service.place.clone(),
            Self::File(file) => file.archive.place(),
        }
    }

    /// When the users were read, or begin to be.
    pub(super) fn read_at(&self) -> Timestamp {
        match self {
            Self::Service(service) => service.began,
            Self::File(file) => file.archive.read_at(),
        }
    }

    /// Users that were read.
    pub(super) fn users(&self) -> u64 {
        match self {
            Self::Service(service) => service.users,
            Self::File(file) => file.walk.users(),
        }
    }

    /// What the file says of itself.
    pub(super) fn head(&self) -> Option<&Head> {
        match self {
            Self::Service(_) => None,
            Self::File(file) => file.archive.head(),
        }
    }

    /// Why the file is no export at all. `None`: it is one, or there is no file.
    pub(super) fn no_export(&self) -> Option<&'static str> {
        match self {
            Self::Service(_) => None,
            Self::File(file) => file.archive.no_export(&file.walk),
        }
    }

    /// Why it cannot be said that everybody is in it.
    pub(super) fn lack(&self) -> &'static str {
        match self {
            Self::File(file) if file.archive.is_complete().is_none() => {
                "; INCOMPLETE: the file does not say whether everybody is in it"
            }
            _ => "; INCOMPLETE: the file is not whole",
        }
    }

    /// Which part of its pool a file holds, where it is not everybody.
    pub(super) fn part(&self) -> Option<Sentence> {
        match self {
            Self::Service(_) => None,
            Self::File(file) => file.archive.part(),
        }
    }

    /// Calls of the service that were made.
    pub(super) fn calls(&self) -> u64 {
        match self {
            Self::Service(service) => service.calls,
            Self::File(_) => 0,
        }
    }

    /// Nobody is left who was not told yet, as far as is known: an empty page may be to come.
    pub(super) fn is_at_end(&self) -> bool {
        match self {
            Self::Service(service) => service.begun && service.asked.is_none(),
            Self::File(file) => file.at_end,
        }
    }

    /// Whether everybody of the pool can come out of it.
    pub(super) fn is_whole(&self) -> bool {
        match self {
            Self::Service(_) => true,
            Self::File(file) => file.archive.is_complete() == Some(true) && self.damage(false).is_empty(),
        }
    }

    /// What is wrong with it, as far as it was read; `early`: that was not to its end.
    pub(super) fn damage(&self, early: bool) -> Vec<Damage> {
        match self {
            Self::Service(_) => Vec::new(),
            Self::File(file) if early => file.walk.unreadable().into_iter().collect(),
            Self::File(file) => file.archive.damage(&file.walk),
        }
    }

    /// The settings of the pool.
    pub(super) fn pool(&mut self) -> Result<Arc<Pool>, Fault> {
        match self {
            Self::Service(service) => {
                let place = service.place.clone();
                match service.answer(Job::DescribePool { place })? {
                    Reply::Pool(answer) => answer.map(|answered| answered.value),
                    other => Err(out_of_place(&other)),
                }
            }
            Self::File(file) => Ok(Arc::clone(file.archive.pool())),
        }
    }

    /// Which attributes the users have, where a file does not begin by telling: then it is read once more, from its
    /// beginning to its end. `None`: nothing more can be learned.
    pub(super) fn learn(&mut self) -> Result<Option<Arc<Pool>>, Fault> {
        match self {
            Self::File(file) if file.archive.settings().is_none() => {
                file.archive.learn_attributes().map_err(unreadable)?;
                Ok(Some(Arc::clone(file.archive.pool())))
            }
            _ => Ok(None),
        }
    }

    /// Whether the settings of the pool are those that it has, and not only supposed.
    pub(super) fn knows_settings(&self) -> bool {
        match self {
            Self::Service(_) => true,
            Self::File(file) => file.archive.settings().is_some(),
        }
    }

    /// The columns of the file that the pool imports users from.
    pub(super) fn import_header(&mut self) -> Result<Vec<String>, Fault> {
        match self {
            Self::Service(service) => {
                let place = service.place.clone();
                match service.answer(Job::ImportHeader { place })? {
                    Reply::ImportHeader(answer) => answer.map(|answered| answered.value),
                    other => Err(out_of_place(&other)),
                }
            }
            Self::File(_) => Err(Fault::local(
                "GetCSVHeader",
                "AnExport",
                "an export has no service to ask",
            )),
        }
    }

    /// The next users; `None`: those were all.
    pub(super) fn next(&mut self) -> Result<Option<Users>, Fault> {
        match self {
            Self::Service(service) => service.next(),
            Self::File(file) => file.next(),
        }
    }
}

impl Service {
    /// Only these users are wanted.
    pub(super) fn ask_for(&mut self, filter: String) {
        self.filter = Some(filter);
    }

    fn answer(&mut self, job: Job) -> Result<Reply, Fault> {
        let ticket = self.talk.ask(job);
        self.heard(ticket)
    }

    fn heard(&mut self, ticket: Ticket) -> Result<Reply, Fault> {
        match self.talk.hear(ticket) {
            Ok(Reply::Broken(fault)) => Err(fault),
            Ok(reply) => Ok(reply),
            Err(_) => Err(Fault::local(
                "this operation",
                "DeskGone",
                "the worker threads are gone",
            )),
        }
    }

    /// Reads who is in which group, after saying what that costs: of every group, or of those that the line is about.
    pub(super) fn read_groups(
        &mut self,
        query: &Query,
        of_all: bool,
        estimated: Option<u64>,
        voice: Voice,
    ) -> Result<(), Halt> {
        let place = self.place.clone();
        let names = match self.answer(Job::ListGroups { place })? {
            Reply::GroupNames(answer) => answer?.value,
            other => return Err(out_of_place(&other).into()),
        };
        let groups = Groups::named(names);
        // Nobody is in it and everybody out of it: a slip would look like an answer.
        if let Some(term) = groups.meant_in_vain(query) {
            let said = say!("--query ", raw & term.written(), ": ").join(groups.none_is_meant());
            return Err(Halt::Usage(vec![said]));
        }
        let meant = groups.meant(query);
        let names: Vec<Raw> = (groups.iter().enumerate())
            .filter(|(number, _)| of_all || meant.contains(number))
            .map(|(_, group)| group.name.clone())
            .collect();
        let cost = match estimated {
            Some(users) => Price::of_groups(names.len(), users, self.rate).words_of_groups(names.len()),
            None => format!("{} groups, one call for each 60 members", grouped(names.len() as u64)),
        };
        voice
            .say(&format!("who is in which group is read first: {cost}; your sign-in traffic shares the quota").into());
        let members = Members {
            groups: names,
            rate: self.rate,
        };
        let mut membership = Membership::default();
        let mut progress = Progress::before_output(voice, None);
        let ticket = self.talk.ask(Job::ReadMembers {
            place: self.place.clone(),
            members,
        });
        let end = loop {
            match self.heard(ticket)? {
                Reply::Members(news) => {
                    membership.add(&news.group, &news.users);
                    progress.tell(Counts {
                        read: membership.users() as u64,
                        printed: None,
                        calls: news.progress.calls,
                    });
                }
                Reply::MembersEnded(end) => break end,
                other => return Err(out_of_place(&other).into()),
            }
        };
        progress.end();
        self.calls += end.progress.calls;
        voice.say_all(&end.notices);
        match end.fault {
            Some(fault) => Err(fault.into()),
            None => {
                self.membership = Some(membership);
                Ok(())
            }
        }
    }

    fn ask(&mut self) -> Ticket {
        self.begun = true;
        self.calls += 1;
        self.talk.ask(Job::Page {
            place: self.place.clone(),
            filter: self.filter.clone(),
            token: self.token.clone(),
        })
    }

    fn next(&mut self) -> Result<Option<Users>, Fault> {
        let mut attempts = 1;
        loop {
            let ticket = match self.asked.take() {
                Some(ticket) => ticket,
                // Only the first page is asked for here: whoever read the last one has none to come.
                None if !self.begun || attempts > 1 => self.ask(),
                None => return Ok(None),
            };
            match self.heard(ticket)? {
                Reply::Users(Ok(answered)) => {
                    let page = answered.value;
                    self.users += page.items.len() as u64;
                    if page.next.is_some() {
                        self.token = page.next;
                        let next = self.ask();
                        self.asked = Some(next);
                    }
                    let membership = self.membership.as_ref();
                    let with_groups = |user: Arc<domain::User>| {
                        let groups = membership.map(|membership| membership.of(user.username.as_str()));
                        (user, groups)
                    };
                    return Ok(Some(page.items.into_iter().map(with_groups).collect()));
                }
                Reply::Users(Err(fault)) if attempts < ATTEMPTS && is_passing(&fault) => attempts += 1,
                Reply::Users(Err(fault)) => return Err(fault),
                other => return Err(out_of_place(&other)),
            }
        }
    }
}

impl FromFile {
    fn next(&mut self) -> Result<Option<Users>, Fault> {
        if self.at_end {
            return Ok(None);
        }
        let mut reading = self.archive.go_on(std::mem::take(&mut self.walk));
        let users = reading.next_users(FROM_FILE);
        self.walk = reading.leave();
        let users = users.map_err(unreadable)?;
        self.at_end = users.is_empty();
        Ok((!self.at_end).then(|| {
            let shared = |(user, groups)| (Arc::new(user), groups);
            users.into_iter().map(shared).collect()
        }))
    }
}

/// What may be over by the next attempt.
fn is_passing(fault: &Fault) -> bool {
    matches!(
        fault.kind,
        FaultKind::Throttled | FaultKind::Server | FaultKind::Timeout | FaultKind::Broken | FaultKind::NoConnection
    )
}

fn unreadable(error: io::Error) -> Fault {
    let why = format!("the file could not be read further: {error}");
    Fault::local("reading the export", "FileUnreadable", why)
}

fn out_of_place(_: &Reply) -> Fault {
    Fault::local("this operation", "OutOfOrder", "another answer came than was asked for")
}
