//! One decision is one request, whatever becomes of it; and the request says exactly what was decided.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::cognito::testing::*;
use crate::cognito::{Connection, Outside, Sleep, Way};
use crate::domain::place::{Caller, Written};
use crate::domain::schema::DataType;
use crate::domain::{
    AttributeName, AttributeValue, ChangeSet, Draft, Edit, FaultKind, Intent, Rules, Schema, SchemaAttribute, Target,
    User, Username,
};
use crate::journal::Journal;

use super::*;

/// A state folder that goes away with the test.
pub(super) struct State(PathBuf);

impl State {
    pub(super) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        Self(std::env::temp_dir().join(format!("cognitui-writer-{}-{number}", std::process::id())))
    }

    pub(super) fn record(&self, intent: Intent) -> Recorded {
        Journal::open(self.0.clone(), clock(), "test")
            .unwrap()
            .record(intent)
            .unwrap()
    }
}

impl Drop for State {
    fn drop(&mut self) {
        // The folder may not be there: a test that failed early made none.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn schema() -> Schema {
    let attribute = |name: &str, data_type| SchemaAttribute {
        name: AttributeName::new(name),
        data_type,
        mutable: true,
        required: false,
        developer_only: false,
    };
    let string = || DataType::String { min: None, max: None };
    Schema {
        attributes: vec![
            attribute("name", string()),
            attribute("nickname", string()),
            attribute("email", string()),
            attribute("email_verified", DataType::Boolean),
            attribute("custom:tier", string()),
        ],
    }
}

fn change_set() -> ChangeSet {
    let attributes = [
        ("nickname", "bobby"),
        ("email", "old@example.com"),
        ("email_verified", "true"),
    ];
    let base = User {
        read_at: now(),
        ..User::listed("bob", &attributes)
    };
    let mut draft = Draft::new(Arc::new(base), Route::Admin);
    draft.set(
        AttributeName::new("custom:tier"),
        Edit::Set(AttributeValue::new("gold \"1\"\nÅ")),
    );
    draft.set(AttributeName::new("nickname"), Edit::Delete);
    draft.set(
        AttributeName::new("email"),
        Edit::Set(AttributeValue::new("new@example.com")),
    );
    draft.set(
        AttributeName::new("email_verified"),
        Edit::Set(AttributeValue::new("true")),
    );
    draft.metadata.0.insert("ticket".to_owned(), "T-1".to_owned());
    draft.change_set(&Rules::admin(&schema())).unwrap()
}

fn intent_for(pool: PoolId) -> Intent {
    Intent {
        caller: Caller::default(),
        place: Written {
            account: None,
            region: None,
            endpoint: None,
            pool,
        },
        user: Username::new("bob"),
        sub: None,
        operation: Operation::AdminUpdate(change_set()),
        why: crate::domain::Why::default(),
    }
}

pub(super) fn first() -> Round {
    Round {
        number: 1,
        since: now(),
    }
}

pub(super) fn answer_of(attempt: Attempt) -> Answer {
    match attempt {
        Attempt::Sent(sent) => sent.answer().clone(),
        Attempt::Throttled(_, fault) => panic!("throttled: {fault:?}"),
    }
}

pub(super) fn unknown(answer: Answer) -> Fault {
    match answer {
        Answer::Unknown(fault) => fault,
        other => panic!("{other:?}"),
    }
}

pub(super) fn refused(answer: Answer) -> Fault {
    match answer {
        Answer::Refused(fault) => fault,
        other => panic!("{other:?}"),
    }
}

async fn write_to(service: &Service) -> Attempt {
    let state = State::new();
    let writer = service.connect().await.writer(&pool()).unwrap();
    writer.apply(state.record(intent_for(pool())), first()).await
}

#[tokio::test]
async fn the_request_holds_exactly_what_was_decided() {
    let service = Service::new([ok(json!({}))]);
    let answer = answer_of(write_to(&service).await);
    assert_eq!(
        answer,
        Answer::Accepted {
            request_id: Some(Raw::from(REQUEST_ID)),
            reported: Vec::new(),
        }
    );

    assert_eq!(
        service.bodies(),
        [json!({
            "UserPoolId": POOL,
            "Username": "bob",
            "UserAttributes": [
                {"Name": "nickname", "Value": ""},
                {"Name": "email", "Value": "new@example.com"},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "custom:tier", "Value": "gold \"1\"\nÅ"},
            ],
            "ClientMetadata": {"ticket": "T-1"},
        })]
    );
    let asked = service.asked();
    let request = &asked[0];
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://cognito-idp.eu-west-1.amazonaws.com/");
    assert_eq!(header(request, "content-type"), "application/x-amz-json-1.1");
    assert_eq!(
        header(request, "x-amz-target"),
        "AWSCognitoIdentityProviderService.AdminUpdateUserAttributes"
    );
    assert_eq!(header(request, "x-amz-date"), "20260301T120000Z");
    assert!(
        header(request, "authorization")
            .starts_with("AWS4-HMAC-SHA256 Credential=cognitui-local/20260301/eu-west-1/cognito-idp/aws4_request, ")
    );
    assert!(
        header(request, "user-agent")
            .split(' ')
            .any(|part| part == "app/cognitui")
    );
}

#[tokio::test]
async fn whatever_happens_one_request_is_sent() {
    use FaultKind::{Broken, Server, Service as Said, Timeout, Undecodable};
    let xml = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not allowed</Message></Error></ErrorResponse>";
    let endings: [(Act, FaultKind, &str); 13] = [
        (
            refusal("InternalErrorException", "oops"),
            Server,
            "InternalErrorException",
        ),
        (text(500, "<html>oops</html>"), Server, "HTTP 500"),
        (text(503, ""), Server, "HTTP 503"),
        (reset(), Broken, "ConnectionBroken"),
        (hang(), Timeout, "Timeout"),
        (late(limits().read_timeout * 2, json!({})), Timeout, "Timeout"),
        (truncated(200, json!({"a": "b"})), Broken, "AnswerCut"),
        (
            text(200, "<html>sign in to the network</html>"),
            Undecodable,
            "UnreadableAnswer",
        ),
        (refusal("AliasExistsException", "taken"), Said, "AliasExistsException"),
        (
            refusal("LimitExceededException", "too often"),
            Said,
            "LimitExceededException",
        ),
        (refusal("AccessDeniedException", "no"), Said, "AccessDeniedException"),
        (text(403, xml), Said, "AccessDenied"),
        (text(302, ""), Undecodable, "HTTP 302"),
    ];
    for (act, kind, code) in endings {
        let service = Service::new([act]);
        let answer = answer_of(write_to(&service).await);
        assert_eq!(service.asked().len(), 1, "{code}");
        let fault = if kind.may_have_been_applied() {
            unknown(answer)
        } else {
            refused(answer)
        };
        assert_eq!((fault.kind, fault.code.as_str()), (kind, code));
        assert_eq!(fault.operation, "AdminUpdateUserAttributes");
        let answered = !matches!(kind, Timeout) && code != "ConnectionBroken";
        assert_eq!(fault.request_id.is_some(), answered, "{code}");
    }
}

#[tokio::test]
async fn a_refusal_for_rate_gives_the_decision_back_and_it_can_go_out_again() {
    let state = State::new();
    let throttles = [
        refusal("TooManyRequestsException", "Rate exceeded"),
        refusal("ThrottlingException", "Rate exceeded"),
        text(429, "slow down"),
    ];
    let service = Service::new(throttles.into_iter().chain([ok(json!({}))]));
    let writer = service.connect().await.writer(&pool()).unwrap();
    let mut recorded = state.record(intent_for(pool()));
    for number in 1..=3 {
        recorded = match writer.apply(recorded, Round { number, since: now() }).await {
            Attempt::Throttled(recorded, fault) => {
                assert_eq!(fault.kind, FaultKind::Throttled);
                recorded
            }
            Attempt::Sent(sent) => panic!("{sent:?}"),
        };
        assert_eq!(service.asked().len(), number as usize);
    }
    let since = now() - jiff::SignedDuration::from_secs(3);
    let Attempt::Sent(sent) = writer.apply(recorded, Round { number: 4, since }).await else {
        panic!()
    };
    assert!(matches!(sent.answer(), Answer::Accepted { .. }));
    assert_eq!(sent.duration(), Duration::from_secs(3));
    assert_eq!(service.asked().len(), 4);
}

#[tokio::test]
async fn reads_through_the_same_client_are_retried() {
    let state = State::new();
    let service = Service::new([
        refusal("InternalErrorException", "oops"),
        ok(json!({"Username": "bob", "Enabled": true})),
        refusal("InternalErrorException", "oops"),
    ]);
    let connection = service.connect().await;
    connection
        .reader(Some(&pool()))
        .unwrap()
        .get_user(&pool(), &Username::new("bob"))
        .await
        .unwrap();
    assert_eq!(service.asked().len(), 2);
    let answer = connection
        .writer(&pool())
        .unwrap()
        .apply(state.record(intent_for(pool())), first())
        .await;
    unknown(answer_of(answer));
    assert_eq!(service.asked().len(), 3);
}

#[tokio::test]
async fn what_a_read_learned_about_a_wrong_clock_serves_the_write() {
    let state = State::new();
    let service = Service::new([
        dated(
            "Sun, 01 Mar 2026 13:00:00 GMT",
            200,
            json!({"Username": "bob", "Enabled": true}),
        ),
        ok(json!({})),
    ]);
    let connection = service.connect().await;
    connection
        .reader(Some(&pool()))
        .unwrap()
        .get_user(&pool(), &Username::new("bob"))
        .await
        .unwrap();
    let answer = connection
        .writer(&pool())
        .unwrap()
        .apply(state.record(intent_for(pool())), first())
        .await;
    assert!(matches!(answer_of(answer), Answer::Accepted { .. }));
    let dates: Vec<_> = service
        .asked()
        .iter()
        .map(|request| header(request, "x-amz-date").to_owned())
        .collect();
    assert_eq!(dates, ["20260301T120000Z", "20260301T130000Z"]);
}

#[tokio::test]
async fn a_writer_of_another_pool_sends_nothing() {
    let state = State::new();
    let service = Service::new([]);
    let writer = service.connect().await.writer(&pool()).unwrap();
    let recorded = state.record(intent_for(PoolId::new("eu-west-1_Other6789")));
    let fault = refused(answer_of(writer.apply(recorded, first()).await));
    assert_eq!((fault.kind, fault.code.as_str()), (FaultKind::Local, "WrongPool"));
    assert!(service.asked().is_empty());
}

/// The whole attempt ran out of time: the SDK says so in another way than when the connector did.
#[tokio::test]
async fn an_attempt_without_an_end_is_a_timeout_too() {
    let state = State::new();
    let waits: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let sleep: Sleep = {
        let waits = waits.clone();
        Arc::new(move |duration| {
            waits.lock().unwrap().push(duration);
            // The connector's own timeout never comes; whatever else is waited for is over at once.
            if duration == limits().read_timeout {
                Box::pin(std::future::pending())
            } else {
                Box::pin(std::future::ready(()))
            }
        })
    };
    let service = Service::new([hang()]);
    let outside = Outside {
        clock: clock(),
        sleep: Some(sleep),
        way: Way::Wire(service.wire()),
    };
    let connection = Connection::open(&Target::default(), None, &limits(), &outside)
        .await
        .unwrap();
    let writer = connection.writer(&pool()).unwrap();
    let fault = unknown(answer_of(writer.apply(state.record(intent_for(pool())), first()).await));
    assert_eq!((fault.kind, fault.code.as_str()), (FaultKind::Timeout, "Timeout"));
    assert_eq!(service.asked().len(), 1);
    assert!(waits.lock().unwrap().contains(&limits().read_timeout));
}

/// Time ran out while credentials were fetched: nothing left this machine, so nothing is unknown.
#[tokio::test]
async fn a_timeout_before_the_request_left_changed_nothing() {
    let state = State::new();
    let service = Service::default();
    let sleep: Sleep = Arc::new(|duration| {
        if duration == limits().attempt() {
            Box::pin(std::future::ready(()))
        } else {
            Box::pin(std::future::pending())
        }
    });
    let outside = Outside {
        clock: clock(),
        sleep: Some(sleep),
        way: Way::Network,
    };
    let target = Target {
        profile: Some("p".to_owned()),
        ..Target::default()
    };
    let files = profile_files("[profile p]\nregion = eu-west-1\ncredential_process = /bin/true\n");
    let connection = Connection::open_network(&target, None, &limits(), &outside, &files, Some(service.http()))
        .await
        .unwrap();
    let writer = connection.writer(&pool()).unwrap();
    let fault = refused(answer_of(writer.apply(state.record(intent_for(pool())), first()).await));
    assert_eq!((fault.kind, fault.code.as_str()), (FaultKind::Local, "NotSent"));
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn debug_output_holds_no_value() {
    let state = State::new();
    let service = Service::new([refusal("InvalidParameterException", "new@example.com is not nice")]);
    let writer = service.connect().await.writer(&pool()).unwrap();
    let attempt = writer.apply(state.record(intent_for(pool())), first()).await;
    let printed = format!("{writer:?} {attempt:?}");
    assert!(!printed.contains("example.com"), "{printed}");
    assert!(printed.contains("InvalidParameterException"), "{printed}");
}
