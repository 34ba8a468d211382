//! Access tokens over the wire: what they hold, and when they stop working.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::super::testing::{Bench, POOL};
use super::super::{Attribute, Client, Kind, PoolSeed, User};

fn seed() -> PoolSeed {
    PoolSeed::new(POOL, "pool")
        .attribute(Attribute::custom("tier", Kind::TEXT))
        .attribute(Attribute::developer("score", Kind::TEXT))
        .client(Client::new("web"))
        .client(Client::new("narrow").reads(&["name", "email_verified"]))
        .client(Client::new("openid").scopes(&["openid", "email"]))
        .client(Client::new("short").access_tokens_for(5, "minutes"))
        .user(
            User::new("jane")
                .with("name", "Jane")
                .with("custom:tier", "gold")
                .with("dev:custom:score", "7")
                .verified_email("jane@example.com")
                .groups(&["readers"])
                .mfa(&["SOFTWARE_TOKEN_MFA", "SMS_MFA"]),
        )
        .user(User::new("bob"))
}

fn token(bench: &Bench, client: &str, user: &str) -> Value {
    json!({"AccessToken": bench.emulator.access_token(POOL, client, user).unwrap()})
}

fn refusal(bench: &Bench, body: &Value) -> (String, String) {
    bench.refused("GetUser", body.clone())
}

fn named(user: &str) -> Value {
    json!({"UserPoolId": POOL, "Username": user})
}

fn not_authorized(words: &str) -> (String, String) {
    ("NotAuthorizedException".to_owned(), words.to_owned())
}

#[test]
fn a_token_says_whom_it_is_for_and_until_when() {
    let bench = Bench::with(seed());
    let token = token(&bench, "short", "jane")["AccessToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let parts: Vec<Value> = token
        .split('.')
        .take(2)
        .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
        .collect();
    assert_eq!(parts[0]["alg"], "RS256");
    assert!(parts[0]["kid"].is_string());
    let (claims, now) = (&parts[1], bench.now().as_second());
    assert_eq!(claims["sub"], bench.user("jane").sub());
    assert_eq!(
        claims["iss"],
        format!("https://cognito-idp.us-east-1.amazonaws.com/{POOL}")
    );
    assert_eq!(claims["client_id"], bench.emulator.client(POOL, "short").unwrap().id);
    assert_eq!(claims["token_use"], "access");
    assert_eq!(claims["scope"], "aws.cognito.signin.user.admin");
    assert_eq!((&claims["auth_time"], &claims["iat"]), (&json!(now), &json!(now)));
    assert_eq!(claims["exp"], now + 300);
    assert_eq!(claims["username"], "jane");
    assert_eq!(claims["cognito:groups"], json!(["readers"]));
    for id in ["origin_jti", "event_id", "jti"] {
        assert_eq!(claims[id].as_str().unwrap().len(), 36, "{id}");
    }
}

#[test]
fn the_own_profile_holds_what_the_client_may_read() {
    let bench = Bench::with(seed());
    let names = |own: &Value| -> Vec<String> {
        let list = own["UserAttributes"].as_array().unwrap().iter();
        list.map(|pair| pair["Name"].as_str().unwrap().to_owned()).collect()
    };
    let own = bench.ok("GetUser", token(&bench, "web", "jane"));
    assert_eq!(names(&own), ["custom:tier", "email", "email_verified", "name", "sub"]);
    assert_eq!(own["Username"], "jane");
    assert_eq!(own["PreferredMfaSetting"], "SOFTWARE_TOKEN_MFA");
    assert_eq!(own["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA", "SMS_MFA"]));
    for absent in ["UserStatus", "Enabled", "UserCreateDate", "UserLastModifiedDate"] {
        assert!(own.get(absent).is_none(), "{absent}");
    }
    let own = bench.ok("GetUser", token(&bench, "narrow", "jane"));
    assert_eq!(names(&own), ["email_verified", "name", "sub"]);
}

#[test]
fn a_token_expires_with_the_clients_validity() {
    let bench = Bench::with(seed());
    let (long, short) = (token(&bench, "web", "jane"), token(&bench, "short", "jane"));
    bench.pass(299_999);
    bench.ok("GetUser", short.clone());
    bench.pass(1);
    assert_eq!(refusal(&bench, &short), not_authorized("Access Token has expired"));
    bench.pass(3_299_999);
    bench.ok("GetUser", long.clone());
    bench.pass(1);
    // Another sign-in forgets what has expired; the words stay the same.
    token(&bench, "web", "bob");
    assert_eq!(refusal(&bench, &long), not_authorized("Access Token has expired"));
}

#[test]
fn a_text_that_is_no_access_token_of_this_service_is_invalid() {
    let bench = Bench::with(seed());
    let other = Bench::with(seed());
    let good = token(&bench, "web", "jane")["AccessToken"].as_str().unwrap().to_owned();
    let cut = good.get(..good.len() - 2).unwrap();
    for wrong in [cut, "x", "a.b.c"] {
        let body = json!({"AccessToken": wrong});
        assert_eq!(
            refusal(&bench, &body),
            not_authorized("Invalid Access Token"),
            "{wrong}"
        );
    }
    // Well made, but this service gave it to nobody.
    let body = json!({"AccessToken": good});
    assert_eq!(refusal(&other, &body), not_authorized("Invalid Access Token"));
    bench.invalid("GetUser", json!({"AccessToken": "with blank"}));
    bench.invalid("GetUser", json!({}));
}

#[test]
fn an_identity_token_opens_nothing() {
    let bench = Bench::with(seed().user(User::new("eve").password("Secret-123")));
    let client = bench.emulator.client(POOL, "web").unwrap().id;
    let signed_in = bench.ok(
        "InitiateAuth",
        json!({"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "eve", "PASSWORD": "Secret-123"}}),
    );
    let result = &signed_in["AuthenticationResult"];
    bench.ok("GetUser", json!({"AccessToken": result["AccessToken"]}));
    let body = json!({"AccessToken": result["IdToken"]});
    assert_eq!(refusal(&bench, &body), not_authorized("Invalid Access Token"));
}

#[test]
fn a_token_without_the_scope_is_refused() {
    let bench = Bench::with(seed());
    assert_eq!(
        refusal(&bench, &token(&bench, "openid", "jane")),
        not_authorized("Access Token does not have required scopes")
    );
}

#[test]
fn signing_out_revokes_all_tokens_of_one_user() {
    let bench = Bench::with(seed());
    let revoked = not_authorized("Access Token has been revoked");
    let (one, two, other) = (
        token(&bench, "web", "jane"),
        token(&bench, "short", "jane"),
        token(&bench, "web", "bob"),
    );
    bench.ok("GlobalSignOut", one.clone());
    assert_eq!(refusal(&bench, &one), revoked);
    assert_eq!(refusal(&bench, &two), revoked);
    assert_eq!(bench.refused("GlobalSignOut", one.clone()), revoked);
    bench.ok("GetUser", other.clone());
    bench.ok("GetUser", token(&bench, "web", "jane"));
    bench.ok("AdminUserGlobalSignOut", named("bob"));
    assert_eq!(refusal(&bench, &other), revoked);
    assert_eq!(
        bench.refused("AdminUserGlobalSignOut", named("none")).0,
        "UserNotFoundException"
    );
}

#[test]
fn disabling_revokes_and_enabling_does_not_revive() {
    let bench = Bench::with(seed());
    let body = token(&bench, "web", "jane");
    bench.ok("AdminDisableUser", named("jane"));
    assert_eq!(refusal(&bench, &body), not_authorized("User is disabled."));
    bench.ok("AdminEnableUser", named("jane"));
    assert_eq!(refusal(&bench, &body), not_authorized("Access Token has been revoked"));
    let gone = token(&bench, "web", "bob");
    bench.ok("AdminDeleteUser", named("bob"));
    assert_eq!(
        refusal(&bench, &gone),
        ("UserNotFoundException".to_owned(), "User does not exist.".to_owned())
    );
}

#[test]
fn the_status_of_the_user_can_stand_in_the_way() {
    let bench = Bench::with(seed());
    let body = token(&bench, "web", "jane");
    for (status, code) in [
        ("RESET_REQUIRED", "PasswordResetRequiredException"),
        ("UNCONFIRMED", "UserNotConfirmedException"),
    ] {
        bench
            .emulator
            .change_user(POOL, "jane", |user| user.status = status.to_owned());
        assert_eq!(refusal(&bench, &body).0, code);
        assert_eq!(bench.refused("GlobalSignOut", body.clone()).0, code);
    }
    assert!(bench.emulator.access_token(POOL, "none", "jane").is_none());
    assert!(bench.emulator.access_token(POOL, "web", "none").is_none());
}
