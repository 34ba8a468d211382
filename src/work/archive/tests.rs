use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use super::*;
use crate::domain::export::read::LONGEST;

/// Opens a file with this in it. An open file outlives its name.
fn open(text: &[u8]) -> io::Result<Archive> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = env::temp_dir().join(format!("cognitui-archive-{}-{number}", process::id()));
    fs::create_dir(&folder).unwrap();
    let path = folder.join("users.jsonl");
    fs::write(&path, text).unwrap();
    let archive = Archive::open(&path);
    fs::remove_dir_all(folder).unwrap();
    archive
}

fn opened(text: &[u8]) -> Archive {
    open(text).unwrap()
}

fn names(reading: &mut Reading<'_>, most: usize) -> Vec<String> {
    let users = reading.next_users(most).unwrap();
    users
        .iter()
        .map(|(user, _)| user.username.as_str().to_owned())
        .collect()
}

#[test]
fn a_plain_file_opens_and_what_is_no_user_is_named_by_its_line() {
    let long = "x".repeat(LONGEST * 2);
    let text = format!("{{\"Username\":\"a\"}}\n\nrubbish\n{{\"Username\":\"b\"}}\n{long}\n{{\"Username\":\"c\"}}");
    let archive = opened(&[text.as_bytes(), b"\n\xff"].concat());
    assert_eq!(archive.pool().name.as_str(), "users.jsonl");
    assert_eq!(archive.is_complete(), None);
    let mut reading = archive.users();
    assert_eq!(names(&mut reading, 2), ["a", "b"]);
    let stands = reading.position();
    assert_eq!(names(&mut reading, 2), ["c"]);
    let unread = vec![(3, Unread::NotJson), (5, Unread::TooLong), (7, Unread::NotUtf8)];
    assert_eq!(
        reading.unreadable(),
        &Unreadable {
            count: 3,
            first: unread
        }
    );
    let said: Vec<String> = reading.notices().iter().map(Sentence::plain).collect();
    let expected = "3 lines could not be read: lines 3 (not JSON), 5 (longer than any user can be), 7 (not UTF-8)";
    assert_eq!(said, [expected]);
    assert_eq!(
        names(&mut archive.users_from(stands), 9),
        ["c"],
        "a reading goes on from where it stood"
    );
}

#[test]
fn one_that_was_cut_off_says_so_and_one_that_lacks_users_too() {
    let head = r#"{"CognituiExport":{"Version":1,"Began":"2026-11-21T10:41:05Z","UserPool":{"Id":"eu-west-1_a"}}}"#;
    let cut = opened(format!("{head}\n{{\"Username\":\"a\"}}\n").as_bytes());
    assert_eq!(cut.pool().id.as_str(), "eu-west-1_a");
    let mut reading = cut.users();
    assert_eq!(names(&mut reading, 9), ["a"]);
    assert!(reading.notices()[0].plain().contains("cut off"));

    let end = r#"{"CognituiExportEnd":{"Users":2,"Complete":true,"At":"2026-11-21T10:41:06Z"}}"#;
    let short = opened(format!("{head}\n{{\"Username\":\"a\"}}\n{end}\n").as_bytes());
    assert_eq!(short.is_complete(), Some(true));
    let mut reading = short.users();
    assert_eq!(names(&mut reading, 9), ["a"]);
    assert!(reading.notices()[0].plain().contains("has 2 users, and 1 were read"));
}

#[test]
fn what_is_no_ordinary_file_is_refused() {
    let refused = Archive::open(Path::new("/dev/null")).unwrap_err();
    assert!(refused.to_string().contains("ordinary file"), "{refused}");
    let newer = "{\"CognituiExport\":{\"Version\":9}}\n";
    assert!(
        open(newer.as_bytes())
            .unwrap_err()
            .to_string()
            .contains("newer version")
    );
}
