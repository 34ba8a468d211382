//! Each request exactly as the service wants it, once; and of each answer what is needed and no more.

use serde_json::{Value, json};

use crate::cognito::testing::*;
use crate::domain::FaultKind;

use super::*;

const CLIENT: &str = "1h57kf5cpq17m0eml12EXAMPLE";

/// `Base64(HMAC-SHA256("secret", username + CLIENT))`, made with Python's hmac module.
const HASH_OF_JANE: &str = "+BRESmPa5nG9VHuOcWeYUwgL7t9DxO4qDBOf7vKJmkw=";
const HASH_OF_SRP: &str = "/nU30Tyi1VBp5R+wHLoRoS3LHB3d3iWWOtLboSxyJ08=";

fn password(flow: Flow) -> Password {
    Password {
        flow,
        client: ClientId::new(CLIENT),
        username: Raw::from("jane"),
        password: Secret::new("correct horse"),
        expected: Some(Raw::from("5f1c9a02")),
    }
}

/// An app client without a secret, which is read before each step.
fn plain_client() -> Act {
    ok(json!({"UserPoolClient": {"ClientId": CLIENT}}))
}

fn secret_client() -> Act {
    ok(json!({"UserPoolClient": {"ClientId": CLIENT, "ClientSecret": "secret"}}))
}

fn tokens() -> Value {
    json!({
        "ChallengeParameters": {},
        "AuthenticationResult": {
            "AccessToken": "the.access.token",
            "IdToken": "the.id.token",
            "RefreshToken": "the-refresh-token",
            "ExpiresIn": 3600,
            "TokenType": "Bearer",
        },
    })
}

fn asked_for(name: &str, parameters: Value) -> Act {
    ok(json!({"ChallengeName": name, "Session": "the-session", "ChallengeParameters": parameters}))
}

async fn authenticator(service: &Service) -> Authenticator {
    // Nothing here ever waits, and after a while tokio makes a task that never waits wait: then a timeout whose sleep is
    // over at once would come first.
    tokio::task::yield_now().await;
    service.connect().await.authenticator(&pool()).unwrap()
}

async fn sign_in(service: &Service, flow: Flow) -> Result<Answered<Step>, Fault> {
    authenticator(service).await.sign_in(password(flow)).await
}

fn challenge_of(step: Step) -> Challenge {
    match step {
        Step::Challenge(challenge) => challenge,
        Step::Token(_) => panic!("a token"),
    }
}

fn operation(service: &Service, at: usize) -> String {
    header(&service.asked()[at], "x-amz-target").replace("AWSCognitoIdentityProviderService.", "")
}

fn is_signed(service: &Service, at: usize) -> bool {
    !header(&service.asked()[at], "authorization").is_empty()
}

#[tokio::test]
async fn a_password_goes_out_unsigned_and_brings_a_token() {
    let service = Service::new([plain_client(), ok(tokens())]);
    let answered = sign_in(&service, Flow::UserPassword).await.unwrap();
    assert_eq!(answered.value, Step::Token(Secret::new("the.access.token")));
    assert_eq!(answered.request_id, Some(Raw::from(REQUEST_ID)));
    assert_eq!(
        service.bodies()[1],
        json!({
            "ClientId": CLIENT,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "jane", "PASSWORD": "correct horse"},
        })
    );
    assert_eq!(operation(&service, 1), "InitiateAuth");
    assert!(!is_signed(&service, 1), "no AWS credentials go with it");
}

#[tokio::test]
async fn an_administrators_sign_in_is_signed_and_names_the_pool() {
    let service = Service::new([plain_client(), ok(tokens())]);
    sign_in(&service, Flow::AdminPassword).await.unwrap();
    assert_eq!(
        service.bodies()[1],
        json!({
            "UserPoolId": POOL,
            "ClientId": CLIENT,
            "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "jane", "PASSWORD": "correct horse"},
        })
    );
    assert_eq!(operation(&service, 1), "AdminInitiateAuth");
    assert!(is_signed(&service, 1));
}

#[tokio::test]
async fn a_client_with_a_secret_gets_its_hash_and_never_the_secret() {
    for flow in [Flow::UserPassword, Flow::AdminPassword] {
        let service = Service::new([
            secret_client(),
            asked_for("SMS_MFA", json!({"USER_ID_FOR_SRP": "5f1c-uuid"})),
            secret_client(),
            ok(tokens()),
        ]);
        let authenticator = authenticator(&service).await;
        let step = authenticator.sign_in(password(flow)).await.unwrap().value;
        let answers = vec![("SMS_MFA_CODE".to_owned(), Secret::new("123456"))];
        authenticator.answer(challenge_of(step), answers).await.unwrap();
        let bodies = service.bodies();
        assert_eq!(bodies[1]["AuthParameters"]["SECRET_HASH"], json!(HASH_OF_JANE));
        // The answer names the user as the service does, and so does its hash.
        assert_eq!(bodies[3]["ChallengeResponses"]["USERNAME"], json!("5f1c-uuid"));
        assert_eq!(bodies[3]["ChallengeResponses"]["SECRET_HASH"], json!(HASH_OF_SRP));
        for body in bodies {
            assert!(!body.to_string().contains("\"secret\""), "{flow:?}");
        }
    }
}

#[tokio::test]
async fn a_client_that_fails_to_be_read_sends_no_password() {
    let service = Service::new((0..3).map(|_| refusal("InternalErrorException", "oops")));
    let fault = sign_in(&service, Flow::UserPassword).await.unwrap_err();
    assert_eq!(fault.operation, "DescribeUserPoolClient");
    assert!((0..service.asked().len()).all(|at| operation(&service, at) == "DescribeUserPoolClient"));
}

/// The sign-in itself takes no permission, and most clients have no secret.
#[tokio::test]
async fn who_may_not_look_at_clients_signs_in_without_a_hash() {
    let service = Service::new([refusal("AccessDeniedException", "no"), ok(tokens())]);
    let step = sign_in(&service, Flow::UserPassword).await.unwrap().value;
    assert!(matches!(step, Step::Token(_)));
    let parameters = &service.bodies()[1]["AuthParameters"];
    assert_eq!(*parameters, json!({"USERNAME": "jane", "PASSWORD": "correct horse"}));
}

#[tokio::test]
async fn every_challenge_is_answered_in_its_own_words() {
    let none = || json!({});
    for (name, parameters, kind, answer) in [
        (
            "NEW_PASSWORD_REQUIRED",
            json!({"requiredAttributes": "[\"userAttributes.name\"]", "userAttributes": "{\"email\":\"x\"}"}),
            ChallengeKind::NewPassword {
                missing: vec![Raw::from("userAttributes.name")],
            },
            "NEW_PASSWORD",
        ),
        ("SMS_MFA", none(), ChallengeKind::Sms, "SMS_MFA_CODE"),
        ("EMAIL_OTP", none(), ChallengeKind::Email, "EMAIL_OTP_CODE"),
        (
            "SOFTWARE_TOKEN_MFA",
            json!({"FRIENDLY_DEVICE_NAME": "phone"}),
            ChallengeKind::SoftwareToken,
            "SOFTWARE_TOKEN_MFA_CODE",
        ),
        (
            "SELECT_MFA_TYPE",
            json!({"MFAS_CAN_CHOOSE": "[\"SMS_MFA\",\"SOFTWARE_TOKEN_MFA\"]"}),
            ChallengeKind::SelectMfa {
                choices: vec![Raw::from("SMS_MFA"), Raw::from("SOFTWARE_TOKEN_MFA")],
            },
            "ANSWER",
        ),
    ] {
        for flow in [Flow::UserPassword, Flow::AdminPassword] {
            let service = Service::new([
                plain_client(),
                asked_for(name, parameters.clone()),
                plain_client(),
                ok(tokens()),
            ]);
            let authenticator = authenticator(&service).await;
            let challenge = challenge_of(authenticator.sign_in(password(flow)).await.unwrap().value);
            assert_eq!(challenge.kind, kind);
            assert_eq!(challenge.session, Secret::new("the-session"));
            assert_eq!(challenge.username, Raw::from("jane"), "no other name was given");
            assert_eq!(
                challenge.expected,
                Some(Raw::from("5f1c9a02")),
                "who it has to be is kept"
            );
            let answers = vec![(answer.to_owned(), Secret::new("typed"))];
            let step = authenticator.answer(challenge, answers).await.unwrap().value;
            assert_eq!(step, Step::Token(Secret::new("the.access.token")));
            let mut expected = json!({
                "ClientId": CLIENT,
                "ChallengeName": name,
                "Session": "the-session",
                "ChallengeResponses": {"USERNAME": "jane", answer: "typed"},
            });
            let (called, signed) = match flow {
                Flow::UserPassword => ("RespondToAuthChallenge", false),
                Flow::AdminPassword => {
                    expected["UserPoolId"] = json!(POOL);
                    ("AdminRespondToAuthChallenge", true)
                }
            };
            assert_eq!(service.bodies()[3], expected, "{name}");
            assert_eq!(
                (operation(&service, 3).as_str(), is_signed(&service, 3)),
                (called, signed)
            );
        }
    }
}

#[tokio::test]
async fn one_challenge_can_follow_another() {
    let service = Service::new([
        plain_client(),
        asked_for("SELECT_MFA_TYPE", json!({"MFAS_CAN_CHOOSE": "[\"SMS_MFA\"]"})),
        plain_client(),
        asked_for(
            "SMS_MFA",
            json!({"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******0199", "USER_ID_FOR_SRP": "5f1c-uuid"}),
        ),
    ]);
    let authenticator = authenticator(&service).await;
    let first = challenge_of(authenticator.sign_in(password(Flow::UserPassword)).await.unwrap().value);
    let chosen = vec![("ANSWER".to_owned(), Secret::new("SMS_MFA"))];
    let second = challenge_of(authenticator.answer(first, chosen).await.unwrap().value);
    assert_eq!(second.kind, ChallengeKind::Sms);
    assert_eq!(
        second.destination,
        Some(Raw::from("+*******0199")),
        "as the service masks it"
    );
    assert_eq!(second.username, Raw::from("5f1c-uuid"));
    assert_eq!(second.expected, Some(Raw::from("5f1c9a02")));
}

#[tokio::test]
async fn a_challenge_that_cannot_be_answered_is_named_and_stops() {
    let service = Service::new([plain_client(), asked_for("MFA_SETUP", json!({}))]);
    let authenticator = authenticator(&service).await;
    let challenge = challenge_of(authenticator.sign_in(password(Flow::UserPassword)).await.unwrap().value);
    assert_eq!(challenge.kind, ChallengeKind::Other(Raw::from("MFA_SETUP")));
    let fault = authenticator.answer(challenge, Vec::new()).await.unwrap_err();
    assert_eq!((fault.kind, fault.code.as_str()), (FaultKind::Local, "Challenge"));
    assert_eq!(service.asked().len(), 2, "nothing is sent");
}

#[tokio::test]
async fn an_answer_with_neither_token_nor_challenge_is_a_fault() {
    let empty = json!({"ChallengeParameters": {}});
    let id_only = json!({"AuthenticationResult": {"IdToken": "the.id.token"}});
    for answer in [empty, id_only] {
        let service = Service::new([plain_client(), ok(answer)]);
        let fault = sign_in(&service, Flow::UserPassword).await.unwrap_err();
        assert_eq!((fault.kind, fault.operation), (FaultKind::Undecodable, "InitiateAuth"));
        assert_eq!(fault.request_id, Some(Raw::from(REQUEST_ID)));
    }
}

/// A step counts against the user's attempts and can send a message: it goes out once, whatever becomes of it.
#[tokio::test]
async fn whatever_happens_a_step_is_sent_once() {
    let endings: [fn() -> (Act, FaultKind); 6] = [
        || (refusal("InternalErrorException", "oops"), FaultKind::Server),
        || (text(503, ""), FaultKind::Server),
        || (reset(), FaultKind::Broken),
        || (hang(), FaultKind::Timeout),
        || {
            (
                refusal("TooManyRequestsException", "Rate exceeded"),
                FaultKind::Throttled,
            )
        },
        || {
            (
                refusal("LimitExceededException", "Attempt limit exceeded"),
                FaultKind::Service,
            )
        },
    ];
    for ending in endings {
        for flow in [Flow::UserPassword, Flow::AdminPassword] {
            let (act, kind) = ending();
            let service = Service::new([plain_client(), act]);
            let fault = sign_in(&service, flow).await.unwrap_err();
            assert_eq!((fault.kind, fault.operation), (kind, flow.operation()));
            assert_eq!(service.asked().len(), 2, "{kind:?}: the app client and the password");

            let (act, kind) = ending();
            let service = Service::new([plain_client(), asked_for("SMS_MFA", json!({})), plain_client(), act]);
            let authenticator = authenticator(&service).await;
            let challenge = challenge_of(authenticator.sign_in(password(flow)).await.unwrap().value);
            let answers = vec![("SMS_MFA_CODE".to_owned(), Secret::new("123456"))];
            let fault = authenticator.answer(challenge, answers).await.unwrap_err();
            assert_eq!(fault.kind, kind);
            assert_eq!(service.asked().len(), 4, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_refusal_that_repeats_the_request_shows_nothing_secret_of_it() {
    let repeated = |message| refusal("InvalidParameterException", message);
    let service = Service::new([
        plain_client(),
        repeated(r#"jane@example.com: {"PASSWORD":"correct horse"}"#),
        plain_client(),
        asked_for("NEW_PASSWORD_REQUIRED", json!({})),
        plain_client(),
        repeated(
            r#"jane@example.com: {"NEW_PASSWORD":"tall\"staple","email":"new@example.com","Session":"the-session"}"#,
        ),
    ]);
    let authenticator = authenticator(&service).await;
    let refused = authenticator.sign_in(password(Flow::UserPassword)).await.unwrap_err();
    assert_eq!(
        refused.message.as_str(),
        r#"jane@example.com: {"PASSWORD":"(withheld)"}"#
    );

    let challenge = challenge_of(authenticator.sign_in(password(Flow::UserPassword)).await.unwrap().value);
    let answers = vec![
        ("NEW_PASSWORD".to_owned(), Secret::new("tall\"staple")),
        ("userAttributes.email".to_owned(), Secret::new("new@example.com")),
    ];
    let refused = authenticator.answer(challenge, answers).await.unwrap_err();
    assert_eq!(
        refused.message.as_str(),
        r#"jane@example.com: {"NEW_PASSWORD":"(withheld)","email":"new@example.com","Session":"(withheld)"}"#
    );
}

#[tokio::test]
async fn nothing_secret_is_printed() {
    let service = Service::new([
        plain_client(),
        asked_for("SMS_MFA", json!({"USER_ID_FOR_SRP": "jane@example.com"})),
        plain_client(),
        ok(tokens()),
    ]);
    let authenticator = authenticator(&service).await;
    let asked = password(Flow::UserPassword);
    let mut printed = format!("{asked:?} {authenticator:?}");
    let challenge = challenge_of(authenticator.sign_in(asked).await.unwrap().value);
    printed.push_str(&format!("{challenge:?}"));
    let step = authenticator.answer(challenge, Vec::new()).await.unwrap().value;
    printed.push_str(&format!("{step:?}"));
    for secret in [
        "correct horse",
        "the-session",
        "access.token",
        "id.token",
        "refresh",
        "jane@example.com",
    ] {
        assert!(!printed.contains(secret), "{secret}: {printed}");
    }
}
