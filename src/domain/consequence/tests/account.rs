//! Second factors and status.

use super::*;
use VerificationKind::{AfterUpdate as B, BeforeUpdate as C, None as A};

const EMAIL: Contact = Contact::Email;
const PHONE: Contact = Contact::PhoneNumber;

#[test]
fn sign_in_codes_move_with_the_number() {
    let user = || with_mfa(jane(), sms());
    for (kind, vouch) in [
        (A, Vouch::Pool),
        (B, Vouch::Pool),
        (C, Vouch::Checked),
        (B, Vouch::Unverified),
    ] {
        let case = Case::new(pool(kind), user()).new_contact(PHONE, vouch);
        assert_eq!(
            case.about("MFA"),
            ["! the next sign-in code goes to +15555550199; whoever holds that phone passes MFA"]
        );
    }
    let waits = Case::new(pool(C), user()).new_contact(PHONE, Vouch::Pool);
    assert_eq!(
        waits.about("MFA"),
        ["! once its code is entered, sign-in codes go to +15555550199; whoever holds that phone passes MFA"]
    );
    let open = Case::new(pool(C), user()).set("phone_number", "+15555550199");
    assert_eq!(
        open.about("MFA"),
        [
            "! sign-in codes will go to +15555550199, at once or once its code is entered; whoever holds that phone passes MFA"
        ]
    );
    let mail = with_mfa(
        jane(),
        Mfa {
            email: true,
            ..Mfa::default()
        },
    );
    assert_eq!(
        Case::new(pool(B), mail).new_contact(EMAIL, Vouch::Checked).about("MFA"),
        ["! the next sign-in code goes to jane.doe@example.com; whoever reads that mailbox passes MFA"]
    );
}

#[test]
fn the_last_factor_deleted_is_the_last() {
    let last = Case::new(pool(A), with_mfa(jane(), sms())).delete("phone_number");
    assert_eq!(last.about("MFA"), ["! jane.doe can no longer pass MFA"]);
    let both = Mfa {
        sms: true,
        email: true,
        ..Mfa::default()
    };
    let gone = Case::new(pool(A), with_mfa(jane(), both.clone()))
        .delete("phone_number")
        .delete("email");
    assert_eq!(gone.about("MFA"), ["! jane.doe can no longer pass MFA"]);
    let one_left = Case::new(pool(A), with_mfa(jane(), both)).delete("phone_number");
    assert_eq!(one_left.about("MFA"), ["! sign-in codes by SMS end; left: e-mail"]);
    let more = Mfa {
        sms: true,
        totp: true,
        other: vec![Raw::from("WEB_AUTHN_MFA")],
        ..Mfa::default()
    };
    let left = Case::new(pool(A), with_mfa(jane(), more)).delete("phone_number");
    assert_eq!(
        left.about("MFA"),
        ["! sign-in codes by SMS end; left: authenticator app, 1 other factor"]
    );
}

#[test]
fn factors_that_stay_are_said_to_stay() {
    let said = |mfa: Mfa| {
        Case::new(pool(A), with_mfa(jane(), mfa))
            .new_contact(EMAIL, Vouch::Checked)
            .about("MFA")
    };
    assert_eq!(
        said(sms()),
        ["unchanged: sign-in codes still go by SMS to +15555550100"]
    );
    assert_eq!(
        said(Mfa {
            totp: true,
            ..Mfa::default()
        }),
        ["unchanged: sign-in codes come from the authenticator app"]
    );
    assert_eq!(
        said(Mfa {
            other: vec![Raw::from("WEB_AUTHN_MFA")],
            ..Mfa::default()
        }),
        ["unchanged: no second factor uses a changed address or number"]
    );
    assert_eq!(said(Mfa::default()), Vec::<String>::new());
    let mut required = pool(A);
    required.mfa = MfaSetting::On;
    let none = Case::new(required, jane()).new_contact(EMAIL, Vouch::Checked);
    assert_eq!(
        none.about("MFA"),
        ["this pool requires it, and no factor is set for this user"]
    );
}

#[test]
fn factors_of_a_row_are_not_known() {
    let mut row = jane();
    row.source = Source::List;
    let mut optional = pool(A);
    optional.mfa = MfaSetting::Optional;
    let case = Case::new(optional, row.clone()).new_contact(EMAIL, Vouch::Checked);
    assert_eq!(
        case.about("MFA"),
        ["second factors are not known until the user is read in full"]
    );
    assert_eq!(
        Case::new(pool(A), row).new_contact(EMAIL, Vouch::Checked).about("MFA"),
        Vec::<String>::new()
    );
}

#[test]
fn the_status_has_its_say() {
    let said = |status, contact| {
        Case::new(pool(C), with_status(jane(), status))
            .new_contact(contact, Vouch::Checked)
            .about("status")
    };
    assert_eq!(
        said(UserStatus::Unconfirmed, EMAIL),
        ["! a new address does not confirm this account; next: resend the code or confirm"]
    );
    assert_eq!(
        said(UserStatus::ForceChangePassword, EMAIL),
        ["! the invitation went to the old address"]
    );
    assert_eq!(
        said(UserStatus::ForceChangePassword, PHONE),
        ["! the invitation, if it went by SMS, went to the old number"]
    );
    assert_eq!(
        said(UserStatus::ResetRequired, EMAIL),
        ["! a password reset is open: its code, if one is out, went to the old address"]
    );
    assert_eq!(
        said(UserStatus::Compromised, EMAIL),
        ["what a change does to a user that is COMPROMISED is not documented"]
    );
    assert_eq!(said(UserStatus::Confirmed, EMAIL), Vec::<String>::new());
    let first = Case::new(
        pool(C),
        with_status(without(jane(), EMAIL), UserStatus::ForceChangePassword),
    );
    assert_eq!(
        first.new_contact(EMAIL, Vouch::Checked).about("status"),
        ["! the invitation did not go to this address"]
    );
    let other = Case::new(pool(C), with_status(jane(), UserStatus::Unconfirmed)).set("custom:tier", "gold");
    assert_eq!(other.about("status"), Vec::<String>::new());
}

#[test]
fn a_disabled_user_cannot_sign_in_whatever_changes() {
    let mut user = jane();
    user.enabled = false;
    let case = Case::new(pool(A), user).set("custom:tier", "gold");
    assert_eq!(case.about("status"), ["! disabled: cannot sign in whatever you change"]);
}
