//! The journal as it is drawn: the list, one entry in full, the line of terms, and what earlier runs left.

use std::sync::Arc;
use std::time::Duration;

use super::dump::drawn;
use super::scene::{POOL, SUB, Scene, at, settings};
use super::screens::{at_three_sizes, matches};
use crate::app::Event;
use crate::domain::entry::{EntryAnswer, EntryChange, EntryFault, EntrySeen, Kept};
use crate::domain::place::{Caller, Written};
use crate::domain::{AttributeName, Entry, PoolId, Raw};

fn kept(text: &str) -> Option<Kept> {
    Some(Kept::Value(Raw::from(text)))
}

fn change(name: &str, before: Option<&str>, after: Option<&str>) -> EntryChange {
    EntryChange {
        name: AttributeName::new(name),
        before: before.and_then(kept),
        after: after.and_then(kept),
    }
}

fn entry(id: &str, time: &str, user: &str, changes: Vec<EntryChange>) -> Entry {
    let at = at(time);
    Entry {
        id: Raw::from(id),
        writer: None,
        at,
        caller: Caller {
            arn: Some(Raw::from("arn:aws:sts::123456789012:assumed-role/Support/ana")),
            account: Some(Raw::from("123456789012")),
            profile: None,
            key_id: None,
        },
        place: Written {
            account: Some(Raw::from("123456789012")),
            region: Some(Raw::from("us-east-1")),
            endpoint: None,
            pool: PoolId::new(POOL),
        },
        username: Kept::Value(Raw::from(user)),
        sub: kept(SUB),
        account: Some((Raw::from("CONFIRMED"), true)),
        operation: Raw::from("AdminUpdateUserAttributes"),
        changes,
        flags: Vec::new(),
        metadata_keys: Vec::new(),
        client: None,
        contact: None,
        message_action: None,
        reason: kept("SUP-1198"),
        undoes: None,
        answer: None,
        seen: Vec::new(),
        running: false,
    }
}

fn answered(mut entry: Entry, word: &str, seen: Option<&str>) -> Entry {
    entry.answer = Some(EntryAnswer {
        at: entry.at,
        word: Raw::from(word),
        why: None,
        attempts: 1,
        took: Duration::from_millis(212),
        request_id: Some(Raw::from("5f1c7e02-0000-4000-8000-000000000001")),
        reported: Vec::new(),
        fault: (word == "refused").then(|| EntryFault {
            operation: Raw::from("AdminUpdateUserAttributes"),
            code: Raw::from("AliasExistsException"),
            message: Kept::Value(Raw::from("An account with the email already exists.")),
            request_id: None,
        }),
    });
    entry.seen = seen
        .map(|word| EntrySeen {
            at: entry.at,
            word: Raw::from(word),
            attributes: entry
                .changes
                .iter()
                .map(|change| (change.name.clone(), change.after.clone()))
                .collect(),
            account: Some((Raw::from("CONFIRMED"), true)),
            fault: None,
        })
        .into_iter()
        .collect();
    entry
}

/// Newest first: an undo, a change nobody saw the end of, a step, a refusal, values that were not kept, and a colleague's.
pub fn entries() -> Vec<Arc<Entry>> {
    let tier = |before, after| change("custom:tier", Some(before), Some(after));
    let first = answered(
        entry(
            "00aa-1",
            "09:12:00",
            "jane.doe",
            vec![
                change("email", Some("jane@example.com"), Some("jane.doe@example.com")),
                change("email_verified", Some("true"), Some("true")),
                tier("silver", "gold"),
                change("nickname", Some("JD"), None),
                change("website", None, Some("https://example.com")),
            ],
        ),
        "accepted",
        Some("applied"),
    );
    let mut colleague = first.clone();
    colleague.id = Raw::from("00bb-1");
    colleague.writer = Some(Raw::from("bo"));
    colleague.caller.arn = None;
    colleague.caller.profile = Some(Raw::from("support"));
    let mut withheld = answered(
        entry("00aa-2", "09:20:00", "x", vec![tier("a", "b")]),
        "accepted",
        Some("applied"),
    );
    let digest = || Kept::Withheld {
        digest: Raw::from("77"),
    };
    withheld.username = digest();
    withheld.changes[0].before = Some(digest());
    withheld.changes[0].after = Some(digest());
    withheld.reason = None;
    let refused = answered(
        entry(
            "00aa-3",
            "09:55:00",
            "bob",
            vec![change("email", None, Some("bob@new.example"))],
        ),
        "refused",
        None,
    );
    let mut step = answered(
        entry("00aa-4", "10:01:00", "sofia.r", Vec::new()),
        "accepted",
        Some("applied"),
    );
    step.operation = Raw::from("AdminDisableUser");
    let unknown = entry("00cc-9", "10:20:00", "tom", vec![tier("bronze", "gold")]);
    let mut undo = answered(
        entry("00aa-5", "10:30:00", "jane.doe", vec![tier("gold", "silver")]),
        "accepted",
        Some("applied"),
    );
    undo.undoes = Some(Raw::from("00aa-1"));
    [undo, unknown, step, refused, withheld, colleague, first]
        .map(Arc::new)
        .to_vec()
}

/// The journal of the open pool.
pub fn opened() -> Scene {
    let mut scene = Scene::new(settings());
    scene.journal = entries();
    scene.event(Event::Start(80, 24));
    scene.answer_all();
    scene.keys("L");
    scene.answer_all();
    scene
}

pub fn with(keys: &str) -> Scene {
    let mut scene = opened();
    scene.keys(keys);
    scene.answer_all();
    scene
}

#[test]
fn the_list() {
    at_three_sizes("journal", &opened());
    matches("journal-all-pools", &drawn(&with("a").app, 80, 24));
}

#[test]
fn one_entry() {
    at_three_sizes("journal-entry", &with("G enter"));
    matches(
        "journal-entry-not-kept",
        &drawn(&with("down down down down enter").app, 80, 24),
    );
    matches("journal-entry-unknown", &drawn(&with("down enter").app, 80, 24));
}

#[test]
fn the_line_of_terms() {
    let mut scene = with("/");
    scene.typed("user:jane outcome:done");
    matches("journal-terms", &drawn(&scene.app, 80, 24));
}

#[test]
fn earlier_runs_are_announced_on_the_pools() {
    let mut settings = settings();
    settings.pool = None;
    let mut scene = Scene::new(settings);
    scene.journal = entries();
    scene.event(Event::Start(80, 24));
    scene.answer_all();
    matches("pools-unknown", &drawn(&scene.app, 80, 24));
}
