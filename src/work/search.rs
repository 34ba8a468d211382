//! Looks through the loaded users, on threads of its own: the workers that wait for the service are not held up.

use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::watch;

use crate::domain::Fault;
use crate::domain::search::{self as engine, Found, RowList};
use crate::job::search::{Matches, Order, Search};

/// Who matches. `stopped`: a newer line made this one pointless.
pub async fn search(search: Search, stopped: watch::Receiver<bool>) -> Result<Arc<Matches>, Fault> {
    tokio::task::spawn_blocking(move || matches(&search, &|| *stopped.borrow()))
        .await
        .map_err(|_| Fault::local("this search", "WorkerPanicked", "a worker broke"))?
        .ok_or_else(|| Fault::local("this search", "Stopped", "it was stopped"))
}

/// `None`: it was stopped.
fn matches(search: &Search, stopped: &(dyn Fn() -> bool + Sync)) -> Option<Arc<Matches>> {
    let look = engine::Look {
        rows: &search.rows,
        query: &search.query,
        ground: &search.ground,
        within: search.within.as_ref(),
        best_first: search.order == Order::Best,
        stopped,
    };
    let threads = available_parallelism().map_or(1, usize::from);
    let Found { rows, who } = engine::look(&look, threads)?;
    let rows = match &search.order {
        Order::Best => rows,
        Order::By { column, descending } => {
            let rows = rows.iter().collect();
            let sorted = engine::sort(&search.rows, rows, (column, *descending), &search.ground, stopped)?;
            RowList::Ordered(sorted)
        }
    };
    Some(Arc::new(Matches {
        rows,
        who,
        looked_at: search.rows.len(),
    }))
}
