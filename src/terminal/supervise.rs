//! A small parent that waits. What no process can do for itself - put the terminal back after
//! SIGKILL or an abort - it does for the one that draws: a child in the same process group, so that a
//! shell's job control reaches both.
//!
//! The two watch each other: should the parent be killed, the kernel tells the child.

mod split;

use std::{io, sync::Arc, thread, time::Duration};

use rustix::{
    io::{Errno, retry_on_intr},
    process::{Pid, Signal, WaitId, WaitIdOptions, WaitIdStatus, kill_current_process_group, kill_process, waitid},
};
use signal_hook::{
    consts::{SIGABRT, SIGALRM, SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2},
    iterator::{SignalsInfo, exfiltrator::WithOrigin},
    low_level::siginfo::{Cause, Origin},
};

pub use self::split::{Side, split};
use super::{OpenError, Options, modes::Modes, signals::Continued, tty::Tty};

/// How long a stop has to last before it is followed, and how long the shell has to notice ours. A
/// stop of the whole group is over for both, but not at the same instant.
const STEP: Duration = Duration::from_millis(50);
const STEPS: u32 = 5;

/// How the child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this code. It has put the terminal back.
    Exited(u8),
    /// By this signal. The terminal was put back for it.
    Killed(i32),
}

impl Ending {
    /// What shells report for such an end.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Exited(code) => code,
            Self::Killed(signal) => u8::try_from(signal).unwrap_or(0).saturating_add(128),
        }
    }
}

/// Why there is no child.
#[derive(Debug, thiserror::Error)]
pub enum SuperviseError {
    /// There is nothing to put back. Whoever needs the terminal says so in its own words.
    #[error(transparent)]
    NoTerminal(#[from] OpenError),
    #[error(transparent)]
    Start(#[from] io::Error),
}

/// The modes of the line, while there is one process.
fn remember(options: &Options) -> Result<Modes, OpenError> {
    Modes::remember(Tty::open(options)?).map_err(OpenError::Modes)
}

/// Waits for the child's end and puts the terminal back if it could not. Standard input, output and
/// error are the child's: nothing is read or written here while it runs.
fn attend(child: Pid, modes: &Modes, mut signals: SignalsInfo<WithOrigin>) -> io::Result<Ending> {
    let continued = Arc::new(Continued::default());
    thread::Builder::new().name("supervisor signals".to_owned()).spawn({
        let continued = Arc::clone(&continued);
        move || {
            for origin in signals.forever() {
                relay(&origin, child, &continued);
            }
        }
    })?;
    let ending = wait_for_the_end(child, modes, &continued);
    modes.leave_for_another();
    ending
}

/// The signals that would end the parent or that it has to know of. SIGTSTP keeps its default
/// action: who stops the one is to stop the other as well. SIGCHLD is only taken from whoever started
/// us with it ignored: then the end of a child would not be told.
const HEARD: [i32; 10] = [
    SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGALRM, SIGUSR1, SIGUSR2, SIGCONT, SIGCHLD,
];

fn relay(origin: &Origin, child: Pid, continued: &Continued) {
    match origin.signal {
        SIGCONT => {
            let _expected = continued.tell();
        }
        SIGCHLD => {}
        // The keys of the terminal reach the whole group, and a second one would hit a child that
        // has just got back from its editor.
        SIGINT | SIGQUIT if !matches!(origin.cause, Cause::Sent(_)) => {}
        number => {
            if let Some(signal) = Signal::from_named_raw(number) {
                // The child cannot be somebody else: its end is not collected while we run.
                let _it_may_have_ended = kill_process(child, signal);
            }
        }
    }
}

fn wait_for_the_end(child: Pid, modes: &Modes, continued: &Continued) -> io::Result<Ending> {
    loop {
        let ended_or_stopped = WaitIdOptions::EXITED | WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT;
        let Some(status) = wait(child, ended_or_stopped)? else {
            continue;
        };
        if let Some(code) = status.exit_status() {
            return Ok(Ending::Exited(u8::try_from(code).unwrap_or(1)));
        }
        if let Some(signal) = status.terminating_signal() {
            return Ok(Ending::Killed(signal));
        }
        if !not_continued(child)? {
            continue;
        }
        // Taken note of: the next wait is for something else.
        match wait(child, WaitIdOptions::STOPPED | WaitIdOptions::NOHANG) {
            Ok(Some(_)) => {}
            // It goes on, or has ended, which is no answer to this question.
            Ok(None) => continue,
            Err(e) if e.raw_os_error() == Some(Errno::CHILD.raw_os_error()) => continue,
            Err(e) => return Err(e),
        }
        if status.stopping_signal() == Some(Signal::STOP.as_raw()) || modes.another_has_it() {
            follow(child, modes, continued)?;
        } else {
            // It had given the terminal back and stopped the group. Somebody has continued us alone,
            // and a shell would take the job for running while nobody answers.
            kill_process(child, Signal::CONT)?;
        }
    }
}

/// Somebody stopped the child alone, and the shell still waits for us: give it the terminal.
fn follow(child: Pid, modes: &Modes, continued: &Continued) -> io::Result<()> {
    modes.leave_for_another();
    continued.expect();
    kill_current_process_group(Signal::TSTP)?;
    // Where no shell could continue us, nothing happened, and the child waits for whoever stopped it.
    if continued.came_within(STEP, STEPS) && not_continued(child)? {
        kill_process(child, Signal::CONT)?;
    }
    Ok(())
}

/// Whether the child stays as it is for a moment: neither ended nor continued since it was stopped.
fn not_continued(child: Pid) -> io::Result<bool> {
    let goes_on = WaitIdOptions::EXITED | WaitIdOptions::CONTINUED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    for _ in 0..STEPS {
        if wait(child, goes_on)?.is_some() {
            return Ok(false);
        }
        thread::sleep(STEP / STEPS);
    }
    Ok(true)
}

fn wait(child: Pid, options: WaitIdOptions) -> io::Result<Option<WaitIdStatus>> {
    Ok(retry_on_intr(|| waitid(WaitId::Pid(child), options))?)
}

/// For the child: when its supervisor is gone, it ends as by SIGTERM. False: it is gone already. On
/// other systems than Linux the shell takes the terminal then, and the next key finds that out.
fn end_with(supervisor: Pid) -> io::Result<bool> {
    #[cfg(target_os = "linux")]
    match rustix::process::set_parent_process_death_signal(Some(Signal::TERM)) {
        // A kernel that cannot do it: the same as on other systems.
        Ok(()) | Err(Errno::INVAL | Errno::NOSYS) => {}
        Err(e) => return Err(e.into()),
    }
    Ok(rustix::process::getppid() == Some(supervisor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_that_shells_report() {
        for (ending, code) in [
            (Ending::Exited(0), 0),
            (Ending::Exited(101), 101),
            (Ending::Killed(6), 134),
            (Ending::Killed(9), 137),
        ] {
            assert_eq!(ending.exit_code(), code);
        }
    }
}
