//! The harness tried on programs that every machine has, so that a red test of the console is about the console.

use std::os::unix::process::ExitStatusExt;

use super::*;

fn shell(script: &str) -> Launch {
    Launch::new("sh").args(["-c", script])
}

#[test]
fn a_raw_program_sees_every_key() {
    let mut pty = shell("stty raw -echo; printf ready; dd bs=1 count=7 2>/dev/null | od -An -c; exit 3").start();
    pty.wait_for_text("ready");
    pty.keys("a<enter><up><c-c>ë<esc>");
    assert_eq!(pty.wait_exit().code(), Some(3));
    let text = pty.screen_text();
    assert!(text.contains(r"a  \r 033   [   A 003 303"), "{text}");
}

#[test]
fn modes_left_behind_are_named_and_a_clean_exit_leaves_none() {
    let mut dirty = shell(r"stty raw -echo; printf '\033[?1049h\033[?25l\033[?2004h\033[?1004h'").start();
    dirty.wait_exit();
    let left = dirty.left_behind();
    for name in [
        "the alternate screen",
        "a hidden cursor",
        "bracketed paste",
        "private mode 1004",
    ] {
        assert!(left.iter().any(|each| each == name), "{name} in {left:?}");
    }
    let line = left.iter().filter(|each| each.starts_with("the line has"));
    assert!(line.count() >= 3, "input, output and local modes: {left:?}");

    let mut clean =
        shell(r#"saved=$(stty -g); stty raw -echo; printf '\033[?1049h\033[?1049l'; stty "$saved""#).start();
    clean.wait_exit();
    assert_eq!(clean.left_behind(), Vec::<String>::new());
}

#[test]
fn the_program_learns_its_size_and_every_change_of_it() {
    let pty = shell("trap 'stty size' WINCH; stty size; while :; do read -r line; done")
        .size(61, 17)
        .start();
    pty.wait_for_text("17 61");
    pty.resize(100, 30);
    pty.wait_for_text("30 100");
    assert_eq!(
        pty.with_screen(vt100::Screen::size),
        (at_least_one(30), at_least_one(100))
    );
    pty.resize(0, 0);
    pty.resize(1, 1);
}

#[test]
fn nothing_of_the_callers_environment_gets_in() {
    let mut launch = shell("env; pwd; exit").env("EXTRA", "yes").env_remove("LANG");
    launch = launch.size(200, 40);
    let home = launch.home().to_owned();
    let mut pty = launch.start();
    assert_eq!(pty.home(), home);
    pty.wait_exit();
    let text = pty.screen_text();
    let mut names: Vec<&str> = text
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        .filter(|name| !["_", "PWD", "OLDPWD", "SHLVL", "PATH"].contains(name))
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["EXTRA", "HOME", "TERM"], "{text}");
    assert!(home.exists());
    drop(pty);
    assert!(!home.exists());
}

#[test]
fn a_paste_is_bracketed_when_the_program_asked_for_it() {
    let script =
        |start: &str| format!("stty raw -echo; printf '{start}ready'; dd bs=1 count=3 2>/dev/null | od -An -c");
    let mut plain = shell(&script("")).start();
    plain.wait_for_text("ready");
    plain.paste("abc");
    plain.wait_exit();
    assert!(plain.screen_text().contains("a   b   c"));

    let mut bracketed = shell(&script(r"\033[?2004h")).start();
    bracketed.wait_for_text("ready");
    bracketed.paste("abc");
    bracketed.wait_exit();
    assert!(bracketed.screen_text().contains("033   [   2"));
}

#[test]
fn a_signal_ends_the_program_and_shows_in_its_status() {
    let mut pty = shell("echo ready; read -r line").start();
    pty.wait_for_text("ready");
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit().signal(), Some(Signal::TERM.as_raw()));
}

#[test]
fn a_closed_terminal_hangs_up_the_program() {
    let mut pty = shell("echo ready; read -r line").start();
    pty.wait_for_text("ready");
    pty.close_terminal();
    assert_eq!(pty.wait_exit().signal(), Some(Signal::HUP.as_raw()));
}

#[test]
fn a_closed_terminal_ends_the_reads_of_a_program_that_ignores_the_signal() {
    let mut pty = shell("trap '' HUP; echo ready; read -r line; exit 5").start();
    pty.wait_for_text("ready");
    pty.close_terminal();
    assert_eq!(pty.wait_exit().code(), Some(5));
}

#[test]
fn a_job_can_be_stopped_and_continued_by_its_shell() {
    let mut pty = shell("set -m; echo ready; cat; echo stopped; fg >/dev/null; exit 6").start();
    pty.wait_for_text("ready");
    pty.keys("one<enter>");
    pty.wait_for("the echo and the copy", |screen| {
        screen.contents().matches("one").count() == 2
    });
    pty.keys("<c-z>");
    pty.wait_for_text("stopped");
    pty.keys("two<enter>");
    pty.wait_for("the copy of the continued job", |screen| {
        screen.contents().matches("two").count() == 2
    });
    pty.keys("<c-d>");
    assert_eq!(pty.wait_exit().code(), Some(6));
}

#[cfg(target_os = "linux")]
#[test]
fn a_stalled_terminal_blocks_the_program_until_it_is_read() {
    // More than any pseudo-terminal holds.
    let mut pty = shell("read -r line; yes 0123456789 | head -n 20000; echo done").start();
    pty.pause_reading();
    pty.keys("<enter>");
    let over = pty.activity_over(Duration::from_millis(200)).unwrap();
    assert_eq!(over.bytes_written, 0);
    assert!(!lock(&pty.seen).exited);
    pty.resume_reading();
    pty.wait_for_text("done");
    assert!(pty.raw().len() > 200_000);
    assert!(pty.wait_exit().success());
}

#[test]
fn title_and_clipboard_are_heard() {
    let mut pty = shell(r"printf '\033]2;a title\007\033]52;c;YXdzIGhlbHA=\007'").start();
    pty.wait_exit();
    assert_eq!(pty.title().as_deref(), Some("a title"));
    assert_eq!(pty.clipboard(), ["aws help"]);
}

#[test]
fn a_half_drawn_frame_is_not_looked_at() {
    let pty =
        shell(r"stty -echo; printf '\033[?2026hhalf'; read -r line; printf ' whole\033[?2026l'; read -r line").start();
    // Its bytes are there, its text is not to be seen before the update ends.
    drop(pty.wait_until(|seen| seen.raw.ends_with(b"half")));
    pty.keys("<enter>");
    pty.wait_for("a frame with something on it", |screen| {
        let text = screen.contents();
        assert!(text.is_empty() || text.contains("half whole"), "{text}");
        !text.is_empty()
    });
}

#[test]
fn a_large_paste_does_not_block_either_side() {
    let mut pty = shell("stty raw -echo; printf ready; head -c 300000 | tr x y").start();
    pty.wait_for_text("ready");
    pty.bytes(&vec![b'x'; 300_000]);
    assert!(pty.wait_exit().success());
    let raw = pty.raw();
    assert_eq!(raw.iter().filter(|&&byte| byte == b'y').count(), 300_000 + 1);
}

#[test]
#[should_panic(expected = "never seen: a text that never comes")]
fn what_is_never_seen_fails_as_soon_as_the_program_has_ended() {
    let pty = shell("echo other").start();
    pty.wait_for("a text that never comes", |screen| {
        screen.contents().contains("nothing like this")
    });
}

#[cfg(target_os = "linux")]
#[test]
fn the_counters_tell_an_idle_program_from_a_busy_one() {
    let idle = shell("printf ready; read -r line").start();
    idle.wait_for_text("ready");
    let over = idle.activity_over(Duration::from_millis(300)).unwrap();
    assert_eq!(over.bytes_written, 0);
    assert_eq!(over.cpu_ticks, 0);

    let busy = shell("echo ready; while :; do echo x; done").start();
    busy.wait_for_text("x");
    let over = busy.activity_over(Duration::from_millis(300)).unwrap();
    assert!(over.bytes_written > 0 && over.cpu_ticks > 0, "{over:?}");
    assert!(over.context_switches > 0, "{over:?}");
    assert!(busy.pid() != idle.pid());
}
