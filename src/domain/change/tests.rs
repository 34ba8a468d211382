use super::*;
use crate::domain::draft::Draft;
use crate::domain::route::Rules;
use crate::domain::schema::{DataType, Schema, SchemaAttribute};
use crate::domain::user::{Mfa, Source, UserStatus, Username};

fn name(text: &str) -> AttributeName {
    AttributeName::new(text)
}

fn value(text: &str) -> AttributeValue {
    AttributeValue::new(text)
}

fn schema() -> Schema {
    let attributes = ["email", "email_verified", "nickname", "custom:tier"]
        .into_iter()
        .map(|text| SchemaAttribute {
            name: name(text),
            data_type: if text == "email_verified" {
                DataType::Boolean
            } else {
                DataType::String { min: None, max: None }
            },
            mutable: true,
            required: false,
            developer_only: false,
        });
    Schema {
        attributes: attributes.collect(),
    }
}

fn jane() -> User {
    let attributes = [
        ("email", "jane@example.com"),
        ("email_verified", "true"),
        ("nickname", "JD"),
        ("custom:tier", "gold"),
    ];
    User {
        username: Username::new("jane.doe"),
        attributes: attributes
            .into_iter()
            .map(|(text, own)| (name(text), value(own)))
            .collect(),
        status: UserStatus::Confirmed,
        enabled: true,
        created: None,
        changed: None,
        source: Source::Get { mfa: Mfa::default() },
        read_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

fn changes(edits: &[(&str, Edit)]) -> ChangeSet {
    let mut draft = Draft::new(Arc::new(jane()), Route::Admin);
    for (text, edit) in edits {
        draft.set(name(text), edit.clone());
    }
    draft.change_set(&Rules::admin(&schema())).expect("no problems")
}

fn changed(text: &str, own: Option<&str>) -> User {
    let mut user = jane();
    match own {
        Some(own) => user.attributes.insert(name(text), value(own)),
        None => user.attributes.remove(&name(text)),
    };
    user
}

fn names(drifts: &[Drift]) -> Vec<&str> {
    drifts.iter().map(|drift| drift.name.as_str()).collect()
}

fn new_email() -> (&'static str, Edit) {
    ("email", Edit::Set(value("new@example.com")))
}

#[test]
fn nothing_moved_stops_nothing() {
    let moved = changes(&[new_email()]).drift(&jane());
    assert_eq!(moved, Moved::default());
    assert!(!moved.stops());
}

#[test]
fn what_the_change_touches_stops_it() {
    let set = changes(&[new_email(), ("nickname", Edit::Delete)]);
    for (text, own) in [
        ("email", Some("third@example.com")),
        ("nickname", None),
        ("email_verified", Some("false")),
    ] {
        let moved = set.drift(&changed(text, own));
        assert!(moved.stops(), "{text}");
        assert_eq!(names(&moved.touched), [text]);
        assert_eq!(moved.also, []);
        assert_eq!(moved.touched[0].expected.as_ref(), jane().get(&name(text)));
        assert_eq!(moved.touched[0].now.as_ref().map(AttributeValue::as_str), own);
    }
}

#[test]
fn a_mark_is_judged_on_the_address_it_speaks_of() {
    let set = changes(&[("email_verified", Edit::Set(value("false")))]);
    let moved = set.drift(&changed("email", Some("mallory@example.com")));
    assert!(moved.stops());
    assert_eq!(names(&moved.touched), ["email"]);
}

#[test]
fn the_rest_is_named_and_stops_nothing() {
    let moved = changes(&[new_email()]).drift(&changed("custom:tier", Some("silver")));
    assert!(!moved.stops());
    assert_eq!(names(&moved.also), ["custom:tier"]);
    let gone = changes(&[new_email()]).drift(&changed("nickname", None));
    assert_eq!((names(&gone.also), gone.stops()), (vec!["nickname"], false));
    let added = changes(&[new_email()]).drift(&changed("name", Some("Jane")));
    assert_eq!((names(&added.also), added.stops()), (vec!["name"], false));
}

#[test]
fn facts_that_consequences_were_drawn_from_stop_it() {
    let set = changes(&[new_email()]);
    let mut now = jane();
    now.status = UserStatus::ResetRequired;
    now.enabled = false;
    now.source = Source::Get {
        mfa: Mfa {
            sms: true,
            ..Mfa::default()
        },
    };
    let moved = set.drift(&now);
    assert!(moved.stops());
    let facts: Vec<(&str, &str, &str)> = moved
        .facts
        .iter()
        .map(|fact| (fact.what, fact.before.as_str(), fact.now.as_str()))
        .collect();
    assert_eq!(
        facts,
        [
            ("status", "CONFIRMED", "RESET_REQUIRED"),
            ("enabled", "yes", "no"),
            ("MFA", "none", "SMS")
        ]
    );
}

#[test]
fn the_contact_that_stays_is_a_fact_where_the_other_one_changes() {
    let now = changed("phone_number", Some("+15555550199"));
    let moved = changes(&[new_email()]).drift(&now);
    assert!(moved.stops());
    let fact = &moved.facts[0];
    assert_eq!(
        (fact.what, fact.before.as_str(), fact.now.as_str()),
        ("phone_number", "not set", "+15555550199")
    );
    let elsewhere = changes(&[("nickname", Edit::Delete)]).drift(&now);
    assert_eq!(
        (names(&elsewhere.also), elsewhere.stops()),
        (vec!["phone_number"], false)
    );
    let linked = changes(&[("nickname", Edit::Delete)]).drift(&changed("identities", Some("[]")));
    assert_eq!(linked.facts[0].what, "identities");
}

#[test]
fn a_change_covers_another_by_name() {
    let both = changes(&[new_email(), ("nickname", Edit::Delete)]);
    let one = changes(&[("nickname", Edit::Set(value("J")))]);
    assert!(both.covers(&one) && !one.covers(&both));
}

#[test]
fn second_factors_that_a_row_does_not_know_are_no_drift() {
    let mut row = jane();
    row.source = Source::List;
    let mut draft = Draft::new(Arc::new(row), Route::Admin);
    draft.set(name("nickname"), Edit::Delete);
    let set = draft.change_set(&Rules::admin(&schema())).expect("no problems");
    let mut now = jane();
    now.source = Source::Get {
        mfa: Mfa {
            sms: true,
            ..Mfa::default()
        },
    };
    assert!(!set.drift(&now).stops());
}

#[test]
fn a_set_tells_what_it_says_about_a_contact() {
    let alone = changes(&[new_email()]);
    assert_eq!(alone.vouch(Contact::Email), Vouch::Pool);
    assert_eq!(alone.new_contact(Contact::Email), Some(&value("new@example.com")));
    assert_eq!(alone.new_contact(Contact::PhoneNumber), None);
    let checked = changes(&[new_email(), ("email_verified", Edit::Set(value("true")))]);
    assert_eq!(checked.vouch(Contact::Email), Vouch::Checked);
    let marked = changes(&[new_email(), ("email_verified", Edit::Set(value("false")))]);
    assert_eq!(marked.vouch(Contact::Email), Vouch::Unverified);
    assert_eq!(changes(&[("email", Edit::Delete)]).new_contact(Contact::Email), None);
    assert_eq!((marked.len(), marked.is_empty()), (2, false));
}
