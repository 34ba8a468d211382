//! Tells what arrives: rows at once while they are few, and in handfuls while they are many.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::run::Tally;
use crate::domain::roster::FULL;
use crate::domain::{Segment, User};
use crate::job::scan::Progress;
use crate::job::{Reply, Ticket};

/// How often there is news at most: what comes more often than it can be drawn is only work. This is the real time
/// whatever the clock says, because it is about the one who looks on.
const BETWEEN: Duration = Duration::from_millis(75);

/// Tells until the last chain has ended, in the words of `news`. `told` users were told before; returns how many are then.
pub async fn tell(
    tally: Arc<Tally>,
    ticket: Ticket,
    mut told: u64,
    mut pages: mpsc::Receiver<Vec<User>>,
    news: impl Fn(Arc<Segment>, Progress) -> Reply,
) -> u64 {
    let mut waiting: Vec<User> = Vec::new();
    // Whether the last news is long enough ago.
    let mut quiet = true;
    let pause = tokio::time::sleep(BETWEEN);
    tokio::pin!(pause);
    loop {
        let open = tokio::select! {
            page = pages.recv() => match page {
                Some(page) => {
                    waiting.extend(page);
                    true
                }
                None => false,
            },
            () = &mut pause, if !quiet => {
                quiet = true;
                true
            }
        };
        if !waiting.is_empty() && (quiet || !open || waiting.len() >= FULL) {
            told += waiting.len() as u64;
            let users = Arc::new(Segment::pack(&waiting));
            waiting.clear();
            let progress = tally.progress(told);
            tally.shared.news(ticket, news(users, progress));
            quiet = false;
            pause.set(tokio::time::sleep(BETWEEN));
        }
        if !open {
            return told;
        }
    }
}
