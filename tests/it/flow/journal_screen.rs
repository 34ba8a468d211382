//! The journal on the screen: what was done, narrowed, in full, and followed while it is open.

use std::time::Duration;

use cognitui::app::Event;

use super::scene::{CUSTOMERS, SHOP, form, setup};
use super::stage::Stage;

/// Jane and Bob, a change each.
fn two() -> Stage {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").send();
    stage.keys("<esc>/bob<enter>e").set("nickname", "Bobby").send();
    stage.ended("applied", &[]);
    stage
}

/// The rows of the list, the newest first.
fn listed(stage: &Stage) -> Vec<String> {
    let zone = jiff::tz::TimeZone::UTC;
    let listed = stage.app().journal.listed(&zone);
    let name = |entry: &&std::sync::Arc<cognitui::domain::Entry>| {
        entry
            .username
            .value()
            .map(|name| name.as_str().to_owned())
            .unwrap_or_default()
    };
    listed.iter().map(name).collect()
}

#[test]
fn newest_first_and_narrowed_by_a_line_of_terms() {
    let mut stage = two();
    stage.keys("L");
    stage.shows("Journal of customers  2 entries");
    assert_eq!(listed(&stage), ["bob", "jane.doe"]);
    stage.keys("/user:jane");
    assert_eq!(listed(&stage), ["jane.doe"], "while it is typed");
    stage.keys("<enter>");
    stage.shows("1 match");
    stage.shows("only: user:jane");
    stage.keys("<esc>");
    assert_eq!(listed(&stage).len(), 2, "Esc takes the filter off first");
    stage.keys("/bobby outcome:applied attr:nick day:2026-11-18<enter>");
    assert_eq!(listed(&stage), ["bob"]);
    stage.keys("<esc>/outcome:refused<enter>");
    stage.shows("no entry matches");
    stage.keys("<esc>/who:jane<enter>");
    stage.shows("! who: is no term; there are user, by, attr");
    stage.keys("<esc>");
    assert_eq!(listed(&stage).len(), 2);
    stage.keys("<esc>");
    stage.shows_not("Journal of");
}

#[test]
fn an_entry_in_full_shows_both_sides_answer_reading_and_request_id() {
    let mut stage = two();
    let request_id = stage.journal()[4]["outcome"]["request_id"].as_str().unwrap().to_owned();
    stage.keys("L<enter>");
    for text in [
        "AdminUpdateUserAttributes",
        "+ Bobby",
        "Before and after",
        "accepted, 2026-11-18",
        "applied",
        "as sent",
        "none was given",
        request_id.as_str(),
    ] {
        stage.shows(text);
    }
    stage.keys("y<down><enter>");
    assert_eq!(stage.copied(), Some(request_id.as_str()));
}

#[test]
fn only_the_open_pools_entries_unless_all_are_asked_for() {
    let mut stage = two();
    stage.keys("<esc>p");
    stage.keys("L");
    stage.shows("Journal of every pool  2 entries");
    let mut other = setup(SHOP, "jane.doe").sharing(&stage).start();
    other.keys("L");
    other.shows("nothing was changed in this pool so far");
    other.keys("a");
    other.shows("Journal of every pool  2 entries");
    other.keys("a");
    assert!(listed(&other).is_empty());
}

#[test]
fn what_another_console_writes_appears_within_a_second_and_nothing_moves_otherwise() {
    let mut stage = two();
    stage.keys("L<down>");
    let quiet = stage.screen();
    for _ in 0..3 {
        stage.clock.forward(Duration::from_secs(1));
        stage.event(Event::Tick);
        stage.settle();
        assert_eq!(stage.screen(), quiet, "nobody wrote to it");
        assert_eq!(stage.app().next_wake(), Some(Duration::from_secs(1)));
    }
    let mut other = form_beside(&stage);
    other.set("nickname", "Third").send();
    assert_eq!(stage.screen(), quiet);
    stage.clock.forward(Duration::from_secs(1));
    stage.event(Event::Tick);
    stage.settle();
    assert_eq!(listed(&stage), ["tom", "bob", "jane.doe"]);
    let selected = stage.app().journal.selected(&jiff::tz::TimeZone::UTC).unwrap();
    assert_eq!(
        selected.username.value().unwrap().as_str(),
        "jane.doe",
        "the cursor stays on its entry"
    );
    stage.keys("<esc>");
    assert_eq!(stage.app().next_wake(), None, "a closed journal asks for nothing");
}

#[test]
fn an_entry_that_is_read_is_not_exchanged_for_a_newer_one() {
    let mut stage = two();
    stage.keys("L<enter>");
    stage.shows("+ Bobby");
    form_beside(&stage).set("nickname", "Third").send();
    stage.clock.forward(Duration::from_secs(1));
    stage.event(Event::Tick);
    stage.settle();
    assert_eq!(listed(&stage), ["tom", "bob", "jane.doe"]);
    stage.shows("+ Bobby");
    stage.shows_not("+ Third");
    stage.keys("z");
    stage.shows("Edit bob");
}

fn form_beside(stage: &Stage) -> Stage {
    super::scene::open_form(setup(CUSTOMERS, "tom").sharing(stage))
}

#[test]
fn a_running_write_of_another_console_is_running() {
    let stage = two();
    let held = super::journal_start::recorded(&stage, "JJ", "Jx");
    let mut other = setup(CUSTOMERS, "jane.doe").sharing(&stage).start();
    other.keys("L");
    other.shows("running");
    other.keys("U");
    other.answers("its console is still open and will see how it ends");
    other.keys("z");
    other.answers("cannot be undone: it is still under way");
    drop(held);
}

#[test]
fn hostile_values_are_shown_as_tokens() {
    let evil = "\u{1b}[2J\u{202e}gnp.exe";
    let prepared = setup(CUSTOMERS, "jane.doe").service(move |emulator| {
        assert!(emulator.change_user(CUSTOMERS, "jane.doe", |user| {
            user.attributes.insert("nickname".into(), evil.into());
        }));
    });
    let mut stage = super::scene::open_form(prepared);
    stage.set("nickname", "JJ").send();
    stage.keys("L<enter>");
    let screen = stage.screen();
    assert!(!screen.contains('\u{1b}') && !screen.contains('\u{202e}'), "{screen}");
    stage.shows("\\u{202e}gnp.exe");
    stage.keys("<esc>z");
    assert_eq!(stage.pending(), ["nickname"]);
    stage.send();
    assert_eq!(stage.stored(CUSTOMERS, "jane.doe", "nickname").as_deref(), Some(evil));
}
