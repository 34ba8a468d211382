//! Starting: what is refused before the screen is touched, what needs no screen, and that the first frame waits for
//! nobody.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use super::service::Service;
use super::{CUSTOMERS, Hands, NOTHING, cognitui, configure, listed, now, shell};
use crate::peers::Folder;
use crate::pty::PROMPTLY;

/// Runs it without a terminal.
fn run(arguments: &[&str], home: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cognitui"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("TERM", "xterm-256color")
        .env("LANG", "C.UTF-8")
        .current_dir(home)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Exit code 2, one line on standard error, nothing else.
#[track_caller]
fn refused(output: &Output, says: &str) {
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert_eq!(out, "");
    assert!(err.contains(says), "{err}");
    assert!(!err.contains('\u{1b}'), "{err:?}");
}

#[test]
fn without_a_terminal_it_says_so_in_one_line() {
    let home = Folder::new("no-terminal").unwrap();
    let output = run(&["--demo"], home.path());
    refused(&output, "standard output is not a terminal");
    assert_eq!(text(&output.stderr).lines().count(), 1);

    for (script, says) in [
        (
            "\"$COGNITUI\" --demo < /dev/null; echo code $?",
            "standard input is not a terminal",
        ),
        (
            "\"$COGNITUI\" --demo > out; echo code $?; wc -c < out",
            "standard output is not a terminal",
        ),
        ("TERM= \"$COGNITUI\" --demo; echo code $?", "TERM is not set"),
        ("unset TERM; \"$COGNITUI\" --demo; echo code $?", "TERM is not set"),
        ("TERM=dumb \"$COGNITUI\" --demo; echo code $?", "TERM is \"dumb\""),
    ] {
        let mut pty = shell(script).size(200, 24).start();
        pty.wait_exit();
        let screen = pty.screen_text();
        assert!(screen.contains(says) && screen.contains("code 2"), "{screen}");
        assert!(!pty.raw().contains(&0x1b), "nothing was drawn");
        let lines: Vec<&str> = screen.lines().filter(|line| !line.is_empty()).collect();
        assert!(lines.len() <= 3 && lines[0].starts_with("cognitui: "), "{screen}");
        if script.contains("wc -c") {
            assert_eq!(lines[2].trim(), "0", "{screen}");
        }
        assert_eq!(pty.left_behind(), NOTHING);
    }
}

#[test]
fn a_wrong_config_is_an_error_with_file_and_line_before_the_screen_is_touched() {
    for (config, line, says) in [
        ("# mine\nregoin = \"eu-west-1\"\n", 2, "region"),
        ("\n\nread-timeout = 0\n", 3, "read-timeout"),
        ("[screen]\ncharset = \"latin1\"\n", 2, "utf-8"),
        ("[[pool]]\nname = \"x\"\n", 1, "id"),
        ("[keys]\nretry = [\"hyper-q\"]\n", 2, "hyper-q"),
        ("[keys]\nrefersh = [\"r\"]\n", 2, "refersh"),
        ("[screen]\ntime-zone = \"Mars/Olympus\"\n", 2, "Mars/Olympus"),
        ("read-only = \n", 1, "config.toml"),
    ] {
        let launch = cognitui(["--demo"]).size(200, 24);
        let file = configure(&launch, config);
        let mut pty = launch.start();
        let code = pty.wait_exit().code();
        let screen = pty.screen_text();
        assert_eq!(code, Some(2), "{config}\n{screen}");
        assert!(!pty.raw().contains(&0x1b), "{config}\n{screen}");
        let place = format!("{}:{line}", file.display());
        let joined = screen.replace('\n', "");
        assert!(joined.contains(&place) && joined.contains(says), "{place} in\n{screen}");
    }
}

#[test]
fn command_lines_that_cannot_be_followed_are_refused() {
    let home = Folder::new("refused").unwrap();
    for (arguments, says) in [
        (&["--unknown"][..], "--unknown"),
        (&["--demo-users", "5"], "--demo"),
        (&["--no-verify-ssl"], "--ca-bundle"),
        (&["--no-sign-request"], "--demo"),
        (
            &["--demo", "--endpoint-url", "http://127.0.0.1:9"],
            "exclude each other",
        ),
        (
            &["--endpoint-url", "http://example.com"],
            "plain http is for this machine only",
        ),
        (&["--read-timeout", "0"], "--read-timeout"),
        (&["--demo", "--debug"], "--log"),
        (&["--config", "nowhere.toml", "--demo"], "nowhere.toml"),
        (&["emulator", "--listen", "0.0.0.0:0"], "this machine only"),
        (&["emulator", "--listen", "[::]:0"], "this machine only"),
        (&["iam", "--mode", "all"], "read"),
        (&["iam", "--mode", "read", "--user-pool-id", "not a pool"], "pool"),
    ] {
        let output = run(arguments, home.path());
        refused(&output, says);
    }
}

#[test]
fn commands_without_a_screen_answer_on_standard_output() {
    let home = Folder::new("commands").unwrap();
    let ok = |arguments: &[&str]| {
        let output = run(arguments, home.path());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    let version = ok(&["--version"]);
    assert_eq!(version.trim(), concat!("cognitui ", env!("CARGO_PKG_VERSION")));
    assert!(ok(&["--help"]).contains("--user-pool-id"));

    let read: serde_json::Value = serde_json::from_str(&ok(&["iam", "--mode", "read"])).unwrap();
    assert!(!read.to_string().contains("AdminUpdateUserAttributes"));
    let write = ok(&["iam", "--mode", "write", "--user-pool-id", CUSTOMERS]);
    let write: serde_json::Value = serde_json::from_str(&write).unwrap();
    assert!(write.to_string().contains("cognito-idp:AdminUpdateUserAttributes"));
    assert!(write.to_string().contains(CUSTOMERS));

    let path = ok(&["config", "path"]);
    assert_eq!(
        Path::new(path.trim_end()),
        home.path().join(".config/cognitui/config.toml")
    );
    assert!(ok(&["config", "check"]).contains("no file"));
    std::fs::create_dir_all(home.path().join(".config/cognitui")).unwrap();
    std::fs::write(path.trim_end(), "region = \"eu-west-1\"\n").unwrap();
    assert!(ok(&["config", "check"]).contains("no mistakes"));
    let shown = ok(&["config", "show", "--read-timeout", "9"]);
    for expected in ["eu-west-1", "line 1 of the file", "flag --read-timeout"] {
        assert!(shown.contains(expected), "{shown}");
    }
    std::fs::write(path.trim_end(), "regoin = \"eu-west-1\"\n").unwrap();
    let wrong = run(&["config", "check"], home.path());
    refused(&wrong, "config.toml:1");
}

#[test]
fn the_emulator_command_serves_what_the_console_can_open() {
    use std::io::{BufRead, BufReader};
    let home = Folder::new("emulator").unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_cognitui"))
        .args(["emulator", "--listen", "127.0.0.1:0"])
        .env_clear()
        .env("HOME", home.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    let url = said.trim().trim_start_matches("listening on ").to_owned();
    let pty = cognitui(["--endpoint-url", &url]).start();
    pty.wait_for_text("us-east-1_B4nkMfA77");
    let pid = rustix::process::Pid::from_child(&server);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

#[test]
fn the_first_frame_is_there_before_anything_of_aws() {
    // Connections are taken by the kernel and never answered.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let launch = cognitui([
        "--endpoint-url",
        &url,
        "--user-pool-id",
        CUSTOMERS,
        "--read-timeout",
        "300",
    ]);
    configure(&launch, &listed(CUSTOMERS));
    let start = now();
    let mut pty = launch.start();
    pty.wait_for_text(CUSTOMERS);
    let took = start.elapsed();
    assert!(took < PROMPTLY, "{took:?}");
    pty.press("?", "-- Keys"); // and it can be used
    pty.keys("<esc>");
    pty.wait_for("the help closed", |screen| !screen.contents().contains("-- Keys"));
    pty.keys("q");
    assert_eq!(pty.wait_exit().code(), Some(0));
}

#[test]
fn an_argument_that_is_a_terminals_sequence_is_not_echoed_as_one() {
    let mut pty = cognitui(["--demo", "\u{1b}]0;owned\u{7}", "\u{9b}31m"]).start();
    assert_eq!(pty.wait_exit().code(), Some(2));
    assert_eq!(pty.title(), None);
    assert!(!pty.raw().contains(&0x1b) && !pty.raw().windows(2).any(|two| two == [0xc2, 0x9b]));
}

#[test]
fn a_million_users_start_at_once() {
    let service_less = cognitui([
        "--demo",
        "--demo-users",
        "1000000",
        "--user-pool-id",
        "us-east-1_cRoWd0001",
    ]);
    let start = now();
    let pty = service_less.start();
    pty.wait_for_text("about 1,000,000");
    let took = start.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}"); // an unoptimised build on a busy machine
}

#[test]
fn a_user_nobody_has_is_said() {
    let service = Service::start();
    let pty = service.console(["nobody.at.all"]).start();
    pty.wait_for_text("nobody.at.all");
    pty.settles();
    let screen = pty.screen_text();
    assert!(
        screen.to_lowercase().contains("nobody whose") || screen.contains("no user"),
        "{screen}"
    );
}
