//! What a contact is for: sign-in, password reset, ways back in.

use super::*;
use VerificationKind::{AfterUpdate as B, BeforeUpdate as C, None as A};

const EMAIL: Contact = Contact::Email;
const PHONE: Contact = Contact::PhoneNumber;

fn with_recovery(mut pool: Pool, recovery: &[Recovery]) -> Pool {
    pool.recovery = recovery.to_vec();
    pool
}

#[test]
fn sign_in_and_reset_follow_a_verified_contact() {
    for (pool, said) in [
        (
            pool(A),
            "Sign-in and password reset move to it; the old address stops working.",
        ),
        (
            without_alias(pool(A)),
            "Password reset moves to it; the old address stops working.",
        ),
        (
            with_recovery(pool(A), &[Recovery::AdminOnly]),
            "Sign-in moves to it; the old address stops working.",
        ),
        (
            with_recovery(without_alias(pool(A)), &[Recovery::AdminOnly]),
            "Neither sign-in nor password reset uses it in this pool.",
        ),
        (
            username_attributes(pool(A), &["email"]),
            "Sign-in and password reset move to it; the old address stops working.",
        ),
        (
            with_recovery(without_alias(pool(A)), &[]),
            "Password reset moves to it; the old address stops working.",
        ),
    ] {
        let case = Case::new(pool, jane()).new_contact(EMAIL, Vouch::Checked);
        assert_eq!(case.about("email")[1], said);
    }
    let first = Case::new(pool(A), without(jane(), EMAIL)).new_contact(EMAIL, Vouch::Checked);
    assert_eq!(
        first.about("email")[1],
        "Sign-in and password reset work with it from now on."
    );
    let marked = Case::new(pool(A), unverified(jane(), EMAIL)).set("email_verified", "true");
    assert_eq!(
        marked.about("email")[1],
        "Sign-in and password reset work with it from now on."
    );
    let later = Case::new(pool(C), without(jane(), EMAIL)).new_contact(EMAIL, Vouch::Pool);
    assert!(
        later
            .about("email")
            .contains(&"Sign-in and password reset work with it from then on.".to_owned())
    );
}

#[test]
fn an_unverified_contact_lets_nobody_in() {
    let alias = Case::new(pool(B), jane())
        .new_contact(EMAIL, Vouch::Pool)
        .about("email");
    assert!(alias.contains(&"! Nobody signs in with the old or the new address until it is verified.".to_owned()));
    assert!(alias.contains(&"The username still works.".to_owned()));
    assert!(alias.contains(&"! Password reset does not use it until it is verified.".to_owned()));
    let first = Case::new(pool(B), without(jane(), PHONE))
        .new_contact(PHONE, Vouch::Unverified)
        .about("phone");
    assert!(first.contains(&"! Nobody signs in with the number until it is verified.".to_owned()));
    let named = Case::new(username_attributes(pool(B), &["email"]), jane()).new_contact(EMAIL, Vouch::Pool);
    assert!(
        named
            .about("email")
            .contains(&"! It becomes the name to sign in with; the old address stops working.".to_owned())
    );
}

#[test]
fn a_lost_contact_takes_its_uses_with_it() {
    for case in [
        Case::new(pool(A), jane()).delete("email"),
        Case::new(pool(A), jane()).set("email_verified", "false"),
    ] {
        let said = case.about("email");
        assert!(
            said.contains(&"! Nobody signs in with it any more.".to_owned()),
            "{said:?}"
        );
        assert!(
            said.contains(&"! Password reset by e-mail is lost.".to_owned()),
            "{said:?}"
        );
    }
    let only = Case::new(username_attributes(pool(A), &["email"]), jane())
        .delete("email")
        .about("email");
    assert!(only.contains(&"! Nothing is left to sign in with.".to_owned()));
    let two = Case::new(username_attributes(pool(A), &["email", "phone_number"]), jane())
        .delete("email")
        .about("email");
    assert!(two.contains(&"! Sign-in by address ends; the number still works.".to_owned()));
}

#[test]
fn the_last_way_back_in_is_named() {
    let said = |case: Case| case.about("recover");
    let nothing_left = ["! nothing verified is left that a password reset could go to"];
    let user = || unverified(jane(), PHONE);
    assert_eq!(said(Case::new(pool(A), user()).delete("email")), nothing_left);
    assert_eq!(
        said(Case::new(pool(A), user()).set("email_verified", "false")),
        nothing_left
    );
    assert_eq!(
        said(Case::new(pool(B), user()).new_contact(EMAIL, Vouch::Pool)),
        nothing_left
    );
    let quiet: [&str; 0] = [];
    assert_eq!(
        said(Case::new(pool(C), user()).new_contact(EMAIL, Vouch::Pool)),
        quiet,
        "the old one stays"
    );
    assert_eq!(
        said(Case::new(pool(B), user()).new_contact(EMAIL, Vouch::Checked)),
        quiet
    );
    assert_eq!(
        said(Case::new(pool(A), jane()).delete("email")),
        quiet,
        "the phone is left"
    );
    let email_only = with_recovery(pool(A), &[Recovery::VerifiedEmail]);
    assert_eq!(
        said(Case::new(email_only, jane()).delete("email")),
        nothing_left,
        "the phone is no way in this pool"
    );
}

#[test]
fn email_and_phone_together_ask_whether_this_is_the_customer() {
    let line = "! every way to recover this account becomes new today. Is this the customer?".to_owned();
    let both = Case::new(pool(C), jane())
        .new_contact(EMAIL, Vouch::Checked)
        .new_contact(PHONE, Vouch::Pool);
    assert!(both.about("recover").contains(&line));
    let replaced = Case::new(pool(C), jane())
        .new_contact(EMAIL, Vouch::Checked)
        .delete("phone_number");
    assert!(replaced.about("recover").contains(&line));
    let one = Case::new(pool(C), jane()).new_contact(EMAIL, Vouch::Checked);
    assert!(!one.about("recover").contains(&line));
    let none = Case::new(pool(C), jane()).delete("email").delete("phone_number");
    assert!(!none.about("recover").contains(&line));
}
