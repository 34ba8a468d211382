//! Ends the program when its terminal is gone. A thread of its own that asks for no event at all,
//! because that is the one question a hang-up always answers: it works with SIGHUP ignored, with
//! nobody reading, and with the drawing thread stuck.

use std::{io, sync::Arc, thread};

use rustix::event::PollFlags;

use super::{
    FromTerminal, Reason, Tell,
    modes::Modes,
    shut_down::{GRACE, ShutDown},
    tty::wait_for,
};

pub(super) fn start(modes: Arc<Modes>, shut_down: ShutDown, tell: Tell) -> io::Result<()> {
    thread::Builder::new()
        .name("terminal watcher".to_owned())
        .spawn(move || {
            // No events: only HUP, ERR and NVAL end this wait. So does a poll that cannot work.
            let ended = wait_for(&modes.tty().input, PollFlags::empty(), None);
            tracing::info!(?ended, "the terminal is gone");
            // A line that drops is no reason to lose what came of a write: the receiver ends the
            // program at once, or when that is noted down.
            tell(FromTerminal::Gone);
            thread::sleep(GRACE);
            shut_down.now(Reason::TerminalGone)
        })?;
    Ok(())
}
