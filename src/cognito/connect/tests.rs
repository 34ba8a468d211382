//! How a connection finds its region, endpoint and credentials, and what it refuses before anything is sent.

use std::sync::Arc;

use serde_json::json;

use crate::cognito::Sleep;
use crate::cognito::testing::*;
use crate::domain::{FaultKind, Username};

use super::*;

const KEYS: &str = "aws_access_key_id = AKIDPROFILE\naws_secret_access_key = secret\n";

fn outside() -> Outside {
    Outside {
        clock: clock(),
        sleep: Some(no_sleep()),
        way: Way::Network,
    }
}

fn profile(name: &str) -> Target {
    Target {
        profile: Some(name.to_owned()),
        ..Target::default()
    }
}

/// A connection that reads these profiles and sends everything, credentials included, to `service`.
async fn open(target: &Target, config: &str, service: &Service) -> Result<Connection, Fault> {
    let files = profile_files(config);
    Connection::open_network(target, None, &limits(), &outside(), &files, Some(service.http())).await
}

async fn refusal_of(target: &Target, config: &str) -> Fault {
    let service = Service::default();
    let fault = open(target, config, &service).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Local);
    assert!(service.asked().is_empty());
    fault
}

fn hosts(service: &Service) -> Vec<String> {
    service
        .asked()
        .iter()
        .map(|request| request.uri().host().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_region_asked_for_goes_before_the_pools_and_the_profiles() {
    let config = format!("[profile p]\nregion = ap-south-1\n{KEYS}");
    let cases = [
        (Some("us-west-2"), Some(pool()), "us-west-2"),
        (None, Some(pool()), "eu-west-1"),
        (None, Some(PoolId::new("local_3kF9aB")), "ap-south-1"),
        (None, None, "ap-south-1"),
        (Some(""), None, "ap-south-1"),
    ];
    for (asked, pool, expected) in cases {
        let service = Service::new([ok(json!({}))]);
        let target = Target {
            region: asked.map(str::to_owned),
            ..profile("p")
        };
        let connection = open(&target, &config, &service).await.unwrap();
        connection
            .reader(pool.as_ref())
            .unwrap()
            .list_pools(None)
            .await
            .unwrap();
        assert_eq!(hosts(&service), [format!("cognito-idp.{expected}.amazonaws.com")]);
        let written = connection.written(&pool.unwrap_or_else(|| PoolId::new("local_x")));
        assert_eq!(written.region, Some(Raw::from(expected)));
    }
}

#[tokio::test]
async fn one_client_serves_a_region() {
    let service = Service::default();
    let connection = service.connect().await;
    connection.reader(None).unwrap();
    connection.reader(Some(&pool())).unwrap();
    connection.writer(&pool()).unwrap();
    assert_eq!(connection.clients.lock().unwrap().len(), 1);
    connection.reader(Some(&PoolId::new("us-east-2_aaaaaaaaa"))).unwrap();
    assert_eq!(connection.clients.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_profile_that_does_not_exist_is_named() {
    let fault = refusal_of(&profile("prdo"), &format!("[profile prod]\n{KEYS}")).await;
    assert_eq!(fault.code.as_str(), "ProfileNotFound");
    assert!(fault.message.as_str().contains("prdo"));
}

#[tokio::test]
async fn a_profile_file_that_cannot_be_read_says_where() {
    let fault = refusal_of(&profile("p"), "[profile p\nregion = x").await;
    assert_eq!(fault.code.as_str(), "ProfileFiles");
    assert!(fault.message.as_str().contains("line 1"), "{}", fault.message.as_str());
}

#[tokio::test]
async fn profiles_the_sdk_cannot_follow_are_named_with_a_way_out() {
    let mfa =
        "[profile p]\nrole_arn = arn:aws:iam::1:role/r\nmfa_serial = arn:aws:iam::1:mfa/me\nsource_profile = base\n";
    let behind = "[profile p]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = q\n[profile q]\nrole_arn = x\n\
                  mfa_serial = y\nsource_profile = q\n";
    let login = "[profile p]\nlogin_session = arn:aws:iam::1:user/me\n";
    for (config, setting, name) in [
        (mfa, "mfa_serial", "p"),
        (behind, "mfa_serial", "q"),
        (login, "login_session", "p"),
    ] {
        let fault = refusal_of(&profile("p"), config).await;
        assert_eq!(fault.code.as_str(), "UnsupportedProfile");
        let message = fault.message.as_str();
        assert!(
            message.starts_with(&format!("profile {name} uses {setting}")),
            "{message}"
        );
        assert!(message.contains("credential_process"), "{message}");
    }
}

#[tokio::test]
async fn settings_that_take_no_part_are_not_refused() {
    let service = Service::default();
    let keys = format!("[profile p]\nregion = eu-west-1\nmfa_serial = arn:aws:iam::1:mfa/me\n{KEYS}");
    open(&profile("p"), &keys, &service).await.unwrap();
    let process = "[profile p]\nregion = eu-west-1\nlogin_session = x\ncredential_process = /bin/true\n";
    open(&profile("p"), process, &service).await.unwrap();
}

#[tokio::test]
async fn only_https_or_this_machine_is_an_endpoint() {
    let config = format!("[profile p]\nregion = eu-west-1\n{KEYS}");
    let endpoints = [
        "http://cognito.example.com",
        "http://127.0.0.1@example.com",
        "https://me:secret@example.com",
        "ftp://127.0.0.1",
        "cognito.example.com",
        "https://",
    ];
    for endpoint in endpoints {
        let target = Target {
            endpoint: Some(endpoint.to_owned()),
            ..profile("p")
        };
        let fault = refusal_of(&target, &config).await;
        assert_eq!(fault.code.as_str(), "EndpointUrl", "{endpoint}");
    }
}

#[tokio::test]
async fn the_endpoint_is_cognitos_alone() {
    let sts = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
               <Arn>arn:aws:sts::123456789012:assumed-role/support/ann</Arn><UserId>AROA</UserId>\
               <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
    let service = Service::new([ok(json!({})), text(200, sts)]);
    let target = Target {
        endpoint: Some("https://cognito.example.com".to_owned()),
        ..profile("p")
    };
    let config = format!("[profile p]\nregion = eu-west-1\n{KEYS}");
    let connection = open(&target, &config, &service).await.unwrap();
    assert!(connection.asks_caller());
    let before = connection.known_caller();
    assert_eq!(
        (before.profile, before.key_id, before.arn),
        (Some(Raw::from("p")), None, None)
    );

    connection.reader(None).unwrap().list_pools(None).await.unwrap();
    assert_eq!(connection.known_caller().key_id, Some(Raw::from("AKIDPROFILE")));

    let caller = connection.caller().await.unwrap().value;
    assert_eq!(hosts(&service), ["cognito.example.com", "sts.eu-west-1.amazonaws.com"]);
    let expected = Caller {
        arn: Some(Raw::from("arn:aws:sts::123456789012:assumed-role/support/ann")),
        account: Some(Raw::from("123456789012")),
        profile: Some(Raw::from("p")),
        key_id: Some(Raw::from("AKIDPROFILE")),
    };
    assert_eq!(caller, expected);
    assert_eq!(connection.known_caller(), expected);
    let written = connection.written(&pool());
    assert_eq!(written.account, Some(Raw::from("123456789012")));
    assert_eq!(written.endpoint, Some(Raw::from("https://cognito.example.com")));
}

#[tokio::test]
async fn sts_that_says_no_is_a_fault_and_nothing_else_changes() {
    let no = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
    let service = Service::new([text(403, no)]);
    let config = format!("[profile p]\nregion = eu-west-1\n{KEYS}");
    let connection = open(&profile("p"), &config, &service).await.unwrap();
    let fault = connection.caller().await.unwrap_err();
    assert_eq!(
        (fault.operation, fault.code.as_str()),
        ("GetCallerIdentity", "AccessDenied")
    );
    assert_eq!(connection.known_caller().arn, None);
}

#[tokio::test]
async fn a_service_on_this_machine_needs_no_keys_and_no_sts() {
    let service = Service::new([ok(json!({}))]);
    let config = "[profile p]\nservices = here\n[services here]\ncognito_identity_provider =\n  endpoint_url = http://127.0.0.1:9339\n";
    let connection = open(&profile("p"), config, &service).await.unwrap();
    assert_eq!(connection.endpoint(), Some("http://127.0.0.1:9339"));
    assert!(!connection.asks_caller());
    connection
        .reader(Some(&PoolId::new("local_x")))
        .unwrap()
        .list_pools(None)
        .await
        .unwrap();
    let caller = connection.caller().await.unwrap();
    assert_eq!((caller.value.arn, caller.request_id), (None, None));
    assert_eq!(caller.value.key_id, Some(Raw::from("cognitui-local")));
    let asked = service.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].uri(), "http://127.0.0.1:9339/");
    assert!(header(&asked[0], "authorization").contains("Credential=cognitui-local/20260301/us-east-1/"));
}

#[tokio::test]
async fn configured_keys_go_before_the_dummy_pair() {
    let service = Service::new([ok(json!({}))]);
    let target = Target {
        endpoint: Some("http://[::1]:5055".to_owned()),
        ..profile("p")
    };
    let connection = open(&target, &format!("[profile p]\n{KEYS}"), &service).await.unwrap();
    connection.reader(None).unwrap().list_pools(None).await.unwrap();
    assert_eq!(connection.known_caller().key_id, Some(Raw::from("AKIDPROFILE")));
}

#[tokio::test]
async fn the_demo_asks_nobody_who_it_is() {
    let service = Service::default();
    let connection = service.connect().await;
    assert!(!connection.asks_caller());
    assert_eq!(connection.caller().await.unwrap().value, Caller::default());
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn a_ca_bundle_that_does_not_work_stops_the_connection() {
    let asked = Target {
        ca_bundle: Some("/nowhere/ca.pem".into()),
        ..profile("p")
    };
    let config = format!("[profile p]\nregion = eu-west-1\n{KEYS}");
    for (target, config) in [
        (asked, config.clone()),
        (profile("p"), format!("{config}ca_bundle = /nowhere/ca.pem\n")),
    ] {
        let fault = refusal_of(&target, &config).await;
        assert_eq!(fault.code.as_str(), "CaBundle");
        assert!(fault.message.as_str().contains("/nowhere/ca.pem"));
    }
}

#[test]
fn the_environment_is_read_as_the_aws_cli_reads_it() {
    let keys = [
        ("AWS_ACCESS_KEY_ID", "AKIDENV"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("HOME", "/nonexistent"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&keys[..], more].concat();
    let child = |name: &str| format!("cognito::connect::tests::child_{name}");
    in_environment(&child("named_profile_first"), &with(&[("AWS_REGION", "us-east-2")]));
    in_environment(
        &child("environment_without_a_name"),
        &with(&[("AWS_REGION", "us-east-2")]),
    );
    in_environment(
        &child("endpoint_of_the_environment"),
        &with(&[("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "http://127.0.0.1:5055")]),
    );
    in_environment(
        &child("loopback_is_never_proxied"),
        &with(&[("http_proxy", "http://127.0.0.1:1")]),
    );
    in_environment(
        &child("missing_profile_of_the_environment"),
        &with(&[("AWS_PROFILE", "prdo")]),
    );
}

#[tokio::test]
#[ignore = "run by the_environment_is_read_as_the_aws_cli_reads_it"]
async fn child_named_profile_first() {
    let service = Service::new([ok(json!({}))]);
    let config = format!("[profile p]\nregion = ap-south-1\n{KEYS}");
    let connection = open(&profile("p"), &config, &service).await.unwrap();
    connection.reader(None).unwrap().list_pools(None).await.unwrap();
    assert_eq!(connection.known_caller().key_id, Some(Raw::from("AKIDPROFILE")));
    assert_eq!(hosts(&service), ["cognito-idp.us-east-2.amazonaws.com"]);
}

#[tokio::test]
#[ignore = "run by the_environment_is_read_as_the_aws_cli_reads_it"]
async fn child_environment_without_a_name() {
    let service = Service::new([ok(json!({})), ok(json!({}))]);
    // MFA of a profile that gives no credentials stops nobody.
    let config = "[default]\nrole_arn = x\nmfa_serial = y\nsource_profile = default\n";
    let connection = open(&Target::default(), config, &service).await.unwrap();
    connection.reader(None).unwrap().list_pools(None).await.unwrap();
    connection
        .reader(Some(&pool()))
        .unwrap()
        .list_pools(None)
        .await
        .unwrap();
    assert_eq!(connection.known_caller().key_id, Some(Raw::from("AKIDENV")));
    assert_eq!(connection.known_caller().profile, Some(Raw::from("default")));
    assert_eq!(
        hosts(&service),
        [
            "cognito-idp.us-east-2.amazonaws.com",
            "cognito-idp.eu-west-1.amazonaws.com"
        ]
    );
}

#[tokio::test]
#[ignore = "run by the_environment_is_read_as_the_aws_cli_reads_it"]
async fn child_endpoint_of_the_environment() {
    let service = Service::default();
    let connection = open(&Target::default(), "", &service).await.unwrap();
    assert_eq!(connection.endpoint(), Some("http://127.0.0.1:5055"));
    assert!(!connection.asks_caller());
    assert_eq!(connection.known_caller().profile, None);
    let asked = Target {
        endpoint: Some("https://other.example.com".to_owned()),
        ..Target::default()
    };
    let connection = open(&asked, "", &service).await.unwrap();
    assert_eq!(connection.endpoint(), Some("https://other.example.com"));
}

#[tokio::test]
#[ignore = "run by the_environment_is_read_as_the_aws_cli_reads_it"]
async fn child_loopback_is_never_proxied() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let mut start = [0; 16];
        stream.read_exact(&mut start).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}")
            .unwrap();
        // Read on until the client has all of it and closes: closing with unread input would reset the connection.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        String::from_utf8_lossy(&start).into_owned()
    });
    let outside = Outside {
        sleep: None,
        ..outside()
    };
    let target = Target {
        endpoint: Some(endpoint),
        ..Target::default()
    };
    let connection = Connection::open(&target, None, &limits(), &outside).await.unwrap();
    connection.reader(None).unwrap().list_pools(None).await.unwrap();
    drop(connection);
    assert_eq!(server.join().unwrap(), "POST / HTTP/1.1\r");
}

#[tokio::test]
#[ignore = "run by the_environment_is_read_as_the_aws_cli_reads_it"]
async fn child_missing_profile_of_the_environment() {
    let fault = refusal_of(&Target::default(), "").await;
    assert_eq!(fault.code.as_str(), "ProfileNotFound");
    assert!(fault.message.as_str().contains("prdo"));
}

/// Credentials are waited for on the real clock.
async fn open_waiting(config: &str, service: &Service, sleep: Option<Sleep>) -> Connection {
    let outside = Outside { sleep, ..outside() };
    let files = profile_files(config);
    Connection::open_network(&profile("p"), None, &limits(), &outside, &files, Some(service.http()))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_process_that_gives_no_credentials_stops_a_request_before_it_is_sent() {
    let service = Service::default();
    let config = "[profile p]\nregion = eu-west-1\ncredential_process = /bin/false\n";
    let connection = open_waiting(config, &service, None).await;
    let fault = connection
        .reader(None)
        .unwrap()
        .get_user(&pool(), &Username::new("ann"))
        .await
        .unwrap_err();
    assert_eq!(
        (fault.kind, fault.code.as_str()),
        (FaultKind::NoCredentials, "CredentialsFailed")
    );
    assert!(
        fault.message.as_str().contains("external process exited with code"),
        "{}",
        fault.message.as_str()
    );
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn a_process_that_takes_too_long_is_not_waited_for() {
    let service = Service::default();
    let config = "[profile p]\nregion = eu-west-1\ncredential_process = /bin/true\n";
    let only_credentials: Sleep = Arc::new(|duration| {
        if duration == CREDENTIALS_TIMEOUT {
            Box::pin(std::future::ready(()))
        } else {
            Box::pin(std::future::pending())
        }
    });
    let connection = open_waiting(config, &service, Some(only_credentials)).await;
    let fault = connection.reader(None).unwrap().list_pools(None).await.unwrap_err();
    assert_eq!(
        (fault.kind, fault.code.as_str()),
        (FaultKind::NoCredentials, "CredentialsTimeout")
    );
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn a_name_that_cannot_be_found_is_told_apart() {
    let files = profile_files(&format!("[profile p]\nregion = eu-west-1\n{KEYS}"));
    let back_off_at_once: Sleep = Arc::new(|duration| {
        if duration < limits().connect_timeout {
            Box::pin(std::future::ready(()))
        } else {
            Box::pin(tokio::time::sleep(duration))
        }
    });
    let outside = Outside {
        sleep: Some(back_off_at_once),
        ..outside()
    };
    let mut connection = Connection::open_network(&profile("p"), None, &limits(), &outside, &files, None)
        .await
        .unwrap();
    // A label this long is refused by the resolver itself: no name server is asked.
    connection.endpoint = Some(format!("http://{}.invalid", "a".repeat(64)));
    connection.direct = Some(SharedHttpClient::new(Dialer::new(None, Proxies::Never)));
    let fault = connection.reader(None).unwrap().list_pools(None).await.unwrap_err();
    assert_eq!(
        (fault.kind, fault.code.as_str()),
        (FaultKind::NoConnection, "NameNotFound")
    );
}
