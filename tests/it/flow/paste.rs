//! Pastes and bursts in the form: text goes into fields, and letters that change something act alone.

use cognitui::app::Input;
use cognitui::app::keymap::Chord;
use cognitui::domain::Raw;

use super::scene::{CUSTOMERS, form, pairs};

fn key(name: &str) -> Input {
    Input::Key(Chord::parse(name).unwrap())
}

#[test]
fn a_paste_on_a_row_edits_that_row() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname").paste("Jay");
    stage.shows("EDITING nickname");
    assert!(stage.pending().is_empty(), "nothing is taken by a paste");
    stage.keys("<enter>").send();
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "Jay")]));
}

#[test]
fn a_paste_in_an_open_field_is_inserted_as_one_step() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname").keys("<enter>").paste("1\n2\u{1b}[31m");
    stage.keys("<ctrl-_>");
    assert!(stage.row_with("nickname   ").contains("JD  "));
    stage.paste("1\n2");
    stage.keys("<enter>").send();
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "JD1\n2")]));
}

#[test]
fn enter_in_the_same_read_as_a_paste_takes_nothing() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname").keys("<enter>");
    stage.burst(vec![Input::Paste(Raw::from("Jay")), key("enter")]);
    stage.answers("that key came together with a paste, so it confirmed nothing");
    stage.shows("EDITING nickname");
    assert!(stage.pending().is_empty());
    stage.burst(vec![Input::Paste(Raw::from("Jay")), key("tab")]);
    assert!(stage.pending().is_empty());
}

#[test]
fn letters_that_change_something_act_only_alone() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname");
    stage.burst(vec![key("x"), key("x")]);
    stage.answers("press it alone");
    assert!(stage.pending().is_empty());
    stage.go("phone_number");
    stage.burst(vec![key("v"), key("k")]);
    assert!(stage.pending().is_empty());
    stage.burst(vec![key("m"), key("k")]);
    assert!(stage.app().overlay.is_none());
    stage.go("nickname").keys("x");
    assert_eq!(stage.pending(), ["nickname"]);
    stage.burst(vec![key("u"), key("k")]);
    assert_eq!(stage.pending(), ["nickname"]);
    stage.burst(vec![key("q"), key("q")]);
    stage.shows("Edit jane.doe");
    stage.keys("q");
    stage.shows("User jane.doe");
}

#[test]
fn a_paste_where_no_field_is_does_nothing_and_says_so() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>").paste("yes\n");
    stage.answers("a paste does nothing here; open a field first");
    stage.sent_nothing();
    stage.keys("<esc><esc>").paste("x");
    stage.answers("a paste does nothing here");
}

#[test]
fn a_resize_beside_a_letter_leaves_it_alone() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname");
    stage.burst(vec![Input::Resize(100, 60), key("x")]);
    assert_eq!(stage.pending(), ["nickname"]);
}

#[test]
fn a_megabyte_is_one_insert_and_is_refused_by_its_length() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname").keys("<enter><ctrl-u>").paste(&"é".repeat(500_000));
    stage.shows("the service keeps at most 2048 characters; this has 500000");
    stage.keys("<esc>");
    assert!(stage.pending().is_empty());
}
