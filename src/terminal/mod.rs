//! The real terminal: its modes and their reset, what is typed and what is drawn, signals, Ctrl-Z,
//! and what happens when it goes away. The only part of the program that touches it.
//!
//! Three threads besides the one that draws, all blocked without a limit when nothing happens:
//! `terminal input` reads and decodes, `terminal signals` waits for signals, `terminal watcher`
//! waits for the hang-up. Any of them can put the terminal back and end the program while the
//! drawing thread is stuck behind a terminal that takes nothing.

mod decode;
mod input;
mod keyboard;
mod keys;
mod modes;
mod panics;
mod screen;
mod shut_down;
mod signals;
mod supervise;
mod suspend;
mod tty;
mod watcher;

use std::{env, fmt, io, sync::Arc, time::Duration};

use ratatui::{
    buffer::Buffer,
    layout::{Position, Size},
};

pub use self::{
    decode::{Decoder, Patience},
    input::{Burst, Input},
    panics::Place,
    screen::Screen,
    shut_down::{Reason, ShutDown},
    signals::Signal,
    supervise::{Ending, Side, SuperviseError, split},
    suspend::Suspended,
};
use self::{keyboard::Keyboard, modes::Modes, signals::Continued, tty::Tty};

/// What comes from the terminal and from outside, on threads of the terminal's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FromTerminal {
    Burst(Burst),
    /// [`Signal::Continue`]: call [`Terminal::resume`]. Any other: the terminal is put back already
    /// and the program ends in half a second; end it sooner with [`ShutDown::now`] if nothing is
    /// under way.
    Signal(Signal),
    /// Keys can no longer be read. If [`Terminal::hung_up`], the program ends in half a second; end
    /// it sooner with [`ShutDown::now`] if nothing is under way.
    Gone,
    /// Another thread panicked. The screen is as it was.
    Panic(Place),
}

/// Takes what comes; called on several threads, and expected not to block.
type Tell = Arc<dyn Fn(FromTerminal) + Send + Sync>;

/// Where keys come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysFrom {
    StandardInput,
    /// `/dev/tty`, because standard input carries something else.
    ControllingTerminal,
}

const HERE: Duration = Duration::from_millis(50);
/// Over a network the parts of one key come further apart.
const REMOTE: Duration = Duration::from_millis(100);

/// What of the environment matters to a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The value of TERM.
    pub term: Option<String>,
    /// How long a lone ESC is held for the rest of a sequence, and how long after a paste keys are
    /// taken for its tail.
    pub moment: Duration,
    pub keys: KeysFrom,
}

impl Options {
    pub fn from_env(keys: KeysFrom) -> Self {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        Self {
            term: env::var_os("TERM").map(|term| term.to_string_lossy().into_owned()),
            moment: if set("SSH_CONNECTION") || set("SSH_TTY") {
                REMOTE
            } else {
                HERE
            },
            keys,
        }
    }
}

/// Why there is no terminal to work with. One sentence each; the program exits with 2.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "standard input is not a terminal, so there is nothing to read keys from; run this in a terminal, without a pipe"
    )]
    InputIsNoTerminal,
    #[error(
        "standard output is not a terminal, so there is nothing to draw on; run this in a terminal, without a pipe or redirection"
    )]
    OutputIsNoTerminal,
    #[error("there is no terminal to read keys from (/dev/tty: {0}); run this in a terminal")]
    NoControllingTerminal(io::Error),
    #[error(
        "TERM is not set, so it is not known how to draw here; set it to your terminal's name, for example TERM=xterm-256color"
    )]
    NoTerm,
    #[error(
        "TERM is \"dumb\", a terminal that cannot place text; set it to your terminal's name, for example TERM=xterm-256color"
    )]
    DumbTerm,
    #[error("the terminal does not accept the modes this program needs: {0}")]
    Modes(#[from] io::Error),
}

/// The terminal while it is ours. Dropping it puts it back.
pub struct Terminal {
    modes: Arc<Modes>,
    screen: Screen,
    keyboard: Keyboard,
    continued: Arc<Continued>,
}

impl Terminal {
    /// Checks the terminal and takes it; nothing is changed when a check fails. The calling thread
    /// is the one that draws: a panic on it ends the program. To be called once in a process.
    pub fn open(options: &Options, tell: impl Fn(FromTerminal) + Send + Sync + 'static) -> Result<Self, OpenError> {
        let tell: Tell = Arc::new(tell);
        let tty = Tty::open(options)?;
        let screen = Screen::new();
        let modes = Arc::new(Modes::take(tty)?);
        let shut_down = ShutDown::new(Arc::clone(&modes));
        // From here on something may go wrong while modes are on.
        let put_back = |e: io::Error| {
            modes.leave();
            OpenError::Modes(e)
        };
        panics::install(shut_down.clone(), Arc::clone(&tell));
        let continued = Arc::default();
        signals::start(
            Arc::clone(&modes),
            Arc::clone(&continued),
            shut_down.clone(),
            Arc::clone(&tell),
        )
        .map_err(put_back)?;
        watcher::start(Arc::clone(&modes), shut_down, Arc::clone(&tell)).map_err(put_back)?;
        let keyboard = Keyboard::start(Arc::clone(&modes), options.moment, tell).map_err(put_back)?;
        Ok(Self {
            modes,
            screen,
            keyboard,
            continued,
        })
    }

    /// The size frames have: what the terminal says, at most 1,000 by 500; 80 by 24 when it says 0.
    pub fn size(&self) -> Size {
        self.modes.tty().size()
    }

    /// Draws a frame and writes what it changes, in one piece. Writes nothing when it changes
    /// nothing. `render` fills every cell and says where the cursor belongs. Waits as long as the
    /// terminal takes nothing; returns without an error, the frame not shown, when the terminal is
    /// put back meanwhile.
    pub fn draw(&mut self, render: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()> {
        let size = self.size();
        let bytes = self.screen.draw(size, render);
        match self.modes.write(bytes) {
            Err(e) => {
                self.screen.forget();
                if e.kind() == io::ErrorKind::Interrupted {
                    return Ok(());
                }
                Err(e)
            }
            Ok(()) => Ok(()),
        }
    }

    /// The next frame is written whole: another program may have written over the last one.
    pub fn redraw(&mut self) {
        self.screen.forget();
    }

    /// Writes an operating system command (OSC), such as OSC 52 for copying, between two frames.
    /// The bytes are the caller's to make safe and go out as they are.
    pub fn write_osc(&self, bytes: &[u8]) -> io::Result<()> {
        self.modes.write(bytes)
    }

    /// Ctrl-Z: gives the terminal to the shell and returns when it is ours again. What was typed
    /// meanwhile is dropped; the next frame is written whole. `ErrorKind::Interrupted`: the program
    /// is ending. Any other error: the terminal could not be taken again, so end it.
    pub fn suspend(&mut self) -> io::Result<Suspended> {
        let suspended = suspend::suspend(&self.modes, &self.keyboard, &self.continued)?;
        self.screen.forget();
        Ok(suspended)
    }

    /// After [`Signal::Continue`]: takes the terminal again. The next frame is written whole.
    pub fn resume(&mut self) -> io::Result<()> {
        suspend::resume(&self.modes, &self.keyboard, &self.continued)?;
        self.screen.forget();
        Ok(())
    }

    /// Gives the terminal to `other` (which runs an editor and waits for it) and takes it back when
    /// that returns. Errors as in [`Self::suspend`].
    pub fn lend<T>(&mut self, other: impl FnOnce() -> T) -> io::Result<T> {
        self.keyboard.let_go()?;
        self.modes.leave();
        let result = self.modes.lend(other);
        suspend::take_back(&self.modes, &self.keyboard)?;
        self.screen.forget();
        Ok(result)
    }

    /// After an error of the terminal: whether it is gone. The news of that may come a moment after the error.
    pub fn hung_up(&self) -> bool {
        modes::hung_up(self.modes.tty())
    }

    /// The way out, for any thread.
    pub fn shut_down(&self) -> ShutDown {
        ShutDown::new(Arc::clone(&self.modes))
    }

    /// Puts the terminal back; the program goes on without it.
    pub fn close(self) {
        drop(self);
    }
}

/// Without what is on the screen, which is people's data.
impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal")
            .field("size", &self.size())
            .finish_non_exhaustive()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.modes.leave_for_good();
    }
}
