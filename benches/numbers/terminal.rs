//! A program in a pseudo-terminal: when what appears there, how many bytes it took, what it costs to leave it alone.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::{Failed, now};

/// How long anything may take before it is given up.
const LIMIT: Duration = Duration::from_secs(60);
/// A program is quiet that has written nothing for this long.
const QUIET: Duration = Duration::from_millis(60);

/// The beginning and the end of each of the console's frames that is longer than a thousand bytes.
const BEGIN: &[u8] = b"\x1b[?2026h";
pub const FRAME: &[u8] = b"\x1b[?2026l";

pub struct Running {
    master: Pty,
    child: Child,
    pub started: Instant,
    /// Everything that was written.
    pub written: Vec<u8>,
}

/// Starts a program with an empty environment but for what any terminal has and `environment`.
pub fn start(
    program: &Path,
    arguments: &[&str],
    environment: &[(&str, &OsStr)],
    home: &Path,
    (columns, rows): (u16, u16),
) -> Result<Running, Failed> {
    let (master, slave) = open()?;
    master.resize(Size::new(rows, columns))?;
    let command = Command::new(program)
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("TERM", "xterm-256color")
        .env("LANG", "C.UTF-8")
        .envs(environment.iter().copied())
        .current_dir(home);
    let started = now();
    let child = command.spawn(slave)?;
    Ok(Running {
        master,
        child,
        started,
        written: Vec::new(),
    })
}

/// How long an answer took.
#[derive(Clone, Copy)]
pub struct Answered {
    /// Until the frame begins that shows the first of it.
    pub first: Duration,
    /// Until the last one begins.
    pub whole: Duration,
}

impl Running {
    /// Reads what is there within a time. False: nothing came, or the program ended.
    fn read(&mut self, wait: Duration) -> Result<bool, Failed> {
        let mut polled = [PollFd::new(&self.master, PollFlags::IN)];
        let timeout = Timespec {
            tv_sec: i64::try_from(wait.as_secs())?,
            tv_nsec: wait.subsec_nanos().into(),
        };
        if poll(&mut polled, Some(&timeout))? == 0 {
            return Ok(false);
        }
        let mut bytes = [0; 65536];
        // The other end is closed: an error on Linux.
        let count = self.master.read(&mut bytes).unwrap_or(0);
        self.written.extend_from_slice(bytes.get(..count).unwrap_or_default());
        Ok(count > 0)
    }

    /// Reads until something was written behind `from`, and says when.
    pub fn until(&mut self, what: &[u8], from: usize) -> Result<Instant, Failed> {
        let begun = now();
        loop {
            let behind = self.written.get(from..).unwrap_or_default();
            if behind.windows(what.len()).any(|part| part == what) {
                return Ok(now());
            }
            if !self.read(Duration::from_millis(200))? && now().duration_since(begun) > LIMIT {
                let what = String::from_utf8_lossy(what).into_owned();
                return Err(format!("{what:?} never came: {:?}", self.tail()).into());
            }
        }
    }

    fn tail(&self) -> String {
        let from = self.written.len().saturating_sub(2000);
        String::from_utf8_lossy(self.written.get(from..).unwrap_or_default()).into_owned()
    }

    /// Reads until nothing more comes.
    pub fn quiet(&mut self) -> Result<(), Failed> {
        while self.read(QUIET)? {}
        Ok(())
    }

    /// Presses keys; how long until the first byte of the answer, and how many bytes it has.
    pub fn press(&mut self, keys: &[u8]) -> Result<(Duration, usize), Failed> {
        self.quiet()?;
        let from = self.written.len();
        let begun = now();
        self.master.write_all(keys)?;
        while !self.read(LIMIT)? {
            if now().duration_since(begun) > LIMIT {
                return Err(format!("no answer to a key: {:?}", self.tail()).into());
            }
        }
        let took = now().duration_since(begun);
        self.quiet()?;
        Ok((took, self.written.len() - from))
    }

    pub fn write(&mut self, keys: &[u8]) -> Result<(), Failed> {
        Ok(self.master.write_all(keys)?)
    }

    /// Presses keys; how long until anything is written, which more may follow.
    pub fn echo(&mut self, keys: &[u8]) -> Result<Duration, Failed> {
        // What came before belongs to something else.
        while self.read(Duration::ZERO)? {}
        let begun = now();
        self.write(keys)?;
        if !self.read(LIMIT)? {
            return Err(format!("no answer to a key: {:?}", self.tail()).into());
        }
        Ok(now() - begun)
    }

    /// Presses keys that ask for something; how long until its frames begin.
    pub fn answer(&mut self, keys: &[u8]) -> Result<Answered, Failed> {
        self.quiet()?;
        let before = self.written.len();
        let begun = now();
        let mut frames = vec![self.echo(keys)?];
        let mut from = self.written.len();
        while self.read(QUIET)? {
            // A long frame may take several readings. A short one comes in one, between two frames.
            let goes_on = self.is_within_a_frame(before, from);
            if !goes_on || self.has(BEGIN, from) {
                frames.push(now() - begun);
            }
            from = self.written.len();
        }
        // The first frame shows the key alone, unless the answer was there as soon.
        let first = frames.get(1).or(frames.first()).copied().unwrap_or_default();
        let whole = frames.last().copied().unwrap_or_default();
        Ok(Answered { first, whole })
    }

    /// Whether what was written from one place to another ends in the middle of a long frame.
    fn is_within_a_frame(&self, from: usize, to: usize) -> bool {
        let written = self.written.get(from..to).unwrap_or_default();
        let last = |mark: &[u8]| written.windows(mark.len()).rposition(|part| part == mark);
        last(BEGIN) > last(FRAME)
    }

    /// Whether something was written behind `from`.
    pub fn has(&self, what: &[u8], from: usize) -> bool {
        let behind = self.written.get(from..).unwrap_or_default();
        behind.windows(what.len()).any(|part| part == what)
    }

    /// Bytes of memory that the program itself takes.
    pub fn memory(&self) -> Result<u64, Failed> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes: u64 = line
            .and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok())
            .ok_or("no VmRSS")?;
        Ok(kilobytes * 1024)
    }

    /// Lets it alone: bytes written and processor time used meanwhile, by every process of its session.
    pub fn alone(&mut self, time: Duration) -> Result<(usize, Duration), Failed> {
        self.quiet()?;
        let (bytes, ticks, begun) = (self.written.len(), self.ticks()?, now());
        loop {
            let left = time.saturating_sub(now().duration_since(begun));
            if left.is_zero() {
                break;
            }
            self.read(left)?;
        }
        let ticks = self.ticks()?.saturating_sub(ticks);
        Ok((
            self.written.len() - bytes,
            // The kernel counts in hundredths of a second, whatever its own ticks are.
            Duration::from_millis(ticks * 10),
        ))
    }

    /// Processor time of the session, from the kernel (proc_pid_stat(5): fields 6, 14 and 15).
    fn ticks(&self) -> Result<u64, Failed> {
        let session = i64::from(self.child.id());
        let mut sum = 0;
        for process in fs::read_dir("/proc")? {
            // A process may end between any two reads.
            let Ok(stat) = fs::read_to_string(process?.path().join("stat")) else {
                continue;
            };
            let Some((_, fields)) = stat.rsplit_once(')') else {
                continue;
            };
            let fields: Vec<i64> = fields
                .split_whitespace()
                .map(|field| field.parse().unwrap_or(0))
                .collect();
            if fields.get(3) == Some(&session)
                && let (Some(user), Some(system)) = (fields.get(11), fields.get(12))
            {
                sum += u64::try_from(user + system)?;
            }
        }
        Ok(sum)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It leads a session and a group of its own, a second process of it included. It may have ended by itself.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}
