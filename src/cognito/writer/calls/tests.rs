//! Each request to the letter: what it carries, whose credentials, and that it goes out once.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::cognito::testing::*;
use crate::cognito::writer::Attempt;
use crate::cognito::writer::tests::{State, answer_of, first, refused, unknown};
use crate::domain::place::{Caller, Written};
use crate::domain::schema::DataType;
use crate::domain::user::Source;
use crate::domain::{
    AttributeName, AttributeValue, Draft, Intent, Operation, Route, Rules, Schema, SchemaAttribute, UserStatus,
};
use crate::journal::Answer;

use super::*;

const CLIENT: &str = "1h57kf5cpq17m0eml12EXAMPLE";
const TOKEN: &str = "the.access.token";

/// `Base64(HMAC-SHA256("secret", "bob" + CLIENT))`, made with Python's hmac module.
const HASH_OF_BOB: &str = "Tw/PiIpOS2nOYKmeyTivLGfFgXcNqZDaRUAl+0l1+Kc=";

fn bob(attributes: &[(&str, &str)]) -> Arc<User> {
    Arc::new(User {
        username: Username::new("bob"),
        attributes: attributes
            .iter()
            .map(|(name, value)| (AttributeName::new(*name), AttributeValue::new(*value)))
            .collect(),
        status: UserStatus::NotTold,
        enabled: true,
        created: None,
        changed: None,
        source: Source::List,
        read_at: now(),
    })
}

fn changes(route: Route, edits: &[(&str, Option<&str>)], metadata: &[(&str, &str)]) -> ChangeSet {
    let attribute = |name: &str| SchemaAttribute {
        name: AttributeName::new(name),
        data_type: DataType::String { min: None, max: None },
        mutable: true,
        required: false,
        developer_only: false,
    };
    let schema = Schema {
        attributes: ["nickname", "email", "custom:tier"].map(attribute).to_vec(),
    };
    let mut draft = Draft::new(bob(&[("nickname", "bobby"), ("email", "old@example.com")]), route);
    for (name, value) in edits {
        let edit = match value {
            Some(value) => Edit::Set(AttributeValue::new(*value)),
            None => Edit::Delete,
        };
        draft.set(AttributeName::new(*name), edit);
    }
    for (key, value) in metadata {
        draft.metadata.0.insert((*key).to_owned(), (*value).to_owned());
    }
    let rules = match route {
        Route::Admin => Rules::admin(&schema),
        Route::Own => Rules::own(&schema, None),
    };
    draft.change_set(&rules).unwrap()
}

fn own_update() -> Operation {
    Operation::update(changes(
        Route::Own,
        &[("nickname", None), ("email", Some("new@example.com"))],
        &[("ticket", "T-1")],
    ))
}

fn own_delete() -> Operation {
    Operation::update(changes(
        Route::Own,
        &[("nickname", None), ("email", None)],
        &[("ticket", "T-1")],
    ))
}

fn send_code(contact: Contact) -> Operation {
    Operation::SendCode {
        user: bob(&[]),
        contact,
        metadata: ClientMetadata([("ticket".to_owned(), "T-1".to_owned())].into()),
    }
}

fn verify_code() -> Operation {
    Operation::VerifyCode {
        user: bob(&[]),
        contact: Contact::Email,
        pending: None,
        code: Secret::new("123456"),
    }
}

fn resend_code() -> Operation {
    Operation::ResendCode {
        user: bob(&[]),
        client: ClientId::new(CLIENT),
    }
}

fn step(account: Account) -> Operation {
    Operation::Account {
        user: bob(&[]),
        account,
    }
}

/// With the writer of the operation's own route, unless another one is asked for.
async fn apply_with(service: &Service, operation: Operation, route: Route) -> Attempt {
    // Nothing here ever waits, and after a while tokio makes a task that never waits wait: then a timeout whose sleep is
    // over at once would come first.
    tokio::task::yield_now().await;
    let state = State::new();
    let connection = service.connect().await;
    let writer = match route {
        Route::Admin => connection.writer(&pool()),
        Route::Own => connection.own_writer(&pool(), Secret::new(TOKEN)),
    }
    .unwrap();
    assert_eq!(writer.route(), route);
    let intent = Intent {
        caller: Caller::default(),
        place: Written {
            account: None,
            region: None,
            endpoint: None,
            pool: pool(),
        },
        user: Username::new("bob"),
        sub: None,
        operation,
        why: crate::domain::Why::default(),
    };
    writer.apply(state.record(intent), first()).await
}

async fn apply(service: &Service, operation: Operation) -> Answer {
    let route = operation.route();
    answer_of(apply_with(service, operation, route).await)
}

fn called(service: &Service, at: usize) -> String {
    header(&service.asked()[at], "x-amz-target").replace("AWSCognitoIdentityProviderService.", "")
}

fn delivery(attribute: &str, medium: &str, destination: &str) -> CodeDelivery {
    CodeDelivery {
        attribute: Some(Raw::from(attribute)),
        medium: Some(Raw::from(medium)),
        destination: Some(Raw::from(destination)),
    }
}

/// Sends one operation and gives its one request: name, body, and whether it was signed.
async fn request_of(operation: Operation) -> (String, Value, bool) {
    let service = Service::new([ok(json!({}))]);
    let answer = apply(&service, operation).await;
    assert_eq!(
        answer,
        Answer::Accepted {
            request_id: Some(Raw::from(REQUEST_ID)),
            reported: Vec::new(),
        }
    );
    let asked = service.asked();
    assert_eq!(asked.len(), 1);
    let signed = !header(&asked[0], "authorization").is_empty();
    (called(&service, 0), service.bodies().remove(0), signed)
}

#[tokio::test]
async fn a_users_own_calls_carry_the_token_and_no_signature() {
    assert_eq!(
        request_of(own_update()).await,
        (
            "UpdateUserAttributes".to_owned(),
            json!({
                "AccessToken": TOKEN,
                "UserAttributes": [
                    {"Name": "nickname", "Value": ""},
                    {"Name": "email", "Value": "new@example.com"},
                ],
                "ClientMetadata": {"ticket": "T-1"},
            }),
            false
        )
    );
    // DeleteUserAttributes takes no client metadata.
    assert_eq!(
        request_of(own_delete()).await,
        (
            "DeleteUserAttributes".to_owned(),
            json!({"AccessToken": TOKEN, "UserAttributeNames": ["nickname", "email"]}),
            false
        )
    );
    for contact in Contact::ALL {
        assert_eq!(
            request_of(send_code(contact)).await,
            (
                "GetUserAttributeVerificationCode".to_owned(),
                json!({
                    "AccessToken": TOKEN,
                    "AttributeName": contact.name(),
                    "ClientMetadata": {"ticket": "T-1"},
                }),
                false
            )
        );
    }
    assert_eq!(
        request_of(verify_code()).await,
        (
            "VerifyUserAttribute".to_owned(),
            json!({"AccessToken": TOKEN, "AttributeName": "email", "Code": "123456"}),
            false
        )
    );
}

#[tokio::test]
async fn the_steps_on_an_account_are_signed_and_name_the_user() {
    for (account, called, more) in [
        (Account::ConfirmSignUp, "AdminConfirmSignUp", json!({})),
        (
            Account::ResendInvitation,
            "AdminCreateUser",
            json!({"MessageAction": "RESEND"}),
        ),
        (Account::ResetPassword, "AdminResetUserPassword", json!({})),
        (Account::Enable, "AdminEnableUser", json!({})),
        (Account::Disable, "AdminDisableUser", json!({})),
    ] {
        let mut body = json!({"UserPoolId": POOL, "Username": "bob"});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        assert_eq!(request_of(step(account)).await, (called.to_owned(), body, true));
    }
}

/// Without a medium the service would take SMS, and refuse where there is no number.
#[tokio::test]
async fn an_invitation_says_by_which_way_it_goes() {
    for (attributes, mediums) in [
        (
            &[("email", "bob@example.com"), ("phone_number", "+15555550100")][..],
            json!(["EMAIL"]),
        ),
        (&[("phone_number", "+15555550100")][..], json!(["SMS"])),
    ] {
        let (_, body, _) = request_of(Operation::Account {
            user: bob(attributes),
            account: Account::ResendInvitation,
        })
        .await;
        assert_eq!(body["DesiredDeliveryMediums"], mediums);
    }
}

#[tokio::test]
async fn a_code_is_resent_through_an_app_client() {
    let plain = json!({"UserPoolClient": {"ClientId": CLIENT}});
    let secret = json!({"UserPoolClient": {"ClientId": CLIENT, "ClientSecret": "secret"}});
    let details = json!({"CodeDeliveryDetails": {
        "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "b***@e***"}});
    for (client, hash) in [(plain, None), (secret, Some(HASH_OF_BOB))] {
        let service = Service::new([ok(client), ok(details.clone())]);
        let answer = apply(&service, resend_code()).await;
        assert_eq!(
            answer,
            Answer::Accepted {
                request_id: Some(Raw::from(REQUEST_ID)),
                reported: vec![delivery("email", "EMAIL", "b***@e***")],
            }
        );
        let mut body = json!({"ClientId": CLIENT, "Username": "bob"});
        if let Some(hash) = hash {
            body["SecretHash"] = json!(hash);
        }
        assert_eq!(service.bodies()[1], body);
        assert_eq!(called(&service, 1), "ResendConfirmationCode");
        assert_eq!(header(&service.asked()[1], "authorization"), "");
    }
}

#[tokio::test]
async fn a_client_that_cannot_be_read_sends_no_code() {
    let service = Service::new((0..3).map(|_| refusal("InternalErrorException", "oops")));
    let fault = refused(apply(&service, resend_code()).await);
    assert_eq!(
        (fault.kind, fault.operation),
        (FaultKind::Local, "DescribeUserPoolClient")
    );
    assert_eq!(service.asked().len(), 3, "only readings went out");
}

#[tokio::test]
async fn deliveries_are_taken_exactly_as_they_are_reported() {
    let service = Service::new([ok(json!({"CodeDeliveryDetailsList": [
        {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "n***@e***"},
        {"AttributeName": "phone_number", "DeliveryMedium": "SMS", "Destination": "+*******0199"},
        {"DeliveryMedium": "PIGEON"},
        {},
    ]}))]);
    let Answer::Accepted { reported, .. } = apply(&service, own_update()).await else {
        panic!("not accepted");
    };
    assert_eq!(
        reported,
        [
            delivery("email", "EMAIL", "n***@e***"),
            delivery("phone_number", "SMS", "+*******0199"),
            CodeDelivery {
                attribute: None,
                medium: Some(Raw::from("PIGEON")),
                destination: None,
            },
            CodeDelivery {
                attribute: None,
                medium: None,
                destination: None,
            },
        ]
    );
    let service = Service::new([ok(json!({"CodeDeliveryDetails": {"Destination": "n***@e***"}}))]);
    let Answer::Accepted { reported, .. } = apply(&service, send_code(Contact::Email)).await else {
        panic!("not accepted");
    };
    assert_eq!(reported.len(), 1);
}

fn every_operation() -> Vec<Operation> {
    let admin = changes(Route::Admin, &[("nickname", Some("b"))], &[]);
    let mut all = vec![
        Operation::update(admin),
        own_update(),
        own_delete(),
        send_code(Contact::PhoneNumber),
        verify_code(),
    ];
    all.extend(
        [
            Account::ConfirmSignUp,
            Account::ResendInvitation,
            Account::ResetPassword,
            Account::Enable,
            Account::Disable,
        ]
        .map(step),
    );
    all
}

/// All but ResendConfirmationCode, which reads its app client first; it has its turn below.
#[tokio::test]
async fn no_write_is_sent_twice() {
    for operation in every_operation() {
        let name = operation.name();
        let endings: [(Act, FaultKind); 4] = [
            (refusal("InternalErrorException", "oops"), FaultKind::Server),
            (text(502, "<html>"), FaultKind::Server),
            (reset(), FaultKind::Broken),
            (hang(), FaultKind::Timeout),
        ];
        for (act, kind) in endings {
            let service = Service::new([act]);
            let fault = unknown(apply(&service, operation.clone()).await);
            assert_eq!((fault.kind, fault.operation), (kind, name));
            assert_eq!(service.asked().len(), 1, "{name}, {kind:?}");
        }
        let service = Service::new([refusal("LimitExceededException", "Attempt limit exceeded")]);
        let fault = refused(apply(&service, operation.clone()).await);
        assert_eq!((fault.kind, fault.operation), (FaultKind::Service, name));
        assert_eq!(service.asked().len(), 1, "{name}");
        let service = Service::new([refusal("TooManyRequestsException", "Rate exceeded")]);
        let route = operation.route();
        let attempt = apply_with(&service, operation, route).await;
        assert!(matches!(attempt, Attempt::Throttled(..)), "{name}: {attempt:?}");
        assert_eq!(service.asked().len(), 1, "{name}");
    }
    let plain = ok(json!({"UserPoolClient": {"ClientId": CLIENT}}));
    let service = Service::new([plain, reset()]);
    let fault = unknown(apply(&service, resend_code()).await);
    assert_eq!(
        (fault.kind, fault.operation),
        (FaultKind::Broken, "ResendConfirmationCode")
    );
    assert_eq!(service.asked().len(), 2, "the app client, and the code once");
}

#[tokio::test]
async fn a_writer_of_the_other_kind_sends_nothing() {
    let mut all = every_operation();
    all.push(resend_code());
    for operation in all {
        let name = operation.name();
        let other = match operation.route() {
            Route::Admin => Route::Own,
            Route::Own => Route::Admin,
        };
        let service = Service::new([]);
        let fault = refused(answer_of(apply_with(&service, operation, other).await));
        assert_eq!(
            (fault.kind, fault.code.as_str(), fault.operation),
            (FaultKind::Local, "WrongWriter", name)
        );
        assert!(service.asked().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn neither_token_nor_code_is_printed() {
    let state = State::new();
    let service = Service::new([refusal("CodeMismatchException", "Invalid code provided: 123456")]);
    let writer = service.connect().await.own_writer(&pool(), Secret::new(TOKEN)).unwrap();
    let operation = verify_code();
    let mut printed = format!("{writer:?} {operation:?}");
    let intent = Intent {
        caller: Caller::default(),
        place: Written {
            account: None,
            region: None,
            endpoint: None,
            pool: pool(),
        },
        user: Username::new("bob"),
        sub: None,
        operation,
        why: crate::domain::Why::default(),
    };
    let attempt = writer.apply(state.record(intent), first()).await;
    printed.push_str(&format!("{attempt:?}"));
    assert!(!printed.contains(TOKEN) && !printed.contains("123456"), "{printed}");
}

#[tokio::test]
async fn a_refusal_that_repeats_the_request_shows_neither_token_nor_code() {
    for operation in [own_update(), own_delete(), send_code(Contact::Email), verify_code()] {
        let name = operation.name();
        let service = Service::new([refusal(TOKEN, r#"{"AccessToken":"the.access.token","Code":"123456"}"#)]);
        let Answer::Refused(fault) = apply(&service, operation).await else {
            panic!("{name} was not refused");
        };
        let code = if name == "VerifyUserAttribute" {
            "(withheld)"
        } else {
            "123456"
        };
        assert_eq!(
            (fault.code.as_str(), fault.message.as_str()),
            (
                "(withheld)",
                format!("{{\"AccessToken\":\"(withheld)\",\"Code\":\"{code}\"}}").as_str()
            ),
            "{name}"
        );
    }
}
