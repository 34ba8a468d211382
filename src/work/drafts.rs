//! Keeping drafts: an ordered writer of its own, so that nobody waits for the disk while typing, and what is taken over
//! from consoles that have ended.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::desk::{Shared, Surroundings, lock};
use crate::domain::draft::saved::{DraftId, Found};
use crate::domain::place::Written;
use crate::domain::{Fault, Place, Raw};
use crate::drafts::{self, DraftsError, Owner, Store, Version, system_dice};
use crate::job::{DiskFault, DraftSave, Reply, Ticket, Untaken};

/// The drafts of a console, with nothing on disk yet.
pub(super) fn store(surroundings: &Surroundings) -> Store {
    Store::new(surroundings.state.clone(), system_dice())
}

/// The way to the writer. Dropping it lets the writer finish what it was given, and end.
pub(super) struct Writer {
    queue: Option<Sender<(Ticket, DraftSave)>>,
}

impl Writer {
    /// The thread starts with the first draft.
    pub(super) fn new() -> Self {
        Self { queue: None }
    }

    /// Hands a draft to the writer, behind every one before it.
    pub(super) fn save(&mut self, shared: &Arc<Shared>, ticket: Ticket, save: DraftSave) {
        if !shared.surroundings().drafts {
            return shared.answer(ticket, Reply::DraftSaved(Err(switched_off())));
        }
        let order = match &self.queue {
            Some(queue) => queue.send((ticket, save)).map_err(|refused| refused.0).err(),
            None => Some((ticket, save)),
        };
        let Some(order) = order else {
            return;
        };
        let (queue, orders) = channel();
        let theirs = Arc::clone(shared);
        let started = std::thread::Builder::new()
            .name("drafts".to_owned())
            .spawn(move || write_all(&theirs, &orders));
        match started {
            Ok(_) => {
                // The other end is in the thread that has just begun.
                let _ = queue.send(order);
                self.queue = Some(queue);
            }
            Err(error) => {
                let fault = DiskFault {
                    what: Raw::from(format!("no thread could be started for it: {error}")),
                    next: Raw::from("Quit what else runs on this machine, then go on typing."),
                };
                shared.answer(ticket, Reply::DraftSaved(Err(fault)));
            }
        }
    }
}

/// Writes drafts in the order of asking for as long as somebody may ask. Where several wait for one user, the newest
/// counts, and answers for all.
fn write_all(shared: &Arc<Shared>, orders: &Receiver<(Ticket, DraftSave)>) {
    while let Ok(first) = orders.recv() {
        let mut waiting: Vec<(Vec<Ticket>, DraftSave)> = Vec::new();
        for (ticket, save) in std::iter::once(first).chain(orders.try_iter()) {
            match waiting.iter_mut().find(|(_, other)| owner(other) == owner(&save)) {
                Some((tickets, newest)) => {
                    tickets.push(ticket);
                    *newest = save;
                }
                None => waiting.push((vec![ticket], save)),
            }
        }
        for (tickets, save) in waiting {
            let written = catch_unwind(AssertUnwindSafe(|| write(shared, save)));
            let reply = match written {
                Ok(result) => Reply::DraftSaved(result),
                Err(_) => Reply::Broken(Fault::local(
                    "keeping a draft",
                    "WorkerPanicked",
                    "the writer broke; the edits are in memory only until the next key",
                )),
            };
            for ticket in tickets {
                shared.answer(ticket, reply.clone());
            }
        }
    }
}

fn write(shared: &Shared, save: DraftSave) -> Result<(), DiskFault> {
    let owner = owner(&save);
    let mut store = lock(shared.drafts());
    let done = match save.draft {
        Some(draft) => {
            let connection = shared.connected(&save.place.target);
            let place = match &connection {
                Some(connection) => connection.written(&save.place.pool),
                None => as_asked(&save.place),
            };
            let caller = match (&save.caller.arn, &connection) {
                (None, Some(connection)) => connection.known_caller(),
                _ => save.caller,
            };
            store.save(Version {
                owner,
                draft,
                continues: save.continues,
                caller,
                place,
                at: save.at,
            })
        }
        None => store.forget(&owner),
    };
    done.map_err(|error| fault(&error))
}

fn owner(save: &DraftSave) -> Owner {
    (save.place.clone(), save.username.clone(), save.route)
}

/// A place as far as it is known without a connection.
fn as_asked(place: &Place) -> Written {
    let region = place.target.region.as_deref().or_else(|| place.pool.region());
    Written {
        account: None,
        region: region.map(Raw::from),
        endpoint: place.target.endpoint.as_deref().map(Raw::from),
        pool: place.pool.clone(),
    }
}

/// The drafts that earlier consoles left.
pub(super) async fn find(shared: &Arc<Shared>) -> Reply {
    if !shared.surroundings().drafts {
        return Reply::Drafts(Ok(Found::default()));
    }
    let theirs = Arc::clone(shared);
    on_disk(move || {
        let found = lock(theirs.drafts()).find();
        Reply::Drafts(found.map_err(|error| fault(&error)))
    })
    .await
}

/// Takes a draft over, for the place where it was made and no other.
pub(super) async fn take(shared: &Arc<Shared>, place: Place, id: DraftId) -> Reply {
    // Without a connection nothing can be read either, and the reading will say why.
    let connection = shared.connection(&place.target, Some(&place.pool)).await.ok();
    let here = connection.map(|connection| connection.written(&place.pool));
    let theirs = Arc::clone(shared);
    on_disk(move || {
        let mut store = lock(theirs.drafts());
        let taken = store.take(&id, |written| {
            here.as_ref().is_none_or(|here| here.endpoint == written.endpoint)
        });
        Reply::DraftTaken(taken.map(Box::new).map_err(untaken))
    })
    .await
}

pub(super) async fn discard(shared: &Arc<Shared>, id: DraftId) -> Reply {
    let theirs = Arc::clone(shared);
    on_disk(move || Reply::DraftDiscarded(lock(theirs.drafts()).discard(&id).map_err(untaken))).await
}

/// Disks can be slow: not on a thread that others wait on.
async fn on_disk(work: impl FnOnce() -> Reply + Send + 'static) -> Reply {
    match tokio::task::spawn_blocking(work).await {
        Ok(reply) => reply,
        Err(_) => Reply::Broken(Fault::local("the drafts", "WorkerPanicked", "a worker broke")),
    }
}

fn fault(error: &DraftsError) -> DiskFault {
    DiskFault {
        what: Raw::from(error.to_string()),
        next: Raw::from(error.next()),
    }
}

fn switched_off() -> DiskFault {
    DiskFault {
        what: Raw::from("drafts are switched off"),
        next: Raw::from("drafts = \"on\" in the configuration keeps them."),
    }
}

fn untaken(why: drafts::Untaken) -> Untaken {
    match why {
        drafts::Untaken::Elsewhere { since } => Untaken::Elsewhere { since },
        drafts::Untaken::Gone => Untaken::Gone,
        drafts::Untaken::OtherPlace { endpoint } => Untaken::OtherEndpoint(endpoint),
        drafts::Untaken::Unreadable(unreadable) => Untaken::Disk(DiskFault {
            what: Raw::from(format!("{} {}", unreadable.path.as_str(), unreadable.why.as_str())),
            next: unreadable.next,
        }),
        drafts::Untaken::Disk(error) => Untaken::Disk(fault(&error)),
    }
}
