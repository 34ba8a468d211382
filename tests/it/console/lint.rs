//! `cognitui lint` as a script runs it.

use std::process::{Command, Stdio};

use serde_json::Value;

use super::CUSTOMERS;
use super::ran::Ran;
use super::service::Service;
use crate::peers::Folder;

/// The demo's pool without users.
const BARE: &str = "us-east-1_nEwP00l00";

fn lint(service: &Service, pool: &str, more: &[&str]) -> Ran {
    let home = Folder::new("lint").unwrap();
    let config = home.path().join(".config/cognitui");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), super::listed(pool)).unwrap();
    Command::new(env!("CARGO_BIN_EXE_cognitui"))
        .args(["lint", "--user-pool-id", pool, "--endpoint-url", &service.url])
        .args(more)
        .env_clear()
        .env("HOME", home.path())
        .env("LANG", "C.UTF-8")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
        .into()
}

/// The usernames that a check found.
fn found(document: &Value, check: &str) -> Vec<String> {
    let checks = document["checks"].as_array().unwrap();
    let check = checks.iter().find(|one| one["check"] == check).unwrap();
    let findings = check["findings"].as_array().unwrap().iter();
    findings
        .map(|one| one["username"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_whole_pool_is_looked_at_and_nobody_counted_as_active() {
    let service = Service::start();
    let ran = lint(&service, CUSTOMERS, &["--output", "json"]).ends(1);
    let document = ran.json();
    assert_eq!(document["complete"], true);
    assert_eq!(document["looked_at"], document["estimated_users"]);
    assert_eq!(found(&document, "duplicate-email"), ["j.smith", "shared.unverified"]);
    assert!(found(&document, "case-twins").contains(&"eve".to_owned()));
    assert!(found(&document, "hidden-characters").contains(&"adm\u{200b}in".to_owned()));
    assert_eq!((service.count("AdminGetUser"), service.writes()), (0, 0));
}

#[test]
fn a_table_says_the_counts_first_and_sends_the_terminal_nothing_raw() {
    let service = Service::start();
    let ran = lint(&service, CUSTOMERS, &[]).ends(1);
    let counts = ran.out.find("CHECK").unwrap();
    assert!(counts < ran.out.find("USERNAME").unwrap());
    assert!(ran.out.contains("all of them") && ran.out.contains(r"adm\u{200b}in"));
    let raw = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{200b}' | '\u{202e}');
    assert_eq!(ran.out.chars().find(|c| raw(*c)), None);
}

#[test]
fn checks_are_chosen_left_out_and_attributes_asked_for() {
    let service = Service::start();
    let only = lint(&service, CUSTOMERS, &["--check", "not-e164"]).ends(0);
    assert!(only.out.contains("not-e164") && !only.out.contains("case-twins"));
    let more = [
        "--check",
        "missing-attribute",
        "--attribute",
        "custom:tier",
        "--output",
        "csv",
    ];
    let missing = lint(&service, CUSTOMERS, &more).ends(1);
    let tom = missing.out.lines().find(|line| line.contains(",tom,")).unwrap();
    assert!(
        tom.starts_with("missing-attribute,") && tom.contains("custom:tier"),
        "{tom}"
    );
    let short = more.map(|word| if word == "custom:tier" { "tier" } else { word });
    assert_eq!(lint(&service, CUSTOMERS, &short).ends(1).out, missing.out);
    let slip = lint(&service, CUSTOMERS, &["--attribute", "tierr"]).ends(2);
    assert_eq!(slip.out, "");
    slip.says(&["the pool has no such attribute; did you mean \"custom:tier\"?"]);
    let lines = lint(&service, CUSTOMERS, &["--skip", "case-twins", "--output", "jsonl"]).ends(1);
    for line in lines.out.lines() {
        let finding: Value = serde_json::from_str(line).unwrap();
        assert_ne!(finding["check"], "case-twins");
    }
}

#[test]
fn a_check_that_is_not_there_is_said_before_anybody_is_asked() {
    let service = Service::start();
    lint(&service, CUSTOMERS, &["--check", "twins"])
        .ends(2)
        .says(&["there is no such check", "case-twins"]);
    lint(&service, CUSTOMERS, &["--check", "not-e164", "--skip", "not-e164"])
        .ends(2)
        .says(&["no check is left"]);
    assert_eq!(service.emulator.calls().len(), 0);
}

#[test]
fn a_pool_that_cannot_be_read_is_not_clean() {
    let service = Service::start();
    let ran = lint(&service, "us-east-1_NoNe00000", &[]).ends(3);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("ResourceNotFoundException"), "{}", ran.err);
    let empty = lint(&service, BARE, &[]).ends(0);
    assert!(empty.out.contains("looked at 0 users"));
}

/// A command in a folder of its own, where nothing is configured.
fn alone(home: &Folder, arguments: &[&str]) -> Ran {
    Command::new(env!("CARGO_BIN_EXE_cognitui"))
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("LANG", "C.UTF-8")
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
        .into()
}

#[test]
fn an_export_is_checked_like_its_pool_and_nobody_is_asked() {
    let home = Folder::new("lint").unwrap();
    let listed = alone(&home, &["list", "--demo"]).ends(0);
    let path = home.path().join("users.jsonl");
    std::fs::write(&path, &listed.out).unwrap();
    for output in ["table", "csv"] {
        let of_pool = alone(&home, &["lint", "--demo", "--output", output]).ends(1);
        let of_file = alone(&home, &["lint", "--from", "users.jsonl", "--output", output]).ends(1);
        assert_eq!(of_file.out, of_pool.out);
    }

    let lines: Vec<&str> = listed.out.lines().collect();
    let cut = [&lines[..4], &["{rubbish"], &lines[4..]].concat().join("\n");
    std::fs::write(&path, cut).unwrap();
    alone(&home, &["lint", "--from", "users.jsonl"])
        .ends(3)
        .says(&["line 5 (not JSON)", "INCOMPLETE: the export is not whole; twins"]);
    std::fs::write(&path, lines[1]).unwrap();
    alone(&home, &["lint", "--from", "users.jsonl"])
        .ends(3)
        .says(&["INCOMPLETE: the file does not say whether everybody of its pool is in it; twins"]);
    let gold = alone(&home, &["list", "--demo", "--query", "tier=gold"]).ends(0);
    std::fs::write(&path, &gold.out).unwrap();
    alone(&home, &["lint", "--from", "users.jsonl"])
        .ends(3)
        .says(&["INCOMPLETE: the export is NOT ALL of its pool: who matched tier=gold; twins"]);
    std::fs::write(home.path().join("other.txt"), "root:x:0:0\n").unwrap();
    alone(&home, &["lint", "--from", "other.txt"]).ends(2).says(&[
        "line 1 (not JSON)",
        "there is no user in the file, and nothing of an export",
    ]);
    alone(&home, &["lint", "--from", "nothing.jsonl"])
        .ends(2)
        .says(&["--from \"nothing.jsonl\": No such file"]);
    alone(&home, &["lint", "--from", "users.jsonl", "--demo"])
        .ends(2)
        .says(&["leave out one of them"]);
}

#[test]
fn an_export_is_checked_for_what_it_holds() {
    let home = Folder::new("lint").unwrap();
    let part = alone(&home, &["list", "--demo", "--columns", "username,name"]).ends(0);
    std::fs::write(home.path().join("names.jsonl"), &part.out).unwrap();
    let ran = alone(&home, &["lint", "--from", "names.jsonl"]).ends(3).says(&[
        "INCOMPLETE: this export was made without",
        ": nothing of that was looked at",
    ]);
    assert!(ran.out.contains(" users, all of them"), "{}", ran.out);
    for check in ["duplicate-email", "no-contact", "unverified-contact", "not-e164"] {
        assert!(
            ran.out
                .contains(&format!("not made: {check}, because this export was made without")),
            "{}",
            ran.out
        );
    }
    let short = alone(
        &home,
        &[
            "lint",
            "--from",
            "names.jsonl",
            "--check",
            "missing-attribute",
            "--attribute",
            "email",
        ],
    );
    assert!(!short.out.contains("(not set)"), "{}", short.out);

    // Without anything but users the users tell which attributes there are.
    let users = "{\"Username\":\"jane\",\"Attributes\":[{\"Name\":\"custom:tier\",\"Value\":\"gold\"}]}\n{\"Username\":\"bob\"}\n";
    std::fs::write(home.path().join("plain.jsonl"), users).unwrap();
    let only = [
        "lint",
        "--from",
        "plain.jsonl",
        "--check",
        "missing-attribute",
        "--output",
        "csv",
        "--attribute",
    ];
    let ran = alone(&home, &[&only[..], &["tier"]].concat()).ends(3);
    assert!(
        ran.out.contains(",bob,") && ran.out.contains("custom:tier") && !ran.out.contains(",jane,"),
        "{}",
        ran.out
    );
    alone(&home, &[&only[..], &["tierr"]].concat())
        .ends(2)
        .says(&["did you mean \"custom:tier\"?"]);
    let all = alone(&home, &["lint", "--from", "plain.jsonl"]).ends(3);
    assert!(
        all.out
            .contains("not made: outside-schema, because the pool's settings are not known"),
        "{}",
        all.out
    );
}
