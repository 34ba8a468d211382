//! An Amazon Cognito user-pool service inside this process, so that the demo, the tests and the pictures run
//! against the rules of the service without an account, a credential or a network.
//!
//! It is the *other* reading of the service's documents: it imports nothing of the program, so that a rule the
//! program got wrong is not wrong here in the same way. [`Emulator::answer`] takes one HTTP request and gives one
//! HTTP response; [`listen`] puts the same function behind a socket. It never reads a clock of its own, never
//! waits and never panics: latency is a [`Delay`] the caller waits for, a lost connection is a [`Cut`].
//!
//! Every rule names its public source. Where the service is not documented the comment says "undocumented" and
//! which choice was made.

mod access;
mod account;
mod client;
mod codes;
mod constraint;
mod contact;
mod crowd;
mod demo;
mod directory;
mod faults;
mod filter;
mod format;
mod groups;
mod hourly;
mod invitation;
mod jwt;
pub mod listen;
mod listing;
mod operations;
mod outbox;
mod own_attributes;
mod password;
mod pool;
mod pool_admin;
mod providers;
mod quota;
mod rules;
mod schema;
mod seed;
mod sign_in;
mod sign_up;
mod signature;
mod state;
mod token;
mod user;
mod user_admin;
mod wire;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

pub use client::{Client, Validity};
pub use codes::Code;
pub use crowd::SubPattern;
pub use demo::DEMO_PASSWORD;
pub use faults::{Fault, Moment};
pub use outbox::{Invitation, Medium, Message, Occasion};
pub use pool::{PoolSettings, Provider};
pub use schema::{Attribute, Kind};
pub use seed::{PoolSeed, Seed};
pub use state::{Call, ListLag};
pub use user::{Pending, User};

use state::State;

/// Where the emulator learns the time: the program's clock in the demo, a scripted one in tests.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long the caller is to wait before it hands the response on; found in the response's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay(pub Duration);

/// An answer that never arrives whole; what a transport has to act out.
pub enum Cut {
    /// The connection is closed before a byte of the answer.
    Reset,
    /// Nothing comes and the connection stays open: the caller's timeout ends it.
    Hang,
    /// The headers promise the whole body (`content-length`) and half of it comes, then the connection closes.
    Truncated(http::Response<Bytes>),
    /// The body comes again and again and never ends.
    Endless(http::Response<Bytes>),
    /// The body comes a byte a second and never ends.
    Drip(http::Response<Bytes>),
}

impl Cut {
    /// The same cut of a changed response.
    fn map(self, change: impl FnOnce(http::Response<Bytes>) -> http::Response<Bytes>) -> Self {
        match self {
            Cut::Reset => Cut::Reset,
            Cut::Hang => Cut::Hang,
            Cut::Truncated(response) => Cut::Truncated(change(response)),
            Cut::Endless(response) => Cut::Endless(change(response)),
            Cut::Drip(response) => Cut::Drip(change(response)),
        }
    }
}

impl fmt::Debug for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cut::Reset => "Reset",
            Cut::Hang => "Hang",
            Cut::Truncated(_) => "Truncated",
            Cut::Endless(_) => "Endless",
            Cut::Drip(_) => "Drip",
        })
    }
}

/// The service. Clones share one state.
#[derive(Clone)]
pub struct Emulator(Arc<Inner>);

struct Inner {
    clock: Clock,
    state: Mutex<State>,
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Emulator")
    }
}

impl Emulator {
    /// A service that holds the seed's pools and asks `clock` for the time.
    pub fn new(seed: Seed, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            clock,
            state: Mutex::new(seed.plant()),
        }))
    }

    /// Answers one request of the AWS JSON 1.1 protocol. Refusals are ordinary responses; only a broken
    /// connection is an `Err`.
    #[expect(
        clippy::result_large_err,
        reason = "the cut carries a whole response, once per broken call"
    )]
    pub fn answer(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, Cut> {
        let now = (self.0.clock)();
        let mut state = self.state();
        let now = now.checked_add(state.ahead).unwrap_or(now);
        state.answer(&request, now)
    }

    /// Sets the clock that answers and signatures go by ahead of the one that was handed in, or behind it.
    pub fn set_ahead(&self, ahead: SignedDuration) {
        self.state().ahead = ahead;
    }

    /// Refuses whatever is signed with this access key from now on, as when a session is over.
    pub fn expire_key(&self, key: &str) {
        self.state().expired_keys.insert(key.to_owned());
    }

    /// What arrived, oldest first; the last 4,096 calls are kept.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.iter().cloned().collect()
    }

    /// The messages that people would have got, oldest first; the last 4,096 are kept.
    pub fn outbox(&self) -> Vec<Message> {
        self.state().outbox.messages()
    }

    /// Makes the next sign-in that gets past its password answer with this challenge (`CUSTOM_CHALLENGE`,
    /// `DEVICE_SRP_AUTH`, ...) instead of what it would have. The emulator takes no answer to it.
    pub fn demand_challenge(&self, name: &str) {
        self.state().sign_ins.demanded.push_back(name.to_owned());
    }

    /// The app client of this name in a pool, with its id and its secret.
    pub fn client(&self, pool: &str, name: &str) -> Option<Client> {
        let state = self.state();
        let pool = state.pools.iter().find(|known| known.id == pool)?;
        pool.clients.iter().find(|client| client.name == name).cloned()
    }

    /// An access token as a sign-in of this user through the app client of this name gives it now, whatever the
    /// password is and without a challenge. None when there is no such pool, client or user.
    pub fn access_token(&self, pool: &str, client: &str, user: &str) -> Option<String> {
        let now = (self.0.clock)();
        let mut state = self.state();
        let State {
            pools, grants, region, ..
        } = &mut *state;
        let pool = pools.iter().find(|known| known.id == pool)?;
        let client = pool.clients.iter().find(|known| known.name == client)?;
        let at = pool.find(user)?;
        let user = pool.users.get(at)?;
        let result = access::tokens(grants, region, pool, (at, &user), client, now);
        result.get("AccessToken")?.as_str().map(str::to_owned)
    }

    /// Puts a fault in the way of coming calls. Faults are tried in the order they were injected.
    pub fn inject(&self, fault: Fault) {
        self.state().faults.add(fault);
    }

    /// Takes back every fault that was injected.
    pub fn heal(&self) {
        self.state().faults.clear();
    }

    /// Enforces the request-rate quotas (TooManyRequestsException) or stops doing so. Off at the start.
    pub fn enforce_quotas(&self, enforced: Enforced) {
        self.state().quotas.enforce(enforced);
    }

    /// Replaces the quota of one category, in requests a second.
    pub fn set_quota(&self, category: &str, per_second: u32) {
        self.state().quotas.set(category, per_second);
    }

    /// Sizes of the coming ListUsers pages: each page holds at most that many rows (0: an empty page with a
    /// token), whatever its Limit. When the list is used up pages are full again.
    pub fn shape_pages(&self, sizes: &[usize]) {
        self.state().page_shapes = sizes.iter().copied().collect();
    }

    /// Makes ListUsers of a pool answer from the state of this moment, as an eventually consistent index does.
    /// False when there is no such pool.
    pub fn lag_list(&self, pool: &str, lag: ListLag) -> bool {
        let now = (self.0.clock)();
        self.state().lag_list(pool, lag, now)
    }

    /// The id of the pool with this name.
    pub fn pool_id(&self, name: &str) -> Option<String> {
        self.state()
            .pools
            .iter()
            .find(|p| p.settings.name == name)
            .map(|p| p.id.clone())
    }

    /// The stored truth about a user (waiting values included), by username, sub or alias.
    pub fn user(&self, pool: &str, name: &str) -> Option<User> {
        let state = self.state();
        let pool = state.pools.iter().find(|p| p.id == pool)?;
        let at = pool.find(name)?;
        pool.users.get(at).map(|user| user.as_ref().clone())
    }

    /// Changes a user behind the service's back, without rules, messages or a new modification date: what another
    /// program or a sign-in did meanwhile. False when there is no such user.
    pub fn change_user(&self, pool: &str, name: &str, change: impl FnOnce(&mut User)) -> bool {
        let mut state = self.state();
        let Some(pool) = state.pools.iter_mut().find(|p| p.id == pool) else {
            return false;
        };
        let Some(at) = pool.find(name) else {
            return false;
        };
        let Some(mut user) = pool.users.get(at).map(|user| user.as_ref().clone()) else {
            return false;
        };
        change(&mut user);
        pool.users.put(at, user);
        true
    }

    /// Puts a user into a pool without any rule. False when there is no such pool.
    pub fn add_user(&self, pool: &str, user: User) -> bool {
        let mut state = self.state();
        let Some(pool) = state.pools.iter_mut().find(|p| p.id == pool) else {
            return false;
        };
        pool.users.add(user);
        true
    }

    /// Removes a user behind the service's back. False when there is no such user.
    pub fn remove_user(&self, pool: &str, name: &str) -> bool {
        let mut state = self.state();
        let Some(pool) = state.pools.iter_mut().find(|p| p.id == pool) else {
            return false;
        };
        let Some(at) = pool.find(name) else {
            return false;
        };
        pool.users.remove(at);
        true
    }

    /// Changes a pool's settings behind the service's back. False when there is no such pool.
    pub fn change_pool(&self, pool: &str, change: impl FnOnce(&mut PoolSettings)) -> bool {
        let mut state = self.state();
        let Some(pool) = state.pools.iter_mut().find(|p| p.id == pool) else {
            return false;
        };
        change(&mut pool.settings);
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere while the lock was held leaves at worst one half-finished call; the next may go on.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the request-rate quotas are enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enforced {
    /// Requests above the quota are refused with TooManyRequestsException.
    Yes,
    /// Every request passes.
    No,
}

#[cfg(test)]
mod testing;
