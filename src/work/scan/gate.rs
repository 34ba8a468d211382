//! Where the requests of a scan wait for their turn: one after the other, at the pace the operator chose, below the pace
//! of everything, and behind whatever the person at the keyboard asks meanwhile.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::super::desk::{Shared, lock};
use super::super::pace::{Bucket, Category};

/// How close to the chosen rate it goes: what is sent evenly does not arrive evenly, and a quota has a sharp edge.
const CLOSE: f64 = 0.99;

/// How long anybody waits at most before a page is asked for again.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

pub struct Gate {
    category: Category,
    /// Requests a second, as chosen last.
    chosen: Arc<AtomicU32>,
    /// First come, first served.
    turn: tokio::sync::Mutex<Turn>,
    /// Nobody goes before. The service refused for rate.
    closed_until: Mutex<Timestamp>,
}

/// What the one whose turn it is looks at.
struct Turn {
    rate: u32,
    bucket: Bucket,
}

impl Gate {
    pub fn new(category: Category, chosen: Arc<AtomicU32>, now: Timestamp) -> Self {
        let rate = chosen.load(Ordering::Relaxed).max(1);
        Self {
            category,
            chosen,
            turn: tokio::sync::Mutex::new(Turn {
                rate,
                bucket: Bucket::new(f64::from(rate) * CLOSE, now),
            }),
            closed_until: Mutex::new(now),
        }
    }

    /// Requests a second that are let through now.
    pub fn rate(&self, shared: &Shared) -> f64 {
        let chosen = f64::from(self.chosen.load(Ordering::Relaxed).max(1));
        shared.pace().rate(self.category).min(chosen)
    }

    /// Waits for leave to send one request.
    pub async fn pass(&self, shared: &Shared) {
        let mut turn = self.turn.lock().await;
        loop {
            let now = shared.now();
            let rate = self.chosen.load(Ordering::Relaxed).max(1);
            if rate != turn.rate {
                turn.rate = rate;
                turn.bucket.set(f64::from(rate) * CLOSE, now);
            }
            let wait = self.closed_for(now).max(turn.bucket.until_spare(0.0, now));
            let wait = match wait {
                Duration::ZERO => shared.pace().spare(self.category, now),
                wait => Err(wait),
            };
            match wait {
                Ok(()) => {
                    // It was there a moment ago, and nobody else takes from this one.
                    let _ = turn.bucket.spare(0.0, now);
                    return;
                }
                // A timer that is a little early must not make a busy loop.
                Err(wait) => shared.sleep(wait.max(Duration::from_millis(1))).await,
            }
        }
    }

    /// Lets nobody through for a while: the quota belongs to the whole account.
    pub fn close(&self, wait: Duration, now: Timestamp) {
        let until = now.checked_add(wait).unwrap_or(now);
        let mut closed = lock(&self.closed_until);
        *closed = until.max(*closed);
    }

    fn closed_for(&self, now: Timestamp) -> Duration {
        let mut closed = lock(&self.closed_until);
        let wait = Duration::try_from(closed.duration_since(now)).unwrap_or_default();
        if wait > LONGEST_WAIT {
            // It was never closed for so long: the clock was set back.
            *closed = now;
            return Duration::ZERO;
        }
        wait
    }
}
