//! Looks at everybody who is loaded, on a thread that nobody else waits for.

use std::sync::Arc;

use tokio::sync::watch;

use crate::domain::Fault;
use crate::domain::breakdown::{self, Breakdown};
use crate::domain::lint::{self, Report};
use crate::job::audit;

/// The checks.
pub async fn lint(asked: audit::Lint, stopped: watch::Receiver<bool>) -> Result<Arc<Report>, Fault> {
    let look = move || lint::lint(&asked.ground, &asked.options, &|| *stopped.borrow()).map(Arc::new);
    aside("the checks", look).await
}

/// The counts.
pub async fn breakdown(asked: audit::Breakdown, stopped: watch::Receiver<bool>) -> Result<Arc<Breakdown>, Fault> {
    let look =
        move || breakdown::breakdown(&asked.rows, &asked.of, asked.among.as_ref(), &|| *stopped.borrow()).map(Arc::new);
    aside("the count", look).await
}

/// Works on a thread of its own. Nothing comes of what was stopped.
async fn aside<T: Send + 'static>(
    what: &'static str,
    look: impl FnOnce() -> Option<T> + Send + 'static,
) -> Result<T, Fault> {
    let found = tokio::task::spawn_blocking(look)
        .await
        .map_err(|_| Fault::local(what, "WorkerPanicked", "a worker broke"))?;
    found.ok_or_else(|| Fault::local(what, "Stopped", "it was stopped before the end"))
}
