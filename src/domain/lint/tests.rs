use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::twins::{bones, folded};
use super::*;
use crate::domain::pool::{EmailSender, MfaSetting, SignIn};
use crate::domain::schema::{DataType, SchemaAttribute};
use crate::domain::{PoolId, Raw, Roster, Schema, Segment, User, UserStatus};

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
fn the_same_address_is_a_duplicate_and_another_spelling_is_a_twin() {
    let mail = |name: &str, address: &str| user(name, &[("email", address)]);
    let users = [
        mail("a", "jane@example.com"),
        mail("b", "bob@example.com"),
        mail("c", "jane@example.com"),
        mail("d", "Jane@Example.com"),
        mail("e", ""),
        mail("f", ""),
    ];
    assert_eq!(grouped(&users, Check::DuplicateEmail), [["a", "c"]]);
    assert_eq!(grouped(&users, Check::CaseTwins), [["a", "c", "d"]]);
    let only = &users[..2];
    assert!(grouped(only, Check::DuplicateEmail).is_empty() && grouped(only, Check::CaseTwins).is_empty());
}

#[test]
fn the_same_number_is_a_duplicate() {
    let phone = |name: &str, number: &str| user(name, &[("phone_number", number)]);
    let users = [
        phone("a", "+15555550100"),
        phone("b", "+15555550101"),
        phone("c", "+15555550100"),
    ];
    assert_eq!(grouped(&users, Check::DuplicatePhone), [["a", "c"]]);
    assert!(grouped(&users[..2], Check::DuplicatePhone).is_empty());
}

#[test]
fn usernames_that_differ_by_case_or_by_how_an_accent_is_written_are_twins() {
    let named = |name: &str| user(name, &[]);
    let users = [
        named("J.Smith"),
        named("j.smith"),
        named("ren\u{e9}"),
        named("rene\u{301}"),
        named("rene"),
    ];
    assert_eq!(
        grouped(&users, Check::CaseTwins),
        [["J.Smith", "j.smith"], ["ren\u{e9}", "rene\u{301}"]]
    );
    let preferred = |name: &str, preferred: &str| user(name, &[("preferred_username", preferred)]);
    assert_eq!(
        grouped(&[preferred("a", "Eve"), preferred("b", "eve")], Check::CaseTwins),
        [["a", "b"]]
    );
}

#[test]
fn letters_of_another_alphabet_and_domains_that_read_alike_are_found_but_no_accidents() {
    let mail = |name: &str, address: &str| user(name, &[("email", address)]);
    let users = [
        user("paypal", &[]),
        user("р\u{430}yp\u{430}l", &[]),
        mail("u1", "jane@example.com"),
        mail("u2", "j\u{430}ne@example.com"),
        mail("u3", "bob@example.com"),
        mail("u4", "bob@exarnple.com"),
        mail("u5", "pay\u{200b}roll@example.com"),
        mail("u6", "payroll@example.com"),
    ];
    assert_eq!(
        grouped(&users, Check::LookAlike),
        [
            vec!["paypal", "р\u{430}yp\u{430}l"],
            vec!["u1", "u2"],
            vec!["u3", "u4"],
            vec!["u5", "u6"]
        ]
    );
    let accidents = [
        mail("marnie", "marnie@example.com"),
        mail("mamie", "mamie@example.com"),
        mail("ana1", "ana1@example.com"),
        mail("anal", "anal@example.com"),
        mail("ANA1", "ANA1@example.com"),
        mail("josé", "josé@example.com"),
        mail("jose", "jose@example.com"),
    ];
    assert_eq!(grouped(&accidents, Check::LookAlike), Vec::<Vec<String>>::new());
}

#[test]
fn a_federated_user_and_a_local_one_with_one_address_belong_together() {
    let mail = |name: &str, address: &str| user(name, &[("email", address)]);
    let federated = |name: &str, address: &str| User {
        status: UserStatus::ExternalProvider,
        ..user(
            name,
            &[
                ("email", address),
                ("identities", r#"[{"userId":"1","providerName":"Okta"}]"#),
            ],
        )
    };
    let users = [
        mail("jane", "jane@example.com"),
        federated("Okta_1", "Jane@example.com"),
        federated("Okta_2", "bob@example.com"),
        federated("Google_2", "bob@example.com"),
        mail("eve", "eve@example.com"),
        mail("eva", "eve@example.com"),
    ];
    assert_eq!(grouped(&users, Check::FederatedAndLocal), [["jane", "Okta_1"]]);
    assert_eq!(
        found(&users, Check::FederatedAndLocal),
        ["jane email: local", "Okta_1 email: federated, through Okta"]
    );
}

#[test]
fn what_cannot_be_seen_is_named_with_its_place() {
    let users = [
        user("adm\u{200b}in", &[("name", "Anna ")]),
        user("plain", &[("name", "Anna Lund")]),
    ];
    assert_eq!(
        found(&users, Check::HiddenCharacters),
        [
            "adm\u{200b}in username: U+200B, character 4",
            "adm\u{200b}in name: a space at an end, character 5"
        ]
    );
}

#[test]
fn only_confirmed_users_need_a_contact() {
    let invited = User {
        status: UserStatus::ForceChangePassword,
        ..user("b", &[])
    };
    let users = [
        user("a", &[("email", "")]),
        invited,
        user("c", &[("phone_number", "+15555550100")]),
        user("d", &[("email", "d@example.com")]),
    ];
    assert_eq!(
        found(&users, Check::NoContact),
        ["a status: no e-mail address and no phone number"]
    );
}

#[test]
fn required_and_chosen_attributes_are_missed() {
    let users = [
        user("a", &[("sub", "1"), ("name", "A")]),
        user("b", &[("sub", "2"), ("custom:tier", "gold")]),
    ];
    assert_eq!(
        found(&users, Check::MissingAttribute),
        ["b name: not set, and the pool requires it"]
    );
    let chosen = Options {
        attributes: vec![AttributeName::new("custom:tier")],
        ..Options::default()
    };
    assert_eq!(
        said(&report(&users, &chosen), Check::MissingAttribute),
        ["a custom:tier: not set", "b name: not set, and the pool requires it"]
    );
}

#[test]
fn values_that_the_schema_would_not_take_are_found() {
    let users = [
        user("a", &[("custom:tier", "platinum"), ("email_verified", "TRUE")]),
        user("b", &[("custom:gone", "x"), ("identities", "[]")]),
        user("c", &[("custom:tier", "gold"), ("email", "c@example.com")]),
        user("d", &[("email", "no address")]),
    ];
    assert_eq!(
        found(&users, Check::OutsideSchema),
        [
            "a custom:tier: at most 6 characters in this pool; this has 8",
            "b custom:gone: locked: not in this pool's schema",
            "d email: U+0020 does not belong in an e-mail address",
        ]
    );
}

#[test]
fn without_the_pools_settings_what_rests_on_them_is_left_out_and_said_so() {
    let ground = Ground {
        rows: rows(&[user("a", &[("custom:tier", "platinum")])]),
        pool: None,
        now: now(),
    };
    let report = lint(&ground, &Options::default(), &|| false).unwrap();
    assert_eq!(report.left_out().collect::<Vec<_>>(), [Check::OutsideSchema]);
    assert!(report.of(Check::MissingAttribute).is_some_and(Findings::is_empty));
}

#[test]
fn numbers_that_are_not_e164_are_found() {
    let phone = |name: &str, number: &str| user(name, &[("phone_number", number)]);
    let users = [phone("a", "555 0100"), phone("b", "+15555550100"), phone("c", "+015")];
    assert_eq!(
        found(&users, Check::NotE164),
        [
            "a phone_number: a phone number begins with + and the country code: +15555550100",
            "c phone_number: no country code begins with 0"
        ]
    );
    assert!(found(&users, Check::OutsideSchema).is_empty(), "said once");
}

#[test]
fn a_contact_without_its_flag_is_not_verified() {
    let users = [
        user("a", &[("email", "a@example.com"), ("email_verified", "false")]),
        user("b", &[("phone_number", "+15555550100")]),
        user("c", &[("email", "c@example.com"), ("email_verified", "true")]),
        user("d", &[("email_verified", "false")]),
    ];
    assert_eq!(
        found(&users, Check::UnverifiedContact),
        ["a email: not verified", "b phone_number: not verified"]
    );
}

#[test]
fn an_invitation_runs_out_after_the_days_that_the_pool_says() {
    let invited = |name: &str, days: i64| User {
        status: UserStatus::ForceChangePassword,
        changed: Some(ago(days)),
        ..user(name, &[])
    };
    let users = [invited("old", 8), invited("new", 6), user("confirmed", &[])];
    assert_eq!(
        found(&users, Check::StaleInvitation),
        ["old status: invited or changed last 2026-11-10, and temporary passwords are good for 7 days"]
    );
    let with = |days: Option<u16>| {
        let ground = Ground {
            rows: rows(&users),
            pool: Some(Arc::new(pool(days))),
            now: now(),
        };
        said(
            &lint(&ground, &Options::default(), &|| false).unwrap(),
            Check::StaleInvitation,
        )
    };
    assert_eq!(with(Some(30)), Vec::<String>::new());
    assert_eq!(with(Some(1)).len(), 2);
    assert!(with(None)[0].ends_with("7 days, as is usual"));
}

#[test]
fn a_disabled_user_who_changed_in_the_chosen_days_is_found() {
    let disabled = |name: &str, days: i64| User {
        enabled: false,
        changed: Some(ago(days)),
        ..user(name, &[])
    };
    let enabled = User {
        changed: Some(ago(1)),
        ..user("enabled", &[])
    };
    let users = [disabled("late", 29), disabled("early", 31), enabled];
    assert_eq!(
        found(&users, Check::DisabledRecently),
        ["late enabled: disabled; changed 2026-10-20"]
    );
    let options = Options {
        recent_days: 90,
        ..Options::default()
    };
    assert_eq!(said(&report(&users, &options), Check::DisabledRecently).len(), 2);
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
        now: now(),
    };
    let report = lint(&ground, &Options::default(), &|| false).unwrap();
    assert!(report.of(Check::UnverifiedContact).unwrap().is_empty());
}

#[test]
fn it_stops_when_it_is_told() {
    let ground = Ground {
        rows: rows(&[user("a", &[])]),
        pool: None,
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

/// Addresses that are often the same, often nearly.
fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        "[aAb]{1,2}@[eE]x\\.(com|corn)",
        "[a\u{430}\u{e9}]{1,2}@ex\\.com",
        Just("e\u{301}@ex.com".to_owned()),
        Just(String::new()),
    ]
}

prop_compose! {
    fn anybody()(
        email in prop::option::of(address()),
        phone in prop::option::of("[+]1[0-3]"),
        federated in prop::bool::weighted(0.3),
    ) -> (Option<String>, Option<String>, bool) {
        (email, phone, federated)
    }
}

/// Everybody compared with everybody: the groups of those whose values are one to `same`, whole groups that `counts`.
fn naive(
    users: &[User],
    name: &str,
    same: impl Fn(&str, &str) -> bool,
    counts: impl Fn(&[&User]) -> bool,
) -> Vec<Vec<String>> {
    let value = |user: &User| user.text(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let mut taken = BTreeSet::new();
    let mut groups = Vec::new();
    for (at, one) in users.iter().enumerate() {
        let Some(of_one) = value(one).filter(|_| !taken.contains(&at)) else {
            continue;
        };
        let mut group = Vec::new();
        for (at, other) in users.iter().enumerate() {
            if value(other).is_some_and(|of_other| same(&of_one, &of_other)) {
                taken.insert(at);
                group.push(other);
            }
        }
        if group.len() > 1 && counts(&group) {
            groups.push(group.iter().map(|user| user.username.as_str().to_owned()).collect());
        }
    }
    groups
}

proptest! {
    #[test]
    fn the_twins_found_are_those_that_comparing_everybody_with_everybody_finds(
        people in prop::collection::vec(anybody(), 0..24)
    ) {
        let users: Vec<User> = people
            .iter()
            .enumerate()
            .map(|(at, (email, phone, federated))| {
                let mut attributes = BTreeMap::new();
                if let Some(email) = email {
                    attributes.insert("email", email.as_str());
                }
                if let Some(phone) = phone {
                    attributes.insert("phone_number", phone.as_str());
                }
                let attributes: Vec<(&str, &str)> = attributes.into_iter().collect();
                let mut user = user(&at.to_string(), &attributes);
                if *federated {
                    user.status = UserStatus::ExternalProvider;
                }
                user
            })
            .collect();
        let report = report(&users, &Options::default());
        let exact = |one: &str, other: &str| one == other;
        let alike = |one: &str, other: &str| folded(one) == folded(other);
        let everybody = |_: &[&User]| true;
        prop_assert_eq!(groups(&report, Check::DuplicateEmail), naive(&users, "email", exact, everybody));
        prop_assert_eq!(groups(&report, Check::DuplicatePhone), naive(&users, "phone_number", exact, everybody));
        let spelled = |group: &[&User]| group.iter().any(|user| user.text("email") != group[0].text("email"));
        prop_assert_eq!(groups(&report, Check::CaseTwins), naive(&users, "email", alike, spelled));
        let mixed = |group: &[&User]| {
            let federated = group.iter().filter(|user| user.is_federated()).count();
            federated > 0 && federated < group.len()
        };
        prop_assert_eq!(groups(&report, Check::FederatedAndLocal), naive(&users, "email", alike, mixed));
        let beyond = |group: &[&User]| {
            let text = |user: &User| user.text("email").unwrap().to_owned();
            let several = group.iter().any(|user| folded(&text(user)) != folded(&text(group[0])));
            several && group.iter().any(|user| !text(user).is_ascii())
        };
        let bony = |one: &str, other: &str| bones(one) == bones(other);
        let strange = naive(&users, "email", bony, beyond);
        let domains = |one: &str, other: &str| {
            let (one, other) = (folded(one).into_owned(), folded(other).into_owned());
            bones(&one) == bones(&other) && one.split('@').next() == other.split('@').next()
        };
        let plain = |group: &[&User]| {
            let text = |user: &User| user.text("email").unwrap().to_owned();
            let first = bones(&text(group[0])).into_owned();
            let class = users.iter().filter(|user| user.text("email").is_some_and(|email| bones(email) == first));
            class.clone().all(|user| text(user).is_ascii())
                && group.iter().any(|user| folded(&text(user)) != folded(&text(group[0])))
        };
        let mut expected = strange;
        expected.extend(naive(&users, "email", domains, plain));
        let number = |group: &Vec<String>| group[0].parse::<usize>().unwrap();
        expected.sort_by_key(number);
        prop_assert_eq!(groups(&report, Check::LookAlike), expected);
    }
}
