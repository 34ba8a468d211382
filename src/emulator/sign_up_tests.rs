//! The way of somebody who signed up and waits for the code.

use serde_json::{Value, json};

use super::super::testing::{Bench, POOL, update};
use super::super::{Client, Medium, Occasion, PoolSeed, User};

const RESEND: &str = "ResendConfirmationCode";
const CONFIRM: &str = "ConfirmSignUp";

fn pool() -> PoolSeed {
    PoolSeed::new(POOL, "pool")
        .sms()
        .auto_verified(&["email"])
        .client(Client::new("app").id("app"))
}

fn jane() -> User {
    User::new("jane")
        .password("Secret-1")
        .with("email", "jane@example.com")
        .with("email_verified", "false")
        .status("UNCONFIRMED")
}

fn named(user: &str) -> Value {
    json!({"ClientId": "app", "Username": user})
}

fn with_code(code: &str) -> Value {
    json!({"ClientId": "app", "Username": "jane", "ConfirmationCode": code})
}

fn last_code(bench: &Bench) -> String {
    bench.emulator.outbox().last().unwrap().code.clone().unwrap()
}

#[test]
fn the_wrong_address_is_put_right_and_the_code_goes_to_the_right_one() {
    let bench = Bench::with(pool().user(jane()));
    bench.ok(RESEND, named("jane"));
    let lost = last_code(&bench);
    bench.pass(1000);
    bench.ok(
        "AdminUpdateUserAttributes",
        update("jane", &[("email", "right@example.com")]),
    );
    bench.pass(1000);
    let answer = bench.ok(RESEND, named("jane"));
    assert_eq!(
        answer,
        json!({"CodeDeliveryDetails": {
            "Destination": "r***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email",
        }})
    );
    let message = bench.emulator.outbox().last().unwrap().clone();
    assert_eq!(
        (message.occasion, message.destination.as_str()),
        (Occasion::SignUp, "right@example.com")
    );
    assert_eq!(bench.refused(CONFIRM, with_code(&lost)).0, "CodeMismatchException");
    bench.pass(1000);
    assert_eq!(bench.ok(CONFIRM, with_code(&last_code(&bench))), json!({}));
    let jane = bench.user("jane");
    assert_eq!((jane.status.as_str(), jane.modified), ("CONFIRMED", bench.now()));
    assert_eq!(jane.attribute("email_verified"), Some("true"));
    assert!(jane.codes.iter().all(|code| code.occasion != Occasion::SignUp));
    bench.access_token("app", "jane");
}

#[test]
fn a_code_that_is_wrong_or_old_confirms_nobody() {
    let bench = Bench::with(pool().user(jane()));
    assert_eq!(bench.refused(CONFIRM, with_code("123456")).0, "ExpiredCodeException");
    bench.ok(RESEND, named("jane"));
    let code = last_code(&bench);
    bench.pass(24 * 3_600_000 + 1);
    assert_eq!(bench.refused(CONFIRM, with_code(&code)).0, "ExpiredCodeException");
    assert_eq!(bench.user("jane").status, "UNCONFIRMED");
}

#[test]
fn whoever_is_confirmed_gets_no_code_and_is_not_confirmed_again() {
    for status in ["CONFIRMED", "RESET_REQUIRED", "FORCE_CHANGE_PASSWORD"] {
        let bench = Bench::with(pool().user(jane().status(status)));
        assert_eq!(bench.invalid(RESEND, named("jane")), "User is already confirmed.");
        assert_eq!(
            bench.refused(CONFIRM, with_code("123456")),
            (
                "NotAuthorizedException".to_owned(),
                format!("User cannot be confirmed. Current status is {status}")
            )
        );
        assert!(bench.emulator.outbox().is_empty());
    }
}

#[test]
fn the_code_goes_to_a_contact_that_the_pool_verifies_the_phone_first() {
    let both = || jane().with("phone_number", "+15555550100");
    let target = |pool: PoolSeed, user: User| {
        let bench = Bench::with(pool.user(user));
        bench.ok(RESEND, named("jane"));
        bench.emulator.outbox()[0].medium
    };
    assert_eq!(target(pool(), both()), Medium::Email);
    assert_eq!(
        target(pool().auto_verified(&["email", "phone_number"]), both()),
        Medium::Sms
    );
    assert_eq!(
        target(pool().auto_verified(&["email", "phone_number"]), jane()),
        Medium::Email
    );

    let bench = Bench::with(pool().auto_verified(&[]).user(both()));
    assert_eq!(
        bench.invalid(RESEND, named("jane")),
        "Cannot resend codes. Auto verification not turned on."
    );
    let bench = Bench::with(pool().auto_verified(&["phone_number"]).user(jane()));
    assert_eq!(
        bench.invalid(RESEND, named("jane")),
        "Cannot resend codes. The user has no email or phone_number to send them to."
    );
    let no_role = pool().auto_verified(&["phone_number"]).set(|s| s.sms_role = None);
    let bench = Bench::with(no_role.user(both()));
    assert_eq!(
        bench.refused(RESEND, named("jane")).0,
        "InvalidSmsRoleAccessPolicyException"
    );
}

#[test]
fn where_links_are_sent_there_is_no_code_to_enter() {
    let bench = Bench::with(pool().link_verification().user(jane()));
    let answer = bench.ok(RESEND, named("jane"));
    assert_eq!(answer["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL");
    let message = &bench.emulator.outbox()[0];
    assert!(message.link && message.code.is_none());
    assert_eq!(bench.refused(CONFIRM, with_code("123456")).0, "ExpiredCodeException");
}

#[test]
fn the_app_client_proves_itself_before_anybody_is_looked_for() {
    let pool = pool().client(Client::new("secretive").id("secretive").secret("s3cret"));
    let bench = Bench::with(pool.user(jane()));
    let unknown = bench.refused(RESEND, named("nobody"));
    assert_eq!(
        (unknown.0.as_str(), unknown.1.as_str()),
        ("UserNotFoundException", "Username/client id combination not found.")
    );
    let no_client = json!({"ClientId": "none", "Username": "jane"});
    assert_eq!(bench.refused(RESEND, no_client).0, "ResourceNotFoundException");
    for user in ["jane", "nobody"] {
        let no_hash = json!({"ClientId": "secretive", "Username": user});
        assert_eq!(
            bench.refused(RESEND, no_hash).0,
            "NotAuthorizedException",
            "{user} cannot be told from others"
        );
        let wrong = json!({
            "ClientId": "secretive", "Username": user, "SecretHash": "AAAA", "ConfirmationCode": "123456",
        });
        assert_eq!(bench.refused(RESEND, wrong.clone()).0, "NotAuthorizedException");
        assert_eq!(bench.refused(CONFIRM, wrong).0, "NotAuthorizedException");
    }
    assert!(bench.emulator.outbox().is_empty());
}

#[test]
fn an_alias_that_somebody_else_has_is_taken_by_force_only() {
    let owner = User::new("owner").verified_email("jane@example.com");
    let bench = Bench::with(pool().aliases(&["email"]).user(owner).user(jane()));
    bench.ok(RESEND, named("jane"));
    let code = last_code(&bench);
    assert_eq!(bench.refused(CONFIRM, with_code(&code)).0, "AliasExistsException");
    assert_eq!(bench.user("owner").attribute("email_verified"), Some("true"));
    let mut forced = with_code(&code);
    forced["ForceAliasCreation"] = json!(true);
    bench.ok(CONFIRM, forced);
    assert_eq!(bench.user("owner").attribute("email_verified"), Some("false"));
}

#[test]
fn five_codes_and_fifteen_tries_an_hour() {
    let bench = Bench::with(pool().user(jane()));
    for _ in 0..5 {
        bench.ok(RESEND, named("jane"));
    }
    assert_eq!(bench.refused(RESEND, named("jane")).0, "LimitExceededException");
    let right = last_code(&bench);
    let wrong = format!("{:06}", (right.parse::<u32>().unwrap() + 1) % 1_000_000);
    for _ in 0..15 {
        assert_eq!(bench.refused(CONFIRM, with_code(&wrong)).0, "CodeMismatchException");
    }
    assert_eq!(bench.refused(CONFIRM, with_code(&right)).0, "LimitExceededException");
    bench.pass(3_600_000);
    bench.ok(CONFIRM, with_code(&right));
}
