//! The shell's job control reaches both processes, whichever of them is stopped or continued; and what there is without
//! the one that waits.

use std::fs;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::super::{Hands, NOTHING, cognitui, now, pause, shell};
use crate::peers::Folder;
use crate::pty::{PROMPTLY, Pty, lives};

/// An interactive shell with the demo as its job.
fn job() -> Pty {
    job_of("bash --norc --noprofile -i")
}

fn job_of(interactive: &str) -> Pty {
    let pty = shell(&format!("PS1='$ ' HISTFILE= exec {interactive}")).start();
    pty.wait_for_text("$ ");
    pty.keys("clear; \"$COGNITUI\" --demo; echo code $?<enter>");
    pty.opens_customers();
    pty
}

/// The process that the shell started.
fn parent(pty: &Pty) -> Pid {
    let console = pty.console();
    let processes = pty.processes();
    let console = processes.iter().find(|each| each.pid == console).unwrap();
    console.parent.unwrap()
}

fn shell_has_it(pty: &Pty) {
    pty.wait_for("the shell's screen and prompt", |screen| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with('$')
    });
}

/// Back in the foreground: it draws, and every key arrives.
fn fg(pty: &Pty) {
    pty.keys("clear; echo the shell is here<enter>");
    pty.wait_for("the shell alone", |screen| {
        let text = screen.contents();
        text.contains("\nthe shell is here") || text.starts_with("the shell is here")
    });
    pty.keys("fg<enter>");
    works(pty);
}

fn works(pty: &Pty) {
    pty.wait_for("the list", |screen| {
        screen.alternate_screen() && screen.contents().contains("jane@example.com")
    });
    pty.has_taken_everything();
}

fn states(pty: &Pty) -> Vec<char> {
    let both = [parent(pty), pty.console()];
    let processes = pty.processes();
    both.iter()
        .map(|pid| processes.iter().find(|each| each.pid == *pid).unwrap().state)
        .collect()
}

fn both_stop(pty: &Pty) {
    for _ in 0..1_000 {
        if states(pty) == ['T', 'T'] {
            return;
        }
        pause(10);
    }
    panic!("{:?}\n{}", states(pty), pty.screen_text());
}

#[test]
fn ctrl_z_stops_both_and_fg_continues_both() {
    let pty = job();
    for _ in 0..3 {
        pty.keys("<c-z>");
        shell_has_it(&pty);
        both_stop(&pty);
        fg(&pty);
    }
}

#[test]
fn stopped_alone_the_console_takes_its_parent_along() {
    let pty = job();
    for signal in [Signal::STOP, Signal::TSTP] {
        kill_process(pty.console(), signal).unwrap();
        shell_has_it(&pty);
        both_stop(&pty);
        fg(&pty);
    }
}

#[test]
fn continued_alone_in_the_background_either_stops_again() {
    let pty = job();
    pty.keys("<c-z>");
    shell_has_it(&pty);
    for pid in [parent(&pty), pty.console()] {
        kill_process(pid, Signal::CONT).unwrap();
        pause(400); // longer than it takes to stop again
        both_stop(&pty);
    }
    fg(&pty);
}

#[test]
fn stopped_alone_the_parent_leaves_the_keys_to_the_shell() {
    let pty = job();
    kill_process(parent(&pty), Signal::STOP).unwrap();
    pty.wait_for_text("Stopped");
    pty.keys("echo typed $((6 * 7))<enter>");
    pty.wait_for_text("typed 42");
    fg(&pty);
    // Continued where it was, it draws what may be gone.
    kill_process(parent(&pty), Signal::STOP).unwrap();
    pty.wait_for_text("Stopped");
    fg(&pty);
}

#[test]
fn a_suspended_job_ends_by_its_number() {
    let pty = job();
    pty.keys("<c-z>");
    shell_has_it(&pty);
    both_stop(&pty);
    pty.keys("clear; kill %1<enter>");
    for _ in 0..1_000 {
        if pty.processes().len() == 1 {
            break;
        }
        pause(10);
    }
    assert_eq!(pty.processes().len(), 1, "the shell alone is left");
    pty.keys("<enter>");
    pty.wait_for_text("Exit 143");
}

#[test]
fn killed_while_it_is_suspended_it_leaves_the_shells_screen_alone() {
    let pty = job();
    pty.keys("<c-z>");
    shell_has_it(&pty);
    both_stop(&pty);
    kill_process(pty.console(), Signal::KILL).unwrap();
    pty.keys("clear; echo of the shell; fg; echo code $?<enter>");
    pty.wait_for_text("code 137");
    let screen = pty.screen_text();
    assert!(screen.contains("of the shell"), "{screen}");
    assert!(screen.contains("SIGKILL"), "{screen}");
}

/// Also by a shell that leaves the line as it finds it, as the POSIX one of many systems does.
#[test]
fn a_killed_parent_is_noticed_in_the_shell_too() {
    for interactive in ["bash --norc --noprofile -i", "sh -i"] {
        let pty = job_of(interactive);
        let (parent, console) = (parent(&pty), pty.console());
        let start = now();
        kill_process(parent, Signal::KILL).unwrap();
        // Where it has to put the line back from outside the session it lives on out there.
        while lives(console) {
            let took = start.elapsed();
            assert!(took < PROMPTLY, "{took:?}: {:?}", pty.processes());
            pause(2);
        }
        pty.wait_for("the shell's own screen", |screen| !screen.alternate_screen());
        pty.keys("<enter>clear; stty -a | tr ' ' '\\n' | grep -c -x -e icanon -e echo -e isig -e opost | sed s/^/modes:/<enter>");
        pty.wait_for_text("modes:4");
    }
}

#[test]
fn started_with_sigchld_ignored_it_still_learns_how_the_console_ended() {
    let mut pty = shell("trap '' CHLD; exec \"$COGNITUI\" --demo").start();
    pty.opens_customers();
    kill_process(pty.console(), Signal::KILL).unwrap();
    assert_eq!(pty.wait_exit().code(), Some(137));
    assert_eq!(pty.left_behind(), NOTHING);
}

#[test]
fn without_a_supervisor_there_is_one_process_and_it_restores_what_it_can() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::ABORT, 134)] {
        let mut pty = cognitui(["--demo", "--no-supervisor"]).start();
        pty.opens_customers();
        assert_eq!(pty.processes().len(), 1);
        pty.signal(signal);
        assert_eq!(pty.wait_exit().code(), Some(code));
        assert_eq!(pty.left_behind(), NOTHING);
    }
}

#[test]
fn neither_process_can_leave_a_core_file() {
    let pty = cognitui(["--demo"]).start();
    pty.wait_for_text("us-east-1_B4nkMfA77");
    for pid in [pty.pid(), pty.console()] {
        let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size"));
        let numbers: Vec<&str> = core.unwrap().split_whitespace().skip(4).take(2).collect();
        assert_eq!(numbers, ["0", "0"], "{core:?}");
    }
}

#[test]
fn arguments_and_standard_input_reach_the_console_as_they_were_given() {
    // A token that is no token is refused by the one that read it, in its words.
    let mut pty = shell("printf 'not-a-token\\n' | \"$COGNITUI\" --access-token -; echo code $?")
        .size(200, 24)
        .start();
    pty.wait_exit();
    let screen = pty.screen_text();
    assert!(
        screen.contains("--access-token -: ") && screen.contains("code 2"),
        "{screen}"
    );

    let pty = cognitui(["--demo", "--user-pool-id", "us-east-1_StaffAbc1", "--", "-x y\u{e9}"]).start();
    pty.wait_for_text("-x y\u{e9}");
    let arguments: Vec<Vec<u8>> = pty.processes().into_iter().map(|each| each.arguments).collect();
    assert_eq!(arguments.len(), 2);
    assert_eq!(arguments[0], arguments[1]);
}

#[test]
fn commands_without_a_screen_take_no_such_switch() {
    let home = Folder::new("no-supervisor").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cognitui"))
        .args(["--no-supervisor", "config", "path"])
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}
