mod each;
mod twins;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::domain::pool::{EmailSender, MfaSetting, SignIn};
use crate::domain::schema::{DataType, SchemaAttribute};
use crate::domain::{PoolId, Raw, Roster, Schema, Segment, User};

const NOW: &str = "2026-11-18T10:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn ago(days: i64) -> Timestamp {
    now().checked_sub(SignedDuration::from_hours(days * 24)).unwrap()
}

fn user(name: &str, attributes: &[(&str, &str)]) -> User {
    User {
        created: Some(ago(400)),
        changed: Some(ago(200)),
        read_at: now(),
        ..User::listed(name, attributes)
    }
}

fn attribute(name: &str, data_type: DataType, required: bool) -> SchemaAttribute {
    SchemaAttribute {
        name: AttributeName::new(name),
        data_type,
        mutable: true,
        required,
        developer_only: false,
    }
}

fn pool(temporary_password_days: Option<u16>) -> Pool {
    let text = || DataType::String { min: None, max: None };
    let tier = DataType::String {
        min: Some(1),
        max: Some(6),
    };
    Pool {
        id: PoolId::new("us-east-1_aB3dE5fGh"),
        name: Raw::from("customers"),
        arn: None,
        schema: Schema {
            attributes: vec![
                attribute("sub", text(), true),
                attribute("email", text(), false),
                attribute("email_verified", DataType::Boolean, false),
                attribute("phone_number", text(), false),
                attribute("phone_number_verified", DataType::Boolean, false),
                attribute("name", text(), true),
                attribute("preferred_username", text(), false),
                attribute("custom:tier", tier, false),
            ],
        },
        sign_in: SignIn::Aliases(BTreeSet::new()),
        case_sensitive: true,
        auto_verified: BTreeSet::new(),
        verify_before_update: BTreeSet::new(),
        verifies_by_link: false,
        mfa: MfaSetting::Off,
        recovery: Vec::new(),
        custom_message_trigger: false,
        email_sender: EmailSender::Default,
        email_failure: None,
        sms_role: false,
        sms_failure: None,
        temporary_password_days,
        estimated_users: None,
    }
}

fn rows(users: &[User]) -> Rows {
    let mut roster = Roster::default();
    roster.add(&Arc::new(Segment::pack(users)));
    roster.rows().clone()
}

fn report(users: &[User], options: &Options) -> Report {
    let ground = Ground {
        rows: rows(users),
        pool: Some(Arc::new(pool(Some(7)))),
        export: None,
        now: now(),
    };
    lint(&ground, options, &|| false).unwrap()
}

/// Who a check found, with the column and what is said: `jane email: not verified`.
fn said(report: &Report, check: Check) -> Vec<String> {
    let findings = report.of(check).expect("the check was made");
    findings
        .found
        .iter()
        .map(|found| {
            let row = report.ground.rows.get(found.row).unwrap();
            let about = report.about(check, *found).plain();
            let line = format!("{} {}: {about}", row.username(), report.column(*found).name());
            line.trim_end_matches(": ").to_owned()
        })
        .collect()
}

/// The usernames of each group.
fn groups(report: &Report, check: Check) -> Vec<Vec<String>> {
    let findings = report.of(check).expect("the check was made");
    let mut groups: Vec<Vec<String>> = Vec::new();
    for at in 0..findings.found.len() {
        let (number, found) = findings.group(at).unwrap();
        if number == groups.len() {
            let name = |found: &Found| report.ground.rows.get(found.row).unwrap().username().into_owned();
            groups.push(found.iter().map(name).collect());
        }
    }
    assert_eq!(findings.groups(), Some(groups.len()));
    groups
}

fn found(users: &[User], check: Check) -> Vec<String> {
    said(&report(users, &Options::default()), check)
}

fn grouped(users: &[User], check: Check) -> Vec<Vec<String>> {
    groups(&report(users, &Options::default()), check)
}

#[test]
fn somebody_without_fault_is_found_by_no_check() {
    let jane = user(
        "jane",
        &[
            ("sub", "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f"),
            ("name", "Jane Doe"),
            ("email", "jane@example.com"),
            ("email_verified", "true"),
            ("phone_number", "+15555550100"),
            ("phone_number_verified", "True"),
            ("custom:tier", "gold"),
            ("cognito:email_alias", "jane@example.com"),
        ],
    );
    let bob = user(
        "bob",
        &[
            ("sub", "6f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f"),
            ("name", "Bob Marsh"),
            ("email", "bob@example.com"),
            ("email_verified", "true"),
        ],
    );
    let report = report(&[jane, bob], &Options::default());
    let some: Vec<(Check, usize)> = report.findings.iter().map(|one| (one.check, one.users)).collect();
    assert_eq!(some, Check::ALL.map(|check| (check, 0)));
    assert!(report.is_clean());
    assert_eq!((report.looked_at(), report.left_out().count()), (2, 0));
}

#[test]
fn only_the_checks_that_were_asked_for_are_made() {
    let options = Options {
        checks: vec![Check::NotE164],
        ..Options::default()
    };
    let users = [
        user("a", &[("phone_number", "1")]),
        user("a2", &[("phone_number", "1")]),
    ];
    let report = report(&users, &options);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.of(Check::NotE164).unwrap().users, 2);
}

#[test]
fn a_user_with_two_findings_of_a_check_is_one_user() {
    let users = [user(
        "a",
        &[("email", "a@example.com"), ("phone_number", "+15555550100")],
    )];
    let report = report(&users, &Options::default());
    let findings = report.of(Check::UnverifiedContact).unwrap();
    assert_eq!((findings.users, findings.found.len()), (1, 2));
}

#[test]
fn the_newest_reading_of_a_user_is_what_counts() {
    let mut roster = Roster::default();
    roster.add(&Arc::new(Segment::pack(&[user("a", &[("email", "a@example.com")])])));
    let verified = user("a", &[("email", "a@example.com"), ("email_verified", "true")]);
    assert!(roster.patch(&Arc::new(verified)));
    let ground = Ground {
        rows: roster.rows().clone(),
        pool: None,
        export: None,
        now: now(),
    };
    let report = lint(&ground, &Options::default(), &|| false).unwrap();
    assert!(report.of(Check::UnverifiedContact).unwrap().is_empty());
}

#[test]
fn what_an_export_was_made_without_is_neither_missing_nor_unverified() {
    let users = [
        user("a", &[("email", "a@example.com")]),
        user("b", &[("email", "a@example.com")]),
    ];
    let mut required = pool(Some(7));
    for one in &mut required.schema.attributes {
        one.required = one.name.as_str() == "preferred_username";
    }
    let report = |held: Option<&[&str]>| {
        let ground = Ground {
            rows: rows(&users),
            pool: Some(Arc::new(required.clone())),
            export: Some(Arc::new(Head {
                pool: PoolId::new("eu-west-1_a"),
                described: None,
                began: now(),
                query: None,
                chosen: false,
                attributes: held.map(|names| names.iter().map(|name| AttributeName::new(*name)).collect()),
            })),
            now: now(),
        };
        lint(&ground, &Options::default(), &|| false).unwrap()
    };
    let whole = report(None);
    assert_eq!(whole.left_out().count(), 0);
    assert!(whole.unseen().is_empty());
    for check in [Check::MissingAttribute, Check::UnverifiedContact, Check::DuplicateEmail] {
        assert_eq!(whole.of(check).unwrap().users, 2, "{check:?}");
    }

    let part = report(Some(&["email"]));
    let left_out: Vec<(Check, String)> = part
        .left_out()
        .map(|(check, why)| (check, why.sentence().plain()))
        .collect();
    let without = |names: &str| format!("this export was made without {names}");
    assert_eq!(
        left_out,
        [
            (Check::DuplicatePhone, without("phone_number")),
            (Check::NoContact, without("phone_number")),
            (Check::NotE164, without("phone_number")),
            (
                Check::UnverifiedContact,
                without("email_verified, phone_number, phone_number_verified")
            ),
        ]
    );
    assert_eq!(part.of(Check::DuplicateEmail).unwrap().users, 2);
    assert!(part.of(Check::MissingAttribute).unwrap().is_empty());
    assert!(part.unseen().contains(&AttributeName::new("preferred_username")));

    // A contact with its flag can be judged, one without cannot.
    let one = report(Some(&["email", "phone_number", "phone_number_verified"]));
    assert!(one.of(Check::UnverifiedContact).unwrap().is_empty());
}

#[test]
fn it_stops_when_it_is_told() {
    let ground = Ground {
        rows: rows(&[user("a", &[])]),
        pool: None,
        export: None,
        now: now(),
    };
    assert_eq!(lint(&ground, &Options::default(), &|| true), None);
}

#[test]
fn every_check_has_a_name_of_its_own_and_reads_back() {
    let ids: BTreeSet<&str> = Check::ALL.iter().map(|check| check.id()).collect();
    let names: BTreeSet<&str> = Check::ALL.iter().map(|check| check.name()).collect();
    assert_eq!((ids.len(), names.len()), (Check::ALL.len(), Check::ALL.len()));
    for check in Check::ALL {
        assert_eq!(Check::parse(check.id()), Some(check));
        assert!(check.name().len() <= 40, "{}", check.name());
        assert!(check.why().ends_with('.'));
    }
    assert!(Check::ALL.is_sorted(), "declared in the order of the list");
}
