//! What `cognitui update` accepts, what it refuses and in which words.

use std::ffi::OsString;

use super::super::{Command, Stop, USAGE, parse};
use super::*;

fn given(arguments: &[&str]) -> Result<UpdateArgs, Stop> {
    let all = ["cognitui", "update"].iter().chain(arguments);
    match parse(all.map(OsString::from))?.command {
        Some(Command::Update(asked)) => Ok(*asked),
        other => panic!("{other:?}"),
    }
}

fn stopped(arguments: &[&str]) -> String {
    let stop = given(arguments).unwrap_err();
    assert_eq!(stop.code, USAGE, "{}", stop.text);
    stop.text
}

const NAME: &str = "Name=name,Value=Ann";

#[test]
fn both_forms_are_taken() {
    let own = given(&[
        "--access-token",
        "-",
        "--user-attributes",
        NAME,
        "Name=email,Value=",
        "--dry-run",
    ])
    .unwrap();
    assert_eq!(own.access_token, Some(TokenSource::StandardInput));
    assert_eq!(own.user_attributes.len(), 2);
    assert!(own.dry_run && own.output.is_none());

    let admin = given(&[
        "--user-pool-id",
        "us-east-1_a",
        "--username",
        "ann",
        "--user-attributes",
        "[{\"Name\": \"email\", \"Value\": \"a@example.com\"}]",
        "--verified",
        "email,phone_number",
        "--output",
        "table",
        "--confirm-pool",
        "shop",
        "--confirm-username",
        "ann",
    ])
    .unwrap();
    assert_eq!(admin.verified, [GivenContact::Email, GivenContact::PhoneNumber]);
    assert_eq!(admin.output, Some(Output::Table));
    assert_eq!(admin.options.user_pool_id.as_deref(), Some("us-east-1_a".as_ref()));
    assert!(
        given(&["--username", "ann", "--verified", "email"]).is_ok(),
        "a mark alone is a change"
    );
}

#[test]
fn a_token_on_the_command_line_is_refused_and_not_repeated() {
    for arguments in [
        ["--access-token", "eyJra.secret.token"].as_slice(),
        &["--access-token=eyJra.secret.token"],
        &["--access-token", "-eyJra.secret.token"],
        &["--access-token", "eyJra.secret.token", "--username", "ann"],
        &["--access-token", "eyJra.secret.token", "--output", "yaml"],
    ] {
        let mut all = arguments.to_vec();
        all.extend(["--user-attributes", NAME]);
        let text = stopped(&all);
        assert!(!text.contains("secret"), "{text}");
    }
    let text = stopped(&["--access-token", "eyJra.secret.token", "--user-attributes", NAME]);
    assert!(text.contains("read from standard input"), "{text}");
    assert_eq!(format!("{:?}", "eyJ".parse::<TokenSource>()), "Ok(Elsewhere)");
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_to_write() {
    let attributes = ["--user-attributes", NAME];
    let with = |more: &[&'static str]| stopped(&[more, attributes.as_slice()].concat());
    for (arguments, says) in [
        ([].as_slice(), "whose call is it?"),
        (&["--username", "ann", "--demo"], "exclude each other"),
        (&["--access-token", "-", "--username", "ann"], "cannot be used with"),
        (&["--access-token", "-", "--verified", "email"], "cannot be used with"),
        (&["--access-token", "-", "--no-sign-request"], "never signed"),
        (&["--username", "ann", "--no-sign-request"], "refused"),
        (&["--username", "ann", "--no-verify-ssl"], "refused"),
        (&["--username", "ann", "--verified", "name"], "email, phone_number"),
        (
            &["--username", "ann", "--verified", "email", "--unverified", "email"],
            "stands in two of",
        ),
        (&["--username", "ann", "--output", "yaml"], "json, table"),
        (&["--username", ""], "not empty"),
    ] {
        let text = with(arguments);
        assert!(text.contains(says), "{arguments:?}: {text}");
    }
    assert!(stopped(&["--username", "ann"]).contains("nothing to change"));
    assert!(stopped(&["--username", "ann", "--cognito-decides", "email"]).contains("nothing to change"));
}

#[test]
fn the_help_is_about_this_command() {
    let stop = given(&["--help"]).unwrap_err();
    assert_eq!(stop.code, 0);
    for word in [
        "--access-token",
        "--user-attributes",
        "--dry-run",
        "Exit codes",
        "the token names it",
    ] {
        assert!(stop.text.contains(word), "{word}:\n{}", stop.text);
    }
    assert!(!stop.text.contains("--demo"), "{}", stop.text);
}
