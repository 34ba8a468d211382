//! Whether this process is the console or the parent that waits for it.

use anyhow::Context;

use super::args::Cli;
use super::assemble::no_core_dumps;
use super::complain;
use crate::terminal::{Ending, KeysFrom, Options, Side, SuperviseError, split};

/// `None`: run the console here. Otherwise it has run in a process of its own, and this is the exit code.
pub fn console(cli: &Cli) -> anyhow::Result<Option<u8>> {
    if cli.no_supervisor {
        return Ok(None);
    }
    // Before there are two: neither is to leave one.
    no_core_dumps().context("switching core dumps off")?;
    match split(&Options::from_env(keys_from())) {
        Ok(Side::Child) => Ok(None),
        Ok(Side::Parent(ending)) => {
            if let Ending::Killed(signal) = ending {
                let name = signal_hook::low_level::signal_name(signal).unwrap_or("a signal");
                complain(&format!("the console was ended by {name} (signal {signal})"));
            }
            Ok(Some(ending.exit_code()))
        }
        // The console refuses it in its own words.
        Err(SuperviseError::NoTerminal(_)) => Ok(None),
        Err(SuperviseError::Start(error)) => Err(anyhow::Error::new(error)
            .context("starting the console in a process of its own (--no-supervisor runs it without)")),
    }
}

/// Standard input that is no terminal may carry a token, and that is the console's to read.
fn keys_from() -> KeysFrom {
    if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        KeysFrom::StandardInput
    } else {
        KeysFrom::ControllingTerminal
    }
}
