//! A change is taken back from the journal: the same form, the same review, the same path.

use cognitui::domain::entry::Values;
use cognitui::emulator::User;
use serde_json::Value;

use super::scene::{CUSTOMERS, SHOP, form, pairs, setup};
use super::stage::{Stage, read_only};

/// Jane with another nickname, a website she did not have, and no birthdate any more.
fn changed() -> Stage {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage
        .set("nickname", "JJ")
        .set("website", "https://example.com")
        .go("birthdate")
        .keys("x");
    stage.send();
    stage.ended("applied", &[]);
    stage
}

fn change(stage: &Stage, user: &str, change: impl FnOnce(&mut User)) {
    assert!(stage.emulator.change_user(CUSTOMERS, user, change));
}

fn set(stage: &Stage, user: &str, name: &str, value: &str) {
    change(stage, user, |user| {
        user.attributes.insert(name.into(), value.into());
    });
}

fn intents(stage: &Stage) -> Vec<Value> {
    let lines = stage.journal();
    lines.into_iter().filter(|line| line["intent"].is_object()).collect()
}

#[test]
fn a_change_is_taken_back_and_the_taking_back_too() {
    let mut stage = changed();
    stage.keys("L");
    stage.shows("Journal of customers");
    stage.keys("<enter>");
    stage.shows("can be put back, as far as nobody changed it since");
    let sent = stage.sent().len();
    stage.keys("z");
    stage.shows("Edit jane.doe");
    stage.answers("3 edits would take it back; nothing is sent before the review");
    assert_eq!(stage.sent().len(), sent, "nothing is sent by it");
    assert_eq!(stage.pending(), ["birthdate", "nickname", "website"]);
    stage.send();
    stage.ended("applied", &[]);
    let stored =
        |stage: &Stage| ["nickname", "website", "birthdate"].map(|name| stage.stored(CUSTOMERS, "jane.doe", name));
    let before = [Some("JD".to_owned()), None, Some("1990-01-02".to_owned())];
    assert_eq!(stored(&stage), before);
    let written = intents(&stage);
    assert_eq!(written[1]["intent"]["undoes"], written[0]["id"]);
    assert_eq!(written[0]["intent"]["undoes"], Value::Null);

    stage.keys("L");
    stage.shows("undo: ");
    stage.keys("<enter>");
    stage.shows("takes back");
    stage.shows(written[0]["id"].as_str().unwrap());
    stage.keys("<esc><down><enter>");
    stage.shows("taken back");
    stage.shows(written[1]["id"].as_str().unwrap());
    stage.keys("<esc><up>z");
    stage.send();
    stage.ended("applied", &[]);
    let after = [Some("JJ".to_owned()), Some("https://example.com".to_owned()), None];
    assert_eq!(stored(&stage), after);
    let written = intents(&stage);
    assert_eq!(written[2]["intent"]["undoes"], written[1]["id"]);
}

#[test]
fn the_review_says_that_it_can_be_taken_back_or_that_it_will_not_be_possible() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").set("website", "https://example.com");
    stage.keys("<ctrl-s>");
    stage.shows("z in the journal puts all 2 back, if nobody has changed them since");
    let none = setup(CUSTOMERS, "jane.doe").change(|settings| settings.kept_values.general = Values::Hashed);
    let mut stage = super::scene::open_form(none);
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    stage.shows("not possible later: the journal of this pool does not keep the old values");
}

#[test]
fn a_value_that_moved_since_is_shown_three_ways_and_decided() {
    let mut stage = changed();
    set(&stage, "jane.doe", "nickname", "Janey");
    stage.keys("Lz<ctrl-s>");
    stage.shows("CHANGED, 1 to decide");
    for value in ["JJ", "Janey", "JD"] {
        stage.shows(value);
    }
    stage.keys("t<tab><enter>");
    stage.ended("applied", &[]);
    assert_eq!(
        stage.sent()[1],
        pairs(&[("website", ""), ("birthdate", "1990-01-02")]),
        "what somebody else made of it since stays"
    );
    assert_eq!(
        stage.stored(CUSTOMERS, "jane.doe", "nickname").as_deref(),
        Some("Janey")
    );
}

#[test]
fn what_is_back_already_is_no_change_and_said() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").send();
    set(&stage, "jane.doe", "nickname", "JD");
    stage.keys("Lz");
    stage.answers("nothing to undo: nickname reads as before already");
    stage.shows("Journal of customers");
}

#[test]
fn an_address_comes_back_with_its_flag() {
    let mut stage = form(CUSTOMERS, "bob");
    // Cognito decides: the new address is not verified.
    stage.set("email", "bob.new@example.com").keys("vv").send();
    let stored = |stage: &Stage, name: &str| stage.stored(CUSTOMERS, "bob", name);
    assert_eq!(stored(&stage, "email").as_deref(), Some("bob.new@example.com"));
    assert_ne!(stored(&stage, "email_verified").as_deref(), Some("true"));
    stage.keys("Lz");
    assert_eq!(stage.pending(), ["email", "email_verified"]);
    stage.send();
    stage.ended("applied", &[]);
    assert_eq!(stored(&stage, "email").as_deref(), Some("bob@example.com"));
    assert_eq!(stored(&stage, "email_verified").as_deref(), Some("true"));
}

#[test]
fn an_alias_that_is_somebody_elses_by_now_is_not_taken_from_them() {
    let mut stage = form(CUSTOMERS, "bob");
    stage.set("email", "bob.new@example.com").keys("v").send();
    stage.ended("applied", &[]);
    change(&stage, "rob", |rob| {
        rob.attributes.insert("email".into(), "bob@example.com".into());
        rob.attributes.insert("email_verified".into(), "true".into());
    });
    stage.keys("Lz");
    stage.answers("nothing to undo: email is not taken back: bob@example.com belongs to rob now");
    assert_eq!(stage.sent().len(), 1);
}

#[test]
fn a_user_that_is_gone_is_said_to_be() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").send();
    assert!(stage.emulator.remove_user(CUSTOMERS, "jane.doe"));
    stage.keys("Lz");
    stage.answers("cannot be undone: the user is gone");
}

#[test]
fn what_never_took_effect_cannot_be_taken_back() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.emulator.inject(
        cognitui::emulator::Fault::error("NotAuthorizedException", "User is disabled.").on(super::scene::UPDATE),
    );
    stage.set("nickname", "JJ").send();
    stage.keys("<esc>L");
    stage.shows("REFUSED");
    stage.keys("z");
    stage.answers("cannot be undone: it was refused");
}

#[test]
fn pending_edits_of_the_same_user_are_not_thrown_away() {
    let mut stage = changed();
    stage.keys("e").set("nickname", "Third").keys("<esc>Lz");
    stage.answers("jane.doe has 1 pending edit: send or discard them first");
    stage.shows("Journal of customers");
}

#[test]
fn disabling_is_taken_back_by_the_review_of_enabling() {
    let mut stage = setup(CUSTOMERS, "mfa.sms").start();
    stage.keys(":disable<enter>mfa.sms<enter><tab><enter>");
    stage.ended("applied", &[]);
    stage.keys("Lz");
    stage.shows("AdminEnableUser, one call, never repeated");
    assert!(stage.calls("AdminEnableUser").is_empty());
    stage.keys("<tab><enter>");
    stage.ended("applied", &[]);
    assert_eq!(stage.calls("AdminEnableUser").len(), 1);
    let written = intents(&stage);
    assert_eq!(written[1]["intent"]["undoes"], written[0]["id"]);
}

#[test]
fn in_read_only_mode_the_key_says_so() {
    let first = changed();
    let mut stage = setup(CUSTOMERS, "jane.doe").change(read_only).sharing(&first).start();
    stage.keys("L");
    stage.shows("nickname");
    stage.keys("z");
    stage.answers("undo is not there: ");
    assert_eq!(stage.sent().len(), 1);
}

#[test]
fn an_entry_of_another_pool_opens_its_pool() {
    let mut first = changed();
    first.keys("L");
    let two = super::stage::Setup::new(cognitui::emulator::Seed::demo(), &[SHOP, CUSTOMERS])
        .change(|settings| settings.pool = None)
        .size(100, 60)
        .sharing(&first);
    let mut stage = two.start();
    stage.keys("L");
    stage.shows("Journal of every pool");
    stage.keys("z");
    stage.shows("Edit jane.doe");
    assert_eq!(stage.app().session.as_ref().unwrap().place.pool.as_str(), CUSTOMERS);
    stage.send();
    assert_eq!(stage.stored(CUSTOMERS, "jane.doe", "nickname").as_deref(), Some("JD"));
}
