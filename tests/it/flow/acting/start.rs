//! Where acting begins without a user in front, and where there is none.

use std::time::Duration;

use cognitui::app::GivenToken;
use cognitui::app::session::View;
use cognitui::domain::Secret;
use cognitui::domain::sign_in::Flow;
use cognitui::emulator::{Fault, Seed};

use super::super::scene::{CUSTOMERS, SHOP, setup};
use super::super::stage::Setup;
use super::{JANE, PASSWORD, jane, opened, seed};

#[test]
fn where_nobody_is_listed_the_name_is_typed() {
    let mut stage = Setup::new(seed(jane()), &[CUSTOMERS])
        .service(|emulator| emulator.inject(Fault::denied("ListUsers").always()))
        .size(100, 40)
        .start();
    stage.keys("T");
    stage.shows("Sign in as a user");
    stage.choose("a password, USER_PASSWORD_AUTH").choose("web  ");
    stage.keys("<enter>");
    stage.answers("type the username first");
    stage.keys(&format!("{JANE}<enter>"));
    stage.shows("Never ask a customer for a password");
    stage.keys(&format!("{PASSWORD}<enter>"));
    stage.acts_in_the_own_form();
}

#[test]
fn switched_off_there_is_no_key_no_palette_entry_and_no_call() {
    let mut stage = opened(jane()).change(|settings| settings.act_as_user = false).start();
    stage.keys("T");
    assert_eq!(stage.app().session.as_ref().unwrap().view, View::User);
    stage.shows_not("act as");
    stage.keys(":act-as");
    stage.shows("no action of that name here");
}

#[test]
fn switched_off_the_desk_takes_no_token_whatever_the_screen_asks() {
    let mut stage = opened(jane())
        .change(|settings| {
            settings.act_as_user = false;
            settings.access_token = Some(GivenToken::Held(Secret::new("a.b.c")));
        })
        .start();
    stage.signs_in_still();
    stage.shows("act-as-user");
    stage.shows("switched off");
    stage.keys("<esc>a.b.c<enter>");
    assert!(stage.calls("GetUser").is_empty());
}

#[test]
fn the_program_started_on_a_token_opens_the_own_form_of_whoever_it_belongs_to() {
    let first = opened(jane()).start();
    let token = first.emulator.access_token(CUSTOMERS, "web", JANE).unwrap();
    let given = token.clone();
    let stage = Setup::new(Seed::empty(), &[CUSTOMERS])
        .beside(&first)
        .change(move |settings| settings.access_token = Some(GivenToken::Held(Secret::new(given.as_str()))))
        .size(100, 40)
        .start();
    stage.acts_in_the_own_form();
    assert!(
        stage.app().core.settings.access_token.is_none(),
        "it is at the desk alone"
    );
    stage.keeps_none_of(&[&token]);
}

#[test]
fn a_token_that_the_program_was_started_on_and_that_is_refused_can_be_replaced_on_the_screen() {
    let first = opened(jane()).start();
    let token = first.emulator.access_token(CUSTOMERS, "web", JANE).unwrap();
    first.clock.forward(Duration::from_secs(3601));
    let mut stage = Setup::new(Seed::empty(), &[CUSTOMERS])
        .beside(&first)
        .change(move |settings| settings.access_token = Some(GivenToken::Held(Secret::new(token.as_str()))))
        .size(100, 40)
        .start();
    stage.signs_in_still();
    stage.shows("this access token expired");
    let good = stage.emulator.access_token(CUSTOMERS, "web", JANE).unwrap();
    stage.paste(&good).keys("<enter>");
    stage.acts_in_the_own_form();
}

#[test]
fn without_permission_for_the_pool_the_own_form_works_on_what_every_pool_has() {
    let mut stage = Setup::new(seed(jane()), &[CUSTOMERS])
        .change(|settings| settings.access_token = Some(GivenToken::ToBeTyped))
        .service(|emulator| {
            for operation in ["DescribeUserPool", "ListUsers", "DescribeUserPoolClient"] {
                emulator.inject(Fault::denied(operation).always());
            }
        })
        .size(100, 40)
        .start();
    stage.shows("Paste or type the access token");
    let token = stage.emulator.access_token(CUSTOMERS, "web", JANE).unwrap();
    stage.paste(&token).keys("<enter>");
    stage.acts_in_the_own_form();
    stage.set("email", "new@example.com");
    stage.will("what this pool does with a new address or number is not known");
    stage.will("what the app client may write is not known");
    stage.send();
    assert_eq!(stage.calls("UpdateUserAttributes").len(), 1);
    assert_eq!(
        stage.stored(CUSTOMERS, JANE, "email").as_deref(),
        Some("new@example.com"),
        "{}",
        stage.screen()
    );
}

#[test]
fn in_the_demo_the_same_works_in_every_pool() {
    for (pool, user) in [(CUSTOMERS, "jane.doe"), (CUSTOMERS, "tom"), (SHOP, "mfa.totp")] {
        let mut stage = setup(pool, user).size(100, 40).start();
        stage
            .goes_to_password(Flow::UserPassword, "web")
            .keys(&format!("{PASSWORD}<enter>"));
        if stage.screen().contains("Code  ") {
            let code = stage.code();
            stage.keys(&format!("{code}<enter>"));
        }
        stage.shows(&format!("Edit AS THE USER {user}"));
    }
}
