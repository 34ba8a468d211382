//! Ctrl-Z. Raw mode takes the key's meaning away from the kernel, so it arrives as a key and the
//! program stops itself - by SIGTSTP to its whole group, as the kernel would have done it: SIGSTOP
//! would also freeze a program that nobody can continue, such as one started by `ssh -t`.

use std::{io, time::Duration};

use rustix::process::{Signal, kill_current_process_group};

use super::{keyboard::Keyboard, modes::Modes, signals::Continued};

/// Whether the program was really stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspended {
    /// It was, and goes on now.
    AndBack,
    /// There is no shell that could continue it, so the kernel dropped the request. Say so.
    NotPossible,
}

/// The kernel stops within microseconds or not at all; this is for a loaded machine.
const STEP: Duration = Duration::from_millis(50);
const STEPS: u32 = 5;

/// Gives the terminal to the shell until it gives it back. Reading is let go first and taken up
/// last, so that not one key of the shell's is taken.
pub(super) fn suspend(modes: &Modes, keyboard: &Keyboard, continued: &Continued) -> io::Result<Suspended> {
    keyboard.let_go()?;
    modes.leave();
    let suspended = stop(modes, continued)?;
    take_back(modes, keyboard)?;
    Ok(suspended)
}

/// After somebody else stopped and continued us: nothing was put back, and the shell has set modes
/// of its own since.
pub(super) fn resume(modes: &Modes, keyboard: &Keyboard, continued: &Continued) -> io::Result<()> {
    keyboard.let_go()?;
    if !modes.in_foreground() {
        stop(modes, continued)?;
    }
    take_back(modes, keyboard)
}

/// Stops until the shell has brought us to the foreground. Continued in the background (`bg`), we
/// stop again, as the kernel would make us - but not at once: `kill %1` sends a SIGTERM together
/// with its SIGCONT, and that one has to get through.
fn stop(modes: &Modes, continued: &Continued) -> io::Result<Suspended> {
    loop {
        continued.expect();
        kill_current_process_group(Signal::TSTP)?;
        let back = continued.came_within(STEP, STEPS);
        if !back {
            return Ok(Suspended::NotPossible);
        }
        if modes.in_foreground() {
            return Ok(Suspended::AndBack);
        }
        std::thread::sleep(STEP);
        if modes.left_for_good() {
            return Err(io::ErrorKind::Interrupted.into());
        }
    }
}

pub(super) fn take_back(modes: &Modes, keyboard: &Keyboard) -> io::Result<()> {
    modes.enter()?;
    modes.drop_typed()?;
    keyboard.take_up()
}
