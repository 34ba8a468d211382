//! The ways to a token, and what is refused on them.

use cognitui::app::Input;
use cognitui::app::keymap::Chord;
use cognitui::domain::Raw;
use cognitui::domain::sign_in::Flow;

use super::super::scene::CUSTOMERS;
use super::{JANE, PASSWORD, jane, opened};

#[test]
fn each_way_in_opens_the_users_own_form_on_the_reading_of_the_sign_in() {
    for (flow, client, calls) in [
        (Flow::UserPassword, "web", "InitiateAuth"),
        (Flow::UserPassword, "backend", "InitiateAuth"),
        (Flow::AdminPassword, "server", "AdminInitiateAuth"),
        (Flow::AdminPassword, "backend", "AdminInitiateAuth"),
    ] {
        let mut stage = opened(jane()).start();
        stage.goes_to_password(flow, client);
        stage.keys(&format!("{PASSWORD}<enter>"));
        let missing = stage.app().session.as_ref().unwrap().sign_in.as_ref();
        assert!(missing.is_none(), "{flow:?} {client}\n{}", stage.screen());
        stage.acts_in_the_own_form();
        let sent = stage.calls(calls);
        assert_eq!(sent.len(), 1, "{flow:?} {client}");
        let hashed = sent[0]["AuthParameters"].get("SECRET_HASH").is_some();
        assert_eq!(hashed, client == "backend");
        stage.shows("AS jane.doe 60 min");
        stage.keeps_none_of(&[PASSWORD, "eyJ"]);
    }
}

#[test]
fn a_token_is_pasted_masked_and_is_whose_it_says() {
    let mut stage = opened(jane()).start();
    let token = stage.emulator.access_token(CUSTOMERS, "web", JANE).unwrap();
    stage.keys("T<enter>");
    stage.shows("Paste or type the access token");
    stage.paste(&format!("{token}\n"));
    stage.shows("***");
    stage.keeps_none_of(&[&token]);
    // Enter in one read with the paste confirms nothing.
    stage.burst(vec![
        Input::Paste(Raw::default()),
        Input::Key(Chord::parse("enter").unwrap()),
    ]);
    stage.answers("confirmed nothing");
    assert!(stage.calls("GetUser").is_empty());
    stage.keys("<enter>");
    stage.acts_in_the_own_form();
    stage.keeps_none_of(&[&token]);
}

#[test]
fn what_is_no_token_is_refused_in_words_and_can_be_typed_again() {
    let mut stage = opened(jane()).start();
    stage.keys("T<enter>not-a-token<enter>");
    stage.signs_in_still();
    stage.shows("that is no access token");
    let token = stage.emulator.access_token(CUSTOMERS, "web", JANE).unwrap();
    stage.paste(&token).keys("<enter>");
    stage.acts_in_the_own_form();
}

#[test]
fn the_token_of_somebody_else_opens_nothing_and_names_both() {
    let mut stage = opened(jane()).start();
    let token = stage.emulator.access_token(CUSTOMERS, "web", "bob").unwrap();
    stage.keys("T<enter>").paste(&token).keys("<enter>");
    stage.signs_in_still();
    stage.shows("The token belongs to bob, not to jane.doe");
    stage.shows_not("AS bob");
    stage.keys("<esc><esc>");
    stage.shows("User jane.doe");
}

#[test]
fn a_wrong_password_stays_on_the_screen_with_an_empty_line() {
    let mut stage = opened(jane()).start();
    stage.goes_to_password(Flow::UserPassword, "web");
    stage.keys("wrong-Passw0rd<enter>");
    stage.signs_in_still();
    stage.shows("NotAuthorizedException: Incorrect username or password.");
    stage.shows("next:");
    assert!(
        stage
            .app()
            .session
            .as_ref()
            .unwrap()
            .sign_in
            .as_ref()
            .unwrap()
            .secret
            .is_empty()
    );
    stage.keeps_none_of(&["wrong-Passw0rd"]);
    stage.keys("<enter>");
    stage.answers("nothing was typed");
    stage.keys(&format!("{PASSWORD}<enter>"));
    stage.acts_in_the_own_form();
}

#[test]
fn a_password_is_not_sent_in_the_moment_after_its_line_opened() {
    let mut stage = opened(jane()).start();
    stage.goes_to_password(Flow::UserPassword, "web");
    stage.keys_at_once("x<enter>");
    stage.answers("too soon");
    assert!(stage.calls("InitiateAuth").is_empty());
    stage.keys("<enter>");
    assert_eq!(stage.calls("InitiateAuth").len(), 1);
}

#[test]
fn an_app_client_that_does_not_allow_it_says_which_flow_is_missing_and_may_be_tried() {
    let mut stage = opened(jane()).start();
    stage.goes_to_password(Flow::UserPassword, "srp-only");
    stage.shows("ALLOW_USER_PASSWORD_AUTH is missing");
    stage.keys(&format!("{PASSWORD}<enter>"));
    stage.signs_in_still();
    stage.shows("USER_PASSWORD_AUTH flow not enabled");
}

#[test]
fn esc_goes_back_question_by_question_and_takes_nothing_along() {
    let mut stage = opened(jane()).start();
    stage.goes_to_password(Flow::UserPassword, "web").keys("half-typed");
    stage.keys("<esc>");
    stage.shows("Through which app client?");
    stage.keys("<enter>");
    assert!(
        stage
            .app()
            .session
            .as_ref()
            .unwrap()
            .sign_in
            .as_ref()
            .unwrap()
            .secret
            .is_empty()
    );
    stage.keys("<esc><esc>");
    stage.shows("With what?");
    stage.keys("<esc>");
    stage.shows("User jane.doe");
    assert!(stage.app().session.as_ref().unwrap().sign_in.is_none());
    stage.keeps_none_of(&["half-typed"]);
}

#[test]
fn a_token_that_comes_after_the_sign_in_was_left_is_forgotten() {
    let mut stage = opened(jane()).start();
    stage.goes_to_password(Flow::UserPassword, "web");
    stage.keys(PASSWORD);
    stage.keys_before_answers("<enter><esc>");
    stage.answers("not waited for");
    stage.settle();
    stage.signs_in_still();
    assert_eq!(stage.calls("GetUser").len(), 1, "the sign-in went through");
    stage.shows_not("AS jane.doe");
}
