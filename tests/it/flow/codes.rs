//! A user's own address from the change to its code, with the keys an operator presses while acting as that user: what is
//! reported, what waits, the code that is entered, and what each refusal leads to.

use std::time::Duration;

use cognitui::app::session::View;
use cognitui::domain::{Contact, Username};
use cognitui::emulator::Fault;

use super::scene::{SHOP, setup};
use super::stage::{Setup, Stage, read_only};

const SEND: &str = "GetUserAttributeVerificationCode";
const VERIFY: &str = "VerifyUserAttribute";
const NEW: &str = "jane.new@example.com";

/// The own form of a user of the shop, where both contacts wait for their codes.
fn acting(setup: Setup, user: &str) -> Stage {
    let mut stage = setup.start();
    let token = stage.emulator.access_token(SHOP, "web", user).unwrap();
    stage.keys("T<enter>").paste(&token).keys("<enter>");
    stage.shows("AS THE USER");
    stage
}

fn jane() -> Stage {
    acting(setup(SHOP, "jane.doe"), "jane.doe")
}

/// jane.doe, whose new address waits for its code.
fn waiting() -> Stage {
    let mut stage = jane();
    stage.keys(&format!("<enter><ctrl-u>{NEW}<enter><ctrl-s><tab><enter>"));
    stage.ended("WAITING", &["email still jane@example.com"]);
    stage
}

impl Stage {
    fn last_code(&self) -> String {
        self.outbox().pop().and_then(|message| message.code).expect("a code")
    }

    fn pending_email(&self) -> Option<String> {
        let waits = self.session().pending_value(&Username::new("jane.doe"), Contact::Email);
        waits.map(|value| value.as_str().to_owned())
    }

    /// What the newest entry reports, entry by entry.
    fn reported(&self) -> Vec<String> {
        self.newest()
            .reported
            .iter()
            .map(|one| one.sentence().plain())
            .collect()
    }

    /// Opens what the newest entry offers next.
    fn next(&mut self) -> &mut Self {
        self.keys("<tab><enter>")
    }
}

#[test]
fn an_address_changes_by_its_code_from_the_outbox() {
    let mut stage = waiting();
    assert_eq!(stage.reported(), ["reported: EMAIL to j***@e*** for email"]);
    stage.shows("reported: EMAIL to j***@e*** for email");
    assert!(
        stage
            .said()
            .contains("next: Enter here reviews: verify the e-mail with its code"),
        "{}",
        stage.said()
    );
    assert_eq!(stage.pending_email().as_deref(), Some(NEW));
    stage.shows(&format!("waits for its code: {NEW}"));
    assert_eq!(
        stage.stored(SHOP, "jane.doe", "email").as_deref(),
        Some("jane@example.com")
    );
    // What the entry offers is a review, and it sends nothing.
    stage.next();
    assert_eq!(stage.view(), View::Deed, "{}", stage.screen());
    assert_eq!((stage.count(VERIFY), stage.count(SEND)), (0, 0));
    stage.shows("Review: verify e-mail");
    stage.shows("no action: the user's access token allows it");
    stage.shows(&format!("{NEW} takes effect and counts as verified"));
    // The code is read where its owner would read it.
    stage.keys("<esc>:outbox<enter>");
    let code = stage.last_code();
    stage.shows(&format!("Your verification code is {code}."));
    stage.keys("<esc>c");
    stage.keys(&format!("{code}<enter><tab><enter>"));
    stage.ended(
        "applied",
        &[&format!(
            "verified: email is {NEW} and email_verified is true, read back"
        )],
    );
    assert_eq!(stage.count(VERIFY), 1);
    assert_eq!(stage.calls(VERIFY)[0]["Code"], code);
    assert_eq!(stage.pending_email(), None, "nothing waits any more");
    stage.shows(NEW);
    stage.shows_not("waits for its code");
    assert_eq!(stage.stored(SHOP, "jane.doe", "email").as_deref(), Some(NEW));
    let operations: Vec<String> = stage
        .journal()
        .iter()
        .filter_map(|line| line["intent"]["operation"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(operations, ["UpdateUserAttributes", VERIFY]);
}

#[test]
fn the_code_is_in_no_journal_no_status_and_no_debug_output() {
    let mut stage = waiting();
    let code = stage.last_code();
    stage.next().keys(&format!("{code}<enter><tab>"));
    let before = format!("{:?}", stage.app());
    stage.keys("<enter>");
    stage.ended("applied", &[]);
    let journal: String = stage.journal().iter().map(ToString::to_string).collect();
    let told: String = stage
        .entries()
        .iter()
        .map(|entry| format!("{entry:?}{}", entry.line.plain()))
        .collect();
    for (place, text) in [
        ("debug", before),
        ("after", format!("{:?}", stage.app())),
        ("journal", journal),
        ("status", told),
    ] {
        assert!(!text.contains(&code), "{place} holds the code");
    }
}

#[test]
fn a_wrong_code_is_entered_again_and_an_old_one_is_sent_again() {
    let mut stage = waiting();
    let code = stage.last_code();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    stage.next().keys(&format!("{wrong}<enter><tab><enter>"));
    stage.ended(
        "REFUSED",
        &[
            "CodeMismatchException",
            "next: Enter here reviews: verify the e-mail with its code",
        ],
    );
    assert_eq!(stage.pending_email().as_deref(), Some(NEW), "it waits as before");
    stage.clock.forward(Duration::from_secs(50 * 60));
    stage.next();
    assert!(stage.session().deed.as_ref().unwrap().code.is_empty(), "a fresh field");
    stage.emulator.inject(
        Fault::error(
            "ExpiredCodeException",
            "Invalid code provided, please request a code again.",
        )
        .on(VERIFY),
    );
    stage.keys(&format!("{code}<enter><tab><enter>"));
    stage.ended(
        "REFUSED",
        &[
            "ExpiredCodeException",
            "next: Enter here reviews: send the e-mail's code again",
        ],
    );
    stage.next();
    stage.shows("Review: send e-mail code");
    stage.shows(&format!("is expected to go to {NEW}, which waits for it"));
    stage.keys("<tab><enter>");
    stage.ended("WAITING", &["accepted; the address counts when the code is entered"]);
    assert_eq!(stage.reported(), ["reported: EMAIL to j***@e*** for email"]);
    let fresh = stage.last_code();
    stage.next().keys(&format!("{fresh}<enter><tab><enter>"));
    stage.ended("applied", &[]);
}

#[test]
fn codes_are_counted_by_the_hour_and_the_sixth_leads_to_entering_the_fifth() {
    let mut stage = waiting();
    for sent in 0..5 {
        stage.keys("C");
        stage.shows(&format!("{sent} of 5 codes this hour, as far as this program knows"));
        stage.keys("<tab><enter>");
        stage.ended("WAITING", &[]);
    }
    stage.keys("C");
    stage.shows("5 of 5 codes this hour");
    stage.shows("the service is expected to refuse");
    stage.keys("<tab><enter>");
    stage.ended(
        "REFUSED",
        &[
            "LimitExceededException",
            "next: Enter here reviews: verify the e-mail with its code",
        ],
    );
    assert_eq!(stage.count(SEND), 6);
    // A refused one is none, and after an hour they are forgotten.
    stage.keys("C");
    stage.shows("5 of 5 codes this hour");
    stage.keys("<esc>");
    stage.clock.forward(Duration::from_secs(55 * 60));
    stage.keys("C");
    stage.shows(" of 5 codes this hour");
    stage.keys("<esc>");
}

#[test]
fn a_code_that_could_not_be_handed_over_is_sent_again() {
    let mut stage = waiting();
    stage
        .emulator
        .inject(Fault::error("CodeDeliveryFailureException", "Could not send.").on(SEND));
    stage.keys("C<tab><enter>");
    let (_, said) = stage.outcome();
    assert!(said.contains("CodeDeliveryFailureException"), "{said}");
    assert_eq!(stage.count(SEND), 1);
}

#[test]
fn codes_are_sent_and_tried_once_even_where_the_service_breaks() {
    for fault in [Fault::internal, Fault::hang, Fault::reset] {
        let mut stage = waiting();
        stage.emulator.inject(fault().on(SEND).times(5));
        stage.keys("C<tab><enter>");
        assert_eq!(stage.count(SEND), 1);
        stage.ended("UNKNOWN", &["nothing is sent twice"]);
        let mut stage = waiting();
        let code = stage.last_code();
        stage.emulator.inject(fault().on(VERIFY).times(5));
        stage.keys(&format!("c{code}<enter><tab><enter>"));
        assert_eq!(stage.count(VERIFY), 1);
        stage.ended("UNKNOWN", &["not applied so far"]);
    }
}

#[test]
fn a_value_that_waited_before_is_verified_from_the_row_it_belongs_to() {
    let mut stage = acting(setup(SHOP, "waiting.mail"), "waiting.mail");
    stage.keys("c");
    stage.shows("the address that waits takes effect and counts as verified");
    stage.keys("<tab><tab><enter>");
    assert!(stage.notice().contains("type the code first"), "{}", stage.notice());
    stage.keys("314159<enter><tab><enter>");
    stage.ended("applied", &["verified: email_verified is true, read back"]);
    assert_eq!(
        stage.stored(SHOP, "waiting.mail", "email").as_deref(),
        Some("wanda.new@example.com")
    );
    stage.shows("wanda.new@example.com");
    // The number has a code of its own.
    stage.go("phone_number").keys("C");
    stage.shows("Review: send phone code");
    stage.keys("<tab><enter>");
    assert_eq!(stage.reported(), ["reported: SMS to +*******0001 for phone_number"]);
}

#[test]
fn what_somebody_else_verified_meanwhile_leads_to_the_form() {
    let mut stage = waiting();
    let code = stage.last_code();
    stage
        .emulator
        .inject(Fault::error("AliasExistsException", "An account with the email already exists.").on(VERIFY));
    stage.next().keys(&format!("{code}<enter><tab><enter>"));
    stage.ended(
        "REFUSED",
        &[
            "AliasExistsException",
            "next: Enter here opens the form of jane.doe with its edits",
        ],
    );
}

#[test]
fn an_own_change_without_a_message_says_that_none_is_reported() {
    let mut stage = jane();
    stage.set("nickname", "JJ").keys("<ctrl-s><tab><enter>");
    stage.ended("applied", &["the service reports no message"]);
    assert!(stage.reported().is_empty());
    assert_eq!(stage.newest().next, None);
}

#[test]
fn codes_belong_to_whom_the_token_belongs_to() {
    let mut stage = setup(SHOP, "jane.doe").start();
    for key in ["c", "C"] {
        stage.keys(key);
        assert!(stage.notice().contains("nobody acts as this one"), "{}", stage.notice());
    }
    assert!(!stage.hints().contains("enter code"));
    let mut stage = acting(setup(SHOP, "jane.doe").change(read_only), "jane.doe");
    for key in ["c", "C"] {
        stage.keys(key);
        assert!(!stage.notice().is_empty());
    }
    assert_ne!(stage.view(), View::Deed);
    assert_eq!((stage.count(SEND), stage.count(VERIFY)), (0, 0));
}

#[test]
fn an_expired_token_sends_nothing() {
    let mut stage = waiting();
    let code = stage.last_code();
    stage.next().keys(&format!("{code}<enter><tab>"));
    stage.clock.forward(Duration::from_secs(3600));
    stage.keys("<enter>");
    assert!(
        stage.notice().contains("the access token has expired"),
        "{}",
        stage.notice()
    );
    assert_eq!(stage.count(VERIFY), 0);
}
