//! Signals: before anything is sent they end it; afterwards the answer is waited for, unless it is asked twice.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::Child;

use rustix::process::{Pid, Signal, kill_process};

use super::super::pause;
use super::gate::Gate;
use super::{CUSTOMERS, Script, Service, code};

const UPDATE: &str = "AdminUpdateUserAttributes";

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

struct Scene {
    service: Service,
    gate: Gate,
    child: Child,
    _script: Script,
}

/// Started, with every call to be let through one by one.
fn started() -> Scene {
    let service = Service::start();
    let gate = Gate::before(&service.url);
    let script = Script::on(&gate.url, &[CUSTOMERS]);
    let child = script.start(
        &[
            "--user-pool-id",
            CUSTOMERS,
            "--username",
            "jane.doe",
            "--user-attributes",
            "Name=name,Value=Other",
        ],
        "",
    );
    Scene {
        service,
        gate,
        child,
        _script: script,
    }
}

/// What it says until these words come.
fn says(child: &mut Child, words: &str) -> BufReader<std::process::ChildStderr> {
    let mut said = BufReader::new(child.stderr.take().unwrap());
    hears(&mut said, words);
    said
}

fn hears(said: &mut impl BufRead, words: &str) {
    let mut all = String::new();
    loop {
        let mut line = String::new();
        assert!(
            said.read_line(&mut line).unwrap() > 0,
            "it ended without {words}:\n{all}"
        );
        if line.contains(words) {
            return;
        }
        all.push_str(&line);
    }
}

#[test]
fn whoever_waits_for_a_token_can_be_interrupted() {
    let script = Script::on("http://127.0.0.1:1", &[CUSTOMERS]);
    let mut child = script.waits_for_input(&["--access-token", "-", "--user-attributes", "Name=name,Value=Other"]);
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"half a tok").unwrap();
    // Once it has taken that, it waits for more.
    while rustix::io::ioctl_fionread(&input).unwrap() > 0 {
        pause(10);
    }
    signal(&child, Signal::INT);
    // Whoever is still there now reads the end of the token.
    drop(input);
    assert_eq!(child.wait().unwrap().signal(), Some(Signal::INT.as_raw()));
}

#[test]
fn before_the_write_a_signal_ends_it_and_nothing_is_sent() {
    for (kind, expected) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let mut scene = started();
        let reading = scene.gate.until("AdminGetUser", 1);
        signal(&scene.child, kind);
        let _said = says(&mut scene.child, "stopped; nothing was sent");
        assert_eq!(code(scene.child.wait().unwrap()), Some(expected));
        drop(reading);
        scene.gate.open();
        assert_eq!(scene.service.writes(), 0);
    }
}

#[test]
fn while_it_is_read_again_a_signal_stops_the_write() {
    let mut scene = started();
    let reading = scene.gate.until("AdminGetUser", 2);
    signal(&scene.child, Signal::INT);
    let mut said = says(&mut scene.child, "stopping: nothing more goes out");
    drop(reading);
    scene.gate.open();
    hears(&mut said, "not sent: nothing went out");
    assert_eq!(code(scene.child.wait().unwrap()), Some(130));
    assert_eq!(scene.service.writes(), 0);
}

#[test]
fn what_has_gone_out_is_waited_for() {
    let mut scene = started();
    let writing = scene.gate.until(UPDATE, 1);
    signal(&scene.child, Signal::INT);
    let mut said = says(&mut scene.child, "stopping: ");
    drop(writing);
    scene.gate.open();
    hears(&mut said, "applied: read back and true: name");
    assert_eq!(code(scene.child.wait().unwrap()), Some(0));
}

#[test]
fn a_second_signal_does_not_wait_and_says_what_is_not_known() {
    let mut scene = started();
    let writing = scene.gate.until(UPDATE, 1);
    signal(&scene.child, Signal::INT);
    let mut said = says(&mut scene.child, "stopping: ");
    signal(&scene.child, Signal::INT);
    hears(&mut said, "it may have been applied");
    assert_eq!(code(scene.child.wait().unwrap()), Some(130));
    drop(writing);
    scene.gate.open();
}
