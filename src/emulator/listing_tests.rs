//! ListUsers over the wire: pages, tokens, filters, lag.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::super::testing::{Bench, POOL, update};
use super::super::{ListLag, PoolSeed, User};

fn bench(users: usize) -> Bench {
    Bench::with(
        PoolSeed::new(POOL, "pool").users(
            (0..users).map(|n| {
                User::new(&format!("user{n:03}")).verified_email(&format!("Mail{:03}@example.com", users - n))
            }),
        ),
    )
}

fn names(page: &Value) -> Vec<String> {
    page["Users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["Username"].as_str().unwrap().to_owned())
        .collect()
}

/// Reads a list to its end; every page's names.
fn chain(bench: &Bench, mut body: Value) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    loop {
        let page = bench.ok("ListUsers", body.clone());
        pages.push(names(&page));
        match page.get("PaginationToken") {
            Some(token) => body["PaginationToken"] = token.clone(),
            None => return pages,
        }
    }
}

fn lengths(pages: &[Vec<String>]) -> Vec<usize> {
    pages.iter().map(Vec::len).collect()
}

#[test]
fn pages_hold_sixty_by_default_and_the_chain_has_everybody_once() {
    let bench = bench(130);
    let pages = chain(&bench, json!({"UserPoolId": POOL}));
    assert_eq!(lengths(&pages), [60, 60, 10]);
    assert_eq!(pages.concat().into_iter().collect::<BTreeSet<_>>().len(), 130);
    assert_eq!(
        lengths(&chain(&bench, json!({"UserPoolId": POOL, "Limit": 50}))),
        [50, 50, 30]
    );
    assert_eq!(
        lengths(&chain(&bench, json!({"UserPoolId": POOL, "Limit": 0}))),
        [60, 60, 10]
    );
}

#[test]
fn a_page_that_is_just_full_has_no_token_when_nothing_follows() {
    assert_eq!(lengths(&chain(&bench(60), json!({"UserPoolId": POOL}))), [60]);
    assert_eq!(lengths(&chain(&bench(0), json!({"UserPoolId": POOL}))), [0]);
}

#[test]
fn limits_outside_0_to_60_are_refused_in_the_services_words() {
    let bench = bench(1);
    for (limit, words) in [
        (
            61,
            "Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60",
        ),
        (
            -1,
            "Value '-1' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 0",
        ),
    ] {
        let message = bench.invalid("ListUsers", json!({"UserPoolId": POOL, "Limit": limit}));
        assert_eq!(message, format!("1 validation error detected: {words}"));
    }
}

#[test]
fn a_filtered_list_is_sorted_by_its_attribute_and_pages_the_same_way() {
    let bench = bench(130);
    let pages = chain(
        &bench,
        json!({"UserPoolId": POOL, "Filter": "email ^= \"mail\"", "Limit": 60}),
    );
    assert_eq!(lengths(&pages), [60, 60, 10]);
    let all = pages.concat();
    assert_eq!(all.first().map(String::as_str), Some("user129"), "Mail001 comes first");
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 130);
}

#[test]
fn tokens_fit_one_filter_and_one_hour() {
    let bench = bench(130);
    let token = bench.ok("ListUsers", json!({"UserPoolId": POOL}))["PaginationToken"].clone();
    let other = json!({"UserPoolId": POOL, "PaginationToken": token, "Filter": "email ^= \"m\""});
    assert_eq!(
        bench.invalid("ListUsers", other),
        "Paging Marker is Invalid for Request"
    );
    let garbage = json!({"UserPoolId": POOL, "PaginationToken": "12"});
    assert_eq!(
        bench.invalid("ListUsers", garbage),
        "Paging Marker is Invalid for Request"
    );
    bench.pass(3_600_000);
    let again = json!({"UserPoolId": POOL, "PaginationToken": token});
    assert_eq!(names(&bench.ok("ListUsers", again.clone())).len(), 60);
    bench.pass(1);
    assert_eq!(
        bench.invalid("ListUsers", again),
        "Paging Marker is Invalid for Request"
    );
}

#[test]
fn a_deletion_between_pages_neither_skips_nor_repeats() {
    let bench = bench(130);
    let first = bench.ok("ListUsers", json!({"UserPoolId": POOL}));
    for gone in ["user000", "user059", "user060"] {
        bench.ok("AdminDeleteUser", json!({"UserPoolId": POOL, "Username": gone}));
    }
    let second = bench.ok(
        "ListUsers",
        json!({"UserPoolId": POOL, "PaginationToken": first["PaginationToken"]}),
    );
    assert_eq!(names(&second)[0], "user061");
}

#[test]
fn pages_are_short_and_empty_on_demand() {
    let bench = bench(20);
    bench.emulator.shape_pages(&[0, 7, 0, 0, 3]);
    let pages = chain(&bench, json!({"UserPoolId": POOL}));
    assert_eq!(lengths(&pages), [0, 7, 0, 0, 3, 10]);
    assert_eq!(pages.concat().into_iter().collect::<BTreeSet<_>>().len(), 20);
    bench.emulator.shape_pages(&[0, 5]);
    let pages = chain(&bench, json!({"UserPoolId": POOL, "Filter": "email ^= \"mail\""}));
    assert_eq!(lengths(&pages), [0, 5, 15]);
}

#[test]
fn bad_filters_are_refused() {
    let bench = bench(1);
    let body = |filter: &str| json!({"UserPoolId": POOL, "Filter": filter});
    assert_eq!(bench.invalid("ListUsers", body("email")), "Error while parsing filter");
    assert_eq!(
        bench.invalid("ListUsers", body("custom:tier = \"x\"")),
        "Invalid search attribute: custom:tier"
    );
    let sized = |length: usize| format!("email = \"{}\"", "x".repeat(length - 10));
    assert!(
        bench
            .invalid("ListUsers", body(&sized(257)))
            .ends_with("Member must have length less than or equal to 256")
    );
    assert_eq!(names(&bench.ok("ListUsers", body(&sized(256)))).len(), 0);
}

#[test]
fn aliases_do_not_match_username_and_the_uuid_does_in_a_pool_that_signs_in_by_email() {
    let bench = Bench::with(
        PoolSeed::new(POOL, "pool")
            .sign_in_by(&["email"])
            .user(User::new("").verified_email("a@example.com")),
    );
    let find = |filter: String| names(&bench.ok("ListUsers", json!({"UserPoolId": POOL, "Filter": filter}))).len();
    let sub = bench.user("a@example.com").sub().to_owned();
    assert_eq!(find("username = \"a@example.com\"".into()), 0);
    assert_eq!(find(format!("username = \"{sub}\"")), 1);
    assert_eq!(find("email = \"A@EXAMPLE.COM\"".into()), 1);
}

#[test]
fn attributes_to_get_fails_when_anybody_on_the_page_lacks_one() {
    let pool = PoolSeed::new(POOL, "pool")
        .user(User::new("a").with("name", "A").with("nickname", "AA"))
        .user(User::new("b").with("name", "B"));
    let bench = Bench::with(pool);
    let body = |names: &[&str]| json!({"UserPoolId": POOL, "AttributesToGet": names});
    for lacking in [
        vec!["nickname"],
        vec!["name", "nickname"],
        vec!["sub"],
        vec!["custom:none"],
    ] {
        let message = bench.invalid("ListUsers", body(&lacking));
        assert_eq!(message, "One or more requested attributes do not exist.");
    }
    let page = bench.ok("ListUsers", body(&["name"]));
    assert_eq!(page["Users"][1]["Attributes"], json!([{"Name": "name", "Value": "B"}]));
    let page = bench.ok("ListUsers", body(&[]));
    assert_eq!(page["Users"][0]["Attributes"], json!([]));
}

#[test]
fn rows_carry_what_the_service_returns() {
    let bench = Bench::with(PoolSeed::new(POOL, "pool").user(User::new("a").with("name", "A").disabled()));
    let row = bench.ok("ListUsers", json!({"UserPoolId": POOL}))["Users"][0].clone();
    assert_eq!(row["Enabled"], json!(false));
    assert_eq!(row["UserStatus"], json!("CONFIRMED"));
    assert_eq!(row["UserCreateDate"], json!(1_705_312_800.0));
    assert!(
        row["Attributes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|pair| pair["Name"] == "sub")
    );
    assert!(row.get("UserMFASettingList").is_none(), "rows have no second factors");
}

#[test]
fn the_list_lags_on_demand_and_admin_get_user_does_not() {
    let bench = bench(2);
    let listed = |bench: &Bench| {
        let page = bench.ok("ListUsers", json!({"UserPoolId": POOL, "Filter": "name = \"New\""}));
        names(&page).len()
    };
    assert!(bench.emulator.lag_list(POOL, ListLag::UntilTold));
    bench.ok("AdminUpdateUserAttributes", update("user000", &[("name", "New")]));
    bench.pass(3_600_000);
    assert_eq!(listed(&bench), 0);
    let detail = bench.ok("AdminGetUser", json!({"UserPoolId": POOL, "Username": "user000"}));
    assert!(detail["UserAttributes"].to_string().contains("New"));
    assert!(bench.emulator.lag_list(POOL, ListLag::None));
    assert_eq!(listed(&bench), 1);

    bench
        .emulator
        .lag_list(POOL, ListLag::For(SignedDuration::from_secs(2)));
    bench.ok("AdminUpdateUserAttributes", update("user001", &[("name", "New")]));
    bench.pass(1999);
    assert_eq!(listed(&bench), 1);
    bench.pass(1);
    assert_eq!(listed(&bench), 2);
    assert!(!bench.emulator.lag_list("us-east-1_none", ListLag::None));
}

#[test]
fn an_unknown_pool_is_named() {
    let (code, message) = bench(0).refused("ListUsers", json!({"UserPoolId": "us-east-1_none"}));
    assert_eq!(code, "ResourceNotFoundException");
    assert_eq!(message, "User pool us-east-1_none does not exist.");
}
