//! Whether this process is the console or the parent that waits for it. The console is this program started once more,
//! so that there is one file to install and nothing to find.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Context;
use rustix::process::{Pid, getpid, getppid};

use super::args::Cli;
use super::assemble::no_core_dumps;
use super::{complain, environment};
use crate::terminal::{Ending, KeysFrom, Options, SuperviseError, end_with, supervise};

/// Says to the console who supervises it. It counts only while that process is its parent, so that a console started
/// from its editor, or from a shell behind it, is not mistaken for it.
const SUPERVISOR: &str = "COGNITUI_SUPERVISOR";

/// The file of the program that runs, whatever has become of its name since.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// `None`: run the console here. Otherwise it has run in a process of its own, and this is the exit code.
pub fn console(cli: &Cli) -> anyhow::Result<Option<u8>> {
    if cli.no_supervisor {
        return Ok(None);
    }
    if let Some(supervisor) = supervisor() {
        // Or it would be listed under the name of the link.
        #[cfg(target_os = "linux")]
        rustix::thread::set_name(c"cognitui").context("naming the process")?;
        let lives = end_with(supervisor).context("asking to be told when the supervisor ends")?;
        return Ok((!lives).then_some(1));
    }
    no_core_dumps().context("switching core dumps off")?;
    let mut command = this_program().context("finding this program's file")?;
    match supervise(&mut command, &Options::from_env(keys_from())) {
        Ok(ending) => {
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

/// Who supervises this process, if somebody does.
fn supervisor() -> Option<Pid> {
    let said: i32 = environment(SUPERVISOR)?.to_str()?.parse().ok()?;
    Pid::from_raw(said).filter(|said| getppid() == Some(*said))
}

/// Standard input that is no terminal may carry a token, and that is the console's to read.
fn keys_from() -> KeysFrom {
    if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        KeysFrom::StandardInput
    } else {
        KeysFrom::ControllingTerminal
    }
}

/// This program with the arguments it was given.
fn this_program() -> std::io::Result<Command> {
    use std::os::unix::process::CommandExt;
    let mut command = if cfg!(target_os = "linux") {
        Command::new(THIS_PROGRAM)
    } else {
        Command::new(std::env::current_exe()?)
    };
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_else(|| OsString::from("cognitui"));
    command
        .arg0(name)
        .args(arguments)
        .env(SUPERVISOR, getpid().as_raw_nonzero().to_string());
    Ok(command)
}
