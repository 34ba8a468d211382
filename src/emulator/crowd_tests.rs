//! The computed users: orders that agree with sorting, lookups without scans, and chains that meet everybody once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use serde_json::{Value, json};

use super::super::testing::{Bench, POOL, update};
use super::super::{PoolSeed, Seed};
use super::*;

const ORDERS: [Order; 10] = [
    Order::Number,
    Order::Username,
    Order::Email,
    Order::Name,
    Order::GivenName,
    Order::FamilyName,
    Order::Phone,
    Order::Sub,
    Order::Status,
    Order::Enabled,
];

fn both() -> [Crowd; 4] {
    // Less than one user for each pair of names, and more.
    [
        Crowd::new(3_001, 9, SubPattern::Uuid4),
        Crowd::new(3_001, 9, SubPattern::Regional),
        Crowd::new(13_007, 5, SubPattern::Uuid4),
        Crowd::new(1, 5, SubPattern::Uuid4),
    ]
}

#[test]
fn keys_and_numbers_never_fall_along_an_order() {
    for crowd in both() {
        for order in ORDERS {
            let places: Vec<(String, u64)> = (0..crowd.ranks(order))
                .map(|rank| (crowd.key(order, rank), crowd.number(order, rank)))
                .collect();
            assert!(places.is_sorted(), "{order:?} of {}", crowd.n);
        }
    }
}

#[test]
fn an_order_meets_everybody_with_the_attribute_once_under_the_value_the_user_has() {
    for crowd in both() {
        for order in ORDERS {
            let mut met = BTreeSet::new();
            for rank in 0..crowd.ranks(order) {
                let Some(number) = crowd.at(order, rank) else {
                    continue;
                };
                let user = crowd.user(number).unwrap();
                let value = match order {
                    Order::Number => "",
                    Order::Username => &user.username,
                    Order::Email => user.attribute("email").unwrap(),
                    Order::Name => user.attribute("name").unwrap(),
                    Order::GivenName => user.attribute("given_name").unwrap(),
                    Order::FamilyName => user.attribute("family_name").unwrap(),
                    Order::Phone => user.attribute("phone_number").unwrap(),
                    Order::Sub => user.sub(),
                    Order::Status => &user.status,
                    Order::Enabled => ["Disabled", "Enabled"][usize::from(user.enabled)],
                };
                let value = if order == Order::Enabled {
                    value.to_owned()
                } else {
                    value.to_lowercase()
                };
                assert_eq!(crowd.key(order, rank), value);
                assert!(met.insert(number), "{order:?} meets {number} twice");
            }
            let expected = (0..crowd.n)
                .filter_map(|number| crowd.user(number))
                .filter(|user| match order {
                    Order::Email => user.attribute("email").is_some(),
                    Order::Phone => user.attribute("phone_number").is_some(),
                    _ => true,
                })
                .count();
            assert_eq!(met.len(), expected, "{order:?} of {}", crowd.n);
        }
    }
}

#[test]
fn usernames_subs_emails_and_numbers_are_unique() {
    for crowd in both() {
        let users: Vec<User> = (0..crowd.n).filter_map(|number| crowd.user(number)).collect();
        for name in ["sub", "email", "phone_number"] {
            let values: Vec<&str> = users.iter().filter_map(|user| user.attribute(name)).collect();
            assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), values.len(), "{name}");
        }
        assert_eq!(
            users.iter().map(|user| &user.username).collect::<BTreeSet<_>>().len(),
            users.len()
        );
    }
}

#[test]
fn a_value_leads_back_to_its_user() {
    for crowd in both() {
        for number in (0..crowd.n).step_by(37) {
            let user = crowd.user(number).unwrap();
            assert_eq!(crowd.having(Order::Username, &user.username), [number]);
            assert_eq!(crowd.having(Order::Sub, user.sub()), [number]);
            if let Some(email) = user.attribute("email") {
                assert_eq!(crowd.having(Order::Email, email), [number]);
            }
            if let Some(phone) = user.attribute("phone_number") {
                assert_eq!(crowd.having(Order::Phone, phone), [number]);
            }
        }
        assert!(crowd.having(Order::Username, "nobody").is_empty());
        assert!(crowd.having(Order::Sub, "zz").is_empty());
    }
}

#[test]
fn subs_are_uuids_of_their_pattern() {
    let shape = |sub: &str| {
        sub.chars()
            .map(|c| if c == '-' { '-' } else { 'h' })
            .collect::<String>()
    };
    for crowd in both() {
        for number in (0..crowd.n).step_by(11) {
            let sub = crowd.sub(number);
            assert_eq!(shape(&sub), "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh");
            assert!("89ab".contains(&sub[19..20]), "{sub}");
            match crowd.pattern {
                SubPattern::Uuid4 => assert_eq!(&sub[14..15], "4"),
                SubPattern::Regional => {
                    let fixed: String = [1, 3, 5, 7].iter().map(|&at| &sub[at..=at]).collect();
                    assert_eq!((fixed.as_str(), &sub[14..16]), ("4848", "70"));
                }
            }
        }
    }
}

/// Reads a filtered or whole list to its end: usernames, and the number of pages.
fn chain(bench: &Bench, pool: &str, filter: &str) -> (Vec<String>, usize) {
    let mut body = json!({"UserPoolId": pool, "Filter": filter});
    let (mut names, mut pages) = (Vec::new(), 0);
    loop {
        let page = bench.ok("ListUsers", body.clone());
        pages += 1;
        let rows = page["Users"].as_array().unwrap();
        names.extend(rows.iter().map(|row| row["Username"].as_str().unwrap().to_owned()));
        match page.get("PaginationToken") {
            Some(token) => body["PaginationToken"] = token.clone(),
            None => return (names, pages),
        }
    }
}

fn unique(names: &[String]) -> usize {
    names.iter().collect::<BTreeSet<_>>().len()
}

fn crowd_bench(n: u64, pattern: SubPattern) -> Bench {
    Bench::with(
        PoolSeed::new(POOL, "pool")
            .aliases(&["email"])
            .computed(n)
            .subs(pattern),
    )
}

#[test]
fn a_chain_over_the_crowd_meets_exactly_n_users() {
    let (names, pages) = chain(&crowd_bench(5_000, SubPattern::Uuid4), POOL, "");
    assert_eq!((names.len(), unique(&names), pages), (5_000, 5_000, 84));
}

#[test]
fn sixteen_sub_prefixes_sum_to_everybody_in_either_pattern() {
    for pattern in [SubPattern::Uuid4, SubPattern::Regional] {
        let bench = crowd_bench(3_000, pattern);
        let mut all = Vec::new();
        let mut parts = BTreeMap::new();
        for digit in "0123456789abcdef".chars() {
            let (names, _) = chain(&bench, POOL, &format!("sub ^= \"{digit}\""));
            parts.insert(digit, names.len());
            all.extend(names);
        }
        assert_eq!((all.len(), unique(&all)), (3_000, 3_000));
        assert!(parts.values().all(|&part| part > 150), "{parts:?}");
        // The skew: behind the first digit only one second digit exists in a regional pool.
        let seconds = "0123456789abcdef"
            .chars()
            .filter(|second| !chain(&bench, POOL, &format!("sub ^= \"a{second}\"")).0.is_empty())
            .count();
        assert_eq!(seconds, if pattern == SubPattern::Regional { 1 } else { 16 });
    }
}

#[test]
fn every_filter_agrees_with_a_scan() {
    let n = 12_500;
    let bench = crowd_bench(n, SubPattern::Uuid4);
    let crowd = Crowd::new(0, 0, SubPattern::Uuid4);
    assert_eq!(crowd.len(), 0);
    let users: Vec<User> = {
        let (names, _) = chain(&bench, POOL, "");
        names.iter().map(|name| bench.user(name)).collect()
    };
    for (filter, test) in [
        (
            "username ^= \"ana.\"",
            (|u| u.username.starts_with("ana.")) as fn(&User) -> bool,
        ),
        ("email ^= \"ANN\"", |u| {
            u.attribute("email").is_some_and(|v| v.starts_with("ann"))
        }),
        ("name = \"zoe zhang\"", |u| u.attribute("name") == Some("Zoe Zhang")),
        ("given_name = \"Kofi\"", |u| u.attribute("given_name") == Some("Kofi")),
        ("family_name ^= \"Ha\"", |u| {
            u.attribute("family_name").is_some_and(|v| v.starts_with("Ha"))
        }),
        ("phone_number ^= \"+155512\"", |u| {
            u.attribute("phone_number").is_some_and(|v| v.starts_with("+155512"))
        }),
        ("cognito:user_status ^= \"un\"", |u| u.status == "UNCONFIRMED"),
        ("status = \"Disabled\"", |u| !u.enabled),
        ("preferred_username ^= \"\"", |_| false),
    ] {
        let (names, _) = chain(&bench, POOL, filter);
        let expected = users.iter().filter(|user| test(user)).count();
        assert_eq!((names.len(), unique(&names)), (expected, expected), "{filter}");
    }
}

#[test]
fn edits_deletions_and_new_users_show_in_every_order() {
    let bench = crowd_bench(2_000, SubPattern::Uuid4);
    let first = bench.ok("ListUsers", json!({"UserPoolId": POOL, "Limit": 60}));
    let name = |row: usize| first["Users"][row]["Username"].as_str().unwrap().to_owned();
    let (edited, deleted) = (name(3), name(4));
    bench.ok(
        "AdminUpdateUserAttributes",
        update(&edited, &[("name", "Zz Last"), ("email", "zz@example.com")]),
    );
    bench.ok("AdminDeleteUser", json!({"UserPoolId": POOL, "Username": deleted}));
    bench.ok(
        "AdminCreateUser",
        json!({"UserPoolId": POOL, "Username": "brand.new", "MessageAction": "SUPPRESS"}),
    );

    assert_eq!(chain(&bench, POOL, "name = \"zz last\"").0, [edited.as_str()]);
    assert_eq!(chain(&bench, POOL, "email ^= \"zz@\"").0, [edited.as_str()]);
    assert_eq!(
        chain(&bench, POOL, &format!("username = \"{edited}\"")).0,
        [edited.as_str()]
    );
    assert!(chain(&bench, POOL, &format!("username = \"{deleted}\"")).0.is_empty());
    let (all, _) = chain(&bench, POOL, "");
    assert_eq!((all.len(), unique(&all)), (2_000, 2_000));
    assert_eq!(all.last().map(String::as_str), Some("brand.new"));
    assert_eq!(all[3], edited, "an edit does not move a row");
    let described = bench.ok("DescribeUserPool", json!({"UserPoolId": POOL}));
    assert_eq!(described["UserPool"]["EstimatedNumberOfUsers"], json!(2_000));
    let (code, _) = bench.refused("AdminGetUser", json!({"UserPoolId": POOL, "Username": deleted}));
    assert_eq!(code, "UserNotFoundException");
}

#[test]
fn an_edit_in_the_middle_of_a_chain_repeats_nobody_in_an_unfiltered_list() {
    let bench = crowd_bench(200, SubPattern::Uuid4);
    let first = bench.ok("ListUsers", json!({"UserPoolId": POOL}));
    let seen = first["Users"][10]["Username"].as_str().unwrap().to_owned();
    bench.ok("AdminUpdateUserAttributes", update(&seen, &[("name", "Changed")]));
    let next = bench.ok(
        "ListUsers",
        json!({"UserPoolId": POOL, "PaginationToken": first["PaginationToken"]}),
    );
    assert!(!next["Users"].to_string().contains("Changed"));
}

#[test]
fn a_million_users_start_at_once_and_every_kind_of_page_costs_a_page() {
    let begun = started();
    let bench = Bench::new(Seed::crowd(1_000_000));
    let pool = bench.emulator.pool_id("crowd").unwrap();
    let sample = bench.ok("ListUsers", json!({"UserPoolId": pool, "Limit": 60}))["Users"][59].clone();
    let value = |name: &str| {
        let pairs = sample["Attributes"].as_array().unwrap();
        pairs.iter().find(|pair| pair["Name"] == name).unwrap()["Value"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let username = sample["Username"].as_str().unwrap();
    for (filter, least) in [
        (String::new(), 60),
        (format!("username = \"{username}\""), 1),
        (format!("sub = \"{}\"", value("sub")), 1),
        ("sub ^= \"c\"".to_owned(), 60),
        ("username ^= \"zoe.z\"".to_owned(), 60),
        ("email ^= \"hana\"".to_owned(), 60),
        ("phone_number ^= \"+15559\"".to_owned(), 60),
        ("family_name = \"Zhang\"".to_owned(), 60),
        ("cognito:user_status = \"UNCONFIRMED\"".to_owned(), 60),
    ] {
        let page: Value = bench.ok("ListUsers", json!({"UserPoolId": pool, "Filter": filter}));
        assert!(page["Users"].as_array().unwrap().len() >= least, "{filter}");
    }
    let detail = bench.ok("AdminGetUser", json!({"UserPoolId": pool, "Username": username}));
    assert_eq!(detail["Username"], sample["Username"]);
    // Generous for a slow machine and an unoptimised build; a scan of the million would take far longer.
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}

#[expect(clippy::disallowed_methods, reason = "a test that measures")]
fn started() -> Instant {
    Instant::now()
}
