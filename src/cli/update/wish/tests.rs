//! From arguments to what would be sent, or to every problem with it.

use std::ffi::OsString;
use std::io;

use jiff::Timestamp;

use super::*;
use crate::cli::args::Command;
use crate::cli::args::{GivenText, parse};
use crate::domain::user::Source;
use crate::domain::{UserStatus, Username};

fn asked(arguments: &[&str]) -> UpdateArgs {
    let all = [
        "cognitui",
        "update",
        "--user-pool-id",
        "us-east-1_a",
        "--username",
        "ann",
    ];
    match parse(all.iter().chain(arguments).map(OsString::from)).unwrap().command {
        Some(Command::Update(asked)) => *asked,
        other => panic!("{other:?}"),
    }
}

fn read(asked: &UpdateArgs) -> Result<Wish, Unclear> {
    Wish::read(
        asked,
        shorthand::Surroundings {
            read: &|_| Err(io::ErrorKind::NotFound.into()),
            variable: &|_| None,
        },
    )
}

fn wish(arguments: &[&str]) -> Wish {
    read(&asked(arguments)).unwrap()
}

fn unclear(arguments: &[&str]) -> String {
    match read(&asked(arguments)).unwrap_err() {
        Unclear::Said(sentence) => sentence.plain(),
        Unclear::Misread(misread) => misread.to_string(),
    }
}

fn schema() -> Schema {
    let attribute = |name: &str, mutable, required| SchemaAttribute {
        name: AttributeName::new(name),
        data_type: match name {
            "email_verified" | "phone_number_verified" => DataType::Boolean,
            _ => DataType::String { min: None, max: None },
        },
        mutable,
        required,
        developer_only: false,
    };
    Schema {
        attributes: vec![
            attribute("sub", false, true),
            attribute("name", true, false),
            attribute("email", true, true),
            attribute("email_verified", true, false),
            attribute("phone_number", true, false),
            attribute("phone_number_verified", true, false),
            attribute("custom:badge", false, false),
        ],
    }
}

fn ann() -> Arc<User> {
    let values = [
        ("sub", "s-1"),
        ("name", "Ann"),
        ("email", "ann@example.com"),
        ("email_verified", "true"),
        ("custom:badge", "7"),
    ];
    Arc::new(User {
        username: Username::new("ann"),
        attributes: values
            .into_iter()
            .map(|(name, value)| (AttributeName::new(name), AttributeValue::new(value)))
            .collect(),
        status: UserStatus::Confirmed,
        enabled: true,
        created: None,
        changed: None,
        source: Source::Get {
            mfa: Default::default(),
        },
        read_at: Timestamp::UNIX_EPOCH,
    })
}

/// What goes out, as `name=value`; a deletion is `name=`.
fn sent(changes: &ChangeSet) -> Vec<String> {
    let text = |edit: &Edit| edit.value().map_or(String::new(), |value| value.as_str().to_owned());
    let changes = changes.changes().iter();
    changes
        .map(|change| format!("{}={}", change.name.as_str(), text(&change.edit)))
        .collect()
}

fn admin(arguments: &[&str], verified: VerifiedDefault) -> Result<Option<Vec<String>>, Vec<String>> {
    let schema = schema();
    wish(arguments)
        .changes(ann(), &Rules::admin(&schema), verified)
        .map(|changes| changes.as_ref().map(sent))
        .map_err(|problems| problems.iter().map(Sentence::plain).collect())
}

fn own(arguments: &[&str]) -> Result<Option<Vec<String>>, Vec<String>> {
    let schema = schema();
    wish(arguments)
        .changes(ann(), &Rules::own(&schema, None), VerifiedDefault::Verified)
        .map(|changes| changes.as_ref().map(sent))
        .map_err(|problems| problems.iter().map(Sentence::plain).collect())
}

const EMAIL: &str = "Name=email,Value=new@example.com";

#[test]
fn only_what_differs_goes_out_and_an_empty_value_deletes() {
    let all = [
        "--user-attributes",
        "Name=name,Value=",
        "Name=email,Value=ann@example.com",
    ];
    assert_eq!(admin(&all, VerifiedDefault::Ask), Ok(Some(vec!["name=".to_owned()])));
    let same = ["--user-attributes", "Name=name,Value=Ann", "Name=phone_number,Value="];
    assert_eq!(admin(&same, VerifiedDefault::Ask), Ok(None));
    assert_eq!(admin(&["--verified", "email"], VerifiedDefault::Ask), Ok(None));
}

#[test]
fn nobody_guesses_who_vouches_for_a_new_address() {
    let change = ["--user-attributes", EMAIL];
    let problems = admin(&change, VerifiedDefault::Ask).unwrap_err();
    assert_eq!(problems.len(), 1);
    for flag in ["--verified email", "--unverified email", "--cognito-decides email"] {
        assert!(problems[0].contains(flag), "{problems:?}");
    }
    let alone = Ok(Some(vec!["email=new@example.com".to_owned()]));
    let with = |flag: &str| {
        Ok(Some(vec![
            "email=new@example.com".to_owned(),
            format!("email_verified={flag}"),
        ]))
    };
    assert_eq!(admin(&change, VerifiedDefault::Pool), alone);
    assert_eq!(admin(&change, VerifiedDefault::Verified), with("true"));
    let and = |more: [&'static str; 2]| [change[0], change[1], more[0], more[1]];
    assert_eq!(
        admin(&and(["--cognito-decides", "email"]), VerifiedDefault::Verified),
        alone
    );
    assert_eq!(admin(&and(["--verified", "email"]), VerifiedDefault::Ask), with("true"));
    assert_eq!(
        admin(&and(["--unverified", "email"]), VerifiedDefault::Pool),
        with("false")
    );
}

#[test]
fn a_verified_mark_among_the_attributes_means_what_it_means_to_the_aws_cli_in_either_order() {
    let mark = "Name=email_verified,Value=true";
    let both = Ok(Some(vec![
        "email=new@example.com".to_owned(),
        "email_verified=true".to_owned(),
    ]));
    assert_eq!(admin(&["--user-attributes", EMAIL, mark], VerifiedDefault::Ask), both);
    assert_eq!(admin(&["--user-attributes", mark, EMAIL], VerifiedDefault::Ask), both);
    let taken = ["--user-attributes", "Name=email_verified,Value=false"];
    assert_eq!(
        admin(&taken, VerifiedDefault::Ask),
        Ok(Some(vec!["email_verified=false".to_owned()]))
    );
}

#[test]
fn every_problem_is_said_at_once_and_without_a_key() {
    let problems = admin(
        &[
            "--user-attributes",
            "Name=nickname,Value=",
            "Name=sub,Value=s-1",
            "Name=custom:badge,Value=7",
            "Name=email,Value=",
            "Name=phone_number,Value=123",
            "Name=email_verified,Value=",
            "--cognito-decides",
            "phone_number",
        ],
        VerifiedDefault::Ask,
    )
    .unwrap_err();
    for start in [
        "nickname: locked: not in this pool's schema",
        "sub: locked",
        "custom:badge: locked: immutable",
        "email: required in this pool, so it cannot be deleted",
        "phone_number: ",
        "email_verified: a verified mark cannot be deleted; --unverified email",
    ] {
        assert!(
            problems.iter().any(|said| said.starts_with(start)),
            "{start}: {problems:#?}"
        );
    }
    assert!(!problems.iter().any(|said| said.contains(": v ")), "{problems:#?}");
}

#[test]
fn on_the_own_route_nobody_vouches_and_a_mark_is_locked() {
    assert_eq!(
        own(&["--user-attributes", EMAIL]),
        Ok(Some(vec!["email=new@example.com".to_owned()]))
    );
    let problems = own(&["--user-attributes", "Name=email_verified,Value=true"]).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("email_verified: locked: a code verifies it"),
        "{problems:?}"
    );
}

#[test]
fn without_the_pools_schema_only_what_no_pool_allows_is_refused() {
    let given = wish(&[
        "--user-attributes",
        "Name=custom:anything,Value=1",
        "Name=email,Value=new@example.com",
    ]);
    let schema = given.assumed_schema();
    let changes = given
        .changes(ann(), &Rules::own(&schema, None), VerifiedDefault::Ask)
        .unwrap()
        .unwrap();
    assert_eq!(sent(&changes), ["custom:anything=1", "email=new@example.com"]);
    let given = wish(&[
        "--user-attributes",
        "Name=sub,Value=1",
        "Name=email_verified,Value=true",
        "Name=email,Value=x",
    ]);
    let schema = given.assumed_schema();
    let problems = given
        .changes(ann(), &Rules::own(&schema, None), VerifiedDefault::Ask)
        .unwrap_err();
    assert_eq!(problems.len(), 3, "{problems:?}");
}

#[test]
fn what_is_said_twice_or_not_at_all_is_unclear() {
    let twice = unclear(&["--user-attributes", "Name=name,Value=A", "Name=name,Value=B"]);
    assert!(twice.starts_with("name is given twice"), "{twice}");
    let both = unclear(&[
        "--user-attributes",
        EMAIL,
        "Name=email_verified,Value=true",
        "--verified",
        "email",
    ]);
    assert!(both.starts_with("email_verified stands in --user-attributes"), "{both}");
    let none = unclear(&["--user-attributes", "Name=name"]);
    assert!(none.contains("Value="), "{none}");
    let odd = unclear(&["--user-attributes", "name=Ann"]);
    assert!(odd.starts_with("--user-attributes"), "{odd}");
}

#[test]
fn debug_of_what_was_asked_prints_no_value() {
    let mut all = asked(&["--user-attributes", EMAIL]);
    all.client_metadata = Some(GivenText("secret=ticket".to_owned()));
    let text = format!("{all:?}");
    for part in ["new@", "ticket", "ann"] {
        assert!(!text.contains(part), "{text}");
    }
}
