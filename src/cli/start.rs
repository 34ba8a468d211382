//! How every command begins that has no screen and speaks to a service: its configuration, its voice and its log.

use anyhow::Context as _;
use tracing_appender::non_blocking::WorkerGuard;

use super::args::USAGE;
use super::voice::Voice;
use super::{assemble, environment, log, sources};
use crate::config::{self, Config, Flags};

/// What is there before anything is asked.
pub(super) struct Start {
    pub(super) config: Config,
    pub(super) voice: Voice,
    /// Held until the end: dropping it writes what is left.
    _log: Option<WorkerGuard>,
}

impl Start {
    /// Begins; or it ends here with an exit code, and why was said.
    pub(super) fn new(flags: Flags) -> anyhow::Result<Result<Self, u8>> {
        let config = match config::load(&sources(flags)) {
            Ok(config) => config,
            Err(errors) => return super::refuse(&errors.to_string()).map(Err),
        };
        let text = |name: &str| environment(name).map(|value| value.to_string_lossy().into_owned());
        let voice = Voice {
            charset: assemble::charset(&config, &text),
        };
        let log = match log::of_config(&config) {
            Ok(log) => log,
            Err(why) => {
                super::complain(&why);
                return Ok(Err(USAGE));
            }
        };
        assemble::no_core_dumps().context("switching core dumps off")?;
        Ok(Ok(Self {
            config,
            voice,
            _log: log,
        }))
    }
}
