//! Answers of the service, decoded by the real SDK: a value or a fault, never a panic, and no text of a body where
//! things are printed for debugging.

use std::cell::RefCell;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes as Body;
use cognitui::cognito::{Connection, Cut, Limits, Outside, Reader, Way, WireAnswer};
use cognitui::domain::fault::Access;
use cognitui::domain::sign_in::{Flow, Password};
use cognitui::domain::{ClientId, Fault, FaultKind, PoolId, Raw, Secret, Target, Username};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::Bytes;

const POOL: &str = "eu-west-1_Test12345";

/// Stands in the answers wherever a value of a person can. Names of attributes, ids and error codes are printed on
/// purpose, so it is none of those.
const PRIVATE: &str = "ann.private@example.com";

pub const WORDS: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"null",
    b"\"",
    b"\\ud800",
    b"{\"__type\":\"com.amazonaws.cognito#UserNotFoundException\",\"message\":\"no\"}",
    b"{\"__type\":\"TooManyRequestsException\"}",
    b"{\"__type\":7}",
    b"<html><body>502</body></html>",
    b"<Error><Code>SlowDown</Code></Error>",
    b"\"UserPools\":[{}]",
    b"1e999",
    b"-9007199254740993",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
];

/// Whatever is asked for.
#[derive(Clone, Copy, Debug)]
enum Ask {
    Pools,
    Pool,
    Users,
    User,
    OwnUser,
    Groups,
    Providers,
    Clients,
    Client,
    SignIn,
}

const ASKS: [Ask; 10] = [
    Ask::Pools,
    Ask::Pool,
    Ask::Users,
    Ask::User,
    Ask::OwnUser,
    Ask::Groups,
    Ask::Providers,
    Ask::Clients,
    Ask::Client,
    Ask::SignIn,
];

/// One answer, given to every request of an input.
#[derive(Clone)]
struct Answer {
    status: u16,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
    how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Whole,
    Truncated,
    Reset,
    Hang,
    Late,
}

pub fn check(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let ask = bytes.pick(&ASKS);
    let status = bytes.pick(&[
        200, 200, 200, 200, 400, 400, 403, 404, 413, 429, 500, 502, 503, 204, 301, 302, 418,
    ]);
    let how = bytes.pick(&[
        How::Whole,
        How::Whole,
        How::Whole,
        How::Whole,
        How::Whole,
        How::Whole,
        How::Truncated,
        How::Reset,
        How::Hang,
        How::Late,
    ]);
    let headers = headers(&mut bytes);
    let (untouched, body) = body(ask, status, &mut bytes);
    let answer = Answer {
        status,
        headers,
        body,
        how,
    };
    SERVICE.with_borrow(|service| service.check(ask, &answer, untouched));
}

fn headers(bytes: &mut Bytes<'_>) -> Vec<(&'static str, Vec<u8>)> {
    let types: [&[u8]; 5] = [
        b"application/x-amz-json-1.1",
        b"application/json",
        b"text/html",
        b"\xff",
        b"",
    ];
    let mut headers = vec![("content-type", bytes.pick(&types).to_vec())];
    if bytes.flag() {
        headers.push(("x-amzn-requestid", PRIVATE.into()));
    }
    if bytes.below(4) == 0 {
        headers.push((
            "x-amzn-errortype",
            b"ThrottlingException:http://internal.amazon.com/".to_vec(),
        ));
    }
    if bytes.below(4) == 0 {
        headers.push(("date", b"Sun, 01 Mar 2026 99:99:99 GMT".to_vec()));
    }
    headers
}

/// A body, and whether it is exactly what the service would send.
fn body(ask: Ask, status: u16, bytes: &mut Bytes<'_>) -> (bool, Vec<u8>) {
    let how = bytes.below(8);
    let mut value = if status == 200 { whole(ask) } else { refusal(bytes) };
    match how {
        // Any bytes, with the private text among them.
        0 => (false, [bytes.remaining(), PRIVATE.as_bytes()].concat()),
        1 => {
            let page = format!("<html><title>502</title><p>{PRIVATE}</p>{}</html>", bytes.rest());
            (false, page.into_bytes())
        }
        2 => (true, value.to_string().into_bytes()),
        3 => {
            // Bytes of the right answer that were changed or lost.
            let mut text = value.to_string().into_bytes();
            for _ in 0..1 + bytes.below(4) {
                let at = (usize::from(bytes.byte()) * 256 + usize::from(bytes.byte())) % text.len();
                match bytes.below(3) {
                    0 => text.truncate(at.max(1)),
                    1 => drop(text.remove(at)),
                    _ => text[at] = bytes.byte(),
                }
                if text.is_empty() {
                    text.push(b'{');
                }
            }
            (false, text)
        }
        _ => {
            for _ in 0..1 + bytes.below(4) {
                change(&mut value, bytes);
            }
            (false, value.to_string().into_bytes())
        }
    }
}

/// Goes somewhere into the answer and leaves something there that the service never sends.
fn change(value: &mut Value, bytes: &mut Bytes<'_>) {
    let stay = bytes.below(5) == 0;
    match value {
        Value::Object(members) if !members.is_empty() && !stay => {
            let names: Vec<String> = members.keys().cloned().collect();
            let name = &names[bytes.below(names.len())];
            if bytes.below(6) == 0 {
                members.remove(name);
            } else {
                change(&mut members[name], bytes);
            }
        }
        Value::Array(items) if !items.is_empty() && !stay => {
            let at = bytes.below(items.len());
            match bytes.below(6) {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                _ => change(&mut items[at], bytes),
            }
        }
        value => {
            *value = match bytes.below(12) {
                0 => Value::Null,
                1 => json!(""),
                2 => json!(0),
                3 => json!(-1.5e300),
                4 => json!(9_223_372_036_854_775_807_i64),
                5 => json!(true),
                6 => json!([]),
                7 => json!({}),
                8 => json!([null, {}, [], "x"]),
                9 => json!("\u{0}\u{1b}]0;x\u{7}\u{202e}"),
                10 => json!("x".repeat(100_000)),
                _ => (0..100).fold(json!(1), |inner, _| json!([inner])),
            };
        }
    }
}

fn refusal(bytes: &mut Bytes<'_>) -> Value {
    let code = bytes.pick(&[
        "UserNotFoundException",
        "com.amazonaws.cognitoidp#InvalidParameterException",
        "TooManyRequestsException",
        "LimitExceededException",
        "NotAuthorizedException",
        "InternalErrorException",
        "AccessDeniedException",
        "NeverSeenException",
        "",
    ]);
    match bytes.below(3) {
        0 => json!({ "__type": code, "message": PRIVATE }),
        1 => json!({ "__type": code, "Message": PRIVATE, "more": { "user": PRIVATE } }),
        _ => json!({ "__type": code }),
    }
}

/// The answer as the API reference describes it, with something in every member that is read.
fn whole(ask: Ask) -> Value {
    let attributes = json!([
        { "Name": "sub", "Value": PRIVATE },
        { "Name": "email", "Value": PRIVATE },
        { "Name": "custom:tier" },
    ]);
    match ask {
        Ask::Pools => json!({ "UserPools": [
            { "Id": POOL, "Name": PRIVATE, "LastModifiedDate": 1_700_000_000.25 }, { "Id": "eu-west-1_b" },
        ], "NextToken": PRIVATE }),
        Ask::Pool => json!({ "UserPool": {
            "Id": POOL, "Name": PRIVATE, "Arn": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Test12345",
            "SchemaAttributes": [
                { "Name": "email", "AttributeDataType": "String", "Mutable": true, "Required": true,
                  "StringAttributeConstraints": { "MinLength": "0", "MaxLength": "2048" } },
                { "Name": "custom:n", "AttributeDataType": "Number",
                  "NumberAttributeConstraints": { "MinValue": "-5", "MaxValue": "a lot" } },
                { "Name": "custom:shape", "AttributeDataType": PRIVATE },
            ],
            "AliasAttributes": ["email"], "UsernameAttributes": [], "AutoVerifiedAttributes": ["email"],
            "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": ["email"] },
            "VerificationMessageTemplate": { "DefaultEmailOption": "CONFIRM_WITH_LINK" },
            "UsernameConfiguration": { "CaseSensitive": false }, "MfaConfiguration": "OPTIONAL",
            "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Priority": 1, "Name": "verified_email" }] },
            "EmailConfiguration": { "EmailSendingAccount": "DEVELOPER" }, "EmailConfigurationFailure": PRIVATE,
            "SmsConfiguration": { "SnsCallerArn": "arn:aws:iam::123456789012:role/x" },
            "LambdaConfig": { "CustomMessage": "arn:aws:lambda:eu-west-1:123456789012:function:x" },
            "EstimatedNumberOfUsers": 12_345,
        } }),
        Ask::Users => json!({ "Users": [
            { "Username": PRIVATE, "Attributes": attributes, "UserStatus": "CONFIRMED", "Enabled": true,
              "UserCreateDate": 1_700_000_000.25, "UserLastModifiedDate": 1_700_000_000 },
            { "Username": PRIVATE },
        ], "PaginationToken": PRIVATE }),
        Ask::User => json!({
            "Username": PRIVATE, "UserAttributes": attributes, "UserStatus": "CONFIRMED", "Enabled": true,
            "UserCreateDate": 1_700_000_000.25, "UserMFASettingList": ["SMS_MFA", PRIVATE],
            "PreferredMfaSetting": PRIVATE, "MFAOptions": [{ "DeliveryMedium": "SMS", "AttributeName": "phone_number" }],
        }),
        Ask::OwnUser => json!({ "Username": PRIVATE, "UserAttributes": attributes, "UserMFASettingList": [PRIVATE] }),
        Ask::Groups => json!({ "Groups": [{ "GroupName": PRIVATE }, { "GroupName": "b", "Description": PRIVATE }] }),
        Ask::Providers => json!({
            "Providers": [{ "ProviderName": PRIVATE, "ProviderType": "SAML" }],
            "IdentityProvider": { "ProviderName": PRIVATE, "AttributeMapping": { "email": PRIVATE } },
        }),
        Ask::Clients => json!({ "UserPoolClients": [{ "ClientId": PRIVATE, "ClientName": PRIVATE }] }),
        Ask::Client => json!({ "UserPoolClient": {
            "ClientId": PRIVATE, "ClientName": PRIVATE, "ClientSecret": PRIVATE,
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", PRIVATE],
            "WriteAttributes": ["email"], "ReadAttributes": ["email", "name"],
        } }),
        // The answer to the question about the app client is in it as well.
        Ask::SignIn => json!({
            "UserPoolClient": { "ClientId": PRIVATE, "ClientSecret": PRIVATE },
            "AuthenticationResult": { "AccessToken": PRIVATE, "IdToken": PRIVATE, "RefreshToken": PRIVATE },
            "Session": PRIVATE,
            "ChallengeParameters": { "USER_ID_FOR_SRP": PRIVATE, "requiredAttributes": "[\"userAttributes.name\"]" },
        }),
    }
}

/// A connection whose other end gives the answer of the input.
struct Service {
    runtime: Runtime,
    connection: Connection,
    reader: Reader,
    answer: Arc<Mutex<Answer>>,
}

thread_local! {
    static SERVICE: RefCell<Service> = RefCell::new(Service::new());
}

impl Service {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let answer = Arc::new(Mutex::new(Answer {
            status: 200,
            headers: Vec::new(),
            body: Vec::new(),
            how: How::Whole,
        }));
        let wire = {
            let answer = Arc::clone(&answer);
            Arc::new(move |_: http::Request<Body>| answer.lock().unwrap_or_else(PoisonError::into_inner).give())
        };
        let outside = Outside {
            clock: Arc::new(|| Timestamp::from_second(1_772_366_400).expect("a time")),
            // No wait takes any time.
            sleep: Some(Arc::new(|_| Box::pin(std::future::ready(())))),
            way: Way::Wire(wire),
        };
        let limits = Limits {
            connect_timeout: Duration::from_secs(2),
            read_timeout: Duration::from_secs(5),
        };
        let pool = PoolId::new(POOL);
        let opened = runtime.block_on(Connection::open(&Target::default(), Some(&pool), &limits, &outside));
        let connection = opened.expect("a connection");
        let reader = connection.reader(Some(&pool)).expect("a reader");
        Self {
            runtime,
            connection,
            reader,
            answer,
        }
    }

    fn check(&self, ask: Ask, answer: &Answer, untouched: bool) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer.clone();
        let pool = PoolId::new(POOL);
        let name = Username::new("ann");
        let reader = &self.reader;
        let judge = Judge { answer, untouched, ask };
        self.runtime.block_on(async {
            match ask {
                Ask::Pools => judge.of("ListUserPools", reader.list_pools(None).await),
                Ask::Pool => judge.of("DescribeUserPool", reader.describe_pool(&pool).await),
                Ask::Users => judge.of("ListUsers", reader.list_users(&pool, None, None, None).await),
                Ask::User => judge.of("AdminGetUser", reader.get_user(&pool, &name).await),
                Ask::OwnUser => judge.of("GetUser", reader.own_user(&Secret::new("a.b.c".to_owned())).await),
                Ask::Groups => judge.of("AdminListGroupsForUser", reader.groups_for_user(&pool, &name).await),
                Ask::Providers => judge.of("IdentityProvider", reader.providers(&pool).await),
                Ask::Clients => judge.of("ListUserPoolClients", reader.clients(&pool).await),
                Ask::Client => {
                    judge.of(
                        "DescribeUserPoolClient",
                        reader.app_client(&pool, &ClientId::new("c")).await,
                    );
                }
                Ask::SignIn => {
                    let authenticator = self.connection.authenticator(&pool).expect("an authenticator");
                    let password = Password {
                        flow: Flow::AdminPassword,
                        client: ClientId::new("c"),
                        username: Raw::from("ann"),
                        password: Secret::new("correct horse".to_owned()),
                        expected: None,
                    };
                    judge.of("", authenticator.sign_in(password).await);
                }
            }
        });
    }
}

impl Answer {
    fn give(&self) -> WireAnswer {
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(*name, value.as_slice());
        }
        let response = response
            .body(Body::from(self.body.clone()))
            .expect("headers of visible bytes");
        WireAnswer {
            after: match self.how {
                How::Late => Duration::from_secs(60),
                _ => Duration::ZERO,
            },
            result: match self.how {
                How::Whole | How::Late => Ok(response),
                How::Truncated => Err(Cut::Truncated(response)),
                How::Reset => Err(Cut::Reset),
                How::Hang => Err(Cut::Hang),
            },
        }
    }
}

struct Judge<'a> {
    answer: &'a Answer,
    untouched: bool,
    ask: Ask,
}

impl Judge<'_> {
    fn of<T: Debug>(&self, operation: &str, result: Result<T, Fault>) {
        let printed = format!("{result:?}");
        assert!(!printed.contains(PRIVATE), "{:?}: {printed}", self.ask);
        let Answer { status, how, .. } = *self.answer;
        let fault = match result {
            Ok(_) => {
                assert!(
                    matches!(how, How::Whole | How::Truncated),
                    "{:?}: no answer came",
                    self.ask
                );
                assert!(status < 400, "{:?}: a refusal is no value", self.ask);
                return;
            }
            Err(fault) => fault,
        };
        let all_read = self.untouched && status == 200 && how == How::Whole;
        assert!(!all_read, "{:?}: a whole answer is a value, not {printed}", self.ask);
        assert!(fault.operation.contains(operation), "{:?}: {printed}", self.ask);
        assert!(!fault.code.as_str().is_empty(), "{printed}");
        self.kind(&fault);
        for access in [Access::Read, Access::Write] {
            assert!(!fault.what_changed(access).is_empty(), "{printed}");
        }
        assert!(
            !fault.meaning().is_empty() && !fault.next_step_with(None).is_empty(),
            "{printed}"
        );
    }

    /// What may be concluded about a write that were answered so.
    fn kind(&self, fault: &Fault) {
        let Answer { status, how, .. } = *self.answer;
        let applied = fault.kind.may_have_been_applied();
        let about = format!("{:?}: {status} {fault:?} {:?}", self.ask, fault.kind);
        match how {
            // A sign-in that could not even read its app client did not begin.
            _ if matches!(self.ask, Ask::SignIn) && fault.kind == FaultKind::Local => {}
            How::Hang | How::Late => assert_eq!(fault.kind, FaultKind::Timeout, "{about}"),
            How::Reset => assert_eq!(fault.kind, FaultKind::Broken, "{about}"),
            How::Whole | How::Truncated if status >= 500 => assert!(applied, "{about}"),
            How::Whole if (400..500).contains(&status) => {
                assert!(!applied, "{about}");
                assert!(status != 429 || fault.kind == FaultKind::Throttled, "{about}");
            }
            How::Whole => assert!(applied, "{about}"),
            // What a cut answer was meant to say is not known for sure.
            How::Truncated => assert_ne!(fault.kind, FaultKind::NoConnection, "{about}"),
        }
    }
}
