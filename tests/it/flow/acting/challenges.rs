//! What the service asks for between the password and the token.

use cognitui::app::Settings;
use cognitui::domain::Raw;
use cognitui::domain::guard::{ProtectedUser, ReasonRule};
use cognitui::emulator::{Client, PoolSeed, Seed, User};

use super::super::scene::CUSTOMERS;
use super::super::stage::{Setup, read_only};
use super::{OTHER, PASSWORD, jane, opened};

#[test]
fn a_code_by_sms_by_mail_and_of_an_app_is_asked_for_with_its_destination() {
    for (factor, words, destination) in [
        ("SMS_MFA", "A code was sent by SMS", Some("+*******0100")),
        ("EMAIL_OTP", "A code was sent by e-mail", Some("j***@e***")),
        ("SOFTWARE_TOKEN_MFA", "authenticator app shows", None),
    ] {
        let mut stage = opened(jane().mfa(&[factor])).start();
        stage.sign_in("web");
        stage.signs_in_still();
        stage.shows(words);
        stage.shows(factor);
        if let Some(destination) = destination {
            stage.shows(&format!("reported: to {destination}"));
        }
        let right = stage.code();
        let wrong = if right == "000000" { "111111" } else { "000000" };
        stage.keys(&format!("{wrong}<enter>"));
        stage.signs_in_still();
        stage.shows("CodeMismatchException");
        assert!(
            stage
                .app()
                .session
                .as_ref()
                .unwrap()
                .sign_in
                .as_ref()
                .unwrap()
                .secret
                .is_empty()
        );
        stage.keeps_none_of(&[&right, PASSWORD]);
        stage.keys(&format!("{right}<enter>"));
        stage.acts_in_the_own_form();
    }
}

#[test]
fn one_of_several_second_factors_is_chosen() {
    let user = jane().mfa(&["SMS_MFA", "SOFTWARE_TOKEN_MFA"]).without_preferred_mfa();
    let mut stage = opened(user).start();
    stage.sign_in("web");
    stage.shows("SELECT_MFA_TYPE");
    stage.choose("SOFTWARE_TOKEN_MFA");
    stage.shows("authenticator app shows");
    let code = stage.code();
    stage.keys(&format!("{code}<enter>"));
    stage.acts_in_the_own_form();
}

#[test]
fn a_temporary_password_gives_way_to_a_new_one_typed_twice() {
    let mut stage = opened(jane().status("FORCE_CHANGE_PASSWORD")).start();
    stage.sign_in("web");
    stage.shows("New password");
    stage.shows("It is set for good");
    stage.keys(&format!("{OTHER}<enter>"));
    stage.shows("once more");
    stage.keys("Another-1234<enter>");
    stage.answers("not the same");
    stage.keys("short<enter>short<enter>");
    stage.signs_in_still();
    stage.shows("InvalidPasswordException");
    stage.keys(&format!("{OTHER}<enter>{OTHER}<enter>"));
    // The user is read for the journal, before and after: whoever signs in is active anyway.
    stage.shows("Edit AS THE USER");
    stage.keeps_none_of(&[OTHER, PASSWORD]);
    stage.shows("a new password was set");
    stage.keys("<esc>");
    stage.shows("CONFIRMED");
}

#[test]
fn a_new_password_is_a_change_that_reading_only_does_not_allow() {
    let user = || jane().status("FORCE_CHANGE_PASSWORD");
    let mut stage = opened(user()).change(read_only).start();
    stage.sign_in("web");
    stage.signs_in_still();
    stage.shows("PasswordNotSet");
    stage.shows("nothing was set");
    assert!(
        stage
            .emulator
            .calls()
            .iter()
            .all(|call| call.operation != "RespondToAuthChallenge")
    );
    let mut stage = opened(user())
        .change(|settings| {
            for pool in settings.guards.pools.values_mut() {
                pool.protected = true;
            }
        })
        .start();
    stage.sign_in("web");
    stage.signs_in_still();
    stage.shows("PasswordNotSet");
    assert!(
        stage
            .emulator
            .calls()
            .iter()
            .all(|call| call.operation != "RespondToAuthChallenge")
    );
}

#[test]
fn required_attributes_without_a_value_come_with_the_new_password() {
    let user = User::new("lacks.birthdate")
        .password(PASSWORD)
        .verified_email("l@example.com")
        .status("FORCE_CHANGE_PASSWORD");
    let pool = PoolSeed::new(CUSTOMERS, "customers")
        .client(Client::new("web"))
        .required("birthdate")
        .required("name")
        .user(user);
    let mut stage = Setup::new(Seed::empty().pool(pool), &[CUSTOMERS])
        .change(|settings| settings.user = Some(Raw::from("lacks.birthdate")))
        .size(100, 40)
        .start();
    stage.sign_in("web");
    stage.keys(&format!("{OTHER}<enter>{OTHER}<enter>"));
    for _ in 0..2 {
        stage.shows("This pool requires");
        if stage.screen().contains("requires birthdate") {
            stage.keys("1990-13-01<enter>");
            stage.signs_in_still();
            stage.shows("requires birthdate");
            stage.keys("<ctrl-u>1990-01-02<enter>");
        } else {
            stage.keys("<enter>");
            stage.answers("is required");
            stage.keys("Lou<enter>");
        }
    }
    stage.shows("Edit AS THE USER");
    let stored = stage.emulator.user(CUSTOMERS, "lacks.birthdate").unwrap();
    assert_eq!(stored.attribute("birthdate"), Some("1990-01-02"));
    assert_eq!(stored.attribute("name"), Some("Lou"));
    // It is in the journal before it goes out, and the password is not.
    let journal = stage.journal();
    let intent = &journal[0]["intent"];
    assert_eq!(intent["operation"], "RespondToAuthChallenge");
    assert_eq!(intent["user"]["username"]["value"], "lacks.birthdate");
    let names: Vec<&str> = intent["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"birthdate") && names.contains(&"name"), "{names:?}");
    assert_eq!(journal[1]["outcome"]["word"], "accepted");
    assert_eq!(journal[2]["seen"]["word"], "applied");
    let written: String = journal.iter().map(ToString::to_string).collect();
    assert!(!written.contains(OTHER) && !written.contains(PASSWORD));
}

#[test]
fn a_new_password_that_is_refused_is_in_the_journal_as_that() {
    let mut stage = opened(jane().status("FORCE_CHANGE_PASSWORD")).start();
    stage.sign_in("web");
    stage.keys("short<enter>short<enter>");
    stage.signs_in_still();
    let journal = stage.journal();
    assert_eq!(journal.len(), 2, "an intent and how it ended");
    assert_eq!(journal[1]["outcome"]["word"], "refused");
    assert_eq!(journal[1]["outcome"]["fault"]["code"], "InvalidPasswordException");
}

#[test]
fn a_new_password_that_cannot_be_written_down_is_not_sent() {
    let mut stage = opened(jane().status("FORCE_CHANGE_PASSWORD")).start();
    stage.sign_in("web");
    std::fs::write(stage.state.path().join("journal"), "not a folder").unwrap();
    stage.keys(&format!("{OTHER}<enter>{OTHER}<enter>"));
    stage.signs_in_still();
    assert!(stage.calls("RespondToAuthChallenge").is_empty());
}

#[test]
fn nobody_sets_a_password_for_a_protected_user_or_without_the_reason_that_is_required() {
    let user = || jane().status("FORCE_CHANGE_PASSWORD");
    let list = |settings: &mut Settings| {
        let jane = ProtectedUser::parse("jane.doe").unwrap();
        settings.guards.protected_users = vec![jane];
    };
    let required = |settings: &mut Settings| settings.guards.reason = ReasonRule::Required;
    type Rule = fn(&mut Settings);
    let ways: [(&str, Rule); 2] = [("UserProtected", list), ("PasswordNotSet", required)];
    for (code, rule) in ways {
        let mut stage = opened(user()).change(rule).start();
        stage.sign_in("web");
        if code == "UserProtected" {
            stage.keys(&format!("{OTHER}<enter>{OTHER}<enter>"));
        }
        stage.signs_in_still();
        stage.shows(code);
        assert!(stage.calls("RespondToAuthChallenge").is_empty());
        assert!(stage.journal().is_empty());
    }
}

#[test]
fn any_other_challenge_is_named_and_stops() {
    let mut stage = opened(jane())
        .service(|emulator| emulator.demand_challenge("CUSTOM_CHALLENGE"))
        .start();
    stage.sign_in("web");
    stage.signs_in_still();
    stage.shows("The service asks for CUSTOM_CHALLENGE");
    stage.shows("Nobody is acted as");
    stage.keys("<enter>");
    stage.answers("cannot be answered");
    assert!(stage.calls("RespondToAuthChallenge").is_empty());
    stage.keys("<esc>");
    stage.shows("Password");
}
