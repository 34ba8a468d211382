//! What is on disk, byte for byte, and what a write leaves behind at each of its stages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::domain::place::{Caller, Written};
use crate::domain::schema::DataType;
use crate::domain::user::Source;
use crate::domain::{
    AttributeName, AttributeValue, ClientMetadata, Draft, Edit, FaultKind, Operation, Route, Rules, Schema,
    SchemaAttribute, UserStatus, Username,
};

use crate::disk::{Dice, Folder};
use crate::domain::{CodeDelivery, Drift, Fault, Intent, Outcome, PoolId, Raw, User};

use super::file::Tail;
use super::line::{Body, Line};
use super::name::Month;
use super::*;

mod anchored;
mod chained;
mod disk;
mod fixtures;
mod kept;
mod many;
mod operations;
mod printed;
mod reading;
mod shared;
mod trouble;
mod verifying;

use fixtures::*;

#[test]
fn the_lines_of_a_write_are_exactly_these() {
    let scratch = Scratch::new();
    let journal = Journal::open_with(scratch.state(), fixed_clock(), "0.1.0", loaded_dice()).unwrap();
    whole_write(&journal, pool());
    assert_eq!(scratch.text(), include_str!("tests/golden.jsonl"));
    assert_eq!(scratch.verify(), Ok(3));
}

#[test]
fn a_line_read_back_and_written_again_is_the_same_line() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    let recorded = journal.record(intent()).unwrap();
    let answer = Answer::Refused(fault(FaultKind::Service, "AliasExistsException"));
    let settled = journal
        .settle(recorded.sent(answer, 2, Duration::from_secs(3)))
        .unwrap();
    let unread = fault(FaultKind::Timeout, "RequestTimeout");
    journal
        .seen(&settled, &Outcome::Unknown(unread.clone()), Err(&unread))
        .unwrap();

    let lines = lines_of(&scratch.file());
    let again: String = lines.iter().map(|line| chain::seal_line(line).unwrap()).collect();
    assert_eq!(again, scratch.text());
}

#[test]
fn every_line_of_a_write_has_its_id_and_lines_are_numbered() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let recorded = journal.record(intent()).unwrap();
    let id = recorded.id().clone();
    assert_eq!(id.raw().as_str(), format!("{}-1", journal.session()));
    let settled = journal.settle(recorded.sent(accepted(), 1, Duration::ZERO)).unwrap();
    let other = journal.record(intent()).unwrap();
    assert_ne!(*other.id(), id);
    journal
        .seen(&settled, &Outcome::Waiting, Ok(&user("jane@example.com")))
        .unwrap();
    journal
        .abandon(other, &NotSent::Stopped, 2, Duration::from_secs(9))
        .unwrap();

    let lines = lines_of(&scratch.file());
    let ids: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    let other = format!("{}-3", journal.session());
    assert_eq!(
        ids,
        [id.raw().as_str(), id.raw().as_str(), &other, id.raw().as_str(), &other]
    );
    assert_eq!(lines.iter().map(|line| line.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

/// What the outcome line of a write says, without its digests.
fn last_outcome(scratch: &Scratch) -> Value {
    let text = scratch.text();
    let line: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    line["outcome"].clone()
}

#[test]
fn each_answer_and_each_reason_not_to_send_has_its_words() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let settle = |answer| {
        let recorded = journal.record(intent()).unwrap();
        journal
            .settle(recorded.sent(answer, 3, Duration::from_millis(1_500)))
            .unwrap();
        last_outcome(&scratch)
    };
    let outcome = settle(accepted());
    assert_eq!(
        (outcome["word"].as_str(), outcome["request_id"].as_str()),
        (Some("accepted"), Some("r-1"))
    );
    assert_eq!(
        (outcome["attempts"].as_u64(), outcome["duration_ms"].as_u64()),
        (Some(3), Some(1_500))
    );
    assert!(outcome["fault"].is_null());

    let outcome = settle(Answer::Refused(fault(FaultKind::Service, "AliasExistsException")));
    assert_eq!(
        (outcome["word"].as_str(), outcome["request_id"].as_str()),
        (Some("refused"), Some("r-2"))
    );
    assert_eq!(outcome["fault"]["code"], "AliasExistsException");
    assert_eq!(
        outcome["fault"]["message"]["value"],
        "no such address jane.doe@example.com"
    );

    let outcome = settle(Answer::Unknown(fault(FaultKind::Timeout, "RequestTimeout")));
    assert_eq!(
        (outcome["word"].as_str(), outcome["fault"]["kind"].as_str()),
        (Some("unknown"), Some("timeout"))
    );

    let drift = Drift {
        name: AttributeName::new("email"),
        expected: Some(AttributeValue::new("jane@example.com")),
        now: None,
    };
    for (why, word) in [
        (NotSent::Stopped, "stopped"),
        (NotSent::Changed(vec![drift]), "changed"),
        (NotSent::Unread(fault(FaultKind::Timeout, "RequestTimeout")), "unread"),
        (NotSent::ReadOnly, "read-only"),
    ] {
        let recorded = journal.record(intent()).unwrap();
        journal.abandon(recorded, &why, 0, Duration::ZERO).unwrap();
        let outcome = last_outcome(&scratch);
        assert_eq!(
            (outcome["word"].as_str(), outcome["why"].as_str()),
            (Some("not sent"), Some(word))
        );
        assert_eq!(outcome["fault"].is_null(), word != "unread");
        assert_eq!(
            outcome["drift"].as_array().unwrap().len(),
            usize::from(word == "changed")
        );
    }
}

#[test]
fn a_read_back_says_what_is_there_now_or_why_it_could_not_be_read() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let recorded = journal.record(intent()).unwrap();
    let settled = journal.settle(recorded.sent(accepted(), 1, Duration::ZERO)).unwrap();
    let unread = fault(FaultKind::Timeout, "RequestTimeout");
    journal
        .seen(&settled, &Outcome::Unknown(unread.clone()), Err(&unread))
        .unwrap();
    journal
        .seen(&settled, &Outcome::Waiting, Ok(&user("jane@example.com")))
        .unwrap();

    let text = scratch.text();
    let seen: Vec<Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).unwrap().get("seen").cloned())
        .collect();
    assert_eq!(
        (seen[0]["word"].as_str(), seen[0]["fault"]["kind"].as_str()),
        (Some("unknown"), Some("timeout"))
    );
    assert!(seen[0]["read_at"].is_null());
    assert_eq!(seen[1]["word"], "waiting");
    assert_eq!(seen[1]["read_at"], "2026-11-20T10:41:07.500Z");
    let now: Vec<(&str, Option<&str>)> = seen[1]["attributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attribute| (attribute["name"].as_str().unwrap(), attribute["now"]["value"].as_str()))
        .collect();
    let expected = [
        ("email", Some("jane@example.com")),
        ("email_verified", Some("true")),
        ("name", Some("Jane Doe")),
        ("nickname", None),
    ];
    assert_eq!(now, expected);
}

#[test]
fn metadata_leaves_its_keys_and_nothing_of_its_values() {
    let scratch = Scratch::new();
    whole_write(&scratch.journal(), pool());
    assert!(scratch.text().contains(r#""metadata_keys":["ticket"]"#));
    assert!(!scratch.text().contains("SUP-1234"));
}

#[test]
fn nothing_prints_a_value_for_debugging() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let recorded = journal.record(intent()).unwrap();
    let mut printed = format!("{journal:?} {recorded:?}");
    let sent = recorded.sent(
        Answer::Unknown(fault(FaultKind::Timeout, "RequestTimeout")),
        1,
        Duration::ZERO,
    );
    printed += &format!("{sent:?}");
    let settled = journal.settle(sent).unwrap();
    printed += &format!("{settled:?}");
    journal
        .seen(&settled, &Outcome::Applied, Ok(&user("jane.doe@example.com")))
        .unwrap();
    let lines: Vec<Line> = lines_of(&scratch.file());
    printed += &format!("{lines:?}");

    std::fs::remove_file(scratch.file()).unwrap();
    std::fs::create_dir(scratch.file()).unwrap();
    let refused = journal.record(intent()).unwrap_err();
    printed += &format!("{refused:?} {refused}");

    for value in ["jane", "Jane", "ofie", "5f1c", "SUP-1234"] {
        assert!(!printed.contains(value), "{value} in {printed}");
    }
}

#[test]
fn a_journal_is_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Journal>();
    shared::<Recorded>();
    shared::<Unsettled>();
}
