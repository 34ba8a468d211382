//! Takes jobs, does them on worker threads, and hands every answer back with its ticket.

mod jobs;
mod shared;
mod surroundings;
mod writers;

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use tokio::runtime::Runtime;
use tokio::sync::watch;

use self::jobs::do_job;
pub(super) use self::shared::{Shared, lock};
pub use self::surroundings::{JournalSettings, Outbox, Surroundings, Tell};
pub(super) use self::writers::OpenWriter;
use super::archive::Archive;
use super::drafts;
use super::looker::Looker;
use super::pace::Pace;
use crate::domain::Fault;
use crate::job::{Job, Reply, Ticket};

/// The desk. Dropping it lets go of everything that waits; what was sent stays sent.
pub struct Desk {
    runtime: Option<Runtime>,
    shared: Arc<Shared>,
    drafts: Mutex<drafts::Writer>,
}

impl Desk {
    /// Starts the worker threads. Nothing of AWS happens before the first job.
    pub fn new(surroundings: Surroundings, tell: Tell) -> std::io::Result<Self> {
        Self::start(surroundings, None, tell)
    }

    /// A desk that answers from an export and asks no service, whatever it is asked.
    pub fn of_archive(archive: Arc<Archive>, surroundings: Surroundings, tell: Tell) -> std::io::Result<Self> {
        Self::start(surroundings, Some(archive), tell)
    }

    fn start(surroundings: Surroundings, archive: Option<Arc<Archive>>, tell: Tell) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("desk")
            .enable_all()
            .build()?;
        let drafts = drafts::store(&surroundings);
        let pace = Pace::new(surroundings.rates, (surroundings.outside.clock)());
        let shared = Arc::new(Shared {
            surroundings,
            tell,
            in_flight: AtomicUsize::new(0),
            pace,
            connections: Mutex::default(),
            writers: Mutex::default(),
            pools: Mutex::default(),
            tokens: Mutex::default(),
            clients: Mutex::default(),
            journal: OnceLock::new(),
            journal_read: Mutex::default(),
            opening: Mutex::default(),
            unknown: Mutex::default(),
            stops: Mutex::default(),
            chosen_rates: Mutex::default(),
            drafts: Mutex::new(drafts),
            archive,
            looker: Looker::default(),
        });
        Ok(Self {
            runtime: Some(runtime),
            shared,
            drafts: Mutex::new(drafts::Writer::new()),
        })
    }

    /// Takes a job. Its answer comes through `tell`.
    pub fn ask(&self, ticket: Ticket, job: Job) {
        let shared = Arc::clone(&self.shared);
        // What only changes what the desk may do next happens at once, so that the order of asking is kept.
        if let Some(reply) = shared.at_once(&job) {
            shared.in_flight.fetch_add(1, Ordering::SeqCst);
            return shared.answer(ticket, reply);
        }
        if let Job::SaveDraft(save) = job {
            shared.in_flight.fetch_add(1, Ordering::SeqCst);
            return lock(&self.drafts).save(&shared, ticket, *save);
        }
        let Some(runtime) = &self.runtime else {
            return;
        };
        shared.in_flight.fetch_add(1, Ordering::SeqCst);
        if let Job::OpenWriter { place, route, .. } = &job {
            lock(&shared.writers).asked.insert((place.clone(), *route), ticket);
        }
        let target = job.target().cloned();
        let (stop, stopped) = watch::channel(false);
        lock(&shared.stops).insert(ticket, stop);
        if let Some(rate) = job.rate() {
            lock(&shared.chosen_rates).insert(ticket, Arc::new(AtomicU32::new(rate)));
        }
        runtime.spawn(async move {
            let work = tokio::spawn(do_job(Arc::clone(&shared), ticket, job, stopped));
            let reply = match work.await {
                Ok(reply) => reply,
                Err(error) => Reply::Broken(Fault::local(
                    "this operation",
                    "WorkerPanicked",
                    if error.is_panic() {
                        "a worker broke; its work may be half done"
                    } else {
                        "a worker was ended"
                    },
                )),
            };
            lock(&shared.stops).remove(&ticket);
            lock(&shared.chosen_rates).remove(&ticket);
            if let Some(off) = target.and_then(|target| shared.clock_news(&target)) {
                shared.news(ticket, Reply::Clock(off));
            }
            shared.answer(ticket, reply);
        });
    }

    /// Asks a job to stop before its next step. What was sent stays sent.
    pub fn stop(&self, ticket: Ticket) {
        if let Some(stop) = lock(&self.shared.stops).get(&ticket) {
            // Nobody listens once the job is past its last stop; then there is nothing to stop.
            let _ = stop.send(true);
        }
    }

    /// How many jobs have not answered yet. An answer counts as given once it was told.
    pub fn in_flight(&self) -> usize {
        self.shared.in_flight.load(Ordering::SeqCst)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
