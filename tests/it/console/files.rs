//! What the program leaves on disk: its journal, its log, and nothing that anybody else can read.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::service::Service;
use super::{CUSTOMERS, Hands, cognitui, configure, listed, shell, state};

/// Every file and folder below, with its permission bits.
fn below(folder: &Path) -> Vec<(PathBuf, bool, u32)> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let entry = entry.unwrap();
        // A draft that was sent is removed, and one that is written gets its name, at any time.
        let Ok(metadata) = entry.metadata() else { continue };
        found.push((entry.path(), metadata.is_dir(), metadata.permissions().mode() & 0o7777));
        if metadata.is_dir() {
            found.extend(below(&entry.path()));
        }
    }
    found
}

fn journal(state: &Path) -> Vec<serde_json::Value> {
    below(&state.join("journal"))
        .into_iter()
        .filter(|(path, ..)| path.extension().is_some_and(|extension| extension == "jsonl"))
        .flat_map(|(path, ..)| {
            let text = fs::read_to_string(path).unwrap();
            text.lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn journal_and_folders_are_private_and_the_config_is_not_touched() {
    let service = Service::start();
    let arguments = format!("--endpoint-url {} --user-pool-id {CUSTOMERS} jane.doe", service.url);
    let launch = shell(&format!("umask 0; exec \"$COGNITUI\" {arguments}"));
    configure(&launch, &listed(CUSTOMERS));
    let config = launch.home().join(".config/cognitui/config.toml");
    let before = (
        fs::read(&config).unwrap(),
        fs::metadata(&config).unwrap().modified().unwrap(),
    );
    let mut pty = launch.start();
    pty.wait_for_text("User jane.doe");
    pty.settles()
        .opens_form("jane.doe")
        .types_email("jane.new@example.com")
        .reviews("jane.doe")
        .confirms("read back and true");
    let state = state(pty.home());
    assert_eq!(fs::metadata(&state).unwrap().permissions().mode() & 0o7777, 0o700);
    let files = below(&state);
    assert!(
        files
            .iter()
            .any(|(path, ..)| path.extension().is_some_and(|extension| extension == "jsonl")),
        "{files:?}"
    );
    for (path, is_folder, mode) in &files {
        assert_eq!(*mode, if *is_folder { 0o700 } else { 0o600 }, "{}", path.display());
    }
    let lines = journal(&state);
    let kinds: Vec<&str> = ["intent", "outcome", "seen"]
        .into_iter()
        .filter(|kind| {
            lines
                .iter()
                .any(|line| line.get(kind).is_some_and(serde_json::Value::is_object))
        })
        .collect();
    assert_eq!(kinds, ["intent", "outcome", "seen"]);
    assert_eq!(pty.quits(), Some(0));
    let after = (
        fs::read(&config).unwrap(),
        fs::metadata(&config).unwrap().modified().unwrap(),
    );
    assert!(before == after, "the config was written");
    let others: Vec<_> = below(pty.home())
        .into_iter()
        .map(|(path, ..)| path)
        .filter(|path| !path.starts_with(pty.home().join(".local")) && !path.starts_with(pty.home().join(".config")))
        .collect();
    assert!(others.is_empty(), "files elsewhere in the home: {others:?}");
}

#[test]
fn the_state_folder_is_where_xdg_says() {
    let service = Service::start();
    let launch = service.console(["jane.doe"]);
    let elsewhere = launch.home().join("elsewhere");
    let mut pty = launch.env("XDG_STATE_HOME", &elsewhere).start();
    pty.wait_for_text("User jane.doe");
    pty.settles()
        .opens_form("jane.doe")
        .types("name", "Jane Other")
        .reviews("jane.doe")
        .confirms("read back and true");
    assert!(!journal(&elsewhere.join("cognitui")).is_empty());
    assert!(!state(pty.home()).exists());
    assert_eq!(pty.quits(), Some(0));
}

#[test]
fn a_journal_others_can_read_stops_the_write_and_says_what_to_run() {
    for folder in ["", "journal"] {
        let service = Service::start();
        let launch = service.console(["jane.doe"]).size(200, 60);
        let state = state(launch.home());
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(state.join("journal"))
            .unwrap();
        let loose = if folder.is_empty() {
            state.clone()
        } else {
            state.join(folder)
        };
        fs::set_permissions(&loose, fs::Permissions::from_mode(0o755)).unwrap();
        let pty = launch.start();
        pty.wait_for_text("User jane.doe");
        pty.settles()
            .opens_form("jane.doe")
            .types_email("jane.new@example.com")
            .reviews("jane.doe")
            .confirms("REFUSED");
        pty.settles();
        // The edits are still there, and in the pane the entry can be had in full.
        pty.press("", "2 to send").press("<tab>", "the keys are here").keys("d");
        let command = format!("chmod700'{}'", loose.display());
        pty.wait_for(&command, |screen| {
            screen.contents().replace(['\n', ' '], "").contains(&command)
        });
        assert_eq!(service.writes(), 0);
        assert_eq!(service.email("jane.doe").as_deref(), Some("jane@example.com"));
    }
}

#[test]
fn the_log_tells_of_operations_and_of_nobody() {
    let service = Service::start();
    let launch = service
        .console(["--log", "log.txt", "--debug", "jane.doe"])
        .env("AWS_ACCESS_KEY_ID", "AKIAINVENTEDKEY00001")
        .env("AWS_SECRET_ACCESS_KEY", "invented/secret+of+nobody")
        .env("AWS_SESSION_TOKEN", "inventedsessiontoken")
        .env("RUST_LOG", "trace");
    let mut pty = launch.start();
    pty.wait_for_text("User jane.doe");
    pty.settles()
        .opens_form("jane.doe")
        .types_email("jane.new@example.com")
        .types("name", "Jane Unheard")
        .reviews("jane.doe")
        .confirms("read back and true");
    assert_eq!(pty.quits(), Some(0));
    let path = pty.home().join("log.txt");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    let log = fs::read_to_string(&path).unwrap();
    assert!(
        log.contains("AdminUpdateUserAttributes"),
        "an edit leaves a trace:\n{log}"
    );
    for secret in [
        "jane.new",
        "jane@example",
        "Jane",
        "jane.doe",
        "+1555",
        "Unheard",
        "AKIAINVENTEDKEY00001",
        "invented/secret",
        "inventedsessiontoken",
        "Signature",
        "AWS4-HMAC",
    ] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}

#[test]
fn a_log_that_would_follow_a_link_or_cannot_be_made_is_refused_before_the_screen_is_touched() {
    let launch = cognitui(["--demo", "--log", "link.txt"]);
    std::os::unix::fs::symlink(launch.home().join("target"), launch.home().join("link.txt")).unwrap();
    let mut pty = launch.start();
    assert_ne!(pty.wait_exit().code(), Some(0));
    assert!(!pty.raw().contains(&0x1b));
    assert!(
        pty.screen_text().replace('\n', "").contains("link.txt"),
        "{}",
        pty.screen_text()
    );
    assert!(!pty.home().join("target").exists());

    let mut pty = cognitui(["--demo", "--log", "nowhere/log.txt"]).start();
    assert_eq!(pty.wait_exit().code(), Some(2));
    assert!(!pty.raw().contains(&0x1b));

    let launch = cognitui(["--demo", "--log", "loose.txt"]).size(200, 24);
    let loose = launch.home().join("loose.txt");
    fs::write(&loose, "old\n").unwrap();
    fs::set_permissions(&loose, fs::Permissions::from_mode(0o644)).unwrap();
    let mut pty = launch.start();
    assert_eq!(pty.wait_exit().code(), Some(2));
    assert!(
        pty.screen_text().contains("chmod 600 'loose.txt'"),
        "{}",
        pty.screen_text()
    );
    assert_eq!(fs::read_to_string(&loose).unwrap(), "old\n");
}

#[test]
fn the_editor_gets_a_private_file_that_is_gone_afterwards_and_a_write_still_works() {
    let service = Service::start();
    let launch = service.console(["jane.doe"]);
    let editor = "umask 077; stat -c '%a' \"$1\" \"$(dirname \"$1\")\" > seen; cat \"$1\" >> seen; printf 'Jane Edited\\n' > \"$1\"";
    fs::write(launch.home().join("edit.sh"), editor).unwrap();
    let pty = launch.env("EDITOR", "sh edit.sh").start();
    pty.wait_for_text("User jane.doe");
    pty.settles()
        .opens_form("jane.doe")
        .press("/", "Esc close")
        .press("name", "/ name")
        .confirms("ctrl-s review");
    pty.press("<enter>", "EDITING name")
        .press("<c-o>", "Jane Edited")
        .press("<enter>", "1 to send");
    let seen = fs::read_to_string(pty.home().join("seen")).unwrap();
    assert_eq!(seen, "600\n700\nJane Doe");
    let state = state(pty.home());
    assert_eq!(fs::metadata(&state).unwrap().permissions().mode() & 0o7777, 0o700);
    // The value is pending, so it is a draft; the editor's own file is not in here.
    let others: Vec<_> = below(&state)
        .into_iter()
        .filter(|(path, ..)| !path.starts_with(state.join("drafts")))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    pty.reviews("jane.doe").confirms("read back and true");
    let jane = service.emulator.user(CUSTOMERS, "jane.doe").unwrap();
    assert_eq!(jane.attribute("name"), Some("Jane Edited"));
}

#[test]
fn the_demos_journal_is_its_own_and_begins_empty() {
    let mut pty = cognitui(["--demo"]).start();
    pty.opens_customers()
        .finds("jane.doe")
        .opens_form("jane.doe")
        .types("name", "Jane Other")
        .reviews("jane.doe")
        .confirms("read back and true");
    let demo = state(pty.home()).join("demo");
    assert_eq!(journal(&demo).len(), 3);
    assert!(journal(&state(pty.home())).is_empty());
    assert_eq!(pty.quits(), Some(0));

    let again = cognitui(["--demo"]).env("HOME", pty.home()).start();
    again.wait_for_text("us-east-1_B4nkMfA77");
    assert!(journal(&demo).is_empty(), "lines of an earlier demo tell of nobody");
}

#[cfg(target_os = "linux")]
#[test]
fn no_core_file_can_hold_what_was_on_the_screen() {
    let pty = cognitui(["--demo"]).start();
    pty.wait_for_text("us-east-1_B4nkMfA77");
    let limits = fs::read_to_string(format!("/proc/{}/limits", pty.pid())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let numbers: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(numbers, ["0", "0"], "{core}");
}

#[test]
fn a_config_given_by_name_is_the_one_that_counts() {
    let service = Service::start();
    let launch = cognitui(["--endpoint-url", &service.url, "--config", "mine.toml"]);
    configure(&launch, "read-only = true\n");
    fs::write(
        launch.home().join("mine.toml"),
        format!("user-pool-id = \"{CUSTOMERS}\"\n{}", listed(CUSTOMERS)),
    )
    .unwrap();
    let pty = launch.start();
    pty.wait_for_text("jane@example.com");
    pty.settles();
    let header = pty.screen_text().lines().next().unwrap_or_default().to_owned();
    assert!(header.trim_end().ends_with("write"), "{header}");
}
