//! Every request on every kind of pool, for both contacts. Source: Cognito API reference, AdminUpdateUserAttributes,
//! UserAttributes; developer guide, "Verifying updates to email addresses and phone numbers".

use super::*;

/// What the request says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Request {
    New,
    NewChecked,
    NewUnverified,
    /// The form before `v` was pressed.
    NewNotChosen,
    MarkVerified,
    MarkVerifiedWithoutContact,
    MarkUnverified,
    Delete,
}

use Request::{
    Delete, MarkUnverified, MarkVerified, MarkVerifiedWithoutContact, New, NewChecked, NewNotChosen, NewUnverified,
};
use VerificationKind::{AfterUpdate as B, BeforeUpdate as C, None as A};

/// What is expected of one cell of the table. `{noun}`, `{medium}` and `{new}` stand for the contact's own.
struct Cell {
    request: Request,
    kind: VerificationKind,
    /// The first line, with its weight.
    says: &'static str,
    message: bool,
    /// What a reading shows at once: the value and its flag. `None` where the old ones stay.
    shows: Option<(Option<&'static str>, Option<&'static str>)>,
    verification_lost: bool,
}

const AT_ONCE_VOUCHED: &str = "changes at once, because you vouch for it; no message goes to anyone.";
const WAITS: &str = "waits for its code: a code by {medium} to {new} is expected.";
const NOT_CHOSEN: &str = "! nobody has said yet whether it is verified: v chooses; review goes there first.";
const MARKED: &str = "counts as verified at once; no message goes to anyone.";
const UNMARKED: &str = "is marked unverified at once; no message goes to anyone.";
const DELETED: &str = "! is deleted, and its verified mark with it; no message goes to anyone.";
const REFUSED: &str = "! the service is expected to refuse: there is no {noun} to verify.";

const fn cell(request: Request, kind: VerificationKind, says: &'static str) -> Cell {
    Cell {
        request,
        kind,
        says,
        message: false,
        shows: None,
        verification_lost: false,
    }
}

const fn shown(mut cell: Cell, value: Option<&'static str>, flag: Option<&'static str>) -> Cell {
    cell.shows = Some((value, flag));
    cell
}

const fn loses(mut cell: Cell) -> Cell {
    cell.verification_lost = true;
    cell
}

const fn sends(mut cell: Cell) -> Cell {
    cell.message = true;
    cell
}

const TABLE: [Cell; 24] = [
    loses(shown(
        cell(New, A, "changes at once, not verified; no message goes to anyone."),
        Some("{new}"),
        Some("false"),
    )),
    sends(loses(shown(
        cell(
            New,
            B,
            "changes at once, not verified; a code by {medium} to {new} is expected.",
        ),
        Some("{new}"),
        Some("false"),
    ))),
    sends(cell(New, C, WAITS)),
    shown(cell(NewChecked, A, AT_ONCE_VOUCHED), Some("{new}"), Some("true")),
    shown(cell(NewChecked, B, AT_ONCE_VOUCHED), Some("{new}"), Some("true")),
    shown(cell(NewChecked, C, AT_ONCE_VOUCHED), Some("{new}"), Some("true")),
    loses(shown(
        cell(
            NewUnverified,
            A,
            "changes at once, marked unverified; no message goes to anyone.",
        ),
        Some("{new}"),
        Some("false"),
    )),
    sends(loses(shown(
        cell(
            NewUnverified,
            B,
            "changes at once, marked unverified; a code by {medium} to {new} is expected all the same.",
        ),
        Some("{new}"),
        Some("false"),
    ))),
    sends(cell(NewUnverified, C, WAITS)),
    cell(NewNotChosen, A, NOT_CHOSEN),
    sends(cell(NewNotChosen, B, NOT_CHOSEN)),
    sends(cell(NewNotChosen, C, NOT_CHOSEN)),
    shown(cell(MarkVerified, A, MARKED), Some("{old}"), Some("true")),
    shown(cell(MarkVerified, B, MARKED), Some("{old}"), Some("true")),
    shown(cell(MarkVerified, C, MARKED), Some("{old}"), Some("true")),
    cell(MarkVerifiedWithoutContact, A, REFUSED),
    cell(MarkVerifiedWithoutContact, B, REFUSED),
    cell(MarkVerifiedWithoutContact, C, REFUSED),
    loses(shown(cell(MarkUnverified, A, UNMARKED), Some("{old}"), Some("false"))),
    loses(shown(cell(MarkUnverified, B, UNMARKED), Some("{old}"), Some("false"))),
    loses(shown(cell(MarkUnverified, C, UNMARKED), Some("{old}"), Some("false"))),
    shown(cell(Delete, A, DELETED), None, None),
    shown(cell(Delete, B, DELETED), None, None),
    shown(cell(Delete, C, DELETED), None, None),
];

fn case(request: Request, kind: VerificationKind, contact: Contact) -> Case {
    let user = match request {
        MarkVerified => unverified(jane(), contact),
        MarkVerifiedWithoutContact => without(jane(), contact),
        _ => jane(),
    };
    let case = Case::new(pool(kind), user);
    match request {
        New => case.new_contact(contact, Vouch::Pool),
        NewChecked => case.new_contact(contact, Vouch::Checked),
        NewUnverified => case.new_contact(contact, Vouch::Unverified),
        NewNotChosen => case.set(contact.name(), new_value(contact)),
        MarkVerified | MarkVerifiedWithoutContact => case.set(contact.flag_name(), "true"),
        MarkUnverified => case.set(contact.flag_name(), "false"),
        Delete => case.delete(contact.name()),
    }
}

fn filled(text: &str, contact: Contact) -> String {
    text.replace("{noun}", contact.noun())
        .replace("{medium}", contact.medium())
        .replace("{new}", new_value(contact))
        .replace("{old}", old_value(contact))
}

fn each(mut check: impl FnMut(&Cell, Contact, &Case)) {
    for cell in &TABLE {
        for contact in Contact::ALL {
            check(cell, contact, &case(cell.request, cell.kind, contact));
        }
    }
}

#[test]
fn the_table_has_every_request_on_every_kind_once() {
    let requests = [
        New,
        NewChecked,
        NewUnverified,
        NewNotChosen,
        MarkVerified,
        MarkVerifiedWithoutContact,
        MarkUnverified,
        Delete,
    ];
    for request in requests {
        for kind in [A, B, C] {
            let found = TABLE
                .iter()
                .filter(|cell| cell.request == request && cell.kind == kind)
                .count();
            assert_eq!(found, 1, "{request:?} on {kind:?}");
        }
    }
}

#[test]
fn the_form_says_when_it_counts_and_what_message_goes() {
    each(|cell, contact, case| {
        let said = case.about(topic(contact));
        assert_eq!(
            said[0],
            filled(cell.says, contact),
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
                route: Route::Admin,
            }
        } else {
            Delivery::None
        };
        assert_eq!(delivery, expected, "{:?} on {:?}", cell.request, cell.kind);
    });
}

#[test]
fn a_verified_mark_that_is_lost_is_named() {
    each(|cell, contact, case| {
        let named = case
            .about(topic(contact))
            .iter()
            .any(|line| line.starts_with("! Verified until now"));
        assert_eq!(named, cell.verification_lost, "{:?} on {:?}", cell.request, cell.kind);
    });
}

#[test]
fn the_reading_afterwards_is_what_the_table_says() {
    each(|cell, contact, case| {
        if matches!(cell.request, NewNotChosen | MarkVerifiedWithoutContact) {
            return;
        }
        let changes = case.change_set();
        let pool = pool(cell.kind);
        let expected = expected_after(&changes, Some(&pool));
        let at = format!("{:?} of {contact:?} on {:?}", cell.request, cell.kind);
        let mut now = case.draft.base().as_ref().clone();
        match cell.shows {
            None => {
                assert_eq!(expected.may_wait, [contact], "{at}");
                assert_eq!(
                    classify(&Operation::update(changes.clone()), Some(&pool), &[], &now),
                    Outcome::Waiting,
                    "{at}"
                );
            }
            Some((shown, flag)) => {
                assert!(expected.may_wait.is_empty(), "{at}");
                for (attribute, text) in [(contact.attribute(), shown), (contact.flag(), flag)] {
                    match text {
                        Some(text) => now.attributes.insert(attribute, value(&filled(text, contact))),
                        None => now.attributes.remove(&attribute),
                    };
                }
                for (attribute, wanted) in &expected.at_once {
                    assert_eq!(now.get(attribute), wanted.as_ref(), "{at}: {attribute:?}");
                }
                assert_eq!(
                    classify(&Operation::update(changes.clone()), Some(&pool), &[], &now),
                    Outcome::Applied,
                    "{at}"
                );
                assert_eq!(unexpected_flags(&changes, Some(&pool), &now), [], "{at}");
            }
        }
    });
}

#[test]
fn a_message_is_never_said_to_have_gone() {
    each(|cell, _, case| {
        for line in case.said() {
            assert!(
                !line.contains("delivered") && !line.contains(" sent"),
                "{:?}: {line}",
                cell.request
            );
        }
    });
}

#[test]
fn an_old_contact_stays_while_a_new_one_waits() {
    for contact in Contact::ALL {
        let said = case(New, C, contact).about(topic(contact));
        assert_eq!(
            said[1],
            filled("Until it is entered the old {noun} stays in force, as it is.", contact)
        );
        assert!(said.contains(&filled(
            "Sign-in and password reset stay with the old {noun} until then.",
            contact
        )));
        let first = Case::new(pool(C), without(jane(), contact)).new_contact(contact, Vouch::Pool);
        assert_eq!(
            first.about(topic(contact))[1],
            filled("Until it is entered the user has no {noun}.", contact)
        );
        let marked = case(NewUnverified, C, contact).about(topic(contact));
        assert!(marked.contains(&"Marking it unverified does not make it count at once.".to_owned()));
    }
}

#[test]
fn vouching_for_the_old_one_does_not_confirm_the_one_that_waits() {
    for contact in Contact::ALL {
        let says = filled("A new {noun} that waits for its code still waits.", contact);
        assert!(case(MarkVerified, C, contact).about(topic(contact)).contains(&says));
        assert!(!case(MarkVerified, B, contact).about(topic(contact)).contains(&says));
    }
}

#[test]
fn links_go_by_email_only() {
    for contact in Contact::ALL {
        let mut pool = pool(B);
        pool.verifies_by_link = true;
        let case = Case::new(pool, jane()).new_contact(contact, Vouch::Pool);
        let form = if contact == Contact::Email {
            "a link by e-mail"
        } else {
            "a code by SMS"
        };
        assert!(case.about(topic(contact))[0].contains(form), "{form}");
    }
}
