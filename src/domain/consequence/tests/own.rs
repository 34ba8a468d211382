//! The same rules on the own route: every request on every kind of pool, for both contacts, and what is said there
//! only. Source: Cognito API reference, UpdateUserAttributes, DeleteUserAttributes and VerifyUserAttribute.

use super::*;
use crate::domain::delivery::CodeDelivery;
use VerificationKind::{AfterUpdate as B, BeforeUpdate as C, None as A};

const EMAIL: Contact = Contact::Email;
const PHONE: Contact = Contact::PhoneNumber;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Request {
    New,
    /// Where the user has none yet.
    First,
    /// A verified flag, which the form locks.
    Mark,
    Delete,
}

use Request::{Delete, First, Mark, New};

/// What is expected of one cell: all lines of the contact, in their order. `{noun}`, `{old}`, `{new}` and `{medium}`
/// stand for the contact's own.
struct Cell {
    request: Request,
    kind: VerificationKind,
    says: &'static [&'static str],
    message: bool,
    /// What a reading shows at once: value and flag. `None`: nothing changes yet.
    shows: Option<(Option<&'static str>, Option<&'static str>)>,
}

const REFUSED: &[&str] = &["! the service refuses it: in a user's own call only a code changes the verified mark."];
const DELETED: &[&str] = &[
    "! is deleted, and its verified mark with it; no message goes to anyone.",
    "! Nobody signs in with it any more.",
    "The username still works.",
    "! Password reset by {medium} is lost.",
];

const TABLE: [Cell; 12] = [
    Cell {
        request: New,
        kind: A,
        says: &[
            "changes at once, not verified; no message goes to anyone.",
            "! Verified until now; not any more, until a code for it is asked for and entered.",
            "! Nobody signs in with the old or the new {noun} until it is verified.",
            "The username still works.",
            "! Password reset does not use it until it is verified.",
        ],
        message: false,
        shows: Some((Some("{new}"), Some("false"))),
    },
    Cell {
        request: New,
        kind: B,
        says: &[
            "changes at once, not verified; a code by {medium} to {new} is expected; its delivery will be reported by \
             the service.",
            "! Verified until now; not any more, until the code is entered.",
            "! Nobody signs in with the old or the new {noun} until it is verified.",
            "The username still works.",
            "! Password reset does not use it until it is verified.",
        ],
        message: true,
        shows: Some((Some("{new}"), Some("false"))),
    },
    Cell {
        request: New,
        kind: C,
        says: &[
            "waits for its code: a code by {medium} to {new} is expected; its delivery will be reported by the service.",
            "Until it is entered the old {noun} stays in force, as it is.",
            "It can be entered here as long as this token is good, or in an app that asks for it.",
            "Sign-in and password reset stay with the old {noun} until then.",
        ],
        message: true,
        shows: None,
    },
    Cell {
        request: First,
        kind: A,
        says: &[
            "changes at once, not verified; no message goes to anyone.",
            "! Nobody signs in with the {noun} until it is verified.",
            "The username still works.",
            "! Password reset does not use it until it is verified.",
        ],
        message: false,
        shows: Some((Some("{new}"), Some("false"))),
    },
    Cell {
        request: First,
        kind: B,
        says: &[
            "changes at once, not verified; a code by {medium} to {new} is expected; its delivery will be reported by \
             the service.",
            "! Nobody signs in with the {noun} until it is verified.",
            "The username still works.",
            "! Password reset does not use it until it is verified.",
        ],
        message: true,
        shows: Some((Some("{new}"), Some("false"))),
    },
    Cell {
        request: First,
        kind: C,
        says: &[
            "waits for its code: a code by {medium} to {new} is expected; its delivery will be reported by the service.",
            "Until it is entered the user has no {noun}.",
            "It can be entered here as long as this token is good, or in an app that asks for it.",
            "Sign-in and password reset work with it from then on.",
        ],
        message: true,
        shows: None,
    },
    Cell {
        request: Mark,
        kind: A,
        says: REFUSED,
        message: false,
        shows: None,
    },
    Cell {
        request: Mark,
        kind: B,
        says: REFUSED,
        message: false,
        shows: None,
    },
    Cell {
        request: Mark,
        kind: C,
        says: REFUSED,
        message: false,
        shows: None,
    },
    Cell {
        request: Delete,
        kind: A,
        says: DELETED,
        message: false,
        shows: Some((None, None)),
    },
    Cell {
        request: Delete,
        kind: B,
        says: DELETED,
        message: false,
        shows: Some((None, None)),
    },
    Cell {
        request: Delete,
        kind: C,
        says: DELETED,
        message: false,
        shows: Some((None, None)),
    },
];

fn case(request: Request, kind: VerificationKind, contact: Contact) -> Case {
    let user = match request {
        First => without(jane(), contact),
        Mark => unverified(jane(), contact),
        New | Delete => jane(),
    };
    let case = Case::own(pool(kind), user);
    match request {
        New | First => case.set(contact.name(), new_value(contact)),
        Mark => case.set(contact.flag_name(), "true"),
        Delete => case.delete(contact.name()),
    }
}

fn filled(text: &str, contact: Contact) -> String {
    text.replace("{noun}", contact.noun())
        .replace("{medium}", contact.medium())
        .replace("{new}", new_value(contact))
}

fn each(mut check: impl FnMut(&Cell, Contact, &Case)) {
    for cell in &TABLE {
        for contact in Contact::ALL {
            check(cell, contact, &case(cell.request, cell.kind, contact));
        }
    }
}

/// As if the service had reported a message for a contact.
fn reported(contact: Contact) -> Vec<CodeDelivery> {
    vec![CodeDelivery {
        attribute: Some(Raw::from(contact.name())),
        medium: Some(Raw::from("EMAIL")),
        destination: Some(Raw::from("j***@e***")),
    }]
}

#[test]
fn every_line_of_a_contact_is_the_tables() {
    each(|cell, contact, case| {
        let expected: Vec<String> = cell.says.iter().map(|line| filled(line, contact)).collect();
        assert_eq!(
            case.about(topic(contact)),
            expected,
            "{:?} on {:?}",
            cell.request,
            cell.kind
        );
    });
}

#[test]
fn a_message_is_expected_or_there_is_none() {
    each(|cell, contact, case| {
        let delivery = case.with(|context| expected_delivery(&context.pool, context.changes, contact));
        let expected = if cell.message {
            Delivery::Expected {
                contact,
                form: Form::Code,
                to: value(new_value(contact)),
                route: Route::Own,
            }
        } else {
            Delivery::None
        };
        assert_eq!(delivery, expected, "{:?} on {:?}", cell.request, cell.kind);
    });
}

#[test]
fn the_reading_afterwards_is_what_the_table_says() {
    each(|cell, contact, case| {
        if cell.request == Mark {
            return;
        }
        let (changes, pool) = (case.change_set(), pool(cell.kind));
        let operation = Operation::update(changes.clone());
        let at = format!("{:?} of {contact:?} on {:?}", cell.request, cell.kind);
        let name = if cell.request == Delete {
            "DeleteUserAttributes"
        } else {
            "UpdateUserAttributes"
        };
        assert_eq!(operation.name(), name, "{at}");
        let told = if cell.message { reported(contact) } else { Vec::new() };
        let mut now = case.draft.base().as_ref().clone();
        let Some((shown, flag)) = cell.shows else {
            assert_eq!(expected_after(&changes, Some(&pool)).may_wait, [contact], "{at}");
            assert_eq!(classify(&operation, Some(&pool), &told, &now), Outcome::Waiting, "{at}");
            return;
        };
        for (attribute, text) in [(contact.attribute(), shown), (contact.flag(), flag)] {
            match text {
                Some(text) => now.attributes.insert(attribute, value(&filled(text, contact))),
                None => now.attributes.remove(&attribute),
            };
        }
        assert_eq!(classify(&operation, Some(&pool), &told, &now), Outcome::Applied, "{at}");
        assert_eq!(unexpected_flags(&changes, Some(&pool), &now), [], "{at}");
    });
}

#[test]
fn nothing_of_the_administrators_words_is_said() {
    each(|cell, contact, case| {
        let delivery = case.with(|context| expected_delivery(&context.pool, context.changes, contact));
        let words = vouch_words(
            &Known::Known(&pool(cell.kind)),
            contact,
            case.draft.vouch(contact),
            Route::Own,
        );
        let mut said = case.said();
        said.extend([delivery.sentence().plain(), words.plain()]);
        for line in said {
            for words in [
                "not reported",
                "vouch",
                "I checked",
                "v chooses",
                "Cognito decides",
                "taken from",
                "delivered",
            ] {
                assert!(!line.contains(words), "{:?} on {:?}: {line}", cell.request, cell.kind);
            }
        }
    });
}

#[test]
fn an_own_change_is_never_left_undecided() {
    for kind in [A, B, C] {
        let case = case(New, kind, EMAIL);
        assert_eq!(case.draft.vouch(EMAIL), Some(Vouch::Pool), "{kind:?}");
        assert_eq!(case.draft.undecided().count(), 0, "{kind:?}");
    }
}

#[test]
fn the_mark_is_locked_in_both_directions() {
    for text in ["true", "false"] {
        let case = Case::own(pool(B), jane()).set("email_verified", text);
        let schema = schema();
        let problems = case.draft.problems(&Rules::own(&schema, None));
        let locked = Problem::Locked(crate::domain::schema::Lock::ByCode);
        // "true" is what it reads already: no edit, no problem.
        let expected = if text == "true" {
            Vec::new()
        } else {
            vec![(name("email_verified"), locked)]
        };
        assert_eq!(problems, expected, "{text}");
    }
}

#[test]
fn the_pending_mark_says_what_happens() {
    let words = |kind, vouch| vouch_words(&Known::Known(&pool(kind)), EMAIL, vouch, Route::Own).plain();
    assert_eq!(words(A, Some(Vouch::Pool)), "NO until a code is asked for and entered.");
    assert_eq!(words(B, Some(Vouch::Pool)), "NO until its code is entered.");
    assert_eq!(words(C, Some(Vouch::Pool)), "waits for its code.");
    assert_eq!(
        vouch_words(&Known::Asking, EMAIL, Some(Vouch::Pool), Route::Own).plain(),
        "NO until its code is entered, or waits for it."
    );
}

#[test]
fn the_status_pane_says_that_the_answer_reports() {
    let delivery = case(New, C, PHONE).with(|context| expected_delivery(&context.pool, context.changes, PHONE));
    assert_eq!(
        delivery.sentence().plain(),
        "expected: a code by SMS to +15555550199 (the answer reports it)"
    );
}

#[test]
fn a_pool_of_links_sends_a_user_a_code() {
    let mut pool = pool(B);
    pool.verifies_by_link = true;
    let case = Case::own(pool, jane()).set("email", "jane.doe@example.com");
    assert!(
        case.about("email")[0].contains("a code by e-mail to"),
        "{:?}",
        case.about("email")
    );
}
