//! The descriptors of the terminal and the checks on them. Apart from the rest so that everything
//! that reads, writes or sets modes does it on the same two descriptors.
//!
//! Both are opened anew where that is possible: only a file description of our own may be
//! non-blocking (standard input and output are shared with the shell), and only a non-blocking one
//! keeps the thread that puts the terminal back from waiting behind a stalled draw.

use std::{io, os::fd::OwnedFd, time::Duration};

use ratatui::layout::Size;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{Mode, OFlags},
    io::{Errno, retry_on_intr},
    stdio,
    termios::{isatty, tcgetwinsize, ttyname},
};

use super::{KeysFrom, OpenError, Options};

/// A screen never has more cells than this, whatever the terminal says: three buffers are kept, and
/// 65,535 columns by 65,535 rows would be 4 billion cells.
const LARGEST: Size = Size::new(1_000, 500);
/// The size a terminal has that does not know its own (0 by 0, as serial lines say).
const UNKNOWN: Size = Size::new(80, 24);

#[derive(Debug)]
pub(super) struct Tty {
    pub(super) input: OwnedFd,
    pub(super) output: OwnedFd,
    /// Whether a write to `output` may block, because it could not be opened anew.
    pub(super) output_blocks: bool,
}

impl Tty {
    pub(super) fn open(options: &Options) -> Result<Self, OpenError> {
        match options.term.as_deref() {
            None | Some("") => return Err(OpenError::NoTerm),
            Some("dumb") => return Err(OpenError::DumbTerm),
            Some(_) => {}
        }
        if !isatty(stdio::stdout()) {
            return Err(OpenError::OutputIsNoTerminal);
        }
        let input = match options.keys {
            KeysFrom::StandardInput => {
                if !isatty(stdio::stdin()) {
                    return Err(OpenError::InputIsNoTerminal);
                }
                match open_again(stdio::stdin()) {
                    Some(input) => input,
                    None => duplicate(stdio::stdin())?,
                }
            }
            KeysFrom::ControllingTerminal => rustix::fs::open("/dev/tty", FLAGS, Mode::empty())
                .map_err(|e| OpenError::NoControllingTerminal(e.into()))?,
        };
        let (output, output_blocks) = match open_again(stdio::stdout()) {
            Some(output) => (output, false),
            None => (duplicate(stdio::stdout())?, true),
        };
        Ok(Self {
            input,
            output,
            output_blocks,
        })
    }

    /// The size to draw in: what the terminal says, within bounds that can be drawn.
    pub(super) fn size(&self) -> Size {
        match tcgetwinsize(&self.output) {
            Ok(size) => drawable(size.ws_col, size.ws_row),
            Err(_) => UNKNOWN,
        }
    }
}

pub(super) fn drawable(columns: u16, rows: u16) -> Size {
    if columns == 0 || rows == 0 {
        return UNKNOWN;
    }
    Size::new(columns.min(LARGEST.width), rows.min(LARGEST.height))
}

const FLAGS: OFlags = OFlags::RDWR
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// The same terminal on a file description of our own. `None` where that cannot be had: another
/// user's terminal after `su`, or one that has no name in this container.
fn open_again(fd: impl std::os::fd::AsFd) -> Option<OwnedFd> {
    let name = ttyname(&fd, Vec::new()).ok()?;
    let again = rustix::fs::open(name, FLAGS, Mode::empty()).ok()?;
    let (one, other) = (rustix::fs::fstat(&fd).ok()?, rustix::fs::fstat(&again).ok()?);
    (one.st_rdev == other.st_rdev).then_some(again)
}

fn duplicate(fd: impl std::os::fd::AsFd) -> Result<OwnedFd, OpenError> {
    fd.as_fd().try_clone_to_owned().map_err(OpenError::Modes)
}

/// Waits until a descriptor is ready. `Ok(None)`: the time is over. A signal does not end the wait;
/// it starts over with the full time.
pub(super) fn wait_for(
    fd: impl std::os::fd::AsFd,
    what: PollFlags,
    timeout: Option<Duration>,
) -> io::Result<Option<PollFlags>> {
    let mut fds = [PollFd::new(&fd, what)];
    let timeout = timeout.map(timespec);
    let ready = retry_on_intr(|| poll(&mut fds, timeout.as_ref()))?;
    Ok((ready > 0).then(|| fds.map(|fd| fd.revents())[0]))
}

pub(super) fn timespec(duration: Duration) -> Timespec {
    // Every wait here is a constant of some milliseconds; a longer one would only end early.
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: duration.subsec_nanos().into(),
    }
}

/// Writes what goes into a non-blocking descriptor now. `Ok(0)`: nothing does.
pub(super) fn write_some(fd: impl std::os::fd::AsFd, bytes: &[u8]) -> io::Result<usize> {
    match retry_on_intr(|| rustix::io::write(&fd, bytes)) {
        Ok(written) => Ok(written),
        Err(Errno::AGAIN) => Ok(0),
        Err(e) => Err(e.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_can_be_drawn() {
        for columns in [0, 1, 80, 999, 1_000, 1_001, u16::MAX] {
            for rows in [0, 1, 24, 500, 501, u16::MAX] {
                let size = drawable(columns, rows);
                assert!((1..=1_000).contains(&size.width), "{size:?}");
                assert!((1..=500).contains(&size.height), "{size:?}");
            }
        }
        assert_eq!(drawable(1, 1), Size::new(1, 1));
        assert_eq!(drawable(0, 24), UNKNOWN);
    }

    #[test]
    fn a_terminal_that_cannot_draw_is_refused_before_anything_is_touched() {
        for (term, sentence) in [
            (None, "TERM is not set"),
            (Some(""), "TERM is not set"),
            (Some("dumb"), "\"dumb\""),
        ] {
            let options = Options {
                term: term.map(str::to_owned),
                moment: Duration::ZERO,
                keys: KeysFrom::StandardInput,
            };
            let error = Tty::open(&options).map(|_| ()).unwrap_err();
            assert!(error.to_string().contains(sentence), "{error}");
        }
    }
}
