//! People's data as dots: on demand, and after some time without a key. Nothing of anybody is left on any screen, and
//! nothing that is typed, sent or copied is another.

use std::collections::BTreeSet;
use std::time::Duration;

use cognitui::app::session::View;
use cognitui::app::{Effect, Event, Input};
use cognitui::domain::guard::Because;
use cognitui::emulator::Seed;

use super::demo::{CUSTOMERS, SHOP};
use super::scene::pairs;
use super::stage::{Setup, Stage};

/// Everything the service knows of the people of the open pool, but for what stands on any screen: yes and no.
fn of_people(stage: &Stage) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for user in stage.loaded() {
        all.insert(user.username.as_str().to_owned());
        all.extend(user.attributes.values().map(|value| value.raw().as_str().to_owned()));
    }
    all.retain(|value| value.trim().len() > 1 && value != "true" && value != "false");
    assert!(all.len() > 50, "the demo has people");
    all
}

/// Whether a text holds a value, not as a part of another word.
fn holds(text: &str, value: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || "@.+_-:/".contains(c);
    text.match_indices(value).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + value.len()..].chars().next();
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    })
}

#[track_caller]
fn nobody_is_seen(stage: &Stage, people: &BTreeSet<String>) {
    let screen = stage.screen();
    assert!(stage.header().contains("MASKED"), "the word:\n{screen}");
    // The first line names the pool and who asks; it is looked at for people all the same.
    for value in people {
        assert!(!holds(&screen, value), "{value:?} is on the screen:\n{screen}");
    }
}

/// Goes through the screens and looks at each.
fn through_every_screen(stage: &mut Stage, people: &BTreeSet<String>) {
    let steps = [
        "",
        "j",
        "<page-down>",
        "G",
        "g",
        "/jane",
        "<esc>",
        "<enter>",
        "d",
        "+",
        "G",
        "y",
        "<enter>",
        "<esc>",
        "a",
        "<esc>",
        "e",
        "+",
        "G",
        "g",
        "<enter>",
        "x",
        "<esc>",
        "x",
        "<ctrl-s>",
        "y",
        "<enter>",
        "<esc>",
        "<tab>",
        "<up>",
        "<esc>",
        "u",
        "/birth<enter>",
        "<enter><ctrl-u>1990-13-02<enter>",
        "u",
        "m",
        "a=b<enter>",
        "<tab>",
        "d",
        "<esc>",
        "<ctrl-w>",
        "<tab>",
        "<esc>",
        ":disable<enter>",
        "<esc>",
        ":reset-password<enter>",
        "<esc>",
        "T",
        "<enter>",
        "<enter>",
        "<esc>",
        "<esc>",
        "<esc>",
        "?",
        "<esc>",
        ":",
        "<esc>",
        "<f2>",
        "<esc>",
    ];
    for keys in steps {
        stage.keys(keys);
        nobody_is_seen(stage, people);
    }
}

#[test]
fn masked_no_screen_shows_anything_of_anybody() {
    for size in [(80, 24), (200, 60)] {
        let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).size(size.0, size.1).start();
        let people = of_people(&stage);
        assert!(
            people.iter().any(|value| holds(&stage.screen(), value)),
            "unmasked they are there"
        );
        stage.keys("<f3>");
        stage.shows("EMAIL");
        stage.shows("customers");
        through_every_screen(&mut stage, &people);
    }
}

#[test]
fn masked_the_panel_beside_the_list_tells_where_it_matched_and_not_what() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).size(200, 60).start();
    let people = of_people(&stage);
    stage.keys("/name:a<enter>");
    let of_list = |stage: &Stage| stage.row_with("matched ");
    assert!(
        !of_list(&stage).contains("in a column of the list"),
        "{}",
        stage.screen()
    );
    stage.keys("/email:example<enter>");
    assert!(
        of_list(&stage).contains("where the row is marked"),
        "{}",
        stage.screen()
    );
    stage.keys("<f3>");
    assert!(
        of_list(&stage).contains("in a column of the list"),
        "{}",
        stage.screen()
    );
    nobody_is_seen(&stage, &people);
    // A column that the list has no room for, or does not show.
    stage.keys("/name:a<enter>");
    assert!(of_list(&stage).contains("name: "), "{}", stage.screen());
    nobody_is_seen(&stage, &people);
}

#[test]
fn masked_a_refusal_and_a_result_tell_nothing_of_anybody() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).size(100, 50).start();
    let mut people = of_people(&stage);
    people.insert("new.address@example.org".to_owned());
    stage.keys("<f3>/bob<enter>e");
    stage.set("email", "new.address@example.org").keys("v<ctrl-s>");
    nobody_is_seen(&stage, &people);
    stage.keys("<tab><enter>");
    nobody_is_seen(&stage, &people);
    assert_eq!(
        stage.stored(CUSTOMERS, "bob", "email").as_deref(),
        Some("new.address@example.org")
    );
    stage.keys("<tab>d");
    nobody_is_seen(&stage, &people);
    stage.keys("<esc><esc><esc>");
    assert_eq!(stage.view(), View::Users);
    stage.keys("/nobody.of.that.name<enter>");
    nobody_is_seen(&stage, &["nobody.of.that.name".to_owned()].into());
}

#[test]
fn masked_journal_undo_drafts_and_conflicts_tell_nothing_of_anybody() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).size(100, 50).start();
    let mut people = of_people(&stage);
    people.extend(["Masked Nick", "Moved Nick", "Because of Bob"].map(str::to_owned));
    stage.keys("<f3>/bob<enter>e");
    stage
        .set("nickname", "Masked Nick")
        .keys("<ctrl-s><backtab>Because of Bob<tab><tab><enter>");
    assert_eq!(stage.sent().len(), 1, "{}", stage.screen());
    for keys in ["L", "<enter>", "G", "y", "<esc>", "<esc>", "/bob", "<enter>", "<esc>"] {
        stage.keys(keys);
        nobody_is_seen(&stage, &people);
    }
    let move_on = |user: &mut cognitui::emulator::User| {
        user.attributes.insert("nickname".into(), "Moved Nick".into());
    };
    assert!(stage.emulator.change_user(CUSTOMERS, "bob", move_on));
    for keys in ["z", "<ctrl-s>", "<tab>", "<esc>", "<esc>"] {
        stage.keys(keys);
        nobody_is_seen(&stage, &people);
    }
    let mut next = Setup::new(Seed::demo(), &[CUSTOMERS])
        .size(100, 50)
        .after(stage.kill())
        .start();
    next.shows("of earlier runs");
    next.shows("bob");
    next.keys("<f3>");
    for keys in ["d", "x", "<esc>", "D", "<enter>"] {
        nobody_is_seen(&next, &people);
        next.keys(keys);
    }
    assert_eq!(next.pending(), ["nickname"], "{}", next.screen());
    nobody_is_seen(&next, &people);
}

#[test]
fn the_same_key_or_the_name_of_the_action_shows_them_again() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    stage.keys("<f3>");
    stage.shows("MASKED");
    stage.keys("jk");
    stage.shows("MASKED");
    stage.keys(":mask<enter>");
    stage.shows_not("MASKED");
    stage.shows("jane.doe");
    stage.keys(":mask<enter>");
    stage.shows_not("jane.doe");
}

#[test]
fn what_is_typed_shows_as_dots_and_is_sent_as_it_is() {
    let mut stage = Setup::new(Seed::demo(), &[SHOP]).size(100, 50).start();
    stage.keys("/jane.doe<enter>e/nick<enter><f3><enter><ctrl-u>Secret");
    stage.shows("******");
    stage.shows_not("Secret");
    stage.keys("<enter><ctrl-s><tab><enter>");
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "Secret")]));
}

fn locking() -> Stage {
    Setup::new(Seed::demo(), &[CUSTOMERS])
        .change(|settings| settings.idle_lock = Some(Duration::from_secs(600)))
        .start()
}

#[test]
fn without_a_key_for_a_while_it_is_masked_and_the_next_key_does_nothing_else() {
    let mut stage = locking();
    stage.keys("j");
    assert_eq!(stage.app().next_wake(), Some(Duration::from_secs(600)));
    stage.keys("k");
    stage.keys("e");
    stage.set("nickname", "JJ");
    stage.clock.forward(Duration::from_secs(599));
    stage.event(Event::Tick);
    stage.shows_not("MASKED");
    assert_eq!(stage.app().next_wake(), Some(Duration::from_secs(1)));
    stage.clock.forward(Duration::from_secs(1));
    stage.event(Event::Tick);
    stage.shows("MASKED");
    assert_eq!(stage.app().next_wake(), None, "it woke once and is quiet");
    assert_eq!(stage.pending(), ["nickname"], "drafts stay");
    stage.keys("x");
    stage.shows_not("MASKED");
    assert_eq!(stage.pending(), ["nickname"], "the key did nothing else");
    stage.keys("<esc>");
    assert_eq!(stage.view(), View::Users);
}

#[test]
fn the_lock_holds_without_a_tick_and_for_everything_in_one_read() {
    let mut stage = locking();
    stage.keys("e");
    stage.set("nickname", "JJ");
    stage.clock.forward(Duration::from_secs(3600));
    // No tick came in between: the program may have been stopped.
    stage.burst(vec![
        Input::Key(cognitui::app::keymap::Chord::char('x')),
        Input::Paste("pasted".into()),
    ]);
    assert_eq!(stage.pending(), ["nickname"]);
    stage.shows_not("MASKED");
    stage.shows_not("pasted");
}

#[test]
fn without_the_setting_nothing_is_masked_however_long_it_takes() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    assert_eq!(stage.app().next_wake(), None);
    stage.clock.forward(Duration::from_secs(100_000));
    stage.event(Event::Tick);
    stage.shows_not("MASKED");
}

#[test]
fn what_is_switched_off_says_by_whom_and_reaches_no_terminal() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS])
        .change(|settings| {
            settings.clipboard_off = Some(Because::Policy);
            settings.editor_off = Some(Because::Setting);
        })
        .start();
    stage.keys("y");
    assert!(
        stage.notice().contains("copying is switched off by the policy"),
        "{}",
        stage.notice()
    );
    stage.keys("<enter>");
    stage.keys("e<enter><ctrl-o>");
    assert!(
        stage
            .notice()
            .contains("the external editor is switched off in the configuration"),
        "{}",
        stage.notice()
    );
    let left = |effect: &Effect| matches!(effect, Effect::Copy(_) | Effect::EditOutside(_));
    assert!(!stage.effects.iter().any(left));
}
