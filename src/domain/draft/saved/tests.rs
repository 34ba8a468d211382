use std::sync::Arc;

use super::*;
use crate::domain::draft::{Conflict, Vouch};
use crate::domain::user::{Source, UserStatus};

fn user(pairs: &[(&str, &str)]) -> Arc<User> {
    let mut attributes = crate::domain::Attributes::new();
    attributes.insert(AttributeName::new("sub"), AttributeValue::new("sub-of-jane"));
    for (name, value) in pairs {
        attributes.insert(AttributeName::new(*name), AttributeValue::new(*value));
    }
    Arc::new(User {
        username: Username::new("jane.doe"),
        status: UserStatus::Confirmed,
        enabled: true,
        created: None,
        changed: None,
        attributes,
        source: Source::List,
        read_at: Timestamp::UNIX_EPOCH,
    })
}

fn set(value: &str) -> Edit {
    Edit::Set(AttributeValue::new(value))
}

fn name(name: &str) -> AttributeName {
    AttributeName::new(name)
}

const JANE: &[(&str, &str)] = &[
    ("email", "jane@example.com"),
    ("email_verified", "true"),
    ("nickname", "JD"),
];

fn draft() -> Draft {
    let mut draft = Draft::new(user(JANE), Route::Admin);
    draft.set(name("nickname"), set("JJ"));
    draft
}

#[test]
fn on_an_unchanged_user_the_draft_is_what_it_was() {
    let mut draft = draft();
    draft.set(name("email"), set("jane.doe@example.com"));
    draft.set_vouch(Contact::Email, Vouch::Checked);
    draft.metadata.0.insert("ticket".into(), "SUP-1".into());
    draft.undoes = Some(Raw::from("0123-7"));
    let resumed = draft.to_save(None).onto(user(JANE));
    assert_eq!(resumed.draft, draft);
    assert!(resumed.done.is_empty() && resumed.withdrawn.is_empty());
    assert!(resumed.draft.conflicts().is_empty());
}

#[test]
fn a_contact_left_to_the_pool_stays_so() {
    let mut draft = draft();
    draft.set(name("email"), set("jane.doe@example.com"));
    draft.set_vouch(Contact::Email, Vouch::Pool);
    let resumed = draft.to_save(None).onto(user(JANE));
    assert_eq!(resumed.draft.vouch(Contact::Email), Some(Vouch::Pool));
    assert_eq!(resumed.draft, draft);
}

#[test]
fn what_moved_since_is_a_conflict_three_ways() {
    let resumed = draft().to_save(None).onto(user(&[("nickname", "Janey")]));
    let expected = Conflict {
        name: name("nickname"),
        then: Some(AttributeValue::new("JD")),
        now: Some(AttributeValue::new("Janey")),
        pending: set("JJ"),
    };
    assert_eq!(resumed.draft.conflicts(), [expected]);
}

#[test]
fn a_value_that_was_not_set_then_and_is_now_is_a_conflict_too() {
    let mut draft = Draft::new(user(&[]), Route::Admin);
    draft.set(name("nickname"), set("JJ"));
    let conflicts = draft.to_save(None).onto(user(JANE)).draft.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].then, None);
}

#[test]
fn what_is_there_already_drops_out_and_is_named() {
    let resumed = draft().to_save(None).onto(user(&[("nickname", "JJ")]));
    assert_eq!(resumed.done, [name("nickname")]);
    assert!(resumed.draft.is_empty());
    let mut deleted = Draft::new(user(JANE), Route::Admin);
    deleted.set(name("nickname"), Edit::Delete);
    let resumed = deleted.to_save(None).onto(user(&[]));
    assert_eq!(resumed.done, [name("nickname")]);
}

#[test]
fn a_mark_is_withdrawn_where_the_contact_is_another_now() {
    let mut draft = Draft::new(user(&[("email", "jane@example.com")]), Route::Admin);
    draft.set(name("email_verified"), set("true"));
    let saved = draft.to_save(None);
    let same = saved.onto(user(&[("email", "jane@example.com"), ("nickname", "JD")]));
    assert_eq!(same.draft.vouch(Contact::Email), Some(Vouch::Checked));
    let other = saved.onto(user(&[("email", "mallory@example.com")]));
    assert_eq!(other.withdrawn, [Contact::Email]);
    assert!(other.draft.is_empty());
}

#[test]
fn a_mark_stays_where_its_new_address_was_set_by_somebody_else_meanwhile() {
    let mut draft = Draft::new(user(JANE), Route::Admin);
    draft.set(name("email"), set("new@example.com"));
    draft.set_vouch(Contact::Email, Vouch::Checked);
    let saved = draft.to_save(None);
    let resumed = saved.onto(user(&[("email", "new@example.com"), ("email_verified", "false")]));
    assert_eq!(resumed.done, [name("email")]);
    assert_eq!(resumed.draft.vouch(Contact::Email), Some(Vouch::Checked));
}

#[test]
fn a_draft_that_is_saved_again_before_its_conflicts_are_decided_keeps_what_it_was_made_from() {
    let resumed = draft().to_save(None).onto(user(&[("nickname", "Janey")]));
    let again = resumed.draft.to_save(None).onto(user(&[("nickname", "Third")]));
    assert_eq!(again.draft.conflicts()[0].then, Some(AttributeValue::new("JD")));
    let mut decided = resumed.draft;
    decided.stands(&name("nickname"));
    let again = decided.to_save(None).onto(user(&[("nickname", "Third")]));
    assert_eq!(again.draft.conflicts()[0].then, Some(AttributeValue::new("Janey")));
}

#[test]
fn it_is_about_one_person() {
    let saved = draft().to_save(None);
    assert!(saved.is_about(&user(&[])));
    assert!(!saved.is_about(&user(&[("sub", "another")])));
    let mut named = User::clone(&user(&[]));
    named.username = Username::new("bob");
    assert!(!saved.is_about(&named));
}

#[test]
fn the_text_of_an_open_field_comes_with_the_value_it_was_typed_over() {
    let typed = Typed {
        name: name("nickname"),
        text: Raw::from("half a na"),
    };
    let saved = Draft::new(user(JANE), Route::Admin).to_save(Some(typed.clone()));
    assert_eq!(saved.typed, Some(typed));
    assert_eq!(
        saved.made_from.get(&name("nickname")),
        Some(&Some(AttributeValue::new("JD")))
    );
    assert!(saved.edits.is_empty());
}

#[test]
fn nothing_of_it_is_printed() {
    let typed = Typed {
        name: name("nickname"),
        text: Raw::from("typed-secret"),
    };
    let mut draft = draft();
    draft.metadata.0.insert("ticket".into(), "meta-secret".into());
    let printed = format!("{:?}", draft.to_save(Some(typed)));
    for value in ["JJ", "JD", "jane", "secret", "sub-of"] {
        assert!(!printed.contains(value), "{value}: {printed}");
    }
}
