//! An export in the place of a pool: `cognitui --from`.

use std::process::{Command, Stdio};

use super::{Hands, cognitui, pause};
use crate::peers::Folder;
use crate::pty::Launch;

/// The demo's customers, exported.
fn exported(home: &Folder) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_cognitui"))
        .args(["list", "--demo"])
        .env_clear()
        .env("HOME", home.path())
        .stderr(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn opened(home: &Folder, text: &str) -> Launch {
    let path = home.path().join("users.jsonl");
    std::fs::write(&path, text).unwrap();
    cognitui(["--from", path.to_str().unwrap()])
}

#[test]
fn an_export_opens_as_a_pool_that_nothing_can_change() {
    let home = Folder::new("from").unwrap();
    let mut pty = opened(&home, &exported(&home)).start();
    pty.wait_for_text("jane@example.com");
    pty.settles();
    let screen = pty.screen_text();
    assert!(screen.contains("EXPORT of 20") && screen.contains(", ALL"), "{screen}");
    assert!(screen.contains("customers") && screen.contains("read only"), "{screen}");
    // Nothing lifts it.
    pty.press("W", "which can be read and not changed");
    pause(400);
    pty.press("<enter>", "User jane.doe")
        .press("e", "which can be read and not changed");
    assert_eq!(pty.quits(), Some(0));
    // Neither a journal nor drafts.
    assert!(!super::state(pty.home()).exists());
}

#[test]
fn one_that_was_cut_off_is_not_all() {
    let home = Folder::new("from").unwrap();
    let whole = exported(&home);
    let cut: String = whole.lines().take(10).map(|line| format!("{line}\n")).collect();
    let mut pty = opened(&home, &cut).start();
    pty.wait_for_text("NOT ALL");
    pty.wait_for_text("jane@example.com");
    assert_eq!(pty.quits(), Some(0));
}

#[test]
fn everybody_is_there_at_once_and_a_damaged_line_is_named() {
    let home = Folder::new("from").unwrap();
    let whole = exported(&home);
    let users = whole.lines().count() - 2;
    let mut pty = opened(&home, &whole).start();
    pty.wait_for_text(&format!("{users}, ALL  as of 20"));
    pty.press("S", "everybody in this export is loaded");
    assert_eq!(pty.quits(), Some(0));

    let mut lines: Vec<&str> = whole.lines().collect();
    lines.insert(3, "{\"Username\":");
    let mut pty = opened(&home, &lines.join("\n")).start();
    pty.wait_for_text("line 4 (not JSON)");
    pty.wait_for_text("mend the file or export");
    pty.wait_for_text("NOT ALL");
    assert_eq!(pty.quits(), Some(0));
}

#[test]
fn what_does_not_go_with_it_is_refused() {
    for (arguments, words) in [
        (["--from", "nothing.jsonl"].as_slice(), "No such file"),
        (&["--from", "x", "--demo"], "cannot be used with"),
        (
            &["--from", "x", "--user-pool-id", "us-east-1_aB3dE5fGh"],
            "cannot be used with",
        ),
        (&["--from", "x", "jane"], "cannot be used with"),
    ] {
        let home = Folder::new("from").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_cognitui"))
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("TERM", "xterm-256color")
            .current_dir(home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}
