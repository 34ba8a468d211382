//! People whose names and values try to do something to the terminal are listed, found and opened like everybody else.

use cognitui::emulator::Seed;

use super::demo::{CUSTOMERS, ODD};
use super::stage::{Setup, Stage};

/// Characters that act on a terminal or on the order of what stands beside them.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}' | '\u{ad}')
        || matches!(c, '\u{e0000}'..='\u{e007f}' | '\u{fff0}'..='\u{fffb}')
}

#[track_caller]
fn is_calm(stage: &Stage) {
    let screen = stage.screen();
    if let Some(c) = screen.chars().find(|c| *c != '\n' && acts(*c)) {
        panic!("{c:?} reached the screen:\n{}", screen.escape_debug());
    }
}

#[test]
fn every_row_of_the_list_is_calm() {
    for pool in [CUSTOMERS, ODD] {
        let mut stage = Setup::new(Seed::demo(), &[pool]).start();
        for _ in 0..40 {
            is_calm(&stage);
            stage.keys("<page-down>");
        }
        assert_eq!(stage.session().users.roster.len(), stage.listed().len());
        stage.shows(", ALL");
    }
}

#[test]
fn every_hostile_user_is_found_and_opened() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).size(200, 60).start();
    stage.keys("GGGGGGG");
    let names: Vec<String> = stage
        .listed()
        .iter()
        .filter(|name| name.starts_with("hostile."))
        .map(|name| (*name).to_owned())
        .collect();
    assert!(names.len() >= 46, "{}", names.len());
    for name in names {
        stage.keys("/").paste(&format!("{name}@example.org")).keys("<enter>");
        assert_eq!(stage.open_user(), name);
        is_calm(&stage);
        let user = &stage.session().user.as_ref().unwrap().user;
        let value = user.text("name").unwrap().to_owned();
        let bare: String = value.chars().filter(|c| !acts(*c)).collect();
        if bare != value && !bare.trim().is_empty() {
            let row = stage.row_with("name     ");
            assert!(
                !row.contains(&format!(" {bare}  ")),
                "{name}: what acts was dropped, not shown:\n{row}"
            );
        }
        stage.keys("G");
        is_calm(&stage);
        stage.keys("<esc><esc>");
    }
}

#[test]
fn users_who_are_hostile_by_name_are_opened_and_edited() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    stage.keys("GGGGGGG");
    let hostile: Vec<usize> = stage
        .listed()
        .iter()
        .enumerate()
        .filter(|(_, name)| name.chars().any(acts))
        .map(|(at, _)| at)
        .collect();
    assert!(hostile.len() >= 7, "{}", hostile.len());
    for at in hostile {
        stage.keys("g").keys(&"j".repeat(at));
        let name = stage.listed()[at].to_owned();
        stage.keys("<enter>");
        assert_eq!(stage.open_user(), name);
        is_calm(&stage);
        stage.keys("e");
        is_calm(&stage);
        stage.keys("<esc><tab>d");
        is_calm(&stage);
        stage.keys("<esc><tab>y");
        is_calm(&stage);
        stage.keys("<esc><esc>");
    }
}
