//! Looks through the loaded users, on a thread of its own: the workers that wait for the service are not held up.

use std::sync::{Arc, OnceLock};
use std::thread::available_parallelism;

use tokio::sync::watch;

use crate::domain::Fault;
use crate::domain::search::{self as engine, First, Matches, RowList};
use crate::job::search::{Order, Search};
use crate::work::looker::Looker;

/// Who matches. `stopped`: a newer line made this one pointless. `tell` is told of the first, where that was asked for.
pub async fn search(
    looker: &Looker,
    search: Search,
    stopped: watch::Receiver<bool>,
    tell: impl Fn(Arc<Matches>) + Send + Sync + 'static,
) -> Result<Arc<Matches>, Fault> {
    let tell = move |first| tell(Arc::new(first));
    let look = looker.run(move || matches(&search, &|| *stopped.borrow(), &tell)).await;
    look.ok_or_else(|| Fault::local("this search", "WorkerPanicked", "a worker broke"))?
        .ok_or_else(|| Fault::local("this search", "Stopped", "it was stopped"))
}

/// `None`: it was stopped.
fn matches(
    search: &Search,
    stopped: &(dyn Fn() -> bool + Sync),
    tell: &(dyn Fn(Matches) + Sync),
) -> Option<Arc<Matches>> {
    let first = search.first.map(|rows| First { rows, tell });
    let look = engine::Look {
        rows: &search.rows,
        query: &search.query,
        ground: &search.ground,
        within: search.within.as_ref(),
        best_first: search.order == Order::Best,
        stopped,
        first,
    };
    // Asking for it reads several files.
    static THREADS: OnceLock<usize> = OnceLock::new();
    let threads = *THREADS.get_or_init(|| available_parallelism().map_or(1, usize::from));
    let mut matches = engine::look(&look, threads)?;
    if let Order::By { column, descending } = &search.order {
        let rows = matches.rows.iter().collect();
        let sorted = engine::sort(&search.rows, rows, (column, *descending), &search.ground, stopped)?;
        matches.rows = RowList::Ordered(sorted);
    }
    Some(Arc::new(matches))
}
