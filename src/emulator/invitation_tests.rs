//! Invitations and their temporary passwords.

use serde_json::{Value, json};

use super::super::testing::{Bench, POOL};
use super::super::{Client, Occasion, PoolSeed, User};

fn pool() -> PoolSeed {
    PoolSeed::new(POOL, "pool").sms().client(Client::new("app").id("app"))
}

fn create(user: &str, more: Value) -> Value {
    let mut body = json!({
        "UserPoolId": POOL, "Username": user, "DesiredDeliveryMediums": ["EMAIL"],
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn with_mail() -> Value {
    json!({"UserAttributes": [{"Name": "email", "Value": "jane@example.com"}]})
}

/// The password of the last invitation.
fn told(bench: &Bench) -> String {
    let message = bench.emulator.outbox().last().unwrap().clone();
    assert_eq!(message.occasion, Occasion::Invitation);
    message.invitation.unwrap().temporary_password
}

/// The challenge a password meets at the door, or the refusal.
fn try_password(bench: &Bench, user: &str, password: &str) -> Result<String, String> {
    let ask = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "app",
        "AuthParameters": {"USERNAME": user, "PASSWORD": password},
    });
    bench
        .call("InitiateAuth", ask)
        .map(|answer| answer["ChallengeName"].as_str().unwrap_or("none").to_owned())
        .map_err(|(code, _)| code)
}

#[test]
fn the_invitation_tells_name_and_password_and_the_password_works_once() {
    let bench = Bench::with(pool());
    bench.ok("AdminCreateUser", create("jane", with_mail()));
    let password = told(&bench);
    assert_eq!(
        bench.emulator.outbox()[0].text(),
        format!("Your username is jane and temporary password is {password}.")
    );
    assert_eq!(
        try_password(&bench, "jane", &password),
        Ok("NEW_PASSWORD_REQUIRED".into())
    );
    assert_eq!(
        try_password(&bench, "jane", "Another-1"),
        Err("NotAuthorizedException".into())
    );
}

#[test]
fn a_password_that_was_given_is_the_one_that_is_told() {
    let bench = Bench::with(pool());
    let mut more = with_mail();
    more["TemporaryPassword"] = json!("Given-123");
    bench.ok("AdminCreateUser", create("jane", more));
    assert_eq!(told(&bench), "Given-123");
}

#[test]
fn without_a_message_the_password_is_set_all_the_same() {
    let bench = Bench::with(pool());
    let more = json!({"TemporaryPassword": "Given-123", "MessageAction": "SUPPRESS"});
    bench.ok("AdminCreateUser", create("jane", more));
    assert!(bench.emulator.outbox().is_empty());
    assert_eq!(
        try_password(&bench, "jane", "Given-123"),
        Ok("NEW_PASSWORD_REQUIRED".into())
    );
}

#[test]
fn resend_makes_a_new_password_with_a_new_week() {
    let day = 24 * 3_600_000;
    let bench = Bench::with(pool());
    bench.ok("AdminCreateUser", create("jane", with_mail()));
    let first = told(&bench);
    bench.pass(6 * day);
    bench.ok("AdminCreateUser", create("jane", json!({"MessageAction": "RESEND"})));
    let second = told(&bench);
    assert_ne!(first, second);
    bench.pass(6 * day);
    assert_eq!(
        try_password(&bench, "jane", &first),
        Err("NotAuthorizedException".into())
    );
    assert_eq!(
        try_password(&bench, "jane", &second),
        Ok("NEW_PASSWORD_REQUIRED".into())
    );
    bench.pass(2 * day);
    assert_eq!(
        try_password(&bench, "jane", &second),
        Err("NotAuthorizedException".into())
    );

    let mut weak = json!({"MessageAction": "RESEND"});
    weak["TemporaryPassword"] = json!("weak");
    assert_eq!(
        bench.refused("AdminCreateUser", create("jane", weak)).0,
        "InvalidPasswordException"
    );
}

#[test]
fn resend_is_for_whoever_has_not_signed_in_yet() {
    for status in ["CONFIRMED", "UNCONFIRMED", "RESET_REQUIRED", "EXTERNAL_PROVIDER"] {
        let user = User::new("jane").verified_email("jane@example.com").status(status);
        let bench = Bench::with(pool().user(user));
        let before = bench.user("jane");
        assert_eq!(
            bench
                .refused("AdminCreateUser", create("jane", json!({"MessageAction": "RESEND"})))
                .0,
            "UnsupportedUserStateException",
            "{status}"
        );
        assert_eq!(bench.user("jane"), before);
        assert!(bench.emulator.outbox().is_empty());
    }
}

#[test]
fn where_people_sign_in_by_email_the_invitation_names_the_address() {
    let bench = Bench::with(pool().sign_in_by(&["email"]));
    bench.ok("AdminCreateUser", create("jane@example.com", json!({})));
    let message = bench.emulator.outbox()[0].clone();
    let invitation = message.invitation.unwrap();
    assert_eq!(invitation.username, "jane@example.com");
    assert_ne!(message.user, "jane@example.com", "the Username is the sub");
}
