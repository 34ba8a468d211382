//! The log file, on request: operations, codes and request ids, never values, tokens or credentials.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use tracing::Level;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// What of the program is written to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    Usual,
    Debug,
}

/// Starts the log. The guard writes what is left when it is dropped.
///
/// Libraries that see requests and answers stay at INFO whatever is asked for: below that they print bodies.
pub fn start(path: &Path, detail: Detail) -> io::Result<WorkerGuard> {
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let ours = match detail {
        Detail::Usual => Level::INFO,
        Detail::Debug => Level::DEBUG,
    };
    let filter = Targets::new()
        .with_default(Level::WARN)
        .with_target("cognitui", ours)
        .with_target("aws", Level::INFO)
        .with_target("hyper", Level::INFO)
        .with_target("h2", Level::INFO)
        .with_target("rustls", Level::INFO);
    tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false))
        .with(filter)
        .try_init()
        .map_err(io::Error::other)?;
    Ok(guard)
}
