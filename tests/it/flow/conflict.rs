//! Somebody else changes the same user: nothing is sent before the operator has decided.

use cognitui::emulator::User;

use super::scene::{CUSTOMERS, GET, SHOP, form, open_form, pairs, setup};
use super::stage::Stage;

fn change(stage: &Stage, change: impl FnOnce(&mut User)) {
    assert!(stage.emulator.change_user(CUSTOMERS, "jane.doe", change));
}

fn set(stage: &Stage, name: &str, value: &str) {
    change(stage, |user| {
        user.attributes.insert(name.into(), value.into());
    });
}

/// Jane's form with a new nickname and a new tier.
fn pending() -> Stage {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").set("custom:tier", "gold");
    stage
}

#[test]
fn a_change_since_the_form_was_opened_is_shown_three_ways_and_stops_send() {
    let mut stage = pending();
    set(&stage, "nickname", "Janey");
    stage.keys("<ctrl-s>");
    stage.shows("CHANGED, 1 to decide");
    for value in ["JD", "Janey", "JJ"] {
        stage.shows(value);
    }
    stage.keys("<enter><tab><tab><tab><enter>");
    stage.answers("someone changed it meanwhile: decide each with m or t first");
    stage.sent_nothing();
}

#[test]
fn mine_is_kept_and_sent_over_theirs() {
    let mut stage = pending();
    set(&stage, "nickname", "Janey");
    stage.keys("<ctrl-s>m");
    stage.sent_nothing();
    stage.shows("- Janey");
    stage.shows("+ JJ");
    stage.keys("<tab><enter>");
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "JJ"), ("custom:tier", "gold")]));
    stage.ended("applied", &[]);
    assert_eq!(
        stage.journal()[0]["intent"]["changes"][0]["before"]["value"],
        "Janey",
        "what it replaced"
    );
}

#[test]
fn theirs_is_taken_and_not_sent() {
    let mut stage = pending();
    set(&stage, "nickname", "Janey");
    stage.keys("<ctrl-s>t<tab><enter>");
    assert_eq!(stage.sent_once(), pairs(&[("custom:tier", "gold")]));
    assert_eq!(
        stage.stored(CUSTOMERS, "jane.doe", "nickname").as_deref(),
        Some("Janey")
    );
}

#[test]
fn taking_everything_leaves_nothing_to_send() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ");
    set(&stage, "nickname", "Janey");
    stage.keys("<ctrl-s>t");
    stage.answers("nothing is left to send");
    stage.shows("Edit jane.doe");
    assert!(stage.pending().is_empty() && stage.row_with("nickname").contains("Janey"));
    stage.sent_nothing();
}

#[test]
fn each_of_several_is_decided_by_itself() {
    let mut stage = pending();
    set(&stage, "nickname", "Janey");
    set(&stage, "custom:tier", "bronze");
    stage.keys("<ctrl-s>");
    stage.shows("2 to decide");
    stage.keys("m");
    stage.shows("1 to decide");
    stage.keys("t");
    stage.shows(": changed, and decided");
    stage.keys("<tab><enter>");
    assert_eq!(stage.sent().len(), 1);
    assert_eq!(stage.sent_once().len(), 1);
}

#[test]
fn a_change_between_review_and_send_stops_it_too() {
    let mut stage = pending();
    stage.keys("<ctrl-s>");
    stage.shows("no one changed it");
    set(&stage, "nickname", "Janey");
    stage.keys("<tab><enter>");
    stage.sent_nothing();
    stage.ended(
        "NOT SENT",
        &[
            "someone changed nickname meanwhile; nothing went out",
            "the review shows",
        ],
    );
    stage.shows("Review jane.doe");
    stage.shows("CHANGED, 1 to decide");
    stage.shows("Janey");
    assert!(stage.journal().is_empty(), "nothing was about to be sent");
    stage.keys("m<tab><enter>");
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "JJ"), ("custom:tier", "gold")]));
}

#[test]
fn a_change_elsewhere_is_named_and_stops_nothing() {
    let mut stage = pending();
    set(&stage, "website", "https://example.com");
    stage.keys("<ctrl-s>");
    stage.shows("also changed");
    stage.shows("website");
    set(&stage, "locale", "de-DE");
    stage.keys("<tab><enter>");
    stage.ended("applied", &["also changed by someone else: locale"]);
}

#[test]
fn the_mark_of_a_changed_address_counts_as_the_change() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("v");
    set(&stage, "email_verified", "false");
    stage.keys("<ctrl-s>");
    stage.shows("CHANGED, 1 to decide");
    stage.shows("email_verified");
}

#[test]
fn giving_up_the_own_mark_leaves_the_address_without_a_choice_and_sends_nothing() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("v");
    set(&stage, "email_verified", "false");
    stage.keys("<ctrl-s>t");
    stage.answers("v chooses first: who vouches for the new address?");
    stage.shows("Edit jane.doe");
    stage.sent_nothing();
}

#[test]
fn a_mark_vouches_for_the_value_that_was_shown() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("phone_number").keys("v");
    set(&stage, "phone_number", "+15555550166");
    stage.keys("<ctrl-s>");
    stage.shows("CHANGED, 1 to decide");
    stage.keys("m");
    stage.sent_nothing();
    assert!(stage.pending().is_empty(), "the mark was for another number");
}

#[test]
fn facts_that_the_consequences_were_drawn_from_stop_it() {
    for (what, act) in [
        (
            "status",
            (|user: &mut User| user.status = "RESET_REQUIRED".into()) as fn(&mut User),
        ),
        ("enabled", |user| user.enabled = false),
        ("MFA", |user| user.mfa = Vec::new()),
        ("sub", |user| {
            user.attributes
                .insert("sub".into(), "00000000-0000-4000-8000-000000000000".into());
        }),
    ] {
        let mut stage = pending();
        stage.keys("<ctrl-s>");
        change(&stage, act);
        stage.keys("<tab><enter>");
        stage.sent_nothing();
        stage.ended(
            "NOT SENT",
            &[&format!("someone changed {what} meanwhile; nothing went out")],
        );
        stage.keys("t");
        stage.answers("this is a fact, not a value");
        stage.sent_nothing();
        stage.keys("m<tab><enter>");
        assert_eq!(stage.sent().len(), 1, "{what}");
    }
}

#[test]
fn a_decision_needs_a_key_of_its_own_and_a_moment() {
    use cognitui::app::keymap::Chord;
    use cognitui::app::{Event, Input};
    let mut stage = pending();
    set(&stage, "nickname", "Janey");
    stage.keys("<ctrl-s>");
    stage.burst(vec![Input::Key(Chord::char('t')), Input::Key(Chord::char('t'))]);
    stage.shows("1 to decide");
    let mut stage = pending();
    set(&stage, "nickname", "Janey");
    stage.keys("<ctrl-s>");
    stage.event(Event::Burst(vec![Input::Key(Chord::char('t'))]));
    stage.answers("too soon");
    stage.shows("1 to decide");
    assert_eq!(stage.pending().len(), 2);
}

#[test]
fn of_two_consoles_on_one_user_the_second_is_stopped() {
    let mut first = form(CUSTOMERS, "jane.doe");
    let mut second = open_form(setup(CUSTOMERS, "jane.doe").beside(&first));
    first.set("nickname", "First").keys("<ctrl-s>");
    second.set("nickname", "Second").keys("<ctrl-s>");
    first.shows("no one changed it");
    second.shows("no one changed it");
    first.keys("<tab><enter>");
    first.ended("applied", &[]);
    second.keys("<tab><enter>");
    second.ended("NOT SENT", &["someone changed nickname meanwhile"]);
    assert_eq!(first.sent().len(), 1, "on the service they share");
    second.keys("m<tab><enter>");
    second.ended("applied", &[]);
    assert_eq!(
        second.stored(CUSTOMERS, "jane.doe", "nickname").as_deref(),
        Some("Second")
    );
}

#[test]
fn a_user_deleted_meanwhile_is_not_written() {
    let mut stage = pending();
    stage.keys("<ctrl-s>");
    stage.emulator.remove_user(CUSTOMERS, "jane.doe");
    stage.keys("<tab><enter>");
    stage.sent_nothing();
    stage.ended(
        "NOT SENT",
        &["could not be read again before sending: UserNotFoundException"],
    );
}

#[test]
fn a_name_that_became_somebody_elses_alias_is_not_written() {
    let mut stage = form(SHOP, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    stage.emulator.remove_user(SHOP, "jane.doe");
    stage.emulator.change_user(SHOP, "tom", |user| {
        user.attributes.insert("preferred_username".into(), "jane.doe".into());
    });
    stage.keys("<tab><enter>");
    stage.sent_nothing();
    stage.ended("NOT SENT", &["OtherUser"]);
}

#[test]
fn a_reading_for_a_review_that_was_left_changes_nothing() {
    let mut stage = pending();
    let before = stage.calls(GET).len();
    stage.keys_before_answers("<ctrl-s><esc>");
    stage.settle();
    assert_eq!(stage.calls(GET).len(), before + 1);
    stage.shows("Edit jane.doe");
    assert_eq!(stage.pending().len(), 2);
}

#[test]
fn the_number_that_sign_in_codes_go_to_is_a_fact_of_a_new_address() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("v<ctrl-s>");
    stage.shows("no one changed it");
    set(&stage, "phone_number", "+15555550166");
    stage.keys("<tab><enter>");
    stage.sent_nothing();
    stage.ended(
        "NOT SENT",
        &["someone changed phone_number meanwhile; nothing went out"],
    );
    stage.keys("m<tab><enter>");
    assert_eq!(stage.sent().len(), 1);
}

#[test]
fn the_username_typed_for_a_send_that_did_not_go_out_does_not_count_for_the_next() {
    let mut stage = form(CUSTOMERS, "bob");
    stage.set("email", "bob@new.example").keys("v<ctrl-s>bob<enter>");
    stage.emulator.change_user(CUSTOMERS, "bob", |user| {
        user.enabled = false;
    });
    stage.keys("<tab><enter>");
    stage.ended("NOT SENT", &["someone changed enabled meanwhile"]);
    stage.keys("m<tab><tab><enter>");
    stage.answers("this takes an alias from someone: type the username first");
    stage.sent_nothing();
    stage.keys("bob<enter><tab><enter>");
    assert_eq!(stage.sent().len(), 1);
}
