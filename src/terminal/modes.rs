//! What is changed about the terminal, and how it is put back - the one place for both, so that
//! every way out (quit, error, panic, signal, suspend) leaves it the same.

use std::{
    io,
    sync::{
        Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rustix::{
    event::PollFlags,
    io::{Errno, retry_on_intr},
    process::{Pid, getpgrp, getppid, setsid},
    termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetpgrp, tcsetattr},
};

use super::tty::{Tty, wait_for, write_some};

/// How long putting the terminal back waits for a terminal that takes nothing.
const PATIENCE: Duration = Duration::from_millis(200);
/// Between two tries to write, where somebody else is writing.
const BETWEEN_TRIES: Duration = Duration::from_millis(1);

/// The alternate screen, cleared; no automatic wrap, so that a character the terminal holds to be
/// wider than we do never runs into the next row; bracketed paste; and off with what an earlier
/// program may have left on: a region that scrolls alone and rows counted from it, and what would
/// send reports as if they were keys (mouse, focus, the application modes of cursor and keypad).
const ENTER: &[u8] = b"\x1b[?1049h\x1b[0m\x1b[?6l\x1b[r\x1b[H\x1b[2J\x1b[?7l\
    \x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1004l\x1b[?1l\x1b>\
    \x1b[?2004h";

/// Undoes every mode that any path turns on, whichever are on. It starts with the end of a string,
/// of a synchronized update and of a region, because a draw may have been cut off anywhere.
const LEAVE: &[u8] = b"\x1b\\\x1b[?2026l\x1b[0m\x1b[?6l\x1b[r\x1b[?2004l\
    \x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1004l\x1b[?1l\x1b>\
    \x1b[?7h";
/// Terminals without an alternate screen would keep the last frame, and with it people's data.
const CLEAR: &[u8] = b"\x1b[H\x1b[2J";
const LEAVE_SCREEN: &[u8] = b"\x1b[?1049l\x1b[?25h";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    Not,
    Now,
    NeverAgain,
}

/// The terminal's modes. Entering and leaving are both idempotent and may come from any thread.
#[derive(Debug)]
pub(super) struct Modes {
    tty: Tty,
    saved: Termios,
    /// Whoever started us.
    parent: Option<Pid>,
    /// Locked while modes change; whoever comes second finds it done.
    held: Mutex<Held>,
    /// The same for writers, who must not wait for a change of modes.
    drawing: AtomicBool,
    /// A program we started has the terminal.
    lent: AtomicBool,
    /// Held for one write of a frame's bytes, never while waiting for room.
    writing: Mutex<()>,
}

impl Modes {
    /// Remembers how the terminal is, and leaves it so.
    pub(super) fn remember(tty: Tty) -> io::Result<Self> {
        let saved = retry_on_intr(|| tcgetattr(&tty.input))?;
        Ok(Self {
            tty,
            saved,
            parent: getppid(),
            held: Mutex::new(Held::Not),
            drawing: AtomicBool::new(false),
            lent: AtomicBool::new(false),
            writing: Mutex::new(()),
        })
    }

    /// Remembers how the terminal was and takes it.
    pub(super) fn take(tty: Tty) -> io::Result<Self> {
        let modes = Self::remember(tty)?;
        if let Err(e) = modes.enter() {
            modes.leave();
            return Err(e);
        }
        Ok(modes)
    }

    pub(super) fn tty(&self) -> &Tty {
        &self.tty
    }

    /// Enters every mode, also when it is thought to be on: whoever stopped us may have set the
    /// terminal to something else. Fails when the program is ending.
    pub(super) fn enter(&self) -> io::Result<()> {
        let mut held = lock(&self.held);
        if *held == Held::NeverAgain {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let mut raw = self.saved.clone();
        raw.make_raw();
        retry_on_intr(|| tcsetattr(&self.tty.input, OptionalActions::Now, &raw))?;
        *held = Held::Now;
        self.drawing.store(true, Ordering::SeqCst);
        drop(held);
        self.write(ENTER)
    }

    /// Puts the terminal back as it was found. Takes a fraction of a second at most, needs no other
    /// thread, and says nothing about failure: there is nobody left to act on it.
    pub(super) fn leave(&self) {
        self.leave_until(Held::Not);
    }

    /// The same, for the last time: nobody enters again while the program ends.
    pub(super) fn leave_for_good(&self) {
        self.leave_until(Held::NeverAgain);
    }

    /// Puts the terminal back for another process of ours, which was killed or stopped while it had
    /// it. Where it had not, nothing is written: that would clear what the shell shows.
    pub(super) fn leave_for_another(&self) {
        if self.another_has_it() {
            *lock(&self.held) = Held::Now;
            self.leave();
        }
    }

    /// Whether another process of ours has the terminal. It sets the modes of the line before
    /// everything else and puts them back after everything else, so they tell.
    pub(super) fn another_has_it(&self) -> bool {
        self.in_foreground() && !self.line_is_as_found()
    }

    fn line_is_as_found(&self) -> bool {
        let mut raw = self.saved.clone();
        raw.make_raw();
        match retry_on_intr(|| tcgetattr(&self.tty.input)) {
            // A line that was raw already tells nothing.
            Ok(now) => same_line(&now, &self.saved) && !same_line(&raw, &self.saved),
            // It hung up: there is nothing to put back.
            Err(_) => true,
        }
    }

    /// Whether the program is ending.
    pub(super) fn left_for_good(&self) -> bool {
        *lock(&self.held) == Held::NeverAgain
    }

    /// Whether the terminal is this program's rather than the shell's. In the background the kernel
    /// would stop us for setting modes.
    pub(super) fn in_foreground(&self) -> bool {
        match tcgetpgrp(&self.tty.input) {
            Ok(group) => group == getpgrp(),
            // It is not the terminal of our session (any more: the session's leader is gone), so
            // there is no shell with which it would be shared.
            Err(Errno::NOTTY) => true,
            Err(_) => false,
        }
    }

    fn leave_until(&self, then: Held) {
        let mut held = lock(&self.held);
        match (*held, then) {
            (Held::Now, _) | (Held::Not, Held::NeverAgain) => {}
            _ => return,
        }
        if std::mem::replace(&mut *held, then) != Held::Now {
            return;
        }
        self.drawing.store(false, Ordering::SeqCst);
        if self.in_foreground() {
            self.write_at_last(&[LEAVE, CLEAR, LEAVE_SCREEN].concat());
            self.put_line_back();
        } else if self.may_set_the_line() {
            // What is shown is not ours to clear any more.
            self.write_at_last(&[LEAVE, LEAVE_SCREEN].concat());
            self.put_line_back();
        } else if !self.background_writes_stop() {
            // Somebody else has the terminal by now (we were stopped, and killed in that state).
            // Their modes are not ours to set, the kernel would stop us for trying, and what they
            // show is not ours to clear.
            self.write_at_last(&[LEAVE, LEAVE_SCREEN].concat());
        }
    }

    fn put_line_back(&self) {
        let put = || retry_on_intr(|| tcsetattr(&self.tty.input, OptionalActions::Now, &self.saved));
        // The shell may have taken the terminal in between.
        if put().is_err() && self.may_set_the_line() {
            let _nobody_left_to_tell = put();
        }
    }

    /// In the background, for the last time: whether whoever started us was killed, and the shell
    /// that has the terminal now is one of those that leave the line as they find it, so that nobody
    /// else would put it back. Then this leaves the session, outside of which nobody is stopped for
    /// it.
    fn may_set_the_line(&self) -> bool {
        let mut raw = self.saved.clone();
        raw.make_raw();
        getppid() != self.parent
            && tcgetattr(&self.tty.input).is_ok_and(|now| same_line(&now, &raw))
            && setsid().is_ok()
    }

    /// Runs what has the terminal meanwhile.
    pub(super) fn lend<T>(&self, other: impl FnOnce() -> T) -> T {
        self.lent.store(true, Ordering::SeqCst);
        let result = other();
        self.lent.store(false, Ordering::SeqCst);
        result
    }

    pub(super) fn lent(&self) -> bool {
        self.lent.load(Ordering::SeqCst)
    }

    /// Forgets what was typed and not yet read.
    pub(super) fn drop_typed(&self) -> io::Result<()> {
        retry_on_intr(|| tcflush(&self.tty.input, QueueSelector::IFlush))?;
        Ok(())
    }

    /// Writes all of it, waiting as long as the terminal makes us, unless the terminal is put back
    /// meanwhile. `ErrorKind::Interrupted` says that it was: not everything is on the screen.
    pub(super) fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            wait_for(&self.tty.output, PollFlags::OUT, None)?;
            let writing = lock(&self.writing);
            if !self.drawing.load(Ordering::SeqCst) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let written = write_some(&self.tty.output, bytes)?;
            drop(writing);
            bytes = bytes.get(written..).unwrap_or_default();
        }
        Ok(())
    }

    /// The last bytes. What the terminal has not taken in time is thrown away to make room.
    fn write_at_last(&self, mut bytes: &[u8]) {
        let Some(_writing) = self.stop_the_writer() else {
            return;
        };
        let mut thrown_away = false;
        let mut tries = PATIENCE.as_millis() / BETWEEN_TRIES.as_millis();
        while !bytes.is_empty() {
            match wait_for(&self.tty.output, PollFlags::OUT, Some(PATIENCE)) {
                Ok(Some(ready)) if ready.contains(PollFlags::OUT) => match write_some(&self.tty.output, bytes) {
                    // The kernel lets one process write at a time, and there is room: the shell that says what became of
                    // us is in the middle of it.
                    Ok(0) if tries > 0 => {
                        tries -= 1;
                        std::thread::sleep(BETWEEN_TRIES);
                    }
                    Ok(written) if written > 0 => {
                        bytes = bytes.get(written..).unwrap_or_default();
                    }
                    _ => return,
                },
                Ok(None) if !thrown_away => {
                    thrown_away = true;
                    let _best_effort = tcflush(&self.tty.output, QueueSelector::OFlush);
                }
                _ => return,
            }
        }
    }

    /// A write in progress ends at once where the descriptor does not block. Where it does, it may
    /// never end, and the bytes would not get past it anyway.
    fn stop_the_writer(&self) -> Option<MutexGuard<'_, ()>> {
        if !self.tty.output_blocks {
            return Some(lock(&self.writing));
        }
        const STEP: Duration = Duration::from_millis(10);
        for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
            match self.writing.try_lock() {
                Ok(guard) => return Some(guard),
                Err(TryLockError::Poisoned(guard)) => return Some(guard.into_inner()),
                Err(TryLockError::WouldBlock) => std::thread::sleep(STEP),
            }
        }
        None
    }

    fn background_writes_stop(&self) -> bool {
        tcgetattr(&self.tty.output).map_or(true, |t| t.local_modes.contains(LocalModes::TOSTOP))
    }
}

/// Whether nobody is at the other end any more. Waits for the news of it as long as for a terminal that takes nothing.
pub(super) fn hung_up(tty: &Tty) -> bool {
    // No events are asked for, so only a hang-up or an error ends this wait.
    matches!(wait_for(&tty.input, PollFlags::empty(), Some(PATIENCE)), Ok(Some(_)))
}

fn same_line(one: &Termios, other: &Termios) -> bool {
    one.input_modes == other.input_modes
        && one.output_modes == other.output_modes
        && one.control_modes == other.control_modes
        && one.local_modes == other.local_modes
}

/// A thread that panicked with the lock held has left nothing half-done: the values are flags.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The private modes a list of sequences sets with this last letter.
    fn modes(bytes: &[u8], last: char) -> BTreeSet<String> {
        std::str::from_utf8(bytes)
            .unwrap()
            .split('\x1b')
            .filter_map(|s| s.strip_prefix("[?")?.strip_suffix(last))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn leaving_undoes_every_mode_that_entering_or_drawing_sets() {
        let leave = [LEAVE, LEAVE_SCREEN].concat();
        let (on, off) = (modes(&leave, 'h'), modes(&leave, 'l'));
        let mut set = modes(ENTER, 'h');
        set.insert("2026".to_owned()); // while a frame is drawn
        assert!(set.is_subset(&off), "{set:?} {off:?}");
        let mut cleared = modes(ENTER, 'l');
        cleared.insert("25".to_owned()); // a frame without a cursor hides it
        assert!(
            cleared.iter().all(|mode| on.contains(mode) || off.contains(mode)),
            "{cleared:?} {on:?} {off:?}"
        );
        assert!(on.contains("7") && on.contains("25"));
        // A frame that was cut off may have left its region.
        assert!(leave.windows(3).any(|bytes| bytes == b"\x1b[r"));
    }
}
