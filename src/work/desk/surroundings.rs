//! What the desk works with, as the program is put together.

use std::path::PathBuf;
use std::sync::Arc;

use crate::cognito::{Limits, Outside};
use crate::domain::entry::Keeping;
use crate::domain::guard::Guards;
use crate::job::{Delivered, Reply, Ticket};
use crate::journal::{Places, Rules};
use crate::work::pace::Rates;

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
