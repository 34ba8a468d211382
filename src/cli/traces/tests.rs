//! What is found on a machine that the test made.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::*;
use crate::config::{Flags, PolicyFile};

/// A machine of our own, removed afterwards.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cognitui-traces-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// A file that was last written so many seconds after 1970.
    fn file(&self, name: &str, text: &str, at: u64) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(at))
            .unwrap();
    }

    fn said(&self, output: Output, settings: &str) -> String {
        self.file("config.toml", settings, 0);
        let mut flags = Flags::default();
        flags.config = Some(self.0.join("config.toml"));
        let home = self.0.clone();
        let env = move |name: &str| match name {
            "HOME" => Some(home.clone().into_os_string()),
            "XDG_RUNTIME_DIR" => Some(home.join("run").into_os_string()),
            "TMUX" => Some(format!("{},1,0", home.join("tmux/default").display()).into()),
            "COGNITUI_TEST_POLICY" => Some(home.join("no-policy.toml").into_os_string()),
            _ => None,
        };
        let config = config::load(&Sources {
            flags,
            env: &env,
            folder: None,
            policy: PolicyFile::of_this_machine(&env),
        })
        .unwrap();
        let machine = Machine {
            env: &env,
            home: Some(self.0.clone()),
            state: self.0.join("state"),
            processes: self.0.join("proc"),
            now: Timestamp::from_second(10 * 86_400).unwrap(),
        };
        let said = said(output, &config, &machine);
        assert_eq!((said.err.as_str(), said.code), ("", 0));
        said.out.replace(&self.0.display().to_string(), "~")
    }

    fn json(&self, settings: &str) -> Vec<Value> {
        let text = self.said(Output::Json, settings);
        let value: Value = serde_json::from_str(&text).unwrap();
        value["places"].as_array().unwrap().clone()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // Left behind in the temporary folder at worst.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn place<'a>(places: &'a [Value], name: &str) -> &'a Value {
    places.iter().find(|place| place["place"] == name).unwrap()
}

const PLACES: [&str; 9] = [
    "journal",
    "drafts",
    "exports",
    "log",
    "editor",
    "clipboard",
    "shell history",
    "process list",
    "terminal",
];

#[test]
fn every_place_is_there_on_an_empty_machine() {
    let home = Home::new("empty");
    let places = home.json("");
    let names: Vec<&str> = places.iter().map(|place| place["place"].as_str().unwrap()).collect();
    assert_eq!(names, PLACES);
    for place in &places {
        for found in place["found"].as_array().unwrap() {
            assert_eq!(found["files"], 0, "{place}");
        }
        assert!(!place["off_switch"].as_str().unwrap().is_empty());
    }
    assert_eq!(place(&places, "log")["now"], "off");
    let table = home.said(Output::Table, "");
    assert!(table.contains("  where   ~/state/journal: none there\n"), "{table}");
    assert!(table.ends_with("traces = \"none\" in the configuration switches off whatever has a switch, at once\n"));
}

#[test]
fn what_is_there_is_counted_with_its_age_and_never_quoted() {
    let home = Home::new("full");
    let day = 86_400;
    home.file("state/journal/a.jsonl", "jane@example.com", day);
    home.file("state/journal/b.jsonl", "jane@example.com", 9 * day);
    home.file("state/drafts/d.json", "jane@example.com", 10 * day - 120);
    home.file("c.log", "", 10 * day - 7_200);
    home.file("run/cognitui-edit-1/value.txt", "jane@example.com", 10 * day - 5);
    home.file("run/other/value.txt", "jane@example.com", day);
    home.file(
        ".local/state/nvim/undo/%run%cognitui-edit-1%value.txt",
        "jane@example.com",
        8 * day,
    );
    home.file(".viminfo", "jane@example.com", 8 * day);
    home.file("tmux/default", "", 8 * day);
    home.file(
        ".bash_history",
        "ls\ncognitui jane@example.com\nfg\ncognitui -- x\n",
        8 * day,
    );
    home.file("proc/41/cmdline", "/usr/bin/cognitui\0jane@example.com\0", 8 * day);
    home.file("proc/42/cmdline", "vim\0cognitui\0", 8 * day);
    home.file("proc/stat", "", 8 * day);
    let table = home.said(Output::Table, "log = \"c.log\"\n");
    assert!(!table.contains("jane"), "{table}");
    for expected in [
        "  where   ~/state/journal: 2, the oldest 9 days old, the newest 1 day\n",
        "  where   ~/state/drafts: 1, 2 minutes old\n",
        "  where   ~/c.log: 1, 2 hours old\n",
        "  now     on (~/config.toml:1)\n",
        "  where   ~/run: 1, less than a minute old\n",
        "  where   ~/.local/state/nvim/undo: 1, 2 days old\n",
        "  where   ~/.viminfo: 1, 2 days old; registers: what was yanked or deleted\n",
        "  where   ~/tmux/default: 1, 2 days old; the server's buffers: tmux list-buffers, tmux delete-buffer\n",
        "  where   ~/.bash_history: 1, 2 days old; 2 of its lines name cognitui\n",
        "  now     no setting of cognitui decides it\n",
    ] {
        assert!(table.contains(expected), "{expected} is not in\n{table}");
    }
    let running = place(&home.json(""), "process list").clone();
    assert_eq!(running["found"][0]["files"], 1);
    let journal = place(&home.json(""), "journal").clone();
    assert_eq!(journal["found"][0]["oldest"], "1970-01-02T00:00:00Z");
    assert_eq!(journal["found"][0]["newest"], "1970-01-10T00:00:00Z");
}

#[test]
fn what_is_off_says_by_whom() {
    let home = Home::new("off");
    let settings =
        "traces = \"none\"\nlog = \"c.log\"\n[journal]\njournal-dir = \"team\"\n[protect]\nclipboard = \"off\"\n";
    let places = home.json(settings);
    for name in ["journal", "drafts", "exports", "log", "editor", "clipboard"] {
        assert_eq!(place(&places, name)["now"], "off", "{name}");
    }
    assert_eq!(place(&places, "clipboard")["by"], "~/config.toml:6");
    assert_eq!(place(&places, "drafts")["by"], "traces = \"none\", ~/config.toml:1");
    let paths: Vec<&Value> = place(&places, "journal")["found"].as_array().unwrap().iter().collect();
    assert_eq!(paths.len(), 2);
    assert_eq!(paths[1]["path"], "~/team");
    assert!(Path::new(paths[0]["path"].as_str().unwrap()).starts_with("~/team"));
    let table = home.said(Output::Table, settings);
    assert!(
        table.ends_with("traces = \"none\" is in force: ~/config.toml:1\n"),
        "{table}"
    );
}
