//! What is made from the table: the example, `config show`, and the help of flags.

use super::*;
use crate::config::table::{REPEATED, Row, SECTIONS};

#[test]
fn the_example_is_the_generated_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml");
    let written = fs::read_to_string(path).unwrap();
    if written != example() {
        fs::write(path, example()).unwrap();
        panic!("config.example.toml was out of date and has been written again: look at it and commit it");
    }
}

#[test]
fn the_example_as_it_is_changes_nothing() {
    let folder = Folder::new();
    let bare = Start::default().load(&folder).unwrap();
    let mut config = loaded(&example());
    config.file = bare.file.clone();
    assert_eq!(config, bare);
}

/// The example with every setting switched on.
fn uncommented() -> String {
    let lines: Vec<&str> = example()
        .leak()
        .lines()
        .map(|line| line.strip_prefix("# ").unwrap_or(line))
        .collect();
    lines.join("\n")
}

#[test]
fn the_example_with_every_line_uncommented_sets_every_setting() {
    let folder = Folder::with(&uncommented());
    let config = Start::default().env("HOME", "/home/ana").load(&folder).unwrap();
    let mut rows: Vec<Row<'_>> = config.rows().into_iter().flat_map(|(_, rows)| rows).collect();
    rows.extend(config.pools[0].rows());
    rows.extend(config.views[0].rows());
    let entries = SECTIONS.iter().chain(REPEATED).map(|section| section.entries.len());
    assert_eq!(rows.len(), entries.sum::<usize>());
    for row in rows {
        assert!(line(row.origin).is_some(), "{} is not in the example", row.entry.key);
        if let Some(default) = (row.entry.default)().filter(|_| row.entry.sample.is_none()) {
            assert_eq!(
                row.literal,
                Some(default),
                "{} is not shown with its default",
                row.entry.key
            );
        }
    }
    assert_eq!(config.keys.len(), 1);
}

#[test]
fn every_setting_is_described_once() {
    let mut seen = Vec::new();
    for section in SECTIONS.iter().chain(REPEATED) {
        for entry in section.entries {
            let name = (section.name, entry.key);
            assert!(!seen.contains(&name), "{name:?} twice");
            seen.push(name);
            assert!(entry.doc.iter().all(|line| !line.trim().is_empty()), "{name:?}");
            assert!(entry.doc.last().unwrap().ends_with('.'), "{name:?}");
            let short = entry.doc.first().unwrap().ends_with('.');
            assert!(short || entry.flag.is_none(), "{name:?} has no short help");
            assert!(
                entry.key.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{name:?} is not kebab-case"
            );
            let documented = (entry.default)().is_some() || entry.sample.is_some();
            assert!(documented, "{name:?} has neither a default nor an example");
        }
    }
}

#[test]
fn show_says_where_each_value_came_from() {
    let folder = Folder::with(
        "region = \"eu-west-1\"\n[screen]\ncharset = \"ascii\"\n[keys]\nquit = \"q\"\n[[pool]]\nid = \"eu-west-1_aB3dE5fGh\"\nprotected = true\n",
    );
    let start = Start::default()
        .env("AWS_PROFILE", "support")
        .env("NO_COLOR", "1")
        .flag("--read-timeout", "30")
        .flag("--read-only", "true");
    let shown = show(&start.load(&folder).unwrap());
    let expected = format!(
        r#"# read from {}
region = "eu-west-1"                     # line 1 of the file
profile = "support"                      # environment AWS_PROFILE
# user-pool-id is not set
# endpoint-url is not set
# ca-bundle is not set
connect-timeout = 5                      # default
read-timeout = 30                        # flag --read-timeout
read-only = true                         # flag --read-only
act-as-user = "on"                       # default
# log is not set
traces = "all"                           # default

[screen]
charset = "ascii"                        # line 3 of the file
theme = "mono"                           # environment NO_COLOR
time-zone = "UTC"                        # default
columns = ["username", "email", "phone_number", "status"] # default
pane-height = 7                          # default

[find]
phone-prefixes = []                      # default

[edit]
verified-default = "ask"                 # default
confirm = "armed"                        # default
arm-minutes = 30                         # default
drafts = "on"                            # default

[protect]
protected-names = []                     # default
protected-users = []                     # default
unlisted-pools = "name"                  # default
# listed-pools is not set
reason = "optional"                      # default
# reason-pattern is not set
# lock-after-minutes is not set
clipboard = "on"                         # default
editor = "on"                            # default
export = "on"                            # default

[journal]
# journal-dir is not set
values = "full"                          # default
# retention-days is not set

[pace]
list-per-second = 10                     # default
read-per-second = 20                     # default
write-per-second = 5                     # default

[keys]
"quit" = ["q"]                           # line 5 of the file

[[pool]]
id = "eu-west-1_aB3dE5fGh"               # line 7 of the file
# name is not set
# region is not set
# profile is not set
# endpoint-url is not set
protected = true                         # line 8 of the file
read-only = false                        # default
# reason is not set
# reason-pattern is not set
# values is not set
"#,
        folder.path("config.toml").display()
    );
    assert_eq!(shown, expected);
}

#[test]
fn what_is_shown_can_be_read_again_and_means_the_same() {
    let folder = Folder::with(&uncommented());
    let first = Start::default().env("HOME", "/home/ana").load(&folder).unwrap();
    let again = loaded(&show(&first));
    let values = |config: &Config| -> Vec<Option<String>> {
        let mut rows: Vec<Row<'_>> = config.rows().into_iter().flat_map(|(_, rows)| rows).collect();
        rows.extend(config.pools[0].rows());
        rows.extend(config.views[0].rows());
        rows.into_iter().map(|row| row.literal).collect()
    };
    assert_eq!(values(&first), values(&again));
    assert_eq!(first.keys[0].chords, again.keys[0].chords);
}

#[test]
fn show_prints_nothing_raw() {
    let folder = Folder::with("log = \"/a\\u001B[2J\\u202E\\\"b\"\n[keys]\n\"\\u009B\" = \"\\u0007\"\n");
    let shown = show(&Start::default().load(&folder).unwrap());
    assert!(
        shown.chars().all(|c| c == '\n' || c == ' ' || c.is_ascii_graphic()),
        "{shown:?}"
    );
    let again = loaded(&shown);
    assert_eq!(again.general.log.value, Some(PathBuf::from("/a\u{1b}[2J\u{202e}\"b")));
    assert_eq!(again.keys[0].action, "\u{9b}");
}

#[test]
fn show_in_the_demo_says_what_is_left_out() {
    let config = Start::default().demo().load(&Folder::new()).unwrap();
    assert_eq!(
        show(&config).lines().nth(1),
        Some("# --demo: settings that point at a real service are left out")
    );
}

#[test]
fn the_help_of_a_flag_comes_from_its_setting() {
    for flag in flags() {
        assert!(
            !summary(flag).is_empty() && help(flag).starts_with(&summary(flag)),
            "{flag}"
        );
    }
    assert_eq!(
        help("--connect-timeout"),
        "Seconds to wait for a connection, 1 to 300.\n\
         The AWS CLI waits 60 and takes 0 as no limit; here 0 is refused.\n\
         Default: 5.\nIn the configuration file: connect-timeout."
    );
    assert_eq!(help("--nonsense"), "");
}
