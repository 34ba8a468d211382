//! Codes for one's own e-mail address and phone number: sent, sent again, entered, too old, too often.

use serde_json::{Value, json};

use super::super::testing::{Bench, POOL, update};
use super::super::{Client, Fault, PoolSeed, User};

const SEND: &str = "GetUserAttributeVerificationCode";
const VERIFY: &str = "VerifyUserAttribute";
const HOUR: i64 = 3_600_000;

struct Flow {
    bench: Bench,
    token: String,
}

impl Flow {
    fn new(pool: PoolSeed, jane: User) -> Self {
        // A token that outlives every code, so that only the code's age is looked at.
        let client = Client::new("app").id("app").access_tokens_for(30, "days");
        let bench = Bench::with(pool.client(client).user(jane));
        let token = bench.access_token("app", "jane");
        bench.pass(1000);
        Self { bench, token }
    }

    fn change(&self, name: &str, value: &str) {
        let body = json!({"AccessToken": self.token, "UserAttributes": [{"Name": name, "Value": value}]});
        self.bench.ok("UpdateUserAttributes", body);
    }

    fn ask(&self, attribute: &str) -> Value {
        self.bench.pass(1000);
        json!({"AccessToken": self.token, "AttributeName": attribute})
    }

    fn send(&self, attribute: &str) -> Value {
        self.bench.ok(SEND, self.ask(attribute))
    }

    fn enter(&self, attribute: &str, code: &str) -> Result<Value, String> {
        let body = json!({"AccessToken": self.token, "AttributeName": attribute, "Code": code});
        self.bench.call(VERIFY, body).map_err(|(code, _)| code)
    }

    /// The code of the last message.
    fn code(&self) -> String {
        self.bench.emulator.outbox().last().unwrap().code.clone().unwrap()
    }

    /// A code that was never sent.
    fn wrong(&self) -> String {
        let right: u32 = self.code().parse().unwrap();
        format!("{:06}", (right + 1) % 1_000_000)
    }

    fn contact(&self, name: &str) -> (Option<String>, Option<String>, bool) {
        let jane = self.bench.user("jane");
        (
            jane.attribute(name).map(str::to_owned),
            jane.attribute(&format!("{name}_verified")).map(str::to_owned),
            jane.pending.contains_key(name),
        )
    }
}

fn plain() -> PoolSeed {
    PoolSeed::new(POOL, "pool").sms()
}

fn jane() -> User {
    User::new("jane")
        .password("Secret-1")
        .verified_email("jane@example.com")
        .with("phone_number", "+15555550100")
        .with("phone_number_verified", "false")
}

fn is(value: &str, verified: &str, waits: bool) -> (Option<String>, Option<String>, bool) {
    (Some(value.to_owned()), Some(verified.to_owned()), waits)
}

#[test]
fn the_code_puts_a_waiting_value_in_force() {
    for (name, old, new) in [
        ("email", "jane@example.com", "new@example.com"),
        ("phone_number", "+15555550100", "+15555550199"),
    ] {
        let flow = Flow::new(plain().verified_before_update(&[name]), jane());
        let before = flow.contact(name);
        flow.change(name, new);
        assert_eq!(flow.contact(name), (Some(old.to_owned()), before.1, true));
        let code = flow.code();
        assert_eq!(flow.enter(name, &flow.wrong()), Err("CodeMismatchException".into()));
        assert!(flow.contact(name).2, "a wrong code uses nothing up");
        flow.bench.pass(1000);
        assert_eq!(flow.enter(name, &code), Ok(json!({})));
        assert_eq!(flow.contact(name), is(new, "true", false));
        assert_eq!(flow.bench.user("jane").modified, flow.bench.now());
        assert_eq!(
            flow.enter(name, &code),
            Err("ExpiredCodeException".into()),
            "works once"
        );
    }
}

#[test]
fn the_code_verifies_a_value_that_is_already_in_force() {
    let flow = Flow::new(plain().auto_verified(&["email"]), jane());
    flow.change("email", "new@example.com");
    assert_eq!(flow.contact("email"), is("new@example.com", "false", false));
    let code = flow.code();
    assert_eq!(flow.enter("email", &code), Ok(json!({})));
    assert_eq!(flow.contact("email"), is("new@example.com", "true", false));
    assert_eq!(flow.enter("email", &code), Err("ExpiredCodeException".into()));
}

#[test]
fn the_words_of_a_wrong_code_and_of_none() {
    let flow = Flow::new(plain().auto_verified(&["email"]), jane());
    let enter = |code: &str| {
        let body = json!({"AccessToken": flow.token, "AttributeName": "email", "Code": code});
        flow.bench.refused(VERIFY, body)
    };
    let none = enter("123456");
    assert_eq!(
        (none.0.as_str(), none.1.as_str()),
        (
            "ExpiredCodeException",
            "Invalid code provided, please request a code again."
        )
    );
    flow.send("email");
    let wrong = enter(&flow.wrong());
    assert_eq!(
        (wrong.0.as_str(), wrong.1.as_str()),
        (
            "CodeMismatchException",
            "Invalid verification code provided, please try again."
        )
    );
}

#[test]
fn a_code_is_good_for_a_day() {
    for pool in [
        plain().auto_verified(&["email"]),
        plain().verified_before_update(&["email"]),
    ] {
        let flow = Flow::new(pool.clone(), jane());
        flow.change("email", "new@example.com");
        flow.bench.pass(24 * HOUR);
        assert_eq!(flow.enter("email", &flow.code()), Ok(json!({})));

        let flow = Flow::new(pool, jane());
        flow.change("email", "new@example.com");
        let before = flow.contact("email");
        flow.bench.pass(24 * HOUR + 1);
        assert_eq!(flow.enter("email", &flow.code()), Err("ExpiredCodeException".into()));
        assert_eq!(flow.contact("email"), before);
        flow.send("email");
        assert_eq!(flow.enter("email", &flow.code()), Ok(json!({})));
    }
}

#[test]
fn a_code_is_sent_again_to_the_value_it_is_for() {
    // The one that waits, else the one in force; in a pool that verifies nothing by itself too.
    for (pool, waits) in [
        (plain(), false),
        (plain().auto_verified(&["email"]), false),
        (plain().verified_before_update(&["email"]), true),
    ] {
        let flow = Flow::new(pool, jane());
        flow.change("email", "new@example.com");
        let first = flow.bench.emulator.outbox().last().and_then(|sent| sent.code.clone());
        let answer = flow.send("email");
        assert_eq!(
            answer,
            json!({"CodeDeliveryDetails": {
                "Destination": "n***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email",
            }})
        );
        let message = flow.bench.emulator.outbox().last().unwrap().clone();
        assert_eq!(message.destination, "new@example.com");
        assert_eq!(flow.contact("email").2, waits);
        if let Some(first) = first {
            assert_ne!(first, flow.code());
            assert_eq!(flow.enter("email", &first), Err("CodeMismatchException".into()));
        }
        assert_eq!(flow.enter("email", &flow.code()), Ok(json!({})));
        assert_eq!(flow.contact("email"), is("new@example.com", "true", false));
    }
    let flow = Flow::new(plain(), jane());
    let answer = flow.send("phone_number");
    assert_eq!(answer["CodeDeliveryDetails"]["DeliveryMedium"], "SMS");
    assert_eq!(answer["CodeDeliveryDetails"]["Destination"], "+*******0100");
    assert_eq!(flow.enter("email", &flow.code()), Err("ExpiredCodeException".into()));
    assert_eq!(flow.enter("phone_number", &flow.code()), Ok(json!({})));
}

#[test]
fn what_has_no_value_or_cannot_be_verified_gets_no_code() {
    let flow = Flow::new(plain(), User::new("jane").password("Secret-1").with("name", "Jane"));
    assert_eq!(
        flow.bench.invalid(SEND, flow.ask("email")),
        "User does not have a value for attribute email"
    );
    let words = "invalid attribute name. Only phone_number and email can be verified";
    assert_eq!(flow.bench.invalid(SEND, flow.ask("name")), words);
    let body = json!({"AccessToken": flow.token, "AttributeName": "name", "Code": "1"});
    assert_eq!(flow.bench.invalid(VERIFY, body), words);
    assert!(flow.bench.emulator.outbox().is_empty());

    let flow = Flow::new(plain().set(|settings| settings.sms_role = None), jane());
    assert_eq!(
        flow.bench.refused(SEND, flow.ask("phone_number")).0,
        "InvalidSmsRoleAccessPolicyException"
    );
    assert!(flow.bench.user("jane").codes.is_empty());
}

#[test]
fn a_code_for_an_address_that_was_changed_since_is_worthless() {
    let flow = Flow::new(plain().auto_verified(&["email"]), jane());
    flow.change("email", "new@example.com");
    let code = flow.code();
    let by_admin = update("jane", &[("email", "other@example.com"), ("email_verified", "true")]);
    flow.bench.ok("AdminUpdateUserAttributes", by_admin);
    assert_eq!(flow.enter("email", &code), Err("ExpiredCodeException".into()));

    let flow = Flow::new(plain().verified_before_update(&["email"]), jane());
    flow.change("email", "new@example.com");
    let code = flow.code();
    flow.bench.pass(1000);
    flow.change("email", "newer@example.com");
    assert_eq!(flow.enter("email", &code), Err("CodeMismatchException".into()));
    assert_eq!(flow.enter("email", &flow.code()), Ok(json!({})));
    assert_eq!(flow.contact("email"), is("newer@example.com", "true", false));
}

#[test]
fn an_address_that_somebody_else_verified_meanwhile_is_not_taken() {
    for pool in [
        plain().auto_verified(&["email"]).aliases(&["email"]),
        plain().verified_before_update(&["email"]).aliases(&["email"]),
        plain().verified_before_update(&["email"]).sign_in_by(&["email"]),
    ] {
        let flow = Flow::new(pool, jane());
        flow.change("email", "new@example.com");
        let before = flow.contact("email");
        let rival = User::new("rival").verified_email("new@example.com");
        assert!(flow.bench.emulator.add_user(POOL, rival));
        assert_eq!(flow.enter("email", &flow.code()), Err("AliasExistsException".into()));
        assert_eq!(flow.contact("email"), before);
        assert_eq!(flow.bench.value("rival", "email_verified").as_deref(), Some("true"));
    }
}

#[test]
fn five_codes_and_fifteen_tries_an_hour() {
    let flow = Flow::new(plain(), jane());
    for _ in 0..5 {
        flow.send("email");
    }
    let refused = flow.bench.refused(SEND, flow.ask("phone_number"));
    assert_eq!(
        (refused.0.as_str(), refused.1.as_str()),
        (
            "LimitExceededException",
            "Attempt limit exceeded, please try after some time."
        )
    );
    assert_eq!(flow.bench.emulator.outbox().len(), 5);
    for _ in 0..15 {
        assert_eq!(flow.enter("email", &flow.wrong()), Err("CodeMismatchException".into()));
    }
    let code = flow.code();
    assert_eq!(flow.enter("email", &code), Err("LimitExceededException".into()));
    flow.bench.pass(HOUR);
    assert_eq!(flow.enter("email", &code), Ok(json!({})));
    flow.send("email");
}

#[test]
fn what_is_refused_for_another_reason_is_not_counted() {
    let flow = Flow::new(plain(), User::new("jane").password("Secret-1"));
    for _ in 0..7 {
        flow.bench.invalid(SEND, flow.ask("email"));
    }
    flow.bench.emulator.change_user(POOL, "jane", |jane| {
        jane.attributes.insert("email".into(), "jane@example.com".into());
    });
    flow.send("email");
}

#[test]
fn failed_deliveries_and_other_refusals_on_demand() {
    let flow = Flow::new(plain().auto_verified(&["email"]), jane());
    let update = json!({
        "AccessToken": flow.token, "UserAttributes": [{"Name": "email", "Value": "new@example.com"}],
    });
    let before = flow.bench.user("jane");
    for (code, words) in [
        ("CodeDeliveryFailureException", "The message could not be delivered."),
        ("ForbiddenException", "Request not allowed due to WAF block."),
        (
            "LimitExceededException",
            "Attempt limit exceeded, please try after some time.",
        ),
    ] {
        for (operation, body) in [
            ("UpdateUserAttributes", update.clone()),
            (SEND, flow.ask("email")),
            ("ResendConfirmationCode", json!({"ClientId": "app", "Username": "jane"})),
            (
                "AdminResetUserPassword",
                json!({"UserPoolId": POOL, "Username": "jane"}),
            ),
        ] {
            flow.bench.emulator.inject(Fault::error(code, words).on(operation));
            assert_eq!(
                flow.bench.refused(operation, body),
                (code.to_owned(), words.to_owned()),
                "{operation}"
            );
        }
    }
    assert_eq!(flow.bench.user("jane"), before);
    // The same after the change was made: the code is out, the answer is not.
    let fault = Fault::error("CodeDeliveryFailureException", "late").on("UpdateUserAttributes");
    flow.bench.emulator.inject(fault.after_applying());
    assert_eq!(
        flow.bench.refused("UpdateUserAttributes", update).0,
        "CodeDeliveryFailureException"
    );
    assert_eq!(flow.contact("email"), is("new@example.com", "false", false));
}
