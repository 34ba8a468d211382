//! Signing in over the wire: flows, secrets, and what keeps a user out. Challenges have tests of their own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::super::testing::{Bench, POOL};
use super::super::{Client, PoolSeed, Seed, User};

const PASSWORD: &str = "Secret-123";
const SECRET: &str = "abcdefghijklmnopqrstuvwxyz";

fn seed() -> PoolSeed {
    PoolSeed::new(POOL, "pool")
        .client(Client::new("web"))
        .client(
            Client::new("backend")
                .secret(SECRET)
                .flows(&["ALLOW_ADMIN_USER_PASSWORD_AUTH"]),
        )
        .client(Client::new("old").flows(&["ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH"]))
        .client(Client::new("srp").flows(&["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"]))
        .client(Client::new("discreet").hiding_users())
        .user(User::new("jane").password(PASSWORD))
}

fn id(bench: &Bench, client: &str) -> String {
    bench.emulator.client(POOL, client).unwrap().id
}

fn initiate(bench: &Bench, client: &str, user: &str, password: &str) -> Value {
    json!({"ClientId": id(bench, client), "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": user, "PASSWORD": password}})
}

/// The administrator's request, with the secret hash of this user name where one is given.
fn admin(bench: &Bench, client: &str, hash_of: Option<&str>) -> Value {
    let client = id(bench, client);
    let mut body = json!({"UserPoolId": POOL, "ClientId": client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "jane", "PASSWORD": PASSWORD}});
    if let Some(user) = hash_of {
        let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        let digest = mac.chain_update(user).chain_update(&client).finalize().into_bytes();
        body["AuthParameters"]["SECRET_HASH"] = json!(STANDARD.encode(digest));
    }
    body
}

fn refused(code: &str, words: &str) -> (String, String) {
    (code.to_owned(), words.to_owned())
}

#[test]
fn a_password_gives_tokens_that_open_the_own_profile() {
    let bench = Bench::with(seed());
    let answer = bench.ok("InitiateAuth", initiate(&bench, "web", "jane", PASSWORD));
    assert_eq!(answer["ChallengeParameters"], json!({}));
    assert!(answer.get("Session").is_none() && answer.get("ChallengeName").is_none());
    let result = &answer["AuthenticationResult"];
    assert_eq!(
        (&result["ExpiresIn"], &result["TokenType"]),
        (&json!(3600), &json!("Bearer"))
    );
    for token in ["IdToken", "RefreshToken"] {
        assert!(result[token].as_str().is_some_and(|text| text.len() > 20), "{token}");
    }
    let own = bench.ok("GetUser", json!({"AccessToken": result["AccessToken"]}));
    assert_eq!(own["Username"], "jane");
}

#[test]
fn a_client_lets_in_by_its_own_flows_only() {
    let bench = Bench::with(seed());
    let by = |operation: &str, client: &str, flow: &str| {
        let mut body = initiate(&bench, client, "jane", PASSWORD);
        body["AuthFlow"] = json!(flow);
        body["UserPoolId"] = json!(POOL);
        bench.call(operation, body).map(|_| ()).map_err(|(code, words)| {
            assert_eq!(code, "InvalidParameterException");
            words
        })
    };
    let shut = |words: &str| Err(words.to_owned());
    by("InitiateAuth", "old", "USER_PASSWORD_AUTH").unwrap();
    by("AdminInitiateAuth", "old", "ADMIN_NO_SRP_AUTH").unwrap();
    by("AdminInitiateAuth", "old", "ADMIN_USER_PASSWORD_AUTH").unwrap();
    assert_eq!(
        by("InitiateAuth", "backend", "USER_PASSWORD_AUTH"),
        shut("USER_PASSWORD_AUTH flow not enabled for this client")
    );
    assert_eq!(
        by("AdminInitiateAuth", "web", "ADMIN_USER_PASSWORD_AUTH"),
        shut("Auth flow not enabled for this client")
    );
    assert_eq!(
        by("InitiateAuth", "backend", "ADMIN_USER_PASSWORD_AUTH"),
        shut("Initiate Auth method not supported.")
    );
    for flow in ["USER_SRP_AUTH", "USER_AUTH", "REFRESH_TOKEN_AUTH", "CUSTOM_AUTH"] {
        let words = by("InitiateAuth", "srp", flow).unwrap_err();
        assert!(words.starts_with(&format!("{flow} is not emulated")), "{words}");
    }
    assert!(
        by("InitiateAuth", "web", "NO_SUCH")
            .unwrap_err()
            .contains("enum value set")
    );
}

#[test]
fn a_secret_has_to_be_proved() {
    let bench = Bench::with(seed());
    let client = id(&bench, "backend");
    bench.ok("AdminInitiateAuth", admin(&bench, "backend", Some("jane")));
    assert_eq!(
        bench.refused("AdminInitiateAuth", admin(&bench, "backend", None)),
        refused(
            "NotAuthorizedException",
            &format!("Client {client} is configured with secret but SECRET_HASH was not received")
        )
    );
    assert_eq!(
        bench.refused("AdminInitiateAuth", admin(&bench, "backend", Some("bob"))),
        refused(
            "NotAuthorizedException",
            &format!("Unable to verify secret hash for client {client}")
        )
    );
    // A hash that no secret asks for.
    let (code, _) = bench.refused("AdminInitiateAuth", admin(&bench, "old", Some("jane")));
    assert_eq!(code, "NotAuthorizedException");
}

#[test]
fn who_is_kept_out_is_told_why() {
    let user = |name: &str| User::new(name).password(PASSWORD);
    let bench = Bench::with(
        seed()
            .user(user("off").disabled())
            .user(user("reset").status("RESET_REQUIRED"))
            .user(user("fresh").status("UNCONFIRMED"))
            .user(User::new("unset"))
            .user(user("Okta_1").status("EXTERNAL_PROVIDER"))
            .user(user("gone").status("ARCHIVED")),
    );
    let wrong = ("NotAuthorizedException", "Incorrect username or password.");
    for (name, password, (code, words)) in [
        ("jane", "Wrong-123", wrong),
        ("unset", PASSWORD, wrong),
        ("unset", "", wrong),
        ("Okta_1", PASSWORD, wrong),
        ("gone", PASSWORD, wrong),
        ("nobody", PASSWORD, ("UserNotFoundException", "User does not exist.")),
        ("off", PASSWORD, ("NotAuthorizedException", "User is disabled.")),
        ("off", "Wrong-123", ("NotAuthorizedException", "User is disabled.")),
        (
            "reset",
            PASSWORD,
            ("PasswordResetRequiredException", "Password reset required for the user"),
        ),
        (
            "fresh",
            PASSWORD,
            ("UserNotConfirmedException", "User is not confirmed."),
        ),
        ("fresh", "Wrong-123", wrong),
    ] {
        let body = initiate(&bench, "web", name, password);
        assert_eq!(bench.refused("InitiateAuth", body), refused(code, words), "{name}");
    }
    let body = initiate(&bench, "discreet", "nobody", PASSWORD);
    assert_eq!(bench.refused("InitiateAuth", body), refused(wrong.0, wrong.1));
}

#[test]
fn a_request_names_client_user_and_password() {
    let other = PoolSeed::new("us-east-1_Test00002", "two").client(Client::new("web"));
    let bench = Bench::new(Seed::empty().pool(seed()).pool(other));
    let elsewhere = bench.emulator.client("us-east-1_Test00002", "web").unwrap().id;
    let without = |parameter: &str| {
        let mut body = initiate(&bench, "web", "jane", PASSWORD);
        body["AuthParameters"].as_object_mut().unwrap().remove(parameter);
        bench.invalid("InitiateAuth", body)
    };
    assert_eq!(without("USERNAME"), "Missing required parameter USERNAME");
    assert_eq!(without("PASSWORD"), "Missing required parameter PASSWORD");
    let mut body = initiate(&bench, "web", "jane", PASSWORD);
    body["ClientId"] = json!("none");
    let unknown = |id: &str| {
        refused(
            "ResourceNotFoundException",
            &format!("User pool client {id} does not exist."),
        )
    };
    assert_eq!(bench.refused("InitiateAuth", body), unknown("none"));
    // The client is another pool's.
    let mut body = admin(&bench, "old", None);
    body["ClientId"] = json!(elsewhere);
    assert_eq!(bench.refused("AdminInitiateAuth", body), unknown(&elsewhere));
    let mut body = admin(&bench, "old", None);
    body["UserPoolId"] = json!("us-east-1_None00000");
    assert_eq!(
        bench.refused("AdminInitiateAuth", body).1,
        "User pool us-east-1_None00000 does not exist."
    );
}

#[test]
fn people_sign_in_by_their_aliases() {
    let bench = Bench::with(
        seed()
            .aliases(&["email", "preferred_username"])
            .user(
                User::new("bob")
                    .verified_email("bob@example.com")
                    .with("preferred_username", "bobby")
                    .password(PASSWORD),
            )
            .user(
                User::new("eve")
                    .with("email", "eve@example.com")
                    .with("email_verified", "false")
                    .password(PASSWORD),
            ),
    );
    for name in ["bob", "bob@example.com", "bobby"] {
        let answer = bench.ok("InitiateAuth", initiate(&bench, "web", name, PASSWORD));
        let own = bench.ok(
            "GetUser",
            json!({"AccessToken": answer["AuthenticationResult"]["AccessToken"]}),
        );
        assert_eq!(own["Username"], "bob");
    }
    let body = initiate(&bench, "web", "eve@example.com", PASSWORD);
    assert_eq!(bench.refused("InitiateAuth", body).0, "UserNotFoundException");
}

#[test]
fn an_address_is_a_name_where_the_pool_says_so() {
    let user = User::new("").with("email", "a@example.com").password(PASSWORD);
    let bench = Bench::with(seed().sign_in_by(&["email"]).user(user));
    bench.ok("InitiateAuth", initiate(&bench, "web", "a@example.com", PASSWORD));
}

#[test]
fn a_set_password_is_the_one_that_counts() {
    let bench = Bench::with(seed());
    let set = json!({"UserPoolId": POOL, "Username": "jane", "Password": "Other-456", "Permanent": true});
    bench.ok("AdminSetUserPassword", set);
    let (code, _) = bench.refused("InitiateAuth", initiate(&bench, "web", "jane", PASSWORD));
    assert_eq!(code, "NotAuthorizedException");
    bench.ok("InitiateAuth", initiate(&bench, "web", "jane", "Other-456"));
}

#[test]
fn a_temporary_password_ends_after_seven_days() {
    const DAY: i64 = 24 * 3600 * 1000;
    let bench = Bench::with(seed());
    let set = || {
        bench.ok(
            "AdminSetUserPassword",
            json!({"UserPoolId": POOL, "Username": "jane", "Password": "Other-456"}),
        )
    };
    set();
    bench.pass(7 * DAY - 1);
    let answer = bench.ok("InitiateAuth", initiate(&bench, "web", "jane", "Other-456"));
    assert_eq!(answer["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    bench.pass(1);
    assert_eq!(
        bench.refused("InitiateAuth", initiate(&bench, "web", "jane", "Other-456")),
        refused(
            "NotAuthorizedException",
            "Temporary password has expired and must be reset by an administrator."
        )
    );
    set();
    bench.ok("InitiateAuth", initiate(&bench, "web", "jane", "Other-456"));
}

#[test]
fn the_demos_people_sign_in_with_the_documented_password() {
    use super::super::DEMO_PASSWORD;
    let bench = Bench::new(Seed::demo());
    let customers = bench.emulator.pool_id("customers").unwrap();
    let sign_in = |name: &str, client: &str| {
        let client = bench.emulator.client(&customers, client).unwrap();
        bench.call(
            "InitiateAuth",
            json!({"ClientId": client.id, "AuthFlow": "USER_PASSWORD_AUTH",
                "AuthParameters": {"USERNAME": name, "PASSWORD": DEMO_PASSWORD}}),
        )
    };
    assert!(sign_in("rob", "web").unwrap()["AuthenticationResult"].is_object());
    assert!(sign_in("rob", "narrow").unwrap()["AuthenticationResult"].is_object());
    assert_eq!(sign_in("jane.doe", "web").unwrap()["ChallengeName"], "SMS_MFA");
    assert_eq!(sign_in("bob", "web").unwrap()["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    assert_eq!(sign_in("eve", "web").unwrap_err().1, "User is disabled.");
    for pool in bench.ok("ListUserPools", json!({"MaxResults": 60}))["UserPools"]
        .as_array()
        .unwrap()
    {
        let pool = pool["Id"].as_str().unwrap();
        assert!(bench.emulator.client(pool, "web").is_some(), "{pool}");
        assert!(
            bench.emulator.client(pool, "backend").unwrap().secret.is_some(),
            "{pool}"
        );
    }
}
