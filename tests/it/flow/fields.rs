//! Values: what the schema says about each type and format while it is typed, and what is taken for what was meant.

use super::scene::{CUSTOMERS, SHOP, form, pairs};
use super::stage::Stage;

/// Types a value over what is there, and takes nothing yet.
fn typed(stage: &mut Stage, name: &str, value: &str) {
    stage.go(name).keys("<enter><ctrl-u>");
    stage.paste(value);
}

/// Each is refused in these words while it is typed, stays refused when it is taken, and is never sent.
#[track_caller]
fn refused(pool: &str, user: &str, cases: &[(&str, &str, &str)]) {
    let mut stage = form(pool, user);
    for (name, value, words) in cases {
        typed(&mut stage, name, value);
        stage.shows(words);
        stage.keys("<enter>");
        assert!(stage.pending().contains(&(*name).to_owned()), "{value} is pending");
        stage.keys("<ctrl-s>");
        stage.shows("Edit ");
        stage.answers(words);
        stage.will_not("never");
        stage.keys("u");
        assert!(stage.pending().is_empty());
    }
    stage.sent_nothing();
}

#[test]
fn texts_have_lengths() {
    let long = "x".repeat(2049);
    refused(
        CUSTOMERS,
        "jane.doe",
        &[
            (
                "custom:tier",
                "twenty-one characters",
                "at most 20 characters in this pool; this has 21",
            ),
            (
                "nickname",
                &long,
                "the service keeps at most 2048 characters; this has 2049",
            ),
        ],
    );
}

#[test]
fn numbers_have_a_range() {
    refused(
        SHOP,
        "every.type",
        &[
            ("custom:points", "-1", "at least 0 in this pool"),
            ("custom:points", "1000001", "at most 1000000 in this pool"),
            (
                "custom:points",
                "ten",
                "not a number: digits only, with a - in front if it is negative",
            ),
            ("dev:custom:riskScore", "11", "at most 10 in this pool"),
            ("updated_at", "-1", "at least 0 in this pool"),
        ],
    );
}

#[test]
fn booleans_and_dates_have_a_form() {
    refused(
        SHOP,
        "every.type",
        &[
            ("custom:newsletter", "maybe", "true or false, in small letters"),
            (
                "custom:renewal",
                "tomorrow",
                "not a date: write 2026-11-20 or 2026-11-20T10:41:00Z",
            ),
        ],
    );
}

#[test]
fn birthdates_exist() {
    refused(
        CUSTOMERS,
        "jane.doe",
        &[
            (
                "birthdate",
                "1990-13-02",
                "month 13 does not exist: birthdate is YYYY-MM-DD",
            ),
            (
                "birthdate",
                "1990-02-30",
                "1990-02 has 28 days: birthdate is YYYY-MM-DD",
            ),
            ("birthdate", "born in May", "birthdate is YYYY-MM-DD"),
        ],
    );
}

#[test]
fn phone_numbers_are_a_plus_and_digits() {
    refused(
        CUSTOMERS,
        "jane.doe",
        &[
            (
                "phone_number",
                "5555550100",
                "a phone number begins with + and the country code: +15555550100",
            ),
            (
                "phone_number",
                "+1555x",
                "'x' U+0078 does not belong here: a phone number is + and digits only",
            ),
            ("phone_number", "+0155555", "no country code begins with 0"),
            (
                "phone_number",
                "+1234567890123456",
                "a phone number has at most 15 digits; this has 16",
            ),
        ],
    );
}

#[test]
fn e_mail_addresses_have_a_name_and_a_domain() {
    refused(
        CUSTOMERS,
        "jane.doe",
        &[
            ("email", "jane", "an e-mail address has an @"),
            ("email", "jane@example", "the domain has no dot"),
            ("email", "@example.com", "a name is missing before the @"),
            (
                "email",
                "ja ne@example.com",
                "U+0020 does not belong in an e-mail address",
            ),
        ],
    );
}

#[test]
fn what_only_looks_odd_is_said_and_may_be_sent() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    for (name, value, words) in [
        ("locale", "english", "a locale is usually written like en-US"),
        (
            "zoneinfo",
            "Berlin",
            "a time zone is usually written like Europe/Berlin",
        ),
        ("address", "Main Street 1", "an address is usually JSON"),
        ("address", "{\"formatted\": ", "not JSON yet: line 1, column 14"),
    ] {
        typed(&mut stage, name, value);
        stage.shows(words);
        stage.keys("<enter>");
    }
    stage.send();
    assert_eq!(
        stage.sent_once(),
        pairs(&[
            ("zoneinfo", "Berlin"),
            ("locale", "english"),
            ("address", "{\"formatted\": ")
        ])
    );
}

#[test]
fn a_value_with_a_problem_shows_what_puts_it_right() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("birthdate", "1990-13-02");
    stage.shows("month 13 does not exist: birthdate is YYYY-MM-DD. u puts 1990-01-02 back");
    assert!(stage.row_with("birthdate").starts_with(">!"));
    stage.shows("1 problem: review opens when birthdate is mended or put back");
}

#[test]
fn a_number_as_people_write_it_is_offered_as_the_service_takes_it() {
    for written in ["+1 (555) 555-0199", "001 555 555 0199", "tel:+1-555-555-0199"] {
        let mut stage = form(CUSTOMERS, "tom");
        typed(&mut stage, "phone_number", written);
        stage.shows("+15555550199: Enter takes it");
        stage.keys("<enter>v").send();
        assert_eq!(
            stage.sent_once(),
            pairs(&[("phone_number", "+15555550199"), ("phone_number_verified", "true")]),
            "{written}"
        );
    }
}

#[test]
fn esc_takes_no_suggestion() {
    let mut stage = form(CUSTOMERS, "tom");
    typed(&mut stage, "phone_number", "+1 (555) 555-0199");
    stage.keys("<esc>");
    assert!(stage.pending().is_empty());
}

#[test]
fn booleans_and_birthdates_are_offered_too() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    typed(&mut stage, "custom:newsletter", "Yes");
    stage.shows("true: Enter takes it");
    stage.keys("<enter>");
    typed(&mut stage, "birthdate", "31.12.1990");
    stage.shows("1990-12-31: Enter takes it");
    stage.keys("<enter>").send();
    assert_eq!(
        stage.sent_once(),
        pairs(&[("birthdate", "1990-12-31"), ("custom:newsletter", "true")])
    );
}

#[test]
fn outer_spaces_of_an_address_and_a_number_are_removed_and_that_is_said() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    typed(&mut stage, "email", "  jane.doe@example.com\u{a0}");
    stage.shows("outer spaces were removed");
    stage.keys("<enter>");
    stage.answers("outer spaces were removed");
    stage.keys("v").send();
    assert_eq!(stage.sent_once()[0], ("email".into(), "jane.doe@example.com".into()));
    let mut stage = form(CUSTOMERS, "tom");
    typed(&mut stage, "phone_number", " +15555550199 ");
    stage.keys("<enter>");
    stage.answers("outer spaces were removed");
    stage.keys("v").send();
    assert_eq!(stage.sent_once()[0], ("phone_number".into(), "+15555550199".into()));
}

#[test]
fn spaces_of_other_attributes_are_the_value() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    typed(&mut stage, "nickname", " J D ");
    stage.shows("begins or ends with a space");
    stage.keys("<enter>").send();
    assert_eq!(stage.sent_once(), pairs(&[("nickname", " J D ")]));
}

#[test]
fn a_domain_that_nobody_has_is_probably_a_slip() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    typed(&mut stage, "email", "jane@exmaple.com");
    stage.shows("no other loaded user has this domain; ");
    stage.shows(" have example.com");
}

#[test]
fn the_users_own_old_domain_is_no_evidence() {
    let mut stage = form(CUSTOMERS, "rob");
    // rob alone has new.example.
    typed(&mut stage, "email", "rob@new.exmaple");
    stage.shows_not("no other loaded user");
}

#[test]
fn any_text_reaches_the_service_as_it_is() {
    let value = "Renée 👩‍👧 محمد \u{202e}x\u{7f}\u{1b}[31m'\"\\";
    let mut stage = form(CUSTOMERS, "jane.doe");
    typed(&mut stage, "nickname", value);
    stage.keys("<enter>").send();
    assert_eq!(stage.sent_once(), pairs(&[("nickname", value)]));
    stage.ended("applied", &[]);
}
