use std::time::Duration;

use jiff::tz::TimeZone;

use super::*;
use crate::domain::entry::{EntryAnswer, EntryChange};
use crate::domain::place::{Caller, Written};
use crate::domain::{AttributeName, PoolId};

fn kept(text: &str) -> Kept {
    Kept::Value(Raw::from(text))
}

fn entry() -> Entry {
    let at = "2026-11-20T23:30:00Z".parse().unwrap();
    Entry {
        id: Raw::from("00ff-7"),
        writer: Some(Raw::from("bo")),
        at,
        caller: Caller {
            arn: Some(Raw::from("arn:aws:sts::123456789012:assumed-role/Support/ana")),
            ..Caller::default()
        },
        place: Written {
            account: None,
            region: None,
            endpoint: None,
            pool: PoolId::new("us-east-1_aB3dE5fGh"),
        },
        username: kept("Jane.Doe"),
        sub: None,
        account: None,
        operation: Raw::from("AdminUpdateUserAttributes"),
        changes: vec![
            EntryChange {
                name: AttributeName::new("email"),
                before: Some(kept("a:b@example.com")),
                after: Some(Kept::Withheld {
                    digest: Raw::from("secret"),
                }),
            },
            EntryChange {
                name: AttributeName::new("custom:tier"),
                before: None,
                after: Some(kept("gold")),
            },
        ],
        flags: Vec::new(),
        metadata_keys: Vec::new(),
        client: None,
        contact: None,
        message_action: None,
        reason: Some(kept("SUP-1198 broken phone")),
        undoes: None,
        answer: Some(EntryAnswer {
            at,
            word: Raw::from("not sent"),
            why: None,
            attempts: 0,
            took: Duration::ZERO,
            request_id: Some(Raw::from("5f1c7e")),
            reported: Vec::new(),
            fault: None,
        }),
        seen: Vec::new(),
        running: false,
    }
}

fn matches(typed: &str) -> bool {
    Filter::parse(typed).unwrap().matches(&entry(), &TimeZone::UTC)
}

#[test]
fn each_term_looks_at_its_own_and_no_other() {
    for (typed, expected) in [
        ("", true),
        ("user:jane", true),
        ("user:gold", false),
        ("by:ana", true),
        ("by:BO", true),
        ("by:jane", false),
        ("attr:email", true),
        ("attr:tier", true),
        ("attr:phone", false),
        ("outcome:not-sent", true),
        ("outcome:not", true),
        ("outcome:unknown", false),
        ("reason:SUP-11", true),
        ("reason:SUP-12", false),
        ("day:2026-11-20", true),
        ("day:2026-11", true),
        ("day:2026-11-21", false),
        ("pool:aB3d", true),
        ("pool:other", false),
    ] {
        assert_eq!(matches(typed), expected, "{typed}");
    }
}

#[test]
fn every_term_has_to_match() {
    assert!(matches("user:jane attr:email gold"));
    assert!(!matches("user:jane attr:email silver"));
}

#[test]
fn a_word_alone_matches_anything_that_was_kept() {
    for word in [
        "jane",
        "GOLD",
        "custom:tier\"",
        "5f1c7e",
        "00ff-7",
        "adminupdate",
        "2026-11",
        "sup-1198",
        "ana",
    ] {
        let typed = word.replace("custom:tier\"", "\"custom:tier\"");
        assert!(matches(&typed), "{typed}");
    }
    assert!(!matches("secret"), "a digest is nobody's word");
}

#[test]
fn quotes_keep_blanks_and_colons() {
    assert!(matches("reason:\"1198 broken\""));
    assert!(!matches("reason:\"1198 phone\""));
    assert!(matches("\"a:b@example\""));
}

#[test]
fn a_day_is_a_day_of_the_zone_that_is_drawn() {
    let tokyo = TimeZone::fixed(jiff::tz::offset(9));
    let on = |typed: &str| Filter::parse(typed).unwrap().matches(&entry(), &tokyo);
    assert!(on("day:2026-11-21") && !on("day:2026-11-20"));
}

#[test]
fn mistakes_are_said() {
    for (typed, said) in [
        ("usr:jane", "usr: is no term"),
        ("a:b@example.com", "a: is no term"),
        ("user:", "user: needs a value"),
        ("outcome:done", "done is no outcome"),
        ("day:yesterday", "yesterday is no day"),
        ("day:2026-1-2", "2026-1-2 is no day"),
        ("reason:\"open", "a quote is not closed"),
    ] {
        let why = Filter::parse(typed).unwrap_err().plain();
        assert!(why.starts_with(said), "{typed}: {why}");
    }
}

#[test]
fn debug_prints_no_term() {
    let filter = Filter::parse("user:jane").unwrap();
    assert_eq!(format!("{filter:?}"), "Filter(1 terms)");
}
