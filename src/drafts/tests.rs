use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use jiff::Timestamp;

use super::file::{self, Bad, Content};
use super::*;
use crate::disk::{Dice, system_dice};
use crate::domain::draft::saved::{Console, DraftId, Kept, Saved, Typed};
use crate::domain::place::{Caller, Written};
use crate::domain::{
    AttributeName, AttributeValue, ClientMetadata, Contact, Edit, Place, PoolId, Raw, Route, Target, Username,
};

/// A state folder that is gone after the test.
struct State(PathBuf);

impl State {
    fn new() -> Self {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).unwrap();
        let path = std::env::temp_dir().join(format!("cognitui-drafts-{}", crate::disk::hex(&bytes)));
        Self(path)
    }

    fn folder(&self) -> PathBuf {
        self.0.join(FOLDER)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder())
            .map(|entries| {
                entries
                    .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                    .collect()
            })
            .unwrap_or_default();
        names.sort();
        names
    }

    fn drafts(&self) -> Vec<PathBuf> {
        let names = self.names().into_iter().filter(|name| name.starts_with("draft-"));
        names.map(|name| self.folder().join(name)).collect()
    }

    fn store(&self) -> Store {
        Store::new(self.0.clone(), system_dice())
    }

    fn found(&self) -> Vec<Kept> {
        self.store().find().unwrap().drafts
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = fs::set_permissions(self.folder(), fs::Permissions::from_mode(0o700));
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn owner(username: &str) -> Owner {
    let place = Place {
        target: Target::default(),
        pool: PoolId::new("us-east-1_aB3dE5fGh"),
    };
    (place, Username::new(username), Route::Admin)
}

fn written() -> Written {
    Written {
        account: Some(Raw::from("123456789012")),
        region: Some(Raw::from("us-east-1")),
        endpoint: None,
        pool: PoolId::new("us-east-1_aB3dE5fGh"),
    }
}

fn saved(username: &str, nickname: &str) -> Saved {
    let name = AttributeName::new("nickname");
    Saved {
        username: Username::new(username),
        sub: Some(Raw::from("5f1c9a02")),
        route: Route::Admin,
        edits: [(name.clone(), Edit::Set(AttributeValue::new(nickname)))].into(),
        left_to_pool: Vec::new(),
        made_from: [(name, Some(AttributeValue::new("JD")))].into(),
        metadata: ClientMetadata::default(),
        typed: None,
        undoes: None,
    }
}

fn save(store: &mut Store, username: &str, nickname: &str, time: &str) -> Result<(), DraftsError> {
    store.save(Version {
        owner: owner(username),
        draft: saved(username, nickname),
        continues: None,
        caller: Caller::default(),
        place: written(),
        at: at(time),
    })
}

fn go_on(store: &mut Store, id: &DraftId, nickname: &str) -> Result<(), DraftsError> {
    store.save(Version {
        owner: owner("jane.doe"),
        draft: saved("jane.doe", nickname),
        continues: Some(id.clone()),
        caller: Caller::default(),
        place: written(),
        at: at(TEN),
    })
}

fn nickname(kept: &Kept) -> &str {
    let edit = kept.draft.edits.get(&AttributeName::new("nickname")).unwrap();
    edit.value().unwrap().as_str()
}

const NINE: &str = "2026-11-18T09:00:00Z";
const TEN: &str = "2026-11-18T10:00:00Z";

#[test]
fn everything_comes_back_as_it_was() {
    let mut draft = saved("jane.doe", "\u{202e}\u{0}\n\u{1f469}\u{200d}\u{1f4bb} \"quoted\"");
    draft.route = Route::Own;
    draft.edits.insert(AttributeName::new("custom:tier"), Edit::Delete);
    draft.made_from.insert(AttributeName::new("custom:tier"), None);
    draft.left_to_pool = vec![Contact::Email, Contact::PhoneNumber];
    draft.metadata.0.insert("ticket".into(), "SUP-1".into());
    draft.typed = Some(Typed {
        name: AttributeName::new("name"),
        text: Raw::from("half a na"),
    });
    draft.undoes = Some(Raw::from("0123456789abcdef-7"));
    let content = Content {
        session: "0123456789abcdef".to_owned(),
        begun: at(NINE),
        at: at(TEN),
        caller: Caller {
            arn: Some(Raw::from("arn:aws:sts::123456789012:assumed-role/Support/bob")),
            account: Some(Raw::from("123456789012")),
            profile: None,
            key_id: Some(Raw::from("AKIAINVENTEDKEY00001")),
        },
        place: written(),
        draft,
    };
    let bytes = file::print(&content).unwrap();
    assert_eq!(file::parse(&bytes), Ok(content));
}

#[test]
fn a_file_cut_or_changed_anywhere_is_no_draft() {
    let mut content = Content {
        session: "0123456789abcdef".to_owned(),
        begun: at(NINE),
        at: at(TEN),
        caller: Caller::default(),
        place: written(),
        draft: saved("jane.doe", "JJ"),
    };
    content.draft.typed = None;
    let bytes = file::print(&content).unwrap();
    for len in 0..bytes.len() {
        assert_eq!(file::parse(&bytes[..len]), Err(Bad::Damaged), "cut at {len}");
    }
    let head = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    for at in head..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(file::parse(&changed).is_err(), "changed at {at}");
    }
    let mut longer = bytes.clone();
    longer.extend_from_slice(b"{}\n");
    assert_eq!(file::parse(&longer), Err(Bad::Damaged));
}

#[test]
fn a_version_that_is_not_known_is_told_from_damage() {
    assert_eq!(
        file::parse(b"{\"v\":2,\"sha256\":\"\"}\nwhatever"),
        Err(Bad::Version(2))
    );
    assert_eq!(file::parse(b""), Err(Bad::Damaged));
    assert_eq!(file::parse(b"\xff\xfe"), Err(Bad::Damaged));
}

#[test]
fn saving_again_replaces_and_forgetting_removes() {
    let state = State::new();
    let mut store = state.store();
    save(&mut store, "jane.doe", "J", NINE).unwrap();
    save(&mut store, "jane.doe", "JJ", TEN).unwrap();
    save(&mut store, "bob", "B", NINE).unwrap();
    let found = state.found();
    assert_eq!(found.len(), 2);
    assert_eq!(nickname(&found[0]), "JJ", "the newest first");
    assert_eq!((found[0].begun, found[0].at), (at(NINE), at(TEN)));
    assert!(
        found.iter().all(|kept| kept.console == Console::Elsewhere),
        "this console runs"
    );
    store.forget(&owner("jane.doe")).unwrap();
    assert_eq!(state.drafts().len(), 1);
    store.forget(&owner("jane.doe")).unwrap();
    store.forget(&owner("nobody")).unwrap();
}

#[test]
fn files_are_private_and_called_after_nobody() {
    let state = State::new();
    let mut store = state.store();
    save(&mut store, "jane@example.com", "JJ", NINE).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!((mode(&state.0), mode(&state.folder())), (0o700, 0o700));
    for name in state.names() {
        assert_eq!(mode(&state.folder().join(&name)), 0o600, "{name}");
        assert!(!name.contains("jane"), "{name}");
    }
}

#[test]
fn nothing_is_made_before_there_is_a_draft() {
    let state = State::new();
    let mut store = state.store();
    assert!(state.found().is_empty());
    store.forget(&owner("jane.doe")).unwrap();
    assert!(!state.0.exists());
}

#[test]
fn what_a_dead_console_left_is_taken_over_once() {
    let state = State::new();
    let mut dead = state.store();
    save(&mut dead, "jane.doe", "JJ", NINE).unwrap();
    let id = state.found()[0].id.clone();
    let mut first = state.store();
    let here = |_: &Written| true;
    let since = at(NINE);
    assert_eq!(first.take(&id, here).unwrap_err(), Untaken::Elsewhere { since });
    drop(dead);
    assert_eq!(state.found()[0].console, Console::Ended);
    assert_eq!(nickname(&first.take(&id, here).unwrap()), "JJ");
    assert_eq!(
        state.found()[0].console,
        Console::Elsewhere,
        "it is the first one's now"
    );
    let mut second = state.store();
    assert_eq!(second.take(&id, here).unwrap_err(), Untaken::Elsewhere { since });
    assert_eq!(second.discard(&id).unwrap_err(), Untaken::Elsewhere { since });
    // Taken again by who has it: nothing changes.
    first.take(&id, here).unwrap();
    go_on(&mut first, &id, "JJJ").unwrap();
    assert_eq!(first.find().unwrap().drafts[0].console, Console::Here);
    assert_eq!(state.drafts().len(), 1, "in the same file");
    assert_eq!(state.found()[0].begun, since);
    first.forget(&owner("jane.doe")).unwrap();
    assert_eq!(second.take(&id, here).unwrap_err(), Untaken::Gone);
    assert!(state.drafts().is_empty());
}

/// A draft of jane's, and its console is dead.
fn left_behind(state: &State) -> DraftId {
    save(&mut state.store(), "jane.doe", "JJ", NINE).unwrap();
    state.found()[0].id.clone()
}

#[test]
fn a_draft_of_another_place_is_left_alone() {
    let state = State::new();
    let id = left_behind(&state);
    let untaken = state.store().take(&id, |_| false).unwrap_err();
    assert_eq!(untaken, Untaken::OtherPlace { endpoint: None });
    assert_eq!(state.found()[0].console, Console::Ended);
}

#[test]
fn what_is_typed_for_the_same_user_does_not_overwrite_a_draft_that_was_only_taken() {
    let state = State::new();
    let id = left_behind(&state);
    let mut store = state.store();
    store.take(&id, |_| true).unwrap();
    save(&mut store, "jane.doe", "X", TEN).unwrap();
    assert_eq!(state.drafts().len(), 2);
    go_on(&mut store, &id, "XX").unwrap();
    assert_eq!(state.drafts().len(), 1, "the two are one now");
    assert_eq!((nickname(&state.found()[0]), &state.found()[0].id), ("XX", &id));
}

#[test]
fn a_draft_that_was_taken_and_not_gone_on_with_is_still_found() {
    let state = State::new();
    let id = left_behind(&state);
    let mut store = state.store();
    store.take(&id, |_| true).unwrap();
    let console = |store: &Store| store.find().unwrap().drafts[0].console;
    assert_eq!(console(&store), Console::Ended, "nobody works on it");
    store.take(&id, |_| true).unwrap();
    go_on(&mut store, &id, "XX").unwrap();
    assert_eq!(console(&store), Console::Here);
}

#[test]
fn a_draft_that_was_not_taken_is_not_gone_on_with() {
    let state = State::new();
    let id = left_behind(&state);
    go_on(&mut state.store(), &id, "X").unwrap();
    assert_eq!(state.drafts().len(), 2);
}

#[test]
fn a_draft_thrown_away_is_gone() {
    let state = State::new();
    let id = left_behind(&state);
    state.store().discard(&id).unwrap();
    assert!(state.drafts().is_empty());
}

#[test]
fn damaged_and_newer_files_are_said_and_left() {
    let state = State::new();
    let mut dead = state.store();
    save(&mut dead, "jane.doe", "JJ", NINE).unwrap();
    drop(dead);
    let good = state.drafts().remove(0);
    let text = fs::read_to_string(&good).unwrap();
    let bad = state.folder().join(format!("draft-{}.json", "a".repeat(32)));
    fs::write(&bad, text.replace("JJ", "XX")).unwrap();
    let newer = state.folder().join(format!("draft-{}.json", "b".repeat(32)));
    fs::write(&newer, text.replacen("\"v\":1", "\"v\":9", 1)).unwrap();
    let link = state.folder().join(format!("draft-{}.json", "c".repeat(32)));
    symlink(&good, &link).unwrap();
    let loose = state.folder().join(format!("draft-{}.json", "d".repeat(32)));
    fs::write(&loose, &text).unwrap();
    for private in [&bad, &newer] {
        fs::set_permissions(private, fs::Permissions::from_mode(0o600)).unwrap();
    }
    fs::set_permissions(&loose, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(state.folder().join("notes.txt"), "not ours").unwrap();
    let found = state.store().find().unwrap();
    assert_eq!(found.drafts.len(), 1);
    let said: Vec<(&str, &str)> = found
        .unreadable
        .iter()
        .map(|bad| (bad.why.as_str(), bad.next.as_str()))
        .collect();
    assert!(said[0].0.contains("not a draft as cognitui wrote it"), "{said:?}");
    assert!(said[1].0.contains("format 9"), "{said:?}");
    assert!(said[2].0.contains("symbolic link"), "{said:?}");
    assert!(
        said[3].0.contains("0644") && said[3].1.contains("chmod 600"),
        "{said:?}"
    );
    let id = DraftId::new("a".repeat(32));
    let mut store = state.store();
    assert!(matches!(store.take(&id, |_| true), Err(Untaken::Unreadable(_))));
    assert!(matches!(store.discard(&id), Err(Untaken::Unreadable(_))));
    for path in [&bad, &newer, &link, &loose] {
        assert!(path.symlink_metadata().is_ok(), "{}", path.display());
    }
}

#[test]
fn a_folder_others_can_use_takes_nothing() {
    let state = State::new();
    let mut store = state.store();
    save(&mut store, "jane.doe", "JJ", NINE).unwrap();
    fs::set_permissions(state.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    let error = save(&mut store, "jane.doe", "JJJ", TEN).unwrap_err();
    assert!(
        error.to_string().contains("0755") && error.next().contains("chmod 700"),
        "{error}"
    );
    assert!(state.store().find().is_err());
    fs::set_permissions(state.folder(), fs::Permissions::from_mode(0o700)).unwrap();
    save(&mut store, "jane.doe", "JJJ", TEN).unwrap();
    assert_eq!(nickname(&state.found()[0]), "JJJ");
}

#[test]
fn a_folder_that_was_removed_is_made_again_with_a_name_that_is_held() {
    let state = State::new();
    let mut store = state.store();
    save(&mut store, "jane.doe", "J", NINE).unwrap();
    fs::remove_dir_all(state.folder()).unwrap();
    save(&mut store, "jane.doe", "JJ", TEN).unwrap();
    let found = state.found();
    assert_eq!(nickname(&found[0]), "JJ");
    assert_eq!(found[0].console, Console::Elsewhere, "its lock is there again");
}

#[test]
fn half_written_files_of_dead_consoles_go_and_those_of_living_ones_stay() {
    let state = State::new();
    let mut living = state.store();
    save(&mut living, "jane.doe", "JJ", NINE).unwrap();
    let lock = state
        .names()
        .into_iter()
        .find(|name| name.starts_with("session-"))
        .unwrap();
    let session = &lock["session-".len()..lock.len() - ".lock".len()];
    let dead = format!("draft-{}.{}.new", "a".repeat(32), "b".repeat(16));
    let theirs = format!("draft-{}.{session}.new", "a".repeat(32));
    for name in [&dead, &theirs] {
        let path = state.folder().join(name);
        fs::write(&path, "{\"v\":1").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    assert_eq!(state.found().len(), 1, "neither is a draft");
    save(&mut state.store(), "bob", "B", NINE).unwrap();
    let names = state.names();
    assert!(!names.contains(&dead) && names.contains(&theirs), "{names:?}");
}

#[test]
fn without_random_numbers_it_is_said() {
    let state = State::new();
    let none: Dice = Arc::new(|_: &mut [u8]| Err(std::io::Error::other("none today")));
    let error = save(&mut Store::new(state.0.clone(), none), "jane.doe", "JJ", NINE).unwrap_err();
    assert!(error.to_string().contains("random"), "{error}");
}

#[test]
fn names_are_random() {
    let state = State::new();
    let count = AtomicU8::new(0);
    let dice: Dice = Arc::new(move |bytes: &mut [u8]| {
        bytes.fill(count.fetch_add(1, Ordering::Relaxed));
        Ok(())
    });
    save(&mut Store::new(state.0.clone(), dice), "jane.doe", "JJ", NINE).unwrap();
    assert!(state.folder().join(format!("draft-{}.json", "01".repeat(16))).exists());
}

#[test]
fn the_demo_begins_without_drafts_and_touches_nothing_else() {
    let state = State::new();
    empty_demo(&state.0).unwrap();
    assert!(!state.0.exists());
    let mut store = state.store();
    save(&mut store, "jane.doe", "JJ", NINE).unwrap();
    fs::write(state.folder().join("notes.txt"), "not ours").unwrap();
    empty_demo(&state.0).unwrap();
    assert_eq!(state.found().len(), 1, "another demo runs");
    drop(store);
    empty_demo(&state.0).unwrap();
    assert!(state.found().is_empty());
    assert_eq!(state.names(), ["notes.txt"]);
}
