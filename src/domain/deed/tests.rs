use jiff::Timestamp;

use super::*;
use crate::domain::attribute::Attributes;
use crate::domain::user::{Mfa, Source, Username};

const ACCOUNTS: [Account; 5] = [
    Account::ConfirmSignUp,
    Account::ResendInvitation,
    Account::ResetPassword,
    Account::Enable,
    Account::Disable,
];

fn user(status: UserStatus, enabled: bool) -> User {
    User {
        username: Username::new("jane"),
        attributes: Attributes::new(),
        status,
        enabled,
        created: None,
        changed: None,
        source: Source::Get { mfa: Mfa::default() },
        read_at: Timestamp::UNIX_EPOCH,
    }
}

fn every_deed() -> Vec<Deed> {
    let mut all: Vec<Deed> = ACCOUNTS.into_iter().map(Deed::Account).collect();
    all.push(Deed::ResendCode);
    for contact in Contact::ALL {
        all.extend([Deed::SendCode(contact), Deed::VerifyCode(contact)]);
    }
    all
}

#[test]
fn a_step_is_done_when_its_status_reads_so() {
    use UserStatus::{Confirmed, ForceChangePassword, ResetRequired, Unconfirmed};
    let statuses = [Unconfirmed, Confirmed, ForceChangePassword, ResetRequired];
    for (account, done) in [
        (Account::ConfirmSignUp, Confirmed),
        (Account::ResendInvitation, ForceChangePassword),
        (Account::ResetPassword, ResetRequired),
    ] {
        for status in statuses.clone() {
            for enabled in [true, false] {
                let missing = account.missing(&user(status.clone(), enabled));
                assert_eq!(missing.is_none(), status == done, "{account:?} of {status:?}");
            }
        }
    }
    for status in statuses {
        assert_eq!(Account::Enable.missing(&user(status.clone(), true)), None);
        assert_eq!(Account::Disable.missing(&user(status.clone(), false)), None);
        assert!(Account::Enable.missing(&user(status.clone(), false)).is_some());
        assert!(Account::Disable.missing(&user(status, true)).is_some());
    }
}

#[test]
fn what_is_missing_is_told_with_what_is_there() {
    let told = |drift: Option<Drift>| {
        let drift = drift.expect("something is missing");
        let text = |value: Option<AttributeValue>| value.map(|value| value.as_str().to_owned()).unwrap_or_default();
        (drift.name.as_str().to_owned(), text(drift.expected), text(drift.now))
    };
    let (name, expected, now) = told(Account::ConfirmSignUp.missing(&user(UserStatus::Unconfirmed, true)));
    assert_eq!(
        (name.as_str(), expected.as_str(), now.as_str()),
        ("status", "CONFIRMED", "UNCONFIRMED")
    );
    let (name, expected, now) = told(Account::Disable.missing(&user(UserStatus::Confirmed, true)));
    assert_eq!(
        (name.as_str(), expected.as_str(), now.as_str()),
        ("enabled", "false", "true")
    );
}

#[test]
fn every_step_has_its_call_its_words_and_its_route() {
    let mut words = Vec::new();
    for deed in every_deed() {
        assert!(!words.contains(&deed.words()), "{deed:?}");
        words.push(deed.words());
        let own = matches!(deed, Deed::SendCode(_) | Deed::VerifyCode(_));
        assert_eq!(deed.route() == Route::Own, own, "{deed:?}");
        assert_eq!(deed.contact().is_some(), own, "{deed:?}");
        assert_eq!(deed.iam().is_empty(), own, "{deed:?}: a token's calls are not in IAM");
    }
    let calls: Vec<&str> = every_deed().into_iter().map(Deed::operation).collect();
    assert_eq!(
        calls,
        [
            "AdminConfirmSignUp",
            "AdminCreateUser",
            "AdminResetUserPassword",
            "AdminEnableUser",
            "AdminDisableUser",
            "ResendConfirmationCode",
            "GetUserAttributeVerificationCode",
            "VerifyUserAttribute",
            "GetUserAttributeVerificationCode",
            "VerifyUserAttribute",
        ]
    );
}

#[test]
fn the_permission_of_a_step_is_its_own_call() {
    for account in ACCOUNTS {
        let action = format!("cognito-idp:{}", account.operation());
        assert_eq!(Deed::Account(account).iam(), [action.as_str()]);
    }
    assert!(
        !Deed::ResendCode.iam().contains(&"cognito-idp:ResendConfirmationCode"),
        "no policy can allow that one"
    );
}

#[test]
fn the_menu_has_every_step_of_an_administrator_once() {
    let admins: Vec<Deed> = every_deed()
        .into_iter()
        .filter(|deed| deed.route() == Route::Admin)
        .collect();
    assert_eq!(Deed::ON_ACCOUNT.len(), admins.len());
    for deed in admins {
        assert_eq!(
            Deed::ON_ACCOUNT.iter().filter(|listed| **listed == deed).count(),
            1,
            "{deed:?}"
        );
    }
}

#[test]
fn whoever_may_lose_the_way_in_is_typed_by_name() {
    let asks: Vec<Deed> = every_deed()
        .into_iter()
        .filter(|deed| deed.asks_for_username())
        .collect();
    assert_eq!(
        asks,
        [Deed::Account(Account::ResetPassword), Deed::Account(Account::Disable)]
    );
}

#[test]
fn an_invitation_goes_to_the_address_before_the_number() {
    let with = |names: &[&str]| {
        let mut user = user(UserStatus::ForceChangePassword, true);
        for name in names {
            user.attributes
                .insert(AttributeName::new(*name), AttributeValue::new("x"));
        }
        invitation_contact(&user)
    };
    assert_eq!(with(&["email", "phone_number"]), Some(Contact::Email));
    assert_eq!(with(&["phone_number"]), Some(Contact::PhoneNumber));
    assert_eq!(with(&[]), None);
}
