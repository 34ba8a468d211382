//! What an idle program costs, from the kernel's own counters, because "idle means zero" is a number or it is nothing.

use std::fs;
use std::io;
use std::path::Path;

use rustix::process::Pid;

/// Counters of every process in one session, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Bytes that reached the terminal.
    pub bytes_written: u64,
    /// User and system time, in clock ticks (usually hundredths of a second).
    pub cpu_ticks: u64,
    /// How often a thread went from running to waiting or was made to wait: each wake-up ends in one.
    pub context_switches: u64,
}

impl Activity {
    /// Reads the counters of the session that this process leads.
    pub fn of_session(leader: Pid, bytes_written: usize) -> io::Result<Self> {
        let mut sum = Self {
            bytes_written: bytes_written.try_into().unwrap_or(u64::MAX),
            ..Self::default()
        };
        for process in fs::read_dir("/proc")? {
            let process = process?.path();
            let numbered = process
                .file_name()
                .and_then(|name| name.to_str())
                .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
            // A process may end between any two reads; then it is no longer in the session.
            if numbered && let Ok(stat) = fs::read_to_string(process.join("stat")) {
                let stat = Stat::parse(&stat)?;
                if stat.session == leader.as_raw_nonzero().get() {
                    sum.cpu_ticks += stat.cpu_ticks;
                    sum.context_switches += context_switches(&process).unwrap_or(0);
                }
            }
        }
        Ok(sum)
    }

    /// What was added since an earlier reading.
    pub fn since(&self, before: &Self) -> Self {
        Self {
            bytes_written: self.bytes_written.saturating_sub(before.bytes_written),
            cpu_ticks: self.cpu_ticks.saturating_sub(before.cpu_ticks),
            context_switches: self.context_switches.saturating_sub(before.context_switches),
        }
    }
}

/// The three fields of `/proc/PID/stat` that matter here (proc_pid_stat(5): 6, 14 and 15).
struct Stat {
    session: i32,
    cpu_ticks: u64,
}

impl Stat {
    fn parse(stat: &str) -> io::Result<Self> {
        let unreadable = || io::Error::other(format!("not a process status: {stat}"));
        // The second field is the program's name in parentheses and may hold anything, spaces and parentheses too.
        let (_, fields) = stat.rsplit_once(')').ok_or_else(unreadable)?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let number = |number: usize| {
            let field = fields.get(number - 3)?;
            field.parse::<i64>().ok()
        };
        let read = || {
            Some(Self {
                session: number(6)?.try_into().ok()?,
                cpu_ticks: (number(14)? + number(15)?).try_into().ok()?,
            })
        };
        read().ok_or_else(unreadable)
    }
}

/// Voluntary and not, of all threads that a process has now.
fn context_switches(process: &Path) -> io::Result<u64> {
    let mut sum = 0;
    for thread in fs::read_dir(process.join("task"))? {
        // A thread may end between any two reads; what it did is then no longer counted.
        let Ok(status) = fs::read_to_string(thread?.path().join("status")) else {
            continue;
        };
        sum += status
            .lines()
            .filter(|line| line.contains("voluntary_ctxt_switches:"))
            .filter_map(|line| line.split_once(':'))
            .filter_map(|(_, count)| count.trim().parse::<u64>().ok())
            .sum::<u64>();
    }
    Ok(sum)
}

mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_parentheses_does_not_move_the_fields() {
        let stat = Stat::parse("7 (a) (b c) S 1 7 42 0 -1 0 0 0 0 0 11 22 0 0 20 0 1").unwrap();
        assert_eq!((stat.session, stat.cpu_ticks), (42, 33));
        assert!(Stat::parse("7 (a) S 1").is_err());
    }
}
