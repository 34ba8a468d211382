use super::super::testing::{Bench, request};
use super::super::{Fault, PoolSeed};
use super::*;

use serde_json::{Value, json};

const POOL: &str = "us-east-1_Test00001";

fn bench() -> Bench {
    Bench::with(PoolSeed::new(POOL, "one"))
}

/// A signed ListUserPools, as far as the front of the service looks at it.
fn signed(key: &str, at: Timestamp) -> Request<Bytes> {
    let mut request = request("ListUserPools", json!({"MaxResults": 1}));
    let headers = request.headers_mut();
    let scope = format!("AWS4-HMAC-SHA256 Credential={key}/20270115/us-east-1/cognito-idp/aws4_request, Signature=0");
    headers.insert("authorization", scope.parse().unwrap());
    headers.insert("x-amz-date", at.strftime(FORMAT).to_string().parse().unwrap());
    request
}

/// The status, and code and message of a refusal.
fn answered(bench: &Bench, request: Request<Bytes>) -> (u16, String) {
    let response = bench.emulator.answer(request).unwrap();
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (
        response.status().as_u16(),
        format!("{}: {}", text("__type"), text("message")),
    )
}

#[test]
fn a_request_counts_for_five_minutes_either_way() {
    let bench = bench();
    for seconds in [-300, 0, 300] {
        let at = bench.now() + SignedDuration::from_secs(seconds);
        assert_eq!(answered(&bench, signed("AKID", at)).0, 200, "{seconds}");
    }
    let before = bench.now() - SignedDuration::from_secs(301);
    assert_eq!(
        answered(&bench, signed("AKID", before)),
        (
            400,
            "InvalidSignatureException: Signature expired: 20270115T075459Z is now earlier than 20270115T075500Z \
             (20270115T080000Z - 5 min.)"
                .to_owned()
        )
    );
    let after = bench.now() + SignedDuration::from_secs(301);
    assert_eq!(
        answered(&bench, signed("AKID", after)),
        (
            400,
            "InvalidSignatureException: Signature not yet current: 20270115T080501Z is still later than \
             20270115T080500Z (20270115T080000Z + 5 min.)"
                .to_owned()
        )
    );
    assert_eq!(
        bench.emulator.calls().last().unwrap().outcome,
        "InvalidSignatureException"
    );
}

#[test]
fn the_services_clock_can_be_another_and_every_answer_carries_it() {
    let bench = bench();
    let date = |bench: &Bench| {
        let answer = bench
            .emulator
            .answer(request("ListUserPools", json!({"MaxResults": 1})));
        answer.unwrap().headers()["date"].to_str().unwrap().to_owned()
    };
    assert_eq!(date(&bench), "Fri, 15 Jan 2027 08:00:00 GMT");
    bench.emulator.set_ahead(SignedDuration::from_mins(-63));
    assert_eq!(date(&bench), "Fri, 15 Jan 2027 06:57:00 GMT");
    assert_eq!(answered(&bench, signed("AKID", bench.now())).0, 400);
    let there = bench.now() - SignedDuration::from_mins(63);
    assert_eq!(answered(&bench, signed("AKID", there)).0, 200);
    bench.emulator.inject(Fault::internal());
    assert_eq!(date(&bench), "Fri, 15 Jan 2027 06:57:00 GMT", "a refusal too");
}

#[test]
fn a_key_that_expired_is_refused_until_it_counts_again() {
    let bench = bench();
    bench.emulator.expire_key("OLD");
    let (status, said) = answered(&bench, signed("OLD", bench.now()));
    assert_eq!(
        (status, said.as_str()),
        (
            400,
            "ExpiredTokenException: The security token included in the request is expired"
        )
    );
    assert_eq!(answered(&bench, signed("NEW", bench.now())).0, 200);
    bench.ok("ListUserPools", json!({"MaxResults": 1}));
}
