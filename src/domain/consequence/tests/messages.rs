//! What can keep an expected message from arriving.

use super::*;
use VerificationKind::{AfterUpdate as B, BeforeUpdate as C, None as A};

const EMAIL: Contact = Contact::Email;
const PHONE: Contact = Contact::PhoneNumber;

const SANDBOX: &str = "if the account is in the SMS sandbox, only verified numbers get it";
const US: &str = "a US number gets it from a registered origination number only";
const DEFAULT: &str = "default sender: 50 e-mails a day for the account, reset 09:00 UTC";

/// What is said of a message, under both topics.
fn said(case: &Case) -> Vec<String> {
    let mut said = case.about("SMS");
    said.extend(case.about("mail"));
    said
}

fn by_default_sender(kind: VerificationKind) -> Pool {
    Pool {
        email_sender: EmailSender::Default,
        ..pool(kind)
    }
}

#[test]
fn notes_stand_where_a_message_is_expected_and_nowhere_else() {
    let quiet = Vec::<String>::new();
    for route in [Route::Admin, Route::Own] {
        let new = |kind| {
            let mut case = Case::on(route, by_default_sender(kind), jane())
                .set("email", new_value(EMAIL))
                .set("phone_number", new_value(PHONE));
            for contact in Contact::ALL {
                case.draft.set_vouch(contact, Vouch::Pool);
            }
            case
        };
        assert_eq!(said(&new(A)), quiet, "{route:?}");
        assert_eq!(said(&new(B)), [SANDBOX, US, DEFAULT], "{route:?}");
        assert_eq!(said(&new(C)), [SANDBOX, US, DEFAULT], "{route:?}");
        let deleted = Case::on(route, by_default_sender(B), jane())
            .delete("email")
            .delete("phone_number");
        assert_eq!(said(&deleted), quiet, "{route:?}");
        let other = Case::on(route, by_default_sender(B), jane()).set("custom:tier", "gold");
        assert_eq!(said(&other), quiet, "{route:?}");
        let mut unknown = new(B);
        unknown.pool = Known::Asking;
        assert_eq!(said(&unknown), quiet, "{route:?}: whether a message goes is not known");
    }
    let vouched = Case::new(by_default_sender(C), jane()).new_contact(EMAIL, Vouch::Checked);
    assert_eq!(said(&vouched), quiet);
    let not_chosen = Case::new(by_default_sender(C), jane()).set("email", new_value(EMAIL));
    assert_eq!(said(&not_chosen), quiet, "what is missing is said first");
    let unverified = Case::new(by_default_sender(B), jane()).new_contact(EMAIL, Vouch::Unverified);
    assert_eq!(said(&unverified), [DEFAULT], "a message is expected all the same");
}

/// The notes on a message to a contact.
fn notes(pool: &Pool, contact: Contact, to: &str) -> Vec<String> {
    message_notes(pool, contact, &value(to)).iter().map(line).collect()
}

#[test]
fn a_text_message_has_its_conditions() {
    let mut pool = pool(B);
    assert_eq!(
        notes(&pool, PHONE, "+15555550199"),
        [format!("SMS: {SANDBOX}"), format!("SMS: {US}")]
    );
    assert_eq!(
        notes(&pool, PHONE, "+4915112345678"),
        [format!("SMS: {SANDBOX}")],
        "only US carriers ask for a registered number"
    );
    pool.sms_failure = Some(Raw::from("InvalidSmsRoleAccessPolicyException"));
    assert_eq!(
        notes(&pool, PHONE, "+4915112345678"),
        [
            "! SMS: reported of this pool's SMS settings: InvalidSmsRoleAccessPolicyException".to_owned(),
            format!("SMS: {SANDBOX}")
        ]
    );
    pool.sms_role = false;
    assert_eq!(
        notes(&pool, PHONE, "+15555550199"),
        ["! SMS: this pool has no SMS role: the message cannot go out"],
        "nothing else matters then"
    );
}

#[test]
fn a_reported_sandbox_is_no_condition_any_more() {
    let reported = "! SMS: reported: in the SMS sandbox; only verified numbers get messages";
    let mut pool = pool(B);
    pool.sms_failure = Some(Raw::from("SNSSandbox"));
    assert_eq!(notes(&pool, PHONE, "+4915112345678"), [reported]);
    pool.sms_failure = Some(Raw::from("InvalidSmsRoleAccessPolicyException, SNSSandbox"));
    assert_eq!(
        notes(&pool, PHONE, "+4915112345678"),
        [
            "! SMS: reported of this pool's SMS settings: InvalidSmsRoleAccessPolicyException, SNSSandbox",
            reported
        ]
    );
}

#[test]
fn an_email_has_its_sender() {
    let with = |email_sender| Pool {
        email_sender,
        ..pool(B)
    };
    let to = "jane.doe@example.com";
    assert_eq!(
        notes(&with(EmailSender::Default), EMAIL, to),
        [format!("mail: {DEFAULT}")]
    );
    assert_eq!(notes(&with(EmailSender::Ses), EMAIL, to), Vec::<String>::new());
    assert_eq!(notes(&with(EmailSender::Trigger), EMAIL, to), Vec::<String>::new());
    let failing = Pool {
        email_failure: Some(Raw::from("the identity is not verified")),
        ..with(EmailSender::Ses)
    };
    assert_eq!(
        notes(&failing, EMAIL, to),
        ["! mail: reported of this pool's e-mail settings: the identity is not verified"]
    );
    let no_role = Pool {
        sms_role: false,
        ..with(EmailSender::Ses)
    };
    assert_eq!(
        notes(&no_role, EMAIL, to),
        Vec::<String>::new(),
        "e-mail needs no SMS role"
    );
}

/// The pane of a form 80 columns wide has 70 for the words.
#[test]
fn each_note_of_ours_is_one_line_of_the_form() {
    let mut pool = by_default_sender(B);
    let mut all = notes(&pool, PHONE, "+15555550199");
    all.extend(notes(&pool, EMAIL, "jane@example.com"));
    pool.sms_failure = Some(Raw::from("SNSSandbox"));
    all.extend(notes(&pool, PHONE, "+15555550199"));
    pool.sms_role = false;
    all.extend(notes(&pool, PHONE, "+15555550199"));
    assert_eq!(all.len(), 6);
    for note in all {
        let words = note.split_once(": ").map_or("", |(_, words)| words);
        assert!(words.chars().count() <= 70, "{words}");
    }
}
