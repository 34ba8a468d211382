//! Review: what it reads, where the focus is, and what it takes to send.

use std::time::Duration;

use cognitui::app::keymap::Chord;
use cognitui::app::{Event, Input};
use cognitui::domain::Raw;
use cognitui::emulator::Fault;

use super::scene::{CUSTOMERS, GET, UPDATE, form, pairs};
use super::stage::Stage;

fn reviewed() -> Stage {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    stage.shows("Review jane.doe");
    stage
}

fn enter() -> Event {
    Event::Burst(vec![Input::Key(Chord::parse("enter").unwrap())])
}

#[test]
fn the_user_is_read_on_opening_again_at_send_and_after_it() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    assert_eq!(stage.calls(GET).len(), 1);
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    assert_eq!(stage.calls(GET).len(), 2);
    stage.shows("read again 10:00:");
    stage.shows("no one changed it");
    stage.keys("<tab><enter>");
    assert_eq!(
        stage.calls(GET).len(),
        4,
        "just before it goes out, and to learn what is true"
    );
    let operations: Vec<String> = stage.emulator.calls().into_iter().map(|call| call.operation).collect();
    assert_eq!(operations[operations.len() - 3..], [GET, UPDATE, GET]);
}

#[test]
fn everything_that_is_sent_is_shown_flags_included() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage
        .set("email", "jane.doe@example.com")
        .keys("v")
        .go("nickname")
        .keys("x<ctrl-s>");
    stage.shows("- jane@example.com");
    stage.shows("+ jane.doe@example.com");
    stage.shows("email_verified");
    assert!(stage.row_with("JD").contains("deleted"));
    stage.shows("[ Send 3 attributes of jane.doe ]");
}

#[test]
fn enter_at_once_cancels() {
    let mut stage = reviewed();
    stage.keys("<enter>");
    stage.shows("Edit jane.doe");
    stage.sent_nothing();
    assert_eq!(stage.pending(), ["nickname"]);
}

#[test]
fn tab_goes_round_and_backtab_back() {
    let mut stage = reviewed();
    // Cancel, Send, Reason, and round again.
    stage.keys("<tab><tab><tab><enter>");
    stage.shows("Edit jane.doe");
    stage.keys("<ctrl-s><backtab><backtab><enter>");
    stage.ended("applied", &[]);
}

#[test]
fn send_pressed_twice_sends_once() {
    let mut stage = reviewed();
    stage.keys("<tab>");
    stage.keys_before_answers("<enter><enter><enter>");
    stage.settle();
    assert_eq!(stage.sent().len(), 1);
}

#[test]
fn a_held_send_is_one_request_even_where_it_does_not_go_out() {
    let mut stage = reviewed();
    stage
        .emulator
        .inject(Fault::error("InternalErrorException", "").on(GET).times(8));
    stage.keys("<tab>");
    stage.sent_nothing();
    for _ in 0..3 {
        stage.clock.forward(Duration::from_millis(40));
        stage.event(enter());
        stage.settle();
    }
    stage.sent_nothing();
    stage.ended(
        "NOT SENT",
        &[
            "nothing went out",
            "could not be read again before sending: InternalErrorException",
        ],
    );
    stage.shows_not("the review shows");
}

#[test]
fn nothing_confirms_in_the_moment_after_the_review_opened_or_changed() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    // Every key within 300 ms of the reading that the review shows.
    let read_at = stage.clock.now();
    stage.clock.forward(Duration::from_millis(100));
    stage.event(Event::Burst(vec![Input::Key(Chord::parse("tab").unwrap())]));
    stage.clock.forward(Duration::from_millis(100));
    stage.event(enter());
    stage.settle();
    stage.answers("that key came too soon after this opened; press again");
    stage.sent_nothing();
    assert!(stage.clock.now().duration_since(read_at).as_millis() < 300);
    stage.clock.forward(Duration::from_millis(101));
    stage.event(enter());
    stage.settle();
    stage.ended("applied", &[]);
}

#[test]
fn enter_that_came_with_a_paste_confirms_nothing() {
    let mut stage = reviewed();
    stage.keys("<tab>");
    stage.burst(vec![
        Input::Paste(Raw::from("x")),
        Input::Key(Chord::parse("enter").unwrap()),
    ]);
    stage.sent_nothing();
    stage.shows("Review jane.doe");
}

#[test]
fn a_torn_paste_of_tabs_and_newlines_sends_nothing() {
    let mut stage = reviewed();
    let keys = ["a", "tab", "b", "enter", "tab", "enter"];
    stage.burst(keys.iter().map(|key| Input::Key(Chord::parse(key).unwrap())).collect());
    stage.sent_nothing();
    stage.shows("Review jane.doe");
    stage.answers("press it alone");
}

#[test]
fn a_review_that_could_not_read_sends_nothing_and_reads_again_on_retry() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ");
    stage.emulator.inject(Fault::denied(GET));
    stage.keys("<ctrl-s>");
    stage.shows("NOT READ AGAIN");
    stage.shows("cognito-idp:AdminGetUser");
    stage.keys("<tab><enter>");
    stage.answers("not read again: AccessDeniedException");
    stage.sent_nothing();
    stage.emulator.heal();
    stage.keys("r");
    stage.shows("no one changed it");
    stage.keys("<tab><enter>");
    stage.ended("applied", &[]);
}

#[test]
fn nothing_is_sent_while_the_user_or_the_owner_is_still_being_asked() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("v");
    stage.keys_before_answers("<ctrl-s><tab><enter>");
    stage.answers("the user is being read again; a moment");
    stage.settle();
    stage.sent_nothing();
}

#[test]
fn the_same_change_can_be_copied_as_a_command_that_survives_every_value() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname").keys("<enter><ctrl-u>").paste("it's, \u{202e}x");
    stage.keys("<enter>").keys("mticket=1<enter>").keys("<ctrl-s>");
    stage.keys("y<enter>");
    assert_eq!(
        stage.copied().unwrap(),
        "aws cognito-idp admin-update-user-attributes --region 'us-east-1' --cli-input-json \
         '{\"ClientMetadata\":{\"ticket\":\"1\"},\"UserAttributes\":[{\"Name\":\"nickname\",\
         \"Value\":\"it'\\''s, \\u202ex\"}],\"UserPoolId\":\"us-east-1_aB3dE5fGh\",\"Username\":\"jane.doe\"}'"
    );
    stage.sent_nothing();
    assert!(stage.journal().is_empty(), "copying is no write");
    stage.keys("<esc><tab><enter>");
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "it's, \u{202e}x")]));
}

#[test]
fn a_copy_within_a_moment_of_the_menu_copies_nothing() {
    let mut stage = reviewed();
    stage.keys("y");
    stage.event(enter());
    assert_eq!(stage.copied(), None);
    stage.keys("<enter>");
    assert!(stage.copied().is_some());
}

#[test]
fn review_opens_by_the_palette_and_goes_back_by_it() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys(":w<enter>");
    stage.shows("Review jane.doe");
    stage.keys(":q<enter>");
    stage.shows("Edit jane.doe");
    stage.sent_nothing();
}

#[test]
fn review_opens_out_of_an_open_field() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname").keys("<enter><ctrl-u>JJ<ctrl-s>");
    stage.shows("Review jane.doe");
    assert_eq!(stage.pending(), ["nickname"]);
}

#[test]
fn an_action_by_its_name_is_as_careful_as_its_key() {
    let mut stage = reviewed();
    stage.keys("<tab>:");
    let mut typed: Vec<Input> = "press".chars().map(|letter| Input::Key(Chord::char(letter))).collect();
    typed.push(Input::Key(Chord::parse("enter").unwrap()));
    stage.burst(typed);
    stage.answers("came together with others");
    stage.sent_nothing();
    stage.keys("<enter>");
    assert_eq!(stage.sent().len(), 1);
}
