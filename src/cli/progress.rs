//! How far a reading is, on standard error: one line that changes on a terminal, and otherwise a line now and then.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use super::voice::Voice;
use crate::domain::sentence::grouped;

/// How often a line that changes does so.
const OFTEN: Duration = Duration::from_millis(250);
/// How often a line is added where none can change.
const SELDOM: Duration = Duration::from_secs(10);

pub(super) struct Progress {
    voice: Voice,
    of: Option<u64>,
    told: Instant,
    place: Where,
}

#[derive(PartialEq, Eq)]
enum Where {
    /// The users are on this very screen and show how far it is.
    Nowhere,
    OneLine {
        shown: bool,
    },
    Lines,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a command without a screen has no events to take the time from"
)]
fn now() -> Instant {
    Instant::now()
}

/// How far a reading is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) read: u64,
    /// Where users are printed as they arrive.
    pub(super) printed: Option<u64>,
    /// Of the service.
    pub(super) calls: u64,
}

impl Progress {
    /// Beside users that are printed as they arrive. `of`: about how many there are, as the pool says.
    pub(super) fn beside_users(voice: Voice, of: Option<u64>) -> Self {
        match io::stdout().is_terminal() && io::stderr().is_terminal() {
            true => Self::at(voice, of, Where::Nowhere),
            false => Self::before_output(voice, of),
        }
    }

    /// Of a reading that is over before anything is printed.
    pub(super) fn before_output(voice: Voice, of: Option<u64>) -> Self {
        let place = match io::stderr().is_terminal() {
            true => Where::OneLine { shown: false },
            false => Where::Lines,
        };
        Self::at(voice, of, place)
    }

    fn at(voice: Voice, of: Option<u64>, place: Where) -> Self {
        Self {
            voice,
            of,
            told: now(),
            place,
        }
    }

    /// Says how far it is, if it is time to.
    pub(super) fn tell(&mut self, counts: Counts) {
        let every = match self.place {
            Where::Nowhere => return,
            Where::OneLine { .. } => OFTEN,
            Where::Lines => SELDOM,
        };
        if self.told.elapsed() < every {
            return;
        }
        self.told = now();
        let mut line = counts.words();
        if let Some(of) = self.of {
            line.push_str(&format!("; the pool has about {}", grouped(of)));
        }
        match &mut self.place {
            Where::Nowhere => {}
            Where::OneLine { shown } => {
                *shown = true;
                // Where nobody can be told any more, the exit code has to do.
                let _nobody_to_tell = write!(io::stderr(), "\r{line}\x1b[K");
            }
            Where::Lines => self.voice.say(&line.into()),
        }
    }

    /// Leaves the line to what is said next.
    pub(super) fn end(&mut self) {
        if self.place == (Where::OneLine { shown: true }) {
            let _nobody_to_tell = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

impl Counts {
    /// `12,480 users read, 31 printed, 208 calls`
    pub(super) fn words(self) -> String {
        let mut line = format!("{} read", counted(self.read, "user"));
        if let Some(printed) = self.printed {
            line.push_str(&format!(", {} printed", grouped(printed)));
        }
        if self.calls > 0 {
            line.push_str(&format!(", {}", counted(self.calls, "call")));
        }
        line
    }
}

fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}
