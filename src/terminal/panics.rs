//! What a panic does to the screen. On the drawing thread the program is over: the terminal is put
//! back and the place is printed, never the payload, which may quote a person's data. The same on the
//! terminal's own threads: without them no key or no signal would arrive any more. On any other thread
//! the screen is still good, and the receiver turns the news into an entry.

use std::{fmt, panic, thread};

use super::{
    FromTerminal, Reason, Tell,
    shut_down::{GRACE, ShutDown},
};

/// How the names of the terminal's own threads begin.
const OURS: &str = "terminal ";

/// Where a panic happened, without what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub thread: String,
    pub file: String,
    pub line: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} (thread \"{}\")", self.file, self.line, self.thread)
    }
}

/// Puts the hook in place; the calling thread is the one that draws.
pub(super) fn install(shut_down: ShutDown, tell: Tell) {
    let drawing = thread::current().id();
    panic::set_hook(Box::new(move |info| {
        let current = thread::current();
        let place = Place {
            thread: current.name().unwrap_or("unnamed").to_owned(),
            file: info.location().map_or("unknown", |l| l.file()).to_owned(),
            line: info.location().map_or(0, |l| l.line()),
        };
        if current.id() != drawing && !place.thread.starts_with(OURS) {
            tracing::error!(%place, "a thread panicked");
            tell(FromTerminal::Panic(place));
            return;
        }
        shut_down.restore(); // first: nothing that follows is as sure to work
        tracing::error!(%place, "a thread panicked that the terminal needs");
        // Not by `eprintln!`, whose lock this thread may hold.
        let line = format!("cognitui stopped because of a fault of its own at {place}.\n");
        let _nobody_left_to_tell = rustix::io::write(rustix::stdio::stderr(), line.as_bytes());
        // Nobody can be asked whether a write is under way, so it has its time to be noted down.
        thread::sleep(GRACE);
        shut_down.now(Reason::Panicked)
    }));
}
