//! Who runs in the terminal's session: the program is two processes, and both have to be gone in the end.

use std::fs;

use rustix::process::Pid;

use super::Pty;

/// One process that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    pub pid: Pid,
    pub parent: Option<Pid>,
    /// As in `/proc/PID/cmdline`.
    pub arguments: Vec<u8>,
    /// As in `/proc/PID/stat`: R, S, T and so on.
    pub state: char,
}

impl Process {
    /// Nobody has asked how it ended.
    fn has_ended(&self) -> bool {
        matches!(self.state, 'Z' | 'X')
    }
}

/// Whether a process has not ended, in whichever session it is by now. Linux only.
pub fn lives(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    stat.is_ok_and(|stat| parse(&stat).is_some_and(|(_, process)| !process.has_ended()))
}

impl Pty {
    /// What lives in the program's session: itself, what it started, and what started it in there. Linux only.
    pub fn processes(&self) -> Vec<Process> {
        of_session(self.pid)
    }

    /// The process that draws, where another one with the same arguments waits for it. Linux only.
    pub fn console(&self) -> Pid {
        let all = self.processes();
        let waits_for = |each: &Process| {
            let parent = all.iter().find(|other| Some(other.pid) == each.parent);
            parent.is_some_and(|parent| parent.arguments == each.arguments)
        };
        match all.iter().find(|each| waits_for(each)) {
            Some(console) => console.pid,
            None => panic!("nobody waits for anybody: {all:?}\n{}", self.describe()),
        }
    }
}

/// Everything that lives in the session of this leader, the leader included. Linux only.
fn of_session(leader: Pid) -> Vec<Process> {
    let numbered = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let name = entry.unwrap().file_name();
        name.to_str()?.parse::<i32>().ok()
    });
    numbered
        // A process may end between any two reads; then it is no longer in the session.
        .filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/stat")).ok())
        .filter_map(|stat| parse(&stat))
        .filter(|(session, process)| *session == leader.as_raw_nonzero().get() && !process.has_ended())
        .map(|(_, process)| Process {
            arguments: fs::read(format!("/proc/{}/cmdline", process.pid)).unwrap_or_default(),
            ..process
        })
        .collect()
}

/// The session and the process (proc_pid_stat(5): fields 1 to 4 and 6).
fn parse(stat: &str) -> Option<(i32, Process)> {
    // The name stands in parentheses and may hold anything, spaces and parentheses too.
    let (before, fields) = stat.rsplit_once(')')?;
    let (pid, _name) = before.split_once(" (")?;
    let mut fields = fields.split_whitespace();
    let state = fields.next()?.chars().next()?;
    let parent: i32 = fields.next()?.parse().ok()?;
    let _group = fields.next()?;
    let session = fields.next()?.parse().ok()?;
    let process = Process {
        pid: Pid::from_raw(pid.parse().ok()?)?,
        parent: Pid::from_raw(parent),
        arguments: Vec::new(),
        state,
    };
    Some((session, process))
}

mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_parentheses_does_not_move_the_fields() {
        let (session, process) = parse("7 (a) (b c) S 5 7 42 0 -1 0").unwrap();
        assert_eq!((session, process.state), (42, 'S'));
        assert_eq!(
            (process.pid, process.parent),
            (Pid::from_raw(7).unwrap(), Pid::from_raw(5))
        );
        assert_eq!(parse("7 (a) S 1"), None);
    }
}
