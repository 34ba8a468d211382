//! What the jobs share: connections, settings that were read, the journal, and the pace.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use super::surroundings::{Surroundings, Tell};
use super::writers::Writers;
use crate::cognito::{Connection, Reader};
use crate::domain::fault::ClockOff;
use crate::domain::guard::Guards;
use crate::domain::{Answered, AppClient, ClientId, Fault, FaultKind, Place, Pool, PoolId, Raw, Secret, Target};
use crate::drafts::Store;
use crate::job::{Reply, Stamp, Ticket};
use crate::journal::{Journal, JournalError, Places, Settled, Stamp as JournalStamp};
use crate::work::archive::Archive;
use crate::work::leave;
use crate::work::looker::Looker;
use crate::work::pace::{Category, Pace};

/// What the jobs share.
pub struct Shared {
    pub(super) surroundings: Surroundings,
    pub(super) tell: Tell,
    pub(super) in_flight: AtomicUsize,
    pub(super) pace: Pace,
    pub(super) connections: Mutex<HashMap<Target, Arc<tokio::sync::OnceCell<Arc<Connection>>>>>,
    /// The pools that may be written to. What is not in here cannot be written.
    pub(super) writers: Mutex<Writers>,
    /// The settings of pools that were described, for judging what a read-back means.
    pub(super) pools: Mutex<HashMap<Place, Arc<Pool>>>,
    /// Access tokens of users that are acted as, one for each pool, and the app client each was given to.
    pub(super) tokens: Mutex<HashMap<Place, (Secret, Option<ClientId>)>>,
    /// App clients that were described: what a reading with a token can show depends on its own.
    pub(super) clients: Mutex<HashMap<(Place, ClientId), Arc<AppClient>>>,
    pub(super) journal: OnceLock<Journal>,
    /// How the journal stood when it was read last, and the number of that reading.
    pub(in crate::work) journal_read: Mutex<Option<(Stamp, JournalStamp)>>,
    /// Held while the journal is opened, so that one session opens it once.
    pub(super) opening: Mutex<()>,
    /// Journal entries whose write ended unknown: a later reading is added to them.
    pub(super) unknown: Mutex<BTreeMap<Raw, Settled>>,
    pub(super) stops: Mutex<HashMap<Ticket, watch::Sender<bool>>>,
    /// Requests a second of each job that reads many pages, as chosen last.
    pub(super) chosen_rates: Mutex<HashMap<Ticket, Arc<AtomicU32>>>,
    /// The drafts of this console on disk.
    pub(super) drafts: Mutex<Store>,
    /// The export that is open in the place of every pool.
    pub(super) archive: Option<Arc<Archive>>,
    pub(super) looker: Looker,
}

impl Shared {
    pub fn answer(&self, ticket: Ticket, reply: Reply) {
        (self.tell)(ticket, reply);
        self.in_flight.fetch_sub(1, Ordering::SeqCst);
    }

    pub fn news(&self, ticket: Ticket, reply: Reply) {
        (self.tell)(ticket, reply);
    }

    pub fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    pub fn drafts(&self) -> &Mutex<Store> {
        &self.drafts
    }

    /// The connection to a target, where there is one already.
    pub fn connected(&self, target: &Target) -> Option<Arc<Connection>> {
        lock(&self.connections).get(target)?.get().cloned()
    }

    pub fn now(&self) -> Timestamp {
        (self.surroundings.outside.clock)()
    }

    pub async fn sleep(&self, wait: Duration) {
        match &self.surroundings.outside.sleep {
            Some(sleep) => sleep(wait).await,
            None => tokio::time::sleep(wait).await,
        }
    }

    /// Waits for leave to send one request of a category.
    pub async fn wait_for(&self, category: Category) {
        let wait = self.pace.permit(category, self.now());
        if !wait.is_zero() {
            self.sleep(wait).await;
        }
    }

    /// Gives way where a fault says that the quota is used up.
    pub fn note_rate(&self, category: Category, fault: &Fault) {
        let now = self.now();
        self.note_rate_of(category, fault, now);
    }

    /// The same, of a request that was sent then.
    pub fn note_rate_of(&self, category: Category, fault: &Fault, sent: Timestamp) {
        if fault.kind == FaultKind::Throttled {
            self.pace.slow_down(category, sent, self.now());
        }
    }

    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// The rate that the operator chose for a job that is read at a pace of its own.
    pub fn chosen_rate(&self, ticket: Ticket) -> Option<Arc<AtomicU32>> {
        lock(&self.chosen_rates).get(&ticket).cloned()
    }

    pub async fn connection(&self, target: &Target, pool: Option<&PoolId>) -> Result<Arc<Connection>, Fault> {
        let cell = Arc::clone(lock(&self.connections).entry(target.clone()).or_default());
        let open = || async {
            Connection::open(target, pool, &self.surroundings.limits, &self.surroundings.outside)
                .await
                .map(Arc::new)
        };
        cell.get_or_try_init(open).await.cloned()
    }

    /// What the answers of a connection told about this machine's clock, and nobody was told yet.
    pub fn clock_news(&self, target: &Target) -> Option<ClockOff> {
        let cell = lock(&self.connections).get(target).cloned()?;
        cell.get()?.clock_news()
    }

    pub async fn reader(&self, place: &Place) -> Result<Reader, Fault> {
        leave::to_read(&self.surroundings.guards, place)?;
        self.connection(&place.target, Some(&place.pool))
            .await?
            .reader(Some(&place.pool))
    }

    /// The journal, opened with the first write. One that cannot be opened is tried again with the next write: what
    /// was wrong may have been mended meanwhile.
    pub fn journal(&self) -> Result<&Journal, JournalError> {
        let _opening = lock(&self.opening);
        if let Some(journal) = self.journal.get() {
            return Ok(journal);
        }
        let clock = Arc::clone(&self.surroundings.outside.clock);
        let settings = &self.surroundings.journal;
        let journal = Journal::open(self.places(), clock, self.surroundings.program)?;
        let journal = journal.keeping(Arc::clone(&settings.rules));
        Ok(self.journal.get_or_init(|| journal))
    }

    /// Where the journal lies, opened or not: reading it makes nothing.
    pub fn places(&self) -> Places {
        self.surroundings.journal.places.clone()
    }

    pub fn guards(&self) -> &Guards {
        &self.surroundings.guards
    }

    /// The settings of a pool, read once.
    pub async fn described(&self, place: &Place) -> Result<Arc<Pool>, Fault> {
        match self.pool(place) {
            Some(pool) => Ok(pool),
            None => Ok(self.describe(place).await?.value),
        }
    }

    pub async fn describe(&self, place: &Place) -> Result<Answered<Arc<Pool>>, Fault> {
        let answered = self.reader(place).await?.describe_pool(&place.pool).await?;
        let pool = Arc::new(answered.value);
        lock(&self.pools).insert(place.clone(), Arc::clone(&pool));
        Ok(Answered {
            value: pool,
            request_id: answered.request_id,
        })
    }

    pub fn pool(&self, place: &Place) -> Option<Arc<Pool>> {
        lock(&self.pools).get(place).cloned()
    }

    pub fn keep_unknown(&self, settled: Settled) {
        lock(&self.unknown).insert(settled.id().raw().clone(), settled);
    }

    pub fn take_unknown(&self, id: &Raw) -> Option<Settled> {
        lock(&self.unknown).remove(id)
    }
}

/// What is behind these locks stays whole even if a thread panicked while it held one: every change is one step.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
