//! Reading only: by the flag, by the pool's setting, and until a pool's name is typed. Nothing can be edited there, no
//! key says otherwise, and the header tells.

use cognitui::app::overlay::{Overlay, PromptKind};
use cognitui::app::session::View;
use cognitui::emulator::Seed;

use super::demo::{CUSTOMERS, ODD, SHOP};
use super::stage::{Setup, Stage, read_only, rules};

/// The shop is the only favourite, customers is opened by its id.
fn unlisted() -> Stage {
    let mut setup = Setup::new(Seed::demo(), &[SHOP]);
    setup.settings.pool = Some(cognitui::domain::PoolId::new(CUSTOMERS));
    setup.start()
}

/// Presses every key that edits, where it would act, and looks for a form.
#[track_caller]
fn nothing_can_be_edited(stage: &mut Stage) {
    let before = (stage.count("AdminGetUser"), stage.count("AdminUpdateUserAttributes"));
    assert!(stage.header().trim_end().ends_with("read only"), "{}", stage.header());
    // A key, so that the last line has hints and no sentence.
    stage.keys("jk");
    assert!(!stage.hints().contains("edit"), "{}", stage.hints());
    // In the list m reads groups.
    let of_list = ["e", "v", "x", "u", "<ctrl-s>"];
    let of_user = ["e", "v", "x", "u", "m", "<ctrl-s>"];
    for (screen, keys) in [("", of_list.as_slice()), ("<enter>", &of_user)] {
        stage.keys(screen);
        for key in keys.iter().copied() {
            stage.keys(key);
            assert!(
                !matches!(stage.view(), View::Edit | View::Review),
                "{key} opened a form"
            );
            assert!(!stage.notice().is_empty(), "{key} says why it does nothing");
        }
        stage.keys("jk");
        assert!(!stage.hints().contains("edit"), "{}", stage.hints());
    }
    // On the user's screen Enter edits; the palette must not offer it either.
    stage.keys("<enter>");
    assert_eq!(stage.view(), View::User);
    for name in ["edit", "review", "delete", "discard", "w"] {
        stage.keys(&format!(":{name}<enter>"));
        assert_eq!(stage.view(), View::User, ":{name} did something");
        stage.keys("<esc>");
        if stage.view() == View::Users {
            stage.keys("<enter>");
        }
    }
    stage.keys("?");
    let help = stage.screen();
    for sentence in ["Edit this user's attributes", "Mark the attribute for deletion"] {
        assert!(!help.contains(sentence), "the help offers it:\n{help}");
    }
    stage.keys("<esc><esc>");
    assert_eq!(stage.view(), View::Users);
    assert_eq!(
        (stage.count("AdminGetUser"), stage.count("AdminUpdateUserAttributes")),
        before
    );
}

fn asks_for_the_name(stage: &Stage) -> bool {
    matches!(&stage.app().overlay, Some(Overlay::Prompt(prompt)) if prompt.kind == PromptKind::PoolName)
}

#[test]
fn a_pool_that_is_not_in_the_config_opens_for_reading() {
    let mut stage = unlisted();
    nothing_can_be_edited(&mut stage);
    assert!(stage.hints().contains("write mode"));
}

#[test]
fn its_name_allows_writing_and_w_goes_back() {
    let mut stage = unlisted();
    stage.keys("W");
    assert!(asks_for_the_name(&stage));
    stage.keys("Customers<enter>");
    stage.shows("that is not the pool's name");
    assert!(!stage.session().may_write());
    stage.keys("<ctrl-u>customers<enter>");
    assert!(stage.session().may_write());
    assert!(stage.header().trim_end().ends_with("write") && !stage.header().contains("read only"));
    stage.keys("jk");
    assert!(stage.hints().contains("e edit"), "{}", stage.hints());
    stage.keys("e<enter><ctrl-u>jane.doe@example.com<enter>v<ctrl-s><tab><enter>");
    assert_eq!(
        stage.count("AdminUpdateUserAttributes"),
        1,
        "a writer was built: {}",
        stage.said()
    );
    stage.keys("<esc>W");
    nothing_can_be_edited(&mut stage);
}

#[test]
fn esc_leaves_the_question_and_confirms_nothing() {
    let mut stage = unlisted();
    stage.keys("Wcustomers<esc>");
    assert!(stage.app().overlay.is_none());
    assert!(!stage.session().may_write());
}

#[test]
fn a_name_in_one_paste_with_its_enter_confirms_nothing() {
    use cognitui::app::Input;
    use cognitui::app::keymap::Chord;
    use cognitui::domain::Raw;
    let mut stage = unlisted();
    stage.keys("W");
    stage.burst(vec![
        Input::Paste(Raw::from("customers")),
        Input::Key(Chord::parse("enter").unwrap()),
    ]);
    assert!(!stage.session().may_write());
    stage.keys("<enter>");
    assert!(stage.session().may_write());
}

#[test]
fn a_name_with_blanks_around_it_is_typed_as_it_is() {
    let mut setup = Setup::new(Seed::demo(), &[SHOP]);
    setup.settings.pool = Some(cognitui::domain::PoolId::new(ODD));
    let mut stage = setup.start();
    stage.keys("W").paste("legacy+import  =,.@-_\t2019 ").keys("<enter>");
    assert!(stage.session().may_write());
    // No key types a tab into a question: what stands in the header does.
    let mut setup = Setup::new(Seed::demo(), &[SHOP]);
    setup.settings.pool = Some(cognitui::domain::PoolId::new(ODD));
    let mut stage = setup.start();
    stage
        .keys(r"W")
        .keys(r"legacy+import \u{20}=,.@-_\u{9}2018\u{20}<enter>");
    assert!(!stage.session().may_write());
    stage
        .keys("<ctrl-u>")
        .keys(r"legacy+import \u{20}=,.@-_\u{9}2019\u{20}<enter>");
    assert!(stage.session().may_write());
}

#[test]
fn writing_is_left_and_taken_up_again_while_edits_stay() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    stage.keys("e<enter><ctrl-u>new@example.com<enter><esc>W");
    assert!(!stage.session().may_write());
    nothing_can_be_edited(&mut stage);
    stage.keys("Wcustomers<enter>e");
    assert_eq!(stage.view(), View::Edit);
    stage.shows("new@example.com");
}

#[test]
fn the_flag_cannot_be_lifted() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).change(read_only).start();
    nothing_can_be_edited(&mut stage);
    assert!(!stage.hints().contains("write mode"));
    stage.keys("W");
    assert!(stage.app().overlay.is_none());
    assert!(stage.notice().contains("--read-only"), "{}", stage.notice());
    stage.keys(":write-mode<enter>");
    assert!(!asks_for_the_name(&stage));
    assert!(!stage.session().may_write());
}

#[test]
fn the_setting_of_a_pool_cannot_be_lifted() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS])
        .change(|settings| rules(settings).read_only = true)
        .start();
    nothing_can_be_edited(&mut stage);
    stage.keys("W");
    assert!(stage.app().overlay.is_none());
    assert!(
        stage.notice().contains("the config opens this pool for reading only"),
        "{}",
        stage.notice()
    );
}

#[test]
fn the_flag_holds_for_every_pool() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS])
        .change(|settings| {
            read_only(settings);
            settings.pool = None;
        })
        .start();
    for _ in 0..8 {
        stage.keys("<enter>");
        assert!(stage.header().trim_end().ends_with("read only"), "{}", stage.header());
        assert!(!stage.session().may_write());
        stage.keys("pj");
    }
}

#[test]
fn a_protected_pool_says_its_word_on_every_screen() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS])
        .change(|settings| rules(settings).protected = true)
        .start();
    for keys in ["", "<enter>", "e", "?"] {
        stage.keys(keys);
        assert!(stage.header().contains("PROTECTED write"), "{}", stage.header());
    }
}
