//! The protocol and everything that goes wrong on purpose.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::super::testing::{Bench, POOL, request, update};
use super::super::{Enforced, Fault, PoolSeed, User};
use super::*;

const UPDATE: &str = "AdminUpdateUserAttributes";

fn bench() -> Bench {
    Bench::with(PoolSeed::new(POOL, "pool").user(User::new("jane")))
}

#[expect(clippy::result_large_err, reason = "the signature of Emulator::answer")]
fn rename(bench: &Bench, name: &str) -> Result<Response<Bytes>, Cut> {
    bench
        .emulator
        .answer(request(UPDATE, update("jane", &[("name", name)])))
}

fn raw(bench: &Bench, operation: &str, body: &str) -> (u16, Value) {
    let request = request(operation, Value::Null).map(|_| Bytes::copy_from_slice(body.as_bytes()));
    let response = bench.emulator.answer(request).unwrap();
    (
        response.status().as_u16(),
        serde_json::from_slice(response.body()).unwrap(),
    )
}

#[test]
fn answers_have_the_protocols_headers_and_a_request_id_of_their_own() {
    let bench = bench();
    let one = rename(&bench, "J").unwrap();
    let other = rename(&bench, "J").unwrap();
    assert_eq!(one.status(), 200);
    assert_eq!(one.headers()["content-type"], "application/x-amz-json-1.1");
    assert_eq!(one.headers()["content-length"], "2");
    assert_eq!(one.body().as_ref(), b"{}");
    assert_eq!(one.headers()["x-amzn-requestid"].len(), 36);
    assert_ne!(one.headers()["x-amzn-requestid"], other.headers()["x-amzn-requestid"]);
    assert_eq!(
        bench.emulator.calls()[0].request_id.as_bytes(),
        one.headers()["x-amzn-requestid"].as_bytes()
    );
}

#[test]
fn what_is_not_json_or_not_the_right_type_is_a_serialization_exception() {
    let bench = bench();
    for body in ["{", "[]", "\"x\"", "nonsense"] {
        let (status, error) = raw(&bench, "ListUsers", body);
        assert_eq!(
            (status, &error["__type"]),
            (400, &json!("SerializationException")),
            "{body}"
        );
    }
    for body in [
        json!({"UserPoolId": 7}),
        json!({"UserPoolId": POOL, "Limit": "60"}),
        json!({"UserPoolId": POOL, "AttributesToGet": "name"}),
        json!({"UserPoolId": POOL, "AttributesToGet": [1]}),
    ] {
        assert_eq!(bench.refused("ListUsers", body).0, "SerializationException");
    }
}

#[test]
fn missing_and_misshapen_members_are_reported_together_without_sensitive_values() {
    let bench = bench();
    let message = bench.invalid(UPDATE, json!({"UserPoolId": "no pool", "Username": "x".repeat(129)}));
    assert_eq!(
        message,
        "3 validation errors detected: Value 'no pool' at 'userPoolId' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: [\\w-]+_[0-9a-zA-Z]+; Value at 'username' failed to satisfy constraint: Member must \
         have length less than or equal to 128; Value null at 'userAttributes' failed to satisfy constraint: Member must \
         not be null"
    );
    let message = bench.invalid("AdminGetUser", json!({"UserPoolId": POOL}));
    assert_eq!(
        message,
        "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must not be null"
    );
    let body = json!({"UserPoolId": POOL, "Username": "jane", "UserAttributes": [{"Value": "x"}]});
    assert!(
        bench
            .invalid(UPDATE, body)
            .contains("Value null at 'userAttributes.1.member.name'")
    );
}

#[test]
fn an_operation_it_lacks_is_named_loudly() {
    let bench = bench();
    for operation in ["ForgotPassword", "AdminForgetDevice", "Nonsense"] {
        let (code, message) = bench.refused(operation, json!({}));
        assert_eq!(code, "UnknownOperationException");
        assert!(
            message.starts_with(&format!("{operation} is not one of the ")),
            "{message}"
        );
    }
}

#[test]
fn what_is_not_a_cognito_request_is_told_so() {
    let bench = bench();
    let get = http::Request::get("/").body(Bytes::new()).unwrap();
    assert_eq!(bench.emulator.answer(get).unwrap().status(), 400);
    let other = http::Request::post("/")
        .header("x-amz-target", "DynamoDB_20120810.ListTables")
        .body(Bytes::new())
        .unwrap();
    let response = bench.emulator.answer(other).unwrap();
    assert!(String::from_utf8_lossy(response.body()).contains("DynamoDB_20120810.ListTables"));
}

#[test]
fn any_error_can_be_injected_for_the_next_calls_of_one_operation() {
    let bench = bench();
    bench.emulator.inject(
        Fault::error("ExpiredTokenException", "The security token is expired")
            .on(UPDATE)
            .times(2),
    );
    bench.ok("AdminGetUser", json!({"UserPoolId": POOL, "Username": "jane"}));
    for _ in 0..2 {
        let response = rename(&bench, "J").unwrap();
        assert_eq!(response.status(), 400);
        assert_eq!(response.headers()["x-amzn-errortype"], "ExpiredTokenException");
    }
    assert_eq!(bench.value("jane", "name"), None);
    assert_eq!(rename(&bench, "J").unwrap().status(), 200);
    let outcomes: Vec<String> = bench.emulator.calls().into_iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, ["ok", "ExpiredTokenException", "ExpiredTokenException", "ok"]);
}

#[test]
fn a_fault_can_skip_calls_and_last_for_ever_until_healed() {
    let bench = bench();
    bench.emulator.inject(Fault::throttled().skipping(1).always());
    assert_eq!(rename(&bench, "J").unwrap().status(), 200);
    for _ in 0..3 {
        let (code, message) = bench.refused(UPDATE, update("jane", &[]));
        assert_eq!(
            (code.as_str(), message.as_str()),
            ("TooManyRequestsException", "Rate exceeded")
        );
    }
    bench.emulator.heal();
    assert_eq!(rename(&bench, "J").unwrap().status(), 200);
}

#[test]
fn a_denied_operation_speaks_as_iam_does() {
    let bench = bench();
    bench.emulator.inject(Fault::denied("ListUserPools"));
    bench.emulator.inject(Fault::denied("AdminGetUser"));
    let (code, message) = bench.refused("ListUserPools", json!({"MaxResults": 1}));
    assert_eq!(code, "AccessDeniedException");
    assert_eq!(
        message,
        "User: arn:aws:sts::123456789012:assumed-role/Support/ana is not authorized to perform: \
         cognito-idp:ListUserPools on resource: * because no identity-based policy allows the cognito-idp:ListUserPools \
         action"
    );
    let (_, message) = bench.refused("AdminGetUser", json!({"UserPoolId": POOL, "Username": "jane"}));
    assert!(message.contains(&format!(
        "resource: arn:aws:cognito-idp:us-east-1:123456789012:userpool/{POOL} "
    )));
    assert_eq!(rename(&bench, "J").unwrap().status(), 200);
}

#[test]
fn internal_errors_have_status_500() {
    let bench = bench();
    bench.emulator.inject(Fault::internal());
    bench
        .emulator
        .inject(Fault::error_with_status(503, "ServiceUnavailable", "Try later"));
    assert_eq!(rename(&bench, "J").unwrap().status(), 500);
    assert_eq!(rename(&bench, "J").unwrap().status(), 503);
    bench
        .emulator
        .inject(Fault::foreign(502, "text/html", "<h1>Bad Gateway</h1>"));
    let page = rename(&bench, "J").unwrap();
    assert_eq!(
        (page.status().as_u16(), page.body().as_ref()),
        (502, b"<h1>Bad Gateway</h1>".as_slice())
    );
    assert_eq!(page.headers()["content-type"], "text/html");
    assert_eq!(bench.value("jane", "name"), None);
}

#[test]
fn a_connection_lost_before_changes_nothing_and_after_has_changed_it() {
    for (fault, outcome) in [(Fault::reset as fn() -> Fault, "reset"), (Fault::hang, "hang")] {
        let bench = bench();
        bench.emulator.inject(fault());
        rename(&bench, "Before").unwrap_err();
        assert_eq!(bench.value("jane", "name"), None);
        bench.emulator.inject(fault().after_applying());
        rename(&bench, "After").unwrap_err();
        assert_eq!(bench.value("jane", "name").as_deref(), Some("After"));
        let outcomes: Vec<String> = bench.emulator.calls().into_iter().map(|call| call.outcome).collect();
        assert_eq!(outcomes, [outcome.to_owned(), format!("ok, then {outcome}")]);
    }
}

#[test]
fn an_error_after_the_change_was_made() {
    let bench = bench();
    bench.emulator.inject(Fault::internal().after_applying().on(UPDATE));
    // A call that the rules refuse passes the fault by.
    bench.invalid(UPDATE, update("jane", &[("custom:none", "x")]));
    assert_eq!(rename(&bench, "After").unwrap().status(), 500);
    assert_eq!(bench.value("jane", "name").as_deref(), Some("After"));
}

#[test]
fn a_truncated_answer_promises_more_than_it_holds() {
    for fault in [Fault::truncated(), Fault::truncated().after_applying()] {
        let bench = bench();
        bench.emulator.inject(fault.on("AdminGetUser"));
        let got = bench
            .emulator
            .answer(request("AdminGetUser", json!({"UserPoolId": POOL, "Username": "jane"})));
        let Err(Cut::Truncated(response)) = got else {
            panic!("not truncated")
        };
        let promised: usize = response.headers()["content-length"].to_str().unwrap().parse().unwrap();
        assert_eq!(response.body().len(), promised / 2);
        assert_eq!(bench.emulator.calls()[0].outcome, "ok, then truncated");
    }
}

#[test]
fn latency_is_told_to_the_caller_and_adds_up_with_other_faults() {
    let bench = bench();
    bench
        .emulator
        .inject(Fault::latency(Duration::from_millis(20)).always());
    bench
        .emulator
        .inject(Fault::latency(Duration::from_millis(5)).on(UPDATE));
    bench.emulator.inject(Fault::throttled());
    let first = rename(&bench, "J").unwrap();
    assert_eq!(first.status(), 400);
    assert_eq!(
        first.extensions().get::<Delay>(),
        Some(&Delay(Duration::from_millis(25)))
    );
    let second = rename(&bench, "J").unwrap();
    assert_eq!(
        second.extensions().get::<Delay>(),
        Some(&Delay(Duration::from_millis(20)))
    );
}

#[test]
fn quotas_throttle_before_anything_is_changed() {
    let bench = bench();
    bench.emulator.enforce_quotas(Enforced::Yes);
    bench.emulator.set_quota("UserUpdate", 1);
    assert_eq!(rename(&bench, "One").unwrap().status(), 200);
    let (code, _) = bench.refused(UPDATE, update("jane", &[("name", "Two")]));
    assert_eq!(code, "TooManyRequestsException");
    assert_eq!(bench.value("jane", "name").as_deref(), Some("One"));
    bench.pass(1000);
    assert_eq!(rename(&bench, "Two").unwrap().status(), 200);
    bench.emulator.enforce_quotas(Enforced::No);
    assert_eq!(rename(&bench, "Three").unwrap().status(), 200);
}

#[test]
fn calls_keep_what_was_sent_and_show_none_of_it_in_debug() {
    let bench = bench();
    let mut body = update("jane", &[("name", "Topsecret")]);
    body["ClientMetadata"] = json!({"ticket": "SUP-1"});
    bench.ok(UPDATE, body.clone());
    let call = bench.emulator.calls().remove(0);
    assert_eq!(
        (call.operation.as_str(), &call.body, call.at),
        (UPDATE, &body, bench.now())
    );
    let shown = format!("{call:?} {:?} {:?}", bench.user("jane"), bench.emulator);
    assert!(!shown.contains("Topsecret") && !shown.contains("SUP-1"), "{shown}");
}

#[test]
fn only_the_last_calls_are_kept() {
    let bench = bench();
    for _ in 0..KEPT + 3 {
        bench.ok("ListUserPools", json!({"MaxResults": 1}));
    }
    assert_eq!(bench.emulator.calls().len(), KEPT);
}
