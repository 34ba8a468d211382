//! A clock that is wrong, as the answers tell it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::json;

use crate::cognito::testing::*;
use crate::cognito::{Connection, Outside, Way, WireAnswer};
use crate::domain::{Fault, Target};

use super::*;

/// An hour and three minutes before the clock of these tests.
const BEFORE: &str = "Sun, 01 Mar 2026 10:57:00 GMT";
const NOW: &str = "Sun, 01 Mar 2026 12:00:00 GMT";
const AFTER: &str = "Mon, 02 Mar 2026 12:00:00 GMT";

async fn pools(connection: &Connection) -> Result<(), Fault> {
    let reader = connection.reader(None).unwrap();
    reader.list_pools(None).await.map(|_| ())
}

fn said(connection: &Connection) -> Option<String> {
    connection.clock_news().map(|off| off.sentence().plain())
}

#[tokio::test]
async fn a_wrong_clock_is_told_once_for_each_connection() {
    for (date, told) in [
        (
            BEFORE,
            Some("this machine's clock is 63 minutes ahead of the service's"),
        ),
        (
            AFTER,
            Some("this machine's clock is 1440 minutes (24 hours) behind the service's"),
        ),
        (NOW, None),
        ("Sun, 01 Mar 2026 11:56:00 GMT", None),
        ("next Tuesday", None),
    ] {
        let service = Service::new((0..2).map(|_| dated(date, 200, json!({"UserPools": []}))));
        let connection = service.connect().await;
        assert_eq!(said(&connection), None, "nothing was measured yet");
        pools(&connection).await.unwrap();
        assert_eq!(said(&connection).as_deref(), told, "{date}");
        pools(&connection).await.unwrap();
        assert_eq!(said(&connection), None, "{date}");
    }
}

#[tokio::test]
async fn every_region_counts_and_so_does_a_refusal() {
    let service = Service::new([
        dated(NOW, 200, json!({"UserPools": []})),
        dated(BEFORE, 400, json!({"__type": "AccessDeniedException"})),
        dated(BEFORE, 400, json!({"__type": "AccessDeniedException"})),
        dated(BEFORE, 400, json!({"__type": "AccessDeniedException"})),
    ]);
    let connection = service.connect().await;
    pools(&connection).await.unwrap();
    let elsewhere = connection.reader(Some(&crate::domain::PoolId::new("us-east-2_aaaaaaaaa")));
    elsewhere.unwrap().list_pools(None).await.unwrap_err();
    assert!(said(&connection).is_some());
}

/// A refusal of the time carries what was measured, and its words name it.
#[tokio::test]
async fn a_refused_signature_names_the_minutes() {
    for code in [
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "RequestExpired",
        "RequestTimeTooSkewed",
    ] {
        // The SDK signs by the service's time and asks again where it takes the code for one of a wrong clock.
        let refused = || {
            dated(
                BEFORE,
                400,
                json!({"__type": code, "message": "Signature not yet current"}),
            )
        };
        let service = Service::new([refused(), refused(), refused()]);
        let fault = pools(&service.connect().await).await.unwrap_err();
        assert_eq!(fault.code.as_str(), code);
        assert_eq!(
            fault.meaning().plain(),
            "this machine's clock is 63 minutes ahead of the service's, so its signatures do not count",
            "{code}"
        );
        assert_eq!(
            fault.next_step().plain(),
            "set this machine's clock (NTP), then r",
            "{code}"
        );
    }
    let expired = || {
        dated(
            AFTER,
            400,
            json!({"__type": "ExpiredTokenException", "message": "expired"}),
        )
    };
    let service = Service::new([expired(), expired(), expired()]);
    let fault = pools(&service.connect().await).await.unwrap_err();
    assert_eq!(
        fault.meaning().plain(),
        "the credentials have expired; this machine's clock is 1440 minutes (24 hours) behind the service's"
    );
    assert!(fault.next_step().plain().contains("aws sso login"));
}

#[tokio::test]
async fn a_right_clock_is_not_blamed() {
    let refused = dated(
        NOW,
        400,
        json!({"__type": "InvalidSignatureException", "message": "does not match"}),
    );
    let fault = pools(&Service::new([refused]).connect().await).await.unwrap_err();
    assert!(fault.clock.is_some_and(|off| !off.matters()));
    assert!(
        fault.meaning().plain().contains("the signature does not match"),
        "{}",
        fault.meaning().plain()
    );
    let denied = || dated(BEFORE, 400, json!({"__type": "UserNotFoundException", "message": "no"}));
    let fault = pools(&Service::new([denied()]).connect().await).await.unwrap_err();
    assert!(
        !fault.meaning().plain().contains("clock"),
        "{}",
        fault.meaning().plain()
    );
}

#[tokio::test]
async fn who_does_not_speak_for_the_service_says_nothing_about_its_time() {
    let page = |headers: &'static [(&'static str, &'static str)]| -> Act {
        Box::new(move || {
            let mut response = http::Response::new(bytes::Bytes::from(r#"{"UserPools": []}"#));
            for (name, value) in headers {
                response.headers_mut().insert(*name, value.parse().unwrap());
            }
            WireAnswer {
                after: std::time::Duration::ZERO,
                result: Ok(response),
            }
        })
    };
    let proxy = page(&[("date", BEFORE)]);
    let kept = page(&[("date", BEFORE), ("age", "3780"), ("x-amzn-requestid", REQUEST_ID)]);
    let undated = page(&[("x-amzn-requestid", REQUEST_ID)]);
    for act in [proxy, kept, undated] {
        let connection = Service::new([act]).connect().await;
        pools(&connection).await.unwrap();
        assert_eq!(said(&connection), None);
    }
}

#[tokio::test]
async fn a_clock_that_was_set_meanwhile_measures_nothing() {
    for step in [-1, 600] {
        let now = Arc::new(AtomicI64::new(now().as_second()));
        let clock = Arc::clone(&now);
        let moved = Arc::clone(&now);
        let outside = Outside {
            clock: Arc::new(move || Timestamp::from_second(clock.load(Ordering::SeqCst)).unwrap()),
            sleep: Some(no_sleep()),
            way: Way::Wire(Arc::new(move |_| {
                moved.fetch_add(step, Ordering::SeqCst);
                dated(BEFORE, 200, json!({"UserPools": []}))()
            })),
        };
        let connection = Connection::open(&Target::default(), None, &limits(), &outside)
            .await
            .unwrap();
        pools(&connection).await.unwrap();
        assert_eq!(said(&connection), None, "{step}");
    }
}
