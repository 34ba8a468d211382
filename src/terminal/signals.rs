//! Signals on a thread of their own, so that they are obeyed when the drawing thread is stuck
//! behind a terminal that takes nothing.

use std::{
    io,
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

use signal_hook::{
    consts::{SIGABRT, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH},
    iterator::Signals,
};

use super::{
    FromTerminal, Reason, Tell,
    input::{Burst, Input},
    modes::{Modes, lock},
    shut_down::{GRACE, ShutDown},
};

/// What the program was told from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    Interrupt,
    Terminate,
    HangUp,
    Quit,
    /// Sent by somebody. An `abort` of our own raises it once more at its default action, so that
    /// one ends at once, and only a supervising parent can put the terminal back.
    Abort,
    /// Somebody else had stopped us and the shell goes on: call [`super::Terminal::resume`].
    Continue,
}

impl Signal {
    pub fn number(self) -> i32 {
        match self {
            Self::Interrupt => SIGINT,
            Self::Terminate => SIGTERM,
            Self::HangUp => SIGHUP,
            Self::Quit => SIGQUIT,
            Self::Abort => SIGABRT,
            Self::Continue => SIGCONT,
        }
    }
}

/// Tells a thread that stopped the program that it goes on.
#[derive(Debug, Default)]
pub(super) struct Continued {
    awaited: Mutex<Awaited>,
    changed: Condvar,
}

#[derive(Debug, Default, PartialEq)]
enum Awaited {
    #[default]
    Nobody,
    Waiting,
    Came,
}

impl Continued {
    /// From now on a SIGCONT belongs to [`Self::came_within`].
    pub(super) fn expect(&self) {
        *lock(&self.awaited) = Awaited::Waiting;
    }

    /// Whether SIGCONT came. Time spent stopped counts, so the time is waited in `steps`: whichever
    /// of them the stop falls into, there are more to hear of the signal in.
    pub(super) fn came_within(&self, step: Duration, steps: u32) -> bool {
        let mut awaited = lock(&self.awaited);
        for _ in 0..steps {
            if *awaited == Awaited::Came {
                break;
            }
            awaited = match self.changed.wait_timeout(awaited, step) {
                Ok((guard, _)) => guard,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        std::mem::take(&mut *awaited) == Awaited::Came
    }

    /// Whether somebody had expected it.
    pub(super) fn tell(&self) -> bool {
        let mut awaited = lock(&self.awaited);
        if *awaited == Awaited::Nobody {
            return false;
        }
        *awaited = Awaited::Came;
        self.changed.notify_all();
        true
    }
}

/// Listens from now on and for the rest of the program's life: signal-hook cannot give a signal its
/// default action back, so nobody else would end the program.
pub(super) fn start(modes: Arc<Modes>, continued: Arc<Continued>, shut_down: ShutDown, tell: Tell) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGCONT, SIGWINCH])?;
    thread::Builder::new()
        .name("terminal signals".to_owned())
        .spawn(move || {
            for number in signals.forever() {
                let signal = match number {
                    SIGWINCH => {
                        let size = modes.tty().size();
                        let resize = vec![Input::Resize(size.width, size.height)];
                        tell(FromTerminal::Burst(Burst::new(resize, false)));
                        continue;
                    }
                    SIGCONT => {
                        if !continued.tell() {
                            tell(FromTerminal::Signal(Signal::Continue));
                        }
                        continue;
                    }
                    // Ctrl-C and Ctrl-\ in a program that has the terminal reach us as well.
                    SIGINT | SIGQUIT if modes.lent() => continue,
                    SIGTERM => Signal::Terminate,
                    SIGHUP => Signal::HangUp,
                    SIGINT => Signal::Interrupt,
                    SIGABRT => Signal::Abort,
                    _ => Signal::Quit,
                };
                tracing::info!(?signal, "told to end");
                // The screen first: a person may be waiting at it, whatever the receiver does.
                shut_down.restore();
                tell(FromTerminal::Signal(signal));
                thread::sleep(GRACE);
                shut_down.now(Reason::Signal(signal));
            }
        })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_continue_nobody_expects_is_for_the_receiver() {
        let continued = Continued::default();
        assert!(!continued.tell());
        continued.expect();
        assert!(continued.tell());
        assert!(continued.came_within(Duration::from_secs(60), 1));
        assert!(!continued.tell());
    }

    #[test]
    fn without_a_continue_the_wait_ends() {
        let continued = Continued::default();
        continued.expect();
        assert!(!continued.came_within(Duration::from_millis(1), 3));
    }
}
