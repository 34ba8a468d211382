//! A disk that does not take drafts, and files that are none.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::super::scene::{CUSTOMERS, form};
use super::{left_behind, next};

/// Changes what a draft's file says, as another console would have written it.
pub fn rewrite(file: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let text = fs::read_to_string(file).unwrap();
    let (_, body) = text.split_once('\n').unwrap();
    let mut body: serde_json::Value = serde_json::from_str(body).unwrap();
    change(&mut body);
    let body = body.to_string();
    let digest: String = Sha256::digest(body.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    fs::write(file, format!("{{\"v\":1,\"sha256\":\"{digest}\"}}\n{body}\n")).unwrap();
}

fn files(state: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(state.join("drafts")).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect()
}

#[test]
fn a_folder_that_takes_nothing_is_said_once_and_again_when_it_works() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    let folder = stage.state.path().join("drafts");
    fs::write(&folder, "in the way").unwrap();
    stage.set("nickname", "JJ").set("custom:tier", "gold");
    let said: Vec<String> = stage
        .entries()
        .iter()
        .filter(|entry| entry.subject.as_str() == "drafts")
        .map(|entry| {
            format!(
                "{} {:?}",
                entry.line.plain(),
                entry.more.iter().map(|line| line.plain()).collect::<Vec<_>>()
            )
        })
        .collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("pending edits are not saved: ") && said[0].contains(&folder.display().to_string()),
        "{said:?}"
    );
    assert!(said[0].contains("next: "), "{said:?}");
    stage.shows_not("drafted");
    assert_eq!(stage.pending(), ["custom:tier", "nickname"], "they stay in memory");
    fs::remove_file(&folder).unwrap();
    stage.keys("<down>");
    assert!(
        stage
            .entries()
            .iter()
            .any(|entry| entry.line.plain() == "pending edits are saved again"),
        "{}",
        stage.screen()
    );
    stage.shows("drafted");
    assert_eq!(files(stage.state.path()).len(), 1);
}

#[test]
fn edits_that_could_not_be_saved_are_not_said_to_be_kept() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    fs::write(stage.state.path().join("drafts"), "in the way").unwrap();
    stage.set("nickname", "JJ").keys("<esc><esc><esc>q");
    stage.answers("which could not be saved and are lost when the program ends");
}

#[test]
fn a_folder_that_is_removed_under_the_program_is_made_again() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ");
    fs::remove_dir_all(stage.state.path().join("drafts")).unwrap();
    stage.set("custom:tier", "gold");
    assert_eq!(stage.one_on_disk(), ["custom:tier=gold", "nickname=JJ"]);
}

#[test]
fn a_folder_that_is_removed_after_the_last_edit_is_made_again_by_who_quits() {
    for quit in ["q", "<ctrl-c>"] {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.set("nickname", "JJ").keys("<esc><esc><esc>");
        fs::remove_dir_all(stage.state.path().join("drafts")).unwrap();
        stage.keys(quit);
        stage.answers("kept for the next start");
        assert_eq!(stage.one_on_disk(), ["nickname=JJ"], "{quit}");
    }
}

#[test]
fn files_that_are_no_drafts_are_said_and_left_alone() {
    let killed = left_behind();
    let folder = killed.state.path().join("drafts");
    let good = files(killed.state.path()).remove(0);
    let text = fs::read_to_string(&good).unwrap();
    let damaged = folder.join(format!("draft-{}.json", "a".repeat(32)));
    fs::write(&damaged, &text[..text.len() - 2]).unwrap();
    let newer = folder.join(format!("draft-{}.json", "b".repeat(32)));
    fs::write(&newer, text.replacen("\"v\":1", "\"v\":2", 1)).unwrap();
    for path in [&damaged, &newer] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let loose = folder.join(format!("draft-{}.json", "c".repeat(32)));
    fs::write(&loose, &text).unwrap();
    fs::set_permissions(&loose, fs::Permissions::from_mode(0o644)).unwrap();
    let stage = next().after(killed).start();
    let said: Vec<String> = stage.entries().iter().map(|entry| entry.line.plain()).collect();
    for (path, why) in [
        (&damaged, "is not a draft as cognitui wrote it; it is left as it is"),
        (&newer, "is a draft of format 2, which this cognitui does not know"),
        (&loose, "can be used by others (mode 0644, not 0600)"),
    ] {
        let line = format!("{} {why}", path.display());
        assert!(said.iter().any(|said| said.starts_with(&line)), "{line}\n{said:?}");
        assert!(path.exists());
    }
    stage.shows("1 draft of earlier runs");
}
