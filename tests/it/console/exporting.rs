//! An export that is cut off by whatever ends the program: the name that was chosen means a whole file, or there is none.

use std::path::{Path, PathBuf};

use rustix::process::Signal;

use super::{Hands, cognitui, now, pause};
use crate::pty::Pty;

/// Enough that a signal comes in the middle of writing them.
const USERS: usize = 60_000;
const NAME: &str = "whole.jsonl";

/// Opens a file of many users.
fn opened() -> Pty {
    let launch = cognitui(["--from", "many.jsonl"]).size(120, 40);
    let mut text =
        "{\"CognituiExport\":{\"Version\":1,\"Began\":\"2026-11-21T10:41:05Z\",\"UserPool\":{\"Id\":\"eu-west-1_a\"}}}\n"
            .to_owned();
    for number in 0..USERS {
        text.push_str(&format!(
            "{{\"Username\":\"user-{number}\",\"Attributes\":[{{\"Name\":\"email\",\"Value\":\"user-{number}@example.com\"}}]}}\n"
        ));
    }
    text.push_str(&format!(
        "{{\"CognituiExportEnd\":{{\"Users\":{USERS},\"Complete\":true,\"At\":\"2026-11-21T10:42:05Z\"}}}}\n"
    ));
    std::fs::write(launch.home().join("many.jsonl"), text).unwrap();
    let pty = launch.start();
    pty.wait_for_text("60,000, ALL");
    pty.settles();
    pty
}

/// What an export began and did not end.
fn parts(home: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.extension().is_some_and(|end| end == "part"))
        .collect()
}

/// Begins to write everybody to a file, and returns as soon as there is something of it.
fn begins(pty: &Pty) {
    pty.press("E", "Export to a file")
        .press("<down><right><right>", "[JSON Lines]");
    pty.press("<up><up><c-u>whole.jsonl", "whole.jsonl");
    pause(400); // nothing confirms in the moment after a dialog opened
    pty.keys("<enter>");
    let start = now();
    while parts(pty.home()).is_empty() && !pty.home().join(NAME).exists() {
        assert!(start.elapsed().as_secs() < 30, "it is not begun\n{}", pty.screen_text());
        pause(1);
    }
}

/// Whether the file that was asked for is there; what is there by that name is whole.
fn is_there(home: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(home.join(NAME)) else {
        return false;
    };
    assert!(
        text.lines().last().unwrap().starts_with("{\"CognituiExportEnd\""),
        "a part has the name of the whole"
    );
    assert_eq!(text.lines().count(), USERS + 2);
    true
}

#[cfg(target_os = "linux")]
#[test]
fn whatever_ends_the_program_no_part_of_an_export_has_its_name() {
    let mut cut = 0;
    for (what, signal, of_child) in [
        ("SIGTERM", Signal::TERM, false),
        ("SIGKILL of the child", Signal::KILL, true),
        ("SIGKILL of the parent", Signal::KILL, false),
    ] {
        let mut pty = opened();
        begins(&pty);
        match of_child {
            true => rustix::process::kill_process(pty.console(), signal).unwrap(),
            false => pty.signal(signal),
        }
        pty.wait_exit();
        let (there, left) = (is_there(pty.home()), parts(pty.home()));
        println!("{what}: {}", if there { "written before it came" } else { "cut off" });
        cut += usize::from(!there);
        if signal == Signal::TERM {
            assert!(left.is_empty(), "{what}: told to end, it takes away what is not whole");
        }
        for part in left {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(part).unwrap().permissions().mode() & 0o7777, 0o600);
        }
    }
    assert!(
        cut > 0,
        "every file was whole before the signal came: nothing was tried"
    );
}
