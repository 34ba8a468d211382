//! The real program in a real terminal, as far as a test can have one: a pseudo-terminal with keys typed into one end
//! and a terminal emulator reading what comes out of it. What no in-process test can show is shown here: modes and
//! their reset, signals, job control, a terminal that goes away, and that an idle program does nothing.
//!
//! Nothing sleeps: every wait is for something seen, ends as soon as it is seen, and fails with the screen in the
//! message when it was not seen in time.
#![cfg(test)]

mod activity;
mod keys;
mod modes;
mod processes;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use pty_process::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use rustix::termios::Termios;

pub use activity::Activity;
use modes::Heard;
pub use processes::lives;

use crate::peers::Folder;

/// How long anything may take before a test fails: far more than it needs, for a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// More than anything takes that waits for nobody, on a busy machine too, and less than the program waits for any answer.
/// That it is under a second is what the table of the ways to die shows, which asks a busy machine once more.
pub const PROMPTLY: Duration = Duration::from_secs(5);

/// What to start and in which surroundings. The environment is empty but for PATH, TERM, LANG and a HOME of its own,
/// so that no setting and no credential of the person who runs the tests gets in.
pub struct Launch {
    program: OsString,
    arguments: Vec<OsString>,
    environment: BTreeMap<OsString, OsString>,
    columns: u16,
    rows: u16,
    home: Folder,
}

impl Launch {
    /// An 80x24 terminal and an empty home.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let home = Folder::new("home").unwrap();
        let environment = [
            ("PATH", std::env::var_os("PATH").unwrap_or_default()),
            ("HOME", home.path().as_os_str().to_owned()),
            ("TERM", "xterm-256color".into()),
            ("LANG", "C.UTF-8".into()),
        ];
        Self {
            program: program.as_ref().to_owned(),
            arguments: Vec::new(),
            environment: environment
                .into_iter()
                .map(|(name, value)| (name.into(), value))
                .collect(),
            columns: 80,
            rows: 24,
            home,
        }
    }

    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.arguments
            .extend(arguments.into_iter().map(|each| each.as_ref().to_owned()));
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.environment.insert(name.into(), value.as_ref().to_owned());
        self
    }

    /// Takes away one of the few that are set.
    pub fn env_remove(mut self, name: &str) -> Self {
        self.environment.remove(OsStr::new(name));
        self
    }

    /// Columns first, as in 80x24.
    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    /// The home folder, also the working directory; put a config there before `start`.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Starts it as the leader of a new session with the terminal as its own.
    pub fn start(self) -> Pty {
        let (master, slave) = pty_process::blocking::open().unwrap();
        master.resize(Size::new(self.rows, self.columns)).unwrap();
        // Reads and writes are waited for with poll, so that neither end can block the other for good.
        rustix::io::ioctl_fionbio(&master, true).unwrap();
        let before = rustix::termios::tcgetattr(&master).unwrap();
        let child = pty_process::blocking::Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .envs(&self.environment)
            .current_dir(self.home.path())
            .spawn(slave)
            .unwrap();
        let pid = Pid::from_child(&child);

        let seen = Arc::new((
            Mutex::new(Seen {
                terminal: vt100::Parser::new_with_callbacks(
                    at_least_one(self.rows),
                    at_least_one(self.columns),
                    0,
                    Heard::default(),
                ),
                raw: Vec::new(),
                paused: false,
                ended: false,
                exited: false,
            }),
            Condvar::new(),
        ));
        let master = Arc::new(master);
        // Not for the programs that other tests start meanwhile: they would keep it open.
        let (wake_reader, wake) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).unwrap();
        let reader = std::thread::spawn({
            let (master, seen) = (Arc::clone(&master), Arc::clone(&seen));
            move || read_on(&master, &wake_reader, &seen)
        });
        let waiter = std::thread::spawn({
            let seen = Arc::clone(&seen);
            move || {
                // NOWAIT leaves the process to be collected by the owner, so its id stays its own until then.
                let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
                let _ = rustix::process::waitid(WaitId::Pid(pid), options);
                change(&seen, |seen| seen.exited = true);
            }
        });
        Pty {
            child,
            pid,
            master: Some(master),
            before,
            seen,
            wake: Some(wake),
            reader: Some(reader),
            waiter: Some(waiter),
            escape: Cell::new(None),
            home: self.home,
        }
    }
}

/// A program running in a pseudo-terminal; killed, if it still runs, when this is dropped.
pub struct Pty {
    child: Child,
    pid: Pid,
    /// `None` once the terminal was closed.
    master: Option<Arc<pty_process::blocking::Pty>>,
    /// The modes of the line before the program ran.
    before: Termios,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    /// One byte toggles the pause, the end stops the reader.
    wake: Option<OwnedFd>,
    reader: Option<JoinHandle<()>>,
    waiter: Option<JoinHandle<()>>,
    /// The last key was Esc, and how much had been written by then. Until something more is written and waited for, what
    /// is typed next could arrive with it, and then the two are one key with Alt.
    escape: Cell<Option<usize>>,
    home: Folder,
}

struct Seen {
    terminal: vt100::Parser<Heard>,
    raw: Vec<u8>,
    paused: bool,
    /// Nobody holds the other end of the terminal any more, or we closed ours.
    ended: bool,
    exited: bool,
}

impl Seen {
    /// Inside a synchronized update the screen is half old, half new; a terminal would not show it either.
    fn between_frames(&self) -> bool {
        !self.terminal.callbacks().in_synchronized_update()
    }

    fn describe(&self) -> String {
        let screen = self.terminal.screen();
        let (rows, columns) = screen.size();
        let (row, column) = screen.cursor_position();
        let state = if self.exited { "ended" } else { "running" };
        format!(
            "{columns}x{rows}, cursor at column {column} of row {row}, {state}, {} bytes so far\n{}",
            self.raw.len(),
            screen.contents()
        )
    }
}

impl Pty {
    /// The program's process id.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Its home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Types keys: text is itself, the others are named in angle brackets (`<enter>`, `<c-s>`, `<s-tab>`, `<f1>`,
    /// `<a-x>`, `<lt>`). Everything arrives in one piece, like fast typing over a slow link; type twice with a wait
    /// in between when that matters.
    #[track_caller]
    pub fn keys(&self, keys: &str) {
        self.is_not_behind_an_escape();
        let before_the_last = keys.strip_suffix("<esc>").unwrap_or(keys);
        assert!(
            !before_the_last.contains("<esc>"),
            "Esc and what follows are Alt: {keys:?}"
        );
        match keys::bytes(keys) {
            Ok(bytes) => {
                let escapes = bytes.ends_with(b"\x1b");
                self.escape.set(escapes.then(|| self.raw_len()));
                self.bytes(&bytes);
            }
            Err(unknown) => panic!("no such key: <{unknown}> in {keys:?}"),
        }
    }

    /// Pastes as a terminal does, in brackets if the program asked for them.
    #[track_caller]
    pub fn paste(&self, text: &str) {
        self.is_not_behind_an_escape();
        if self.with_screen(vt100::Screen::bracketed_paste) {
            self.bytes(format!("\x1b[200~{text}\x1b[201~").as_bytes());
        } else {
            self.bytes(text.as_bytes());
        }
    }

    #[track_caller]
    fn is_not_behind_an_escape(&self) {
        assert!(
            self.escape.get().is_none(),
            "wait for what Esc does before the next key: together they are Alt"
        );
    }

    /// Puts bytes into the terminal as they are: for split sequences and replies of a terminal.
    pub fn bytes(&self, mut bytes: &[u8]) {
        let master = self.open_master();
        while !bytes.is_empty() {
            let mut ready = [PollFd::new(master, PollFlags::OUT)];
            let polled = poll(&mut ready, Some(&timespec(LIMIT))).unwrap();
            assert!(polled > 0, "the program reads no more input\n{}", self.describe());
            match (&mut &*master).write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => panic!("the terminal takes no input: {error}\n{}", self.describe()),
            }
        }
    }

    /// Changes the size, columns first; the program gets SIGWINCH.
    pub fn resize(&self, columns: u16, rows: u16) {
        change(&self.seen, |seen| {
            seen.terminal.set_size(at_least_one(rows), at_least_one(columns));
        });
        self.open_master().resize(Size::new(rows, columns)).unwrap();
    }

    /// Waits until the screen is as the closure wants it, and panics with the screen if it never is. The closure only
    /// sees whole frames.
    pub fn wait_for(&self, what: &str, mut is_there: impl FnMut(&vt100::Screen) -> bool) {
        let written = self.escape.take().unwrap_or_default();
        let seen = self.wait_until(|seen| {
            let is_newer = seen.raw.len() > written;
            is_newer && seen.between_frames() && is_there(seen.terminal.screen()) || (seen.ended && seen.exited)
        });
        assert!(
            is_there(seen.terminal.screen()),
            "never seen: {what}\n{}",
            seen.describe()
        );
    }

    /// Waits until a text is somewhere on the screen, on one row.
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(text, |screen| screen.contents().contains(text));
    }

    /// The screen as text, one line a row.
    pub fn screen_text(&self) -> String {
        self.with_screen(vt100::Screen::contents)
    }

    /// Looks at the screen as it is now: cells, colours, cursor.
    pub fn with_screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(lock(&self.seen).terminal.screen())
    }

    /// Every byte the program has written.
    pub fn raw(&self) -> Vec<u8> {
        lock(&self.seen).raw.clone()
    }

    /// The window title, if the program ever set one.
    pub fn title(&self) -> Option<String> {
        lock(&self.seen).terminal.callbacks().title()
    }

    /// The texts that were sent to the clipboard (OSC 52), oldest first.
    pub fn clipboard(&self) -> Vec<String> {
        lock(&self.seen).terminal.callbacks().clipboard()
    }

    /// Stops reading, like a stalled connection: soon the program's writes block.
    pub fn pause_reading(&self) {
        self.set_paused(true);
    }

    /// Reads on.
    pub fn resume_reading(&self) {
        self.set_paused(false);
    }

    fn set_paused(&self, paused: bool) {
        change(&self.seen, |seen| seen.paused = paused);
        if let Some(wake) = &self.wake {
            rustix::io::write(wake, b"x").unwrap();
        }
    }

    /// Sends a signal to the program alone.
    pub fn signal(&self, signal: Signal) {
        assert!(!lock(&self.seen).exited, "it ended before the signal");
        rustix::process::kill_process(self.pid, signal).unwrap();
    }

    /// Closes our end, as a dropped connection does: the program gets SIGHUP and its reads end.
    pub fn close_terminal(&mut self) {
        drop(self.wake.take());
        drop(self.master.take());
        // The reader holds the last share of the descriptor, until it sees its pipe end.
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
    }

    /// Waits for the program to end and for all it wrote to be read; panics with the screen if it goes on, or if
    /// something it started holds the terminal.
    pub fn wait_exit(&mut self) -> ExitStatus {
        {
            let seen = self.wait_until(|seen| seen.exited && (seen.ended || seen.paused));
            assert!(seen.exited, "it does not end\n{}", seen.describe());
            assert!(
                seen.ended || seen.paused,
                "it ended, but something holds its terminal\n{}",
                seen.describe()
            );
        }
        self.child.wait().unwrap()
    }

    /// What is not as it was before the program ran: modes of the line and of the terminal, in words. Empty is right.
    pub fn left_behind(&self) -> Vec<String> {
        let now = rustix::termios::tcgetattr(self.open_master()).unwrap();
        let mut left = modes::line_differences(&self.before, &now);
        let seen = lock(&self.seen);
        left.extend(modes::terminal_differences(
            seen.terminal.screen(),
            seen.terminal.callbacks(),
        ));
        left
    }

    /// What the program and everything in its session have used and written since they began. Linux only.
    pub fn activity(&self) -> io::Result<Activity> {
        Activity::of_session(self.pid, self.raw_len())
    }

    /// The same for the next while. Being idle is the absence of events, so this one wait has nothing to wait for and
    /// lasts its whole time.
    pub fn activity_over(&self, interval: Duration) -> io::Result<Activity> {
        let before = self.activity()?;
        let (seen, changed) = &*self.seen;
        let guard = seen.lock().unwrap_or_else(PoisonError::into_inner);
        drop(changed.wait_timeout_while(guard, interval, |_| true));
        Ok(self.activity()?.since(&before))
    }

    /// The first of five such whiles in which it idled, else the last: what ended the keys before, a draft written or a thread
    /// that goes, may take its time on a busy machine.
    pub fn idles(&self, interval: Duration, is_idle: impl Fn(&Activity) -> bool) -> Activity {
        let mut over = self.activity_over(interval).unwrap();
        for _ in 1..5 {
            if is_idle(&over) {
                break;
            }
            over = self.activity_over(interval).unwrap();
        }
        over
    }

    fn raw_len(&self) -> usize {
        lock(&self.seen).raw.len()
    }

    fn describe(&self) -> String {
        lock(&self.seen).describe()
    }

    fn open_master(&self) -> &pty_process::blocking::Pty {
        match &self.master {
            Some(master) => master,
            None => panic!("the terminal is closed"),
        }
    }

    /// Waits at most [`LIMIT`]; the caller looks again at what it asked for.
    fn wait_until(&self, mut done: impl FnMut(&Seen) -> bool) -> MutexGuard<'_, Seen> {
        let (seen, changed) = &*self.seen;
        let guard = seen.lock().unwrap_or_else(PoisonError::into_inner);
        changed
            .wait_timeout_while(guard, LIMIT, |seen| !done(seen))
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // For a program that was already collected both calls do nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
        drop(self.wake.take());
        drop(self.master.take());
        for thread in [self.reader.take(), self.waiter.take()].into_iter().flatten() {
            // A panic of a thread has been reported by itself; another one here would abort the test binary.
            let _ = thread.join();
        }
    }
}

/// The reader's life: everything that comes out goes into the terminal, until the other end is closed or ours is.
fn read_on(master: &pty_process::blocking::Pty, wake: &OwnedFd, seen: &(Mutex<Seen>, Condvar)) {
    let mut buffer = [0; 16 * 1024];
    loop {
        let paused = lock(seen).paused;
        let ready = {
            let mut both = [PollFd::new(wake, PollFlags::IN), PollFd::new(master, PollFlags::IN)];
            // A paused terminal is not looked at at all: its end would be reported whatever was asked for.
            let looked_at = if paused { &mut both[..1] } else { &mut both[..] };
            match poll(looked_at, None) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => break,
            }
            both.map(|each| each.revents())
        };
        if ready[0].contains(PollFlags::IN) {
            let mut toggled = [0; 16];
            let _ = rustix::io::read(wake, &mut toggled);
            continue;
        }
        if !ready[0].is_empty() {
            break;
        }
        if ready[1].is_empty() {
            continue;
        }
        match (&mut &*master).read(&mut buffer) {
            // Linux reports the end as an error (EIO), others as no bytes.
            Ok(0) => break,
            Ok(count) => change(seen, |seen| {
                seen.raw.extend_from_slice(&buffer[..count]);
                seen.terminal.process(&buffer[..count]);
            }),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
    }
    change(seen, |seen| seen.ended = true);
}

fn lock(seen: &(Mutex<Seen>, Condvar)) -> MutexGuard<'_, Seen> {
    seen.0.lock().unwrap_or_else(PoisonError::into_inner)
}

fn change(seen: &(Mutex<Seen>, Condvar), change: impl FnOnce(&mut Seen)) {
    change(&mut lock(seen));
    seen.1.notify_all();
}

/// The kernel allows a terminal of no size, the parser does not.
fn at_least_one(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).unwrap_or(NonZeroU16::MIN)
}

fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: duration.subsec_nanos().into(),
    }
}

mod tests;
