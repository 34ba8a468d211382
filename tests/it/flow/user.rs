//! One user: what the list knows at once, what details cost, and what an identity provider rewrites.

use cognitui::app::session::View;
use cognitui::app::slot::Slot;
use cognitui::app::status::Word;
use cognitui::emulator::{Fault, Seed};

use super::demo::{CUSTOMERS, PARTNERS};
use super::stage::{Setup, Stage};

fn jane() -> Stage {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    stage.keys("<enter>");
    assert_eq!(stage.open_user(), "jane.doe");
    stage
}

/// A user who comes from Okta, opened in a pool where `change` was done to the service.
fn from_okta(change: impl FnOnce(&cognitui::emulator::Emulator) + 'static) -> Stage {
    let mut stage = Setup::new(Seed::demo(), &[PARTNERS]).service(change).start();
    stage.keys("/Okta Partner 03<enter>");
    assert!(stage.open_user().starts_with("Okta_"));
    stage
}

#[test]
fn what_the_list_knows_is_there_at_once() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    let before = stage.emulator.calls().len();
    stage.keys("<enter>");
    for text in [
        "User jane.doe",
        "Jane Doe",
        "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f",
        "jane@example.com",
        "silver",
    ] {
        stage.shows(text);
    }
    stage.shows("counts as active user");
    assert_eq!(stage.emulator.calls().len(), before, "opening costs no call");
}

#[test]
fn d_fetches_second_factors_and_groups_with_one_call_each() {
    let mut stage = jane();
    stage.keys("d");
    assert_eq!(
        stage.calls("AdminGetUser"),
        [serde_json::json!({ "UserPoolId": CUSTOMERS, "Username": "jane.doe" })]
    );
    assert_eq!(stage.count("AdminListGroupsForUser"), 1);
    stage.shows("SMS");
    stage.shows("readers");
    let words: Vec<Word> = stage.entries().iter().take(2).map(|entry| entry.word).collect();
    assert_eq!(words, [Word::Read, Word::Read]);
}

#[test]
fn refreshing_goes_through_the_list_and_keeps_what_details_told() {
    let mut stage = jane();
    stage.keys("djjj");
    let cursor = stage.session().user.as_ref().unwrap().cursor.clone();
    let rows = stage.session().users.roster.len();
    stage.keys("r");
    assert_eq!(stage.count("AdminGetUser"), 1, "only d asks it");
    assert_eq!(stage.filters(), [r#"sub = "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f""#]);
    assert_eq!(stage.session().user.as_ref().unwrap().cursor, cursor);
    stage.shows("SMS");
    stage.keys("<esc>");
    assert_eq!(stage.session().users.roster.len(), rows, "the list is as it was");
    assert!(stage.session().users.search.is_none());
}

#[test]
fn refreshing_shows_what_changed() {
    let mut stage = jane();
    stage.emulator.change_user(CUSTOMERS, "jane.doe", |user| {
        user.attributes.insert("custom:tier".into(), "platinum".into());
        user.modified = "2026-11-18T10:00:30Z".parse().unwrap();
    });
    stage.keys("r");
    stage.shows("platinum");
    stage.keys("<esc>");
    let loaded = stage.loaded();
    let row = loaded.iter().find(|user| user.username.as_str() == "jane.doe").unwrap();
    assert_eq!(row.text("custom:tier"), Some("platinum"), "the row of the list follows");
}

#[test]
fn a_user_who_is_gone_is_said_and_what_was_read_stays() {
    let mut stage = jane();
    stage.emulator.remove_user(CUSTOMERS, "jane.doe");
    stage.keys("r");
    assert!(
        stage.notice().contains("does not have this user now"),
        "{}",
        stage.notice()
    );
    stage.shows("jane@example.com");
}

#[test]
fn without_the_permission_for_details_the_rest_stays() {
    let mut stage = jane();
    stage.emulator.inject(Fault::denied("AdminGetUser"));
    stage.emulator.inject(Fault::denied("AdminListGroupsForUser"));
    stage.keys("d");
    stage.shows("not known: no cognito-idp:AdminGetUser");
    stage.shows("not known: no cognito-idp:AdminListGroupsForUser");
    stage.shows("jane@example.com");
    stage.emulator.heal();
    stage.keys("r");
    assert_eq!(stage.count("AdminGetUser"), 2, "what failed is tried again");
    stage.shows("SMS");
    stage.shows("readers");
}

#[test]
fn attributes_that_a_provider_rewrites_are_named() {
    let mut stage = from_okta(|_| {});
    let row = stage.row_with("rewritten");
    for text in ["email", "name", "given_name", "Okta", "each sign-in"] {
        assert!(row.contains(text), "{row}");
    }
    stage.keys("<esc><esc>/Okta Partner 04<enter>");
    assert_eq!(stage.count("ListIdentityProviders"), 1, "asked once for the pool");
}

#[test]
fn a_mapping_that_cannot_be_read_may_rewrite_anything() {
    for operation in ["DescribeIdentityProvider", "ListIdentityProviders"] {
        let mut stage = from_okta(move |service| service.inject(Fault::denied(operation)));
        stage.shows("may be rewritten at each sign-in (mapping not readable)");
        assert_eq!(stage.newest().word, Word::Failed);
        assert!(
            stage.said().contains(&format!("cognito-idp:{operation}")),
            "{}",
            stage.said()
        );
        stage.emulator.heal();
        stage.keys("r");
        stage.shows_not("mapping not readable");
    }
}

#[test]
fn a_local_user_asks_for_no_mapping() {
    let stage = jane();
    assert_eq!(stage.count("ListIdentityProviders"), 0);
    stage.shows_not("rewritten");
}

#[test]
fn details_that_arrive_after_the_user_was_left_change_only_the_status_pane() {
    let mut stage = jane();
    stage.keys_before_answers("d<esc>j<enter>");
    stage.settle();
    assert_eq!(stage.open_user(), "bob");
    let bob = stage.session().user.as_ref().unwrap();
    assert_eq!((&bob.details, &bob.groups), (&Slot::Empty, &Slot::Empty));
    assert!(bob.user.mfa().is_none());
    stage.shows_not("readers");
    assert_eq!(
        stage
            .entries()
            .iter()
            .filter(|entry| entry.subject.as_str() == "jane.doe")
            .count(),
        2
    );
}

#[test]
fn attributes_that_are_not_set_unfold_and_a_name_is_jumped_to() {
    let mut stage = jane();
    stage.shows_not("zoneinfo");
    stage.keys("/zone<enter>");
    let screen = stage.session().user.as_ref().unwrap();
    assert_eq!(screen.cursor.as_ref().unwrap().as_str(), "zoneinfo");
    stage.shows("zoneinfo");
    stage.keys("+");
    stage.shows_not("middle_name");
    stage.keys("+/no.such.thing<enter>");
    stage.shows("no attribute of that name in this pool");
}

#[test]
fn opening_and_reading_count_nobody_until_the_form_is_opened() {
    let mut stage = jane();
    stage.keys("jjj/nick<enter>+<esc>");
    assert_eq!(stage.count("AdminGetUser"), 0);
    stage.keys("e");
    assert_eq!(stage.view(), View::Edit);
    assert_eq!(stage.count("AdminGetUser"), 1);
}
