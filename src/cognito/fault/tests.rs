//! Every way a request can end, as the network or the service makes it end, and what is concluded.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::cognito::testing::*;
use crate::cognito::{Connection, Limits, Outside, Sleep, Way, WireAnswer};
use crate::domain::Target;

use super::*;

async fn answered(act: Act) -> Fault {
    let service = Service::new([act]);
    service
        .connect()
        .await
        .reader(Some(&pool()))
        .unwrap()
        .list_pools(None)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn the_services_code_and_words_arrive_as_sent() {
    let codes = [
        ("ResourceNotFoundException", FaultKind::Service),
        ("NotAuthorizedException", FaultKind::Service),
        ("OperationNotEnabledException", FaultKind::Service),
        // In no operation's model, so the SDK has no type for them.
        ("AccessDeniedException", FaultKind::Service),
        ("ExpiredTokenException", FaultKind::Service),
        ("UnrecognizedClientException", FaultKind::Service),
        ("SerializationException", FaultKind::Service),
        (
            "com.amazonaws.cognito#NewerThanThisProgramException",
            FaultKind::Service,
        ),
    ];
    for (code, kind) in codes {
        let fault = answered(refusal(code, "User: \u{1b}[31m may not")).await;
        let expected = Fault {
            kind,
            operation: "ListUserPools",
            code: Raw::from(code.rsplit('#').next().unwrap()),
            message: Raw::from("User: \u{1b}[31m may not"),
            request_id: Some(Raw::from(REQUEST_ID)),
            status: Some(400),
            clock: None,
        };
        assert_eq!(fault, expected, "{code}");
    }
}

#[tokio::test]
async fn bodies_that_are_not_the_protocols_are_told_by_their_status() {
    let iam = "<ErrorResponse><Errors><Error><Code>AccessDenied</Code><Message>User may not</Message></Error></Errors>";
    let fault = answered(text(403, iam)).await;
    assert_eq!((fault.kind, fault.code.as_str()), (FaultKind::Service, "AccessDenied"));
    assert_eq!((fault.message.as_str(), fault.status), ("User may not", Some(403)));

    let proxy = answered(text(407, "<html>who are you</html>")).await;
    assert_eq!((proxy.kind, proxy.code.as_str()), (FaultKind::Service, "HTTP 407"));
    assert_eq!(proxy.message.as_str(), "HTTP 407 without a message");

    let portal = answered(text(200, "<html>welcome</html>")).await;
    assert_eq!(
        (portal.kind, portal.code.as_str()),
        (FaultKind::Undecodable, "UnreadableAnswer")
    );
    assert!(!portal.message.as_str().contains("welcome"));

    let wrong = answered(ok(json!({"UserPools": "none"}))).await;
    assert_eq!((wrong.kind, wrong.status), (FaultKind::Undecodable, Some(200)));
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_says_where_it_leads() {
    for status in [301, 302, 303, 307, 308] {
        let service = Service::new([Box::new(move || {
            let mut redirect = response(status, "");
            let portal = format!("https://portal.example/{}", "x".repeat(500));
            redirect.headers_mut().insert("location", portal.parse().unwrap());
            WireAnswer {
                after: Duration::ZERO,
                result: Ok(redirect),
            }
        }) as Act]);
        let reader = service.connect().await.reader(None).unwrap();
        let fault = reader.list_pools(None).await.unwrap_err();
        assert_eq!(
            (fault.kind, fault.code.as_str()),
            (FaultKind::Undecodable, format!("HTTP {status}").as_str())
        );
        let said = fault.message.as_str();
        assert!(
            said.starts_with("the answer leads elsewhere: https://portal.example/x"),
            "{said}"
        );
        assert!(said.len() < 300, "{said}");
        assert!(
            fault.next_step().plain().contains("sign-in page"),
            "{}",
            fault.next_step().plain()
        );
        assert_eq!(service.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_request_that_the_service_gave_up_on_may_have_come_to_something() {
    for (status, code) in [
        (408, "RequestTimeoutException"),
        (400, "RequestAbortedException"),
        (400, "RequestTimeoutException"),
    ] {
        let gave_up = || reply(status, json!({"__type": code, "message": "gave up"}));
        let service = Service::new([gave_up(), gave_up(), gave_up()]);
        let reader = service.connect().await.reader(None).unwrap();
        let fault = reader.list_pools(None).await.unwrap_err();
        assert_eq!((fault.kind, fault.code.as_str()), (FaultKind::Server, code));
    }
    let fault = answered(text(408, "")).await;
    assert_eq!((fault.kind, fault.code.as_str()), (FaultKind::Server, "HTTP 408"));
}

#[tokio::test]
async fn a_refusal_whose_body_was_cut_is_still_a_refusal() {
    // A cut answer is asked for again, so it is cut three times.
    let cut = || truncated(400, json!({"__type": "UserNotFoundException"}));
    let service = Service::new([cut(), cut(), cut()]);
    let fault = service
        .connect()
        .await
        .reader(None)
        .unwrap()
        .list_pools(None)
        .await
        .unwrap_err();
    assert_eq!((fault.kind, fault.status), (FaultKind::Service, Some(400)));
}

/// Timeouts run on the real clock, waits before a retry are over at once.
fn only_timeouts(limits: Limits) -> Sleep {
    let timeouts = [
        limits.connect_timeout,
        limits.read_timeout,
        limits.attempt(),
        limits.operation(),
    ];
    Arc::new(move |duration| {
        if timeouts.contains(&duration) {
            Box::pin(tokio::time::sleep(duration))
        } else {
            Box::pin(std::future::ready(()))
        }
    })
}

async fn fault_at(endpoint: &str, limits: Limits, sleep: Sleep) -> Fault {
    let outside = Outside {
        clock: clock(),
        sleep: Some(sleep),
        way: Way::Network,
    };
    let target = Target {
        endpoint: Some(endpoint.to_owned()),
        region: Some("eu-west-1".to_owned()),
        profile: Some("p".to_owned()),
        ca_bundle: None,
    };
    let files = profile_files("[profile p]\naws_access_key_id = AKID\naws_secret_access_key = secret\n");
    let connection = Connection::open_network(&target, None, &limits, &outside, &files, None)
        .await
        .unwrap();
    connection.reader(None).unwrap().list_pools(None).await.unwrap_err()
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let fault = fault_at(&endpoint, limits(), only_timeouts(limits())).await;
    assert_eq!(
        (fault.kind, fault.code.as_str()),
        (FaultKind::NoConnection, "ConnectionRefused")
    );
    assert!(
        fault.message.as_str().contains("Connection refused"),
        "{}",
        fault.message.as_str()
    );
}

#[tokio::test]
async fn the_connection_is_not_made_in_time() {
    let limits = limits();
    let at_once: Sleep = Arc::new(move |duration| {
        if duration == limits.connect_timeout {
            Box::pin(std::future::ready(()))
        } else {
            only_timeouts(limits)(duration)
        }
    });
    let fault = fault_at("http://localhost:1", limits, at_once).await;
    assert_eq!(
        (fault.kind, fault.code.as_str()),
        (FaultKind::NoConnection, "ConnectTimeout")
    );
}

/// A listener that does this to every connection.
fn listener(with: impl Fn(std::net::TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || listener.incoming().flatten().for_each(with));
    address
}

#[tokio::test]
async fn the_other_end_speaks_no_tls() {
    let address = listener(|mut stream| {
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let fault = fault_at(&format!("https://{address}"), limits(), only_timeouts(limits())).await;
    assert_eq!(
        (fault.kind, fault.code.as_str()),
        (FaultKind::NoConnection, "TlsFailed")
    );
}

#[tokio::test]
async fn the_connection_closes_without_an_answer() {
    let address = listener(|mut stream| {
        let mut start = [0; 64];
        stream.read_exact(&mut start).unwrap();
    });
    let fault = fault_at(&format!("http://{address}"), limits(), only_timeouts(limits())).await;
    assert_eq!(
        (fault.kind, fault.code.as_str()),
        (FaultKind::Broken, "ConnectionBroken")
    );
}

#[tokio::test]
async fn the_answer_stops_half_way() {
    let address = listener(|mut stream| {
        let mut start = [0; 64];
        stream.read_exact(&mut start).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"UserPools\"")
            .unwrap();
    });
    let fault = fault_at(&format!("http://{address}"), limits(), only_timeouts(limits())).await;
    assert_eq!(
        fault.kind,
        FaultKind::Broken,
        "{} {}",
        fault.code.as_str(),
        fault.message.as_str()
    );
}

#[tokio::test]
async fn no_answer_comes() {
    let limits = Limits {
        connect_timeout: Duration::from_secs(2),
        read_timeout: Duration::from_millis(50),
    };
    let address = listener(|mut stream| {
        let mut all = Vec::new();
        // Takes the request and holds the line until the client lets go.
        let _ = stream.read_to_end(&mut all);
    });
    let fault = fault_at(&format!("http://{address}"), limits, only_timeouts(limits)).await;
    assert_eq!((fault.kind, fault.code.as_str()), (FaultKind::Timeout, "Timeout"));
}

/// A head that comes at once, and a body that never comes to its end: a byte now and then, or nothing more at all.
#[tokio::test]
async fn a_body_that_drips_ends_with_the_timeouts() {
    let limits = Limits {
        connect_timeout: Duration::from_millis(100),
        read_timeout: Duration::from_millis(100),
    };
    for pause in [Duration::from_millis(20), Duration::from_secs(3_600)] {
        let address = listener(move |mut stream| {
            thread::spawn(move || {
                let mut start = [0; 64];
                stream.read_exact(&mut start).unwrap();
                let head = b"HTTP/1.1 200 OK\r\nx-amzn-requestid: r\r\ncontent-length: 1000000\r\n\r\n{";
                let mut open = stream.write_all(head).is_ok();
                while open {
                    // Until the client lets go.
                    thread::park_timeout(pause);
                    open = stream.write_all(b" ").is_ok();
                }
            });
        });
        let fault = fault_at(&format!("http://{address}"), limits, only_timeouts(limits)).await;
        assert_eq!(
            (fault.kind, fault.code.as_str()),
            (FaultKind::Timeout, "Timeout"),
            "{pause:?}"
        );
    }
}

#[tokio::test]
async fn a_body_without_an_end_is_not_read_to_it() {
    let announced = listener(|mut stream| {
        let mut start = [0; 64];
        stream.read_exact(&mut start).unwrap();
        let head = b"HTTP/1.1 200 OK\r\nx-amzn-requestid: r-1\r\ncontent-length: 99000000000\r\n\r\n{";
        let _ = stream.write_all(head);
    });
    let endless = listener(|mut stream| {
        let mut start = [0; 64];
        stream.read_exact(&mut start).unwrap();
        let head = b"HTTP/1.1 200 OK\r\nx-amzn-requestid: r-1\r\n\r\n{";
        let mut open = stream.write_all(head).is_ok();
        let piece = vec![b' '; 1024 * 1024];
        while open {
            open = stream.write_all(&piece).is_ok();
        }
    });
    for address in [announced, endless] {
        let fault = fault_at(&format!("http://{address}"), limits(), only_timeouts(limits())).await;
        assert_eq!(
            (fault.kind, fault.code.as_str(), fault.message.as_str()),
            (
                FaultKind::Undecodable,
                "AnswerTooLong",
                "the answer is longer than 32 MiB"
            )
        );
        assert_eq!((fault.request_id, fault.status), (Some(Raw::from("r-1")), Some(200)));
    }
}

async fn without_credentials(config: &str, service: &Service) -> Fault {
    let outside = Outside {
        clock: clock(),
        sleep: Some(no_sleep()),
        way: Way::Network,
    };
    let target = Target {
        profile: Some("p".to_owned()),
        region: Some("eu-west-1".to_owned()),
        ..Target::default()
    };
    let files = profile_files(config);
    let connection = Connection::open_network(&target, None, &limits(), &outside, &files, Some(service.http()))
        .await
        .unwrap();
    connection.reader(None).unwrap().list_pools(None).await.unwrap_err()
}

#[tokio::test]
async fn an_sso_session_that_is_not_there_is_told_apart() {
    let sso = "[profile p]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = support\n\
               [sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://example.awsapps.com/never-signed-in\n";
    let service = Service::default();
    let fault = without_credentials(sso, &service).await;
    assert_eq!(
        (fault.kind, fault.code.as_str()),
        (FaultKind::SsoExpired, "SsoSessionExpired")
    );
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn a_profile_without_credentials_and_no_instance_behind_it() {
    let service = Service::new((0..20).map(|_| reset()));
    let fault = without_credentials("[profile p]\nregion = eu-west-1\n", &service).await;
    assert_eq!(
        (fault.kind, fault.code.as_str()),
        (FaultKind::NoCredentials, "NoCredentials")
    );
    // Only instance metadata was asked, Cognito never.
    assert!(
        service
            .asked()
            .iter()
            .all(|request| request.uri().host() == Some("169.254.169.254"))
    );
}

#[test]
fn the_words_of_an_ended_sso_session_are_known() {
    for words in [
        "the SSO token has expired and cannot be refreshed",
        "failed to load the cached SSO token",
        "failed to read `/home/ann/.aws/sso/cache/0a1b.json`",
        "UnauthorizedException: Session token not found or invalid",
    ] {
        let (kind, code) = why_no_credentials(&CredentialsError::provider_error(words));
        assert_eq!((kind, code), (FaultKind::SsoExpired, "SsoSessionExpired"), "{words}");
    }
    let role = CredentialsError::provider_error("AccessDenied: not authorized to perform: sts:AssumeRole");
    assert_eq!(
        why_no_credentials(&role),
        (FaultKind::NoCredentials, "CredentialsFailed")
    );
    let slow = CredentialsError::provider_timed_out(Duration::from_secs(60));
    assert_eq!(
        why_no_credentials(&slow),
        (FaultKind::NoCredentials, "CredentialsTimeout")
    );
    let wrong = CredentialsError::invalid_configuration("a loop of profiles");
    assert_eq!(
        why_no_credentials(&wrong),
        (FaultKind::NoCredentials, "CredentialsMisconfigured")
    );
}
