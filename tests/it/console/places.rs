//! Where the service is not to be had: the console opens all the same, says which thing is missing and what to do, and
//! `r` tries again.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

use super::service::{Service, free_port};
use super::{CUSTOMERS, Hands, cognitui, configure, listed};
use crate::pty::{Launch, Pty};

/// The screen as one line without the breaks of narrow panes.
fn said(pty: &Pty) -> String {
    pty.screen_text().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
pub(super) fn says(pty: &Pty, words: &[&str]) {
    pty.settles();
    let said = said(pty);
    for word in words {
        assert!(said.contains(word), "{word:?} is not said:\n{}", pty.screen_text());
    }
}

pub(super) fn aws(launch: &Launch, file: &str, text: &str) {
    let path = launch.home().join(".aws").join(file);
    fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn a_service_that_is_not_there_is_named_and_r_finds_it_when_it_is() {
    let port = free_port();
    let url = format!("http://127.0.0.1:{port}");
    let launch = cognitui(["--endpoint-url", &url, "--user-pool-id", CUSTOMERS])
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test");
    configure(&launch, &listed(CUSTOMERS));
    let mut pty = launch.start();
    pty.wait_for_text("FAILED");
    says(&pty, &["refused", "r "]);
    let service = Service::start_on(port);
    pty.press("r", "jane@example.com").settles();
    assert!(service.count("ListUsers") > 0);
    // And it is a whole console again.
    pty.finds("jane.doe")
        .opens_form("jane.doe")
        .types("name", "Jane Later")
        .reviews("jane.doe")
        .confirms("read back and true");
    assert_eq!(pty.quits(), Some(0));
}

#[test]
fn pending_edits_outlive_a_service_that_went_away() {
    let port = free_port();
    let service = Service::start_on(port);
    let pty = service.console(["jane.doe"]).start();
    pty.wait_for_text("User jane.doe");
    pty.settles().opens_form("jane.doe").types("name", "Jane Later");
    drop(service);
    pty.press("<c-s>", "FAILED");
    pty.settles();
    let service = Service::start_on(port);
    pty.press("r", "no one changed it").settles();
    assert!(pty.screen_text().contains("Jane Later"));
    pty.press("<tab>", ">[ Send").confirms("read back and true");
    let jane = service.emulator.user(CUSTOMERS, "jane.doe").unwrap();
    assert_eq!(jane.attribute("name"), Some("Jane Later"));
}

#[test]
fn no_credentials_is_what_it_says() {
    let mut pty = cognitui(["--user-pool-id", CUSTOMERS]).size(120, 40).start();
    pty.wait_for_text("FAILED");
    says(&pty, &["credentials"]);
    assert_eq!(pty.quits(), Some(0));
    assert_eq!(pty.left_behind(), super::NOTHING);
}

#[test]
fn no_region_is_what_it_says() {
    let pty = cognitui([])
        .size(120, 40)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .start();
    pty.wait_for_text("FAILED");
    says(&pty, &["no region"]);
}

#[test]
fn an_expired_sso_session_names_the_command_that_renews_it() {
    let launch = cognitui(["--user-pool-id", CUSTOMERS, "--profile", "support"]).size(120, 40);
    aws(&launch, "config", &sso_profile("corp"));
    aws(&launch, &format!("sso/cache/{CORP}.json"), EXPIRED);
    let pty = launch.start();
    pty.wait_for_text("FAILED");
    says(&pty, &["aws sso login --profile support"]);
    assert!(!said(&pty).contains("invented-token"));
}

fn sso_profile(session: &str) -> String {
    format!(
        "[profile support]\nsso_session = {session}\nsso_account_id = 123456789012\nsso_role_name = Support\n\
         region = us-east-1\n[sso-session {session}]\nsso_region = us-east-1\n\
         sso_start_url = https://example.awsapps.com/start\n"
    )
}

const EXPIRED: &str = r#"{"startUrl": "https://example.awsapps.com/start", "region": "us-east-1",
    "accessToken": "invented-token", "expiresAt": "2020-01-01T00:00:00Z"}"#;

/// SHA-1 of `corp`: the AWS tools name the file of a session's token so.
const CORP: &str = "ee0bfd2552fbd840c02cc48b6e823320543c450f";

#[test]
fn a_profile_that_is_not_there_and_one_that_cannot_work_are_named() {
    let pty = cognitui(["--user-pool-id", CUSTOMERS, "--profile", "suport"])
        .size(120, 40)
        .start();
    pty.wait_for_text("FAILED");
    says(&pty, &["no profile suport"]);

    let launch = cognitui(["--user-pool-id", CUSTOMERS, "--profile", "mfa"]).size(120, 40);
    aws(
        &launch,
        "config",
        "[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = base\n\
         mfa_serial = arn:aws:iam::123456789012:mfa/x\n[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n",
    );
    let pty = launch.start();
    pty.wait_for_text("FAILED");
    says(&pty, &["mfa_serial", "credential_process"]);
}

#[test]
fn a_ca_bundle_that_trusts_nobody_is_refused_with_its_path() {
    let service = Service::start();
    for (contents, variable) in [(None, false), (Some("not a certificate\n"), false), (None, true)] {
        let mut launch = service.console([]).size(200, 40);
        let bundle = launch.home().join("company.pem");
        if let Some(contents) = contents {
            fs::write(&bundle, contents).unwrap();
        }
        launch = if variable {
            launch.env("AWS_CA_BUNDLE", &bundle)
        } else {
            launch.args(["--ca-bundle", "company.pem"])
        };
        let pty = launch.start();
        pty.wait_for_text("FAILED");
        says(&pty, &["CA bundle", "company.pem"]);
        assert_eq!(
            service.emulator.calls().len(),
            0,
            "nobody is asked without the check that was asked for"
        );
    }
}

#[test]
fn what_the_role_lacks_is_named_and_the_rest_works() {
    use cognitui::emulator::Fault;
    let service = Service::start();
    service.emulator.inject(Fault::denied("ListUserPools"));
    service.emulator.inject(Fault::denied("AdminGetUser"));
    let launch = cognitui(["--endpoint-url", &service.url]);
    configure(&launch, &listed(CUSTOMERS));
    let pty = launch.start();
    pty.wait_for_text("cognito-idp:ListUserPools");
    pty.settles().press("<enter>", "jane@example.com").settles();
    pty.finds("jane.doe").press("e", "cognito-idp:AdminGetUser").settles();
    pty.keys("x");
    pty.has_taken_everything();
    assert_eq!(service.writes(), 0);
    assert!(!pty.screen_text().contains("to send"), "{}", pty.screen_text());
}

#[test]
fn after_signing_in_again_r_is_enough() {
    let service = Service::start();
    let launch = service.console(["--profile", "support"]).size(120, 40);
    aws(&launch, "config", &sso_profile("corp"));
    aws(&launch, &format!("sso/cache/{CORP}.json"), EXPIRED);
    let pty = launch.start();
    pty.wait_for_text("FAILED");
    says(&pty, &["aws sso login --profile support"]);
    assert_eq!(service.emulator.calls().len(), 0);
    let keys = "[profile support]\nregion = us-east-1\naws_access_key_id = a\naws_secret_access_key = b\n";
    fs::write(pty.home().join(".aws/config"), keys).unwrap();
    pty.press("r", "jane@example.com").settles();
    let header = pty.screen_text().lines().next().unwrap_or_default().to_owned();
    assert!(header.trim_end().ends_with("write"), "{header}");
}

/// A proxy that notes where somebody wants to go, and lets nobody through.
pub(super) fn proxy() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (note, noted) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut line = String::new();
            // A client that hangs up early, or after the answer, has been noted all the same.
            let _ = BufReader::new(&stream).read_line(&mut line);
            // Before the answer: who has it may look at the notes.
            if note.send(line.trim().to_owned()).is_err() {
                return;
            }
            let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    (address, noted)
}

#[test]
fn a_proxy_is_asked_for_everything_that_leaves_this_machine() {
    // With a CA bundle the program brings its own connector, which has to know the proxy as well.
    for more in [&[][..], &["--ca-bundle", "company.pem"]] {
        let (address, noted) = proxy();
        let launch = cognitui(["--user-pool-id", CUSTOMERS].into_iter().chain(more.iter().copied()));
        fs::write(launch.home().join("company.pem"), CERTIFICATE).unwrap();
        let pty = launch
            .size(120, 40)
            .env("AWS_ACCESS_KEY_ID", "a")
            .env("AWS_SECRET_ACCESS_KEY", "b")
            .env("HTTPS_PROXY", format!("http://{address}"))
            .start();
        pty.wait_for_text("FAILED");
        pty.settles();
        let asked: Vec<String> = noted.try_iter().collect();
        for host in [
            "cognito-idp.us-east-1.amazonaws.com:443",
            "sts.us-east-1.amazonaws.com:443",
        ] {
            assert!(
                asked.iter().any(|line| line.starts_with(&format!("CONNECT {host} "))),
                "{host} in {asked:?}"
            );
        }
        assert!(asked.iter().all(|line| line.starts_with("CONNECT ")), "{asked:?}");
    }
}

/// Self-signed, made for this test; its key was never kept.
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBkzCCATmgAwIBAgIUcSAswp3KdjJRgvfqTM7gAZDE5UQwCgYIKoZIzj0EAwIw
HjEcMBoGA1UEAwwTYW4gaW52ZW50ZWQgY29tcGFueTAgFw0yNjExMjAxNTQyNTla
GA8yMTI2MTAyNzE1NDI1OVowHjEcMBoGA1UEAwwTYW4gaW52ZW50ZWQgY29tcGFu
eTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIrrC07AwAIddxHmvW985vR78Zgs
w1fI7s167s8d2QxBeXABzz1TXLk/v0tWdZ04BwY6UOa0213zlUH8KGBcH96jUzBR
MB0GA1UdDgQWBBQP30TdVe0Ru5nXSrdfhS6WmZyYbjAfBgNVHSMEGDAWgBQP30Td
Ve0Ru5nXSrdfhS6WmZyYbjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gA
MEUCIBLJqNYTUJEO+AGR7/6G4QCun5wVBb61fsS3Fyh6w7cIAiEA6pVoXgavuEbF
GY3gMViwjTEk9BUaVWLklu03+xr3Nbg=
-----END CERTIFICATE-----
";

#[test]
fn a_service_of_this_machine_is_never_asked_through_a_proxy() {
    let service = Service::start();
    let (address, noted) = proxy();
    let proxy = format!("http://{address}");
    let launch = service
        .console([])
        .env("HTTP_PROXY", &proxy)
        .env("HTTPS_PROXY", &proxy)
        .env("ALL_PROXY", &proxy);
    let pty = launch.env("http_proxy", &proxy).env("all_proxy", &proxy).start();
    pty.wait_for_text("jane@example.com");
    pty.settles();
    assert_eq!(
        noted.try_iter().collect::<Vec<_>>(),
        Vec::<String>::new(),
        "nor is STS asked about dummy keys"
    );
}

#[test]
fn a_region_that_is_not_the_pools_is_named() {
    let service = Service::start();
    let pty = service.console(["--region", "eu-central-1"]).size(120, 40).start();
    pty.wait_for_text("eu-central-1");
    says(&pty, &["eu-central-1", "us-east-1"]);
}
