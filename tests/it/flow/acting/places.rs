//! What stays in front, and what is left behind, when the status pane or an answer leads somewhere else.

use std::time::Duration;

use cognitui::app::GivenToken;
use cognitui::app::session::View;
use cognitui::domain::Route;
use cognitui::emulator::Fault;

use super::super::stage::{Stage, read_only};
use super::{JANE, PASSWORD, jane, opened};

/// jane.doe's own form, with an edit that the service refused.
fn refused() -> Stage {
    let mut stage = opened(jane()).start();
    stage.sign_in("web");
    stage.set("nickname", "JD");
    stage
        .emulator
        .inject(Fault::error("InvalidParameterException", "no").on("UpdateUserAttributes"));
    stage.send();
    stage.ended("REFUSED", &["opens the form of jane.doe's own attributes"]);
    stage
}

fn own_form_in_front(stage: &Stage) -> bool {
    let session = stage.app().session.as_ref().unwrap();
    let route = session.edit.as_ref().map(|edit| edit.route);
    session.view == View::Edit && route == Some(Route::Own)
}

#[test]
fn the_next_step_after_a_write_of_the_users_own_opens_the_own_form_with_its_edits() {
    let mut stage = refused();
    stage.keys("<esc>");
    stage.answers("1 pending edit kept; T opens the form again");
    stage.shows("1 edit pending as the user");
    stage.keys("<tab><enter>");
    assert!(own_form_in_front(&stage), "{}", stage.screen());
    assert_eq!(stage.pending(), ["nickname"]);
    assert!(stage.calls("AdminGetUser").is_empty());
}

#[test]
fn without_the_token_it_signs_in_again_first() {
    let mut stage = refused();
    stage.keys(":stop-acting<enter><tab><enter>");
    stage.signs_in_again();
    stage.keys("<esc>");
    stage.sign_in("web");
    assert!(own_form_in_front(&stage), "{}", stage.screen());
    assert_eq!(stage.pending(), ["nickname"]);
}

/// jane.doe in front, and an entry of the status pane that offers the form of bob.
fn bob_refused() -> Stage {
    let mut stage = opened(jane()).start();
    stage
        .emulator
        .inject(Fault::error("InvalidParameterException", "no").on("AdminUpdateUserAttributes"));
    stage.keys("<esc>/bob<enter>e");
    stage.set("nickname", "B").send();
    stage.ended("REFUSED", &["opens the form of bob"]);
    stage.keys("<esc><esc>/jane<enter>");
    stage.shows("User jane.doe");
    stage
}

/// Goes to the entry that offers a next step about bob, and takes it.
fn follow_bob(stage: &mut Stage) {
    let offers = |stage: &Stage| {
        let next = stage.app().core.status.selected().and_then(|entry| entry.next.as_ref());
        next.is_some_and(|next| next.words().plain().contains("bob"))
    };
    stage.keys_before_answers(":next-pane<enter>");
    for _ in 0..30 {
        if offers(stage) {
            stage.keys_before_answers("<enter>");
            return;
        }
        stage.keys_before_answers("j");
    }
    panic!("nothing offers bob:\n{}", stage.screen());
}

#[test]
fn a_sign_in_that_was_left_through_the_status_pane_is_over() {
    let mut stage = bob_refused();
    stage.goes_to_password(cognitui::domain::sign_in::Flow::UserPassword, "web");
    stage.keys("<esc>");
    follow_bob(&mut stage);
    stage.settle();
    let session = stage.app().session.as_ref().unwrap();
    assert_eq!(session.view, View::Edit, "{}", stage.screen());
    assert!(session.sign_in.is_none(), "nothing that was answered is left");
    stage.shows("Edit bob");
}

#[test]
fn a_step_that_was_left_through_the_status_pane_does_not_come_back() {
    let mut stage = bob_refused();
    stage.keys(":disable<enter>");
    stage.shows("Review: ");
    // From the field to the button, where letters are keys.
    stage.keys("<tab>");
    follow_bob(&mut stage);
    stage.settle();
    let session = stage.app().session.as_ref().unwrap();
    assert_eq!(session.view, View::Edit, "{}", stage.screen());
    assert!(session.deed.is_none());
}

#[test]
fn a_held_enter_chooses_no_second_factor() {
    let user = jane().mfa(&["SMS_MFA", "SOFTWARE_TOKEN_MFA"]).without_preferred_mfa();
    let mut stage = opened(user).start();
    stage.sign_in("web");
    stage.shows("SELECT_MFA_TYPE");
    // As a keyboard repeats it, from the password on.
    for _ in 0..40 {
        stage.clock.forward(Duration::from_millis(33));
        stage.keys_at_once("<enter>");
        stage.settle();
    }
    stage.shows("SELECT_MFA_TYPE");
    assert!(stage.calls("RespondToAuthChallenge").is_empty());
    stage.keys("<enter>");
    assert_eq!(stage.calls("RespondToAuthChallenge").len(), 1);
}

#[test]
fn codes_that_were_sent_count_for_the_user_whatever_becomes_of_the_token() {
    let mut stage = opened(jane()).start();
    stage.sign_in("web");
    stage.keys("C");
    stage.shows("Review: ");
    stage.keys("<tab><enter>");
    let sent = |stage: &Stage| {
        let session = stage.app().session.as_ref().unwrap();
        session.codes_sent(
            &cognitui::domain::Username::new(JANE),
            cognitui::domain::Contact::Email,
            stage.clock.now(),
        )
    };
    assert_eq!(
        stage.calls("GetUserAttributeVerificationCode").len(),
        1,
        "{}",
        stage.screen()
    );
    assert_eq!(sent(&stage), 1);
    stage.keys(":stop-acting<enter>");
    stage.keys("/jane<enter>");
    stage.sign_in("web");
    assert_eq!(sent(&stage), 1, "the limit is the user's, not the token's");
}

#[test]
fn what_is_not_there_says_why() {
    let mut stage = opened(jane()).change(|settings| settings.act_as_user = false).start();
    stage.keys("T");
    stage.answers("act-as-user is switched off in the configuration");
    stage.shows_not(PASSWORD);
}

#[test]
fn q_goes_back_from_the_sign_in_and_no_hint_says_that_it_quits() {
    let mut stage = opened(jane()).start();
    stage.keys("T");
    stage.shows_not("q quit");
    stage.keys("q");
    stage.shows("User jane.doe");
}

#[test]
fn in_the_demo_the_code_is_read_in_the_outbox_without_leaving_the_question_for_it() {
    let mut stage = opened(jane().mfa(&["SMS_MFA"])).start();
    stage.sign_in("web");
    stage.shows("F2 outbox");
    let code = stage.code();
    stage.keys("12<f2>");
    stage.shows("Outbox: what people would have got");
    stage.shows(&code);
    stage.keys("<esc>");
    stage.shows(">**");
    stage.keys(&format!("<ctrl-u>{code}<enter>"));
    stage.acts_in_the_own_form();
    stage.keys("c");
    stage.shows("F2 outbox");
    stage.keys("1<f2>");
    stage.shows("Outbox: what people would have got");
}

#[test]
fn what_the_token_saw_is_read_through_the_list_once_the_token_is_forgotten() {
    let mut stage = opened(jane()).change(read_only).start();
    stage.sign_in("web");
    stage.shows("AS THE USER'S TOKEN SEES IT");
    stage.keys("r");
    assert_eq!(stage.calls("GetUser").len(), 2);
    stage.keys(":stop-acting<enter>r");
    assert_eq!(stage.calls("GetUser").len(), 2, "{}", stage.screen());
    stage.shows_not("AS THE USER'S TOKEN SEES IT");
    stage.shows("User jane.doe  Jane Doe  CONFIRMED");
}

#[test]
fn a_token_that_is_to_be_typed_is_announced_where_the_pool_is_chosen_first() {
    let mut stage = opened(jane())
        .change(|settings| {
            settings.user = None;
            settings.pool = None;
            settings.access_token = Some(GivenToken::ToBeTyped);
        })
        .start();
    stage.answers("the access token is asked for in the pool you choose");
    stage.keys("<enter>");
    stage.shows("Paste or type the access token");
}
