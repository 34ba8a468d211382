//! Signing in as a user and acting with the token: keys through the real loop, desk and SDK onto the emulator.

use std::time::Duration;

use cognitui::app::keymap::Chord;
use cognitui::app::session::View;
use cognitui::app::{Event, GivenToken, Input};
use cognitui::domain::sign_in::Flow;
use cognitui::domain::{Raw, Route, Secret};
use cognitui::emulator::{Client, Fault, PoolSeed, Seed, User};

use super::scene::{CUSTOMERS, SHOP, setup};
use super::stage::{Setup, Stage};

const PASSWORD: &str = "Demo-passw0rd";
const OTHER: &str = "Other-passw0rd-9";
const JANE: &str = "jane.doe";

/// A pool in which every way of signing in can be tried.
fn seed(user: User) -> Seed {
    let pool = PoolSeed::new(CUSTOMERS, "customers")
        .auto_verified(&["email"])
        .sms()
        .set(|settings| settings.mfa = "OPTIONAL".into())
        .client(Client::new("web"))
        .client(
            Client::new("backend")
                .secret("1example2secret3of4the5demo6client7backend8not9secret")
                .flows(&["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH"]),
        )
        .client(Client::new("server").flows(&["ADMIN_NO_SRP_AUTH"]))
        .client(Client::new("narrow").writes(&["email"]))
        .client(Client::new("srp-only").flows(&["ALLOW_USER_SRP_AUTH"]))
        .user(user)
        .user(User::new("bob").password(PASSWORD).verified_email("bob@example.com"));
    Seed::empty().pool(pool)
}

fn jane() -> User {
    User::new(JANE)
        .password(PASSWORD)
        .verified_email("jane@example.com")
        .verified_phone("+15555550100")
        .with("name", "Jane Doe")
}

fn opened(user: User) -> Setup {
    Setup::new(seed(user), &[CUSTOMERS])
        .change(|settings| settings.user = Some(Raw::from(JANE)))
        .size(100, 40)
}

impl Stage {
    /// Goes to a row of the list that is chosen from, and takes it.
    #[track_caller]
    fn choose(&mut self, row: &str) -> &mut Self {
        for _ in 0..20 {
            if self.row_with(row).starts_with('>') {
                return self.keys("<enter>");
            }
            self.keys("j");
        }
        panic!("{row} is not to be chosen:\n{}", self.screen());
    }

    /// To the password of the user in front.
    fn to_password(&mut self, flow: Flow, client: &str) -> &mut Self {
        self.keys("T");
        self.shows("Sign in as");
        self.shows("Never ask a customer for a password");
        self.choose(&format!("a password, {}", flow.name()));
        self.choose(&format!("{client}  "));
        self.shows("Never ask a customer for a password");
        self.shows("Password");
        self
    }

    fn sign_in(&mut self, client: &str) -> &mut Self {
        self.to_password(Flow::UserPassword, client)
            .keys(&format!("{PASSWORD}<enter>"))
    }

    /// The code of the newest message.
    fn code(&self) -> String {
        self.outbox().pop().and_then(|message| message.code).expect("a code")
    }

    #[track_caller]
    fn acts_in_the_own_form(&self) {
        self.shows("Edit AS THE USER jane.doe");
        let session = self.app().session.as_ref().unwrap();
        let edit = session.edit.as_ref().unwrap();
        assert_eq!((session.view, edit.route), (View::Edit, Route::Own));
        assert!(edit.read.ready().is_some(), "the reading of the sign-in is the base");
        assert_eq!(self.calls("GetUser").len(), 1, "and it is not read twice");
        assert!(
            self.calls("AdminGetUser").is_empty(),
            "nobody is counted as active for it"
        );
    }

    #[track_caller]
    fn signs_in_still(&self) {
        let session = self.app().session.as_ref().unwrap();
        assert_eq!(session.view, View::SignIn, "{}", self.screen());
        assert!(session.acting.is_none());
    }

    /// Neither state nor screen nor journal nor status holds one of these.
    #[track_caller]
    fn keeps_none_of(&self, secrets: &[&str]) {
        let journal: String = self.journal().iter().map(ToString::to_string).collect();
        let told: String = self
            .entries()
            .iter()
            .map(|entry| format!("{entry:?} {} {:?}", entry.line.plain(), entry.more))
            .collect();
        let all = [format!("{:?}", self.app()), self.screen(), journal, told];
        for secret in secrets {
            for (at, place) in all.iter().enumerate() {
                assert!(!place.contains(secret), "{at} holds a secret");
            }
        }
    }
}

#[test]
fn each_way_in_opens_the_users_own_form_on_the_reading_of_the_sign_in() {
    for (flow, client, calls) in [
        (Flow::UserPassword, "web", "InitiateAuth"),
        (Flow::UserPassword, "backend", "InitiateAuth"),
        (Flow::AdminPassword, "server", "AdminInitiateAuth"),
        (Flow::AdminPassword, "backend", "AdminInitiateAuth"),
    ] {
        let mut stage = opened(jane()).start();
        stage.to_password(flow, client);
        stage.keys(&format!("{PASSWORD}<enter>"));
        let missing = stage.app().session.as_ref().unwrap().sign_in.as_ref();
        assert!(missing.is_none(), "{flow:?} {client}\n{}", stage.screen());
        stage.acts_in_the_own_form();
        let sent = stage.calls(calls);
        assert_eq!(sent.len(), 1, "{flow:?} {client}");
        let hashed = sent[0]["AuthParameters"].get("SECRET_HASH").is_some();
        assert_eq!(hashed, client == "backend");
        stage.shows("AS jane.doe 60 min");
        stage.keeps_none_of(&[PASSWORD, "eyJ"]);
    }
}

#[test]
fn a_token_is_pasted_masked_and_is_whose_it_says() {
    let mut stage = opened(jane()).start();
    let token = stage.emulator.access_token(CUSTOMERS, "web", JANE).unwrap();
    stage.keys("T<enter>");
    stage.shows("Paste or type the access token");
    stage.paste(&format!("{token}\n"));
    stage.shows("***");
    stage.keeps_none_of(&[&token]);
    // Enter in one read with the paste confirms nothing.
    stage.burst(vec![
        Input::Paste(Raw::default()),
        Input::Key(Chord::parse("enter").unwrap()),
    ]);
    stage.answers("confirmed nothing");
    assert!(stage.calls("GetUser").is_empty());
    stage.keys("<enter>");
    stage.acts_in_the_own_form();
    stage.keeps_none_of(&[&token]);
}

#[test]
fn what_is_no_token_is_refused_in_words_and_can_be_typed_again() {
    let mut stage = opened(jane()).start();
    stage.keys("T<enter>not-a-token<enter>");
    stage.signs_in_still();
    stage.shows("that is no access token");
    let token = stage.emulator.access_token(CUSTOMERS, "web", JANE).unwrap();
    stage.paste(&token).keys("<enter>");
    stage.acts_in_the_own_form();
}

#[test]
fn the_token_of_somebody_else_opens_nothing_and_names_both() {
    let mut stage = opened(jane()).start();
    let token = stage.emulator.access_token(CUSTOMERS, "web", "bob").unwrap();
    stage.keys("T<enter>").paste(&token).keys("<enter>");
    stage.signs_in_still();
    stage.shows("The token belongs to bob, not to jane.doe");
    stage.shows_not("AS bob");
    stage.keys("<esc><esc>");
    stage.shows("User jane.doe");
}

#[test]
fn a_wrong_password_stays_on_the_screen_with_an_empty_line() {
    let mut stage = opened(jane()).start();
    stage.to_password(Flow::UserPassword, "web");
    stage.keys("wrong-Passw0rd<enter>");
    stage.signs_in_still();
    stage.shows("NotAuthorizedException: Incorrect username or password.");
    stage.shows("next:");
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
    stage.keeps_none_of(&["wrong-Passw0rd"]);
    stage.keys("<enter>");
    stage.answers("nothing was typed");
    stage.keys(&format!("{PASSWORD}<enter>"));
    stage.acts_in_the_own_form();
}

#[test]
fn a_password_is_not_sent_in_the_moment_after_its_line_opened() {
    let mut stage = opened(jane()).start();
    stage.to_password(Flow::UserPassword, "web");
    stage.keys_at_once("x<enter>");
    stage.answers("too soon");
    assert!(stage.calls("InitiateAuth").is_empty());
    stage.keys("<enter>");
    assert_eq!(stage.calls("InitiateAuth").len(), 1);
}

#[test]
fn an_app_client_that_does_not_allow_it_says_which_flow_is_missing_and_may_be_tried() {
    let mut stage = opened(jane()).start();
    stage.to_password(Flow::UserPassword, "srp-only");
    stage.shows("ALLOW_USER_PASSWORD_AUTH is missing");
    stage.keys(&format!("{PASSWORD}<enter>"));
    stage.signs_in_still();
    stage.shows("USER_PASSWORD_AUTH flow not enabled");
}

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
    stage.acts_in_the_own_form();
    stage.keeps_none_of(&[OTHER, PASSWORD]);
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

#[test]
fn esc_goes_back_question_by_question_and_takes_nothing_along() {
    let mut stage = opened(jane()).start();
    stage.to_password(Flow::UserPassword, "web").keys("half-typed");
    stage.keys("<esc>");
    stage.shows("Through which app client?");
    stage.keys("<enter>");
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
    stage.keys("<esc><esc>");
    stage.shows("With what?");
    stage.keys("<esc>");
    stage.shows("User jane.doe");
    assert!(stage.app().session.as_ref().unwrap().sign_in.is_none());
    stage.keeps_none_of(&["half-typed"]);
}

#[test]
fn a_token_that_comes_after_the_sign_in_was_left_is_forgotten() {
    let mut stage = opened(jane()).start();
    stage.to_password(Flow::UserPassword, "web");
    stage.keys(PASSWORD);
    stage.keys_before_answers("<enter><esc>");
    stage.answers("not waited for");
    stage.settle();
    stage.signs_in_still();
    assert_eq!(stage.calls("GetUser").len(), 1, "the sign-in went through");
    stage.shows_not("AS jane.doe");
}

#[test]
fn the_time_left_counts_down_by_minutes_then_seconds_and_wakes_the_program_only_then() {
    let mut stage = opened(jane()).start();
    assert_eq!(stage.app().next_wake(), None, "nobody is acted as");
    stage.sign_in("web");
    let start = stage
        .app()
        .session
        .as_ref()
        .unwrap()
        .acting
        .as_ref()
        .unwrap()
        .expires_at;
    let mut shown = String::new();
    let mut ticks = 0;
    while let Some(wait) = stage.app().next_wake() {
        let now = stage.row_with("AS jane.doe");
        assert_ne!(now, shown, "a tick that changes nothing");
        shown = now;
        stage.clock.forward(wait);
        stage.event(Event::Tick);
        ticks += 1;
        assert!(ticks < 400);
    }
    stage.shows("AS jane.doe EXPIRED");
    // 57 to 59 changes of the minute, then 119 seconds.
    assert!((174..=180).contains(&ticks), "{ticks}");
    assert!(stage.clock.now() >= start);
}

#[test]
fn after_the_token_expired_edits_stay_nothing_is_sent_and_t_signs_in_again() {
    let mut stage = opened(jane()).start();
    stage.sign_in("web");
    stage.set("nickname", "JD");
    stage.keys("<ctrl-s>");
    stage.shows("Review jane.doe");
    stage.shows("UpdateUserAttributes, one call");
    stage.clock.forward(Duration::from_secs(3700));
    stage.event(Event::Tick);
    stage.keys("<tab><enter>");
    stage.answers("the access token has expired, nothing is sent; edits stay, in the form T signs in again");
    assert!(stage.calls("UpdateUserAttributes").is_empty());
    stage.keys("<esc><ctrl-s>");
    stage.answers("expired");
    assert_eq!(stage.pending(), ["nickname"]);
    stage.sign_in("web");
    stage.shows("Edit AS THE USER jane.doe");
    assert_eq!(stage.pending(), ["nickname"]);
    stage.send();
    assert_eq!(stage.calls("UpdateUserAttributes").len(), 1);
    stage.ended("applied", &[]);
    assert_eq!(stage.stored(CUSTOMERS, JANE, "nickname").as_deref(), Some("JD"));
    assert!(stage.calls("AdminGetUser").is_empty() && stage.calls("AdminUpdateUserAttributes").is_empty());
}

#[test]
fn what_the_app_client_may_not_write_and_the_verified_marks_are_locked() {
    let mut stage = opened(jane()).start();
    stage.sign_in("narrow");
    stage.acts_in_the_own_form();
    stage.go("name").keys("<enter>");
    stage.answers("the token's app client may not write it");
    stage.go("email").keys("v");
    stage.answers("as the user nobody vouches");
    stage.keys("j<enter>");
    stage.answers("a code verifies it");
    stage.keys("k<enter><ctrl-u>new@example.com<enter>");
    assert_eq!(stage.pending(), ["email"]);
}

#[test]
fn a_pending_deletion_alone_goes_out_as_one() {
    let mut stage = opened(jane().with("nickname", "JD")).start();
    stage.sign_in("web");
    stage.go("nickname").keys("x<ctrl-s>");
    stage.shows("DeleteUserAttributes, one call");
    stage.keys("y<enter>");
    assert!(
        stage.copied().unwrap().starts_with(
            "aws cognito-idp delete-user-attributes --access-token \"$ACCESS_TOKEN\" --region 'us-east-1' --cli-input-json"
        ),
        "{:?}",
        stage.copied()
    );
    stage.keys("<esc><tab><enter>");
    assert_eq!(stage.calls("DeleteUserAttributes").len(), 1);
    stage.ended("applied", &[]);
    assert_eq!(stage.stored(CUSTOMERS, JANE, "nickname"), None);
}

#[test]
fn the_list_keeps_what_only_the_administrator_reads() {
    let mut stage = opened(jane()).start();
    stage.sign_in("web");
    stage.set("nickname", "JD").send();
    stage.ended("applied", &[]);
    let session = stage.app().session.as_ref().unwrap();
    let row = session
        .users
        .rows
        .iter()
        .find(|user| user.username.as_str() == JANE)
        .unwrap();
    assert!(row.tells_status() && row.created.is_some());
    assert_eq!(row.text("nickname"), Some("JD"));
}

#[test]
fn in_a_pool_that_is_read_only_the_user_is_shown_as_the_token_sees_it() {
    let mut stage = opened(jane()).change(|settings| settings.read_only = true).start();
    stage.sign_in("web");
    stage.shows("User, AS THE USER'S TOKEN SEES IT jane.doe");
    stage.shows("AS jane.doe 60 min  read only");
    stage.shows("not told");
    stage.keys("e");
    stage.answers("--read-only");
    stage.keys("r");
    assert_eq!(stage.calls("GetUser").len(), 2, "read again with the token");
    stage.shows("AS THE USER'S TOKEN SEES IT");
    assert!(stage.calls("AdminGetUser").is_empty());
}

#[test]
fn t_on_the_user_who_is_acted_as_opens_the_form_again_without_a_sign_in() {
    let mut stage = opened(jane()).start();
    stage.sign_in("web").keys("<esc>");
    stage.shows("User jane.doe");
    stage.keys("T");
    stage.shows("Edit AS THE USER jane.doe");
    assert_eq!(stage.calls("InitiateAuth").len(), 1);
    stage.keys(":stop-acting<enter>");
    stage.answers("the token is forgotten");
    stage.shows_not("AS jane.doe");
    assert_eq!(stage.app().next_wake(), None);
    stage.keys("T");
    stage.shows("With what?");
}

#[test]
fn a_token_that_was_revoked_leads_back_to_the_sign_in() {
    let mut stage = opened(jane()).start();
    stage.sign_in("web");
    stage.set("nickname", "JD").keys("<ctrl-s>");
    stage
        .emulator
        .inject(Fault::error("NotAuthorizedException", "Access Token has been revoked").on("UpdateUserAttributes"));
    stage.keys("<tab><enter>");
    stage.ended("REFUSED", &["next: Enter here signs in as jane.doe again"]);
    stage.keys("<tab><enter>");
    stage.signs_in_again();
}

impl Stage {
    #[track_caller]
    fn signs_in_again(&self) {
        assert_eq!(
            self.app().session.as_ref().unwrap().view,
            View::SignIn,
            "{}",
            self.screen()
        );
        self.shows("Sign in as jane.doe");
    }
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
            .to_password(Flow::UserPassword, "web")
            .keys(&format!("{PASSWORD}<enter>"));
        if stage.screen().contains("Code  ") {
            let code = stage.code();
            stage.keys(&format!("{code}<enter>"));
        }
        stage.shows(&format!("Edit AS THE USER {user}"));
    }
}
