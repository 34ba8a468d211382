//! The name of the file: what the program proposes, and which file a typed one means.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Form;
use crate::app::core::Folders;
use crate::domain::Raw;

/// A name of the pool's and of the day, without anything that would mean something else in a shell or a path.
pub(super) fn proposed(pool: &Raw, at: Timestamp, zone: &TimeZone, layout: Form) -> String {
    let mut name: String = (pool.as_str().chars())
        .map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' })
        .take(60)
        .collect();
    while name.contains("--") {
        name = name.replace("--", "-");
    }
    let name = match name.trim_matches('-') {
        "" => "users",
        name => name,
    };
    let day = at.to_zoned(zone.clone()).strftime("%Y-%m-%d");
    format!("{name}-{day}{}", layout.ending())
}

/// Which file is meant: `~` is the home folder, and what does not begin at `/` lies where the program was started.
///
/// # Errors
/// Where that is no name of a file, what to write instead.
pub(super) fn named(typed: &str, folders: &Folders) -> Result<PathBuf, &'static str> {
    if typed.trim().is_empty() {
        return Err("a name for the file is missing");
    }
    if typed.chars().any(char::is_control) {
        return Err("the name holds a line end or another control character");
    }
    if typed.ends_with('/') || matches!(typed, "~" | "." | "..") || typed.ends_with("/.") || typed.ends_with("/..") {
        return Err("that names a folder; add the name of a file to it");
    }
    let path = match typed.strip_prefix('~') {
        None => PathBuf::from(typed),
        Some(rest) => match (rest.strip_prefix('/'), &folders.home) {
            (Some(rest), Some(home)) => home.join(rest.trim_start_matches('/')),
            (Some(_), None) => return Err("there is no home folder here (HOME); write the whole path"),
            (None, _) => return Err("only your own home folder is known as ~/; for another write the whole path"),
        },
    };
    Ok(joined(&folders.here, &path))
}

fn joined(here: &Path, path: &Path) -> PathBuf {
    // Joining what begins at the root is that.
    here.join(path.strip_prefix(".").unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folders() -> Folders {
        Folders {
            home: Some(PathBuf::from("/home/ana")),
            here: PathBuf::from("/srv/work"),
        }
    }

    #[test]
    fn a_name_means_a_file_here_at_home_or_anywhere() {
        for (typed, meant) in [
            ("users.csv", "/srv/work/users.csv"),
            ("./users.csv", "/srv/work/users.csv"),
            ("out/users.csv", "/srv/work/out/users.csv"),
            ("~/users.csv", "/home/ana/users.csv"),
            ("~//users.csv", "/home/ana/users.csv"),
            ("/tmp/users.csv", "/tmp/users.csv"),
            (" with blanks .csv", "/srv/work/ with blanks .csv"),
        ] {
            assert_eq!(named(typed, &folders()), Ok(PathBuf::from(meant)), "{typed}");
        }
        for typed in [
            "",
            "  ",
            "~",
            "~bob/users.csv",
            "/tmp/",
            ".",
            "a/..",
            "a\nb",
            "\u{1b}[31m",
        ] {
            assert!(named(typed, &folders()).is_err(), "{typed:?}");
        }
        let homeless = Folders {
            home: None,
            ..folders()
        };
        assert!(named("~/users.csv", &homeless).is_err());
    }

    #[test]
    fn the_file_is_named_after_the_pool_and_the_day() {
        let at: Timestamp = "2026-11-18T23:30:00Z".parse().unwrap();
        let name = |pool: &str, layout| proposed(&Raw::from(pool), at, &TimeZone::UTC, layout);
        assert_eq!(name("customers-prod", Form::Csv), "customers-prod-2026-11-18.csv");
        assert_eq!(name("../a b/\u{202e}x", Form::Jsonl), "a-b-x-2026-11-18.jsonl");
        assert_eq!(name("-~.", Form::Import), "users-2026-11-18-import.csv");
        let berlin = TimeZone::fixed(jiff::tz::offset(1));
        let there = proposed(&Raw::from("p"), at, &berlin, Form::Sheet);
        assert_eq!(there, "p-2026-11-19.csv");
    }

    proptest! {
        #[test]
        fn whatever_a_pool_is_called_its_file_lies_in_this_folder(pool in any::<String>()) {
            let name = proposed(&Raw::from(pool), Timestamp::UNIX_EPOCH, &TimeZone::UTC, Form::Csv);
            let path = named(&name, &folders()).unwrap();
            prop_assert_eq!(path.parent(), Some(Path::new("/srv/work")));
            prop_assert!(!name.starts_with(['-', '.', '~']));
            prop_assert!(name.len() < 255);
        }
    }
}
