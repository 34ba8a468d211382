//! The single steps on an account, with the keys an operator presses: each is one decision, one request, one entry of the
//! journal and one reading after it.

use cognitui::app::session::View;
use cognitui::emulator::Seed;

use super::scene::{CUSTOMERS, GET, STAFF, UPDATE, setup};
use super::stage::{Setup, Stage, read_only};

mod stops;

const CONFIRM: &str = "AdminConfirmSignUp";
const RESEND: &str = "ResendConfirmationCode";
const INVITE: &str = "AdminCreateUser";
const RESET: &str = "AdminResetUserPassword";
const ENABLE: &str = "AdminEnableUser";
const DISABLE: &str = "AdminDisableUser";

/// Every call that a step makes.
const STEPS: [&str; 6] = [CONFIRM, RESEND, INVITE, RESET, ENABLE, DISABLE];

const STUCK: &str = "status.unconfirmed";

fn on(user: &str) -> Stage {
    let stage = setup(CUSTOMERS, user).start();
    assert_eq!(stage.view(), View::User, "{}", stage.screen());
    stage
}

impl Stage {
    /// How many steps were sent, of any kind.
    fn steps_sent(&self) -> usize {
        STEPS.iter().map(|operation| self.count(operation)).sum()
    }

    #[track_caller]
    fn reviews(&self, what: &str) {
        assert_eq!(self.view(), View::Deed, "{}", self.screen());
        self.shows(&format!("Review: {what}"));
        assert_eq!(self.steps_sent(), 0, "opening it sends nothing");
    }

    /// The intents in the journal, oldest first.
    fn intents(&self) -> Vec<serde_json::Value> {
        let lines = self.journal();
        lines.iter().filter_map(|line| line.get("intent")).cloned().collect()
    }
}

/// A step that goes well: on whom, its name in the palette, what else it needs, its call, and what is said.
struct Case {
    user: &'static str,
    action: &'static str,
    keys: &'static str,
    call: &'static str,
    word: &'static str,
    said: &'static [&'static str],
}

const CASES: [Case; 6] = [
    Case {
        user: STUCK,
        action: "confirm-sign-up",
        keys: "",
        call: CONFIRM,
        word: "applied",
        said: &["confirmed: status CONFIRMED read back", "message: none"],
    },
    Case {
        user: STUCK,
        action: "resend-code",
        // No client is proposed: the first one is chosen.
        keys: "<down>",
        call: RESEND,
        word: "WAITING",
        said: &["accepted; the account is UNCONFIRMED until the code is entered"],
    },
    Case {
        user: "bob",
        action: "resend-invitation",
        keys: "",
        call: INVITE,
        word: "applied",
        said: &[
            "there is a new temporary password; status FORCE_CHANGE_PASSWORD read back",
            "expected: an invitation with the new password by e-mail to bob@example.com (not reported)",
        ],
    },
    Case {
        user: "mfa.totp",
        action: "reset-password",
        keys: "mfa.totp<enter>",
        call: RESET,
        word: "applied",
        said: &[
            "password reset: status RESET_REQUIRED read back",
            "expected: a code, good for 1 hour, by e-mail to mfa.totp@example.com (not reported)",
        ],
    },
    Case {
        user: "off.confirmed",
        action: "enable",
        keys: "",
        call: ENABLE,
        word: "applied",
        said: &["enabled: read back", "message: none"],
    },
    Case {
        user: "mfa.sms",
        action: "disable",
        keys: "mfa.sms<enter>",
        call: DISABLE,
        word: "applied",
        said: &["disabled: read back"],
    },
];

/// Presses what brings the focus from where it is to Send, and no further.
fn to_send(stage: &mut Stage, case: &Case) {
    stage.keys(case.keys);
    // From the client's row over Cancel; from Cancel itself elsewhere.
    let tabs = if case.call == RESEND { "<tab><tab>" } else { "<tab>" };
    stage.keys(tabs);
}

#[test]
fn each_step_is_one_request_one_entry_and_one_reading() {
    for case in CASES {
        let mut stage = on(case.user);
        stage.keys(&format!(":{}<enter>", case.action));
        assert_eq!(stage.view(), View::Deed, "{}: {}", case.action, stage.screen());
        stage.shows(&format!("{}, one call, never repeated", case.call));
        to_send(&mut stage, &case);
        assert_eq!(stage.steps_sent(), 0, "{}", case.action);
        stage.keys("<enter>");
        stage.ended(case.word, case.said);
        assert_eq!((stage.count(case.call), stage.steps_sent()), (1, 1), "{}", case.action);
        assert_eq!(stage.calls(case.call)[0]["Username"], case.user);
        let last: Vec<String> = stage.emulator.calls().into_iter().map(|call| call.operation).collect();
        assert_eq!(last.last().map(String::as_str), Some(GET), "read back: {last:?}");
        let intents = stage.intents();
        assert_eq!(intents.len(), 1, "{}", case.action);
        assert_eq!(intents[0]["operation"], case.call);
        assert_eq!(intents[0]["user"]["username"]["value"], case.user);
        let words: Vec<_> = stage
            .journal()
            .iter()
            .filter_map(|line| line["seen"]["word"].as_str().map(str::to_owned))
            .collect();
        assert_eq!(words, [case.word.to_lowercase()], "{}", case.action);
        assert_eq!(stage.open_user(), case.user, "back where it was opened");
    }
}

#[test]
fn what_went_out_reaches_the_outbox_and_is_reported_where_the_service_does() {
    let mut stage = on(STUCK);
    stage.keys(":resend-code<enter><down><tab><tab><enter>");
    let entry = stage.newest();
    let reported: Vec<String> = entry.reported.iter().map(|one| one.sentence().plain()).collect();
    // This pool verifies the address alone, so the code goes there although there is a number.
    assert_eq!(reported, ["reported: EMAIL to s***@e*** for email"]);
    stage.shows("reported: EMAIL to s***@e*** for email");
    assert!(!stage.said().contains("expected"), "{}", stage.said());
    assert_eq!(stage.outbox().len(), 1);
    stage.keys(":outbox<enter>");
    let code = stage.outbox()[0].code.clone().unwrap();
    stage.shows("EMAIL to status.unconfirmed@example.org");
    stage.shows(&format!("Your verification code is {code}."));
}

#[test]
fn the_secret_of_an_app_client_is_answered_for_and_shown_nowhere() {
    let mut stage = on(STUCK);
    stage.keys(":resend-code<enter>");
    let chosen = |stage: &Stage| {
        let screen = stage.session().deed.as_ref().unwrap();
        screen.client().map(|client| client.name.as_str().to_owned())
    };
    assert_eq!(chosen(&stage), None);
    for _ in 0..3 {
        if chosen(&stage).as_deref() != Some("backend") {
            stage.keys("<down>");
        }
    }
    assert_eq!(chosen(&stage).as_deref(), Some("backend"));
    stage.keys("<tab><tab><enter>");
    stage.ended("WAITING", &[]);
    assert!(stage.calls(RESEND)[0]["SecretHash"].is_string());
    stage.keys(":resend-code<enter>");
    assert_eq!(
        chosen(&stage).as_deref(),
        Some("backend"),
        "the last one is proposed again"
    );
    let client = stage.emulator.client(CUSTOMERS, "backend").unwrap();
    assert_eq!(stage.intents()[0]["client"], client.id);
    stage.shows_not("1example2secret");
}

#[test]
fn the_only_app_client_chooses_itself() {
    let seed = || {
        use cognitui::emulator::{Client, PoolSeed, User};
        let ada = User::new("ada").with("email", "ada@example.com").status("UNCONFIRMED");
        PoolSeed::new("us-east-1_one", "one")
            .auto_verified(&["email"])
            .client(Client::new("web"))
            .user(ada)
    };
    let mut stage = Setup::new(Seed::empty().pool(seed()), &["us-east-1_one"]).start();
    stage.keys("a");
    stage.shows("Steps on the account");
    stage.keys("j<enter>");
    stage.shows("web, the only one");
    stage.keys("<tab><enter>");
    stage.ended("WAITING", &[]);
    assert_eq!(stage.view(), View::Users, "back where it was opened");
}

#[test]
fn the_menu_says_what_can_be_done_and_why_not() {
    let mut stage = on(STUCK);
    stage.keys("a");
    for line in [
        "confirm the sign-up",
        "send the confirmation code again",
        "not now: only a FORCE_CHANGE_PASSWORD user is invited again;",
        "not now: not yet confirmed: confirm the sign-up first",
        "not now: is enabled already",
        "disable the account",
    ] {
        stage.shows(line);
    }
    assert!(stage.row_with("confirm the sign-up").starts_with('>'));
    stage.keys("<esc>");
    assert_eq!(stage.open_user(), STUCK);
    stage.keys("a<enter>");
    stage.reviews("confirm sign-up");
    stage.keys("<esc>");
    assert_eq!(stage.open_user(), STUCK);
    let mut stage = on("off.confirmed");
    stage.keys("a");
    assert!(
        stage.row_with("enable the account").starts_with('>'),
        "the first that can be done"
    );
}

#[test]
fn what_the_service_would_refuse_is_not_sent_and_says_why() {
    for (pool, user, action, why) in [
        (
            CUSTOMERS,
            "mfa.totp",
            "confirm-sign-up",
            "only an UNCONFIRMED user is confirmed; this one is CONFIRMED",
        ),
        (
            CUSTOMERS,
            "bob",
            "resend-code",
            "only an UNCONFIRMED user gets a sign-up code",
        ),
        (
            CUSTOMERS,
            STUCK,
            "resend-invitation",
            "only a FORCE_CHANGE_PASSWORD user is invited again",
        ),
        (
            CUSTOMERS,
            "off.confirmed",
            "reset-password",
            "the account is disabled: enable it first",
        ),
        (CUSTOMERS, STUCK, "reset-password", "not yet confirmed"),
        (
            CUSTOMERS,
            "bob",
            "reset-password",
            "a temporary password that was never changed",
        ),
        (
            CUSTOMERS,
            "no.attributes",
            "reset-password",
            "nothing verified is there",
        ),
        (CUSTOMERS, "mfa.totp", "enable", "is enabled already"),
        (CUSTOMERS, "off.confirmed", "disable", "is disabled already"),
    ] {
        let mut stage = setup(pool, user).start();
        stage.keys(&format!(":{action}<enter>"));
        stage.shows(why);
        stage.shows_not("[ Send");
        // Whatever is pressed besides.
        stage.keys("<tab><tab><backtab><right>");
        stage.shows(">[ Cancel ]");
        stage.keys("<enter>");
        assert_eq!(stage.view(), View::User, "{action}");
        assert_eq!(stage.steps_sent(), 0, "{action}");
        assert!(stage.journal().is_empty(), "{action}");
    }
    let mut stage = Setup::new(Seed::demo(), &[STAFF]).size(100, 40).start();
    stage.keys(":reset-password<enter>");
    stage.shows("this pool lets administrators alone recover accounts");
}

#[test]
fn the_emulator_refuses_what_is_refused_beforehand() {
    // The two readings of the documentation agree: sent all the same, each is an error.
    let mut stage = on("bob");
    stage.keys(":confirm-sign-up<enter>");
    let call = |stage: &Stage, operation: &str, user: &str| {
        let body = serde_json::json!({"UserPoolId": CUSTOMERS, "Username": user, "MessageAction": "RESEND"});
        let request = http::Request::post("/")
            .header("x-amz-target", format!("AWSCognitoIdentityProviderService.{operation}"))
            .header("content-type", "application/x-amz-json-1.1")
            .body(bytes::Bytes::from(body.to_string()))
            .unwrap();
        stage.emulator.answer(request).unwrap().status().as_u16()
    };
    for (operation, user) in [
        (CONFIRM, "bob"),
        (INVITE, STUCK),
        (RESET, STUCK),
        (RESET, "bob"),
        (RESET, "off.confirmed"),
        (RESET, "no.attributes"),
    ] {
        assert_eq!(call(&stage, operation, user), 400, "{operation} {user}");
    }
}

#[test]
fn nothing_of_it_is_there_in_read_only_mode() {
    let mut stage = setup(CUSTOMERS, STUCK).change(read_only).start();
    stage.keys("a");
    assert!(stage.notice().contains("account is not there"), "{}", stage.notice());
    for case in &CASES {
        stage.keys(&format!(":{}<enter>", case.action));
        stage.shows("no action of that name here");
        stage.keys("<esc>");
    }
    assert_eq!(stage.view(), View::User);
    stage.keys("jk");
    assert!(!stage.hints().contains("steps"), "{}", stage.hints());
    assert_eq!(stage.steps_sent(), 0);
}

#[test]
fn after_a_write_the_entry_offers_what_fits_and_opens_it_without_sending() {
    for (user, vouch, what, short) in [
        (STUCK, "vv", "send the confirmation code again", "resend code"),
        (STUCK, "v", "confirm the sign-up", "confirm sign-up"),
        ("bob", "v", "send the invitation again", "resend invitation"),
        ("status.reset-required", "v", "reset the password", "reset password"),
        ("off.confirmed", "v", "enable the account", "enable"),
    ] {
        let mut stage = on(user);
        stage
            .keys("e")
            .set("email", "right@example.com")
            .keys(vouch)
            .keys("<ctrl-s><tab><enter>");
        stage.ended("applied", &[&format!("next: Enter here reviews: {what}, {user}")]);
        stage.keys("<tab><enter>");
        stage.reviews(short);
        stage.keys("<enter>");
        assert_eq!(stage.steps_sent(), 0, "the focus is on nothing that sends");
    }
    let mut stage = on("mfa.totp");
    stage.keys("e").set("nickname", "x").keys("<ctrl-s><tab><enter>");
    stage.ended("applied", &[]);
    assert_eq!(stage.newest().next, None, "nothing fits, nothing is offered");
}

/// The commonest ticket: the wrong address at sign-up, so that the code never came.
#[test]
fn the_wrong_address_ticket_takes_less_than_thirty_keys() {
    use std::cell::Cell;
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    let pressed = Cell::new(0);
    let press = |stage: &mut Stage, keys: &str| {
        let names = keys.matches('<').count();
        let inside: usize = keys.split('<').skip(1).map(|part| part.find('>').unwrap() + 2).sum();
        pressed.set(pressed.get() + names + keys.len() - inside);
        stage.keys(keys);
    };
    // Searched: what is pasted is one key.
    press(&mut stage, "/");
    stage.paste("status.unconfirmed@example.org");
    pressed.set(pressed.get() + 1);
    press(&mut stage, "<enter>");
    assert_eq!(stage.open_user(), STUCK);
    // The e-mail is under the cursor of the form.
    press(&mut stage, "e<enter><ctrl-u>");
    stage.paste("right@example.com");
    pressed.set(pressed.get() + 1);
    press(&mut stage, "<enter>vv<ctrl-s><tab><enter>");
    stage.ended(
        "applied",
        &["next: Enter here reviews: send the confirmation code again"],
    );
    assert_eq!(stage.count(UPDATE), 1);
    // What the entry offers: resend the code.
    press(&mut stage, "<tab><enter><down><tab><tab><enter>");
    stage.ended("WAITING", &["next: Enter here reviews: confirm the sign-up"]);
    let sent = stage.outbox().pop().unwrap();
    assert_eq!(sent.destination, "right@example.com");
    // And where the customer cannot enter it: confirm.
    press(&mut stage, "<tab><enter><tab><enter>");
    stage.ended("applied", &["confirmed: status CONFIRMED read back"]);
    assert_eq!(stage.emulator.user(CUSTOMERS, STUCK).unwrap().status, "CONFIRMED");
    assert_eq!(
        stage.stored(CUSTOMERS, STUCK, "email_verified").as_deref(),
        Some("false"),
        "verifies nothing"
    );
    assert_eq!(stage.intents().len(), 3, "one entry each");
    let pressed = pressed.get();
    assert!(pressed < 30, "{pressed} keys");
}

#[test]
fn the_outbox_is_there_in_the_demo_only_and_reads_again() {
    let mut stage = on(STUCK);
    stage.keys(":outbox<enter>");
    stage.shows("nobody has got a message so far");
    stage.keys("<esc>:resend-code<enter><down><tab><tab><enter>:outbox<enter>");
    stage.shows("Your verification code is");
    assert!(stage.hints().contains("r read again"), "{}", stage.hints());
    let body = serde_json::json!({"UserPoolId": CUSTOMERS, "Username": "mfa.totp"});
    let request = http::Request::post("/")
        .header(
            "x-amz-target",
            "AWSCognitoIdentityProviderService.AdminResetUserPassword",
        )
        .header("content-type", "application/x-amz-json-1.1")
        .body(bytes::Bytes::from(body.to_string()))
        .unwrap();
    assert_eq!(stage.emulator.answer(request).unwrap().status(), 200);
    stage.shows_not("password reset code");
    stage.keys("r");
    let screen = stage.screen();
    let (reset, sign_up) = (screen.find("password reset code"), screen.find("verification code"));
    assert!(reset.is_some() && reset < sign_up, "newest first:\n{screen}");
    stage.keys("q");
    stage.shows_not("Outbox:");
    assert_eq!(stage.open_user(), STUCK);
    let mut stage = setup(CUSTOMERS, STUCK).change(|settings| settings.demo = false).start();
    stage.keys(":outbox<enter>");
    stage.shows("no action of that name here");
}
