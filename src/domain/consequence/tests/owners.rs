//! Who else has an address or number, and what is taken from them.

use super::*;
use VerificationKind::{AfterUpdate as B, BeforeUpdate as C};

const EMAIL: Contact = Contact::Email;
const PHONE: Contact = Contact::PhoneNumber;

#[test]
fn an_owner_is_told_as_it_was_looked_up() {
    let case = || Case::new(pool(B), jane()).new_contact(EMAIL, Vouch::Checked);
    assert_eq!(
        case().about("owner"),
        ["not asked yet whether another user has the new address"]
    );
    assert_eq!(
        case().owner(EMAIL, Known::Asking).about("owner"),
        ["asking whether another user has the new address"]
    );
    assert_eq!(
        case()
            .owner(EMAIL, Known::NotKnown("ListUsers is not allowed".into()))
            .about("owner"),
        ["! whether another user has the new address is not known: ListUsers is not allowed"]
    );
    assert_eq!(
        case().owner(EMAIL, nobody()).about("owner"),
        ["no other user found with the new address (asked 10:41:02; may lag)"]
    );
    let marked = Case::new(pool(B), unverified(jane(), PHONE)).set("phone_number_verified", "true");
    assert_eq!(
        marked.owner(PHONE, nobody()).about("owner"),
        ["no other user found with this number (asked 10:41:02; may lag)"]
    );
}

#[test]
fn an_alias_is_taken_from_somebody_by_name() {
    let taken = Case::new(pool(B), jane())
        .new_contact(EMAIL, Vouch::Checked)
        .owner(EMAIL, held_by(&[("rob", true)]));
    assert_eq!(
        taken.about("owner"),
        [
            "! taken from rob, who is not told: the address becomes unverified there and no longer signs in (asked 10:41:02; may lag)"
        ]
    );
    assert_eq!(taken.with(takes_alias), [Username::new("rob")]);
    let marked = Case::new(pool(B), unverified(jane(), PHONE))
        .set("phone_number_verified", "true")
        .owner(PHONE, held_by(&[("rob", true), ("eve", false)]));
    assert!(marked.about("owner")[0].starts_with("! taken from rob, who is not told: the number"));
    assert_eq!(
        marked.with(takes_alias),
        [Username::new("rob")],
        "only who has it verified loses it"
    );
}

#[test]
fn nothing_is_taken_where_nothing_can_be() {
    let quiet: [Username; 0] = [];
    let unverified_there = Case::new(pool(B), jane())
        .new_contact(EMAIL, Vouch::Checked)
        .owner(EMAIL, held_by(&[("rob", false)]));
    assert_eq!(
        unverified_there.about("owner"),
        ["rob has it too, not verified: nothing is taken from anyone (asked 10:41:02; may lag)"]
    );
    assert_eq!(unverified_there.with(takes_alias), quiet);
    let later = Case::new(pool(B), jane())
        .new_contact(EMAIL, Vouch::Pool)
        .owner(EMAIL, held_by(&[("rob", true)]));
    assert_eq!(
        later.about("owner"),
        ["! rob signs in with it; this user does not unless it is verified here (asked 10:41:02; may lag)"]
    );
    assert_eq!(later.with(takes_alias), quiet);
    let later_unverified = Case::new(pool(C), jane())
        .new_contact(EMAIL, Vouch::Pool)
        .owner(EMAIL, held_by(&[("rob", false)]));
    assert_eq!(
        later_unverified.about("owner"),
        ["rob has it too, not verified (asked 10:41:02; may lag)"]
    );
    let free = Case::new(without_alias(pool(B)), jane())
        .new_contact(EMAIL, Vouch::Checked)
        .owner(EMAIL, held_by(&[("rob", true), ("eve", true)]));
    assert_eq!(
        free.about("owner"),
        [
            "rob and eve have it too; nobody signs in with it in this pool, so nothing is taken (asked 10:41:02; may lag)"
        ]
    );
    assert_eq!(free.with(takes_alias), quiet);
}

#[test]
fn a_sign_in_name_that_another_user_has_is_refused() {
    let case = Case::new(username_attributes(pool(B), &["email"]), jane())
        .new_contact(EMAIL, Vouch::Checked)
        .owner(EMAIL, held_by(&[("rob", true), ("eve", true), ("tom", false)]));
    assert_eq!(
        case.about("owner"),
        ["! rob and 2 others have it: the service refuses it with AliasExistsException (asked 10:41:02; may lag)"]
    );
    assert_eq!(case.with(takes_alias), [], "refused is not taken");
}

#[test]
fn in_an_unknown_pool_whoever_might_lose_an_alias_is_asked_for() {
    let mut case = Case::new(pool(B), jane())
        .new_contact(EMAIL, Vouch::Checked)
        .owner(EMAIL, held_by(&[("rob", true)]));
    case.pool = Known::NotKnown("DescribeUserPool is not allowed".into());
    assert_eq!(
        case.about("owner"),
        [
            "! rob has it too; whether it would be taken is not known: DescribeUserPool is not allowed (asked 10:41:02; may lag)"
        ]
    );
    assert_eq!(case.with(takes_alias), [Username::new("rob")]);
}
