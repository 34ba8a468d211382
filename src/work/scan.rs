//! Reads a whole pool, page after page, and tells what arrives.

use std::sync::Arc;

use tokio::sync::watch;

use super::desk::Shared;
use super::pace::Category;
use crate::domain::{Place, Segment};
use crate::job::scan::{Chain, Checkpoint, Next, Progress, Scan, ScanEnd, Scanned};
use crate::job::{Reply, Ticket};

/// Reads until the pool's end, a fault, or until it is stopped.
pub async fn scan(
    shared: &Shared,
    ticket: Ticket,
    place: &Place,
    scan: Scan,
    stopped: watch::Receiver<bool>,
) -> ScanEnd {
    let mut progress = Progress {
        chains: 1,
        rate: f64::from(scan.rate),
        ..Progress::default()
    };
    let began = shared.now();
    let mut chain = scan
        .from
        .and_then(|from| from.chains.into_iter().next())
        .unwrap_or(Chain {
            digit: None,
            next: Next::First,
        });
    let fault = loop {
        let token = match &chain.next {
            Next::First => None,
            Next::Token { token, .. } => Some(token.clone()),
            Next::Nothing => break None,
        };
        if *stopped.borrow() {
            break None;
        }
        let page = async {
            let reader = shared.reader(place).await?;
            shared.wait_for(Category::List).await;
            reader.list_users(&place.pool, None, token, None).await
        };
        match page.await {
            Ok(answered) => {
                let page = answered.value;
                progress.calls += 1;
                progress.users += page.items.len() as u64;
                progress.spent = shared.now().duration_since(began).unsigned_abs();
                chain.next = page.next.map_or(Next::Nothing, |token| Next::Token {
                    token,
                    since: shared.now(),
                });
                let users = Arc::new(Segment::pack(&page.items));
                let progress = progress.clone();
                shared.news(ticket, Reply::Scanned(Scanned { users, progress }));
            }
            Err(fault) => {
                shared.note_rate(Category::List, &fault);
                break Some(fault);
            }
        }
    };
    ScanEnd {
        progress,
        checkpoint: (chain.next != Next::Nothing).then(|| Checkpoint { chains: vec![chain] }),
        fault,
        notices: Vec::new(),
    }
}
