//! Takes jobs, does them on worker threads, and hands every answer back with its ticket.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::cognito::{Connection, Limits, Outside, Reader, Writer};
use crate::domain::Answered;
use crate::domain::consequence::{Holder, Owner};
use crate::domain::entry::Keeping;
use crate::domain::fault::ClockOff;
use crate::domain::guard::Guards;
use crate::domain::sign_in::ChallengeKind;
use crate::domain::{
    AppClient, AttributeValue, ClientId, Contact, Fault, FaultKind, Page, PageToken, Place, Pool, PoolId, Raw, Route,
    Secret, Target, User, Username,
};
use crate::drafts::Store;
use crate::job::{Delivered, Job, Reply, Stamp, Ticket};
use crate::journal::{Journal, JournalError, Places, Rules, Settled, Stamp as JournalStamp};

use super::archive::{self, Archive};
use super::pace::{Category, Pace, Rates};
use super::{acting, audit, drafts, export, find, journal, leave, submit};

/// Where answers go. Called from worker threads; must not block.
pub type Tell = Arc<dyn Fn(Ticket, Reply) + Send + Sync>;

/// Where `:outbox` looks.
pub type Outbox = Arc<dyn Fn() -> Vec<Delivered> + Send + Sync>;

/// What the desk works with.
pub struct Surroundings {
    pub limits: Limits,
    pub outside: Outside,
    pub rates: Rates,
    /// The operator's own folder, for what is not shared.
    pub state: PathBuf,
    pub journal: JournalSettings,
    pub program: &'static str,
    /// Whether pending edits are kept on disk.
    pub drafts: bool,
    /// Whether the access token of a user may be used. IAM cannot forbid the calls that carry one.
    pub act_as_user: bool,
    /// What protects pools and users. Asked here whatever a screen says.
    pub guards: Guards,
    /// What the demo's emulator keeps in place of sending it; nothing elsewhere.
    pub outbox: Outbox,
}

/// Where the journal lies, and what it keeps of each pool.
#[derive(Clone)]
pub struct JournalSettings {
    pub places: Places,
    pub rules: Rules,
}

impl From<PathBuf> for JournalSettings {
    /// In the state folder, for its owner alone, with every value and for ever.
    fn from(state: PathBuf) -> Self {
        Self {
            places: Places::private(state),
            rules: Arc::new(|_| Keeping::default()),
        }
    }
}

/// The desk. Dropping it lets go of everything that waits; what was sent stays sent.
pub struct Desk {
    runtime: Option<Runtime>,
    shared: Arc<Shared>,
    drafts: Mutex<drafts::Writer>,
}

/// What the jobs share.
pub(super) struct Shared {
    surroundings: Surroundings,
    tell: Tell,
    in_flight: AtomicUsize,
    pace: Pace,
    connections: Mutex<HashMap<Target, Arc<tokio::sync::OnceCell<Arc<Connection>>>>>,
    /// The pools that may be written to. What is not in here cannot be written.
    writers: Mutex<Writers>,
    /// The settings of pools that were described, for judging what a read-back means.
    pools: Mutex<HashMap<Place, Arc<Pool>>>,
    /// Access tokens of users that are acted as, one for each pool, and the app client each was given to.
    tokens: Mutex<HashMap<Place, (Secret, Option<ClientId>)>>,
    /// App clients that were described: what a reading with a token can show depends on its own.
    clients: Mutex<HashMap<(Place, ClientId), Arc<AppClient>>>,
    journal: OnceLock<Journal>,
    /// How the journal stood when it was read last, and the number of that reading.
    pub(super) journal_read: Mutex<Option<(Stamp, JournalStamp)>>,
    /// Held while the journal is opened, so that one session opens it once.
    opening: Mutex<()>,
    /// Journal entries whose write ended unknown: a later reading is added to them.
    unknown: Mutex<BTreeMap<Raw, Settled>>,
    stops: Mutex<HashMap<Ticket, watch::Sender<bool>>>,
    /// Requests a second of each job that reads many pages, as chosen last.
    chosen_rates: Mutex<HashMap<Ticket, Arc<AtomicU32>>>,
    /// The drafts of this console on disk.
    drafts: Mutex<Store>,
    /// The export that is open in the place of every pool.
    archive: Option<Arc<Archive>>,
}

/// Who may write where. Building a Writer waits for a connection, so leave that was taken back meanwhile must not
/// come into force when the connection is there.
#[derive(Default)]
struct Writers {
    open: HashMap<(Place, Route), OpenWriter>,
    /// The question that asked for a Writer last and still stands.
    asked: HashMap<(Place, Route), Ticket>,
}

impl Writers {
    fn close(&mut self, which: impl Fn(&Place, Route) -> bool) {
        self.open.retain(|(place, route), _| !which(place, *route));
        self.asked.retain(|(place, route), _| !which(place, *route));
    }
}

/// Leave to write to one pool.
#[derive(Clone)]
pub(super) struct OpenWriter {
    pub writer: Arc<Writer>,
    /// The same for as long as leave was never taken back, however often it was asked for.
    leave: Arc<()>,
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
    fn clock_news(&self, target: &Target) -> Option<ClockOff> {
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

    pub fn open_writer(&self, place: &Place, route: Route) -> Option<OpenWriter> {
        lock(&self.writers).open.get(&(place.clone(), route)).cloned()
    }

    /// Whether this very leave to write still stands. One that was given after it was taken back is another: it may be
    /// another user's, or rest on other credentials.
    pub fn is_open(&self, place: &Place, open: &OpenWriter) -> bool {
        self.open_writer(place, open.writer.route())
            .is_some_and(|now| Arc::ptr_eq(&now.leave, &open.leave))
    }

    /// The access token held for a pool.
    pub fn token(&self, place: &Place) -> Result<Secret, Fault> {
        let token = lock(&self.tokens).get(place).map(|(token, _)| token.clone());
        token.ok_or_else(|| {
            Fault::local(
                "GetUser",
                "NoToken",
                "no access token is held for this pool; sign in first",
            )
        })
    }

    /// Holds a token in place of the one before. What could be written with that one is over.
    pub fn hold_token(&self, place: &Place, token: Secret, client: Option<ClientId>) {
        // The token first: a Writer that is made meanwhile from the one before is closed by what follows.
        lock(&self.tokens).insert(place.clone(), (token, client));
        lock(&self.writers).close(|other, route| other == place && route == Route::Own);
    }

    pub fn note_client(&self, place: &Place, client: &Arc<AppClient>) {
        lock(&self.clients).insert((place.clone(), client.id.clone()), Arc::clone(client));
    }

    /// The app client of the token held for a pool, where it was described.
    pub fn token_client(&self, place: &Place) -> Option<Arc<AppClient>> {
        let id = lock(&self.tokens).get(place)?.1.clone()?;
        lock(&self.clients).get(&(place.clone(), id)).cloned()
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

    async fn describe(&self, place: &Place) -> Result<Answered<Arc<Pool>>, Fault> {
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

    /// Jobs that need no waiting.
    fn at_once(&self, job: &Job) -> Option<Reply> {
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

async fn do_job(shared: Arc<Shared>, ticket: Ticket, job: Job, stopped: watch::Receiver<bool>) -> Reply {
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
        Job::Scan { place, scan } => {
            Reply::ScanEnded(Box::new(super::scan::scan(shared, ticket, place, *scan, stopped).await))
        }
        Job::Export(asked) => {
            let work = Arc::clone(shared);
            let write = move || export::export(&work, ticket, &asked, &stopped);
            match tokio::task::spawn_blocking(write).await {
                Ok(exported) => Reply::Exported(exported),
                Err(_) => Reply::Broken(Fault::local("this export", "WorkerPanicked", "a worker broke")),
            }
        }
        Job::ListGroups { place } => Reply::GroupNames(super::scan::names(shared, &place).await),
        Job::ReadMembers { place, members } => Reply::MembersEnded(Box::new(
            super::scan::members(shared, ticket, place, members, stopped).await,
        )),
        Job::Search(search) => Reply::Matched(super::search::search(*search, stopped).await),
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
        Job::OpenWriter { place, route, typed } => open_writer(shared, ticket, place, route, typed).await,
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

/// Builds a Writer: from here on a submission to it passes the first check.
async fn open_writer(shared: &Shared, ticket: Ticket, place: Place, route: Route, typed: Option<Raw>) -> Reply {
    let writer = async {
        leave::to_open(shared, &place, typed.as_ref()).await?;
        let connection = shared.connection(&place.target, Some(&place.pool)).await?;
        match route {
            Route::Admin => connection.writer(&place.pool),
            Route::Own => connection.own_writer(&place.pool, shared.token(&place)?),
        }
    }
    .await;
    match writer {
        Ok(writer) => {
            let mut writers = lock(&shared.writers);
            let which = (place, route);
            if writers.asked.get(&which) != Some(&ticket) {
                return Reply::WriterClosed;
            }
            let open = OpenWriter {
                writer: Arc::new(writer),
                leave: writers
                    .open
                    .get(&which)
                    .map(|before| Arc::clone(&before.leave))
                    .unwrap_or_default(),
            };
            writers.open.insert(which, open);
            Reply::WriterOpen
        }
        Err(fault) => Reply::Broken(fault),
    }
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

/// What is behind these locks stays whole even if a thread panicked while it held one: every change is one step.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
