//! Acting with the token: the form of the user's own attributes, the time left, and what leads back to the sign-in.

use std::time::Duration;

use cognitui::app::Event;
use cognitui::emulator::Fault;

use super::super::scene::CUSTOMERS;
use super::super::stage::read_only;
use super::{JANE, jane, opened};

#[test]
fn the_time_left_counts_down_by_minutes_then_seconds_and_wakes_the_program_only_then() {
    let mut stage = opened(jane()).start();
    assert_eq!(stage.app().next_wake(), None, "nobody is acted as");
    stage.sign_in("web");
    let start = stage
        .app()
        .session
        .as_ref()
        .unwrap()
        .acting
        .as_ref()
        .unwrap()
        .expires_at;
    let mut shown = String::new();
    let mut ticks = 0;
    while let Some(wait) = stage.app().next_wake() {
        let now = stage.row_with("AS jane.doe");
        assert_ne!(now, shown, "a tick that changes nothing");
        shown = now;
        stage.clock.forward(wait);
        stage.event(Event::Tick);
        ticks += 1;
        assert!(ticks < 400);
    }
    stage.shows("AS jane.doe EXPIRED");
    // 57 to 59 changes of the minute, then 119 seconds.
    assert!((174..=180).contains(&ticks), "{ticks}");
    assert!(stage.clock.now() >= start);
}

#[test]
fn after_the_token_expired_edits_stay_nothing_is_sent_and_t_signs_in_again() {
    let mut stage = opened(jane()).start();
    stage.sign_in("web");
    stage.set("nickname", "JD");
    stage.keys("<ctrl-s>");
    stage.shows("Review jane.doe");
    stage.shows("UpdateUserAttributes, one call");
    stage.clock.forward(Duration::from_secs(3700));
    stage.event(Event::Tick);
    stage.keys("<tab><enter>");
    stage.answers("the access token has expired, nothing is sent; edits stay, in the form T signs in again");
    assert!(stage.calls("UpdateUserAttributes").is_empty());
    stage.keys("<esc><ctrl-s>");
    stage.answers("expired");
    assert_eq!(stage.pending(), ["nickname"]);
    stage.sign_in("web");
    stage.shows("Edit AS THE USER jane.doe");
    assert_eq!(stage.pending(), ["nickname"]);
    stage.send();
    assert_eq!(stage.calls("UpdateUserAttributes").len(), 1);
    stage.ended("applied", &[]);
    assert_eq!(stage.stored(CUSTOMERS, JANE, "nickname").as_deref(), Some("JD"));
    assert!(stage.calls("AdminGetUser").is_empty() && stage.calls("AdminUpdateUserAttributes").is_empty());
}

#[test]
fn what_the_app_client_may_not_write_and_the_verified_marks_are_locked() {
    let mut stage = opened(jane()).start();
    stage.sign_in("narrow");
    stage.acts_in_the_own_form();
    stage.go("name").keys("<enter>");
    stage.answers("the token's app client may not write it");
    stage.go("email").keys("v");
    stage.answers("as the user nobody vouches");
    stage.keys("j<enter>");
    stage.answers("a code verifies it");
    stage.keys("k<enter><ctrl-u>new@example.com<enter>");
    assert_eq!(stage.pending(), ["email"]);
}

#[test]
fn a_pending_deletion_alone_goes_out_as_one() {
    let mut stage = opened(jane().with("nickname", "JD")).start();
    stage.sign_in("web");
    stage.go("nickname").keys("x<ctrl-s>");
    stage.shows("DeleteUserAttributes, one call");
    stage.keys("y<enter>");
    assert!(
        stage.copied().unwrap().starts_with(
            "aws cognito-idp delete-user-attributes --access-token \"$ACCESS_TOKEN\" --region 'us-east-1' --cli-input-json"
        ),
        "{:?}",
        stage.copied()
    );
    stage.keys("<esc><tab><enter>");
    assert_eq!(stage.calls("DeleteUserAttributes").len(), 1);
    stage.ended("applied", &[]);
    assert_eq!(stage.stored(CUSTOMERS, JANE, "nickname"), None);
}

#[test]
fn the_list_keeps_what_only_the_administrator_reads() {
    let mut stage = opened(jane()).start();
    stage.sign_in("web");
    stage.set("nickname", "JD").send();
    stage.ended("applied", &[]);
    let loaded = stage.loaded();
    let row = loaded.iter().find(|user| user.username.as_str() == JANE).unwrap();
    assert!(row.tells_status() && row.created.is_some());
    assert_eq!(row.text("nickname"), Some("JD"));
}

#[test]
fn in_a_pool_that_is_read_only_the_user_is_shown_as_the_token_sees_it() {
    let mut stage = opened(jane()).change(read_only).start();
    stage.sign_in("web");
    stage.shows("User, AS THE USER'S TOKEN SEES IT jane.doe");
    stage.shows("AS jane.doe 60 min  read only");
    stage.shows("not told");
    stage.keys("e");
    stage.answers("--read-only");
    stage.keys("r");
    assert_eq!(stage.calls("GetUser").len(), 2, "read again with the token");
    stage.shows("AS THE USER'S TOKEN SEES IT");
    assert!(stage.calls("AdminGetUser").is_empty());
}

#[test]
fn t_on_the_user_who_is_acted_as_opens_the_form_again_without_a_sign_in() {
    let mut stage = opened(jane()).start();
    stage.sign_in("web").keys("<esc>");
    stage.shows("User jane.doe");
    stage.keys("T");
    stage.shows("Edit AS THE USER jane.doe");
    assert_eq!(stage.calls("InitiateAuth").len(), 1);
    stage.keys(":stop-acting<enter>");
    stage.answers("the token is forgotten");
    stage.shows_not("AS jane.doe");
    assert_eq!(stage.app().next_wake(), None);
    stage.keys("T");
    stage.shows("With what?");
}

#[test]
fn a_token_that_was_revoked_leads_back_to_the_sign_in() {
    let mut stage = opened(jane()).start();
    stage.sign_in("web");
    stage.set("nickname", "JD").keys("<ctrl-s>");
    stage
        .emulator
        .inject(Fault::error("NotAuthorizedException", "Access Token has been revoked").on("UpdateUserAttributes"));
    stage.keys("<tab><enter>");
    stage.ended("REFUSED", &["next: Enter here signs in as jane.doe again"]);
    stage.keys("<tab><enter>");
    stage.signs_in_again();
}

#[test]
fn a_reading_that_the_token_is_no_good_for_leads_back_to_the_sign_in() {
    let mut stage = opened(jane()).start();
    stage.sign_in("web");
    stage
        .emulator
        .inject(Fault::error("PasswordResetRequiredException", "Password reset required for the user").on("GetUser"));
    stage.keys("r");
    assert!(
        stage.said().contains("next: Enter here signs in as jane.doe again"),
        "{}",
        stage.said()
    );
    stage.keys("<enter>");
    stage.answers("T signs in again");
    stage.keys("<tab><enter>");
    stage.signs_in_again();
}
