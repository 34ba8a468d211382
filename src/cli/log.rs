//! The log file, on request: operations, codes and request ids, never values, tokens or credentials.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use tracing::Level;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::Config;

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
    let file = open(path)?;
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

/// Starts the log of a command without a screen, where the configuration names one. Otherwise why it cannot be written.
pub fn of_config(config: &Config) -> Result<Option<WorkerGuard>, String> {
    let Some(path) = &config.general.log.value else {
        return Ok(None);
    };
    start(path, Detail::Usual)
        .map(Some)
        .map_err(|error| format!("the log {} cannot be written: {error}", path.display()))
}

/// Opens a file that is ours alone, or says why it is not written to and what to run.
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    // Whatever lies there must not make the open itself wait, take a terminal or lead elsewhere.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
        .map_err(|error| match rustix::io::Errno::from_io_error(&error) {
            Some(rustix::io::Errno::LOOP) => io::Error::other("it is a symbolic link; name the file itself"),
            _ => error,
        })?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(io::Error::other("it is not an ordinary file"));
    }
    if about.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::other("it belongs to another user; name a file of your own"));
    }
    let mode = about.mode() & 0o7777;
    if mode & 0o077 != 0 {
        let quoted = path.display().to_string().replace('\'', r"'\''");
        return Err(io::Error::other(format!(
            "others can use it (mode {mode:04o}); run: chmod 600 '{quoted}'"
        )));
    }
    Ok(file)
}
