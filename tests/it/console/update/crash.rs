//! SIGKILL before every system call of a write, from the first that names the journal to the program's own end.
//!
//! Each run is the whole program on a journal of its own. Afterwards the journal, the service and the next start are
//! asked the same three things: was anything sent without a durable intent, was anything sent twice, is anything told
//! that is not so. A small tracer in Python does the killing; where one process may not trace another, that is printed.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::process::Command;

use cognitui::journal::{Places, read, verify};
use serde_json::Value;

use super::super::state;
use super::{CUSTOMERS, Script, Service};

const TRACER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/it/console/update/kill_at_syscall.py"
);

/// More than a write has, so that a tracer that never ends a run fails the test.
const MANY: usize = 2_000;

/// Runs a write that is killed on the way into its `n`th call; 0 kills nothing. `None`: tracing is not allowed here.
fn killed(script: &Script, n: usize, value: &str) -> Option<Value> {
    let ran = Command::new("python3")
        .args([
            TRACER,
            "/journal",
            &n.to_string(),
            env!("CARGO_BIN_EXE_cognitui"),
            "update",
        ])
        .args(["--endpoint-url", &script.url, "--user-pool-id", CUSTOMERS])
        .args(["--username", "jane.doe", "--user-attributes"])
        .arg(format!("Name=nickname,Value={value}"))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", script.home())
        .env("LANG", "C.UTF-8")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .unwrap();
    if ran.status.code() == Some(3) {
        return None;
    }
    let out = String::from_utf8_lossy(&ran.stdout);
    let last = out.lines().last().unwrap_or_default();
    Some(serde_json::from_str(last).unwrap_or_else(|error| {
        panic!("{error}: {out}\n{}", String::from_utf8_lossy(&ran.stderr));
    }))
}

/// How the entry of a run reads afterwards, and how often the request had arrived.
type Cell = (String, usize);

/// One run, killed, and the next start after it. `None`: it had ended before its `n`th call.
fn check(service: &Service, n: usize) -> Option<Cell> {
    let script = Script::on(&service.url, &[CUSTOMERS]);
    let places = Places::private(state(script.home()));
    let value = format!("killed at {n}");
    let before = service.writes();
    let traced = killed(&script, n, &value).unwrap();
    if traced["ended"] != -9 {
        // One thread may be killed on its way into a call while another has ended the program already.
        assert_eq!(traced["ended"], 0, "call {n}: neither killed nor well");
        return None;
    }

    // The next start: it writes, so a torn line is cut off, and the chain goes on.
    let next = format!("Name=given_name,Value=after {n}");
    script.admin("jane.doe", &["--user-attributes", &next]).ends(0);
    let sent = service.writes() - before - 1;
    let jane = service.emulator.user(CUSTOMERS, "jane.doe").unwrap();
    let there = jane.attribute("nickname") == Some(value.as_str());
    let reading = read(&places, None).unwrap();
    assert!(reading.problems.is_empty(), "call {n}: {:?}", reading.problems);
    let chain = verify(&places, None, &[]).unwrap();
    assert!(chain.is_good(), "call {n}: {chain:?}");

    let mut entries = reading.entries.iter().rev();
    let of_the_run = match reading.entries.len() {
        1 => None,
        2 => entries.next(),
        other => panic!("call {n}: {other} entries"),
    };
    assert_eq!(entries.next().unwrap().word(), "applied");
    let word = of_the_run.map_or("no entry", |entry| entry.word());
    let durable = of_the_run
        .and_then(|entry| entry.changes.first()?.after.as_ref()?.value())
        .is_some_and(|after| after.as_str() == value);
    assert!(sent <= 1, "call {n}: sent {sent} times");
    assert!(sent == 0 || durable, "call {n}: sent without a durable intent");
    match word {
        "no entry" | "not sent" => assert_eq!((sent, there), (0, false), "call {n}: {word}"),
        "applied" => assert_eq!((sent, there), (1, true), "call {n}: {word}"),
        // The console that wrote it is dead; nothing is claimed.
        "unknown" => {}
        other => panic!("call {n}: {other}"),
    }
    Some((word.to_owned(), sent))
}

#[test]
fn killed_before_any_system_call_of_a_write_it_is_neither_sent_unrecorded_nor_twice_nor_told_wrong() {
    {
        let service = Service::start();
        let script = Script::on(&service.url, &[CUSTOMERS]);
        if killed(&script, 0, "whole").is_none() {
            return println!("not run: this system does not let one process trace another");
        }
        assert_eq!(service.writes(), 1);
    }
    // Two at a time, every other call each: a run is a process that mostly waits for its tracer.
    let cells: BTreeMap<usize, Cell> = std::thread::scope(|scope| {
        let halves = [1, 2].map(|first| {
            scope.spawn(move || {
                let service = Service::start();
                (first..MANY)
                    .step_by(2)
                    .map_while(|n| Some((n, check(&service, n)?)))
                    .collect::<Vec<_>>()
            })
        });
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    assert!(cells.len() < MANY - 2, "a run never ended");

    let mut table: BTreeMap<&Cell, Vec<usize>> = BTreeMap::new();
    for (n, cell) in &cells {
        table.entry(cell).or_default().push(*n);
    }
    println!("killed before system call 1 to {}:", cells.len());
    println!("{:>6} {:<10} {:>8}  at", "runs", "entry", "arrived");
    for ((word, sent), at) in &table {
        println!(
            "{:>6} {word:<10} {sent:>8}  {} to {}",
            at.len(),
            at[0],
            at[at.len() - 1]
        );
    }
    // Each of the stages was met, or the window was not where it should be.
    for (word, sent) in [("no entry", 0), ("unknown", 0), ("unknown", 1), ("applied", 1)] {
        assert!(table.contains_key(&(word.to_owned(), sent)), "{word}, {sent} sent");
    }
}
