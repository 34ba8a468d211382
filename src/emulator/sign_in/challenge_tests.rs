//! Challenges over the wire.

use serde_json::{Value, json};

use super::super::super::testing::{Bench, POOL};
use super::super::super::{Attribute, Client, Kind, Medium, Occasion, PoolSeed, User};

const PASSWORD: &str = "Secret-123";

fn seed() -> PoolSeed {
    PoolSeed::new(POOL, "pool")
        .sms()
        .client(Client::new("web"))
        .client(Client::new("other"))
        .attribute(Attribute::custom("tier", Kind::TEXT))
}

fn reachable(name: &str) -> User {
    User::new(name)
        .password(PASSWORD)
        .verified_email(&format!("{name}@example.com"))
        .verified_phone("+15555550100")
}

fn mfa(setting: &str) -> PoolSeed {
    seed().set(|settings| settings.mfa = setting.to_owned())
}

fn id(bench: &Bench, client: &str) -> String {
    bench.emulator.client(POOL, client).unwrap().id
}

fn sign_in(bench: &Bench, user: &str) -> Value {
    let client = id(bench, "web");
    bench.ok(
        "InitiateAuth",
        json!({"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": user, "PASSWORD": PASSWORD}}),
    )
}

/// The request that answers a challenge of `jane`'s with these responses.
fn answer(bench: &Bench, challenge: &Value, responses: Value) -> Value {
    let mut body = json!({"ClientId": id(bench, "web"), "ChallengeName": challenge["ChallengeName"],
        "Session": challenge["Session"], "ChallengeResponses": {"USERNAME": "jane"}});
    for (name, value) in responses.as_object().unwrap() {
        body["ChallengeResponses"][name] = value.clone();
    }
    body
}

/// The code of the last message.
fn code(bench: &Bench) -> String {
    bench.emulator.outbox().pop().unwrap().code.unwrap()
}

fn wrong_code(bench: &Bench) -> &'static str {
    if code(bench) == "000000" { "111111" } else { "000000" }
}

fn json_of(text: &Value) -> Value {
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}

fn invited() -> Bench {
    let jane = reachable("jane").status("FORCE_CHANGE_PASSWORD").with("name", "Jane");
    Bench::with(seed().required("name").required("birthdate").user(jane))
}

#[test]
fn a_temporary_password_asks_for_a_new_one_and_for_what_is_missing() {
    let bench = invited();
    let asked = sign_in(&bench, "jane");
    assert_eq!(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    let parameters = &asked["ChallengeParameters"];
    assert_eq!(parameters["USER_ID_FOR_SRP"], "jane");
    assert_eq!(
        json_of(&parameters["requiredAttributes"]),
        json!(["userAttributes.birthdate"])
    );
    let known = json_of(&parameters["userAttributes"]);
    assert_eq!(
        (&known["name"], &known["email_verified"]),
        (&json!("Jane"), &json!("true"))
    );
    assert!(known.get("sub").is_none());
    let right = json!({"NEW_PASSWORD": "Other-456", "userAttributes.birthdate": "1990-01-02",
        "userAttributes.custom:tier": "gold"});
    let done = bench.ok("RespondToAuthChallenge", answer(&bench, &asked, right));
    let own = bench.ok(
        "GetUser",
        json!({"AccessToken": done["AuthenticationResult"]["AccessToken"]}),
    );
    assert_eq!(own["Username"], "jane");
    let jane = bench.user("jane");
    assert_eq!((jane.status.as_str(), jane.modified), ("CONFIRMED", bench.now()));
    assert_eq!(jane.attribute("birthdate"), Some("1990-01-02"));
    assert_eq!(jane.attribute("custom:tier"), Some("gold"));
    let client = id(&bench, "web");
    let by = |password: &str| {
        bench.call(
            "InitiateAuth",
            json!({"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH",
                "AuthParameters": {"USERNAME": "jane", "PASSWORD": password}}),
        )
    };
    by("Other-456").unwrap();
    by(PASSWORD).unwrap_err();
}

#[test]
fn a_new_password_that_is_refused_changes_nothing_and_can_be_tried_again() {
    let bench = invited();
    let asked = sign_in(&bench, "jane");
    for (responses, code, words) in [
        (
            json!({}),
            "InvalidParameterException",
            "Missing required parameter NEW_PASSWORD",
        ),
        (
            json!({"NEW_PASSWORD": "short", "userAttributes.birthdate": "1990-01-02"}),
            "InvalidPasswordException",
            "Password did not conform with policy: Password not long enough",
        ),
        (
            json!({"NEW_PASSWORD": "Other-456"}),
            "InvalidParameterException",
            "Invalid attributes given, birthdate is missing",
        ),
        (
            json!({"NEW_PASSWORD": "Other-456", "userAttributes.birthdate": "1990-01-02", "userAttributes.name": "J"}),
            "NotAuthorizedException",
            "Cannot modify an already provided name",
        ),
        (
            json!({"NEW_PASSWORD": "Other-456", "userAttributes.birthdate": "1990-01-02",
                "userAttributes.email_verified": "true"}),
            "InvalidParameterException",
            "Cannot modify the non-mutable attribute email_verified",
        ),
    ] {
        let refused = bench.refused("RespondToAuthChallenge", answer(&bench, &asked, responses));
        assert_eq!(refused, (code.to_owned(), words.to_owned()));
        assert_eq!(bench.user("jane").status, "FORCE_CHANGE_PASSWORD");
    }
    let right = json!({"NEW_PASSWORD": "Other-456", "userAttributes.birthdate": "1990-01-02"});
    bench.ok("RespondToAuthChallenge", answer(&bench, &asked, right));
}

#[test]
fn a_session_is_for_one_user_one_client_three_minutes_and_once() {
    let bench = Bench::with(
        mfa("OPTIONAL")
            .user(reachable("jane").mfa(&["SMS_MFA"]))
            .user(reachable("bob")),
    );
    let asked = sign_in(&bench, "jane");
    let code = code(&bench);
    let right = answer(&bench, &asked, json!({"SMS_MFA_CODE": code}));
    let refusal = |body: &Value| {
        let (code, words) = bench.refused("RespondToAuthChallenge", body.clone());
        assert_eq!(code, "NotAuthorizedException");
        words
    };
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = right.clone();
        change(&mut body);
        body
    };
    for body in [
        with(&|body| body["ChallengeResponses"]["USERNAME"] = json!("bob")),
        with(&|body| body["ClientId"] = json!(id(&bench, "other"))),
        with(&|body| body["Session"] = json!("0".repeat(64))),
        with(&|body| body["ChallengeName"] = json!("NEW_PASSWORD_REQUIRED")),
    ] {
        assert_eq!(refusal(&body), "Invalid session for the user.");
    }
    let mut body = right.clone();
    body.as_object_mut().unwrap().remove("Session");
    assert_eq!(
        bench.invalid("RespondToAuthChallenge", body),
        "Missing required parameter Session"
    );
    bench.pass(3 * 60 * 1000 - 1);
    bench.ok("RespondToAuthChallenge", right.clone());
    assert_eq!(
        refusal(&right),
        "Invalid session for the user, session can only be used once."
    );
    let asked = sign_in(&bench, "jane");
    let late = answer(&bench, &asked, json!({"SMS_MFA_CODE": code}));
    bench.pass(3 * 60 * 1000);
    assert_eq!(refusal(&late), "Invalid session for the user, session is expired.");
}

#[test]
fn each_factor_sends_its_code_and_takes_it() {
    for (factor, member, medium, words) in [
        (
            "SMS_MFA",
            "SMS_MFA_CODE",
            Medium::Sms,
            "Invalid code or auth state for the user.",
        ),
        (
            "EMAIL_OTP",
            "EMAIL_OTP_CODE",
            Medium::Email,
            "Invalid code or auth state for the user.",
        ),
        (
            "SOFTWARE_TOKEN_MFA",
            "SOFTWARE_TOKEN_MFA_CODE",
            Medium::Authenticator,
            "Invalid code received for user",
        ),
    ] {
        let bench = Bench::with(mfa("OPTIONAL").user(reachable("jane").mfa(&[factor])));
        let asked = sign_in(&bench, "jane");
        assert_eq!(asked["ChallengeName"], factor);
        assert!(asked.get("AuthenticationResult").is_none());
        let message = bench.emulator.outbox().pop().unwrap();
        assert_eq!((message.medium, message.occasion), (medium, Occasion::SignIn));
        let parameters = &asked["ChallengeParameters"];
        match medium {
            Medium::Sms => {
                assert_eq!(message.destination, "+15555550100");
                assert_eq!(parameters["CODE_DELIVERY_DELIVERY_MEDIUM"], "SMS");
                assert_eq!(parameters["CODE_DELIVERY_DESTINATION"], "+*******0100");
            }
            Medium::Email => {
                assert_eq!(parameters["CODE_DELIVERY_DELIVERY_MEDIUM"], "EMAIL");
                assert_eq!(parameters["CODE_DELIVERY_DESTINATION"], "j***@e***");
            }
            Medium::Authenticator => {
                assert!(parameters.get("CODE_DELIVERY_DESTINATION").is_none());
            }
        }
        let wrong = answer(&bench, &asked, json!({member: wrong_code(&bench)}));
        assert_eq!(
            bench.refused("RespondToAuthChallenge", wrong),
            ("CodeMismatchException".to_owned(), words.to_owned())
        );
        let missing = answer(&bench, &asked, json!({}));
        assert_eq!(
            bench.invalid("RespondToAuthChallenge", missing),
            format!("Missing required parameter {member}")
        );
        let right = answer(&bench, &asked, json!({member: code(&bench)}));
        let done = bench.ok("RespondToAuthChallenge", right);
        assert!(done["AuthenticationResult"]["AccessToken"].is_string());
    }
}

#[test]
fn without_a_preferred_factor_the_user_chooses() {
    let jane = reachable("jane").mfa(&["SMS_MFA", "SOFTWARE_TOKEN_MFA"]);
    let bench = Bench::with(mfa("OPTIONAL").user(jane.without_preferred_mfa()));
    let asked = sign_in(&bench, "jane");
    assert_eq!(asked["ChallengeName"], "SELECT_MFA_TYPE");
    assert_eq!(
        json_of(&asked["ChallengeParameters"]["MFAS_CAN_CHOOSE"]),
        json!(["SMS_MFA", "SOFTWARE_TOKEN_MFA"])
    );
    assert!(bench.emulator.outbox().is_empty());
    bench.invalid(
        "RespondToAuthChallenge",
        answer(&bench, &asked, json!({"ANSWER": "EMAIL_OTP"})),
    );
    let chosen = bench.ok(
        "RespondToAuthChallenge",
        answer(&bench, &asked, json!({"ANSWER": "SOFTWARE_TOKEN_MFA"})),
    );
    assert_eq!(chosen["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    let right = answer(&bench, &chosen, json!({"SOFTWARE_TOKEN_MFA_CODE": code(&bench)}));
    bench.ok("RespondToAuthChallenge", right);
}

#[test]
fn the_pool_decides_whether_a_second_factor_is_asked() {
    let bare = || User::new("jane").password(PASSWORD);
    let with_factor = || reachable("jane").mfa(&["SMS_MFA"]);
    for (pool, user, expected) in [
        (mfa("OFF"), with_factor(), None),
        (mfa("OPTIONAL"), bare(), None),
        (mfa("OPTIONAL"), with_factor(), Some("SMS_MFA")),
        (mfa("ON"), with_factor(), Some("SMS_MFA")),
        (mfa("ON"), reachable("jane"), Some("SMS_MFA")),
        (mfa("ON"), bare(), Some("MFA_SETUP")),
    ] {
        let bench = Bench::with(pool.user(user));
        let answer = sign_in(&bench, "jane");
        assert_eq!(answer["ChallengeName"].as_str(), expected);
        assert_eq!(answer.get("AuthenticationResult").is_some(), expected.is_none());
    }
}

#[test]
fn a_new_password_comes_before_the_second_factor() {
    let jane = reachable("jane").status("FORCE_CHANGE_PASSWORD").mfa(&["SMS_MFA"]);
    let bench = Bench::with(mfa("ON").user(jane));
    let asked = sign_in(&bench, "jane");
    let next = bench.ok(
        "RespondToAuthChallenge",
        answer(&bench, &asked, json!({"NEW_PASSWORD": "Other-456"})),
    );
    assert_eq!(next["ChallengeName"], "SMS_MFA");
    let right = answer(&bench, &next, json!({"SMS_MFA_CODE": code(&bench)}));
    bench.ok("RespondToAuthChallenge", right);
}

#[test]
fn a_code_that_cannot_be_sent_is_said() {
    let jane = User::new("jane").password(PASSWORD).mfa(&["SMS_MFA"]);
    let client = |bench: &Bench| {
        json!({"ClientId": id(bench, "web"), "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "jane", "PASSWORD": PASSWORD}})
    };
    let bench = Bench::with(mfa("OPTIONAL").user(jane.clone()));
    assert_eq!(
        bench.refused("InitiateAuth", client(&bench)).0,
        "MFAMethodNotFoundException"
    );
    let silent = mfa("OPTIONAL").set(|settings| settings.sms_role = None);
    let bench = Bench::with(silent.user(jane.verified_phone("+15555550100")));
    assert_eq!(
        bench.refused("InitiateAuth", client(&bench)).0,
        "InvalidSmsRoleAccessPolicyException"
    );
}

#[test]
fn another_challenge_can_be_demanded_once() {
    let bench = Bench::with(seed().user(reachable("jane")));
    bench.emulator.demand_challenge("DEVICE_SRP_AUTH");
    let asked = sign_in(&bench, "jane");
    assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH");
    let words = bench.invalid(
        "RespondToAuthChallenge",
        answer(&bench, &asked, json!({"DEVICE_KEY": "x"})),
    );
    assert!(words.starts_with("DEVICE_SRP_AUTH is not emulated"), "{words}");
    assert!(sign_in(&bench, "jane").get("ChallengeName").is_none());
}

#[test]
fn an_administrator_answers_the_same_way() {
    let seed = seed()
        .user(reachable("jane").status("FORCE_CHANGE_PASSWORD"))
        .client(Client::new("backend").flows(&["ALLOW_ADMIN_USER_PASSWORD_AUTH"]));
    let bench = Bench::with(seed);
    let client = id(&bench, "backend");
    let asked = bench.ok(
        "AdminInitiateAuth",
        json!({"UserPoolId": POOL, "ClientId": client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "jane", "PASSWORD": PASSWORD}}),
    );
    let mut body = answer(&bench, &asked, json!({"NEW_PASSWORD": "Other-456"}));
    body["UserPoolId"] = json!(POOL);
    body["ClientId"] = json!(client);
    let done = bench.ok("AdminRespondToAuthChallenge", body);
    assert!(done["AuthenticationResult"]["IdToken"].is_string());
}

#[test]
fn what_happened_to_the_user_meanwhile_counts() {
    let bench = Bench::with(mfa("OPTIONAL").user(reachable("jane").mfa(&["SMS_MFA"])));
    let asked = sign_in(&bench, "jane");
    let right = answer(&bench, &asked, json!({"SMS_MFA_CODE": code(&bench)}));
    bench.emulator.change_user(POOL, "jane", |user| user.enabled = false);
    assert_eq!(
        bench.refused("RespondToAuthChallenge", right.clone()).1,
        "User is disabled."
    );
    bench.emulator.remove_user(POOL, "jane");
    assert_eq!(
        bench.refused("RespondToAuthChallenge", right).0,
        "UserNotFoundException"
    );
}
