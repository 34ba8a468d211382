//! `cognitui list` as a script runs it: what it prints where, its exit codes, that it keeps nobody, and that an export
//! opens again as it was.

use std::collections::BTreeSet;
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

/// Their names.
fn usernames(lines: &str) -> Vec<String> {
    let each = users(lines).into_iter();
    each.map(|user| user["Username"].as_str().unwrap().to_owned()).collect()
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

/// The usernames of a CSV that has them in its first column.
fn names(csv: &str) -> Vec<&str> {
    csv.lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect()
}

#[test]
fn an_order_is_that_of_the_argument_or_of_the_view() {
    let script = Script::new();
    let listed = |arguments: &[&str]| script.run(&[&["--demo"], arguments].concat());
    let text = |user: &Value, member: &str| user[member].as_str().unwrap().to_owned();
    let of = |ran: &Ran, member: &str| -> Vec<String> {
        let users = users(&ran.out);
        users.iter().map(|user| text(user, member)).collect()
    };
    let created = |ran: &Ran| of(ran, "UserCreateDate");
    let unsorted = listed(&[]).ends(0);
    let up = listed(&["--sort", "created"])
        .ends(0)
        .says(&["an order needs everybody at once", "; complete"]);
    let mut expected = created(&unsorted);
    assert!(
        !expected.is_sorted(),
        "the demo's users are not in this order by themselves"
    );
    expected.sort();
    assert_eq!(created(&up), expected);
    let down = listed(&["--sort", "-created"]).ends(0);
    expected.reverse();
    assert_eq!(created(&down), expected);
    let everybody = |ran: &Ran| -> BTreeSet<String> { users(&ran.out).iter().map(Value::to_string).collect() };
    assert_eq!(everybody(&up), everybody(&unsorted), "the same users, each as it was");

    // The first of the order, not the first that were read.
    let first = listed(&["--sort", "-created", "--limit", "3"])
        .ends(0)
        .says(&["220 users read, 3 printed", "stopped at --limit"]);
    assert_eq!(users(&first.out), users(&down.out)[..3]);
    assert!(first.out.contains("\"Complete\":false"));
    let all = listed(&["--sort", "-created", "--limit", "220"])
        .ends(0)
        .says(&["220 printed", "; complete"]);
    assert_eq!(users(&all.out), users(&down.out));

    script.configure("[[view]]\nname = \"newest\"\nquery = 'tier:*'\nsort = \"-created\"\n");
    let view = listed(&["--view", "newest"])
        .ends(0)
        .says(&["an order needs everybody at once"]);
    let has_tier = |user: &&Value| {
        let attributes = user["Attributes"].as_array().unwrap();
        attributes.iter().any(|attribute| attribute["Name"] == "custom:tier")
    };
    let with_tier: Vec<Value> = users(&down.out).iter().filter(has_tier).cloned().collect();
    assert!(with_tier.len() > 2 && with_tier.len() < 220);
    assert_eq!(users(&view.out), with_tier);
    let other = listed(&["--view", "newest", "--sort", "created"]).ends(0);
    assert_eq!(
        created(&other).first(),
        created(&view).last(),
        "the argument comes before the view"
    );

    for (sort, words) in [
        ("tierr", "--sort \"tierr\": the pool has no such attribute"),
        ("groups", "they give no order"),
    ] {
        let ran = listed(&["--sort", sort]).ends(2).says(&[words]);
        assert_eq!(ran.out, "");
    }
    script.file("users.jsonl", &unsorted.out);
    let of_file = script.run(&["--from", "users.jsonl", "--sort", "-created"]).ends(0);
    assert_eq!(
        users(&of_file.out),
        users(&down.out),
        "an export is ordered as its pool is"
    );
}

#[test]
fn groups_are_read_on_request_and_their_price_is_said_first() {
    let script = Script::new();
    let without = script.run(&["--demo", "--output", "csv"]).ends(0);
    assert!(!without.out.lines().next().unwrap().contains("groups"));
    assert!(!without.err.contains("group"), "{}", without.err);

    // A line about one group reads no other, where none is printed.
    let one = script.run(&["--demo", "--query", "group:admins"]).ends(0);
    one.says(&["who is in which group is read first: 1 group,"]);
    let with = script.run(&["--demo", "--groups"]).ends(0);
    let price = with.err.lines().next().unwrap();
    assert!(
        price.starts_with("who is in which group is read first: ") && price.contains(" calls, "),
        "{price}"
    );
    let members: Vec<Value> = users(&with.out);
    assert_eq!(members.len(), 220);
    assert!(
        members.iter().all(|user| user["Groups"].is_array()),
        "in none is said too"
    );
    let of = |name: &str| -> Vec<&str> {
        let named = |user: &&Value| user["Groups"].as_array().unwrap().contains(&Value::from(name));
        members
            .iter()
            .filter(named)
            .map(|user| user["Username"].as_str().unwrap())
            .collect()
    };
    let group = (members.iter().flat_map(|user| user["Groups"].as_array().unwrap()))
        .find_map(Value::as_str)
        .expect("the demo has members of groups")
        .to_owned();
    let expected = of(&group);

    let term = format!("group={group}");
    let found = script
        .run(&[
            "--demo",
            "--query",
            &term,
            "--columns",
            "username,groups",
            "--output",
            "csv",
        ])
        .ends(0);
    assert_eq!(names(&found.out), expected);
    assert!(
        found.out.lines().skip(1).all(|line| line.contains(&group)),
        "{}",
        found.out
    );
    let found = script
        .run(&["--demo", "--query", &term])
        .ends(0)
        .says(&["is read first"]);
    assert!(
        users(&found.out).iter().all(|user| user.get("Groups").is_none()),
        "only what was asked for is printed"
    );
    let nobody = script.run(&["--demo", "--query", &format!("{term} !group")]).ends(0);
    assert_eq!(users(&nobody.out).len(), 0);
    let others = script.run(&["--demo", "--query", "!group"]).ends(0);
    let in_one = members
        .iter()
        .filter(|user| user["Groups"] != serde_json::json!([]))
        .count();
    assert_eq!(users(&others.out).len(), 220 - in_one);
    let sorted = script
        .run(&["--demo", "--query", &term, "--groups", "--sort", "-username"])
        .ends(0);
    let mut backwards: Vec<String> = users(&sorted.out)
        .iter()
        .map(|user| user["Username"].to_string())
        .collect();
    backwards.reverse();
    let mut usernames: Vec<String> = expected.iter().map(|name| Value::from(*name).to_string()).collect();
    usernames.sort_by_key(|name| name.to_lowercase());
    assert_eq!(backwards, usernames);
    assert!(
        users(&sorted.out)
            .iter()
            .all(|user| user["Groups"].as_array().unwrap().contains(&group.as_str().into()))
    );

    // An export that holds them answers the same line; one that does not says so.
    script.file("with.jsonl", &with.out);
    script.file("without.jsonl", script.run(&["--demo"]).out);
    let of_file = script
        .run(&[
            "--from",
            "with.jsonl",
            "--query",
            &term,
            "--columns",
            "username",
            "--output",
            "csv",
        ])
        .ends(0);
    assert_eq!(names(&of_file.out), expected);
    let of_file = script.run(&["--from", "without.jsonl", "--query", "!group"]).ends(3);
    of_file.says(&["INCOMPLETE: the file does not tell the groups of 220 users"]);
    let table = script
        .run(&["--demo", "--groups", "--output", "table", "--limit", "1"])
        .ends(0);
    assert!(table.out.lines().next().unwrap().ends_with("GROUPS"), "{}", table.out);
    script
        .run(&["--demo", "--output", "import", "--groups"])
        .ends(2)
        .says(&["leave out --groups"]);
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
fn a_group_that_is_not_there_is_a_mistake_and_not_nobody() {
    let script = Script::new();
    for line in ["group:nosuch", "-group:nosuch tier:gold", "group^=nosuch"] {
        let ran = script.run(&["--demo", &format!("--query={line}")]).ends(2);
        assert_eq!(ran.out, "", "{line}");
        ran.says(&["nosuch: no group of this pool is meant: there is "]);
    }
    script.run(&["--demo", "--query", "group:nosuch", "--groups"]).ends(2);
}

#[test]
fn what_a_limit_leaves_out_is_said_as_far_as_it_is_known() {
    let script = Script::new();
    let said = |arguments: &[&str]| {
        let arguments = [&["--demo", "--output", "jsonl"], arguments].concat();
        let ran = script.run(&arguments).ends(0);
        let complete = ran.out.contains("\"Complete\":true");
        let last = ran.err.lines().last().unwrap_or_default().to_owned();
        let end = last.split_once("; ").map_or("", |(_, end)| end).to_owned();
        (end, complete)
    };
    for (arguments, end, complete) in [
        (&["--limit", "220"][..], "complete", true),
        (&["--limit", "221"], "complete", true),
        (&["--limit", "219"], "stopped at --limit, there are more", false),
        (&["--limit", "60"], "stopped at --limit, so there may be more", false),
        (
            &["--limit", "5", "--sort", "email"],
            "stopped at --limit, 215 more match",
            false,
        ),
        (
            &["--limit", "219", "--sort", "email"],
            "stopped at --limit, 1 more matches",
            false,
        ),
        (&["--limit", "220", "--sort", "email"], "complete", true),
        (&["--limit", "2", "--query", "email=jane@example.com"], "complete", true),
        (
            &["--limit", "1", "--query", "email=jane@example.com"],
            "stopped at --limit, there are more",
            false,
        ),
    ] {
        assert_eq!(said(arguments), (end.to_owned(), complete), "{arguments:?}");
    }
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

/// What an export says of itself.
fn head(lines: &str) -> Value {
    let line = lines.lines().next().unwrap();
    serde_json::from_str::<Value>(line).unwrap()["CognituiExport"].clone()
}

#[test]
fn what_is_written_from_a_part_is_a_part() {
    let script = Script::new();
    let gold = script.run(&["--demo", "--query", "tier=gold"]).ends(0);
    script.file("gold.jsonl", &gold.out);
    let again = script.run(&["--from", "gold.jsonl", "--output", "jsonl"]).ends(0);
    assert!(
        again
            .err
            .contains("all of the export, which is NOT ALL of its pool: who matched tier=gold"),
        "{}",
        again.err
    );
    assert!(!again.err.contains("; complete"), "{}", again.err);
    assert!(gold.err.contains("; complete"), "{}", gold.err);
    assert_eq!(but_the_end(&again.out), but_the_end(&gold.out));
    let both = script
        .run(&["--from", "gold.jsonl", "--query", "enabled:yes", "--columns", "email"])
        .ends(0);
    assert_eq!(head(&both.out)["Query"], "tier=gold enabled:yes");
    assert_eq!(head(&both.out)["Attributes"], serde_json::json!(["email"]));
    script.file("both.jsonl", &both.out);
    let third = script.run(&["--from", "both.jsonl"]).ends(0);
    assert_eq!(head(&third.out), head(&both.out));
}

#[test]
fn what_a_file_does_not_tell_is_no_answer() {
    let script = Script::new();
    script.file("names.jsonl", script.run(&["--demo", "--columns", "username"]).out);
    for line in ["!email", "-email:jane", "email:*", "verified:email"] {
        let ran = script
            .run(&["--from", "names.jsonl", &format!("--query={line}")])
            .ends(3)
            .says(&["INCOMPLETE: this export was made without email"]);
        assert_eq!(users(&ran.out).len(), 0, "{line}");
        assert!(ran.out.contains("\"Complete\":false"), "{}", ran.out);
        assert!(!ran.err.contains("; complete"), "{}", ran.err);
    }
    let sheet = script.run(&["--from", "names.jsonl", "--output", "csv"]).ends(0);
    assert_eq!(
        sheet.out.lines().next(),
        Some("username,status,enabled,created,changed,groups")
    );
    script
        .run(&["--from", "names.jsonl", "--columns", "email"])
        .ends(3)
        .says(&["made without email"]);

    script.file("without.jsonl", script.run(&["--demo"]).out);
    let ran = script
        .run(&["--from", "without.jsonl", "--query", "group:admins"])
        .ends(3);
    assert!(ran.out.contains("\"Complete\":false"), "{}", ran.out);
    assert!(!ran.err.contains("; complete"), "{}", ran.err);
}

#[test]
fn a_file_of_users_alone_is_read_and_says_nothing_of_its_pool() {
    let script = Script::new();
    let users = "{\"Username\":\"jane\",\"Attributes\":[{\"Name\":\"custom:tier\",\"Value\":\"gold\"}]}\n{\"Username\":\"bob\"}\n";
    script.file("plain.jsonl", users);
    let whole = script.run(&["--from", "plain.jsonl", "--output", "jsonl"]);
    assert_eq!(usernames(&whole.out), ["jane", "bob"]);
    assert!(
        head(&whole.out)["UserPool"].get("SchemaAttributes").is_none(),
        "what is supposed is not told on"
    );
    for arguments in [
        &["--query", "tier=gold"][..],
        &["--columns", "tier", "--query", "custom:tier:*"],
    ] {
        let ran = script.run(&[&["--from", "plain.jsonl", "--output", "jsonl"], arguments].concat());
        assert_eq!(usernames(&ran.out), ["jane"]);
    }
    let csv = script.run(&["--from", "plain.jsonl", "--output", "csv"]);
    assert!(csv.out.lines().next().unwrap().ends_with("custom:tier"), "{}", csv.out);
    // What can be read once only is refused in words.
    for path in ["-", "/dev/stdin"] {
        script
            .run(&["--from", path])
            .ends(2)
            .says(&["write it to a file first, and open that"]);
    }
}

#[test]
fn a_file_with_nobody_in_it_and_one_that_does_not_say_what_it_is() {
    let script = Script::new();
    let utf16: Vec<u8> = "{\"Username\":\"a\"}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for text in [&b""[..], b"[]", b"{}", b"\x7f\x01\x02\n\xff", &utf16] {
        script.file("none.jsonl", text);
        let ran = script.run(&["--from", "none.jsonl"]).ends(1);
        assert!(!ran.out.contains("\"Complete\":true"), "{}", ran.out);
        assert!(!ran.err.contains("; complete"), "{}", ran.err);
    }
    let theirs = "{\"Username\":\"a\",\"Attributes\":[{\"Name\":\"custom:tier\",\"Value\":\"gold\"}]}\n";
    script.file("theirs.jsonl", theirs);
    let ran = script
        .run(&["--from", "theirs.jsonl"])
        .ends(3)
        .says(&["does not say whether everybody is in it"]);
    assert!(ran.out.contains("\"Complete\":false"), "{}", ran.out);
    let sheet = script
        .run(&["--from", "theirs.jsonl", "--output", "csv", "--query", "tier=gold"])
        .ends(3);
    assert!(
        sheet.out.lines().next().unwrap().ends_with(",custom:tier"),
        "{}",
        sheet.out
    );
    assert!(sheet.out.lines().nth(1).unwrap().ends_with(",gold"), "{}", sheet.out);
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
    assert!(left > 0);
    let rows = rows.len();
    ran.says(&[&format!("220 users read, {rows} printed")]);
    let few = script.run(&["--demo", "--output", "import", "--limit", "5"]);
    assert_eq!(few.out.lines().count(), 6, "{}", few.err);
    few.says(&["5 printed"]);
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
fn a_file_is_printed_as_it_is_and_an_order_keeps_who_stands_in_it_first() {
    let script = Script::new();
    let line = |name: &str, group: &str| format!("{{\"Username\":\"{name}\",\"Groups\":[\"{group}\"]}}\n");
    let text = [line("b", "first"), line("a", "first"), line("b", "second")].concat();
    script.file("twice.jsonl", text);
    let arguments = ["--from", "twice.jsonl", "--groups", "--output", "jsonl"];
    let as_it_is = script.run(&arguments).ends(3).out;
    assert_eq!(usernames(&as_it_is), ["b", "a", "b"]);
    let sorted = [&arguments[..], &["--sort", "username"]].concat();
    let said = "1 user came twice and is printed once, as read first";
    let in_order = script.run(&sorted).ends(3).says(&[said]).out;
    assert_eq!(usernames(&in_order), ["a", "b"]);
    assert!(!in_order.contains("second"), "{in_order}");
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
        let began =
            r#"{"CognituiExport":{"Version":1,"Began":"2026-11-21T10:41:05Z","UserPool":{"Id":"us-east-1_a"}}}"#;
        writeln!(file, "{began}").unwrap();
        for number in 0..users {
            writeln!(
                file,
                "{{\"Username\":\"user-{number}\",\"Attributes\":[{{\"Name\":\"email\",\"Value\":\"user-{number}@example.com\"}},\
                 {{\"Name\":\"name\",\"Value\":\"Somebody Called {number}\"}}],\"Enabled\":true,\"UserStatus\":\"CONFIRMED\"}}"
            )
            .unwrap();
        }
        let at = "2026-11-21T10:41:06Z";
        writeln!(
            file,
            r#"{{"CognituiExportEnd":{{"Users":{users},"Complete":true,"At":"{at}"}}}}"#
        )
        .unwrap();
        file.flush().unwrap();
        drop(file);
        peak(&script, &["--from", "many.jsonl"], users)
    };
    let (few, many) = (file(10_000), file(100_000));
    println!("a file of 10,000 users: {few} KiB; of 100,000: {many} KiB");
    assert!(many < few + 4_000, "{few} KiB, then {many} KiB");
}
