//! Keys that do the same everywhere: the palette, help, back, quit, the copy menu, the status pane.

use cognitui::app::overlay::Overlay;
use cognitui::app::session::View;
use cognitui::app::status::Word;
use cognitui::app::{Event, Input, Pane};
use cognitui::emulator::{Fault, PoolSeed, Seed, User};

use super::demo::{CUSTOMERS, SHOP};
use super::stage::{Setup, Stage};

fn customers() -> Stage {
    Setup::new(Seed::demo(), &[CUSTOMERS]).start()
}

/// Opens the copy menu, goes to the item of this name and takes it.
#[track_caller]
fn copy(stage: &mut Stage, name: &str) -> String {
    stage.keys("y");
    let Some(Overlay::Copy { items, .. }) = &stage.app().overlay else {
        panic!("a copy menu:\n{}", stage.screen())
    };
    let names: Vec<&str> = items.iter().map(|item| item.name).collect();
    let at = names
        .iter()
        .position(|known| *known == name)
        .unwrap_or_else(|| panic!("{name} is none of {names:?}"));
    stage.keys(&"j".repeat(at)).keys("<enter><esc>");
    assert!(stage.app().overlay.is_none());
    stage.copied().expect("something was copied").to_owned()
}

#[test]
fn a_key_without_an_action_says_so() {
    let mut stage = customers();
    for key in ["z", "Z", "<f5>", "<ctrl-x>", "<alt-x>", "<insert>"] {
        stage.keys(key);
        assert!(
            stage.notice().contains("? shows every key"),
            "{key}: {}",
            stage.notice()
        );
    }
    stage.keys("j");
    assert_eq!(stage.notice(), "", "the next key takes it away");
    stage.keys("ez");
    assert!(
        stage.notice().contains("ctrl-s reviews, Esc goes back"),
        "{}",
        stage.notice()
    );
    // Saving and searching as other editors do.
    stage.keys("<ctrl-o>");
    assert!(stage.notice().contains("ctrl-s reviews"), "{}", stage.notice());
}

#[test]
fn the_palette_takes_names_and_the_short_forms_of_an_editor() {
    let mut stage = customers();
    stage.keys(":pools<enter>");
    assert!(stage.app().session.is_none());
    stage.keys(":open<enter>:find<enter>");
    assert!(stage.session().users.find.is_some());
    stage.keys("<esc><enter>:q<enter>");
    assert_eq!(stage.view(), View::Users, ":q is back");
    stage.keys(":w<enter>");
    stage.shows("no action of that name here");
    assert!(stage.session().may_write(), ":w is review or nothing");
    stage.keys("<esc>e<enter><ctrl-u>new@example.com<enter>v:w<enter>");
    assert_eq!(stage.view(), View::Review);
    stage.keys("<esc>:q<enter>");
    assert_eq!(stage.view(), View::Users);
    stage.keys(":quit<enter>");
    assert!(!stage.quits(), "there are pending edits");
    stage.keys("q");
    assert!(stage.quits());
}

#[test]
fn the_palette_completes_and_chooses() {
    let mut stage = customers();
    stage.keys(":poo<tab>");
    let Some(Overlay::Prompt(prompt)) = &stage.app().overlay else {
        panic!("the palette")
    };
    assert_eq!(prompt.field.text(), "pools");
    stage.keys("<esc>");
    assert!(stage.app().session.is_some(), "Esc did nothing but close it");
    stage.keys(":nonsense<enter>");
    stage.shows("no action of that name here");
}

#[test]
fn discarding_asks_for_the_count() {
    let mut stage = customers();
    stage.keys("e<enter><ctrl-u>new@example.com<enter>:discard<enter>");
    let pending = |stage: &Stage| {
        stage
            .session()
            .drafts
            .values()
            .map(|draft| draft.edits().len())
            .sum::<usize>()
    };
    assert_eq!(pending(&stage), 1);
    stage.keys("7<enter>");
    assert_eq!(pending(&stage), 1, "a wrong count keeps them");
    stage.keys("<esc>");
    assert_eq!(pending(&stage), 1);
    stage.keys(":q!<enter>1<enter>");
    assert_eq!(pending(&stage), 0);
}

#[test]
fn help_lists_the_keys_and_closes_again() {
    for key in ["?", "<f1>"] {
        let mut stage = customers();
        stage.keys(key);
        stage.shows("in the list of users");
        stage.shows("Find a user");
        stage.keys("G");
        stage.shows_not("Find a user:");
        stage.keys("<esc>");
        assert!(stage.app().overlay.is_none());
        stage.shows("jane.doe");
    }
}

#[test]
fn esc_undoes_the_topmost_thing_one_at_a_time_and_never_quits() {
    let mut stage = customers();
    stage.keys("/jane@example.com<enter><enter>e<enter>x:?");
    assert_eq!(
        stage
            .session()
            .edit
            .as_ref()
            .unwrap()
            .field
            .as_ref()
            .unwrap()
            .field
            .text(),
        "jane@example.comx:?"
    );
    stage.keys("<esc>");
    assert!(stage.session().edit.as_ref().unwrap().field.is_none(), "the field");
    assert_eq!(stage.view(), View::Edit);
    stage.keys("?<esc>");
    assert_eq!(stage.view(), View::Edit, "the overlay");
    stage.keys("<esc>");
    assert_eq!(stage.view(), View::User, "the form");
    stage.keys("<esc>");
    assert_eq!((stage.view(), stage.listed().len()), (View::Users, 2), "the user");
    stage.keys("<esc>");
    assert!(stage.listed().len() >= 60, "the filter");
    stage.keys("<esc><esc><esc>");
    assert_eq!(stage.view(), View::Users);
    assert!(!stage.quits());
    assert!(stage.notice().contains("q quits"), "{}", stage.notice());
    stage.keys("p<esc><esc>");
    assert!(!stage.quits());
    assert!(stage.notice().contains("q quits"), "{}", stage.notice());
}

#[test]
fn q_goes_back_inside_and_quits_at_the_top() {
    let mut stage = customers();
    stage.keys("<enter>eq");
    assert_eq!(stage.view(), View::User);
    stage.keys("q");
    assert_eq!(stage.view(), View::Users);
    assert!(!stage.quits());
    stage.keys("q");
    assert!(stage.quits());
}

#[test]
fn a_q_in_company_quits_nothing() {
    use cognitui::app::keymap::Chord;
    let mut stage = customers();
    stage.burst(vec![Input::Key(Chord::char('q')), Input::Key(Chord::char('q'))]);
    assert!(!stage.quits());
}

#[test]
fn pending_edits_are_named_before_q_quits() {
    let mut stage = customers();
    stage.keys("e<enter><ctrl-u>new@example.com<enter><esc>q");
    assert!(!stage.quits());
    assert!(
        stage.notice().contains("1 user has pending edits"),
        "{}",
        stage.notice()
    );
    stage.keys("jq");
    assert!(!stage.quits(), "another key came in between");
    stage.keys("q");
    assert!(stage.quits());
}

#[test]
fn ctrl_c_cancels_a_field_and_at_the_top_asks_for_a_second_one() {
    let mut stage = customers();
    stage.keys("/abc<ctrl-c>");
    assert!(stage.session().users.find.is_none());
    stage.keys("e<enter>zzz<ctrl-c>");
    assert!(stage.session().edit.as_ref().unwrap().field.is_none());
    assert!(stage.session().drafts.values().all(|draft| draft.is_empty()));
    stage.keys("?<ctrl-c>");
    assert!(stage.app().overlay.is_none());
    stage.keys("<ctrl-c>");
    assert_eq!(stage.view(), View::Users);
    stage.keys("<ctrl-c>j<ctrl-c>");
    assert!(!stage.quits(), "another key in between");
    assert!(stage.notice().contains("ctrl-c again quits"));
    stage.keys("<ctrl-c>");
    assert!(stage.quits());
}

#[test]
fn the_copy_menu_gives_the_original_bytes() {
    let mut stage = customers();
    assert_eq!(copy(&mut stage, "username"), "jane.doe");
    assert_eq!(copy(&mut stage, "sub"), "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f");
    assert_eq!(
        copy(&mut stage, "row (tabs)"),
        "jane.doe\tjane@example.com\t+15555550100\tCONFIRMED"
    );
    let json: serde_json::Value = serde_json::from_str(&copy(&mut stage, "JSON")).unwrap();
    assert!(json.to_string().contains("jane@example.com"));
    stage.keys("<enter>jj");
    let cursor = stage.session().user.as_ref().unwrap().cursor.clone().unwrap();
    assert_eq!(cursor.as_str(), "phone_number");
    assert_eq!(copy(&mut stage, "value"), "+15555550100");
    stage.keys("e");
    assert!(!copy(&mut stage, "username").is_empty());
    stage.keys("pp");
    assert_eq!(copy(&mut stage, "pool id"), CUSTOMERS);
}

#[test]
fn what_is_hostile_is_copied_as_it_is() {
    let value = "\u{1b}[2J\u{1b}[Hpay\u{200b}pal\u{202e}\ttab";
    let name = "\u{1b}]0;owned\u{7}";
    const POOL: &str = "us-east-1_Hostile01";
    let seed = Seed::empty().pool(PoolSeed::new(POOL, "hostile").user(User::new(name).with("name", value)));
    let mut stage = Setup::new(seed, &[POOL]).start();
    assert_eq!(copy(&mut stage, "username"), name);
    stage.keys("<enter>/name<enter>");
    assert_eq!(
        stage.session().user.as_ref().unwrap().cursor.as_ref().unwrap().as_str(),
        "name"
    );
    assert_eq!(copy(&mut stage, "value"), value);
    let json: serde_json::Value = serde_json::from_str(&copy(&mut stage, "JSON")).unwrap();
    fn holds(json: &serde_json::Value, text: &str) -> bool {
        match json {
            serde_json::Value::String(string) => string == text,
            serde_json::Value::Array(items) => items.iter().any(|item| holds(item, text)),
            serde_json::Value::Object(members) => members.values().any(|member| holds(member, text)),
            _ => false,
        }
    }
    assert!(holds(&json, value) && holds(&json, name), "{json}");
}

#[test]
fn copying_in_the_moment_the_menu_opens_copies_nothing() {
    let mut stage = customers();
    stage.keys("y").keys_at_once("<esc>");
    stage.keys_at_once("y<enter>");
    assert_eq!(stage.copied(), None);
    stage.keys("<enter>");
    assert_eq!(stage.copied(), Some("jane.doe"));
}

#[test]
fn tab_goes_to_the_status_pane_and_d_shows_an_entry_in_full() {
    let mut stage = customers();
    stage.emulator.inject(Fault::denied("ListUsers").on("ListUsers"));
    stage.keys("r<tab>");
    assert_eq!(stage.app().pane, Pane::Status);
    stage.keys("d");
    for text in ["Entry in full", "AccessDeniedException", "ListUsers"] {
        stage.shows(text);
    }
    stage.keys("G");
    stage.shows("request id");
    stage.shows("took");
    let id = stage.newest().request_id.unwrap();
    stage.shows(id.as_str());
    stage.keys("<esc>j");
    assert_eq!(stage.app().core.status.cursor, 1);
    stage.keys("<tab>");
    assert_eq!(stage.app().pane, Pane::Body);
    stage.keys("<tab>q");
    assert_eq!(stage.app().pane, Pane::Body, "q leaves the pane first");
    assert!(!stage.quits());
}

#[test]
fn an_entry_without_a_next_step_says_so() {
    let mut stage = customers();
    stage.keys("<tab><enter>");
    assert!(stage.notice().contains("names no next step"), "{}", stage.notice());
}

#[test]
fn a_next_step_belongs_to_its_pool() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS, SHOP]).start();
    stage.emulator.inject(Fault::denied("ListUsers"));
    stage.keys("r");
    stage.emulator.heal();
    stage.keys("pj<enter>");
    assert_eq!(stage.session().place.pool.as_str(), SHOP);
    let asked = stage.count("ListUsers");
    stage.keys("<tab>G");
    while stage.app().core.status.selected().unwrap().word != Word::Failed {
        stage.keys("k");
    }
    stage.keys("<enter>");
    assert!(stage.notice().contains("another pool"), "{}", stage.notice());
    assert_eq!(stage.count("ListUsers"), asked);
}

#[test]
fn the_status_pane_grows_to_half_the_screen_and_back() {
    let mut stage = customers();
    let top = |stage: &Stage| {
        stage
            .screen()
            .lines()
            .position(|row| row.contains("Status, UTC"))
            .unwrap()
    };
    let before = top(&stage);
    stage.keys(":pane<enter>");
    assert!(top(&stage) < before);
    stage.keys("<ctrl-w>");
    assert_eq!(top(&stage), before);
}

#[test]
fn a_paste_where_no_field_is_open_does_nothing_and_says_so() {
    let mut stage = customers();
    stage.paste("q\nq\n");
    assert!(!stage.quits());
    assert!(
        stage.notice().contains("a paste does nothing here"),
        "{}",
        stage.notice()
    );
}

#[test]
fn every_size_down_to_one_by_one_is_lived_through() {
    let mut stage = customers();
    for keys in [
        "",
        "/jan",
        "<enter>",
        "<enter>",
        "d",
        "e",
        "<enter>",
        "<esc>?",
        "<esc><esc>y",
        "<esc>p",
    ] {
        stage.keys(keys);
        for (width, height) in [
            (1, 1),
            (0, 0),
            (1, 200),
            (200, 1),
            (59, 15),
            (60, 16),
            (u16::MAX, 1),
            (80, 24),
        ] {
            stage.event(Event::Burst(vec![Input::Resize(width, height)]));
            assert_eq!(stage.app().core.size, (width, height));
        }
    }
    for (width, height) in [(1, 1), (2, 3), (59, 16), (60, 15)] {
        let stage = Setup::new(Seed::demo(), &[CUSTOMERS]).size(width, height).start();
        let screen = stage.screen();
        assert!(!screen.contains("jane"), "{screen}");
    }
}

#[test]
fn at_a_size_too_small_keys_are_still_taken_and_nothing_is_confirmed_blindly() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).size(52, 12).start();
    stage.shows("cognitui needs 60x16, this is 52x12");
    stage.keys("q");
    assert!(stage.quits());
}
