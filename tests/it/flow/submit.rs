//! What stands between a decision and the service: protection, names that are typed, and rate refusals.

use std::time::Duration;

use cognitui::app::{Confirm, Settings};
use cognitui::emulator::Fault;

use super::scene::{CUSTOMERS, GET, SHOP, UPDATE, form, open_form, pairs, setup};
use super::stage::{Setup, Stage, rules};

fn protected(settings: &mut Settings) {
    rules(settings).protected = true;
}

fn in_shop() -> Setup {
    setup(SHOP, "jane.doe").change(protected)
}

fn reviewed(setup: Setup) -> Stage {
    let mut stage = open_form(setup);
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    stage.shows("Review jane.doe");
    if stage.session().is_protected() {
        stage.keys("SUP-1<enter>");
    }
    stage
}

#[test]
fn the_name_of_a_protected_pool_is_typed_before_send() {
    let mut stage = reviewed(in_shop());
    stage.shows("PROTECTED");
    stage.keys("<tab><tab><enter>");
    stage.answers("this pool is protected: type its name first");
    stage.sent_nothing();
    stage.keys("shop<enter>");
    stage.answers("that is not the pool's name");
    stage.keys("-prod<enter>");
    stage.shows("armed until 10:3");
    stage.sent_nothing();
    stage.keys("<tab><enter>");
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "JJ")]));
}

#[test]
fn a_name_that_was_typed_and_left_is_taken_by_enter() {
    let mut stage = reviewed(in_shop());
    stage.keys("shop-prod<tab><tab><enter>");
    stage.answers("the pool's name stands there: Enter takes it");
    stage.sent_nothing();
    stage.keys("<enter><tab><enter>");
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "JJ")]));
}

#[test]
fn a_held_enter_after_the_name_does_not_send() {
    let mut stage = reviewed(in_shop());
    stage.keys("shop-prod<enter><enter>");
    stage.shows("Edit jane.doe");
    stage.sent_nothing();
}

#[test]
fn the_name_arms_the_pool_for_half_an_hour() {
    let mut stage = reviewed(in_shop());
    stage.keys("shop-prod<enter><tab><enter>");
    stage
        .keys("e")
        .set("nickname", "JK")
        .keys("<ctrl-s><up><enter><tab><enter>");
    assert_eq!(stage.sent().len(), 2, "typed once");
    stage.keys("e").set("nickname", "JL").keys("<ctrl-s><up><enter><tab>");
    stage.clock.forward(Duration::from_secs(30 * 60));
    stage.keys("<enter>");
    stage.answers("this pool is protected: type its name first");
    assert_eq!(stage.sent().len(), 2);
    stage.keys("shop-prod<enter><tab><enter>");
    assert_eq!(stage.sent().len(), 3);
}

#[test]
fn a_pool_can_ask_for_its_name_each_time() {
    let mut stage = reviewed(in_shop().change(|settings| settings.confirm = Confirm::Always));
    stage.keys("shop-prod<enter><tab><enter>");
    assert_eq!(stage.sent().len(), 1);
    stage
        .keys("e")
        .set("nickname", "JK")
        .keys("<ctrl-s><up><enter><tab><tab><enter>");
    stage.answers("this pool is protected: type its name first");
    assert_eq!(stage.sent().len(), 1);
}

#[test]
fn leaving_a_protected_pool_disarms_it() {
    let mut stage = reviewed(in_shop());
    stage.keys("shop-prod<enter><esc><esc><esc>p<enter>");
    stage.keys("/jane.doe<enter>e<ctrl-s>SUP-1<enter><tab><tab><enter>");
    stage.answers("this pool is protected: type its name first");
    stage.sent_nothing();
}

#[test]
fn taking_an_alias_asks_for_the_username_every_time() {
    let mut stage = form(CUSTOMERS, "bob");
    stage.set("email", "bob@new.example").keys("v<ctrl-s>");
    stage.shows("type the username: this takes an alias from rob");
    stage.keys("<tab><tab><enter>");
    stage.answers("this takes an alias from someone: type the username first");
    stage.sent_nothing();
    stage.keys("rob<enter>");
    stage.answers("that is not the username");
    stage.keys("<ctrl-u>bob<enter>");
    stage.sent_nothing();
    stage.keys("<tab><enter>");
    assert_eq!(
        stage.sent_once(),
        pairs(&[("email", "bob@new.example"), ("email_verified", "true")])
    );
    stage.ended("applied", &[]);
    assert_eq!(
        stage.stored(CUSTOMERS, "rob", "email_verified").as_deref(),
        Some("false"),
        "rob loses it"
    );
    // And back: the name is asked for again.
    stage.emulator.change_user(CUSTOMERS, "rob", |user| {
        user.attributes.insert("email".into(), "rob@example.com".into());
        user.attributes.insert("email_verified".into(), "true".into());
    });
    stage
        .keys("e")
        .set("email", "rob@example.com")
        .keys("v<ctrl-s><tab><tab><enter>");
    stage.answers("type the username first");
    assert_eq!(stage.sent().len(), 1);
}

#[test]
fn a_held_enter_after_the_username_does_not_send() {
    let mut stage = form(CUSTOMERS, "bob");
    stage
        .set("email", "bob@new.example")
        .keys("v<ctrl-s><tab><tab><enter>bob<enter><enter>");
    stage.sent_nothing();
    stage.shows("Edit bob");
}

#[test]
fn a_mark_alone_takes_an_alias_too() {
    let mut stage = form(CUSTOMERS, "shared.unverified");
    stage.go("email").keys("v");
    stage.will("owner: taken from j.smith");
    stage.keys("<ctrl-s><tab><tab><enter>");
    stage.answers("type the username first");
    stage.keys("shared.unverified<enter><tab><enter>");
    stage.ended("applied", &[]);
    assert_eq!(
        stage.stored(CUSTOMERS, "j.smith", "email_verified").as_deref(),
        Some("false")
    );
}

#[test]
fn a_rate_refusal_is_sent_again_after_a_wait_and_a_reading_up_to_four_times() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    let read = stage.calls(GET).len();
    stage.emulator.inject(Fault::throttled().on(UPDATE).times(3));
    let before = stage.clock.now();
    stage.keys("<tab><enter>");
    stage.ended("applied", &[]);
    assert_eq!(stage.sent().len(), 4);
    assert_eq!(stage.calls(GET).len(), read + 5, "before each send, and the read-back");
    assert!(
        stage.clock.now().duration_since(before).as_secs() >= 7,
        "1, 2 and 4 seconds"
    );
    let lines = stage.journal();
    assert_eq!(lines.len(), 3, "one decision is one intent");
    assert_eq!(lines[1]["outcome"]["attempts"], 4);
}

#[test]
fn the_fourth_rate_refusal_is_the_answer() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.emulator.inject(Fault::throttled().on(UPDATE).always());
    stage.set("nickname", "JJ").send();
    assert_eq!(stage.sent().len(), 4);
    stage.ended(
        "REFUSED",
        &["TooManyRequestsException: Rate exceeded", "nothing was changed"],
    );
    assert_eq!(stage.journal()[1]["outcome"]["word"], "refused");
    assert_eq!(stage.pending(), ["nickname"], "still there to send later");
}

#[test]
fn somebody_elses_change_during_the_wait_stops_it() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.emulator.inject(Fault::throttled().on(UPDATE));
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    // Of the readings from now on the first is before the first send, the second before the second.
    stage.just_before(GET, 1, |service| {
        service.change_user(CUSTOMERS, "jane.doe", |user| {
            user.attributes.insert("nickname".into(), "Janey".into());
        });
    });
    stage.keys("<tab><enter>");
    assert_eq!(stage.sent().len(), 1, "the refused one");
    stage.ended("NOT SENT", &["someone changed nickname meanwhile"]);
    let outcome = &stage.journal()[1]["outcome"];
    assert_eq!(
        (&outcome["word"], &outcome["why"]),
        (&"not sent".into(), &"changed".into())
    );
    stage.shows("1 to decide");
}

#[test]
fn esc_stops_before_the_next_send() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.emulator.inject(Fault::throttled().on(UPDATE).always());
    stage.set("nickname", "JJ").keys("<ctrl-s><tab>");
    stage.clock.hold();
    stage.keys_before_answers("<enter>");
    stage.until(|stage| stage.screen().contains("refused for rate"));
    stage.shows("send 2 of 4 in 1.0 s, Esc stops");
    stage.keys("<esc>");
    assert_eq!(stage.sent().len(), 1);
    stage.ended("NOT SENT", &["stopped before it went out again"]);
    let outcome = &stage.journal()[1]["outcome"];
    assert_eq!(
        (&outcome["word"], &outcome["why"], &outcome["attempts"]),
        (&"not sent".into(), &"stopped".into(), &1.into())
    );
    stage.shows("Review jane.doe");
    stage.emulator.heal();
    stage.clock.release();
    stage.keys("<tab><enter>");
    stage.ended("applied", &[]);
}

#[test]
fn a_limit_of_attempts_is_never_sent_again() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.emulator.inject(Fault::attempts_exceeded().on(UPDATE).always());
    stage.set("nickname", "JJ").send();
    assert_eq!(stage.sent().len(), 1);
    stage.ended(
        "REFUSED",
        &[
            "LimitExceededException: Attempt limit exceeded",
            "nothing was changed",
            "wait an hour",
        ],
    );
}

#[test]
fn switching_to_reading_ends_writing() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<esc>W");
    stage.keys("e");
    stage.answers("edit is not there");
    stage.keys("Wcustomers<enter>e");
    assert_eq!(stage.pending(), ["nickname"]);
    stage.send();
    stage.ended("applied", &[]);
}

#[test]
fn a_review_stays_while_its_write_is_under_way() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<esc><esc><esc>/bob<enter>");
    stage
        .emulator
        .inject(Fault::error("NotAuthorizedException", "no").on(UPDATE));
    stage.keys("e").set("nickname", "B").send();
    stage.ended("REFUSED", &["next: Enter here opens the form of bob"]);
    stage.emulator.inject(Fault::throttled().on(UPDATE));
    stage.keys("<ctrl-s><tab>");
    stage.clock.hold();
    stage.keys_before_answers("<enter>");
    stage.until(|stage| stage.screen().contains("refused for rate"));
    // The older entry's next step would open a form in front of the review.
    let refused = stage
        .entries()
        .iter()
        .position(|entry| entry.word.text() == "REFUSED")
        .unwrap();
    stage
        .keys_before_answers(":next-pane<enter>")
        .keys_before_answers(&"j".repeat(refused))
        .keys_before_answers("<enter>");
    stage.answers("a write is under way; its result comes first");
    stage.clock.release();
    stage.settle();
    stage.ended("applied", &["read back and true: nickname"]);
    assert_eq!(stage.stored(CUSTOMERS, "bob", "nickname").as_deref(), Some("B"));
    assert_eq!(stage.stored(CUSTOMERS, "jane.doe", "nickname").as_deref(), Some("JD"));
}

#[test]
fn a_name_asked_for_each_time_does_not_count_for_another_user() {
    let mut stage = reviewed(in_shop().change(|settings| settings.confirm = Confirm::Always));
    stage.keys("shop-prod<enter>");
    stage.shows("armed until");
    stage.keys("<esc><esc><esc>/sofia.r<enter>e").set("nickname", "SO");
    stage.keys("<ctrl-s>");
    stage.shows("Review sofia.r");
    stage.keys("SUP-2<enter><tab><tab><enter>");
    stage.answers("this pool is protected: type its name first");
    stage.sent_nothing();
}
