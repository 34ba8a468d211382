//! Exports in both of their forms against a journal of made-up entries.

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::domain::PoolId;
use crate::domain::entry::EntryAnswer;
use crate::domain::place::{Caller, Written};

const OURS: &str =
    "aws-sdk-rust/1.3.9 ua/2.1 api/cognitoidentityprovider/1.144.0 os/linux lang/rust/1.94.1 app/cognitui";

fn at(text: &str) -> Timestamp {
    format!("2026-11-20T{text}Z").parse().unwrap()
}

/// A write at a time that was answered two seconds later.
fn entry(id: &str, time: &str, word: &str, request_id: Option<&str>) -> Entry {
    Entry {
        id: Raw::from(id),
        writer: None,
        at: at(time),
        caller: Caller::default(),
        place: Written {
            account: Some(Raw::from("123456789012")),
            region: Some(Raw::from("eu-west-1")),
            endpoint: None,
            pool: PoolId::new("eu-west-1_x"),
        },
        username: Kept::Value(Raw::from("jane")),
        sub: Some(Kept::Value(Raw::from("s-1"))),
        account: None,
        operation: Raw::from("AdminUpdateUserAttributes"),
        changes: Vec::new(),
        flags: Vec::new(),
        metadata_keys: Vec::new(),
        client: None,
        contact: None,
        message_action: None,
        reason: None,
        undoes: None,
        answer: Some(EntryAnswer {
            at: at(time) + SignedDuration::from_secs(2),
            word: Raw::from(word),
            why: None,
            attempts: 1,
            took: Duration::from_secs(2),
            request_id: request_id.map(Raw::from),
            reported: Vec::new(),
            fault: None,
        }),
        seen: Vec::new(),
        running: false,
    }
}

fn event(time: &str, request_id: &str) -> Value {
    json!({
        "eventVersion": "1.08",
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::123456789012:assumed-role/Support/ana"},
        "eventTime": format!("2026-11-20T{time}Z"),
        "eventSource": "cognito-idp.amazonaws.com",
        "eventName": "AdminUpdateUserAttributes",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.7",
        "userAgent": OURS,
        "requestParameters": {"username": "HIDDEN_DUE_TO_SECURITY_REASONS", "userPoolId": "eu-west-1_x"},
        "additionalEventData": {"sub": "s-1"},
        "requestID": request_id,
        "eventID": format!("e-{request_id}"),
        "recipientAccountId": "123456789012",
    })
}

/// Events of other services at the ends of the day, so that the span is the whole of it.
fn trail(events: &[Value]) -> String {
    let mut records = vec![
        json!({"eventTime": "2026-11-20T00:00:00Z", "eventName": "AssumeRole", "eventSource": "sts.amazonaws.com"}),
        json!({"eventTime": "2026-11-20T23:59:59Z", "eventName": "AssumeRole", "eventSource": "sts.amazonaws.com"}),
    ];
    records.extend_from_slice(events);
    json!({"Records": records}).to_string()
}

fn with(mut event: Value, member: &str, value: Value) -> Value {
    event[member] = value;
    event
}

#[test]
fn both_forms_of_an_export_match_by_request_id() {
    let entries = [
        entry("a-1", "10:00:00", "accepted", Some("r-1")),
        entry("a-2", "11:00:00", "refused", Some("r-2")),
    ];
    let events = [event("10:00:01", "r-1"), event("11:00:01", "r-2")];
    let log = matches(&trail(&events), &entries).unwrap();
    assert!(log.is_good(), "{log:?}");
    assert_eq!((log.matched, log.outside, log.others), (2, 0, 0));
    assert_eq!(log.span, Some((at("00:00:00"), at("23:59:59"))));

    let looked_up: Vec<Value> = (events.iter())
        .map(|event| json!({"EventId": "x", "EventTime": 1_795_000_000, "CloudTrailEvent": event.to_string()}))
        .collect();
    let looked_up = matches(&json!({"Events": looked_up}).to_string(), &entries).unwrap();
    assert_eq!((looked_up.matched, looked_up.is_good()), (2, true));
    // Log files that were joined.
    let joined = format!("{}\n{}", trail(&events[..1]), trail(&events[1..]));
    assert_eq!(matches(&joined, &entries).unwrap().matched, 2);
}

#[test]
fn what_one_of_them_does_not_know_is_told() {
    let entries = [
        entry("a-1", "10:00:00", "accepted", Some("r-1")),
        entry("a-2", "11:00:00", "accepted", Some("r-gone")),
    ];
    let events = [
        event("10:00:01", "r-1"),
        event("12:00:00", "r-unknown"),
        with(event("13:00:00", "r-other"), "userAgent", json!("aws-cli/2.13.5")),
        with(event("13:00:00", "r-like"), "userAgent", json!("x app/cognitui-fork")),
        with(event("13:00:00", "r-read"), "eventName", json!("AdminGetUser")),
    ];
    let found = matches(&trail(&events), &entries).unwrap();
    assert!(!found.is_good());
    assert_eq!((found.matched, found.others), (1, 2));
    assert_eq!(found.without_event, [Raw::from("a-2")]);
    let [unknown] = &found.without_entry[..] else {
        panic!("{found:?}");
    };
    assert_eq!(unknown.request_id, Some(Raw::from("r-unknown")));
    assert_eq!(
        unknown.caller,
        Some(Raw::from("arn:aws:sts::123456789012:assumed-role/Support/ana"))
    );
}

#[test]
fn only_what_the_file_can_tell_of_is_missed() {
    let mut elsewhere = entry("a-2", "11:00:00", "accepted", Some("r-2"));
    elsewhere.place.region = Some(Raw::from("us-east-1"));
    let mut emulated = entry("a-3", "11:00:00", "accepted", Some("r-3"));
    emulated.place.endpoint = Some(Raw::from("http://127.0.0.1:1"));
    let mut later = entry("a-4", "11:00:00", "accepted", Some("r-4"));
    later.at = at("11:00:00") + SignedDuration::from_hours(24);
    let entries = [
        entry("a-1", "10:00:00", "accepted", Some("r-1")),
        elsewhere,
        emulated,
        later,
        entry("a-5", "11:00:00", "not sent", None),
        entry("a-6", "11:00:00", "refused", None),
    ];
    let found = matches(&trail(&[event("10:00:01", "r-1")]), &entries).unwrap();
    assert!(found.is_good(), "{found:?}");
    assert_eq!((found.matched, found.outside), (1, 5));
    let empty = matches("{\"Records\":[]}", &entries).unwrap();
    assert_eq!((empty.span, empty.outside), (None, 6));
}

#[test]
fn an_event_that_tells_another_story_is_told() {
    let entries = [entry("a-1", "10:00:00", "accepted", Some("r-1"))];
    for (member, value, differs) in [
        ("eventName", json!("AdminDisableUser"), Differs::Operation),
        ("additionalEventData", json!({"sub": "s-2"}), Differs::User),
        ("userAgent", json!("aws-cli/2.13.5"), Differs::Agent),
    ] {
        let found = matches(&trail(&[with(event("10:00:01", "r-1"), member, value)]), &entries).unwrap();
        assert!(!found.is_good());
        assert_eq!(found.different[0].2, [differs], "{member}");
    }
}

#[test]
fn an_answer_that_never_came_may_have_an_event() {
    let entries = [
        entry("a-1", "10:00:00", "unknown", None),
        entry("a-2", "15:00:00", "unknown", None),
    ];
    let found = matches(&trail(&[event("10:00:03", "r-1"), event("12:00:00", "r-2")]), &entries).unwrap();
    let theirs: Vec<(&str, usize)> = (found.unanswered.iter())
        .map(|(id, events)| (id.as_str(), events.len()))
        .collect();
    assert_eq!(theirs, [("a-1", 1), ("a-2", 0)]);
    assert_eq!(found.without_entry.len(), 1);
}

#[test]
fn sends_refused_for_rate_belong_to_the_entry_that_was_sent_again() {
    let mut again = entry("a-1", "10:00:00", "accepted", Some("r-3"));
    if let Some(answer) = &mut again.answer {
        answer.attempts = 3;
    }
    let throttled = |id: &str| with(event("10:00:01", id), "errorCode", json!("TooManyRequestsException"));
    let events = [throttled("r-1"), throttled("r-2"), event("10:00:02", "r-3")];
    let found = matches(&trail(&events), std::slice::from_ref(&again)).unwrap();
    assert!(found.is_good(), "{found:?}");
    assert_eq!((found.matched, found.earlier_sends), (1, 2));
    if let Some(answer) = &mut again.answer {
        answer.attempts = 1;
    }
    assert_eq!(matches(&trail(&events), &[again]).unwrap().without_entry.len(), 2);
}

#[test]
fn what_is_no_export_is_refused_and_what_is_no_event_is_named() {
    for text in ["", "[]", "{}", "x", "{\"Records\":1}", "{\"Records\":[]} x"] {
        assert_eq!(matches(text, &[]), Err(NotATrail), "{text}");
    }
    let events = [json!({"eventTime": "soon"}), event("10:00:00", "r-1"), json!(7)];
    assert_eq!(matches(&trail(&events), &[]).unwrap().unreadable, [3, 5]);
    let lookup = json!({"Events": [{"CloudTrailEvent": "{"}, {}]}).to_string();
    assert_eq!(matches(&lookup, &[]).unwrap().unreadable, [1, 2]);
}

#[test]
fn a_new_password_has_its_event_and_other_answers_of_a_sign_in_need_no_entry() {
    let answer = |time, id| with(event(time, id), "eventName", json!("RespondToAuthChallenge"));
    let password = |id, time, request_id| Entry {
        operation: Raw::from("RespondToAuthChallenge"),
        ..entry(id, time, "accepted", request_id)
    };
    let entries = [
        password("a-1", "10:00:00", Some("r-1")),
        Entry {
            answer: None,
            ..password("a-2", "11:00:00", None)
        },
    ];
    let events = [
        answer("10:00:01", "r-1"),
        answer("11:00:01", "r-2"),
        answer("12:00:00", "r-code"),
    ];
    let found = matches(&trail(&events), &entries).unwrap();
    assert!(found.is_good(), "{found:?}");
    assert_eq!((found.matched, found.others), (1, 0));
    let (id, theirs) = &found.unanswered[0];
    assert_eq!(id, &Raw::from("a-2"));
    assert_eq!(theirs[0].request_id, Some(Raw::from("r-2")));
}
