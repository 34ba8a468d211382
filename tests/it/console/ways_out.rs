//! Every way the program ends or is stopped: the terminal is as it was, the exit code says why, and nobody waits.

use std::time::Duration;

use cognitui::emulator::Fault;
use rustix::process::Signal;
use vt100::Screen;

use super::service::Service;
use super::{CUSTOMERS, Hands, NOTHING, cognitui, now, pause, shell, state};
use crate::pty::{PROMPTLY, Pty};

/// The exit code, and how long it took from now.
fn ends(pty: &mut Pty) -> (Option<i32>, Duration) {
    let start = now();
    let code = pty.wait_exit().code();
    (code, start.elapsed())
}

/// The kinds of the journal's lines.
fn journal(pty: &Pty) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(state(pty.home()).join("journal")) else {
        return Vec::new();
    };
    let lines = folder.flat_map(|entry| {
        let path = entry.unwrap().path();
        let is_journal = path.extension().is_some_and(|extension| extension == "jsonl");
        let text = if is_journal {
            std::fs::read_to_string(path).unwrap()
        } else {
            String::new()
        };
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    lines
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(&line).unwrap();
            let kind = ["intent", "outcome", "seen"]
                .into_iter()
                .find(|kind| line.get(kind).is_some());
            kind.unwrap_or("other").to_owned()
        })
        .collect()
}

/// Jane's review on a service, with the focus on Send.
fn review(service: &Service) -> Pty {
    let pty = service.console(["jane.doe"]).start();
    pty.wait_for_text("User jane.doe");
    pty.settles()
        .opens_form("jane.doe")
        .types("name", "Jane Other")
        .reviews("jane.doe");
    pty
}

#[test]
fn signals_restore_the_terminal_and_show_in_the_exit_code() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
    ] {
        let mut pty = cognitui(["--demo"]).start();
        pty.opens_customers();
        pty.signal(signal);
        let (ended, after) = ends(&mut pty);
        assert_eq!(ended, Some(code));
        assert!(after < PROMPTLY, "{after:?}");
        assert_eq!(pty.left_behind(), NOTHING);
        let screen = pty.screen_text();
        assert!(!screen.contains("jane"), "{screen}");
    }
}

#[test]
fn a_signal_is_obeyed_while_the_terminal_takes_nothing() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut pty = cognitui(["--demo"]).size(1000, 500).start();
        pty.opens_customers();
        pty.pause_reading();
        for _ in 0..50 {
            pty.keys("<c-l>");
            pause(10); // a frame each, until the line is full
        }
        pty.signal(signal);
        let (ended, after) = ends(&mut pty);
        assert_eq!(ended, Some(code));
        assert!(after < PROMPTLY, "{after:?}");
        pty.resume_reading();
        pty.wait_exit();
        assert_eq!(pty.left_behind(), NOTHING);
        let raw = pty.raw();
        let frames = raw.windows(4).filter(|four| four == b"\x1b[2J").count();
        assert!(frames < 50, "it was not stuck: {frames} frames");
    }
}

#[test]
fn a_signal_is_obeyed_while_a_write_hangs_and_the_journal_has_it() {
    let service = Service::start();
    let mut pty = review(&service);
    service
        .emulator
        .inject(Fault::hang().on("AdminUpdateUserAttributes").always());
    pty.confirms("sending");
    service.receives_a_write(&pty);
    pty.signal(Signal::TERM);
    let (ended, after) = ends(&mut pty);
    assert_eq!(ended, Some(143));
    assert!(after < PROMPTLY, "{after:?}");
    assert_eq!(pty.left_behind(), NOTHING);
    assert_eq!(
        journal(&pty),
        ["intent"],
        "what was sent is on disk, what came of it is not known"
    );
    assert_eq!(service.writes(), 1);
}

#[test]
fn a_write_that_is_answered_in_a_moment_still_reaches_the_journal() {
    let service = Service::start();
    let mut pty = review(&service);
    service
        .emulator
        .inject(Fault::latency(Duration::from_millis(50)).on("AdminUpdateUserAttributes"));
    pty.confirms_at_once();
    service.receives_a_write(&pty);
    pty.signal(Signal::TERM);
    let (ended, after) = ends(&mut pty);
    assert_eq!(ended, Some(143));
    assert!(after < PROMPTLY, "{after:?}");
    assert_eq!(pty.left_behind(), NOTHING);
    let journal = journal(&pty);
    assert!(
        journal.starts_with(&["intent".to_owned(), "outcome".to_owned()]),
        "{journal:?}"
    );
}

#[test]
fn a_terminal_that_goes_away_ends_the_program_at_once() {
    let mut pty = cognitui(["--demo"]).start();
    pty.opens_customers();
    pty.close_terminal();
    let (ended, after) = ends(&mut pty);
    assert_eq!(ended, Some(129));
    assert!(after < PROMPTLY, "{after:?}");
}

#[test]
fn a_terminal_that_goes_away_ends_it_with_the_signal_ignored_too() {
    let mut pty = shell("trap '' HUP; exec \"$COGNITUI\" --demo").start();
    pty.opens_customers();
    pty.close_terminal();
    let (ended, after) = ends(&mut pty);
    assert_eq!(ended, Some(129));
    assert!(after < PROMPTLY, "{after:?}");
}

#[test]
fn a_terminal_that_goes_away_under_a_hanging_request_ends_it() {
    let service = Service::start();
    service.emulator.inject(Fault::hang().on("ListUsers").always());
    let mut pty = service.console([]).start();
    pty.wait_for_text("running");
    pty.close_terminal();
    let (ended, after) = ends(&mut pty);
    assert_eq!(ended, Some(129));
    assert!(after < PROMPTLY, "{after:?}");
}

#[test]
fn a_terminal_that_goes_away_under_a_hanging_write_leaves_the_journal_whole() {
    let service = Service::start();
    let mut pty = review(&service);
    service
        .emulator
        .inject(Fault::hang().on("AdminUpdateUserAttributes").always());
    pty.confirms("sending");
    service.receives_a_write(&pty);
    pty.close_terminal();
    let (ended, after) = ends(&mut pty);
    assert_eq!(ended, Some(129));
    assert!(after < PROMPTLY, "{after:?}");
    assert_eq!(journal(&pty), ["intent"]);
}

#[test]
fn a_terminal_that_goes_away_while_it_takes_nothing_ends_it() {
    let mut pty = cognitui(["--demo"]).size(1000, 500).start();
    pty.opens_customers();
    pty.pause_reading();
    for _ in 0..50 {
        pty.keys("<c-l>");
        pause(10); // a frame each, until the line is full
    }
    pty.close_terminal();
    let (ended, after) = ends(&mut pty);
    assert_eq!(ended, Some(129));
    assert!(after < PROMPTLY, "{after:?}");
}

#[test]
fn quitting_does_not_wait_for_a_service_that_does_not_answer() {
    let service = Service::start();
    service.emulator.inject(Fault::hang().always());
    let mut pty = service.console([]).start();
    pty.wait_for_text("running");
    pty.keys("q");
    let (ended, after) = ends(&mut pty);
    assert_eq!(ended, Some(0));
    assert!(after < PROMPTLY, "{after:?}");
    assert_eq!(pty.left_behind(), NOTHING);
}

#[test]
fn quitting_while_a_write_is_under_way_is_not_one_key() {
    let service = Service::start();
    let mut pty = review(&service);
    service
        .emulator
        .inject(Fault::hang().on("AdminUpdateUserAttributes").always());
    pty.confirms("sending");
    service.receives_a_write(&pty);
    pty.keys("q");
    pty.has_taken_everything();
    assert!(pty.screen_text().contains(CUSTOMERS));
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit().code(), Some(143));
}

#[test]
fn ctrl_c_at_the_top_wants_to_be_meant() {
    let mut pty = cognitui(["--demo"]).start();
    pty.opens_customers();
    pty.press("<c-c>", "ctrl-c again");
    pty.press("<down>", "Enter open").press("<c-c>", "ctrl-c again");
    pty.keys("<c-c>");
    assert_eq!(pty.wait_exit().code(), Some(0));
    assert_eq!(pty.left_behind(), NOTHING);
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_takes_it_again() {
    let script = "set -m; \"$COGNITUI\" --demo; echo stopped $?; stty -a; read -r line; fg > /dev/null; exit 6";
    let mut pty = shell(script).start();
    pty.opens_customers()
        .finds("jane.doe")
        .opens_form("jane.doe")
        .types("name", "Jane Later");
    pty.keys("<c-z>");
    pty.wait_for("the shell's screen", |screen| {
        let text = screen.contents();
        !screen.alternate_screen() && text.contains("stopped 148") && text.contains("icanon")
    });
    let text = pty.screen_text();
    for mode in ["icanon", "echo", "isig", "opost", "icrnl"] {
        assert!(text.split_whitespace().any(|word| word == mode), "{mode}\n{text}");
    }
    assert!(!text.contains("Jane"), "{text}");
    assert!(!pty.with_screen(Screen::bracketed_paste) && !pty.with_screen(Screen::hide_cursor));
    pty.keys("typed for the shell<enter>");
    pty.wait_for("the form again", |screen| {
        screen.alternate_screen() && screen.contents().contains("Jane Later") && screen.bracketed_paste()
    });
    // And it is in raw mode again: every key arrives.
    pty.press("<c-s>", "Review jane.doe")
        .settles()
        .press("<esc>", "Edit jane.doe");
    rustix::process::kill_process(pty.console(), Signal::TERM).unwrap();
    assert_eq!(pty.wait_exit().code(), Some(6));
    assert_eq!(pty.left_behind(), NOTHING);
}

#[test]
fn a_signal_that_came_while_it_was_stopped_ends_it_when_it_goes_on() {
    for signal in [Signal::TERM, Signal::HUP] {
        let script = "set -m; \"$COGNITUI\" --demo; echo stopped; read -r line; fg > /dev/null; exit $?";
        let mut pty = shell(script).start();
        pty.opens_customers();
        pty.press("<c-z>", "stopped");
        rustix::process::kill_process(pty.console(), signal).unwrap();
        pty.keys("<enter>");
        assert_eq!(pty.wait_exit().code(), Some(128 + signal.as_raw()));
        assert_eq!(pty.left_behind(), NOTHING);
        assert!(!pty.screen_text().contains("cognitui: "), "{}", pty.screen_text());
    }
}

#[test]
fn where_no_shell_could_continue_it_ctrl_z_says_so() {
    let pty = cognitui(["--demo"]).start();
    pty.opens_customers();
    pty.press("<c-z>", "not suspended").press("/", "Enter ask the service");
    assert!(pty.with_screen(Screen::alternate_screen));
}

#[test]
fn stopped_and_continued_by_somebody_else_it_draws_again() {
    let pty = shell("set -m; \"$COGNITUI\" --demo; echo scribbled; read -r line; fg > /dev/null; exit 6").start();
    pty.opens_customers();
    rustix::process::kill_process(pty.console(), Signal::STOP).unwrap();
    pty.wait_for_text("scribbled");
    assert!(
        !pty.with_screen(Screen::alternate_screen),
        "its parent has put the screen back"
    );
    pty.bytes(b"\n");
    pty.wait_for("a whole frame", |screen| {
        screen.alternate_screen() && screen.contents().contains("jane@example.com")
    });
    pty.press("/", "Enter ask the service");
    assert!(pty.with_screen(Screen::alternate_screen));
}
