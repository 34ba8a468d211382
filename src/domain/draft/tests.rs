use super::*;
use crate::domain::schema::{DataType, Lock, Schema, SchemaAttribute};

const EMAIL: Contact = Contact::Email;

fn name(text: &str) -> AttributeName {
    AttributeName::new(text)
}

fn set(text: &str) -> Edit {
    Edit::Set(AttributeValue::new(text))
}

fn schema() -> Schema {
    let attribute = |text: &str, data_type: DataType| SchemaAttribute {
        name: name(text),
        data_type,
        mutable: true,
        required: false,
        developer_only: false,
    };
    let text = || DataType::String {
        min: None,
        max: Some(2048),
    };
    let mut schema = Schema {
        attributes: vec![
            attribute("nickname", text()),
            attribute("email", text()),
            attribute("email_verified", DataType::Boolean),
            attribute("phone_number", text()),
            attribute("phone_number_verified", DataType::Boolean),
            attribute("family_name", text()),
            attribute("custom:hireId", text()),
        ],
    };
    schema.attributes[5].required = true;
    schema.attributes[6].mutable = false;
    schema
}

fn user(attributes: &[(&str, &str)]) -> Arc<User> {
    Arc::new(User::listed("jane.doe", attributes))
}

fn jane() -> Arc<User> {
    user(&[
        ("email", "jane@example.com"),
        ("email_verified", "true"),
        ("nickname", "JD"),
        ("family_name", "Doe"),
        ("custom:hireId", "7781"),
    ])
}

fn draft() -> Draft {
    Draft::new(jane(), Route::Admin)
}

#[test]
fn a_value_set_back_to_the_original_drops_out() {
    let mut draft = draft();
    draft.set(name("nickname"), set("Janie"));
    assert_eq!(
        draft.pending(&name("nickname")).map(AttributeValue::as_str),
        Some("Janie")
    );
    draft.set(name("nickname"), set("JD"));
    assert!(draft.is_empty());
    draft.set(name("phone_number"), Edit::Delete);
    assert!(draft.is_empty(), "deleting what is not set is no change");
    draft.set(name("nickname"), Edit::Delete);
    assert_eq!(draft.pending(&name("nickname")), None);
    assert_eq!(draft.put_back(&name("nickname")), Some(Edit::Delete));
    assert_eq!(draft.put_back(&name("nickname")), None);
}

#[test]
fn only_what_changed_is_sent_in_schema_order() {
    let mut draft = draft();
    draft.set(name("family_name"), set("Roe"));
    draft.set(name("email"), set("jane.doe@example.com"));
    draft.set_vouch(EMAIL, Vouch::Checked);
    draft.set(name("nickname"), Edit::Delete);
    let changes = draft.change_set(&Rules::admin(&schema())).expect("no problems");
    let names: Vec<&str> = changes.changes().iter().map(|change| change.name.as_str()).collect();
    assert_eq!(names, ["nickname", "email", "email_verified", "family_name"]);
    assert!(
        changes.changes()[2].is_same_value(),
        "the mark is sent with the value it had"
    );
    assert_eq!(
        changes.changes()[1].before.as_ref().map(AttributeValue::as_str),
        Some("jane@example.com")
    );
}

#[test]
fn after_a_change_of_address_nothing_is_chosen() {
    let mut draft = draft();
    draft.set(name("email"), set("a@example.com"));
    assert_eq!(draft.undecided().collect::<Vec<_>>(), [EMAIL]);
    for vouch in [Vouch::Checked, Vouch::Pool, Vouch::Unverified] {
        draft.set_vouch(EMAIL, vouch);
        assert_eq!(draft.vouch(EMAIL), Some(vouch));
        assert_eq!(draft.undecided().count(), 0);
    }
    draft.set_vouch(EMAIL, Vouch::Checked);
    draft.set(name("email"), set("a@example.com"));
    assert_eq!(
        draft.vouch(EMAIL),
        Some(Vouch::Checked),
        "taking the same value again changes nothing"
    );
    draft.set(name("email"), set("b@example.com"));
    assert_eq!(draft.vouch(EMAIL), None, "it was said of another value");
}

#[test]
fn a_choice_goes_with_its_change() {
    for vouch in [Vouch::Checked, Vouch::Pool, Vouch::Unverified] {
        let mut draft = draft();
        draft.set(name("email"), set("a@example.com"));
        draft.set_vouch(EMAIL, vouch);
        draft.put_back(&name("email"));
        assert!(draft.is_empty(), "{vouch:?}");
        assert_eq!(draft.vouch(EMAIL), None, "{vouch:?}");
        draft.set(name("email"), set("a@example.com"));
        draft.set_vouch(EMAIL, vouch);
        draft.set(name("email"), set("jane@example.com"));
        assert!(draft.is_empty(), "{vouch:?}");
        draft.set(name("email"), set("a@example.com"));
        draft.set_vouch(EMAIL, vouch);
        draft.set(name("email"), Edit::Delete);
        assert_eq!(draft.edits().len(), 1, "a deleted address has no mark: {vouch:?}");
    }
}

#[test]
fn a_mark_alone_survives_a_look_at_its_address() {
    let mut draft = draft();
    draft.set_vouch(EMAIL, Vouch::Unverified);
    assert_eq!(draft.edits().len(), 1);
    draft.set(name("email"), set("jane@example.com"));
    assert_eq!(
        draft.vouch(EMAIL),
        Some(Vouch::Unverified),
        "Enter on the same value took it back"
    );
    draft.set_vouch(EMAIL, Vouch::Checked);
    assert!(draft.is_empty(), "marked as it already is");
}

#[test]
fn rebase_drops_what_is_now_so_and_keeps_the_rest() {
    let mut draft = draft();
    draft.set(name("nickname"), set("Janie"));
    draft.set(name("family_name"), set("Roe"));
    draft.rebase(user(&[
        ("email", "jane@example.com"),
        ("nickname", "Janie"),
        ("family_name", "Doe"),
    ]));
    assert_eq!(
        draft.edits().keys().map(AttributeName::as_str).collect::<Vec<_>>(),
        ["family_name"]
    );
    assert!(!draft.base().is_verified(EMAIL));
}

#[test]
fn rebase_keeps_a_choice_with_its_change_and_withdraws_it_without() {
    let mut draft = draft();
    draft.set(name("email"), set("a@example.com"));
    draft.set_vouch(EMAIL, Vouch::Checked);
    draft.rebase(user(&[
        ("email", "third@example.com"),
        ("email_verified", "true"),
        ("family_name", "Doe"),
    ]));
    assert_eq!(
        draft.vouch(EMAIL),
        Some(Vouch::Checked),
        "it was said of the pending value, which stays"
    );
    draft.rebase(user(&[
        ("email", "a@example.com"),
        ("email_verified", "true"),
        ("family_name", "Doe"),
    ]));
    assert!(draft.is_empty());
    draft.set(name("email"), set("b@example.com"));
    draft.set_vouch(EMAIL, Vouch::Pool);
    draft.rebase(user(&[("email", "b@example.com"), ("family_name", "Doe")]));
    assert_eq!(
        draft.vouch(EMAIL),
        None,
        "nothing changes any more, so nothing is left to the pool"
    );
}

#[test]
fn a_mark_never_moves_to_an_address_nobody_looked_at() {
    let unverified = user(&[("email", "jane@example.com"), ("family_name", "Doe")]);
    let mut draft = Draft::new(unverified, Route::Admin);
    draft.set_vouch(EMAIL, Vouch::Checked);
    draft.rebase(user(&[("email", "mallory@example.com"), ("family_name", "Doe")]));
    assert!(draft.is_empty(), "the mark was for jane@example.com");
}

#[test]
fn a_missing_required_attribute_is_asked_for_with_any_edit() {
    let mut draft = Draft::new(user(&[("nickname", "JD")]), Route::Admin);
    assert_eq!(draft.problems(&Rules::admin(&schema())), []);
    draft.set(name("nickname"), set("Janie"));
    assert_eq!(
        draft.problems(&Rules::admin(&schema())),
        [(name("family_name"), Problem::RequiredMissing)]
    );
    draft.set(name("family_name"), set("Doe"));
    assert!(draft.change_set(&Rules::admin(&schema())).is_ok());
    draft.set(name("family_name"), Edit::Delete);
    assert_eq!(
        draft.problems(&Rules::admin(&schema())),
        [(name("family_name"), Problem::RequiredMissing)]
    );
}

#[test]
fn every_problem_is_told_in_schema_order() {
    let mut draft = draft();
    draft.set(name("family_name"), Edit::Delete);
    draft.set(name("email"), set("jane"));
    draft.set(name("custom:hireId"), set("1"));
    let problems = draft.change_set(&Rules::admin(&schema())).expect_err("three problems");
    let names: Vec<&str> = problems.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["email", "family_name", "custom:hireId"]);
    assert_eq!(problems[1].1, Problem::RequiredDeleted);
    assert_eq!(problems[2].1, Problem::Locked(Lock::Immutable));
}

#[test]
fn a_mark_needs_something_to_speak_of() {
    let mut draft = draft();
    draft.set_vouch(Contact::PhoneNumber, Vouch::Checked);
    let nothing = (
        name("phone_number_verified"),
        Problem::NothingToVerify(Contact::PhoneNumber),
    );
    assert_eq!(draft.problems(&Rules::admin(&schema())), [nothing]);
    draft.set(name("phone_number"), set("+15555550100"));
    draft.set_vouch(Contact::PhoneNumber, Vouch::Checked);
    assert_eq!(draft.problems(&Rules::admin(&schema())), []);
    draft.set(name("email"), Edit::Delete);
    draft.set_vouch(EMAIL, Vouch::Unverified);
    assert_eq!(
        draft.problems(&Rules::admin(&schema())),
        [(name("email_verified"), Problem::NothingToVerify(EMAIL))]
    );
}

#[test]
fn debug_shows_no_value() {
    let mut draft = draft();
    draft.set(name("nickname"), set("secret-nick"));
    draft.metadata.0.insert("ticket".into(), "secret-ticket".into());
    let shown = format!("{draft:?} {:?}", draft.change_set(&Rules::admin(&schema())));
    for secret in ["secret", "jane@", "jane.doe", "7781"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
