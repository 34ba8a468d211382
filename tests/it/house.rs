//! Tests of the house itself: who imports whom, which versions are in the lock file, what the README repeats.
#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may import whom. `cli` puts the parts together and may import all of them.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("job", &["domain"]),
    ("disk", &[]),
    ("journal", &["disk", "domain"]),
    ("drafts", &["disk", "domain"]),
    ("config", &["domain"]),
    ("cognito", &["domain", "journal"]),
    ("app", &["domain", "job"]),
    ("view", &["app", "domain", "job"]),
    ("work", &["domain", "job", "journal", "drafts", "cognito"]),
    ("run", &["app", "view", "work", "job", "domain", "terminal"]),
    ("terminal", &[]),
    ("emulator", &[]),
    (
        "cli",
        &[
            "app", "cognito", "config", "domain", "drafts", "emulator", "job", "journal", "run", "terminal", "view",
            "work",
        ],
    ),
];

/// Which crates stay behind one door.
const DOORS: &[(&str, &[&str])] = &[
    ("aws_", &["cognito"]),
    ("tokio", &["cognito", "work", "emulator", "cli"]),
    ("crossterm", &["terminal", "run"]),
    ("ratatui", &["terminal", "view"]),
    ("anyhow", &["cli"]),
    // A process of several threads must not.
    ("fork", &["terminal"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The files of `src` by the part they belong to, without comments.
fn parts() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut parts: BTreeMap<String, Vec<(PathBuf, String)>> = BTreeMap::new();
    for file in files {
        let relative = file.strip_prefix(&src).unwrap().to_path_buf();
        let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
        let part = first.trim_end_matches(".rs").to_owned();
        if part == "lib" || part == "main" {
            continue;
        }
        let text: String = fs::read_to_string(&file)
            .unwrap()
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n")
            .collect();
        parts.entry(part).or_default().push((relative, text));
    }
    parts
}

/// Everything named behind `crate::`, groups of `use` included.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        if text[..at].ends_with('$') {
            continue;
        }
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => found.push(std::mem::take(&mut name)),
                    c if depth == 0 && (c.is_alphanumeric() || c == '_') => name.push(c),
                    _ if depth == 0 && !name.is_empty() && !name.ends_with(':') => name.push(':'),
                    _ => {}
                }
            }
            found.push(name);
        } else {
            found.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
        .into_iter()
        .map(|name| name.split(':').next().unwrap_or_default().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn nobody_imports_what_is_not_theirs() {
    let parts = parts();
    let known: Vec<&str> = MAY_IMPORT.iter().map(|(part, _)| *part).collect();
    let mut wrong = Vec::new();
    for (part, files) in &parts {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| name == part) else {
            wrong.push(format!("{part} is not in the table of parts"));
            continue;
        };
        for (file, text) in files {
            for import in imports(text) {
                let ours = known.contains(&import.as_str());
                if ours && import != *part && !allowed.contains(&import.as_str()) {
                    wrong.push(format!("{}: imports {import}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(parts.len(), MAY_IMPORT.len(), "a part of the table has no files");
}

#[test]
fn crates_with_a_door_are_named_behind_it_alone() {
    let mut wrong = Vec::new();
    for (part, files) in &parts() {
        for (file, text) in files {
            for (door, allowed) in DOORS {
                let named = text.match_indices(door).any(|(at, _)| {
                    let before = text[..at].chars().next_back();
                    let after = &text[at + door.len()..];
                    let whole = after.starts_with("::") || (door.ends_with('_') && after.contains("::"));
                    let path = after
                        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                        .next()
                        .unwrap_or_default();
                    let is_path = door.ends_with('_') && after[path.len()..].starts_with("::");
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"' || c == '.')
                        && ((!door.ends_with('_') && whole) || is_path)
                });
                if named && !allowed.contains(&part.as_str()) {
                    wrong.push(format!("{}: names {door}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_lock_file_holds_one_tls_stack() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let mut name = "";
    let mut old = Vec::new();
    for line in lock.lines() {
        if let Some(value) = line.strip_prefix("name = ") {
            name = value.trim_matches('"');
        } else if let Some(version) = line.strip_prefix("version = ").map(|value| value.trim_matches('"')) {
            let stale = match name {
                "hyper" => version.starts_with("0."),
                "h2" => version.starts_with("0.3."),
                "rustls" => version.starts_with("0.21."),
                _ => false,
            };
            if stale {
                old.push(format!("{name} {version}"));
            }
        }
    }
    assert!(lock.contains("name = \"rustls\""), "the lock file was read");
    assert!(
        old.is_empty(),
        "stacks with open advisories came back: {}",
        old.join(", ")
    );
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::domain::Raw;\nuse crate::{app::App, job::{Job, Reply}, work};\nlet x = crate::view::draw();";
    assert_eq!(imports(text), ["domain", "app", "job", "work", "view"]);
}
