//! What a newcomer reads is true: what the README and the architecture page repeat is compared with the program, and the
//! pictures are drawn again.

#![cfg(test)]

mod picture;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cognitui::app::action::{ACTIONS, Needs};
use cognitui::app::keymap::{Chord, Keymap};
use cognitui::cli::args::Mode;
use cognitui::cli::iam;
use cognitui::config::{self, Flags, PolicyFile, Sources};
use cognitui::domain::{Fault, Outcome};
use cognitui::terminal::{Ending, Reason, Signal};

use crate::peers::Folder;

/// With this set, what is out of date is written again instead of failing.
const UPDATE: &str = "COGNITUI_UPDATE_DOCS";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Fails if a file is not what it should be, or writes it if that was asked for.
#[track_caller]
fn is_up_to_date(path: &str, expected: &str) {
    if fs::read_to_string(root().join(path)).is_ok_and(|found| found == expected) {
        return;
    }
    if std::env::var_os(UPDATE).is_some() {
        return fs::write(root().join(path), expected).unwrap();
    }
    panic!(
        "{path} is not what the program says now. To write it again, then look at it: {UPDATE}=1 cargo test --test it docs::"
    );
}

/// The README with what stands between two marks put in its place.
fn with_block(readme: &str, name: &str, block: &str) -> String {
    let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->\n"));
    let from = readme
        .find(&begin)
        .unwrap_or_else(|| panic!("README.md has no {}", begin.trim()))
        + begin.len();
    let to = from
        + readme[from..]
            .find(&end)
            .unwrap_or_else(|| panic!("README.md has no {}", end.trim()));
    format!("{}{block}{}", &readme[..from], &readme[to..])
}

/// Every action with its keys, in the order of the help. Places where the same keys do the same stand together.
fn key_table() -> String {
    let keymap = Keymap::shipped().unwrap();
    let mut table = String::from("| Keys | Action | What it does | Where |\n|---|---|---|---|\n");
    for info in ACTIONS {
        let mut rows: Vec<(&[Chord], Vec<&str>)> = Vec::new();
        for scope in info.scopes {
            let chords = keymap.chords(*scope, info.action);
            match rows.iter_mut().find(|(keys, _)| *keys == chords) {
                Some((_, places)) => places.push(scope.words()),
                None => rows.push((chords, vec![scope.words()])),
            }
        }
        for (chords, places) in rows {
            let keys: Vec<String> = chords.iter().map(|chord| format!("`{chord}`")).collect();
            let keys = if keys.is_empty() {
                format!("`:{}`", info.name)
            } else {
                keys.join(" ")
            };
            let name = match info.needs {
                Needs::Nothing => info.name.to_owned(),
                Needs::Write => format!("{} (w)", info.name),
            };
            table.push_str(&format!(
                "| {keys} | {name} | {} | {} |\n",
                info.help,
                places.join(", ")
            ));
        }
    }
    table
}

/// The table of the query line, as its module documents it.
fn query_table() -> String {
    let rows: Vec<String> = text("src/domain/query.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! "))
        .filter(|line| line.starts_with('|'))
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(rows.len() > 10, "the table of the query line is gone");
    rows.concat()
}

#[test]
fn the_readme_repeats_the_keys_the_policies_and_the_numbers_of_the_program() {
    let policy = |mode| format!("```json\n{}```\n", iam::policy(mode, None).unwrap());
    let mut readme = text("README.md");
    for (name, block) in [
        ("keys", key_table()),
        ("query", query_table()),
        ("policy", config::policy_table()),
        ("iam read", policy(Mode::Read)),
        ("iam write", policy(Mode::Write)),
        ("iam act", policy(Mode::Act)),
        ("numbers", text("benches/results.md")),
    ] {
        readme = with_block(&readme, name, &block);
    }
    is_up_to_date("README.md", &readme);
}

#[test]
fn the_pictures_are_what_the_program_draws() {
    for (path, svg) in picture::pictures() {
        is_up_to_date(path, &svg);
    }
}

#[test]
fn the_readme_shows_every_picture() {
    let readme = text("README.md");
    for path in [picture::FORM, picture::REVIEW] {
        assert!(readme.contains(&format!("({path})")), "README.md does not show {path}");
    }
}

#[test]
fn the_readme_lists_every_exit_code_and_no_other() {
    let reasons = [
        Reason::Quit,
        Reason::Failed,
        Reason::Panicked,
        Reason::Signal(Signal::HangUp),
        Reason::Signal(Signal::Interrupt),
        Reason::Signal(Signal::Quit),
        Reason::Signal(Signal::Abort),
        Reason::Signal(Signal::Terminate),
        Reason::TerminalGone,
    ];
    let mut expected: BTreeSet<i32> = reasons.map(Reason::exit_code).into();
    expected.insert(i32::from(cognitui::cli::args::USAGE));
    // The parent that waits, when its child was killed.
    expected.insert(i32::from(Ending::Killed(9).exit_code()));
    let readme = text("README.md");
    let section = readme
        .split("## Exit codes")
        .nth(1)
        .expect("a section")
        .split("\n## ")
        .next()
        .unwrap_or_default();
    let listed: Vec<i32> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(listed, Vec::from_iter(expected), "each once, in rising order");
}

#[test]
fn the_readme_lists_the_six_words_of_an_outcome() {
    let fault = || Fault::local("AdminUpdateUserAttributes", "Timeout", "");
    let outcomes = [
        Outcome::Applied,
        Outcome::Waiting,
        Outcome::Refused(fault()),
        Outcome::NotSent(Vec::new()),
        Outcome::Differs(Vec::new()),
        Outcome::Unknown(fault()),
    ];
    let readme = text("README.md");
    for word in outcomes.iter().map(Outcome::word) {
        assert!(
            readme.contains(&format!("\n| {word} | ")),
            "README.md does not say what {word} means"
        );
    }
}

#[test]
fn the_configuration_of_the_first_steps_is_accepted() {
    let readme = text("README.md");
    let snippet = readme
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("a toml block");
    let folder = Folder::new("readme").unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, snippet).unwrap();
    let mut flags = Flags::default();
    flags.config = Some(file);
    let config = config::load(&Sources {
        flags,
        env: &|_| None,
        folder: None,
        policy: PolicyFile::of_this_machine(&|_| None),
    })
    .unwrap_or_else(|errors| panic!("{errors}"));
    assert!(
        config.pools.iter().any(|pool| pool.protected.value),
        "it shows a protected pool"
    );
}

/// The first block of TOML in a section of the README.
fn toml_of(readme: &str, section: &str) -> String {
    let section = readme.split(&format!("\n## {section}\n")).nth(1).expect("a section");
    let block = section
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    block.expect("a toml block").to_owned()
}

#[test]
fn the_policy_of_the_readme_is_one_and_so_is_what_it_protects() {
    if !cfg!(debug_assertions) {
        println!("not run: a release looks for its policy in one place only");
        return;
    }
    use std::os::unix::fs::PermissionsExt;
    let readme = text("README.md");
    let folder = Folder::new("readme-policy").unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, toml_of(&readme, "Protecting pools and people")).unwrap();
    let place = folder.path().join("policy.toml");
    fs::write(&place, toml_of(&readme, "Policy")).unwrap();
    for (path, mode) in [(folder.path(), 0o755), (&place, 0o644)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let mut flags = Flags::default();
    flags.config = Some(file);
    let config = config::load(&Sources {
        flags,
        env: &|_| None,
        folder: None,
        policy: PolicyFile::of_this_machine(&|_| Some(place.clone().into_os_string())),
    })
    .unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(config.protect.unlisted_pools.value, config::UnlistedPools::Refuse);
    assert!(config.protect.unlisted_pools.origin.is_policy());
    assert_eq!(config.protect.protected_names.value.len(), 2);
    assert_eq!(config.protect.lock_after_minutes.value, Some(10));
    assert_eq!(config.overruled.len(), 1, "{:?}", config.overruled);
}

/// What stands in backquotes and begins like a path of this repository.
fn paths_in(page: &str) -> BTreeSet<String> {
    let tops = ["src/", "tests/", "assets/", "benches/", ".ci/"];
    let files = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "deny.toml",
        "config.example.toml",
        "clippy.toml",
    ];
    page.split('`')
        .skip(1)
        .step_by(2)
        .filter(|quoted| tops.iter().any(|top| quoted.starts_with(top)) || files.contains(quoted))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_path_that_is_named_exists() {
    for page in ["README.md", "src/ARCHITECTURE.md"] {
        let page_text = text(page);
        let named = paths_in(&page_text);
        assert!(!named.is_empty(), "{page} names files: {named:?}");
        let folder = root().join(page).parent().expect("a folder").to_path_buf();
        let links = page_text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let linked = links
            .filter(|link| !link.contains("://") && !link.starts_with('#'))
            .map(|link| folder.join(link));
        let gone: Vec<PathBuf> = named
            .iter()
            .map(|path| root().join(path))
            .chain(linked)
            .filter(|path| !path.exists())
            .collect();
        assert!(gone.is_empty(), "{page} names what is not there: {gone:?}");
    }
}

#[test]
fn the_map_has_every_part_of_the_program() {
    let named = paths_in(&text("src/ARCHITECTURE.md"));
    for top in ["src", "tests/it"] {
        for entry in fs::read_dir(root().join(top)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name == "ARCHITECTURE.md" {
                continue;
            }
            let stem = name.trim_end_matches(".rs");
            let forms = [
                format!("{top}/{stem}.rs"),
                format!("{top}/{stem}/"),
                format!("{top}/{stem}"),
            ];
            assert!(
                forms.iter().any(|form| named.contains(form)),
                "src/ARCHITECTURE.md does not say what {top}/{name} is"
            );
        }
    }
}

/// Every file of the repository: what is built and what is ignored are not part of it.
fn tree() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if ["target", ".git", "proptest-regressions", "__pycache__"].contains(&name) {
                continue;
            }
            if path.is_dir() {
                walk(&path, found)
            } else {
                found.push(path)
            }
        }
    }
    let mut found = Vec::new();
    walk(root(), &mut found);
    found
}

/// A path of somebody's machine or a registry's address is noise to everybody else, and soon wrong. (Lock files name
/// packages and versions; cargo's own name of its index is the one exception.)
#[test]
fn nothing_names_a_developers_machine_or_a_package_registry() {
    // In two halves, so that this list does not find itself.
    let machine = [("/wo", "rk"), ("/ro", "ot/"), ("/tmp/b", "in"), ("/tmp/h", "-")];
    let anywhere = [
        ("shar", "ed/"),
        ("cognito", ".md"),
        ("design", ".md"),
        ("screens", ".md"),
        ("safety", ".md"),
        ("crates", ".io"),
        ("docs", ".rs/"),
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("npm", "js.org"),
    ];
    let mut wrong = Vec::new();
    let files = tree();
    assert!(files.len() > 100, "the tree was read");
    for path in files {
        let relative = path.strip_prefix(root()).unwrap().display().to_string();
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        for (number, line) in (1..).zip(text.lines()) {
            if relative.ends_with("Cargo.lock") && line.starts_with("source = ") {
                continue;
            }
            let inside = |c: char| c.is_alphanumeric() || "_.-*]})".contains(c);
            let names_machine = machine.iter().any(|(a, b)| {
                let word = format!("{a}{b}");
                line.match_indices(&word).any(|(at, _)| {
                    let whole = word.ends_with(['/', '-'])
                        || !line[at + word.len()..].starts_with(|c: char| c.is_alphanumeric());
                    whole && !line[..at].ends_with(inside)
                })
            });
            if names_machine || anywhere.iter().any(|(a, b)| line.contains(&format!("{a}{b}"))) {
                wrong.push(format!("{relative}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn blocks_are_put_between_their_marks() {
    let page = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n";
    assert_eq!(
        with_block(page, "x", "new\n"),
        "a\n<!-- begin x -->\nnew\n<!-- end x -->\nb\n"
    );
}
