//! The terminal layer in a real pseudo-terminal: what a line that cuts keys up, a shell, a signal
//! and a window that closes do to it. The program inside is [`probe`]. A pause between two packets,
//! where the pause is what is tested, is made by [`pause`]; nothing is waited for in that way.
#![cfg(test)]

mod probe;

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::Command,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal};
use vt100::Screen;

use self::probe::{MOMENT, PROBE, TELL};
use crate::pty::{Activity, Launch, PROMPTLY, Pty};

/// Longer than anything takes on a loaded machine; only a failing test waits this long.
const LIMIT: Duration = Duration::from_secs(30);

/// The probe in its terminal, and what it says.
struct Probe {
    pty: Pty,
    said: mpsc::Receiver<String>,
    pid: Pid,
}

/// The probe, directly on the terminal, when it has drawn its first frame.
fn start(environment: &[(&str, &str)]) -> Probe {
    let [program, arguments @ ..] = probe_command();
    let mut launch = Launch::new(program).args(arguments);
    for (name, value) in environment {
        launch = launch.env(name, value);
    }
    begin(launch, |_| ())
}

/// The same as the job of an interactive shell.
fn start_in_shell() -> Probe {
    let shell = Launch::new("bash").args(["--norc", "--noprofile", "-i"]);
    begin(shell.env("PS1", "$ ").env("HISTFILE", ""), |pty| {
        pty.wait_for_text("$ ");
        let command = probe_command().join("' '");
        pty.bytes(format!("set -b; clear; '{command}'\r").as_bytes());
    })
}

fn begin(launch: Launch, run: impl FnOnce(&Pty)) -> Probe {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (say, said) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        for line in BufReader::new(stream).lines() {
            // Killed with its test, or the test is over: both are an end.
            let Ok(line) = line else { return };
            if say.send(line).is_err() {
                return;
            }
        }
    });
    let pty = launch.env(TELL, address).start();
    run(&pty);
    let first = said.recv_timeout(LIMIT).unwrap();
    let pid = first.strip_prefix("process ").unwrap().parse().unwrap();
    let probe = Probe {
        pty,
        said,
        pid: Pid::from_raw(pid).unwrap(),
    };
    probe.says("open 80x24");
    probe.pty.wait_for_text("focused");
    probe
}

fn probe_command() -> [String; 5] {
    let program = std::env::current_exe().unwrap();
    let program = program.to_str().unwrap();
    [program, "--exact", PROBE, "--nocapture", "--test-threads=1"].map(str::to_owned)
}

#[expect(clippy::disallowed_methods, reason = "how long the program takes is what is tested")]
fn now() -> Instant {
    Instant::now()
}

/// Nobody unparks a test: the time between two packets, or the time a person takes.
fn pause(milliseconds: u64) {
    thread::park_timeout(Duration::from_millis(milliseconds));
}

impl Probe {
    fn next(&self) -> String {
        let next = self.said.recv_timeout(LIMIT);
        next.unwrap_or_else(|_| panic!("nothing is said\n{}", self.pty.screen_text()))
    }

    fn says(&self, line: &str) {
        assert_eq!(self.next(), line, "{}", self.pty.screen_text());
    }

    /// Waits until it has ended, where a shell and not the test is its parent.
    fn falls_silent(&self) {
        let silent = loop {
            match self.said.recv_timeout(LIMIT) {
                Ok(_) => {}
                Err(silent) => break silent,
            }
        };
        let screen = self.pty.screen_text();
        assert_eq!(silent, mpsc::RecvTimeoutError::Disconnected, "{screen}");
    }

    /// The exit code and how long it took from now.
    fn ends(&mut self) -> (Option<i32>, Duration) {
        let start = now();
        let status = self.pty.wait_exit();
        (status.code(), start.elapsed())
    }

    fn is_raw(&self) -> bool {
        let left = self.pty.left_behind();
        left.iter().any(|each| each.starts_with("the line has"))
    }

    fn written(&self) -> String {
        String::from_utf8_lossy(&self.pty.raw()).into_owned()
    }
}

// ---- keys and pastes -------------------------------------------------------------------------

#[test]
fn keys_and_pastes_arrive_whole_wherever_the_line_cuts_them() {
    // A moment that outlasts the pauses of a busy machine.
    let probe = start(&[(MOMENT, "10000")]);
    let sequences: [(&[u8], &[&str]); 15] = [
        (b"\x1b[A", &["Up"]),
        (b"\x1b[D", &["Left"]),
        (b"\x1bOB", &["Down"]),
        (b"\x1b[1;3D", &["Alt-Left"]),
        (b"\x1b[1;5C", &["Ctrl-Right"]),
        (b"\x1b\x1b[A", &["Alt-Up"]),
        (b"\x1bb", &["Alt-Char('b')"]),
        (b"\x1bOP", &["F(1)"]),
        (b"\x1b[15~", &["F(5)"]),
        (b"\x1b[24;2~", &["Shift-F(12)"]),
        (b"\x1b[3~", &["Delete"]),
        ("€".as_bytes(), &["Char('€')"]),
        (b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\", &[]),
        (b"xy", &["Char('x')", "Char('y')"]), // nothing of the replies was left over
        (b"\x1b[200~q\ry\x1b[201~", &["pasted", "paste 3 247"]),
    ];
    for (bytes, lines) in sequences {
        let mut cuts: Vec<Vec<&[u8]>> = (1..bytes.len()).map(|at| vec![&bytes[..at], &bytes[at..]]).collect();
        cuts.push(bytes.chunks(1).collect());
        for packets in cuts {
            for packet in &packets {
                probe.pty.bytes(packet);
                pause(3);
            }
            for line in lines {
                assert_eq!(probe.next(), *line, "{packets:?}");
            }
        }
    }
}

#[test]
fn a_lone_escape_comes_after_a_moment_and_later_over_ssh() {
    for (environment, least) in [(&[][..], 45), (&[("SSH_TTY", "/dev/pts/9")][..], 95)] {
        let probe = start(environment);
        let start = now();
        probe.pty.bytes(b"\x1b");
        probe.says("Esc");
        assert!(start.elapsed() >= Duration::from_millis(least));
    }
}

#[test]
fn a_paste_that_ends_itself_marks_what_follows_even_in_later_packets() {
    let probe = start(&[(MOMENT, "10000")]);
    probe.pty.bytes(b"\x1b[200~a\x1b[201~\r");
    for line in ["pasted", "paste 1 97", "Enter"] {
        probe.says(line);
    }
    for _ in 0..3 {
        probe.pty.bytes(b"\r");
        probe.says("pasted");
        probe.says("Enter");
    }
}

#[test]
fn a_moment_after_a_paste_a_key_is_a_key_again() {
    let probe = start(&[]);
    probe.pty.bytes(b"\x1b[200~a\x1b[201~");
    probe.says("pasted");
    probe.says("paste 1 97");
    pause(300);
    probe.pty.bytes(b"\r");
    probe.says("Enter");
}

#[test]
fn a_megabyte_is_one_paste_at_once() {
    let probe = start(&[]);
    let text = b"0123456789abcde\r".repeat(65_536);
    let sum: u64 = text.iter().copied().map(u64::from).sum();
    let start = now();
    probe.pty.bytes(&[b"\x1b[200~", &text[..], b"\x1b[201~"].concat());
    probe.says("pasted");
    probe.says(&format!("paste 1048576 {sum}"));
    let took = start.elapsed();
    assert!(took < PROMPTLY, "{took:?}");
}

#[test]
fn many_keys_at_once_all_arrive_without_another_one() {
    let probe = start(&[]);
    probe.pty.bytes(&[b'a'; 3_000]);
    for _ in 0..3_000 {
        probe.says("Char('a')");
    }
}

// ---- the ways out ----------------------------------------------------------------------------

const NOTHING: [String; 0] = [];

#[test]
fn quit_restores() {
    let mut probe = start(&[]);
    assert!(probe.is_raw());
    probe.pty.bytes(b"q");
    assert_eq!(probe.ends().0, Some(0));
    assert_eq!(probe.pty.left_behind(), NOTHING);
}

#[test]
fn signals_restore_and_say_so_in_the_exit_code() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
    ] {
        let mut probe = start(&[]);
        probe.pty.signal(signal);
        let (ended, after) = probe.ends();
        assert_eq!(ended, Some(code));
        assert!(after < PROMPTLY, "{after:?}");
        assert_eq!(probe.pty.left_behind(), NOTHING);
    }
}

#[test]
fn a_panic_of_the_drawing_thread_restores_and_tells_the_place_only() {
    let mut probe = start(&[]);
    probe.pty.bytes(b"p");
    assert_eq!(probe.ends().0, Some(101));
    assert_eq!(probe.pty.left_behind(), NOTHING);
    assert!(probe.written().contains("a fault of its own at"));
    assert!(!probe.written().contains("payload"));
}

#[test]
fn a_panic_of_a_worker_is_news_and_leaves_the_screen() {
    let probe = start(&[]);
    probe.pty.bytes(b"w");
    probe.says("Char('w')");
    probe.says("panic in worker");
    probe.pty.wait_for_text("panic in worker");
    assert!(probe.pty.with_screen(Screen::alternate_screen));
    assert!(!probe.written().contains("payload"));
}

#[test]
fn a_signal_gets_through_while_drawing_is_stuck() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let mut probe = start(&[]);
        probe.pty.pause_reading();
        probe.pty.bytes(b"f");
        pause(500); // it draws as fast as it can, so this fills every buffer
        probe.pty.signal(signal);
        let (ended, after) = probe.ends();
        assert_eq!(ended, Some(code));
        assert!(after < PROMPTLY, "{after:?}");
        // What was stuck was thrown away for this.
        probe.pty.resume_reading();
        probe.pty.wait_exit();
        assert_eq!(probe.pty.left_behind(), NOTHING);
    }
}

#[test]
fn a_terminal_that_goes_away_ends_the_program_at_once() {
    let mut probe = start(&[]);
    probe.pty.close_terminal();
    let (ended, after) = probe.ends();
    assert_eq!(ended, Some(129));
    assert!(after < PROMPTLY, "{after:?}"); // though its receiver does nothing
}

// ---- Ctrl-Z ----------------------------------------------------------------------------------

fn shell_is_back(probe: &Probe) {
    probe.pty.wait_for("the shell's screen and prompt", |screen| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with('$')
    });
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_back() {
    let probe = start_in_shell();
    probe.pty.bytes(b"\x1a");
    probe.says("Ctrl-Char('z')");
    shell_is_back(&probe);
    // The shell edits its line in raw mode as well; what a command sees is what counts.
    let count = "stty -a | tr ' ' '\\n' | grep -c -x -e icanon -e echo -e isig | sed s/^/modes:/\r";
    probe.pty.bytes(count.as_bytes());
    probe.pty.wait_for_text("modes:3");
    probe.pty.bytes(b"fg\r");
    probe.says("Ok(AndBack)");
    probe.pty.bytes(b"x");
    probe.says("Char('x')");
    probe.pty.wait_for_text("Char('x')");
    assert!(probe.pty.with_screen(Screen::alternate_screen));
    assert!(probe.is_raw());
    probe.pty.bytes(b"q");
    shell_is_back(&probe);
}

#[test]
fn stopped_in_the_background_it_can_be_killed() {
    let probe = start_in_shell();
    probe.pty.bytes(b"\x1a");
    probe.says("Ctrl-Char('z')");
    shell_is_back(&probe);
    probe.pty.bytes(b"clear; echo cleared\r");
    probe.pty.wait_for("the shell's own screen", |screen| {
        let text = screen.contents();
        text.starts_with("cleared") && !text.contains("Stopped")
    });
    probe.pty.bytes(b"bg\r");
    // It stops itself again: the terminal is not its own.
    probe.pty.wait_for_text("Stopped");
    probe.pty.bytes(b"kill %1\r");
    probe.falls_silent();
}

#[test]
fn stopped_by_somebody_else_it_takes_the_terminal_again() {
    let probe = start_in_shell();
    probe.pty.bytes(b"x");
    probe.says("Char('x')");
    rustix::process::kill_process(probe.pid, Signal::STOP).unwrap();
    probe.pty.wait_for_text("Stopped");
    probe.pty.bytes(b"fg\r");
    probe.says("resume Ok(())");
    probe.pty.bytes(b"y");
    probe.says("Char('y')");
    probe.pty.wait_for_text("Char('y')");
    assert!(probe.is_raw());
}

#[test]
fn where_no_shell_could_continue_it_ctrl_z_says_so_and_goes_on() {
    let probe = start(&[]); // a session of its own: its group is orphaned
    probe.pty.bytes(b"\x1a");
    probe.says("Ctrl-Char('z')");
    probe.says("Ok(NotPossible)");
    probe.pty.wait_for_text("Ok(NotPossible)");
    probe.pty.bytes(b"x");
    probe.says("Char('x')");
    assert!(probe.is_raw());
}

#[test]
fn an_editor_gets_every_key_while_it_has_the_terminal() {
    let probe = start(&[]);
    probe.pty.bytes(b"e");
    probe.says("Char('e')");
    probe.pty.wait_for_text("lent");
    // The `q` is typed ahead and read by nobody: it must not reach the program afterwards.
    probe.pty.bytes(b"hello\n\nq\n");
    probe.says("lent exit status: 0");
    probe.pty.wait_for_text("lent exit status: 0");
    assert!(probe.written().contains("editor read hello"));
    probe.pty.bytes(b"x");
    probe.says("Char('x')");
}

// ---- drawing ---------------------------------------------------------------------------------

#[test]
fn when_nothing_happens_nothing_runs_and_nothing_is_written() {
    let probe = start(&[]);
    probe.pty.bytes(b"x");
    probe.says("Char('x')");
    probe.pty.wait_for_text("Char('x')");
    let nothing = |over: &Activity| (over.bytes_written, over.context_switches) == (0, 0);
    let over = probe.pty.idles(Duration::from_secs(1), nothing);
    assert!(nothing(&over), "{over:?}");
}

#[test]
fn every_size_is_survived() {
    let probe = start(&[]);
    for (columns, rows, drawn) in [
        (1, 1, "1x1"),
        (1_001, 501, "1000x500"),
        (1, u16::MAX, "1x500"),
        (0, 0, "80x24"),
        (u16::MAX, 1, "1000x1"),
        (80, 24, "80x24"),
    ] {
        probe.pty.resize(columns, rows);
        probe.says(&format!("resize {drawn}"));
    }
    probe.pty.wait_for_text("resize 80x24");
}

#[test]
fn ctrl_l_writes_everything_again() {
    let probe = start(&[]);
    let before = probe.pty.raw().len();
    probe.pty.bytes(b"\x0c");
    probe.says("Ctrl-Char('l')");
    probe.pty.wait_for_text("Ctrl-Char('l')");
    let again = probe.written().split_off(before);
    assert!(again.contains("\x1b[2J") && again.contains("focused"));
}

#[test]
fn with_no_color_set_styles_are_written_as_the_theme_has_them() {
    let probe = start(&[("NO_COLOR", "1")]);
    probe.pty.wait_for("a red reversed row", |screen| {
        let red = vt100::Color::Idx(1);
        (0..24).any(|row| {
            let cell = screen.cell(row, 0);
            cell.is_some_and(|c| c.inverse() && c.fgcolor() == red)
        })
    });
}

// ---- no terminal -----------------------------------------------------------------------------

#[test]
fn without_a_terminal_one_sentence_and_exit_code_2() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let [program, arguments @ ..] = probe_command();
    for (term, sentence) in [
        ("xterm", "standard output is not a terminal"),
        ("dumb", "TERM is \"dumb\""),
        ("", "TERM is not set"),
    ] {
        let output = Command::new(&program)
            .args(&arguments)
            .env(TELL, &address)
            .env("TERM", term)
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with(sentence), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let script = format!("'{}' < /dev/null", probe_command().join("' '"));
    let mut pty = Launch::new("sh").args(["-c", &script]).env(TELL, &address).start();
    assert_eq!(pty.wait_exit().code(), Some(2));
    let screen = pty.screen_text();
    assert!(screen.contains("standard input is not a terminal"), "{screen}");
}
