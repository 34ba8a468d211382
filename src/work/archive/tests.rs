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
    assert_eq!(reading.walk().users(), 2);
    let mut reading = archive.go_on(reading.leave());
    assert_eq!(names(&mut reading, 9), ["c"], "a walk goes on from where it was left");
    let [damage] = <[Damage; 1]>::try_from(archive.damage(reading.walk())).unwrap();
    assert_eq!(damage.what.plain(), "3 lines could not be read");
    let expected = "3 lines could not be read: lines 3 (not JSON), 5 (longer than any user can be), 7 (not UTF-8)";
    assert_eq!(damage.whole().plain(), expected);
}

#[test]
fn who_stands_there_more_than_once_is_read_once_and_that_is_said_with_the_lines() {
    let line = |name: &str, groups: &str| format!("{{\"Username\":\"{name}\",\"Groups\":[{groups}]}}\n");
    let end = r#"{"CognituiExportEnd":{"Users":3,"Complete":true,"At":"2026-11-21T10:41:06Z"}}"#;
    let head = r#"{"CognituiExport":{"Version":1,"Began":"2026-11-21T10:41:05Z","UserPool":{"Id":"eu-west-1_a"}}}"#;
    let text = [
        format!("{head}\n"),
        line("a", "\"first\""),
        line("b", ""),
        line("a", "\"second\""),
        format!("{end}\n"),
    ];
    let archive = opened(text.concat().as_bytes());
    // Wherever the walk is left between them.
    for most in 1..4 {
        let (mut walk, mut met) = (Walk::each_once(), Vec::new());
        loop {
            let mut reading = archive.go_on(walk);
            let users = reading.next_users(most).unwrap();
            walk = reading.leave();
            if users.is_empty() {
                break;
            }
            met.extend(users);
        }
        let met: Vec<(&str, &[Raw])> = (met.iter())
            .map(|(user, groups)| (user.username.as_str(), groups.as_deref().unwrap()))
            .collect();
        assert_eq!(met, [("a", &[Raw::from("first")][..]), ("b", &[])]);
        assert_eq!(walk.users(), 2);
        let said = walk.repeated().unwrap().plain();
        assert_eq!(
            said,
            "1 user stands in the file twice: line 4 repeats an earlier one, which is kept"
        );
        assert_eq!(archive.damage(&walk), [], "nothing is missing for that");
    }
    let many = line("a", "").repeat(14);
    let archive = opened(many.as_bytes());
    let mut as_they_come = archive.go_on(Walk::default());
    assert_eq!(names(&mut as_they_come, 99), ["a"; 14]);
    assert_eq!(as_they_come.walk().repeated(), None);
    let mut reading = archive.users();
    assert_eq!(names(&mut reading, 99), ["a"]);
    let said = reading.walk().repeated().unwrap().plain();
    let expected = "13 lines repeat a user of an earlier line: lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ..; the first of each is kept";
    assert_eq!(said, expected);
}

#[test]
fn one_that_was_cut_off_says_so_and_one_that_lacks_users_too() {
    let head = r#"{"CognituiExport":{"Version":1,"Began":"2026-11-21T10:41:05Z","UserPool":{"Id":"eu-west-1_a"}}}"#;
    let cut = opened(format!("{head}\n{{\"Username\":\"a\"}}\n").as_bytes());
    assert_eq!(cut.pool().id.as_str(), "eu-west-1_a");
    let mut reading = cut.users();
    assert_eq!(names(&mut reading, 9), ["a"]);
    assert!(cut.damage(reading.walk())[0].whole().plain().contains("cut off"));

    let end = r#"{"CognituiExportEnd":{"Users":2,"Complete":true,"At":"2026-11-21T10:41:06Z"}}"#;
    let short = opened(format!("{head}\n{{\"Username\":\"a\"}}\n{end}\n").as_bytes());
    assert_eq!(short.is_complete(), Some(true));
    let mut reading = short.users();
    assert_eq!(names(&mut reading, 9), ["a"]);
    assert!(
        short.damage(reading.walk())[0]
            .whole()
            .plain()
            .contains("has 2 lines of users, and 1 were read")
    );
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
