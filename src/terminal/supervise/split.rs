//! How one process becomes two: the one that waits, and its child, which draws.

use std::{
    env,
    ffi::OsString,
    io,
    os::unix::process::CommandExt as _,
    process::{self, Command},
};

use rustix::{
    io::Errno,
    process::{Pid, getpid, getppid},
};
use signal_hook::{
    consts::SIGCHLD,
    iterator::{SignalsInfo, exfiltrator::WithOrigin},
};

use super::{Ending, HEARD, Options, SuperviseError, attend, end_with, remember};

/// Which of the two a process has become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one that draws.
    Child,
    /// The one that waits, and how the child has ended.
    Parent(Ending),
}

/// Becomes two processes; the parent comes back when the child has ended. To be called while there is
/// one thread, and on the main one: the kernel takes the end of the thread that made a child for the
/// end of its parent.
pub fn split(options: &Options) -> Result<Side, SuperviseError> {
    if cfg!(target_os = "linux") {
        by_fork(options)
    } else {
        by_start(options)
    }
}

/// By fork(2): loading a program of this size takes longer than its first frame, so it is loaded once.
/// The child has no other thread, and what another held locked would stay locked.
fn by_fork(options: &Options) -> Result<Side, SuperviseError> {
    let modes = remember(options)?;
    let parent = getpid();
    // Before there are two: whoever started us may have had SIGCHLD ignored, and then neither the
    // parent nor the child, which starts an editor, would be told how a child of its own has ended.
    let signals = SignalsInfo::<WithOrigin>::new([SIGCHLD])?;
    match fork::fork()? {
        fork::Fork::Child => {
            drop(signals);
            child_of(parent)
        }
        fork::Fork::Parent(child) => {
            // Not before there is a child, or it would have the parent's handlers until it sets its own.
            // What ends the parent before these are set ends the child too: the kernel tells it.
            let handle = signals.handle();
            HEARD.iter().try_for_each(|signal| handle.add_signal(*signal))?;
            let child = Pid::from_raw(child).ok_or(io::Error::from(Errno::CHILD))?;
            Ok(Side::Parent(attend(child, &modes, signals)?))
        }
    }
}

/// Says to the child whose it is. It counts only while that process is its parent, so that a console
/// started from its editor, or from a shell behind it, is not mistaken for it.
const PARENT: &str = "COGNITUI_SUPERVISOR";

/// By starting this program once more: what macOS finds certificates with refuses to work in a process
/// that was forked.
fn by_start(options: &Options) -> Result<Side, SuperviseError> {
    if let Some(parent) = parent_by_name() {
        return child_of(parent);
    }
    let modes = remember(options)?;
    // Before there is a child: whatever comes from now on is for it.
    let signals = SignalsInfo::new(HEARD)?;
    let child = Pid::from_child(&this_program()?.spawn()?);
    Ok(Side::Parent(attend(child, &modes, signals)?))
}

fn child_of(parent: Pid) -> Result<Side, SuperviseError> {
    if end_with(parent)? {
        return Ok(Side::Child);
    }
    // Nobody waits for this one any more.
    process::exit(1)
}

/// Which process has started this one to be its child.
fn parent_by_name() -> Option<Pid> {
    let said: i32 = env::var_os(PARENT)?.to_str()?.parse().ok()?;
    Pid::from_raw(said).filter(|said| getppid() == Some(*said))
}

/// This program with the arguments it was given.
fn this_program() -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    let mut arguments = env::args_os();
    let name = arguments.next().unwrap_or_else(|| OsString::from("cognitui"));
    command
        .arg0(name)
        .args(arguments)
        .env(PARENT, getpid().as_raw_nonzero().to_string());
    Ok(command)
}
