//! What was typed into the program outlives it: killed in the middle of a word, started again, resumed and sent.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use cognitui::domain::draft::saved::Kept;
use cognitui::drafts::{Store, system_dice};
use rustix::process::{Signal, kill_process};

use super::service::Service;
use super::{CUSTOMERS, Hands, pause, state};
use crate::pty::Pty;

fn on_disk(home: &Path) -> Vec<Kept> {
    Store::new(state(home), system_dice()).find().unwrap().drafts
}

fn files(home: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(state(home).join("drafts")) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect()
}

/// Waits until what is typed in the open field is on disk.
#[track_caller]
fn holds(pty: &Pty, typed: &str) {
    for _ in 0..3_000 {
        let drafts = on_disk(pty.home());
        let held = drafts.iter().filter_map(|kept| kept.draft.typed.as_ref());
        if held.into_iter().any(|held| held.text.as_str() == typed) {
            return;
        }
        pause(10);
    }
    panic!("{typed:?} never came to the disk\n{}", pty.screen_text());
}

/// Jane's form on a service, with half a name typed over hers.
fn typing(service: &Service) -> Pty {
    let pty = service.console(["jane.doe"]).start();
    pty.wait_for_text("User jane.doe");
    pty.settles().opens_form("jane.doe").types("nickname", "JJ");
    pty.press("/", "Esc close")
        .press("name", "/ name")
        .confirms("ctrl-s review")
        .press("<enter>", "EDITING name")
        .press("<c-u>", "empty is no value")
        .press("Jane Ha", "Jane Ha");
    pty
}

#[cfg(target_os = "linux")]
#[test]
fn killed_in_the_middle_of_a_word_it_goes_on_there_and_sends_it() {
    let service = Service::start();
    let mut pty = typing(&service);
    holds(&pty, "Jane Ha");
    kill_process(pty.console(), Signal::KILL).unwrap();
    pty.wait_exit();
    for path in files(pty.home()) {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!name.contains("jane"), "{name}");
    }

    let mut again = service.console([]).env("HOME", pty.home()).start();
    again.wait_for_text("1 draft of earlier runs");
    again.settles();
    again
        .press("<enter>", "EDITING name")
        .press("lf", "Jane Half")
        .press("<enter>", "2 to send")
        .settles()
        .reviews("jane.doe")
        .confirms("read back and true");
    let jane = service.emulator.user(CUSTOMERS, "jane.doe").unwrap();
    assert_eq!(jane.attribute("name"), Some("Jane Half"));
    assert_eq!(jane.attribute("nickname"), Some("JJ"));
    assert_eq!(service.writes(), 1);
    assert_eq!(again.quits(), Some(0));
    assert!(files(pty.home()).is_empty(), "sent: nothing is left");
}

#[test]
fn of_two_consoles_each_keeps_its_own_and_the_second_says_who_has_it() {
    let service = Service::start();
    let mut first = typing(&service);
    holds(&first, "Jane Ha");
    let mut second = service.console([]).env("HOME", first.home()).start();
    second.wait_for_text("open in another console");
    second.settles();
    second
        .press("d", "open in another console since")
        .press("<esc>", "Enter open");
    second.finds("tom").opens_form("tom").types("name", "Tom R");
    for _ in 0..3_000 {
        if files(first.home()).len() == 2 {
            break;
        }
        pause(10);
    }
    assert_eq!(files(first.home()).len(), 2, "{}", second.screen_text());
    // A signal leaves what was typed as a kill does.
    first.signal(Signal::TERM);
    assert_eq!(first.wait_exit().code(), Some(143));
    assert_eq!(files(first.home()).len(), 2);
    second.signal(Signal::TERM);
    second.wait_exit();
    let third = service.console([]).env("HOME", first.home()).start();
    third.wait_for_text("2 drafts of earlier runs");
}

#[test]
fn a_folder_that_cannot_be_written_is_said_and_the_edits_stay_on_the_screen() {
    let service = Service::start();
    let launch = service.console(["jane.doe"]).size(160, 40);
    let state = state(launch.home());
    fs::create_dir_all(state.join("drafts")).unwrap();
    for folder in [&state, &state.join("drafts")] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let pty = launch.start();
    pty.wait_for_text("User jane.doe");
    pty.settles().opens_form("jane.doe").types("nickname", "JJ");
    pty.wait_for_text("pending edits are not saved");
    assert!(pty.screen_text().contains("1 to send"));
    assert!(!pty.screen_text().contains("drafted"));
    for folder in [&state, &state.join("drafts")] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
    }
    pty.press("<down>", "pending edits are saved again")
        .wait_for_text("drafted");
    assert_eq!(files(pty.home()).len(), 1);
}
