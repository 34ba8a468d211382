//! Where the service is not to be had: the console opens all the same, says which thing is missing and what to do, and
//! `r` tries again.

use std::fs;
use std::path::Path;

use super::service::{Service, free_port};
use super::{CUSTOMERS, Hands, cognitui, configure, listed};
use crate::pty::{Launch, Pty};

/// The screen as one line without the breaks of narrow panes.
fn said(pty: &Pty) -> String {
    pty.screen_text().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(pty: &Pty, words: &[&str]) {
    pty.settles();
    let said = said(pty);
    for word in words {
        assert!(said.contains(word), "{word:?} is not said:\n{}", pty.screen_text());
    }
}

fn aws(launch: &Launch, file: &str, text: &str) {
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
    // The cache file is named after the session, in SHA-1, as the AWS CLI and SDKs do.
    let launch = cognitui(["--user-pool-id", CUSTOMERS, "--profile", "support"]).size(120, 40);
    aws(
        &launch,
        "config",
        "[profile support]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Support\nregion = us-east-1\n\
         [sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n",
    );
    let token = "{\"startUrl\": \"https://example.awsapps.com/start\", \"region\": \"us-east-1\", \
                 \"accessToken\": \"invented-token\", \"expiresAt\": \"2020-01-01T00:00:00Z\"}";
    aws(&launch, &format!("sso/cache/{CORP}.json"), token);
    let pty = launch.start();
    pty.wait_for_text("FAILED");
    says(&pty, &["aws sso login --profile support"]);
    assert!(!said(&pty).contains("invented-token"));
}

/// SHA-1 of `corp`.
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
