//! `cognitui journal` on what `cognitui update` did: every form, the checks that turn red, and taking values out.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use super::super::state;
use super::{CUSTOMERS, Ran, Script, Service};

const SUB: &str = "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f";
/// What a spreadsheet would run and a terminal obey, in seven bits and in eight, with a name that is read as it stands.
const HOSTILE: &str = "=1+1\u{1b}[2J Ren\u{e9}e \u{9b}31m\u{202e}";

impl Script {
    fn journal(&self, arguments: &[&str]) -> Ran {
        Command::new(env!("CARGO_BIN_EXE_cognitui"))
            .arg("journal")
            .args(arguments)
            .env_clear()
            .env("HOME", self.home())
            .env("LANG", "C.UTF-8")
            .output()
            .unwrap()
            .into()
    }

    /// The one file of the journal.
    fn file(&self) -> PathBuf {
        let folder = state(self.home()).join("journal");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut files = files.filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
        let file = files.next().unwrap();
        assert_eq!(files.next(), None);
        file
    }
}

/// Two changes of one user: a nickname, then the same with a hostile value.
fn scene() -> (Service, Script) {
    let service = Service::start();
    let script = Script::on(&service.url, &[CUSTOMERS]);
    for (value, reason) in [("first", "SUP-1"), (HOSTILE, "SUP-2")] {
        let attribute = json!([{"Name": "nickname", "Value": value}]).to_string();
        script
            .admin("jane.doe", &["--reason", reason, "--user-attributes", &attribute])
            .ends(0);
    }
    (service, script)
}

#[test]
fn entries_are_listed_shown_and_exported_in_every_form() {
    let (_service, script) = scene();
    let listed = script.journal(&["list"]).ends(0);
    let lines: Vec<&str> = listed.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", listed.out);
    assert!(lines[0].starts_with("TIME (UTC)"), "{}", lines[0]);
    assert!(lines[1].contains("SUP-2") && lines[2].contains("SUP-1"), "newest first");
    assert!(
        lines
            .iter()
            .skip(1)
            .all(|line| line.contains("applied") && line.contains("jane.doe"))
    );

    let all = script.journal(&["list", "--output", "json"]).ends(0).json();
    let newest = &all[0];
    assert_eq!(
        newest["changes"],
        json!([{"name": "nickname", "before": "first", "after": HOSTILE}])
    );
    assert_eq!((&newest["sub"], &newest["reason"]), (&json!(SUB), &json!("SUP-2")));
    assert_eq!(newest["answer"]["word"], "accepted");
    assert_eq!(newest["seen"][0]["word"], "applied");

    let exported = script.journal(&["export"]).ends(0);
    let lines: Vec<Value> = exported
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines, [all[1].clone(), all[0].clone()], "oldest first, and the same");

    let csv = script.journal(&["export", "--output", "csv"]).ends(0).out;
    assert!(csv.contains(&format!(",nickname,first,'{HOSTILE},applied,")), "{csv:?}");

    let id = newest["id"].as_str().unwrap();
    let shown = script.journal(&["show", id]).ends(0).out;
    assert!(shown.contains("- first") && shown.contains("=1+1"), "{shown}");
    assert!(!shown.contains('\u{1b}') && !listed.out.contains('\u{1b}'));
    // As much of the id as no other has.
    assert_eq!(script.journal(&["show", &id[..16]]).ends(0).out, shown);
    script.journal(&["show", "nobody"]).ends(1).says(&["has no entry"]);

    let found = script.journal(&["list", "reason:SUP-1", "--output", "jsonl"]).ends(0);
    assert_eq!(found.out.lines().count(), 1);
    for form in ["json", "jsonl"] {
        let out = script.journal(&["export", "--output", form]).ends(0).out;
        assert!(out.contains("Ren\u{e9}e \\u009b31m\\u202e"), "{form}: {out}");
        assert!(
            out.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'),
            "{form}: {out}"
        );
    }
    script.journal(&["list", "by:nobody"]).ends(0).says(&["no entry meets"]);
    script
        .journal(&["list", "outcome:fine"])
        .ends(2)
        .says(&["is no outcome"]);
    let path = script.journal(&["path"]).ends(0).out;
    assert_eq!(PathBuf::from(path.trim_end()), script.file().parent().unwrap());
}

#[test]
fn a_changed_byte_and_a_cut_end_turn_verifying_red() {
    let (_service, script) = scene();
    script.journal(&["verify"]).ends(0).says(&["--head"]);
    let head = script.journal(&["head"]).ends(0).out;
    assert!(head.starts_with(&format!("{CUSTOMERS} 6 ")), "{head}");
    let noted = script.home().join("head");
    std::fs::write(&noted, &head).unwrap();
    let against = ["verify", "--head", noted.to_str().unwrap()];
    script.journal(&against).ends(0);

    let file = script.file();
    let whole = std::fs::read_to_string(&file).unwrap();
    // One byte of a value, in the fourth line: the second intent.
    let at = whole.match_indices("SUP-2").next().unwrap().0;
    let line = whole[..at].lines().count();
    std::fs::write(&file, whole.replacen("SUP-2", "SUP-3", 1)).unwrap();
    let named = format!("{}:{line}: not as it was written", file.display());
    script.journal(&["verify"]).ends(1).says(&[&named]);
    script.journal(&["list"]).ends(1).says(&[&named]);

    // The last line cut off: a good journal in itself, and shorter than it was.
    let kept: String = whole.split_inclusive('\n').take(5).collect();
    std::fs::write(&file, kept).unwrap();
    script.journal(&["verify"]).ends(0);
    script.journal(&against).ends(1).says(&["the end is cut off"]);

    // A line that a crash tore is no sign of a change.
    std::fs::write(&file, &whole[..whole.len() - 10]).unwrap();
    script.journal(&["verify"]).ends(0).says(&["is not finished"]);
}

#[test]
fn request_ids_are_matched_with_a_trail_both_ways() {
    let (_service, script) = scene();
    let entries = script.journal(&["list", "--output", "json"]).ends(0).json();
    // What the service's own endpoint would have left: the entries name a loopback endpoint, which no trail tells of.
    let event = |id: &Value, time: &Value| {
        json!({
            "eventSource": "cognito-idp.amazonaws.com", "eventName": "AdminUpdateUserAttributes",
            "awsRegion": "us-east-1", "eventTime": time, "requestID": id,
            "userAgent": "aws-sdk-rust/1 app/cognitui", "eventID": "e",
        })
    };
    let stranger = event(&json!("no-such-request"), &entries[0]["time"]);
    let known = event(&entries[0]["answer"]["request_id"], &entries[0]["answer"]["time"]);
    let file = script.home().join("trail.json");
    std::fs::write(&file, json!({"Records": [known]}).to_string()).unwrap();
    let against = ["verify", "--cloudtrail", file.to_str().unwrap()];
    let told = script.journal(&against).ends(0).out;
    assert!(told.contains("entries with their event: 1"), "{told}");
    // Verifying one pool's chain does not make the events of the others nobody's.
    let other = [&against[..], &["--user-pool-id", "us-east-1_StaffAbc1"]].concat();
    let told = script.journal(&other).ends(0).out;
    assert!(told.contains("entries with their event: 1"), "{told}");

    std::fs::write(&file, json!({"Records": [known, stranger]}).to_string()).unwrap();
    let told = script.journal(&against).ends(1).out;
    assert!(told.contains("NO ENTRY") && told.contains("no-such-request"), "{told}");
    std::fs::write(&file, "{}").unwrap();
    script.journal(&against).ends(2).says(&["not an export of CloudTrail"]);
}

#[test]
fn redacting_takes_the_values_and_leaves_the_chain() {
    let (_service, script) = scene();
    let asked = ["redact", "--sub", SUB];
    let told = script.journal(&asked).ends(0).out;
    assert!(told.starts_with("2 entries about this user"), "{told}");
    assert!(
        std::fs::read_to_string(script.file()).unwrap().contains("SUP-1"),
        "nothing was done yet"
    );

    script.journal(&[&asked[..], &["--yes"]].concat()).ends(0);
    let left = std::fs::read_to_string(script.file()).unwrap();
    for value in ["jane.doe", SUB, "first", "SUP-1"] {
        assert!(!left.contains(value), "{value} is still there");
    }
    script.journal(&["verify"]).ends(0);
    // Once more, or with a sub that nobody has: nothing was taken out, and that is no success.
    for sub in [SUB, "00000000-0000-4000-8000-000000000000"] {
        script
            .journal(&["redact", "--sub", sub, "--yes"])
            .ends(1)
            .says(&["nothing was taken out"]);
    }
    let listed = script.journal(&["list"]).ends(0).out;
    assert_eq!(listed.matches("(not kept)").count(), 4, "{listed}");
}

#[test]
fn export_is_switched_off_by_the_configuration() {
    let (_service, script) = scene();
    script.configure("[protect]\nexport = \"off\"\n");
    for arguments in [
        &["export"][..],
        &["list", "--output", "csv"],
        &["show", "x", "--output", "json"],
    ] {
        let refused = script
            .journal(arguments)
            .ends(2)
            .says(&["switched off", "config.toml:2"]);
        assert_eq!(refused.out, "");
    }
    script.journal(&["list"]).ends(0);
}
