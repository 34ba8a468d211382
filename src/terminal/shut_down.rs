//! The one way out: put the terminal back, then exit. Used by quit, errors, panics, signals and a
//! terminal that went away, from whichever thread notices first.

use std::{sync::Arc, time::Duration};

use super::{Signal, modes::Modes};

/// How long the receiver has to finish by itself (to let a write that is on its way reach its
/// journal entry) before the program ends without it.
pub(super) const GRACE: Duration = Duration::from_millis(400);

/// Why the program ends; decides its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The operator quit: 0.
    Quit,
    /// Something failed that the caller has words for: 1.
    Failed,
    /// The program is at fault: 101, as for any Rust program that panicked.
    Panicked,
    /// Told to by a signal: 128 and its number.
    Signal(Signal),
    /// The terminal hung up: 129, as for SIGHUP.
    TerminalGone,
}

impl Reason {
    pub fn exit_code(self) -> i32 {
        match self {
            Self::Quit => 0,
            Self::Failed => 1,
            Self::Panicked => 101,
            Self::Signal(signal) => 128 + signal.number(),
            Self::TerminalGone => 129,
        }
    }
}

/// Ends the program from any thread. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ShutDown(Arc<Modes>);

impl ShutDown {
    pub(super) fn new(modes: Arc<Modes>) -> Self {
        Self(modes)
    }

    /// Puts the terminal back for good; the program goes on, to print or to finish something.
    pub fn restore(&self) {
        self.0.leave_for_good();
    }

    /// Puts the terminal back and exits, within half a second even when nothing can be written.
    /// Nothing else is run or waited for: what must not be lost has to be on disk by then.
    pub fn now(&self, reason: Reason) -> ! {
        self.0.leave_for_good();
        std::process::exit(reason.exit_code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_that_shells_expect() {
        for (reason, code) in [
            (Reason::Quit, 0),
            (Reason::Failed, 1),
            (Reason::Panicked, 101),
            (Reason::Signal(Signal::HangUp), 129),
            (Reason::Signal(Signal::Interrupt), 130),
            (Reason::Signal(Signal::Quit), 131),
            (Reason::Signal(Signal::Abort), 134),
            (Reason::Signal(Signal::Terminate), 143),
            (Reason::TerminalGone, 129),
        ] {
            assert_eq!(reason.exit_code(), code);
        }
    }
}
