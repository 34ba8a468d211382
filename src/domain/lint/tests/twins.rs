//! Who belongs together.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::domain::UserStatus;
use crate::domain::lint::twins::{bones, folded};

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
    let written = [
        phone("a", "+44 20 7946 0018"),
        phone("b", "+442079460018"),
        phone("c", "0044 (0)20 7946-0018"),
        phone("d", "020 7946 0018"),
        phone("e", "ask reception"),
        phone("f", "ask reception"),
    ];
    assert_eq!(
        grouped(&written, Check::DuplicatePhone),
        [vec!["a", "b", "c"], vec!["e", "f"]],
        "a number without its country is another, and what is none is as it is"
    );
}

#[test]
fn preferred_usernames_that_look_alike_are_found() {
    let preferred = |name: &str, preferred: &str| user(name, &[("preferred_username", preferred)]);
    let users = [
        preferred("a", "paypal"),
        preferred("b", "p\u{430}ypal"),
        preferred("c", "paula"),
    ];
    assert_eq!(grouped(&users, Check::LookAlike), [["a", "b"]]);
}

#[test]
fn what_differs_by_case_or_by_how_an_accent_is_written_are_twins() {
    let named: [(&[&str], &[[&str; 2]]); 3] = [
        (&["J.Smith", "j.smith", "smith"], &[["J.Smith", "j.smith"]]),
        (&["ren\u{e9}", "rene\u{301}", "rene"], &[["ren\u{e9}", "rene\u{301}"]]),
        // Letters without a capital of their own are twins of what they are written as.
        (
            &["STRASSE", "stra\u{df}e", "\u{130}nci", "\u{131}nci", "inci"],
            &[["STRASSE", "stra\u{df}e"]],
        ),
    ];
    for (names, twins) in named {
        let users: Vec<User> = names.iter().map(|name| user(name, &[])).collect();
        assert_eq!(grouped(&users, Check::CaseTwins), twins);
    }
    for (attribute, one, other) in [
        ("preferred_username", "Eve", "eve"),
        (
            "email",
            "\u{3bf}\u{3b4}\u{3cc}\u{3c2}@example.com",
            "\u{39f}\u{394}\u{38c}\u{3a3}@example.com",
        ),
    ] {
        let users = [user("a", &[(attribute, one)]), user("b", &[(attribute, other)])];
        assert_eq!(grouped(&users, Check::CaseTwins), [["a", "b"]], "{attribute}");
    }
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
fn a_local_user_with_a_linked_provider_is_local() {
    let linked = |name: &str, identity: &str| {
        let identities = format!(r#"[{{"userId":"{identity}","providerName":"Google"}}]"#);
        user(name, &[("email", "jane@example.com"), ("identities", &identities)])
    };
    // Both are CONFIRMED: of the second somebody has set the password.
    let users = [linked("jane", "7"), linked("google_7", "7"), linked("john", "8")];
    assert_eq!(
        found(&users, Check::FederatedAndLocal),
        [
            "jane email: local, linked to Google",
            "google_7 email: federated, through Google",
            "john email: local, linked to Google"
        ]
    );
    assert!(found(&[linked("jane", "7"), linked("john", "8")], Check::FederatedAndLocal).is_empty());
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
            let federated = group.iter().filter(|user| user.has_provider()).count();
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
