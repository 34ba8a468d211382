//! Confirming a sign-up and resetting a password for somebody else.

use serde_json::{Value, json};

use super::super::testing::{Bench, POOL};
use super::super::{Client, Medium, Occasion, PoolSeed, User};

const CONFIRM: &str = "AdminConfirmSignUp";
const RESET: &str = "AdminResetUserPassword";

/// UserStatusType.
const STATUSES: [&str; 8] = [
    "UNCONFIRMED",
    "CONFIRMED",
    "ARCHIVED",
    "COMPROMISED",
    "UNKNOWN",
    "RESET_REQUIRED",
    "FORCE_CHANGE_PASSWORD",
    "EXTERNAL_PROVIDER",
];

fn pool() -> PoolSeed {
    PoolSeed::new(POOL, "pool").sms().client(Client::new("app").id("app"))
}

fn jane() -> User {
    User::new("jane")
        .password("Secret-1")
        .verified_email("jane@example.com")
        .verified_phone("+15555550100")
}

fn named(user: &str) -> Value {
    json!({"UserPoolId": POOL, "Username": user})
}

#[test]
fn confirming_lets_in_and_verifies_nothing() {
    let user = User::new("jane")
        .password("Secret-1")
        .with("email", "jane@example.com")
        .with("email_verified", "false")
        .status("UNCONFIRMED");
    let bench = Bench::with(pool().user(user));
    let before = bench.user("jane");
    bench.pass(1000);
    assert_eq!(bench.ok(CONFIRM, named("jane")), json!({}));
    let after = bench.user("jane");
    assert_eq!(
        (after.status.as_str(), after.modified, &after.attributes),
        ("CONFIRMED", bench.now(), &before.attributes)
    );
    assert!(bench.emulator.outbox().is_empty());
    bench.access_token("app", "jane");
}

#[test]
fn only_who_signed_up_is_confirmed() {
    for status in STATUSES.into_iter().filter(|&status| status != "UNCONFIRMED") {
        let bench = Bench::with(pool().user(jane().status(status)));
        let before = bench.user("jane");
        assert_eq!(
            bench.refused(CONFIRM, named("jane")),
            (
                "NotAuthorizedException".to_owned(),
                format!("User cannot be confirmed. Current status is {status}")
            )
        );
        assert_eq!(bench.user("jane"), before);
    }
    let bench = Bench::with(pool());
    assert_eq!(bench.refused(CONFIRM, named("none")).0, "UserNotFoundException");
    assert_eq!(bench.refused(RESET, named("none")).0, "UserNotFoundException");
}

#[test]
fn a_reset_sends_a_code_and_asks_for_a_new_password() {
    let bench = Bench::with(pool().user(jane()));
    let token = bench.access_token("app", "jane");
    bench.pass(1000);
    assert_eq!(bench.ok(RESET, named("jane")), json!({}));
    let after = bench.user("jane");
    assert_eq!((after.status.as_str(), after.modified), ("RESET_REQUIRED", bench.now()));
    let outbox = bench.emulator.outbox();
    assert_eq!(outbox.len(), 1);
    assert_eq!(
        (outbox[0].occasion, outbox[0].medium, outbox[0].destination.as_str()),
        (Occasion::PasswordReset, Medium::Email, "jane@example.com")
    );
    assert_eq!(
        outbox[0].text(),
        format!("Your password reset code is {}.", outbox[0].code.as_ref().unwrap())
    );
    assert_eq!(
        bench.refused("GetUser", json!({"AccessToken": token})).0,
        "PasswordResetRequiredException"
    );
    let sign_in = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "app",
        "AuthParameters": {"USERNAME": "jane", "PASSWORD": "Secret-1"},
    });
    assert_eq!(
        bench.refused("InitiateAuth", sign_in).0,
        "PasswordResetRequiredException"
    );
}

#[test]
fn the_code_goes_where_the_recovery_setting_says() {
    let both = ["verified_email", "verified_phone_number"];
    let phone_first = ["verified_phone_number", "verified_email"];
    let only_mail = || {
        User::new("jane")
            .verified_email("jane@example.com")
            .with("phone_number", "+15555550100")
    };
    for (order, user, medium) in [
        (both.as_slice(), jane(), Medium::Email),
        (&phone_first, jane(), Medium::Sms),
        (&phone_first, only_mail(), Medium::Email),
        (&["verified_phone_number"], jane(), Medium::Sms),
        (&[], jane(), Medium::Sms),
        (&[], only_mail(), Medium::Email),
    ] {
        let order: Vec<String> = order.iter().map(|&name| name.to_owned()).collect();
        let bench = Bench::with(pool().set(|settings| settings.recovery = order.clone()).user(user));
        bench.ok(RESET, named("jane"));
        assert_eq!(bench.emulator.outbox()[0].medium, medium, "{order:?}");
    }
}

#[test]
fn who_has_no_verified_contact_for_it_is_not_reset() {
    let unverified = User::new("jane").with("email", "jane@example.com");
    for (order, user) in [
        (["verified_email"], unverified),
        (["verified_email"], User::new("jane").verified_phone("+15555550100")),
        (["verified_email"], User::new("jane").with("email_verified", "true")),
        (["admin_only"], jane()),
    ] {
        let order: Vec<String> = order.iter().map(|&name| name.to_owned()).collect();
        let bench = Bench::with(pool().set(|settings| settings.recovery = order).user(user));
        let before = bench.user("jane");
        assert_eq!(
            bench.invalid(RESET, named("jane")),
            "Cannot reset password for the user as there is no registered/verified email or phone_number"
        );
        assert_eq!(bench.user("jane"), before);
        assert!(bench.emulator.outbox().is_empty());
    }
    // A contact, and no way to reach it.
    let recovery = vec!["verified_phone_number".to_owned()];
    let bench = Bench::with(
        pool()
            .set(|settings| {
                settings.recovery = recovery;
                settings.sms_role = None;
            })
            .user(jane()),
    );
    assert_eq!(
        bench.refused(RESET, named("jane")).0,
        "InvalidSmsRoleAccessPolicyException"
    );
    assert_eq!(bench.user("jane").status, "CONFIRMED");
}

#[test]
fn a_reset_needs_an_enabled_user_with_a_password_of_its_own() {
    let words = |user: User| {
        let bench = Bench::with(pool().user(user));
        bench.call(RESET, named("jane")).map_err(|(code, words)| {
            assert_eq!(code, "NotAuthorizedException");
            assert!(bench.emulator.outbox().is_empty());
            words
        })
    };
    for status in STATUSES {
        let expected = match status {
            "CONFIRMED" | "RESET_REQUIRED" => Ok(json!({})),
            _ => Err("User password cannot be reset in the current state.".to_owned()),
        };
        assert_eq!(words(jane().status(status)), expected, "{status}");
        assert_eq!(
            words(jane().status(status).disabled()),
            Err("User is disabled.".to_owned()),
            "{status}"
        );
    }
}

#[test]
fn five_resets_an_hour() {
    let bench = Bench::with(pool().user(jane()));
    for _ in 0..5 {
        bench.ok(RESET, named("jane"));
        bench.pass(60_000);
    }
    assert_eq!(bench.refused(RESET, named("jane")).0, "LimitExceededException");
    assert_eq!(bench.emulator.outbox().len(), 5);
    bench.pass(55 * 60_000);
    bench.ok(RESET, named("jane"));
    assert_eq!(bench.refused(RESET, named("jane")).0, "LimitExceededException");
}
