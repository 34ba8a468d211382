//! What the role lacks takes away only what needs it, and is named.

use cognitui::app::session::View;
use cognitui::app::status::Word;
use cognitui::emulator::{Fault, Seed};

use super::demo::CUSTOMERS;
use super::stage::{Setup, Stage};

fn lacking(operation: &'static str) -> Stage {
    Setup::new(Seed::demo(), &[CUSTOMERS])
        .service(move |service| service.inject(Fault::denied(operation)))
        .start()
}

/// Tries everything a form can do. Nothing may become pending, nothing may be sent.
#[track_caller]
fn the_form_is_locked_by(stage: &mut Stage, action: &str) {
    stage.keys("e");
    assert_eq!(stage.view(), View::Edit);
    stage.shows(action);
    stage.keys("<enter>zzz<enter>xvu<ctrl-s><enter>");
    assert_ne!(stage.view(), View::Review, "{}", stage.screen());
    assert!(
        stage.session().drafts.values().all(|draft| draft.is_empty()),
        "{}",
        stage.screen()
    );
    assert_eq!(stage.count("AdminUpdateUserAttributes"), 0);
}

#[test]
fn without_the_pools_settings_lists_and_users_work_and_the_form_is_locked() {
    let mut stage = lacking("DescribeUserPool");
    stage.shows("jane.doe");
    stage.keys("G");
    assert!(stage.session().users.roster.len() > 60);
    stage.keys("/sofia.r@example.com<enter>");
    assert_eq!(stage.open_user(), "sofia.r");
    stage.shows("sofia.r@example.com");
    stage.keys("d");
    assert_eq!(stage.count("AdminGetUser"), 1);
    the_form_is_locked_by(&mut stage, "cognito-idp:DescribeUserPool");
    stage.emulator.heal();
    stage.keys("r");
    stage.shows_not("cognito-idp:DescribeUserPool");
    stage.keys("<enter><ctrl-u>new@example.com<enter>");
    assert!(stage.session().drafts.values().any(|draft| !draft.is_empty()));
}

#[test]
fn without_admin_get_user_the_form_is_locked_and_names_it() {
    let mut stage = lacking("AdminGetUser");
    stage.keys("<enter>");
    stage.shows("jane@example.com");
    the_form_is_locked_by(&mut stage, "cognito-idp:AdminGetUser");
    stage.emulator.heal();
    stage.keys("r<enter><ctrl-u>new@example.com<enter>");
    assert!(
        stage.session().drafts.values().any(|draft| !draft.is_empty()),
        "{}",
        stage.screen()
    );
}

#[test]
fn without_list_users_the_missing_action_is_named_where_the_rows_would_be() {
    let mut stage = lacking("ListUsers");
    stage.shows("cognito-idp:ListUsers");
    let failed = stage
        .entries()
        .into_iter()
        .find(|entry| entry.word == Word::Failed)
        .unwrap();
    assert!(
        failed
            .more
            .iter()
            .any(|line| line.plain().contains("it lacks cognito-idp:ListUsers"))
    );
    assert!(
        failed
            .more
            .iter()
            .any(|line| line.plain().contains("`cognitui iam` prints the whole policy"))
    );
    assert!(failed.request_id.is_some() && failed.took.is_some());
    stage.keys("jkG");
    assert_eq!(stage.count("ListUsers"), 1, "moving does not ask again");
    stage.emulator.heal();
    stage.keys("r");
    stage.shows("jane.doe");
}

#[test]
fn without_the_owners_question_the_form_still_works() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    stage.keys("e");
    stage.emulator.inject(Fault::denied("ListUsers"));
    stage.keys("<enter><ctrl-u>new@example.com<enter>");
    assert!(stage.session().drafts.values().any(|draft| !draft.is_empty()));
    stage.shows("not known");
}
