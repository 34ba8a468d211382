//! What the chains of one scan share.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

use super::super::desk::{Shared, lock};
use super::gate::Gate;
use crate::domain::{Place, Sentence, User};
use crate::job::scan::Progress;

/// How long an answer that is under way is waited for once it was asked to stop.
const LAST_ANSWER: Duration = Duration::from_secs(1);

pub struct Run {
    pub tally: Arc<Tally>,
    pub place: Place,
    /// Where the users of a page go.
    pub pages: mpsc::Sender<Vec<User>>,
    pub notices: Mutex<Vec<Sentence>>,
}

/// The pace of a scan and what is counted of it.
pub struct Tally {
    pub shared: Arc<Shared>,
    pub gate: Gate,
    pub began: Timestamp,
    pub calls: AtomicU64,
    pub throttled: AtomicU64,
    pub chains: AtomicUsize,
}

impl Tally {
    pub fn new(shared: Arc<Shared>, gate: Gate) -> Self {
        Self {
            gate,
            began: shared.now(),
            calls: AtomicU64::new(0),
            throttled: AtomicU64::new(0),
            chains: AtomicUsize::new(1),
            shared,
        }
    }

    /// How it stands, with `users` told so far.
    pub fn progress(&self, users: u64) -> Progress {
        let spent = self.shared.now().duration_since(self.began);
        Progress {
            calls: self.calls.load(Ordering::Relaxed),
            throttled: self.throttled.load(Ordering::Relaxed),
            users,
            spent: Duration::try_from(spent).unwrap_or_default(),
            rate: self.gate.rate(&self.shared),
            chains: self.chains.load(Ordering::Relaxed),
        }
    }
}

impl Run {
    pub fn shared(&self) -> &Arc<Shared> {
        &self.tally.shared
    }

    pub fn notice(&self, notice: Sentence) {
        let mut notices = lock(&self.notices);
        if !notices.contains(&notice) {
            notices.push(notice);
        }
    }

    /// Does `work` unless it is to stop meanwhile. `None`: it is.
    pub async fn unless<T>(&self, halt: &Halt, work: impl Future<Output = T>) -> Option<T> {
        let mut halt = halt.clone();
        tokio::select! {
            biased;
            () = halt.said() => None,
            done = work => Some(done),
        }
    }

    /// Waits for an answer; once it is to stop, only a moment longer.
    pub async fn answer<T>(&self, halt: &Halt, answer: impl Future<Output = T>) -> Option<T> {
        let mut halt = halt.clone();
        tokio::select! {
            biased;
            answer = answer => Some(answer),
            () = async {
                halt.said().await;
                self.tally.shared.sleep(LAST_ANSWER).await;
            } => None,
        }
    }
}

/// Whether to stop before the next call: the operator said so, or another chain met what ends them all.
#[derive(Clone)]
pub struct Halt {
    pub stopped: watch::Receiver<bool>,
    pub ended: watch::Receiver<bool>,
}

impl Halt {
    async fn said(&mut self) {
        // Where nobody is left who could say it, nobody listens any more either: the program is ending.
        tokio::select! {
            _ = self.stopped.wait_for(|stopped| *stopped) => {}
            _ = self.ended.wait_for(|ended| *ended) => {}
        }
    }
}
