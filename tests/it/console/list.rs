//! `cognitui list` as a script runs it: what it prints where, its exit codes, that it keeps nobody, and that an export
//! opens again as it was.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::ran::Ran;
use crate::peers::Folder;

/// A shell's surroundings: a home of its own and nothing of AWS.
struct Script {
    home: Folder,
}

impl Script {
    fn new() -> Self {
        Self {
            home: Folder::new("list").unwrap(),
        }
    }

    fn configure(&self, text: &str) {
        let folder = self.home.path().join(".config/cognitui");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.toml"), text).unwrap();
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn start(&self, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_cognitui"))
            .arg("list")
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .env("LANG", "C.UTF-8")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.start(arguments).wait_with_output().unwrap().into()
    }
}

/// The users of an export, a value each.
fn users(lines: &str) -> Vec<Value> {
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line.get("Username").is_some()).collect()
}

/// Everything but when it ended.
fn but_the_end(lines: &str) -> Vec<&str> {
    let lines: Vec<&str> = lines.lines().collect();
    let (last, before) = lines.split_last().unwrap();
    assert!(last.starts_with("{\"CognituiExportEnd\""), "{last}");
    before.to_vec()
}

#[test]
fn an_export_opens_again_and_is_exported_as_it_was() {
    let script = Script::new();
    let first = script
        .run(&["--demo"])
        .ends(0)
        .says(&["220 users read, 220 printed", "; complete"]);
    assert_eq!(users(&first.out).len(), 220);
    script.file("users.jsonl", &first.out);
    let again = script.run(&["--from", "users.jsonl"]).ends(0).says(&["; complete"]);
    assert_eq!(but_the_end(&first.out), but_the_end(&again.out));
    for layout in ["csv", "sheet"] {
        let of_pool = script.run(&["--demo", "--output", layout]).ends(0);
        let columns = of_pool.out.lines().next().unwrap().trim_start_matches('\u{feff}');
        let of_file = script
            .run(&["--from", "users.jsonl", "--output", layout, "--columns", columns])
            .ends(0);
        assert_eq!(of_pool.out, of_file.out, "{layout}");
    }
}

#[test]
fn a_line_and_columns_choose_what_is_printed() {
    let script = Script::new();
    let found = script.run(&[
        "--demo",
        "--query",
        "jane.doe",
        "--columns",
        "username,tier,created",
        "--output",
        "csv",
    ]);
    assert_eq!(
        found.out,
        "username,custom:tier,created\r\njane.doe,silver,2024-03-02T08:00:00Z\r\n"
    );
    found.ends(0).says(&["220 users read, 1 printed"]);
    let asked = script.run(&[
        "--demo",
        "--query",
        "email=JANE@example.com tier:silver",
        "--output",
        "csv",
        "--columns",
        "username",
    ]);
    assert_eq!(asked.out, "username\r\njane.doe\r\n");
    asked.ends(0).says(&[
        "asked: email = JANE@example.com; the rest is checked here",
        "2 users read, 1 printed, 1 call;",
    ]);
    script
        .run(&["--demo", "--query", "tierr=gold"])
        .ends(2)
        .says(&["--query, at character 1: expected", "tier"]);
    let table = script.run(&["--demo", "--limit", "2", "--output", "table"]).ends(0);
    assert!(table.out.starts_with("USERNAME"), "{}", table.out);
    assert_eq!(table.out.lines().count(), 3);
    table.says(&["stopped at --limit"]);
    script.configure("[[view]]\nname = \"janes\"\nquery = 'jane.doe'\ncolumns = [\"email\"]\n");
    let view = script.run(&["--demo", "--view", "janes", "--output", "csv"]).ends(0);
    assert_eq!(view.out, "email\r\njane@example.com\r\n");
}

#[test]
fn what_cannot_be_followed_is_said_and_nothing_is_printed() {
    let script = Script::new();
    script.file("pipe", "");
    for (arguments, words) in [
        (&["--query", "x"][..], "in which pool?"),
        (&["--demo", "--view", "gold"][..], "no such view: it has none"),
        (&["--demo", "--columns", "tierr"][..], "the pool has no such attribute"),
        (
            &["--from", "nothing.jsonl"][..],
            "--from \"nothing.jsonl\": No such file",
        ),
        (&["--from", "/dev/null"][..], "not an ordinary file"),
        (&["--from", "pipe", "--demo"][..], "leave out one of them"),
        (&["--from", "pipe", "--output", "import"][..], "asks nobody"),
        (
            &["--demo", "--output", "import", "--columns", "email"][..],
            "leave out --columns",
        ),
        (&["--demo", "--rate", "31"][..], "31 is not in 1..=30"),
    ] {
        let ran = script.run(arguments).ends(2).says(&[words]);
        assert_eq!(ran.out, "", "{arguments:?}");
    }
    let unknown = script.run(&["--demo", "--user-pool-id", "us-east-1_nobody000"]).ends(1);
    assert_eq!(unknown.out, "");
    unknown.says(&["ResourceNotFoundException"]);
}

#[test]
fn where_export_is_switched_off_a_table_is_what_is_left() {
    let script = Script::new();
    script.configure("[protect]\nexport = \"off\"\n");
    for output in [&[][..], &["--output", "csv"], &["--output", "import"]] {
        let ran = script
            .run(&[&["--demo"], output].concat())
            .ends(2)
            .says(&["export is switched off by"]);
        assert_eq!(ran.out, "");
    }
    script.run(&["--demo", "--output", "table"]).ends(0);
}

#[test]
fn a_file_of_somebody_else_is_read_as_far_as_it_can_be() {
    let script = Script::new();
    let long = "x".repeat(5 << 20);
    let deep = "[".repeat(1 << 20);
    let hostile = [
        b"{\"Username\":\"a\"}\n\xff\xfe\n".as_slice(),
        long.as_bytes(),
        b"\n",
        deep.as_bytes(),
        b"\n{\"Username\":\"b\",\"Attributes\":[{\"Name\":\"name\",\"Value\":\"\\u001b[31m\"}]}",
    ];
    script.file("theirs.jsonl", hostile.concat());
    let ran = script.run(&["--from", "theirs.jsonl"]).ends(3);
    assert_eq!(users(&ran.out).len(), 2);
    assert!(!ran.out.contains('\u{1b}'));
    ran.says(&["3 lines could not be read: lines 2 (not UTF-8), 3 (longer than any user can be), 4 (not JSON)"]);

    let whole = script.run(&["--demo"]).out;
    let cut: String = whole.lines().take(100).map(|line| format!("{line}\n")).collect();
    script.file("cut.jsonl", cut);
    let ran = script
        .run(&["--from", "cut.jsonl"])
        .ends(3)
        .says(&["the file was cut off", "INCOMPLETE"]);
    assert_eq!(users(&ran.out).len(), 99);
    assert!(ran.out.ends_with("\"Complete\":false,\"Users\":99}}\n") || ran.out.contains("\"Complete\":false"));
}

#[test]
fn who_cannot_be_imported_is_counted() {
    let script = Script::new();
    let ran = script.run(&["--demo", "--output", "import"]).ends(3);
    let mut lines = ran.out.lines();
    let header = lines.next().unwrap();
    assert!(header.starts_with("name,given_name,") && header.ends_with(",cognito:mfa_enabled,cognito:username"));
    let columns = header.split(',').count();
    let rows: Vec<&str> = lines.collect();
    assert!(rows.len() > 100, "{}", rows.len());
    for row in &rows {
        assert_eq!(row.replace("\\,", "").split(',').count(), columns, "{row}");
    }
    let left: usize = (ran.err.lines())
        .filter_map(|line| {
            line.strip_prefix("left out: ")?
                .split(' ')
                .next()?
                .parse::<usize>()
                .ok()
        })
        .sum();
    assert_eq!(rows.len() + left, 220);
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let script = Script::new();
    let mut child = script.start(&["--demo", "--demo-users", "3000"]);
    let mut first = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    drop(out);
    let ran: Ran = child.wait_with_output().unwrap().into();
    assert_eq!(ran.err, "");
    ran.ends(0);
}

#[test]
fn a_signal_ends_it_while_nobody_reads() {
    let script = Script::new();
    let mut child = script.start(&["--demo", "--demo-users", "3000"]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let status = child.wait().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(15));
}

/// The most memory that a listing of `users` users took, in KiB, as of the last users but some: the pipe is full then, so
/// that it cannot have ended.
fn peak(script: &Script, arguments: &[&str], users: usize) -> u64 {
    let mut child = script.start(arguments);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = Vec::new();
    for _ in 0..users - 800 {
        line.clear();
        assert_ne!(out.read_until(b'\n', &mut line).unwrap(), 0, "it ended early");
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak = peak.trim().trim_end_matches(" kB").trim().parse().unwrap();
    std::io::copy(&mut out, &mut std::io::sink()).unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(child.wait().unwrap().success(), "{err}");
    peak
}

#[test]
fn what_it_takes_does_not_grow_with_the_pool() {
    let script = Script::new();
    let pool = |users: usize| peak(&script, &["--demo", "--demo-users", &users.to_string()], users);
    let (few, many) = (pool(2_000), pool(10_000));
    println!("a pool of 2,000 users: {few} KiB; of 10,000: {many} KiB");
    // Kept, 8,000 users more would take some 12,000 KiB.
    assert!(many < few + 4_000, "{few} KiB, then {many} KiB");

    let file = |users: usize| {
        let path = script.home.path().join("many.jsonl");
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        for number in 0..users {
            writeln!(
                file,
                "{{\"Username\":\"user-{number}\",\"Attributes\":[{{\"Name\":\"email\",\"Value\":\"user-{number}@example.com\"}},\
                 {{\"Name\":\"name\",\"Value\":\"Somebody Called {number}\"}}],\"Enabled\":true,\"UserStatus\":\"CONFIRMED\"}}"
            )
            .unwrap();
        }
        file.flush().unwrap();
        drop(file);
        peak(&script, &["--from", "many.jsonl"], users)
    };
    let (few, many) = (file(10_000), file(100_000));
    println!("a file of 10,000 users: {few} KiB; of 100,000: {many} KiB");
    assert!(many < few + 4_000, "{few} KiB, then {many} KiB");
}
