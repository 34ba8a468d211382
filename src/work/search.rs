//! Looks through the loaded users, on a thread of its own.

use std::sync::Arc;

use tokio::sync::watch;

use crate::domain::Fault;
use crate::job::search::{Matches, Search};

/// Who matches. `stopped`: a newer line made this one pointless.
pub async fn search(search: Search, stopped: watch::Receiver<bool>) -> Result<Arc<Matches>, Fault> {
    let look = move || {
        let looked_at = search.rows.len();
        let mut rows = Vec::new();
        for (id, row) in search.rows.iter() {
            if *stopped.borrow() {
                break;
            }
            if search.query.matches(id, row, &search.ground) {
                rows.push(id);
            }
        }
        Arc::new(Matches { rows, looked_at })
    };
    tokio::task::spawn_blocking(look)
        .await
        .map_err(|_| Fault::local("this search", "WorkerPanicked", "a worker broke"))
}
