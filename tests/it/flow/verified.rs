//! Who vouches for an address: `v`, its three states, and when a choice no longer holds.

use cognitui::app::VerifiedDefault;

use super::scene::{CUSTOMERS, SHOP, form, open_form, pairs, setup};

const CHECKED: &str = "yes: I checked it. No code goes.";
const DECIDES: &str = "NO until its code is entered: Cognito decides.";
const MARKED: &str = "NO: mark unverified.";

#[test]
fn after_a_change_nothing_is_chosen_and_review_goes_there_first() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com");
    stage.shows("not chosen: v chooses");
    stage.go("nickname").keys("<ctrl-s>");
    stage.answers("v chooses first: who vouches for the new address?");
    stage.shows("Edit jane.doe");
    // The cursor is on the mark, so v chooses at once.
    stage.keys("v");
    stage.shows(CHECKED);
    stage.keys("<ctrl-s>");
    stage.shows("Review jane.doe");
}

#[test]
fn v_goes_round_three_states() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com");
    for state in [CHECKED, DECIDES, MARKED, CHECKED, DECIDES] {
        stage.keys("v");
        let screen = stage.screen().replace('\n', " ");
        let words: Vec<&str> = screen.split_whitespace().collect();
        assert!(words.join(" ").contains(state), "{state}:\n{}", stage.screen());
    }
}

#[test]
fn each_state_is_another_request() {
    for (keys, flag) in [("v", Some("true")), ("vv", None), ("vvv", Some("false"))] {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.set("email", "jane.doe@example.com").keys(keys).send();
        let mut expected = pairs(&[("email", "jane.doe@example.com")]);
        expected.extend(flag.map(|flag| ("email_verified".to_owned(), flag.to_owned())));
        assert_eq!(stage.sent_once(), expected);
    }
}

#[test]
fn the_setting_chooses_for_the_operator() {
    for (default, flag) in [(VerifiedDefault::Pool, false), (VerifiedDefault::Verified, true)] {
        let mut stage = open_form(setup(CUSTOMERS, "jane.doe").change(|settings| settings.verified_default = default));
        stage.set("email", "jane.doe@example.com").send();
        assert_eq!(
            stage.sent_once().iter().any(|(name, _)| name == "email_verified"),
            flag,
            "{default:?}"
        );
    }
}

#[test]
fn the_setting_takes_no_choice_back() {
    let mut stage =
        open_form(setup(CUSTOMERS, "jane.doe").change(|settings| settings.verified_default = VerifiedDefault::Pool));
    stage.set("email", "jane.doe@example.com").keys("vv");
    stage.shows(CHECKED);
    stage.keys("<enter><enter>");
    stage.shows(CHECKED);
}

#[test]
fn another_address_needs_another_choice() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("v");
    stage.shows(CHECKED);
    stage.set("email", "jane.d@example.com");
    stage.shows_not(CHECKED);
    stage.shows("not chosen: v chooses");
    stage.keys("<ctrl-s>");
    stage.shows("Edit jane.doe");
}

#[test]
fn putting_the_address_back_takes_the_choice_back() {
    for take_back in ["u", "<enter><ctrl-u>jane@example.com<enter>"] {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.set("email", "jane.doe@example.com").keys("v");
        stage.keys(take_back);
        assert!(stage.pending().is_empty());
        stage.shows_not(CHECKED);
    }
}

#[test]
fn deleting_the_address_takes_the_choice_back() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("vx");
    assert_eq!(stage.pending(), ["email"]);
    stage.keys("v");
    stage.answers("there is no address to vouch for");
    stage.send();
    assert_eq!(stage.sent_once(), pairs(&[("email", "")]));
    assert_eq!(stage.stored(CUSTOMERS, "jane.doe", "email_verified"), None);
    stage.ended("applied", &["message for email: none"]);
}

#[test]
fn a_mark_alone_is_one_flag_and_no_message() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("phone_number").keys("v");
    stage.will("counts as verified at once; no message goes to anyone.");
    stage.send();
    assert_eq!(stage.sent_once(), pairs(&[("phone_number_verified", "true")]));
    stage.ended("applied", &[]);
    assert!(stage.outbox().is_empty());
    stage.keys("e").go("email").keys("v");
    stage.will("is marked unverified at once; no message goes to anyone.");
    stage.will("Verified until now; not any more.");
    stage.send();
    assert_eq!(stage.sent()[1], pairs(&[("email_verified", "false")]));
    assert!(stage.outbox().is_empty());
}

#[test]
fn a_mark_that_is_put_back_is_no_change() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("phone_number").keys("vv");
    assert!(stage.pending().is_empty());
    stage.keys("v").go("phone_number_verified").keys("u");
    assert!(stage.pending().is_empty());
}

#[test]
fn there_is_nothing_to_vouch_for_without_a_contact() {
    let mut stage = form(CUSTOMERS, "tom");
    stage.go("email").keys("v");
    stage.answers("there is no address to vouch for");
    assert!(stage.pending().is_empty());
    stage.go("name").keys("v");
    stage.answers("v is for email and phone_number");
}

#[test]
fn a_mark_is_chosen_not_typed_and_not_deleted() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("email_verified").keys("<enter>");
    stage.answers("v chooses who vouches for it");
    stage.keys("x");
    stage.answers("a flag is not deleted; v marks it unverified");
    stage.paste("true");
    stage.answers("v chooses who vouches for it");
    assert!(stage.pending().is_empty());
}

#[test]
fn the_same_mark_beside_a_new_address_is_sent_because_it_means_something() {
    let mut stage = form(SHOP, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("v");
    assert!(
        stage.screen().lines().any(|row| row.contains(" =   verified")),
        "{}",
        stage.screen()
    );
    stage.send();
    assert_eq!(
        stage.sent_once(),
        pairs(&[("email", "jane.doe@example.com"), ("email_verified", "true")])
    );
    stage.ended("applied", &["message for email: none"]);
}
